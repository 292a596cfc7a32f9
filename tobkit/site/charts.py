"""Charts as SVG, made when the site is built: readable without script, on a phone, in light and dark, by a screen reader.

All are zero-based and labelled directly. Each comes as

    <div class="chart"><h3>…</h3><svg role="img" aria-labelledby="…">…</svg><details>…<table>…</table></details></div>

An SVG has no viewBox: it is as wide as its place, places along x are percentages, heights and texts are pixels, so that
texts keep their size at every width (a stylesheet must leave its height alone). Labels are laid out for `NARROWEST`.
Colours are the theme's variables (`--accent`, `--ink`, ...) in attributes, which any rule of a theme overrides; a mark has
the class `chart-1` to `chart-6`, or its own tone (`good`, `tier-1`, ...). `<title>` on every mark gives its value on hover.
Where there is nothing to draw, a sentence says so.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise, zip_longest
from math import ceil, floor, isfinite, log10

from markupsafe import Markup

from tobkit.messages import msg, translator
from tobkit.site import format as shown

NARROWEST = 256
"""The width in pixels at which no two labels touch."""
FEWEST_COLUMNS = 6
"""Fewer columns leave room free at the right, rather than growing fat."""
CELL = 6.5
"""The width in pixels of a Latin letter of 12 px, a Han character being two."""

PALETTE = ("--accent", "--edge", "--amber", "--good", "--tier-1", "--blue")
TONES = {"good": "--good", "bad": "--bad", "warn": "--warn", "quiet": "--edge"} | {
    f"tier-{tier}": f"--tier-{tier}" for tier in range(1, 5)
}


_End = tuple[float, str, str]
"""A name at the right end of a plot: how far down, the name, its colour."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its name, its value (not negative), how the value is written, its class and where it leads."""

    label: str
    value: float
    shown: str = ""
    tone: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """One line or layer: its name, a value (not negative) for each of the chart's labels, its class."""

    label: str
    values: Sequence[float]
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around a chart: its title, a sentence that says what it shows, the page's language, the values' unit.

    `id` is unique in the page. `empty` is said where there is no data.
    """

    id: str
    title: str
    description: str = ""
    language: str = "zh"
    unit: str = ""
    empty: str = ""

    def value(self, value: float) -> str:
        """A value with its unit, in full."""
        number = shown.integer(value, self.language) if value == int(value) else f"{value:,.2f}"
        return f"{number} {self.unit}" if self.unit else number


def bars(frame: Frame, items: Sequence[Bar]) -> Markup:
    """Horizontal bars, one under the other in the order given: name and value above, the bar below."""
    values = [_sound(item.value) for item in items]
    greatest = max(values, default=0)
    if not greatest:
        return _empty(frame)
    height = 36
    marks = []
    for row, (item, value) in enumerate(zip(items, values, strict=True)):
        y = row * height
        written = item.shown or shown.number(value, frame.language)
        room = int((NARROWEST - _width(written) - 12) / CELL)
        name = _text(0, y + 13, _fitting(item.label, room), colour="currentColor" if item.href else "var(--ink)")
        if item.href:
            name = Markup('<a href="{}">{}</a>').format(item.href, name)
        marks.append(
            Markup(
                '<g><title>{}</title><rect width="100%" y="{}" height="{}" fill="none" pointer-events="all"/>'
            ).format(f"{item.label}: {item.shown or frame.value(value)}", y, height)
            + name
            + _text(100, y + 13, written, anchor="end")
            + _rect(0, y + 20, 100 * value / greatest, 8, item.tone or "chart-1", _colour(0, item.tone), round_by=2)
            + Markup("</g>")
        )
    interactive = any(item.href for item in items)
    rows = [(item.label, [item.shown or frame.value(value)]) for item, value in zip(items, values, strict=True)]
    return _chart(frame, len(items) * height, marks, _table((frame.title,), rows), interactive)


def columns(frame: Frame, labels: Sequence[str], series: Sequence[Series]) -> Markup:
    """Columns side by side for each label (inflow and outflow by month), at most three series."""
    return _columns(frame, labels, series, ())


def _columns(frame: Frame, labels: Sequence[str], series: Sequence[Series], edges: Sequence[str]) -> Markup:
    """`edges` are written between the columns, in place of the labels below them."""
    rows = _values(labels, series)
    greatest = max((value for row in rows for value in row), default=0)
    if not greatest:
        return _empty(frame)
    top, plot = (40 if len(series) > 1 else 18), 120
    slot = 100 / max(len(labels), FEWEST_COLUMNS)
    width = slot * 0.72 / len(series)
    marks = _key(series) if len(series) > 1 else []
    tops: list[tuple[float, float, str]] = []
    for place, row in enumerate(rows):
        for number, value in enumerate(row):
            x, height = place * slot + slot * 0.14 + number * width, plot * value / greatest
            tone = series[number].tone
            marks.append(
                _rect(
                    x, top + plot - height, width * 0.92, height, tone or f"chart-{number + 1}", _colour(number, tone)
                )
            )
            if value:
                tops.append((x + width * 0.46, top + plot - height - 4, shown.number(value, frame.language)))
    narrow = NARROWEST * width / 100
    if all(_width(text) <= max(narrow, 0) + 2 for _, _, text in tops):
        marks += [_text(x, y, text, anchor="middle") for x, y, text in tops]
    else:
        marks.append(_text(*_pulled_in(*max(tops, key=lambda one: (-one[1], one[0])))))
    if edges:
        ticks = [(slot * place, text) for place, text in enumerate(edges)]
    else:
        ticks = [(slot * (place + 0.5), text) for place, text in enumerate(labels)]
    marks += [
        _line(top + plot),
        *_axis(ticks, top + plot + 16),
        *_strips(frame, labels, series, rows, top + plot, slot),
    ]
    return _chart(frame, top + plot + 22, marks, table(frame, labels, series))


def histogram(frame: Frame, values: Sequence[float], edges: Sequence[float]) -> Markup:
    """How many values lie in each class [edge, next edge); the last class takes all from the last edge on."""
    counts = [0] * len(edges)
    for value in values:
        place = bisect_right(edges, value) - 1
        if place >= 0:
            counts[place] += 1
    ticks = [f"{edge:g}" for edge in edges]
    if ticks:
        ticks[-1] += "+"
    return _columns(frame, _classes(edges), [Series(frame.unit or frame.title, counts)], ticks)


def lines(frame: Frame, labels: Sequence[str], series: Sequence[Series]) -> Markup:
    """Lines over time, each named at its end."""
    rows = _values(labels, series)
    greatest = _round_up(max((value for row in rows for value in row), default=0))
    if not greatest:
        return _empty(frame)
    top, plot = 16, 140
    shapes, ends = [], []
    for number, one in enumerate(series):
        heights = [plot * (1 - row[number] / greatest) for row in rows]
        points = " ".join(f"{_short(x)},{_short(y)}" for x, y in zip(_along(len(labels)), heights, strict=True))
        if len(heights) == 1:
            points = f"0,{_short(heights[0])} {points}"
        shapes.append(
            Markup(
                '<polyline class="{}" points="{}" fill="none" stroke="{}" stroke-width="2" stroke-linejoin="round"'
                ' vector-effect="non-scaling-stroke"/>'
            ).format(one.tone or f"chart-{number + 1}", points, _colour(number, one.tone))
        )
        ends.append((top + heights[-1] - 6, one.label, _colour(number, one.tone)))
    return _over_time(frame, labels, series, rows, shapes, ends, (top, plot, greatest))


def stacked_area(frame: Frame, labels: Sequence[str], series: Sequence[Series]) -> Markup:
    """Layers over time, the first at the bottom (a cumulative flow); `labels` are the points on the time axis."""
    rows = _values(labels, series)
    greatest = _round_up(max((sum(row) for row in rows), default=0))
    if not greatest:
        return _empty(frame)
    top, plot = 16, 160
    sums = [[0.0, *accumulate(row)] for row in rows]
    shapes, ends = [], []
    along = list(_along(len(labels)))
    for number, one in enumerate(series):
        over = [(x, plot * (1 - row[number + 1] / greatest)) for x, row in zip(along, sums, strict=True)]
        under = [(x, plot * (1 - row[number] / greatest)) for x, row in zip(along, sums, strict=True)]
        points = " ".join(f"{_short(x)},{_short(y)}" for x, y in over + under[::-1])
        shapes.append(
            Markup('<polygon class="{}" points="{}" fill="{}" fill-opacity="{}"/>').format(
                one.tone or f"chart-{number % 6 + 1}", points, _colour(number, one.tone), "0.8" if number < 6 else "0.5"
            )
        )
        if any(row[number] for row in rows):
            ends.append((top + (over[-1][1] + under[-1][1]) / 2 + 4, one.label, _colour(number, one.tone)))
    return _over_time(frame, labels, series, rows, shapes, ends, (top, plot, greatest))


def table(frame: Frame, labels: Sequence[str], series: Sequence[Series]) -> Markup:
    """The same data as a table; every chart has one behind its `<details>` already."""
    rows = [
        (label, [frame.value(value) for value in row])
        for label, row in zip(labels, _values(labels, series), strict=True)
    ]
    return _table([one.label for one in series], rows)


# ---- the parts of a chart ---------------------------------------------------------------------------------------------


def _chart(frame: Frame, height: int, marks: Iterable[Markup], data: Markup, interactive: bool = False) -> Markup:
    """`interactive` charts have links in them, which a screen reader mustn't be kept from."""
    name = f"chart-{frame.id}"
    description = Markup('<desc id="{}-desc">{}</desc>').format(name, frame.description) if frame.description else ""
    return Markup(
        '<div class="chart"><h3>{title}</h3>\n'
        '<svg role="{role}" width="100%" height="{height}" aria-labelledby="{name}-title{also}" font-size="12">'
        '<title id="{name}-title">{title}</title>{description}{marks}</svg>\n'
        "<details><summary>{summary}</summary>{data}</details></div>"
    ).format(
        title=frame.title,
        role="group" if interactive else "img",
        height=height,
        name=name,
        also=f" {name}-desc" if frame.description else "",
        description=description,
        marks=Markup("").join(marks),
        summary=translator(frame.language).text(msg("As a table")),
        data=data,
    )


