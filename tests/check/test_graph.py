"""Circles, one company or need under two names, promises due before the plan."""

from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.check.helpers import CONFIG, codes, findings
from tobkit.check.business import planned_by, title_key
from tobkit.check.references import closing_references, name_keys

REQ = "requirements/REQ-00000a.md"
OTHER = "requirements/REQ-00000b.md"
NODES = st.sampled_from("abcdef")


# Circles

OWN = CONFIG + '[fields.requirement.part_of]\ntype = "list"\nkind = "requirement"\nacyclic = true\n'


def test_a_list_of_references_closes_a_circle_where_the_item_stands(tmp_path: Path) -> None:
    files = {REQ: ["part_of: [REQ-00000b, REQ-00000z]"], OTHER: ["part_of:", "  - REQ-00000a", "  - REQ-00000z"]}
    (found,) = findings(tmp_path, files, OWN)
    assert (found.code, found.path, found.span) == ("TOB310", "pool/requirements/REQ-00000b.md", (3, 5, 3, 15))
    assert str(found.message) == "part_of leads in a circle: REQ-00000a → REQ-00000b → REQ-00000a."


def test_what_is_not_declared_acyclic_may_lead_in_circles(tmp_path: Path) -> None:
    files = {REQ: ["part_of: [REQ-00000b]"], OTHER: ["part_of: [REQ-00000a]"]}
    assert findings(tmp_path, files, OWN.replace("acyclic = true", "")) == []


@given(st.dictionaries(NODES, st.lists(NODES, max_size=4).map(tuple)))
def test_without_the_closing_references_no_circle_is_left(graph: dict[str, tuple[str, ...]]) -> None:
    circles = list(closing_references(graph))
    for circle in circles:
        assert circle[0] == circle[-1]
        assert len(set(circle)) == len(circle) - 1 > 1
        assert all(b in graph[a] for a, b in pairwise(circle))
    closing = {(circle[-2], circle[-1]) for circle in circles}
    left = {a: {b for b in targets if b in graph and b != a and (a, b) not in closing} for a, targets in graph.items()}
    while free := {node for node, targets in left.items() if not targets}:
        left = {a: targets - free for a, targets in left.items() if a not in free}
    assert left == {}


def test_long_chains_are_no_problem() -> None:
    chain = {str(n): (str(n + 1), "0") for n in range(3000)}
    assert sum(1 for _ in closing_references(chain)) == 2999


# Names


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Northwind", "NORTHWIND, Inc."),
        ("Northwind Co., Ltd.", "northwind gmbh"),
        ("Northwind", "Nortwhind"),
        ("Northwind Foods", "Northwnid Foods"),
        ("North Wind", "Northwind"),
        ("Ｎｏｒｔｈｗｉｎｄ", "Northwind"),
        ("青禾食品有限公司", "青禾食品股份有限公司"),
        ("青禾食品集团有限公司", "青禾食品"),
        ("青禾食品（集团）", "青禾 食品"),
    ],
)
def test_nearly_the_same_name(a: str, b: str) -> None:
    assert set(name_keys(a)) & set(name_keys(b))
    assert set(name_keys(b)) & set(name_keys(a))


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("青禾食品", "青和食品"),
        ("华东商贸", "华南商贸"),
        ("青禾食品（上海）有限公司", "青禾食品有限公司"),
        ("青禾上海分公司", "青禾上海"),
        ("Branch North", "Branch South"),
        ("Customer 00394", "Customer 00395"),
        ("Acme", "Acne"),
        ("Group", "Holding"),
        ("3M", "4M"),
    ],
)
def test_another_name(a: str, b: str) -> None:
    assert not set(name_keys(a)) & set(name_keys(b))


@given(st.text(max_size=60))
def test_any_name_is_like_itself(name: str) -> None:
    assert list(name_keys(name)) == list(name_keys(name))


def test_an_alias_may_give_it_away_and_each_kind_is_for_itself(tmp_path: Path) -> None:
    files = {
        "customers/northwind.md": ["name: Northwind", "aliases: [N W Trading]"],
        "customers/nw.md": ["name: NW", "aliases: [other, nw-trading]"],
        "organisations/northwind.md": ["name: Northwind"],
    }
    found = [each for each in findings(tmp_path, files) if each.code == "TOB311"]
    assert [(each.path, each.span[:2]) for each in found] == [("pool/customers/nw.md", (3, 18))]
    assert "northwind (Northwind)" in str(found[0].message)


# One need filed twice


