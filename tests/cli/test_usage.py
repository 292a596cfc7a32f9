"""Help, usage errors, the language, and what a command costs before it does anything."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Tobkit
from tobkit.cli import COMMANDS

ENGLISH = re.compile(
    r"\b(the|and|of|this|that|with|only|show|options?|commands?|usage|exit|error|file|entry|entries|default|missing|for)\b",
    re.IGNORECASE,
)
NOT_PROSE = re.compile(r"`[^`]*`|--?[a-z-]+|\[[^]]*\]|[A-Z][A-Z_=.]+|tobkit [a-z]*")


def prose(help: str) -> str:
    """A help text without commands, options and placeholders, which aren't translated."""
    return NOT_PROSE.sub(" ", help)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_in_both_languages(tobkit: Tobkit, command: str) -> None:
    english = tobkit(command, "--help")
    chinese = tobkit(command, "--help", "--language", "zh")
    assert english.code == chinese.code == 0
    assert "Usage:" in english.out
    assert "Show this message and exit." in english.out
    assert "用法:" in chinese.out
    assert not ENGLISH.search(prose(chinese.out)), chinese.out
    assert not re.search(
        r"[\u4e00-\u9fff]", english.out.replace("需求, 客户声音, 客户, 模块, 承诺, 故障, 机构 or 往来", "")
    )


def test_the_list_of_commands_is_translated_too(tobkit: Tobkit) -> None:
    shown = tobkit("--language", "zh", "--help").out
    assert not ENGLISH.search(re.sub(r"^  [a-z]+ ", "", prose(shown), flags=re.MULTILINE)), shown
    for command in COMMANDS:
        assert re.search(rf"^  {command} +\S", shown, re.MULTILINE)


def test_help_keeps_to_the_width_of_the_terminal(tobkit: Tobkit, monkeypatch: pytest.MonkeyPatch) -> None:
    from rich.cells import cell_len

    monkeypatch.setenv("COLUMNS", "60")
    for language in ("zh", "en"):
        for command in COMMANDS:
            for line in tobkit(command, "--help", "--language", language).out.splitlines():
                assert cell_len(line) <= 60, line


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["chek"], "There is no command “chek”. Did you mean check?"),
        (["xyzzy"], "`tobkit --help` lists them."),
        (["rank", "--weigth", "a=1"], "Did you mean '--weight'?"),
        (["rank", "--top", "many"], "Invalid value for '--top'"),
        (["rank", "--top", "0"], "0 is not in the range x>=1."),
        (["check", "--format", "xml"], "'xml' is not one of 'text', 'json', 'github'"),
        (["show"], "Missing argument 'ID'."),
        (["merge", "REQ-00000a"], "Missing argument 'DUPLICATE...'."),
        (["new"], "Missing argument 'KIND'."),
        (["show", "a", "b"], "unexpected extra argument"),
    ],
)
def test_wrong_usage_exits_with_2_and_says_what_is_right(tobkit: Tobkit, arguments: list[str], says: str) -> None:
    result = tobkit(*arguments)
    assert result.code == 2
    assert says in result.err
    assert result.out == ""


@pytest.mark.parametrize(
    "arguments",
    [
        ["chek"],
        ["rank", "--weigth", "1"],
        ["rank", "--top", "x"],
        ["check", "--format", "x"],
        ["show"],
        ["show", "a", "b"],
    ],
)
def test_usage_errors_in_chinese_are_chinese(tobkit: Tobkit, arguments: list[str]) -> None:
    shown = tobkit(*arguments, "--language", "zh").err
    assert "错误：" in shown
    assert not ENGLISH.search(prose(re.sub(r"'[^']*'", " ", shown))), shown


def test_no_command_shows_the_help(tobkit: Tobkit) -> None:
    result = tobkit()
    assert result.code == 2
    assert "Commands:" in result.out + result.err


# The language


def test_the_option_beats_the_environment_which_beats_the_workspace(
    tobkit: Tobkit, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOBKIT_LANGUAGE", "zh")
    assert "没有发现问题" in tobkit("check").out
    assert "Nothing wrong" in tobkit("check", "--language", "en").out
    monkeypatch.delenv("TOBKIT_LANGUAGE")
    assert "Nothing wrong" in tobkit("check").out
    (workspace / "tobkit.toml").write_text('[site]\nlanguage = "zh"\n')
    assert "没有发现问题" in tobkit("check").out
    assert "用法" in tobkit("check", "--help").out


@pytest.mark.parametrize("locale", ["zh_CN.UTF-8", "zh_TW", "zh"])
def test_a_chinese_locale_speaks_chinese(tobkit: Tobkit, monkeypatch: pytest.MonkeyPatch, locale: str) -> None:
    monkeypatch.delenv("TOBKIT_LANGUAGE")
    monkeypatch.setenv("LANG", locale)
    assert "用法" in tobkit("--help").out


def test_a_faulty_configuration_still_has_a_language(tobkit: Tobkit, workspace: Path) -> None:
    (workspace / "tobkit.toml").write_text("[site\n")
    assert tobkit("check").code == 1
    assert tobkit("--help").code == 0


def test_the_process_is_left_as_it_was(tobkit: Tobkit) -> None:
    import gettext
    import os

    before = gettext.textdomain(), os.environ.get("LANGUAGE")
    tobkit("--help", "--language", "zh")
    tobkit("nonsense", "--language", "zh")
    assert (gettext.textdomain(), os.environ.get("LANGUAGE")) == before


# The day


@pytest.mark.parametrize("day", ["2026-06-30", "2026/6/30", "2026年6月30日"])
def test_today_may_be_written_as_people_write_dates(tobkit: Tobkit, workspace: Path, day: str) -> None:
    assert '"today": "2026-06-30"' in tobkit("rank", "--format", "json", "--today", day).out


@pytest.mark.parametrize("day", ["", "yesterday", "2026-02-30", "20260630"])
def test_today_that_is_no_date_is_refused(tobkit: Tobkit, workspace: Path, day: str) -> None:
    result = tobkit("rank", "--today", day)
    assert result.code == 2
    assert "--today isn't a date" in result.err


def test_source_date_epoch_is_today_in_the_pools_time_zone(
    tobkit: Tobkit, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1782835200")  # 2026-06-30 16:00 UTC
    assert '"today": "2026-06-30"' in tobkit("rank", "--format", "json").out
    (workspace / "tobkit.toml").write_text('[pool]\ntimezone = "Asia/Shanghai"\n')
    assert '"today": "2026-07-01"' in tobkit("rank", "--format", "json").out


@pytest.mark.parametrize("epoch", ["soon", "1.5", "99999999999999999999"])
def test_a_wrong_source_date_epoch_is_named(
    tobkit: Tobkit, workspace: Path, monkeypatch: pytest.MonkeyPatch, epoch: str
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    result = tobkit("rank")
    assert result.code == 2
    assert epoch in result.err


# What it costs


def test_help_and_version_import_nothing_heavy() -> None:
    code = (
        "import sys; from tobkit.cli import run; run(['--version']); run(['--help']); run(['chek']); "
        "heavy = {'pydantic', 'numpy', 'scipy', 'yaml', 'jinja2', 'rich', 'git', 'frontmatter', 'tomllib'}; "
        "print(sorted(heavy & set(sys.modules)))"
    )
    shown = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={"LANG": "en_US.UTF-8", "PYTHONPATH": str(Path(__file__).parents[2])},
    ).stdout
    assert shown.splitlines()[-1] == "[]"
