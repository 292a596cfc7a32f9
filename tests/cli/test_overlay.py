"""`--overlay`: confidential fields from outside the pool, for reading only."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Tobkit


@pytest.fixture
def overlay(workspace: Path) -> Path:
    folder = workspace.parent / "secret"
    (folder / "customers").mkdir(parents=True)
    write(folder, "renewal: 2027-01-01\nbusiness:\n  pains: 对账慢\n")
    return folder


def write(folder: Path, fields: str, id: str = "acme") -> None:
    (folder / "customers" / f"{id}.md").write_text(f"---\nid: {id}\n{fields}---\n", "utf-8")


def fields(tobkit: Tobkit, *options: str) -> dict[str, object]:
    found: dict[str, object] = json.loads(tobkit("show", "acme", "--format", "json", *options).out)["fields"]
    return found


def test_it_adds_fields_and_says_so(tobkit: Tobkit, overlay: Path) -> None:
    plain = fields(tobkit)
    assert fields(tobkit, "--overlay", "../secret") == {
        **plain,
        "renewal": "2027-01-01",
        "business": {"pains": "对账慢"},
    }
    assert "With the confidential fields in ../secret" in tobkit("rank", "--overlay", "../secret").err
    assert tobkit("rank").err == ""
    assert tobkit("check", "--overlay", "../secret", "--strict").code == 0


def test_the_environment_names_it_too(tobkit: Tobkit, overlay: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOBKIT_OVERLAY", str(overlay))
    assert fields(tobkit)["renewal"] == "2027-01-01"
    monkeypatch.setenv("TOBKIT_OVERLAY", "")
    assert "renewal" not in fields(tobkit)


def test_it_may_be_a_workspace_of_its_own(tobkit: Tobkit, overlay: Path) -> None:
    (overlay / "pool").mkdir()
    (overlay / "customers").rename(overlay / "pool" / "customers")
    assert fields(tobkit, "--overlay", str(overlay))["renewal"] == "2027-01-01"


def test_edits_do_not_look_at_it(tobkit: Tobkit, workspace: Path, overlay: Path) -> None:
    before = {file: file.read_bytes() for file in overlay.rglob("*.md")}
    assert tobkit("set", "acme", "region=华东", "--overlay", "../secret").code == 0
    assert "renewal" not in (workspace / "pool/customers/acme.md").read_text("utf-8")
    assert tobkit("check", "--fix", "--overlay", "../secret").code == 0
    assert {file: file.read_bytes() for file in overlay.rglob("*.md")} == before


@pytest.mark.parametrize(
    ("text", "code", "says"),
    [
        ("---\nid: nobody\narr: 1\n---\n", "TOB130", "“nobody”"),
        ("---\narr: 1\n---\n", "TOB130", "doesn't say which entry"),
        ("---\nid: acme\narr: 1\n---\n", "TOB131", "arr is given in pool/customers/acme.md already"),
        ("---\nid: acme\nname: Other\n---\n", "TOB131", "name is given"),
        ("---\nid: acme\nzzz: 1\n---\n", "TOB206", "no key “zzz”"),
        ("---\nid: acme\nrenewal: soon\n---\n", "TOB204", "isn't a date"),
        ("nothing", "TOB101", "front matter"),
        ("\0", "TOB101", ""),
    ],
)
def test_its_faults_are_found_at_their_place(tobkit: Tobkit, overlay: Path, text: str, code: str, says: str) -> None:
    (overlay / "customers" / "x.md").write_text(text, "utf-8")
    result = tobkit("check", "--overlay", "../secret", "--format", "json")
    assert result.code == 1
    found = [one for one in json.loads(result.out)["diagnostics"] if one["path"] == "../secret/customers/x.md"]
    assert found
    if text != "\0":
        assert code in {one["code"] for one in found}
    assert any(says in one["message"] for one in found)
    assert fields(tobkit, "--overlay", "../secret")["name"] == "Acme Trading"


def test_saying_the_same_is_no_fault(tobkit: Tobkit, overlay: Path) -> None:
    write(overlay, "name: Acme Trading\ntier: ka\n")
    assert tobkit("check", "--overlay", "../secret").code == 0


def test_a_folder_that_is_not_there_is_named(tobkit: Tobkit, workspace: Path) -> None:
    result = tobkit("rank", "--overlay", "../nothing")
    assert result.code == 2
    assert "There is no folder ../nothing" in result.err
    assert result.out == ""
