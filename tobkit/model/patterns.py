"""Which files are a kind's entries, by the patterns of their paths, and what of a path or a reference is the id."""

import re
from collections.abc import Sequence
from functools import cached_property

ID = "{id}"
MOST_SIGNS = 10
"""So many signs that stand for any text may one pattern hold; each takes its time where a path nearly fits."""

_SIGN = re.compile(r"\*\*/|\*\*|\*|\?|\{id\}|\[!?(?:[0-9]-[0-9]|[a-z]-[a-z]|[A-Z]-[A-Z]|[^\W_])+\]")
_MEANING = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}


def expression(pattern: str) -> re.Pattern[str]:
    """The expression of a pattern: `*` and `?` stay within a name, `**` doesn't, `[0-9]` is one of these characters.

    `{id}` is the shortest part of a name with which the whole fits, in a group of that name. Raises re.error where it
    stands more than once or a range is empty.
    """
    found, last = "", 0
    for sign in _SIGN.finditer(pattern):
        found += re.escape(pattern[last : sign.start()])
        text = sign[0]
        if text == ID:
            found += "(?P<id>[^/]+?)"
        elif text[0] == "[":
            found += "[^" + text[2:] if text[1] == "!" else text
        else:
            found += _MEANING[text]
        last = sign.end()
    return re.compile(found + re.escape(pattern[last:]), re.DOTALL)


def signs(pattern: str) -> list[str]:
    """The signs in a pattern that don't stand for themselves."""
    return _SIGN.findall(pattern)


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
