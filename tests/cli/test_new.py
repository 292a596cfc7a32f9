"""`tobkit new` without a terminal: valid entries of all kinds, and clear words for what isn't valid."""

import io
import re
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import Result, Tobkit
from tobkit.store.frontmatter import read_document
from tobkit.store.workspace import open_workspace

ENOUGH = "Finance downloads three thousand invoices one by one."


def entry(workspace: Path, result: Result) -> dict[str, object]:
    """The front matter of the entry that was made."""
    assert result.code == 0, result.err
    return dict(read_document((workspace / result.out.strip()).read_bytes()).values)


@pytest.mark.parametrize(
    ("kind", "title", "fields"),
    [
        ("requirement", "Export", []),
        ("note", "acme", ["source=sales"]),
        ("customer", "Northwind", ["tier=mid"]),
        ("module", "Invoicing", []),
        ("promise", "acme", ["by=李蕾", "requirement=REQ-00000a", "due=2027-01-01"]),
        ("incident", "Outage", ["severity=sev1", "minutes=12"]),
        ("organisation", "Rival", ["relation=competitor"]),
        ("exchange", "A market report", ["organisation=rival", "direction=got"]),
    ],
)
def test_every_kind_can_be_made_and_passes_the_check(
    tobkit: Tobkit, workspace: Path, kind: str, title: str, fields: list[str]
) -> None:
    tobkit("new", "organisation", "Rival", "-f", "relation=competitor") if kind == "exchange" else None
    result = tobkit("new", kind, title, *(part for field in fields for part in ("-f", field)), "-b", ENOUGH)
    assert entry(workspace, result)
    assert tobkit("check", "--quiet").code == 0
    assert ENOUGH in (workspace / result.out.strip()).read_text("utf-8")


@pytest.mark.parametrize("kind", ["requirement", "Requirement", "requirements", "需求"])
def test_a_kind_may_be_named_in_either_language(tobkit: Tobkit, workspace: Path, kind: str) -> None:
    assert tobkit("new", kind, "Export", "-b", ENOUGH).out.startswith("pool/requirements/REQ-")


def test_chinese_keys_labels_and_names_are_understood(tobkit: Tobkit, workspace: Path) -> None:
    fields = [
        "状态=待评估",
        "功能模块=数据导出",
        "客户=阿克米",
        "跟进人=李蕾",
        "影响=增收，影响使用",
        "日期=2026/3/5",
        "优先级=最高",
    ]
    found = entry(
        workspace, tobkit("new", "需求", "导出", *(part for field in fields for part in ("-f", field)), "-b", ENOUGH)
    )
    assert found == {
        "id": found["id"],
        "title": "导出",
        "date": "2026-03-05",
        "status": "triaged",
        "module": "export",
        "customers": ["acme"],
        "owner": "lilei",
        "impact": ["blocks-use", "earns-money"],
        "suggested_priority": "highest",
    }


def test_a_field_with_keys_of_its_own(tobkit: Tobkit, workspace: Path) -> None:
    found = entry(
        workspace,
        tobkit(
            "new", "customer", "Northwind", "-f", "tier=小型", "-f", "business.model=SaaS", "-f", "业务.痛点=对账慢"
        ),
    )
    assert found["business"] == {"model": "SaaS", "pains": "对账慢"}


@pytest.mark.parametrize(
    "title",
    [
        'say "hello": #1',
        "'quoted' [x] {y} & * ! % @ `",
        "😀 导出",
        "null",
        "2026-01-01",
        "no",
        "- item",
        "长" * 200,
        "1.10",
    ],
)
def test_any_title_comes_back_as_it_was_given(tobkit: Tobkit, workspace: Path, title: str) -> None:
    result = tobkit("new", "requirement", "-b", ENOUGH, "--", title)
    assert entry(workspace, result)["title"] == title
    name = result.out.strip().rpartition("/")[2]
    assert re.fullmatch(r"REQ-[0-9a-z]{6}(-[\w-]+)?\.md", name)
    assert len(name.encode()) <= 120


def test_lines_in_a_title_become_one(tobkit: Tobkit, workspace: Path) -> None:
    assert entry(workspace, tobkit("new", "requirement", " two\nlines\tand ", "-b", ENOUGH))["title"] == "two lines and"


@pytest.mark.parametrize(("name", "id"), [("CON", "con-1"), ("nul", "nul-1"), ("Acme & Söhne GmbH", "acme-söhne-gmbh")])
def test_ids_made_from_names_are_file_names_everywhere(tobkit: Tobkit, workspace: Path, name: str, id: str) -> None:
    result = tobkit("new", "customer", name, "-f", "tier=ka")
    assert entry(workspace, result)["id"] == id
    assert result.out.strip() == f"pool/customers/{id}.md"


