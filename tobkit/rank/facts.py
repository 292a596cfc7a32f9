"""The facts behind a group's signals, in words: who asks, how much they pay, what was promised, what broke."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from tobkit.messages import Message, msg, msg_n
from tobkit.model.kinds import PRIORITY, SEVERITY, Customer, Promise
from tobkit.model.pool import Pool
from tobkit.rank.ranking import Ranked, Ranking
from tobkit.rank.signals import (
    about_stability,
    in_danger,
    most_pressing,
    paying,
    renews_about,
    total_revenue,
)
from tobkit.rank.words import by_revenue, listed, money, named, with_detail

SIGNAL_LABELS: Mapping[str, Message] = {
    "reach": msg("Customers reached"),
    "revenue": msg("Revenue concerned"),
    "risk": msg("Revenue at risk"),
    "promise": msg("Promise due"),
    "standard": msg("Standard need"),
    "stability": msg("Stability"),
    "age": msg("Time waiting"),
    "voice": msg("Front line's voice"),
}


class SignalFacts(NamedTuple):
    """One signal of a group: its value (0 to 1), weight and points (of 100), and the facts that it comes from.

    `compared` says what the value was measured against, for signals that depend on the other groups.
    """

    name: str
    label: Message
    value: float
    weight: float
    points: float
    facts: tuple[Message, ...]
    compared: Message | None


class Case:
    """A group at its place in a ranking of a pool: what facts are told about."""

    def __init__(self, pool: Pool, ranking: Ranking, ranked: Ranked) -> None:
        self.pool = pool
        self.ranking = ranking
        self.ranked = ranked
        self.group = ranked.group
        self.today = ranking.today
        self.currency = pool.config.pool.currency
        self.evidence = by_revenue(ranked.group.evidence)
        self.payers = list(paying(self.evidence))

    def money(self, amount: float) -> str:
        return money(amount, self.currency)


def signal_facts(case: Case) -> Iterable[SignalFacts]:
    """Every signal with its facts, in the contract's order."""
    ranked = case.ranked
    points = ranked.points
    for name, value in ranked.signals.items():
        yield SignalFacts(
            name=name,
            label=SIGNAL_LABELS[name],
            value=value,
            weight=case.ranking.weights[name],
            points=points[name],
            facts=tuple(FACTS[name](case)),
            compared=compared(name, case.ranking.maxima[name], case.currency),
        )


@lru_cache(maxsize=64)
def compared(name: str, most: float, currency: str) -> Message | None:
    """The greatest measure over all ranked groups, where the signal is scaled by it."""
    if name in ("revenue", "risk"):
        return msg("most of all: {amount}", amount=money(most, currency))
    if name in ("reach", "standard", "stability"):
        return msg("most of all: {amount}", amount=f"{most:g}")
    return None


def reach(case: Case) -> Iterable[Message]:
    customers = case.evidence
    at_risk = [customer for customer in customers if customer.status == "at-risk"]
    prospects = [customer for customer in customers if customer.status == "prospect"]
    if not customers:
        yield msg("No live customer asks for it.")
    elif at_risk:
        yield msg_n(
            "{n} live customer, at risk: {who}.",
            "{n} live customers, {risk} of them at risk: {who}.",
            len(customers),
            risk=len(at_risk),
            who=named(customers),
        )
    else:
        yield msg_n("{n} live customer: {who}.", "{n} live customers: {who}.", len(customers), who=named(customers))
    if prospects:
        yield msg_n(
            "{n} is a prospect and counts half: {who}.",
            "{n} are prospects and count half: {who}.",
            len(prospects),
            who=named(prospects),
        )


def revenue(case: Case) -> Iterable[Message]:
    known = [customer for customer in case.payers if customer.arr is not None]
    unknown = [customer for customer in case.payers if customer.arr is None]
    if not case.payers:
        yield msg("No paying customer asks for it.")
    if known:
        yield msg(
            "Summed yearly revenue {amount}: {who}.",
            amount=case.money(case.ranked.arr),
            who=listed(known, lambda customer: with_detail(customer, case.money(customer.arr or 0.0))),
        )
    if unknown:
        yield msg_n(
            "The yearly revenue of {n} customer isn't written down: {who}.",
            "The yearly revenue of {n} customers isn't written down: {who}.",
            len(unknown),
            who=named(unknown),
        )


def risk(case: Case) -> Iterable[Message]:
    endangered = [customer for customer in case.payers if in_danger(customer, case.today)]
    if endangered:
        yield msg(
            "{amount} of it is at risk: {who}.",
            amount=case.money(total_revenue(endangered)),
            who=listed(endangered, lambda customer: with_detail(customer, dangers(customer, case.today))),
        )
    else:
        yield msg("No paying customer behind it is at risk or about to renew.")


