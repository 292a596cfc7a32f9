"""What holds for every pool."""

from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rank.entries import TODAY, customer, day, incident, note, pool, promise, req
from tests.rank.reference import reference
from tobkit.model.kinds import Customer, Entry, Requirement
from tobkit.rank import rank

REQUIREMENTS = [f"r{n}" for n in range(6)]
CUSTOMERS = [f"c{n}" for n in range(6)]
MODULES = ["core", "bank"]
IMPACTS = ["blocks-use", "wins-deals", "saves-money", "earns-money"]

some_impacts = st.lists(st.sampled_from(IMPACTS), max_size=2, unique=True).map(tuple)
some_competitors = st.sampled_from([(), ("rival",)])
some_customers = st.lists(st.sampled_from(CUSTOMERS), max_size=3, unique=True)
around_today = st.integers(-250, 250)


@st.composite
def requirements(draw, name):
    status = draw(st.sampled_from(["new", "triaged", "accepted", "building", "declined"]))
    into = draw(st.sampled_from([None, None, None, *REQUIREMENTS]))
    return req(
        name,
        *draw(some_customers),
        date=day(draw(around_today)),
        status=status,
        module=draw(st.sampled_from([None, *MODULES])),
        type=draw(st.sampled_from([None, "feature", "defect", "stability"])),
        scope=draw(st.sampled_from([None, "standard", "custom"])),
        impact=draw(some_impacts),
        competitors=draw(some_competitors),
        suggested_priority=draw(st.sampled_from([None, "highest", "high", "medium", "low"])),
        duplicate_of=into and f"REQ-{into}",
    )


@st.composite
def customers(draw, name):
    return customer(
        name,
        draw(st.sampled_from(["prospect", "active", "at-risk", "churned"])),
        draw(st.sampled_from(["ka", "mid", "small"])),
        arr=draw(st.none() | st.integers(0, 10**9)),
        renewal=draw(st.none() | around_today.map(day)),
    )


@st.composite
def notes(draw, name, on=None):
    return note(
        name,
        draw(st.sampled_from([None, *CUSTOMERS, "new"])),
        *(on or draw(st.lists(st.sampled_from(REQUIREMENTS), max_size=2))),
        impact=draw(some_impacts),
        competitors=draw(some_competitors),
    )


@st.composite
def promises(draw, name, on=None):
    return promise(
        name,
        draw(st.sampled_from([*CUSTOMERS, "new"])),
        on or draw(st.sampled_from(REQUIREMENTS)),
        due=draw(around_today),
        status=draw(st.sampled_from(["open", "open", "kept", "withdrawn"])),
        approved_by=draw(st.sampled_from([None, "wang"])),
    )


@st.composite
def incidents(draw, name):
    return incident(
        name,
        draw(st.integers(-100, 5)),
        draw(st.sampled_from(["sev1", "sev2", "sev3"])),
        modules=tuple(draw(st.lists(st.sampled_from(MODULES), max_size=2))),
        requirements=tuple(f"REQ-{ref}" for ref in draw(st.lists(st.sampled_from(REQUIREMENTS), max_size=2))),
    )


@st.composite
def pools(draw):
    few = st.integers(0, 3)
    return [
        *(draw(requirements(name)) for name in REQUIREMENTS[: draw(st.integers(1, 6))]),
        *(draw(customers(name)) for name in CUSTOMERS),
        *(draw(notes(f"n{n}")) for n in range(draw(few))),
        *(draw(promises(f"p{n}")) for n in range(draw(few))),
        *(draw(incidents(f"i{n}")) for n in range(draw(few))),
    ]


weightings = st.none() | st.fixed_dictionaries(
    {}, optional={name: st.floats(0, 1e6) for name in ("reach", "revenue", "risk", "standard", "voice", "promise")}
)


def ids(entries: list[Entry], weights=None) -> list[str]:
    return [ranked.id for ranked in rank(pool(*entries), TODAY, weights).items]


