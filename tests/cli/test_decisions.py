"""`tobkit merge`, `unmerge`, `distinct`, `renumber`: decisions written into files, and taken back without a trace."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Tobkit

A, B, C = "REQ-00000a", "REQ-00000b", "REQ-00000c"


def contents(workspace: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in sorted(workspace.rglob("*.md"))}


def test_a_merge_is_one_line_in_the_duplicates_file_and_comes_out_again(tobkit: Tobkit, workspace: Path) -> None:
    before = contents(workspace)
    result = tobkit("merge", A, B)
    assert result.code == 0
    assert "REQ-00000b (批量导出发票) is now merged into REQ-00000a (Bulk export of invoices)." in result.err
    after = contents(workspace)
    assert [name for name in before if before[name] != after[name]] == ["REQ-00000b-批量导出.md"]
    assert after["REQ-00000b-批量导出.md"].count(b"\n") == before["REQ-00000b-批量导出.md"].count(b"\n") + 1
    assert tobkit("unmerge", B).code == 0
    assert contents(workspace) == before


def test_a_merge_goes_to_the_end_of_the_chain(tobkit: Tobkit, workspace: Path) -> None:
    tobkit("merge", A, B)
    result = tobkit("merge", B, C)
    assert result.code == 0
    assert f"{B} is itself merged into {A}" in result.err
    assert json.loads(tobkit("show", C, "--format", "json").out)["fields"]["duplicate_of"] == A
    assert json.loads(tobkit("show", A, "--format", "json").out)["derived"]["merged"] == [B, C]
    tobkit("unmerge", B)
    assert json.loads(tobkit("show", A, "--format", "json").out)["derived"]["merged"] == [C]


def test_several_are_merged_at_once_by_any_name(tobkit: Tobkit, workspace: Path) -> None:
    assert tobkit("merge", "bulk export of invoices", "00000b", "dark mode", "00000b").code == 0
    assert json.loads(tobkit("show", A, "--format", "json").out)["derived"]["merged"] == [B, C]


def test_merging_again_is_no_error(tobkit: Tobkit, workspace: Path) -> None:
    tobkit("merge", A, B)
    before = contents(workspace)
    result = tobkit("merge", A, B)
    assert result.code == 0
    assert f"{B} is merged into {A} already." in result.err
    assert contents(workspace) == before


@pytest.mark.parametrize(
    ("first", "arguments", "says"),
    [
        (None, ["merge", A, A], "can't be merged into itself"),
        (None, ["merge", A, "REQ-00000x"], "There is no requirement “REQ-00000x”. Did you mean"),
        (None, ["merge", A, "acme"], "There is no requirement “acme”."),
        (["merge", A, B], ["merge", B, A], f"To keep {B} instead: `tobkit unmerge {B}`, then merge again."),
        (["merge", A, B], ["merge", C, B], f"{B} is merged into {A}. Merge {A} instead"),
        (["distinct", A, B], ["merge", A, B], f"`tobkit set {A} not_duplicate_of-={B}`"),
        (["distinct", A, B], ["merge", B, A], "were recorded as different"),
        (None, ["unmerge", A], "isn't merged into another requirement"),
        (["merge", A, B], ["unmerge", B, A], f"{A} isn't merged"),
        (None, ["distinct", A, A], "can't differ from itself"),
        (["merge", A, B], ["distinct", A, B], "are merged. To take that back"),
        (None, ["distinct", A, "nothing"], "There is no requirement “nothing”."),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_is_written(
    tobkit: Tobkit, workspace: Path, first: list[str] | None, arguments: list[str], says: str
) -> None:
    if first:
        assert tobkit(*first).code == 0
    before = contents(workspace)
    result = tobkit(*arguments)
    assert result.code == 2
    assert says in result.err
    assert contents(workspace) == before


def test_members_of_two_groups_called_different_keep_the_groups_apart(tobkit: Tobkit, workspace: Path) -> None:
    tobkit("merge", A, B)
    assert tobkit("distinct", C, B).code == 0
    result = tobkit("merge", A, C)
    assert result.code == 2
    assert f"`tobkit set {C} not_duplicate_of-={B}`" in result.err


def test_distinct_is_one_line_and_holds_both_ways(tobkit: Tobkit, workspace: Path) -> None:
    assert f"{A}" in tobkit("dedupe", "--threshold", "0.1").out
    assert tobkit("distinct", B, A).code == 0
    assert "merge REQ-00000a REQ-00000b" not in tobkit("dedupe", "--threshold", "0.1").out
    again = tobkit("distinct", A, B)
    assert again.code == 0
    assert "recorded as different already" in again.err
    assert tobkit("set", B, f"not_duplicate_of-={A}").code == 0
    assert "merge REQ-00000a REQ-00000b" in tobkit("dedupe", "--threshold", "0.1").out


# Renumber


@pytest.fixture
def clash(tobkit: Tobkit, workspace: Path) -> str:
    """A second entry with the id of the first, and two notes that name it; the second entry's path."""
    path = "pool/requirements/REQ-00000a-other.md"
    (workspace / path).write_text(
        "---\nid: REQ-00000a # twice\ntitle: Another need\ndate: 2026-04-01\nstatus: new\n---\n\nWe need this as well, badly.\n"
    )
    (workspace / "pool/notes").mkdir()
    for id in ("NOTE-00000a", "NOTE-00000b"):
        (workspace / f"pool/notes/{id}.md").write_text(
            f"---\nid: {id}\ndate: 2026-04-02\ncustomer: acme\nsource: sales\nrequirements:\n  - REQ-00000a\n  - REQ-00000b\n---\n"
        )
    assert tobkit("check", "--quiet").code == 1
    return path


