"""The pages of what waits for somebody: likely duplicates, the inbox, the findings of the check."""

from collections.abc import Iterable
from datetime import date
from itertools import groupby
from typing import NamedTuple

from markupsafe import Markup

from tobkit.model.diagnostics import Diagnostic, Severity
from tobkit.site.contexts.facts import Facts, Link, Status, Voice, voice


class Side(NamedTuple):
    """One of the two entries of a pair."""

    id: str
    link: Link
    status: Status
    module: str
    customers: int
    date: date
    excerpt: str
    body_lang: str


class PairShown(NamedTuple):
    """Two entries that may be one need; `keep` of the merge is the one that stands higher."""

    a: Side
    b: Side
    percent: int
    reasons: tuple[Markup, ...]
    merge: str
    distinct: str


def duplicates(facts: Facts) -> tuple[PairShown, ...]:
    """All proposed pairs, the likeliest first."""
    places = {one: place for place, one in enumerate(facts.order)}
    found = []
    for pair in sorted(facts.duplicates.pairs, key=lambda pair: (-pair.score, pair.a, pair.b)):
        keep, other = sorted((pair.a, pair.b), key=lambda one: places.get(one, len(places)))
        found.append(
            PairShown(
                side(facts, keep),
                side(facts, other),
                round(100 * pair.score),
                tuple(facts.say(reason, "") for reason in pair.reasons),
                f"tobkit merge {keep} {other}",
                f"tobkit distinct {keep} {other}",
            )
        )
    return tuple(found)


def side(facts: Facts, requirement_id: str) -> Side:
    row = facts.rows[requirement_id]
    requirement = facts.pool.requirements[requirement_id]
    return Side(
        row.id,
        Link(row.title, row.href, row.lang),
        row.status,
        row.module,
        row.customers,
        row.heard,
        facts.excerpt(requirement),
        facts.lang(requirement.body),
    )


def inbox(facts: Facts) -> tuple[Voice, ...]:
    """Notes that wait for triage, the oldest first."""
    return tuple(voice(facts, note, root="") for note in facts.inbox)


class Finding(NamedTuple):
    code: str
    severity: str
    line: int
    message: Markup
    help: Markup


class Findings(NamedTuple):
    """What the check found in one file; `link` leads to the entry's page where it has one."""

    path: str
    link: Link
    left_out: bool
    findings: tuple[Finding, ...]


class CheckPage(NamedTuple):
    errors: int
    warnings: int
    left_out: tuple[Findings, ...]
    findings: tuple[Findings, ...]


def check_page(facts: Facts) -> CheckPage:
    """What was left out of the site, then the other findings, by entry."""
    shown = [one for one in facts.diagnostics if one.severity is not Severity.INFO]
    out_paths = {one.path for one in facts.left_out}
    left_out = by_file(facts, facts.left_out, True)
    return CheckPage(
        errors=sum(1 for one in shown if one.severity is Severity.ERROR),
        warnings=sum(1 for one in shown if one.severity is Severity.WARNING),
        left_out=left_out,
        findings=by_file(facts, (one for one in shown if one.path not in out_paths), False),
    )


def by_file(facts: Facts, diagnostics: Iterable[Diagnostic], left_out: bool) -> tuple[Findings, ...]:
    entries = facts.entries_by_path
    ordered = sorted(diagnostics, key=lambda one: one.order)
    found = []
    for path, ones in groupby(ordered, key=lambda one: one.path):
        entry = entries.get(path)
        link = facts.link(entry.kind, entry.id) if entry else Link("")
        found.append(
            Findings(
                path,
                link,
                left_out,
                tuple(
                    Finding(
                        one.code, str(one.severity), one.span.line, facts.say(one.message, ""), facts.say(one.help, "")
                    )
                    for one in ones
                ),
            )
        )
    return tuple(sorted(found, key=lambda one: (one.findings[0].severity != "error", one.path)))
