"""Reading a pool as of a commit, on real repositories."""

import os
import subprocess
import unicodedata
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from git import Git as GitProgram

from tests.store.helpers import SOUND
from tobkit.errors import TobkitError
from tobkit.messages import Message
from tobkit.model.base import Base
from tobkit.store.base import Tree, find_base, load_at
from tobkit.store.frontmatter import MAX_BYTES
from tobkit.store.git import Repository
from tobkit.store.load import Loaded, load
from tobkit.store.workspace import open_workspace

REQ = "pool/requirements/REQ-7f3kq2.md"
OTHER = "pool/requirements/REQ-00000b.md"


class Git:
    """A repository with a workspace in it (`below` its root), and git as a user types it."""

    def __init__(self, root: Path, below: str = "") -> None:
        self.root = root
        self.workspace = root / below
        self.workspace.mkdir(parents=True, exist_ok=True)
        self("init", "--quiet", "--initial-branch=main")

    def __call__(self, *arguments: str, input: str | bytes = "") -> str:
        data = input if isinstance(input, bytes) else input.encode()
        done = subprocess.run(["git", *arguments], cwd=self.root, input=data, capture_output=True)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode(errors="replace").strip()

    def write(self, files: Mapping[str, str | bytes]) -> None:
        for path, content in files.items():
            file = self.workspace / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content if isinstance(content, bytes) else content.encode())

    def commit(self, files: Mapping[str, str | bytes] | None = None, message: str = "x") -> str:
        self.write(files or {})
        self("add", "--all")
        self("commit", "--quiet", "--allow-empty", "--message", message)
        return self("rev-parse", "HEAD")

    def load(self) -> Loaded:
        return load(open_workspace(self.workspace))

    def load_at(self, ref: str = "HEAD") -> Loaded:
        return load_at(open_workspace(self.workspace), ref)

    def base(self, since: str | None = None) -> Base:
        found = find_base(open_workspace(self.workspace), since)
        assert isinstance(found, Base), str(found)
        return found

    def no_base(self) -> str:
        found = find_base(open_workspace(self.workspace))
        assert isinstance(found, Message)
        return str(found)


@pytest.fixture(autouse=True)
def plain_git(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the machine's settings of git."""
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "x")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "x@example.com")


@pytest.fixture
def git(tmp_path: Path) -> Git:
    """A workspace with one requirement, committed on main."""
    made = Git(tmp_path / "repo")
    made.commit({"tobkit.toml": "", REQ: SOUND})
    return made


def with_id(entry_id: str) -> str:
    return SOUND.replace("REQ-7f3kq2", entry_id)


def shown(loaded: Loaded) -> list[tuple[str, str, str]]:
    return sorted((each.path, each.code, str(each.message)) for each in loaded.diagnostics)


# ---- a whole pool


def test_a_commit_is_read_as_the_disk_is(git: Git) -> None:
    git.commit(
        {
            OTHER: with_id("REQ-00000b") + "\n更多。\n",
            "pool/requirements/2026/华东/REQ-00000c-导出.md": with_id("REQ-00000c"),
            "pool/requirements/faulty.md": "---\nid: [\n---\n",
            "pool/requirements/latin.md": "---\nid: é\n---\n".encode("latin-1"),
            "pool/requirements/.hidden.md": SOUND,
            "pool/requirements/files/REQ-7f3kq2/a.md": SOUND,
            "pool/customers/acme.md": "---\nid: acme\nname: Acme\ntier: mid\nstatus: active\n---\n",
            "pool/elsewhere/deep/x.md": SOUND,
            "pool/elsewhere/y.md": SOUND,
            "pool/z.md": SOUND,
            "pool/README.md": "About the pool.",
        }
    )
    disk, commit = git.load(), git.load_at()
    assert commit.entries == disk.entries
    assert len(commit.entries) == 4
    assert commit.files == disk.files
    assert shown(commit) == shown(disk)
    assert len(commit.diagnostics) >= 5
    assert commit.pool.by_kind == disk.pool.by_kind
    assert commit.pool.unread == disk.pool.unread


