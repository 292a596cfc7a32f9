"""From files to a pool: what is an entry, what is passed over and said, whatever lies there."""

import gc
import os
import shutil
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.store.helpers import SOUND, codes, front, loaded, place, requirement, workspace
from tobkit.model.diagnostics import Diagnostic, Severity
from tobkit.store.frontmatter import MAX_BYTES, locate
from tobkit.store.load import Loaded, load
from tobkit.store.walk import attachment_folders, attachments
from tobkit.store.workspace import open_workspace

REQ = "pool/requirements/REQ-7f3kq2-export.md"


def only(found: Loaded) -> Diagnostic:
    (diagnostic,) = found.diagnostics
    return diagnostic


def test_entries_of_all_kinds_at_any_depth(tmp_path: Path) -> None:
    found = loaded(
        tmp_path,
        {
            REQ: SOUND,
            "pool/requirements/2026/q1/REQ-7f3kq3.md": front(requirement().replace("q2", "q3")),
            "pool/notes/NOTE-7f3kq2.md": front("id: NOTE-7f3kq2\ndate: 2026-03-05\nsource: sales\ncustomer: acme"),
            "pool/customers/acme.md": front("id: acme\nname: Acme\ntier: ka\nstatus: active"),
            "pool/customers/华东商贸.md": front("id: 华东商贸\nname: 华东\ntier: mid\nstatus: active"),
            "pool/modules/e-invoicing.md": front("id: e-invoicing\nname: E\nstatus: live"),
            "pool/promises/PRM-7f3kq2.md": front(
                "id: PRM-7f3kq2\ndate: 2026-03-05\nby: a\ncustomer: acme\nrequirement: REQ-7f3kq2\n"
                "due: 2026-05-05\nstatus: open"
            ),
            "pool/incidents/INC-7f3kq2.md": front(
                "id: INC-7f3kq2\ndate: 2026-03-05\ntitle: Down\nseverity: sev1\nstatus: open"
            ),
            "pool/organisations/rival.md": front("id: rival\nname: Rival\nrelation: competitor"),
            "pool/exchanges/XCH-7f3kq2.md": front(
                "id: XCH-7f3kq2\ndate: 2026-03-05\norganisation: rival\ndirection: got\nwhat: a lead"
            ),
            "pool/README.md": "About this pool",
            "pool/requirements/files/REQ-7f3kq2/notes.md": "no entry",
            "pool/requirements/notes.txt": "no entry",
            "pool/requirements/.hidden.md": "no entry",
            "pool/.obsidian/x.md": "no entry",
        },
    )
    assert found.diagnostics == ()
    assert found.files == 10
    assert [entry.id for entry in found.entries] == [
        "acme",
        "华东商贸",
        "XCH-7f3kq2",
        "INC-7f3kq2",
        "e-invoicing",
        "NOTE-7f3kq2",
        "rival",
        "PRM-7f3kq2",
        "REQ-7f3kq2",
        "REQ-7f3kq3",
    ]
    assert locate(found.pool.requirements["REQ-7f3kq2"], "title") == (3, 8, 3, 23)


def test_suffix_in_any_case(tmp_path: Path) -> None:
    assert loaded(tmp_path, {"pool/requirements/REQ-7f3kq2.MD": SOUND}).files == 1


# References


def test_aliases_are_resolved(tmp_path: Path) -> None:
    found = loaded(
        tmp_path,
        {
            "pool/customers/acme.md": front(
                "id: acme\nname: A\ntier: ka\nstatus: active\naliases: [Acme Inc, 极光, b]"
            ),
            "pool/customers/b.md": front("id: b\nname: B\ntier: ka\nstatus: active"),
            "pool/modules/mod.md": front("id: mod\nname: M\nstatus: live\naliases: [极光]\nreplaced_by: 极光"),
            REQ: front(requirement("customers: [极光, acme, b, c, Acme Inc]\nmodule: 极光")),
            "pool/notes/NOTE-7f3kq2.md": front("id: NOTE-7f3kq2\ndate: 2026-03-05\nsource: sales\ncustomer: Acme Inc"),
        },
    )
    pool = found.pool
    assert pool.requirements["REQ-7f3kq2"].customers == ("acme", "b", "c")
    assert pool.requirements["REQ-7f3kq2"].module == "mod"
    assert pool.modules["mod"].replaced_by == "mod"
    assert pool.notes["NOTE-7f3kq2"].customer == "acme"


def test_an_own_reference_by_alias(tmp_path: Path) -> None:
    found = loaded(
        tmp_path,
        {
            "pool/customers/acme.md": front("id: acme\nname: A\ntier: ka\nstatus: active\naliases: [极光]"),
            REQ: front(requirement("payer: 极光")),
        },
        '[fields.requirement.payer]\ntype = "reference"\nkind = "customer"\n',
    )
    assert found.diagnostics == ()
    assert found.pool.requirements["REQ-7f3kq2"].model_dump()["payer"] == "acme"


