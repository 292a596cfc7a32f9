"""Serving the site on this machine while one works on the pool: build, serve, rebuild on change, reload the page.

Only this machine can ask (loopback, and by one of its own names, so that no other site's page can by a name of its own),
and gets nothing from outside the folder. Each page gets a script on its way out that waits for the next rebuild: by
script elements, since that needs no more of a page's Content-Security-Policy than `script-src 'self'`.
"""

import os
import stat
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socket import AF_INET6
from socketserver import TCPServer
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

from tobkit.messages import Message, msg

FIRST_PORT = 8000
PORTS = 20
POLL_SECONDS = 0.3
WAIT_SECONDS = 10.0
"""How long a page's question for the next rebuild stays open: a browser has few connections to one server."""

TYPES = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "json": "application/json; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
    "xml": "application/xml; charset=utf-8",
    "svg": "image/svg+xml",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "ico": "image/x-icon",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

RELOAD = "/__tobkit/reload.js"
"""Asks for `reload` as long as the page is looked at."""
WAIT = "/__tobkit/reload"
"""Answers with a script when there is a newer build than `after`, or when it has waited long enough."""

RELOAD_SCRIPT = """\
(() => {
  const after = new URL(document.currentScript.src).searchParams.get("after");
  const ask = () => {
    if (document.hidden) return;
    const script = document.createElement("script");
    script.src = "/__tobkit/reload?after=" + after + "&at=" + Date.now();
    script.onload = () => { script.remove(); setTimeout(ask, 50); };
    script.onerror = () => { script.remove(); setTimeout(ask, 1000); };
    document.head.append(script);
  };
  document.addEventListener("visibilitychange", ask);
  addEventListener("load", () => setTimeout(ask, 100));
})();
"""


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

    The folder must have been built before. `host` is a name of this machine for itself (else `ValueError`). `port` None
    takes 8000 or the next free one; a given one that is taken raises `PortBusy`. `watch_paths` are files and folders
    (everything below them; dot-files and `directory` aside). An exception from `rebuild` goes to `events.failed`; the
    old site stays.
    """
    builds = Builds()
    with site_server(directory, builds, host, port) as server:
        watcher = Watcher(watch_paths, directory, rebuild, builds, events)
        try:
            watcher.start()
            events.ready(server.url)
            server.serve_forever(poll_interval=0.2)
        except KeyboardInterrupt:
            pass
        finally:
            builds.stop()
            with suppress(KeyboardInterrupt):
                watcher.join()  # a build under way is finished; another Ctrl-C breaks it off


class Builds:
    """Counts the builds, and lets pages wait for the next one."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._started = f"{time.time_ns():x}"
        self._count = 0
        self.stopped = False

    @property
    def current(self) -> str:
        """The name of the build that is served; none of a server started before has the same."""
        return f"{self._started}-{self._count}"

    def next(self) -> None:
        with self._changed:
            self._count += 1
            self._changed.notify_all()

    def stop(self) -> None:
        with self._changed:
            self.stopped = True
            self._changed.notify_all()

    def wait_for_stop(self, seconds: float) -> bool:
        """Whether the server is being stopped, waiting for it so long."""
        with self._changed:
            return self._changed.wait_for(lambda: self.stopped, seconds)

    def wait_for_other_than(self, build: str, seconds: float) -> bool:
        """Whether another build than this is served, waiting for it so long."""
        with self._changed:
            return self._changed.wait_for(lambda: self.stopped or self.current != build, seconds) and not self.stopped


class Watcher(threading.Thread):
    """Looks at the watched files every third of a second, and rebuilds where they differ."""

    def __init__(
        self, paths: Sequence[Path], output: Path, rebuild: Callable[[], object], builds: Builds, events: Events
    ) -> None:
        super().__init__(name="tobkit-watcher", daemon=True)
        self._paths, self._output = list(paths), os.path.realpath(output)
        self._rebuild, self._builds, self._events = rebuild, builds, events
        self._seen = self._snapshot()

    def run(self) -> None:
        pause = POLL_SECONDS
        while not self._builds.wait_for_stop(pause):
            began = time.monotonic()
            found = self._snapshot()
            pause = max(POLL_SECONDS, 4 * (time.monotonic() - began))
            if found != self._seen:
                self._seen = self._settled(found)
                self._build()

    def _settled(self, found: dict[str, tuple[int, int, int]]) -> dict[str, tuple[int, int, int]]:
        """Wait while files go on changing (a branch being checked out), but not for ever."""
        for _ in range(20):
            time.sleep(0.05)
            before, found = found, self._snapshot()
            if found == before:
                break
        return found

    def _build(self) -> None:
        began = time.monotonic()
        try:
            self._rebuild()
        except Exception as error:  # the server outlives whatever goes wrong in a build
            self._events.failed(error)
            return
        self._builds.next()
        self._events.rebuilt(time.monotonic() - began)

    def _snapshot(self) -> dict[str, tuple[int, int, int]]:
        return {path: state for start in self._paths for path, state in self._states(os.fspath(start))}

    def _states(self, start: str) -> Iterator[tuple[str, tuple[int, int, int]]]:
        try:
            found = os.lstat(start)
        except OSError:
            return
        if not stat.S_ISDIR(found.st_mode):
            yield start, (found.st_mtime_ns, found.st_size, found.st_ino)
            return
        folders = [start]
        while folders:
            folder = folders.pop()
            try:
                with os.scandir(folder) as entries:
                    for entry in entries:
                        if entry.name.startswith(".") or entry.name == "__pycache__":
                            continue
                        if entry.is_dir(follow_symlinks=False):
                            if os.path.realpath(entry.path) != self._output:
                                folders.append(entry.path)
                        else:
                            found = entry.stat(follow_symlinks=False)
                            yield entry.path, (found.st_mtime_ns, found.st_size, found.st_ino)
            except OSError:  # gone since
                continue


