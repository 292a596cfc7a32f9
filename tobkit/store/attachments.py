"""Attachments: the files that belong to entries, as `files/ID/NAME` anywhere below the pool folder."""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple
from unicodedata import normalize

from tobkit.model.diagnostics import Diagnostic
from tobkit.store.files import DISK
from tobkit.store.walk import Folder, cannot_read, is_folder, listing

TYPES = (".png", ".jpg", ".jpeg", ".webp", ".gif", ".pdf", ".xlsx", ".csv")
"""What an attachment's name may end in; svg and html could run scripts in the site."""

MOST_BYTES = 5 * 1024 * 1024


class Attachment(NamedTuple):
    """A regular file below a `files` folder: whose it is, its path below the workspace, its name and size in bytes.

    `owner` is an entry's id, or empty where the file doesn't lie in `files/ID/` itself. Names are in NFC, the path is
    as on disk. `beside` are the other files of a collection that keeps its own order; nobody looked for their size.
    """

    owner: str
    path: str
    name: str
    size: int
    beside: bool = False

    @property
    def type(self) -> str:
        """What the name ends in, with its dot, in lower case; empty where it has none."""
        return Path(self.name).suffix.lower()


def attachments_in(folders: Iterable[Folder], diagnostics: list[Diagnostic]) -> tuple[Attachment, ...]:
    """The attachments in `files` folders, in order of path; links are reported and not followed."""
    found: list[Attachment] = []
    pending = [(folder, 0) for folder in folders]
    while pending:
        here, depth = pending.pop()
        owner = normalize("NFC", here.path.rpartition("/")[2]) if depth == 1 else ""
        for item in listing(here.file, here.path, diagnostics, DISK):
            path = f"{here.path}/{item.name}"
            try:
                if is_folder(item, path, diagnostics):
                    pending.append((Folder(item.path, path), depth + 1))
                elif item.is_file(follow_symlinks=False):
                    size = Path(item.path).lstat().st_size
                    found.append(Attachment(owner, path, normalize("NFC", item.name), size))
            except OSError as error:
                diagnostics.append(cannot_read(path, error))
    return tuple(sorted(found, key=lambda attachment: attachment.path))
