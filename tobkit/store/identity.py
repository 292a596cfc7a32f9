"""Ids: drawing new ones, and giving an entry another one."""

import re
import secrets
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tobkit.errors import TobkitError
from tobkit.messages import msg
from tobkit.model.kinds import Entry
from tobkit.model.pool import Pool
from tobkit.store.edit import FieldValue, Part, edited
from tobkit.store.git import Repository
from tobkit.store.load import Loaded
from tobkit.store.workspace import Workspace

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
LONGEST_NAME = 24
"""Han characters in the readable part of a file's name; some systems allow 255 bytes of UTF-8 for the whole."""

NOT_ON_WINDOWS = frozenset({"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))})
_WORDS = re.compile(r"[^\W_]+")


def new_id(prefix: str, taken: Iterable[str]) -> str:
    """A random id that isn't taken: the prefix and six characters of Crockford's base32, drawn at random."""
    known = frozenset(taken)
    while True:
        drawn = f"{prefix}-" + "".join(secrets.choice(ALPHABET) for _ in range(6))
        if drawn not in known:
            return drawn


def next_number(taken: Iterable[str]) -> str:
    """The number behind the greatest where all ids are numbers, with as many zeros before it; else empty."""
    numbers = list(taken)
    if not numbers or not all(one.isascii() and one.isdigit() for one in numbers):
        return ""
    width = max(map(len, numbers)) if any(one[0] == "0" for one in numbers) else 0
    return str(max(map(int, numbers)) + 1).zfill(width)


def taken_ids(workspace: Workspace, pool: Pool) -> frozenset[str]:
    """The ids in the pool, and on every branch that git has here."""
    repository = Repository.around(workspace.root)
    here = {entry.id for entry in pool.entries} | {entry_id for _, entry_id in pool.unread}
    return frozenset(here) | (repository.ids() if repository else frozenset())


def slug(text: str, longest: int = LONGEST_NAME) -> str:
    """A text as part of a file name: its words in lower case, joined with `-`, cut at a word where it is long.

    At most so many Han characters or twice as many Latin ones; empty where the text has no letters or digits.
    """
    found = ""
    for word in _WORDS.findall(unicodedata.normalize("NFC", text).lower()):
        longer = f"{found}-{word}" if found else word
        if width(longer) > longest * 2:
            return found or "".join(shortest(word, longest * 2))
        found = longer
    return found


def width(text: str) -> int:
    return sum(1 if char.isascii() else 2 for char in text)


def shortest(word: str, most: int) -> Iterator[str]:
    """The characters of a word as far as they fit."""
    used = 0
    for char in word:
        used += width(char)
        if used > most:
            return
        yield char


def file_name(entry_id: str, text: str) -> str:
    """The name of an entry's file: its id, then what makes it readable in a listing."""
    tail = slug(text)
    return f"{entry_id}-{tail}.md" if tail else f"{entry_id}.md"


def id_from_name(name: str) -> str:
    """An id made from a name, which Windows doesn't refuse as a file's name; empty where it has no letters or digits."""
    found = slug(name)
    return f"{found}-1" if found in NOT_ON_WINDOWS else found


@dataclass(frozen=True)
class Renumbered:
    """An entry's new id and file, and the files whose references were repointed."""

    old: str
    new: str
    path: Path
    repointed: tuple[str, ...]


def renumber(loaded: Loaded, path: str, refs: Iterable[str]) -> Renumbered:
    """Give the entry in a file a new id, rename the file, repoint the references of the files in `refs`.

    Raises TobkitError, before anything is written, where a file holds no entry or its kind has no drawn ids.
    """
    workspace = loaded.workspace
    by_path = {entry.path: entry for entry in loaded.entries if entry.id}
    for each in (path, *refs):
        if each not in by_path:
            raise TobkitError(msg("{path} holds no entry that can be read.", path=each))
    entry = by_path[path]
    prefix = workspace.schema[entry.kind].prefix
    if prefix is None:
        raise TobkitError(
            msg("{path}: only ids that tobkit drew (REQ-…, NOTE-…) are replaced by a new one.", path=path)
        )
    number = new_id(prefix, taken_ids(workspace, loaded.pool))
    file = workspace.root / path
    target = file.with_name(file.name.replace(entry.id, number, 1) if entry.id in file.name else f"{number}.md")
    changed = {path: edited(file, {entry.origin.written.get("id", "id"): number})}
    for ref in refs:
        if changes := repointed(loaded, by_path[ref], entry, number):
            changed[ref] = edited(workspace.root / ref, changes)
    for written in changed.values():
        written.save()
    file.rename(target)
    return Renumbered(entry.id, number, target, tuple(ref for ref in changed if ref != path))


def repointed(loaded: Loaded, entry: Entry, old: Entry, number: str) -> dict[str | Part, FieldValue]:
    """The reference fields of an entry that mean the old id, with the new one instead."""
    changes: dict[str | Part, FieldValue] = {}
    for spec in loaded.workspace.schema[entry.kind].references:
        value = getattr(entry, spec.name)
        if spec.reference != old.kind or not value:
            continue
        key = entry.origin.written.get(spec.name, spec.name)
        if spec.many and old.id in value:
            changes[key] = tuple(sorted(number if ref == old.id else ref for ref in value))
        elif value == old.id:
            changes[key] = number
    return changes
