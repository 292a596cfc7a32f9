"""Which files of a pool are entries: a walk that follows no links and leaves nothing unsaid."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tobkit.errors import why
from tobkit.messages import msg
from tobkit.model.diagnostics import Diagnostic, Rule, Severity
from tobkit.model.schema import KindSchema, Schema
from tobkit.store.files import DISK, Files, Item

OUTSIDE_KINDS = Rule("TOB116", "file outside the kinds' folders", Severity.WARNING)
LINK = Rule("TOB117", "link not followed", Severity.WARNING)
UNREADABLE_FILE = Rule("TOB118", "file can't be read")
ATTACHMENTS = "files"


class Found(NamedTuple):
    """An entry's file: where it is found, its path below the workspace, its kind, and its path below the kind's folder."""

    file: str
    path: str
    kind: KindSchema
    inner: str


class Folder(NamedTuple):
    """A folder with attachments: where it is found, and its path below the workspace."""

    file: str
    path: str


class Here(NamedTuple):
    """A folder on the way: where it is found, its path below the workspace and below the pool's folder, and the kinds
    that its files may be of. `start` is where, in the paths of files, that below the kind's folder begins.
    """

    file: str
    path: str
    inner: str
    kinds: tuple[KindSchema, ...]
    start: int


NOT_POOL = frozenset({"site", "templates"})
"""Folders beside the entries where the pool's folder is the workspace itself."""


def walk(
    pool_folder: str | Path,
    prefix: str,
    schema: Schema,
    diagnostics: list[Diagnostic],
    files: Files = DISK,
    attachments: list[Folder] | None = None,
    beside: list[str] | None = None,
) -> Iterator[Found]:
    """The entries' files below a pool folder, each folder's in order of their names; what is passed over is reported.

    `prefix` is the pool folder's path below the workspace, empty for that itself. Folders with attachments are put into
    `attachments`, the paths of other files of kinds that have patterns of files into `beside`.
    """
    aside = [] if attachments is None else attachments
    others = [] if beside is None else beside
    pending = [Here(str(pool_folder), prefix, "", schema.by_folder.get("", ()), len(below(prefix, "")))]
    while pending:
        here = pending.pop()
        folders = []
        for item in listing(here.file, here.path, diagnostics, files):
            path = below(here.path, item.name)
            kind = next((kind for kind in here.kinds if kind.holds(path[here.start :])), None)
            if kind is not None:
                if is_file(item, path, diagnostics):
                    yield Found(item.path, path, kind, path[here.start :])
                continue
            inner = below(here.inner, item.name)
            kinds = schema.by_folder.get(inner)
            leads_on = kinds is not None or inner in schema.around
            if not leads_on and not here.kinds:
                if prefix:
                    report_outside(item, path, schema, diagnostics, files, aside)
            elif is_folder(item, path, diagnostics):
                if item.name == ATTACHMENTS and not leads_on:
                    aside.append(Folder(item.path, path))
                elif kinds is not None:
                    folders.append(Here(item.path, path, inner, kinds, len(path) + 1))
                elif leads_on or prefix or here.inner or item.name not in NOT_POOL:
                    folders.append(Here(item.path, path, inner, here.kinds, here.start))
            elif any(kind.files for kind in here.kinds):
                others.append(path)
        pending += reversed(folders)


