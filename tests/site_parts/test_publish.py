import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tobkit.site import publish
from tobkit.site.publish import MARKER, BadOutput, BadPath, Busy, NotOurs, Publisher, PublishError

OLD = {"index.html": "old", "customers/acme.html": "old", "gone.html": "old"}
NEW = {"index.html": "new", "customers/acme.html": "new", "客户/华东商贸.html": "new"}
DOT_FILES = {".git/HEAD": "ref: refs/heads/main", ".gitignore": "*", ".nojekyll": ""}


def build(output: Path, files: dict[str, str]) -> None:
    with Publisher(output) as publisher:
        for path, content in files.items():
            publisher.add(path, content)
        publisher.publish()


def write(folder: Path, files: dict[str, str]) -> None:
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(content)


def tree(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != MARKER
    }


def beside(output: Path) -> list[str]:
    return [path.name for path in output.parent.iterdir() if path != output]


@pytest.fixture(params=["exchange", "rename"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """Both ways of taking the output's place; the first only where the system has it."""
    if request.param == "rename":
        monkeypatch.setattr(publish, "exchange", lambda one, other: False)
    else:
        one, other = tmp_path / "probe" / "a", tmp_path / "probe" / "b"
        one.mkdir(parents=True)
        other.mkdir()
        if not publish.exchange(one, other):
            pytest.skip("this file system can't exchange folders")
    return str(request.param)


# ---- what is written --------------------------------------------------------------------------------------------------


def test_a_site_appears_whole_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    output = tmp_path / "deep" / "site"
    build(output, NEW)
    assert tree(output) == NEW
    assert (output / MARKER).is_file()
    assert beside(output) == []


def test_the_next_site_replaces_it_but_for_dot_files(tmp_path: Path, way: str) -> None:
    output = tmp_path / "out" / "site"
    build(output, OLD)
    write(output, DOT_FILES)
    (output / ".link").symlink_to("nowhere")
    build(output, {**NEW, ".nojekyll": "theirs"})
    assert tree(output) == {**NEW, **DOT_FILES}
    assert (output / ".link").is_symlink()
    assert beside(output) == []


def test_nothing_is_written_before_publish(tmp_path: Path) -> None:
    output = tmp_path / "site"
    build(output, OLD)
    with Publisher(output) as publisher:
        publisher.add("index.html", "new")
        assert tree(output) == OLD
    assert tree(output) == OLD
    assert beside(output) == []


def test_a_folder_with_only_dot_files_counts_as_empty(tmp_path: Path, way: str) -> None:
    output = tmp_path / "out" / "site"
    write(output, DOT_FILES)
    build(output, NEW)
    assert tree(output) == {**NEW, **DOT_FILES}


def test_a_folder_that_tobkit_did_not_make_is_left_alone(tmp_path: Path) -> None:
    output = tmp_path / "thesis"
    write(output, {"chapter.md": "years of work", ".git/HEAD": "x"})
    with pytest.raises(NotOurs, match=r"chapter\.md"):
        Publisher(output)
    assert tree(output) == {"chapter.md": "years of work", ".git/HEAD": "x"}


def test_a_folder_that_gets_foreign_files_during_the_build_is_left_alone(tmp_path: Path) -> None:
    output = tmp_path / "site"
    publisher = Publisher(output)
    publisher.add("index.html", "new")
    write(output, {"chapter.md": "years of work"})
    with pytest.raises(NotOurs):
        publisher.publish()
    assert tree(output) == {"chapter.md": "years of work"}
    assert beside(output) == []


@pytest.mark.skipif(sys.platform == "win32", reason="no modes there")
def test_modes_do_not_depend_on_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        build(tmp_path / "site", NEW)
    finally:
        os.umask(before)
    modes = {path.is_dir(): stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "site").rglob("*")}
    assert modes == {True: 0o755, False: 0o644}
    assert stat.S_IMODE((tmp_path / "site").stat().st_mode) == 0o755


def test_copies(tmp_path: Path) -> None:
    source = tmp_path / "a.png"
    source.write_bytes(b"\x89PNG\r\n" + bytes(range(256)) * 10_000)
    with Publisher(tmp_path / "site") as publisher:
        publisher.copy("files/REQ-7f3kq2/a.png", source)
        assert publisher.paths == ["files/REQ-7f3kq2/a.png"]
        publisher.publish()
    assert (tmp_path / "site/files/REQ-7f3kq2/a.png").read_bytes() == source.read_bytes()


def a_link(path: Path) -> None:
    path.symlink_to("/etc/hostname")


@pytest.mark.skipif(sys.platform == "win32", reason="neither links nor pipes there")
@pytest.mark.parametrize(
    "make", [a_link, os.mkfifo, Path.mkdir, lambda path: None], ids=["link", "pipe", "folder", "gone"]
)
def test_only_files_are_copied(tmp_path: Path, make: Callable[[Path], None]) -> None:
    make(tmp_path / "a.png")
    with pytest.raises(PublishError, match=r"a\.png"), Publisher(tmp_path / "site") as publisher:
        publisher.copy("a.png", tmp_path / "a.png")
    assert not (tmp_path / "site").exists()


# ---- what may not be --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "output",
    [".", "..", "pool", "pool/site", "pool/deep/site", "templates/site", "POOL/../pool/x", ".git/site", "file", "link"],
)
def test_outputs_that_would_destroy_something(tmp_path: Path, output: str) -> None:
    workspace = tmp_path / "workspace"
    write(workspace, {"pool/a.md": "a", "file": "x", ".git/HEAD": "x"})
    (workspace / "link").symlink_to(tmp_path)
    before = tree(tmp_path)
    with pytest.raises(BadOutput):
        Publisher(workspace / output, workspace, [workspace / "pool", workspace / "templates"])
    assert tree(tmp_path) == before