def filed(title: str, *more: str) -> list[str]:
    return [f'title: "{title}"', "customers: [acme]", *more]


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("批量导出发票", "支持发票批量导出"),
        ("批量导出发票", "希望能批量导出发票。"),
        ("Export invoices in bulk", "Bulk: export the invoices in"),
        ("导出 PDF 发票", "发票导出ＰＤＦ"),
    ],
)
def test_the_same_title_in_other_words(a: str, b: str, tmp_path: Path) -> None:
    assert title_key(a) == title_key(b)
    (found,) = findings(tmp_path, {REQ: filed(a, "date: 2026-03-01"), OTHER: filed(b)})
    assert (found.code, found.path) == ("TOB508", "pool/requirements/REQ-00000a.md")
    assert "tobkit merge REQ-00000b REQ-00000a" in str(found.help)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("批量导出发票", "批量导入发票"),
        ("批量导出发票", "批量导出电子发票"),
        ("导出 2024 年报表", "导出 2025 年报表"),
        ("导出", "导入"),
        ("新增", "支持"),
    ],
)
def test_another_title(a: str, b: str, tmp_path: Path) -> None:
    assert findings(tmp_path, {REQ: filed(a), OTHER: filed(b)}) == []


@pytest.mark.parametrize(
    "more",
    [
        ["duplicate_of: REQ-00000a"],
        ["not_duplicate_of: [REQ-00000a]"],
        ["status: declined", "module: e-invoicing", "owner: lilei", "reason: No"],
        ["customers: [华东商贸]"],
    ],
)
def test_what_is_decided_or_closed_or_anothers_is_not_filed_twice(more: list[str], tmp_path: Path) -> None:
    other = filed("批量导出发票", *more)
    if more[0].startswith("customers"):
        other.remove("customers: [acme]")
    assert findings(tmp_path, {REQ: filed("批量导出发票"), OTHER: other}) == []


def test_two_customers_of_the_same_two_entries_are_told_once(tmp_path: Path) -> None:
    both = ["title: 批量导出发票", "customers: [acme, 华东商贸]"]
    assert codes(findings(tmp_path, {REQ: both, OTHER: both})) == ["TOB508"]


# Promises and plans


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2027-03-05", "2027-03-05"),
        ("2027年3月5日", "2027-03-05"),
        ("2027-Q1", "2027-03-31"),
        ("2027 q4", "2027-12-31"),
        ("2027Q2", "2027-06-30"),
        ("2027年第三季度", "2027-09-30"),
        ("2027年4季度", "2027-12-31"),
        ("2028-02", "2028-02-29"),
        ("2027年12月", "2027-12-31"),
        ("V3.2", None),
        ("next year", None),
        ("2027", None),
        ("2027-Q5", None),
        ("2027-13", None),
        ("0000-Q1", None),
        ("9999-Q4", None),
        ("2027-02-30", None),
    ],
)
def test_the_last_day_of_a_plan(text: str, day: str | None) -> None:
    assert planned_by(text) == (date.fromisoformat(day) if day else None)


@given(st.text(st.sampled_from("0129-/年季度第月日Qq一四 ")))
def test_any_plan_is_read(text: str) -> None:
    assert planned_by(text) is None or isinstance(planned_by(text), date)


WORKED_ON = ["status: accepted", "module: e-invoicing", "owner: lilei"]


@pytest.mark.parametrize(
    ("planned", "due", "fires"),
    [
        ("2026-Q4", "2026-12-30", True),
        ("2026-Q4", "2026-12-31", False),
        ("2026-11-30", "2026-11-29", True),
        ("V3.2", "2026-11-29", False),
    ],
)
def test_a_promise_before_the_plan(planned: str, due: str, fires: bool, tmp_path: Path) -> None:
    files = {
        REQ: [*WORKED_ON, f"planned: {planned}"],
        OTHER: ["duplicate_of: REQ-00000a"],
        "promises/PRM-00000a.md": ["requirement: REQ-00000b", f"due: {due}"],
    }
    assert codes(findings(tmp_path, files)) == (["TOB507"] if fires else [])
    files["promises/PRM-00000a.md"].append("status: withdrawn")
    assert findings(tmp_path, files) == []


def test_what_is_closed_has_no_plan_any_more(tmp_path: Path) -> None:
    closed = ["status: delivered", "module: e-invoicing", "owner: lilei", "delivered: 2026-06-01", "planned: 2026-Q4"]
    files = {REQ: closed, "promises/PRM-00000a.md": ["requirement: REQ-00000a", "due: 2026-11-29"]}
    assert findings(tmp_path, files) == []