def test_an_earlier_commit(git: Git) -> None:
    first = git("rev-parse", "HEAD")
    git("tag", "v1")
    git("mv", REQ, OTHER)
    git.commit({OTHER: with_id("REQ-00000b")})
    git.write({REQ: "changed, not committed"})
    for ref in (first, first[:10], "v1", "HEAD~1", "main^"):
        assert [entry.id for entry in git.load_at(ref).entries] == ["REQ-7f3kq2"]
    assert [entry.id for entry in git.load_at().entries] == ["REQ-00000b"]


def test_the_configuration_is_that_of_the_commit(git: Git) -> None:
    git("mv", "pool", "backlog")
    git.commit({"tobkit.toml": '[pool]\npath = "backlog"\nregions = ["华东"]\n'})
    assert git.load_at("HEAD~1").workspace.config.pool.path == "pool"
    assert git.load_at().workspace.config.pool.regions == ("华东",)
    assert [entry.path for entry in git.load_at().entries] == ["backlog/requirements/REQ-7f3kq2.md"]
    git.commit({"tobkit.toml": "[pool\n"})
    assert "TOB190" in [each.code for each in git.load_at().diagnostics]


@pytest.mark.parametrize("ref", ["nothing", "--all", "-x", "", "HEAD:pool", "a\0b", "@{9999}", "v1^{tree}"])
def test_what_is_no_commit(git: Git, ref: str) -> None:
    with pytest.raises(TobkitError):
        git.load_at(ref)
    with pytest.raises(TobkitError):
        git.base(ref)


def test_a_commit_without_the_workspace(tmp_path: Path) -> None:
    made = Git(tmp_path)
    made.commit({"readme.txt": "x"})
    made.commit({"tobkit.toml": "", REQ: SOUND})
    assert made.load_at().files == 1
    with pytest.raises(TobkitError, match="no workspace"):
        made.load_at("HEAD~1")


def test_no_repository(tmp_path: Path) -> None:
    (tmp_path / "tobkit.toml").touch()
    with pytest.raises(TobkitError, match="no git repository"):
        load_at(open_workspace(tmp_path), "HEAD")


def test_a_workspace_in_a_subfolder_of_the_repository(tmp_path: Path) -> None:
    made = Git(tmp_path, "team/需求 池")
    made.commit({"tobkit.toml": "", REQ: SOUND})
    (tmp_path / "pool/requirements").mkdir(parents=True)
    (tmp_path / OTHER).write_text(with_id("REQ-00000b"))
    made.commit()
    assert [entry.path for entry in made.load_at().entries] == [REQ]
    made.write({REQ: SOUND.replace("new", "parked")})
    assert [*made.base().changed] == [REQ]


@pytest.mark.parametrize("below", ["", "team"])
def test_the_workspace_itself_as_a_folder(tmp_path: Path, below: str) -> None:
    made = Git(tmp_path, below)
    made.commit({"tobkit.toml": "", REQ: SOUND})
    repository = Repository.around(made.workspace)
    assert repository is not None
    tree = Tree(repository, repository.files_at("HEAD"))
    assert {item.name for item in tree.items(tree.folder(made.workspace, "."))} == {"tobkit.toml", "pool"}
    made.write({REQ: "x", OTHER: "y"})
    (tmp_path / "new.md").touch()
    found = repository.differing("HEAD", ".")
    assert found is not None
    assert [blob.path for blob in found[0]] == [REQ]
    assert {*found[1]} == ({OTHER} if below else {OTHER, "new.md"})


def test_a_linked_worktree(git: Git, tmp_path: Path) -> None:
    git("worktree", "add", "--quiet", "-b", "side", str(tmp_path / "linked"))
    linked = open_workspace(tmp_path / "linked")
    (tmp_path / "linked" / REQ).write_text(SOUND.replace("Export", "Import"))
    assert load_at(linked, "main").entries == git.load_at().entries
    found = find_base(linked)
    assert isinstance(found, Base)
    assert [*found.changed] == [REQ]
    assert git.base().changed == {}


