"""What a rule's documentation says, taken apart: for `--explain`, for the rules reference and for the tests.

The texts are English in the source; their translations stand in the message catalogue, where `extract` puts them.
"""

import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from tobkit.check.registry import DOCUMENTED_BY, RULES
from tobkit.model.diagnostics import Rule


@dataclass
class Example:
    """A few files of a workspace, and where the finding is expected.

    A path below the pool (`requirements/…`) stands for the file's keys as far as they matter; one below the workspace
    (`pool/…`, `overlay/…`, `tobkit.toml`) for the whole file. In a whole file `<U+0009>` stands for the character with
    this code point, `<0xB7>` for a byte, `<99 times [>` for that text so many times; a file that holds only
    `<link to PATH>` or `<folder>` is such a one.

    A line of carets marks the part of the line above it where the finding is; without one it is the whole first file.
    """

    files: dict[str, list[str]] = field(default_factory=dict)
    marked: tuple[str, int, int, int] | None = None
    """Path, line within the example's file (1-based), first column, column after the last."""


@dataclass
class Documentation:
    """A rule's documentation: what holds, why, how to mend it, and examples."""

    what: str
    why: str
    fix: str
    bad: list[Example]
    good: list[Example]


_SECTION = re.compile(r"^(Why|Bad|Good|Fix):", re.MULTILINE)


@cache
def documentation(rule: Rule) -> Documentation:
    """The documentation of a rule."""
    source = DOCUMENTED_BY[rule]
    text = inspect.cleandoc(source) if isinstance(source, str) else inspect.getdoc(source) or ""
    what, *rest = _SECTION.split(text)
    sections = list(zip(rest[::2], rest[1::2], strict=True))

    def prose(name: str) -> str:
        return " ".join(" ".join(content.split()) for title, content in sections if title == name)

    def examples(name: str) -> list[Example]:
        return [example(content) for title, content in sections if title == name]

    return Documentation(" ".join(what.split()), prose("Why"), prose("Fix"), examples("Bad"), examples("Good"))


def example(text: str) -> Example:
    """An example: paths indented by four spaces, below each the lines of its file, indented by eight."""
    found = Example()
    path = ""
    for line in text.splitlines():
        if line[:4].isspace() and line[4:5].strip():
            path = line.strip()
            found.files[path] = []
        elif line.strip() and set(line.strip()) == {"^"}:
            start = len(line) - len(line.lstrip()) - 8
            found.marked = (path, len(found.files[path]), start + 1, start + 1 + len(line.strip()))
        elif path and line.strip():
            found.files[path].append(line[8:])
    return found


def texts(rule: Rule) -> Iterator[str]:
    """The texts of a rule that are translated."""
    found = documentation(rule)
    yield from (rule.name, found.what, found.why, found.fix)


def extract(*_: object, **_options: object) -> Iterator[tuple[int, None, str, list[str]]]:
    """Every rule's texts, for Babel (`[[tool.babel.mappings]]` in pyproject.toml names this function)."""
    for rule in RULES.values():
        for text in texts(rule):
            yield 1, None, text, []