def test_an_id_given_twice_is_reported_at_both_files(tmp_path: Path) -> None:
    other = "pool/requirements/other/REQ-7f3kq2.md"
    found = loaded(tmp_path, {REQ: SOUND, other: SOUND})
    assert [(each.code, each.path, place(each)) for each in found.diagnostics] == [
        ("TOB302", REQ, (2, 5)),
        ("TOB302", other, (2, 5)),
    ]
    assert other in str(found.diagnostics[0].message)
    assert REQ in str(found.diagnostics[1].message)
    assert "renumber" in str(found.diagnostics[0].help)
    assert len(found.entries) == 2
    assert len(found.pool.requirements) == 1


# Names


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("REQ-7f3kq2.md", SOUND, None),
        ("REQ-7f3kq2-导出.md", SOUND, None),
        ("REQ-7f3kq2-cafe\u0301.md", SOUND, None),
        ("REQ-7f3kq2 导出.md", SOUND, "TOB115"),
        ("REQ-7f3kq22.md", SOUND, "TOB115"),
        ("req-7f3kq2.md", SOUND, "TOB115"),
        ("导出.md", SOUND, "TOB115"),
        ("REQ-7f3kq3.md", SOUND, "TOB115"),
        ("REQ-7f3kqi.md", SOUND.replace("kq2", "kqi"), "TOB207"),
        ("REQ-7F3KQ2.md", SOUND.replace("7f3kq2", "7F3KQ2"), "TOB207"),
        ("REQ-7f3kq.md", SOUND.replace("kq2", "kq"), "TOB207"),
        ("NOTE-7f3kq2.md", SOUND.replace("REQ", "NOTE"), "TOB207"),
        ("12.md", SOUND.replace("REQ-7f3kq2", "12"), "TOB207"),
    ],
)
def test_a_files_name_begins_with_its_id(tmp_path: Path, name: str, text: str, code: str | None) -> None:
    found = loaded(tmp_path, {f"pool/requirements/{name}": text})
    assert codes(found) == ([code] if code else [])
    assert all(place(each) == (2, 5) and str(each.help) for each in found.diagnostics)
    assert len(found.pool.requirements) == 1


@pytest.mark.parametrize(
    ("slug", "good"),
    [
        ("acme", True),
        ("华东商贸", True),
        ("a-b.c", True),
        ("AT&T", True),
        ("Ünïcode", True),
        ("a b", False),
        ("a/b", False),
        ("-a", False),
        ("a\u202eb", False),
        ("../x", False),
    ],
)
def test_slugs(tmp_path: Path, slug: str, good: bool) -> None:
    text = front(f"id: '{slug}'\nname: A\ntier: ka\nstatus: active")
    found = loaded(tmp_path, {f"pool/customers/{slug if good else 'x'}.md": text})
    assert codes(found) == ([] if good else ["TOB207"])


def test_decomposed_file_names(tmp_path: Path) -> None:
    found = loaded(
        tmp_path, {"pool/customers/cafe\u0301.md": front("id: caf\u00e9\nname: A\ntier: ka\nstatus: active")}
    )
    assert found.diagnostics == ()
    assert list(found.pool.customers) == ["caf\u00e9"]


def test_what_cannot_be_read_still_exists(tmp_path: Path) -> None:
    found = loaded(
        tmp_path,
        {
            REQ: "---\ntitle: [\n---\n",
            "pool/requirements/REQ-7f3kq3-x.md": front("title: no id"),
            "pool/customers/acme.md": b"\xff",
        },
    )
    assert found.pool.unread == {("requirement", "REQ-7f3kq2"), ("requirement", "REQ-7f3kq3"), ("customer", "acme")}
    assert found.files == 3


# What lies in a pool besides


def test_files_outside_the_kinds_folders(tmp_path: Path) -> None:
    found = loaded(
        tmp_path,
        {"pool/x.md": SOUND, "pool/Requirements/y.md": SOUND, "pool/old/z/w.md": SOUND, "pool/old/notes.txt": ""},
    )
    assert sorted((each.code, each.severity, each.path) for each in found.diagnostics) == [
        ("TOB116", Severity.WARNING, "pool/Requirements/y.md"),
        ("TOB116", Severity.WARNING, "pool/old/z/w.md"),
        ("TOB116", Severity.WARNING, "pool/x.md"),
    ]
    assert "requirements/" in str(found.diagnostics[0].help)
    assert found.files == 0


