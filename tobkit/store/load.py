"""The one way from a workspace's files to a pool: every command goes through `load`."""

import gc
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Set
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from tobkit.messages import msg
from tobkit.model.diagnostics import Diagnostic, Rule
from tobkit.model.kinds import Entry
from tobkit.model.patterns import number_in
from tobkit.model.pool import Pool, alias_table
from tobkit.store.attachments import Attachment, attachments_in
from tobkit.store.files import DISK, Files
from tobkit.store.frontmatter import Document, locate, read_document
from tobkit.store.reading import BAD_ID, Reader
from tobkit.store.walk import OUTSIDE_KINDS, UNREADABLE_FILE, Folder, Found, cannot_read, link_passed_over, walk
from tobkit.store.workspace import CONFIG_FILE, Workspace

FILE_NAME = Rule("TOB115", "file name doesn't begin with the id")
DUPLICATE_ID = Rule("TOB302", "id given twice")


@dataclass(frozen=True)
class Loaded:
    """What a workspace holds: all entries that could be built (partial ones too), and every finding so far.

    `entries` are all of them, in order of path, those with the same id too; `files` is the number of entry files seen.
    `attachments` are the files beside the entries; None where they weren't looked at, as in a commit.
    """

    workspace: Workspace
    pool: Pool
    diagnostics: tuple[Diagnostic, ...]
    files: int
    entries: tuple[Entry, ...] = ()
    attachments: tuple[Attachment, ...] | None = None


def load(workspace: Workspace, contents: Mapping[str, bytes] | None = None, files: Files = DISK) -> Loaded:
    """Read a workspace. Whatever the files hold, the result is a pool and diagnostics.

    `contents` (path below the workspace -> bytes) stand for files as they would be after an edit, or new ones; `files`
    says where all others come from.
    """
    with collector_paused():
        return _load(workspace, contents or {}, files)


@contextmanager
def collector_paused() -> Iterator[None]:
    """Loading makes many things that stay; the garbage collector would only look through them again and again.

    They go to its oldest generation at once (frozen, unfrozen), where it looks but rarely.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.freeze()
            gc.unfreeze()
            gc.enable()


def _load(workspace: Workspace, contents: Mapping[str, bytes], files: Files) -> Loaded:
    diagnostics = list(workspace.diagnostics)
    entries: list[Entry] = []
    unread: list[tuple[str, str]] = []
    aside: list[Folder] = []
    beside: list[Attachment] = []
    all_found = [*files_of(workspace, diagnostics, files, aside, beside), *new_files(workspace, contents)]
    if files is DISK and not workspace.diagnostics:
        diagnostics += kinds_without_files(workspace, all_found)
    held = files.contents([found.file for found in all_found if found.path not in contents])
    for found in all_found:
        entry = read_entry(found, contents[found.path] if found.path in contents else next(held), diagnostics)
        if entry is None or entry.id is None:
            unread.append((found.kind.name, id_of_file_name(found)))
        if entry is not None:
            entries.append(entry)
    diagnostics += clashes(workspace, entries)
    pool = Pool(
        workspace.config,
        workspace.schema,
        with_aliases_resolved(workspace, [entry for entry in entries if entry.id]),
        unread,
    )
    attachments = (*attachments_in(aside, diagnostics), *beside) if files is DISK else None
    return Loaded(workspace, pool, tuple(diagnostics), len(all_found), tuple(entries), attachments)


def files_of(
    workspace: Workspace,
    diagnostics: list[Diagnostic],
    files: Files,
    attachments: list[Folder],
    beside: list[Attachment],
) -> Iterator[Found]:
    """The entries' files; nothing where there is no pool folder, or it leads out of the workspace."""
    path = workspace.config.pool.below("")
    folder = files.folder(workspace.root, path)
    if not files.is_folder(folder):
        diagnostics.append(
            Diagnostic.of(
                UNREADABLE_FILE,
                path,
                None,
                msg("There is no folder {folder}, so there are no entries.", folder=f"{path}/"),
                msg("Make the folder, or say in tobkit.toml where the pool is: [pool] path = …"),
            )
        )
    elif files.leads_out(workspace.root, folder):
        diagnostics.append(link_passed_over(path).with_severity(UNREADABLE_FILE.severity))
    else:
        paths: list[str] = []
        yield from walk(folder, path, workspace.schema, diagnostics, files, attachments, paths)
        beside += (Attachment("", each, each.rpartition("/")[2], 0, beside=True) for each in paths)


