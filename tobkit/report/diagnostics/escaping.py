"""What must not reach a terminal, a log or another program as it is."""

import json
import re
import unicodedata
from collections.abc import Callable
from typing import Any

from tobkit.messages import Message, Translator

LONGEST = 2000
"""Code points of a message that are shown."""

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


def said(message: Message, translator: Translator) -> str:
    """A message in the user's language, safe to be printed."""
    shown = translator.text(message)
    return visible(shown if len(shown) <= LONGEST else shown[:LONGEST] + "…")


def json_escape(character: str) -> str:
    """A hidden character of a JSON text; only the line ends between its tokens can stand there unescaped."""
    if character == "\n":
        return character
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))


def safe_json(document: Any) -> str:
    """A document as JSON in which hidden characters are escaped."""
    return with_hidden(json.dumps(document, ensure_ascii=False, indent=2), json_escape)
