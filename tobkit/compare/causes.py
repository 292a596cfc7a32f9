"""What changed about a group that moves it in the order, in words: who came, who went, what was promised, what broke."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from tobkit.compare.given import RankedLike, RankingLike
from tobkit.messages import Message, msg
from tobkit.model.fields import Choices
from tobkit.model.kinds import (
    CUSTOMER_STATUS,
    IMPACT,
    PRIORITY,
    PROMISE_STATUS,
    SCOPE,
    SEVERITY,
    TIER,
    TYPE,
    Customer,
    Entry,
    Incident,
    Promise,
    Requirement,
)
from tobkit.model.pool import Group, Pool

EVIDENCE = frozenset({"reach", "revenue", "risk", "standard"})
"""The signals that follow from who is in the evidence."""


class Cause(NamedTuple):
    """A fact that changed, and the signals (or `tier`) that it may have changed."""

    signals: frozenset[str]
    message: Message


@dataclass(frozen=True)
class Side:
    """A group in one of the two rankings, with the pool that it was made from."""

    pool: Pool
    ranked: RankedLike
    ranking: RankingLike

    @property
    def group(self) -> Group:
        return self.ranked.group

    @cached_property
    def measures(self) -> dict[str, float]:
        """What each signal measures of the group alone."""
        return dict(self.ranking.measures(self.group))

    @property
    def incidents(self) -> tuple[Incident, ...]:
        """Those of the group's module that still count."""
        return self.ranking.around.incidents.get(self.group.canonical.module or "", ())

    @cached_property
    def evidence(self) -> dict[str, Customer]:
        return {customer.id: customer for customer in self.group.evidence}

    @cached_property
    def named(self) -> frozenset[str]:
        """The ids of all customers who are named, live or not."""
        return named_in(self.group)

    @cached_property
    def said_by(self) -> dict[str, Entry]:
        """Entry id -> entry, for the requirements and notes that speak for the group."""
        return {statement.entry.id: statement.entry for statement in self.group.statements}


def named_in(group: Group) -> frozenset[str]:
    """The ids of the customers that a group's entries, notes and counting promises name."""
    stated = (customer.id for statement in group.statements for customer in statement.customers)
    return frozenset((*stated, *(customer.id for customer in group.evidence)))


def causes_of(before: Side, after: Side) -> Iterator[Cause]:
    """All facts that changed about a group, what weighs most first."""
    yield from tier_causes(before, after)
    yield from arrivals(before, after)
    yield from departures(before, after)
    yield from customer_causes(before, after)
    yield from promise_causes(before, after)
    yield from incident_causes(before, after)
    yield from entry_causes(before, after)


def tier_causes(before: Side, after: Side) -> Iterator[Cause]:
    """The impact that counts now, or doesn't any more."""
    signals = frozenset({"tier"})
    then, now = before.ranked, after.ranked
    if now.tier < then.tier:
        for claim in now.claims:
            if claim.tier == now.tier and claim.carried_by:
                statement = claim.carried_by[0]
                who = [customer.name for customer in statement.customers if customer.live]
                yield Cause(
                    signals,
                    msg(
                        "“{label}” counts now: {entry}, {who}",
                        label=IMPACT.labels[claim.impact],
                        entry=statement.entry.id,
                        who=who,
                    ),
                )
    elif now.tier > then.tier:
        for claim in then.claims:
            if claim.tier == then.tier and claim.carried_by:
                yield Cause(signals, msg("“{label}” doesn't count any more", label=IMPACT.labels[claim.impact]))


def arrivals(before: Side, after: Side) -> Iterator[Cause]:
    """Customers who are in the evidence now, by what brought them."""
    come = [customer for key, customer in after.evidence.items() if key not in before.evidence]
    signals = EVIDENCE | {"tier"}
    for customer in come:
        if customer.id in before.named and customer.id in before.pool.customers:
            yield Cause(signals, became(before.pool.customers[customer.id], customer))
    new = {customer.id for customer in come if customer.id not in before.named}
    for entry, brought in by_entry(after, new):
        if entry.id in before.said_by:
            yield Cause(signals, msg("{who} added to its customers", who=brought))
        elif isinstance(entry, Requirement):
            yield Cause(signals, msg("{id} is merged into it and brings {who}", id=entry.id, who=brought))
        else:
            yield Cause(signals, msg("{who} asks for it too ({id})", who=brought, id=entry.id))


def departures(before: Side, after: Side) -> Iterator[Cause]:
    """Customers who aren't in the evidence any more, by why."""
    gone = [customer for key, customer in before.evidence.items() if key not in after.evidence]
    signals = EVIDENCE | {"tier"}
    for customer in gone:
        if customer.id in after.named and customer.id in after.pool.customers:
            yield Cause(signals, became(customer, after.pool.customers[customer.id]))
    left = {customer.id for customer in gone if customer.id not in after.named}
    for entry, taken in by_entry(before, left):
        if entry.id in after.said_by:
            yield Cause(signals, msg("{who} taken out of its customers", who=taken))
        elif isinstance(entry, Requirement):
            yield Cause(
                signals, msg("{id} isn't merged into it any more and takes {who} along", id=entry.id, who=taken)
            )
        else:
            yield Cause(signals, msg("{id} ({who}) doesn't speak for it any more", id=entry.id, who=taken))


def by_entry(side: Side, wanted: Iterable[str]) -> Iterator[tuple[Entry, list[str]]]:
    """The entries that name any of these customers, each with the names of those that none named before it."""
    left = set(wanted)
    for statement in side.group.statements:
        named = {customer.id: customer.name for customer in statement.customers if customer.id in left}
        if named:
            left -= named.keys()
            yield statement.entry, list(named.values())


