"""The questions asked of an index: which pairs may be one need, what is near to each requirement, what is near to a text."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, partial
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from tobkit.dedupe.encoding import Document
from tobkit.dedupe.groups import groups_of
from tobkit.dedupe.index import Index, Scored, build_index
from tobkit.dedupe.reasons import Explainer
from tobkit.dedupe.scoring import probability
from tobkit.dedupe.text import tokens
from tobkit.messages import Message
from tobkit.model.kinds import Requirement
from tobkit.model.pool import Pool

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

THRESHOLD = 0.35
"""The score from which on a pair is proposed, unless `[dedupe] threshold` or the caller says otherwise.

Chosen by reading what it proposes on the demo pool. Of the pairs from here on, 80 % carry a label as duplicates in
en_firefox, 67 % in mixed_vscode, 18 % in en_seamonkey and 6 % in zh_bq, where most duplicates have no label.
"""


DESCRIBED_STEP, MOST_DESCRIBED = 100, 4
"""Tokens of a body that count as one more thing described, and how many such things count at most."""


@dataclass(frozen=True)
class Pair:
    """Two requirements that may be one need: a < b, a score in [0, 1], and why (put into words when it is asked)."""

    a: str
    b: str
    score: float
    why: Callable[[], tuple[Message, ...]] = field(repr=False, compare=False)

    @cached_property
    def reasons(self) -> tuple[Message, ...]:
        return self.why()


class Neighbour(NamedTuple):
    """A requirement near to another one; its score compares with those of pairs."""

    id: str
    score: float


class Similar(NamedTuple):
    """A requirement near to a text that isn't in the pool, and why."""

    id: str
    score: float
    reasons: tuple[Message, ...]


@dataclass(frozen=True)
class Duplicates:
    """What is proposed: pairs, the likeliest first, groups, the largest first, and the threshold that was used.

    The mean score within a group reaches the threshold too; an entry that is like one member but not like the others
    stands in `pairs` alone.
    """

    pairs: tuple[Pair, ...]
    groups: tuple[tuple[str, ...], ...]
    threshold: float
    keep: tuple[str, ...] = ()
    """For each group the entry to merge the others into: the better described one, then the older."""


class Found(NamedTuple):
    """The score of two groups, and their two documents that are most alike."""

    score: float
    one: int
    other: int


Ends = tuple[int, int]
"""The numbers of two canonical entries, the lower first."""


def find_duplicates(pool: Pool, *, threshold: float | None = None, index: Index | None = None) -> Duplicates:
    """The pairs of requirements that may be one need, without those that are merged or decided already.

    Merged entries don't appear: their words count for the entry that they are merged into. Two closed entries make no
    pair. `threshold` defaults to `[dedupe] threshold`, then to `THRESHOLD`.
    """
    index = index or build_index(pool)
    limit = next(given for given in (threshold, pool.config.dedupe.threshold, THRESHOLD) if given is not None)
    scored = pairs_of_groups(index)
    score = probability(scored.logit)
    found = undecided(index, scored, score, limit)
    order = sorted(found, key=lambda ends: (-found[ends].score, ends))
    best: dict[int, Ends] = {}
    for ends in order:
        best.setdefault(ends[0], ends)
        best.setdefault(ends[1], ends)
    explain = Explainer(index)
    pairs = tuple(
        Pair(
            index.ids[ends[0]],
            index.ids[ends[1]],
            found[ends].score,
            partial(explain.pair, found[ends].one, found[ends].other, mutual=best[ends[0]] == best[ends[1]]),
        )
        for ends in order
    )
    groups = groups_of(
        order,
        alike={ends for ends in order if index.row_of[found[ends].one] == index.row_of[found[ends].other]},
        scores=known_scores(index, scored, score, best),
        cohesion=limit,
    )
    groups.sort(key=lambda group: (-len(group), group))
    named = tuple(tuple(index.ids[member] for member in group) for group in groups)
    keep = tuple(min((index.entries[member] for member in group), key=standing).id for group in groups)
    return Duplicates(pairs, named, limit, keep)


def standing(entry: Requirement) -> tuple[int, date, str]:
    """How entries of a group are ordered for keeping one: by how much is described (in steps, so that a few words more
    don't decide), then by date and id.
    """
    filled = [entry.module, entry.owner, *entry.customers[:1], *entry.impact[:1]]
    described = len(tokens(entry.body)) // DESCRIBED_STEP
    return -min(described, MOST_DESCRIBED) - sum(map(bool, filled)), entry.date, entry.id


def pairs_of_groups(index: Index) -> Scored:
    """All pairs of rows, as pairs of the documents that stand for them, and each other document with the one that
    stands for its row.
    """
    import numpy as np

    stand = index.representatives
    others = np.flatnonzero(stand[index.row_of] != np.arange(len(index.ids)))
    first, second, logit = index.compared()
    return index.with_evidence(
        np.concatenate([stand[first], stand[index.row_of[others]]]),
        np.concatenate([stand[second], others]),
        np.concatenate([logit, index.same_words(others)]),
    )