@pytest.mark.parametrize(
    ("make", "code", "path"),
    [
        (lambda here: (here / "REQ-7f3kq2.md").mkdir(), "TOB118", "pool/requirements/REQ-7f3kq2.md"),
        (lambda here: os.mkfifo(here / "REQ-7f3kq2.md"), "TOB118", "pool/requirements/REQ-7f3kq2.md"),
        (lambda here: (here / "a.md").symlink_to("/etc/passwd"), "TOB117", "pool/requirements/a.md"),
        (lambda here: (here / "a.md").symlink_to("nowhere"), "TOB117", "pool/requirements/a.md"),
        (lambda here: (here / "a.md").symlink_to("a.md"), "TOB117", "pool/requirements/a.md"),
        (lambda here: (here / "round").symlink_to(here), "TOB117", "pool/requirements/round"),
        (lambda here: (here / "out").symlink_to("/"), "TOB117", "pool/requirements/out"),
        (lambda here: (here.parent / "notes").symlink_to(here), "TOB117", "pool/notes"),
        (lambda here: (here / os.fsdecode(b"\xff.md")).touch(), "TOB118", "pool/requirements/\ufffd.md"),
        (lambda here: (here / os.fsdecode(b"\xff")).mkdir(), "TOB118", "pool/requirements/\ufffd"),
    ],
)
def test_what_is_no_regular_file(tmp_path: Path, make: object, code: str, path: str) -> None:
    root = workspace(tmp_path, {}).root
    here = root / "pool/requirements"
    here.mkdir()
    make(here)  # type: ignore[operator]
    (here / "REQ-7f3kq9.md").write_text(SOUND.replace("kq2", "kq9"))
    found = load(open_workspace(root))
    said = only(found)
    assert (said.code, said.path, place(said)) == (code, path, (1, 1))
    assert str(said.help)
    assert list(found.pool.requirements) == ["REQ-7f3kq9"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="nothing is unreadable to root")
def test_an_unreadable_file(tmp_path: Path) -> None:
    root = workspace(tmp_path, {REQ: SOUND}).root
    (root / REQ).chmod(0)
    said = only(load(open_workspace(root)))
    assert (said.code, said.path) == ("TOB118", REQ)


def test_a_file_that_vanishes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = os.open

    def gone(file: str, *rest: int) -> int:
        Path(file).unlink()
        return opened(file, *rest)

    there = workspace(tmp_path, {REQ: SOUND})
    monkeypatch.setattr(os, "open", gone)
    found = load(there)
    assert only(found).code == "TOB118"
    assert found.pool.unread == {("requirement", "REQ-7f3kq2")}


@pytest.mark.parametrize("size", [65_535, 65_536, 65_537, MAX_BYTES - 1, MAX_BYTES])
def test_large_files_are_read_whole(tmp_path: Path, size: int) -> None:
    found = loaded(tmp_path, {REQ: SOUND + "x" * (size - len(SOUND))})
    assert found.diagnostics == ()
    assert len(found.pool.requirements["REQ-7f3kq2"].body) == size - len(SOUND) + len(
        "Three thousand invoices, one by one.\n"
    )


@pytest.mark.parametrize("size", [MAX_BYTES + 1, 2 * MAX_BYTES, 100 * MAX_BYTES])
def test_files_that_are_too_large_are_not(tmp_path: Path, size: int) -> None:
    there = workspace(tmp_path, {REQ: SOUND})
    with (there.root / REQ).open("r+b") as stream:
        stream.truncate(size)
    assert only(load(there)).code == "TOB109"


def test_no_pool_folder(tmp_path: Path) -> None:
    (tmp_path / "tobkit.toml").touch()
    said = only(load(open_workspace(tmp_path)))
    assert (said.code, said.path, said.severity) == ("TOB118", "pool", Severity.ERROR)
    assert "pool" in str(said.message)


def test_a_pool_folder_that_leads_out_is_not_followed(tmp_path: Path) -> None:
    outside, inside = tmp_path / "outside", tmp_path / "inside"
    outside.mkdir()
    inside.mkdir()
    workspace(outside, {REQ: SOUND})
    (inside / "tobkit.toml").touch()
    (inside / "pool").symlink_to(outside / "pool")
    found = load(open_workspace(inside))
    assert (only(found).code, only(found).severity, found.files) == ("TOB117", Severity.ERROR, 0)


def test_another_pool_folder(tmp_path: Path) -> None:
    found = loaded(tmp_path, {"data/backlog/requirements/REQ-7f3kq2.md": SOUND}, '[pool]\npath = "data/backlog/"\n')
    assert found.pool.requirements["REQ-7f3kq2"].path == "data/backlog/requirements/REQ-7f3kq2.md"


# Contents that stand for files


