"""What is wrong in a pool: rules by topic, and the one `check` that every command, CI and the build go through.

A rule is a `Rule`, and beside it a generator of findings whose docstring is its documentation and whose examples are its
tests; `registry` lists them all. A rule looks at `Facts` alone: no clock, disk or git.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from unicodedata import normalize

from tobkit.check.facts import Facts
from tobkit.check.history import told_once
from tobkit.check.ignoring import ignores, without_ignored
from tobkit.check.loading import LOADER_RULES
from tobkit.check.registry import CHECKERS, HISTORY_RULES, RULES, UNALTERABLE
from tobkit.check.settings import Wishes, idle_settings
from tobkit.model.base import Base
from tobkit.model.diagnostics import Diagnostic
from tobkit.model.pool import Pool
from tobkit.store.attachments import Attachment

__all__ = ["RULES", "check", "unsound"]


def check(
    pool: Pool,
    found: Sequence[Diagnostic],
    *,
    today: date,
    base: Base | None = None,
    attachments: Sequence[Attachment] | None = None,
) -> list[Diagnostic]:
    """All findings in a pool, in order: those of the loader (`found`) and those of every rule, as the team wants them.

    `pool` holds all entries that could be built, partial ones too; without a `base` nothing is said about what changed,
    without `attachments` (`Loaded` has them) nothing about files beside the entries.
    """
    wishes = Wishes(pool.config.check, UNALTERABLE)
    beside = frozenset(normalize("NFC", file.path) for file in attachments or () if file.beside)
    own = None if attachments is None else [file for file in attachments if not file.beside]
    facts = Facts(pool, today, found, base, own, beside)
    diagnostics = list(found)
    judged = {rule.code for rule in LOADER_RULES}
    for rule, checker in CHECKERS.items():
        if rule.code not in wishes.unwanted:
            if base is not None or rule not in HISTORY_RULES:
                judged.add(rule.code)
            diagnostics += checker(facts)
    paths = (*(entry.path for entry in pool.entries), *(diagnostic.path for diagnostic in found))
    diagnostics += idle_settings(pool.config.check, RULES, UNALTERABLE, paths)
    once = list(without_doubles(diagnostics))
    seen = without_ignored(once, ignores(pool.entries), RULES, UNALTERABLE, judged)
    return sorted(told_once(wishes.apply(seen)), key=lambda diagnostic: diagnostic.order)


def unsound(diagnostics: Iterable[Diagnostic]) -> frozenset[str]:
    """The paths of the files that a build must leave out: those with errors that stop it."""
    return frozenset(diagnostic.path for diagnostic in diagnostics if diagnostic.stops_build)


def without_doubles(diagnostics: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """Each finding once."""
    seen: dict[tuple[object, ...], list[Diagnostic]] = {}
    for diagnostic in diagnostics:
        same_place = seen.setdefault(diagnostic.order, [])
        if diagnostic not in same_place:
            same_place.append(diagnostic)
            yield diagnostic
