"""Words, stems, characters and pairs of characters; what is left out of a text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tobkit.dedupe.text import runs, tokens, written_runs


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Exporting invoices", ["export", "invoic"]),
        ("exports INVOICE", ["export", "invoic"]),
        ("对账单", ["对", "账", "单", "对账", "账单"]),
        ("导出Excel报表", ["导", "出", "导出", "excel", "报", "表", "报表"]),
        ("ＡＰＩ１２３", ["api123"]),  # full width
        ("user_name e-mail", ["user", "name", "e", "mail"]),
        ("2.49.5", ["2", "49", "5"]),
        ("naïve STRASSE", ["naïve", "strass"]),
        ("🎉 🔥", ["🎉", "🔥"]),
        ("done 🎉", ["done"]),
        ("", []),
        (" \n\t", []),
    ],
)
def test_tokens(text, expected):
    assert tokens(text) == expected


@pytest.mark.parametrize(
    "noise",
    [
        "https://example.com/a/b?c=d#e",
        "<!-- please fill in -->",
        "<!-- never closed",
        "<b class='x'></b>",
        "![](files/REQ-000001/shot.png)",
        "data:image/png;base64,iVBORw0KGgo=",
        "&nbsp;",
        "**",
        "```",
    ],
)
def test_markup_and_addresses_are_no_words(noise):
    assert runs(f"export {noise}") == ["export"]


def test_the_text_of_a_link_is_kept():
    assert runs("see [the contract](https://example.com/x.pdf) 及[合同](a.pdf)") == [
        "see",
        "the",
        "contract",
        "及",
        "合同",
    ]


def test_comparisons_are_no_tags():
    assert runs("a < b and c > d; 5<6") == ["a", "b", "and", "c", "d", "5", "6"]


def test_runs_keep_the_writing():
    assert [run.surface for run in written_runs("SAP 导出 Ｅxcel")] == ["SAP", "导出", "Excel"]


@given(st.text())
def test_any_text_has_tokens_of_visible_characters(text):
    found = tokens(text)
    assert all(token and not token.isspace() for token in found)
    assert tokens(text) == found
    written = [token for run in written_runs(text) for token in run.tokens]
    assert written in (found, [])  # without any word the symbols are the tokens


@pytest.mark.parametrize(
    "text", ["<" * 100_000, "](" * 50_000, "&" * 100_000, "http://" * 20_000, "<a" * 50_000, "x" * 1_000_000]
)
def test_long_nonsense_is_read_quickly(text):
    assert len(tokens(text)) < 200_000