def kinds_without_files(workspace: Workspace, all_found: Iterable[Found]) -> Iterator[Diagnostic]:
    """A finding for each adopted kind of which there is nothing: most likely its folder or patterns are wrong."""
    there = {found.kind.name for found in all_found}
    for kind in workspace.schema.kinds.values():
        if kind.is_adopted and kind.name not in there:
            yield Diagnostic.of(
                OUTSIDE_KINDS,
                CONFIG_FILE,
                None,
                msg(
                    "No file below {folder}/ is an entry of the kind “{kind}”.",
                    folder=workspace.config.pool.below(kind.folder) or ".",
                    kind=kind.name,
                ),
                msg("Check folder and files in [kinds.{kind}] of tobkit.toml.", kind=kind.name),
            )


def new_files(workspace: Workspace, contents: Mapping[str, bytes]) -> Iterator[Found]:
    """Those of the given contents that have no file yet and whose place is a kind's folder."""
    for path in sorted(contents):
        below = workspace.config.pool.inner(path)
        place = workspace.schema.place(below) if below else None
        if place is not None and not (workspace.root / path).exists():
            yield Found(str(workspace.root / path), path, *place)


def read_file(found: Found, diagnostics: list[Diagnostic]) -> Entry | None:
    """The entry in a file on disk, as far as it can be read."""
    return read_entry(found, next(DISK.contents([found.file])), diagnostics)


def read_entry(found: Found, data: bytes | OSError, diagnostics: list[Diagnostic]) -> Entry | None:
    """The entry in what a file holds, as far as it can be read."""
    if isinstance(data, OSError):
        diagnostics.append(cannot_read(found.path, data))
        return None
    document = read_document(data)
    diagnostics += [problem.at(found.path) for problem in document.problems]
    path_id = found.kind.id_in(found.inner) if found.kind.is_adopted else ""
    entry = Reader(found.kind, found.path, document, diagnostics, path_id).read()
    if entry is not None and entry.id is not None:
        check_id(found, entry, diagnostics)
        if path_id:
            compare_ids(found, entry, document, path_id, diagnostics)
    return entry


def check_id(found: Found, entry: Entry, diagnostics: list[Diagnostic]) -> None:
    name = unicodedata.normalize("NFC", found.path.rpartition("/")[2])
    if not found.kind.valid_id(entry.id):
        prefix = found.kind.prefix
        help = (
            msg(
                'If the files have ids of their own, write prefix = "" in [kinds.{kind}] of tobkit.toml.',
                kind=found.kind.name,
            )
            if prefix and found.kind.is_adopted
            else msg(
                "It is {prefix}- and six of the characters 0-9 a-z without i, l, o, u: {prefix}-7f3kq2.", prefix=prefix
            )
            if prefix
            else msg("Use letters of any script, digits and -, without spaces: acme, 华东商贸.")
        )
        diagnostics.append(
            Diagnostic.of(
                BAD_ID,
                found.path,
                locate(entry, "id"),
                msg("“{id}” can't be the id of a {kind}.", id=entry.id, kind=found.kind.label),
                help,
            )
        )
    elif not found.kind.files and found.kind.id_from == "key" and not name.startswith((f"{entry.id}-", f"{entry.id}.")):
        diagnostics.append(
            Diagnostic.of(
                FILE_NAME,
                found.path,
                locate(entry, "id"),
                msg("The file is named {name}, but its id is {id}.", name=name, id=entry.id),
                msg(
                    "A file's name begins with its id: rename it to {id}.md or {id}-….md, or mend the id.", id=entry.id
                ),
            )
        )


def compare_ids(found: Found, entry: Entry, document: Document, path_id: str, diagnostics: list[Diagnostic]) -> None:
    """An id that stands in a key and in the path is the same; leading zeros of numbers don't matter."""
    key = entry.origin.written.get("id", "id")
    written = document.values.get(key) if found.kind.mapped.get(key, "id") == "id" else None
    if isinstance(written, str) and written and not same_id(written, path_id):
        diagnostics.append(
            Diagnostic.of(
                FILE_NAME,
                found.path,
                locate(entry, "id"),
                msg("The path says {path_id}, but the id here is {id}.", path_id=path_id, id=written),
                msg("Correct the one that is wrong: rename the file or folder, or change the id."),
            )
        )


