"""Findings in the forms that code hosts read: GitLab's code quality report, and SARIF 2.1.0."""

import json
from typing import Any
from urllib.parse import unquote

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tobkit.check import RULES
from tobkit.messages import msg, translator
from tobkit.model.diagnostics import Diagnostic, Edit, Rule, Severity, Span
from tobkit.report.diagnostics import gitlab, sarif

RULE = RULES["TOB203"]
EN, ZH = translator("en"), translator("zh")
LINES = {"pool/a.md": ["---", "id: 编号", "status: 已接收", "status: 已接收"]}


def read_line(path: str, line: int) -> str | None:
    lines = LINES.get(path, [])
    return lines[line - 1] if line <= len(lines) else None


def finding(
    message: str = "wrong",
    span: Span | None = None,
    path: str = "pool/a.md",
    rule: Rule = RULE,
    severity: Severity = Severity.ERROR,
    fix: Edit | None = None,
) -> Diagnostic:
    return Diagnostic(rule, path, span or Span(), msg("{m}", m=message), msg("mend it"), severity, fix)


# GitLab


def test_gitlab_gets_what_it_asks_for() -> None:
    found = [finding(span=Span(3, 9, 3, 12)), finding(severity=Severity.WARNING), finding(severity=Severity.INFO)]
    report = json.loads(gitlab(found, EN, prefix="teams/pool/", read_line=read_line))
    assert report[0] == {
        "description": "wrong mend it",
        "check_name": "TOB203",
        "fingerprint": report[0]["fingerprint"],
        "severity": "major",
        "location": {"path": "teams/pool/pool/a.md", "lines": {"begin": 3}},
    }
    assert [each["severity"] for each in report] == ["major", "minor", "info"]
    assert len({each["fingerprint"] for each in report}) == 3


def test_nothing_wrong_is_an_empty_report() -> None:
    assert json.loads(gitlab([], EN)) == []
    assert json.loads(sarif([], EN))["runs"][0]["results"] == []


# Fingerprints


def prints(*found: Diagnostic) -> list[str]:
    return [each["fingerprint"] for each in json.loads(gitlab(found, EN, read_line=read_line))]


def test_a_fingerprint_stays_where_lines_come_and_go() -> None:
    assert prints(finding(span=Span(3, 9, 3, 12))) == prints(finding(span=Span(4, 9, 4, 12)))


def test_a_fingerprint_is_the_same_in_both_languages_and_formats() -> None:
    found = [finding(span=Span(3, 9, 3, 12))]
    (result,) = json.loads(sarif(found, ZH, read_line=read_line))["runs"][0]["results"]
    assert list(result["partialFingerprints"].values()) == prints(*found)


def test_another_rule_file_text_or_message_has_another_fingerprint() -> None:
    one = finding(span=Span(3, 9, 3, 12))
    others = [
        finding(span=Span(3, 9, 3, 12), rule=RULES["TOB204"]),
        finding(span=Span(3, 9, 3, 12), path="pool/b.md"),
        finding(span=Span(2, 5, 2, 7)),
        Diagnostic.of(RULE, "pool/a.md", Span(3, 9, 3, 12), msg("other words")),
    ]
    assert len({*prints(one), *(each for other in others for each in prints(other))}) == 5


def test_findings_that_are_alike_are_counted() -> None:
    alike = [finding(span=Span(3, 9, 3, 12)), finding(span=Span(4, 9, 4, 12))]
    assert len(set(prints(*alike))) == 2
    assert prints(*alike) == prints(*alike)


def test_findings_on_whole_files_differ_by_the_key_they_name() -> None:
    missing = [Diagnostic.of(RULE, "a.md", None, msg("{key} is missing", key=key)) for key in ("title", "date")]
    assert prints(missing[1]) == [prints(*missing)[1]]


# SARIF

