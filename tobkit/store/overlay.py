"""Confidential fields kept outside the pool: a folder of the same shape whose entries add fields to existing ones."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from tobkit.errors import TobkitError
from tobkit.messages import msg
from tobkit.model.diagnostics import Diagnostic, Rule, Severity
from tobkit.model.kinds import Entry
from tobkit.model.pool import Pool
from tobkit.model.schema import NOT_FRONT_MATTER
from tobkit.store.frontmatter import locate
from tobkit.store.load import Loaded, read_file, with_aliases_resolved
from tobkit.store.reading import MISSING
from tobkit.store.walk import Found, walk
from tobkit.store.workspace import Workspace

NO_SUCH_ENTRY = Rule("TOB130", "overlay for an entry that isn't there")
ALREADY_GIVEN = Rule("TOB131", "overlay changes a field of the pool")


def overlaid(loaded: Loaded, folder: Path) -> Loaded:
    """What was loaded, with the fields that the overlay in a folder adds; its faults are among the diagnostics.

    Raises TobkitError where there is no such folder.
    """
    if not folder.is_dir():
        raise TobkitError(msg("There is no folder {folder} (--overlay, TOBKIT_OVERLAY).", folder=str(folder)))
    workspace = loaded.workspace
    diagnostics: list[Diagnostic] = []
    places = {(entry.kind, entry.id): number for number, entry in enumerate(loaded.entries)}
    entries = list(loaded.entries)
    for found in overlay_files(workspace, folder, diagnostics):
        faults: list[Diagnostic] = []
        overlay = read_file(found, faults)
        diagnostics += [fault for fault in faults if fault.rule != MISSING and fault.severity > Severity.INFO]
        if overlay is None:
            continue
        place = places.get((overlay.kind, overlay.id))
        if place is None:
            diagnostics.append(no_such_entry(found, overlay))
        else:
            entries[place] = with_fields(entries[place], overlay, diagnostics)
    pool = Pool(
        workspace.config,
        workspace.schema,
        with_aliases_resolved(workspace, [entry for entry in entries if entry.id]),
        loaded.pool.unread,
    )
    return replace(loaded, pool=pool, diagnostics=(*loaded.diagnostics, *diagnostics), entries=tuple(entries))


def overlay_files(workspace: Workspace, folder: Path, diagnostics: list[Diagnostic]) -> Iterator[Found]:
    """The overlay's files: of the folder's pool where it looks like a workspace, else of the folder itself."""
    inner = folder / workspace.config.pool.path
    root = inner if inner.is_dir() else folder
    try:
        shown = os.path.relpath(root, workspace.root)
    except ValueError:  # another drive of Windows
        shown = str(root)
    yield from walk(root, Path(shown).as_posix(), workspace.schema, diagnostics)


def no_such_entry(found: Found, overlay: Entry) -> Diagnostic:
    kind = found.kind
    if not overlay.id:
        return Diagnostic.of(
            NO_SUCH_ENTRY,
            found.path,
            None,
            msg("The overlay doesn't say which entry it adds to."),
            msg("Add a line “id: …” with the entry's id."),
        )
    return Diagnostic.of(
        NO_SUCH_ENTRY,
        found.path,
        locate(overlay, "id"),
        msg("The overlay is for “{id}”, but the pool has no such entry ({kind}).", id=overlay.id, kind=kind.label),
        msg("Correct the id, or delete the file."),
    )


def with_fields(entry: Entry, overlay: Entry, diagnostics: list[Diagnostic]) -> Entry:
    """The entry with the fields that the overlay adds; one that would change is reported and stays."""
    added: dict[str, Any] = {}
    for name in type(overlay).model_fields:
        value, before = getattr(overlay, name), getattr(entry, name)
        if name in NOT_FRONT_MATTER or empty(value) or value == before:
            continue
        if isinstance(before, BaseModel) and isinstance(value, BaseModel):
            value = combined(before, value)
        if value is None or not (empty(before) or isinstance(value, BaseModel)):
            diagnostics.append(
                Diagnostic.of(
                    ALREADY_GIVEN,
                    overlay.path,
                    locate(overlay, name),
                    msg("{key} is given in {path} already, with another value.", key=name, path=entry.path),
                    msg("An overlay only adds what isn't there: delete the line in one of the two files."),
                )
            )
        else:
            added[name] = value
    return entry.model_copy(update=added) if added else entry


def empty(value: object) -> bool:
    """Whether a field says nothing."""
    return value in (None, ()) or (isinstance(value, BaseModel) and not value.model_dump(exclude_none=True))


def combined(before: BaseModel, added: BaseModel) -> BaseModel | None:
    """A field with keys of its own, with those of the overlay; None where they clash."""
    old, new = before.model_dump(exclude_none=True), added.model_dump(exclude_none=True)
    if any(old.get(key, value) != value for key, value in new.items()):
        return None
    return before.model_copy(update=new)
