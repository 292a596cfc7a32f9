"""Placeholders left in, and values cut at a #."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.check.helpers import BODY, codes, findings
from tobkit.check.scan import without_literals
from tobkit.check.texts import placeholders

REQ = "requirements/REQ-00000a.md"


def found_in(text: str) -> list[str]:
    return [text[start:end] for start, end in placeholders(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("TODO", "TODO"),
        ("TODO: who needs it", "TODO"),
        ("- TBD", "TBD"),
        ("Effort: TBD", "TBD"),
        ("**TODO** 补充截图", "TODO"),
        ("> FIXME ask Acme", "FIXME"),
        ("（TBD）", "TBD"),
        ("| who | TBD |", "TBD"),
        ("待补充", "待补充"),
        ("详情待补充。", "待补充"),
        ("待填写：张数", "待填写"),
        ("请在此填写背景", "在此填写"),
        ("“在此填写”", "在此填写"),
        ("[此处填写客户名称]", "此处填写"),
        ("客户 xxx 说", "xxx"),
        ("XXX公司", "XXX"),
        ("Dear {{name}},", "{{name}}"),
        ("<...>", "<...>"),
        ("客户：<客户名称>", "<客户名称>"),
        ("As a <your role>, I want", "<your role>"),
    ],
)
def test_placeholders(text: str, found: str) -> None:
    assert found_in(text) == [found]


@pytest.mark.parametrize(
    "text",
    [
        "The TODO list of the accountant",
        "TODO list: export it",
        "把 TODO 清单导出",
        "支持待补充材料的单据单独列出",
        "用户在此处输入税号后回车",
        "Size XXL, XXXL and xxxxl",
        "138xxxx1234",
        "see report_xxx.xlsx and https://acme.example/xxx/",
        "a < b and c > d",
        "<b>bold</b> <br> <https://acme.example> <li@acme.example>",
        '<a href="x y">',
        "Switch to <HTML Source> and press <Alt Gr>",
        "List<String> and Map<K, V>",
        "{curly} and { { spaced } }",
    ],
)
def test_what_is_content(text: str) -> None:
    assert found_in(text) == []


def test_code_and_comments_are_left_alone(tmp_path: Path) -> None:
    body = [BODY, "`{{buyer}}` and ``TODO``", "```", "TODO: x", "```", "<!-- TODO: say who -->", "~~~", "待补充"]
    assert findings(tmp_path, {REQ: ["title: A", "---", *body]}) == []


def test_every_placeholder_is_marked_at_its_place(tmp_path: Path) -> None:
    found = findings(tmp_path, {REQ: ["title: <客户名称> 的导出", "---", BODY, "  - TODO: 张数", "截图待补充"]})
    assert [(each.code, *each.span) for each in found] == [
        ("TOB222", 2, 8, 2, 18),
        ("TOB222", 8, 5, 8, 9),
        ("TOB222", 9, 3, 9, 6),
    ]


def test_what_is_settled_may_have_placeholders(tmp_path: Path) -> None:
    closed = ["status: declined", "module: e-invoicing", "owner: lilei", "reason: No", "---", BODY, "TODO"]
    merged = ["duplicate_of: REQ-00000z", "---", BODY, "TODO"]
    assert findings(tmp_path, {REQ: closed, "requirements/REQ-00000b.md": merged}) == []


@given(st.text(st.sampled_from("`~<!->\n a待补充")))
def test_blanking_code_moves_nothing(text: str) -> None:
    plain = without_literals(text)
    assert len(plain) == len(text)
    assert [place for place, char in enumerate(plain) if char == "\n"] == [
        place for place, char in enumerate(text) if char == "\n"
    ]


# Values cut at a #


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("title: 修复 #123", (11, 15)),
        ("title: 修复  #123 导出  ", (12, 19)),
        ("planned: V3 #2", (13, 15)),
        ("tags: # all of them\n  - a #b", (7, 9)),
    ],
)
def test_a_cut_value(line: str, place: tuple[int, int], tmp_path: Path) -> None:
    (found,) = findings(tmp_path, {REQ: [*line.split("\n")]})
    assert found.code == "TOB223"
    assert (found.span.column, found.span.end_column) == place
    assert "#" in str(found.message)


def test_a_value_that_is_cut_away_whole(tmp_path: Path) -> None:
    found = findings(tmp_path, {REQ: ["title: #123 导出"]})
    assert codes(found) == ["TOB201", "TOB223"]
    assert 'title: "#123 导出"' in str(found[1].help)


@pytest.mark.parametrize(
    "line",
    [
        'title: "修复 #123"',
        "title: '修复 #123' #done",
        "title: 修复 # 123",
        "title: 修复#123",
        "title: 修复 ## 123",
        "status: new #as agreed",
        "owner: lilei #for now",
        "customers: [acme] #both",
        "date: 2026-02-01 #first call",
        "title: A\n#tags: none",
    ],
)
def test_a_comment(line: str, tmp_path: Path) -> None:
    assert findings(tmp_path, {REQ: line.split("\n")}) == []


def test_in_a_block_and_below_a_key(tmp_path: Path) -> None:
    customer = ["business:", "  pains: 对账 #1 难题", "region: 华东 #1"]
    (found,) = findings(tmp_path, {"customers/northwind.md": customer, REQ: ["reason: |", "  Only #1 needs it"]})
    assert (found.path, found.span[:2]) == ("pool/customers/northwind.md", (3, 13))
