"""Which requirements have another place in the order, for reasons of their own.

A place also changes because others come, go and move. Those shifts are only counted: what is told is a group of which
something speaks more or less for it than before, and that moved in that direction.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from tobkit.compare.causes import Side, causes_of, named_in
from tobkit.compare.entries import Differences, Key
from tobkit.compare.given import RankedLike, RankingLike
from tobkit.messages import Message, msg
from tobkit.model.kinds import Requirement
from tobkit.model.pool import Pool

SMALLEST = 1e-9
"""Measures that differ by less than this part are the same but for the noise of the computation."""


class Place(NamedTuple):
    """Where a group stands: its rank from 1 on, its tier, its score from 0 to 100."""

    rank: int
    tier: int
    score: float


class Weight(NamedTuple):
    """A signal that weighs differently now."""

    signal: str
    before: float
    after: float


@dataclass(frozen=True)
class Move:
    """A requirement with another place, and why; None is outside of the order."""

    requirement: Requirement
    before: Place | None
    after: Place | None
    causes: tuple[Message, ...]

    @property
    def up(self) -> bool:
        """Whether it comes earlier now."""
        return self.after is not None and (self.before is None or self.after.rank < self.before.rank)

    @property
    def best(self) -> int:
        """The better of its two places."""
        return min(place.rank for place in (self.before, self.after) if place)


@dataclass(frozen=True)
class Moves:
    """The moves, those nearest to the top first, and how many more were shifted by others, at most by how much."""

    told: tuple[Move, ...]
    shifted: int
    furthest: int
    weights: tuple[Weight, ...]


def moves(old: Pool, new: Pool, then: RankingLike, now: RankingLike, differing: Differences) -> Moves:
    """What moved between two rankings. A requirement that is new or gone isn't told as a move."""
    before: dict[str, RankedLike] = {ranked.id: ranked for ranked in then.items}
    after: dict[str, RankedLike] = {ranked.id: ranked for ranked in now.items}
    weights = tuple(
        Weight(name, then.weights.get(name, 0.0), weight)
        for name, weight in now.weights.items()
        if weight != then.weights.get(name)
    )
    told = [*entered_or_left(old, new, before, after)]
    shifts: list[int] = []
    for requirement_id in before.keys() & after.keys():
        one, other = before[requirement_id], after[requirement_id]
        if one.rank == other.rank and one.tier == other.tier:
            continue
        sides = Side(old, one, then), Side(new, other, now)
        causes = tuple(own_causes(*sides, differing.touched))
        if causes or weights:
            causes = causes or (msg("The weights of the signals changed."),)
            told.append(Move(other.group.canonical, place(one), place(other), causes))
        else:
            shifts.append(abs(one.rank - other.rank))
    told.sort(key=lambda move: (move.best, move.requirement.id))
    return Moves(tuple(told), len(shifts), max(shifts, default=0), weights)


def own_causes(before: Side, after: Side, touched: frozenset[Key]) -> Iterator[Message]:
    """What made a group move by itself; nothing where only others moved."""
    if not is_touched(before, touched) and not is_touched(after, touched):
        return
    up = (after.ranked.tier, after.ranked.rank) < (before.ranked.tier, before.ranked.rank)
    moved = frozenset(driving(before, after, up=up))
    if moved:
        found = [cause.message for cause in causes_of(before, after) if not moved.isdisjoint(cause.signals)]
        yield from found or [msg("More speaks for it than before.") if up else msg("Less speaks for it than before.")]


def is_touched(side: Side, touched: frozenset[Key]) -> bool:
    """Whether any entry that a group's place follows from differs between the pools."""
    group = side.ranked.group
    return (
        any(("requirement", one.id) in touched for one in group.members)
        or any(("note", one.id) in touched for one in group.notes)
        or any(("promise", one.id) in touched for one in group.promises)
        or any(("customer", customer_id) in touched for customer_id in named_in(group))
        or any(("incident", one.id) in touched for one in side.incidents)
        or ("module", group.canonical.module) in touched
    )


def driving(before: Side, after: Side, *, up: bool) -> Iterator[str]:
    """The signals, and `tier`, that changed for the group itself in the direction in which it moved."""
    if before.ranked.tier != after.ranked.tier:
        if (after.ranked.tier < before.ranked.tier) == up:
            yield "tier"
        return
    then, now = before.measures, after.measures
    for name, value in now.items():
        gain = value - then[name]
        if abs(gain) > SMALLEST * max(abs(value), abs(then[name])) and (gain > 0) == up:
            yield name


def entered_or_left(
    old: Pool, new: Pool, before: Mapping[str, RankedLike], after: Mapping[str, RankedLike]
) -> Iterator[Move]:
    """Requirements of both pools that are ranked in only one of them, and why."""
    for requirement_id in before.keys() ^ after.keys():
        then, now = old.requirements.get(requirement_id), new.requirements.get(requirement_id)
        if then is None or now is None:
            continue
        one, other = before.get(requirement_id), after.get(requirement_id)
        if other is None:
            yield Move(now, place(one), None, (why_out(new, now),))
        else:
            yield Move(now, None, place(other), (why_in(old, then),))


def why_out(new: Pool, requirement: Requirement) -> Message:
    if requirement.duplicate_of is not None:
        return msg("It is merged into {id} now.", id=new.canonical(requirement.id))
    return msg("It is closed now: {status}.", status=new.schema.statuses.labels[requirement.status])


def why_in(old: Pool, before: Requirement) -> Message:
    if before.duplicate_of is not None:
        return msg("It isn't merged into {id} any more.", id=old.canonical(before.id))
    return msg("It is taken up again; it was closed: {status}.", status=old.schema.statuses.labels[before.status])


def place(ranked: RankedLike | None) -> Place | None:
    return Place(ranked.rank, ranked.tier, ranked.score) if ranked else None
