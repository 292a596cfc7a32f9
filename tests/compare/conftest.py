"""Two pools in memory compared, and two commands in a real repository."""

import os
import subprocess
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.rank.entries import TODAY, pool
from tobkit.cli import run
from tobkit.compare import Comparison, compare
from tobkit.model.config import Config
from tobkit.model.kinds import Entry
from tobkit.rank import rank


def compared(
    old: Iterable[Entry], new: Iterable[Entry], *, config: Config | None = None, was: Config | None = None, **given: Any
) -> Comparison:
    """The comparison of two pools, ranked on one day."""
    then, now = pool(*old, config=was or config), pool(*new, config=config)
    return compare(then, now, rank(then, TODAY), rank(now, TODAY), **given)


class Result(NamedTuple):
    code: int
    out: str
    err: str


Tobkit = Callable[..., Result]


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "TOBKIT_OVERLAY", "SOURCE_DATE_EPOCH"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    monkeypatch.setenv("TOBKIT_LANGUAGE", "en")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "x")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "x@example.com")


@pytest.fixture
def tobkit(capsys: pytest.CaptureFixture[str]) -> Tobkit:
    def call(*arguments: str) -> Result:
        capsys.readouterr()
        code = run([*arguments, "--today", "2026-06-30"])
        return Result(code, *capsys.readouterr())

    return call


BODY = "\nThis takes finance two whole days at the end of every single month, with {what}.\n"

FILES = {
    "tobkit.toml": '[pool]\npath = "pool"\n',
    "pool/modules/export.md": "---\nid: export\nname: Export\nstatus: live\n---\n",
    "pool/customers/acme.md": "---\nid: acme\nname: Acme\ntier: mid\nstatus: active\narr: 1000\n---\n",
    "pool/customers/best.md": "---\nid: best\nname: Best\ntier: mid\nstatus: active\narr: 5000\n---\n",
    "pool/requirements/REQ-00000a.md": "---\nid: REQ-00000a\ntitle: Download invoices in bulk\ndate: 2026-06-01\nstatus: triaged\n"
    "module: export\nowner: li\ncustomers:\n  - acme\n---\n" + BODY.format(what="invoices"),
    "pool/requirements/REQ-00000b.md": "---\nid: REQ-00000b\ntitle: Bank statements by e-mail\ndate: 2026-06-01\nstatus: triaged\n"
    "module: export\nowner: li\ncustomers:\n  - best\n---\n" + BODY.format(what="statements"),
}


class Repository:
    """A repository with a workspace, in which the test stands."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def git(self, *arguments: str, day: str = "2026-06-01") -> str:
        moment = f"{day}T12:00:00+00:00"
        environment = {**os.environ, "GIT_AUTHOR_DATE": moment, "GIT_COMMITTER_DATE": moment}
        done = subprocess.run(["git", *arguments], cwd=self.root, check=True, capture_output=True, env=environment)
        return done.stdout.decode().strip()

    def write(self, path: str, text: str) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8", newline="")

    def edit(self, path: str, old: str, new: str) -> None:
        text = (self.root / path).read_text("utf-8")
        assert old in text
        self.write(path, text.replace(old, new))

    def commit(self, day: str = "2026-06-01") -> str:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", "x", day=day)
        return self.git("rev-parse", "HEAD")


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    found = Repository(tmp_path / "ours")
    for path, text in FILES.items():
        found.write(path, text)
    found.git("init", "--quiet", "--initial-branch=main")
    found.commit()
    monkeypatch.chdir(found.root)
    return found
