"""Why a requirement has another place: what is told, and what is only a shift."""

from collections.abc import Iterable
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.compare.conftest import compared
from tests.rank.entries import TODAY, customer, day, incident, module, note, promise, req
from tobkit.compare import Comparison, Move
from tobkit.model.config import Config
from tobkit.model.kinds import Entry


def told(found: Comparison) -> dict[str, tuple[int | None, int | None, list[str]]]:
    """Requirement -> places and causes."""
    return {
        move.requirement.id.removeprefix("REQ-"): (
            move.before.rank if move.before else None,
            move.after.rank if move.after else None,
            [str(cause) for cause in move.causes],
        )
        for move in found.moves
    }


def standing(*extra: Entry) -> list[Entry]:
    """`a` first by one more customer, `b`, then `c`."""
    return [
        *(customer(name, arr=100) for name in ("acme", "best", "core", "dora")),
        req("a", "acme", "best", "core"),
        req("b", "acme", "best"),
        req("c", "acme"),
        *extra,
    ]


def replaced(entries: Iterable[Entry], *changed: Entry) -> list[Entry]:
    by_id = {(entry.kind, entry.id): entry for entry in changed}
    kept = [by_id.pop((entry.kind, entry.id), entry) for entry in entries]
    return [*kept, *by_id.values()]


def move_of_c(*changed: Entry, then: Iterable[Entry] | None = None) -> tuple[int | None, int | None, list[str]]:
    before = list(then) if then is not None else standing()
    return told(compared(before, replaced(before, *changed)))["c"]


def test_a_note_that_brings_a_customer_is_the_cause() -> None:
    notes = [note("n", "best", "c"), note("m", "core", "c"), note("o", "dora", "c")]
    assert move_of_c(*notes) == (
        3,
        1,
        [
            "Core asks for it too (NOTE-m)",
            "Best asks for it too (NOTE-n)",
            "Dora asks for it too (NOTE-o)",
        ],
    )


def test_those_who_only_made_room_are_counted() -> None:
    then = standing()
    found = compared(then, replaced(then, req("c", "acme", "best", "core", "dora")))
    assert told(found) == {"c": (3, 1, ["Best, Core, Dora added to its customers"])}
    assert (found.shifted, found.furthest) == (2, 1)


def test_a_customer_at_risk_moves_what_they_wait_for() -> None:
    then = [customer("acme", arr=100), customer("best", arr=100), req("a", "acme"), req("c", "best")]
    assert move_of_c(customer("best", "at-risk", arr=100), then=then) == (2, 1, ["Best: Active → At risk"])


def test_a_customer_who_leaves_takes_the_place_along() -> None:
    then = [customer("acme"), customer("best"), req("c", "best", suggested_priority="high"), req("d", "acme")]
    assert move_of_c(customer("best", "churned"), then=then) == (1, 2, ["Best: Active → Churned"])


def test_more_revenue_is_told_with_the_amounts() -> None:
    then = [customer("acme", arr=200), customer("best", arr=100), req("a", "acme"), req("c", "best")]
    assert move_of_c(customer("best", arr=1_000_000.0), then=then) == (
        2,
        1,
        ["Yearly revenue of Best: 100 → 1,000,000"],
    )


def test_a_renewal_that_comes_near_is_told() -> None:
    then = [
        customer("acme", arr=100),
        customer("best", arr=100, renewal=day(400)),
        req("a", "acme"),
        req("c", "best"),
    ]
    assert move_of_c(customer("best", arr=100, renewal=day(30)), then=then) == (
        2,
        1,
        [f"Renewal of Best: {day(400)} → {day(30)}"],
    )


def test_what_moves_nothing_is_not_taken_for_the_cause() -> None:
    """A renewal that was far and stays far beside a place that others changed."""
    then = [
        *standing(),
        customer("edda", arr=100, renewal=day(400)),
        req("d", "edda", suggested_priority="low"),
    ]
    now = replaced(then, customer("edda", arr=100, renewal=day(500)), req("c"), req("b"))
    assert "d" not in told(compared(then, now))


def test_a_note_of_a_customer_who_is_there_already_moves_by_its_impact() -> None:
    (before, after, causes) = move_of_c(note("n", "acme", "c", impact=("blocks-use",)))
    assert (before, after) == (3, 1)
    assert causes == ["“Blocks use” counts now: NOTE-n, Acme"]


def test_a_tier_that_is_lost_says_what_counts_no_more() -> None:
    then = standing(req("d", "dora", impact=("blocks-use",)))
    found = told(compared(then, replaced(then, customer("dora", "churned", arr=100))))
    assert found["d"] == (1, 4, ["“Blocks use” doesn't count any more", "Dora: Active → Churned"])


def test_merging_brings_the_customers_and_takes_the_duplicate_out() -> None:
    then = standing(req("d", "dora", "best", "core"))
    found = told(compared(then, replaced(then, req("d", "dora", "best", "core", duplicate_of="REQ-c"))))
    assert found["c"] == (4, 1, ["REQ-d is merged into it and brings Dora, Best, Core"])
    assert found["d"][1:] == (None, ["It is merged into REQ-c now."])


