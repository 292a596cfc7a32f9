"""Kinds of a team's own, and built-in ones in other places: read, checked, referred to, made and shown like all others."""

import json
import re
from pathlib import Path

import jsonschema
import pytest

from tests.schema.conftest import Tobkit, codes, config_faults, entry, opened, places, write
from tobkit.store.load import load
from tobkit.store.workspace import open_workspace

DECISIONS = """
[kinds.decision]
prefix = "DEC"
label = { zh = "决策", en = "Decision" }
statuses = { draft = {}, agreed = { label = { zh = "已定", en = "Agreed" } }, dropped = {} }

[kinds.decision.fields]
title = { required = true }
settles = { type = "list", kind = "requirement" }
replaces = { type = "reference", kind = "decision", acyclic = true }
why = { required = ["dropped"] }

[kinds.team.fields]
name = { required = true }
aliases = { type = "list" }

[fields.requirement.decided_in]
type = "reference"
kind = "decision"
[fields.decision.team]
type = "reference"
kind = "team"
"""
DECISION = "pool/decision/DEC-00000a-invoices.md"
REQUIREMENT = "pool/requirements/REQ-00000a.md"
FILES = {
    DECISION: entry("id: DEC-00000a\nstatus: 已定\ntitle: Invoices first\nsettles: [REQ-00000a]\nteam: payments"),
    "pool/team/billing.md": entry("id: billing\nname: Billing\naliases: [payments]"),
    REQUIREMENT: entry(
        "id: REQ-00000a\ntitle: Export\ndate: 2026-03-05\nstatus: new\ndecided_in: DEC-00000a",
        "The accountants load them down one by one.",
    ),
}


def test_a_new_kind_is_read_and_referred_to(tmp_path: Path) -> None:
    found = opened(tmp_path, DECISIONS, FILES)
    assert codes(found) == ["TOB209"]
    (decision,) = found.pool.by_kind["decision"].values()
    assert (decision.kind, decision.label, decision.status) == ("decision", "Invoices first", "agreed")  # type: ignore[attr-defined]
    assert decision.team == "billing"  # type: ignore[attr-defined]
    assert {(link.entry.id, link.field) for link in found.pool.backlinks["decision", "DEC-00000a"]} == {
        ("REQ-00000a", "decided_in")
    }
    assert found.pool.find("payments") == tuple(found.pool.by_kind["team"].values())


def test_its_faults_are_found(tmp_path: Path, tobkit: Tobkit) -> None:
    wrong = {
        "pool/decision/DEC-00000b.md": entry(
            "id: DEC-00000b\nstatus: agred\nsettles: [REQ-00000z]\nreplaces: DEC-00000c\nnumber: 1"
        ),
        "pool/decision/DEC-00000c.md": entry("id: DEC-00000c\nstatus: dropped\ntitle: C\nreplaces: DEC-00000d"),
        "pool/decision/DEC-00000d.md": entry("id: DEC-00000d\nstatus: draft\ntitle: D\nreplaces: DEC-00000c"),
        "pool/decision/other.md": entry("id: DEC-00000e\nstatus: draft\ntitle: E"),
        "pool/decision/RFC-00000e.md": entry("id: RFC-00000e\nstatus: draft\ntitle: E"),
        "pool/decision/DEC-00000f.md": entry("id: DEC-00000f\nstatus: draft\ntitle: F"),
        "pool/decision/DEC-00000f-again.md": entry("id: DEC-00000f\nstatus: draft\ntitle: F"),
        "pool/other/x.md": "",
    }
    write(tmp_path, {"tobkit.toml": DECISIONS, **FILES, **wrong})
    found = json.loads(tobkit("check", "--format", "json").out)["diagnostics"]
    assert sorted((each["code"], each["path"].rpartition("/")[2], each["line"]) for each in found) == [
        ("TOB115", "other.md", 2),
        ("TOB116", "x.md", 1),
        ("TOB201", "DEC-00000b.md", 1),
        ("TOB203", "DEC-00000b.md", 3),
        ("TOB206", "DEC-00000b.md", 6),
        ("TOB207", "RFC-00000e.md", 2),
        ("TOB209", "DEC-00000a-invoices.md", 3),
        ("TOB212", "DEC-00000c.md", 3),
        ("TOB301", "DEC-00000b.md", 4),
        ("TOB302", "DEC-00000f-again.md", 2),
        ("TOB302", "DEC-00000f.md", 2),
        ("TOB310", "DEC-00000d.md", 5),
    ]


