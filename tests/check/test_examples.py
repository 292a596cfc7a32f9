"""A rule's examples are its tests: each bad one fires where its carets are, the good ones don't fire."""

from pathlib import Path

import pytest

from tests.check.helpers import decoded, findings
from tobkit.check.documentation import Documentation, Example, documentation
from tobkit.check.registry import CHECKERS
from tobkit.model.diagnostics import Rule, Span

RULES = list(CHECKERS)
BAD = [
    pytest.param(rule, example, id=f"{rule.code}-{n}")
    for rule in RULES
    for n, example in enumerate(documentation(rule).bad)
]
GOOD = [
    pytest.param(rule, example, id=f"{rule.code}-{n}")
    for rule in RULES
    for n, example in enumerate(documentation(rule).good)
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_every_rule_is_documented(rule: Rule) -> None:
    found = documentation(rule)
    assert isinstance(found, Documentation)
    assert found.what
    assert found.why
    assert found.fix
    assert found.bad
    assert found.good


@pytest.mark.parametrize(("rule", "example"), BAD)
def test_bad_example_fires_where_it_is_marked(rule: Rule, example: Example, tmp_path: Path) -> None:
    fired = [found for found in findings(tmp_path, example.files) if found.rule == rule]
    assert marked(tmp_path, example) in [(found.path, found.span) for found in fired]
    assert all(found.severity == rule.severity for found in fired)
    assert all(str(found.message) and str(found.help) for found in fired)


def marked(folder: Path, example: Example) -> tuple[str, Span]:
    """The file and the place that an example's carets mark, in the files as they were written."""
    if example.marked is None:
        return in_pool(next(iter(example.files))), Span(1, 1, 1, 1)
    path, number, start, end = example.marked
    if path.startswith("pool/"):
        line = example.files[path][number - 1]
        return path, Span(number, len(decoded(line[: start - 1])) + 1, number, len(decoded(line[: end - 1])) + 1)
    lines = (folder / "pool" / path).read_text(encoding="utf-8").split("\n")
    text = example.files[path][number - 1]
    repeated = example.files[path][:number].count(text)
    there = [place for place, content in enumerate(lines, 1) if content == text][repeated - 1]
    return f"pool/{path}", Span(there, start, there, end)


def in_pool(path: str) -> str:
    return path if path.startswith("pool/") else f"pool/{path}"


@pytest.mark.parametrize(("rule", "example"), GOOD)
def test_good_example_does_not_fire(rule: Rule, example: Example, tmp_path: Path) -> None:
    assert [str(found.message) for found in findings(tmp_path, example.files) if found.rule == rule] == []


def test_the_sound_pool_of_these_tests_has_no_findings(tmp_path: Path) -> None:
    assert [str(found.message) for found in findings(tmp_path, {})] == []