def dangers(customer: Customer, today: date) -> list[Message]:
    """Why we might lose a customer soon."""
    found = [msg("at risk")] if customer.status == "at-risk" else []
    if customer.renewal is not None and renews_about(customer, today):
        found.append(msg("renewal on {day}, {when}", day=customer.renewal, when=from_today(customer.renewal, today)))
    return found


def from_today(day: date, today: date) -> Message:
    """How far a day is, in days."""
    ahead = (day - today).days
    if ahead > 0:
        return msg_n("in {n} day", "in {n} days", ahead)
    if ahead < 0:
        return msg_n("{n} day ago", "{n} days ago", -ahead)
    return msg("today")


def promise(case: Case) -> Iterable[Message]:
    counting = case.group.counting_promises
    pressing = most_pressing(counting)
    if pressing is None:
        yield msg("No promise counts.")
    else:
        yield promised(case, pressing)
    if len(counting) > 1:
        yield msg_n("{n} more promise counts.", "{n} more promises count.", len(counting) - 1)
    counted = {one.id for one in counting}
    for other in case.group.promises:
        if other.status == "open" and other.id not in counted:
            yield not_counting(case, other)


def promised(case: Case, one: Promise) -> Message:
    """A counting promise and how near it is."""
    values = {"who": customer_name(case.pool, one), "due": one.due, "id": one.id}
    ahead = (one.due - case.today).days
    if ahead > 0:
        return msg_n(
            "Promised to {who} by {due}, {n} day left ({id}).",
            "Promised to {who} by {due}, {n} days left ({id}).",
            ahead,
            **values,
        )
    if ahead < 0:
        return msg_n(
            "Promised to {who} by {due}, {n} day overdue ({id}).",
            "Promised to {who} by {due}, {n} days overdue ({id}).",
            -ahead,
            **values,
        )
    return msg("Promised to {who} by {due}, that is today ({id}).", **values)


def not_counting(case: Case, one: Promise) -> Message:
    """Why an open promise doesn't count."""
    who = customer_name(case.pool, one)
    customer = case.pool.customers.get(one.customer)
    if customer is None or not customer.live:
        return msg("{id} doesn't count: {who} isn't a customer any more.", id=one.id, who=who)
    return msg(
        "{id} to {who} doesn't count yet: nobody approved it, and the requirement isn't accepted.", id=one.id, who=who
    )


def customer_name(pool: Pool, one: Promise) -> str:
    customer = pool.customers.get(one.customer)
    return customer.name if customer else one.customer


def standard(case: Case) -> Iterable[Message]:
    ordinary = [customer for customer in case.evidence if customer.tier != "ka"]
    if case.group.canonical.scope == "custom":
        yield msg("One key account's own need (its scope is custom), so no customer counts here.")
    elif ordinary:
        yield msg_n(
            "{n} customer that isn't a key account: {who}.",
            "{n} customers that aren't key accounts: {who}.",
            len(ordinary),
            who=named(ordinary),
        )
    else:
        yield msg("No customer below a key account asks for it.")


def stability(case: Case) -> Iterable[Message]:
    around = case.ranking.around
    name = case.group.canonical.module
    if not about_stability(case.group, around):
        yield msg("Neither a defect nor a matter of stability, and no incident names it.")
        return
    if name is None:
        yield msg("It names no module, so incidents can't be counted.")
        return
    module = case.pool.modules.get(name)
    label = module.name if module else name
    incidents = around.incidents.get(name, ())
    if not incidents:
        yield msg("{module} had no incident in the last 90 days.", module=label)
        return
    yield msg_n(
        "{module} had {n} incident in the last 90 days, {points} points: {incidents}.",
        "{module} had {n} incidents in the last 90 days, {points} points: {incidents}.",
        len(incidents),
        module=label,
        points=around.points[name],
        incidents=[
            msg("{title} ({severity}, {day})", title=one.title, severity=SEVERITY.labels[one.severity], day=one.date)
            for one in incidents
        ],
    )


def age(case: Case) -> Iterable[Message]:
    heard = case.ranked.first_heard
    yield msg("First heard on {day}, {when}.", day=heard, when=from_today(heard, case.today))


def voice(case: Case) -> Iterable[Message]:
    suggested = [member for member in case.group.members if member.suggested_priority]
    if not suggested:
        yield msg("Nobody suggested a priority.")
        return
    loudest = min(suggested, key=lambda member: PRIORITY.index(member.suggested_priority or ""))
    yield msg(
        "Highest suggested priority: {priority} ({id}).",
        priority=PRIORITY.labels[loudest.suggested_priority or ""],
        id=loudest.id,
    )


FACTS: Mapping[str, Callable[[Case], Iterable[Message]]] = {
    "reach": reach,
    "revenue": revenue,
    "risk": risk,
    "promise": promise,
    "standard": standard,
    "stability": stability,
    "age": age,
    "voice": voice,
}
