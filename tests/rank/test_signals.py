"""Worked examples of every signal, computed by hand: today is 2026-06-30."""

from datetime import date
from math import log, sqrt

import pytest

from tests.rank.entries import customer, day, first, incident, note, pool, promise, ranking, req
from tobkit.rank import money, rank

A, B, C = customer("a1"), customer("b1"), customer("c1")


def signal(name, *entries):
    """The signal's value for REQ-a."""
    return first(*entries).signals[name]


def cases(table):
    return pytest.mark.parametrize(
        ("entries", "expected"), [pytest.param(entries, value, id=name) for name, entries, value in table]
    )


# reach = ln(1+n) / ln(1+max n). The other group, REQ-m, has max n = 3 customers where a case adds it.
MOST = req("m", "a1", "b1", "c1")
PROSPECT = customer("p1", "prospect")
GONE = customer("g1", "churned")
REACH = [
    ("nobody at all: 0/0", [req("a")], 0),
    ("nobody, others have", [req("a"), MOST], 0),
    ("one of three", [req("a", "a1"), MOST], log(2) / log(4)),  # = 0.5
    ("two of three", [req("a", "a1", "b1"), MOST], log(3) / log(4)),  # = 0.792
    ("the most", [req("a", "a1", "b1", "c1"), MOST], 1),
    ("a prospect counts half", [req("a", "p1"), MOST], log(1.5) / log(4)),  # = 0.292
    ("a prospect alone is its own maximum", [req("a", "p1")], 1),
    ("two and a prospect", [req("a", "a1", "b1", "p1"), MOST], log(3.5) / log(4)),
    ("churned ones don't count", [req("a", "a1", "g1"), MOST], log(2) / log(4)),
    ("unknown ones don't count", [req("a", "a1", "nobody"), MOST], log(2) / log(4)),
    ("the same twice counts once", [req("a", "a1", "a1"), note("n", "a1", "a"), MOST], log(2) / log(4)),
    ("a note's customer counts", [req("a", "a1"), note("n", "b1", "a"), MOST], log(3) / log(4)),
    ("a note on two of the group counts once",
     [req("a"), req("b", duplicate_of="REQ-a"), note("n", "a1", "a", "b"), MOST], log(2) / log(4)),
    ("a merged entry's customer counts", [req("a", "a1"), req("b", "b1", duplicate_of="REQ-a"), MOST],
     log(3) / log(4)),
    ("a note on the end of a chain counts",
     [req("a"), req("b", duplicate_of="REQ-a"), req("c", duplicate_of="REQ-b"), note("n", "a1", "c"), MOST],
     log(2) / log(4)),
    ("a counting promise's customer counts", [req("a"), promise("p", "a1", "a"), MOST], log(2) / log(4)),
    ("another promise's doesn't", [req("a"), promise("p", "a1", "a", approved_by=None), MOST], 0),
    ("what isn't ranked makes no maximum", [req("a", "a1"), req("m", "a1", "b1", status="declined", reason="no")], 1),
]  # fmt: skip


@cases(REACH)
def test_reach(entries, expected):
    assert signal("reach", *entries, A, B, C, PROSPECT, GONE) == pytest.approx(expected, abs=1e-12)


# revenue = √(r / max r). REQ-m has max r = 400.
BIG, MID, SMALL = customer("big", arr=400), customer("mid", arr=100), customer("small", arr=44)
RICH_PROSPECT, RICH_GONE = customer("soon", "prospect", arr=10_000), customer("gone", "churned", arr=10_000)
UNKNOWN = customer("unknown")
RICHEST = req("m", "big")
REVENUE = [
    ("no revenue anywhere: 0/0", [req("a", "unknown")], 0),
    ("nobody pays", [req("a"), RICHEST], 0),
    ("a quarter of the money", [req("a", "mid"), RICHEST], 0.5),  # √(100/400)
    ("summed", [req("a", "mid", "small"), RICHEST], 0.6),  # √(144/400)
    ("the most", [req("a", "big"), RICHEST], 1),
    ("a prospect's doesn't count", [req("a", "mid", "soon"), RICHEST], 0.5),
    ("a churned customer's doesn't count", [req("a", "mid", "gone"), RICHEST], 0.5),
    ("unknown revenue is none", [req("a", "mid", "unknown"), RICHEST], 0.5),
    ("a customer twice counts once", [req("a", "mid"), note("n", "mid", "a"), RICHEST], 0.5),
]


