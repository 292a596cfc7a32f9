"""The explanation: every number with its facts, in words."""

import pytest

from tests.rank.entries import TODAY, customer, day, incident, module, note, pool, promise, req
from tobkit.messages import Message, translator
from tobkit.model.config import Config
from tobkit.model.kinds import Organisation
from tobkit.rank import Explanation, explain, rank


def explained(name, *entries, config=None, weights=None) -> Explanation:
    made = pool(*entries, config=config)
    return explain(made, rank(made, TODAY, weights), f"REQ-{name}")


def english(*messages: Message | None) -> list[str]:
    return [translator("en").text(message) for message in messages if message is not None]


def facts(signal, *entries, config=None) -> list[str]:
    """The facts behind a signal of REQ-a."""
    found = explained("a", *entries, config=config)
    return next(english(*one.facts) for one in found.signals if one.name == signal)


A = customer("acme", "at-risk", "ka", arr=1_500_000)
B = customer("bolt", arr=600_000)
P = customer("pine", "prospect")
GONE = customer("gone", "churned")

FACTS = [
    ("reach", [req("a")], ["No live customer asks for it."]),
    ("reach", [req("a", "bolt"), B], ["1 live customer: Bolt."]),
    ("reach", [req("a", "acme"), A], ["1 live customer, at risk: Acme."]),
    ("reach", [req("a", "acme", "bolt", "pine", "gone"), A, B, P, GONE],
     ["3 live customers, 1 of them at risk: Acme, Bolt, Pine.", "1 is a prospect and counts half: Pine."]),
    ("revenue", [req("a", "pine"), P], ["No paying customer asks for it."]),
    ("revenue", [req("a", "acme", "bolt"), A, B],
     ["Summed yearly revenue ¥2,100,000: Acme (¥1,500,000), Bolt (¥600,000)."]),
    ("revenue", [req("a", "x"), customer("x")], ["The yearly revenue of 1 customer isn't written down: X."]),
    ("risk", [req("a", "bolt"), B], ["No paying customer behind it is at risk or about to renew."]),
    ("risk", [req("a", "acme", "bolt"), A, B], ["¥1,500,000 of it is at risk: Acme (at risk)."]),
    ("risk", [req("a", "x", "y"), customer("x", "at-risk", arr=2, renewal=day(9)), customer("y", renewal=day(-1), arr=1)],
     ["¥3 of it is at risk: X (at risk, renewal on 2026-07-09, in 9 days), Y (renewal on 2026-06-29, 1 day ago)."]),
    ("promise", [req("a")], ["No promise counts."]),
    ("promise", [req("a"), promise("p", "bolt", "a", 9), B], ["Promised to Bolt by 2026-07-09, 9 days left (PRM-p)."]),
    ("promise", [req("a"), promise("p", "bolt", "a", -1), B],
     ["Promised to Bolt by 2026-06-29, 1 day overdue (PRM-p)."]),
    ("promise", [req("a"), promise("p", "bolt", "a", 0), promise("q", "acme", "a", 5), A, B],
     ["Promised to Bolt by 2026-06-30, that is today (PRM-p).", "1 more promise counts."]),
    ("promise", [req("a"), promise("p", "bolt", "a", approved_by=None), promise("q", "gone", "a"), B, GONE],
     ["No promise counts.",
      "PRM-p to Bolt doesn't count yet: nobody approved it, and the requirement isn't accepted.",
      "PRM-q doesn't count: Gone isn't a customer any more."]),
    ("standard", [req("a", "acme"), A], ["No customer below a key account asks for it."]),
    ("standard", [req("a", "acme", "bolt"), A, B], ["1 customer that isn't a key account: Bolt."]),
    ("standard", [req("a", "bolt", scope="custom"), B],
     ["One key account's own need (its scope is custom), so no customer counts here."]),
    ("stability", [req("a", type="feature", module="bank")],
     ["Neither a defect nor a matter of stability, and no incident names it."]),
    ("stability", [req("a", type="defect")], ["It names no module, so incidents can't be counted."]),
    ("stability", [req("a", type="defect", module="bank"), module("bank"), incident("i", -90, modules=("bank",))],
     ["Bank had no incident in the last 90 days."]),
    ("stability",
     [req("a", type="defect", module="bank"), incident("down", -3, "sev1", modules=("bank",)),
      incident("slow", -1, modules=("bank",))],
     ["bank had 2 incidents in the last 90 days, 4 points: down (Sev 1, 2026-06-27), slow (Sev 3, 2026-06-29)."]),
    ("age", [req("a", date=day(-41))], ["First heard on 2026-05-20, 41 days ago."]),
    ("age", [req("a")], ["First heard on 2026-06-30, today."]),
    ("voice", [req("a")], ["Nobody suggested a priority."]),
    ("voice", [req("a", suggested_priority="low"), req("b", duplicate_of="REQ-a", suggested_priority="high")],
     ["Highest suggested priority: High (REQ-b)."]),
]  # fmt: skip


