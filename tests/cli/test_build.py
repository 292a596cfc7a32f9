"""`tobkit build`: refuses with check's list, or leaves out what is unsound and says so."""

from pathlib import Path

from tests.cli.conftest import Tobkit

BULK = "pool/requirements/REQ-00000a-bulk-export.md"


def break_entry(workspace: Path) -> None:
    file = workspace / BULK
    file.write_text(file.read_text("utf-8").replace("date: 2026-03-05", "date: soon"), "utf-8")


def test_a_sound_pool_is_built(tobkit: Tobkit, workspace: Path) -> None:
    result = tobkit("build", "--today", "2026-06-30")
    assert result.code == 0, result.err
    assert result.out == ""
    assert f"pages; open {workspace / 'site' / 'index.html'}" in result.err
    assert "Bulk export of invoices" in (workspace / "site" / "index.html").read_text("utf-8")


def test_an_unsound_one_is_refused_with_the_list_of_check(tobkit: Tobkit, workspace: Path) -> None:
    break_entry(workspace)
    result = tobkit("build")
    assert result.code == 1
    assert f"{BULK}:4:7: error TOB204" in result.out
    assert "The site was not built." in result.err
    assert not (workspace / "site" / "index.html").exists()


def test_keep_going_builds_the_sound_rest(tobkit: Tobkit, workspace: Path) -> None:
    break_entry(workspace)
    result = tobkit("build", "--keep-going")
    assert result.code == 1
    assert BULK in result.err
    page = (workspace / "site" / "index.html").read_text("utf-8")
    assert "批量导出发票" in page
    assert "REQ-00000a" not in page


def test_where_a_site_cannot_go_is_said(tobkit: Tobkit, workspace: Path) -> None:
    for output in ("pool", ".", BULK):
        result = tobkit("build", "--output", output)
        assert result.code == 2, output
        assert "The site can't be built in" in result.err or "isn't a folder that tobkit made" in result.err
    assert (workspace / BULK).exists()


def test_errors_of_process_and_opinion_stop_nothing(tobkit: Tobkit, workspace: Path) -> None:
    config = workspace / "tobkit.toml"
    config.write_text(config.read_text("utf-8") + '\n[check.severity]\nTOB503 = "error"\n', "utf-8")
    made = tobkit(
        "new",
        "promise",
        "acme",
        "-f",
        "by=lilei",
        "-f",
        "requirement=REQ-00000a",
        "-f",
        "due=2020-01-01",
        "-f",
        "date=2019-01-01",
    )
    assert made.code == 1  # new makes only what check accepts
    (workspace / "pool/promises").mkdir()
    (workspace / "pool/promises/PRM-00000a.md").write_text(
        "---\nid: PRM-00000a\ndate: 2019-01-01\nby: lilei\ncustomer: acme\nrequirement: REQ-00000a\ndue: 2020-01-01\n"
        "status: open\n---\n"
    )
    assert tobkit("check").code == 1
    assert tobkit("build").code == 0
