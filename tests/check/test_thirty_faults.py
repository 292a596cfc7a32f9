"""Thirty and more different faults in one pool at once: each is found at its line and column, and nothing falls over.

`⟨` in a file marks where the finding above the file is expected; a fault without a mark concerns the whole file (1:1).
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.check.helpers import CONFIG, file_text, workspace

HEAD = "title: Export invoices\ndate: 2026-02-01\n"

FAULTS: list[tuple[str, str, str | bytes]] = [
    # (code, file, content)
    ("TOB101", "requirements/REQ-000101.md", "Just a text.\n"),
    ("TOB102", "requirements/REQ-000102.md", "⟨---\nid: REQ-000102\n"),
    ("TOB103", "requirements/REQ-000103.md", "⟨+++\nid = 1\n+++\n"),
    ("TOB104", "requirements/REQ-000104.md", f"---\nid: REQ-000104\n{HEAD}tags: ⟨[a, b\nstatus: new\n---\n"),
    ("TOB105", "requirements/REQ-000105.md", f"---\nid: REQ-000105\n{HEAD}status: new\n⟨status: new\n---\nBODY\n"),
    ("TOB106", "requirements/REQ-000106.md", f"---\nid: REQ-000106\n{HEAD}status: ⟨&s new\n---\nBODY\n"),
    ("TOB107", "requirements/REQ-000107.md", f"---\nid: REQ-000107\n{HEAD}status: ⟨!!str new\n---\nBODY\n"),
    ("TOB108", "requirements/REQ-000108.md", f"---\nid: REQ-000108\n{HEAD}tags:\n⟨\t- a\n---\n"),
    ("TOB109", "requirements/REQ-000109.md", b"---\nid: REQ-000109\n---\n" + b"x" * (1024 * 1024)),
    ("TOB110", "requirements/REQ-000110.md", "---\ntags: " + "[" * 99 + "⟨" + "[" * 50_000 + "\n---\n"),
    ("TOB111", "requirements/REQ-000111.md", "---\nid: REQ-000111\ntitle: ⟨".encode() + "发票".encode("gbk") + b"\n---\n"),
    ("TOB112", "requirements/REQ-000112.md", "---\nid: REQ-000112\ntitle: a⟨\0b\n---\n"),
    ("TOB113", "requirements/REQ-000113.md", f"---\nid: REQ-000113\n{HEAD}⟨<<<<<<< HEAD\nstatus: new\n=======\n---\nBODY\n"),
    ("TOB114", "requirements/REQ-000114.md", "---\n⟨just words\n---\n"),
    ("TOB115", "requirements/REQ-000115.md", f"---\nid: ⟨REQ-000999\n{HEAD}status: new\n---\nBODY\n"),
    ("TOB116", "requirement/REQ-000116.md", "---\nid: REQ-000116\n---\n"),
    ("TOB120", "requirements/REQ-000120.md", f"---\nid⟨：REQ-000120\n{HEAD}status: new\n---\nBODY\n"),
    ("TOB201", "requirements/REQ-000201.md", f"---\nid: REQ-000201\n{HEAD}---\nBODY\n"),
    ("TOB202", "requirements/REQ-000202.md", "---\nid: REQ-000202\ntitle: ⟨[a, b]\ndate: 2026-02-01\nstatus: new\n---\nBODY\n"),
    ("TOB203", "requirements/REQ-000203.md", f"---\nid: REQ-000203\n{HEAD}status: ⟨已接收\n---\nBODY\n"),
    ("TOB204", "requirements/REQ-000204.md", "---\nid: REQ-000204\ntitle: A\ndate: ⟨2026-02-30\nstatus: new\n---\nBODY\n"),
    ("TOB205", "requirements/REQ-000205.md", f"---\nid: REQ-000205\n{HEAD}status: new\neffort: ⟨-3\n---\nBODY\n"),
    ("TOB206", "requirements/REQ-000206.md", f"---\nid: REQ-000206\n{HEAD}status: new\n⟨titel: B\n---\nBODY\n"),
    ("TOB207", "customers/a b.md", "---\nid: ⟨a b\nname: A\ntier: mid\nstatus: active\n---\n"),
    ("TOB208", "requirements/REQ-000208.md", f"---\nid: REQ-000208\n{HEAD}⟨状态: new\n---\nBODY\n"),
    ("TOB209", "requirements/REQ-000209.md", f"---\nid: REQ-000209\n{HEAD}status: ⟨新建\n---\nBODY\n"),
    ("TOB210", "requirements/REQ-000210.md", f"---\nid: REQ-000210\n{HEAD}status: new\ntags: ⟨one\n---\nBODY\n"),
    ("TOB211", "customers/c211.md", "---\nid: c211\nname: c211\ntier: mid\nstatus: active\ncase_consent: ⟨perhaps\n---\n"),
    ("TOB212", "requirements/REQ-000212.md", f"---\nid: REQ-000212\n{HEAD}module: e-invoicing\nowner: lilei\nstatus: ⟨parked\n---\nBODY\n"),
    ("TOB213", "requirements/REQ-000213.md", f"---\nid: REQ-000213\n{HEAD}status: new\nowner: ⟨lilie\n---\nBODY\n"),
    ("TOB214", "requirements/REQ-000214.md", f"---\nid: REQ-000214\n{HEAD}status: new\nregion: ⟨华中\n---\nBODY\n"),
    ("TOB215", "requirements/REQ-000215.md", "---\nid: REQ-000215\ntitle: A\ndate: ⟨2062-02-01\nstatus: new\n---\nBODY\n"),
    ("TOB216", "promises/PRM-000216.md", "---\nid: PRM-000216\ndate: 2026-02-01\nby: zhaoqiang\ncustomer: acme\nrequirement: REQ-00000z\ndue: ⟨2025-12-31\nstatus: kept\n---\n"),
    ("TOB217", "requirements/REQ-000217.md", f"---\nid: REQ-000217\n{HEAD}status: new\ntags: [b, ⟨a]\n---\nBODY\n"),
    ("TOB218", "notes/NOTE-000218.md", "---\nid: NOTE-000218\ndate: 2026-02-01\nsource: sales\n---\n"),
    ("TOB219", "requirements/REQ-000219.md", "---\nid: REQ-000219\ntitle: ⟨A\ndate: 2026-02-01\nstatus: new\n---\n"),
    ("TOB301", "requirements/REQ-000301.md", f"---\nid: REQ-000301\n{HEAD}status: new\nmodule: ⟨e-invocing\n---\nBODY\n"),
    ("TOB302", "requirements/REQ-000302-a.md", f"---\nid: ⟨REQ-000302\n{HEAD}status: new\n---\nBODY\n"),
    ("TOB302", "requirements/REQ-000302-b.md", f"---\nid: ⟨REQ-000302\n{HEAD}status: new\n---\nBODY\n"),
    ("TOB303", "requirements/REQ-00303a.md", f"---\nid: REQ-00303a\n{HEAD}status: new\nduplicate_of: ⟨REQ-00303b\n---\n"),
    ("TOB303", "requirements/REQ-00303b.md", f"---\nid: REQ-00303b\n{HEAD}status: new\nduplicate_of: ⟨REQ-00303a\n---\n"),
    ("TOB304", "requirements/REQ-000304.md", f"---\nid: REQ-000304\n{HEAD}status: new\nrelated:\n  - ⟨REQ-000304\n---\nBODY\n"),
    ("TOB305", "requirements/REQ-000305.md", f"---\nid: REQ-000305\n{HEAD}status: new\nduplicate_of: REQ-00000z\nnot_duplicate_of:\n  - ⟨REQ-00000z\n---\n"),
    ("TOB306", "requirements/REQ-000306.md", f"---\nid: REQ-000306\n{HEAD}status: new\ncustomers:\n  - ⟨unheard-of\n---\nBODY\n"),
    ("TOB307", "customers/c307.md", "---\nid: c307\nname: c307\ntier: mid\nstatus: active\naliases: [⟨acme]\n---\n"),
    ("TOB308", "requirements/REQ-000308.md", f"---\nid: REQ-000308\n{HEAD}status: accepted\nmodule: ⟨gone\nowner: lilei\n---\nBODY\n"),
    ("TOB309", "requirements/REQ-00309b.md", f"---\nid: REQ-00309b\n{HEAD}status: new\nsource_id: ⟨jira:A-1\n---\nBODY\n"),
    ("TOB501", "customers/c501.md", "---\nid: c501\nname: c501\ntier: mid\nstatus: ⟨churned\n---\n"),
    ("TOB502", "promises/PRM-000502.md", "---\nid: PRM-000502\ndate: 2026-02-01\nby: zhaoqiang\ncustomer: acme\nrequirement: ⟨REQ-00309a\ndue: 2026-12-31\nstatus: open\n---\n"),
    ("TOB503", "promises/PRM-000503.md", "---\nid: PRM-000503\ndate: 2026-02-01\nby: zhaoqiang\ncustomer: acme\nrequirement: REQ-00000z\ndue: ⟨2026-06-30\nstatus: open\n---\n"),
    ("TOB505", "notes/NOTE-000505.md", "---\nid: NOTE-000505\ndate: 2026-02-01\nsource: sales\ncustomer: acme\nimpact: [⟨wins-deals]\n---\n"),
]  # fmt: skip

SOUND = {
    "modules/gone.md": ["status: removed"],
    "requirements/REQ-00309a.md": ["source_id: jira:A-1"],
}
BODY = "At month end the accountants download three thousand invoices one by one."


def content(text: str | bytes) -> tuple[bytes, int, int]:
    """A file's bytes, and the line and column of the mark in it."""
    mark = "⟨".encode()
    data = text if isinstance(text, bytes) else text.replace("BODY", BODY).encode()
    before, found, after = data.partition(mark)
    if not found:
        return data, 1, 1
    return before + after, before.count(b"\n") + 1, len(before.rpartition(b"\n")[2].decode()) + 1


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("faulty")
    workspace(folder, SOUND, CONFIG)
    for _, path, text in FAULTS:
        file = folder / "pool" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content(text)[0])
    return folder