def test_the_description_comes_from_standard_input(
    tobkit: Tobkit, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("First line\n\n---\nlast line\n"))
    result = tobkit("new", "requirement", "Export", "-b", "-")
    document = read_document((workspace / result.out.strip()).read_bytes())
    assert document.body.strip() == "First line\n\n---\nlast line"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["requirement"], "Missing: title (Title). Give each like this: -f title=…"),
        (["customer", "Northwind"], "Missing: tier (Tier)."),
        (["requirement", "x", "-f", "status=triaged"], "Missing: module (Module), owner (Owner)."),
        (["requirement", "  "], "Missing: title (Title)."),
        (["thing", "x"], "There is no kind “thing”. Known: requirement (需求), note (客户声音)"),
        (["requirment", "x"], "Did you mean requirement?"),
        (["requirement", "x", "-f", "modul=export"], "There is no field “modul” (requirement). Did you mean module?"),
        (["requirement", "x", "-f", "zzz=1"], "Known: id (ID), title (Title)"),
        (["requirement", "x", "-f", "status"], "“status” isn't of the form field=value."),
        (["requirement", "x", "-f", "title=y"], "title is given twice: as TITLE and with -f."),
        (["customer", "x", "-f", "business.modle=y"], "Did you mean business.model?"),
        (["customer", "x", "-f", "business=y"], "Known: business.model (Business model)"),
        (["customer", "Acme", "-f", "tier=ka"], "“acme” is there already: pool/customers/acme.md"),
        (["customer", "😀", "-f", "tier=ka"], "No id can be made from “😀”"),
    ],
)
def test_what_cannot_be_understood_is_explained(
    tobkit: Tobkit, workspace: Path, arguments: list[str], says: str
) -> None:
    before = sorted(workspace.rglob("*"))
    result = tobkit("new", *arguments)
    assert result.code == 2
    assert says in result.err
    assert result.out == ""
    assert sorted(workspace.rglob("*")) == before


@pytest.mark.parametrize(
    ("field", "says"),
    [
        ("date=yesterday", "“yesterday” in date isn't a date."),
        ("status=已接收", "Did you mean accepted (已受理)?"),
        ("module=export2", "There is no module “export2”."),
        ("owner=nobody", "“nobody” in owner isn't one of the people in tobkit.toml."),
        ("region=月球", "“月球” isn't one of the pool's regions."),
        ("effort=-1", "-1 is out of range for effort."),
        ("id=REQ-1", "“REQ-1” can't be the id"),
    ],
)
def test_an_unsound_entry_is_not_written(tobkit: Tobkit, workspace: Path, field: str, says: str) -> None:
    before = sorted(workspace.rglob("*"))
    result = tobkit("new", "requirement", "x", "-f", field, "-b", ENOUGH)
    assert result.code == 1
    assert says in result.err
    assert "Nothing was written." in result.err
    assert sorted(workspace.rglob("*")) == before


def test_warnings_are_told_and_the_entry_is_written(tobkit: Tobkit, workspace: Path) -> None:
    result = tobkit("new", "requirement", "Something else", "-f", "customers=unheard-of", "-b", "short")
    assert result.code == 0
    assert "warning: There is no customer “unheard-of”." in result.err
    assert "too short to act on" in result.err


def test_what_looks_alike_is_told(tobkit: Tobkit, workspace: Path) -> None:
    result = tobkit("new", "requirement", "Bulk export of invoices", "-b", "Export invoices in bulk.")
    assert "REQ-00000a  Bulk export of invoices" in result.err


def test_ids_differ_from_those_on_every_branch(
    tobkit: Tobkit, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def git(*arguments: str) -> None:
        identity = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
        subprocess.run(["git", *identity, *arguments], cwd=workspace, check=True, capture_output=True)

    git("init", "-q", "-b", "main")
    git("add", ".")
    git("commit", "-qm", "x")
    git("checkout", "-qb", "other")
    taken = workspace / "pool" / "requirements" / "REQ-zzzzzz-there.md"
    taken.write_text("---\nid: REQ-zzzzzz\ntitle: there\ndate: 2026-01-01\nstatus: new\n---\n")
    git("add", ".")
    git("commit", "-qm", "y")
    git("checkout", "-q", "main")
    drawn = iter("zzzzzz00000a111111")
    monkeypatch.setattr("tobkit.store.identity.secrets.choice", lambda _: next(drawn))
    assert tobkit("new", "requirement", "x", "-b", ENOUGH).out.startswith("pool/requirements/REQ-111111")


def test_a_teams_own_fields_and_defaults(tobkit: Tobkit, workspace: Path) -> None:
    config = workspace / "tobkit.toml"
    config.write_text(
        config.read_text("utf-8")
        + '[fields.requirement.contract_no]\ntype = "text"\nrequired = true\nlabel = { zh = "合同号", en = "Contract" }\n'
        + '[fields.requirement.urgent]\ntype = "boolean"\ndefault = false\n',
        "utf-8",
    )
    assert "Missing: contract_no (Contract)" in tobkit("new", "requirement", "x").err
    found = entry(workspace, tobkit("new", "requirement", "x", "-f", "合同号=HT-1", "-b", ENOUGH))
    assert found["contract_no"] == "HT-1"
    assert found["urgent"] == "false"


def test_new_works_from_below_and_where_the_pool_has_errors(
    tobkit: Tobkit, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (workspace / "pool" / "notes").mkdir()
    (workspace / "pool" / "notes" / "NOTE-00000a.md").write_text("nothing")
    monkeypatch.chdir(workspace / "pool" / "notes")
    result = tobkit("new", "requirement", "x", "-b", ENOUGH)
    assert result.code == 0
    assert (workspace / result.out.strip()).exists()


def test_a_configuration_that_cannot_be_read_stops_writing(tobkit: Tobkit, workspace: Path) -> None:
    (workspace / "tobkit.toml").write_text("[pool\n")
    result = tobkit("new", "requirement", "x")
    assert result.code == 2
    assert "tobkit.toml must be mended first" in result.err


def test_outside_a_workspace_the_way_in_is_told(
    tobkit: Tobkit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = tobkit("new", "requirement", "x")
    assert result.code == 2
    assert "`tobkit init` makes a workspace" in result.err


def test_the_workspace_is_as_the_fixture_says(workspace: Path) -> None:
    assert open_workspace(workspace).diagnostics == ()
