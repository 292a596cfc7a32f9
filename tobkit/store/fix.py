"""`check --fix`: the repairs that diagnostics bring with them, as lossless edits of the files."""

from collections import Counter
from collections.abc import Callable, Iterable

from tobkit.model.diagnostics import Diagnostic, Edit
from tobkit.store.edit import write_whole
from tobkit.store.load import Loaded, load
from tobkit.store.workspace import Workspace

MOST_ROUNDS = 50
"""Where a line without a blank behind its colon hides the rest of the file, a round finds the next one only."""


def fix(
    workspace: Workspace, check: Callable[[Loaded], Iterable[Diagnostic]], concerns: Callable[[str], bool]
) -> dict[str, int]:
    """Make the repairs that `check` finds in the files that `concerns` names; path -> number of repairs.

    A repair may reveal another one in the same place (a label inside a single value), hence the rounds.
    """
    repaired: Counter[str] = Counter()
    for _ in range(MOST_ROUNDS):
        by_path: dict[str, list[Edit]] = {}
        for diagnostic in check(load(workspace)):
            if diagnostic.fix is not None and concerns(diagnostic.path):
                by_path.setdefault(diagnostic.path, []).append(diagnostic.fix)
        before = sum(repaired.values())
        for path, edits in by_path.items():
            file = workspace.root / path
            text = file.read_bytes()
            after, count = with_edits(text, edits)
            if after != text:
                write_whole(file, after)
                repaired[path] += count
        if sum(repaired.values()) == before:
            break
    return dict(sorted(repaired.items()))


def with_edits(data: bytes, edits: Iterable[Edit]) -> tuple[bytes, int]:
    """The file with edits made, and how many: from the end, leaving out those that overlap one already made."""
    mark = "\ufeff" if data.startswith(b"\xef\xbb\xbf") else ""
    lines = data.decode("utf-8").removeprefix(mark).split("\n")
    made = 0
    above: tuple[int, int] | None = None
    for edit in sorted(set(edits), key=lambda edit: edit.span, reverse=True):
        span = edit.span
        if above is not None and (span.end_line, span.end_column) > above:
            continue
        first, last = lines[span.line - 1], lines[span.end_line - 1]
        stop = span.end_line
        if span.end_line > span.line and span.end_column == 1:  # a value written as a block: its last line end stays
            stop, last = span.end_line - 1, "\r" if first.endswith("\r") else ""
        lines[span.line - 1 : stop] = [first[: span.column - 1] + edit.text + last[span.end_column - 1 :]]
        above = (span.line, span.column)
        made += 1
    return (mark + "\n".join(lines)).encode("utf-8"), made
