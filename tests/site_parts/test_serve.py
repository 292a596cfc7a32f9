import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tobkit.site.serve import Builds, Events, PortBusy, SiteServer, Watcher, site_server

PAGE = "<!doctype html><html><body><p>需求</p></body></html>"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "site"
    (folder / "客户").mkdir(parents=True)
    (folder / "empty").mkdir()
    (folder / ".git").mkdir()
    (folder / ".git" / "config").write_text("secret")
    (folder / "index.html").write_text(PAGE, encoding="utf-8")
    (folder / "客户" / "index.html").write_text(PAGE, encoding="utf-8")
    (folder / "a.js").write_text("1")
    (folder / "a.csv").write_text("编号")
    (folder / "a.unknown").write_text("x")
    (tmp_path / "secret.txt").write_text("secret")
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "linked").symlink_to(tmp_path)
    return folder


@pytest.fixture
def server(site: Path) -> Iterator[SiteServer]:
    with site_server(site, Builds(), port=0) as made:
        thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield made
        made.shutdown()
        thread.join()


def ask(
    server: SiteServer, path: str, method: str = "GET", **headers: str
) -> tuple[int, http.client.HTTPMessage, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=20)
    connection.putrequest(method, path, skip_host="Host" in headers)
    for name, value in headers.items():
        connection.putheader(name.replace("_", "-"), value)
    connection.endheaders()
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer.status, answer.headers, content


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/index.html?x=1", "text/html; charset=utf-8"),
        ("/%E5%AE%A2%E6%88%B7/", "text/html; charset=utf-8"),
        ("/a.js", "text/javascript; charset=utf-8"),
        ("/a.csv", "text/csv; charset=utf-8"),
        ("/a.unknown", "application/octet-stream"),
    ],
)
def test_files_are_served(server: SiteServer, path: str, kind: str) -> None:
    status, headers, content = ask(server, path)
    assert (status, headers["Content-Type"]) == (200, kind)
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert content


def test_pages_get_a_script_that_reloads_and_files_stay_as_they_are(server: SiteServer, site: Path) -> None:
    content = ask(server, "/")[2].decode()
    assert content.replace("</body>", "").count('<script src="/__tobkit/reload.js?after=') == 1
    assert content.endswith("</script></body></html>")
    assert (site / "index.html").read_text(encoding="utf-8") == PAGE
    assert b"/__tobkit/reload" in ask(server, "/__tobkit/reload.js?after=1")[2]


def test_head_has_no_body(server: SiteServer) -> None:
    status, headers, content = ask(server, "/a.js", "HEAD")
    assert (status, headers["Content-Length"], content) == (200, "1", b"")


@pytest.mark.parametrize(
    "path",
    [
        *("/gone.html", "/../secret.txt", "/%2e%2e/secret.txt", "/x/..%2f..%2fsecret.txt", "/..%5csecret.txt"),
        *("//secret.txt", "/link.txt", "/linked/secret.txt", "/linked/", "/.git/config", "/%00", "/a.js%00.html"),
        *("/empty/", "/a.js/x", "/" + "a" * 5000, "/C:/Windows/win.ini", "/%ff%fe"),
    ],
)
def test_nothing_outside_the_folder_is_served(server: SiteServer, path: str) -> None:
    status, _, content = ask(server, path)
    assert status == 404
    assert b"secret" not in content


