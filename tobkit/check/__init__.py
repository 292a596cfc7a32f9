"""What is wrong in a pool: rules by topic, and the one `check` that every command, CI and the build go through.

A rule is a `Rule`, and beside it a generator of findings whose docstring is its documentation and whose examples are its
tests; `registry` lists them all. A rule looks at `Facts` alone: no clock, disk or git.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from tobkit.check.facts import Facts
from tobkit.check.registry import CHECKERS, RULES, UNALTERABLE
from tobkit.check.settings import as_wanted, idle_settings
from tobkit.model.diagnostics import Diagnostic
from tobkit.model.pool import Pool

__all__ = ["RULES", "check", "unsound"]


def check(pool: Pool, found: Sequence[Diagnostic], *, today: date) -> list[Diagnostic]:
    """All findings in a pool, in order: those of the loader (`found`) and those of every rule, as the team wants them.

    `pool` holds all entries that could be built, partial ones too.
    """
    settings = pool.config.check
    facts = Facts(pool, today, found)
    diagnostics = [*found, *idle_settings(settings, RULES, UNALTERABLE)]
    for rule, checker in CHECKERS.items():
        if rule.code not in settings.disable:
            diagnostics += checker(facts)
    wanted = as_wanted(without_doubles(diagnostics), settings, UNALTERABLE)
    return sorted(wanted, key=lambda diagnostic: diagnostic.order)


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
