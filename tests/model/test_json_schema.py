"""The JSON Schema of front matter: valid, takes what check takes, refuses what it can, speaks both languages."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from tests.check.helpers import CONFIG, DEFAULTS, SOUND, file_text
from tobkit.check.fields import ONLY_NAMED
from tobkit.messages import translator
from tobkit.model.config import Config
from tobkit.model.json_schema import NAMED_ONLY, SLUG, json_schema
from tobkit.model.meanings import KIND_MEANINGS, MEANINGS
from tobkit.model.schema import SLUG as TOBKITS_SLUG
from tobkit.model.schema import build_schema
from tobkit.store.load import load
from tobkit.store.workspace import open_workspace, read_config

ROOT = Path(__file__).resolve().parents[2]
KINDS = tuple(build_schema(Config()).kinds)
Json = dict[str, Any]


class Core(yaml.SafeLoader):
    """YAML 1.2's core schema, as editors read it: dates are text, `no` is text, `012` is a number."""


Core.yaml_implicit_resolvers = {}
for tag, pattern, first in (
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    ("int", r"[-+]?[0-9]+", list("-+0123456789")),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", list("-+.0123456789")),
):
    Core.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"(?:{pattern})$"), first)
Core.add_constructor("tag:yaml.org,2002:int", lambda loader, node: int(node.value))
Core.add_constructor("tag:yaml.org,2002:float", lambda loader, node: float(node.value))


def front_matter(text: str) -> Any:
    return yaml.load(text.split("---\n")[1], Core)


def schema_of(config: str = "", kind: str | None = None, language: str = "en") -> Json:
    found, faults = read_config(config.encode())
    assert not faults
    return json_schema(build_schema(found), found, translator(language), kind)


def validator(kind: str, config: str = "") -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(schema_of(config, kind))


def faults(kind: str, front: str, config: str = "") -> list[str]:
    """Where the schema finds fault with a front matter."""
    values = yaml.load(front, Core)
    return sorted({".".join(map(str, error.path)) for error in validator(kind, config).iter_errors(values)})


REQUIREMENT = "id: REQ-00000a\ntitle: A\ndate: 2026-03-05\nstatus: new\n"


