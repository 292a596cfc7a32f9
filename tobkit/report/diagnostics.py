"""Diagnostics as text for a terminal, as JSON, and as annotations of a GitHub workflow.

Each renderer escapes for its own medium: whatever the pool's files hold, nothing in them moves a terminal's cursor,
ends a line, or is taken for a command by the machine that runs a workflow.
"""

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby

from tobkit.messages import Message, Translator, msg, msg_n
from tobkit.model.diagnostics import WHOLE_FILE, Diagnostic, Severity, Span

ReadLine = Callable[[str, int], str | None]
"""A line (1-based) of a file by its path below the workspace; None where there is none."""

SEVERITIES = {Severity.ERROR: msg("error"), Severity.WARNING: msg("warning"), Severity.INFO: msg("hint")}
HELP = msg("help:")
COLOURS = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.INFO: "36"}
GITHUB_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}

WIDTH = 100
"""Cells of a source line that are shown; of a longer one it is the part around the finding."""

LONGEST = 2000
"""Code points of a message that are shown."""


# Text


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
    """A finding's lines; the line of the file is left out where the whole file is meant."""
    line, column = diagnostic.span[:2]
    colour = COLOURS[diagnostic.severity]
    place = paint(f"{visible(diagnostic.path)}:{line}:{column}", "1")
    severity = paint(translator.text(SEVERITIES[diagnostic.severity]), colour)
    yield f"{place}: {severity} {diagnostic.code}: {said(diagnostic.message, translator)}"
    source = None if diagnostic.span == WHOLE_FILE else read_line(diagnostic.path, line)
    if source is not None:
        shown, indent, width = excerpt(source, diagnostic.span)
        yield f"  {paint(f'{line} |', '2')} {shown}"
        yield f"  {paint(' ' * len(str(line)) + ' |', '2')} {' ' * indent}{paint('^' * width, colour)}"
    if help := said(diagnostic.help, translator):
        yield f"  {paint(translator('help:'), '1')} {help}"


def said(message: Message, translator: Translator) -> str:
    """A message in the user's language, safe to be printed."""
    shown = translator.text(message)
    return visible(shown if len(shown) <= LONGEST else shown[:LONGEST] + "…")


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


# JSON


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
    return with_hidden(json.dumps(document, ensure_ascii=False, indent=2), json_escape)


def json_escape(character: str) -> str:
    """A hidden character of a JSON text; only the line ends between its tokens can stand there unescaped."""
    if character == "\n":
        return character
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))


# GitHub


def github(diagnostics: Sequence[Diagnostic], translator: Translator, *, prefix: str = "") -> str:
    """The findings as workflow commands, the worst first: of each level GitHub shows the first ten of a step.

    `prefix` is the workspace's path below the repository's root.
    """
    worst_first = sorted(diagnostics, key=lambda diagnostic: -diagnostic.severity)
    return "\n".join(annotation(diagnostic, translator, prefix.strip("/")) for diagnostic in worst_first)


def annotation(diagnostic: Diagnostic, translator: Translator, prefix: str) -> str:
    span = diagnostic.span
    place = {
        "file": visible(f"{prefix}/{diagnostic.path}" if prefix else diagnostic.path),
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


# What must not reach a terminal or a log as it is

_PERHAPS_HIDDEN = re.compile("[^ -~\u00a1-\u00ac\u2010-\u2027\u3000-\u9fff\uac00-\ud7a3\uff01-\uffee]")
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
_LOG_COMMAND = re.compile(r"##(?=\w*\[)")


def visible(text: str) -> str:
    """A text with control, direction and invisible characters as code points (a tab as an arrow), and without what
    build machines take for a command wherever it stands in a line (`##[group]`, `##vso[...]`).
    """
    return _LOG_COMMAND.sub("#<U+0023>", with_hidden(text, code_point))


def code_point(character: str) -> str:
    return "→" if character == "\t" else f"<U+{ord(character):04X}>"


def with_hidden(text: str, shown: Callable[[str], str]) -> str:
    """A text whose hidden characters are written by `shown`."""
    return _PERHAPS_HIDDEN.sub(
        lambda found: shown(found[0]) if unicodedata.category(found[0]) in _HIDDEN else found[0], text
    )