def tobkit(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(
        [sys.executable, "-m", "tobkit", *arguments, "--today", "2026-07-01", "--language", "en"],
        cwd=folder,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )


def test_there_are_thirty_different_faults_and_more() -> None:
    assert len({code for code, _, _ in FAULTS}) >= 30
    assert file_text("modules/gone.md", SOUND["modules/gone.md"]).count("---") == 2


def test_every_fault_is_found_at_its_place(faulty: Path) -> None:
    run = tobkit(faulty, "check", "--format", "json")
    assert run.returncode == 1
    assert "Traceback" not in run.stderr
    document = json.loads(run.stdout)
    found = {(each["code"], each["path"], each["line"], each["column"]) for each in document["diagnostics"]}
    expected = {(code, f"pool/{path}", *content(text)[1:]) for code, path, text in FAULTS}
    assert sorted(expected - found) == []
    assert sorted(found - expected) == []
    severities = [each["severity"] for each in document["diagnostics"]]
    assert document["summary"]["errors"] == severities.count("error")
    assert document["summary"]["warnings"] == severities.count("warning")
    assert all(each["message"] for each in document["diagnostics"])


@pytest.mark.parametrize("form", ["text", "github"])
def test_the_other_formats_name_the_same_findings(form: str, faulty: Path) -> None:
    run = tobkit(faulty, "check", "--format", form)
    assert run.returncode == 1
    assert "Traceback" not in run.stderr
    assert all(run.stdout.count(code) >= 1 for code, _, _ in FAULTS)
    assert "\x1b" not in run.stdout


def test_build_refuses_with_the_same_errors(faulty: Path) -> None:
    run = tobkit(faulty, "build")
    assert run.returncode == 1
    assert "Traceback" not in run.stderr
    assert "TOB203" in run.stdout + run.stderr
    assert not (faulty / "site" / "index.html").exists()