def same_id(one: str, other: str) -> bool:
    """Whether two ids are the same, or the same number."""
    number = number_in(one)
    return unicodedata.normalize("NFC", one) == other or (number != "" and number == number_in(other))


def id_of_file_name(found: Found) -> str:
    """The id that an unreadable file's name shows, so that references to it aren't called dead."""
    if found.kind.is_adopted and (path_id := found.kind.id_in(found.inner)):
        return path_id
    stem = unicodedata.normalize("NFC", found.path.rpartition("/")[2]).rpartition(".")[0]
    prefix = found.kind.prefix
    return stem[: len(prefix) + 7] if prefix else stem


def clashes(workspace: Workspace, entries: Iterable[Entry]) -> list[Diagnostic]:
    """A finding at each of the files that claim the same id."""
    by_id: dict[tuple[str, str], list[Entry]] = {}
    for entry in entries:
        if entry.id:
            by_id.setdefault((entry.kind, entry.id), []).append(entry)
    return [
        Diagnostic.of(
            DUPLICATE_ID,
            entry.path,
            locate(entry, "id"),
            msg("{id} is also the id in {others}.", id=entry.id, others=[e.path for e in same if e is not entry]),
            msg("Give one of them a new id: `tobkit renumber FILE`.")
            if workspace.schema[entry.kind].prefix
            else msg("Delete one of the files, or give its entry another id."),
        )
        for same in by_id.values()
        if len(same) > 1
        for entry in same
    ]


def with_aliases_resolved(workspace: Workspace, entries: list[Entry]) -> list[Entry]:
    """The entries with references by alias turned into ids."""
    kinds = workspace.schema.kinds.values()
    with_aliases = {kind.name for kind in kinds if "aliases" in kind.fields}
    numbered = frozenset(kind.name for kind in kinds if kind.is_adopted and kind.prefix is None)
    aliases = alias_table(entry for entry in entries if entry.kind in with_aliases)
    if numbered:
        add_numbers(workspace, entries, numbered, aliases)
    if not aliases:
        return entries
    ids: dict[str, set[str]] = {kind: set() for kind in workspace.schema.kinds}
    for entry in entries:
        ids[entry.kind].add(entry.id)
    renamed = {
        kind: {alias: target for alias, target in table.items() if alias not in ids[kind]}
        for kind, table in aliases.items()
    }
    return [resolved(workspace, entry, renamed) for entry in entries]


def add_numbers(
    workspace: Workspace, entries: list[Entry], kinds: Set[str], aliases: dict[str, dict[str, str]]
) -> None:
    """Add the ways in which references name a number: `CIP-0121`, `#121` and `0121` mean 121."""
    by_number: dict[tuple[str | None, str], str] = {}
    for entry in entries:
        if entry.kind in kinds and (number := number_in(entry.id)):
            by_number.setdefault((entry.kind, number), entry.id)
    for entry in entries if by_number else ():
        for spec in workspace.schema[entry.kind].references:
            value = getattr(entry, spec.name) if spec.reference in kinds else None
            for ref in (value if spec.many else (value,)) if value else ():
                target = by_number.get((spec.reference, number_in(ref)))
                if target and target != ref:
                    aliases.setdefault(spec.reference or "", {}).setdefault(ref, target)


def resolved(workspace: Workspace, entry: Entry, aliases: Mapping[str, Mapping[str, str]]) -> Entry:
    changed: dict[str, Any] = {}
    for spec in workspace.schema[entry.kind].references:
        table = aliases.get(spec.reference or "")
        value = getattr(entry, spec.name)
        if not table or not value:
            continue
        if spec.many:
            if any(ref in table for ref in value):
                changed[spec.name] = tuple(dict.fromkeys(table.get(ref, ref) for ref in value))
        elif value in table:
            changed[spec.name] = table[value]
    return entry.model_copy(update=changed) if changed else entry