TEXT = {"type": "object", "required": ["text"], "properties": {"text": {"type": "string", "minLength": 1}}}
REGION = {
    "type": "object",
    "required": ["startLine"],
    "additionalProperties": False,
    "properties": {
        name: {"type": "integer", "minimum": 1} for name in ("startLine", "startColumn", "endLine", "endColumn")
    },
}
ARTIFACT = {
    "type": "object",
    "required": ["uri", "uriBaseId"],
    "additionalProperties": False,
    "properties": {"uri": {"type": "string", "pattern": r"^[\w.~!$&'()*+,;=@%/-]+$"}, "uriBaseId": {"const": "%SRCROOT%"}},
}  # fmt: skip
LEVEL = {"enum": ["none", "note", "warning", "error"]}
RESULT = {
    "type": "object",
    "required": ["ruleId", "ruleIndex", "level", "message", "locations", "partialFingerprints"],
    "additionalProperties": False,
    "properties": {
        "ruleId": {"type": "string"},
        "ruleIndex": {"type": "integer", "minimum": 0},
        "level": LEVEL,
        "message": TEXT,
        "locations": {
            "minItems": 1,
            "maxItems": 1,
            "items": {
                "additionalProperties": False,
                "required": ["physicalLocation"],
                "properties": {
                    "physicalLocation": {
                        "required": ["artifactLocation", "region"],
                        "additionalProperties": False,
                        "properties": {"artifactLocation": ARTIFACT, "region": REGION},
                    }
                },
            },
        },
        "partialFingerprints": {"type": "object", "additionalProperties": {"type": "string"}},
        "fixes": {
            "items": {
                "required": ["artifactChanges"],
                "additionalProperties": False,
                "properties": {
                    "description": TEXT,
                    "artifactChanges": {
                        "minItems": 1,
                        "items": {
                            "required": ["artifactLocation", "replacements"],
                            "additionalProperties": False,
                            "properties": {
                                "artifactLocation": ARTIFACT,
                                "replacements": {
                                    "minItems": 1,
                                    "items": {
                                        "required": ["deletedRegion"],
                                        "additionalProperties": False,
                                        "properties": {
                                            "deletedRegion": REGION,
                                            "insertedContent": {"required": ["text"], "properties": {"text": {"type": "string"}}},
                                        },
                                    },
                                },
                            },
                        },
                    },
                },
            }
        },
    },
}  # fmt: skip
DESCRIPTOR = {
    "type": "object",
    "required": ["id", "shortDescription", "fullDescription", "help", "defaultConfiguration"],
    "additionalProperties": False,
    "properties": {
        "id": {"type": "string"},
        "shortDescription": TEXT,
        "fullDescription": TEXT,
        "help": {**TEXT, "required": ["text", "markdown"]},
        "defaultConfiguration": {"properties": {"level": LEVEL}, "additionalProperties": False},
    },
}
LOG = {
    "type": "object",
    "required": ["$schema", "version", "runs"],
    "additionalProperties": False,
    "properties": {
        "$schema": {"type": "string", "pattern": "sarif-schema-2.1.0.json$"},
        "version": {"const": "2.1.0"},
        "runs": {
            "minItems": 1,
            "maxItems": 1,
            "items": {
                "required": ["tool", "results", "columnKind"],
                "additionalProperties": False,
                "properties": {
                    "tool": {
                        "additionalProperties": False,
                        "required": ["driver"],
                        "properties": {
                            "driver": {
                                "required": ["name", "version", "rules"],
                                "additionalProperties": False,
                                "properties": {
                                    "name": {"const": "tobkit"},
                                    "version": {"type": "string"},
                                    "language": {"type": "string", "pattern": "^[a-z]{2}-[A-Z]{2}$"},
                                    "rules": {"items": DESCRIPTOR, "uniqueItems": True},
                                },
                            }
                        },
                    },
                    "language": {"type": "string", "pattern": "^[a-z]{2}-[A-Z]{2}$"},
                    "columnKind": {"const": "unicodeCodePoints"},
                    "originalUriBaseIds": {"additionalProperties": {"properties": {"description": TEXT}}},
                    "invocations": {"items": {"required": ["executionSuccessful"]}},
                    "results": {"items": RESULT},
                },
            },
        },
    },
}
"""What SARIF's own schema and its specification ask for, of the parts that we use, and no other parts."""


