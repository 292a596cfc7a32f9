"""The history of a pool's entries, from git: when what changed, by whom.

One pass over the log gives the facts (`facts`): commits with the files that they change, and what those files said. From these the timelines
follow (`fold`), and with what isn't committed yet they are the pool's history. Both are kept below `.tobkit/` (`kept`): the
facts to continue from, the timelines for as long as HEAD stays. Neither changes any answer.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import cached_property
from operator import attrgetter
from typing import NamedTuple

from tobkit.errors import TobkitError
from tobkit.messages import NOTHING, Message, msg
from tobkit.model.history import Event, Fact, History, Timeline
from tobkit.model.kinds import Entry
from tobkit.model.pool import Pool
from tobkit.model.schema import FieldSpec
from tobkit.store.git import Repository
from tobkit.store.history.facts import Facts, fields_of, in_order, plain, read_facts
from tobkit.store.history.fold import fold
from tobkit.store.history.kept import FIELD, Kept, Timelines, packed, unpacked
from tobkit.store.history.log import cut_at, has_commit, head_of, written_on
from tobkit.store.load import collector_paused
from tobkit.store.workspace import Workspace

__all__ = ["day_of_commit", "read_history"]


def read_history(workspace: Workspace, pool: Pool, today: date, *, cached: bool = True) -> History:
    """The timelines of the pool's entries; what isn't committed yet counts as of today.

    `pool` holds the entries as the files have them, without an overlay. Where git knows nothing, or not all, the history's
    notice says so. `cached` says whether what an earlier run kept is used, and is kept for the next.
    """
    repository = Repository.around(workspace.root)
    if repository is None:
        return History(notice=msg("There is no git repository around the workspace, so earlier changes aren't known."))
    head = head_of(repository)
    if head is None:
        return History(notice=msg("Nothing is committed yet, so earlier changes aren't known."))
    with collector_paused():
        found = committed(workspace, repository, head, cached)
        if found is None:
            return History(
                notice=msg("git can't show the log, so earlier changes aren't known; is the repository damaged?")
            )
        timelines = completed(pool, found, cut_at(repository), today)
    return History(timelines, notice_of(repository, found))


def day_of_commit(workspace: Workspace, ref: str) -> date:
    """The day on which a commit was written, in the pool's time zone.

    Raises TobkitError where there is no such commit, or its date is one that no calendar has.
    """
    repository = Repository.around(workspace.root)
    day = written_on(repository, repository.commit(ref), workspace.config) if repository else None
    if day is None:
        raise TobkitError(msg("It isn't known when “{ref}” was written; give the day with --today.", ref=ref))
    return day


def notice_of(repository: Repository, found: Timelines) -> Message:
    cut = [day for name, day, _ in found.commits if name in cut_at(repository)]
    if cut:
        return msg(
            "This clone has only the latest commits: what changed before {day} isn't known. "
            "`git fetch --unshallow` gets the others (in a CI job: fetch-depth: 0).",
            day=date.fromisoformat(min(cut)),
        )
    if not found.whole:
        return msg("This clone doesn't have all earlier versions of the files, so some changes aren't known.")
    return NOTHING


def committed(workspace: Workspace, repository: Repository, head: str, cached: bool) -> Timelines | None:
    """The timelines up to a commit; None where git can't show the log."""
    kept = Kept(workspace, repository)
    found = kept.timelines(head) if cached else None
    if found is not None:
        return found
    facts = kept.facts() if cached else Facts()
    if facts.head and not has_commit(repository, facts.head):
        facts.head = ""
    continued = facts != Facts()
    try:
        found = derived(workspace, repository, head, facts)
    except (LookupError, ValueError):  # what was kept isn't what was written
        found = None
    if found is None and continued:
        facts = Facts()
        found = derived(workspace, repository, head, facts)
    if found is not None and cached and found.whole:
        kept.keep(facts, found)
    return found


def derived(workspace: Workspace, repository: Repository, head: str, facts: Facts) -> Timelines | None:
    """The timelines up to a commit, from the facts and what they lack yet; None where git can't show the log."""
    whole = read_facts(workspace, repository, head, facts)
    if facts.head != head:
        return None
    arrived, records = fold(head, facts.commits, facts.readings)
    facts.commits = {commit.hash: facts.commits[commit.hash] for commit in arrived}
    return Timelines.of(head, arrived, records, whole)


