"""What git knows, read once: commits with the entries' files that they change, and what those files say.

Both are true for good: a commit and a blob never change. So they are kept, and only what is new is read.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from tobkit.model.config import Config
from tobkit.model.history import TRACKED, Fact
from tobkit.model.schema import FieldSpec, KindSchema, Schema
from tobkit.store.frontmatter import MAX_BYTES, Document, read_document
from tobkit.store.git import Repository
from tobkit.store.history.log import day_of, log
from tobkit.store.reading import MOST_GUESSES, Reader
from tobkit.store.walk import ATTACHMENTS, is_utf8
from tobkit.store.workspace import Workspace

Known = str | tuple[str, ...] | bool | None
"""A value as a file had it; False where it can't be told, as with a misspelt choice."""

GONE = ""
"""Stands for what a file holds that a commit deletes."""

_REGULAR_FILE = ("100644", "100755")


class Commit(NamedTuple):
    """A commit: its parents, its author's day in the pool's time zone (empty where no calendar has it), its author, and
    (path below the workspace, name of its reading) of every entry's file that differs from its first parent.
    """

    parents: tuple[str, ...]
    day: str
    author: str
    changes: tuple[tuple[str, str], ...]


class Reading(NamedTuple):
    """What a version of an entry's file says: `mark` tells the entry from others of its kind, beside its id; `values`
    are those of the fields that `fields_of` its kind names.
    """

    mark: str
    values: tuple[Known, ...]


@dataclass
class Facts:
    """The commits that lead to `head`, by hash, and the readings of their files, by name (it begins with the kind); None for what
    can't be read.
    """

    head: str = ""
    commits: dict[str, Commit] = field(default_factory=dict)
    readings: dict[str, Reading | None] = field(default_factory=dict)


def fields_of(kind: KindSchema) -> tuple[FieldSpec, ...]:
    """The fields of a kind whose changes count, the id first."""
    return tuple(kind.fields[name] for name in TRACKED if name in kind.fields)


class File(NamedTuple):
    """An entry's file: its kind, and its path below the workspace and below the kind's folder."""

    kind: KindSchema
    path: str
    inner: str


def file_at(path: str, workspace: Workspace) -> File | None:
    """The entry's file at a path below the workspace; None for any other file."""
    inner = workspace.config.pool.inner(path)
    if inner is None or "/." in f"/{inner}" or f"/{ATTACHMENTS}/" in f"/{inner}" or not is_utf8(path):
        return None
    place = workspace.schema.place(inner)
    return File(place[0], path, place[1]) if place else None


def read_facts(workspace: Workspace, repository: Repository, head: str, facts: Facts) -> bool:
    """Take what is new up to a commit into `facts`, whose head it is then, unless git can't show the log.

    Says whether git has all versions of the files.
    """
    config = workspace.config
    shown = log(repository, head, facts.head, config.pool.below(""))
    if shown is None:
        return False
    files: dict[str, File | None] = {}
    wanted: dict[str, tuple[str, File]] = {}
    for header, changed in parted(shown, repository.prefix):
        changes = []
        for path, blob in changed:
            if path not in files:
                files[path] = file_at(path, workspace)
            file = files[path]
            if file is not None:
                name = reading_name(file, blob)
                changes.append((path, name))
                if name != GONE and name not in facts.readings:
                    wanted[name] = blob, file
        commit, found = commit_of(header, tuple(changes), config)
        facts.commits[commit] = found
    missing, versions = 0, Versions(workspace.schema)
    contents = repository.contents([blob for blob, _ in wanted.values()], MAX_BYTES + 1)
    for name, (_, file) in wanted.items():
        data = next(contents, None)
        if data is None:
            missing += 1
        else:
            facts.readings[name] = versions.read(file, data)
    facts.head = head
    return not missing


def reading_name(file: File, blob: str) -> str:
    """How a reading is called: as the blob, with all else that it depends on."""
    if blob == GONE:
        return GONE
    return f"{file.kind.name}:{blob}:{file.path}" if file.kind.is_adopted else f"{file.kind.name}:{blob}"