def test_renumber_ends_a_clash(tobkit: Tobkit, workspace: Path, clash: str) -> None:
    result = tobkit("renumber", clash, "--refs", "pool/notes/NOTE-00000b.md")
    assert result.code == 0, result.err
    new = workspace / result.out.strip()
    assert new.name.endswith("-other.md")
    assert not (workspace / clash).exists()
    id = new.name[:10]
    assert f"id: {id} # twice" in new.read_text()
    assert "These go on meaning the other REQ-00000a: pool/notes/NOTE-00000a.md" in result.err
    assert tobkit("check", "--quiet").code == 0
    assert json.loads(tobkit("show", "NOTE-00000b", "--format", "json").out)["fields"]["requirements"] == sorted(
        [id, B]
    )
    assert json.loads(tobkit("show", "NOTE-00000a", "--format", "json").out)["fields"]["requirements"] == [A, B]


def test_several_files_may_stand_behind_refs(
    tobkit: Tobkit, workspace: Path, clash: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(workspace / "pool" / "notes")
    result = tobkit("renumber", f"../../{clash}", "--refs", "NOTE-00000a.md", "NOTE-00000b.md")
    assert result.code == 0
    for note in ("NOTE-00000a", "NOTE-00000b"):
        assert A not in json.loads(tobkit("show", note, "--format", "json").out)["fields"]["requirements"]


def test_references_never_go_dead(tobkit: Tobkit, workspace: Path, clash: str) -> None:
    (workspace / clash).unlink()
    before = contents(workspace)
    result = tobkit("renumber", "pool/requirements/REQ-00000a-bulk-export.md")
    assert result.code == 2
    assert "pool/notes/NOTE-00000a.md, pool/notes/NOTE-00000b.md. Name them behind --refs." in result.err
    assert contents(workspace) == before


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["tobkit.toml"], "holds no entry that can be read"),
        (["pool/customers/acme.md"], "only ids that tobkit drew"),
        (["missing.md"], "There is no file or folder missing.md."),
        (["/"], "isn't in the workspace"),
        (["pool/requirements/REQ-00000c-dark.md", "--refs", "tobkit.toml"], "tobkit.toml holds no entry"),
        (["pool/requirements/REQ-00000c-dark.md", "pool/customers/acme.md"], "One FILE at a time"),
    ],
)
def test_renumber_says_what_it_cannot_do(tobkit: Tobkit, workspace: Path, arguments: list[str], says: str) -> None:
    before = contents(workspace)
    result = tobkit("renumber", *arguments)
    assert result.code == 2
    assert says in result.err
    assert contents(workspace) == before
