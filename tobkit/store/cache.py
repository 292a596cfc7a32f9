"""What was computed and can be computed again, kept under `.tobkit/` in a workspace.

A kept value is bytes under a name, with a key that says what it was made from: another key, a wrong checksum, a file
that is too large or none at all are the same as nothing kept. Where the folder can't be written, nothing is kept, and
nobody hears of it. The checksum finds damage, not intent: readers have to bear any bytes.
"""

import os
import tempfile
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

FOLDER = ".tobkit"
LARGEST = 1 << 30
"""Bytes; what is larger isn't kept, and isn't read."""
MAGIC = b"tobkit cache 1\n"
DIGEST = 32


def kept(root: Path, name: str, key: bytes) -> bytes | None:
    """What is kept under a name, if it was made from what `key` says."""
    try:
        path = place(root, name)
        if path.is_symlink() or path.stat().st_size > LARGEST:
            return None
        content = path.read_bytes()
    except OSError:
        return None
    head = MAGIC + checksum(key)
    data = content[len(head) + DIGEST :]
    if content[: len(head)] != head or content[len(head) : len(head) + DIGEST] != checksum(data):
        return None
    return data


def keep(root: Path, name: str, key: bytes, data: bytes) -> None:
    """Keep data under a name: whole, or not at all."""
    path = place(root, name)
    if len(data) > LARGEST or path.parent.is_symlink():
        return
    with suppress(OSError):
        path.parent.mkdir(exist_ok=True)
        ignore = path.parent / ".gitignore"
        if not ignore.exists():
            ignore.write_text("*\n", encoding="utf-8")
        descriptor, written = tempfile.mkstemp(dir=path.parent, prefix=f"{name}.")
        try:
            with os.fdopen(descriptor, "wb") as stream:
                for part in (MAGIC, checksum(key), checksum(data), data):
                    stream.write(part)
            os.replace(written, path)  # noqa: PTH105 - `written` is a name
        except BaseException:
            with suppress(OSError):
                os.unlink(written)  # noqa: PTH108
            raise


def place(root: Path, name: str) -> Path:
    return root / FOLDER / name


def checksum(data: bytes) -> bytes:
    return blake2b(data, digest_size=DIGEST).digest()
