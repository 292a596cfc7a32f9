"""Patterns of files: what they match, where the id is, and how long a path may take."""

import re
import time
from fnmatch import fnmatchcase

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tobkit.model.patterns import Patterns, expression, number_in


@pytest.mark.parametrize(
    ("pattern", "path", "found"),
    [
        ("*.md", "a.md", ""),
        ("*.md", "a/b.md", None),
        ("*.md", "a.mdx", None),
        ("**/*.md", "a.md", ""),
        ("**/*.md", "a/b/c.md", ""),
        ("docs/**", "docs/a/b", ""),
        ("docs/**", "doc/a", None),
        ("a?.md", "a1.md", ""),
        ("a?.md", "a/.md", None),
        ("[0-9][!0-9].md", "1a.md", ""),
        ("[0-9][!0-9].md", "11.md", None),
        ("[ab].md", "[ab].md", None),
        ("[a b].md", "[a b].md", ""),
        ("a+(b).md", "a+(b).md", ""),
        ("CIP-{id}/README.md", "CIP-0001/README.md", "0001"),
        ("CIP-{id}/README.md", "CIP-/README.md", None),
        ("CIP-{id}/README.md", "CIP-1/x/README.md", None),
        ("{id}-*.md", "0001-a-b.md", "0001"),
        ("{id}-*.md", "a.md", None),
        ("*/{id}-*/README.md", "sig/12-a-b/README.md", "12"),
        ("**/{id}.md", "a/b/12.md", "12"),
        ("*-{id}.md", "a-b-c.md", "b-c"),
        ("{id}-a*.md", "x-b-a1.md", "x-b"),
        ("*a*b", "aXaYb", ""),
        ("*a*b", "bab", ""),
        ("*a*b", "ba", None),
        ("*ab*b.md", "abab.md", ""),
        ("{id}.md", "合同.md", "合同"),
    ],
)
def test_matches(pattern: str, path: str, found: str | None) -> None:
    match = Patterns([pattern]).match(path)
    assert (match is None) == (found is None)
    assert match is None or (match.groupdict().get("id") or "") == found


def test_exclusions() -> None:
    patterns = Patterns(["!0000-*", "{id}-*.md", "!**/draft/**"])
    assert patterns.match("0001-a.md")
    assert not patterns.match("0000-a.md")
    only = Patterns(["!draft/**"])
    assert only.match("a/b.md")
    assert not only.match("draft/b.md")
    assert not only.match("a.txt")


@given(st.text("ab*?.", max_size=8), st.text("ab.", max_size=10))
@example("*a*b", "aab")
@example("*ab*", "aab")
def test_stars_mean_what_they_mean_elsewhere(pattern: str, name: str) -> None:
    pattern = re.sub(r"\*+", "*", pattern)
    assert (expression(pattern).fullmatch(name) is not None) == fnmatchcase(name, pattern)


@pytest.mark.parametrize("pattern", ["*a" * 60 + "b", "**/**/" + "*a" * 50, "{id}" + "a*" * 60 + "b", "**/*a*a*a**/b"])
def test_no_path_takes_long(pattern: str) -> None:
    found = Patterns([pattern])
    began = time.perf_counter()
    for path in ("a" * 250, "a/" * 250 + "c", "/".join(["a" * 200] * 8)):
        found.match(path)
    assert time.perf_counter() - began < 1


@given(
    st.sampled_from(["CIP-{id}/README.md", "{id}-*.md", "*/{id}-*/README.md", "**/{id}.md", "eip-{id}.md"]),
    st.text("abc019", min_size=1, max_size=6),
    st.text("abc-", max_size=6),
)
def test_a_path_made_up_fits_and_holds_the_id(pattern: str, entry_id: str, text: str) -> None:
    patterns = Patterns([pattern])
    path = patterns.path_for(entry_id, text)
    assert path is not None
    match = patterns.match(path)
    assert match is not None
    assert match["id"] == entry_id


def test_none_can_be_made_up() -> None:
    assert Patterns(["[0-9].md"]).path_for("1", "a") is None
    assert Patterns(["{id}.md"]).path_for("a/b", "a") is None
    assert Patterns(["!a.md"]).path_for("a", "a") is None


@pytest.mark.parametrize(
    ("ref", "number"),
    [
        *(("121", "121"), ("0121", "121"), ("CIP-0121", "121"), ("#121", "121"), ("EIP 20", "20"), ("0", "0")),
        *(("000", "0"), ("", ""), ("a", ""), ("1-a", ""), ("REQ-7f3kq2", ""), ("-1", ""), ("１２", "")),
    ],
)
def test_numbers(ref: str, number: str) -> None:
    assert number_in(ref) == number