def _empty(frame: Frame) -> Markup:
    words = frame.empty or translator(frame.language).text(msg("Nothing to draw yet."))
    return Markup('<div class="chart"><h3>{}</h3><p class="empty">{}</p></div>').format(frame.title, words)


def _table(heads: Sequence[str], rows: Iterable[tuple[str, Sequence[str]]]) -> Markup:
    head = Markup("").join(Markup('<th scope="col" class="num">{}</th>').format(text) for text in heads)
    body = Markup("\n").join(
        Markup('<tr><th scope="row">{}</th>{}</tr>').format(
            label, Markup("").join(Markup('<td class="num">{}</td>').format(value) for value in values)
        )
        for label, values in rows
    )
    return Markup("<table><thead><tr><td></td>{}</tr></thead><tbody>\n{}\n</tbody></table>").format(head, body)


def _over_time(
    frame: Frame,
    labels: Sequence[str],
    series: Sequence[Series],
    rows: Sequence[Sequence[float]],
    shapes: Iterable[Markup],
    ends: Sequence[_End],
    place: tuple[int, int, float],
) -> Markup:
    """Shapes in a plot that stretches, with its scale at the left, the time below and the names at the right."""
    top, plot, greatest = place
    marks = [_line(top + plot * part / 2) for part in range(3)]
    marks.append(
        Markup('<svg y="{}" width="100%" height="{}" viewBox="0 0 1000 {}" preserveAspectRatio="none">').format(
            top, plot, plot
        )
    )
    marks += [*shapes, Markup("</svg>")]
    for part, value in ((0, greatest), (1, greatest / 2)):
        if value != int(value) and greatest >= 1:
            continue
        marks.append(
            _text(0, top + plot * part / 2 - 4, shown.number(value, frame.language), colour="var(--ink-3)", halo=True)
        )
    room = int(NARROWEST * 0.6 / CELL)
    for y, label, colour in _apart(ends, top + plot - 2):
        marks.append(_text(100, y, _fitting(label, room), anchor="end", halo=True, sign=colour))
    ticks = list(zip((x / 10 for x in _along(len(labels))), labels, strict=True))
    marks += [*_axis(ticks, top + plot + 16), *_strips(frame, labels, series, rows, top + plot, 100 / len(labels))]
    return _chart(frame, top + plot + 22, marks, table(frame, labels, series))


