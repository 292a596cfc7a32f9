"""The eight signals of the score: what is measured of a group, and how it becomes a number from 0 to 1.

Each signal measures a group alone (its `measure`, in the unit that its docstring names), and then scales what it
measured by the greatest value over all ranked groups (its `scale`), so that a ranking takes one pass over the groups,
one over the maxima and one to normalise. More evidence for one group never lowers its signals, and raises no other's.

Everything here is computed the same on every machine and Python: sums by `fsum`, logarithms by `decimal` (the last
digit of the C library's differs between systems).
"""

import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from math import fsum, sqrt

from tobkit.model.kinds import PRIORITY, Customer, Incident, Promise
from tobkit.model.pool import Group, Pool

RENEWAL_PAST_DAYS = 30
RENEWAL_AHEAD_DAYS = 90
PROMISE_FAR_DAYS = 180
PROMISE_NEAR_DAYS = 14
INCIDENT_DAYS = 90
AGE_DAYS = 180
SEVERITY_POINTS = {"sev1": 3, "sev2": 2, "sev3": 1}
UNSTABLE_TYPES = frozenset({"stability", "defect"})
VOICES = {name: 1 - place / (len(PRIORITY.labels) - 1) for place, name in enumerate(PRIORITY)}


@dataclass(frozen=True)
class Surroundings:
    """What signals know beside the group: the day, and the incidents of the whole pool.

    `incidents` are each module's within the last 90 days, by date and id; `points` are these weighed by severity;
    `followed_up` are the requirements that any incident names.
    """

    today: date
    incidents: Mapping[str, tuple[Incident, ...]]
    points: Mapping[str, int]
    followed_up: frozenset[str]

    @classmethod
    def of(cls, pool: Pool, today: date) -> "Surroundings":
        incidents: dict[str, list[Incident]] = {}
        for incident in sorted(pool.incidents.values(), key=lambda incident: (incident.date, incident.id)):
            if 0 <= (today - incident.date).days < INCIDENT_DAYS:
                for module in dict.fromkeys(incident.modules):
                    incidents.setdefault(module, []).append(incident)
        return cls(
            today=today,
            incidents={module: tuple(found) for module, found in incidents.items()},
            points={
                module: sum(SEVERITY_POINTS[incident.severity] for incident in found)
                for module, found in incidents.items()
            },
            followed_up=frozenset(ref for incident in pool.incidents.values() for ref in incident.requirements),
        )


# What is measured of a group.


def reach(group: Group, _: Surroundings) -> float:
    """Customers in the evidence, a prospect counting a half."""
    return len(group.evidence) - 0.5 * len([one for one in group.evidence if one.status == "prospect"])


def revenue(group: Group, _: Surroundings) -> float:
    """Summed yearly revenue of the customers in the evidence that aren't prospects, in the pool's currency."""
    return total_revenue(paying(group.evidence))


def risk(group: Group, around: Surroundings) -> float:
    """The part of `revenue` from customers that are at risk or have to renew about now, in the pool's currency."""
    return total_revenue(customer for customer in paying(group.evidence) if in_danger(customer, around.today))


def promise(group: Group, around: Surroundings) -> float:
    """How near the most pressing counting promise is: 0 from 180 days ahead, 1 from 14 days ahead and when overdue.

    (180 - days until due) / 166, kept within 0 and 1.
    """
    pressing = most_pressing(group.counting_promises)
    if pressing is None:
        return 0.0
    ahead = (pressing.due - around.today).days
    return kept_within((PROMISE_FAR_DAYS - ahead) / (PROMISE_FAR_DAYS - PROMISE_NEAR_DAYS))


def standard(group: Group, _: Surroundings) -> float:
    """Customers in the evidence that aren't key accounts; none where the scope is `custom`."""
    if group.canonical.scope == "custom":
        return 0.0
    return float(len([one for one in group.evidence if one.tier != "ka"]))


