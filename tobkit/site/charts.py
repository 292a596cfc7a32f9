"""Charts as SVG, made when the site is built: readable without script, at 390 px, in light and dark, by a screen reader.

All are zero-based and labelled directly. Colours are CSS classes for the theme to set (`chart-1` to `chart-6` as `fill`
and `stroke` by currentColor; a `Mark.tone` names another class, such as `tier-1`, `status-building`). Each comes as

    <figure class="chart"><svg role="img" aria-labelledby>…</svg><details><table>…</table></details></figure>

`<title>` on every mark gives its exact value on hover. Where there is nothing to draw, a sentence says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup


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


def bars(frame: Frame, items: Sequence[Bar]) -> Markup:
    """Horizontal bars, one a row, in the order given: names at the left, values at the bars' ends."""
    raise NotImplementedError


def stacked_area(frame: Frame, labels: Sequence[str], series: Sequence[Series]) -> Markup:
    """Layers over time, the first at the bottom (a cumulative flow); `labels` are the points on the time axis."""
    raise NotImplementedError


def lines(frame: Frame, labels: Sequence[str], series: Sequence[Series]) -> Markup:
    """Lines over time, each named at its end."""
    raise NotImplementedError


def columns(frame: Frame, labels: Sequence[str], series: Sequence[Series]) -> Markup:
    """Columns side by side for each label (inflow and outflow by week), at most three series."""
    raise NotImplementedError


def histogram(frame: Frame, values: Sequence[float], edges: Sequence[float]) -> Markup:
    """How many values lie in each class [edge, next edge); the last class takes all from the last edge on."""
    raise NotImplementedError


def table(frame: Frame, labels: Sequence[str], series: Sequence[Series]) -> Markup:
    """The same data as a table; every chart has one behind its `<details>` already."""
    raise NotImplementedError