def became(then: Customer, now: Customer) -> Message:
    """A customer's new status."""
    return changed(now.name, CUSTOMER_STATUS, then.status, now.status)


def changed(what: object, choices: Choices, then: str | None, now: str | None) -> Message:
    """A value that is another one now, by its labels."""
    return msg("{what}: {before} → {after}", what=what, before=label(choices, then), after=label(choices, now))


def label(choices: Choices, value: str | None) -> object:
    return choices.labels.get(value, value) if value else msg("none")


def customer_causes(before: Side, after: Side) -> Iterator[Cause]:
    """What is another with customers who were in the evidence and still are."""
    for key, now in after.evidence.items():
        then = before.evidence.get(key)
        if then is None or then is now:
            continue
        if then.status != now.status:
            yield Cause(EVIDENCE | {"tier"}, became(then, now))
        if then.arr != now.arr:
            amounts = {"who": now.name, "before": amount(then.arr), "after": amount(now.arr)}
            yield Cause(frozenset({"revenue", "risk"}), msg("Yearly revenue of {who}: {before} → {after}", **amounts))
        if then.renewal != now.renewal:
            days = {"who": now.name, "before": then.renewal or msg("none"), "after": now.renewal or msg("none")}
            yield Cause(frozenset({"risk"}), msg("Renewal of {who}: {before} → {after}", **days))
        if then.tier != now.tier:
            yield Cause(frozenset({"standard"}), changed(now.name, TIER, then.tier, now.tier))


def amount(value: float | None) -> object:
    return msg("none") if value is None else f"{value:,.0f}"


def promise_causes(before: Side, after: Side) -> Iterator[Cause]:
    """Promises that count now, don't any more, or are due on another day."""
    signals = EVIDENCE | {"promise"}
    then = {promise.id: promise for promise in before.group.counting_promises}
    now = {promise.id: promise for promise in after.group.counting_promises}
    for key, promise in now.items():
        who = customer_name(after.pool, promise)
        if key not in then:
            yield Cause(signals, msg("{id} to {who} counts now, due {due}", id=key, who=who, due=promise.due))
        elif then[key].due != promise.due:
            days = {"before": then[key].due, "after": promise.due}
            yield Cause(
                frozenset({"promise"}), msg("{id} to {who} is due {after} instead of {before}", id=key, who=who, **days)
            )
    for key, promise in then.items():
        if key not in now:
            who = customer_name(before.pool, promise)
            current = after.pool.promises.get(key)
            if current is not None and current.status != promise.status:
                yield Cause(
                    signals,
                    changed(msg("{id} to {who}", id=key, who=who), PROMISE_STATUS, promise.status, current.status),
                )
            else:
                yield Cause(signals, msg("{id} to {who} doesn't count any more", id=key, who=who))


def customer_name(pool: Pool, promise: Promise) -> str:
    customer = pool.customers.get(promise.customer)
    return customer.name if customer else promise.customer


def incident_causes(before: Side, after: Side) -> Iterator[Cause]:
    """Incidents of the module, and those that name an entry of the group."""
    signals = frozenset({"stability"})
    then = {incident.id: incident for incident in (*before.incidents, *naming(before))}
    now = {incident.id: incident for incident in (*after.incidents, *naming(after))}
    for key, incident in now.items():
        severity = SEVERITY.labels[incident.severity]
        if key not in then:
            yield Cause(
                signals, msg("Incident {id} “{title}” ({severity})", id=key, title=incident.title, severity=severity)
            )
        elif then[key].severity != incident.severity:
            yield Cause(signals, changed(key, SEVERITY, then[key].severity, incident.severity))
    for key in then:
        if key not in now:
            yield Cause(signals, msg("Incident {id} doesn't count any more", id=key))


def naming(side: Side) -> Iterator[Incident]:
    """The incidents that name an entry of the group as their follow-up."""
    members = {member.id for member in side.group.members}
    return (one for one in side.pool.incidents.values() if not members.isdisjoint(one.requirements))


def entry_causes(before: Side, after: Side) -> Iterator[Cause]:
    """What the group's own entries say of themselves."""
    then, now = before.group.canonical, after.group.canonical
    if then.scope != now.scope:
        yield Cause(frozenset({"standard"}), changed(msg("scope"), SCOPE, then.scope, now.scope))
    if then.module != now.module:
        names = {"before": module_name(before.pool, then), "after": module_name(after.pool, now)}
        yield Cause(frozenset({"stability"}), msg("module: {before} → {after}", **names))
    if then.type != now.type:
        yield Cause(frozenset({"stability"}), changed(msg("type"), TYPE, then.type, now.type))
    if loudest(before.group) != loudest(after.group):
        what = msg("suggested priority")
        yield Cause(frozenset({"voice"}), changed(what, PRIORITY, loudest(before.group), loudest(after.group)))
    first, second = heard(before.group), heard(after.group)
    if first != second:
        yield Cause(frozenset({"age"}), msg("first heard on {after} instead of {before}", before=first, after=second))


def module_name(pool: Pool, requirement: Requirement) -> object:
    module = pool.modules.get(requirement.module or "")
    return module.name if module else requirement.module or msg("none")


def loudest(group: Group) -> str | None:
    """The highest suggested priority."""
    voices = [member.suggested_priority for member in group.members if member.suggested_priority]
    return min(voices, key=PRIORITY.index, default=None)


def heard(group: Group) -> object:
    return min(member.date for member in group.members)
