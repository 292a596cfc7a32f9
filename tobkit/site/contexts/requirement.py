"""The page of a requirement: what is needed, why it stands where it stands, who says so."""

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from markupsafe import Markup

from tobkit.messages import Message, msg
from tobkit.model.fields import Choices
from tobkit.model.history import described
from tobkit.model.kinds import (
    CUSTOMER_STATUS,
    IMPACT,
    INCIDENT_STATUS,
    PRIORITY,
    PROMISE_STATUS,
    SCOPE,
    SEVERITY,
    SOURCE,
    TIER,
    TYPE,
    Requirement,
)
from tobkit.model.pool import Group
from tobkit.model.schema import FieldSpec
from tobkit.rank import TIER_LABELS, Explanation, explain
from tobkit.site.contexts.facts import Facts, Link, Status, Voice, revenue, voice
from tobkit.site.paths import quoted


class Signal(NamedTuple):
    """One signal: its points of the most that its weight allows, both of 100, and the fact behind it."""

    label: str
    points: float
    most: float
    facts: Markup
    compared: Markup


class Neighbour(NamedTuple):
    rank: int
    link: Link
    why: Markup


class Why(NamedTuple):
    """Why a requirement stands where it stands among `of`; `scale` is the greatest `most` of its signals."""

    rank: int
    of: int
    tier: int
    tier_text: str
    tier_facts: tuple[Markup, ...]
    score: float
    signals: tuple[Signal, ...]
    scale: float
    missing: tuple[Markup, ...]
    above: Neighbour | None
    below: Neighbour | None


class Asker(NamedTuple):
    """A customer for whom the need was filed."""

    link: Link
    tier: str
    standing: str
    arr: float


class Merged(NamedTuple):
    id: str
    title: Link
    date: date
    customers: tuple[Link, ...]
    html: Markup
    command: str


class Similar(NamedTuple):
    link: Link
    id: str
    status: Status
    percent: int
    reasons: tuple[Markup, ...]
    merge: str
    distinct: str


class Fact(NamedTuple):
    """A field with its values."""

    label: str
    values: tuple[Link, ...]


class Promised(NamedTuple):
    id: str
    who: Link
    by: str
    due: date
    status: str
    open: bool
    kept: bool
    counts: bool
    approved_by: str


class Happened(NamedTuple):
    """Something in the timeline."""

    date: date
    what: Markup


class Incident(NamedTuple):
    id: str
    date: date
    title: str
    lang: str
    severity: str
    status: str


class Attachment(NamedTuple):
    name: str
    href: str


class RequirementPage(NamedTuple):
    """All that stands in the page of a requirement."""

    id: str
    title: str
    lang: str
    status: Status
    since: date
    heard: date
    owner: str
    module: Link
    customers: int
    arr: float
    reason: str
    merged_into: Link | None
    not_ranked: Markup
    why: Why | None
    html: Markup
    body_lang: str
    attachments: tuple[Attachment, ...]
    voices: tuple[Voice, ...]
    askers: tuple[Asker, ...]
    merged: tuple[Merged, ...]
    similar: tuple[Similar, ...]
    fields: tuple[Fact, ...]
    promises: tuple[Promised, ...]
    incidents: tuple[Incident, ...]
    timeline: tuple[Happened, ...]
    edit: str


def requirement_page(facts: Facts, requirement_id: str, edit: str = "") -> RequirementPage:
    """The page of any requirement: ranked, closed or merged. `edit` is where it is edited on the code host."""
    pool = facts.pool
    requirement = pool.requirements[requirement_id]
    row = facts.rows[requirement_id]
    group = pool.groups[pool.canonical(requirement_id)]
    own = group.id == requirement_id
    explanation = explain(pool, facts.ranking, requirement_id)
    return RequirementPage(
        id=requirement_id,
        title=requirement.title,
        lang=row.lang,
        status=row.status,
        since=row.since,
        heard=requirement.date,
        owner=row.owner,
        module=facts.link("module", requirement.module),
        customers=row.customers,
        arr=row.arr,
        reason=requirement.reason or "",
        merged_into=row.canonical,
        not_ranked=facts.say(explanation.not_ranked) if explanation.not_ranked and not row.canonical else Markup(),
        why=why(facts, explanation) if explanation.ranked else None,
        html=facts.body(requirement, "../"),
        body_lang=facts.lang(requirement.body),
        attachments=tuple(
            Attachment(name, quoted(f"files/{requirement_id}/{name}"))
            for name in facts.attachments.get(requirement_id, ())
        ),
        voices=tuple(voice(facts, note) for note in group.notes) if own else (),
        askers=askers(facts, group) if own else askers_of(facts, requirement),
        merged=tuple(merged(facts, one) for one in group.merged) if own else (),
        similar=tuple(similar(facts, requirement_id)) if own else (),
        fields=tuple(fields(facts, requirement, group)),
        promises=tuple(promises(facts, group)) if own else (),
        incidents=incidents(facts, group) if own else (),
        timeline=tuple(timeline(facts, group, requirement)),
        edit=edit,
    )