def undecided(index: Index, scored: Scored, score: "Floats", limit: float) -> dict[Ends, Found]:
    """The best score between any two groups, where it reaches the limit and nothing is decided about the two."""
    import numpy as np

    decided = decisions(index)
    found: dict[Ends, Found] = {}
    for at in np.flatnonzero(score >= limit).tolist():
        one, other = int(scored.one[at]), int(scored.other[at])
        ends = canonical_ends(index, one, other)
        if ends[0] == ends[1] or ends in decided or any(map(index.is_merged, ends)) or all(map(index.is_closed, ends)):
            continue
        if ends not in found or found[ends].score < score[at]:
            found[ends] = Found(float(score[at]), one, other)
    return found


def canonical_ends(index: Index, one: int, other: int) -> Ends:
    a, b = int(index.canonical[one]), int(index.canonical[other])
    return (a, b) if a < b else (b, a)


def decisions(index: Index) -> frozenset[Ends]:
    """The pairs of groups of which somebody said, about any of their members, that they are different."""
    return frozenset(
        canonical_ends(index, number, index.number[other])
        for number, entry in enumerate(index.entries)
        for other in entry.not_duplicate_of
        if other in index.number
    )


def known_scores(index: Index, scored: Scored, score: "Floats", paired: Iterable[int]) -> dict[Ends, float]:
    """The scores between entries that are in some pair, those below the threshold too."""
    import numpy as np

    wanted = np.zeros(len(index.ids), dtype=np.bool_)
    wanted[list(paired)] = True
    one, other = index.canonical[scored.one], index.canonical[scored.other]
    known: dict[Ends, float] = {}
    for at in np.flatnonzero(wanted[one] & wanted[other]).tolist():
        ends = canonical_ends(index, int(one[at]), int(other[at]))
        known[ends] = max(known.get(ends, 0.0), float(score[at]))
    return known


def neighbours(pool: Pool, k: int, *, index: Index | None = None) -> dict[str, tuple[Neighbour, ...]]:
    """For every requirement, decided or not, the up to `k` requirements nearest to it, best first.

    Entries that have no word in common aren't neighbours, so there may be fewer than `k`.
    """
    import numpy as np

    index = index or build_index(pool)
    found: dict[str, tuple[Neighbour, ...]] = dict.fromkeys(index.ids, ())
    if k < 1:
        return found
    scored = pairs_of_documents(index, k)
    score = probability(scored.logit)
    order = np.lexsort((scored.other, -score, scored.one))
    one, other, score = scored.one[order], scored.other[order].tolist(), score[order].tolist()
    starts = np.searchsorted(one, np.arange(len(index.ids) + 1)).tolist()
    for number, (start, end) in enumerate(pairwise(starts)):
        best = range(start, min(end, start + k))
        found[index.ids[number]] = tuple(Neighbour(index.ids[other[at]], score[at]) for at in best)
    return found


def pairs_of_documents(index: Index, k: int) -> Scored:
    """For every document those that may be among its `k` nearest: of each row that is near, the first `k`."""
    import numpy as np

    order, starts, sizes = index.members
    first, second, logit = index.compared(k)
    row, near = np.concatenate([first, second]), np.concatenate([second, first])
    # Every document of a row with the first k of the rows near it, and with the first k + 1 of its own.
    every = np.flatnonzero(sizes > 1)
    same = len(row)
    row, near = np.concatenate([row, every]), np.concatenate([near, every])
    asked, offered = sizes[row], np.minimum(sizes[near], k + 1)
    pair = np.repeat(np.arange(len(row)), asked * offered)
    place = np.arange(len(pair)) - np.repeat(np.cumsum(asked * offered) - asked * offered, asked * offered)
    one = order[starts[row[pair]] + place // offered[pair]]
    other = order[starts[near[pair]] + place % offered[pair]]
    kept = one != other
    pair, one, other = pair[kept], one[kept], other[kept]
    logit = np.concatenate([logit, logit, np.zeros(len(every))])[pair]
    own = pair >= same
    logit[own] = index.same_words(one[own])
    return index.with_evidence(one, other, logit)


def similar(
    pool: Pool,
    title: str,
    body: str = "",
    k: int = 5,
    *,
    module: str | None = None,
    customers: Sequence[str] = (),
    index: Index | None = None,
) -> tuple[Similar, ...]:
    """The up to `k` requirements nearest to a text that isn't in the pool (a request about to be filed), best first.

    Merged entries are given as the entry that they are merged into. Scores are those that the text would have in a
    pair if it were filed with this module and these customers.
    """
    import numpy as np

    index = index or build_index(pool)
    document = Document(title, body)
    other, logit = index.near(document, module, customers)
    score = probability(logit)
    best: dict[int, int] = {}
    for at in np.lexsort((other, -score)).tolist():
        if len(best) >= k:
            break
        best.setdefault(int(index.canonical[other[at]]), at)
    explain = Explainer(index)
    return tuple(
        Similar(index.ids[number], float(score[at]), explain.text(document, int(other[at]), module, customers))
        for number, at in best.items()
    )
