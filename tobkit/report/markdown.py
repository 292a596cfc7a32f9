"""Markdown that is shown by a code host: texts of the pool made harmless, tables, parts that fold."""

import re
from collections.abc import Iterable, Sequence
from html import escape

from tobkit.report.diagnostics import visible

MOST = 60_000
"""Characters that a document may have; a comment on GitHub may have 65,536."""

LONGEST = 160
"""Characters of one text of the pool that are shown."""

BREAK = "&#8203;"
"""A zero-width space: what stands before and behind it isn't read as one word, by people it is."""

_MARKS = re.compile(r"[\\`*_\[\]{}|^=]")
_CALLS = re.compile(
    r"(?<=[@#!%~$^])(?=[\w\"'])|(?<=&amp;)(?=\w)|(?<=:)(?=//)|(?<=www)(?=\.)|(?<=GH-)(?=\d)", re.IGNORECASE
)


def plain(text: str, longest: int = LONGEST) -> str:
    r"""A text of the pool as it reads, on one line, whatever it holds.

    It mentions nobody (`@name`), refers to and closes no issue (`#1`, `GH-1`, addresses, GitLab's `!1`, `%1`, `~x`),
    starts no HTML, formula, link or format, and ends no cell of a table.
    """
    line = " ".join(visible(text.replace("\n", " ").replace("\r", " ").replace("\t", " ")).split())
    short = line if len(line) <= longest else line[: longest - 1].rstrip() + "…"
    harmless = _MARKS.sub(lambda mark: "\\" + mark[0], escape(short, quote=False))
    return _CALLS.sub(BREAK, harmless).replace("~", "&#126;").replace("$", "&#36;")


def code(text: str) -> str:
    """A text between code marks, where nothing in it has a meaning; in a cell of a table too."""
    line = " ".join(visible(text).split()).replace("|", "\\|")
    longest = max((len(run) for run in re.findall("`+", line)), default=0)
    marks = "`" * (longest + 1)
    space = " " if longest else ""
    return f"{marks}{space}{line}{space}{marks}"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A table of cells that are Markdown already."""
    return [
        f"| {' | '.join(head)} |",
        f"|{'---|' * len(head)}",
        *(f"| {' | '.join(row)} |" for row in rows),
    ]


def folded(summary: str, lines: Iterable[str]) -> list[str]:
    """Lines below a heading that opens on a click. The summary is text of ours or made harmless."""
    return ["<details>", f"<summary>{summary}</summary>", "", *lines, "", "</details>"]
