"""Writing the site: all or nothing.

    with Publisher(output, workspace=root, sources=[root / "pool", root / "templates"]) as publisher:
        publisher.add("index.html", b"…")
        publisher.copy("files/REQ-7f3kq2/a.png", path)
        publisher.publish()

Files go to a folder beside the output, which then takes the output's place: on Linux by exchanging both in one step,
elsewhere by renaming twice. Killed at any moment, the old site stands, or the new one; what was left half done, the next
`Publisher` for the same output finishes. Three names beside an output `site` tell how far it came:

    .site.tobkit-new    being written
    .site.tobkit-ready  complete, about to take the output's place; or the old site, when it was just exchanged
    .site.tobkit-old    the old site, about to be deleted once its dot-files (`.git`, `.nojekyll`) have moved

A complete site holds the file `.tobkit-pending` until all of that is done: so one can tell the two in "ready" apart.
"""

import errno
import os
import re
import shutil
import stat
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from tobkit.messages import Message, msg

MARKER = ".tobkit-site"
"""The file that tells that tobkit made a folder, so that it may be replaced."""
PENDING = ".tobkit-pending"
"""The file that tells that a site has just been put in place, and the old one's dot-files may still have to follow."""

MARKER_TEXT = (
    b"tobkit built this folder, and its next build replaces it. Only files whose name begins with a dot stay.\n"
)

RESERVED = frozenset(
    {"con", "prn", "aux", "nul", "conin$", "conout$"}
    | {f"{name}{n}" for name in ("com", "lpt") for n in "0123456789¹²³"}
)
"""Names that no file can have on Windows, whatever their extension."""


class PublishError(Exception):
    """The site couldn't be written; `message` says why and what to do. The old site stands as it was."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


class NotOurs(PublishError):
    """The output is a folder that tobkit didn't make."""


class BadOutput(PublishError):
    """The output may not be there: the workspace, above it, inside the pool or the templates, a file, a link."""


class BadPath(PublishError):
    """A file may not have that path: outside the site, twice, differing only in case, or impossible on Windows."""


class Busy(PublishError):
    """Another build is writing the same output."""


class Publisher:
    """Collects the files of a site beside the output and puts them in place at once. For one thread."""

    def __init__(self, output: Path, workspace: Path | None = None, sources: Iterable[Path] = ()) -> None:
        """Looks at the output first, so that a build isn't made in vain: raises `NotOurs`, `BadOutput`, `Busy`.

        `sources` are folders in which nothing may be written (pool, templates). What an earlier build that was killed
        left undone is finished here. Nothing is written before the first `add`.
        """
        output = output.absolute()
        self.output = output.parent.resolve() / output.name
        _refuse_bad_place(self.output, workspace, sources)
        self._place = _Place(self.output)
        self._paths = _Paths()
        self._lock: int | None = None
        self._closed = False
        if self._place.has_leftovers():
            with self._explaining():
                self._lock = self._place.lock()
                self._place.recover()
            self._unlock()
        _refuse_foreign(self.output)

    def add(self, path: str, content: bytes | str) -> None:
        """A file of the site; `path` is relative, with `/`. Raises `BadPath`, `Busy`, `PublishError`."""
        with self._explaining():
            if path in {MARKER, PENDING}:
                raise _collision(path, path)
            self._write(path, content.encode() if isinstance(content, str) else content)

    def copy(self, path: str, source: Path) -> None:
        """A file of the site that is a copy of another one (not of a link). Raises as `add` does."""
        try:
            content = _content(source)
        except OSError as error:
            self.close()
            raise PublishError(
                msg(
                    "{path} can't be read, and so not copied into the site: {reason}",
                    path=str(source),
                    reason=_why(error),
                )
            ) from error
        self.add(path, content)

    @property
    def paths(self) -> list[str]:
        """The paths collected so far, sorted."""
        return sorted(self._paths.files.values())

    def publish(self) -> None:
        """Put the site in place. Raises `Busy`, `NotOurs`, or a `PublishError` where the disk refuses."""
        with self._explaining():
            self._write(MARKER, MARKER_TEXT)
            self._write(PENDING, b"")
            _refuse_foreign(self.output)
            self._place.swap()
        self.close()

    def close(self) -> None:
        """Throw away what wasn't published."""
        if self._lock is not None:
            self._place.delete(self._place.new)
        self._unlock()
        self._closed = True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _write(self, path: str, content: bytes) -> None:
        folders = self._paths.take(path)
        if self._lock is None:
            self._begin()
        base = str(self._place.new)
        for folder in folders:
            _make_folder(self._place.new / folder)
        descriptor = os.open(f"{base}/{path}", os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, 0o644)
        try:
            rest = memoryview(content)
            while rest:
                rest = rest[os.write(descriptor, rest) :]
            if sys.platform != "win32":
                os.fchmod(descriptor, 0o644)  # whatever the umask
        finally:
            os.close(descriptor)

    def _begin(self) -> None:
        if self._closed:
            raise RuntimeError("this Publisher is closed")
        self.output.parent.mkdir(parents=True, exist_ok=True)
        self._lock = self._place.lock()
        self._place.recover()
        _make_folder(self._place.new)

    def _unlock(self) -> None:
        if self._lock is not None:
            self._place.unlock(self._lock)
            self._lock = None

    @contextmanager
    def _explaining(self) -> Iterator[None]:
        """Clean up on errors; say in a sentence what the system refused."""
        try:
            yield
        except OSError as error:
            self.close()
            raise PublishError(_refused(error, self.output)) from error
        except BaseException:
            self.close()
            raise