def test_an_output_reached_by_a_link_is_seen_through(tmp_path: Path) -> None:
    write(tmp_path / "workspace", {"pool/a.md": "a"})
    (tmp_path / "alias").symlink_to(tmp_path / "workspace")
    with pytest.raises(BadOutput):
        Publisher(tmp_path / "alias" / "pool" / "site", tmp_path / "workspace", [tmp_path / "workspace" / "pool"])


def test_an_output_beside_the_pool_is_fine(tmp_path: Path) -> None:
    write(tmp_path, {"pool/a.md": "a"})
    Publisher(tmp_path / "site", tmp_path, [tmp_path / "pool", tmp_path / "templates"])
    Publisher(tmp_path / "poolsite", tmp_path, [tmp_path / "pool", tmp_path / "templates"])


@pytest.mark.parametrize(
    "path",
    [
        *(
            "",
            "/etc/passwd",
            "../x",
            "a/../../x",
            "a//b",
            "a/./b",
            "a/",
            "C:x",
            "a\\b",
            "a\0b",
            "a\nb",
            "a?b",
            "x ",
            "x.",
        ),
        *(
            "con",
            "NUL.html",
            "a/aux.txt",
            "com1",
            "LPT9.x",
            "com¹",
            ".git/config",
            ".GIT",
            "长" * 100 + ".html",
            MARKER,
        ),
    ],
)
def test_paths_that_no_site_can_have(tmp_path: Path, path: str) -> None:
    with pytest.raises(BadPath):
        build(tmp_path / "site", {path: "x"})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("a.html", "a.html"),
        ("a.html", "A.html"),
        ("Straße.html", "STRASSE.html"),
        ("caf\u00e9.html", "cafe\u0301.html"),
        ("Customers/a.html", "customers/b.html"),
        ("a/b.html", "a"),
        ("a", "a/b.html"),
        ("A", "a/b/c.html"),
    ],
)
def test_paths_that_get_in_each_other_s_way(tmp_path: Path, first: str, second: str) -> None:
    publisher = Publisher(tmp_path / "site")
    publisher.add(first, "x")
    with pytest.raises(BadPath) as caught:
        publisher.add(second, "y")
    assert all(path in str(caught.value) or path.split("/")[0] in str(caught.value) for path in (first, second))


# ---- refused, busy, killed --------------------------------------------------------------------------------------------


