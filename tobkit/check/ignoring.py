"""Lines in an entry that silence a rule there: `<!-- tobkit: ignore TOB305 reason -->` in the body, or the comment
`# tobkit: ignore TOB305 reason` in the front matter.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass

from tobkit.messages import Message, msg
from tobkit.model.diagnostics import Diagnostic, Rule, Severity, Span
from tobkit.model.kinds import Entry
from tobkit.model.nearest import nearest

FAULTY_IGNORE = Rule("TOB197", "ignore line without effect", Severity.WARNING)
IDLE_IGNORE = Rule("TOB198", "ignore line that silences nothing", Severity.INFO)

OWN_RULES = frozenset({FAULTY_IGNORE, IDLE_IGNORE})

_SIGN = "tobkit:"
_IN_BODY = re.compile(r"^[ \t]*<!--[ \t]*tobkit:[ \t]*ignore\b(?P<text>.*?)(?:-->|$)", re.MULTILINE)
_IN_FRONT = re.compile(r"(?:^|(?<=[ \t]))#[ \t]*tobkit:[ \t]*ignore\b(?P<text>.*)$", re.MULTILINE)
_CODE = re.compile(r"[ \t,，、]*(TOB\w+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Ignore:
    """One code that a line silences in its file. `span` is where the code stands; of a line without any, the line."""

    path: str
    code: str
    span: Span
    reason: str


def ignores(entries: Iterable[Entry]) -> Iterator[Ignore]:
    """Every code in a line that silences."""
    for entry in entries:
        if _SIGN in entry.body:
            yield from in_text(entry.path, entry.body, entry.origin.body_line, _IN_BODY)
        if _SIGN in entry.origin.front:
            yield from in_text(entry.path, entry.origin.front, 2, _IN_FRONT)


def in_text(path: str, text: str, first_line: int, form: re.Pattern[str]) -> Iterator[Ignore]:
    for found in form.finditer(text):
        line = first_line + text.count("\n", 0, found.start())
        begin = text.rfind("\n", 0, found.start()) + 1
        said, end = found["text"], 0
        codes: list[tuple[str, Span]] = []
        while code := _CODE.match(said, end):
            end = code.end()
            columns = (found.start("text") - begin + 1 + place for place in code.span(1))
            codes.append((code[1].upper(), Span(line, next(columns), line, next(columns))))
        reason = said[end:].strip(" \t:：-–—,，")
        whole = Span(line, found.start() - begin + 1, line, found.end() - begin + 1)
        for name, span in codes or [("", whole)]:
            yield Ignore(path, name, span, reason)


def without_ignored(
    diagnostics: list[Diagnostic],
    found: Iterable[Ignore],
    rules: Mapping[str, Rule],
    unalterable: Set[Rule],
    judged: Set[str],
) -> Iterator[Diagnostic]:
    """The findings that no line silences, and those about the lines themselves.

    `judged` are the codes of the rules that were applied: whether a line silences one of another rule isn't known.
    """
    sound: dict[tuple[str, str], Ignore] = {}
    for ignore in found:
        words = faulty(ignore, rules, unalterable)
        if words:
            yield Diagnostic.of(FAULTY_IGNORE, ignore.path, ignore.span, *words)
        else:
            sound[ignore.path, ignore.code] = ignore
    silencing: set[tuple[str, str]] = set()
    for diagnostic in diagnostics:
        place = (diagnostic.path, diagnostic.code)
        if place in sound:
            silencing.add(place)
        else:
            yield diagnostic
    for place, ignore in sound.items():
        if place not in silencing and ignore.code in judged:
            yield idle(ignore)


def faulty(ignore: Ignore, rules: Mapping[str, Rule], unalterable: Set[Rule]) -> tuple[Message, Message] | None:
    """A line that silences names rules that may be ignored, and says why.

    Why: whoever reads it in a year must see whether the reason still holds. What makes an entry unusable can't be
    ignored. A faulty line silences nothing.

    Bad:
        requirements/REQ-00000a.md
            title: Export is slow
            ---
            <!-- tobkit: ignore TOB219 -->
                                ^^^^^^

    Good:
        requirements/REQ-00000a.md
            title: Export is slow
            ---
            <!-- tobkit: ignore TOB219 The customer's mail with all details is in the attachment. -->

    Fix: write the code and then the reason: `<!-- tobkit: ignore TOB219 reason -->`.
    """
    form = msg("Write “tobkit: ignore TOB219 reason”.")
    if not ignore.code:
        return msg("The line doesn't say which rule is to be ignored."), form
    rule = rules.get(ignore.code)
    if rule is None:
        guess = nearest(ignore.code, rules)
        message = msg("There is no rule “{code}” to be ignored.", code=ignore.code)
        return message, msg("Did you mean {guess}?", guess=guess) if guess else msg("Codes look like TOB203.")
    if rule in unalterable or rule in OWN_RULES:
        message = msg("{code} can't be ignored.", code=ignore.code)
        return message, msg("Mend what it finds, and delete this line.")
    if not ignore.reason:
        return msg("It isn't said why {code} is to be ignored, so it isn't.", code=ignore.code), form
    return None


def idle(ignore: Ignore) -> Diagnostic:
    """A line that silences is deleted once there is nothing left to silence.

    Why: it would hide the next finding of this rule in the file, which may be another one.

    Bad:
        requirements/REQ-00000a.md
            # tobkit: ignore TOB219 Written on the phone.
                             ^^^^^^

    Good:
        requirements/REQ-00000a.md
            # tobkit: ignore TOB219 Written on the phone.
            ---
            Too slow.

    Fix: delete the line, or the code that finds nothing any more.
    """
    return Diagnostic.of(
        IDLE_IGNORE,
        ignore.path,
        ignore.span,
        msg("{code} finds nothing in this file, so there is nothing to ignore.", code=ignore.code),
        msg("Delete this line, or this code from it."),
    )
