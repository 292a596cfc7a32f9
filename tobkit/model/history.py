"""What became of entries, as far as git knows: plain data, and what follows from it.

The day of a fact is what the files say; history tells only what they can't: when something changed, by whom. That an
entry came into the repository (with an import of thousands, say) is no move of it.
"""

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from tobkit.messages import NOTHING, Label, Message, msg
from tobkit.model.kinds import CLOSED, Entry, Note, Requirement
from tobkit.model.pool import Pool
from tobkit.model.schema import FieldSpec

TRACKED = (
    "id",
    "status",
    "owner",
    "module",
    "planned",
    "due",
    "impact",
    "competitors",
    "customers",
    "requirements",
    "duplicate_of",
)
"""The fields whose changes make an entry's timeline, where its kind has them."""

MOVES = ("status", "owner", "planned")
"""The fields whose changes move a requirement on; a new note does so too."""

Fact = str | tuple[str, ...] | None
"""A field's value: text (a date as 2026-03-05), the items of a list in order, or nothing."""


class Event(NamedTuple):
    """A field's change, or, where `field` is empty, the entry's first commit.

    `author` and `commit` (the full hash) are empty where it isn't committed yet; `day` is today then.
    """

    day: date
    author: str = ""
    commit: str = ""
    field: str = ""
    old: Fact = None
    new: Fact = None


@dataclass(frozen=True)
class Timeline:
    """What happened to an entry, the earliest first."""

    events: tuple[Event, ...] = ()

    @property
    def created(self) -> Event | None:
        """When it came into the repository; None where that was before history begins."""
        return self.events[0] if self.events and not self.events[0].field else None

    def changes(self, *fields: str) -> Iterator[Event]:
        """The changes of these fields."""
        return (event for event in self.events if event.field in fields)

    def last(self, *fields: str) -> Event | None:
        """The latest change of these fields."""
        return next((event for event in reversed(self.events) if event.field in fields), None)


NO_TIMELINE = Timeline()


@dataclass(frozen=True)
class History:
    """The timelines of a pool's entries by (kind, id). `notice` says what isn't known, where something isn't."""

    timelines: Mapping[tuple[str, str], Timeline] = field(default_factory=dict)
    notice: Message = NOTHING

    def of(self, entry: Entry) -> Timeline:
        return self.timelines.get((entry.kind, entry.id), NO_TIMELINE)


NO_HISTORY = History()


def status_days(pool: Pool, history: History) -> dict[str, date]:
    """The day of the current status of every requirement whose status has changed, by id."""
    changed = ((one.id, history.of(one).last("status")) for one in pool.requirements.values())
    return {requirement_id: event.day for requirement_id, event in changed if event}


class Progress(NamedTuple):
    """How a requirement gets on.

    `since` is the day of its status and `days` how many have passed; `lead_time` the days from first heard to delivered
    (None until then); `reopened` how many times it was taken up again after it was closed; `moved` the day of the last
    change of status, owner or planned date, or of the last note.
    """

    since: date
    days: int
    lead_time: int | None
    reopened: int
    moved: date


def progress(pool: Pool, history: History, requirement: Requirement, today: date) -> Progress:
    """How a requirement gets on; a merged one as its canonical entry does. `today` is when days are counted."""
    group = pool.group_of(requirement.id)
    canonical = group.canonical if group else requirement
    timeline = history.of(canonical)
    since = status_day(pool, canonical, timeline)
    delivered = canonical.delivered or since if pool.stage(canonical) == "delivered" else None
    stages = [
        (pool.schema.stage(str(event.old)), pool.schema.stage(str(event.new))) for event in timeline.changes("status")
    ]
    moves = [since, *(event.day for event in timeline.changes(*MOVES))]
    if group:
        asked = {member.id for member in group.members}
        moves += (note_day(history, note, asked, timeline) for note in group.notes)
    return Progress(
        since=since,
        days=max(0, (today - since).days),
        lead_time=max(0, (delivered - canonical.date).days) if delivered else None,
        reopened=sum(old in CLOSED and new not in CLOSED for old, new in stages),
        moved=min(today, max(moves)),
    )


def status_day(pool: Pool, requirement: Requirement, timeline: Timeline) -> date:
    """Since when a requirement has its status: since its last change, else since the day that its file names."""
    change = timeline.last("status")
    if change:
        return change.day
    delivered = requirement.delivered if pool.stage(requirement) == "delivered" else None
    return requirement.status_since or delivered or requirement.date


def note_day(history: History, note: Note, asked: Set[str], filed: Timeline) -> date:
    """The day on which a note was new to a requirement: `asked` are the ids of its group, `filed` is its timeline.

    That is the note's own date; where it came into the repository, or to the requirement, on a later day than the
    requirement did, it is that day.
    """
    timeline = history.of(note)
    added = [event.day for event in timeline.changes("requirements") if asked & added_items(event)]
    created, first = timeline.created, filed.created
    if created and first and created.day > first.day:
        added.append(created.day)
    return max((note.date, *added))


def added_items(event: Event) -> Set[str]:
    """What a change put into a list."""
    old, new = (frozenset(value if isinstance(value, tuple) else ()) for value in (event.old, event.new))
    return new - old


# In words


def described(pool: Pool, kind: str, event: Event) -> Message:
    """What happened, in words, but for when and by whom."""
    if not event.field:
        return msg("Came into the pool")
    spec = pool.schema[kind].fields[event.field]
    if spec.many:
        old, new = (value if isinstance(value, tuple) else () for value in (event.old, event.new))
        added = [called(pool, spec, one) for one in new if one not in old]
        removed = [called(pool, spec, one) for one in old if one not in new]
        if added and removed:
            return msg("{field}: {added} added, {removed} taken out", field=spec.label, added=added, removed=removed)
        if added:
            return msg("{field}: {added} added", field=spec.label, added=added)
        return msg("{field}: {removed} taken out", field=spec.label, removed=removed)
    if event.old is None:
        return msg("{field}: {new}", field=spec.label, new=called(pool, spec, event.new))
    if event.new is None:
        return msg("{field}: {removed} taken out", field=spec.label, removed=called(pool, spec, event.old))
    return msg(
        "{field}: {old} → {new}",
        field=spec.label,
        old=called(pool, spec, event.old),
        new=called(pool, spec, event.new),
    )


def called(pool: Pool, spec: FieldSpec, value: Fact) -> str | Label:
    """What to call a value: by its label, a person or an entry by name; a requirement by its id."""
    text = str(value)
    if spec.choices is not None:
        return spec.choices.labels.get(text, text)
    if spec.person is not None:
        return pool.config.person(text)
    entry = pool.get(spec.reference, text) if spec.reference and spec.reference != "requirement" else None
    return entry.label if entry else text
