"""Charts are looked at as a browser would: parsed, their texts measured at the narrowest width."""

import math
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup
from rich.cells import cell_len

from tobkit.site import charts
from tobkit.site.charts import NARROWEST, Bar, Frame, Series

MONTHS = ["3月", "4月", "5月", "6月", "7月", "8月", "9月", "10月", "11月", "12月", "2027年1月", "2月"]
FRAME = Frame("flow", "每月进出", "每个月提出和关闭的需求", "zh", "条")
HOSTILE = "\"><script>alert(1)</script>&'</svg>"


def parsed(chart: Markup) -> ET.Element:
    return ET.fromstring(str(chart))


def texts(chart: Markup) -> list[tuple[str, float, float, float]]:
    """What is written in the picture: the text, its left and right edge, its baseline, in pixels at the narrowest."""
    found = []
    for element in parsed(chart).iter("text"):
        text = "".join(element.itertext())
        width = cell_len(text) * 6.2
        x = float(element.get("x", "0%").rstrip("%")) * NARROWEST / 100
        left = x - width * {"start": 0, "middle": 0.5, "end": 1}[element.get("text-anchor", "start")]
        found.append((text, left, left + width, float(element.get("y", "0"))))
    return found


def cells(chart: Markup) -> list[list[str]]:
    return [["".join(cell.itertext()) for cell in row] for row in parsed(chart).iter("tr")]


def all_kinds(labels: list[str], values: list[list[float]]) -> list[Markup]:
    series = [Series(f"第{n}组的名字 series {n}", row) for n, row in enumerate(values)]
    return [
        charts.lines(FRAME, labels, series),
        charts.stacked_area(FRAME, labels, series),
        charts.columns(FRAME, labels, series[:3]),
        charts.bars(FRAME, [Bar(label, value) for label, value in zip(labels, values[0], strict=False)]),
        charts.histogram(FRAME, values[0], [0, 7, 14, 30, 60, 90, 180]),
    ]


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.text(
            st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Mn", "Me", "Cf", "Zl", "Zp"]), max_size=30
        ),
        min_size=1,
        max_size=40,
    ),
    st.lists(st.lists(st.floats(0, 1e7), min_size=1, max_size=40), min_size=1, max_size=6),
)
def test_texts_neither_touch_nor_leave_the_picture(labels: list[str], values: list[list[float]]) -> None:
    for chart in all_kinds(labels, values):
        drawn = texts(chart)
        height = max((float(svg.get("height", "0")) for svg in parsed(chart).iter("svg")), default=0)
        for place, (text, left, right, y) in enumerate(drawn):
            assert left >= -0.5, text
            assert right <= NARROWEST + 0.5, text
            assert 9 <= y <= height, text
            for other, other_left, other_right, other_y in drawn[:place]:
                apart = right <= other_left or other_right <= left or abs(y - other_y) >= 10
                assert apart, (text, other)


@pytest.mark.parametrize("number", range(5))
def test_hostile_labels_stay_text(number: int) -> None:
    frame = Frame("x", HOSTILE, HOSTILE, "en", HOSTILE, HOSTILE)
    series = [Series(HOSTILE, [1, 2]), Series(HOSTILE, [3, 4])]
    chart = [
        charts.bars(frame, [Bar(HOSTILE, 2, HOSTILE, href='x"onload="1')]),
        charts.columns(frame, [HOSTILE, HOSTILE], series),
        charts.lines(frame, [HOSTILE, HOSTILE], series),
        charts.stacked_area(frame, [HOSTILE, HOSTILE], series),
        charts.histogram(frame, [1], [0]),
    ][number]
    elements = list(parsed(chart).iter())
    assert "script" not in {element.tag for element in elements}
    assert not {name for element in elements for name in element.attrib if name.startswith("on")}


def test_every_chart_has_a_name_a_description_and_a_table() -> None:
    for chart in all_kinds(MONTHS, [[3.0] * 12, [0.0] * 11 + [7.0]]):
        root = parsed(chart)
        svg = root.find("svg")
        assert svg is not None
        assert svg.get("role") == "img"
        names = {element.get("id"): element.text for element in svg if element.get("id")}
        assert (svg.get("aria-labelledby") or "").split() == list(names)
        assert list(names.values()) == [FRAME.title, FRAME.description]
        assert root.find("details/table") is not None


def test_links_in_bars_can_be_reached() -> None:
    chart = parsed(charts.bars(FRAME, [Bar("电子发票", 3, href="modules/a.html"), Bar("无", 1)]))
    svg = chart.find("svg")
    assert svg is not None
    assert svg.get("role") == "group"
    assert [link.get("href") for link in chart.iter("a")] == ["modules/a.html"]


def test_values_are_told_by_marks_and_table() -> None:
    chart = charts.columns(FRAME, ["9月", "10月"], [Series("提出", [12_345, 0]), Series("关闭", [3])])
    titles = [title.text for rect in parsed(chart).iter("rect") for title in rect.iter("title")]
    assert titles == ["9月: 提出 12,345 条; 关闭 3 条", "10月: 提出 0 条; 关闭 0 条"]
    assert cells(chart) == [["", "提出", "关闭"], ["9月", "12,345 条", "3 条"], ["10月", "0 条", "0 条"]]
    bars = charts.bars(FRAME, [Bar("收入", 2_100_000, "¥210万")])
    assert cells(bars)[1] == ["收入", "¥210万"]


def test_bars_are_as_long_as_their_values() -> None:
    chart = charts.bars(FRAME, [Bar("a", 40), Bar("b", 10), Bar("c", 0), Bar("d", math.nan), Bar("e", -3)])
    widths = [rect.get("width") for rect in parsed(chart).iter("rect") if rect.get("class")]
    assert widths == ["100%", "25%", "0%", "0%", "0%"]


def test_columns_stand_on_nought() -> None:
    chart = charts.columns(FRAME, ["a", "b"], [Series("x", [10, 5])])
    columns = [rect for rect in parsed(chart).iter("rect") if rect.get("class")]
    heights = [float(rect.get("height", "")) for rect in columns]
    assert heights[0] == 2 * heights[1]
    assert len({float(rect.get("y", "")) + height for rect, height in zip(columns, heights, strict=True)}) == 1


def test_histograms_count_every_value_once() -> None:
    chart = charts.histogram(FRAME, [0, 6, 7, 13.5, 14, 29, 30, 1000], [0, 7, 14, 30])
    assert cells(chart)[1:] == [["0–6", "2 条"], ["7–13", "2 条"], ["14–29", "2 条"], ["30+", "2 条"]]
    assert [text for text, *_ in texts(chart)][-4:] == ["0", "7", "14", "30+"]


@pytest.mark.parametrize(
    "chart",
    [
        charts.bars(FRAME, []),
        charts.bars(FRAME, [Bar("a", 0)]),
        charts.columns(FRAME, [], []),
        charts.lines(FRAME, MONTHS, [Series("a", [0] * 12)]),
        charts.stacked_area(FRAME, MONTHS, []),
        charts.histogram(FRAME, [], []),
        charts.histogram(FRAME, [], [0, 7]),
    ],
)
def test_nothing_to_draw_is_said(chart: Markup) -> None:
    root = parsed(chart)
    assert root.find("svg") is None
    sentence = root.find("p")
    assert sentence is not None
    assert sentence.text


def test_one_point_in_time_is_seen() -> None:
    line = parsed(charts.lines(FRAME, ["10月"], [Series("a", [4])])).find(".//polyline")
    assert line is not None
    assert len((line.get("points") or "").split()) == 2
