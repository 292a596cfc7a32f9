"""The rules as a list, one explained, and as a page of the guide."""

import json
import re

import pytest
from rich.cells import cell_len

from tobkit.check import RULES
from tobkit.check.registry import UNALTERABLE
from tobkit.messages import translator
from tobkit.model.config import CheckSection, LevelsSection
from tobkit.report.rules import explanation, explanation_json, reference, table, table_json

EN, ZH = translator("en"), translator("zh")
PLAIN = CheckSection()
OWN = CheckSection(
    disable=("TOB217", "TOB203"),
    severity={"TOB502": "error"},
    paths={"pool/old/**": LevelsSection(disable=("TOB502",))},
)


def row(text: str, code: str) -> list[str]:
    return re.split(r" {2,}", next(line for line in text.split("\n") if line.startswith(code)))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_list_has_every_rule_in_columns(language: str) -> None:
    lines = table(PLAIN, translator(language)).split("\n")[: len(RULES) + 1]
    assert [line[:6] for line in lines[1:]] == list(RULES)
    starts = {cell_len(line[: re.match(r"\S+ +\S+ +", line).end()]) for line in lines if line.startswith("TOB")}  # type: ignore[union-attr]
    assert len(starts) == 1


def test_the_list_shows_the_teams_severities() -> None:
    text = table(OWN, EN)
    assert row(text, "TOB502")[1] == "error"
    assert row(text, "TOB217")[1] == "off"
    assert row(text, "TOB203")[1] == "error*"
    assert row(table(PLAIN, EN), "TOB502")[1] == "warning"


def test_the_list_as_json() -> None:
    rules = {rule["code"]: rule for rule in json.loads(table_json(OWN, EN))["rules"]}
    assert list(rules) == list(RULES)
    assert rules["TOB502"] == {
        "code": "TOB502",
        "name": "promise without approval",
        "severity": "error",
        "default": "warning",
        "paths": {"pool/old/**": "off"},
        "alterable": True,
        "today_dependent": False,
    }
    assert rules["TOB217"]["severity"] == "off"
    assert rules["TOB203"]["severity"] == "error"
    assert not rules["TOB203"]["alterable"]


def test_an_explanation_says_all_there_is_to_say() -> None:
    text = explanation(RULES["TOB502"], OWN, EN)
    for part in ("TOB502  promise", "Why: ", "Bad:", "Good:", "How to fix: ", "Severity: warning"):
        assert part in text
    assert "Severity in tobkit.toml: error" in text
    assert "Severity for pool/old/**: off" in text
    assert "      requirement: REQ-00000a\n                   ^^^^^^^^^^\n" in text


def test_carets_stand_below_wide_characters() -> None:
    lines = explanation(RULES["TOB209"], PLAIN, EN).split("\n")
    at = next(number for number, line in enumerate(lines) if set(line.strip()) == {"^"})
    assert lines[at - 1].strip() == "status: 在用"
    assert cell_len(lines[at - 1]) == len(lines[at])


@pytest.mark.parametrize("code", RULES)
def test_every_rule_can_be_explained_in_both_languages(code: str) -> None:
    rule = RULES[code]
    for translator_ in (EN, ZH):
        text = explanation(rule, PLAIN, translator_)
        assert text.startswith(code)
        assert all(char.isprintable() or char == "\n" for char in text)
        assert ("*" in table(PLAIN, translator_)) == bool(UNALTERABLE)
        facts = json.loads(explanation_json(rule, PLAIN, translator_))
        assert facts["code"] == code
        assert facts["bad"]
        assert facts["good"]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_has_a_section_for_each_rule_that_the_list_links_to(language: str) -> None:
    page = reference(translator(language), "# Rules")
    headings = re.findall(r"^## (TOB\d{3})$", page, re.MULTILINE)
    assert headings == list(RULES)
    assert re.findall(r"^\| \[TOB\d{3}\]\(#(tob\d{3})\)", page, re.MULTILINE) == [code.lower() for code in RULES]
    assert page.count("```text") * 2 == page.count("```")
    assert "<U+" not in re.sub(r"```.*?```|`[^`]*`", "", page, flags=re.DOTALL)
