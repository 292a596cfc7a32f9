"""The comment of a pull request: short enough, and nothing in the pool can act through it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.compare.conftest import compared
from tests.rank.entries import TODAY, customer, note, req
from tobkit.compare import Comparison
from tobkit.messages import translator
from tobkit.rank import rank
from tobkit.report import comparison as report
from tobkit.report import markdown as md

EN, ZH = translator("en"), translator("zh")


def shown(found: Comparison) -> report.Shown:
    return report.Shown(found, rank(found.new, TODAY), "c0ffee" * 6 + "abcd", None, "main")


def test_a_large_change_stays_short_enough_and_is_folded() -> None:
    old = [customer("acme"), *(req(f"{number:05d}", title="t" * 300) for number in range(1500))]
    new = [
        customer("acme"),
        *(req(f"{number:05d}", "acme", title="u" * 300, status="accepted") for number in range(1500)),
    ]
    found = shown(compared(old, new))
    comment = report.comment(found, EN)
    assert len(comment) <= md.MOST < 65_536
    assert comment.count("<details>") == comment.count("</details>") > 1
    assert "`tobkit diff` lists them all" in comment


def test_nothing_changed_is_said() -> None:
    found = shown(compared([req("a")], [req("a")]))
    assert "Nothing in the pool." in report.comment(found, EN)
    assert "需求池没有变化" in report.comment(found, ZH)


HOSTILE = [
    "@everyone look",
    "closes #12",
    "fixes GH-7 and octo/repo#9",
    "see https://example.com/a/b/issues/1 www.example.com",
    '!7 %3 ~bug ~"a b" &5 $9 ^alert',
    "a | b | c",
    "<script>alert(1)</script><img src=x onerror=y>",
    "</details></table>",
    "![x](http://evil) [link](javascript:alert(1))",
    "`code` **bold** __x__ *y*",
    "line\nbreak\r\n/close\n\n# Heading",
    "<!-- tobkit diff -->",
    "$\\frac{1}{2}$ $$x$$",
    "\u202etxt\u202c\u0000\u200b",
    "trailing backslash \\",
    "&lt;b&gt; &#64;name",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_texts_of_the_pool_are_harmless(text: str) -> None:
    old = [customer("acme"), req("a", "acme", title="x"), req("b", "acme")]
    new = [
        customer("acme").model_copy(update={"name": text}),
        req("a", title=text, status="parked", reason=text),
        req("b", "acme", owner=text, body=text),
        note("n", "acme", "b", body=text),
    ]
    comment = report.comment(shown(compared(old, new)), EN)
    check_harmless(comment)


def check_harmless(comment: str) -> None:
    prose = re.sub(r"`[^`\n]*`", "", re.sub(r"\\.", " ", comment))  # code and escaped marks mean nothing
    assert not re.search(r"@\w", prose)
    assert not re.search(r"(?<!&)#\w", prose.replace("#### ", "").replace("### ", ""))
    assert not re.search(r"\bGH-\d|://|www\.", prose)
    assert not re.search(r"[!%~^][\w\"]|(?<!\w)\$\w", prose)
    tags = set(re.findall(r"<[^>]*>", prose))
    assert tags <= {
        "<!-- tobkit diff -->",
        "<details>",
        "</details>",
        "<summary>",
        "</summary>",
        "<br>",
        "<sub>",
        "</sub>",
    }
    assert comment.count("<!--") == 1
    for line in comment.splitlines():
        assert not line.startswith("/")
        cells = re.split(r"(?<!\\)\|", line)
        if line.startswith("|"):
            width = len(cells)
            assert line.endswith("|")
            assert width >= 4
    assert all(char >= " " or char == "\n" for char in comment)
    assert "\u202e" not in comment


def test_a_table_keeps_its_columns_whatever_the_texts_hold() -> None:
    rows = [("REQ-a", md.plain("a | b \\"), md.code("tobkit set x 'reason=a|b`c'"))]
    head, rule, row = md.table(["ID", "What", "Do"], rows)
    assert head.count("|") == rule.count("|") == 4
    assert len(re.findall(r"(?<!\\)(?:\\\\)*\|", row)) == 4


@given(st.text(max_size=200))
def test_any_text_is_one_line_of_harmless_markdown(text: str) -> None:
    found = md.plain(text)
    assert "\n" not in found
    assert "<" not in found
    assert ">" not in found
    assert not re.search(r"@\w", found)
    assert not re.search(r"(?<!&)#\w", found)
    bare = re.sub(r"\\.", "", found)
    assert not re.search(r"[\\`*_\[\]|]", bare)


@given(st.text(alphabet="`|a \\'", max_size=30))
def test_code_is_closed_by_its_own_marks(text: str) -> None:
    found = md.code(text)
    marks = re.match(r"`+", found)
    assert marks
    inner = found[len(marks[0]) : -len(marks[0])]
    assert found.endswith(marks[0])
    assert max((len(run) for run in re.findall("`+", inner)), default=0) < len(marks[0])
