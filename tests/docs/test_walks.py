"""What the docs show at a prompt is what happens."""

import json
import re
from pathlib import Path

import pytest

from tests.docs import walk
from tests.docs.pages import ROOT, Page, rows
from tobkit.messages import LOCALE_FOLDER

WALKED = [page for page in walk.PAGES if any(step.command for step in walk.steps(page.read_text(encoding="utf-8")))]


@pytest.fixture(autouse=True)
def _chinese_texts() -> None:
    assert (LOCALE_FOLDER / "zh/LC_MESSAGES/tobkit.mo").exists(), (
        "the Chinese texts aren't compiled; `make pytest` does"
    )


@pytest.mark.parametrize("page", WALKED, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_command_answers_what_its_page_shows(page: Path, tmp_path: Path) -> None:
    answers = walk.walk(page, tmp_path)
    wrong = [answer for answer in answers if answer.step.command and not walk.fits(answer.step.expected, answer.lines)]
    shown = "\n\n".join(
        "\n".join([f"{page.name}:{answer.step.line}: $ {answer.step.command}", "answers:", *answer.lines])
        for answer in wrong[:3]
    )
    assert not wrong, f"{shown}\n\nIf that is right now: python tests/docs/walk.py {page.relative_to(ROOT)}"
    for answer, following in zip(answers, [*answers[1:], None], strict=True):
        told = following is not None and following.step.command == "echo $?"
        assert told or not answer.status, f"{page.name}:{answer.step.line} fails, and the page doesn't say so"


def test_both_languages_walk_the_same_way() -> None:
    assert {page.name.replace(".zh-CN", "") for page in WALKED if walk.language_of(page) == "en"} == {
        page.name.replace(".zh-CN", "") for page in WALKED if walk.language_of(page) == "zh"
    }


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_score_worked_by_hand_is_the_programs(language: str, tmp_path: Path) -> None:
    path = f"docs/{language}/ranking.md"
    walk.walk(ROOT / path, tmp_path)
    (folder,) = (file.parent for file in tmp_path.glob("*/tobkit.toml"))
    text, _ = walk.tobkit(folder, ["rank", "--today", "2026-06-30", "--format", "json"])
    ranked = next(one for one in json.loads(text)["ranking"] if one["id"] == "REQ-c8d5e2")
    assert ranked["tier"] == 3
    by_hand = [row for row in rows(Page(path).text) if len(row) == 5 and re.match(r"`\w+`$|sum|合计", row[0])]
    signals = {row[0].strip("`"): (float(row[2]), float(row[3]), float(row[4])) for row in by_hand[:-1]}
    assert {name: round(value, 3) for name, value in ranked["signals"].items()} == {
        name: value for name, (value, _, _) in signals.items()
    }
    for name, (_, weight, points) in signals.items():
        assert points == pytest.approx(weight * ranked["signals"][name], abs=0.05)
    assert float(by_hand[-1][4]) == round(ranked["score"], 1)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_changed_theme_of_the_page_is_what_the_site_shows(language: str, tmp_path: Path) -> None:
    walk.walk(ROOT / "docs" / language / "site.md", tmp_path)
    for name in ("index.html", "customers.html"):
        assert "product@example.com</a>" in (tmp_path / "site" / name).read_text(encoding="utf-8")


class TestFits:
    def test_an_answer_is_compared_whole(self) -> None:
        assert walk.fits(["a", "b"], ["a", "b"])
        assert not walk.fits(["a"], ["a", "b"])
        assert not walk.fits([], ["a"])
        assert not walk.fits(["a.c"], ["abc"])

    def test_an_ellipsis_stands_for_what_may_differ(self) -> None:
        assert walk.fits(["a", "…", "z"], ["a", "b", "c", "z"])
        assert walk.fits(["a", "…", "z"], ["a", "z"])
        assert walk.fits(["in …/x."], ["in /tmp/x."])
        assert not walk.fits(["a", "…", "z"], ["a", "b"])


def test_a_walk_writes_edits_and_keeps_the_status(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "<!-- file: a.txt -->\n```text\none\n```\n<!-- edit: a.txt: one => two -->\n"
        "```console\n$ cat a.txt\ntwo\n$ cd nowhere\n$ echo $?\n1\n```\n",
        encoding="utf-8",
    )
    answers = walk.walk(page, tmp_path)
    assert [answer.lines for answer in answers if answer.step.command] == [["two"], [], ["1"]]