def test_made_edited_and_shown(tmp_path: Path, tobkit: Tobkit) -> None:
    write(tmp_path, {"tobkit.toml": DECISIONS, **FILES})
    made = tobkit("new", "决策", "One page an invoice", "-f", "settles=REQ-00000a", "-f", "team=Billing")
    assert made.code == 0, made.err
    path = made.out.strip()
    assert re.fullmatch(r"pool/decision/DEC-[0-9a-z]{6}-one-page-an-invoice\.md", path)
    text = (tmp_path / path).read_text(encoding="utf-8")
    assert "status: draft\n" in text
    assert "team: billing\n" in text
    assert tobkit("new", "decision", "x", "-f", "status=dropped").code == 2
    ref = path.rpartition("/")[2][:10]
    assert tobkit("set", ref, "status=Agreed", "replaces=Invoices first").code == 0
    assert "replaces: DEC-00000a\n" in (tmp_path / path).read_text(encoding="utf-8")
    shown = json.loads(tobkit("show", ref, "--format", "json").out)
    assert (shown["kind"], shown["fields"]["status"], shown["fields"]["settles"]) == (
        "decision",
        "agreed",
        ["REQ-00000a"],
    )
    assert ref in tobkit("show", "REQ-00000a").out
    assert tobkit("new", "team", "Sales").out.strip() == "pool/team/sales.md"
    assert tobkit("check").code == 0


