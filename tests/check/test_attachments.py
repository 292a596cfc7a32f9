"""Files beside entries, and links to files."""

from pathlib import Path

import pytest

from tests.check.helpers import BODY, TODAY, codes, findings, workspace
from tobkit.check import check, unsound
from tobkit.model.diagnostics import Diagnostic, Severity
from tobkit.store.load import load
from tobkit.store.workspace import open_workspace

REQ = "requirements/REQ-00000a.md"
SCREEN = "pool/requirements/files/REQ-00000a/screen.png"


def linking(*links: str) -> list[str]:
    return ["title: A", "---", BODY, *(f"[x]({link})" for link in links)]


def about(folder: Path, links: list[str], *attachments: str) -> list[Diagnostic]:
    return findings(folder, {REQ: linking(*links), **{path: ["x"] for path in attachments}})


def test_a_linked_attachment_is_fine_however_the_link_is_written(tmp_path: Path) -> None:
    odd = "pool/requirements/files/REQ-00000a/一 张 (2).png"
    links = ["files/REQ-00000a/screen.png", "./files/REQ-00000a/../REQ-00000a/screen.png?a#b"]
    links += ["<files/REQ-00000a/一 张 (2).png>", "files/REQ-00000a/%E4%B8%80%20%E5%BC%A0%20(2).png"]
    assert about(tmp_path, links, SCREEN, odd) == []


def test_a_link_by_definition_counts(tmp_path: Path) -> None:
    files = {REQ: ["title: A", "---", BODY, "![x][s]", "", "[s]: files/REQ-00000a/screen.png"], SCREEN: ["x"]}
    assert findings(tmp_path, files) == []


@pytest.mark.parametrize(
    ("link", "help"),
    [
        ("files/REQ-00000a/screne.png", "Did you mean files/REQ-00000a/screen.png?"),
        ("screen.png", "Did you mean files/REQ-00000a/screen.png?"),
        ("../files/REQ-00000a/screen.png", "Did you mean files/REQ-00000a/screen.png?"),
        ("files%5CREQ-00000a%5Cscreen.png", "Did you mean files/REQ-00000a/screen.png?"),
        (
            "files/REQ-00000a/other-thing.docx",
            "Put the file into files/REQ-00000a/ beside the entry, and link it as files/REQ-00000a/other-thing.docx.",
        ),
    ],
)
def test_a_link_to_nothing_names_what_was_meant(link: str, help: str, tmp_path: Path) -> None:
    (found,) = about(tmp_path, ["files/REQ-00000a/screen.png", link], SCREEN)
    assert found.code == "TOB312"
    assert found.severity is Severity.WARNING
    assert str(found.help) == help
    assert found.span[:2] == (9, 5)


@pytest.mark.parametrize(
    "link",
    [
        "https://acme.example/a.png",
        "//acme.example/a.png",
        "/a.png",
        "#a.png",
        "mailto:a@acme.example",
        "REQ-00000z",
        "%00",
    ],
)
def test_other_links_are_not_judged(link: str, tmp_path: Path) -> None:
    assert about(tmp_path, [link]) == []


def test_links_in_code_are_not_judged(tmp_path: Path) -> None:
    body = [BODY, "`[x](files/REQ-00000a/a.png)`", "```", "![x](files/REQ-00000a/a.png)", "[x](REQ-00000b.md)", "```"]
    assert findings(tmp_path, {REQ: ["title: A", "---", *body]}) == []


def test_without_a_listing_nothing_is_said_of_attachments(tmp_path: Path) -> None:
    loaded = load(open_workspace(workspace(tmp_path, {REQ: linking("files/REQ-00000a/gone.png")})))
    assert check(loaded.pool, loaded.diagnostics, today=TODAY) == []
    assert codes(check(loaded.pool, loaded.diagnostics, today=TODAY, attachments=loaded.attachments)) == ["TOB312"]


