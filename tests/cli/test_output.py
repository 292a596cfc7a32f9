"""Where the output goes: pipes that close, full disks, consoles that can't show everything."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Tobkit

REPOSITORY = Path(__file__).parents[2]
TOBKIT = [sys.executable, "-m", "tobkit"]


def environment(**more: str) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "PYTHONPATH": str(REPOSITORY), "TOBKIT_LANGUAGE": "en", "LC_ALL": "C", **more}


def spawn(workspace: Path, *arguments: str, **more: str) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run([*TOBKIT, *arguments], cwd=workspace, capture_output=True, env=environment(**more))


@pytest.mark.parametrize("encoding", ["gbk", "ascii", "cp1252", "utf-8"])
def test_a_console_that_cannot_show_everything_is_no_obstacle(workspace: Path, encoding: str) -> None:
    (workspace / "pool/requirements/REQ-00000d.md").write_text(
        "---\nid: REQ-00000d\ntitle: 导出 😀 ©\ndate: 2026-03-05\nstatus: new\n---\n\n这是一段足够长的需求描述文字。\n",
        "utf-8",
    )
    shown, talk = b"", b""
    for language in ("zh", "en"):
        done = subprocess.run(
            [
                sys.executable,
                "-c",
                SEVERAL,
                "rank",
                "show REQ-00000d",
                "check",
                "--help",
                "nonsense",
                "rank --format csv",
            ],
            cwd=workspace,
            capture_output=True,
            env=environment(PYTHONIOENCODING=encoding, TOBKIT_LANGUAGE=language),
        )
        assert done.returncode == 0, done.stderr
        shown, talk = shown + done.stdout, talk + done.stderr
    assert shown.count(b"REQ-00000d") >= 6
    assert b"Traceback" not in talk
    if encoding != "ascii":  # click writes its help in UTF-8 where a console has only ASCII
        shown.decode(encoding)
        talk.decode(encoding)
    done = spawn(workspace, "show", "REQ-00000d", "--format", "json", PYTHONIOENCODING=encoding)
    assert json.loads(done.stdout.decode(encoding))["fields"]["title"] == "导出 😀 ©"


SEVERAL = """
import sys
from tobkit.cli import main
for command in sys.argv[1:]:
    sys.argv[1:] = command.split()
    try:
        main()
    except SystemExit as end:
        assert end.code in (0, 2), end.code
