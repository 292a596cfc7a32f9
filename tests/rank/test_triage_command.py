"""`tobkit triage`: its forms, its exit status, and that its commands work."""

import json
import os
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from tobkit.cli import run

TODAY = "2026-06-30"
BODY = "\nAccounting downloads three thousand invoices one by one at the end of every month.\n"
FILES = {
    "tobkit.toml": '[people.boss]\nname = "The Boss"\n\n[escalation]\ndecider = "boss"\n',
    "pool/modules/export.md": "---\nid: export\nname: Export\nstatus: live\n---\n",
    "pool/customers/acme.md": "---\nid: acme\nname: Acme @all\ntier: mid\nstatus: active\narr: 1000\n---\n",
    "pool/customers/gone.md": "---\nid: gone\nname: Gone\ntier: mid\nstatus: churned\nlost_on: 2026-01-01\n---\n",
    "pool/requirements/REQ-00000a.md": "---\nid: REQ-00000a\ntitle: Export | invoices <b>\ndate: 2026-05-01\nstatus: triaged\n"
    "module: export\nowner: boss\ncustomers:\n  - acme\nimpact:\n  - blocks-use\nplanned: 2026-05\n---\n" + BODY,
    "pool/requirements/REQ-00000b.md": "---\nid: REQ-00000b\ntitle: Paint the menu\ndate: 2026-05-01\nstatus: new\n"
    "customers:\n  - gone\n---\n\nOne clerk gets sleepy of our blue, and wants the whole menu red instead.\n",
    "pool/requirements/REQ-00000d.md": "---\nid: REQ-00000d\ntitle: Too thin\ndate: 2026-06-29\nstatus: new\n"
    "customers:\n  - acme\n---\n\nPlease.\n",
    "pool/notes/NOTE-00000a.md": "---\nid: NOTE-00000a\ndate: 2026-06-20\ncustomer: acme\nsource: sales\n---\n\n"
    "They want to export all invoices of a month at once.\n",
}


class Result(NamedTuple):
    code: int
    out: str
    err: str


Triage = Callable[..., Result]


@pytest.fixture(autouse=True)
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("GIT_DIR", "GIT_WORK_TREE", "TOBKIT_OVERLAY", "SOURCE_DATE_EPOCH"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TOBKIT_LANGUAGE", "en")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    for path, text in FILES.items():
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8", newline="")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def tobkit(capsys: pytest.CaptureFixture[str]) -> Triage:
    def call(*arguments: str) -> Result:
        capsys.readouterr()
        code = run([*arguments, "--today", TODAY])
        return Result(code, *capsys.readouterr())

    return call


def test_the_json_is_as_documented(tobkit: Triage) -> None:
    found = json.loads(tobkit("triage", "--format", "json").out)
    assert list(found) == [
        *("today", "decider", "escalations", "inbox", "no_value", "undecided", "late", "overdue_promises"),
        *("asked_again", "needs_evidence", "urgent_by_source"),
    ]
    assert (found["today"], found["decider"]) == (TODAY, "boss")
    (one,) = found["escalations"]
    assert (one["id"], one["days"], one["limit"], one["customers"], one["arr"]) == ("REQ-00000a", 60, 7, ["acme"], 1000)
    (note,) = found["inbox"]
    assert note["nearest"][0]["id"] == "REQ-00000a"
    assert {one["id"]: [reason["doubt"] for reason in one["reasons"]] for one in found["no_value"]} == {
        "REQ-00000b": ["nobody"],
        "REQ-00000d": ["vague"],
    }
    assert [(one["id"], one["planned"], one["days"]) for one in found["late"]] == [("REQ-00000a", "2026-05-31", 30)]
    assert [one["id"] for one in found["undecided"]] == ["REQ-00000a", "REQ-00000d", "REQ-00000b"]


def test_the_commands_do_what_they_say(tobkit: Triage) -> None:
    found = json.loads(tobkit("triage", "--format", "json").out)
    attach, new = found["inbox"][0]["commands"][0], found["inbox"][0]["commands"][-1]
    decline = next(one["command"] for one in found["no_value"] if one["id"] == "REQ-00000b")
    decline = decline.replace("MODULE", "export").replace("OWNER", "boss")
    for line in (attach, decline):
        assert tobkit(*shlex.split(line)[1:]).code == 0, line
    kind, *fields = shlex.split(new)[2:]
    assert tobkit("new", kind, "A title", *fields, "--body", BODY).code == 0
    after = json.loads(tobkit("triage", "--format", "json").out)
    assert after["inbox"] == []
    assert "REQ-00000b" not in {one["id"] for one in after["no_value"]}


@pytest.mark.parametrize(("options", "code"), [((), 0), (("--fail-on", "escalations"), 1)])
@pytest.mark.parametrize("form", ["text", "json", "markdown"])
def test_it_fails_on_escalations_only_where_told(
    tobkit: Triage, form: str, options: tuple[str, ...], code: int
) -> None:
    result = tobkit("triage", "--format", form, *options)
    assert result.code == code
    assert "REQ-00000a" in result.out


def test_nothing_to_escalate_is_no_failure(tobkit: Triage, workspace: Path) -> None:
    (workspace / "pool/requirements/REQ-00000a.md").unlink()
    assert tobkit("triage", "--fail-on", "escalations").code == 0


def test_text_shows_the_first_of_each_list_and_who_decides(tobkit: Triage) -> None:
    shown = tobkit("triage", "--top", "1").out
    assert "Escalations for The Boss to decide (1)" in shown
    assert "1 customer waits, ¥1,000 a year: Acme @all" in shown
    assert "and 2 more (--top 3 shows them)" in shown
    chinese = tobkit("triage", "--language", "zh").out
    assert "The Boss" in chinese
    assert "还没定" in chinese


def test_markdown_mentions_nobody_and_keeps_its_tables(tobkit: Triage) -> None:
    shown = tobkit("triage", "--format", "markdown").out
    assert "@all" not in shown
    assert "<b>" not in shown
    assert "Export \\| invoices" in shown


def test_an_empty_pool_waits_for_nobody(tobkit: Triage, workspace: Path) -> None:
    for path in FILES:
        if not path.endswith(".toml"):
            (workspace / path).unlink()
    assert tobkit("triage").out == f"{TODAY}: nothing waits.\n"
    assert json.loads(tobkit("triage", "--format", "json").out)["escalations"] == []