@cases(REVENUE)
def test_revenue(entries, expected):
    customers = (BIG, MID, SMALL, RICH_PROSPECT, RICH_GONE, UNKNOWN)
    assert signal("revenue", *entries, *customers) == pytest.approx(expected, abs=1e-12)


def test_arr_is_the_summed_revenue_without_prospects():
    assert first(req("a", "mid", "small", "soon", "gone"), MID, SMALL, RICH_PROSPECT, RICH_GONE).arr == 144


def test_customers_are_the_evidence_sorted():
    ranked = first(req("a", "mid", "soon", "gone"), note("n", "big", "a"), BIG, MID, RICH_PROSPECT, RICH_GONE)
    assert ranked.customers == ("big", "mid", "soon")


# risk = √(q / max q). REQ-m has max q = 400 from an at-risk customer; REQ-a's customer pays 100, so √(100/400) = 0.5.
def renewing(days, status="active"):
    return customer("x", status, arr=100, renewal=day(days))


RISK = [
    ("safe", customer("x", arr=100), 0),
    ("at risk", customer("x", "at-risk", arr=100), 0.5),
    ("at risk and renewing counts once", renewing(0, "at-risk"), 0.5),
    ("renews today", renewing(0), 0.5),
    ("renewed 30 days ago", renewing(-30), 0.5),
    ("renewed 31 days ago", renewing(-31), 0),
    ("renews in 90 days", renewing(90), 0.5),
    ("renews in 91 days", renewing(91), 0),
    ("a prospect renewing", renewing(0, "prospect"), 0),
    ("churned", renewing(0, "churned"), 0),
    ("at risk with unknown revenue", customer("x", "at-risk"), 0),
]


@pytest.mark.parametrize(("who", "expected"), [pytest.param(who, value, id=name) for name, who, value in RISK])
def test_risk(who, expected):
    assert signal("risk", req("a", "x"), req("m", "r"), who, customer("r", "at-risk", arr=400)) == expected


def test_risk_is_only_the_endangered_part():
    """r = 144, of which 44 are at risk; the most is 400: √(44/400)."""
    entries = [req("a", "mid", "shaky"), req("m", "r"), customer("shaky", "at-risk", arr=44)]
    assert signal("risk", *entries, MID, customer("r", "at-risk", arr=400)) == pytest.approx(sqrt(44 / 400), abs=1e-12)


def test_nothing_at_risk_is_no_division_by_zero():
    assert signal("risk", req("a", "mid"), MID) == 0


# promise = (180 - days until due) / 166, kept within 0 and 1
PROMISE = [
    ("none", [], 0),
    ("due in 181 days", [promise("p", "a1", "a", due=181)], 0),
    ("due in 180 days", [promise("p", "a1", "a", due=180)], 0),
    ("due in 179 days", [promise("p", "a1", "a", due=179)], 1 / 166),
    ("due in 97 days", [promise("p", "a1", "a", due=97)], 0.5),  # 83 / 166
    ("due in 15 days", [promise("p", "a1", "a", due=15)], 165 / 166),
    ("due in 14 days", [promise("p", "a1", "a", due=14)], 1),
    ("due today", [promise("p", "a1", "a")], 1),
    ("overdue", [promise("p", "a1", "a", due=-40)], 1),
    ("the nearest of two", [promise("p", "a1", "a", due=170), promise("q", "b1", "a", due=97)], 0.5),
    ("kept", [promise("p", "a1", "a", status="kept")], 0),
    ("broken", [promise("p", "a1", "a", status="broken")], 0),
    ("withdrawn", [promise("p", "a1", "a", status="withdrawn")], 0),
    ("to a churned customer", [promise("p", "g1", "a")], 0),
    ("to an unknown customer", [promise("p", "nobody", "a")], 0),
    ("to a prospect", [promise("p", "p1", "a")], 1),
    ("on another need", [promise("p", "a1", "b")], 0),
    ("on a merged entry", [req("c", duplicate_of="REQ-a"), promise("p", "a1", "c")], 1),
]