def test_names_of_any_bytes(git: Git) -> None:
    names = ["REQ-00000b\nline.md", "REQ-00000c\t\"quoted' \\ .md", "REQ-00000d-:(glob)*.md"]
    git.commit({f"pool/requirements/{name}": with_id(name[:10]) for name in names})
    names.append("REQ-00000e-" + unicodedata.normalize("NFD", "é") + ".md")
    git.commit({f"pool/requirements/{names[-1]}": with_id("REQ-00000e")})
    assert [entry.path for entry in git.load_at().entries] == sorted(
        [REQ, *(f"pool/requirements/{name}" for name in names)]
    )
    assert shown(git.load_at()) == shown(git.load())
    git.write({f"pool/requirements/{name}": SOUND for name in names})
    assert sorted(git.base().changed) == sorted(f"pool/requirements/{name}" for name in names)


@pytest.mark.skipif(os.name != "posix", reason="names are bytes on POSIX alone")
def test_names_that_are_not_utf8(git: Git) -> None:
    path = os.fsencode(git.root) + b"/pool/requirements/REQ-\xff\xfe.md"
    try:
        with open(path, "w") as stream:  # noqa: PTH123
            stream.write(SOUND)
    except OSError:
        pytest.skip("this file system takes UTF-8 alone")
    git.commit()
    assert shown(git.load_at()) == shown(git.load())
    assert [each.code for each in git.load_at().diagnostics] == ["TOB118"]
    os.unlink(path)  # noqa: PTH108
    assert list(git.base().changed.values()) == [None]


def as_blob(git: Git, path: str, mode: str, content: str | bytes) -> None:
    """Put something into the index as it can't always be put on disk."""
    blob = git("hash-object", "-w", "--stdin", input=content) if mode != "160000" else "1" * 40
    git("update-index", "--add", "--cacheinfo", f"{mode},{blob},{path}")


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("pool/requirements/link.md", "TOB117"),
        ("pool/requirements/folder", "TOB117"),
        ("pool/customers", "TOB117"),
        ("pool/elsewhere.md", "TOB116"),
        ("pool", "TOB117"),
    ],
)
@pytest.mark.parametrize("target", ["../../secret.md", "/etc/passwd", "link.md", "no\nwhere"])
def test_links_are_not_followed(tmp_path: Path, path: str, code: str, target: str) -> None:
    made = Git(tmp_path)
    made.write({"tobkit.toml": ""})
    made("add", "tobkit.toml")
    as_blob(made, path, "120000", target)
    if path != "pool":
        as_blob(made, REQ, "100644", SOUND)
    made("commit", "--quiet", "-mx")
    found = made.load_at()
    assert [(each.code, each.path) for each in found.diagnostics] == [(code, path)]
    assert found.files == (path != "pool")
    made("checkout", "--quiet", "--", ".")
    if path != "pool":  # on disk a pool that leads nowhere is no folder
        assert shown(made.load()) == shown(found)


@pytest.mark.parametrize("path", ["pool/requirements/sub", "pool/requirements/sub.md", "pool/customers", "pool/other"])
def test_submodules_are_folders_of_others(git: Git, path: str) -> None:
    (git.root / path).mkdir(parents=True)
    as_blob(git, path, "160000", "")
    git("commit", "--quiet", "-mx")
    found = git.load_at()
    assert [entry.path for entry in found.entries] == [REQ]
    assert shown(found) == shown(git.load())
    assert git.base("HEAD~1").changed.keys() <= {path}


@pytest.mark.parametrize("size", [MAX_BYTES, MAX_BYTES + 1, 5 * MAX_BYTES])
def test_huge_files_do_not_come_into_memory(git: Git, size: int) -> None:
    git.commit({OTHER: with_id("REQ-00000b") + "x" * (size - len(SOUND)), "pool/requirements/REQ-00000c.md": SOUND})
    found = git.load_at()
    assert shown(found) == shown(git.load())
    assert ("TOB109" in [each.code for each in found.diagnostics]) == (size > MAX_BYTES)
    assert len(found.entries) == 2 + (size == MAX_BYTES)


