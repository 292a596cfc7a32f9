"""Which entries differ, and in which fields."""

from datetime import date

from tests.compare.conftest import compared
from tests.rank.entries import customer, module, note, req
from tobkit.compare import FieldChange


def test_equal_pools_have_nothing_to_tell() -> None:
    entries = [customer("acme"), req("a", "acme"), note("n", "acme", "a")]
    found = compared(entries, [customer("acme"), req("a", "acme"), note("n", "acme", "a")])
    assert found.is_empty
    assert (found.added, found.changed, found.removed, found.moves, found.shifted) == ((), (), (), (), 0)


def test_new_and_removed_entries_come_by_kind_and_id() -> None:
    kept = customer("acme")
    found = compared(
        [kept, req("a"), note("gone", None)], [note("n", "acme"), req("b"), req("a"), module("export"), kept]
    )
    assert [entry.id for entry in found.added] == ["REQ-b", "NOTE-n", "export"]
    assert [entry.id for entry in found.removed] == ["NOTE-gone"]
    assert not found.is_empty


def test_changed_fields_are_told_from_and_to_in_the_order_of_the_schema() -> None:
    then = req("a", "acme", owner="li", tags=("x", "y"), body="one")
    now = req("a", "acme", "best", owner="wang", status="accepted", tags=("y", "x"), body="one")
    (change,) = compared([then], [now]).changed
    assert change.fields == (
        FieldChange("status", "triaged", "accepted"),
        FieldChange("customers", ("acme",), ("acme", "best")),
        FieldChange("owner", "li", "wang"),
    )
    assert not change.text


def test_a_new_text_alone_is_a_change() -> None:
    (change,) = compared([req("a", body="one")], [req("a", body="two")]).changed
    assert (change.fields, change.text) == ((), True)


def test_the_order_of_a_list_is_no_change() -> None:
    assert compared([req("a", "x", "y")], [req("a", "y", "x")]).is_empty


def test_status_moves_are_those_of_requirements() -> None:
    found = compared(
        [customer("acme"), req("a"), req("b")],
        [customer("acme", "at-risk"), req("a", status="accepted"), req("b", owner="li")],
    )
    assert [change.after.id for change in found.status_moves] == ["REQ-a"]
    assert len(found.changed) == 3


def test_new_words_are_new_titles_and_texts() -> None:
    then = [req("a"), req("b"), req("c"), req("d")]
    now = [req("a", title="other"), req("b", body="more"), req("c", date=date(2026, 1, 1)), req("d"), req("e")]
    assert compared(then, now).entries.newly_worded == {"REQ-a", "REQ-b", "REQ-e"}


def test_what_is_newly_said_is_told_by_note_and_requirement() -> None:
    then = [note("n", "acme", "a"), note("m", "acme", "b")]
    now = [note("n", "acme", "a", "b"), note("m", "acme", "b"), note("o", None, "a")]
    said = compared(then, now).entries.newly_said
    assert sorted((one.id, ref) for one, ref in said) == [("NOTE-n", "REQ-b"), ("NOTE-o", "REQ-a")]
