"""A team's own fields: what they take, what they refuse, and what `tobkit.toml` may say of them."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.schema.conftest import Tobkit, codes, config_faults, entry, opened, write

BASE = "id: REQ-00000a\ntitle: Export\ndate: 2026-03-05\nstatus: new\n"
PATH = "pool/requirements/REQ-00000a.md"


def read(root: Path, config: str, lines: str, base: str = BASE) -> tuple[Any, list[str]]:
    found = opened(root, config, {PATH: entry(base + lines)})
    return found.entries[0], codes(found)


# What they take


@pytest.mark.parametrize(
    ("section", "line", "value"),
    [
        ("", "x: 1.10", "1.10"),
        ('type = "integer"', "x: 12", 12),
        ('type = "integer"\nminimum = 1\nmaximum = 3', "x: 3", 3),
        ('type = "integer"\nminimum = 0.5', "x: 1", 1),
        ('type = "integer"\nminimum = 99999999999999999999', "x: 100000000000000000000", 10**20),
        ('type = "number"\nminimum = -1.5', "x: -1.5", -1.5),
        ('type = "boolean"', "x: yes", True),
        ('type = "date"', "x: 2026-03-05", date(2026, 3, 5)),
        ('type = "list"', "x: [a, b]", ("a", "b")),
        ('type = "list"\nseparator = ","', "x: a, b,", ("a", "b")),
        ('type = "list"\nseparator = " "', "x: a  b", ("a", "b")),
        ('type = "list"\nseparator = ","', "x: [a]", ("a",)),
        ('type = "list"\nchoices = ["a", "b"]', "x: [b, a]", ("b", "a")),
        ('type = "list"\npattern = "^[a-z]$"', "x: [b, a]", ("b", "a")),
        ('choices = ["2026", "true"]', "x: 2026", "2026"),
        ('pattern = "^HT-[0-9]+$"', "x: HT-12", "HT-12"),
        ('type = "any"', "x: one", "one"),
        ('type = "any"', "x: [a, b]", "a, b"),
        ('type = "any"', "x:\n  name: Ann\n  urls: [c, {d: e}]", "name: Ann, urls: [c, {d: e}]"),
        ('type = "any"', "x: []", None),
    ],
)
def test_values(tmp_path: Path, section: str, line: str, value: Any) -> None:
    found, problems = read(tmp_path, f"[fields.requirement.x]\n{section}\n", line)
    assert found.x == value
    assert type(found.x) is type(value)
    assert not problems


@pytest.mark.parametrize(
    ("section", "line", "code"),
    [
        ('type = "integer"', "x: 1.5", "TOB205"),
        ('type = "integer"\nmaximum = 2.5', "x: 3", "TOB205"),
        ('type = "integer"\nminimum = 1', "x: 0", "TOB205"),
        ('type = "number"', "x: many", "TOB205"),
        ('type = "boolean"', "x: perhaps", "TOB211"),
        ('type = "date"', "x: soon", "TOB204"),
        ('type = "list"\nchoices = ["a", "b"]', "x: [c]", "TOB203"),
        ('type = "list"\npattern = "^[a-z]$"', "x: [b, A]", "TOB221"),
        ('choices = ["a"]', "x: c", "TOB203"),
        ('pattern = "^HT-"', "x: AB", "TOB221"),
        ("required = true", "", "TOB201"),
        ('type = "list"\nrequired = true', "", "TOB201"),
        ('type = "list"\nrequired = true', "x: []", "TOB201"),
        ('type = "any"\nrequired = true', "x: []", "TOB201"),
        ('type = "text"', "x: [a]", "TOB202"),
        ('type = "list"', "x:\n  a: b", "TOB202"),
    ],
)
def test_faults(tmp_path: Path, section: str, line: str, code: str) -> None:
    found, problems = read(tmp_path, f"[fields.requirement.x]\n{section}\n", line)
    assert problems == [code]
    assert not found.x


def test_choices_are_read_by_their_labels(tmp_path: Path) -> None:
    config = """
[fields.requirement.risk]
choices = { low = { zh = "低风险", en = "Low risk" }, high = { zh = "高风险" } }
label = { zh = "风险", en = "Risk" }
"""
    for line in ("风险: 高风险", "Risk: HIGH", "risk: 高风险"):
        found, problems = read(tmp_path, config, line)
        assert found.risk == "high"
        assert set(problems) <= {"TOB208", "TOB209"}
    assert read(tmp_path, config, "risk: low risk")[0].risk == "low"


def test_names_in_chinese(tmp_path: Path, tobkit: Tobkit) -> None:
    config = '[fields.requirement."合同号"]\npattern = "^HT-"\n'
    found, problems = read(tmp_path, config, "合同号: HT-1")
    assert (found.合同号, problems) == ("HT-1", [])
    assert tobkit("set", "REQ-00000a", "合同号=HT-2").code == 0
    assert "合同号: HT-2\n" in (tmp_path / PATH).read_text(encoding="utf-8")
    assert tobkit("set", "REQ-00000a", "合同号=XY").code == 1


def test_required_only_in_a_teams_own_status(tmp_path: Path, tobkit: Tobkit) -> None:
    config = """