class _Paths:
    """The paths of a site's files, none of which gets in the way of another one on any system."""

    def __init__(self) -> None:
        self.files: dict[str, str] = {}
        self.folders: dict[str, str] = {}
        self._made: set[str] = set()

    def take(self, path: str) -> list[str]:
        """Add a path; the folders that are new with it, outermost first. Raises `BadPath`."""
        parts = path.split("/")
        for part in parts:
            _refuse_name(part, path)
        if parts[0].lower() == ".git":
            raise BadPath(msg("A site can't hold {path}: that is where git keeps its own files.", path=path))
        new = []
        for depth in range(1, len(parts)):
            folder = "/".join(parts[:depth])
            key = _folded(folder)
            if key in self.files:
                raise _collision(path, self.files[key])
            known = self.folders.setdefault(key, folder)
            if known != folder:
                raise _collision(folder, known)
            if folder not in self._made:
                self._made.add(folder)
                new.append(folder)
        key = _folded(path)
        other = self.files.get(key) or self.folders.get(key)
        if other:
            raise _collision(path, other)
        self.files[key] = path
        return new


class _Place:
    """The output, the folders beside it, and the steps by which one takes the other's place."""

    def __init__(self, output: Path) -> None:
        self.output = output
        self._beside = tuple(
            output.with_name(f".{output.name}.tobkit-{name}") for name in ("new", "ready", "old", "lock")
        )
        self.new, self.ready, self.old, self.lock_file = self._beside

    def has_leftovers(self) -> bool:
        return any(os.path.lexists(path) for path in (*self._beside, self.output / PENDING))

    def swap(self) -> None:
        """The complete new site takes the output's place."""
        self.new.rename(self.ready)
        if not os.path.lexists(self.output):
            self.ready.rename(self.output)
        elif exchange(self.ready, self.output):
            self.ready.rename(self.old)
        else:
            self.output.rename(self.old)
            self.ready.rename(self.output)
        self._finish()

    def recover(self) -> None:
        """Finish or undo what a killed build left."""
        self.delete(self.new)
        if _is_folder(self.ready):
            if not os.path.lexists(self.output):
                self.ready.rename(self.output)
            elif (self.output / PENDING).exists() and not (self.ready / PENDING).exists():
                self.ready.rename(self.old)  # the old site, just exchanged
            else:
                self.ready.rename(self.new)
                self.delete(self.new)
        if _is_folder(self.old) and not os.path.lexists(self.output):
            self.old.rename(self.output)
        self._finish()

    def _finish(self) -> None:
        """The old site's dot-files move to the new one, then the rest of it goes. Can be interrupted and repeated."""
        if not (self.output / MARKER).is_file():
            return
        if _is_folder(self.old):
            for name in sorted(path.name for path in self.old.iterdir()):
                if name.startswith(".") and name not in {MARKER, PENDING}:
                    self._move_over(name)
        (self.output / PENDING).unlink(missing_ok=True)
        self.delete(self.old)

    def _move_over(self, name: str) -> None:
        """A dot-file is the user's, and stays as it is; of two folders of one name the new site's stays."""
        if not (_is_folder(self.old / name) and os.path.lexists(self.output / name)):
            (self.old / name).replace(self.output / name)

    def delete(self, folder: Path) -> None:
        """What can't be deleted (a file in use on Windows) is left for the next run."""
        shutil.rmtree(folder, ignore_errors=True)

    def lock(self) -> int:
        """Keep builds of other processes away from this output, until unlocked or killed. Raises `Busy`."""
        while True:
            descriptor = os.open(self.lock_file, os.O_RDWR | os.O_CREAT, 0o644)
            if not _lock(descriptor):
                os.close(descriptor)
                raise Busy(
                    msg(
                        "Another build is writing {output} right now. Try again when it is done.",
                        output=str(self.output),
                    )
                )
            if _is_same_file(descriptor, self.lock_file):
                return descriptor
            os.close(descriptor)  # whoever had it has just deleted the file

    def unlock(self, descriptor: int) -> None:
        if sys.platform == "win32":  # where an open file can't be deleted
            os.close(descriptor)
            with suppress(OSError):
                self.lock_file.unlink()
        else:
            self.lock_file.unlink(missing_ok=True)
            os.close(descriptor)


# ---- the system -------------------------------------------------------------------------------------------------------

