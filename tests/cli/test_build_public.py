"""`tobkit build --audience public`: a roadmap, or a list of what it would have given away."""

from pathlib import Path

from tests.cli.conftest import Tobkit

BULK = "pool/requirements/REQ-00000a-bulk-export.md"


def open_up(workspace: Path, body: str = "All at once.") -> None:
    file = workspace / BULK
    front = file.read_text("utf-8").split("\n---\n", 1)[0].replace("\naudience: public", "")
    file.write_text(f"{front}\naudience: public\n---\n{body}\n", "utf-8")


def test_the_roadmap_is_built(tobkit: Tobkit, workspace: Path) -> None:
    open_up(workspace)
    result = tobkit("build", "--audience", "public")
    assert result.code == 0, result.err
    assert "2 pages" in result.err
    assert sorted(path.name for path in (workspace / "site").glob("**/*.html")) == ["REQ-00000a.html", "index.html"]


def test_a_find_fails_the_build_and_the_old_site_stays(tobkit: Tobkit, workspace: Path) -> None:
    open_up(workspace)
    tobkit("build", "--audience", "public")
    open_up(workspace, "As acme asked.")
    result = tobkit("build", "--audience", "public")
    assert result.code == 1
    assert result.out == "requirement/REQ-00000a.html: the name, alias or id of a customer (a••e)\n"
    assert "Nothing was published" in result.err
    assert "acme" not in result.out + result.err
    assert "acme" not in (workspace / "site/requirement/REQ-00000a.html").read_text("utf-8")


def test_terms_of_the_configuration_pass(tobkit: Tobkit, workspace: Path) -> None:
    open_up(workspace, "As acme asked.")
    config = workspace / "tobkit.toml"
    text = config.read_text("utf-8")
    assert "\n[site]\n" in text
    config.write_text(text.replace("\n[site]\n", '\n[site]\npublic_terms = ["acme"]\n'), "utf-8")
    assert tobkit("build", "--audience", "public").code == 0


def test_unsound_entries_are_left_out_and_said(tobkit: Tobkit, workspace: Path) -> None:
    open_up(workspace)
    file = workspace / BULK
    file.write_text(file.read_text("utf-8").replace("date: 2026-03-05", "date: soon"), "utf-8")
    assert tobkit("build", "--audience", "public").code == 1
    assert not (workspace / "site").exists()
    result = tobkit("build", "--audience", "public", "--keep-going")
    assert result.code == 1
    assert BULK in result.err
    assert not (workspace / "site/requirement").exists()