def test_unmerging_is_the_same_backwards() -> None:
    then = standing(req("d", "dora", "best", "core", duplicate_of="REQ-c"))
    found = told(compared(then, replaced(then, req("d", "dora", "best", "core"))))
    assert found["c"][2] == ["REQ-d isn't merged into it any more and takes Dora, Best, Core along"]
    assert found["d"][0] is None
    assert found["d"][2] == ["It isn't merged into REQ-c any more."]


def test_closing_and_taking_up_again_leave_and_enter_the_order() -> None:
    open_, closed = req("b", "acme", "best"), req("b", "acme", "best", status="parked")
    assert told(compared(standing(), replaced(standing(), closed)))["b"] == (2, None, ["It is closed now: Parked."])
    assert told(compared(replaced(standing(), closed), replaced(standing(), open_)))["b"] == (
        None,
        2,
        ["It is taken up again; it was closed: Parked."],
    )


def test_promises_are_causes() -> None:
    then = [customer("acme"), req("a", "acme", suggested_priority="low"), req("c", "acme")]
    made = promise("p", "acme", "c", due=5)
    assert move_of_c(made, then=then) == (2, 1, [f"PRM-p to Acme counts now, due {day(5)}"])
    later, other = promise("p", "acme", "c", due=175), promise("o", "acme", "a", due=100)
    assert told(compared([*then, other, made], [*then, other, later]))["c"][2] == [
        f"PRM-p to Acme is due {day(175)} instead of {day(5)}"
    ]
    kept = promise("p", "acme", "c", due=5, status="kept")
    assert told(compared([*then, made], [*then, kept]))["c"][2] == ["PRM-p to Acme: Open → Kept"]
    assert told(compared([*then, made], then))["c"][2] == ["PRM-p to Acme doesn't count any more"]


def test_incidents_are_causes() -> None:
    then = [module("export"), req("a"), req("c", module="export", type="defect")]
    broke = incident("i", -3, "sev1", modules=("export",))
    assert move_of_c(broke, then=then) == (2, 1, ["Incident INC-i “i” (Sev 1)"])


def test_an_incident_that_names_it_is_a_cause() -> None:
    broke = incident("i", -3, modules=("export",))
    then = [module("export"), broke, req("a"), req("c", module="export")]
    named = incident("i", -3, modules=("export",), requirements=("REQ-c",))
    assert move_of_c(named, then=then)[:2] == (2, 1)


@pytest.mark.parametrize(
    ("before", "after", "cause"),
    [
        ({"scope": "custom"}, {"scope": "standard"}, "scope: Custom → Standard"),
        ({}, {"suggested_priority": "highest"}, "suggested priority: none → Highest"),
        ({}, {"date": TODAY - timedelta(90)}, f"first heard on {TODAY - timedelta(90)} instead of {TODAY}"),
    ],
)
def test_what_an_entry_says_of_itself_is_a_cause(
    before: dict[str, object], after: dict[str, object], cause: str
) -> None:
    then = [customer("acme"), req("a", "acme", scope="custom"), req("c", "acme", **({"scope": "custom"} | before))]
    places = move_of_c(req("c", "acme", **({"scope": "custom"} | after)), then=then)
    assert places[2] == [cause]
    assert places[1] == 1


def test_new_requirements_are_no_moves() -> None:
    then = standing()
    found = compared(then, [*then, req("d", "acme", "best", "core", "dora")])
    assert told(found) == {}
    assert found.shifted == 3


def test_other_weights_are_told_and_move_everything() -> None:
    then = [customer("acme"), req("a", "acme"), req("c", suggested_priority="highest")]
    loud = Config.model_validate({"rank": {"weights": {"voice": 500}}})
    found = compared(then, then, config=loud, was=Config())
    assert [(one.signal, one.before, one.after) for one in found.weights] == [("voice", 5, 500)]
    assert told(found)["c"] == (2, 1, ["The weights of the signals changed."])
    assert not found.is_empty


def test_moves_come_by_the_best_place() -> None:
    then = standing()
    found = compared(then, replaced(then, req("c", "acme", "best", "core", "dora"), req("a", "acme")))
    best = [move.best for move in found.moves]
    assert best == sorted(best)
    assert [move.up for move in found.moves if move.requirement.id == "REQ-c"] == [True]


names = st.lists(st.sampled_from(["acme", "best", "core", "dora"]), unique=True)


@settings(deadline=None, max_examples=60)
@given(st.lists(names, min_size=2, max_size=6), st.lists(names, min_size=2, max_size=6), st.integers(0, 3))
def test_every_new_place_is_either_told_or_counted(old: list[list[str]], new: list[list[str]], risky: int) -> None:
    def entries(named: list[list[str]], status: str) -> list[Entry]:
        customers = [
            customer(name, status if number == risky else "active", arr=100.0 * (number + 1))
            for number, name in enumerate(("acme", "best", "core", "dora"))
        ]
        return [*customers, *(req(chr(97 + number), *each) for number, each in enumerate(named))]

    found = compared(entries(old, "active"), entries(new, "at-risk"))
    moves: tuple[Move, ...] = found.moves
    assert all(move.causes for move in moves)
    assert all(move.before != move.after for move in moves)
    both = min(len(old), len(new))
    assert len(moves) + found.shifted <= both
    back = compared(entries(new, "at-risk"), entries(old, "active"))
    assert {move.requirement.id for move in back.moves} == {move.requirement.id for move in moves}
    assert back.shifted == found.shifted
