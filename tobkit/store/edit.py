"""Lossless edits: a change of one key leaves every other byte of the file as it was.

Comments, order of keys, quotes, line ends, a BOM and the body stay. What is written is read again before it is kept, so
an edit either gives exactly the wanted value or doesn't happen.
"""

import os
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple

from tobkit.errors import TobkitError, why
from tobkit.messages import Message, msg
from tobkit.store.frontmatter import Document, Node, compose, quoted, read_document, written

FieldValue = str | tuple[str, ...] | Mapping[str, str] | None


class Part(NamedTuple):
    """A key below a key (`model` below `business`); `also` are the other spellings in which it may stand there."""

    key: str
    name: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Written:
    """A file before and after an edit."""

    path: Path
    before: bytes
    after: bytes

    @property
    def changed(self) -> bool:
        return self.before != self.after

    def save(self) -> None:
        if self.changed:
            write_whole(self.path, self.after)


def edited(path: Path, changes: Mapping[str | Part, FieldValue], order: Iterable[str] = ()) -> Written:
    """The file with keys set (a tuple is a list), or taken out where the value is None or an empty tuple.

    A new key goes behind the last key that stands before it in `order`, else to the end. Raises TobkitError where the
    file's front matter can't be read.
    """
    try:
        before = path.read_bytes()
    except OSError as error:
        raise TobkitError(cannot("read", path, error)) from error
    after = before
    for key, value in changes.items():
        change = with_part if isinstance(key, Part) else with_key
        after = change(after, key, value, tuple(order), path)  # type: ignore[arg-type]
    return Written(path, before, after)


def with_part(data: bytes, part: Part, value: FieldValue, order: tuple[str, ...], path: Path) -> bytes:
    """The file with a key below a key set: below its key, the part's lines are edited as if they stood alone."""
    root, _ = compose(read_document(data).front)
    pairs = (root.pairs if root else None) or []
    at = next((number for number, (node, _) in enumerate(pairs) if node.value == part.key), None)
    parts = pairs[at][1].pairs if at is not None else None
    if at is None or not parts:
        return with_key(data, part.key, {part.name: value} if isinstance(value, str) else None, order, path)
    names = [str(node.value) for node, _ in parts]
    name = next((name for name in names if name in (part.name, *part.also)), part.name)
    if not value and names == [name]:
        return with_key(data, part.key, None, order, path)
    lines = data.decode("utf-8").split("\n")
    start, stop = extent(pairs, at)
    indent = " " * (parts[0][0].span.column - 1)
    below = lines[start + 1 : stop]
    if parts[0][0].span.line - 1 == start or not all(line.startswith(indent) for line in below if line.strip()):
        current = {key: text for key, text in (pairs[at][1].plain() or {}).items() if isinstance(text, str)}  # type: ignore[union-attr]
        wanted = {**current, name: value} if isinstance(value, str) else {**current, name: ""}
        return with_key(data, part.key, {key: text for key, text in wanted.items() if text}, order, path)
    fence = "---\r" if lines[0].endswith("\r") else "---"
    alone = "\n".join([fence, *(line.removeprefix(indent) for line in below), fence, ""])
    edited_parts = with_key(alone.encode("utf-8"), name, value, (), path).decode("utf-8").split("\n")[1:-2]
    lines[start + 1 : stop] = [indent + line if line.strip() else line for line in edited_parts]
    return "\n".join(lines).encode("utf-8")


def with_key(data: bytes, key: str, value: FieldValue, order: tuple[str, ...], path: Path) -> bytes:
    document = read_document(data)
    root, _ = compose(document.front)
    if not document.readable or (root is not None and root.pairs is None):
        raise TobkitError(msg("{file} can't be edited: its front matter can't be read.", file=path.name))
    text = data.decode("utf-8")
    lines = text.split("\n")
    end_of_line = "\r" if lines[0].endswith("\r") else ""
    empty = value is None or value in ((), {})
    new = [] if empty else [line + end_of_line for line in written(key, value)]
    pairs = (root.pairs if root else None) or []
    at = next((number for number, (node, _) in enumerate(pairs) if node.value == key), None)
    if at is not None and not empty and pairs[at][1].plain() == (list(value) if isinstance(value, tuple) else value):
        return data
    if at is None:
        start = stop = place_for(key, pairs, order)
    else:
        start, stop = extent(pairs, at)
        while stop - 1 > start and not lines[stop - 1].strip():
            stop -= 1
        if new and start + 1 == stop:
            new[0] = keep_comment(lines[start], pairs[at], keep_quotes(lines[start], pairs[at][1], value, new[0]))
        elif isinstance(value, tuple) and new:
            new = with_items_kept(lines, pairs[at][1], start, new, value)
    lines[start:stop] = new
    after = "\n".join(lines).encode("utf-8")
    confirm(document, read_document(after), key, value, path)
    return after


