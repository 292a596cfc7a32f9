"""The backlog: all requirements in their order, what they can be filtered by, and the script shards that hold them."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property
from itertools import groupby
from typing import Any, NamedTuple

from tobkit.messages import Message, msg
from tobkit.model.fields import Choices
from tobkit.model.kinds import IMPACT, SOURCE, TIER, TYPE, Customer, Requirement
from tobkit.rank import TIER_LABELS
from tobkit.site.contexts.facts import Facts, Row, Status, revenue
from tobkit.site.paths import fingerprint

ROWS_IN_PAGE = 100
VALUES_IN_PAGE = 30
VALUES_UNFOLDED = 8
ROWS_IN_SHARD = 2000
ROWS_IN_LIST = 1000
EPOCH = date(1970, 1, 1)

OPEN_STAGES = ("new", "triaged", "accepted", "building")
MERGED = "merged"
NONE = "-"
"""The key of "no value", for facets where it is a question of its own: whose turn is it, where does it belong."""


EMPTY_ROW = Row("", "", "x", "", 0, 4, "", 0, 1.0, Status("new", "new", ""), EPOCH, EPOCH, "", EPOCH, 2, 0, None)
"""What the page's script clones for each row that it draws: every part is there."""


class Value(NamedTuple):
    """One value of a facet: its key in the page's address, its word, how many open needs have it."""

    key: str
    text: str
    n: int
    shape: str = ""


class Facet(NamedTuple):
    """What rows can be filtered by. `rest` is how many values stand only in the data."""

    name: str
    label: str
    shown: tuple[Value, ...]
    folded: tuple[Value, ...]
    rest: int
    open: bool


class Section(NamedTuple):
    """The rows of one tier among those in the page, with figures of the whole tier."""

    tier: int
    label: str
    n: int
    arr: float
    rows: tuple[Row, ...]


class Attention(NamedTuple):
    """Something that waits for a decision: how many, what, and where."""

    n: int
    text: str
    href: str


class Backlog(NamedTuple):
    """The front page."""

    n: int
    arr: float
    total: int
    rows: int
    attention: tuple[Attention, ...]
    facets: tuple[Facet, ...]
    sections: tuple[Section, ...]
    more: int
    template: Row
    facets_version: str
    rows_version: str


class Dimension(NamedTuple):
    """A facet's definition: its values' labels in natural order where they have one; `many`: a row may have several."""

    name: str
    label: Message | str
    choices: Choices | None = None
    many: bool = False
    none: bool = False
    open: bool = False