def test_two_builds_at_once(tmp_path: Path) -> None:
    output = tmp_path / "site"
    with Publisher(output) as first:
        other = Publisher(output)
        first.add("index.html", "first")
        with pytest.raises(Busy, match="right now"):
            Publisher(output)
        with pytest.raises(Busy):
            other.add("index.html", "other")
        first.publish()
    assert tree(output) == {"index.html": "first"}
    build(output, NEW)
    assert tree(output) == NEW


def test_a_full_disk_leaves_the_old_site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    output = tmp_path / "site"
    build(output, OLD)
    real, calls = os.write, 0

    def write_once(descriptor: int, content: bytes) -> int:
        nonlocal calls
        calls += 1
        if calls > 2:
            raise OSError(28, "No space left on device")
        return real(descriptor, content[:2])

    monkeypatch.setattr(os, "write", write_once)
    with pytest.raises(PublishError, match="disk is full") as caught:
        build(output, NEW)
    monkeypatch.undo()
    assert "\n" not in str(caught.value)
    assert tree(output) == OLD
    assert beside(output) == []


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written(tmp_path: Path) -> None:
    parent = tmp_path / "closed"
    parent.mkdir()
    parent.chmod(0o555)
    with pytest.raises(PublishError, match="may not write"):
        build(parent / "site", NEW)


def test_short_writes_are_continued(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, content: real(descriptor, content[:7]))
    build(tmp_path / "site", {"a.html": "0123456789" * 10})
    assert tree(tmp_path / "site") == {"a.html": "0123456789" * 10}


KILLED = """
import os, sys
from pathlib import Path
from tobkit.site import publish

steps = int(sys.argv[2])
if sys.argv[3] == "rename":
    publish.exchange = lambda one, other: False
else:
    import ctypes
output, armed = Path(sys.argv[1]), False

def count(event, arguments):
    global steps
    if armed and event in {"open", "os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.listdir", "os.scandir", "os.chmod"}:
        steps -= 1
        if steps < 0:
            os._exit(9)

sys.addaudithook(count)
publisher = publish.Publisher(output)
armed = True
publisher.add("index.html", "new")
publisher.add("customers/acme.html", "new")
publisher.publish()
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills itself by forking")
@pytest.mark.parametrize("before", ["nothing", "dot-files", "a site"])
def test_killed_at_any_moment(tmp_path: Path, way: str, before: str) -> None:
    """Whatever step a build is killed before: the old site or the new one stands, and the next run mends the rest."""
    output = tmp_path / "out" / "site"
    output.parent.mkdir()
    old = OLD if before == "a site" else {}
    dots = {} if before == "nothing" else DOT_FILES
    new = {"index.html": "new", "customers/acme.html": "new"}
    reached = []
    finished = False
    while not finished:
        if old:
            build(output, old)
        write(output, dots)
        finished = killed_before(len(reached), output, way)
        between = way == "rename" and before != "nothing" and not output.exists()
        found = pages(output)
        assert between or found in (old, new)
        Publisher(output)  # the next run
        assert beside(output) == []
        assert pages(output) == (new if between else found) or (found == {} and before == "nothing")
        if output.exists():
            assert dot_files(output) == dots
        build(output, NEW)
        assert tree(output) == {**NEW, **dots}
        remove(output)
        reached.append(found)
    assert old in reached
    assert new in reached
    assert len(reached) > 10


def pages(output: Path) -> dict[str, str]:
    return {path: text for path, text in tree(output).items() if not path.startswith(".")}


def dot_files(output: Path) -> dict[str, str]:
    return {path: text for path, text in tree(output).items() if path.startswith(".")}


def killed_before(step: int, output: Path, way: str) -> bool:
    """Run a build in a child that dies before its nth step; whether it got to the end."""
    child = os.fork()
    if child == 0:
        sys.argv = ["", str(output), str(step), way]
        try:
            exec(compile(KILLED, "killed", "exec"), {})
            os._exit(0)
        finally:
            os._exit(1)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert status in {0, 9}
    return status == 0


def remove(folder: Path) -> None:
    subprocess.run(["rm", "-rf", str(folder)], check=True)
