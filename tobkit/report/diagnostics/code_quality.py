"""Findings as a code quality report of GitLab, which shows them in merge requests."""

from collections.abc import Sequence

from tobkit.messages import Translator
from tobkit.model.diagnostics import Diagnostic, Severity
from tobkit.report.diagnostics.escaping import safe_json, said
from tobkit.report.diagnostics.places import below, fingerprints
from tobkit.report.diagnostics.summary import ReadLine

GITLAB_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.INFO: "info"}


def gitlab(
    diagnostics: Sequence[Diagnostic],
    translator: Translator,
    *,
    prefix: str = "",
    read_line: ReadLine = lambda _path, _line: None,
) -> str:
    """The findings as one JSON list. `prefix` is the workspace's path below the repository's root."""
    gap = "" if translator.language == "zh" else " "
    return safe_json(
        [
            {
                "description": gap.join(
                    filter(None, (said(part, translator) for part in (diagnostic.message, diagnostic.help)))
                ),
                "check_name": diagnostic.code,
                "fingerprint": fingerprint,
                "severity": GITLAB_SEVERITIES[diagnostic.severity],
                "location": {"path": below(prefix, diagnostic.path), "lines": {"begin": diagnostic.span.line}},
            }
            for diagnostic, fingerprint in zip(diagnostics, fingerprints(diagnostics, read_line), strict=True)
        ]
    )