"""


def test_what_nobody_asked_for_is_not_used_where_it_cannot_be_shown(workspace: Path) -> None:
    config = workspace / "tobkit.toml"
    config.write_text(config.read_text("utf-8").replace('"en"', '"zh"'), "utf-8")
    shown = {
        encoding: spawn(workspace, "check", PYTHONIOENCODING=encoding, TOBKIT_LANGUAGE="").stdout.decode(encoding)
        for encoding in ("ascii", "gbk")
    }
    assert shown["ascii"].startswith("Nothing wrong")
    assert shown["gbk"].startswith("没有发现问题")


@pytest.mark.skipif(os.name != "posix", reason="a shell's pipes")
@pytest.mark.parametrize(("command", "status"), [("rank", 0), ("check", 1), ("rank --format json", 0)])
def test_a_reader_who_leaves_changes_no_exit_status(workspace: Path, command: str, status: int) -> None:
    file = workspace / "pool/requirements/REQ-00000c-dark.md"
    if command == "check":
        file.write_text(file.read_text("utf-8").replace("status: new", "status: x"), "utf-8")
    body = "word " * 20
    for number in range(600):  # more than a pipe holds
        (workspace / f"pool/requirements/REQ-0{number:05d}.md").write_text(
            f"---\nid: REQ-0{number:05d}\ntitle: {body}{number}\ndate: 2026-03-05\nstatus: 新建\n---\n\n{body}\n",
            "utf-8",
        )
    script = f'{sys.executable} -m tobkit {command} | head -n 1 >/dev/null; echo "${{PIPESTATUS[0]}}"'
    done = subprocess.run(["bash", "-c", script], cwd=workspace, capture_output=True, text=True, env=environment())
    assert done.stdout.split() == [str(status)]
    assert "Traceback" not in done.stderr
    assert "BrokenPipe" not in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_named(workspace: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*TOBKIT, "rank"], cwd=workspace, stdout=full, stderr=subprocess.PIPE, text=True, env=environment()
        )
    assert done.returncode == 2
    assert done.stderr == "tobkit: the disk is full\n"


@pytest.mark.skipif(os.name != "posix", reason="a shell's redirections")
@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-", "<&-"])
@pytest.mark.parametrize("command", ["check", "new module Printing"])
def test_closed_streams_are_no_obstacle(workspace: Path, command: str, closed: str) -> None:
    script = f"{sys.executable} -m tobkit {command} {closed}"
    done = subprocess.run(["bash", "-c", script], cwd=workspace, capture_output=True, text=True, env=environment())
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr


def test_outside_a_workspace_every_command_says_so(
    tobkit: Tobkit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for arguments in (
        ["check"],
        ["rank"],
        ["dedupe"],
        ["show", "x"],
        ["set", "x", "a=b"],
        ["merge", "a", "b"],
        ["unmerge", "a"],
        ["distinct", "a", "b"],
        ["renumber", "x"],
        ["build"],
        ["serve"],
        ["new", "requirement", "x"],
    ):
        result = tobkit(*arguments)
        assert result.code == 2, arguments
        assert "There is no tobkit.toml in" in result.err
        assert result.out == ""


def test_unsound_entries_are_left_out_and_named(tobkit: Tobkit, workspace: Path) -> None:
    for number in range(7):
        (workspace / f"pool/requirements/REQ-00001{number}.md").write_text("nothing")
    result = tobkit("rank")
    assert result.code == 0
    assert "REQ-000014.md and 2 more" in result.err
    assert "REQ-00000a" in result.out


def test_a_faulty_configuration_is_told_and_the_rest_of_it_holds(tobkit: Tobkit, workspace: Path) -> None:
    config = workspace / "tobkit.toml"
    config.write_text(config.read_text("utf-8") + "[rank.weights]\nreech = 5\n", "utf-8")
    result = tobkit("rank")
    assert result.code == 0
    assert "tobkit.toml has errors" in result.err


# rank and dedupe


@pytest.mark.parametrize(
    "weight", ["reach", "reach=", "reach=much", "reach=-1", "reach=inf", "reach=nan", "reech=1", "=1"]
)
def test_a_weight_that_makes_no_sense_is_refused(tobkit: Tobkit, workspace: Path, weight: str) -> None:
    result = tobkit("rank", "--weight", weight)
    assert result.code == 2
    assert f"not “{weight}”; the names are: reach, revenue" in result.err


def test_weights_change_the_scores(tobkit: Tobkit, workspace: Path) -> None:
    def scores(*options: str) -> list[float]:
        shown = json.loads(tobkit("rank", "--format", "json", "--today", "2026-06-30", *options).out)
        return [one["score"] for one in shown["ranking"]]

    others = ["revenue", "risk", "promise", "standard", "stability", "age", "voice"]
    assert scores(*(part for name in others for part in ("--weight", f"{name}=0"))) == [100.0, 0.0, 0.0]
    assert len(scores("--top", "2")) == 2


def test_explain_tells_why(tobkit: Tobkit, workspace: Path) -> None:
    assert "REQ-00000a" in tobkit("rank", "--explain", "bulk export of invoices").out
    assert json.loads(tobkit("rank", "--explain", "REQ-00000a", "--format", "json").out)
    assert tobkit("rank", "--explain", "REQ-00000a", "--format", "csv").code == 2
    assert tobkit("rank", "--explain", "acme").code == 2


def test_neighbours_of_every_requirement(tobkit: Tobkit, workspace: Path) -> None:
    found = json.loads(tobkit("dedupe", "--neighbours", "2", "--format", "json").out)["neighbours"]
    assert list(found) == ["REQ-00000a", "REQ-00000b", "REQ-00000c"]
    few = json.loads(tobkit("dedupe", "--neighbours", "2", "--threshold", "1", "--format", "json").out)["neighbours"]
    assert few == {"REQ-00000a": [], "REQ-00000b": [], "REQ-00000c": []}


def test_since_looks_at_what_changed(tobkit: Tobkit, workspace: Path) -> None:
    def git(*arguments: str) -> None:
        identity = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
        subprocess.run(["git", *identity, *arguments], cwd=workspace, check=True, capture_output=True)

    assert "--since needs a git repository" in tobkit("dedupe", "--since", "HEAD").err
    git("init", "-q", "-b", "main")
    git("add", ".")
    git("commit", "-qm", "x")
    since = ["dedupe", "--since", "HEAD", "--threshold", "0.1", "--format", "json"]
    assert json.loads(tobkit(*since).out) == {"pairs": [], "groups": []}
    tobkit("set", "REQ-00000b", "tags+=x")
    assert [(one["a"], one["b"]) for one in json.loads(tobkit(*since).out)["pairs"]] == [("REQ-00000a", "REQ-00000b")]
    assert list(json.loads(tobkit(*since, "--neighbours", "1").out)["neighbours"]) == ["REQ-00000b"]
    unknown = tobkit("dedupe", "--since", "nowhere")
    assert unknown.code == 2
    assert "git knows no commit “nowhere”." in unknown.err
    assert tobkit("dedupe", "--since", "--output=x").code == 2
    assert not (workspace / "x").exists()