@cases(PROMISE)
def test_promise(entries, expected):
    assert signal("promise", req("a"), req("b"), *entries, A, B, PROSPECT, GONE) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(("status", "expected"), [("new", 0), ("triaged", 0), ("accepted", 1), ("building", 1)])
def test_an_unapproved_promise_counts_on_work_that_is_accepted(status, expected):
    assert signal("promise", req("a", status=status), promise("p", "a1", "a", approved_by=None), A) == expected


def test_the_canonical_entrys_status_decides_whether_a_promise_counts():
    unapproved = promise("p", "a1", "b", approved_by=None)
    merged = {"duplicate_of": "REQ-a"}
    assert signal("promise", req("a"), req("b", status="building", **merged), unapproved, A) == 0
    assert signal("promise", req("a", status="accepted"), req("b", **merged), unapproved, A) == 1


# standard = ln(1+k) / ln(1+max k), k = customers that aren't key accounts. REQ-m has max k = 3.
KA, KA2 = customer("ka1", tier="ka"), customer("ka2", tier="ka")
LITTLE = customer("s1", "prospect", tier="small")
STANDARD = [
    ("nobody: 0/0", [req("a")], 0),
    ("key accounts only", [req("a", "ka1", "ka2"), MOST], 0),
    ("one and key accounts", [req("a", "ka1", "ka2", "a1"), MOST], log(2) / log(4)),
    ("a prospect counts whole", [req("a", "s1"), MOST], log(2) / log(4)),
    ("three", [req("a", "a1", "b1", "c1"), MOST], 1),
    ("standard scope", [req("a", "a1", scope="standard"), MOST], log(2) / log(4)),
    ("custom scope", [req("a", "a1", scope="custom"), MOST], 0),
    ("custom ones don't make the maximum", [req("a", "a1"), req("m", "a1", "b1", "c1", scope="custom")], 1),
    ("the canonical entry's scope decides, custom",
     [req("a", "a1", scope="custom"), req("b", duplicate_of="REQ-a", scope="standard"), MOST], 0),
    ("the canonical entry's scope decides, standard",
     [req("a", "a1"), req("b", duplicate_of="REQ-a", scope="custom"), MOST], log(2) / log(4)),
]  # fmt: skip


@cases(STANDARD)
def test_standard(entries, expected):
    assert signal("standard", *entries, A, B, C, KA, KA2, LITTLE) == pytest.approx(expected, abs=1e-12)


# stability = v / max v, v = 3·sev1 + 2·sev2 + sev3 of the module's last 90 days. REQ-m's module has v = 6.
UNSTABLE = [req("m", module="core", type="defect"), incident("m1", 0, "sev1", modules=("core",)),
            incident("m2", 0, "sev1", modules=("core",))]  # fmt: skip
