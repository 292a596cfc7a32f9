"""The repository around a workspace: what git knows, and that nothing in it becomes an option or runs."""

import os
import subprocess
from datetime import date
from pathlib import Path

import pytest

from tobkit.errors import TobkitError
from tobkit.store.git import Repository, init_repository

ENVIRONMENT = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    "GIT_AUTHOR_NAME": "A",
    "GIT_AUTHOR_EMAIL": "a@example.com",
    "GIT_COMMITTER_NAME": "A",
    "GIT_COMMITTER_EMAIL": "a@example.com",
    "GIT_AUTHOR_DATE": "2026-03-05T23:30:00+0800",
    "GIT_COMMITTER_DATE": "2026-03-06T10:00:00+0000",
}


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("GIT_"):
            monkeypatch.delenv(name)
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)


def git(folder: Path, *arguments: str) -> str:
    return subprocess.run(
        ["git", "-C", str(folder), *arguments], check=True, capture_output=True, text=True, errors="surrogateescape"
    ).stdout


def write(folder: Path, *names: str, text: str = "x\n") -> None:
    for name in names:
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)


def commit(folder: Path, *names: str, text: str = "x\n") -> str:
    write(folder, *names, text=text)
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "-m", "message")
    return git(folder, "rev-parse", "HEAD").strip()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "repository"
    folder.mkdir()
    git(folder, "init", "--quiet", "--initial-branch=main")
    return folder


def around(folder: Path) -> Repository:
    found = Repository.around(folder)
    assert found is not None
    return found


# Where there is little or nothing


def test_no_repository(tmp_path: Path) -> None:
    assert Repository.around(tmp_path) is None
    assert Repository.around(tmp_path / "nowhere") is None