def run(found: list[Diagnostic], prefix: str = "", language: str = "en") -> dict[str, Any]:
    log = json.loads(sarif(found, translator(language), prefix=prefix, read_line=read_line))
    jsonschema.Draft202012Validator(LOG).validate(log)
    return log["runs"][0]  # type: ignore[no-any-return]


def test_a_log_has_results_with_their_places() -> None:
    (result,) = run([finding(span=Span(3, 9, 3, 12))], prefix="teams/pool")["results"]
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "teams/pool/pool/a.md"
    assert place["region"] == {"startLine": 3, "startColumn": 9, "endLine": 3, "endColumn": 12}
    assert result["message"]["text"] == "wrong mend it"


def test_a_finding_on_a_whole_file_is_on_its_first_line() -> None:
    (result,) = run([finding()])["results"]
    assert result["locations"][0]["physicalLocation"]["region"] == {"startLine": 1}


def test_levels_are_sarifs() -> None:
    found = [finding(severity=severity) for severity in (Severity.ERROR, Severity.WARNING, Severity.INFO)]
    assert [result["level"] for result in run(found)["results"]] == ["error", "warning", "note"]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_rules_come_with_their_documentation(language: str) -> None:
    found = [finding(rule=RULES[code]) for code in ("TOB501", "TOB203", "TOB203", "TOB102")]
    log = run(found, language=language)
    rules = log["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["TOB102", "TOB203", "TOB501"]
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in log["results"])
    assert rules[0]["defaultConfiguration"] == {"level": "error"}
    assert rules[2]["defaultConfiguration"] == {"level": "warning"}
    assert log["language"] == log["tool"]["driver"]["language"] == {"en": "en-US", "zh": "zh-CN"}[language]
    assert "```text\ncustomers/northwind.md" in rules[2]["help"]["markdown"]


def test_every_rule_fits_into_a_log() -> None:
    assert len(run([finding(rule=rule) for rule in RULES.values()])["tool"]["driver"]["rules"]) == len(RULES)


def test_repairs_are_fixes() -> None:
    edit = Edit(Span(3, 9, 3, 12), "accepted")
    (result,) = run([finding(span=edit.span, fix=edit)])["results"]
    (change,) = result["fixes"][0]["artifactChanges"]
    assert change["artifactLocation"]["uri"] == "pool/a.md"
    assert change["replacements"] == [
        {
            "deletedRegion": {"startLine": 3, "startColumn": 9, "endLine": 3, "endColumn": 12},
            "insertedContent": {"text": "accepted"},
        }
    ]


def test_an_insertion_is_a_fix_with_an_empty_region() -> None:
    edit = Edit(Span(1, 1, 1, 1), "x")
    (result,) = run([finding(fix=edit)])["results"]
    region = result["fixes"][0]["artifactChanges"][0]["replacements"][0]["deletedRegion"]
    assert region == {"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 1}


@pytest.mark.parametrize("name", ["华东 商贸.md", "100%#?.md", "a:b.md", "\u202e.md", "a\\b.md"])
def test_paths_are_uris(name: str) -> None:
    (result,) = run([finding(path=f"pool/{name}")])["results"]
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert unquote(uri) == f"pool/{name}"
    assert uri.isascii()


def test_content_makes_no_links_and_no_placeholders() -> None:
    (result,) = run([finding("[click](http://evil) [people] {0} {x}")])["results"]
    assert result["message"]["text"] == r"\[click](http://evil) [people] {{0}} {x} mend it"


HOSTILE = st.text(st.characters(), max_size=40)


@given(HOSTILE, HOSTILE, st.integers(1, 9), st.integers(1, 9))
def test_nothing_hostile_breaks_a_report(message: str, path: str, line: int, column: int) -> None:
    found = [finding(message, Span(line, column, line, column + 3), path=f"pool/{path}.md")]
    for printed in (gitlab(found, EN, read_line=read_line), sarif(found, EN, read_line=read_line)):
        assert not any(char in printed for char in "\x1b\x9b\u202e\u2028\x00")
        printed.encode("utf-8")
    run(found)
