"""Which findings a team sees: levels by path, and lines that ignore a rule."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.check.helpers import CONFIG, codes, findings
from tobkit.check import unsound
from tobkit.check.settings import matches
from tobkit.model.diagnostics import Severity, Span

THIN = {
    "requirements/2024/REQ-00000a.md": ["id: REQ-00000a", "---"],
    "requirements/2025/REQ-00000b.md": ["id: REQ-00000b", "---"],
}


def with_check(settings: str) -> str:
    return CONFIG + "\n" + settings


def make(folder: Path) -> Path:
    folder.mkdir()
    return folder


# Globs


@pytest.mark.parametrize(
    ("glob", "path"),
    [
        ("pool/requirements/2024", "pool/requirements/2024/REQ-00000a.md"),
        ("pool/requirements/2024/", "pool/requirements/2024/REQ-00000a.md"),
        ("pool/requirements/2024/**", "pool/requirements/2024/q1/REQ-00000a.md"),
        ("pool/requirements/*/REQ-00000a.md", "pool/requirements/2024/REQ-00000a.md"),
        ("pool/*/2024", "pool/requirements/2024/REQ-00000a.md"),
        ("**/REQ-*.md", "pool/requirements/2024/REQ-00000a.md"),
        ("**/REQ-*.md", "REQ-00000a.md"),
        ("pool/**/REQ-00000?.md", "pool/requirements/REQ-00000a.md"),
        ("pool/customers/华东*.md", "pool/customers/华东商贸.md"),
        ("pool/a[1].md", "pool/a[1].md"),
    ],
)
def test_a_glob_matches(glob: str, path: str) -> None:
    assert matches(glob, path)


@pytest.mark.parametrize(
    ("glob", "path"),
    [
        ("pool/requirements/202", "pool/requirements/2024/REQ-00000a.md"),
        ("pool/*.md", "pool/requirements/REQ-00000a.md"),
        ("requirements/**", "pool/requirements/REQ-00000a.md"),
        ("pool/requirements/?", "pool/requirements/"),
        ("pool/a[1].md", "pool/a1.md"),
        ("pool/a.md", "pool/a_md"),
    ],
)
def test_a_glob_does_not_match(glob: str, path: str) -> None:
    assert not matches(glob, path)


@given(st.text("ab/*?.[", max_size=20), st.text("ab/.", max_size=20))
def test_every_glob_means_something(glob: str, path: str) -> None:
    assert matches(glob, path) in (True, False)
    assert matches("**", path)


# By path


def test_a_rule_can_be_disabled_for_some_files(tmp_path: Path) -> None:
    found = findings(tmp_path, THIN, with_check('[check.paths."pool/requirements/2024/**"]\ndisable = ["TOB219"]'))
    assert [(each.code, each.path) for each in found] == [("TOB219", "pool/requirements/2025/REQ-00000b.md")]


def test_a_rule_can_be_worse_or_milder_for_some_files(tmp_path: Path) -> None:
    settings = """
        [check]
        severity.TOB219 = "info"
        [check.paths."pool/requirements"]
        severity.TOB219 = "warning"
        [check.paths."pool/requirements/2025"]
        severity.TOB219 = "error"
    """
    found = findings(tmp_path, THIN, with_check(settings))
    assert [each.severity for each in found] == [Severity.WARNING, Severity.ERROR]
    assert unsound(found) == {"pool/requirements/2025/REQ-00000b.md"}


def test_a_path_can_want_what_is_disabled_elsewhere(tmp_path: Path) -> None:
    settings = '[check]\ndisable = ["TOB219"]\n[check.paths."pool/requirements/2025"]\nseverity.TOB219 = "error"'
    found = findings(tmp_path, THIN, with_check(settings))
    assert [(each.severity, each.path) for each in found] == [(Severity.ERROR, "pool/requirements/2025/REQ-00000b.md")]


@pytest.mark.parametrize("setting", ['disable = ["TOB203"]', 'severity.TOB203 = "info"'])
def test_what_makes_an_entry_unusable_stays_an_error_everywhere(setting: str, tmp_path: Path) -> None:
    files = {"requirements/REQ-00000a.md": ["status: finished"]}
    found = findings(tmp_path, files, with_check(f'[check.paths."pool/**"]\n{setting}'))
    assert codes(found) == ["TOB203", "TOB199"]
    assert found[0].severity is Severity.ERROR
    assert '[check.paths."pool/**"]' in str(found[1].help)


def test_globs_and_codes_that_do_nothing_are_pointed_out(tmp_path: Path) -> None:
    settings = '[check.paths."pool/requirements/2023/**"]\ndisable = ["TOB21"]'
    found = findings(tmp_path, {}, with_check(settings))
    assert codes(found) == ["TOB199", "TOB199"]
    assert {"TOB21" in str(each.message) or "2023" in str(each.message) for each in found} == {True}


def test_a_glob_may_match_only_files_that_cannot_be_read(tmp_path: Path) -> None:
    files = {"requirements/old/REQ-00000a.md": "Just a text."}
    found = findings(tmp_path, files, with_check('[check.paths."pool/requirements/old"]\ndisable = ["TOB219"]'))
    assert codes(found) == ["TOB101"]


@pytest.mark.parametrize(
    ("settings", "code", "line"),
    [
        ('[check.paths."pool/**"]\ndisabled = ["TOB219"]', "TOB191", 2),
        ('[check.paths."pool/**"]\nseverity.TOB219 = "fatal"', "TOB192", 2),
        ('[check.paths]\n"pool/a" = "off"', "TOB192", 2),
    ],
)
def test_slips_in_the_settings_are_found_at_their_line(settings: str, code: str, line: int, tmp_path: Path) -> None:
    found = findings(tmp_path, {}, settings + "\n")
    assert [(each.code, each.span.line) for each in found if each.path == "tobkit.toml"] == [(code, line)]
    assert str(found[0].help)


# Lines that ignore


def thin(*lines: str, keys: tuple[str, ...] = ()) -> dict[str, list[str]]:
    return {"requirements/REQ-00000a.md": [*keys, "---", *lines]}


@pytest.mark.parametrize(
    "line",
    [
        "<!-- tobkit: ignore TOB219 The mail says it all. -->",
        "<!--tobkit:ignore TOB219: 邮件里都有-->",
        "  <!-- tobkit: ignore tob219 - see the mail -->  ",
        "<!-- tobkit: ignore TOB501, TOB219 see the mail -->",
        "<!-- tobkit: ignore TOB501、TOB219，见邮件 -->",
    ],
)
def test_a_line_in_the_body_silences_its_rules(line: str, tmp_path: Path) -> None:
    found = findings(tmp_path, thin("Slow.", "", line))
    assert "TOB219" not in codes(found)
    assert "TOB197" not in codes(found)


@pytest.mark.parametrize(
    "key", ["# tobkit: ignore TOB219 see the mail", "region: 华东 # tobkit: ignore TOB219 see the mail"]
)
def test_a_comment_in_the_front_matter_silences_too(key: str, tmp_path: Path) -> None:
    assert codes(findings(tmp_path, thin(keys=(key,)))) == []


def test_it_silences_in_its_own_file_only(tmp_path: Path) -> None:
    files = thin("<!-- tobkit: ignore TOB219 see the mail -->") | {"requirements/REQ-00000b.md": ["---"]}
    found = findings(tmp_path, files)
    assert [(each.code, each.path) for each in found] == [("TOB219", "pool/requirements/REQ-00000b.md")]


@pytest.mark.parametrize(
    ("line", "column", "says"),
    [
        ("<!-- tobkit: ignore TOB219 -->", 21, "isn't said why"),
        ("<!-- tobkit: ignore TOB219 : -->", 21, "isn't said why"),
        ("<!-- tobkit: ignore TOB999 because -->", 21, "no rule “TOB999”"),
        ("<!-- tobkit: ignore TOB219x because -->", 21, "no rule “TOB219X”"),
        ("<!-- tobkit: ignore because -->", 1, "which rule"),
        ("<!-- tobkit: ignore -->", 1, "which rule"),
        ("<!-- tobkit: ignore TOB203 because -->", 21, "can't be ignored"),
        ("<!-- tobkit: ignore TOB198 because -->", 21, "can't be ignored"),
    ],
)
def test_a_faulty_line_silences_nothing_and_is_reported(line: str, column: int, says: str, tmp_path: Path) -> None:
    found = findings(tmp_path, thin("Slow.", line))
    assert "TOB219" in codes(found)
    (fault,) = (each for each in found if each.code == "TOB197")
    assert says in str(fault.message)
    assert fault.span.column == column
    body = (tmp_path / fault.path).read_text(encoding="utf-8").split("\n")[fault.span.line - 1]
    assert body == line
    assert str(fault.help)


def test_a_line_with_nothing_to_silence_is_pointed_out_at_its_code(tmp_path: Path) -> None:
    files = {"requirements/REQ-00000a.md": ["# tobkit: ignore TOB301, TOB219 see the mail", "---", "Slow."]}
    found = findings(tmp_path, files)
    assert [(each.code, each.span) for each in found] == [("TOB198", Span(2, 18, 2, 24))]
    assert found[0].severity is Severity.INFO


def test_rules_that_were_not_applied_are_not_called_idle(tmp_path: Path) -> None:
    line = "<!-- tobkit: ignore TOB401, TOB219 moved from another pool -->"
    assert codes(findings(tmp_path, thin("Slow.", line))) == []
    off = with_check('[check]\ndisable = ["TOB219"]')
    assert codes(findings(make(tmp_path / "off"), thin("Slow.", line), off)) == []


def test_what_makes_an_entry_unusable_cannot_be_ignored(tmp_path: Path) -> None:
    files = thin("<!-- tobkit: ignore TOB203 we call it so -->", keys=("status: finished",))
    found = findings(tmp_path, files)
    assert {"TOB203", "TOB197"} <= set(codes(found))
    assert unsound(found) == {"pool/requirements/REQ-00000a.md"}


def test_an_ignored_error_does_not_stop_the_build(tmp_path: Path) -> None:
    files = {
        "requirements/REQ-00000a.md": ["# tobkit: ignore TOB301 the module comes with the next release", "module: soon"]
    }
    assert unsound(findings(tmp_path, files)) == frozenset()


@given(st.text("ab T0:,-\t#<!>\n", max_size=40))
def test_any_text_behind_ignore_is_taken(text: str) -> None:
    from tobkit.check.ignoring import _IN_BODY, in_text

    for ignore in in_text("a.md", f"<!-- tobkit: ignore TOB219 {text}", 7, _IN_BODY):
        assert ignore.span.line == 7
        assert ignore.span.column < ignore.span.end_column
