"""`tobkit init`: a workspace that is ready to commit, and nothing of anybody's lost."""

import subprocess
import tomllib
from pathlib import Path

import pytest

from tests.cli.conftest import Tobkit


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def git(folder: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, check=True).stdout


def test_a_new_workspace_is_sound_and_can_be_committed(
    tobkit: Tobkit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = tobkit("init", "ours")
    assert result.code == 0
    assert "cd ours && tobkit new requirement" in result.err
    monkeypatch.chdir(tmp_path / "ours")
    assert tobkit("check").code == 0
    git(tmp_path / "ours", "add", ".")
    named = git(tmp_path / "ours", "diff", "--cached", "--name-only").split()
    assert {"tobkit.toml", ".gitignore", "site/.gitignore", "pool/requirements/.gitkeep"} <= set(named)
    (tmp_path / "ours" / "site" / "index.html").write_text("built")
    (tmp_path / "ours" / ".tobkit").mkdir()
    (tmp_path / "ours" / ".tobkit" / "cache").write_text("x")
    assert git(tmp_path / "ours", "status", "--short", "--porcelain", "--untracked-files=all").count("??") == 0


@pytest.mark.parametrize(("language", "currency", "zone"), [("zh", "CNY", "Asia/Shanghai"), ("en", "USD", "UTC")])
def test_the_configuration_is_in_the_users_language(
    tobkit: Tobkit, tmp_path: Path, language: str, currency: str, zone: str
) -> None:
    tobkit("init", "ours", "--language", language)
    config = tomllib.loads((tmp_path / "ours" / "tobkit.toml").read_text("utf-8"))
    assert config["pool"] == {"currency": currency, "timezone": zone}
    assert config["site"] == {"title": "ours", "language": language}


def test_every_line_that_the_configuration_offers_is_valid(
    tobkit: Tobkit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tobkit("init", "ours", "--language", "zh")
    file = tmp_path / "ours" / "tobkit.toml"
    offered = [line.removeprefix("# ") for line in file.read_text("utf-8").splitlines()]
    file.write_text(
        "\n".join(line if "=" in line or line[:1] in ("[", "") else f"# {line}" for line in offered), "utf-8"
    )
    monkeypatch.chdir(tmp_path / "ours")
    assert tobkit("check").code == 0
    assert "lilei" in file.read_text("utf-8")


@pytest.mark.parametrize("name", ['quo"te', "back\\slash", "新 工作区", "new\nline", "-"])
def test_any_name_of_a_folder_gives_a_readable_configuration(tobkit: Tobkit, tmp_path: Path, name: str) -> None:
    assert tobkit("init", str(tmp_path / name)).code == 0
    assert tomllib.loads((tmp_path / name / "tobkit.toml").read_text("utf-8"))["site"]["title"]


def test_a_workspace_is_never_made_twice(tobkit: Tobkit, tmp_path: Path) -> None:
    tobkit("init", "ours")
    (tmp_path / "ours" / "tobkit.toml").write_text("# mine\n")
    result = tobkit("init", "ours")
    assert result.code == 2
    assert "is a workspace already" in result.err
    assert (tmp_path / "ours" / "tobkit.toml").read_text() == "# mine\n"


def test_what_is_in_the_folder_stays(tobkit: Tobkit, tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    (tmp_path / ".gitignore").write_bytes(b"*.log")
    (tmp_path / "README.md").write_text("ours")
    (tmp_path / "pool" / "notes").mkdir(parents=True)
    (tmp_path / "pool" / "notes" / "NOTE-00000a.md").write_text("---\nid: NOTE-00000a\n---\n")
    assert tobkit("init").code == 0
    assert (tmp_path / "README.md").read_text() == "ours"
    assert (tmp_path / ".gitignore").read_text().startswith("*.log\n")
    assert "/.tobkit/" in (tmp_path / ".gitignore").read_text()
    assert not (tmp_path / "pool" / "notes" / ".gitkeep").exists()
    assert not (tmp_path / "pool" / ".git").exists()


def test_a_repository_around_is_used(tobkit: Tobkit, tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    assert tobkit("init", "pools/ours").code == 0
    assert not (tmp_path / "pools" / "ours" / ".git").exists()


def test_a_workspace_inside_another_is_mentioned(tobkit: Tobkit, tmp_path: Path) -> None:
    tobkit("init", "outer")
    result = tobkit("init", "outer/inner")
    assert result.code == 0
    assert f"it lies in another workspace: {tmp_path / 'outer'}." in result.err


@pytest.mark.parametrize("name", ["file", "file/below"])
def test_a_file_in_the_way_is_named(tobkit: Tobkit, tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("mine")
    result = tobkit("init", name)
    assert result.code == 2
    assert "can't be written" in result.err
    assert (tmp_path / "file").read_text() == "mine"


def test_the_demo_passes_its_own_check(tobkit: Tobkit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert tobkit("init", "demo", "--demo").code == 0
    monkeypatch.chdir(tmp_path / "demo")
    assert tobkit("check", "--quiet").code == 0
    assert "REQ-" in tobkit("rank", "--top", "1").out


def test_the_demo_overwrites_nobodys_entries(tobkit: Tobkit, tmp_path: Path) -> None:
    mine = tmp_path / "pool" / "customers" / "acme.md"
    mine.parent.mkdir(parents=True)
    mine.write_text("mine")
    result = tobkit("init", "--demo")
    assert result.code == 2
    assert "holds entries already" in result.err
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [mine]