def test_its_json_schema(tmp_path: Path, tobkit: Tobkit) -> None:
    write(tmp_path, {"tobkit.toml": DECISIONS, **FILES})
    schema = json.loads(tobkit("schema", "decision").out)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["title"] == "Decision"
    sound = {"id": "DEC-00000a", "title": "x", "status": "draft"}
    jsonschema.validate(sound, schema)
    for wrong in ({"id": "REQ-00000a"}, {"status": "new"}, {"settles": "x"}, {"other": 1}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({**sound, **wrong}, schema)


def test_a_site_is_built_beside_new_kinds(tmp_path: Path, tobkit: Tobkit) -> None:
    write(tmp_path, {"tobkit.toml": DECISIONS, **FILES})
    assert tobkit("build").code == 0
    assert "Export" in (tmp_path / "site/index.html").read_text(encoding="utf-8")


# Places


@pytest.mark.parametrize(
    ("config", "path"),
    [
        ('[kinds.customer]\nfolder = "firms"', "pool/firms/a/acme.md"),
        ('[kinds.customer]\nfolder = "sales/firms"', "pool/sales/firms/acme.md"),
        ('[kinds.customer]\nfolder = "requirements/firms"', "pool/requirements/firms/acme.md"),
        ('[kinds.customer]\nfolder = "."', "pool/acme.md"),
        ('[kinds.customer]\nfolder = "."', "pool/x/acme.md"),
        ('[pool]\npath = "."', "customers/acme.md"),
        ('[pool]\npath = "./"\n[kinds.customer]\nfolder = "./"\nfiles = "*-firm.md"', "acme-firm.md"),
        ('[pool]\npath = "a/b"', "a/b/customers/acme.md"),
        ('[kinds.customer]\nfolder = "all"\nfiles = "c/*.md"\n[kinds.module]\nfolder = "all"', "pool/all/c/acme.md"),
    ],
)
def test_folders(tmp_path: Path, config: str, path: str, tobkit: Tobkit) -> None:
    found = opened(tmp_path, config, {path: entry("id: acme\nname: Acme\ntier: ka\nstatus: active")})
    assert [*found.pool.customers] == ["acme"]
    assert codes(found) == []
    result = tobkit("new", "customer", "Nordlicht", "-f", "tier=ka")
    assert result.code == 0, result.err
    assert tobkit("show", "nordlicht").code == 0
    assert tobkit("check").code == 0


def test_a_pool_that_is_the_workspace_leaves_out_what_isnt_pool(tmp_path: Path) -> None:
    sound = entry("id: acme\nname: Acme\ntier: ka\nstatus: active")
    others = dict.fromkeys(("site/a.md", "templates/b.md", ".git/c.md", "README.md", "docs/d.md"), "nothing")
    found = opened(tmp_path, '[pool]\npath = "."', {"customers/acme.md": sound, **others})
    assert (codes(found), found.files) == ([], 1)
    everywhere = '[pool]\npath = "."\n[kinds.customer]\nfolder = "."\nfiles = ["**/*.md", "!README.md", "!docs/**"]'
    found = opened(tmp_path, everywhere, {})
    assert [*found.pool.customers] == ["acme"]
    found = opened(
        tmp_path, '[pool]\npath = "."\n[kinds.customer]\nfolder = "site/customers"', {"site/customers/b.md": sound}
    )
    assert places(found) == [("TOB115", "site/customers/b.md", 2, 5)]


def test_the_innermost_folder_holds(tmp_path: Path) -> None:
    config = '[kinds.customer]\nfolder = "."\n'
    module = entry("id: m\nname: M\nstatus: live")
    acme = entry("id: acme\nname: Acme\ntier: ka\nstatus: active")
    found = opened(tmp_path, config, {"pool/modules/x/m.md": module, "pool/x/acme.md": acme})
    assert (codes(found), [*found.pool.modules], [*found.pool.customers]) == ([], ["m"], ["acme"])


def test_what_new_writes_is_where_load_looks(tmp_path: Path, tobkit: Tobkit) -> None:
    """A path that the patterns of files don't allow is refused instead of writing what nobody reads."""
    write(tmp_path, {"tobkit.toml": '[kinds.customer]\nfiles = "[0-9][0-9]/*.md"\n'})
    result = tobkit("new", "customer", "Acme", "-f", "tier=ka")
    assert result.code == 2
    assert "by hand" in result.err
    assert not (tmp_path / "pool").exists()


@pytest.mark.parametrize("kind", ["customer", "promise", "incident", "module"])
def test_own_words_for_the_statuses_of_other_kinds(tmp_path: Path, kind: str) -> None:
    standard = {"customer": "active", "promise": "kept", "incident": "resolved", "module": "live"}[kind]
    config = f'[kinds.{kind}]\nprefix = ""\nkeys = {{ State = "status" }}\nstatuses = {{ "Gut*" = "{standard}" }}\n'
    folder = {"customer": "customers", "promise": "promises", "incident": "incidents", "module": "modules"}[kind]
    found = opened(tmp_path, config, {f"pool/{folder}/a.md": entry("id: a\nState: Gut so\n")})
    (read,) = found.entries
    assert read.status == standard  # type: ignore[attr-defined]
    assert set(codes(found)) <= {"TOB201"}


# What tobkit.toml may say of them


@pytest.mark.parametrize(
    ("text", "at", "says"),
    [
        ("[kinds.requirment]", (1, 2), "no kind “requirment”"),
        ('[kinds.requirment]\nkeys = { a = "b" }', (1, 2), "no kind “requirment”"),
        ("[kinds.custom]\nlabel.zh = '自'", (1, 2), "no kind “custom”"),
        ('[kinds."a b"]\nfolder = "x"', (1, 2), "can't be the name of a kind"),
        ('[kinds."_a"]\nfolder = "x"', (1, 2), "can't be the name of a kind"),
        ('[kinds.rfc]\nfolder = "../x"', (2, 1), "below the workspace"),
        ('[kinds.rfc]\nfolder = "/x"', (2, 1), "below the workspace"),
        ('[kinds.rfc]\nfolder = ""', (2, 1), "below the workspace"),
        ('[kinds.rfc]\nfolder = "a/.b"', (2, 1), "begin with a dot"),
        ('[kinds.rfc]\nfolder = "a/files"', (2, 1), "holds attachments"),
        ('[kinds.rfc]\nfolder = "requirements"', (2, 1), "belongs to the kind “requirement” already"),
        ('[kinds.rfc]\nfolder = "a"\n[kinds.adr]\nfolder = "a"', (4, 1), "belongs to the kind “rfc” already"),
        ('[kinds.requirements]\nprefix = "X"', (1, 2), "belongs to the kind “requirement” already"),
        ('[kinds.rfc]\nprefix = "R-1"', (2, 1), "letters and digits"),
        ('[kinds.rfc]\nprefix = "req"', (2, 1), "begin so already"),
        ('[kinds.rfc]\nprefix = "A"\n[kinds.adr]\nprefix = "a"', (4, 1), "begin so already"),
        ('[kinds.rfc]\nprefix = "A"\nid = "file"', (2, 1), "names of files or folders"),
        ('[kinds.rfc]\nid = "path"', (2, 1), "isn't one of the allowed values"),
        ('[kinds.rfc]\nfiles = "/a.md"', (2, 1), "paths below"),
        ('[kinds.rfc]\nfiles = "../*.md"', (2, 1), "paths below"),
        ('[kinds.rfc]\nfiles = ["*.md", "!"]', (2, 1), "paths below"),
        ('[kinds.rfc]\nfiles = "{id}/{id}.md"', (2, 1), "stands once"),
        ('[kinds.rfc]\nfiles = "!{id}.md"', (2, 1), "stands once"),
        ('[kinds.rfc]\nfiles = "[9-0].md"', (2, 1), "can't be read"),
        ('[kinds.rfc]\nfiles = "' + "**/" * 11 + '"', (2, 1), "too long"),
        ("[kinds.rfc]\nfiles = 1", (2, 1), "a list"),
        ('[kinds.requirement]\nkeys = { Titel = "titel" }', (2, 10), "no field “titel”"),
        ('[kinds.requirement.keys]\nTitle = "title"\nCreated = "dat"', (3, 1), "no field “dat”"),
        ('[kinds.requirement]\nkeys = { "Solution To" = "soluton" }', (2, 10), "no field “soluton”"),
        ('[kinds.requirement]\nstatuses = { Done = "deliverd" }', (2, 14), "“deliverd” isn't a status"),
        ('[kinds.requirement]\nstatuses = ["Done"]', (2, 1), "must say which status"),
        ('[kinds.requirement]\nstatuses = { new = "parked" }', (2, 14), "standard status already"),
        ('[kinds.requirement]\nstatuses = { "*" = "parked" }', (2, 1), "name before the *"),
        ('[kinds.requirement]\nstatuses = { A = "new", "A*" = "parked" }', (2, 25), "given twice"),
        ("[kinds.requirement]\nstatuses = { A = 3 }", (2, 14), "a table"),
        ('[kinds.note]\nstatuses = { a = "b" }', (2, 1), "has no status"),
        ('[kinds.customer]\nstatuses = { a = "actve" }', (2, 14), "“actve” isn't a status"),
        ('[kinds.rfc]\nfolder = "a"\nstatuses = { a = "new" }', (3, 14), "stand for nothing else"),
        ('[kinds.rfc]\nstatuses = ["a"]\nfields.status = {}', (2, 1), "given twice"),
        (
            '[kinds.requirement]\nstatuses = { a = "new" }\n[workflow.statuses.a]\nstands_for = "new"',
            (3, 2),
            "given twice",
        ),
        ('[kinds.requirement]\noptional = ["modul"]', (2, 1), "no field “modul”"),
        ('[kinds.requirement]\noptional = ["title"]', (2, 1), "can't be made optional"),
        ('[kinds.requirement]\noptional = ["tags"]', (2, 1), "can't be made optional"),
        ('[kinds.requirement]\nmissing = { titel = "x" }', (2, 13), "no field “titel”"),
        ('[kinds.requirement]\nmissing = { id = "x" }', (2, 13), "can't be made up"),
        ('[kinds.requirement]\nmissing = { title = "{headline}" }', (2, 13), "{headline} isn't known"),
        ('[kinds.requirement]\nmissing = { date = "soon" }', (2, 13), "can't have this value"),
        ('[kinds.requirement]\nmissing = { status = "begun" }', (2, 13), "can't have this value"),
        ('[kinds.requirement]\nmissing = { title = "" }', (2, 13), "can't have this value"),
        ('[kinds.requirement]\nseparator = ""', (2, 1), "empty"),
        ("[kinds.requirement.fields.Title]", (1, 2), "a field “title” already"),
        ("[kinds.requirement.fields.Copy]", (1, 2), "can't be the name"),
        ('[kinds.requirement.fields."!"]', (1, 2), "can't be the name"),
        ('[kinds.requirement.fields]\n"Discussions-To" = {}\ndiscussions_to = {}', (3, 1), "same field"),
        (
            "[fields.requirement.track]\ntype = 'text'\n[kinds.requirement.fields.Track]\ntype = 'text'",
            (3, 2),
            "same field",
        ),
        ('[kinds.rfc.fields.x]\ntype = "integer"\npattern = "a"', (3, 1), "text or list"),
        ('[kinds.rfc.fields]\n"A B" = { typ = "text" }', (2, 11), "knows no key"),
        ('[kinds.rfc]\nfoldr = "a"\nfolder = "b"', (2, 1), "knows no key “kinds.rfc.foldr”"),
    ],
)
def test_each_fault_of_a_kind_at_its_place(text: str, at: tuple[int, int], says: str) -> None:
    (found,) = config_faults(text)
    assert says in found[3]
    assert found[1:3] == at
    assert found[4]


def test_the_rest_of_a_faulty_kind_holds(tmp_path: Path) -> None:
    config = '[kinds.customer]\nfolder = "firms"\nkeys = { Name = "name", X = "y" }\nstatuses = { gut = "actve" }\n'
    write(tmp_path, {"tobkit.toml": config, "pool/firms/a.md": entry("id: a\nName: A\ntier: ka\nstatus: active")})
    found = load(open_workspace(tmp_path))
    assert sorted(each.span.line for each in found.diagnostics) == [3, 4]
    assert found.pool.customers["a"].name == "A"


def test_the_configurations_in_the_docs_are_sound() -> None:
    for language in ("en", "zh"):
        page = Path(__file__).parents[2] / "docs" / language / "adopting.md"
        for block in re.findall(r"^```toml\n(.*?)^```", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE):
            assert config_faults(block) == []