@given(pools())
@settings(max_examples=100, deadline=None)
def test_agrees_with_the_contract_read_literally(entries):
    items = rank(pool(*entries), TODAY).items
    expected = reference(entries, TODAY)
    assert [(one.id, one.tier, one.first_heard) for one in items] == [(i, tier, day) for tier, _, day, i in expected]
    assert [one.score for one in items] == pytest.approx([score for _, score, _, _ in expected], abs=2e-6)


@given(pools(), weightings)
@settings(max_examples=50, deadline=None)
def test_scores_and_signals_keep_their_bounds(entries, weights):
    items = rank(pool(*entries), TODAY, weights).items
    assert [ranked.rank for ranked in items] == list(range(1, len(items) + 1))
    for ranked in items:
        assert 0 <= ranked.score <= 100
        assert all(0 <= value <= 1 for value in ranked.signals.values())
        assert abs(sum(ranked.points.values()) - ranked.score) < 1e-5
    keys = [(ranked.tier, -ranked.score, ranked.first_heard, ranked.id) for ranked in items]
    assert keys == sorted(set(keys))


@given(pools(), weightings, st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_the_order_of_files_does_not_matter(entries, weights, random):
    shuffled = random.sample(entries, len(entries))
    one, other = (rank(pool(*given), TODAY, weights) for given in (entries, shuffled))
    assert [(r.id, r.score, r.signals) for r in one.items] == [(r.id, r.score, r.signals) for r in other.items]


@given(pools(), st.sampled_from([0.01, 3, 7.25, 1000, 1e9]))
@settings(max_examples=40, deadline=None)
def test_the_unit_of_money_does_not_matter(entries, factor):
    def in_other_money(entry):
        if isinstance(entry, Customer) and entry.arr is not None:
            return entry.model_copy(update={"arr": entry.arr * factor})
        return entry

    assert ids([in_other_money(entry) for entry in entries]) == ids(entries)


class More(NamedTuple):
    """One piece of evidence for one requirement alone."""

    target: str
    entries: list[Entry]


@st.composite
def pools_with_more(draw):
    """A pool, and the same with one more piece of evidence for one of its ranked requirements."""
    before = draw(pools())
    before.append(draw(customers("new")))
    ranked = ids(before)
    if not ranked:
        before.append(req("z"))
        ranked = ["REQ-z"]
    target = draw(st.sampled_from(ranked))
    name = target.removeprefix("REQ-")
    kind = draw(st.sampled_from(["note", "promise", "incident", "customer", "impact", "duplicate"]))
    after = list(before)
    if kind == "note":
        after.append(draw(notes("more", on=[name])))
    elif kind == "promise":
        after.append(draw(promises("more", on=name)))
    elif kind == "incident":
        after.append(incident("more", 0, requirements=(target,)))
    elif kind == "duplicate":
        after.append(draw(requirements("more")).model_copy(update={"duplicate_of": target}))
    else:
        place = next(n for n, entry in enumerate(before) if isinstance(entry, Requirement) and entry.id == target)
        entry = before[place]
        assert isinstance(entry, Requirement)
        change = (
            {"customers": (*entry.customers, draw(st.sampled_from([*CUSTOMERS, "new"])))}
            if kind == "customer"
            else {"impact": (*entry.impact, draw(st.sampled_from(IMPACTS))), "competitors": ("rival",)}
        )
        after[place] = entry.model_copy(update=change)
    return before, More(target, after)


@given(pools_with_more(), weightings)
@settings(max_examples=120, deadline=None)
def test_more_evidence_for_one_alone_never_lowers_it(case, weights):
    before, more = case
    old, new = (rank(pool(*entries), TODAY, weights).by_id[more.target] for entries in (before, more.entries))
    assert new.rank <= old.rank
    assert new.tier <= old.tier
    assert new.score >= old.score