class BacklogData:
    """The rows with what they can be filtered by, coded for the page's script."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.rows = tuple(facts.rows.values())
        self.dimensions = tuple(dimensions(facts))
        keys = [self.keys(row) for row in self.rows]
        self.keys_of = {dimension.name: [one[i] for one in keys] for i, dimension in enumerate(self.dimensions)}

    def keys(self, row: Row) -> tuple[tuple[str, ...], ...]:
        """A row's values in each dimension."""
        facts = self.facts
        requirement = facts.pool.requirements[row.id]
        customers = self.customers(requirement)
        impact: Iterable[str] = requirement.impact
        if not row.canonical:
            group = facts.pool.groups[row.id]
            impact = dict.fromkeys(name for statement in group.statements for name in statement.impact)
        found: dict[str, Iterable[str]] = {
            "status": (MERGED if row.canonical else row.status.name,),
            "tier": (str(row.tier),) if row.tier else (),
            "customer": [customer.id for customer in customers],
            "customer_tier": dict.fromkeys(customer.tier for customer in customers),
            "impact": impact,
        }
        return tuple(tuple(found.get(one.name) or plain_keys(requirement, one)) for one in self.dimensions)

    def customers(self, requirement: Requirement) -> tuple[Customer, ...]:
        """Who stands behind a row: the evidence, and those who asked and have gone since."""
        if self.facts.is_merged(requirement):
            return self.facts.customers_of(requirement)
        group = self.facts.pool.groups[requirement.id]
        voices = {customer.id: customer for statement in group.statements for customer in statement.customers}
        voices |= {customer.id: customer for customer in group.evidence}
        return tuple(voices[one] for one in sorted(voices))

    @cached_property
    def values(self) -> Mapping[str, tuple[Value, ...]]:
        """Each dimension's values with their number of open needs: in natural order, else the most frequent first."""
        return {one.name: self._values(one) for one in self.dimensions}

    def _values(self, dimension: Dimension) -> tuple[Value, ...]:
        keys = self.keys_of[dimension.name]
        everywhere = dimension.name == "status"
        counts = Counter(
            key for row, found in zip(self.rows, keys, strict=True) if row.rank or everywhere for key in found
        )
        present = dict.fromkeys(key for found in keys for key in found)
        values = [
            Value(key, self.text(dimension, key), counts[key], shape=self.shape(dimension, key)) for key in present
        ]
        if dimension.choices:
            places = {name: place for place, name in enumerate([*dimension.choices, MERGED])}
            return tuple(sorted(values, key=lambda value: places.get(value.key, len(places))))
        return tuple(sorted(values, key=lambda value: (-value.n, value.key == NONE, value.text, value.key)))

    def text(self, dimension: Dimension, key: str) -> str:
        facts = self.facts
        if key == NONE and dimension.none:
            return facts.words.text(msg("nobody")) if dimension.name == "owner" else facts.words.text(msg("none"))
        match dimension.name:
            case "tier":
                return facts.words.text(TIER_LABELS[int(key)])
            case "module" | "customer":
                return facts.link(dimension.name, key).text
            case "owner":
                return facts.person(key)
            case "status" if key == MERGED:
                return facts.words.text(msg("Merged"))
        return facts.label(dimension.choices, key)

    def shape(self, dimension: Dimension, key: str) -> str:
        if dimension.name == "tier":
            return f"tier tier-{key}"
        if dimension.name == "status":
            return f"st st-{self.facts.pool.schema.stage(key)}"
        return ""

    # What the page's script reads

    @cached_property
    def head(self) -> str:
        """`data/facets.js`: the values of every dimension, how many rows there are, and the shards' fingerprints."""
        facets = [
            {
                "name": one.name,
                "many": one.many,
                "values": [self.value(one, value) for value in self.values[one.name]],
            }
            for one in self.dimensions
        ]
        ranked = sum(1 for row in self.rows if row.rank)
        shards = [fingerprint(shard, 8) for shard in self.shards]
        return script("tobkitFacets", {"rows": len(self.rows), "ranked": ranked, "shards": shards, "facets": facets})

    def value(self, dimension: Dimension, value: Value) -> list[Any]:
        if dimension.name == "customer" and (customer := self.facts.pool.customers.get(value.key)):
            return [value.key, value.text, revenue((customer,)), int(customer.live)]
        if dimension.name == "status":
            stage = self.facts.pool.schema.stage(value.key)
            return [value.key, value.text, stage]
        return [value.key, value.text]

    @cached_property
    def shards(self) -> tuple[str, ...]:
        """`data/rows-N.js`: 2,000 rows by column, in the backlog's order; a value is its place in its dimension."""
        return tuple(self.shard(number) for number in range(-(-len(self.rows) // ROWS_IN_SHARD)))

    def shard(self, number: int) -> str:
        first = number * ROWS_IN_SHARD
        rows = self.rows[first : first + ROWS_IN_SHARD]
        columns: dict[str, Any] = {
            "id": [row.id for row in rows],
            "title": [row.title for row in rows],
            "since": [(row.since - EPOCH).days for row in rows],
            "state": [self.places["status"][row.status.name] for row in rows],
            "promise": sparse((row.promise - EPOCH).days if row.promise else 0 for row in rows),
            "similar": sparse(row.similar for row in rows),
            "into": sparse(row.canonical.text if row.canonical else "" for row in rows),
            "href": sparse("" if row.href == f"requirement/{row.id}.html" else row.href for row in rows),
        }
        for one in self.dimensions:
            places = self.places[one.name]
            keys = self.keys_of[one.name][first : first + ROWS_IN_SHARD]
            columns[f"f.{one.name}"] = (
                [[places[key] for key in found] for found in keys]
                if one.many
                else [places[found[0]] if found else -1 for found in keys]
            )
        return script("tobkitRows", number, columns)

    @cached_property
    def places(self) -> Mapping[str, Mapping[str, int]]:
        return {name: {value.key: place for place, value in enumerate(values)} for name, values in self.values.items()}


def plain_keys(requirement: Requirement, dimension: Dimension) -> Iterator[str]:
    value = getattr(requirement, dimension.name, None)
    if value is None:
        if dimension.none:
            yield NONE
    elif isinstance(value, tuple):
        yield from dict.fromkeys(str(one) for one in value)
    else:
        yield str(value)


def dimensions(facts: Facts) -> Iterator[Dimension]:
    """What the backlog can be filtered by: the built-in fields, then a team's own ones that have a limited choice."""
    specs = facts.pool.schema["requirement"].fields

    def label(name: str) -> str:
        return specs[name].label[facts.language]

    yield Dimension("status", label("status"), facts.pool.schema.statuses, open=True)
    yield Dimension("tier", msg("Tier"), Choices({str(tier): TIER.labels["ka"] for tier in TIER_LABELS}), open=True)
    yield Dimension("module", label("module"), none=True, open=True)
    yield Dimension("owner", label("owner"), none=True, open=True)
    yield Dimension("customer", label("customers"), many=True)
    yield Dimension("customer_tier", msg("Customer tier"), TIER, many=True)
    yield Dimension("region", label("region"))
    yield Dimension("impact", label("impact"), IMPACT, many=True)
    yield Dimension("type", label("type"), TYPE)
    yield Dimension("source", label("source"), SOURCE)
    yield Dimension("tags", label("tags"), many=True)
    for name, spec in specs.items():
        if spec.own and (spec.choices or spec.type in ("boolean", "text") or spec.many) and not spec.unique:
            yield Dimension(name, label(name), spec.choices, many=spec.many)


def sparse(values: Iterable[Any]) -> dict[str, Any]:
    """The values that are there, by place."""
    return {str(place): value for place, value in enumerate(values) if value}


def script(function: str, *arguments: Any) -> str:
    """A classic script that hands data to a function; safe wherever a script may stand."""
    shown = ",".join(json.dumps(one, ensure_ascii=False, separators=(",", ":")) for one in arguments)
    shown = shown.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029").replace("</", "<\\/")
    return f"{function}({shown});\n"


# The page


def backlog(facts: Facts, data: BacklogData) -> Backlog:
    """The front page with its first hundred rows."""
    ranked = [row for row in data.rows if row.rank]
    shown = ranked[:ROWS_IN_PAGE]
    by_tier: dict[int, list[str]] = {}
    for row in ranked:
        by_tier.setdefault(row.tier, []).append(row.id)
    return Backlog(
        n=len(ranked),
        arr=behind(facts, (row.id for row in ranked)),
        total=len(facts.pool.groups),
        rows=len(data.rows),
        attention=tuple(one for one in attention(facts) if one.n),
        facets=tuple(facet for one in data.dimensions if (facet := page_facet(one, data))),
        sections=tuple(
            Section(
                tier,
                facts.words.text(TIER_LABELS[tier]),
                len(by_tier[tier]),
                behind(facts, by_tier[tier]),
                tuple(rows),
            )
            for tier, rows in groupby(shown, key=lambda row: row.tier)
        ),
        more=len(data.rows) - len(shown),
        template=EMPTY_ROW,
        facets_version=fingerprint(data.head, 8),
        rows_version=fingerprint(data.shards[0], 8) if data.shards else "",
    )


def behind(facts: Facts, requirements: Iterable[str]) -> float:
    """The yearly revenue of the customers behind some needs, each customer counted once."""
    found = {customer.id: customer for one in requirements for customer in facts.pool.groups[one].evidence}
    return revenue(found[one] for one in sorted(found))


def page_facet(dimension: Dimension, data: BacklogData) -> Facet | None:
    """A facet as it stands in the page; none where it wouldn't part the rows."""
    values = data.values[dimension.name]
    if len(values) < 2 and dimension.name != "status":
        return None
    first = values[:VALUES_IN_PAGE]
    unfolded = VALUES_UNFOLDED if len(first) > VALUES_UNFOLDED + 1 else len(first)
    return Facet(
        dimension.name,
        data.facts.words.text(dimension.label),
        first[:unfolded],
        first[unfolded:],
        len(values) - len(first),
        dimension.open,
    )


def attention(facts: Facts) -> Iterator[Attention]:
    """What waits for somebody, each with the place where it is settled."""
    unsettled = sum(1 for row in facts.rows.values() if row.rank and row.status.stage == "new")
    new = next((name for name, status in facts.statuses.items() if status.stage == "new"), "new")
    warnings = sum(1 for one in facts.diagnostics if one.severity.name != "INFO")
    waiting, pairs = len(facts.inbox), len(facts.duplicates.pairs)
    ngettext = facts.words.ngettext
    yield Attention(unsettled, facts.words.text(msg("to be triaged")), f"#status={new}")
    yield Attention(waiting, ngettext("note in the inbox", "notes in the inbox", waiting), "inbox.html")
    yield Attention(pairs, ngettext("likely duplicate", "likely duplicates", pairs), "duplicates.html")
    yield Attention(warnings, ngettext("finding of the check", "findings of the check", warnings), "check.html")


# The same without a script


class Listed(NamedTuple):
    """A page of the plain list of all requirements."""

    number: int
    pages: int
    first: int
    rows: tuple[Row, ...]


def lists(data: BacklogData) -> Iterator[Listed]:
    """All requirements as plain lists of links, for readers without JavaScript and for search engines."""
    pages = max(1, -(-len(data.rows) // ROWS_IN_LIST))
    for number in range(pages):
        first = number * ROWS_IN_LIST
        yield Listed(number + 1, pages, first + 1, data.rows[first : first + ROWS_IN_LIST])


def list_file(number: int) -> str:
    return "all.html" if number == 1 else f"all-{number}.html"