def _key(series: Sequence[Series]) -> list[Markup]:
    """The names of columns, over the plot: side by side as far as there is room for them."""
    marks, room = [], NARROWEST // len(series)
    for number, one in enumerate(series):
        text = _fitting(one.label, int((room - 28) / CELL))
        marks.append(_text(number * 100 / len(series), 11, text, sign=_colour(number, one.tone)))
    return marks


def _axis(ticks: Sequence[tuple[float, str]], y: float) -> list[Markup]:
    """As many of the labels as fit side by side at their places (in %), the last one first."""
    marks = []
    free_from = NARROWEST + 8.0
    for place, label in reversed(ticks):
        text = _fitting(label, int(NARROWEST / 2 / CELL))
        x, _, text, anchor = _pulled_in(place, y, text)
        width = _width(text)
        left = NARROWEST * x / 100 - width * {"start": 0, "middle": 0.5, "end": 1}[anchor]
        if left + width + 8 <= free_from and text:
            marks.append(_text(x, y, text, anchor, colour="var(--ink-3)"))
            free_from = left
    return marks[::-1]


def _strips(
    frame: Frame,
    labels: Sequence[str],
    series: Sequence[Series],
    rows: Sequence[Sequence[float]],
    height: int,
    width: float,
) -> list[Markup]:
    """A strip over each label, as high as the chart and so many percent wide, that says its values on hover."""
    marks = []
    for place, (label, row) in enumerate(zip(labels, rows, strict=True)):
        values = "; ".join(
            f"{one.label} {frame.value(value)}" if len(series) > 1 else frame.value(value)
            for one, value in zip(series, row, strict=True)
        )
        marks.append(
            Markup(
                '<rect x="{}%" width="{}%" height="{}" fill="none" pointer-events="all"><title>{}</title></rect>'
            ).format(_short(place * width), _short(width), height, f"{label}: {values}")
        )
    return marks


