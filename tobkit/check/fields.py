"""Rules about single fields, beyond what the loader can tell from a file alone."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from tobkit.check.facts import Facts, allowed, day_of, key_of, place, quoted, shown, values
from tobkit.messages import Message, msg
from tobkit.model.diagnostics import Diagnostic, Rule, Severity
from tobkit.model.kinds import SOURCE, Entry
from tobkit.model.nearest import nearest
from tobkit.model.schema import FieldSpec, KindSchema
from tobkit.store.frontmatter import locate

REQUIRED_BY_STATUS = Rule("TOB212", "key required by the status")
UNKNOWN_PERSON = Rule("TOB213", "person not in [people]")
UNKNOWN_REGION = Rule("TOB214", "region not in the pool's list")
FUTURE_DATE = Rule("TOB215", "date in the future", Severity.WARNING, today_dependent=True)
DATES_OUT_OF_ORDER = Rule("TOB216", "dates out of order", Severity.WARNING)
UNSORTED_LIST = Rule("TOB217", "list unsorted or with doubles", Severity.INFO)
NOBODY_SPEAKS = Rule("TOB218", "note without customer and organisation")


def required_by_status(facts: Facts) -> Iterator[Diagnostic]:
    """Some keys may wait, but not for ever: a requirement that is triaged has a module and an owner, one that is
    parked or declined has a reason, and one that is delivered has the date.

    Why: filing stays easy, and whoever asks later why nothing happened, or since when it works, finds the answer here.

    Bad:
        requirements/REQ-00000a.md
            status: declined
                    ^^^^^^^^
            module: e-invoicing
            owner: lilei

    Good:
        requirements/REQ-00000a.md
            status: declined
            module: e-invoicing
            owner: lilei
            reason: Only one customer needs it, and the tax office will offer it itself in 2027.

    Fix: add the missing key, or set the status back.
    """
    for kind in facts.pool.schema.kinds.values():
        for field, needed in required_by_value(facts, kind).items():
            for entry in facts.pool.by_kind[kind.name].values():
                for name in needed.get(getattr(entry, field), ()):
                    if getattr(entry, name) in (None, ()) and not facts.faulty(entry, name):
                        yield missing_by_status(entry, kind, field, name)


def required_by_value(facts: Facts, kind: KindSchema) -> dict[str, dict[str | None, list[str]]]:
    """Field -> its value -> the fields that are required then. A team's own status asks for what its stage does."""
    required: dict[str, dict[str | None, list[str]]] = {}
    for spec in kind.conditions:
        when = spec.required_when
        if when is None or when.field not in kind.fields:
            continue
        choices = kind.fields[when.field].choices
        for value in {*when.values, *(choices or ())}:
            stage = facts.pool.schema.stage(value) if kind.name == "requirement" and when.field == "status" else value
            if value in when.values or stage in when.values:
                required.setdefault(when.field, {}).setdefault(value, []).append(spec.name)
    return required


def missing_by_status(entry: Entry, kind: KindSchema, field: str, name: str) -> Diagnostic:
    return Diagnostic.of(
        REQUIRED_BY_STATUS,
        entry.path,
        locate(entry, field),
        msg(
            "“{key}” is missing; it is required while {field} is {value}.",
            key=name,
            label=kind.fields[name].label,  # for languages that show it
            field=key_of(entry, field),
            value=shown(kind.fields[field].choices, getattr(entry, field)),
        ),
        _WHAT_TO_ADD.get(name, msg("Add a line “{key}: …”.", key=name)),
    )


_WHAT_TO_ADD = {
    "module": msg("Add a line “module: …” with the id of a file in modules/."),
    "owner": msg("Add a line “owner: …” with the person who follows it up."),
    "reason": msg("Add a line “reason: …” that says in a sentence why, so that nobody has to ask."),
    "delivered": msg("Add a line “delivered: …” with the date, for example 2026-03-05."),
}


def unknown_person(facts: Facts) -> Iterator[Diagnostic]:
    """Where tobkit.toml lists the people, owners, authors and those who promise or approve are among them. Promises are
    approved by customer success or product.

    Why: a misspelt owner is nobody's work, and an approval counts only from those who may give it. For who wrote a note
    or made a promise, who may have left long ago, it is only a warning.

    Bad:
        requirements/REQ-00000a.md
            owner: lilie
                   ^^^^^

    Good:
        requirements/REQ-00000a.md
            owner: lilei

    Bad:
        promises/PRM-00000a.md
            approved_by: zhaoqiang
                         ^^^^^^^^^

    Fix: write the person's id from `[people]` in tobkit.toml, or add the person there.
    """
    people = facts.pool.config.people
    if not people:
        return
    for kind in facts.pool.schema.kinds.values():
        for spec in kind.fields.values():
            if spec.person is None:
                continue
            teams = spec.person.teams
            known = {name for name, person in people.items() if not teams or person.team in teams}
            for entry in facts.pool.by_kind[kind.name].values():
                for index, value in enumerate(values(entry, spec)):
                    if value not in known:
                        message, help = person_words(facts, entry, spec, value, sorted(known))
                        found = Diagnostic.of(UNKNOWN_PERSON, entry.path, place(entry, spec, index), message, help)
                        yield found.with_severity(Severity.WARNING) if spec.name in ONLY_NAMED else found


