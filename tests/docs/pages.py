"""Pages of the docs as data: headings, links, tables, blocks."""

import re
import unicodedata
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = ("en", "zh")

_BLOCK = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_HEADING = re.compile(r"^(#+) +(.+?) *$", re.MULTILINE)
_LINK = re.compile(r"!?\[(?:[^\[\]]|\[[^\]]*\])*\]\(([^()\s]+)\)")
_CODE = re.compile(r"`[^`\n]+`")
_ROW = re.compile(r"^\|(.+)\|$", re.MULTILINE)


class Page:
    """A page, by its path below the repository."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.file = ROOT / path
        self.text = self.file.read_text(encoding="utf-8")

    @cached_property
    def prose(self) -> str:
        """The text without blocks and comments."""
        return _COMMENT.sub("", _BLOCK.sub("", self.text))

    @cached_property
    def headings(self) -> list[tuple[int, str]]:
        return [(len(marks), text) for marks, text in _HEADING.findall(self.prose)]

    @cached_property
    def anchors(self) -> set[str]:
        """What `#…` can lead to, as code hosts name headings."""
        found: set[str] = set()
        for _, text in self.headings:
            name, number = anchor(text), 0
            while name in found:
                number += 1
                name = f"{anchor(text)}-{number}"
            found.add(name)
        return found

    @cached_property
    def links(self) -> list[str]:
        return _LINK.findall(_CODE.sub("`", self.prose))

    def blocks(self, language: str) -> list[str]:
        return re.findall(rf"^```{language}\n(.*?)^```$", self.text, re.MULTILINE | re.DOTALL)

    def section(self, heading: str) -> str:
        """What stands below the heading that begins with this text, down to the next one of its level."""
        for found in _HEADING.finditer(self.text):
            if found[2].startswith(heading):
                rest = self.text[found.end() :]
                end = re.search(rf"^#{{1,{len(found[1])}}} ", rest, re.MULTILINE)
                return rest[: end.start()] if end else rest
        raise AssertionError(f"{self.path} has no heading “{heading}”")


def anchor(heading: str) -> str:
    """A heading's anchor, as GitHub makes it."""
    text = heading.replace("`", "").strip().lower()
    kept = (char for char in text if char in "-_ " or unicodedata.category(char)[0] in "LNM")
    return "".join(kept).replace(" ", "-")


def rows(text: str) -> list[list[str]]:
    """The cells of all tables in a text, without heads and rules."""
    lines = [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)] for line in _ROW.findall(text)]
    rules = [number for number, cells in enumerate(lines) if all(set(cell) <= set("-: ") for cell in cells)]
    heads = {number for rule in rules for number in (rule, rule - 1)}
    return [cells for number, cells in enumerate(lines) if number not in heads]


def codes(cell: str) -> list[str]:
    """What stands in code marks in a cell."""
    return re.findall(r"`([^`]+)`", cell)


GUIDE = {language: sorted(path.name for path in (ROOT / "docs" / language).glob("*.md")) for language in LANGUAGES}
PAGES = [
    *("README.md", "README.zh-CN.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "bench/README.md"),
    *(path.relative_to(ROOT).as_posix() for path in sorted((ROOT / "docs").rglob("*.md"))),
]