# What isn't committed yet


def completed(pool: Pool, found: Timelines, shallow: frozenset[str], today: date) -> dict[tuple[str, str], Timeline]:
    """The timelines of the pool's entries by kind and id, with how their files differ from the commit."""
    told = Told(pool, found, shallow)
    timelines: dict[tuple[str, str], Timeline] = {}
    for kind in pool.schema.kinds.values():
        fields = fields_of(kind)
        values_of = attrgetter(*(spec.name for spec in fields), "id")  # twice the id, so that it is always a tuple
        for entry in pool.by_kind[kind.name].values():
            place = told.place(entry)
            if place is None:
                timelines[kind.name, entry.id] = Timeline((Event(today),))
                continue
            timeline = told.timeline(place, fields)
            values = packed([one if one is None or type(one) is str else plain(one) for one in values_of(entry)[:-1]])
            if values != found.values[place]:
                changed = told.changed(fields, found.values[place], values, today)
                timeline = Timeline((*timeline.events, *changed))
            timelines[kind.name, entry.id] = timeline
    return timelines


class Change(NamedTuple):
    """A commit's and a field's place in their lists, and the field's values, packed."""

    commit: int
    field: int
    old: str
    new: str


class Told:
    """The timelines of a commit, entry by entry, with references by alias turned into ids."""

    def __init__(self, pool: Pool, found: Timelines, shallow: frozenset[str]) -> None:
        self.pool = pool
        self.found = found
        self.moments = [(date.fromisoformat(day), author, name) for name, day, author in found.commits]
        self.created = [Timeline(() if moment[2] in shallow else (Event(*moment),)) for moment in self.moments]
        self.facts: dict[tuple[str | None, str], Fact] = {}
        self.changes: dict[int, list[Change]] = {}
        for entry, commit, field, old, new in found.changes:
            self.changes.setdefault(entry, []).append(Change(commit, field, old, new))
        self.by_path = {path: place for place, path in enumerate(found.paths)}

    @cached_property
    def by_key(self) -> dict[tuple[str, Fact], int]:
        ids = (unpacked(values)[0] for values in self.found.values)
        keys = zip(self.found.kinds, ids, strict=True)
        return {key: place for place, key in reversed([*enumerate(keys)])}

    def place(self, entry: Entry) -> int | None:
        """Where an entry stands among those of the commit: its file, or one with its id that was moved since."""
        place = self.by_path.get(entry.path)
        if place is not None and self.found.kinds[place] == entry.kind:
            return place
        return self.by_key.get((entry.kind, entry.id))

    def timeline(self, place: int, fields: Sequence[FieldSpec]) -> Timeline:
        """An entry's timeline up to the commit."""
        created = self.created[self.found.created[place]]
        changes = self.changes.get(place)
        if changes is None:
            return created
        events = (
            Event(
                *self.moments[commit], fields[field].name, self.fact(fields[field], old), self.fact(fields[field], new)
            )
            for commit, field, old, new in changes
        )
        return Timeline((*created.events, *(event for event in events if event.old != event.new)))

    def changed(self, fields: Sequence[FieldSpec], before: str, after: str, today: date) -> Iterator[Event]:
        """The differences between values as they were and are."""
        for spec, old, new in zip(fields, before.split(FIELD), after.split(FIELD), strict=True):
            event = Event(today, field=spec.name, old=self.fact(spec, old), new=self.fact(spec, new))
            if event.old != event.new:
                yield event

    def fact(self, spec: FieldSpec, text: str) -> Fact:
        """What a packed value means; most come again and again."""
        name = spec.reference, text
        if name not in self.facts:
            self.facts[name] = self.with_ids(spec, unpacked(text)[0])
        return self.facts[name]

    def with_ids(self, spec: FieldSpec, value: Fact) -> Fact:
        table = self.aliases.get(spec.reference or "")
        if not table:
            return value
        return (
            in_order(table.get(one, one) for one in value)
            if isinstance(value, tuple)
            else table.get(value or "", value)
        )

    @cached_property
    def aliases(self) -> dict[str, dict[str, str]]:
        """Kind -> alias -> id, as loading has them: an id isn't an alias."""
        return {
            kind: {alias: target for alias, target in table.items() if alias not in self.pool.by_kind[kind]}
            for kind, table in self.pool.aliases.items()
        }
