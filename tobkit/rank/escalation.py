"""What has stuck for too long, for the one who decides: the list that nobody can overlook.

Thresholds: a requirement of tier 1, 2 or 3 is escalated when it hasn't moved for as many days as `[escalation] days` says
for its tier (7, 14, 30 unless said), tier 4 never; a promise is escalated from the day after it was due. A move is a change
of status, owner or planned date, or a new note.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from tobkit.messages import Message, msg_n
from tobkit.model.history import Progress
from tobkit.model.kinds import Customer, Promise
from tobkit.model.pool import Pool
from tobkit.rank.ranking import Ranked, Ranking


@dataclass(frozen=True)
class Escalation:
    """A requirement that sticks, and what makes it urgent.

    `stuck` is the number of days since it last moved, `limit` how many its tier may have (None where only a promise is
    overdue). `overdue` are open promises past their day, the longest first. `waiting` are the live customers behind it,
    the largest first, and `revenue` their summed yearly revenue without prospects, in the pool's currency. `owner` is
    None where nobody has it.
    """

    ranked: Ranked
    stuck: int
    limit: int | None
    overdue: tuple[Promise, ...]
    waiting: tuple[Customer, ...]

    @property
    def id(self) -> str:
        return self.ranked.id

    @property
    def owner(self) -> str | None:
        return self.ranked.group.canonical.owner

    @property
    def revenue(self) -> float:
        return self.ranked.arr

    def reasons(self, pool: Pool, today: date) -> Iterator[Message]:
        """Why it is on the list."""
        if self.limit is not None:
            yield msg_n(
                "Tier {tier}, and nothing has moved for {n} day (limit {limit})",
                "Tier {tier}, and nothing has moved for {n} days (limit {limit})",
                self.stuck,
                tier=self.ranked.tier,
                limit=self.limit,
            )
        for promise in self.overdue:
            customer = pool.customers.get(promise.customer)
            yield msg_n(
                "Promised to {who} by {due}, {n} day overdue ({id})",
                "Promised to {who} by {due}, {n} days overdue ({id})",
                (today - promise.due).days,
                who=customer.name if customer else promise.customer,
                due=promise.due,
                id=promise.id,
            )


def escalations(pool: Pool, ranking: Ranking, progress: Mapping[str, Progress]) -> Iterator[Escalation]:
    """The requirements to be escalated, in the order of the ranking; `progress` is theirs by id."""
    days = pool.config.escalation.days
    for ranked in ranking.items:
        stuck = (ranking.today - progress[ranked.id].moved).days
        limit = days[ranked.tier - 1] if ranked.tier <= len(days) else None
        sticks = limit is not None and stuck >= limit
        overdue = tuple(overdue_promises(pool, ranked, ranking.today))
        if sticks or overdue:
            waiting = sorted(ranked.evidence, key=lambda customer: (-(customer.arr or 0.0), customer.id))
            yield Escalation(ranked, max(stuck, 0), limit if sticks else None, overdue, tuple(waiting))


def overdue_promises(pool: Pool, ranked: Ranked, today: date) -> list[Promise]:
    """Open promises to customers who haven't left, past their day, the longest first; whether they count or not."""
    found = [
        promise
        for promise in ranked.group.promises
        if promise.status == "open" and promise.due < today and is_live(pool, promise)
    ]
    return sorted(found, key=lambda promise: (promise.due, promise.id))


def is_live(pool: Pool, promise: Promise) -> bool:
    customer = pool.customers.get(promise.customer)
    return customer is not None and customer.live
