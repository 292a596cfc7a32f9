"""Workspaces made of a few files, and the command line in this process."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from tobkit.cli import run
from tobkit.model.diagnostics import Diagnostic
from tobkit.store.load import Loaded, load
from tobkit.store.workspace import open_workspace, read_config


class Result(NamedTuple):
    code: int
    out: str
    err: str


Tobkit = Callable[..., Result]


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LANG", "LC_ALL", "LC_MESSAGES", "LANGUAGE", "TOBKIT_OVERLAY", "SOURCE_DATE_EPOCH"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TOBKIT_LANGUAGE", "en")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", "/")


@pytest.fixture
def tobkit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Tobkit:
    """Runs a command in the test's folder, on a day of 2026."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str) -> Result:
        capsys.readouterr()
        code = run([*arguments, "--today", "2026-06-30"])
        out, err = capsys.readouterr()
        return Result(code, out, err)

    return call


def write(root: Path, files: Mapping[str, str]) -> None:
    for path, text in files.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="")


def opened(root: Path, config: str, files: Mapping[str, str]) -> Loaded:
    """The workspace of these files, loaded; its configuration must be sound."""
    write(root, {"tobkit.toml": config, **files})
    workspace = open_workspace(root)
    assert not workspace.diagnostics, [str(each.message) for each in workspace.diagnostics]
    return load(workspace)


def entry(front: str, body: str = "") -> str:
    """A file with this front matter."""
    return f"---\n{front.strip()}\n---\n{body}"


def codes(found: Loaded | list[Diagnostic]) -> list[str]:
    diagnostics = found.diagnostics if isinstance(found, Loaded) else found
    return [diagnostic.code for diagnostic in diagnostics]


def places(found: Loaded) -> list[tuple[str, str, int, int]]:
    return [(each.code, each.path, each.span.line, each.span.column) for each in found.diagnostics]


def config_faults(text: str) -> list[tuple[str, int, int, str, str]]:
    """Code, line, column, message and help of everything that is wrong in a `tobkit.toml`."""
    _, found = read_config(text.encode())
    return [
        (each.code, each.span.line, each.span.column, str(each.message), str(each.help))
        for each in sorted(found, key=lambda each: each.order)
    ]