_RAW = re.compile(r"\n?:[0-7]{6} ([0-7]{6}) [0-9a-f]+ ([0-9a-f]+) [A-Z]\d*")


def parted(shown: str, prefix: str) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """The commits in what `log` gave: the lines about each, and (path below the workspace, blob) of what it changed."""
    words = iter(shown.split("\0"))
    header = next(words, "")
    changed: list[tuple[str, str]] = []
    for word in words:
        raw = _RAW.fullmatch(word)
        if raw is not None:
            path = next(words, "").removeprefix(prefix)
            changed.append((path, raw[2] if raw[1] in _REGULAR_FILE else GONE))
        else:
            yield header, changed
            header, changed = word, []
    if header:
        yield header, changed


def commit_of(header: str, changes: tuple[tuple[str, str], ...], config: Config) -> tuple[str, Commit]:
    names, time, author = header.split("\n", 2)
    commit, *parents = names.split(" ")
    day = day_of(time, config)
    shown = author.encode("utf-8", "replace").decode("utf-8")
    return commit, Commit(tuple(filter(None, parents)), day.isoformat() if day else "", shown, changes)


# What a file says


class Versions:
    """Reads versions of entries' files; what values mean is worked out once, since most come again and again."""

    def __init__(self, schema: Schema) -> None:
        self.fields = {name: fields_of(kind) for name, kind in schema.kinds.items()}
        self.meanings: dict[tuple[str, str, object], Known] = {}

    def read(self, file: File, data: bytes) -> Reading | None:
        """What a version of a file says; None where it can't be read or has no id."""
        kind, fields = file.kind, self.fields[file.kind.name]
        end = data.find(b"\n---", 3)
        if end >= 0 and len(data) <= MAX_BYTES and not kind.is_adopted:
            data = data[: end + 4]  # a body says nothing here
        document = read_document(data)
        if not document.readable:
            return None
        values: Mapping[str, object] = document.values
        if kind.is_adopted or not values.keys() <= kind.fields.keys():
            values = Reader(kind, file.path, document, [], kind.id_in(file.inner), MOST_GUESSES).canonical_fields()[0]
            found = tuple([value_of(spec, values.get(spec.name)) for spec in fields])
        else:
            found = tuple([self.meaning(file, document, spec) for spec in fields])
        return Reading(mark_of(values), found) if isinstance(found[0], str) else None

    def meaning(self, file: File, document: Document, spec: FieldSpec) -> Known:
        """What the value of a field means whose key is written as it should be."""
        value = document.values.get(spec.name)
        if value is None:
            return () if spec.many else None
        if isinstance(value, dict):
            return False
        name = file.kind.name, spec.name, tuple(map(str, value)) if isinstance(value, list) else value
        if name not in self.meanings:
            reader = Reader(file.kind, file.path, document, [])
            self.meanings[name] = value_of(spec, reader.canonical_value(spec, spec.name, value, {}))
        return self.meanings[name]


def value_of(spec: FieldSpec, value: object) -> Known:
    """A canonical value as history has it."""
    known = spec.choices.labels if spec.choices else None
    if spec.many:
        if not isinstance(value, tuple):
            return () if value is None else False
        return in_order(one for one in value if isinstance(one, str) and (known is None or one in known))
    if value is None:
        return None
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, str) and spec.type != "date" and (known is None or value in known) else False


def in_order(items: Iterable[str]) -> tuple[str, ...]:
    """The items of a list: their order in the file says nothing."""
    return tuple(sorted(set(items)))


def mark_of(values: Mapping[str, object]) -> str:
    """What an entry is called, and its date: so it is known again under another id. Where it has no name, what else it says."""
    title, day = (values.get("title") or values.get("name"), values.get("date"))
    if isinstance(title, str):
        return f"{title} {day or ''}"
    return " ".join(
        f"{key}={values[key]}" for key in sorted(values) if key != "id" and isinstance(values[key], (str, date))
    )


def plain(value: object) -> Fact:
    """The value of a loaded entry's field in the same form."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, tuple):
        return in_order(value) if len(value) > 1 else value
    return str(value)
