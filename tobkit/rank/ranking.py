"""The order of all groups: the tier first, then the score, then who asked first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from math import fsum, isfinite

from tobkit.model.kinds import Customer
from tobkit.model.pool import Group, Pool
from tobkit.rank.signals import SIGNALS, Surroundings, first_heard
from tobkit.rank.tiers import Claim, claims, tier

NAMES = tuple(signal.name for signal in SIGNALS)
DECIMALS = 6
"""The score is rounded before it orders, so that the last bits of a computation never decide."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A group at its place.

    `rank` begins at 1. `tier` is 1 to 4. `score` is 0 to 100. `signals` are from 0 to 1, in the contract's order;
    `shares` are their weights as parts of 1. `arr` is the summed yearly revenue of the evidence without prospects, in
    the pool's currency.
    """

    rank: int
    group: Group
    tier: int
    score: float
    signals: Mapping[str, float]
    shares: Mapping[str, float]
    arr: float
    claims: tuple[Claim, ...]
    first_heard: date

    @property
    def id(self) -> str:
        return self.group.id

    @property
    def customers(self) -> tuple[str, ...]:
        """The ids of the customers in the evidence, sorted."""
        return tuple(customer.id for customer in self.group.evidence)

    @property
    def evidence(self) -> tuple[Customer, ...]:
        return self.group.evidence

    @property
    def points(self) -> dict[str, float]:
        """What each signal adds to the score."""
        signals = self.signals
        return {name: 100 * share * signals[name] for name, share in self.shares.items()}

    @property
    def needing_evidence(self) -> tuple[Claim, ...]:
        """Claims that don't count."""
        return tuple(claim for claim in self.claims if claim.needs_evidence)


@dataclass(frozen=True)
class Ranking:
    """All ranked groups in order.

    `maxima` are the greatest measures of each signal over them, in the unit of `signals`' measures. `by_id` finds a
    group by its canonical entry's id and by those of the entries merged into it.
    """

    today: date
    weights: Mapping[str, float]
    maxima: Mapping[str, float]
    items: tuple[Ranked, ...]
    around: Surroundings

    @cached_property
    def by_id(self) -> Mapping[str, Ranked]:
        return {member.id: ranked for ranked in self.items for member in ranked.group.members}

    def measures(self, group: Group) -> dict[str, float]:
        """What each signal measures of a group alone, in the signal's own unit: what others have doesn't count in it."""
        return {signal.name: signal.measure(group, self.around) for signal in SIGNALS}


def rank(pool: Pool, today: date, weights: Mapping[str, float] | None = None) -> Ranking:
    """The pool's groups in order, as of a day.

    `weights` replace the configured ones, signal by signal. Raises ValueError for an unknown signal, and for a weight
    that is negative or not finite.
    """
    chosen = all_weights(pool, weights or {})
    shares = shares_of(chosen)
    around = Surroundings.of(pool, today)
    groups = [group for group in pool.groups.values() if pool.is_ranked(group)]
    measures = [[signal.measure(group, around) for signal in SIGNALS] for group in groups]
    columns = dict(zip(NAMES, zip(*measures, strict=True), strict=True)) if groups else dict.fromkeys(NAMES, ())
    maxima = {name: max(column, default=0.0) for name, column in columns.items()}
    scaled = ([signal.scale(value, maxima[signal.name]) for value in columns[signal.name]] for signal in SIGNALS)
    signals = [dict(zip(NAMES, values, strict=True)) for values in zip(*scaled, strict=True)]
    scores = [score(one, shares) for one in signals]
    claimed = [claims(group) for group in groups]
    tiers = [tier(one) for one in claimed]
    heard = [first_heard(group) for group in groups]
    order = sorted(range(len(groups)), key=lambda i: (tiers[i], -scores[i], heard[i], groups[i].id))
    items = tuple(
        Ranked(place, groups[i], tiers[i], scores[i], signals[i], shares, columns["revenue"][i], claimed[i], heard[i])
        for place, i in enumerate(order, start=1)
    )
    return Ranking(today, chosen, maxima, items, around)


def all_weights(pool: Pool, changed: Mapping[str, float]) -> dict[str, float]:
    """Every signal's weight, the changed ones before the configured ones."""
    weights = {**pool.config.rank.all_weights, **changed}
    for name, weight in changed.items():
        if name not in pool.config.rank.all_weights:
            raise ValueError(f"unknown signal: {name}")
        if not isfinite(weight) or weight < 0:
            raise ValueError(f"not a weight: {weight}")
    return {signal.name: float(weights[signal.name]) for signal in SIGNALS}


def shares_of(weights: Mapping[str, float]) -> dict[str, float]:
    """Each weight as a part of 1; all 0 where no signal has any weight."""
    greatest = max(weights.values())
    if not greatest:
        return dict.fromkeys(weights, 0.0)
    relative = {name: weight / greatest for name, weight in weights.items()}
    total = fsum(relative.values())
    return {name: weight / total for name, weight in relative.items()}


def score(signals: Mapping[str, float], shares: Mapping[str, float]) -> float:
    """100 · Σ wᵢsᵢ / Σ wᵢ, rounded to 6 decimals."""
    total = 0.0
    for name, value in signals.items():  # `sum` adds differently from Python 3.12 on
        total += shares[name] * value
    return round(100 * total, DECIMALS)
