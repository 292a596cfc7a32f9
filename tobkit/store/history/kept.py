"""What is kept of the history below `.tobkit/`: the facts, and the timelines up to a commit.

Whoever can write there could write anything. So what is read is validated to the last value, and dropped without a word where
it isn't what could have been written; nothing in it is ever run. Keeping nothing (a read-only disk, say) is no fault.
"""

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date
from typing import NamedTuple, TypeVar

from pydantic import TypeAdapter, ValidationError

from tobkit import __version__
from tobkit.model.history import Fact
from tobkit.store.git import Repository
from tobkit.store.history.facts import Facts, fields_of
from tobkit.store.history.fold import CREATED, Arrived, Record
from tobkit.store.history.log import cut_at
from tobkit.store.workspace import Workspace

T = TypeVar("T")

FOLDER = ".tobkit"
FACTS = "history-facts.json"
TIMELINES = "history.json"
MOST_BYTES = 1024**3

FORMAT = 1
"""Goes up with every change of what is kept, or of how it is found."""

Told = tuple[int, int, int, str, str]
"""An entry's and a commit's place in their lists, a field's among its kind's, its value before and after, packed."""


class Timelines(NamedTuple):
    """The timelines of the entries at a commit, as columns: so 10,000 are read in a blink.

    `commits` are (hash, day, author) of those that are named. Entries stand in `paths`, `kinds`, `values` (packed) and
    `created` (the place of the commit where they came to be); `changes` are all later changes, by entry and in order.
    `whole` is whether git has all versions.
    """

    head: str
    commits: list[tuple[str, str, str]]
    paths: list[str]
    kinds: list[str]
    values: list[str]
    created: list[int]
    changes: list[Told]
    whole: bool = True

    @classmethod
    def of(cls, head: str, arrived: Sequence[Arrived], records: Sequence[Record], whole: bool) -> "Timelines":
        named = sorted({change.commit for record in records for change in record.changes})
        place = {number: index for index, number in enumerate(named)}
        return cls(
            head,
            [(arrived[number].hash, arrived[number].day, arrived[number].author) for number in named],
            [record.path for record in records],
            [record.kind for record in records],
            [packed(record.values) for record in records],
            [place[record.changes[0].commit] for record in records],
            [
                (number, place[change.commit], change.field, packed((change.old,)), packed((change.new,)))
                for number, record in enumerate(records)
                for change in record.changes
                if change.field != CREATED
            ],
            whole,
        )


# Values as text: a list's items behind a sign each, fields between others, which no value holds.

ITEM, FIELD = "\x1e", "\x1f"
_SPACES = str.maketrans(ITEM + FIELD, "  ")


def packed(values: Iterable[Fact]) -> str:
    """Values as a single text; nothing and an empty list are the same."""
    parts = []
    items = -1
    for value in values:
        if type(value) is tuple:
            parts.append(ITEM.join(("", *value)))
            items += len(value)
        else:
            parts.append(value or "")  # type: ignore[arg-type]
    text = FIELD.join(parts)
    if text.count(FIELD) == len(parts) - 1 and text.count(ITEM) == items + 1:
        return text
    return packed([clean(value) for value in values])


def clean(value: Fact) -> Fact:
    return tuple(map(clean_text, value)) if isinstance(value, tuple) else clean_text(value or "")


def clean_text(text: str) -> str:
    return text.translate(_SPACES)


def unpacked(text: str) -> list[Fact]:
    """The values in a text; None for nothing."""
    return [tuple(one[1:].split(ITEM)) if one.startswith(ITEM) else one or None for one in text.split(FIELD)]


# Files


class Kept:
    """What is kept for a workspace."""

    def __init__(self, workspace: Workspace, repository: Repository) -> None:
        self.folder = workspace.root / FOLDER
        self.schema = workspace.schema
        self.key = key(workspace, repository)

    def timelines(self, head: str) -> Timelines | None:
        """Those that are kept, if they are of this commit."""
        found: Timelines | None = self.read(TIMELINES, _TIMELINES)
        if found is None or found.head != head or not self.is_sound(found):
            return None
        return found

    def is_sound(self, found: Timelines) -> bool:
        """Whether everything in it refers to something that is there."""
        columns = (found.kinds, found.values, found.created)
        if any(len(column) != len(found.paths) for column in columns):
            return False
        widths = {name: len(fields_of(kind)) for name, kind in self.schema.kinds.items()}
        try:
            for _, day, _ in found.commits:
                date.fromisoformat(day)
        except ValueError:
            return False
        return (
            all(widths.get(kind) == text.count(FIELD) + 1 for kind, text in zip(found.kinds, found.values, strict=True))
            and all(0 <= commit < len(found.commits) for commit in found.created)
            and all(
                0 <= entry < len(found.paths)
                and 0 <= commit < len(found.commits)
                and 0 <= field < widths[found.kinds[entry]]
                for entry, commit, field, _, _ in found.changes
            )
        )

    def facts(self) -> Facts:
        """The facts that are kept; none where they can't be used."""
        found: Facts | None = self.read(FACTS, _FACTS)
        if found is None:
            return Facts()
        widths = {name: len(fields_of(kind)) for name, kind in self.schema.kinds.items()}
        if any(name and name not in found.readings for one in found.commits.values() for _, name in one.changes):
            return Facts()
        for name, reading in found.readings.items():
            if reading is not None and widths.get(name.partition(":")[0]) != len(reading.values):
                return Facts()
        return found

    def keep(self, facts: Facts, timelines: Timelines) -> None:
        """Keep both for the next run, without the readings that no commit needs any more."""
        used = {name for commit in facts.commits.values() for _, name in commit.changes}
        facts.readings = {name: one for name, one in facts.readings.items() if name in used}
        with suppress(OSError):
            self.write(FACTS, _FACTS.dump_json((self.key, facts)))
            self.write(TIMELINES, _TIMELINES.dump_json((self.key, timelines)))

    def read(self, name: str, adapter: TypeAdapter[tuple[str, T]]) -> T | None:
        """What a file holds; None where it isn't there, or isn't for this workspace as it is, or isn't sound."""
        file = self.folder / name
        try:
            if self.folder.is_symlink() or file.is_symlink() or file.stat().st_size > MOST_BYTES:
                return None
            found, held = adapter.validate_json(file.read_bytes())
        except (OSError, ValidationError):
            return None
        return held if found == self.key else None

    def write(self, name: str, data: bytes) -> None:
        """Write a file at once or not at all. A link out of the workspace isn't followed. Raises OSError."""
        if self.folder.is_symlink():
            return
        self.folder.mkdir(exist_ok=True)
        unseen = self.folder / ".gitignore"
        if not unseen.exists():
            unseen.write_text("*\n", encoding="utf-8")
        new = self.folder / f"{name}-{secrets.token_hex(8)}"
        try:
            new.write_bytes(data)
            new.replace(self.folder / name)
        finally:
            new.unlink(missing_ok=True)


_FACTS: TypeAdapter[tuple[str, Facts]] = TypeAdapter(tuple[str, Facts])
_TIMELINES: TypeAdapter[tuple[str, Timelines]] = TypeAdapter(tuple[str, Timelines])


def key(workspace: Workspace, repository: Repository) -> str:
    """What all that is kept depends on, beside git's commits: this code, the configuration, where the clone is cut."""
    config = workspace.config.model_dump_json(include={"pool", "workflow", "fields", "kinds"})
    parts: Iterable[str] = (__version__, str(FORMAT), repository.prefix, config, *sorted(cut_at(repository)))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
