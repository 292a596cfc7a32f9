"""Findings as text, JSON and GitHub annotations; hostile texts stay texts in each."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tobkit.messages import Message, msg, translator
from tobkit.model.diagnostics import Diagnostic, Edit, Rule, Severity, Span
from tobkit.report.diagnostics import as_json, github, text, visible

RULE = Rule("TOB203", "not one of the allowed values")
EN, ZH = translator("en"), translator("zh")


def finding(
    message: str = "wrong",
    span: Span | None = None,
    path: str = "pool/notes/a.md",
    help: str = "mend it",
    severity: Severity = Severity.ERROR,
    fix: Edit | None = None,
) -> Diagnostic:
    return Diagnostic(RULE, path, span or Span(), msg("{m}", m=message), msg("{h}", h=help), severity, fix)


def shown(diagnostic: Diagnostic, line: str) -> list[str]:
    return text([diagnostic], EN, files=1, read_line=lambda path, number: line).split("\n")


# Text


def test_text_shows_place_line_caret_and_help() -> None:
    lines = shown(finding(span=Span(7, 9, 7, 12)), "status: 已接收")
    assert lines == [
        "pool/notes/a.md:7:9: error TOB203: wrong",
        "  7 | status: 已接收",
        "    |         ^^^^^^",
        "  help: mend it",
        "",
        "1 error, 0 warnings, 0 hints; 1 file checked.",
    ]


def test_the_caret_stands_under_the_finding_whatever_is_before_it() -> None:
    line = "标题：\t\u202e支持"
    lines = shown(finding(span=Span(12, 6, 12, 8)), line)
    source, caret = lines[1], lines[2]
    assert source == "  12 | 标题：→<U+202E>支持"
    assert cell_len(source[: source.index("支")]) == caret.index("^")
    assert caret.count("^") == 4


@pytest.mark.parametrize(
    "span", [Span(1, 5, 1, 5), Span(1, 400, 1, 401), Span(1, 6, 9, 2), Span(1, 10_000, 1, 10_001), Span(3, 5, 2, 1)]
)
def test_odd_spans_get_at_least_one_caret(span: Span) -> None:
    lines = shown(finding(span=span), "x" * 500)
    assert "^" in lines[2]
    assert all(cell_len(line) <= 120 for line in lines)


@given(st.text("ab支持，\t\u202e", max_size=400), st.integers(1, 420), st.integers(0, 50))
def test_a_line_of_any_length_shows_where_the_finding_is(line: str, column: int, length: int) -> None:
    lines = shown(finding(span=Span(2, column, 2, column + length)), line)
    source, caret = lines[1].removeprefix("  2 | "), lines[2].removeprefix("    | ")
    assert max(cell_len(source), cell_len(caret)) <= 101
    assert set(caret.strip(" ")) == {"^"}
    before = next(end for end in range(len(source) + 1) if cell_len(source[:end]) == caret.index("^"))
    assert source[before:].startswith(visible(line[column - 1 : column])[:1])


def test_findings_of_a_file_stand_together() -> None:
    found = [finding("one", path="a.md"), finding("two", path="a.md"), finding("three", path="b.md")]
    blocks = text(found, EN, files=9).split("\n\n")
    assert [block.count("TOB203") for block in blocks] == [2, 1, 0]


@pytest.mark.parametrize(
    ("severities", "seconds", "line"),
    [
        ([], None, "Nothing wrong: 3 files checked."),
        ([Severity.ERROR], 0.1234, "1 error, 0 warnings, 0 hints; 3 files checked in 0.12 s."),
        ([Severity.WARNING] * 2 + [Severity.INFO], None, "0 errors, 2 warnings, 1 hint; 3 files checked."),
    ],
)
def test_summary(severities: list[Severity], seconds: float | None, line: str) -> None:
    found = [finding(severity=severity) for severity in severities]
    assert text(found, EN, files=3, seconds=seconds).split("\n")[-1] == line


def test_colour_only_when_asked_for() -> None:
    assert "\x1b" not in text([finding()], EN, files=1)
    coloured = text([finding()], EN, files=1, colour=True)
    assert re.sub(r"\x1b\[\d+m", "", coloured) == text([finding()], EN, files=1)


HOSTILE = "\x1b]0;owned\x07\x1b[2J\r\n::error::x\u202eevil\x9b31m\u2028\udcff##[group]x ##vso[task.setvariable]y"


def test_nothing_hostile_reaches_a_terminal() -> None:
    hostile = finding(HOSTILE, Span(1, 2, 1, 4), path=f"pool/{HOSTILE}.md", help=HOSTILE)
    printed = text([hostile], EN, files=1, read_line=lambda path, number: HOSTILE)
    assert all(char.isprintable() for char in printed.replace("\n", ""))
    assert len(printed.split("\n")) == 6
    assert not any(line.strip().startswith("::") for line in printed.split("\n"))
    assert "##[" not in printed
    assert "##vso[" not in printed
    assert "<U+001B>]0;owned<U+0007>" in printed
    printed.encode("utf-8")


@given(st.text())
def test_visible_texts_are_printable_and_otherwise_unchanged(value: str) -> None:
    shown = visible(value)
    assert not re.search("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff]", shown)
    if value.isprintable() and "##" not in value:
        assert shown == value


def test_long_messages_are_cut() -> None:
    assert len(text([finding("x" * 1_000_000)], EN, files=1)) < 3000


# JSON


def test_json_is_the_contracts() -> None:
    fixable = finding("“已接收”", Span(7, 9, 7, 12), fix=Edit(Span(7, 9, 7, 12), "accepted"))
    printed = as_json([fixable, finding(severity=Severity.WARNING), finding(severity=Severity.INFO)], EN, files=5)
    document = json.loads(printed)
    assert document["diagnostics"][0] == {
        "code": "TOB203",
        "severity": "error",
        "path": "pool/notes/a.md",
        "line": 7,
        "column": 9,
        "end_line": 7,
        "end_column": 12,
        "message": "“已接收”",
        "help": "mend it",
        "fixable": True,
    }
    assert document["summary"] == {"files": 5, "errors": 1, "warnings": 1}
    assert [each["severity"] for each in document["diagnostics"]] == ["error", "warning", "info"]
    assert "已接收" in printed


def test_json_of_nothing() -> None:
    assert json.loads(as_json([], EN, files=0)) == {
        "diagnostics": [],
        "summary": {"files": 0, "errors": 0, "warnings": 0},
    }


@given(st.text())
def test_json_holds_any_text_and_no_hidden_character(value: str) -> None:
    printed = as_json([finding(value, help=value)], EN, files=1)
    assert json.loads(printed)["diagnostics"][0]["message"] == value
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff]", printed)


# GitHub


def test_github_annotations() -> None:
    found = [
        finding("a hint", Span(1, 1, 2, 3), severity=Severity.INFO),
        finding("wrong, 100%: see", Span(7, 9, 7, 12), path="pool/a,b:c%.md"),
    ]
    error, notice = github(found, EN, prefix="sub/pool-of-us/").split("\n")
    assert error.split("::") == [
        "",
        "error file=sub/pool-of-us/pool/a%2Cb%3Ac%25.md,line=7,endLine=7,col=9,endColumn=12,title=TOB203",
        "wrong, 100%25: see%0Amend it",
    ]
    assert notice == (
        "::notice file=sub/pool-of-us/pool/notes/a.md,line=1,endLine=2,col=1,title=TOB203::a hint%0Amend it"
    )


def test_github_without_help_and_prefix() -> None:
    assert github([finding(help="")], EN) == (
        "::error file=pool/notes/a.md,line=1,endLine=1,col=1,endColumn=1,title=TOB203::wrong"
    )
    assert github([], EN) == ""


@given(st.text(), st.text())
def test_no_text_becomes_a_command_of_its_own(message: str, path: str) -> None:
    for hostile in (message, f"x\n::set-env name=PATH::{message}\r\n::stop-commands::{message}"):
        printed = github([finding(hostile, path=path + hostile, help=hostile)], EN, prefix="p")
        assert len(printed.splitlines()) == 1
        level, properties, data = printed[2:].split(" ", 1)[0], *printed[2:].split(" ", 1)[1].split("::", 1)
        assert level == "error"
        assert properties.count(",") == 5
        assert not re.search("[\x00-\x1f]", data)


# Languages


def test_messages_are_in_the_users_language() -> None:
    found = Diagnostic.of(RULE, "a.md", None, Message("error"))
    translated = ZH("error")
    assert f": {translated} TOB203: {translated}" in text([found], ZH, files=1)
    assert json.loads(as_json([found], ZH, files=1))["diagnostics"][0]["severity"] == "error"