def stability(group: Group, around: Surroundings) -> float:
    """The module's incidents of the last 90 days in points: 3 a sev1, 2 a sev2, 1 a sev3.

    Only for groups with an entry of type `stability` or `defect`, or with one that an incident names; else none.
    """
    points = around.points.get(group.canonical.module or "", 0)
    return float(points) if points and about_stability(group, around) else 0.0


def age(group: Group, around: Surroundings) -> float:
    """Days since the group's earliest requirement date, of 180; kept within 0 and 1."""
    return kept_within((around.today - first_heard(group)).days / AGE_DAYS)


def voice(group: Group, _: Surroundings) -> float:
    """The highest priority that the front line suggests: 1 highest, 2/3 high, 1/3 medium, 0 low or none."""
    return max([VOICES.get(member.suggested_priority or "", 0.0) for member in group.members])


# How it becomes a number from 0 to 1.


def log_part(value: float, most: float) -> float:
    """ln(1 + value) / ln(1 + most): the tenth customer says less than the second."""
    return log1p(value) / log1p(most) if most else 0.0


def root_part(value: float, most: float) -> float:
    """√(value / most): four times the money says twice as much. The unit of money doesn't matter."""
    return sqrt(value / most) if most else 0.0


def part(value: float, most: float) -> float:
    """The value as a part of the greatest: value / most."""
    return value / most if most else 0.0


def as_measured(value: float, _: float) -> float:
    """The value itself, which is from 0 to 1 already."""
    return value


@dataclass(frozen=True, slots=True)
class Signal:
    """A signal of the score: how it is measured of a group, and scaled by the greatest measure of all ranked groups."""

    name: str
    measure: Callable[[Group, Surroundings], float]
    scale: Callable[[float, float], float]


SIGNALS: tuple[Signal, ...] = (
    Signal("reach", reach, log_part),
    Signal("revenue", revenue, root_part),
    Signal("risk", risk, root_part),
    Signal("promise", promise, as_measured),
    Signal("standard", standard, log_part),
    Signal("stability", stability, part),
    Signal("age", age, as_measured),
    Signal("voice", voice, as_measured),
)
"""All signals, in the order of the contract's table."""


# The facts behind them, which the explanation names.


def paying(customers: Iterable[Customer]) -> Iterable[Customer]:
    """Those who aren't prospects any more."""
    return (customer for customer in customers if customer.status != "prospect")


def in_danger(customer: Customer, today: date) -> bool:
    """Whether we might lose a customer soon: at risk, or to renew between 30 days ago and 90 days ahead."""
    return customer.status == "at-risk" or renews_about(customer, today)


def renews_about(customer: Customer, today: date) -> bool:
    """Whether today - 30 days <= renewal <= today + 90 days."""
    if customer.renewal is None:
        return False
    return -RENEWAL_PAST_DAYS <= (customer.renewal - today).days <= RENEWAL_AHEAD_DAYS


def most_pressing(promises: Iterable[Promise]) -> Promise | None:
    """The promise that is due first."""
    return min(promises, key=lambda promise: (promise.due, promise.id), default=None)


def about_stability(group: Group, around: Surroundings) -> bool:
    """Whether a group is about something that disturbs: by the type of an entry, or named by an incident."""
    return any(member.type in UNSTABLE_TYPES or member.id in around.followed_up for member in group.members)


def first_heard(group: Group) -> date:
    """The group's earliest requirement date."""
    return min([member.date for member in group.members])


# Arithmetic


def total_revenue(customers: Iterable[Customer]) -> float:
    """Summed yearly revenue in the pool's currency, where it is known; never infinite."""
    try:
        return fsum(customer.arr or 0.0 for customer in customers)
    except OverflowError:
        return sys.float_info.max


def kept_within(value: float) -> float:
    """The value, or the nearer of 0 and 1."""
    return min(1.0, max(0.0, value))


@cache
def log1p(value: float) -> float:
    """ln(1 + value), rounded the same on every machine."""
    return float((1 + Decimal(value)).ln())