def test_an_object_that_git_lost(git: Git) -> None:
    commit = git.commit({OTHER: with_id("REQ-00000b")})
    blob = git("rev-parse", f"{commit}:{REQ}")
    (git.root / ".git/objects" / blob[:2] / blob[2:]).unlink()
    found = git.load_at()
    assert [entry.id for entry in found.entries] == ["REQ-00000b"]
    assert [(each.code, each.path) for each in found.diagnostics] == [("TOB118", REQ)]
    assert found.pool.unread == {("requirement", "REQ-7f3kq2")}
    git.write({REQ: SOUND + "more", OTHER: "less"})
    assert changed(git.base()) == {REQ: None, OTHER: "REQ-00000b"}


def test_a_tree_that_git_lost(git: Git) -> None:
    tree = git("rev-parse", "HEAD^{tree}")
    (git.root / ".git/objects" / tree[:2] / tree[2:]).unlink()
    assert "is the repository damaged?" in git.no_base()


def test_deep_folders(git: Git) -> None:
    path = "pool/requirements/" + "d/" * 1000 + "REQ-00000b.md"
    as_blob(git, path, "100644", with_id("REQ-00000b"))
    git("commit", "--quiet", "-mx")
    assert [entry.path for entry in git.load_at().entries] == [REQ, path]


@pytest.mark.parametrize("setting", ["true", "input", "false"])
def test_line_ends(git: Git, setting: str) -> None:
    git("config", "core.autocrlf", setting)
    git.commit({OTHER: with_id("REQ-00000b").replace("\n", "\r\n")})
    for path in (REQ, OTHER):
        (git.root / path).unlink()
    git("checkout", "--", ".")
    assert ((git.root / REQ).read_bytes().count(b"\r") > 0) == (setting == "true")
    assert git.load_at().entries == git.load().entries
    assert git.base().changed == {}
    git.write({REQ: SOUND.replace("new", "parked").replace("\n", "\r\n")})
    assert [*git.base().changed] == [REQ]


# ---- what differs


def changed(base: Base) -> dict[str, str | None]:
    return {path: entry.id if entry else None for path, entry in sorted(base.changed.items())}


def test_on_main_the_working_tree_is_compared_with_head(git: Git) -> None:
    assert git.base() == Base(git("rev-parse", "HEAD"), {})
    git.commit({OTHER: with_id("REQ-00000b"), "pool/requirements/REQ-00000c.md": with_id("REQ-00000c")})
    (git.root / REQ).unlink()
    git.write({OTHER: with_id("REQ-00000b") + "changed", "pool/notes/NOTE-00000a.md": "untracked"})
    git("rm", "--quiet", "pool/requirements/REQ-00000c.md")
    git.write({"pool/notes/NOTE-00000b.md": "staged", "elsewhere.md": "outside"})
    git("add", "pool/notes/NOTE-00000b.md")
    assert changed(git.base()) == {
        "pool/notes/NOTE-00000a.md": None,
        "pool/notes/NOTE-00000b.md": None,
        OTHER: "REQ-00000b",
        "pool/requirements/REQ-00000c.md": "REQ-00000c",
        REQ: "REQ-7f3kq2",
    }
    entry = git.base().changed[REQ]
    assert entry is not None
    assert entry == git.load_at().pool.requirements["REQ-7f3kq2"]


def test_what_others_did_on_main_is_not_this_branch(git: Git) -> None:
    parted = git("rev-parse", "HEAD")
    git("checkout", "--quiet", "-b", "side")
    git.commit({OTHER: with_id("REQ-00000b")})
    git("checkout", "--quiet", "main")
    git.commit({REQ: SOUND.replace("new", "parked")})
    git("checkout", "--quiet", "side")
    assert git.base().commit == parted
    assert changed(git.base()) == {OTHER: None}
    git("checkout", "--quiet", "--detach")
    assert changed(git.base()) == {OTHER: None}
    git("merge", "--quiet", "--no-edit", "main")
    assert git.base().commit == git("rev-parse", "main")
    assert changed(git.base()) == {OTHER: None}


def test_after_a_squash_merge_nothing_is_left(git: Git) -> None:
    git("checkout", "--quiet", "-b", "side")
    git.commit({OTHER: with_id("REQ-00000b")})
    git.commit({REQ: SOUND.replace("new", "parked")})
    git("checkout", "--quiet", "main")
    git("merge", "--quiet", "--squash", "side")
    assert changed(git.base()) == {OTHER: None, REQ: "REQ-7f3kq2"}
    git("commit", "--quiet", "-mx")
    assert changed(git.base()) == {}
    assert changed(git.base("side")) == {OTHER: None, REQ: "REQ-7f3kq2"}  # as they parted before both


