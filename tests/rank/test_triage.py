"""What waits for somebody: each list at its thresholds, and what doesn't belong there."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import pytest

from tests.rank.entries import TODAY, customer, day, incident, note, pool, promise, ranking, req
from tobkit.model.config import Config
from tobkit.model.history import Event, History, Timeline
from tobkit.model.kinds import Entry
from tobkit.rank.triage import NEW_DAYS, SILENT_DAYS, VERY_ALIKE, Doubt, Known, Near, Triage, triage

ACME = customer("acme", arr=100)


def sorted_out(*entries: Entry, config: Config | None = None, history: History | None = None, **known: Any) -> Triage:
    found = pool(*entries, config=config)
    return triage(found, ranking(*entries, config=config), history=history or History(), known=Known(**known))


def moved(**days: int) -> History:
    """A status that changed so many days from today, by requirement."""
    return History(
        {
            ("requirement", f"REQ-{name}"): Timeline((Event(day(ago), "x", "c", "status", "new", "triaged"),))
            for name, ago in days.items()
        }
    )


def ids(found: Iterable[Any]) -> list[str]:
    return [one.ranked.id.removeprefix("REQ-") for one in found]


# The inbox


def test_the_inbox_is_notes_without_a_requirement_the_oldest_first() -> None:
    near = (Near("REQ-a", 0.5),)
    found = sorted_out(
        req("a"),
        note("n", "acme", date=day(-2)),
        note("m", "acme", date=day(-9)),
        note("x", "acme", "a"),
        nearest={"NOTE-n": near},
    )
    assert [(one.note.id, one.days, one.nearest) for one in found.inbox] == [("NOTE-m", 9, ()), ("NOTE-n", 2, near)]


# Perhaps not worth doing


def doubts(*entries: Entry, **known: Any) -> list[Doubt]:
    found = {one.ranked.id: [reason.doubt for reason in one.reasons] for one in sorted_out(*entries, **known).no_value}
    return found.get("REQ-a", [])


def test_nobody_is_behind_what_only_lost_customers_asked_for() -> None:
    gone = customer("gone", "churned")
    assert doubts(gone, req("a", "gone")) == [Doubt.NOBODY]
    assert doubts(gone, ACME, req("a", "gone"), note("n", "acme", "a")) == []
    assert doubts(gone, req("a", "gone", status="building")) == [Doubt.NOBODY]
    assert doubts(gone, req("a", "gone"), incident("i", -200, requirements=("REQ-a",))) == []


@pytest.mark.parametrize(("days", "found"), [(NEW_DAYS - 1, []), (NEW_DAYS, [Doubt.NOBODY])])
def test_a_fresh_entry_has_time_to_find_a_customer(days: int, found: list[Doubt]) -> None:
    assert doubts(req("a", date=day(-days))) == found


def test_a_partners_voice_is_somebody() -> None:
    said = note("n", None, "a", organisation="channel")
    assert doubts(req("a", date=day(-99)), said) == []


def test_too_vague_is_told_until_a_note_says_more_or_it_is_accepted() -> None:
    assert doubts(ACME, req("a", "acme"), vague=["REQ-a"]) == [Doubt.VAGUE]
    assert doubts(ACME, req("a", "acme"), note("n", "acme", "a"), vague=["REQ-a"]) == []
    assert doubts(ACME, req("a", "acme", status="accepted"), vague=["REQ-a"]) == []
    assert doubts(ACME, req("a", "acme"), vague=["REQ-b"]) == []


@pytest.mark.parametrize(("score", "found"), [(VERY_ALIKE - 0.01, []), (VERY_ALIKE, [Doubt.DELIVERED])])
def test_what_is_very_like_a_delivered_one_is_perhaps_there_already(score: float, found: list[Doubt]) -> None:
    done = req("d", "acme", status="delivered", delivered=day(-9))
    assert doubts(ACME, done, req("a", "acme"), delivered={"REQ-a": Near("REQ-d", score)}) == found


def test_the_delivered_one_is_named() -> None:
    done = req("d", "acme", status="delivered", delivered=day(-9))
    (one,) = sorted_out(ACME, done, req("a", "acme"), delivered={"REQ-a": Near("REQ-d", 1.0)}).no_value
    assert one.delivered_as == "REQ-d"


@pytest.mark.parametrize(("days", "found"), [(SILENT_DAYS - 1, []), (SILENT_DAYS, [Doubt.SILENT])])
def test_asked_once_and_silent_counts_from_its_day(days: int, found: list[Doubt]) -> None:
    assert doubts(ACME, req("a", "acme", date=day(-days))) == found


def test_a_second_voice_a_promise_or_a_move_breaks_the_silence() -> None:
    old = req("a", "acme", date=day(-300))
    assert doubts(ACME, old) == [Doubt.SILENT]
    assert doubts(ACME, old, note("n", "acme", "a", date=day(-290))) == []
    assert doubts(ACME, old, promise("p", "acme", "a", due=90)) == []
    assert doubts(ACME, old, req("b", "acme", date=day(-280), duplicate_of="REQ-a")) == []
    assert doubts(ACME, req("a", "acme", date=day(-300), status="accepted")) == []
    assert sorted_out(ACME, old, history=moved(a=-3)).no_value == ()


def test_one_key_accounts_custom_wish_needs_a_promise() -> None:
    giant, wish = customer("giant", tier="ka"), req("a", "giant", scope="custom")
    assert doubts(giant, wish) == [Doubt.ONE_ACCOUNT]
    assert doubts(giant, wish, promise("p", "giant", "a", due=30)) == []
    assert doubts(giant, wish, promise("p", "giant", "a", due=30, status="withdrawn")) == [Doubt.ONE_ACCOUNT]
    assert doubts(giant, ACME, req("a", "giant", "acme", scope="custom")) == []
    assert doubts(ACME, req("a", "acme", scope="custom")) == []
    assert doubts(giant, req("a", "giant", scope="standard")) == []


# Left to do


def test_undecided_is_what_nobody_accepted_by_rank_with_its_days() -> None:
    found = sorted_out(
        ACME,
        req("a", "acme", date=day(-5), status="new"),
        req("b", status_since=day(-12), owner="li"),
        req("c", status="accepted"),
        req("d", status="parked"),
    )
    assert ids(found.undecided) == ["a", "b"]
    assert [(one.days, one.unowned) for one in found.undecided] == [(5, True), (12, False)]


def test_a_teams_own_status_counts_as_what_it_stands_for() -> None:
    config = Config.model_validate({"workflow": {"statuses": {"review": {"stands_for": "triaged"}}}})
    from tobkit.model.schema import build_schema

    model = build_schema(config)["requirement"].model
    assert ids(sorted_out(req("a", model=model, status="review"), config=config).undecided) == ["a"]


def test_behind_plan_is_from_the_day_after() -> None:
    plans = {"REQ-a": day(-1), "REQ-b": TODAY, "REQ-c": day(-40)}
    found = sorted_out(req("a"), req("b"), req("c", status="delivered", delivered=TODAY), planned=plans)
    assert [(one.ranked.id, one.planned, one.days) for one in found.late] == [("REQ-a", day(-1), 1)]


def test_overdue_promises_are_the_open_ones_past_their_day() -> None:
    found = sorted_out(
        ACME,
        req("a", "acme", status="parked"),
        promise("p", "acme", "a", due=-1),
        promise("q", "acme", "a", due=-9),
        promise("r", "acme", "a", due=0),
        promise("s", "acme", "a", due=-5, status="kept"),
    )
    assert [one.id for one in found.overdue] == ["PRM-q", "PRM-p"]


def test_asked_again_is_what_came_after_closing() -> None:
    done = req("a", "acme", status="delivered", delivered=day(-30), date=day(-90))
    said = [
        note("before", "acme", "a", date=day(-31)),
        note("same", "acme", "a", date=day(-30)),
        note("after", "acme", "a", date=day(-3)),
        note("told", "acme", "a", date=day(-2), told=("REQ-a",)),
    ]
    filed = req("b", "acme", date=day(-1), duplicate_of="REQ-a")
    (one,) = sorted_out(ACME, done, *said, filed).asked_again
    assert (one.requirement.id, one.closed, [entry.id for entry in one.again]) == (
        "REQ-a",
        day(-30),
        ["REQ-b", "NOTE-after"],
    )


def test_since_when_it_is_closed_is_known_from_git_first() -> None:
    parked = req("a", "acme", status="parked", status_since=day(-60), date=day(-90))
    again = note("n", "acme", "a", date=day(-20))
    assert [one.closed for one in sorted_out(ACME, parked, again).asked_again] == [day(-60)]
    assert sorted_out(ACME, parked, again, history=moved(a=-10)).asked_again == ()


def test_claims_without_evidence_are_told_with_what_is_missing() -> None:
    found = sorted_out(req("a", impact=("blocks-use",)), ACME, req("b", "acme", impact=("blocks-use",)))
    (one,) = found.unproven
    assert one.ranked.id == "REQ-a"
    assert [str(each.message) for each in one.missing] == ["REQ-a says “Blocks use”, but it names no customer."]


def test_who_cries_wolf_is_counted_by_statement() -> None:
    loud = [req(f"s{n}", "acme", source="sales", impact=("blocks-use",)) for n in range(3)]
    more = [note(f"s{n}", None, "s0", source="sales", impact=("blocks-use",)) for n in range(2)]
    quiet = [req(f"p{n}", "acme", source="support") for n in range(4)]
    quiet += [req("p9", "acme", source="support", impact=("blocks-use",))]
    few = [req("m", "acme", source="marketing", impact=("blocks-use",))]
    found = sorted_out(ACME, *loud, *more, *quiet, *few).cries
    assert [(one.source, one.statements, one.urgent, one.counting, one.share) for one in found] == [
        ("sales", 5, 5, 3, 1.0),
        ("support", 5, 1, 1, 0.2),
    ]


# Escalations


BLOCKED = {"impact": ("blocks-use",)}
WINS = {"impact": ("wins-deals",), "competitors": ("rival",)}
SAVES = {"impact": ("saves-money",)}


@pytest.mark.parametrize(("fields", "limit"), [(BLOCKED, 7), (WINS, 14), (SAVES, 30)])
def test_a_tier_is_escalated_from_its_limit_on(fields: dict[str, Any], limit: int) -> None:
    def stuck(days: int) -> list[tuple[int, int | None]]:
        found = sorted_out(ACME, req("a", "acme", date=day(-days), **fields)).escalations
        return [(one.stuck, one.limit) for one in found]

    assert stuck(limit - 1) == []
    assert stuck(limit) == [(limit, limit)]


def test_the_last_tier_is_never_escalated_for_its_age() -> None:
    assert sorted_out(ACME, req("a", "acme", date=day(-900))).escalations == ()


def test_the_limits_are_the_teams() -> None:
    config = Config.model_validate({"escalation": {"days": [3, 14, 30], "decider": "wang"}})
    found = sorted_out(ACME, req("a", "acme", date=day(-3), **BLOCKED), config=config)
    assert [one.limit for one in found.escalations] == [3]
    assert found.decider == "wang"


@pytest.mark.parametrize(
    "movement",
    [
        {"history": moved(a=-2)},
        {"extra": [note("n", "acme", "a", date=day(-2))]},
        {"fields": {"status_since": day(-2)}},
    ],
)
def test_a_move_ends_it(movement: dict[str, Any]) -> None:
    entry = req("a", "acme", date=day(-50), **BLOCKED, **movement.get("fields", {}))
    found = sorted_out(ACME, entry, *movement.get("extra", ()), history=movement.get("history"))
    assert found.escalations == ()


@pytest.mark.parametrize(("due", "overdue"), [(0, []), (-1, ["PRM-p"])])
def test_an_overdue_promise_is_escalated_whatever_the_tier(due: int, overdue: list[str]) -> None:
    found = sorted_out(ACME, req("a", "acme", status="accepted"), promise("p", "acme", "a", due=due)).escalations
    assert [promise.id for one in found for promise in one.overdue] == overdue
    assert all(one.limit is None for one in found)


def test_a_promise_to_a_customer_who_left_is_none() -> None:
    gone = customer("gone", "churned")
    assert sorted_out(gone, ACME, req("a", "acme"), promise("p", "gone", "a", due=-9)).escalations == ()


def test_an_escalation_says_why_who_waits_and_with_how_much() -> None:
    best, lead = customer("best", arr=500), customer("lead", "prospect", arr=900)
    entry = req("a", "acme", "best", "lead", owner="li", date=day(-8), **BLOCKED)
    (one,) = sorted_out(ACME, best, lead, entry, promise("p", "acme", "a", due=-1)).escalations
    assert (one.owner, one.revenue, [waiting.id for waiting in one.waiting]) == ("li", 600, ["lead", "best", "acme"])
    found = pool(ACME, best, lead, entry)
    assert [str(reason) for reason in one.reasons(found, TODAY)] == [
        "Tier 1, and nothing has moved for 8 days (limit 7)",
        f"Promised to Acme by {day(-1)}, 1 day overdue (PRM-p)",
    ]


def test_an_empty_pool_has_nothing_to_wait_for() -> None:
    found = sorted_out()
    assert not any(
        getattr(found, name) for name in ("inbox", "no_value", "undecided", "late", "overdue", "asked_again")
    )
    assert not any((found.unproven, found.cries, found.escalations))
    assert found.today == date(2026, 6, 30)
