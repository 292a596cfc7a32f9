"""Customers: the list of them, and the sheet to read before a visit."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from markupsafe import Markup

from tobkit.messages import Message, msg, msg_n
from tobkit.model.kinds import CUSTOMER_STATUS, INCIDENT_STATUS, PROMISE_STATUS, SEVERITY, TIER, Customer
from tobkit.site.contexts.facts import Facts, Link, Named, Row, Voice, voice


class CustomerRow(NamedTuple):
    """A customer in the list; `needs` are open ones, `promises` open ones."""

    link: Link
    tier: Named
    status: Named
    arr: float | None
    renewal: date | None
    needs: int
    promises: int
    region: str
    owner: str


class Fact(NamedTuple):
    label: str
    value: Link


class Promised(NamedTuple):
    id: str
    what: Link
    by: str
    due: date
    made: date
    status: str
    open: bool
    broken: bool


class Delivered(NamedTuple):
    """A need that was met, and when the customer was told so."""

    row: Row
    day: date
    told: date | None


class Hurt(NamedTuple):
    id: str
    date: date
    title: str
    lang: str
    severity: str
    status: str
    minutes: float | None


class CustomerPage(NamedTuple):
    id: str
    name: str
    lang: str
    tier: Named
    status: Named
    health: Markup
    arr: float | None
    renewal: date | None
    needs: int
    facts: tuple[Fact, ...]
    business: tuple[Fact, ...]
    html: Markup
    body_lang: str
    open_needs: tuple[Row, ...]
    closed_needs: tuple[Row, ...]
    delivered: tuple[Delivered, ...]
    promises: tuple[Promised, ...]
    incidents: tuple[Hurt, ...]
    voices: tuple[Voice, ...]
    edit: str


def customers(facts: Facts) -> tuple[CustomerRow, ...]:
    """All customers, the largest first; those who have gone at the end."""
    listed = sorted(facts.pool.customers.values(), key=lambda one: (not one.live, -(one.arr or 0.0), one.id))
    return tuple(
        CustomerRow(
            facts.link("customer", one.id),
            Named(one.tier, facts.label(TIER, one.tier)),
            Named(one.status, facts.label(CUSTOMER_STATUS, one.status)),
            one.arr,
            one.renewal if one.live else None,
            len(open_needs(facts, one)),
            sum(1 for promise in promises_to(facts, one) if promise.open),
            one.region or "",
            facts.person(one.owner),
        )
        for one in listed
    )


def customer_page(facts: Facts, customer_id: str, edit: str = "") -> CustomerPage:
    """The sheet of a customer."""
    customer = facts.pool.customers[customer_id]
    asked = [facts.rows[group.id] for group in facts.groups_by_customer.get(customer_id, ())]
    ranked = tuple(row for row in asked if row.rank)
    return CustomerPage(
        id=customer_id,
        name=customer.name,
        lang=facts.lang(customer.name),
        tier=Named(customer.tier, facts.label(TIER, customer.tier)),
        status=Named(customer.status, facts.label(CUSTOMER_STATUS, customer.status)),
        health=facts.sentences(health(facts, customer, ranked)),
        arr=customer.arr,
        renewal=customer.renewal if customer.live else None,
        needs=len(ranked),
        facts=tuple(fields(facts, customer)),
        business=tuple(business(facts, customer)),
        html=facts.body(customer, "../"),
        body_lang=facts.lang(customer.body),
        open_needs=ranked,
        closed_needs=tuple(row for row in asked if not row.rank and row.status.stage != "delivered"),
        delivered=tuple(delivered(facts, customer, asked)),
        promises=promises_to(facts, customer),
        incidents=tuple(
            Hurt(
                one.id,
                one.date,
                one.title,
                facts.lang(one.title),
                facts.label(SEVERITY, one.severity),
                facts.label(INCIDENT_STATUS, one.status),
                one.minutes,
            )
            for one in facts.incidents_by_customer.get(customer_id, ())
        ),
        voices=tuple(voice(facts, note, about=True) for note in facts.notes_by_customer.get(customer_id, ())),
        edit=edit,
    )


def open_needs(facts: Facts, customer: Customer) -> tuple[str, ...]:
    return tuple(group.id for group in facts.groups_by_customer.get(customer.id, ()) if group.id in facts.ranked)


def health(facts: Facts, customer: Customer, needs: tuple[Row, ...]) -> Iterator[Message]:
    """How they are, in a sentence or two: what to know before anything else."""
    if customer.status == "churned":
        if customer.lost_to and customer.lost_on:
            rival = facts.link("organisation", customer.lost_to).text
            yield msg("Gone since {day}, lost to {rival}.", day=customer.lost_on, rival=rival)
        else:
            yield msg("Gone.")
        return
    if customer.status == "prospect":
        yield msg("Not a customer yet.")
    elif customer.status == "at-risk":
        yield msg("At risk.")
    blocked = sum(1 for row in needs if row.tier == 1)
    if blocked:
        yield msg_n("{n} open need blocks their use.", "{n} open needs block their use.", blocked)
    broken = [one for one in promises_to(facts, customer) if one.broken]
    if broken:
        yield msg_n("We broke {n} promise to them.", "We broke {n} promises to them.", len(broken))
    open_incidents = [one for one in facts.incidents_by_customer.get(customer.id, ()) if one.status == "open"]
    if open_incidents:
        yield msg_n("{n} incident is still open.", "{n} incidents are still open.", len(open_incidents))
    if customer.status == "active" and not (blocked or broken or open_incidents):
        yield msg("Nothing of theirs is blocked, broken or on fire.")


def fields(facts: Facts, customer: Customer) -> Iterator[Fact]:
    """The rest of the fields, with a team's own ones at the end."""
    schema = facts.pool.schema["customer"]
    for name in ("region", "industry", "channel", "owner", "since", "uses", "won_from", "won_on", "case_consent"):
        value = getattr(customer, name)
        label = schema.fields[name].label[facts.language]
        if value is None or value == ():
            continue
        if name == "uses":
            for one in value:
                yield Fact(label, facts.link("module", one))
        elif isinstance(value, bool):
            yield Fact(label, Link(facts.words.text(msg("yes")) if value else facts.words.text(msg("no"))))
        elif schema.fields[name].reference:
            yield Fact(label, facts.link(schema.fields[name].reference or "", value))
        else:
            yield Fact(label, Link(facts.person(value) if name == "owner" else str(value)))
    for name, spec in schema.fields.items():
        if spec.own and (value := getattr(customer, name)) not in (None, ()):
            for one in value if isinstance(value, tuple) else (value,):
                yield Fact(spec.label[facts.language], Link(facts.label(spec.choices, str(one))))


