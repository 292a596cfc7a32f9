"""The tier of a group: which of the article's three classes of need it belongs to, by evidence.

An impact is a claim until a statement carries it: an entry of the group with its customers, or a note with its
customer. Only claims that count make a tier; the others are shown as needing evidence, with what is missing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from tobkit.model.pool import Group, Statement

TIERS = {"blocks-use": 1, "wins-deals": 2, "saves-money": 3, "earns-money": 3}
"""Impact -> the tier that it makes, in the order of tiers."""

LAST_TIER = 4
"""The tier of needs without an impact that counts."""


class Lack(StrEnum):
    """What a statement is missing for its impact to count."""

    CUSTOMER = "customer"
    """It names no customer that is in the pool."""
    LIVE_CUSTOMER = "live-customer"
    """All customers that it names have churned."""
    USER = "user"
    """It names only prospects, and who doesn't use the product yet isn't blocked by it."""
    COMPETITOR = "competitor"
    """It doesn't name the competitor who wins the deal."""


@dataclass(frozen=True, slots=True)
class Claim:
    """An impact that somebody claims for a group.

    `carried_by` are the statements that make it count. `lacking` are the others, each with what it is missing.
    """

    impact: str
    carried_by: tuple[Statement, ...]
    lacking: tuple[tuple[Statement, tuple[Lack, ...]], ...]

    @property
    def counts(self) -> bool:
        return bool(self.carried_by)

    @property
    def needs_evidence(self) -> bool:
        return not self.carried_by

    @property
    def tier(self) -> int:
        """The tier that the impact makes where it counts."""
        return TIERS[self.impact]


def claims(group: Group) -> tuple[Claim, ...]:
    """What is claimed for a group, in the order of tiers."""
    claiming: dict[str, list[Statement]] = {}
    for statement in group.statements:
        for impact in dict.fromkeys(statement.entry.impact):
            claiming.setdefault(impact, []).append(statement)
    return tuple([claim(impact, claiming[impact]) for impact in TIERS if impact in claiming]) if claiming else ()


def claim(impact: str, claiming: Iterable[Statement]) -> Claim:
    """The claim that these statements make."""
    carried_by: list[Statement] = []
    lacking: list[tuple[Statement, tuple[Lack, ...]]] = []
    for statement in claiming:
        if missing := lacks(statement, impact):
            lacking.append((statement, missing))
        else:
            carried_by.append(statement)
    return Claim(impact, tuple(carried_by), tuple(lacking))


def lacks(statement: Statement, impact: str) -> tuple[Lack, ...]:
    """What a statement is missing for this impact to count; nothing where it counts.

    Every impact needs a live customer, `blocks-use` one that is active or at risk, `wins-deals` a competitor too.
    """
    states = [customer.status for customer in statement.customers if customer.live]
    found: list[Lack] = []
    if not statement.customers:
        found.append(Lack.CUSTOMER)
    elif not states:
        found.append(Lack.LIVE_CUSTOMER)
    elif impact == "blocks-use" and "active" not in states and "at-risk" not in states:
        found.append(Lack.USER)
    if impact == "wins-deals" and not statement.competitors:
        found.append(Lack.COMPETITOR)
    return tuple(found)


def tier(claimed: Iterable[Claim]) -> int:
    """The tier that these claims make: 1 comes first, 4 where none counts."""
    return min([claim.tier for claim in claimed if claim.counts], default=LAST_TIER)
