"""`tobkit check --show-rules`, `--explain`, the formats of code hosts, and `tobkit schema`."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import Tobkit
from tobkit.check import RULES

BROKEN = "---\nid: REQ-00000z\ntitle: Broken\ndate: 2026-03-07\nstatus: finished\n---\n\nNobody knows when it is done, and everybody asks.\n"


@pytest.fixture
def broken(workspace: Path) -> Path:
    (workspace / "pool/requirements/REQ-00000z.md").write_text(BROKEN, encoding="utf-8")
    return workspace


def test_the_rules_are_listed(tobkit: Tobkit, workspace: Path) -> None:
    result = tobkit("check", "--show-rules")
    assert result.code == 0
    assert re.findall(r"^TOB\d{3}", result.out, re.MULTILINE) == list(RULES)
    rules = json.loads(tobkit("check", "--show-rules", "--format", "json").out)["rules"]
    assert [rule["code"] for rule in rules] == list(RULES)


def test_the_severities_are_the_workspaces(tobkit: Tobkit, workspace: Path) -> None:
    with (workspace / "tobkit.toml").open("a") as file:
        file.write('[check]\ndisable = ["TOB217"]\nseverity.TOB502 = "error"\n')
    text = tobkit("check", "--show-rules").out
    assert re.search(r"^TOB217 +off ", text, re.MULTILINE)
    assert re.search(r"^TOB502 +error ", text, re.MULTILINE)
    assert "Severity in tobkit.toml: error" in tobkit("check", "--explain", "TOB502").out


def test_a_rule_is_explained(tobkit: Tobkit, workspace: Path) -> None:
    result = tobkit("check", "--explain", "tob203")
    assert result.code == 0
    assert result.out.startswith("TOB203  not one of the allowed values\n")
    assert json.loads(tobkit("check", "--explain", "TOB203", "--format", "json").out)["code"] == "TOB203"


@pytest.mark.parametrize("option", ["--show-rules", "--explain=TOB203"])
def test_rules_are_told_outside_a_workspace_too(
    tobkit: Tobkit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, option: str
) -> None:
    monkeypatch.chdir(tmp_path)
    result = tobkit("check", option)
    assert result.code == 0
    assert "TOB203" in result.out


@pytest.mark.parametrize(("code", "says"), [("TOB2O3", "Did you mean TOB203?"), ("203", "TOB203"), ("x", "look like")])
def test_an_unknown_rule_exits_with_2(tobkit: Tobkit, workspace: Path, code: str, says: str) -> None:
    result = tobkit("check", "--explain", code)
    assert result.code == 2
    assert result.out == ""
    assert says in result.err


def test_rules_have_no_report_for_code_hosts(tobkit: Tobkit, workspace: Path) -> None:
    result = tobkit("check", "--show-rules", "--format", "sarif")
    assert result.code == 2
    assert "--format json" in result.err


@pytest.mark.parametrize("form", ["gitlab", "sarif", "github"])
def test_paths_are_the_repositorys(tobkit: Tobkit, broken: Path, form: str) -> None:
    subprocess.run(["git", "init", "-q", str(broken.parent)], check=True)
    result = tobkit("check", "--format", form)
    assert result.code == 1
    assert "pool-of-ours/pool/requirements/REQ-00000z.md" in result.out


def test_gitlab_and_sarif_name_the_same_findings(tobkit: Tobkit, broken: Path) -> None:
    (report,) = json.loads(tobkit("check", "--format", "gitlab").out)
    (result,) = json.loads(tobkit("check", "--format", "sarif").out)["runs"][0]["results"]
    assert report["check_name"] == result["ruleId"] == "TOB203"
    assert report["location"]["lines"]["begin"] == 5
    assert report["fingerprint"] in result["partialFingerprints"].values()
    with (broken / "pool/requirements/REQ-00000z.md").open("r+") as file:
        file.write(BROKEN.replace("title:", "# heard at the fair\ntitle:"))
    (moved,) = json.loads(tobkit("check", "--format", "gitlab").out)
    assert moved["location"]["lines"]["begin"] == 6
    assert moved["fingerprint"] == report["fingerprint"]


def test_the_summary_tells_the_time_it_took(tobkit: Tobkit, workspace: Path) -> None:
    assert re.search(r"files checked in \d+\.\d\d s\.$", tobkit("check").out.strip(), re.MULTILINE)
    assert tobkit("check", "--quiet").out == ""


def test_a_hook_checks_the_whole_pool_and_nothing_is_passed() -> None:
    import yaml

    (hook,) = yaml.safe_load((Path(__file__).parents[2] / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert (hook["id"], hook["entry"], hook["language"]) == ("tobkit-check", "tobkit check", "python")
    assert hook["always_run"] is True
    assert hook["pass_filenames"] is False


# The schema


def test_a_kinds_schema(tobkit: Tobkit, workspace: Path) -> None:
    schema = json.loads(tobkit("schema", "requirement").out)
    assert schema["properties"]["owner"]["enum"] == ["lilei", None]
    assert schema["properties"]["region"]["enum"] == ["华东", "海外", None]
    assert schema["title"] == "Requirement"
    assert json.loads(tobkit("schema", "需求", "--language", "zh").out)["title"] == "需求"


def test_all_kinds_schema(tobkit: Tobkit, workspace: Path) -> None:
    assert "requirement" in json.loads(tobkit("schema").out)["$defs"]


def test_an_unknown_kind_exits_with_2(tobkit: Tobkit, workspace: Path) -> None:
    result = tobkit("schema", "requirment")
    assert result.code == 2
    assert "Did you mean requirement?" in result.err