def _text(
    x: float,
    y: float,
    text: str,
    anchor: str = "start",
    colour: str = "var(--ink-2)",
    halo: bool = False,
    sign: str = "",
) -> Markup:
    """A text at x percent; `sign` is the colour of a small square before it."""
    return Markup('<text{}{} y="{}" fill="{}"{}>{}{}</text>').format(
        Markup(' x="{}%"').format(_short(x)) if x else "",
        Markup(' text-anchor="{}"').format(anchor) if anchor != "start" else "",
        _short(y),
        colour,
        Markup(' stroke="var(--ground)" stroke-width="4" paint-order="stroke"') if halo else "",
        Markup('<tspan fill="{}">■</tspan> ').format(sign) if sign else "",
        text,
    )


def _rect(x: float, y: float, width: float, height: float, tone: str, colour: str, round_by: int = 1) -> Markup:
    return Markup('<rect class="{}" x="{}%" y="{}" width="{}%" height="{}" rx="{}" fill="{}"/>').format(
        tone, _short(x), _short(y), _short(width), _short(height), round_by, colour
    )


def _line(y: float) -> Markup:
    return Markup('<rect width="100%" y="{}" height="1" fill="var(--hairline)"/>').format(_short(y))


# ---- numbers and widths -----------------------------------------------------------------------------------------------


def _sound(value: float) -> float:
    return value if isfinite(value) and value > 0 else 0.0


def _values(labels: Sequence[str], series: Sequence[Series]) -> list[list[float]]:
    """The series' values by label; what is missing is nought."""
    rows = [[_sound(value) for value in row] for row in zip_longest(*(one.values for one in series), fillvalue=0.0)]
    return [rows[place] if place < len(rows) else [0.0] * len(series) for place in range(len(labels))]


def _round_up(value: float) -> float:
    """The next of 1, 2, 4, 5, 10 times a power of ten: halves of it are round as well."""
    if value <= 0:
        return 0.0
    power = float(10 ** floor(log10(value)))
    step = next(step for step in (1, 2, 4, 5, 6, 8, 10, 20) if step * power >= value)
    return float(ceil(step * power)) if value > 1 else step * power


def _along(count: int) -> Iterable[float]:
    """The places of points in a plot 1000 wide."""
    return (1000 * place / (count - 1) if count > 1 else 1000.0 for place in range(count))


def _classes(edges: Sequence[float]) -> list[str]:
    whole = all(edge == int(edge) for edge in edges)
    names = []
    for edge, following in pairwise(edges):
        low, high = f"{edge:g}", f"{following - 1 if whole else following:g}"
        names.append(low if low == high else f"{low}–{high}")
    return [*names, f"{edges[-1]:g}+"] if edges else []


def _apart(ends: Sequence[_End], lowest: float) -> list[_End]:
    """Labels one under the other at least 14 px apart, as near to where they belong as that allows."""
    placed: list[_End] = []
    y = lowest + 14
    for wanted, label, colour in sorted(ends, reverse=True):
        y = min(wanted, y - 14)
        placed.append((y, label, colour))
    if placed and placed[-1][0] < 11:
        push = 11.0
        for number in range(len(placed) - 1, -1, -1):
            push = max(push, placed[number][0])
            placed[number] = (push, *placed[number][1:])
            push += 14
    return placed


def _pulled_in(x: float, y: float, text: str) -> tuple[float, float, str, str]:
    """A text centred at x, or put to an edge over which it would stand out."""
    half, at = _width(text) / 2, NARROWEST * x / 100
    if at < half:
        return 0, y, text, "start"
    if NARROWEST - at < half:
        return 100, y, text, "end"
    return x, y, text, "middle"


def _width(text: str) -> float:
    from rich.cells import cell_len

    return cell_len(text) * CELL


def _fitting(text: str, cells: int) -> str:
    """The text, or its beginning and `…`, in so many cells."""
    from rich.cells import cell_len, set_cell_size

    return text if cell_len(text) <= cells else set_cell_size(text, max(cells - 1, 0)).rstrip() + "…"


def _colour(number: int, tone: str) -> str:
    return f"var({TONES[tone]})" if tone in TONES else f"var({PALETTE[number % len(PALETTE)]})"


def _short(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")