def test_a_renamed_file_is_one_gone_and_one_new(git: Git) -> None:
    git("config", "diff.renames", "copies")
    git("mv", REQ, "pool/requirements/REQ-7f3kq2-export.md")
    assert changed(git.base()) == {"pool/requirements/REQ-7f3kq2-export.md": None, REQ: "REQ-7f3kq2"}


@pytest.mark.parametrize(
    ("refs", "branch"),
    [
        (("refs/remotes/origin/HEAD", "refs/remotes/origin/main", "refs/heads/main"), "refs/remotes/origin/HEAD"),
        (("refs/remotes/origin/main", "refs/heads/main", "refs/heads/master"), "refs/remotes/origin/main"),
        (("refs/heads/main", "refs/heads/master"), "refs/heads/main"),
        (("refs/remotes/origin/master", "refs/heads/master"), "refs/remotes/origin/master"),
        (("refs/heads/master", "refs/heads/main/x", "refs/tags/main"), "refs/heads/master"),
    ],
)
def test_the_main_branch(git: Git, refs: tuple[str, ...], branch: str) -> None:
    git("checkout", "--quiet", "-b", "side")
    git("branch", "--quiet", "-D", "main")
    commits = {ref: git.commit({OTHER: with_id("REQ-00000b") + str(number)}) for number, ref in enumerate(refs)}
    for ref, commit in commits.items():
        git("update-ref", ref, commit)
    assert git.base().commit == commits[branch]


def test_the_remotes_head_is_followed(git: Git) -> None:
    git("update-ref", "refs/remotes/origin/trunk", "HEAD")
    git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/trunk")
    trunk = git("rev-parse", "HEAD")
    git.commit({OTHER: with_id("REQ-00000b")})  # on main, not pushed
    assert git.base().commit == trunk
    git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/deleted")
    assert git.base().commit == git("rev-parse", "main")


def test_since(git: Git) -> None:
    first = git("rev-parse", "HEAD")
    git.commit({OTHER: with_id("REQ-00000b")})
    git.commit({REQ: SOUND.replace("new", "parked")})
    assert changed(git.base("HEAD~1")) == {REQ: "REQ-7f3kq2"}
    assert changed(git.base(first)) == {OTHER: None, REQ: "REQ-7f3kq2"}


def test_looking_at_a_touched_file_writes_nothing(git: Git) -> None:
    os.utime(git.root / REQ, (1, 1))
    index = (git.root / ".git/index").read_bytes()
    assert git.base().changed == {REQ: git.load_at().entries[0]}
    assert (git.root / ".git/index").read_bytes() == index


def test_a_file_that_became_a_link_and_the_other_way_round(git: Git) -> None:
    (git.root / OTHER).symlink_to("REQ-7f3kq2.md")
    git.commit()
    (git.root / OTHER).unlink()
    git.write({OTHER: with_id("REQ-00000b")})
    (git.root / REQ).unlink()
    (git.root / REQ).symlink_to("REQ-00000b.md")
    assert changed(git.base()) == {OTHER: None, REQ: "REQ-7f3kq2"}


def test_in_the_middle_of_a_merge_with_conflicts(git: Git) -> None:
    git("checkout", "--quiet", "-b", "side")
    git.commit({REQ: SOUND.replace("new", "parked")})
    git("checkout", "--quiet", "main")
    git.commit({REQ: SOUND.replace("new", "accepted")})
    subprocess.run(["git", "merge", "side"], cwd=git.root, capture_output=True)
    assert "<<<<<<<" in (git.root / REQ).read_text()
    assert changed(git.base()) == {REQ: "REQ-7f3kq2"}


def test_ignored_files_are_not_new(git: Git) -> None:
    git.commit({".gitignore": "pool/notes/\n"})
    git.write({"pool/notes/NOTE-00000a.md": SOUND, "pool/incidents/INC-00000a.md": SOUND})
    assert changed(git.base()) == {"pool/incidents/INC-00000a.md": None}


