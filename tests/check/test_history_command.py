"""`tobkit check` in a repository: what it compares with, what it shows, and what it says where it can't compare."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.check.helpers import CONFIG, workspace
from tobkit.cli import run

REQ = "pool/requirements/REQ-00000a.md"
NOTE = "pool/notes/NOTE-00000a.md"
SKIPPED = "What changed isn't checked (rules TOB4xx): "
FILES: dict[str, list[str] | str] = {
    "requirements/REQ-00000a.md": ["title: Export invoices"],
    "requirements/REQ-00000b.md": ["title: Import invoices"],
    "notes/NOTE-00000a.md": ["requirements: [REQ-00000a]"],
    "notes/NOTE-00000b.md": ["requirements: [REQ-00000a]"],
}

Check = Callable[..., tuple[int, str, str]]


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "TOBKIT_OVERLAY", "SOURCE_DATE_EPOCH"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TOBKIT_LANGUAGE", "en")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "x")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "x@example.com")


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace of sound entries, not in a repository, in which the test stands."""
    config = CONFIG + '[workflow.transitions]\nnew = ["triaged"]\n'
    monkeypatch.chdir(workspace(tmp_path, FILES, config))
    return tmp_path


@pytest.fixture
def check(capsys: pytest.CaptureFixture[str]) -> Check:
    def call(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = run(["check", "--today", "2026-07-01", *arguments])
        out, err = capsys.readouterr()
        return code, out, err

    return call


def git(*arguments: str) -> None:
    subprocess.run(["git", *arguments], check=True, capture_output=True)


def commit() -> None:
    git("add", "--all")
    git("commit", "--quiet", "--allow-empty", "--message", "x")


@pytest.fixture
def repository(root: Path) -> Path:
    git("init", "--quiet", "--initial-branch=main")
    commit()
    return root


def codes(out: str) -> list[tuple[str, str]]:
    return [(each["code"], each["path"]) for each in json.loads(out)["diagnostics"]]


def test_sound_and_unchanged(repository: Path, check: Check) -> None:
    assert check()[0] == 0
    assert check()[2] == ""


def test_an_illegal_transition_fails_before_the_commit_and_on_the_branch(repository: Path, check: Check) -> None:
    git("checkout", "--quiet", "-b", "side")
    text = (repository / REQ).read_text(encoding="utf-8")
    moved = text.replace("status: new", "status: building\nmodule: e-invoicing\nowner: lilei")
    (repository / REQ).write_text(moved, encoding="utf-8")
    for step in (lambda: None, commit, lambda: git("checkout", "--quiet", "--detach")):
        step()
        code, out, err = check("--format", "json")
        assert (code, codes(out), err) == (1, [("TOB401", REQ)], "")
    git("checkout", "--quiet", "main")
    git("merge", "--quiet", "side")
    assert check()[0] == 0
    assert check("--since", "HEAD~1")[0] == 1
    assert check("--since", "HEAD~1", "--fail-on", "TOB401", "--quiet")[0] == 1


def test_findings_only_on_the_paths_that_are_asked_for(repository: Path, check: Check) -> None:
    (repository / REQ).unlink()
    found = [("TOB404", NOTE), ("TOB404", "pool/notes/NOTE-00000b.md")]
    assert codes(check("--format", "json")[1]) == found
    code, out, _ = check("--format", "json", NOTE)
    assert (code, codes(out)) == (1, found[:1])
    assert json.loads(out)["summary"]["files"] == 1
    code, out, _ = check("--format", "json", "pool/requirements")
    assert (code, codes(out)) == (0, [])
    assert codes(check("--format", "json", "pool/notes")[1]) == found


def test_a_path_is_checked_against_what_it_refers_to_elsewhere(repository: Path, check: Check) -> None:
    (repository / NOTE).write_text("---\nid: [\n---\n", encoding="utf-8")
    other = repository / "pool/notes/NOTE-00000b.md"
    assert check(str(other))[0] == 0
    other.write_text(other.read_text(encoding="utf-8").replace("REQ-00000a", "REQ-0000zz"), encoding="utf-8")
    code, out, _ = check("--format", "json", str(other))
    assert (code, codes(out)) == (1, [("TOB301", "pool/notes/NOTE-00000b.md")])


def test_paths_of_a_workspace_in_a_subfolder(root: Path, check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    inner = root / "team" / "需求池"
    inner.mkdir(parents=True)
    for name in ("tobkit.toml", "pool"):
        (root / name).rename(inner / name)
    git("init", "--quiet", "--initial-branch=main")
    commit()
    (inner / REQ).unlink()
    monkeypatch.chdir(inner / "pool" / "notes")
    code, out, _ = check("--format", "json", "NOTE-00000a.md")
    assert (code, codes(out)) == (1, [("TOB404", NOTE)])
    assert "file=team/需求池/pool/notes/NOTE-00000a.md" in check("--format", "github")[1]


def test_without_git_it_is_said_in_one_line(root: Path, check: Check) -> None:
    code, _, err = check()
    assert (code, err) == (0, SKIPPED + "there is no git repository around the workspace.\n")
    for silent in (["--format", "json"], ["--format", "gitlab"], ["--format", "sarif"], ["--quiet"]):
        assert check(*silent)[2] == ""
    assert check("--format", "github")[2] == err


def test_before_the_first_commit_there_is_nothing_to_say(root: Path, check: Check) -> None:
    git("init", "--quiet")
    assert check()[2] == ""


def test_git_is_not_there(repository: Path, check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    from tobkit.store.git import Repository

    monkeypatch.setattr(Repository, "around", lambda workspace: None)  # what it gives where GitPython finds no git
    assert check()[0] == 0
    assert check()[2] == SKIPPED + "there is no git repository around the workspace.\n"


@pytest.mark.parametrize("ref", ["nowhere", "-x", "--output=x", ""])
def test_a_commit_that_is_not_there(repository: Path, check: Check, ref: str) -> None:
    code, out, err = check(f"--since={ref}")
    assert (code, out) == (2, "")
    assert f"git knows no commit “{ref}”." in err
    assert not (repository / "x").exists()


def test_since_without_a_repository(root: Path, check: Check) -> None:
    code, _, err = check("--since", "main")
    assert code == 2
    assert "--since needs a git repository" in err


def test_a_transition_with_an_unknown_status_is_a_fault_of_the_settings(repository: Path, check: Check) -> None:
    config = repository / "tobkit.toml"
    config.write_text(config.read_text(encoding="utf-8").replace('["triaged"]', '["triagd"]'), encoding="utf-8")
    code, out, _ = check("--format", "json")
    (found,) = json.loads(out)["diagnostics"]
    assert (code, found["code"], found["path"]) == (1, "TOB192", "tobkit.toml")
    assert config.read_text(encoding="utf-8").split("\n")[found["line"] - 1].startswith("new = ")
    assert "triaged" in found["help"]


def test_as_a_hook_before_a_commit(repository: Path) -> None:
    hook = repository / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\nexec '{sys.executable}' -m tobkit check --format json\n", encoding="utf-8")
    hook.chmod(0o755)
    git("worktree", "add", "--quiet", "-b", "side", "linked")
    for place in (repository, repository / "linked"):
        text = (place / REQ).read_text(encoding="utf-8")
        moved = text.replace("status: new", "status: building\nmodule: e-invoicing\nowner: lilei")
        (place / REQ).write_text(moved, encoding="utf-8")
        done = subprocess.run(["git", "commit", "--quiet", "-m", "x", REQ], cwd=place, capture_output=True, text=True)
        assert done.returncode == 1
        assert '"TOB401"' in done.stdout + done.stderr
        (place / REQ).write_text(moved.replace("building", "triaged"), encoding="utf-8")
        subprocess.run(["git", "commit", "--quiet", "-m", "x", REQ], cwd=place, capture_output=True, check=True)


def test_repairs_come_first(repository: Path, check: Check) -> None:
    text = (repository / REQ).read_text(encoding="utf-8").replace("status: new", "状态: 待评估")
    (repository / REQ).write_text(text + "\n", encoding="utf-8")
    assert check()[0] == 1  # triaged without owner and module
    text = text.replace("状态: 待评估", "状态: 开发中\nmodule: e-invoicing\nowner: lilei")
    (repository / REQ).write_text(text, encoding="utf-8")
    code, out, _ = check("--fix", "--format", "json")
    assert (code, codes(out)) == (1, [("TOB401", REQ)])
    assert "status: building" in (repository / REQ).read_text(encoding="utf-8")
