"""What a change may do to entries that were there before. The plain cases are the examples in the rules' docstrings."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.check.helpers import BEFORE, CONFIG, codes, findings
from tobkit.check import check
from tobkit.check.changes import Changes, key
from tobkit.model.base import Base
from tobkit.model.config import Config
from tobkit.model.diagnostics import Diagnostic, Severity
from tobkit.model.kinds import Customer, Entry, Note, Origin, Requirement
from tobkit.model.pool import Pool
from tobkit.model.schema import build_schema

REQ = "requirements/REQ-00000a.md"
OTHER = "requirements/REQ-00000b.md"
NOTE = "notes/NOTE-00000a.md"
PROMISE = "promises/PRM-00000a.md"
OWNED = ["module: e-invoicing", "owner: lilei"]
ABOUT_IT = ["requirements: [REQ-00000a]"]

Files = Mapping[str, list[str]]


def changed(
    folder: Path, before: Files, now: Files, *, both: Files | None = None, config: str = ""
) -> list[Diagnostic]:
    """The findings of the 400s and 300s after a change from some files to others; `both` stay as they are."""
    then = {path + BEFORE: lines for path, lines in {**before, **(both or {})}.items()}
    found = findings(folder, {**then, **now, **(both or {})}, CONFIG + config)
    return [each for each in found if each.code[3] in "34"]


def text(found: Diagnostic) -> str:
    return f"{found.message} {found.help}"


def status(name: str, *more: str) -> list[str]:
    return [f"status: {name}", *OWNED, *more]


# ---- TOB401

NO_WAY_BACK = """
[workflow.transitions]
new = ["triaged", "declined"]
delivered = []
"""


@pytest.mark.parametrize(
    ("old", "new", "codes_found"),
    [
        ("new", "triaged", []),
        ("new", "building", ["TOB401"]),
        ("new", "new", []),
        ("triaged", "delivered", []),  # nothing is said about what follows triaged
        ("delivered", "delivered", []),
    ],
)
def test_transitions(tmp_path: Path, old: str, new: str, codes_found: list[str]) -> None:
    done = ["delivered: 2026-03-01", "tags: [a]"]
    found = changed(tmp_path, {REQ: status(old, done[0])}, {REQ: status(new, *done)}, config=NO_WAY_BACK)
    assert codes(found) == codes_found


def test_all_transitions_are_allowed_unless_said(tmp_path: Path) -> None:
    assert changed(tmp_path, {REQ: ["status: new"]}, {REQ: status("building")}) == []


def test_what_may_follow_is_named(tmp_path: Path) -> None:
    (found,) = changed(tmp_path, {REQ: ["status: new"]}, {REQ: status("building")}, config=NO_WAY_BACK)
    assert found.severity is Severity.ERROR
    assert "building (开发中) can't follow new (新建)" in text(found)
    assert "triaged (待评估), declined (不做)" in text(found)
    assert found.span == (2, 9, 2, 17)


def test_nothing_may_follow(tmp_path: Path) -> None:
    found = changed(
        tmp_path, {REQ: status("delivered", "delivered: 2026-03-01")}, {REQ: status("triaged")}, config=NO_WAY_BACK
    )
    assert codes(found) == ["TOB401", "TOB402"]
    assert "Nothing comes after delivered" in text(found[0])


def test_transitions_are_between_a_teams_own_statuses(tmp_path: Path) -> None:
    config = """