@pytest.mark.parametrize(("signal", "entries", "expected"), FACTS)
def test_facts_of_a_signal(signal, entries, expected):
    assert facts(signal, *entries) == expected


def test_many_customers_are_named_by_revenue_and_then_counted():
    crowd = [customer(f"c{n}", arr=n) for n in range(8)]
    assert facts("reach", req("a", *(one.id for one in crowd)), *crowd) == [
        "8 live customers: C7, C6, C5, C4, C3 and 3 more."
    ]


def test_money_is_in_the_pools_currency():
    config = Config.model_validate({"pool": {"currency": "NOK"}})
    assert facts("revenue", req("a", "bolt"), B, config=config)[0].startswith("Summed yearly revenue NOK 600,000:")


def test_every_signal_has_value_weight_and_points():
    """Weights sum to 50: reach 25, age 25. Age is 90/180."""
    weights = dict.fromkeys(("revenue", "risk", "promise", "standard", "stability", "voice"), 0.0)
    found = explained("a", req("a", "bolt", date=day(-90)), B, weights={**weights, "age": 25})
    shown = {one.name: (one.value, one.weight, one.points) for one in found.signals}
    assert shown["reach"] == (1, 25, 50)
    assert shown["age"] == (0.5, 25, 25)
    assert shown["standard"] == (1, 0, 0)
    assert found.ranked is not None
    assert found.ranked.score == 75


def test_compared_with_the_most():
    found = explained("a", req("a", "bolt"), req("b", "acme", "bolt", "pine"), A, B, P)
    compared = {one.name: english(one.compared) for one in found.signals}
    assert compared["reach"] == ["most of all: 2.5"]
    assert compared["revenue"] == ["most of all: ¥2,100,000"]
    assert compared["age"] == []


# Tier and evidence


def test_the_tier_names_the_statements_that_made_it():
    found = explained(
        "a",
        req("a", "bolt", impact=("wins-deals", "saves-money"), competitors=("rival", "foe")),
        note("n", "pine", "a", impact=("wins-deals",), competitors=("rival",)),
        note("o", "acme", "a", impact=("wins-deals",)),
        A,
        B,
        P,
    )
    assert found.tier is not None
    assert english(found.tier.label, *found.tier.facts) == [
        "Wins deals",
        "“Wins deals”, says REQ-a for Bolt, against rival, foe.",
        "“Wins deals”, says NOTE-n for Pine, against rival.",
    ]
    assert found.needs_evidence == ()


def test_competitors_go_by_name():
    rival = Organisation(id="rival", name="Rival & Sons", relation="competitor")
    found = explained("a", req("a", "bolt", impact=("wins-deals",), competitors=("rival",)), B, rival)
    assert found.tier is not None
    assert english(*found.tier.facts) == ["“Wins deals”, says REQ-a for Bolt, against Rival & Sons."]


def test_the_last_tier_says_why():
    found = explained("a", req("a", impact=("blocks-use",)))
    assert found.tier is not None
    assert english(found.tier.label, *found.tier.facts) == [
        "The rest",
        "No impact is claimed with evidence, so all that have one come first.",
    ]


def test_missing_evidence_says_what_is_missing_and_what_to_do():
    found = explained(
        "a",
        req("a", impact=("blocks-use", "wins-deals")),
        note("n", "pine", "a", impact=("blocks-use",)),
        note("o", "gone", "a", impact=("blocks-use",)),
        P,
        GONE,
    )
    assert [english(one.message, *one.help) for one in found.needs_evidence] == [
        ["REQ-a says “Blocks use”, but it names no customer.",
         "Write down which customer it is, or add a note of theirs."],
        ["NOTE-n says “Blocks use”, but only prospects say so (Pine).",
         "Add a note of a customer who uses the product and is blocked."],
        ["NOTE-o says “Blocks use”, but its customers have churned (Gone).",
         "Add a note of a customer who is still with us."],
        ["REQ-a says “Wins deals”, but it names no customer, it names no competitor.",
         "Write down which customer it is, or add a note of theirs.",
         "Write down under competitors who wins the deals."],
    ]  # fmt: skip


def test_merged_entries_and_notes_are_listed():
    found = explained("a", req("a"), req("b", duplicate_of="REQ-a"), note("n", "bolt", "b"), note("m", None, "a"), B)
    assert [one.id for one in found.merged] == ["REQ-b"]
    assert [one.id for one in found.notes] == ["NOTE-m", "NOTE-n"]