def why(facts: Facts, found: Explanation) -> Why:
    """The explanation of the rank, ready to be shown."""
    ranked, tier = found.ranked, found.tier
    assert ranked is not None
    assert tier is not None
    shares = ranked.shares
    signals = tuple(
        Signal(
            label=facts.words.text(one.label),
            points=one.points,
            most=100 * shares[one.name],
            # The page's script says how long ago that was, so that the page is the same tomorrow.
            facts=facts.say(msg("First heard on {day}", day=ranked.first_heard))
            if one.name == "age"
            else facts.sentences(one.facts),
            compared=facts.say(one.compared) if one.compared and one.points else Markup(),
        )
        for one in found.signals
        if one.weight
    )
    return Why(
        rank=ranked.rank,
        of=found.count,
        tier=ranked.tier,
        tier_text=facts.words.text(TIER_LABELS[ranked.tier]),
        tier_facts=tuple(facts.say(fact) for fact in tier.facts),
        score=ranked.score,
        signals=signals,
        scale=max((one.most for one in signals), default=0.0) or 1.0,
        missing=tuple(facts.sentences((one.message, *one.help)) for one in found.needs_evidence),
        above=found.above
        and Neighbour(
            found.above.ranked.rank,
            facts.link("requirement", found.above.ranked.id),
            facts.say(found.above.difference),
        ),
        below=found.below
        and Neighbour(
            found.below.ranked.rank,
            facts.link("requirement", found.below.ranked.id),
            facts.say(found.below.difference),
        ),
    )


def askers(facts: Facts, group: Group) -> tuple[Asker, ...]:
    """The customers whom no note quotes, the largest first: those it was filed for."""
    quoted_ones = {note.customer for note in group.notes}
    voices = {customer.id: customer for statement in group.statements for customer in statement.customers}
    silent = [customer for one, customer in voices.items() if one not in quoted_ones]
    return tuple(
        Asker(
            facts.link("customer", customer.id),
            facts.label(TIER, customer.tier),
            facts.label(CUSTOMER_STATUS, customer.status) if customer.status != "active" else "",
            revenue((customer,)),
        )
        for customer in sorted(silent, key=lambda customer: (-(customer.arr or 0.0), customer.id))
    )


def askers_of(facts: Facts, requirement: Requirement) -> tuple[Asker, ...]:
    return tuple(
        Asker(
            facts.link("customer", customer.id),
            facts.label(TIER, customer.tier),
            facts.label(CUSTOMER_STATUS, customer.status) if customer.status != "active" else "",
            revenue((customer,)),
        )
        for customer in facts.customers_of(requirement)
    )


def merged(facts: Facts, requirement: Requirement) -> Merged:
    return Merged(
        id=requirement.id,
        title=facts.link("requirement", requirement.id),
        date=requirement.date,
        customers=facts.links("customer", requirement.customers),
        html=facts.body(requirement, "../"),
        command=f"tobkit unmerge {requirement.id}",
    )


def similar(facts: Facts, requirement_id: str) -> Iterator[Similar]:
    """Likely duplicates, the likeliest first, each with the commands that settle it."""
    pool = facts.pool
    for pair in sorted(facts.pairs.get(requirement_id, ()), key=lambda pair: (-pair.score, pair.a, pair.b)):
        a, b = pool.canonical(pair.a), pool.canonical(pair.b)
        other = b if a == requirement_id else a
        yield Similar(
            link=facts.link("requirement", other),
            id=other,
            status=facts.status(pool.requirements[other]),
            percent=round(100 * pair.score),
            reasons=tuple(facts.say(reason) for reason in pair.reasons),
            merge=f"tobkit merge {requirement_id} {other}",
            distinct=f"tobkit distinct {requirement_id} {other}",
        )


# Fields

