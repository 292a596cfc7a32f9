"""The benchmarks' own tools: what they write is the same everywhere, and valid by tobkit's own `check`."""

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from bench import build, from_issues, gen_pool

ROOT = Path(__file__).resolve().parent.parent

ISSUES = [
    {"id": "A-1", "title": "导出很慢", "body": "超过一万行就转圈", "lang": "zh", "group": "g1"},
    {"id": "A-2", "title": "Export is slow", "body": "Spins past\r\n10,000 rows", "lang": "en", "group": "g1"},
    {"id": "A-3", "title": "", "body": "\n  no title here  \nsecond line", "lang": "en", "group": None},
    {"id": "A-4", "title": "", "body": "", "lang": "en", "group": None},
    {"id": "A-5", "title": "null", "body": "---\nid: REQ-000000\n---\n", "lang": "en", "group": None},
    {
        "id": "A-6",
        "title": '- "quoted": [x, #y]',
        "body": "<<<<<<< HEAD\n=======\n>>>>>>> x",
        "lang": "en",
        "group": None,
    },
    {
        "id": "A-7",
        "title": "bad \ud800 \x00 \x1b[31m\u2028 bytes\ttab",
        "body": "\x00\x85\ufeff",
        "lang": "en",
        "group": None,
    },
    {"id": "A-8", "title": "* &a !!x %d @y `z` : ", "body": "<script>alert(1)</script>", "lang": "en", "group": None},
    {"id": "A-9", "title": "长" * 2000, "body": "x" * 1_500_000, "lang": "zh", "group": None},
    {"id": "编号 10: #1\n", "title": "2025-01-01", "body": "{{ 7*7 }} {% raw %}", "lang": "zh", "group": None},
]


def tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def check(workspace: Path) -> dict:
    done = subprocess.run(
        [sys.executable, "-m", "tobkit", "check", "--format", "json", "--today", "2026-07-01"],
        cwd=workspace,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert done.stdout, done.stderr
    found = json.loads(done.stdout)
    errors = [item for item in found["diagnostics"] if item["severity"] == "error"]
    assert (errors[:5], done.returncode) == ([], 0), done.stderr
    return found


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    path = tmp_path / "tracker" / "corpus.jsonl"
    path.parent.mkdir()
    path.write_text("".join(json.dumps(issue) + "\n" for issue in ISSUES), encoding="utf-8")
    return path


# ---- the generator ---------------------------------------------------------------------------------------------------


def test_same_arguments_same_bytes(tmp_path: Path):
    gen_pool.generate(60, tmp_path / "one", seed=5)
    random.seed(99)
    for name, seed in (("two", "0"), ("three", "1234")):
        subprocess.run(
            [sys.executable, "bench/gen_pool.py", "60", str(tmp_path / name), "--seed", "5"],
            cwd=ROOT,
            env=os.environ | {"PYTHONHASHSEED": seed, "TZ": "Asia/Shanghai", "LC_ALL": "C"},
            check=True,
            capture_output=True,
        )
    assert tree(tmp_path / "one") == tree(tmp_path / "two") == tree(tmp_path / "three")


def test_another_seed_another_pool(tmp_path: Path):
    gen_pool.generate(20, tmp_path / "one", seed=1)
    gen_pool.generate(20, tmp_path / "two", seed=2)
    assert tree(tmp_path / "one") != tree(tmp_path / "two")


def test_all_kinds_and_both_languages(tmp_path: Path):
    truth = gen_pool.generate(100, tmp_path / "pool")
    assert truth.entries["requirements"] == 100
    assert set(truth.entries) == {
        "requirements",
        "notes",
        "customers",
        "modules",
        "promises",
        "incidents",
        "organisations",
        "exchanges",
    }
    texts = [path.read_text(encoding="utf-8") for path in (tmp_path / "pool/pool/requirements").iterdir()]
    chinese = sum("**希望**" in text for text in texts)
    assert 40 <= chinese <= 60


def test_near_duplicates_are_known_and_worded_otherwise(tmp_path: Path):
    truth = gen_pool.generate(300, tmp_path / "pool", near_duplicates=0.2)
    written = json.loads((tmp_path / "pool/truth.json").read_text(encoding="utf-8"))
    assert written == {"near_duplicates": truth.near_duplicates, "decided": truth.decided}
    assert len(truth.near_duplicates) + len(truth.decided) == 60
    assert truth.decided
    texts = {
        path.name[:10]: path.read_text(encoding="utf-8") for path in (tmp_path / "pool/pool/requirements").iterdir()
    }
    titles = {name: text.split("title: ")[1].splitlines()[0] for name, text in texts.items()}
    for copy, original in truth.near_duplicates:
        assert titles[copy] != titles[original]
        assert "duplicate_of" not in texts[copy].replace("not_duplicate_of", "")
    for copy, original in truth.decided:
        assert f"\nduplicate_of: {original}\n" in texts[copy]
    assert sum("\nduplicate_of:" in text for text in texts.values()) == len(truth.decided)


def test_nothing_is_written_over(tmp_path: Path):
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(FileExistsError):
        gen_pool.generate(5, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize(("size", "share"), [(0, 0.1), (-3, 0.1), (5, 0.9), (5, -1)])
def test_impossible_pools_are_refused(tmp_path: Path, size: int, share: float):
    with pytest.raises(ValueError, match=r"pool|share"):
        gen_pool.generate(size, tmp_path / "pool", near_duplicates=share)
    assert not (tmp_path / "pool").exists()


@pytest.mark.parametrize("size", [1, 2, 400])
def test_generated_pools_are_valid(tmp_path: Path, size: int):
    truth = gen_pool.generate(size, tmp_path / "pool", seed=size)
    assert check(tmp_path / "pool")["summary"]["files"] >= sum(truth.entries.values())


# ---- issues ----------------------------------------------------------------------------------------------------------


def test_issues_become_a_valid_workspace(tmp_path: Path, corpus: Path):
    ids = from_issues.convert(corpus, tmp_path / "pool")
    assert list(ids) == [issue["id"] for issue in ISSUES]
    assert len(set(ids.values())) == len(ISSUES)
    check(tmp_path / "pool")
    truth = json.loads((tmp_path / "pool/truth.json").read_text(encoding="utf-8"))
    assert truth == {"ids": ids, "groups": [[ids["A-1"], ids["A-2"]]]}
    text = (tmp_path / f"pool/pool/requirements/{ids['A-2']}.md").read_text(encoding="utf-8")
    assert text == (
        f"---\nid: {ids['A-2']}\ntitle: Export is slow\ndate: 2025-02-06\nstatus: new\nsource: support\n"
        "source_id: tracker:A-2\n---\n\nSpins past\n10,000 rows\n"
    )


def test_the_same_issues_give_the_same_bytes(tmp_path: Path, corpus: Path):
    from_issues.convert(corpus, tmp_path / "one")
    done = subprocess.run(
        [sys.executable, "bench/from_issues.py", str(corpus), str(tmp_path / "two")],
        cwd=ROOT,
        env=os.environ | {"PYTHONHASHSEED": "3", "LC_ALL": "C"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "10 requirements" in done.stdout
    assert tree(tmp_path / "one") == tree(tmp_path / "two")


def test_ids_that_clash_are_drawn_again():
    taken: set[str] = set()
    first = from_issues.requirement_id("A-1", taken)
    second = from_issues.requirement_id("A-1", taken)
    assert first != second
    assert taken == {first, second}
    assert from_issues.requirement_id("A-1", set()) == first


def test_missing_data_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.delenv("TOBKIT_DATA", raising=False)
    with pytest.raises(SystemExit, match="2"):
        from_issues.main(["no_such_set", str(tmp_path / "pool")])
    assert "TOBKIT_DATA" in capsys.readouterr().err
    monkeypatch.setenv("TOBKIT_DATA", str(tmp_path))
    with pytest.raises(FileNotFoundError, match="no_such_set"):
        from_issues.corpus_path("no_such_set")


def test_a_line_that_is_no_issue_is_named(tmp_path: Path):
    path = tmp_path / "corpus.jsonl"
    path.write_text('{"id": "A", "title": "t", "body": "b"}\n\n{"id": "B"}\n', encoding="utf-8")
    with pytest.raises(ValueError, match=r"corpus\.jsonl:3"):
        from_issues.convert(path, tmp_path / "pool")


# ---- the stop-watch --------------------------------------------------------------------------------------------------


def test_every_command_of_the_bench_runs(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert build.main(["--size", "12", "--repeat", "1", "--json", str(tmp_path / "times.json")]) == 0
    table = capsys.readouterr().out
    assert all(case.name in table for case in build.CASES)
    assert json.loads((tmp_path / "times.json").read_text(encoding="utf-8"))["size"] == 12
