"""Help in the user's language, wrapped by what the characters take on the screen."""

import unicodedata
from collections.abc import Iterable, Iterator
from copy import copy
from typing import TypeVar

import click

from tobkit.messages import Translator

C = TypeVar("C", bound=click.Command)


def localised(command: C, _: Translator) -> C:
    """A copy of a command with its texts translated (they are English in the source)."""
    shown = copy(command)
    shown.context_class = Context
    shown.help = _(shown.help) if shown.help else None
    shown.params = [copy(parameter) for parameter in shown.params]
    for parameter in shown.params:
        if isinstance(parameter, click.Option):
            parameter.help = _(parameter.help) if parameter.help else None
    return shown


class Formatter(click.HelpFormatter):
    """click's layout, but a Han character takes two cells, and lines may end between any two of them."""

    def write_text(self, text: str) -> None:
        indent = " " * self.current_indent
        paragraphs = [list(wrapped(each, self.width - len(indent))) for each in text.split("\n\n")]
        self.write("\n\n".join("\n".join(indent + line for line in lines) for lines in paragraphs) + "\n")

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        rows = list(rows)
        first = min(max(map(cells, (term for term, _ in rows)), default=0), col_max) + col_spacing
        indent = " " * self.current_indent
        margin = indent + " " * first
        for term, text in rows:
            lines = list(wrapped(text, max(self.width - len(margin), 10))) or [""]
            beside = cells(term) + col_spacing <= first
            head = indent + term + " " * (first - cells(term)) + lines.pop(0) if beside else indent + term
            self.write("\n".join([head.rstrip(), *(margin + line for line in lines)]) + "\n")


class Context(click.Context):
    formatter_class = Formatter


def cells(text: str) -> int:
    """How many cells of a terminal a text takes."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def wrapped(text: str, width: int) -> Iterator[str]:
    """The text in lines of at most so many cells, where a single word isn't longer."""
    line = ""
    for piece in pieces(text):
        if line and cells(line + piece.rstrip()) > width:
            yield line.rstrip()
            line = ""
        line += piece if line else piece.lstrip()
    if line:
        yield line.rstrip()


NEVER_FIRST = "，。；：！？、）”』」》…,.;:!?)"


def pieces(text: str) -> Iterator[str]:
    """What must not be broken: words with the space behind them, Han characters with the punctuation behind them."""
    piece = ""
    for char in " ".join(text.split()):
        wide = unicodedata.east_asian_width(char) in "WF"
        ends = piece and (piece[-1] == " " or wide or unicodedata.east_asian_width(piece[-1]) in "WF")
        if ends and char != " " and char not in NEVER_FIRST and piece[-1] not in "（“『「《(":
            yield piece
            piece = ""
        piece += char
    if piece:
        yield piece