[workflow.statuses.reviewing]
stands_for = "triaged"
[workflow.transitions]
new = ["reviewing"]
reviewing = ["accepted"]
"""
    for number, (old, new, count) in enumerate(
        [("new", "triaged", 1), ("new", "reviewing", 0), ("reviewing", "accepted", 0), ("reviewing", "building", 1)]
    ):
        folder = tmp_path / str(number)
        folder.mkdir()
        assert len(changed(folder, {REQ: status(old)}, {REQ: status(new)}, config=config)) == count


def test_a_status_that_was_not_one_is_no_transition(tmp_path: Path) -> None:
    assert changed(tmp_path, {REQ: status("newish")}, {REQ: status("building")}, config=NO_WAY_BACK) == []


def test_a_transition_in_a_file_that_moved(tmp_path: Path) -> None:
    moved = {"requirements/2026/REQ-00000a-x.md": ["id: REQ-00000a", *status("building")]}
    assert codes(changed(tmp_path, {REQ: ["status: new"]}, moved, config=NO_WAY_BACK)) == ["TOB401"]


def test_a_new_entry_begins_anywhere(tmp_path: Path) -> None:
    assert changed(tmp_path, {OTHER: ["tags: [a]"]}, {OTHER: [], REQ: status("building")}, config=NO_WAY_BACK) == []


# ---- TOB402

DECLINED = status("declined", "reason: Too dear.")


@pytest.mark.parametrize(
    ("old", "new", "codes_found"),
    [
        (DECLINED, status("accepted", "reason: Too dear."), ["TOB402"]),
        (DECLINED, status("accepted"), ["TOB402"]),
        (DECLINED, status("accepted", "reason: It became cheap."), []),
        (DECLINED, status("parked", "reason: Too dear."), []),
        (DECLINED, status("declined", "reason: Too dear.", "tags: [a]"), []),
        (status("delivered", "delivered: 2026-03-01"), status("building"), ["TOB402"]),
        (status("delivered", "delivered: 2026-03-01"), status("building", "reason: It broke."), []),
        (status("parked", "reason: Later."), status("triaged", "reason: Later."), ["TOB402"]),
        (status("accepted"), status("triaged"), []),
    ],
)
def test_taking_up_again(tmp_path: Path, old: list[str], new: list[str], codes_found: list[str]) -> None:
    assert codes(changed(tmp_path, {REQ: old}, {REQ: new})) == codes_found


def test_taking_up_again_in_a_teams_own_statuses(tmp_path: Path) -> None:
    config = '[workflow.statuses.frozen]\nstands_for = "parked"\n[workflow.statuses.doing]\nstands_for = "building"\n'
    (found,) = changed(
        tmp_path, {REQ: status("frozen", "reason: x")}, {REQ: status("doing", "reason: x")}, config=config
    )
    assert (found.code, found.severity) == ("TOB402", Severity.WARNING)
    assert "was frozen and is taken up again as doing" in text(found)


REOPENED = {REQ: status("accepted", "reason: Too dear.")}


def test_a_new_note_speaks_for_it(tmp_path: Path) -> None:
    assert changed(tmp_path, {REQ: DECLINED}, {**REOPENED, NOTE: ABOUT_IT}) == []


def test_a_note_that_is_attached_now_speaks_for_it(tmp_path: Path) -> None:
    assert changed(tmp_path, {REQ: DECLINED, NOTE: []}, {**REOPENED, NOTE: ABOUT_IT}) == []


def test_a_note_on_what_was_merged_into_it_speaks_for_it(tmp_path: Path) -> None:
    merged = {OTHER: ["duplicate_of: REQ-00000a"]}
    note = {NOTE: ["requirements: [REQ-00000b]"]}
    assert changed(tmp_path, {REQ: DECLINED}, {**REOPENED, **note}, both=merged) == []


def test_old_notes_and_notes_on_others_do_not(tmp_path: Path) -> None:
    edited = {NOTE: [*ABOUT_IT, "impact: [saves-money]"], "notes/NOTE-00000b.md": ["requirements: [REQ-00000z]"]}
    found = changed(
        tmp_path, {REQ: DECLINED, NOTE: ABOUT_IT}, {**REOPENED, **edited}, both={"notes/NOTE-00000c.md": ABOUT_IT}
    )
    assert codes(found) == ["TOB402"]


# ---- TOB403


def test_an_id_changed_within_its_file(tmp_path: Path) -> None:
    (found,) = changed(tmp_path, {REQ: ["title: One"]}, {REQ: ["id: REQ-00000b", "title: Another"]})
    assert (found.code, found.path, found.severity) == ("TOB403", f"pool/{REQ}", Severity.ERROR)
    assert "was REQ-00000a before this change" in text(found)
    assert "tobkit renumber" in text(found)


def test_what_refers_to_the_old_id_is_told_the_new_one(tmp_path: Path) -> None:
    found = changed(tmp_path, {REQ: []}, {OTHER: []}, both={NOTE: ABOUT_IT})
    assert sorted(codes(found)) == ["TOB301", "TOB403"]
    (dead,) = [each for each in found if each.code == "TOB301"]
    assert f"It was given the id REQ-00000b in this change: pool/{OTHER}." in text(dead)


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        (REQ, ["title: The same"], ["title: The same", *status("accepted")]),
        (REQ, ["title: The same", "source_id: jira:A-1"], ["title: Another", "source_id: jira:A-1"]),
        (NOTE, ["---", "They would pay for it."], ["impact: [saves-money]", "---", "They would pay for it."]),
        (PROMISE, ["---"], ["---"]),
    ],
)
def test_the_same_content_with_another_id(tmp_path: Path, path: str, before: list[str], after: list[str]) -> None:
    assert codes(changed(tmp_path, {path: before}, {path.replace("00000a", "00000b"): after})) == ["TOB403"]


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        (REQ, ["title: One"], ["title: Another"]),
        (REQ, ["title: One", "date: 2026-02-01"], ["title: One", "date: 2026-02-02"]),
        (NOTE, ["---", "They would pay for it."], ["---", "They left."]),
        (PROMISE, ["due: 2026-11-30", "---"], ["due: 2026-12-31", "---"]),
        ("incidents/INC-00000a.md", ["title: Down"], ["title: Down", "date: 2026-06-01"]),
    ],
)
def test_one_entry_deleted_and_another_one_filed(
    tmp_path: Path, path: str, before: list[str], after: list[str]
) -> None:
    assert changed(tmp_path, {path: before}, {path.replace("00000a", "00000b"): after}) == []


def test_one_of_two_with_the_same_id_may_get_another(tmp_path: Path) -> None:
    second = "requirements/REQ-00000a-second.md"
    clash = {REQ: ["title: First"], second: ["id: REQ-00000a", "title: Second", *DECLINED]}
    mended = {"requirements/REQ-00000b-second.md": ["id: REQ-00000b", "title: Second", *DECLINED]}
    assert changed(tmp_path, clash, {REQ: ["title: First"], **mended}, both={NOTE: ABOUT_IT}) == []
    folder = tmp_path / "edited too"
    folder.mkdir()
    assert changed(folder, clash, {REQ: ["title: First!"], **mended}, both={NOTE: ABOUT_IT}, config=NO_WAY_BACK) == []


def test_a_slug_that_changed_stays_an_alias(tmp_path: Path) -> None:
    before = {"customers/northwind.md": ["name: Northwind"]}
    (found,) = changed(tmp_path, before, {"customers/northwind-traders.md": ["name: Northwind"]})
    assert (found.code, found.severity) == ("TOB403", Severity.WARNING)
    assert "Add northwind to its aliases" in text(found)
    folder = tmp_path / "with alias"
    folder.mkdir()
    now = {"customers/northwind-traders.md": ["name: Northwind", "aliases: [northwind]"]}
    assert changed(folder, before, now, both={NOTE: ["customer: northwind"]}) == []


def test_a_copy_with_its_own_id_is_no_change_of_id(tmp_path: Path) -> None:
    assert changed(tmp_path, {OTHER: ["tags: [a]"]}, {OTHER: [], REQ: []}, both={}) == []


def test_an_entry_that_can_not_be_read_now_is_not_gone(tmp_path: Path) -> None:
    broken = {f"pool/{REQ}": "---\nid: [\n---\n"}
    then = {f"{REQ}{BEFORE}": ["title: One"], f"{NOTE}{BEFORE}": ABOUT_IT}
    found = findings(tmp_path, {**then, **broken, OTHER: ["title: One"], NOTE: ABOUT_IT})  # type: ignore[dict-item]
    assert [each.code for each in found if each.code[3] in "34"] == []


# ---- TOB404

REFERRERS = {NOTE: ABOUT_IT, PROMISE: ["requirement: REQ-00000a", "approved_by: lilei"]}


def test_deleted_though_meant_is_told_at_each_place_and_once(tmp_path: Path) -> None:
    found = changed(tmp_path, {REQ: ["title: One"]}, {}, both=REFERRERS)
    assert [(each.code, each.path) for each in found] == [("TOB404", f"pool/{NOTE}"), ("TOB404", f"pool/{PROMISE}")]
    for each in found:
        assert "REQ-00000a (One) was deleted in this change, but is meant here and in 1 other place." in text(each)
        assert f"Bring pool/{REQ} back" in text(each)


def test_deleted_together_with_what_meant_it(tmp_path: Path) -> None:
    assert changed(tmp_path, {REQ: ["title: One"], **REFERRERS}, {}) == []
    folder = tmp_path / "repointed"
    folder.mkdir()
    now = {NOTE: [], PROMISE: ["approved_by: lilei"]}
    assert changed(folder, {REQ: ["title: One"], **REFERRERS}, now) == []


@pytest.mark.parametrize("setting", ['disable = ["TOB404"]', 'severity = { TOB404 = "warning" }'])
def test_a_dead_reference_stays_an_error_where_a_team_softens_this(tmp_path: Path, setting: str) -> None:
    found = changed(tmp_path, {REQ: ["title: One"]}, {}, both={NOTE: ABOUT_IT}, config=f"[check]\n{setting}\n")
    (dead,) = [each for each in found if each.code == "TOB301"]
    assert dead.severity is Severity.ERROR
    assert f"Bring pool/{REQ} back" in text(dead)
    assert len(found) == 1 + ("severity" in setting)


def test_a_reference_that_was_dead_before_is_a_dead_reference(tmp_path: Path) -> None:
    assert codes(changed(tmp_path, {OTHER: ["tags: [a]"]}, {OTHER: []}, both={NOTE: ABOUT_IT})) == ["TOB301"]


def test_a_deleted_customer_by_id_and_alias_even_of_a_new_requirement(tmp_path: Path) -> None:
    before = {"customers/northwind.md": ["name: Northwind", "aliases: [nw]"]}
    meant = {REQ: ["customers: [northwind, acme]"], NOTE: ["customer: nw"]}
    found = changed(tmp_path, before, {}, both=meant)
    assert [(each.code, each.path) for each in found] == [("TOB404", f"pool/{NOTE}"), ("TOB404", f"pool/{REQ}")]
    assert all("northwind (Northwind) was deleted" in text(each) for each in found)


def test_an_entry_that_moved_is_not_deleted(tmp_path: Path) -> None:
    now = {"requirements/archive/REQ-00000a-renamed.md": ["id: REQ-00000a", "title: Quite another", "date: 2026-05-01"]}
    assert changed(tmp_path, {REQ: ["title: One"]}, now, both=REFERRERS) == []


# ---- TOB405

BOTH = {REQ: status("accepted")}


def promise(due: str, *more: str, body: str = "") -> list[str]:
    return ["requirement: REQ-00000a", f"due: {due}", *more, "---", body]


@pytest.mark.parametrize(
    ("now", "codes_found"),
    [
        ({PROMISE: promise("2026-12-31")}, ["TOB405"]),
        ({PROMISE: promise("2026-12-31", "approved_by: lilei")}, ["TOB405"]),
        ({PROMISE: promise("2026-06-30")}, []),
        ({PROMISE: promise("2026-12-31", "status: withdrawn")}, []),
        ({PROMISE: promise("2026-12-31", body="They agreed.")}, []),
        ({PROMISE: promise("2026-12-31"), NOTE: ["customer: acme", *ABOUT_IT]}, []),
        ({PROMISE: promise("2026-12-31"), NOTE: ["customer: 华东商贸", *ABOUT_IT]}, ["TOB405"]),
        ({PROMISE: promise("2026-12-31"), NOTE: ["customer: acme", "requirements: [REQ-00000z]"]}, ["TOB405"]),
        ({PROMISE: promise("soon")}, []),
    ],
)
def test_putting_off(tmp_path: Path, now: Files, codes_found: list[str]) -> None:
    assert codes(changed(tmp_path, {PROMISE: promise("2026-08-31")}, now, both=BOTH)) == codes_found


def test_both_dates_are_named(tmp_path: Path) -> None:
    (found,) = changed(tmp_path, {PROMISE: promise("2026-08-31")}, {PROMISE: promise("2026-12-31")}, both=BOTH)
    assert found.severity is Severity.WARNING
    assert "put off from 2026-08-31 to 2026-12-31" in text(found)


# ---- all of them

SCHEMA = build_schema(Config())
PATHS = st.sampled_from([f"pool/{folder}/{name}.md" for folder in ("r", "n", "c") for name in "abcd"])
IDS = st.sampled_from("abcd")


@st.composite
def entries(draw: st.DrawFn) -> dict[str, Entry]:
    """Some files with the entries in them; ids may clash, and have nothing to do with the file's name."""
    found: dict[str, Entry] = {}
    for path in draw(st.lists(PATHS, unique=True, max_size=6)):
        origin = Origin(path)
        day = date(2026, 1, draw(st.integers(1, 2)))
        refs = tuple(draw(st.lists(IDS, max_size=2)))
        if path[5] == "r":
            state = draw(st.sampled_from(["new", "delivered", "building"]))
            target = draw(st.none() | IDS)
            found[path] = Requirement(
                id=draw(IDS), origin=origin, title=draw(IDS), date=day, status=state, duplicate_of=target
            )
        elif path[5] == "n":
            found[path] = Note(id=draw(IDS), origin=origin, date=day, source="sales", requirements=refs)
        else:
            found[path] = Customer(
                id=draw(IDS), origin=origin, name=draw(IDS), tier="ka", status="active", aliases=refs[:1]
            )
    return found