ONLY_NAMED = frozenset({"author", "by"})
"""Persons from whom nothing is expected any more."""


def person_words(facts: Facts, entry: Entry, spec: FieldSpec, value: str, known: list[str]) -> tuple[Message, Message]:
    people = facts.pool.config.people
    key = key_of(entry, spec.name)
    listed = [name if people[name].name == name else f"{name} ({people[name].name})" for name in known]
    if value in people and spec.person:
        teams = [shown(SOURCE, team) for team in spec.person.teams]
        team = people[value].team
        message = (
            msg(
                "“{person}” belongs to {team}; {key} takes someone from {teams}.",
                person=value,
                team=shown(SOURCE, team),
                key=key,
                teams=teams,
            )
            if team
            else msg(
                "“{person}” has no team in tobkit.toml; {key} takes someone from {teams}.",
                person=value,
                key=key,
                teams=teams,
            )
        )
        return message, allowed(listed)
    names = {people[name].name: name for name in reversed(known)} | {name: name for name in known}
    guess = nearest(value, [*known, *names])
    message = msg("“{person}” in {key} isn't one of the people in tobkit.toml.", person=quoted(value), key=key)
    if guess is None:
        return message, msg("{allowed} Or add the person to [people] in tobkit.toml.", allowed=allowed(listed))
    return message, msg("Did you mean {guess} ({name})?", guess=names[guess], name=people[names[guess]].name)


def unknown_region(facts: Facts) -> Iterator[Diagnostic]:
    """Where tobkit.toml lists the regions, only those are used.

    Why: “华东” and “华东区” would be two regions in every filter and figure.

    Bad:
        requirements/REQ-00000a.md
            region: 华东区
                    ^^^

    Good:
        requirements/REQ-00000a.md
            region: 华东

    Fix: write one of the regions in `[pool] regions`, or add yours there.
    """
    regions = facts.pool.config.pool.regions
    if not regions:
        return
    for kind in facts.pool.schema.kinds.values():
        for spec in kind.fields.values():
            if not spec.region:
                continue
            for entry in facts.pool.by_kind[kind.name].values():
                value = getattr(entry, spec.name)
                if value is not None and value not in regions:
                    guess = nearest(value, regions)
                    yield Diagnostic.of(
                        UNKNOWN_REGION,
                        entry.path,
                        locate(entry, spec.name),
                        msg("“{region}” isn't one of the pool's regions.", region=quoted(value)),
                        msg("Did you mean {guess}? {allowed}", guess=guess, allowed=allowed(regions))
                        if guess
                        else msg("{allowed} Or add it to [pool] regions in tobkit.toml.", allowed=allowed(regions)),
                    )


PAST_DATES = {
    "requirement": ("date", "status_since", "delivered"),
    "note": ("date",),
    "customer": ("since", "lost_on", "won_on"),
    "promise": ("date",),
    "incident": ("date",),
    "exchange": ("date",),
}


def future_date(facts: Facts) -> Iterator[Diagnostic]:
    """What has happened has a date up to today; only deadlines, renewals and plans lie ahead.

    Why: a date that is a year off upsets ages, charts and the order. As the answer depends on the day, this is never
    more than a warning unless `[check] severity` makes it one.

    Bad:
        requirements/REQ-00000a.md
            date: 2062-03-05
                  ^^^^^^^^^^

    Good:
        requirements/REQ-00000a.md
            date: 2026-03-05

    Fix: correct the date; for a plan use `planned` or `due`.
    """
    today = facts.today
    for kind, fields in PAST_DATES.items():
        for entry in facts.pool.by_kind.get(kind, {}).values():
            for field in fields:
                day = day_of(entry, field)
                if day is not None and day > today:
                    yield Diagnostic.of(
                        FUTURE_DATE,
                        entry.path,
                        locate(entry, field),
                        msg(
                            "{key} is in the future: {day} (today is {today}).",
                            key=key_of(entry, field),
                            day=day,
                            today=today,
                        ),
                        msg("Check the year and the month."),
                    )


DATE_ORDER = (
    ("requirement", "date", "status_since"),
    ("requirement", "date", "delivered"),
    ("promise", "date", "due"),
    ("customer", "since", "lost_on"),
    ("customer", "since", "renewal"),
)


