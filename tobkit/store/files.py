"""Where a workspace's files come from: the disk, or (in `store.base`) a commit. What reads them doesn't see a difference."""

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

from tobkit.store.frontmatter import MAX_BYTES


class Item(Protocol):
    """Something in a folder, as `os.DirEntry` describes it. `path` is where it is found again."""

    @property
    def name(self) -> str: ...
    @property
    def path(self) -> str: ...
    def is_file(self, *, follow_symlinks: bool) -> bool: ...
    def is_dir(self, *, follow_symlinks: bool) -> bool: ...
    def is_symlink(self) -> bool: ...


class Files(Protocol):
    """A source of files. Folders and files are named by what `folder` and the items' `path` give."""

    def folder(self, root: Path, path: str) -> str:
        """The folder at a path below a workspace's root, whether it is there or not."""
        ...

    def is_folder(self, folder: str) -> bool: ...

    def leads_out(self, root: Path, folder: str) -> bool:
        """Whether links lead from a folder to outside of the workspace."""
        ...

    def items(self, folder: str) -> Iterable[Item]:
        """What is in a folder, in any order. Raises OSError."""
        ...

    def contents(self, files: Sequence[str]) -> Iterator[bytes | OSError]:
        """What files hold, one after the other; of one that is too large just so much that this is seen."""
        ...


class Disk:
    """The files on disk."""

    def folder(self, root: Path, path: str) -> str:
        return str(root / path)

    def is_folder(self, folder: str) -> bool:
        return Path(folder).is_dir()

    def leads_out(self, root: Path, folder: str) -> bool:
        return not Path(folder).resolve().is_relative_to(root.resolve())

    def items(self, folder: str) -> Iterable[Item]:
        with os.scandir(folder) as items:
            return list(items)

    def contents(self, files: Sequence[str]) -> Iterator[bytes | OSError]:
        for file in files:
            try:
                yield file_bytes(file)
            except OSError as error:
                yield error


DISK = Disk()

_READ_BYTES = os.O_RDONLY | getattr(os, "O_BINARY", 0)
_USUAL_BYTES = 64 * 1024


def file_bytes(file: str) -> bytes:
    """What a file holds, and of one that is too large just so much that this is seen. Raises OSError.

    `open` takes three times as long, which tells at 16,000 files.
    """
    handle = os.open(file, _READ_BYTES)
    try:
        data = os.read(handle, _USUAL_BYTES)
        while len(data) <= MAX_BYTES and (more := os.read(handle, MAX_BYTES)):
            data += more
        return data
    finally:
        os.close(handle)
