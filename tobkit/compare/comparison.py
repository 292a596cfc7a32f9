"""All that changed between two pools, put together."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from tobkit.compare.entries import Change, Differences, differences
from tobkit.compare.given import PairLike, RankingLike
from tobkit.compare.moves import Move, Moves, Weight, moves
from tobkit.messages import Message, msg
from tobkit.model.kinds import CLOSED, PROMISE_STATUS, Entry, Promise, Requirement
from tobkit.model.pool import Pool


@dataclass(frozen=True)
class PromiseEffect:
    """A promise that the changes concern, and how: it is new, changed, overdue, or what it promises fell behind."""

    promise: Promise
    effects: tuple[Message, ...]


@dataclass(frozen=True)
class Comparison:
    """What changed between `old` and `new`.

    `moves` are those near to the top first; `shifted` more requirements have another place only because others moved, at
    most by `furthest` places. `duplicates` are likely ones that came with new words, the likeliest first.
    """

    old: Pool
    new: Pool
    entries: Differences
    moves: tuple[Move, ...]
    shifted: int
    furthest: int
    weights: tuple[Weight, ...]
    duplicates: tuple[PairLike, ...]
    promises: tuple[PromiseEffect, ...]

    @property
    def added(self) -> tuple[Entry, ...]:
        return self.entries.added

    @property
    def changed(self) -> tuple[Change, ...]:
        return self.entries.changed

    @property
    def removed(self) -> tuple[Entry, ...]:
        return self.entries.removed

    @property
    def status_moves(self) -> tuple[Change, ...]:
        """The requirements whose status is another one."""
        return tuple(one for one in self.changed if isinstance(one.after, Requirement) and one.field("status"))

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to tell."""
        return not (
            self.added or self.changed or self.removed or self.moves or self.weights or self.duplicates or self.promises
        )


def compare(
    old: Pool,
    new: Pool,
    then: RankingLike,
    now: RankingLike,
    *,
    entries: Differences | None = None,
    duplicates: Iterable[PairLike] = (),
    since: date | None = None,
) -> Comparison:
    """What changed between two pools.

    `then` and `now` are their rankings, of one day, so that what moved moved because of changes and not of the time that
    went by. `duplicates` are likely ones of the new pool; those are kept that have to do with new words. With `since`,
    promises that fell due from that day on are told although nobody touched them. `entries` are the pools'
    `differences`, where they are known already.
    """
    differing = entries if entries is not None else differences(old, new)
    found = moves(old, new, then, now, differing)
    worded = differing.newly_worded
    return Comparison(
        old,
        new,
        differing,
        found.told,
        found.shifted,
        found.furthest,
        found.weights,
        tuple(pair for pair in duplicates if pair.a in worded or pair.b in worded),
        tuple(promise_effects(new, differing, found, now.today, since)),
    )


def promise_effects(
    new: Pool, differing: Differences, moved: Moves, today: date, since: date | None
) -> Iterator[PromiseEffect]:
    """The promises that the changes concern, by id."""
    fell = {move.requirement.id: move for move in moved.told if not move.up}
    added = {entry.id for entry in differing.added if isinstance(entry, Promise)}
    for promise in new.promises.values():
        effects = [
            *own_effects(new, promise, differing, is_new=promise.id in added),
            *requirement_effects(new, promise, differing, fell),
        ]
        due_lately = since is not None and since <= promise.due
        if promise.status == "open" and promise.due < today and (effects or due_lately):
            effects.append(msg("overdue since {due}", due=promise.due))
        if effects:
            yield PromiseEffect(promise, tuple(effects))
    for entry in differing.removed:
        if isinstance(entry, Promise):
            yield PromiseEffect(entry, (msg("removed"),))


def own_effects(new: Pool, promise: Promise, differing: Differences, *, is_new: bool) -> Iterator[Message]:
    """What is new about the promise itself."""
    if is_new:
        yield msg("new, due {due}", due=promise.due)
        group = new.group_of(promise.requirement)
        if (
            promise.status == "open"
            and promise.approved_by is None
            and group
            and not new.counts(promise, group.canonical)
        ):
            yield msg("doesn't count: nobody approved it, and the requirement isn't accepted")
    change = differing.changes.get(("promise", promise.id))
    if change is None:
        return
    if due := change.field("due"):
        later = due.before is not None and due.after > due.before
        template = msg("put off from {before} to {after}", before=due.before, after=due.after)
        yield template if later else msg("due {after} instead of {before}", before=due.before, after=due.after)
    if status := change.field("status"):
        labels = PROMISE_STATUS.labels
        yield msg("{before} → {after}", before=labels.get(status.before, ""), after=labels[status.after])
    if promise.approved_by is not None and change.field("approved_by"):
        yield msg("approved by {who}", who=new.config.person(promise.approved_by))


def requirement_effects(
    new: Pool, promise: Promise, differing: Differences, fell: dict[str, Move]
) -> Iterator[Message]:
    """What became of the requirement that an open promise is about."""
    if promise.status != "open":
        return
    canonical = new.requirements.get(new.canonical(promise.requirement))
    if canonical is None:
        if ("requirement", promise.requirement) in differing.touched:
            yield msg("{id} isn't there any more", id=promise.requirement)
        return
    change = differing.changes.get(("requirement", canonical.id))
    stage = new.stage(canonical)
    if change is not None and change.field("status") and stage in CLOSED:
        yield msg("{id} is now: {status}", id=canonical.id, status=new.schema.statuses.labels[canonical.status])
    elif (move := fell.get(canonical.id)) and move.before is not None and move.after is not None:
        yield msg("{id} fell from {before} to {after}", id=canonical.id, before=move.before.rank, after=move.after.rank)
    if change is not None and (planned := change.field("planned")) and stage not in CLOSED:
        values = {"before": planned.before or msg("none"), "after": planned.after or msg("none")}
        yield msg("{id} planned for {after} instead of {before}", id=canonical.id, **values)