def dates_out_of_order(facts: Facts) -> Iterator[Diagnostic]:
    """A need is delivered after it was heard, a promise is due after it was made, a customer is lost after it came.

    Why: one of the two dates is wrong, and durations computed from them would be negative.

    Bad:
        requirements/REQ-00000a.md
            date: 2026-03-05
            status: delivered
            module: e-invoicing
            owner: lilei
            delivered: 2025-04-01
                       ^^^^^^^^^^

    Good:
        requirements/REQ-00000a.md
            date: 2026-03-05
            status: delivered
            module: e-invoicing
            owner: lilei
            delivered: 2026-04-01

    Fix: correct the wrong one of the two dates.
    """
    for kind, earlier, later in DATE_ORDER:
        for entry in facts.pool.by_kind.get(kind, {}).values():
            end = day_of(entry, later)
            if end is None:
                continue
            start = day_of(entry, earlier)
            if start is not None and end < start:
                yield Diagnostic.of(
                    DATES_OUT_OF_ORDER,
                    entry.path,
                    locate(entry, later),
                    msg(
                        "{later} ({end}) is before {earlier} ({start}).",
                        later=key_of(entry, later),
                        end=end,
                        earlier=key_of(entry, earlier),
                        start=start,
                    ),
                    msg("One of the two dates is wrong; check both years."),
                )


def unsorted_list(facts: Facts) -> Iterator[Diagnostic]:
    """The items of a list stand in the order of their characters, each once; values that have an order of their own may
    stand in that.

    Why: two branches that each add an item then rarely touch the same line, and nobody counts twice.

    Bad:
        requirements/REQ-00000a.md
            tags:
              - batch
              - archive
                ^^^^^^^
              - export

    Bad:
        requirements/REQ-00000a.md
            tags:
              - batch
              - batch
                ^^^^^

    Good:
        requirements/REQ-00000a.md
            tags:
              - archive
              - batch
              - export

    Fix: sort the items and keep one of each.
    """
    for kind in facts.pool.schema.kinds.values():
        lists = [
            (spec.name, spec.choices)
            for spec in kind.fields.values()
            if spec.many and spec.type != "mapping" and not spec.in_order
        ]
        for entry in facts.pool.by_kind[kind.name].values():
            for name, choices in lists:
                items: tuple[Any, ...] = getattr(entry, name)
                if (
                    len(items) > 1
                    and not ascending(items)
                    and not (choices and ascending([*map(choices.index, items)]))
                ):
                    yield from list_faults(entry, name, items)


def ascending(items: Sequence[Any]) -> bool:
    """Whether each item is greater than the one before."""
    return all(a < b for a, b in pairwise(items))


def list_faults(entry: Entry, field: str, items: tuple[str, ...]) -> Iterator[Diagnostic]:
    """The first item that stands too late, and every repeated one."""
    key = key_of(entry, field)
    seen: set[str] = set()
    highest, reported = "", False
    for index, item in enumerate(items):
        if item in seen:
            message = msg("“{item}” stands in {key} more than once.", item=quoted(item), key=key)
            yield Diagnostic.of(
                UNSORTED_LIST, entry.path, locate(entry, field, index), message, msg("Keep one of them.")
            )
        elif item < highest and not reported:
            reported = True
            after = min(other for other in seen if other > item)
            yield Diagnostic.of(
                UNSORTED_LIST,
                entry.path,
                locate(entry, field, index),
                msg(
                    "{key} isn't sorted: “{item}” belongs before “{after}”.",
                    key=key,
                    item=quoted(item),
                    after=quoted(after),
                ),
                msg("Sorted lists keep branches from clashing."),
            )
        seen.add(item)
        highest = max(highest, item)


def nobody_speaks(facts: Facts) -> Iterator[Diagnostic]:
    """A note says whose voice it is: a customer's, or an organisation's such as a channel partner's.

    Why: what nobody said counts for nobody.

    Bad:
        notes/NOTE-00000a.md
            source: sales
            customer:
            ^^^^^^^^

    Good:
        notes/NOTE-00000a.md
            source: channel
            organisation: piaoshui

    Fix: add `customer` or `organisation`; what nobody outside has said is a requirement, not a note.
    """
    for note in facts.pool.notes.values():
        if (
            note.customer is None
            and note.organisation is None
            and not (facts.faulty(note, "customer") or facts.faulty(note, "organisation"))
        ):
            yield Diagnostic.of(
                NOBODY_SPEAKS,
                note.path,
                locate(note, "customer", key=True),
                msg("The note names neither a customer nor an organisation."),
                msg("Add a line “customer: …” or “organisation: …” with the id of who said it."),
            )
