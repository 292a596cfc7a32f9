"""Which files are a kind's entries, by the patterns of their paths, and what of a path or a reference is the id."""

import re
from collections.abc import Sequence
from functools import cached_property

ID = "{id}"
DEEP = ("**/", "**")
MOST_DEEP = 2
"""So often may a pattern stand for folders at any depth; each multiplies the time that a path takes."""

_SIGN = re.compile(r"\*\*/|\*\*|\*|\?|\{id\}|\[!?(?:[0-9]-[0-9]|[a-z]-[a-z]|[A-Z]-[A-Z]|[^\W_])+\]|/")
_WITHIN_NAME = {"*": "[^/]*?", ID: "(?P<id>[^/]+?)"}
_MEANING = {"**/": "(?:.*/)?", "**": ".*", "?": "[^/]", "/": "/"}


def expression(pattern: str) -> re.Pattern[str]:
    """The expression of a pattern: `*` and `?` stay within a name, `**` doesn't, `[0-9]` is one of these characters.

    `{id}` is the shortest part of a name with which the whole fits, in a group of that name. What stands behind a `*`
    is taken where it comes first, which is never wrong, so that paths take linear time. Raises re.error where `{id}`
    stands more than once or a range is empty.
    """
    found = ""
    waiting = ""  # a `*` or `{id}` with what must follow it within the name
    for part in _parts(pattern):
        if part in _WITHIN_NAME:
            found += f"(?>{waiting})" if waiting else ""
            waiting = _WITHIN_NAME[part]
        elif waiting and part not in _MEANING:
            waiting += _literal(part)
        elif waiting and part == "?":
            waiting += _MEANING[part]
        else:
            found += waiting + (_MEANING.get(part) or _literal(part))
            waiting = ""
    return re.compile(found + waiting, re.DOTALL)


def _parts(pattern: str) -> list[str]:
    """The signs of a pattern and the texts between them."""
    parts, last = [], 0
    for sign in _SIGN.finditer(pattern):
        parts += [pattern[last : sign.start()], sign[0]]
        last = sign.end()
    return [part for part in (*parts, pattern[last:]) if part]


def _literal(part: str) -> str:
    """A text, or the characters in brackets, as an expression."""
    if part[0] == "[" and _SIGN.fullmatch(part):
        return "[^" + part[2:] if part[1] == "!" else part
    return re.escape(part)


def signs(pattern: str) -> list[str]:
    """The signs in a pattern that don't stand for themselves."""
    return [part for part in _parts(pattern) if part != "/" and _SIGN.fullmatch(part)]


_NUMBER = re.compile(r"(?:[A-Za-z]{1,16}[-_ ]?|#)?0*([0-9]+)")


def number_in(ref: str) -> str:
    """The number that an id or a reference is (`121` for `CIP-0121`); empty where it is something else."""
    found = _NUMBER.fullmatch(ref)
    return found[1] if found else ""


class Patterns:
    """Patterns of paths below a kind's folder; those behind `!` name what isn't meant."""

    def __init__(self, patterns: Sequence[str]) -> None:
        self.patterns = tuple(patterns)

    @cached_property
    def wanted(self) -> list[re.Pattern[str]]:
        return [expression(each) for each in self.patterns if each[0] != "!"] or [expression("**/*.md")]

    @cached_property
    def unwanted(self) -> list[re.Pattern[str]]:
        return [expression(each[1:]) for each in self.patterns if each[0] == "!"]

    def match(self, path: str) -> re.Match[str] | None:
        """How a path fits; None where it doesn't."""
        if any(pattern.fullmatch(path) for pattern in self.unwanted):
            return None
        return next((found for pattern in self.wanted if (found := pattern.fullmatch(path))), None)

    @property
    def hold_id(self) -> bool:
        return any(ID in each for each in self.patterns)

    def path_for(self, entry_id: str, text: str) -> str | None:
        """A path that fits, for an id and a text that makes it readable; None where none can be made up."""
        for each in self.patterns:
            path = each.replace("**/", "").replace(ID, entry_id).replace("*", text or entry_id)
            found = self.match(path) if each[0] != "!" and "/" not in entry_id else None
            if found is not None and found.groupdict().get("id", entry_id) == entry_id:
                return path
        return None
