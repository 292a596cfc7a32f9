"""Ids: drawing new ones, and giving an entry another one."""

import re
import secrets
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from tobkit.errors import TobkitError
from tobkit.messages import msg
from tobkit.model.kinds import Entry
from tobkit.model.pool import Pool
from tobkit.store.edit import edited
from tobkit.store.git import Repository
from tobkit.store.load import Loaded
from tobkit.store.workspace import Workspace

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
LONGEST_NAME = 40
_WORDS = re.compile(r"[^\W_]+")


def new_id(prefix: str, taken: Iterable[str]) -> str:
    """A random id that isn't taken: the prefix and six characters of Crockford's base32, drawn at random."""
    known = frozenset(taken)
    while True:
        drawn = f"{prefix}-" + "".join(secrets.choice(ALPHABET) for _ in range(6))
        if drawn not in known:
            return drawn


def taken_ids(workspace: Workspace, pool: Pool) -> frozenset[str]:
    """The ids in the pool, and on every branch that git has here."""
    repository = Repository.around(workspace.root)
    here = {entry.id for entry in pool.entries} | {entry_id for _, entry_id in pool.unread}
    return frozenset(here) | (repository.ids() if repository else frozenset())


def slug(text: str, longest: int = LONGEST_NAME) -> str:
    """A text as part of a file name: its words in lower case, joined with `-`, cut at a word where it is long."""
    words = _WORDS.findall(unicodedata.normalize("NFC", text).lower())
    found = ""
    for word in words:
        longer = f"{found}-{word}" if found else word
        if len(longer.encode("utf-8")) > longest * 2:
            return found or word[: longest // 2]
        found = longer
    return found


def renumber(loaded: Loaded, path: str, refs: Iterable[str]) -> Path:
    """Give the entry in a file a new id, rename the file, repoint the references of the files in `refs`."""
    workspace = loaded.workspace
    entry = next((entry for entry in loaded.entries if entry.path == path), None)
    if entry is None or workspace.schema[entry.kind].prefix is None:
        raise TobkitError(msg("{path} holds no entry with a drawn id.", path=path))
    prefix = workspace.schema[entry.kind].prefix or ""
    number = new_id(prefix, taken_ids(workspace, loaded.pool))
    file = workspace.root / path
    target = file.with_name(file.name.replace(entry.id, number, 1) if entry.id in file.name else f"{number}.md")
    changed = [(file, edited(file, {entry.origin.written.get("id", "id"): number}))]
    for ref in refs:
        other = next((each for each in loaded.entries if each.path == ref), None)
        if other is not None:
            changed.append(
                (workspace.root / ref, edited(workspace.root / ref, repointed(loaded, other, entry, number)))
            )
    for _, written in changed:
        written.save()
    file.rename(target)
    return target


def repointed(loaded: Loaded, entry: Entry, old: Entry, number: str) -> dict[str, str | tuple[str, ...] | None]:
    """The reference fields of an entry that mean the old id, with the new one instead."""
    changes: dict[str, str | tuple[str, ...] | None] = {}
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