def test_nothing_runs(git: Git, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = tmp_path / "run.sh"
    run.write_text(f"#!/bin/sh\ntouch '{tmp_path}/ran'\n")
    run.chmod(0o755)
    for setting in ("core.fsmonitor", "diff.external", "diff.evil.command", "diff.evil.textconv", "core.pager"):
        git("config", setting, str(run))
    git.commit({".gitattributes": "*.md diff=evil\n", "pool/requirements/-x.md": SOUND})
    (tmp_path / "ran").unlink(missing_ok=True)
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", str(run))
    git.write({REQ: SOUND.replace("new", "parked"), "pool/requirements/--output=y.md": SOUND})
    assert [*changed(git.base())] == ["pool/requirements/--output=y.md", REQ]
    assert git.load_at().files == 2
    assert not (tmp_path / "ran").exists()


# ---- nothing to compare with


def test_without_git(tmp_path: Path) -> None:
    (tmp_path / "tobkit.toml").touch()
    assert "no git repository" in str(find_base(open_workspace(tmp_path)))
    with pytest.raises(TobkitError, match="--since needs"):
        find_base(open_workspace(tmp_path), "main")


def test_before_the_first_commit(tmp_path: Path) -> None:
    made = Git(tmp_path)
    made.write({"tobkit.toml": "", REQ: SOUND})
    assert made.base() == Base()


def test_before_the_workspace_is_committed(tmp_path: Path) -> None:
    made = Git(tmp_path, "pool of ours")
    (tmp_path / "readme.txt").touch()
    made.commit()
    made.write({"tobkit.toml": "", REQ: SOUND})
    assert made.base() == Base()
    made.commit()
    assert made.base().changed == {}


def test_no_main_branch(git: Git) -> None:
    git("branch", "--quiet", "-m", "trunk")
    assert "no branch main or master" in git.no_base()
    assert git.base("trunk").changed == {}


def test_no_common_commit(git: Git) -> None:
    git("checkout", "--quiet", "--orphan", "other")
    git.commit(message="y")
    assert "no commit in common" in git.no_base()


@pytest.mark.parametrize("branch", ["main", "side"])
def test_a_shallow_clone(git: Git, tmp_path: Path, branch: str) -> None:
    git("checkout", "--quiet", "-b", "side")
    git.commit({OTHER: with_id("REQ-00000b")})
    git("checkout", "--quiet", "main")
    git.commit({REQ: SOUND.replace("new", "parked")})
    made = Git.__new__(Git)
    made.root = made.workspace = tmp_path / "clone"
    command = ["git", "clone", "--quiet", "--depth=1", "--no-single-branch", "-b", branch]
    subprocess.run([*command, git.root.as_uri(), str(made.root)], check=True, capture_output=True)
    if branch == "main":
        assert made.base().changed == {}
        made.write({REQ: SOUND})
        assert changed(made.base()) == {REQ: "REQ-7f3kq2"}
        return
    assert "only the latest commits" in made.no_base()
    assert "fetch-depth: 0" in made.no_base()
    made("fetch", "--quiet", "--unshallow")
    assert changed(made.base()) == {OTHER: None}


# ---- cost


@pytest.mark.parametrize("read", [lambda git: git.load_at(), lambda git: git.base()], ids=["load_at", "base"])
def test_no_process_a_file(git: Git, monkeypatch: pytest.MonkeyPatch, read: Callable[[Git], Any]) -> None:
    calls: list[object] = []
    execute = GitProgram.execute

    def counted(*arguments: Any, **options: Any) -> Any:
        calls.append(arguments)
        return execute(*arguments, **options)

    monkeypatch.setattr(GitProgram, "execute", counted)
    git.commit({f"pool/requirements/REQ-0000{n:02}.md": with_id(f"REQ-0000{n:02}") for n in range(50)})
    git.write({f"pool/requirements/REQ-0000{n:02}.md": SOUND for n in range(40)})
    assert (read(git).files if isinstance(read(git), Loaded) else len(read(git).changed)) >= 40
    calls.clear()
    read(git)
    assert len(calls) <= 6