def business(facts: Facts, customer: Customer) -> Iterator[Fact]:
    """How they live: what we should understand of them."""
    for spec in facts.pool.schema["customer"].fields["business"].parts:
        if text := getattr(customer.business, spec.name):
            yield Fact(spec.label[facts.language], Link(text, "", facts.lang(text)))


def promises_to(facts: Facts, customer: Customer) -> tuple[Promised, ...]:
    """What we promised, the open ones first, by what is due first."""
    found = (link.entry for link in facts.pool.backlinks.get(("customer", customer.id), ()))
    listed = [facts.pool.promises[one.id] for one in found if one.kind == "promise"]
    return tuple(
        Promised(
            one.id,
            facts.link("requirement", one.requirement),
            facts.person(one.by),
            one.due,
            one.date,
            facts.label(PROMISE_STATUS, one.status),
            one.status == "open",
            one.status == "broken",
        )
        for one in sorted(listed, key=lambda one: (one.status != "open", one.due, one.id))
    )


def delivered(facts: Facts, customer: Customer, asked: list[Row]) -> Iterator[Delivered]:
    """What we delivered for them, the latest first, and whether they know."""
    told: dict[str, date] = {}
    for note in facts.notes_by_customer.get(customer.id, ()):
        for one in note.told:
            told[facts.pool.canonical(one)] = note.date
    met = [row for row in asked if row.status.stage == "delivered"]
    for row in sorted(met, key=lambda row: (-row.since.toordinal(), row.id)):
        day = facts.pool.requirements[row.id].delivered or row.since
        yield Delivered(row, day, told.get(row.id))