def below(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


def listing(folder: str, path: str, diagnostics: list[Diagnostic], files: Files) -> list[Item]:
    """A folder's items by name, without dot-files; a name that isn't UTF-8 is reported and passed over."""
    try:
        items = files.items(folder)
    except OSError as error:
        diagnostics.append(cannot_read(path, error))
        return []
    sound = []
    for item in sorted((item for item in items if not item.name.startswith(".")), key=by_name):
        if is_utf8(item.name):
            sound.append(item)
        else:
            shown = item.name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
            diagnostics.append(
                Diagnostic.of(
                    UNREADABLE_FILE,
                    f"{path}/{shown}",
                    None,
                    msg("The file's name isn't in UTF-8."),
                    msg("Give the file another name."),
                )
            )
    return sound


def by_name(item: Item) -> str:
    return item.name


def is_utf8(name: str) -> bool:
    if name.isascii():
        return True
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def is_file(item: Item, path: str, diagnostics: list[Diagnostic]) -> bool:
    if item.is_file(follow_symlinks=False):
        return True
    if item.is_symlink():
        diagnostics.append(link_passed_over(path))
    else:
        what = msg("a folder") if item.is_dir(follow_symlinks=False) else msg("not a regular file")
        diagnostics.append(
            Diagnostic.of(
                UNREADABLE_FILE,
                path,
                None,
                msg("The name ends in .md, but it is {what}.", what=what),
                msg("Entries are plain text files; give this another name or delete it."),
            )
        )
    return False


def is_folder(item: Item, path: str, diagnostics: list[Diagnostic]) -> bool:
    if item.is_symlink():
        diagnostics.append(link_passed_over(path))
        return False
    return item.is_dir(follow_symlinks=False)


def link_passed_over(path: str) -> Diagnostic:
    return Diagnostic.of(
        LINK,
        path,
        None,
        msg("This is a symbolic link; links aren't followed."),
        msg("Put the file itself into the pool."),
    )


def report_outside(
    item: Item, path: str, schema: Schema, diagnostics: list[Diagnostic], files: Files, aside: list[Folder]
) -> None:
    """Markdown that no kind's folder holds would otherwise be lost without a word; attachments may lie there."""
    if item.is_dir(follow_symlinks=False):
        names = [path for path in walk_names(item.path, path, files, aside) if path.lower().endswith(".md")]
    else:
        names = [path] if path.lower().endswith(".md") and item.name.lower() != "readme.md" else []
    diagnostics += [
        Diagnostic.of(
            OUTSIDE_KINDS,
            name,
            None,
            msg("The file lies in no kind's folder, so it isn't read."),
            msg("Move it to one of: {folders}.", folders=[f"{folder}/" for folder in schema.by_folder]),
        )
        for name in names
    ]


def walk_names(folder: str, prefix: str, files: Files, aside: list[Folder]) -> Iterator[str]:
    """The paths of what isn't a folder below a folder, at any depth; what can't be read is passed over.

    Folders with attachments are put aside.
    """
    pending = [(folder, prefix)]
    while pending:
        here, below = pending.pop()
        if below.endswith(f"/{ATTACHMENTS}"):
            aside.append(Folder(here, below))
            continue
        try:
            items = sorted(files.items(here), key=by_name)
        except OSError:
            continue
        for item in items:
            if item.is_dir(follow_symlinks=False):
                pending.append((item.path, f"{below}/{item.name}"))
            elif is_utf8(item.name):
                yield f"{below}/{item.name}"


def cannot_read(path: str, error: OSError) -> Diagnostic:
    return Diagnostic.of(
        UNREADABLE_FILE,
        path,
        None,
        msg("It can't be read: {why}.", why=why(error)),
        msg("Check the file's permissions."),
    )


def attachment_folders(pool_folder: Path) -> Iterator[tuple[str, Path]]:
    """(entry's id, folder) for every `files/ID/` below a pool folder, in order."""
    for here, folders, _ in os.walk(pool_folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        if ATTACHMENTS in folders:
            folders.remove(ATTACHMENTS)
            with os.scandir(Path(here, ATTACHMENTS)) as items:
                for item in sorted(items, key=lambda item: item.name):
                    if item.is_dir(follow_symlinks=False) and is_utf8(item.name):
                        yield item.name, Path(item.path)


def attachments(folder: Path) -> Iterator[Path]:
    """The regular files of an attachment folder, in order."""
    with os.scandir(folder) as items:
        for item in sorted(items, key=lambda item: item.name):
            if stat.S_ISREG(item.stat(follow_symlinks=False).st_mode) and is_utf8(item.name):
                yield Path(item.path)
