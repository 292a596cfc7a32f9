"""Pairs that hold together as groups: every member like the others on average, not a chain of neighbours."""

from collections.abc import Container, Iterable, Mapping

LARGEST = 20
"""No group is larger, except one of entries with the same words."""

LEAST_LIKE = 0.5
"""The part of the threshold that every pair within a group reaches."""

Ends = tuple[int, int]


def groups_of(
    pairs: Iterable[Ends], alike: Container[Ends], scores: Mapping[Ends, float], cohesion: float
) -> list[tuple[int, ...]]:
    """Average-link groups of two and more, each in ascending order.

    First the pairs that are `alike` word for word are joined. Then pairs are taken in the order given (best first): two
    groups become one where the mean score over all pairs between them is at least `cohesion`, none is below `LEAST_LIKE`
    of it, and they don't grow over `LARGEST`. `scores` holds what is known of pairs (lower, higher); what isn't there counts as 0.
    """
    pairs = list(pairs)
    leader = leaders(pair for pair in pairs if pair in alike)
    between: dict[Ends, float] = {}
    for (a, b), score in scores.items():
        ends = in_order(leader.get(a, a), leader.get(b, b))
        between[ends] = max(between.get(ends, 0.0), score)
    group_of: dict[int, list[int]] = {}
    for a, b in pairs:
        one, other = leader.get(a, a), leader.get(b, b)
        left, right = group_of.setdefault(one, [one]), group_of.setdefault(other, [other])
        if left is right or len(left) + len(right) > LARGEST:
            continue
        known = [between.get(in_order(x, y), 0.0) for x in left for y in right]
        if sum(known) >= cohesion * len(known) and min(known) >= LEAST_LIKE * cohesion:
            left += right
            group_of.update(dict.fromkeys(right, left))
    found: dict[int, list[int]] = {}
    for member in sorted({end for pair in pairs for end in pair}):
        found.setdefault(id(group_of[leader.get(member, member)]), []).append(member)
    return [tuple(group) for group in found.values() if len(group) > 1]


def leaders(pairs: Iterable[Ends]) -> dict[int, int]:
    """Entry -> the lowest entry that it is connected with by the pairs."""
    leader: dict[int, int] = {}

    def find(entry: int) -> int:
        while (above := leader.setdefault(entry, entry)) != entry:
            leader[entry] = leader[above]
            entry = above
        return entry

    for a, b in pairs:
        low, high = in_order(find(a), find(b))
        leader[high] = low
    return {entry: find(entry) for entry in list(leader)}


def in_order(a: int, b: int) -> Ends:
    return (a, b) if a < b else (b, a)
