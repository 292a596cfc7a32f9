"""The pool: all sound entries of a workspace, with the look-ups and groups that every judgment starts from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, TypeVar, cast

from tobkit.model.config import Config
from tobkit.model.kinds import (
    CLOSED,
    Customer,
    Entry,
    Exchange,
    Incident,
    Module,
    Note,
    Organisation,
    Promise,
    Requirement,
)
from tobkit.model.schema import Schema

E = TypeVar("E", bound=Entry)


class Backlink(NamedTuple):
    """An entry that refers to another one, and by which field."""

    entry: Entry
    field: str


@dataclass(frozen=True)
class Statement:
    """Who says that a need has which impact: an entry of the group with its customers, or a note with its customer."""

    entry: Requirement | Note
    customers: tuple[Customer, ...]

    @property
    def impact(self) -> tuple[str, ...]:
        return self.entry.impact

    @property
    def competitors(self) -> tuple[str, ...]:
        return self.entry.competitors


@dataclass(frozen=True)
class Group:
    """A canonical requirement with everything that was merged into it or said about it.

    `members` begins with the canonical entry, then the merged ones by date and id. `notes` and `promises` are those
    that name any of the members, by date and id.
    """

    canonical: Requirement
    members: tuple[Requirement, ...]
    notes: tuple[Note, ...]
    promises: tuple[Promise, ...]
    statements: tuple[Statement, ...]
    counting_promises: tuple[Promise, ...]
    evidence: tuple[Customer, ...]

    @property
    def id(self) -> str:
        return self.canonical.id

    @property
    def merged(self) -> tuple[Requirement, ...]:
        return self.members[1:]


class Pool:
    """The sound entries of a workspace. References to entries that aren't there are simply not found.

    The mappings (`requirements`, `customers`, ...) are by id and sorted by id. `unread` are the (kind, id) of files
    that exist but couldn't be read, so that references to them aren't called dead.
    """

    def __init__(
        self, config: Config, schema: Schema, entries: Iterable[Entry], unread: Iterable[tuple[str, str]] = ()
    ) -> None:
        self.config = config
        self.schema = schema
        self.unread = frozenset(unread)
        self.by_kind: dict[str, dict[str, Entry]] = {name: {} for name in schema.kinds}
        for entry in sorted(entries, key=lambda entry: (entry.id, entry.path)):
            self.by_kind[entry.kind].setdefault(entry.id, entry)

    def of(self, model: type[E]) -> Mapping[str, E]:
        return cast(Mapping[str, E], self.by_kind[model.kind])

    @cached_property
    def requirements(self) -> Mapping[str, Requirement]:
        return self.of(Requirement)

    @cached_property
    def notes(self) -> Mapping[str, Note]:
        return self.of(Note)

    @cached_property
    def customers(self) -> Mapping[str, Customer]:
        return self.of(Customer)

    @cached_property
    def modules(self) -> Mapping[str, Module]:
        return self.of(Module)

    @cached_property
    def promises(self) -> Mapping[str, Promise]:
        return self.of(Promise)

    @cached_property
    def incidents(self) -> Mapping[str, Incident]:
        return self.of(Incident)

    @cached_property
    def organisations(self) -> Mapping[str, Organisation]:
        return self.of(Organisation)

    @cached_property
    def exchanges(self) -> Mapping[str, Exchange]:
        return self.of(Exchange)

    @property
    def entries(self) -> Iterable[Entry]:
        """All entries, by kind and id."""
        return (entry for kind in self.by_kind.values() for entry in kind.values())

    def find(self, ref: str) -> tuple[Entry, ...]:
        """The entries that an id, an alias or `kind:id` means; several where slugs of different kinds are equal."""
        kind, colon, rest = ref.partition(":")
        if colon and kind in self.by_kind:
            found = self.get(kind, rest)
            return (found,) if found else ()
        return tuple(found for kind in self.by_kind if (found := self.get(kind, ref)))

    def get(self, kind: str, ref: str) -> Entry | None:
        """The entry of a kind by id or alias."""
        entries = self.by_kind[kind]
        return entries.get(ref) or entries.get(self.aliases.get(kind, {}).get(ref, ""))

    @cached_property
    def aliases(self) -> dict[str, dict[str, str]]:
        """Kind -> alias -> id."""
        return alias_table(self.entries)

    def without(self, paths: Iterable[str]) -> "Pool":
        """The pool without the entries in these files."""
        left_out = frozenset(paths)
        if not left_out:
            return self
        entries = (entry for entry in self.entries if entry.path not in left_out)
        return Pool(self.config, self.schema, entries, self.unread)

    def stage(self, requirement: Requirement) -> str:
        """Which of the seven statuses the requirement's status stands for."""
        return self.schema.stage(requirement.status)

    # Backlinks

    @cached_property
    def backlinks(self) -> Mapping[tuple[str, str], tuple[Backlink, ...]]:
        """(kind, id) -> who refers to it, by kind and id."""
        found: dict[tuple[str, str], list[Backlink]] = {}
        for entry in self.entries:
            for spec in self.schema[entry.kind].references:
                value = getattr(entry, spec.name)
                for ref in value if spec.many else (value,):
                    if ref is not None and spec.reference is not None:
                        found.setdefault((spec.reference, ref), []).append(Backlink(entry, spec.name))
        return {key: tuple(links) for key, links in found.items()}

    def linked(self, entry: Entry, model: type[E], field: str) -> tuple[E, ...]:
        """The entries of a kind whose `field` refers to this entry, by id."""
        links = self.backlinks.get((entry.kind, entry.id), ())
        return tuple(link.entry for link in links if link.field == field and isinstance(link.entry, model))

    # Groups

    @cached_property
    def canonical_ids(self) -> Mapping[str, str]:
        """Requirement id -> the id of the entry that it is merged into, through chains.

        Members of a cycle are each their own; so is an entry whose target isn't in the pool.
        """
        resolved: dict[str, str] = {}
        for start in self.requirements:
            trail: dict[str, None] = {}
            current = start
            while current not in resolved and current not in trail:
                trail[current] = None
                target = self.requirements[current].duplicate_of
                if target is None or target not in self.requirements:
                    break
                current = target
            if current in resolved:
                end = resolved[current]
            elif current in trail and self.requirements[current].duplicate_of in trail:
                passed = list(trail)
                resolved.update({member: member for member in passed[passed.index(current) :]})
                end = current
            else:
                end = current
            for member in trail:
                resolved.setdefault(member, end)
        return resolved

    def canonical(self, requirement_id: str) -> str:
        return self.canonical_ids.get(requirement_id, requirement_id)

    @cached_property
    def groups(self) -> Mapping[str, Group]:
        """Canonical id -> its group, for every requirement that isn't merged into another, by id."""
        members: dict[str, list[Requirement]] = {}
        for requirement_id, canonical in self.canonical_ids.items():
            members.setdefault(canonical, []).append(self.requirements[requirement_id])
        notes: dict[str, dict[str, Note]] = {}
        for note in self.notes.values():
            for ref in note.requirements:
                if ref in self.canonical_ids:
                    notes.setdefault(self.canonical_ids[ref], {})[note.id] = note
        promises: dict[str, list[Promise]] = {}
        for promise in self.promises.values():
            if promise.requirement in self.canonical_ids:
                promises.setdefault(self.canonical_ids[promise.requirement], []).append(promise)
        return {
            canonical: self._group(canonical, found, notes.get(canonical, {}).values(), promises.get(canonical, ()))
            for canonical, found in sorted(members.items())
        }

    def _group(
        self, canonical: str, members: list[Requirement], notes: Iterable[Note], promises: Iterable[Promise]
    ) -> Group:
        by_date = sorted(members, key=lambda member: (member.id != canonical, member.date, member.id))
        said = tuple(sorted(notes, key=lambda note: (note.date, note.id)))
        promised = tuple(sorted(promises, key=lambda promise: (promise.date, promise.id)))
        statements = (
            *(Statement(member, self._customers(member.customers)) for member in by_date),
            *(Statement(note, self._customers((note.customer,))) for note in said),
        )
        counting = tuple(promise for promise in promised if self.counts(promise, by_date[0]))
        voices = {customer.id: customer for statement in statements for customer in statement.customers}
        voices |= {customer.id: customer for p in counting for customer in self._customers((p.customer,))}
        evidence = tuple(voices[key] for key in sorted(voices) if voices[key].live)
        return Group(by_date[0], tuple(by_date), said, promised, statements, counting, evidence)

    def _customers(self, refs: Iterable[str | None]) -> tuple[Customer, ...]:
        return tuple(self.customers[ref] for ref in refs if ref is not None and ref in self.customers)

    def counts(self, promise: Promise, canonical: Requirement) -> bool:
        """Whether a promise counts: open, to a live customer, and approved or on accepted or begun work."""
        customer = self.customers.get(promise.customer)
        if promise.status != "open" or customer is None or not customer.live:
            return False
        return promise.approved_by is not None or self.stage(canonical) in ("accepted", "building")

    def is_ranked(self, group: Group) -> bool:
        """Whether a group takes part in the ranking: neither merged away nor closed."""
        return group.canonical.duplicate_of is None and self.stage(group.canonical) not in CLOSED

    def group_of(self, requirement_id: str) -> Group | None:
        return self.groups.get(self.canonical(requirement_id))


def alias_table(entries: Iterable[Entry]) -> dict[str, dict[str, str]]:
    """Kind -> alias -> id; where two entries claim an alias, the first by id has it (and `check` says so)."""
    table: dict[str, dict[str, str]] = {}
    for entry in sorted(entries, key=lambda entry: entry.id):
        for alias in getattr(entry, "aliases", ()):
            table.setdefault(entry.kind, {}).setdefault(alias, entry.id)
    return table