_BINARY = getattr(os, "O_BINARY", 0)
_ONLY_FILES = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


def exchange(one: Path, other: Path) -> bool:
    """Exchange two folders in one step; False where the system can't (then nothing has changed)."""
    if sys.platform != "linux":
        return False
    import ctypes

    try:
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    here, exchanging = -100, 2  # AT_FDCWD, RENAME_EXCHANGE
    if renameat2(here, os.fsencode(one), here, os.fsencode(other), exchanging) == 0:
        return True
    number = ctypes.get_errno()
    if number in {errno.ENOSYS, errno.EINVAL, errno.ENOTSUP}:
        return False
    raise OSError(number, os.strerror(number), str(other))


def _lock(descriptor: int) -> bool:
    """Lock an open file; False where another process has it. Where the file system knows no locks, there is none."""
    if sys.platform == "win32":
        import msvcrt

        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True


def _is_same_file(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def _make_folder(path: Path) -> None:
    path.mkdir()
    path.chmod(0o755)  # a web server may run as another user


def _content(source: Path) -> bytes:
    descriptor = os.open(source, os.O_RDONLY | _BINARY | _ONLY_FILES)
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "it is not a file", str(source))
        return file.read()


def _why(error: OSError) -> str:
    return error.strerror or type(error).__name__


def _refused(error: OSError, output: Path) -> Message:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return msg(
            "The disk is full: the site needs more room beside {output}. The old site stands as it was.",
            output=str(output),
        )
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return msg(
            "tobkit may not write in {folder}. Allow it, or name another folder with --output. The old site stands as it was.",
            folder=str(output.parent),
        )
    return msg(
        "The site can't be written to {output}: {reason}. The old site stands as it was.",
        output=str(output),
        reason=_why(error),
    )


# ---- what may be written where ----------------------------------------------------------------------------------------


def _refuse_bad_place(output: Path, workspace: Path | None, sources: Iterable[Path]) -> None:
    if output.name in {"", ".."}:
        raise BadOutput(msg("The site can't be built in {output}. Name a folder of its own.", output=str(output)))
    if output.is_symlink() or (output.exists() and not output.is_dir()):
        raise BadOutput(
            msg("The site can't be built in {output}: it is a file or a link. Name a folder.", output=str(output))
        )
    if ".git" in (part.lower() for part in output.parts):
        raise BadOutput(msg("The site can't be built in {output}: that is git's own folder.", output=str(output)))
    sources = list(sources)
    for folder in [workspace, *sources] if workspace else sources:
        if _holds(output, folder):
            raise BadOutput(
                msg(
                    "The site can't be built in {output}: building replaces the folder, and {folder} lies in it.",
                    output=str(output),
                    folder=str(folder),
                )
            )
    for folder in sources:  # the pool's folder may be the workspace itself
        if folder != workspace and _holds(folder, output):
            raise BadOutput(
                msg(
                    "The site can't be built in {output}: it lies in {folder}, from which the site is made.",
                    output=str(output),
                    folder=str(folder),
                )
            )


def _holds(outer: Path, inner: Path) -> bool:
    """Whether a folder is another one or above it, however they are spelt."""
    outer, inner = outer.resolve(), inner.resolve()
    if inner.is_relative_to(outer):
        return True
    return outer.exists() and any(folder.exists() and folder.samefile(outer) for folder in (inner, *inner.parents))


def _refuse_foreign(output: Path) -> None:
    if not os.path.lexists(output) or (output / MARKER).is_file():
        return
    for name in sorted(path.name for path in output.iterdir()):
        if not name.startswith("."):
            raise NotOurs(
                msg(
                    "{output} isn't a folder that tobkit made ({name} lies in it), so it is left alone. "
                    "Name another one with --output, or empty it.",
                    output=str(output),
                    name=name,
                )
            )


_IMPOSSIBLE = re.compile(r'[\x00-\x1f\x7f<>:"\\|?*]|[ .]$')


def _refuse_name(part: str, path: str) -> None:
    if part in {"", ".", ".."} or "\0" in part:
        raise BadPath(msg("{path} doesn't lie in the site.", path=path))
    if _IMPOSSIBLE.search(part) or part.split(".", 1)[0].rstrip().lower() in RESERVED:
        raise BadPath(
            msg("The site can't hold {path}: Windows allows no file called {name}. Rename it.", path=path, name=part)
        )
    if len(part) > 60 and len(part.encode("utf-8", "replace")) > 255:
        raise BadPath(msg("The site can't hold {path}: its name is too long. Shorten it.", path=path))


def _collision(path: str, other: str) -> BadPath:
    if path == other:
        return BadPath(msg("Two files of the site would be called {path}.", path=path))
    return BadPath(
        msg("{path} and {other} can't both be in the site: on some systems they are the same.", path=path, other=other)
    )


def _folded(path: str) -> str:
    """The same for all spellings of a path that some file system takes for one."""
    return (
        path.lower() if path.isascii() else unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())
    )
