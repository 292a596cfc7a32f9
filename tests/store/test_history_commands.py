"""What people see of history: `show`, `rank --at`, and a site that is the same whatever was kept."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.store.story import Story
from tobkit.cli import run
from tobkit.store.history.kept import FOLDER

REQ = ("requirement", "REQ-000001")
FIELDS = {"title": "Export", "date": "2026-01-02", "status": "new", "owner": "lilei", "module": "e-invoicing"}
DAY = ("--today", "2026-02-10", "--language", "en")


@pytest.fixture
def pool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Story:
    """Two requirements; the second overtook the first when a customer could no longer work."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    s = Story(tmp_path / "ours")
    (s.workspace / "tobkit.toml").write_text('[people]\nlilei.name = "李雷"\nhanmei.name = "韩梅"\n', encoding="utf-8")
    s.write("pool/customers/acme.md", id="acme", name="Acme", tier="mid", status="active", arr=100)
    s.write("pool/modules/e-invoicing.md", id="e-invoicing", name="Invoicing", status="live")
    s.at("2026-01-05", "Li Lei").new("requirement", "REQ-000001", **FIELDS, customers=["acme"])
    s.at("2026-01-06", "Li Lei").new("requirement", "REQ-000002", **FIELDS | {"date": "2026-01-06"})
    s.at("2026-02-01", "Han Mei").change(
        ("requirement", "REQ-000002"), status=("new", "accepted"), owner=("lilei", "hanmei")
    )
    s.at("2026-02-02", "Han Mei").change(
        ("requirement", "REQ-000002"), customers=(None, ("acme",)), impact=(None, ("blocks-use",))
    )
    monkeypatch.chdir(s.workspace)
    return s


def said(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> str:
    capsys.readouterr()
    assert run(list(arguments)) == code
    out, err = capsys.readouterr()
    return out or err


def test_show_tells_the_timeline(pool: Story, capsys: pytest.CaptureFixture[str]) -> None:
    shown = said(capsys, "show", "REQ-000002", *DAY)
    assert "In this status since  2026-02-01 (9 days)" in shown
    last, before = pool.head[:8], pool.git("rev-parse", "HEAD~")[:8]
    assert shown.strip().splitlines()[-5:] == [
        f"2026-02-02  Customers: Acme added (Han Mei, {last})",
        f"2026-02-02  Impact: Blocks use added (Han Mei, {last})",
        f"2026-02-01  Owner: 李雷 → 韩梅 (Han Mei, {before})",
        f"2026-02-01  Status: New → Accepted (Han Mei, {before})",
        f"2026-01-06  Came into the pool (Li Lei, {pool.git('rev-parse', 'HEAD~2')[:8]})",
    ]


def test_show_as_json(pool: Story, capsys: pytest.CaptureFixture[str]) -> None:
    pool.set("REQ-000002", status="parked", reason="Later")
    derived = json.loads(said(capsys, "show", "REQ-000002", "--format", "json", *DAY))["derived"]
    assert (derived["status_since"], derived["days_in_status"]) == ("2026-02-10", 0)
    assert (derived["moved"], derived["reopened"], derived["lead_time"]) == ("2026-02-10", 0, None)
    assert derived["timeline_notice"] is None
    assert derived["timeline"][0] == {
        "day": "2026-01-06",
        "author": "Li Lei",
        "commit": pool.git("rev-parse", "HEAD~2"),
        "field": None,
        "old": None,
        "new": None,
    }
    assert derived["timeline"][-1] == {
        "day": "2026-02-10",
        "author": None,
        "commit": None,
        "field": "status",
        "old": "accepted",
        "new": "parked",
    }


def test_what_an_author_is_called_moves_no_cursor(pool: Story, capsys: pytest.CaptureFixture[str]) -> None:
    pool.at("2026-02-03", "Mallory\x1b[2J\u202e").change(REQ, owner=("lilei", "hanmei"))
    shown = said(capsys, "show", "REQ-000001", *DAY)
    assert "Mallory" in shown
    assert "\x1b" not in shown
    assert "\u202e" not in shown


def test_confidential_fields_have_no_history(pool: Story, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    overlay = tmp_path / "overlay/requirements/REQ-000001.md"
    overlay.parent.mkdir(parents=True)
    overlay.write_text("---\nid: REQ-000001\nplanned: 2026-Q4\n---\n", encoding="utf-8")
    arguments = ("show", "REQ-000001", "--format", "json", "--overlay", str(tmp_path / "overlay"), *DAY)
    shown = json.loads(said(capsys, *arguments))
    assert shown["fields"]["planned"] == "2026-Q4"
    assert [event["field"] for event in shown["derived"]["timeline"]] == [None]


def test_the_order_as_of_a_commit_on_its_day(pool: Story, capsys: pytest.CaptureFixture[str]) -> None:
    def order(*arguments: str) -> tuple[str, list[str]]:
        found = json.loads(said(capsys, "rank", "--format", "json", *arguments))
        return found["today"], [item["id"] for item in found["ranking"]]

    pool.set("REQ-000001", impact=["blocks-use"])  # not committed, so it doesn't count there
    assert order("--at", "HEAD~1") == ("2026-02-01", ["REQ-000001", "REQ-000002"])
    assert order("--at", "HEAD") == ("2026-02-02", ["REQ-000002", "REQ-000001"])
    assert order("--at", "HEAD~3") == ("2026-01-05", ["REQ-000001"])
    assert order("--at", "HEAD", "--today", "2026-03-01")[0] == "2026-03-01"
    assert order(*DAY)[1] == ["REQ-000001", "REQ-000002"]


@pytest.mark.parametrize("ref", ["no-such-branch", "--all", "HEAD~9", ""])
def test_no_such_commit(pool: Story, capsys: pytest.CaptureFixture[str], ref: str) -> None:
    assert "knows no commit" in said(capsys, "rank", f"--at={ref}", "--language", "en", code=2)


def test_the_same_site_whatever_was_kept(pool: Story, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def build(folder: Path, name: str) -> dict[str, bytes]:
        output = tmp_path / name
        assert run(["build", "--output", str(output), *DAY]) == 0
        return {str(file.relative_to(output)): file.read_bytes() for file in output.rglob("*") if file.is_file()}

    cold = build(pool.workspace, "cold")
    assert (pool.workspace / FOLDER).is_dir()
    assert build(pool.workspace, "warm") == cold
    shutil.rmtree(pool.workspace / FOLDER)
    assert build(pool.workspace, "again") == cold
    page = next(text.decode() for name, text in cold.items() if "REQ-000002" in name and name.endswith(".html"))
    assert "New → Accepted · Han Mei" in page


def test_a_build_in_a_shallow_clone_says_so(
    pool: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "--quiet", "--depth=1", f"file://{pool.root}", str(clone)], check=True)
    monkeypatch.chdir(clone)
    capsys.readouterr()
    assert run(["build", "--output", str(tmp_path / "site"), *DAY]) == 0
    assert "only the latest commits" in capsys.readouterr().err


def test_the_benchmark_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from bench.history import main

    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    assert main(["--size", "60", "--commits", "30", "--repeat", "1", "--json", str(tmp_path / "seconds.json")]) == 0
    assert "nothing new" in capsys.readouterr().out
    assert set(json.loads((tmp_path / "seconds.json").read_text())) == {"cold", "nothing new", "one commit more"}