FIRST = ("source", "type", "impact", "competitors", "scope", "suggested_priority", "effort", "planned", "region")
CHOICES: dict[str, Choices] = {
    "source": SOURCE,
    "type": TYPE,
    "impact": IMPACT,
    "scope": SCOPE,
    "suggested_priority": PRIORITY,
}


def fields(facts: Facts, requirement: Requirement, group: Group) -> Iterator[Fact]:
    """The fields that aren't shown elsewhere in the page, with a team's own ones at the end."""
    specs = facts.pool.schema["requirement"].fields
    if group.id == requirement.id and requirement.delivered:
        yield Fact(specs["delivered"].label[facts.language], (Link(requirement.delivered.isoformat()),))
    own = tuple(name for name, spec in specs.items() if spec.own)
    for name in (*FIRST, "tags", "related", "links", *own, "source_id"):
        if values := tuple(field_values(facts, specs[name], getattr(requirement, name))):
            yield Fact(specs[name].label[facts.language], values)


def field_values(facts: Facts, spec: FieldSpec, value: Any) -> Iterator[Link]:
    if value in (None, (), ""):
        return
    for one in value if isinstance(value, tuple) else (value,):
        if spec.reference:
            yield facts.link(spec.reference, str(one))
        elif spec.name == "effort":
            yield Link(facts.words.text(msg("{n} person-days", n=f"{one:g}")))
        elif isinstance(one, bool):
            yield Link(facts.words.text(msg("yes")) if one else facts.words.text(msg("no")))
        elif spec.person:
            yield Link(facts.person(one))
        else:
            text = (
                facts.label(spec.choices, one)
                if isinstance(one, str)
                else f"{one:g}"
                if isinstance(one, float)
                else str(one)
            )
            yield Link(text, text if text.startswith(("https://", "http://")) else "")


def promises(facts: Facts, group: Group) -> Iterator[Promised]:
    counting = {promise.id for promise in group.counting_promises}
    for promise in sorted(group.promises, key=lambda one: (one.status != "open", one.due, one.id)):
        yield Promised(
            id=promise.id,
            who=facts.link("customer", promise.customer),
            by=facts.person(promise.by),
            due=promise.due,
            status=facts.label(PROMISE_STATUS, promise.status),
            open=promise.status == "open",
            kept=promise.status == "kept",
            counts=promise.id in counting,
            approved_by=facts.person(promise.approved_by),
        )


def incidents(facts: Facts, group: Group) -> tuple[Incident, ...]:
    """The incidents that name an entry of the group as their follow-up, the latest first."""
    found = {
        link.entry.id: link.entry
        for member in group.members
        for link in facts.pool.backlinks.get(("requirement", member.id), ())
        if link.entry.kind == "incident"
    }
    listed = (facts.pool.incidents[one] for one in found)
    return tuple(
        Incident(
            one.id,
            one.date,
            one.title,
            facts.lang(one.title),
            facts.label(SEVERITY, one.severity),
            facts.label(INCIDENT_STATUS, one.status),
        )
        for one in sorted(listed, key=lambda one: (-one.date.toordinal(), one.id))
    )


SHOWN_CHANGES = ("status", "owner", "module", "planned")


def timeline(facts: Facts, group: Group, requirement: Requirement) -> Iterator[Happened]:
    """What happened to a requirement, the latest first."""
    events: list[tuple[date, int, Message | str]] = [(requirement.date, 0, msg("Filed"))]
    if group.id == requirement.id:
        events += [
            (one.date, 1, msg("{id} “{title}” says the same", id=one.id, title=one.title)) for one in group.merged
        ]
        for note in group.notes:
            customer = facts.pool.customers.get(note.customer or "")
            if customer:
                events.append((note.date, 2, msg("{who} spoke up", who=customer.name)))
        for promise in group.promises:
            who = facts.link("customer", promise.customer).text
            events.append((promise.date, 3, msg("Promised to {who} by {due}", who=who, due=promise.due)))
    changes = [event for event in facts.history.of(requirement).events if event.field in SHOWN_CHANGES]
    for event in changes:
        what = described(facts.pool, "requirement", event)
        events.append(
            (event.day, 4, msg("{what} · {author}", what=what, author=event.author) if event.author else what)
        )
    since = facts.status_day(requirement)
    if since != requirement.date and not any(event.field == "status" for event in changes):
        events.append((since, 4, facts.status(requirement).text))
    for day, _, message in sorted(events, key=lambda event: (-event[0].toordinal(), -event[1])):
        yield Happened(day, facts.say(message))
