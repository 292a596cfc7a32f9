"""Chromium over file:// and over a loopback server under a sub-path, on a made-up site with two shards of rows."""

import functools
import os
import shutil
import threading
import time
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.site.pools import company, customer, day, files, make_site, module, note, promise, req

SUB_PATH = "team/needs"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
MANY = 2100


def wait_until(page: Any, condition: str, argument: Any = None) -> None:
    """Until an expression or a function holds (the pages' policy forbids Playwright's own way, which evaluates texts)."""
    end = time.monotonic() + 10
    while not page.evaluate(condition, argument):
        assert time.monotonic() < end, f"never so: {condition}"
        page.wait_for_timeout(20)


def find_browser() -> str | None:
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next((found for name in names if (found := shutil.which(name))), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """One browser for all tests; without one they are skipped, or fail where TOBKIT_REQUIRE_BROWSER says so."""
    executable = find_browser()
    if executable is None:
        reason = "no chromium here (on Debian and Ubuntu: apt-get install chromium)"
        if os.environ.get("TOBKIT_REQUIRE_BROWSER"):
            pytest.fail(reason)
        pytest.skip(reason)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        yield started
        started.close()


def entries() -> list[Any]:
    """A company, and so many needs that the table draws only those in sight."""
    words = ["Export", "Import", "Approve", "Reconcile", "Archive", "Print", "Search"]
    return [
        *company(),
        module("archive", name="Archive"),
        customer("northwind", name="Northwind", arr=1_250_000, region="South"),
        req(
            "a0000a",
            "northwind",
            title="支持批量导出电子发票",
            module="archive",
            owner="emma",
            status="building",
            impact=("saves-money",),
            body="会计说 **孔雀石** 归档要留十年。",
            status_since=day(-12),
        ),
        req("a0000b", "northwind", title="Reconcile partial refunds", module="archive", owner="mike", tags=("refund",)),
        note("aaaaaa", "northwind", "a0000b", body="Our auditor asks for a thaumatrope every quarter."),
        promise("cccccc", "northwind", "a0000a", due=day(45)),
        *(
            req(
                f"b{n:04}b",
                title=f"{words[n % 7]} document type {n}",
                module=("billing", "对账", "archive")[n % 3],
                date=day(-n % 300),
                body="",
            )
            for n in range(MANY)
        ),
    ]


def write_site(root: Path, language: str) -> Path:
    (root / "workspace").mkdir()
    site = root / "served" / SUB_PATH
    for path, content in files(make_site(entries(), root / "workspace", language)).items():
        file = site / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return site


@pytest.fixture(scope="session")
def site_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site on disk, in English, below a folder that can be served."""
    return write_site(tmp_path_factory.mktemp("site"), "en")


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Tests print nothing."""


@pytest.fixture(scope="session")
def server(site_folder: Path) -> Iterator[str]:
    served = site_folder
    for _ in SUB_PATH.split("/"):
        served = served.parent
    with ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(served))) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}/{SUB_PATH}/"
        running.shutdown()


@pytest.fixture(params=["file", "http"])
def base(request: pytest.FixtureRequest, site_folder: Path) -> str:
    """The address of the site's folder: on disk, and on a server."""
    if request.param == "file":
        return site_folder.as_uri() + "/"
    return str(request.getfixturevalue("server"))


class Visit:
    """A page with what went wrong in it, and what it asked for."""

    def __init__(self, context: Any, base: str) -> None:
        self.base = base
        self.page = context.new_page()
        self.page.set_default_timeout(10_000)
        self.faults: list[str] = []
        self.requests: list[str] = []
        self.page.on("console", lambda message: self.faults.append(message.text) if message.type != "log" else None)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("requestfailed", self.failed)
        self.page.on("request", lambda request: self.requests.append(request.url))

    def failed(self, request: Any) -> None:
        """What a page was still loading when it was left is no fault."""
        if request.failure != "net::ERR_ABORTED":
            self.faults.append(f"failed: {request.url}: {request.failure}")

    def open(self, path: str) -> Any:
        if self.page.url.split("#")[0] == self.base + path.split("#", maxsplit=1)[0]:
            self.page.goto("about:blank")  # or only the fragment would change
        self.page.goto(self.base + path)
        return self.page

    def backlog(self, fragment: str = "") -> Any:
        """The backlog with all its rows loaded."""
        page = self.open("index.html" + fragment)
        page.wait_for_selector("#facet-fields:not([disabled])", state="attached")
        return page

    def close(self) -> None:
        if self.page.url.startswith(self.base):
            self.page.evaluate("localStorage.clear()")
        self.page.close()
        elsewhere = [url for url in self.requests if not url.startswith((self.base, "about:", "data:"))]
        assert elsewhere == []
        assert self.faults == []


@pytest.fixture(scope="session")
def context(browser: Any) -> Iterator[Any]:
    opened = browser.new_context(viewport={"width": 1360, "height": 900})
    yield opened
    opened.close()


@pytest.fixture
def visit(context: Any, base: str) -> Iterator[Visit]:
    """A fresh page; at the end nothing may have failed, and nothing may have been asked for from elsewhere."""
    visiting = Visit(context, base)
    yield visiting
    visiting.close()


@pytest.fixture
def file_visit(context: Any, site_folder: Path) -> Iterator[Visit]:
    """The same, from disk alone, for what doesn't depend on the address."""
    visiting = Visit(context, site_folder.as_uri() + "/")
    yield visiting
    visiting.close()