def test_a_bare_repository_has_no_files(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet", "--bare")
    assert Repository.around(tmp_path) is None


def test_an_empty_repository(root: Path) -> None:
    found = around(root)
    assert (found.head(), found.branch(), found.ids()) == (None, "main", frozenset())
    for ref in ("HEAD", "main"):
        with pytest.raises(TobkitError, match="knows no commit"):
            found.changed_since(ref)


def test_a_folder_that_only_looks_like_one(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git/HEAD").write_text("ref: refs/heads/main\n")
    found = Repository.around(tmp_path)
    assert found is None or found.head() is None


# What git knows


def test_the_commit_and_its_day_where_it_was_written(root: Path) -> None:
    name = commit(root, "a.md")
    found = around(root).head()
    assert found is not None
    assert (found.hash, found.short, found.day) == (name, name[:8], date(2026, 3, 5))


@pytest.mark.parametrize("moment", ["@0 +0000", "@4102444800 +1400", "@1 -9959"])
def test_strange_dates(root: Path, monkeypatch: pytest.MonkeyPatch, moment: str) -> None:
    monkeypatch.setenv("GIT_AUTHOR_DATE", moment)
    commit(root, "a.md")
    found = around(root).head()
    assert found is None or found.day.year in (1969, 1970, 2100)


def test_a_date_that_no_calendar_has(root: Path) -> None:
    tree = git(root, "write-tree").strip()
    text = f"tree {tree}\nauthor A <a@example.com> 99999999999999 +0000\ncommitter A <a@example.com> 1 +0000\n\nx\n"
    made = subprocess.run(
        ["git", "-C", str(root), "hash-object", "-t", "commit", "-w", "--stdin", "--literally"],
        input=text,
        text=True,
        capture_output=True,
        check=True,
    )
    git(root, "update-ref", "HEAD", made.stdout.strip())
    around(root).head()


def test_a_workspace_below_the_root(root: Path) -> None:
    base = commit(root, "teams/a/pool/x.md", "teams/ab/pool/y.md", "z.md")
    below = root / "teams/a"
    write(root, "teams/a/pool/x.md", "teams/ab/pool/y.md", "z.md", text="changed\n")
    write(root, "teams/a/pool/new.md", "new.md")
    found = around(below)
    assert (found.prefix, found.root) == ("teams/a/", root.resolve())
    assert found.changed_since(base) == {"pool/x.md", "pool/new.md"}
    assert around(root).prefix == ""


def test_a_workspace_reached_by_a_link(root: Path, tmp_path: Path) -> None:
    base = commit(root, "team/x.md")
    (tmp_path / "link").symlink_to(root / "team")
    write(root, "team/x.md", text="changed\n")
    assert around(tmp_path / "link").changed_since(base) == {"x.md"}


def test_a_linked_worktree(root: Path, tmp_path: Path) -> None:
    base = commit(root, "a.md")
    git(root, "worktree", "add", "--quiet", "-b", "other", str(tmp_path / "tree"))
    commit(tmp_path / "tree", "b.md")
    found = around(tmp_path / "tree")
    assert (found.branch(), found.root, found.changed_since(base)) == ("other", (tmp_path / "tree").resolve(), {"b.md"})
    assert around(root).branch() == "main"


def test_a_detached_head(root: Path) -> None:
    name = commit(root, "a.md")
    git(root, "checkout", "--quiet", "--detach")
    found = around(root)
    assert found.branch() is None
    assert found.head() is not None
    assert found.head().hash == name  # type: ignore[union-attr]


def test_a_shallow_clone(root: Path, tmp_path: Path) -> None:
    commit(root, "a.md")
    commit(root, "b.md")
    git(tmp_path, "clone", "--quiet", "--depth=1", root.as_uri(), str(tmp_path / "clone"))
    found = around(tmp_path / "clone")
    assert found.head() is not None
    with pytest.raises(TobkitError):
        found.changed_since("HEAD~1")


# Ids


def test_ids_on_all_branches(root: Path) -> None:
    commit(root, "pool/requirements/REQ-000001-a.md", "pool/REQ-00000i.md", "xREQ-000009.md", "REQ-0000010.md")
    git(root, "checkout", "--quiet", "-b", "feature/a")
    commit(root, "pool/notes/NOTE-000002.md", "pool/REQ-000003 with spaces\nand lines.md", "导出/PRM-000004-发票.md")
    git(root, "checkout", "--quiet", "main")
    git(root, "update-ref", "refs/remotes/origin/other", "feature/a")
    git(root, "tag", "x")
    assert around(root).ids() == {"REQ-000001", "NOTE-000002", "REQ-000003", "PRM-000004"}


# What changed


def test_changes_of_every_sort(root: Path) -> None:
    base = commit(root, "same.md", "changed.md", "deleted.md", "staged.md", "renamed.md", ".gitignore")
    write(root, ".gitignore", text="ignored.md\n")
    write(root, "changed.md", "staged.md", text="y\n")
    git(root, "add", "staged.md")
    (root / "deleted.md").unlink()
    git(root, "mv", "renamed.md", "name.md")
    write(root, "new.md", "deep/new.md", "ignored.md")
    assert around(root).changed_since(base) == {
        "changed.md",
        "deleted.md",
        "staged.md",
        "renamed.md",
        "name.md",
        "new.md",
        "deep/new.md",
        ".gitignore",
    }


def test_only_what_this_branch_changed(root: Path) -> None:
    commit(root, "a.md", "b.md")
    git(root, "checkout", "--quiet", "-b", "work")
    commit(root, "a.md", text="mine\n")
    git(root, "checkout", "--quiet", "main")
    commit(root, "b.md", text="theirs\n")
    git(root, "checkout", "--quiet", "work")
    assert around(root).changed_since("main") == {"a.md"}


def test_branches_without_a_common_commit(root: Path) -> None:
    commit(root, "a.md")
    git(root, "checkout", "--quiet", "--orphan", "other")
    commit(root, "b.md")
    git(root, "rm", "--quiet", "a.md")
    commit(root)
    assert around(root).changed_since("main") == {"a.md", "b.md"}


HOSTILE_NAMES = [
    "-x.md",
    "--output=y.md",
    "HEAD",
    "main",
    "a\nb.md",
    'a"b.md',
    "a\tb.md",
    "a\\b.md",
    "导出.md",
    ":!x.md",
    "$(id).md",
]


def test_hostile_file_names(root: Path) -> None:
    base = commit(root, *HOSTILE_NAMES)
    (root / os.fsdecode(b"\xff.md")).write_text("x")
    write(root, *HOSTILE_NAMES, text="y\n")
    found = around(root)
    assert found.changed_since(base) == {*HOSTILE_NAMES, "\udcff.md"}
    assert found.changed_since("HEAD") == found.changed_since("main")
    assert found.head() is not None
    assert sorted(os.listdir(root)) == sorted([".git", *HOSTILE_NAMES, "\udcff.md"])  # noqa: PTH208 (surrogates)


@pytest.mark.parametrize(
    "ref",
    [
        "--output=out",
        "-x",
        "--upload-pack=touch out",
        "",
        "nowhere",
        "HEAD:a.md",
        "main..HEAD",
        "HEAD --",
        "a\nb",
        "a\0b",
        "\udcff",
        "$(touch out)",
        "HEAD^{tree}",
        ":/message\n",
    ],
)
def test_hostile_refs(root: Path, ref: str) -> None:
    commit(root, "a.md")
    with pytest.raises(TobkitError, match="knows no commit"):
        around(root).changed_since(ref)
    assert not (root / "out").exists()


@pytest.mark.parametrize("name", ["-x", "--all", "a'b", "$(touch$IFS)", "导出", "a;b"])
def test_hostile_branch_names(root: Path, name: str) -> None:
    commit(root, "REQ-000001.md")
    git(root, "update-ref", f"refs/heads/{name}", "HEAD")
    git(root, "symbolic-ref", "HEAD", f"refs/heads/{name}")
    found = around(root)
    assert found.branch() == name
    assert found.ids() == {"REQ-000001"}
    assert found.head() is not None
    assert found.changed_since(f"refs/heads/{name}") == frozenset()
    assert not (root / "out").exists()


# Nothing runs, nothing is written


def test_nothing_that_is_configured_runs(root: Path, tmp_path: Path) -> None:
    base = commit(root, "a.md", ".gitattributes", text="*.md diff=evil\n")
    ran = tmp_path / "ran"
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {ran}\ncat\n")
    program.chmod(0o755)
    for hook in ("post-index-change", "post-checkout", "pre-commit", "reference-transaction", "fsmonitor-watchman"):
        (root / ".git/hooks").mkdir(exist_ok=True)
        (root / ".git/hooks" / hook).write_bytes(program.read_bytes())
        (root / ".git/hooks" / hook).chmod(0o755)
    for key in (
        "core.fsmonitor",
        "core.pager",
        "pager.log",
        "pager.diff",
        "core.editor",
        "core.askPass",
        "diff.external",
        "diff.evil.textconv",
        "diff.evil.command",
        "gpg.program",
        "core.sshCommand",
        "credential.helper",
    ):
        git(root, "config", key, str(program))
    git(root, "config", "log.showSignature", "true")
    git(root, "config", "alias.log", f"!{program}")
    write(root, "a.md", text="changed\n")
    os.utime(root / ".gitattributes", (1, 1))
    found = around(root)
    found.head(), found.branch(), found.ids()
    assert found.changed_since(base) == {"a.md"}
    assert not ran.exists()


def contents(root: Path) -> dict[Path, bytes]:
    """All files but the index, in which git may note the files' times."""
    return {path: path.read_bytes() for path in root.rglob("*") if path.is_file() and path.name != "index"}


def test_reading_writes_nothing(root: Path) -> None:
    base = commit(root, "a.md", "b.md")
    os.utime(root / "a.md", (1, 1))
    before = contents(root)
    found = around(root)
    found.head(), found.branch(), found.ids(), found.changed_since(base)
    assert contents(root) == before


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("core.quotepath", "true"),
        ("log.date", "relative"),
        ("log.showSignature", "true"),
        ("log.decorate", "full"),
        ("format.pretty", "oneline"),
        ("color.ui", "always"),
        ("diff.noprefix", "true"),
        ("diff.renames", "copies"),
        ("diff.relative", "true"),
        ("status.showUntrackedFiles", "no"),
        ("diff.ignoreSubmodules", "none"),
        ("i18n.logOutputEncoding", "GBK"),
        ("core.precomposeUnicode", "true"),
        ("core.untrackedCache", "true"),
    ],
)
def test_odd_settings_change_nothing(root: Path, key: str, value: str) -> None:
    name = commit(root, "pool/导出.md", "gone.md")
    git(root, "config", key, value)
    write(root, "pool/导出.md", "pool/REQ-000001-é.md", text="changed\n")
    found = around(root / "pool")
    assert found.changed_since(name) == {"导出.md", "REQ-000001-é.md"}
    assert found.head() is not None
    assert found.head().hash == name  # type: ignore[union-attr]
    assert found.head().day == date(2026, 3, 5)  # type: ignore[union-attr]


def test_a_hooks_environment_is_not_heeded(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = commit(root, "a.md")
    other = tmp_path / "other"
    other.mkdir()
    git(other, "init", "--quiet", "--initial-branch=elsewhere")
    commit(other, "REQ-000009.md")
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other))
    found = around(root)
    assert found.head() is not None
    assert found.head().hash == name  # type: ignore[union-attr]
    assert (found.branch(), found.ids(), found.changed_since("HEAD")) == ("main", frozenset(), frozenset())


# Addresses


# Making one


def test_a_repository_is_made_once(tmp_path: Path) -> None:
    folder = tmp_path / "a"
    folder.mkdir()
    assert init_repository(folder)
    assert around(folder).branch() == "main"
    assert not init_repository(folder)
    (folder / "below").mkdir()
    assert not init_repository(folder / "below")


def test_a_repository_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(TobkitError):
        init_repository(tmp_path / "file/x")