def test_a_folder_is_not_listed_but_redirected_to(server: SiteServer) -> None:
    status, headers, _ = ask(server, "/%E5%AE%A2%E6%88%B7")
    assert (status, headers["Location"]) == (302, "/%E5%AE%A2%E6%88%B7/")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_nothing_can_be_sent(server: SiteServer, method: str) -> None:
    assert ask(server, "/", method)[0] == 501


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "localhost:1234"}, 200),
        ({"Host": "127.0.0.1"}, 200),
        ({"Host": "[::1]:80"}, 200),
        ({"Host": "evil.example"}, 403),
        ({"Host": "localhost.evil.example"}, 403),
        ({"Host": "127.0.0.1.evil.example:8000"}, 403),
        ({"Host": ""}, 403),
        ({"Sec_Fetch_Site": "same-origin"}, 200),
        ({"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "no-cors", "Sec_Fetch_Dest": "script"}, 403),
        ({"Sec_Fetch_Site": "same-site", "Sec_Fetch_Mode": "cors", "Sec_Fetch_Dest": "empty"}, 403),
        ({"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "navigate", "Sec_Fetch_Dest": "iframe"}, 403),
        ({"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "navigate", "Sec_Fetch_Dest": "document"}, 200),
    ],
)
def test_other_sites_cannot_ask(server: SiteServer, headers: dict[str, str], status: int) -> None:
    found, _, content = ask(server, "/a.js", **headers)
    assert found == status
    assert (content == b"1") == (status == 200)


def test_a_page_waits_for_the_next_build(server: SiteServer, monkeypatch: pytest.MonkeyPatch) -> None:
    now = server.builds.current
    threading.Timer(0.2, server.builds.next).start()
    began = time.monotonic()
    assert ask(server, f"/__tobkit/reload?after={now}")[2] == b"location.reload();\n"
    assert time.monotonic() - began > 0.1
    assert ask(server, f"/__tobkit/reload?after={now}")[2] == b"location.reload();\n"
    monkeypatch.setattr("tobkit.site.serve.WAIT_SECONDS", 0.05)
    assert ask(server, f"/__tobkit/reload?after={server.builds.current}")[2] == b""


def test_only_this_machine_can_be_served() -> None:
    for host in ("0.0.0.0", "::", "example.com", ""):
        with pytest.raises(ValueError, match="not this machine"):
            site_server(Path(), Builds(), host)


def test_a_port_that_is_taken(site: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(PortBusy, match=str(port)):
            site_server(site, Builds(), port=port)


def test_the_next_free_port_is_taken(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        monkeypatch.setattr("tobkit.site.serve.FIRST_PORT", port)
        with site_server(site, Builds()) as made:
            assert made.server_port != port
            assert made.url == f"http://127.0.0.1:{made.server_port}/"


# ---- watching ---------------------------------------------------------------------------------------------------------


def until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 15
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.fixture
def pool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("tobkit.site.serve.POLL_SECONDS", 0.02)
    folder = tmp_path / "pool"
    (folder / "requirements").mkdir(parents=True)
    (folder / "requirements" / "a.md").write_text("a")
    return folder


def test_changes_are_built_and_errors_survived(pool: Path, tmp_path: Path) -> None:
    settings, output = tmp_path / "tobkit.toml", tmp_path / "pool" / "site"
    output.mkdir()
    builds, rebuilt = Builds(), []
    failures: list[Exception] = []

    def rebuild() -> None:
        rebuilt.append(time.monotonic())
        (output / "index.html").write_text(str(len(rebuilt)))
        if (pool / "broken.md").exists():
            raise ValueError("broken")

    watcher = Watcher([pool, settings], output, rebuild, builds, Events(failed=failures.append))
    watcher.start()
    changes: list[Callable[[], object]] = [
        lambda: (pool / "requirements" / "b.md").write_text("b"),
        lambda: (pool / "requirements" / "a.md").write_text("other"),
        lambda: (pool / "requirements" / "a.md").rename(pool / "c.md"),
        lambda: (pool / "broken.md").write_text("x"),
        (pool / "broken.md").unlink,
        lambda: settings.write_text("[site]"),
    ]
    for number, change in enumerate(changes, 1):
        before = builds.current
        change()
        until(lambda number=number: len(rebuilt) == number)  # type: ignore[misc]
        if number != 4:
            until(lambda before=before: builds.current != before)  # type: ignore[misc]
        else:
            until(lambda: failures)
            assert builds.current == before
    (pool / ".swp").write_text("x")
    (output / "more.html").write_text("x")
    time.sleep(0.2)
    builds.stop()
    watcher.join()
    assert len(rebuilt) == len(changes)
    assert [str(failure) for failure in failures] == ["broken"]


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT to send there")
def test_ctrl_c_ends_it_cleanly(site: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from tobkit.site.serve import serve, Events;"
        "serve(Path(sys.argv[1]), lambda: None, [], port=None, events=Events(ready=lambda url: print(url, flush=True)));"
        "print('ended')"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(site)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        assert process.stdout.readline().startswith("http://127.0.0.1:")
        os.kill(process.pid, signal.SIGINT)
        out, errors = process.communicate(timeout=20)
    assert (process.returncode, out, errors) == (0, "ended\n", "")