# Not ranked


def not_ranked(name, *entries, config=None):
    found = explained(name, *entries, config=config)
    assert found.ranked is None
    assert found.signals == ()
    return (*english(found.not_ranked), found.see)


def test_merged_through_a_chain():
    chain = [req("a"), req("b", duplicate_of="REQ-a"), req("c", duplicate_of="REQ-b")]
    assert not_ranked("c", *chain) == ("It is merged into REQ-a “a” and counts there.", "REQ-a")


def test_closed():
    assert not_ranked("a", req("a", status="parked", reason="after the audit")) == (
        "It is closed: Parked. The reason: after the audit",
        None,
    )
    assert not_ranked("a", req("a", status="delivered", delivered=TODAY)) == ("It is closed: Delivered.", None)


def test_merged_into_a_closed_one():
    merged = [req("a", status="declined", reason="no"), req("b", duplicate_of="REQ-a")]
    assert not_ranked("b", *merged) == ("It is merged into REQ-a “a”, which is closed: Declined.", "REQ-a")


def test_a_circle():
    circle = [req("a", duplicate_of="REQ-b"), req("b", duplicate_of="REQ-a"), req("c", duplicate_of="REQ-a")]
    assert (
        not_ranked("a", *circle)[0]
        == "Its duplicate_of leads in a circle: REQ-a → REQ-b → REQ-a. Take one of them out."
    )
    assert "REQ-c → REQ-a → REQ-b → REQ-a" in not_ranked("c", *circle)[0]


def test_a_dead_reference():
    assert "duplicate of REQ-x, which isn't in the pool" in not_ranked("a", req("a", duplicate_of="REQ-x"))[0]


def test_no_such_requirement():
    with pytest.raises(KeyError):
        explained("x", req("a"))


# Neighbours


def differences(name, *entries):
    found = explained(name, *entries)
    return [
        (neighbour.ranked.id, *english(neighbour.difference)) if neighbour else None
        for neighbour in (found.above, found.below)
    ]


def test_the_tier_decides_between_neighbours():
    text = "REQ-a is in tier 3 (Saves or earns money), REQ-b in tier 4 (The rest)."
    entries = [req("a", "bolt", impact=("saves-money",)), req("b", "bolt"), B]
    assert differences("a", *entries) == [None, ("REQ-b", text)]
    assert differences("b", *entries) == [("REQ-a", text), None]


def test_the_score_decides_between_neighbours():
    """a: voice 5. b: age 5 · 90/180."""
    entries = [req("a", suggested_priority="highest"), req("b", date=day(-90))]
    text = "REQ-a has 2.5 points more: Front line's voice +5.0. REQ-b is ahead in Time waiting +2.5."
    assert differences("a", *entries) == [None, ("REQ-b", text)]


def test_a_lead_without_disadvantage():
    entries = [req("a", suggested_priority="highest"), req("b")]
    assert differences("b", *entries) == [
        ("REQ-a", "REQ-a has 5.0 points more than REQ-b: Front line's voice +5.0."),
        None,
    ]


def test_small_leads_are_named_only_where_nothing_else_decides():
    """√(r/max r): of 1,000,000 and 999,999 that is 20 · 5e-7 = 0.00001 points."""
    rich, poor = customer("rich", arr=1_000_000), customer("poor", arr=999_999)
    assert differences("a", req("a", "rich"), req("b", "poor"), rich, poor)[1] == (
        "REQ-b",
        "REQ-a has 0.000010 points more than REQ-b: Revenue concerned +0.000010.",
    )
    loud = req("a", "rich", suggested_priority="highest")
    assert differences("a", loud, req("b", "poor"), rich, poor)[1] == (
        "REQ-b",
        "REQ-a has 5.0 points more than REQ-b: Front line's voice +5.0.",
    )


def test_the_date_decides_between_neighbours():
    entries = [req("a", date=day(-200)), req("b", date=day(-190))]
    text = "The scores are equal; REQ-a was heard on 2025-12-12, before REQ-b on 2025-12-22."
    assert differences("b", *entries) == [("REQ-a", text), None]


def test_the_id_decides_between_neighbours():
    text = "Scores and dates are equal; REQ-a comes before REQ-b by its id."
    assert differences("b", req("a"), req("b"))[0] == ("REQ-a", text)


def test_texts_of_the_pool_fill_no_slots():
    """What looks like a slot in somebody's title or name stays as it is."""
    odd = customer("x").model_copy(update={"name": "{n} {who}"})
    assert facts("reach", req("a", "x"), odd) == ["1 live customer: {n} {who}."]
