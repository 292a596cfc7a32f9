"""What `tobkit new` asks on a terminal."""

import os
from pathlib import Path

import pytest

from tests.cli.conftest import Tobkit
from tobkit.store.frontmatter import read_document

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")

REPOSITORY = str(Path(__file__).parents[2])


def talk(workspace: Path, *answers: str, kind: str = "requirement", language: str = "en") -> tuple[int, str]:
    from tests.cli import terminal

    env = {"TOBKIT_LANGUAGE": language, "PYTHONPATH": REPOSITORY, "COLUMNS": "200"}
    return terminal.talk(["new", kind], workspace, [f"{answer}\r" for answer in answers], env=env)


def made(workspace: Path, screen: str) -> dict[str, object]:
    path = next(line for line in screen.splitlines() if line.startswith("pool/"))
    return dict(read_document((workspace / path).read_bytes()).values)


def test_a_requirement_is_asked_for_step_by_step(workspace: Path) -> None:
    code, screen = talk(
        workspace, "", "批量打印", "9", "1", "阿克米", "财务每个月要打印三千张发票，一张一张点。", language="zh"
    )
    assert code == 0, screen
    assert "这一项不能留空。" in screen
    assert "找不到模块“9”" in screen
    found = made(workspace, screen)
    assert (found["title"], found["module"], found["customers"]) == ("批量打印", "export", ["acme"])


def test_what_may_be_left_out_is_skipped_with_enter(workspace: Path) -> None:
    code, screen = talk(workspace, "Printing", "", "", "")
    assert code == 0, screen
    assert set(made(workspace, screen)) == {"id", "title", "date", "status"}


def test_an_unknown_name_is_answered_with_the_nearest_which_enter_takes(workspace: Path) -> None:
    code, screen = talk(workspace, "Printing", "exprot", "", "", "")
    assert code == 0, screen
    assert "There is no module “exprot”. Did you mean export (数据导出)?" in screen
    assert made(workspace, screen)["module"] == "export"


def test_a_customer_who_is_not_there_yet_may_stand(workspace: Path) -> None:
    code, screen = talk(workspace, "Printing", "", "zzz", "zzz", "")
    assert code == 0, screen
    assert "To keep “zzz” nevertheless, type it again." in screen
    assert made(workspace, screen)["customers"] == ["zzz"]


def test_choices_are_listed_with_their_labels_and_taken_by_number_name_or_label(workspace: Path) -> None:
    for answer in ("3", "销售"):
        code, screen = talk(workspace, "1", answer, "", "他们说导出太慢了。", kind="note", language="zh")
        assert code == 0, screen
        assert "  3  销售  sales" in screen
        assert made(workspace, screen)["source"] == "sales"


def test_a_note_needs_somebody_who_spoke(workspace: Path, tobkit: Tobkit) -> None:
    tobkit("new", "organisation", "North Channel", "-f", "relation=channel")
    code, screen = talk(workspace, "", "", "north-channel", "4", "REQ-00000a, 00000b", "They keep asking.", kind="note")
    assert code == 0, screen
    assert "This can't be left out." in screen
    found = made(workspace, screen)
    assert found["organisation"] == "north-channel"
    assert found["requirements"] == ["REQ-00000a", "REQ-00000b"]


def test_dates_and_people_are_asked_for_again_until_they_are_right(workspace: Path) -> None:
    code, screen = talk(
        workspace, "谁", "李蕾", "acme", "Bulk export of invoices", "soon", "2027/1/5", "", kind="promise"
    )
    assert code == 0, screen
    assert "“谁” isn't one of the people in tobkit.toml." in screen
    assert "“soon” isn't a date" in screen
    found = made(workspace, screen)
    assert (found["by"], found["requirement"], found["due"]) == ("lilei", "REQ-00000a", "2027-01-05")


@pytest.mark.parametrize("key", ["\x03", "\x04"])
def test_breaking_off_writes_nothing(workspace: Path, key: str) -> None:
    from tests.cli import terminal

    before = sorted(workspace.rglob("*.md"))
    env = {"TOBKIT_LANGUAGE": "en", "PYTHONPATH": REPOSITORY}
    code, screen = terminal.talk(["new", "requirement"], workspace, ["Printing\r", key], env=env)
    assert code == 130
    assert "Nothing was written." in screen
    assert "Traceback" not in screen
    assert sorted(workspace.rglob("*.md")) == before


def test_what_is_given_is_not_asked_for(workspace: Path) -> None:
    from tests.cli import terminal

    given = [
        "new",
        "requirement",
        "Printing",
        "-f",
        "customers=",
        "-f",
        "module=export",
        "-b",
        "Every page, one by one.",
    ]
    code, screen = terminal.talk(given, workspace, env={"TOBKIT_LANGUAGE": "en", "PYTHONPATH": REPOSITORY})
    assert code == 0
    assert screen.startswith("pool/requirements/REQ-")


def test_colours_only_on_a_terminal_that_wants_them(workspace: Path, tobkit: Tobkit) -> None:
    from tests.cli import terminal

    (workspace / "pool" / "requirements" / "REQ-00000a-bulk-export.md").write_text("broken")
    env = {"TOBKIT_LANGUAGE": "en", "PYTHONPATH": REPOSITORY}
    assert "\x1b[" in terminal.talk(["check"], workspace, env=env)[1]
    assert "\x1b[" not in terminal.talk(["check"], workspace, env={**env, "NO_COLOR": "1"})[1]
    assert "\x1b[" not in tobkit("check").out
