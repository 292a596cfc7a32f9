"""From commits to timelines: a pure function of what git knows.

Every commit's state follows from its first parent's. In a merge, a value that another parent brought keeps the history that it has
there; one that no parent has was made in the merge. So a change is told once, where it was made, however it came to HEAD.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from tobkit.model.history import Fact
from tobkit.store.history.facts import GONE, Commit, Known, Reading

CREATED = -1
"""Stands for a field's number where an entry came to be."""


class Change(NamedTuple):
    """A field (by its number among its kind's) that a commit (by its number in order of arrival) changed."""

    commit: int
    field: int
    old: Fact = None
    new: Fact = None


class Record(NamedTuple):
    """An entry at a commit: its file, kind, mark and values (the id is the first), and what happened to it so far."""

    path: str
    kind: str
    mark: str
    values: tuple[Fact, ...]
    changes: tuple[Change, ...]

    @property
    def key(self) -> tuple[str, Fact]:
        return self.kind, self.values[0]


class Arrived(NamedTuple):
    """A commit in order of arrival."""

    hash: str
    day: str
    author: str


class State:
    """The entries at a commit: by path, and by kind and id those that are there or were."""

    def __init__(self) -> None:
        self.files: dict[str, Record] = {}
        self.known: dict[tuple[str, Fact], Record] = {}

    def copy(self) -> "State":
        copied = State()
        copied.files, copied.known = self.files.copy(), self.known.copy()
        return copied

    def is_here(self, record: Record) -> bool:
        return self.files.get(record.path) is record

    def put(self, record: Record, before: Record | None = None) -> None:
        """Put an entry into its place; what had its id elsewhere keeps it."""
        if before is not None and before.key != record.key and self.known.get(before.key) is before:
            del self.known[before.key]
        other = self.known.get(record.key)
        self.files[record.path] = record
        if other is None or other is before or not self.is_here(other):
            self.known[record.key] = record

    def find(self, path: str, key: tuple[str, Fact]) -> Record | None:
        """The entry of that id, in this file if it is there."""
        here = self.files.get(path)
        return here if here is not None and here.key == key else self.known.get(key)


def fold(
    head: str, commits: Mapping[str, Commit], readings: Mapping[str, Reading | None]
) -> tuple[list[Arrived], list[Record]]:
    """The commits that lead to `head` in order of arrival, and the entries there, by path.

    Raises KeyError where a commit isn't given.
    """
    order = arrival(head, commits)
    children = Counter(parent for name in order for parent in commits[name].parents)
    children[head] += 1
    states: dict[str, State] = {}
    for number, name in enumerate(order):
        commit = commits[name]
        parents = [states[parent] for parent in commit.parents]
        children.subtract(commit.parents)
        state = first_state(commit, parents, children)
        if commit.changes:
            Step(number, state, parents[1:]).take(commit.changes, readings)
        states[name] = state
        for parent in commit.parents:
            if not children[parent]:
                states.pop(parent, None)
    days = dict(zip(order, clamped(order, commits), strict=True))
    arrived = [Arrived(name, days[name], commits[name].author) for name in order]
    return arrived, [record for _, record in sorted(states[head].files.items())]


def first_state(commit: Commit, parents: Sequence[State], children: Mapping[str, int]) -> State:
    """The first parent's state, to be changed; a copy where another commit needs it still."""
    if not parents:
        return State()
    needed = children[commit.parents[0]] or parents[0] in parents[1:]
    return parents[0].copy() if needed else parents[0]


def arrival(head: str, commits: Mapping[str, Commit]) -> list[str]:
    """All that leads to `head`, in the order in which it came: a branch's commits right before the merge that brought them."""
    order: list[str] = []
    seen = {head}
    path = [(head, iter(commits[head].parents))]
    while path:
        name, parents = path[-1]
        for parent in parents:
            if parent not in seen:
                seen.add(parent)
                path.append((parent, iter(commits[parent].parents)))
                break
        else:
            order.append(name)
            path.pop()
    return order


# Days


def clamped(order: Sequence[str], commits: Mapping[str, Commit]) -> list[str]:
    """A day for every commit that is never before its parents', whatever clocks said.

    On the line of first parents as many as possible keep their own day, and the others (whose clock ran ahead or behind) take
    that of the last before them which does. A branch's commits keep to the time between their parents and their merge.
    """
    line = [order[-1]]
    while commits[line[-1]].parents:
        line.append(commits[line[-1]].parents[0])
    line.reverse()
    days = dict(zip(line, steady([commits[name].day for name in line]), strict=True))
    latest = ""
    bounds: dict[str, str] = {}
    for name in reversed(order):
        latest = days.get(name, latest)
        bounds[name] = latest
    for name in order:
        if name not in days:
            before = (days[parent] for parent in commits[name].parents)
            days[name] = min(max((commits[name].day or bounds[name], *before)), bounds[name])
    return [days[name] for name in order]


