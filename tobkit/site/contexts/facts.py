"""What all pages are drawn from, looked up once: the pool, its judgments, and the small parts that pages share."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import NamedTuple

from markupsafe import Markup, escape

from tobkit.dedupe import Duplicates, Pair
from tobkit.messages import Message, Translator
from tobkit.model.diagnostics import Diagnostic
from tobkit.model.fields import Choices
from tobkit.model.history import NO_HISTORY, History
from tobkit.model.kinds import CUSTOMER_STATUS, IMPACT, SOURCE, TIER, Customer, Entry, Incident, Note, Requirement
from tobkit.model.pool import Group, Pool
from tobkit.rank import Ranked, Ranking
from tobkit.site.paths import Paths

HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
KANA = re.compile(r"[\u3040-\u30ff]")
LATIN = re.compile(r"[A-Za-z]")
IDS = re.compile(r"\b(?:REQ|NOTE)-[0-9a-z]{6}\b")


class Link(NamedTuple):
    """A text that leads to a page; `href` is relative to the site's root, empty where there is no such page."""

    text: str
    href: str = ""
    lang: str = ""


class Named(NamedTuple):
    """A value with the word for it: `blocks-use`, 影响使用."""

    name: str
    text: str


class Status(NamedTuple):
    """A requirement's status: its name, the one of the seven that it stands for (its shape), its word."""

    name: str
    stage: str
    text: str


class Row(NamedTuple):
    """A requirement as lists show it. `tier` and `rank` are 0 for those that aren't ranked.

    `customers` and `arr` are of the group's evidence: live customers, and the yearly revenue of those that aren't
    prospects. `since` is the day of its status. `promise` is the day that the most pressing counting promise is due.
    """

    id: str
    title: str
    lang: str
    href: str
    rank: int
    tier: int
    module: str
    customers: int
    arr: float
    status: Status
    since: date
    heard: date
    owner: str
    promise: date | None
    similar: int
    merged: int
    canonical: Link | None