DEFECT = req("a", module="bank", type="defect")
STABILITY = [
    ("no incident anywhere: 0/0", [DEFECT], 0),
    ("none in this module", [DEFECT, *UNSTABLE], 0),
    ("sev1", [DEFECT, incident("i", -1, "sev1", modules=("bank",)), *UNSTABLE], 3 / 6),
    ("sev2", [DEFECT, incident("i", -1, "sev2", modules=("bank",)), *UNSTABLE], 2 / 6),
    ("sev3", [DEFECT, incident("i", -1, "sev3", modules=("bank",)), *UNSTABLE], 1 / 6),
    ("sev2 and sev3 and sev3", [DEFECT, *UNSTABLE, incident("i", -1, "sev2", modules=("bank",)),
     incident("j", -2, modules=("bank",)), incident("k", -3, modules=("bank",))], 4 / 6),
    ("today", [DEFECT, incident("i", 0, modules=("bank",)), *UNSTABLE], 1 / 6),
    ("tomorrow", [DEFECT, incident("i", 1, modules=("bank",)), *UNSTABLE], 0),
    ("89 days ago", [DEFECT, incident("i", -89, modules=("bank",)), *UNSTABLE], 1 / 6),
    ("90 days ago", [DEFECT, incident("i", -90, modules=("bank",)), *UNSTABLE], 0),
    ("a module named twice counts once", [DEFECT, incident("i", 0, modules=("bank", "bank")), *UNSTABLE], 1 / 6),
    ("one of two modules", [DEFECT, incident("i", 0, modules=("bank", "x")), *UNSTABLE], 1 / 6),
    ("type stability", [req("a", module="bank", type="stability"), incident("i", 0, modules=("bank",)), *UNSTABLE],
     1 / 6),
    ("a feature", [req("a", module="bank", type="feature"), incident("i", 0, modules=("bank",)), *UNSTABLE], 0),
    ("no type", [req("a", module="bank"), incident("i", 0, modules=("bank",)), *UNSTABLE], 0),
    ("a feature that an incident names",
     [req("a", module="bank", type="feature"), incident("i", 0, modules=("bank",), requirements=("REQ-a",)), *UNSTABLE],
     1 / 6),
    ("named by an old incident of another module",
     [req("a", module="bank"), incident("i", 0, modules=("bank",)),
      incident("j", -400, modules=("x",), requirements=("REQ-a",)), *UNSTABLE], 1 / 6),
    ("a merged entry is named",
     [req("a", module="bank"), req("b", duplicate_of="REQ-a"),
      incident("i", 0, modules=("bank",), requirements=("REQ-b",)), *UNSTABLE], 1 / 6),
    ("a merged entry is a defect",
     [req("a", module="bank"), req("b", duplicate_of="REQ-a", type="defect"),
      incident("i", 0, modules=("bank",)), *UNSTABLE], 1 / 6),
    ("the canonical entry's module decides",
     [req("a", module="quiet", type="defect"), req("b", duplicate_of="REQ-a", module="bank"),
      incident("i", 0, modules=("bank",)), *UNSTABLE], 0),
    ("no module", [req("a", type="defect"), incident("i", 0, modules=("bank",)), *UNSTABLE], 0),
    ("a module of features makes no maximum",
     [DEFECT, incident("i", 0, modules=("bank",)), req("m", module="core", type="feature"), *UNSTABLE[1:]], 1),
]  # fmt: skip


@cases(STABILITY)
def test_stability(entries, expected):
    assert signal("stability", *entries) == pytest.approx(expected, abs=1e-12)


# age = days / 180, kept within 0 and 1
AGE = [
    ("today", [req("a")], 0),
    ("tomorrow", [req("a", date=day(1))], 0),
    ("yesterday", [req("a", date=day(-1))], 1 / 180),
    ("90 days", [req("a", date=day(-90))], 0.5),
    ("180 days", [req("a", date=day(-180))], 1),
    ("200 days", [req("a", date=day(-200))], 1),
    ("the earliest of the group", [req("a"), req("b", date=day(-90), duplicate_of="REQ-a")], 0.5),
    ("a note makes nothing older", [req("a"), note("n", "a1", "a", date=day(-90))], 0),
]


@cases(AGE)
def test_age(entries, expected):
    assert signal("age", *entries, A) == pytest.approx(expected, abs=1e-12)