[workflow.statuses.scoping]
stands_for = "triaged"
[fields.requirement.sponsor]
required = ["scoping", "delivered"]
"""
    write(tmp_path, {"tobkit.toml": config, "pool/modules/m.md": entry("id: m\nname: M\nstatus: live")})
    for status, asked in (("new", False), ("triaged", False), ("scoping", True)):
        write(
            tmp_path, {PATH: entry(BASE.replace("new", status) + "module: m\nowner: lilei", "Long enough to be read.")}
        )
        found = json.loads(tobkit("check", "--format", "json").out)["diagnostics"]
        assert [(each["code"], each["line"]) for each in found if "sponsor" in each["message"]] == (
            [("TOB212", 5)] if asked else []
        )


def test_unique_is_told_at_the_later_one(tmp_path: Path, tobkit: Tobkit) -> None:
    line = "contract_no: HT-1"
    other = "pool/requirements/REQ-00000b.md"
    write(
        tmp_path,
        {
            "tobkit.toml": "[fields.requirement.contract_no]\nunique = true\n",
            PATH: entry(BASE + line, "Long enough to be read by someone."),
            other: entry(BASE.replace("0a", "0b") + line, "Long enough to be read by someone."),
        },
    )
    (found,) = json.loads(tobkit("check", "--format", "json").out)["diagnostics"]
    assert (found["code"], found["path"], found["line"], found["column"]) == ("TOB309", other, 6, 14)


def test_references_of_own_lists_and_aliases(tmp_path: Path) -> None:
    config = '[fields.requirement.asked_by]\ntype = "list"\nkind = "customer"\n'
    acme = entry("id: acme\nname: Acme\ntier: ka\nstatus: active\naliases: [ACME Inc]")
    found = opened(tmp_path, config, {PATH: entry(BASE + "asked_by: [ACME Inc]"), "pool/customers/acme.md": acme})
    (requirement,) = found.pool.requirements.values()
    assert requirement.asked_by == ("acme",)  # type: ignore[attr-defined]
    assert [(link.entry.id, link.field) for link in found.pool.backlinks["customer", "acme"]] == [
        ("REQ-00000a", "asked_by")
    ]


def test_defaults_for_new(tmp_path: Path, tobkit: Tobkit) -> None:
    config = """