# ---- answering --------------------------------------------------------------------------------------------------------

_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
_NO_LINK = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


class SiteServer(ThreadingHTTPServer):
    """Answers each request in a thread of its own."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 64
    allow_reuse_address = sys.platform != "win32"  # there it would let two servers share a port

    def __init__(self, directory: Path, builds: Builds, host: str, port: int) -> None:
        if ":" in host:
            self.address_family = AF_INET6
        self.directory, self.builds = directory, builds
        super().__init__((host, port), _Handler)

    def server_bind(self) -> None:
        # Without HTTPServer's own, which asks the name service who we are.
        TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])

    @property
    def url(self) -> str:
        host = f"[{self.server_name}]" if ":" in self.server_name else self.server_name
        return f"http://{host}:{self.server_port}/"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that goes away in the middle of an answer is nothing to tell."""
        if not isinstance(sys.exception(), (ConnectionError, TimeoutError)):
            super().handle_error(request, client_address)


def site_server(directory: Path, builds: Builds, host: str = "127.0.0.1", port: int | None = None) -> SiteServer:
    """A server on a port of this machine, listening; raises `PortBusy`, or `ValueError` for a host that isn't loopback."""
    if host not in _LOOPBACK:
        raise ValueError(f"{host} is not this machine's own name for itself")
    directory = directory.resolve()
    for candidate in [port] if port is not None else [*range(FIRST_PORT, FIRST_PORT + PORTS), 0]:
        try:
            return SiteServer(directory, builds, host, candidate)
        except OSError as error:
            if port is None and candidate:
                continue
            raise PortBusy(
                msg(
                    "Port {port} can't be used ({reason}). Name another one with --port.",
                    port=port,
                    reason=error.strerror,
                )
            ) from error
    raise AssertionError("unreachable: port 0 is any free one")


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # a name that is too long, say
        return False


class _Handler(BaseHTTPRequestHandler):
    server: SiteServer
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "tobkit", ""
    timeout = 60

    def do_GET(self) -> None:
        if not self._from_here():
            self._send(HTTPStatus.FORBIDDEN, "txt", b"Only this machine's own pages may ask.\n")
            return
        target = urlsplit(self.path)
        if target.path == RELOAD:
            self._send(HTTPStatus.OK, "js", RELOAD_SCRIPT.encode())
        elif target.path == WAIT:
            after = parse_qs(target.query).get("after", [""])[0]
            newer = self.server.builds.wait_for_other_than(after, WAIT_SECONDS)
            self._send(HTTPStatus.OK, "js", b"location.reload();\n" if newer else b"")
        else:
            self._send_file(target.path)

    do_HEAD = do_GET  # noqa: N815 (http.server's name)

    def _from_here(self) -> bool:
        """Not a page of another site: neither under a name of its own for this machine, nor by including our files."""
        host = self.headers.get("Host", "")
        name = host[1 : host.find("]")] if host.startswith("[") else host.partition(":")[0]
        if name.lower() not in _LOOPBACK:
            return False
        if self.headers.get("Sec-Fetch-Site", "none") in {"same-origin", "none"}:
            return True
        return self.headers.get("Sec-Fetch-Mode") == "navigate" and self.headers.get("Sec-Fetch-Dest") == "document"

    def _send_file(self, path: str) -> None:
        parts = [part for part in unquote(path).split("/") if part]
        if any(part.startswith(".") or set(part) & set("\\:\0") for part in parts):
            self._send_missing()
            return
        file = self.server.directory.joinpath(*parts)
        if _is_folder(file):
            if not path.endswith("/"):
                self._redirect("/" + "/".join(map(quote, parts)) + "/")
                return
            file /= "index.html"
        content = self._content(file)
        if content is None:
            self._send_missing()
        else:
            self._send(HTTPStatus.OK, file.suffix[1:].lower(), content)

    def _content(self, file: Path) -> bytes | None:
        """What is in a file of the folder; None where there is none, or a link leads to it."""
        try:
            if file.resolve() != file:
                return None
            with os.fdopen(os.open(file, os.O_RDONLY | _NO_LINK), "rb") as opened:
                return opened.read() if stat.S_ISREG(os.fstat(opened.fileno()).st_mode) else None
        except (OSError, ValueError):
            return None

    def _send_missing(self) -> None:
        page = self._content(self.server.directory / "404.html")
        self._send(
            HTTPStatus.NOT_FOUND, "html", page or b"<!doctype html><title>404</title><p>404: there is no such page.</p>"
        )

    def _redirect(self, address: str) -> None:
        self.send_response(HTTPStatus.FOUND)
        self.send_header("Location", address)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _send(self, status: HTTPStatus, extension: str, content: bytes) -> None:
        if extension == "html":
            content = self._reloading(content)
        self.send_response(status)
        self.send_header("Content-Type", TYPES.get(extension, "application/octet-stream"))
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Cross-Origin-Resource-Policy", "same-origin")
        self.send_header("X-Frame-Options", "DENY")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def _reloading(self, page: bytes) -> bytes:
        script = f'<script src="{RELOAD}?after={self.server.builds.current}"></script>'.encode()
        before, end, after = page.rpartition(b"</body>")
        return before + script + end + after if end else page + script

    def log_message(self, format: str, *args: object) -> None:
        """Requests aren't told: who works on the pool has no use for them."""