# voice = 1, 2/3, 1/3, 0
def said(priority, **fields):
    return req("a", suggested_priority=priority, **fields)


VOICE = [
    ("highest", [said("highest")], 1),
    ("high", [said("high")], 2 / 3),
    ("medium", [said("medium")], 1 / 3),
    ("low", [said("low")], 0),
    ("none", [said(None)], 0),
    ("a merged entry's is higher", [said("medium"), req("b", duplicate_of="REQ-a", suggested_priority="high")], 2 / 3),
    ("a merged entry's is lower", [said("high"), req("b", duplicate_of="REQ-a", suggested_priority="low")], 2 / 3),
    ("at the end of a chain", [said(None), req("b", duplicate_of="REQ-a"),
     req("c", duplicate_of="REQ-b", suggested_priority="highest")], 1),
]  # fmt: skip


@cases(VOICE)
def test_voice(entries, expected):
    assert signal("voice", *entries) == pytest.approx(expected, abs=1e-12)


def test_score_of_a_whole_example():
    """REQ-a: 2 customers of at most 3, one of them a key account at risk who pays 100 of 400 (and of 400 at risk).

    reach      25 · ln 3 / ln 4            = 19.812031
    revenue    20 · √(100/400)             = 10
    risk       15 · √(100/400)             = 7.5
    promise    10 · (180 - 97)/166         = 5
    standard   10 · ln 2 / ln 4            = 5
    stability  10 · 1/6                    = 1.666667
    age         5 · 90/180                 = 2.5
    voice       5 · 2/3                    = 3.333333
    sum                                     54.812031
    """
    ranked = first(
        req("a", "k", "s", module="bank", type="defect", date=day(-90), suggested_priority="high"),
        req("m", "big", "b1", "c1"),
        *UNSTABLE[1:],
        req("n", module="core", type="defect"),
        incident("i", 0, modules=("bank",)),
        promise("p", "s", "a", due=97),
        customer("k", "at-risk", tier="ka", arr=100),
        customer("s"),
        customer("big", "at-risk", arr=400),
        B,
        C,
    )
    assert ranked.score == 54.812031
    assert ranked.points == pytest.approx(
        {"reach": 19.812031251805, "revenue": 10, "risk": 7.5, "promise": 5, "standard": 5, "stability": 10 / 6,
         "age": 2.5, "voice": 10 / 3}
    )  # fmt: skip


def test_signals_stand_in_the_order_of_the_contract():
    expected = ["reach", "revenue", "risk", "promise", "standard", "stability", "age", "voice"]
    ranked = first(req("a"))
    assert list(ranked.signals) == list(ranked.points) == expected


@pytest.mark.parametrize("today", ["0001-01-01", "9999-12-31"])
def test_the_ends_of_time(today):
    """No window around today leaves the calendar."""
    entries = [
        req("a", "x", date=day(0)),
        customer("x", renewal=day(0), arr=1),
        promise("p", "x", "a"),
        incident("i", 0, modules=("m",)),
    ]
    (ranked,) = rank(pool(*entries), date.fromisoformat(today)).items
    assert 0 <= ranked.score <= 100


def test_incredible_revenue_is_no_infinity():
    ranked = first(req("a", "x", "y"), customer("x", arr=1.7e308), customer("y", "at-risk", arr=1.7e308))
    assert ranked.signals["revenue"] == 1
    assert ranked.signals["risk"] <= 1
    assert ranking(req("a", "x", "y"), customer("x", arr=1.7e308), customer("y", arr=1.7e308)).items[0].score <= 100


def test_the_smallest_revenue_counts():
    assert first(req("a", "x"), customer("x", arr=5e-324)).signals["revenue"] == 1


def test_money_in_words():
    assert money(2_100_000, "CNY") == "¥2,100,000"
    assert money(1200.5, "NOK") == "NOK 1,200.50"
    assert money(0, "EUR") == "€0"
