"""`tobkit diff`."""

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tobkit.cli.session import Session, command, format_option
from tobkit.errors import TobkitError
from tobkit.messages import N_, msg

if TYPE_CHECKING:
    from tobkit.compare import Comparison, Differences
    from tobkit.dedupe import Pair
    from tobkit.model.pool import Pool
    from tobkit.rank import Ranking
    from tobkit.store.before import Sides
    from tobkit.store.load import Loaded

SUMMARY = "GITHUB_STEP_SUMMARY"
"""The variable that names the file whose Markdown GitHub shows with a job."""


@click.command(
    "diff",
    help=N_(
        "Say what changed since BASE in the pool's terms: new, changed and removed entries, statuses, places in the order "
        "and why, likely duplicates that came, promises concerned.\n\n"
        "BASE is a branch or commit; what counts is where HEAD and it parted. Without HEAD the files as they are now are "
        "compared. --since 7d compares with the commit of seven days ago instead."
    ),
)
@click.argument("base", required=False)
@click.argument("head", required=False)
@click.option("--since", metavar="DAYS", help=N_("Compare with that many days (7d) or weeks (2w) ago, or with a date"))
@format_option("text", "json", "markdown")
@command
def diff_command(session: Session, base: str | None, head: str | None, since: str | None, form: str) -> None:
    from tobkit.report import comparison as report
    from tobkit.store.load import collector_paused

    session.overlay = None  # what lies outside the repository has no history
    sides, shown_as = sides_of(session, base, head, since)
    with collector_paused():  # two pools with their groups are made, and stay
        comparison, ranking = compared(session, sides, since)
    shown = report.Shown(comparison, ranking, sides.base, sides.head, shown_as)
    if form == "json":
        session.print_json(report.as_json(shown, session.translator))
    elif form == "markdown":
        session.print(report.comment(shown, session.translator))
    else:
        session.print(report.text(shown, session.translator))
    add_to_summary(report.comment(shown, session.translator))


def sides_of(session: Session, base: str | None, head: str | None, since: str | None) -> "tuple[Sides, str]":
    """What is compared, and what the user called the earlier side."""
    from tobkit.store.before import commit_of, day_meant, sides

    if (base is None) == (since is None):
        raise TobkitError(msg("Say what to compare with: a branch or commit such as main, or --since 7d."))
    if since is not None:
        day = day_meant(since, session.today)
        return sides(session.workspace, commit_of(session.workspace, day), None, session.loaded), day.isoformat()
    assert base is not None
    return sides(session.workspace, base, head, session.loaded if head is None else None), base


def compared(session: Session, sides: "Sides", since: str | None) -> "tuple[Comparison, Ranking]":
    """The comparison of both sides' sound entries, and the ranking of the later one."""
    from tobkit.compare import compare, differences
    from tobkit.rank import rank
    from tobkit.store.before import day_meant

    new, left_out = (session.pool, session.left_out) if sides.head is None else sound(session, sides.new)
    old = sound_before(session, sides, left_out)
    entries = differences(old, new)
    now = session.ranking if sides.head is None else rank(new, session.today)
    comparison = compare(
        old,
        new,
        rank(old, session.today),
        now,
        entries=entries,
        duplicates=likely_duplicates(new, entries),
        since=day_meant(since, session.today) if since is not None else None,
    )
    return comparison, now


def sound(session: Session, loaded: "Loaded") -> "tuple[Pool, frozenset[str]]":
    """The entries that can be used, and the files of the others."""
    from tobkit.check import unsound

    left_out = unsound(session.check(loaded))
    return loaded.pool.without(left_out), left_out


def sound_before(session: Session, sides: "Sides", left_out: frozenset[str]) -> "Pool":
    """The entries of the earlier side that can be used.

    A file that is the same on both sides is judged once, so that what is left out now (`left_out`) was left out before:
    only the others are checked, among names that stand for all the rest.
    """
    from tobkit.model.pool import Pool

    old, kept = sides.old, {id(entry) for entry in sides.new.entries}
    other = {entry.path for entry in old.entries if id(entry) not in kept}
    if len(other) == len(old.entries):
        return sound(session, old)[0]
    names = frozenset((entry.kind, entry.id) for entry in old.pool.entries) | old.pool.unread
    changed = Pool(old.pool.config, old.pool.schema, (one for one in old.pool.entries if one.path in other), names)
    findings = tuple(one for one in old.diagnostics if one.path in other)
    _, faulty = sound(session, replace(old, pool=changed, diagnostics=findings))
    return old.pool.without(faulty | (left_out - other))


def likely_duplicates(pool: "Pool", entries: "Differences") -> "tuple[Pair, ...]":
    """The likely duplicates of a pool, where a requirement with new words is among the entries that differ."""
    from tobkit.dedupe import find_duplicates

    return find_duplicates(pool).pairs if entries.newly_worded else ()


def add_to_summary(text: str) -> None:
    """Put the comment onto the page that GitHub shows with a job, where there is one."""
    if path := os.environ.get(SUMMARY):
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(text + "\n")
