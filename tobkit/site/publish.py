"""Writing the site: all or nothing.

    publisher = Publisher(output, workspace=root, sources=[root / "pool", root / "templates"])
    publisher.add("index.html", b"…")
    publisher.copy("files/REQ-7f3kq2/a.png", path)
    publisher.publish()

Files go to a folder beside the output, which then takes the output's place: on Linux by exchanging both in one step,
elsewhere by renaming with a journal that the next run completes. Killed at any moment, the old site stands, or the new.
"""

from collections.abc import Iterable
from pathlib import Path

from tobkit.messages import Message

MARKER = ".tobkit-site"
"""The file that tells that tobkit made a folder, so that it may be replaced."""


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
    """A file may not have that path: outside the site, twice, differing only in case, or reserved on Windows."""


class Busy(PublishError):
    """Another build is writing the same output."""


class Publisher:
    """Collects the files of a site and puts them in place at once."""

    def __init__(self, output: Path, workspace: Path | None = None, sources: Iterable[Path] = ()) -> None:
        """Looks at the output first, so that a build needn't be made in vain: raises `NotOurs`, `BadOutput`.

        `sources` are folders in which nothing may be written (pool, templates).
        """
        self.output = output

    def add(self, path: str, content: bytes | str) -> None:
        """A file of the site; `path` is relative, with `/`. Raises `BadPath`."""
        raise NotImplementedError

    def copy(self, path: str, source: Path) -> None:
        """A file of the site that is a copy of another one, read when published. Raises `BadPath`."""
        raise NotImplementedError

    @property
    def paths(self) -> list[str]:
        """The paths collected so far, in order."""
        raise NotImplementedError

    def publish(self) -> None:
        """Put the site in place. Raises `Busy`, `NotOurs`, or a `PublishError` where the disk refuses."""
        raise NotImplementedError