def test_contents_instead_of_files_and_new_ones(tmp_path: Path) -> None:
    there = workspace(tmp_path, {REQ: SOUND})
    new = {
        REQ: SOUND.replace("Export invoices", "Changed").encode(),
        "pool/requirements/2026/REQ-7f3kq3.md": SOUND.replace("kq2", "kq3").encode(),
        "pool/elsewhere/REQ-7f3kq4.md": SOUND.encode(),
        "outside.md": SOUND.encode(),
    }
    found = load(there, new)
    assert {key: entry.title for key, entry in found.pool.requirements.items()} == {
        "REQ-7f3kq2": "Changed",
        "REQ-7f3kq3": "Export invoices",
    }
    assert not (there.root / "pool/requirements/2026").exists()
    assert load(there).pool.requirements["REQ-7f3kq2"].title == "Export invoices"


def test_contents_without_a_pool_folder(tmp_path: Path) -> None:
    (tmp_path / "tobkit.toml").touch()
    found = load(open_workspace(tmp_path), {REQ: SOUND.encode()})
    assert list(found.pool.requirements) == ["REQ-7f3kq2"]


# As a whole


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.one_of(st.binary(max_size=60), st.text(max_size=40).map(lambda t: front(t).encode())), max_size=4))
def test_any_bytes_give_a_pool(tmp_path: Path, files: list[bytes]) -> None:
    shutil.rmtree(tmp_path / "pool", ignore_errors=True)
    kinds = ["requirements", "customers", "notes", "incidents"]
    paths = {f"pool/{kinds[n]}/x{n}.md": data for n, data in enumerate(files)}
    found = loaded(tmp_path, paths)
    assert found.files == len(files)
    assert {each.path for each in found.diagnostics} == set(paths)
    assert len(found.entries) + len(found.pool.unread) >= len(files)


def test_the_order_is_that_of_the_paths(tmp_path: Path) -> None:
    names = ["b/REQ-00000c.md", "a/REQ-00000d.md", "REQ-00000b.md", "REQ-00000a.md"]
    files = {f"pool/requirements/{name}": SOUND.replace("7f3kq2", name[-9:-3]) for name in names}
    first = loaded(tmp_path, files)
    assert [entry.id for entry in first.entries] == ["REQ-00000a", "REQ-00000b", "REQ-00000d", "REQ-00000c"]
    assert list(first.pool.requirements) == ["REQ-00000a", "REQ-00000b", "REQ-00000c", "REQ-00000d"]


@pytest.mark.parametrize("enabled", [True, False])
def test_the_garbage_collector_is_as_before(tmp_path: Path, enabled: bool) -> None:
    try:
        (gc.enable if enabled else gc.disable)()
        loaded(tmp_path, {REQ: SOUND})
        assert gc.isenabled() is enabled
    finally:
        gc.enable()


def test_nothing_in_the_pool_changes(tmp_path: Path) -> None:
    there = workspace(tmp_path, {REQ: SOUND.replace("\n", "\r\n"), "pool/customers/x.md": b"\xff"})
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in there.root.rglob("*") if path.is_file()}
    load(there)
    assert before == {
        path: (path.read_bytes(), path.stat().st_mtime_ns) for path in there.root.rglob("*") if path.is_file()
    }


def test_time_grows_with_the_number_of_files(tmp_path: Path) -> None:
    def seconds(count: int) -> float:
        folder = tmp_path / str(count)
        folder.mkdir()
        there = workspace(
            folder, {f"pool/requirements/REQ-{n:06d}.md": SOUND.replace("7f3kq2", f"{n:06d}") for n in range(count)}
        )
        began = time.process_time()
        assert load(there).diagnostics == ()
        return time.process_time() - began

    few, many = seconds(100), seconds(1000)
    assert many < 40 * few  # ten times as many; the rest is for a busy machine


def test_attachments(tmp_path: Path) -> None:
    there = workspace(
        tmp_path,
        {
            "pool/requirements/files/REQ-7f3kq2/b.png": "b",
            "pool/requirements/files/REQ-7f3kq2/a.pdf": "a",
            "pool/requirements/2026/files/REQ-7f3kq3/c.csv": "c",
            "pool/files/acme/d.csv": "d",
            "pool/requirements/files/loose.txt": "",
        },
    )
    (there.root / "pool/requirements/files/REQ-7f3kq2/out.png").symlink_to("/etc/passwd")
    (there.root / "pool/requirements/files/out").symlink_to("/etc")
    found = {
        entry: [path.name for path in attachments(folder)] for entry, folder in attachment_folders(there.pool_folder)
    }
    assert found == {"acme": ["d.csv"], "REQ-7f3kq2": ["a.pdf", "b.png"], "REQ-7f3kq3": ["c.csv"]}
