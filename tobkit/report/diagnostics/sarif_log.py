"""Findings as a SARIF 2.1.0 log, which code hosts, editors and other tools for static analysis read."""

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from tobkit import __version__
from tobkit.messages import Message, Translator, msg
from tobkit.model.diagnostics import WHOLE_FILE, Diagnostic, Edit, Rule, Severity, Span
from tobkit.report.diagnostics.escaping import safe_json, said
from tobkit.report.diagnostics.places import below, fingerprints
from tobkit.report.diagnostics.summary import ReadLine

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
ROOT = "%SRCROOT%"
SARIF_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
SARIF_LANGUAGES = {"zh": "zh-CN", "en": "en-US"}

Json = dict[str, Any]


def sarif(
    diagnostics: Sequence[Diagnostic],
    translator: Translator,
    *,
    prefix: str = "",
    read_line: ReadLine = lambda _path, _line: None,
) -> str:
    """The findings as a log of one run, with the rules that they come from.

    `prefix` is the workspace's path below the repository's root.
    """
    rules = sorted({diagnostic.rule for diagnostic in diagnostics}, key=lambda rule: rule.code)
    number = {rule: index for index, rule in enumerate(rules)}
    run = {
        "tool": {
            "driver": {
                "name": "tobkit",
                "version": __version__,
                "language": SARIF_LANGUAGES[translator.language],
                "rules": [described(rule, translator) for rule in rules],
            }
        },
        "language": SARIF_LANGUAGES[translator.language],
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {ROOT: {"description": {"text": translator.text(msg("The root of the repository."))}}},
        "invocations": [{"executionSuccessful": True}],
        "results": [
            result(diagnostic, number[diagnostic.rule], fingerprint, prefix, translator)
            for diagnostic, fingerprint in zip(diagnostics, fingerprints(diagnostics, read_line), strict=True)
        ],
    }
    return safe_json({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


def described(rule: Rule, translator: Translator) -> Json:
    """A rule, with its documentation where it is one of the registry's."""
    from tobkit.check import RULES
    from tobkit.check.documentation import documentation
    from tobkit.report.rules import paragraphs, sections

    found: Json = {
        "id": rule.code,
        "shortDescription": {"text": translator(rule.name)},
        "defaultConfiguration": {"level": SARIF_LEVELS[rule.severity]},
    }
    if RULES.get(rule.code) == rule:
        text = documentation(rule)
        found["fullDescription"] = {"text": translator(text.what)}
        found["help"] = {
            "text": "\n\n".join(paragraphs(rule, translator)),
            "markdown": "\n".join(sections(rule, translator)),
        }
    return found


def result(diagnostic: Diagnostic, rule: int, fingerprint: str, prefix: str, translator: Translator) -> Json:
    artifact = {"uri": uri(below(prefix, diagnostic.path)), "uriBaseId": ROOT}
    found: Json = {
        "ruleId": diagnostic.code,
        "ruleIndex": rule,
        "level": SARIF_LEVELS[diagnostic.severity],
        "message": {"text": plain([diagnostic.message, diagnostic.help], translator)},
        "locations": [{"physicalLocation": {"artifactLocation": artifact, "region": region(diagnostic.span)}}],
        "partialFingerprints": {"tobkit/v1": fingerprint},
    }
    if diagnostic.fix is not None:
        found["fixes"] = [repair(diagnostic.fix, artifact, plain([diagnostic.help], translator))]
    return found


def repair(edit: Edit, artifact: Json, description: str) -> Json:
    replacement = {"deletedRegion": region(edit.span, whole=False), "insertedContent": {"text": edit.text}}
    return {
        "description": {"text": description},
        "artifactChanges": [{"artifactLocation": artifact, "replacements": [replacement]}],
    }


def uri(path: str) -> str:
    """A relative path as a URI; what isn't UTF-8 in it is percent-encoded too."""
    return quote(path.encode("utf-8", "surrogatepass"), safe="/")


def region(span: Span, *, whole: bool = True) -> Json:
    """A place; for a finding on the whole file it is its first line."""
    if whole and span == WHOLE_FILE:
        return {"startLine": 1}
    return {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }


_LINK = re.compile(r"\[(?=[^\]]*\]\()")
_PLACEHOLDER = re.compile(r"\{(\d+)\}")


def plain(messages: Sequence[Message], translator: Translator) -> str:
    """Messages as SARIF's plain text, in which nothing of the pool's becomes a link or a placeholder."""
    gap = "" if translator.language == "zh" else " "
    text = gap.join(filter(None, (said(message, translator) for message in messages)))
    return _PLACEHOLDER.sub(r"{{\1}}", _LINK.sub(r"\\[", text))
