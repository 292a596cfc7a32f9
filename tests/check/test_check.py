"""The one check: what it returns, in which order, and what a team's settings do to it."""

import importlib
import pkgutil
from datetime import date
from pathlib import Path

import pytest

import tobkit.store
from tests.check.helpers import CONFIG, TODAY, codes, findings, workspace
from tobkit.check import RULES, check, unsound
from tobkit.check.registry import CHECKERS, DOCUMENTED_BY, LOADER_RULES, UNALTERABLE
from tobkit.model.diagnostics import Rule, Severity
from tobkit.store.load import load
from tobkit.store.workspace import open_workspace

TWO_FAULTS = {
    "requirements/REQ-00000a.md": ["module: nowhere", "status: finished"],
    "customers/northwind.md": ["status: churned"],
}


def with_check(settings: str) -> str:
    return CONFIG + "\n[check]\n" + settings


def test_all_findings_come_at_once_and_in_order(tmp_path: Path) -> None:
    found = findings(tmp_path, TWO_FAULTS)
    assert [(each.path, each.span.line, each.code) for each in found] == [
        ("pool/customers/northwind.md", 2, "TOB501"),
        ("pool/requirements/REQ-00000a.md", 2, "TOB301"),
        ("pool/requirements/REQ-00000a.md", 3, "TOB203"),
    ]


def test_the_loaders_findings_are_not_doubled(tmp_path: Path) -> None:
    loaded = load(open_workspace(workspace(tmp_path, TWO_FAULTS)))
    twice = [*loaded.diagnostics, *loaded.diagnostics]
    assert check(loaded.pool, twice, today=TODAY) == check(loaded.pool, loaded.diagnostics, today=TODAY)


def test_the_order_of_what_the_loader_found_does_not_matter(tmp_path: Path) -> None:
    loaded = load(open_workspace(workspace(tmp_path, TWO_FAULTS)))
    backwards = loaded.diagnostics[::-1]
    assert check(loaded.pool, backwards, today=TODAY) == check(loaded.pool, loaded.diagnostics, today=TODAY)


def test_a_rule_can_be_disabled(tmp_path: Path) -> None:
    found = findings(tmp_path, TWO_FAULTS, with_check('disable = ["TOB501", "TOB301"]'))
    assert codes(found) == ["TOB203"]


def test_severities_are_the_teams(tmp_path: Path) -> None:
    found = findings(tmp_path, TWO_FAULTS, with_check('severity = { TOB501 = "error", TOB301 = "info" }'))
    assert [(each.code, each.severity) for each in found] == [
        ("TOB501", Severity.ERROR),
        ("TOB301", Severity.INFO),
        ("TOB203", Severity.ERROR),
    ]


@pytest.mark.parametrize("setting", ['disable = ["TOB203"]', 'severity = { TOB203 = "info" }'])
def test_what_makes_an_entry_unusable_stays_an_error(setting: str, tmp_path: Path) -> None:
    found = findings(tmp_path, TWO_FAULTS, with_check(setting))
    assert "TOB203" in codes(found)
    assert "pool/requirements/REQ-00000a.md" in unsound(found)
    assert [each.path for each in found if each.code == "TOB199"] == ["tobkit.toml"]


def test_an_unknown_code_is_pointed_out(tmp_path: Path) -> None:
    found = findings(tmp_path, {}, with_check('disable = ["TOB9999", "TOB51"]'))
    assert codes(found) == ["TOB199", "TOB199"]
    assert "TOB9999" in str(found[0].message)
    assert "Did you mean TOB501?" in str(found[1].help)


def test_only_errors_of_the_first_three_hundreds_stop_a_build(tmp_path: Path) -> None:
    found = findings(tmp_path, TWO_FAULTS, with_check('severity = { TOB501 = "error" }'))
    assert unsound(found) == {"pool/requirements/REQ-00000a.md"}


def test_codes_are_unique_and_in_order() -> None:
    assert len(RULES) == len(DOCUMENTED_BY)
    assert list(RULES) == sorted(RULES)
    assert list(CHECKERS) == sorted(CHECKERS, key=lambda rule: rule.code)
    assert all(len(code) == 6 and code.startswith("TOB") and code[3:].isdigit() for code in RULES)


def test_every_rule_of_the_loader_is_registered() -> None:
    declared = {
        value
        for module in pkgutil.iter_modules(tobkit.store.__path__, "tobkit.store.")
        for value in vars(importlib.import_module(module.name)).values()
        if isinstance(value, Rule)
    }
    assert declared == set(LOADER_RULES)


def test_what_depends_on_the_day_is_at_most_a_warning() -> None:
    assert {rule.code for rule in RULES.values() if rule.today_dependent} == {"TOB215", "TOB503"}
    assert all(rule.severity < Severity.ERROR for rule in RULES.values() if rule.today_dependent)
    assert not any(rule.today_dependent for rule in UNALTERABLE)


def test_only_rules_that_say_so_depend_on_the_day(tmp_path: Path) -> None:
    files = TWO_FAULTS | {"promises/PRM-00000a.md": ["due: 2026-08-01"], "notes/NOTE-00000a.md": ["date: 2026-07-15"]}
    loaded = load(open_workspace(workspace(tmp_path, files)))
    early, late = (
        {(each.code, each.path) for each in check(loaded.pool, loaded.diagnostics, today=today)}
        for today in (date(2020, 1, 1), date(2040, 1, 1))
    )
    assert {code for code, _ in early ^ late} == {"TOB215", "TOB503"}


def test_partial_entries_are_judged_for_their_other_faults(tmp_path: Path) -> None:
    for folder in (
        "requirements",
        "notes",
        "customers",
        "modules",
        "promises",
        "incidents",
        "organisations",
        "exchanges",
    ):
        prefix = {
            "requirements": "REQ-",
            "notes": "NOTE-",
            "promises": "PRM-",
            "incidents": "INC-",
            "exchanges": "XCH-",
        }
        name = f"{prefix.get(folder, '')}00000e"
        path = tmp_path / "pool" / folder / f"{name}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"---\nid: {name}\n---\n", encoding="utf-8")
    found = findings(tmp_path, {"requirements/REQ-00000a.md": ["date: never", "status: maybe", "module: nowhere"]})
    assert {each.code for each in found if each.path == "pool/requirements/REQ-00000a.md"} == {
        "TOB203",
        "TOB204",
        "TOB301",
    }
    assert {each.path.split("/")[1] for each in found if each.code == "TOB201"} == {
        "requirements", "notes", "customers", "modules", "promises", "incidents", "organisations", "exchanges",
    }  # fmt: skip