@given(entries(), entries(), st.sets(PATHS))
def test_every_entry_of_the_base_has_one_fate(then: dict[str, Entry], now: dict[str, Entry], more: set[str]) -> None:
    paths = {path for path in {*then, *now} if then.get(path) != now.get(path)} | (more - {*then, *now})
    base = Base("", {path: then.get(path) for path in paths})
    pool = Pool(Config(workflow={"transitions": {"new": ["building"]}}), SCHEMA, now.values())
    known = {kind: {*of_kind, *pool.aliases.get(kind, {})} for kind, of_kind in pool.by_kind.items()}
    changes = Changes(pool, base, known)
    kept = [before.path for before, _ in changes.kept]
    renamed = [before.path for before, _ in changes.renamed.values()]
    deleted = [before.path for before in changes.deleted.values() if before.id not in known[before.kind]]
    assert len({*kept, *renamed, *deleted}) == len(kept) + len(renamed) + len(set(deleted))
    for path in paths & then.keys():
        before = then[path]
        fates = (path in kept) + (path in renamed) + (path in deleted)
        assert fates <= 1
        if before.id not in known[before.kind] and not any(
            other.path != path and key(other) == key(before) for other in then.values()
        ):
            assert fates == 1
    assert all(key(before) == key(after) for before, after in changes.kept)
    assert all(before.id != after.id and before.kind == after.kind for before, after in changes.renamed.values())
    assert not any(name in known[kind] for kind, name in changes.deleted)
    present = {entry.path for entry in pool.entries}
    met = [after.path for _, after in (*changes.kept, *changes.renamed.values())] + list(changes.new)
    assert sorted(met) == sorted(present & paths)
    reverse = Base("", dict(reversed(base.changed.items())))
    day = date(2026, 7, 1)
    assert check(pool, [], today=day, base=base) == check(pool, [], today=day, base=reverse)


@given(entries())
def test_nothing_changed_nothing_to_say(now: dict[str, Entry]) -> None:
    pool = Pool(Config(), SCHEMA, now.values())
    touched = Base("", dict(now))
    day = date(2026, 7, 1)
    plain = check(pool, [], today=day)
    assert check(pool, [], today=day, base=Base()) == plain
    assert [each for each in check(pool, [], today=day, base=touched) if each.code[3] == "4"] == []