@dataclass(frozen=True)
class Facts:
    """The pool with all that was judged about it, and how to put it into words and links.

    `body` renders an entry's body for a page from which `root` leads to the site's root, `excerpt` gives the beginning of
    its words; `attachments` are the names of an entry's files; `since` gives the day of a
    requirement's status where history knows it, `history` what became of entries.
    """

    pool: Pool
    ranking: Ranking
    duplicates: Duplicates
    diagnostics: tuple[Diagnostic, ...]
    words: Translator
    paths: Paths
    body: Callable[[Entry, str], Markup]
    excerpt: Callable[[Entry], str]
    attachments: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    since: Mapping[str, date] = field(default_factory=dict)
    history: History = NO_HISTORY
    left_out: tuple[Diagnostic, ...] = ()

    @property
    def language(self) -> str:
        return self.words.language

    @property
    def today(self) -> date:
        return self.ranking.today

    # Words

    def say(self, message: Message | str, root: str = "../") -> Markup:
        """A message as HTML: escaped, dates as elements that the page's script completes, ids as links from `root`."""
        shown = self._html(message)
        if "REQ-" not in shown and "NOTE-" not in shown:
            return Markup(shown)  # noqa: S704 (escaped by _html)

        def linked(found: re.Match[str]) -> str:
            one = found[0]
            href = self.paths.href("requirement", one) if one.startswith("REQ") else self.note_hrefs.get(one, "")
            return f'<a class="id" href="{root}{href}">{one}</a>' if href else f'<span class="id">{one}</span>'

        return Markup(IDS.sub(linked, shown))  # noqa: S704 (escaped by _html; ids need none)

    def sentences(self, messages: Iterable[Message | str], root: str = "../") -> Markup:
        """Sentences one after another, as the language sets them."""
        between = Markup() if self.language == "zh" else Markup(" ")
        return between.join(self.say(one, root) for one in messages)

    def _html(self, message: Message | str) -> str:
        if isinstance(message, str):
            return escaped(message)
        n = message.values["n"] if message.plural is not None else None
        template = self._template(message.template, message.plural, n)
        return self.words.fill(template, {name: self._slot(value) for name, value in message.values.items()})

    def _template(self, template: str, plural: str | None, n: int | None) -> str:
        """The escaped template in the page's language."""
        key = template, n
        if (known := self._templates.get(key)) is None:
            catalogue = self.words.catalogue
            if plural is not None and n is not None:
                text = catalogue.ngettext(template, plural, n)
            else:
                text = catalogue.gettext(template) if template else ""
            known = self._templates[key] = escaped(text)
        return known

    @cached_property
    def _templates(self) -> dict[tuple[str, int | None], str]:
        return {}

    def _slot(self, value: object) -> str:
        if isinstance(value, str):
            return escaped(value)
        if isinstance(value, Message):
            return self._html(value)
        if isinstance(value, date):
            return f'<time datetime="{value.isoformat()}">{value.isoformat()}</time>'
        if isinstance(value, (list, tuple)):
            return ("、" if self.language == "zh" else ", ").join([self._slot(item) for item in value])
        return escaped(self.words.shown(value))

    def label(self, choices: Choices | None, name: str | None) -> str:
        """The word for a value in the page's language; empty for none."""
        if not name:
            return ""
        return choices.label(name, self.language) if choices else name

    def lang(self, text: str) -> str:
        """The language of a text where it isn't the page's own, by its script; else empty."""
        if KANA.search(text):
            return "ja"
        if HAN.search(text):
            return "" if self.language == "zh" else "zh-CN"
        return "en" if self.language != "en" and LATIN.search(text) else ""

    def person(self, name: str | None) -> str:
        return self.pool.config.person(name)

    # Links

    def link(self, kind: str, entry_id: str | None) -> Link:
        """The name of an entry and the way to its page; of an id that isn't in the pool, the id."""
        if not entry_id:
            return Link("")
        entry = self.pool.by_kind[kind].get(entry_id)
        text = entry.label if entry else entry_id
        href = self.note_hrefs.get(entry_id, "") if kind == "note" else self.paths.href(kind, entry_id)
        return Link(text, href, self.lang(text))

    def links(self, kind: str, ids: Iterable[str]) -> tuple[Link, ...]:
        return tuple(self.link(kind, one) for one in ids)

    @cached_property
    def note_hrefs(self) -> Mapping[str, str]:
        """Where a note stands: on the page of the first need that it names, else on its customer's."""
        return {
            note.id: f"{href}#{note.id}"
            for note in self.pool.notes.values()
            if (
                href := next((self.paths.href("requirement", self.pool.canonical(r)) for r in note.requirements), "")
                or self.paths.href("customer", note.customer)
            )
        }

    # Statuses

    @cached_property
    def statuses(self) -> Mapping[str, Status]:
        return {
            name: Status(name, self.pool.schema.stage(name), self.label(self.pool.schema.statuses, name))
            for name in self.pool.schema.statuses
        }

    def status(self, requirement: Requirement) -> Status:
        """The status to show: a merged entry shows its canonical's."""
        canonical = self.pool.requirements[self.pool.canonical(requirement.id)]
        return self.statuses.get(canonical.status) or Status(canonical.status, canonical.status, canonical.status)

    def status_day(self, requirement: Requirement) -> date:
        """Since when it has its status, as far as is known."""
        if known := self.since.get(requirement.id):
            return known
        if requirement.status_since:
            return requirement.status_since
        return requirement.delivered or requirement.date if self.is_closed(requirement) else requirement.date

    def is_closed(self, requirement: Requirement) -> bool:
        return self.status(requirement).stage in ("delivered", "parked", "declined")

    def is_merged(self, requirement: Requirement) -> bool:
        return self.pool.canonical(requirement.id) != requirement.id

    # Rows

    @cached_property
    def ranked(self) -> Mapping[str, Ranked]:
        """The ranked groups by their canonical entry."""
        return {item.id: item for item in self.ranking.items}

    @cached_property
    def order(self) -> tuple[str, ...]:
        """All requirements as the backlog has them: by rank, then the closed ones, the newest first, then the merged."""
        merged = [one for one, canonical in self.pool.canonical_ids.items() if one != canonical]
        closed = [one for one in self.pool.groups if one not in self.ranked]
        latest = sorted(closed, key=lambda one: (-self.status_day(self.pool.requirements[one]).toordinal(), one))
        return (*self.ranked, *latest, *sorted(merged))

    @cached_property
    def rows(self) -> Mapping[str, Row]:
        """Every requirement as a row, in the backlog's order."""
        return {one: self._row(self.pool.requirements[one]) for one in self.order}

    def _row(self, requirement: Requirement) -> Row:
        merged = self.is_merged(requirement)
        group = self.pool.groups[self.pool.canonical(requirement.id)]
        ranked = self.ranked.get(requirement.id)
        customers = self.customers_of(requirement) if merged else group.evidence
        module = self.pool.modules.get(requirement.module or "")
        return Row(
            id=requirement.id,
            title=requirement.title,
            lang=self.lang(requirement.title),
            href=self.paths.href("requirement", requirement.id),
            rank=ranked.rank if ranked else 0,
            tier=ranked.tier if ranked else 0,
            module=module.name if module else requirement.module or "",
            customers=sum(customer.live for customer in customers),
            arr=revenue(customers),
            status=self.status(requirement),
            since=self.status_day(group.canonical),
            heard=requirement.date,
            owner=self.person(requirement.owner),
            promise=min((one.due for one in group.counting_promises), default=None) if ranked else None,
            similar=len(self.pairs.get(requirement.id, ())) if ranked else 0,
            merged=0 if merged else len(group.merged),
            canonical=self.link("requirement", group.id) if merged else None,
        )

    def customers_of(self, requirement: Requirement) -> tuple[Customer, ...]:
        found = (self.pool.customers.get(one) for one in requirement.customers)
        return tuple(customer for customer in found if customer)

    @cached_property
    def pairs(self) -> Mapping[str, tuple[Pair, ...]]:
        """The likely duplicates that a group is in (through any of its members), by canonical id."""
        found: dict[str, list[Pair]] = {}
        for pair in self.duplicates.pairs:
            for one in dict.fromkeys((self.pool.canonical(pair.a), self.pool.canonical(pair.b))):
                found.setdefault(one, []).append(pair)
        return {one: tuple(pairs) for one, pairs in found.items()}

    # What belongs to a customer or a module

    @cached_property
    def groups_by_customer(self) -> Mapping[str, tuple[Group, ...]]:
        """What a customer asked for, by themselves or in a note, in the backlog's order."""
        found: dict[str, list[Group]] = {}
        for one in self.order:
            if group := self.pool.groups.get(one):
                voices = (customer.id for statement in group.statements for customer in statement.customers)
                for customer in dict.fromkeys(voices):
                    found.setdefault(customer, []).append(group)
        return {one: tuple(groups) for one, groups in found.items()}

    @cached_property
    def groups_by_module(self) -> Mapping[str, tuple[Group, ...]]:
        """The groups of a module, in the backlog's order."""
        found: dict[str, list[Group]] = {}
        for one in self.order:
            if (group := self.pool.groups.get(one)) and group.canonical.module:
                found.setdefault(group.canonical.module, []).append(group)
        return {one: tuple(groups) for one, groups in found.items()}

    @cached_property
    def incidents_by_customer(self) -> Mapping[str, tuple[Incident, ...]]:
        return by_reference(self.pool.incidents.values(), "customers")

    @cached_property
    def incidents_by_module(self) -> Mapping[str, tuple[Incident, ...]]:
        return by_reference(self.pool.incidents.values(), "modules")

    @cached_property
    def notes_by_customer(self) -> Mapping[str, tuple[Note, ...]]:
        found: dict[str, list[Note]] = {}
        for note in sorted(self.pool.notes.values(), key=lambda note: (-note.date.toordinal(), note.id)):
            if note.customer:
                found.setdefault(note.customer, []).append(note)
        return {one: tuple(notes) for one, notes in found.items()}

    @cached_property
    def entries_by_path(self) -> Mapping[str, Entry]:
        return {entry.path: entry for entry in self.pool.entries}

    @cached_property
    def inbox(self) -> tuple[Note, ...]:
        """Notes that name no requirement yet, the oldest first."""
        waiting = (note for note in self.pool.notes.values() if not note.requirements)
        return tuple(sorted(waiting, key=lambda note: (note.date, note.id)))


