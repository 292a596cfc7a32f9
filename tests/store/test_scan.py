"""The quick reader of front matter and the full one never give different answers."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.store.helpers import FRONTS, changed
from tobkit.store.frontmatter import compose, scan, values_of

USUAL_FRONT = """\
id: REQ-7f3kq2
# a comment
title: 批量导出发票（月末）
date: "2026-03-05"
status: 'new'
customers:
  - acme
  - 华东商贸

tags: [print, excel]
links:
- https://example.com/a#b
owner:
"""


def agree(front: str) -> bool:
    """Whether the quick reader answers; where it does, the full one says the same and finds no fault."""
    quick = scan(front)
    if quick is None:
        return False
    root, problems = compose(front)
    assert not problems
    assert values_of(root) == quick
    return True


@settings(max_examples=400, deadline=None)
@given(FRONTS)
def test_agree_on_what_the_grammar_gives(front: str) -> None:
    agree(front)


@settings(max_examples=400, deadline=None)
@given(changed(st.one_of(st.just(USUAL_FRONT), FRONTS)))
def test_agree_on_changed_ones(front: str) -> None:
    agree(front)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=30))
def test_agree_on_any_text(front: str) -> None:
    agree(front)


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from("ab: -#[],'\"\n"), max_size=14))
def test_agree_on_short_ones_of_few_characters(front: str) -> None:
    agree(front)


def test_agree_on_keys_as_long_as_libyaml_takes_them() -> None:
    assert [length for length in range(990, 1040) if agree("k" * length + ": v\n")] == list(range(990, 1001))


def test_the_usual_form_is_read_quickly() -> None:
    assert agree(USUAL_FRONT)
    assert scan(USUAL_FRONT) == {
        "id": "REQ-7f3kq2",
        "title": "批量导出发票（月末）",
        "date": "2026-03-05",
        "status": "new",
        "customers": ["acme", "华东商贸"],
        "tags": ["print", "excel"],
        "links": ["https://example.com/a#b"],
        "owner": None,
    }


@pytest.mark.parametrize(
    "front",
    [
        "title: a # cut\n",
        "title: a: b\n",
        "title: a\n  b\n",
        "a: 1\na: 2\n",
        "a: &x b\n",
        "a: *x\n",
        "a: !!str b\n",
        "<<: b\n",
        "a: |\n  b\n",
        "a: [b, [c]]\n",
        "a: {b: c}\n",
        "a:\n  b: c\n",
        "a:\n  - b\n - c\n",
        "a: b\n  - c\n",
        "- a\n",
        "a:\tb\n",
        'a: "b\\n"\n',
        "a: 'it''s'\n",
        "a: null\n",
        "a: ~\n",
        "a: b\u2028c\n",
        "a: \ufeffb\n",
        "a:b\n",
        "a：b\n",
        "...\n",
        "--- a\n",
        "a: " + "b" * 20_000 + "\n",
    ],
)
def test_what_is_unusual_is_left_to_the_full_reader(front: str) -> None:
    assert scan(front) is None
