"""Which promises a change concerns, and how; which duplicates came with it."""

from typing import NamedTuple

from tests.compare.conftest import compared
from tests.rank.entries import customer, day, promise, req
from tobkit.compare import Comparison
from tobkit.messages import Message


def effects(found: Comparison) -> dict[str, list[str]]:
    return {one.promise.id: [str(effect) for effect in one.effects] for one in found.promises}


BASE = [customer("acme"), req("a", "acme", status="accepted")]


def test_a_new_promise_is_told_with_what_is_missing() -> None:
    approved = promise("p", "acme", "a", due=9, approved_by=None)
    assert effects(compared(BASE, [*BASE, approved])) == {"PRM-p": [f"new, due {day(9)}"]}
    early = [customer("acme"), req("a", "acme")]
    assert effects(compared(early, [*early, approved]))["PRM-p"] == [
        f"new, due {day(9)}",
        "doesn't count: nobody approved it, and the requirement isn't accepted",
    ]


def test_changes_of_a_promise_are_told() -> None:
    then = promise("p", "acme", "a", due=9, approved_by=None)
    now = promise("p", "acme", "a", due=19, status="broken", approved_by="wang")
    assert effects(compared([*BASE, then], [*BASE, now]))["PRM-p"] == [
        f"put off from {day(9)} to {day(19)}",
        "Open → Broken",
        "approved by wang",
    ]
    sooner = promise("p", "acme", "a", due=5, approved_by=None)
    assert effects(compared([*BASE, then], [*BASE, sooner]))["PRM-p"] == [f"due {day(5)} instead of {day(9)}"]
    assert effects(compared([*BASE, then], BASE))["PRM-p"] == ["removed"]


def test_what_was_promised_and_is_closed_put_off_or_gone_is_told() -> None:
    kept = promise("p", "acme", "a", due=9)
    closed = [customer("acme"), req("a", "acme", status="declined"), kept]
    assert effects(compared([*BASE, kept], closed)) == {"PRM-p": ["REQ-a is now: Declined"]}
    later = [customer("acme"), req("a", "acme", status="accepted", planned="2027-Q1"), kept]
    assert effects(compared([*BASE, kept], later)) == {"PRM-p": ["REQ-a planned for 2027-Q1 instead of none"]}
    assert effects(compared([*BASE, kept], [customer("acme"), kept])) == {"PRM-p": ["REQ-a isn't there any more"]}


def test_what_was_promised_and_fell_behind_is_told() -> None:
    kept = promise("p", "acme", "a", due=9)
    then = [customer("acme"), customer("best"), req("a", "acme", "best", status="accepted"), req("b", "acme"), kept]
    now = [customer("acme"), customer("best"), req("a", status="accepted"), req("b", "acme", "best"), kept]
    found = compared(then, [*now, promise("q", "best", "b", due=1)])
    assert "REQ-a fell from 1 to 2" in effects(found)["PRM-p"]


def test_overdue_is_told_where_something_changed_or_the_day_came_since() -> None:
    late, older = promise("p", "acme", "a", due=-3), promise("q", "acme", "a", due=-30)
    entries = [*BASE, late, older]
    assert effects(compared(entries, entries)) == {}
    assert effects(compared(entries, entries, since=day(-7))) == {"PRM-p": [f"overdue since {day(-3)}"]}
    done = promise("p", "acme", "a", due=-3, status="kept")
    assert effects(compared(entries, [*BASE, done, older], since=day(-7))) == {"PRM-p": ["Open → Kept"]}


class Pair(NamedTuple):
    a: str
    b: str
    score: float
    reasons: tuple[Message, ...] = ()


def test_only_duplicates_with_new_words_came_with_it() -> None:
    pairs = [Pair("REQ-a", "REQ-n", 0.9), Pair("REQ-a", "REQ-b", 0.8), Pair("REQ-b", "REQ-c", 0.7)]
    then = [req("a"), req("b"), req("c")]
    now = [req("a"), req("b"), req("c", body="new words"), req("n")]
    found = compared(then, now, duplicates=pairs)
    assert [(pair.a, pair.b) for pair in found.duplicates] == [("REQ-a", "REQ-n"), ("REQ-b", "REQ-c")]
