"""Findings for people at a terminal."""

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

from tobkit.messages import Translator, msg
from tobkit.model.diagnostics import WHOLE_FILE, Diagnostic, Severity, Span
from tobkit.report.diagnostics.escaping import said, visible
from tobkit.report.diagnostics.summary import SEVERITIES, ReadLine, summary

HELP = msg("help:")
COLOURS = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.INFO: "36"}

WIDTH = 100
"""Cells of a source line that are shown; of a longer one it is the part around the finding."""


def text(
    diagnostics: Sequence[Diagnostic],
    translator: Translator,
    *,
    files: int,
    seconds: float | None = None,
    read_line: ReadLine = lambda _path, _line: None,
    colour: bool = False,
) -> str:
    """The findings file by file, each with its line, a caret below it and what to do; then a summary."""
    paint = painted if colour else unpainted
    blocks = [
        "\n".join(line for each in found for line in finding(each, translator, read_line, paint))
        for _, found in groupby(diagnostics, key=lambda diagnostic: diagnostic.path)
    ]
    return "\n\n".join([*blocks, translator.text(summary(diagnostics, files, seconds))])


Paint = Callable[[str, str], str]


def unpainted(text: str, _: str) -> str:
    return text


def painted(text: str, style: str) -> str:
    return f"\x1b[{style}m{text}\x1b[0m"


def finding(diagnostic: Diagnostic, translator: Translator, read_line: ReadLine, paint: Paint) -> Iterator[str]:
    """A finding's lines; the line of the file is left out where the whole file is meant, or it must not be repeated."""
    line, column = diagnostic.span[:2]
    colour = COLOURS[diagnostic.severity]
    place = paint(f"{visible(diagnostic.path)}:{line}:{column}", "1")
    severity = paint(translator.text(SEVERITIES[diagnostic.severity]), colour)
    yield f"{place}: {severity} {diagnostic.code}: {said(diagnostic.message, translator)}"
    hidden = diagnostic.span == WHOLE_FILE or diagnostic.rule.confidential
    source = None if hidden else read_line(diagnostic.path, line)
    if source is not None:
        shown, indent, width = excerpt(source, diagnostic.span)
        yield f"  {paint(f'{line} |', '2')} {shown}"
        yield f"  {paint(' ' * len(str(line)) + ' |', '2')} {' ' * indent}{paint('^' * width, colour)}"
    if help := said(diagnostic.help, translator):
        yield f"  {paint(translator.text(HELP), '1')} {help}"


def excerpt(line: str, span: Span) -> tuple[str, int, int]:
    """A line made visible, and in cells of a terminal how far into it the finding begins and how wide it is."""
    from rich.cells import cell_len

    start = min(span.column - 1, len(line))
    end = min(span.end_column - 1, len(line)) if span.end_line == span.line else len(line)
    first = 0 if cell_len(visible(line[: start + 1])) <= WIDTH * 2 // 3 else max(0, start - WIDTH // 6)
    before = ("…" if first else "") + visible(line[first:start])
    indent = cell_len(before)
    after = cut(visible(line[start : start + WIDTH]), max(WIDTH - indent, 1))
    marked = cell_len(visible(line[start : min(end, start + WIDTH)]))
    return before + after, indent, max(1, min(marked, cell_len(after)))


def cut(text: str, cells: int) -> str:
    """The beginning of a text that fits into so many cells."""
    from rich.cells import cell_len, set_cell_size

    return text if cell_len(text) <= cells else set_cell_size(text, cells - 1).rstrip(" ") + "…"
