"""What holds of every pool."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.dedupe.pools import need, pool_of, rid
from tobkit.dedupe import build_index, find_duplicates, neighbours
from tobkit.model.kinds import CLOSED

WORDS = [
    "export",
    "invoices",
    "approval",
    "ledger",
    "导出",
    "对账单",
    "审批流程",
    "发票",
    "the",
    "的",
    "API",
    "🎉",
    "100",
]
TEXTS = st.lists(st.sampled_from(WORDS), max_size=5).map(" ".join) | st.text(max_size=12)
STATUS = st.sampled_from(["new", "accepted", "delivered", "parked"])


@st.composite
def pools(draw):
    size = draw(st.integers(0, 9))
    ids = st.sampled_from([rid(number) for number in range(size + 2)])  # two of them aren't there
    entries = [
        need(
            number,
            draw(TEXTS) or "?",
            draw(TEXTS),
            status=draw(STATUS),
            reason="x",
            delivered=date(2026, 3, 2),
            module=draw(st.sampled_from([None, "a", "b"])),
            customers=tuple(draw(st.lists(st.sampled_from(["x", "y", "z"]), max_size=2))),
            duplicate_of=draw(st.none() | st.none() | ids),
            not_duplicate_of=tuple(draw(st.lists(ids, max_size=1))),
        )
        for number in range(size)
    ]
    return pool_of(entries)


@settings(max_examples=60, deadline=None)
@given(pools(), st.sampled_from([0.0, 0.1, 0.35, 0.8, 1.0]))
def test_pairs_are_sound_undecided_and_in_order(pool, threshold):
    found = find_duplicates(pool, threshold=threshold)
    for pair in found.pairs:
        assert pair.a < pair.b
        assert threshold <= pair.score <= 1
        assert pair.score == round(pair.score, 6)
        assert pair.reasons
        one, other = pool.requirements[pair.a], pool.requirements[pair.b]
        assert one.duplicate_of is None
        assert other.duplicate_of is None
        assert not (one.status in CLOSED and other.status in CLOSED)
        for left in pool.groups[pair.a].members:
            for right in pool.groups[pair.b].members:
                assert right.id not in left.not_duplicate_of
                assert left.id not in right.not_duplicate_of
    assert list(found.pairs) == sorted(found.pairs, key=lambda pair: (-pair.score, pair.a, pair.b))
    assert len({(pair.a, pair.b) for pair in found.pairs}) == len(found.pairs)


@settings(max_examples=60, deadline=None)
@given(pools(), st.sampled_from([0.0, 0.1, 0.35]))
def test_groups_are_disjoint_and_of_paired_entries(pool, threshold):
    found = find_duplicates(pool, threshold=threshold)
    paired = {end for pair in found.pairs for end in (pair.a, pair.b)}
    members = [member for group in found.groups for member in group]
    assert len(members) == len(set(members))
    assert set(members) <= paired
    assert all(len(group) > 1 and list(group) == sorted(group) for group in found.groups)
    assert list(found.groups) == sorted(found.groups, key=lambda group: (-len(group), group))
    for pair in found.pairs[:1]:  # the best pair is always a group, or part of one
        assert any(pair.a in group and pair.b in group for group in found.groups)


@settings(max_examples=60, deadline=None)
@given(pools(), st.integers(0, 12))
def test_neighbours_are_others_in_order_and_alike_in_both_directions(pool, k):
    index = build_index(pool)
    found = neighbours(pool, k, index=index)
    assert list(found) == list(pool.requirements)
    scores = {}
    for requirement_id, near in found.items():
        assert len(near) <= k
        assert requirement_id not in {one.id for one in near}
        assert list(near) == sorted(near, key=lambda one: (-one.score, one.id))
        assert len({one.id for one in near}) == len(near)
        scores |= {(requirement_id, one.id): one.score for one in near}
    assert all(0 <= score <= 1 for score in scores.values())
    assert all(scores.get((other, one), score) == score for (one, other), score in scores.items())
