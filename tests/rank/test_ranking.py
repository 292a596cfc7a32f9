"""The order: who takes part, what decides, weights, ties."""

from datetime import date

import pytest

from tests.rank.entries import TODAY, customer, day, note, order, pool, promise, ranking, req
from tobkit.model.config import SIGNALS, Config
from tobkit.model.schema import build_schema
from tobkit.rank import rank

ACTIVE = customer("active", arr=100)
CLOSED = [
    {"status": "delivered", "delivered": TODAY},
    {"status": "parked", "reason": "later"},
    {"status": "declined", "reason": "no"},
]


def own_statuses(**stands_for):
    return Config.model_validate(
        {"workflow": {"statuses": {name: {"stands_for": standard} for name, standard in stands_for.items()}}}
    )


# Who is ranked


@pytest.mark.parametrize("status", ["new", "triaged", "accepted", "building"])
def test_open_ones_are_ranked(status):
    assert order(req("a", status=status)) == ["a"]


@pytest.mark.parametrize("fields", CLOSED)
def test_closed_ones_are_not(fields):
    assert order(req("a", **fields), req("b")) == ["b"]


def test_merged_ones_are_not():
    """d -> c -> b -> a: one group of four."""
    chain = [req(name, duplicate_of=f"REQ-{into}") for name, into in ("ba", "cb", "dc")]
    result = ranking(req("a"), *chain)
    assert [ranked.id for ranked in result.items] == ["REQ-a"]
    assert {name: ranked.id for name, ranked in result.by_id.items()} == {f"REQ-{name}": "REQ-a" for name in "abcd"}


@pytest.mark.parametrize("fields", CLOSED)
def test_the_canonical_entrys_status_decides(fields):
    assert order(req("a", status="accepted"), req("b", duplicate_of="REQ-a", **fields)) == ["a"]
    assert order(req("a", **fields), req("b", status="accepted", duplicate_of="REQ-a")) == []


def test_a_merged_entrys_evidence_counts_whatever_its_own_status():
    merged = req("b", "active", duplicate_of="REQ-a", status="declined", reason="same as a")
    assert ranking(req("a"), merged, ACTIVE).items[0].customers == ("active",)


def test_members_of_a_circle_are_not_ranked():
    circle = [req("a", duplicate_of="REQ-b"), req("b", duplicate_of="REQ-a"), req("c", duplicate_of="REQ-a")]
    assert order(*circle, req("d"), req("e", duplicate_of="REQ-e")) == ["d"]


def test_a_duplicate_of_nothing_is_not_ranked():
    assert order(req("a", duplicate_of="REQ-x"), req("b")) == ["b"]


def test_own_statuses_count_as_what_they_stand_for():
    config = own_statuses(scoping="accepted", shelved="parked")
    own = build_schema(config)["requirement"].model
    unapproved = promise("p", "active", "a", approved_by=None)
    entries = [req("a", status="scoping", model=own), req("b", status="shelved", model=own), unapproved, ACTIVE]
    result = ranking(*entries, config=config)
    assert [ranked.id for ranked in result.items] == ["REQ-a"]
    assert result.items[0].signals["promise"] == 1


def test_an_empty_pool():
    result = ranking()
    assert result.items == ()
    assert result.by_id == {}
    assert result.maxima == dict.fromkeys(SIGNALS, 0)


# What decides


def test_the_tier_decides_first():
    """A tier 1 need of one small customer stands above a tier 4 need of everybody, older and loud."""
    crowd = [customer(f"c{n}", "at-risk", arr=1000) for n in range(9)]
    loud = req("loud", *(one.id for one in crowd), date=day(-400), suggested_priority="highest")
    entries = [
        loud,
        req("t3", "active", impact=("saves-money",)),
        req("t1", "active", impact=("blocks-use",)),
        req("t2", "active", impact=("wins-deals",), competitors=("rival",)),
    ]
    result = ranking(*entries, *crowd, ACTIVE)
    assert [ranked.id for ranked in result.items] == ["REQ-t1", "REQ-t2", "REQ-t3", "REQ-loud"]
    assert [ranked.tier for ranked in result.items] == [1, 2, 3, 4]
    assert [ranked.rank for ranked in result.items] == [1, 2, 3, 4]
    assert result.items[3].score == 80  # all but promise (10) and stability (10)


