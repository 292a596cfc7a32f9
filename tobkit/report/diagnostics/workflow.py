"""Findings as annotations of a GitHub workflow."""

from collections.abc import Sequence

from tobkit.messages import Translator
from tobkit.model.diagnostics import Diagnostic, Severity
from tobkit.report.diagnostics.escaping import said, visible
from tobkit.report.diagnostics.places import below

GITHUB_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def github(diagnostics: Sequence[Diagnostic], translator: Translator, *, prefix: str = "") -> str:
    """The findings as workflow commands, the worst first: of each level GitHub shows the first ten of a step.

    `prefix` is the workspace's path below the repository's root.
    """
    worst_first = sorted(diagnostics, key=lambda diagnostic: -diagnostic.severity)
    return "\n".join(annotation(diagnostic, translator, prefix) for diagnostic in worst_first)


def annotation(diagnostic: Diagnostic, translator: Translator, prefix: str) -> str:
    span = diagnostic.span
    place = {
        "file": visible(below(prefix, diagnostic.path)),
        "line": str(span.line),
        "endLine": str(span.end_line),
        "col": str(span.column),
        "endColumn": str(span.end_column),
        "title": diagnostic.code,
    }
    if span.end_line != span.line:
        del place["endColumn"]
    properties = ",".join(f"{name}={github_property(value)}" for name, value in place.items())
    lines = [said(part, translator) for part in (diagnostic.message, diagnostic.help)]
    data = github_data("\n".join(filter(None, lines)))
    return f"::{GITHUB_LEVELS[diagnostic.severity]} {properties}::{data}"


def github_data(text: str) -> str:
    """A workflow command's text, escaped as GitHub's own toolkit does."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def github_property(text: str) -> str:
    return github_data(text).replace(":", "%3A").replace(",", "%2C")