def test_what_must_not_be_published_stops_a_build(tmp_path: Path) -> None:
    folder = tmp_path / "pool/requirements/files/REQ-00000a"
    folder.mkdir(parents=True)
    (folder / "big.pdf").write_bytes(b"x" * (5 * 1024 * 1024 + 1))
    (folder / "most.pdf").write_bytes(b"x" * (5 * 1024 * 1024))
    for name in ("a.svg", "b.HTML", "noending", "c.PNG"):
        (folder / name).write_bytes(b"x")
    names = ("big.pdf", "most.pdf", "a.svg", "b.HTML", "noending", "c.PNG")
    found = findings(tmp_path, {REQ: linking(*(f"files/REQ-00000a/{name}" for name in names))})
    assert [(each.code, each.path.rpartition("/")[2]) for each in found] == [
        ("TOB122", "a.svg"),
        ("TOB122", "b.HTML"),
        ("TOB121", "big.pdf"),
        ("TOB122", "noending"),
    ]
    assert len(unsound(found)) == 4
    assert "5.0 MiB" in str(found[2].message)


@pytest.mark.parametrize(
    ("folder", "help"),
    [
        ("REQ-00000b", "Did you mean REQ-00000a (A)? Rename the folder to its id."),
        ("华东贸易", "It is an alias of 华东商贸 (华东商贸有限公司): rename the folder to 华东商贸."),
        ("something-else", "Rename the folder to the id of its entry, or delete it."),
    ],
)
def test_a_folder_of_no_entry_is_told_once(folder: str, help: str, tmp_path: Path) -> None:
    paths = [f"pool/requirements/files/{folder}/{name}.png" for name in "ab"]
    (found,) = about(tmp_path, [], *paths)
    assert (found.code, found.path) == ("TOB315", paths[0])
    assert str(found.help) == help


def test_files_beside_the_folders(tmp_path: Path) -> None:
    found = about(tmp_path, [], "pool/requirements/files/loose.png", "pool/requirements/files/REQ-00000a/more/deep.png")
    assert codes(found) == ["TOB315", "TOB315"]
    assert {str(each.message) for each in found} == {"The file belongs to no entry."}


def test_entries_of_any_kind_and_unread_ones_own_attachments(tmp_path: Path) -> None:
    files: dict[str, list[str] | str] = {
        "customers/acme.md": ["name: Acme", "---", "[contract](files/acme/contract.pdf)"],
        "pool/customers/files/acme/contract.pdf": ["x"],
        "customers/contoso.md": "not an entry\n",
        "pool/customers/files/contoso/a.pdf": ["x"],
    }
    assert codes(findings(tmp_path, files)) == ["TOB101", "TOB316"]


def test_an_unused_attachment_is_only_a_hint(tmp_path: Path) -> None:
    (found,) = about(tmp_path, [], "pool/requirements/files/REQ-00000a/一张 图.png")
    assert (found.code, found.severity) == ("TOB316", Severity.INFO)
    assert "[…](files/REQ-00000a/%E4%B8%80" in str(found.help)


def test_anothers_attachment(tmp_path: Path) -> None:
    (found,) = about(tmp_path, ["files/REQ-00000z/a.png"], "pool/requirements/files/REQ-00000z/a.png")
    assert found.code == "TOB314"
    assert "REQ-00000z" in str(found.message)
    assert "files/REQ-00000a/" in str(found.help)


@pytest.mark.parametrize(
    ("link", "help"),
    [
        ("REQ-00000z-old-title.md", "Did you mean REQ-00000z.md?"),
        ("customers/acme.md", "Did you mean ../customers/acme.md?"),
        ("../customers/acme-inc.md", "Did you mean ../customers/acme.md?"),
        ("../customers/%E5%8D%8E%E4%B8%9C%E8%B4%B8%E6%98%93.md", "Did you mean ../customers/华东商贸.md?"),
        ("REQ-999999.md", "Write the file's name as it is now, or delete the link."),
    ],
)
def test_a_dead_link_to_an_entry(link: str, help: str, tmp_path: Path) -> None:
    (found,) = about(tmp_path, [link])
    assert found.code == "TOB313"
    assert str(found.help) == help


def test_links_to_entries_that_cannot_be_read_or_lie_outside(tmp_path: Path) -> None:
    files: dict[str, list[str] | str] = {
        REQ: linking("REQ-00000z.md#part", "../customers/contoso.md", "../../docs/other.md", "../README.md"),
        "customers/contoso.md": "not an entry\n",
    }
    assert codes(findings(tmp_path, files)) == ["TOB101"]
