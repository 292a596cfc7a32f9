"""What became of each entry since a base: kept, given another id, deleted, or new."""

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from functools import cached_property

from tobkit.model.base import Base
from tobkit.model.kinds import Entry, Note
from tobkit.model.pool import Pool

Key = tuple[str, str]
"""An entry's kind and id."""


class Changes:
    """The differences between a base and a pool, entry by entry. Without a base there are none.

    `kept` are (then, now) of every entry whose file differs; `renamed` the same of those that have another id now, by kind
    and former id; `deleted` the entries that are gone, by kind and anything that meant them; `new` those that weren't
    there, by path. `known` are the ids and aliases, by kind, that mean an entry now, also one that can't be read.
    """

    def __init__(self, pool: Pool, base: Base | None, known: Mapping[str, AbstractSet[str]]) -> None:
        self.kept: list[tuple[Entry, Entry]] = []
        self.renamed: dict[Key, tuple[Entry, Entry]] = {}
        self.deleted: dict[Key, Entry] = {}
        self.new: dict[str, Entry] = {}
        if base is not None and base.changed:
            self.compare(pool, base, known)

    def compare(self, pool: Pool, base: Base, known: Mapping[str, AbstractSet[str]]) -> None:
        now = {entry.path: entry for entry in pool.entries if entry.origin.path in base.changed}
        then = {path: entry for path in sorted(base.changed) if (entry := base.changed[path]) is not None and entry.id}
        self.new = {path: now[path] for path in sorted(now)}
        left: dict[Key, Entry] = {}
        for path, before in then.items():
            if path in now and key(now[path]) == key(before):
                self.kept.append((before, self.new.pop(path)))
            else:
                left.setdefault(key(before), before)
        for path, after in list(self.new.items()):
            moved = left.pop(key(after), None)
            if moved is not None:
                self.kept.append((moved, self.new.pop(path)))
        gone = [before for before in left.values() if before.id not in known.get(before.kind, ())]
        for before, after in same_with_other_id(gone, self.new):
            self.renamed[key(before)] = before, self.new.pop(after.path)
        deleted = [before for before in gone if key(before) not in self.renamed]
        self.deleted = {key(before): before for before in deleted}
        for before in deleted:
            for alias in getattr(before, "aliases", ()):
                if alias not in known.get(before.kind, ()):
                    self.deleted.setdefault((before.kind, alias), before)

    @cached_property
    def newly_said(self) -> list[tuple[Note, str]]:
        """Every note that names a requirement which it didn't name before, with that requirement's id."""
        pairs = (*self.kept, *((None, after) for after in self.new.values()))
        return [
            (after, ref)
            for before, after in pairs
            if isinstance(after, Note)
            for ref in after.requirements
            if not (isinstance(before, Note) and ref in before.requirements)
        ]


def key(entry: Entry) -> Key:
    return entry.kind, entry.id


def same_with_other_id(gone: Iterable[Entry], new: Mapping[str, Entry]) -> list[tuple[Entry, Entry]]:
    """Those of the entries that are gone which live on under another id, in the same file or with the same content."""
    gone = list(gone)
    by_mark: dict[tuple[object, ...], Entry] = {}
    for after in new.values() if gone else ():
        for mark in marks(after):
            by_mark.setdefault(mark, after)
    found: dict[str, tuple[Entry, Entry]] = {}
    for before in gone:
        here = new.get(before.path)
        same = here if here is not None and here.kind == before.kind else None
        same = same or next((by_mark[mark] for mark in marks(before) if mark in by_mark), None)
        if same is not None:
            found.setdefault(same.path, (before, same))
    return list(found.values())


def marks(entry: Entry) -> Iterator[tuple[object, ...]]:
    """What tells an entry from others of its kind, beside its id."""
    source = getattr(entry, "source_id", None)
    if source:
        yield entry.kind, "source_id", source
    title = entry.label if entry.label != entry.id else entry.body.strip()
    if title:
        yield entry.kind, "title", title, getattr(entry, "date", None)
    else:
        yield entry.kind, "fields", repr(entry.model_dump(exclude={"id", "origin"}))
