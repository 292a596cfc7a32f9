"""Which entries of two pools are new, changed or gone, and in which fields."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from tobkit.model.kinds import Entry, Note, Requirement
from tobkit.model.pool import Pool

Key = tuple[str, str]
"""An entry's kind and id."""


class FieldChange(NamedTuple):
    """A field that has another value now; None or an empty list where it had or has none."""

    name: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Change:
    """An entry of both pools that says something else now. `text` is whether its body does."""

    before: Entry
    after: Entry
    fields: tuple[FieldChange, ...]
    text: bool

    def field(self, name: str) -> FieldChange | None:
        return next((one for one in self.fields if one.name == name), None)


@dataclass(frozen=True)
class Differences:
    """All entries that differ, each list by kind (in the schema's order) and id.

    An entry is the same as long as kind and id are: one that was given another id is gone and new.
    """

    added: tuple[Entry, ...]
    changed: tuple[Change, ...]
    removed: tuple[Entry, ...]

    @cached_property
    def touched(self) -> frozenset[Key]:
        """The kinds and ids of all these entries."""
        entries = (*self.added, *self.removed, *(change.after for change in self.changed))
        return frozenset((entry.kind, entry.id) for entry in entries)

    @cached_property
    def changes(self) -> dict[Key, Change]:
        return {(change.after.kind, change.after.id): change for change in self.changed}

    @cached_property
    def newly_worded(self) -> frozenset[str]:
        """The ids of requirements whose title or text is new: those that may have become like another one."""
        added = (entry.id for entry in self.added if isinstance(entry, Requirement))
        changed = (
            change.after.id
            for change in self.changed
            if isinstance(change.after, Requirement) and (change.text or change.field("title"))
        )
        return frozenset((*added, *changed))

    @cached_property
    def newly_said(self) -> tuple[tuple[Note, str], ...]:
        """Every note that names a requirement which it didn't name before, with that requirement's id."""
        notes = [(None, entry) for entry in self.added] + [(change.before, change.after) for change in self.changed]
        return tuple(
            (after, ref)
            for before, after in notes
            if isinstance(after, Note)
            for ref in after.requirements
            if not (isinstance(before, Note) and ref in before.requirements)
        )


def differences(old: Pool, new: Pool) -> Differences:
    """What differs between two pools. The order of a list's items, a file's name and place, comments don't count."""
    added: list[Entry] = []
    changed: list[Change] = []
    removed: list[Entry] = []
    for kind, now in new.by_kind.items():
        then = old.by_kind.get(kind, {})
        added += (entry for key, entry in now.items() if key not in then)
        removed += (entry for key, entry in then.items() if key not in now)
        for key, after in now.items():
            before = then.get(key)
            if before is not None and not written_alike(before, after):
                fields = tuple(field_changes(old, new, before, after))
                if fields or before.body != after.body:
                    changed.append(Change(before, after, fields, before.body != after.body))
    for kind, then in old.by_kind.items():
        if kind not in new.by_kind:
            removed += then.values()
    return Differences(tuple(added), tuple(changed), tuple(removed))


def written_alike(before: Entry, after: Entry) -> bool:
    """Whether two entries were read from the same characters, so that no field needs a look."""
    if before is after:
        return True
    front = after.origin.front
    return bool(front) and front == before.origin.front and before.body == after.body


def field_changes(old: Pool, new: Pool, before: Entry, after: Entry) -> Iterator[FieldChange]:
    """The fields of two entries of a kind that differ, in the schema's order; those of only one schema too."""
    for name in dict.fromkeys((*new.schema[after.kind].fields, *old.schema[before.kind].fields)):
        then, now = getattr(before, name, None), getattr(after, name, None)
        if then != now and not same_items(then, now):
            yield FieldChange(name, then, now)


def same_items(then: Any, now: Any) -> bool:
    """Whether two lists hold the same in another order."""
    return isinstance(then, tuple) and isinstance(now, tuple) and set(then) == set(now)