def test_the_score_decides_within_a_tier():
    assert order(req("a"), req("b", suggested_priority="medium"), req("c", suggested_priority="highest")) == [
        "c",
        "b",
        "a",
    ]


def test_the_earlier_one_wins_a_tie():
    """Both are older than 180 days, so their age gives the same."""
    assert order(req("a", date=day(-200)), req("b", date=day(-201))) == ["b", "a"]


def test_a_merged_entrys_date_wins_a_tie():
    old = req("c", date=day(-300), duplicate_of="REQ-b")
    assert order(req("a", date=day(-200)), req("b", date=day(-200)), old) == ["b", "a"]


def test_a_notes_date_wins_no_tie():
    assert order(req("a"), req("b"), note("n", None, "b", date=day(-300))) == ["a", "b"]


def test_the_id_decides_at_last():
    assert order(req("c"), req("a"), req("b")) == ["a", "b", "c"]


def test_what_differs_less_than_six_decimals_is_a_tie():
    """√(r/max r) of 10^12 and 10^12 + 1 differ by 5e-13, in points 1e-11; so the older one comes first."""
    entries = [
        req("young", "x", date=day(-200)),
        req("old", "y", date=day(-300)),
        customer("x", arr=1e12 + 1),
        customer("y", arr=1e12),
    ]
    result = ranking(*entries)
    assert [ranked.id for ranked in result.items] == ["REQ-old", "REQ-young"]
    assert result.items[0].score == result.items[1].score


# Weights


def test_configured_weights_replace_the_standard_ones():
    """Only voice and age count, 3 : 1; a has 2/3 and 0.5: 100 · (3·2/3 + 0.5) / 4 = 62.5"""
    config = Config.model_validate(
        {"rank": {"weights": {**dict.fromkeys(SIGNALS, 0), "voice": 3, "age": 1}}},
    )
    result = ranking(req("a", suggested_priority="high", date=day(-90)), config=config)
    assert result.items[0].score == 62.5
    assert result.items[0].points["voice"] == pytest.approx(50)


def test_given_weights_replace_the_configured_ones_signal_by_signal():
    config = Config.model_validate({"rank": {"weights": {"voice": 50}}})
    result = ranking(req("a"), config=config, weights={"age": 7})
    assert result.weights == {**SIGNALS, "voice": 50, "age": 7}


def test_weights_change_the_order():
    entries = [req("old", date=day(-180)), req("loud", suggested_priority="high")]
    assert order(*entries) == ["old", "loud"]  # 5 points and 3.3
    assert order(*entries, weights={"age": 1}) == ["loud", "old"]


def test_no_weight_at_all_scores_nothing():
    result = ranking(req("a", "active"), ACTIVE, weights=dict.fromkeys(SIGNALS, 0.0))
    assert result.items[0].score == 0
    assert set(result.items[0].points.values()) == {0}


def test_only_proportions_of_weights_matter():
    entries = [req("a", "active", suggested_priority="high", date=day(-50)), ACTIVE, req("b", "active", "active")]
    standard = [ranked.score for ranked in ranking(*entries).items]
    for factor in (1e-300, 0.1, 4e306):
        weights = {name: weight * factor for name, weight in SIGNALS.items()}
        assert [ranked.score for ranked in ranking(*entries, weights=weights).items] == standard


@pytest.mark.parametrize("weights", [{"rech": 1}, {"reach": -1}, {"reach": float("nan")}, {"reach": float("inf")}])
def test_impossible_weights_are_refused(weights):
    with pytest.raises(ValueError, match=r"signal|weight"):
        rank(pool(req("a")), TODAY, weights)


def test_today_decides_not_the_clock():
    entries = pool(req("a", date=date(2026, 1, 1)))
    assert rank(entries, date(2026, 1, 1)).items[0].signals["age"] == 0
    assert rank(entries, date(2026, 6, 30)).items[0].signals["age"] == 1