# Valid, and whole


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("kind", [None, *KINDS])
def test_the_schema_is_one(kind: str | None, language: str) -> None:
    found = schema_of(CONFIG, kind, language)
    assert found["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    jsonschema.Draft202012Validator.check_schema(found)


def test_without_a_kind_it_holds_them_all() -> None:
    found = schema_of()
    assert tuple(found["$defs"]) == KINDS
    assert [each["$ref"] for each in found["anyOf"]] == [f"#/$defs/{kind}" for kind in KINDS]
    assert not list(jsonschema.Draft202012Validator(found).iter_errors(yaml.load(REQUIREMENT, Core)))


@pytest.mark.parametrize("kind", KINDS)
def test_every_key_has_a_title_in_the_users_language(kind: str) -> None:
    english, chinese = schema_of("", kind), schema_of("", kind, "zh")
    assert list(english["properties"]) == list(build_schema(Config())[kind].fields)
    for name, described in english["properties"].items():
        assert described["title"]
        assert re.search("[\u4e00-\u9fff]", chinese["properties"][name]["title"])
        if "description" in described:
            assert re.search("[\u4e00-\u9fff]", chinese["properties"][name]["description"]), (kind, name)
    assert english["description"] != chinese["description"]


def test_meanings_are_of_fields_that_there_are() -> None:
    fields = {(kind.name, name) for kind in build_schema(Config()).kinds.values() for name in kind.fields}
    assert set(MEANINGS) <= fields
    assert set(KIND_MEANINGS) == set(KINDS)


def test_values_are_described() -> None:
    status = schema_of("", "requirement", "zh")["properties"]["status"]
    assert status["enum"][:2] == ["new", "triaged"]
    assert status["enumDescriptions"][:2] == ["新建", "待评估"]
    assert len(status["enum"]) == len(status["enumDescriptions"])


# It takes what check takes


def demo() -> Iterator[tuple[str, str]]:
    for entry in load(open_workspace(ROOT)).entries:
        yield entry.kind, entry.path


def test_it_takes_every_entry_of_the_demo_pool() -> None:
    config = (ROOT / "tobkit.toml").read_text(encoding="utf-8")
    validators = {kind: validator(kind, config) for kind in KINDS}
    wrong = []
    for kind, path in demo():
        values = front_matter((ROOT / path).read_text(encoding="utf-8"))
        wrong += [(path, list(error.path), error.message) for error in validators[kind].iter_errors(values)]
    assert wrong == []


def test_it_takes_the_sound_entries_of_these_tests() -> None:
    folders = {kind.folder: kind.name for kind in build_schema(Config()).kinds.values()}
    for path, lines in SOUND.items():
        values = front_matter(file_text(path, lines))
        assert not list(validator(folders[path.split("/")[0]], CONFIG).iter_errors(values)), path
    assert folders.keys() == DEFAULTS.keys()


@pytest.mark.parametrize(
    "line",
    [
        "title: 1.10",
        "title: 2026",
        "title: true",
        "region: NO",
        "region:",
        "module: ~",
        "customers: [012, acme]",
        "customers:",
        "tags: []",
        "effort: 2.5",
        "effort: 3",
        "planned: 2027-Q1",
        "planned: 2027",
        "delivered:",
        "links:\n  - https://example.com/a?b=c#d",
        "duplicate_of: REQ-00000b",
        "source: merchant-acquisition",
        "status: triaged\nmodule: a\nowner: b",
    ],
)
def test_it_takes_what_is_read_without_a_word(line: str) -> None:
    key = line.partition(":")[0]
    rest = "".join(f"{each}\n" for each in REQUIREMENT.splitlines() if each.partition(":")[0] != key)
    assert faults("requirement", rest + line) == []


@pytest.mark.parametrize("name", ["acme", "e-invoicing", "华东商贸", "a.b", "at&t", "caf\u00e9", "12306", "a_b", "x·y"])
def test_slugs_are_tobkits(name: str) -> None:
    assert TOBKITS_SLUG.fullmatch(name)
    assert re.search(SLUG, name)


@pytest.mark.parametrize("name", ["", "a b", "a/b", "-a", "a-", "a--b", "a:b", "a\\b", "a\tb", "a#b", "a,b", "“a b”"])
def test_what_is_no_slug_is_none_here(name: str) -> None:
    assert not TOBKITS_SLUG.fullmatch(name)
    assert not re.search(SLUG, name)


# It refuses what it can


@pytest.mark.parametrize(
    ("front", "places"),
    [
        ("id: REQ-00000a\ntitle: A\ndate: 2026-03-05\n", [""]),
        (REQUIREMENT + "titel: B\n", [""]),
        (REQUIREMENT.replace("new", "done"), ["status"]),
        (REQUIREMENT.replace("2026-03-05", "2026/3/5"), ["date"]),
        (REQUIREMENT.replace("2026-03-05", "2026-13-05"), ["date"]),
        (REQUIREMENT.replace("00000a", "00000l"), ["id"]),
        (REQUIREMENT.replace("REQ-", "NOTE-"), ["id"]),
        (REQUIREMENT.replace("title: A", "title: [a, b]"), ["title"]),
        (REQUIREMENT.replace("title: A", "title:"), ["title"]),
        (REQUIREMENT.replace("title: A", 'title: ""'), ["title"]),
        (REQUIREMENT + "effort: -1\n", ["effort"]),
        (REQUIREMENT + "effort: 0\n", ["effort"]),
        (REQUIREMENT + "effort: two days\n", ["effort"]),
        (REQUIREMENT + "customers: acme\n", ["customers"]),
        (REQUIREMENT + "impact: [blocks-use, angers]\n", ["impact.1"]),
        (REQUIREMENT + "duplicate_of: the other\n", ["duplicate_of"]),
        (REQUIREMENT.replace("new", "parked") + "module: a\nowner: b\n", [""]),
        (REQUIREMENT.replace("new", "accepted"), [""]),
    ],
)
def test_it_refuses(front: str, places: list[str]) -> None:
    assert faults("requirement", front) == places


def test_a_note_names_a_customer_or_an_organisation() -> None:
    note = "id: NOTE-00000a\ndate: 2026-03-05\nsource: sales\n"
    assert faults("note", note) == [""]
    assert faults("note", note + "customer: acme\n") == faults("note", note + "organisation: acme\n") == []


def test_keys_below_a_key() -> None:
    customer = "id: acme\nname: A\ntier: mid\nstatus: active\n"
    assert faults("customer", customer + "business:\n  model: SaaS\n") == []
    assert faults("customer", customer + "business:\n") == []
    assert faults("customer", customer + "business:\n  modle: SaaS\n") == ["business"]
    assert faults("customer", customer + "case_consent: perhaps\n") == ["case_consent"]
    assert faults("customer", customer + "case_consent: yes\n") == []


# A team's own


def test_people_and_regions_are_those_of_the_team() -> None:
    new = REQUIREMENT
    assert faults("requirement", new + "owner: lilei\nregion: 华东\n", CONFIG) == []
    assert faults("requirement", new + "owner: lilie\nregion: 华中\n", CONFIG) == ["owner", "region"]
    promise = "id: PRM-00000a\ndate: 2026-03-05\nby: gone\ncustomer: a\nrequirement: REQ-00000a\ndue: 2026-04-01\nstatus: open\n"
    assert faults("promise", promise + "approved_by: lilei\n", CONFIG) == []
    assert faults("promise", promise + "approved_by: zhaoqiang\n", CONFIG) == ["approved_by"]
    assert NAMED_ONLY == ONLY_NAMED


OWN = """
[workflow.statuses.in-review]
stands_for = "triaged"
label = { zh = "评审中", en = "In review" }
[fields.requirement.contract_no]
pattern = "^HT-[0-9]+$"
label = { zh = "合同号", en = "Contract number" }
[fields.requirement.year]
choices = ["2025", "2026"]
required = ["accepted"]
[fields.requirement.seats]
type = "integer"
minimum = 1
maximum = 10
default = 2
[fields.requirement.contract]
type = "reference"
kind = "customer"
"""


def test_own_statuses_and_fields() -> None:
    assert faults("requirement", REQUIREMENT.replace("new", "in-review"), OWN) == [""]
    full = REQUIREMENT.replace("new", "in-review") + "module: a\nowner: b\ncontract_no: HT-12\nyear: 2026\nseats: 10\n"
    assert faults("requirement", full, OWN) == []
    wrong = REQUIREMENT + "contract_no: 12\nyear: 2027\nseats: 11\n"
    assert faults("requirement", wrong.replace("contract_no: 12", "contract_no: X-12"), OWN) == [
        "contract_no",
        "seats",
        "year",
    ]
    assert faults("requirement", REQUIREMENT.replace("new", "accepted") + "module: a\nowner: b\n", OWN) == [""]
    seats = schema_of(OWN, "requirement", "zh")["properties"]
    assert seats["contract_no"]["title"] == "合同号"
    assert seats["seats"]["default"] == 2
    assert "in-review" in seats["status"]["enum"]
    assert "评审中" in seats["status"]["enumDescriptions"]


def test_patterns_that_only_pydantic_knows_are_left_to_check() -> None:
    config = "[fields.requirement.code]\npattern = '^\\p{Han}+$'\n"
    assert "pattern" not in schema_of(config, "requirement")["properties"]["code"]
    assert faults("requirement", REQUIREMENT + "code: x\n", config) == []