def steady(days: Sequence[str]) -> list[str]:
    """The days with those replaced that don't fit into a longest sequence in which none is before the last (empty ones
    never fit). Of several such sequences, it is the one with the later days: a clock rather runs behind than ahead.
    """
    kept = longest([-ordinal(day) if day else None for day in reversed(days)])
    kept = {len(days) - 1 - number for number in kept}
    first = next((days[number] for number in sorted(kept)), _NO_DAY)
    steadied: list[str] = []
    for number, day in enumerate(days):
        steadied.append(day if number in kept else steadied[-1] if steadied else first)
    return steadied


_NO_DAY = "1970-01-01"


def ordinal(day: str) -> int:
    return int(day.replace("-", ""))


def longest(numbers: Sequence[int | None]) -> set[int]:
    """The places of a longest non-decreasing subsequence (patience sorting); None never belongs to it."""
    tails: list[int] = []
    places: list[int] = []
    before: dict[int, int | None] = {}
    for place, number in enumerate(numbers):
        if number is None:
            continue
        pile = bisect_right(tails, number)
        before[place] = places[pile - 1] if pile else None
        tails[pile : pile + 1] = [number]
        places[pile : pile + 1] = [place]
    found: set[int] = set()
    last = places[-1] if places else None
    while last is not None:
        found.add(last)
        last = before[last]
    return found


# A commit's changes


class Step:
    """What one commit does to the state of its first parent; `others` are the states of the other ones."""

    def __init__(self, number: int, state: State, others: Sequence[State]) -> None:
        self.number = number
        self.state = state
        self.others = others

    def take(self, changes: Iterable[tuple[str, str]], readings: Mapping[str, Reading | None]) -> None:
        """Change the state. A version that can't be read says nothing: the entry stays as it was."""
        files = self.state.files
        gone: dict[str, Record] = {}
        new: list[tuple[str, str, Reading]] = []
        for path, name in changes:
            here = files.get(path)
            reading = readings.get(name) if name != GONE else None
            if reading is None and name != GONE:
                continue
            kind = name.partition(":")[0]
            if here is not None and reading is not None and here.key == (kind, reading.values[0]):
                self.change(path, kind, reading, here)
                continue
            if here is not None:
                gone[path] = files.pop(path)
            if reading is not None:
                new.append((path, kind, reading))
        new.sort(key=lambda each: (each[1], each[2].values[0]) not in self.state.known)  # who keeps the id comes first
        for path, kind, reading in new:
            self.change(path, kind, reading, self.before(path, kind, reading, gone))

    def before(self, path: str, kind: str, reading: Reading, gone: dict[str, Record]) -> Record | None:
        """The entry that a file holds now, as it was: elsewhere, deleted, or under another id. It isn't gone then."""
        found = self.state.known.get((kind, _text(reading.values[0])))
        if found is not None and self.state.is_here(found):
            return None
        if found is None:
            same = (one for one in gone.values() if one.kind == kind and one.mark == reading.mark != "")
            found = gone.get(path) or next(same, None)
        if found is not None and gone.get(found.path) is found:
            del gone[found.path]
        return found

    def change(self, path: str, kind: str, reading: Reading, before: Record | None) -> None:
        key = kind, _text(reading.values[0])
        others = (other.find(path, key) for other in self.others)
        candidates = [one for one in (before, *others) if one is not None]
        if not candidates:
            values = tuple(_text(value) for value in reading.values)
            record = Record(path, kind, reading.mark, values, (Change(self.number, CREATED),))
        elif len(candidates) == 1:
            record = self.changed(path, reading, candidates[0])
        else:
            record = self.merged(path, reading, candidates)
        self.state.put(record, before)

    def changed(self, path: str, reading: Reading, before: Record) -> Record:
        """The entry after a change."""
        if before.values == reading.values:
            return Record(path, before.kind, reading.mark, before.values, before.changes)
        values = tuple(old if new is False else new for old, new in zip(before.values, reading.values, strict=True))
        changes = tuple(
            Change(self.number, field, old, new)  # type: ignore[arg-type]
            for field, (old, new) in enumerate(zip(before.values, values, strict=True))
            if old != new
        )
        return Record(path, before.kind, reading.mark, values, before.changes + changes)  # type: ignore[arg-type]

    def merged(self, path: str, reading: Reading, candidates: Sequence[Record]) -> Record:
        """The entry after a merge: each value with the history of the first parent that has it."""
        first = candidates[0]
        values: list[Fact] = []
        changes = [change for change in first.changes if change.field == CREATED]
        for field, read in enumerate(reading.values):
            value = first.values[field] if isinstance(read, bool) else read
            source = next((one for one in candidates if one.values[field] == value), None)
            changes += (change for change in (source or first).changes if change.field == field)
            if source is None:
                changes.append(Change(self.number, field, first.values[field], value))
            values.append(value)
        changes.sort(key=lambda change: change[:2])
        return Record(path, first.kind, reading.mark, tuple(values), tuple(changes))


def _text(value: Known) -> Fact:
    return None if isinstance(value, bool) else value