def extent(pairs: list[tuple[Node, Node]], at: int) -> tuple[int, int]:
    """The lines (0-based, end exclusive) of a key and its value, without comments or blanks that follow."""
    key, value = pairs[at]
    start = key.span.line - 1
    return start, max(start + 1, last_line(value))


def last_line(node: Node) -> int:
    """The last line (1-based) on which something of the value stands."""
    children = [item for pair in node.pairs for item in pair] if node.pairs is not None else node.value
    if isinstance(children, list) and children and node.span.end_column == 1:
        return max(last_line(child) for child in children)
    if isinstance(children, list) and children:
        return max(node.span.end_line if node.span.end_column > 1 else 0, *(last_line(child) for child in children))
    return node.span.end_line if node.span.end_column > 1 else node.span.end_line - 1


def with_items_kept(lines: list[str], node: Node, start: int, new: list[str], items: tuple[str, ...]) -> list[str]:
    """The new lines of a list one item a line, with the old lines (and comments above) of the items that stay."""
    if not isinstance(node.value, list) or lines[start].split("#")[0].rstrip(" \r")[-1:] != ":":
        return new
    kept: dict[str, list[str]] = {}
    above = start + 1
    for item in node.value:
        below = last_line(item)
        kept.setdefault(str(item.value), lines[above:below])
        above = below
    first = lines[node.value[0].span.line - 1]
    indent = first[: len(first) - len(first.lstrip(" "))]
    found = (kept.pop(item, [indent + line.strip(" ")]) for item, line in zip(items, new[1:], strict=True))
    return [lines[start], *(line for part in found for line in part)]


def place_for(key: str, pairs: list[tuple[Node, Node]], order: tuple[str, ...]) -> int:
    """The line (0-based) before which a new key goes."""
    before = set(order[: order.index(key)]) if key in order else None
    for number in reversed(range(len(pairs))):
        if before is None or pairs[number][0].value in before:
            return extent(pairs, number)[1]
    return 1


def keep_comment(line: str, pair: tuple[Node, Node], new: str) -> str:
    """A one-line key's new text with the comment that stood behind the old value."""
    key, value = pair
    rest = line[(value if value.span.column > key.span.column else key).span.end_column - 1 :]
    comment = rest[rest.index("#") :] if rest.strip().startswith("#") else ""
    if not comment:
        return new
    gap = rest[: rest.index("#")] or " "
    return new.rstrip("\r") + gap + comment


def keep_quotes(line: str, old: Node, value: FieldValue, new: str) -> str:
    """A one-line key's new text in the quotes that the old value had, where it would need none itself."""
    mark = line[old.span.column - 1 : old.span.column]
    if mark not in ('"', "'") or not isinstance(value, str) or not new.rstrip("\r").endswith(": " + value):
        return new
    text = quoted(value) if mark == '"' else "'" + value.replace("'", "''") + "'"
    return new.rstrip("\r").removesuffix(value) + text + "\r" * new.endswith("\r")


def confirm(before: Document, after: Document, key: str, value: FieldValue, path: Path) -> None:
    """Compare what reads before and after: the edit must give the wanted value, and all else must be as it was."""
    wanted = dict(before.values)
    wanted.pop(key, None)
    found = dict(after.values)
    now = found.pop(key, None)
    plain = list(value) if isinstance(value, tuple) else dict(value) if isinstance(value, Mapping) else value
    same = found == wanted and (now or None) == (plain or None) and after.body == before.body
    if not same or not after.readable or len(after.problems) > len(before.problems):
        raise TobkitError(
            msg("{key} in {file} can't be edited safely; please edit the file by hand.", key=key, file=path.name)
        )


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that a reader, or a crash, sees the old or the new one and nothing between."""
    new = path.with_name(f".tobkit-{secrets.token_hex(8)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with new.open("xb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            if path.exists():
                new.chmod(path.stat().st_mode & 0o7777)
            new.replace(path)
        finally:
            new.unlink(missing_ok=True)
    except OSError as error:
        raise TobkitError(cannot("write", path, error)) from error


def cannot(what: Literal["read", "write"], path: Path, error: OSError) -> Message:
    if what == "read":
        return msg("{file} can't be read: {why}.", file=str(path), why=why(error))
    return msg("{file} can't be written: {why}.", file=str(path), why=why(error))
