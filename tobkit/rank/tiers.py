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
    claiming = [statement for statement in group.statements if statement.impact]
    if not claiming:
        return ()
    return tuple(
        claim(impact, [statement for statement in claiming if impact in statement.impact])
        for impact in TIERS
        if any(impact in statement.impact for statement in claiming)
    )


def claim(impact: str, claiming: Iterable[Statement]) -> Claim:
    """The claim that these statements make."""
    judged = [(statement, lacks(statement, impact)) for statement in claiming]
    return Claim(
        impact,
        carried_by=tuple(statement for statement, lacking in judged if not lacking),
        lacking=tuple((statement, lacking) for statement, lacking in judged if lacking),
    )


def lacks(statement: Statement, impact: str) -> tuple[Lack, ...]:
    """What a statement is missing for this impact to count; nothing where it counts.

    Every impact needs a live customer, `blocks-use` one that is active or at risk, `wins-deals` a competitor too.
    """
    found: list[Lack] = []
    live = [customer for customer in statement.customers if customer.live]
    if not statement.customers:
        found.append(Lack.CUSTOMER)
    elif not live:
        found.append(Lack.LIVE_CUSTOMER)
    elif impact == "blocks-use" and all(customer.status == "prospect" for customer in live):
        found.append(Lack.USER)
    if impact == "wins-deals" and not statement.competitors:
        found.append(Lack.COMPETITOR)
    return tuple(found)


def tier(claimed: Iterable[Claim]) -> int:
    """The tier that these claims make: 1 comes first, 4 where none counts."""
    return min((claim.tier for claim in claimed if claim.counts), default=LAST_TIER)
