"""The files beside the entries, as loading finds them."""

import os
import unicodedata
from pathlib import Path

import pytest

from tests.store.helpers import SOUND, loaded
from tobkit.store.load import Loaded


def with_files(folder: Path, files: dict[str, str | bytes]) -> Loaded:
    below = {f"pool/{path}": content for path, content in files.items()}
    return loaded(folder, {"pool/requirements/REQ-7f3kq2.md": SOUND} | below)


def test_they_are_found_wherever_they_lie_in_order_of_path(tmp_path: Path) -> None:
    found = with_files(
        tmp_path,
        {
            "requirements/files/REQ-7f3kq2/b.PNG": "1234",
            "requirements/files/REQ-7f3kq2/a.pdf": "",
            "requirements/2026/files/REQ-7f3kq2/c.csv": "",
            "files/acme/d.xlsx": "",
            "elsewhere/files/acme/e.gif": "",
        },
    )
    assert found.attachments is not None
    assert [(each.owner, each.path, each.type, each.size) for each in found.attachments] == [
        ("acme", "pool/elsewhere/files/acme/e.gif", ".gif", 0),
        ("acme", "pool/files/acme/d.xlsx", ".xlsx", 0),
        ("REQ-7f3kq2", "pool/requirements/2026/files/REQ-7f3kq2/c.csv", ".csv", 0),
        ("REQ-7f3kq2", "pool/requirements/files/REQ-7f3kq2/a.pdf", ".pdf", 0),
        ("REQ-7f3kq2", "pool/requirements/files/REQ-7f3kq2/b.PNG", ".png", 4),
    ]
    assert found.files == 1
    assert found.diagnostics == ()


def test_what_lies_beside_an_entrys_folder_or_deeper_has_no_owner(tmp_path: Path) -> None:
    found = with_files(
        tmp_path,
        {
            "requirements/files/loose.png": "",
            "requirements/files/REQ-7f3kq2/more/deep.png": "",
            "requirements/files/.DS_Store": "",
        },
    )
    assert [(each.owner, each.name) for each in found.attachments or ()] == [("", "deep.png"), ("", "loose.png")]


def test_names_are_composed_and_paths_are_as_on_disk(tmp_path: Path) -> None:
    name = unicodedata.normalize("NFD", "naïve.png")
    (found,) = with_files(tmp_path, {f"requirements/files/REQ-7f3kq2/{name}": ""}).attachments or ()
    assert found.name == unicodedata.normalize("NFC", name)
    assert (tmp_path / found.path).is_file()


def test_links_and_odd_names_are_reported_and_passed_over(tmp_path: Path) -> None:
    folder = tmp_path / "pool/requirements/files/REQ-7f3kq2"
    folder.mkdir(parents=True)
    (folder / "passwd.csv").symlink_to("/etc/passwd")
    (folder.parent / "out").symlink_to("/etc")
    (folder / "round").symlink_to(folder)
    try:
        os.mkfifo(folder / "pipe.png")
        (folder / os.fsdecode(b"\xff.png")).write_bytes(b"")
    except OSError:  # a file system that refuses such names
        pytest.skip("no such names here")
    found = with_files(tmp_path, {})
    assert found.attachments == ()
    assert [
        (each.code, each.path.rpartition("/")[2]) for each in sorted(found.diagnostics, key=lambda one: one.code)
    ] == [
        ("TOB117", "out"),
        ("TOB117", "passwd.csv"),
        ("TOB117", "round"),
        ("TOB118", "�.png"),
    ]


def test_a_folder_of_attachments_that_is_a_link(tmp_path: Path) -> None:
    (tmp_path / "pool/requirements").mkdir(parents=True)
    (tmp_path / "pool/requirements/files").symlink_to("/etc")
    found = with_files(tmp_path, {})
    assert found.attachments == ()
    assert [each.code for each in found.diagnostics] == ["TOB117"]
