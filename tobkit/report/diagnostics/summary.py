"""How many findings there are, and what their severities are called."""

from collections.abc import Callable, Iterable

from tobkit.messages import Message, msg, msg_n
from tobkit.model.diagnostics import Diagnostic, Severity

ReadLine = Callable[[str, int], str | None]
"""A line (1-based) of a file by its path below the workspace; None where there is none."""

SEVERITIES = {Severity.ERROR: msg("error"), Severity.WARNING: msg("warning"), Severity.INFO: msg("hint")}


def summary(diagnostics: Iterable[Diagnostic], files: int, seconds: float | None = None) -> Message:
    """How many findings of which severity there are, in how many files, and how long it took to find them."""
    counts = counted(diagnostics)
    checked = msg_n("{n} file checked", "{n} files checked", files)
    if seconds is not None:
        checked = msg("{checked} in {seconds} s", checked=checked, seconds=f"{seconds:.2f}")
    if not any(counts.values()):
        return msg("Nothing wrong: {checked}.", checked=checked)
    found = [
        msg_n("{n} error", "{n} errors", counts[Severity.ERROR]),
        msg_n("{n} warning", "{n} warnings", counts[Severity.WARNING]),
        msg_n("{n} hint", "{n} hints", counts[Severity.INFO]),
    ]
    return msg("{found}; {checked}.", found=found, checked=checked)


def counted(diagnostics: Iterable[Diagnostic]) -> dict[Severity, int]:
    """How many findings of each severity there are."""
    counts = dict.fromkeys(Severity, 0)
    for diagnostic in diagnostics:
        counts[diagnostic.severity] += 1
    return counts
