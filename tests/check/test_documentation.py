"""Every rule is documented in both languages, and what its examples say is so, through the real loader."""

import re
from datetime import date
from pathlib import Path

import pytest

from tests.check.helpers import SOUND, file_text
from tobkit.check import RULES, check
from tobkit.check.documentation import Example, documentation, extract, texts
from tobkit.check.registry import CHECKERS, DOCUMENTED_BY
from tobkit.messages import translator
from tobkit.model.diagnostics import Diagnostic, Rule, Span
from tobkit.store.load import load
from tobkit.store.overlay import overlaid
from tobkit.store.workspace import open_workspace

TODAY = date(2026, 7, 1)
OF_FILES = [rule for rule in RULES.values() if rule not in CHECKERS]
"""The rules whose examples aren't those of a checker (tests/check/test_examples.py has these)."""

HELD = re.compile(r"<(?:U\+(?P<point>[0-9A-F]{4,6})|0x(?P<byte>[0-9A-F]{2})|(?P<times>\d+) times (?P<text>[^>]+))>")
LINK = re.compile(r"<link to (?P<target>.+)>")


def meant(line: str) -> bytes:
    """A line of an example as it stands in the file: with the characters and bytes that it only names."""
    found, last = b"", 0
    for part in HELD.finditer(line):
        found += line[last : part.start()].encode()
        if part["point"]:
            found += chr(int(part["point"], 16)).encode()
        elif part["byte"]:
            found += bytes([int(part["byte"], 16)])
        else:
            found += part["text"].encode() * int(part["times"])
        last = part.end()
    return found + line[last:].encode()


def write(folder: Path, example: Example) -> None:
    """The workspace of an example, which has the sound entries besides."""
    (folder / "tobkit.toml").write_text("", encoding="utf-8")
    for path, lines in SOUND.items():
        if not {path, f"pool/{path}"} & example.files.keys():
            place(folder / "pool" / path).write_text(file_text(path, lines), encoding="utf-8")
    for path, lines in example.files.items():
        if not is_whole(path):
            place(folder / "pool" / path).write_text(file_text(path, lines), encoding="utf-8")
        elif lines == ["<folder>"]:
            (folder / path).mkdir(parents=True)
        elif link := LINK.fullmatch(lines[0]):
            place(folder / path).symlink_to(link["target"])
        else:
            place(folder / path).write_bytes(b"\n".join(map(meant, lines)) + b"\n")


def is_whole(path: str) -> bool:
    return path.startswith(("pool/", "overlay/", "tobkit.toml"))


def place(file: Path) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    return file


def findings(folder: Path, example: Example) -> list[Diagnostic]:
    write(folder, example)
    loaded = load(open_workspace(folder))
    if (folder / "overlay").exists():
        loaded = overlaid(loaded, folder / "overlay")
    return check(loaded.pool, loaded.diagnostics, today=TODAY)


def marked(folder: Path, example: Example) -> tuple[str, Span]:
    """The file and the place that an example's carets mark."""
    if example.marked is None:
        path = next(iter(example.files))
        return (path.rstrip("/") if is_whole(path) else f"pool/{path}"), Span(1, 1, 1, 1)
    path, number, start, end = example.marked
    line = example.files[path][number - 1]
    column = len(meant(line[: start - 1]).decode()) + 1
    if not is_whole(path):
        written = (folder / "pool" / path).read_text(encoding="utf-8").split("\n")
        number = written.index(line) + 1
        path = f"pool/{path}"
    width = len(meant(line[start - 1 : end - 1]).decode("utf-8", "replace"))
    return path, Span(number, column, number, column + width)


BAD = [
    pytest.param(rule, example, id=f"{rule.code}-{n}")
    for rule in OF_FILES
    for n, example in enumerate(documentation(rule).bad)
]
GOOD = [
    pytest.param(rule, example, id=f"{rule.code}-{n}")
    for rule in OF_FILES
    for n, example in enumerate(documentation(rule).good)
]


@pytest.mark.parametrize(("rule", "example"), BAD)
def test_a_bad_example_fires_where_it_is_marked(rule: Rule, example: Example, tmp_path: Path) -> None:
    fired = [found for found in findings(tmp_path, example) if found.rule == rule]
    places = [(found.path, found.span) for found in fired]
    assert marked(tmp_path, example) in places
    assert all(found.severity == rule.severity and str(found.message) and str(found.help) for found in fired)


@pytest.mark.parametrize(("rule", "example"), GOOD)
def test_a_good_example_does_not_fire(rule: Rule, example: Example, tmp_path: Path) -> None:
    assert [str(found.message) for found in findings(tmp_path, example) if found.rule == rule] == []


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.code)
def test_every_rule_says_what_why_and_how_to_mend_it(rule: Rule) -> None:
    found = documentation(rule)
    assert found.what
    assert found.why
    assert found.fix
    assert found.bad
    assert found.good
    assert all(example.files and all(example.files.values()) for example in (*found.bad, *found.good))
    assert rule.name[0].islower() or not rule.name[0].isalpha() or rule.name.startswith("UTF-8")


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.code)
def test_every_rule_is_documented_in_chinese(rule: Rule) -> None:
    chinese = translator("zh")
    for text in texts(rule):
        assert re.search("[\u4e00-\u9fff]", chinese(text)), f"{rule.code} has no Chinese for: {text}"


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.code)
def test_translations_keep_what_is_code(rule: Rule) -> None:
    """What stands in code marks is typed as it is, in any language."""
    chinese = translator("zh")
    for text in texts(rule):
        assert sorted(re.findall("`[^`]+`", text)) == sorted(re.findall("`[^`]+`", chinese(text))), rule.code


def test_babel_finds_every_text_once_more() -> None:
    found = {text for _line, _function, text, _comments in extract()}
    assert found == {text for rule in DOCUMENTED_BY for text in texts(rule)}
    assert "" not in found
