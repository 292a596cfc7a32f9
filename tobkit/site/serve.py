"""Serving the site on this machine while one works on the pool: build, serve, rebuild on change, reload the page."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tobkit.messages import Message


class PortBusy(Exception):
    """The port asked for is taken; `message` says so."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


@dataclass(frozen=True, slots=True)
class Events:
    """What happens while serving, for the command line to tell (called from other threads, one at a time)."""

    ready: Callable[[str], None] = lambda url: None
    rebuilt: Callable[[float], None] = lambda seconds: None
    failed: Callable[[Exception], None] = lambda error: None


def serve(
    directory: Path,
    rebuild: Callable[[], object],
    watch_paths: Sequence[Path],
    host: str = "127.0.0.1",
    port: int | None = None,
    events: Events = Events(),
) -> None:
    """Serve a folder until Ctrl-C (then returns), calling `rebuild` in a thread whenever a watched file changes.

    The folder must have been built before. `port` None takes 8000 or the next free one; a given one that is taken
    raises `PortBusy`. `watch_paths` are files and folders (everything below them; dot-files and `directory` aside).
    An exception from `rebuild` goes to `events.failed`; the old site stays. Pages get a script that reloads them after
    a rebuild; it is served from here, so the pages' Content-Security-Policy needs `script-src 'self'` and
    `connect-src 'self'` (added to their policy on the way out where it isn't there).
    """
    raise NotImplementedError