[fields.requirement]
severity = { type = "integer", default = 3, minimum = 1 }
due = { type = "date", default = 2026-12-31 }
teams = { type = "list", choices = ["a", "b"], default = ["b", "a"] }
urgent = { type = "boolean", default = false }
content = { default = "x" }
"""
    write(tmp_path, {"tobkit.toml": config})
    result = tobkit("new", "requirement", "Export")
    assert result.code == 0, result.err
    text = (tmp_path / result.out.strip()).read_text(encoding="utf-8")
    for line in ("severity: 3\n", "due: 2026-12-31\n", "teams:\n  - b\n  - a\n", "urgent: false\n", "content: x\n"):
        assert line in text
    assert tobkit("check").code == 0


def test_pairs_in_lists_are_text(tmp_path: Path, tobkit: Tobkit) -> None:
    config = '[fields.requirement.talks]\ntype = "list"\n'
    found, problems = read(tmp_path, config, "talks:\n  - PR: https://example.com/1\n  - plain\n  - a: ")
    assert found.talks == ("PR: https://example.com/1", "plain", "a:")
    assert problems == ["TOB209", "TOB209"]
    assert tobkit("check", "--fix").code == 0
    assert '  - "PR: https://example.com/1"\n  - plain\n  - "a:"\n' in (tmp_path / PATH).read_text(encoding="utf-8")
    assert "TOB209" not in tobkit("check").out
    assert read(tmp_path, config, "talks:\n  - a: b\n    c: d")[1] == ["TOB202"]


# What tobkit.toml may say of them


@pytest.mark.parametrize(
    ("text", "at", "says"),
    [
        ("[fields.requirement.x]\nminimum = 1", (2, 1), "integer or number"),
        ('[fields.requirement.x]\ntype = "date"\nmaximum = 1', (3, 1), "integer or number"),
        ('[fields.requirement.x]\ntype = "date"\nchoices = ["a"]', (3, 1), "text or list"),
        ('[fields.requirement.x]\ntype = "integer"\nchoices = ["1"]', (3, 1), "text or list"),
        ('[fields.requirement.x]\ntype = "boolean"\npattern = "a"', (3, 1), "text or list"),
        ('[fields.requirement.x]\npattern = "["', (2, 1), "can't be read"),
        ('[fields.requirement.x]\ntype = "list"\npattern = "x{100000}{100000}"', (3, 1), "can't be read"),
        ('[fields.requirement.x]\nkind = "customer"', (2, 1), "reference or list"),
        ("[fields.requirement.x]\nacyclic = true", (2, 1), "reference or list"),
        (
            '[fields.requirement.x]\ntype = "reference"\nkind = "customer"\nacyclic = true',
            (4, 1),
            "of the same kind",
        ),
        ('[fields.requirement.x]\nseparator = ","', (2, 1), "type list"),
        ('[fields.requirement.x]\ntype = "list"\nseparator = ""', (3, 1), "empty"),
        ('[fields.requirement.x]\ntype = "boolean"\nunique = true', (3, 1), "boolean or any"),
        ('[fields.requirement.x]\ntype = "any"\nunique = true', (3, 1), "boolean or any"),
        ("[fields.requirement.x]\nchoices = []", (2, 1), "no value"),
        ("[fields.requirement.x]\nchoices = [1]", (2, 1), "list of texts"),
        ('[fields.requirement.x]\nchoices = "a"', (2, 1), "a table"),
        ('[fields.requirement.x]\nchoices = { a = { zh = "甲" }, b = { zh = "甲" } }', (2, 31), "would be read as"),
        ('[fields.requirement.x]\nchoices = { a = { fr = "un" } }', (2, 19), "choices.a.fr"),
        (
            '[fields.requirement.x]\ntype = "list"\nkind = "customer"\nchoices = ["a"]',
            (4, 1),
            "the entries of its kind",
        ),
        ('[fields.requirement.x]\ntype = "integer"\nminimum = 1.2\nmaximum = 1.8', (4, 1), "No whole number"),
        ('[fields.requirement.x]\ntype = "integer"\nminimum = inf', (3, 1), "must be a number"),
        ('[fields.requirement.x]\ntype = "integer"\ndefault = "many"', (3, 1), "can't have this value"),
        ('[fields.requirement.x]\ntype = "integer"\ndefault = true', (3, 1), "can't have this value"),
        ('[fields.requirement.x]\ntype = "integer"\nmaximum = 2\ndefault = 3', (4, 1), "can't have this value"),
        ('[fields.requirement.x]\ntype = "date"\ndefault = "soon"', (3, 1), "can't have this value"),
        ('[fields.requirement.x]\nchoices = ["a"]\ndefault = "b"', (3, 1), "can't have this value"),
        ('[fields.requirement.x]\npattern = "^a$"\ndefault = "b"', (3, 1), "can't have this value"),
        ('[fields.requirement.x]\ntype = "list"\nchoices = ["a"]\ndefault = ["a", "b"]', (4, 1), "can't have this"),
        ('[fields.requirement.x]\ntype = "boolean"\ndefault = "perhaps"', (3, 1), "can't have this value"),
        ('[fields.requirement.x]\nlabel = { zh = "标题" }', (2, 1), "means the field title already"),
        ('[fields.requirement.x]\nlabel = { en = "" }', (2, 11), "empty"),
        ('[fields.requirement.x]\nrequired = ["scoping"]', (2, 1), "isn't a status"),
        ('[fields.organisation.x]\nrequired = ["new"]', (2, 1), "has no status"),
        ('[fields.requirement.status]\ntype = "text"', (1, 2), "a field “status” already"),
        ('[fields.requirement.copy]\ntype = "text"', (1, 2), "can't be the name"),
        ('[fields.requirement."a b"]\ntype = "text"', (1, 2), "can't be the name"),
        ('[fields.requirement."2fa"]\ntype = "text"', (1, 2), "can't be the name"),
        ('[fields.note.title]\ntype = "list"', (2, 1), "is what an entry is called"),
        ('[fields.note.aliases]\ntype = "text"', (1, 2), "list of texts"),
        ('[fields.requirment.x]\ntype = "text"', (1, 2), "no kind “requirment”"),
    ],
)
def test_each_fault_of_a_field_at_its_place(text: str, at: tuple[int, int], says: str) -> None:
    (found,) = config_faults(text)
    assert found[1:3] == at
    assert says in found[3]
    assert found[4]


def test_what_follows_from_a_fault_isnt_told() -> None:
    text = """
[workflow.statuses.scoping]
stands_for = "triagd"
[fields.requirement.x]
required = ["scoping"]
[kinds.rfc]
folder = ".rfcs"
fields.a = { type = "integer", pattern = "x" }
[fields.note.about]
type = "reference"
kind = "rfc"
"""
    assert [found[:2] for found in config_faults(text)] == [("TOB192", 3), ("TOB192", 7), ("TOB192", 8)]
