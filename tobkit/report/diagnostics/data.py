"""Findings as JSON, whose form is part of the pool's contract."""

from collections.abc import Sequence

from tobkit.messages import Translator
from tobkit.model.diagnostics import Diagnostic, Severity
from tobkit.report.diagnostics.escaping import safe_json
from tobkit.report.diagnostics.summary import counted


def as_json(diagnostics: Sequence[Diagnostic], translator: Translator, *, files: int) -> str:
    """The findings as one JSON object, whose form is part of the pool's contract."""
    counts = counted(diagnostics)
    document = {
        "diagnostics": [
            {
                "code": diagnostic.code,
                "severity": str(diagnostic.severity),
                "path": diagnostic.path,
                **diagnostic.span._asdict(),
                "message": translator.text(diagnostic.message),
                "help": translator.text(diagnostic.help),
                "fixable": diagnostic.fixable,
            }
            for diagnostic in diagnostics
        ],
        "summary": {"files": files, "errors": counts[Severity.ERROR], "warnings": counts[Severity.WARNING]},
    }
    return safe_json(document)