def escaped(text: str) -> str:
    return str(escape(text))


def by_reference(incidents: Iterable[Incident], name: str) -> dict[str, tuple[Incident, ...]]:
    """Incidents by what one of their fields names, the latest first."""
    found: dict[str, list[Incident]] = {}
    for incident in sorted(incidents, key=lambda incident: (-incident.date.toordinal(), incident.id)):
        for one in dict.fromkeys(getattr(incident, name)):
            found.setdefault(one, []).append(incident)
    return {one: tuple(listed) for one, listed in found.items()}


def revenue(customers: Iterable[Customer]) -> float:
    """The yearly revenue of live customers that aren't prospects."""
    return sum((one.arr or 0.0 for one in customers if one.live and one.status != "prospect"), 0.0)


class Voice(NamedTuple):
    """What somebody said: a note as a quote."""

    id: str
    date: date
    who: Link
    tier: str
    standing: str
    arr: float
    source: str
    author: str
    html: Markup
    lang: str
    link: str
    impact: tuple[str, ...]
    about: tuple[Link, ...] = ()


def voice(facts: Facts, note: Note, about: bool = False, root: str = "../") -> Voice:
    """A note as a quote; `about` adds the needs that it names."""
    customer = facts.pool.customers.get(note.customer or "")
    return Voice(
        id=note.id,
        date=note.date,
        who=facts.link("customer", note.customer) if note.customer else facts.link("organisation", note.organisation),
        tier=facts.label(TIER, customer.tier) if customer else "",
        standing=facts.label(CUSTOMER_STATUS, customer.status) if customer and customer.status != "active" else "",
        arr=revenue((customer,)) if customer else 0.0,
        source=facts.label(SOURCE, note.source),
        author=facts.person(note.author),
        html=facts.body(note, root),
        lang=facts.lang(note.body),
        link=note.link if note.link and note.link.startswith(("https://", "http://")) else "",
        impact=tuple(facts.label(IMPACT, name) for name in note.impact),
        about=facts.links("requirement", note.requirements) if about else (),
    )
