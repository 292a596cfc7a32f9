#!/usr/bin/env python3
"""Time tobkit's commands on a generated pool.

    python bench/build.py [--size N] [--repeat R] [--workspace DIR] [--json FILE]

Every command runs as a user would run it, in a process of its own (`python -m tobkit …`), in turn with the others, and
the table gives medians. *Cold* is with nothing kept from an earlier run, *warm* with the cache as the run before left
it. A workspace that is named is copied first, and stays as it is.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

if __name__ == "__main__":  # run as a file: the checkout isn't on the path yet
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.gen_pool import generate

ROOT = Path(__file__).resolve().parent.parent
TODAY = "2026-07-01"


def forget(workspace: Path) -> None:
    """Begin from nothing: no cache, no site."""
    shutil.rmtree(workspace / ".tobkit", ignore_errors=True)
    shutil.rmtree(workspace / "site", ignore_errors=True)


def touch_one(workspace: Path) -> None:
    """Add a line to one requirement: what an author does between two builds."""
    entry = min((workspace / "pool" / "requirements").glob("*.md"))
    with entry.open("a", encoding="utf-8", newline="\n") as lines:
        lines.write("\nOne more remark.\n")


@dataclass(frozen=True)
class Case:
    """One line of the table: what is done first, untimed, and the command that is timed."""

    name: str
    command: tuple[str, ...]
    before: Callable[[Path], None] | None = None


CASES = (
    Case("--version", ("--version",)),
    Case("check, cold", ("check", "--format", "json"), forget),
    Case("check, warm", ("check", "--format", "json")),
    Case("rank", ("rank", "--format", "json")),
    Case("dedupe", ("dedupe", "--format", "json")),
    Case("build, cold", ("build",), forget),
    Case("build, nothing changed", ("build",)),
    Case("build, one file changed", ("build",), touch_one),
)


def run(workspace: Path, command: Sequence[str]) -> float:
    """Seconds that one command takes; what it says is shown only if it fails."""
    arguments = [sys.executable, "-m", "tobkit", *command]
    if command[0] != "--version":
        arguments += ["--today", TODAY]
    paths = [str(ROOT), os.environ.get("PYTHONPATH", "")]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(path for path in paths if path)}
    begin = time.perf_counter()
    done = subprocess.run(
        arguments, cwd=workspace, env=environment, capture_output=True, text=True, encoding="utf-8", check=False
    )
    seconds = time.perf_counter() - begin
    if done.returncode != 0:
        raise RuntimeError(
            f"tobkit {' '.join(command)} ended with {done.returncode}:\n{(done.stderr or done.stdout)[-3000:]}"
        )
    return seconds


def measure(workspace: Path, repeat: int) -> dict[str, list[float]]:
    """All cases in turn, `repeat` times over, so that what else the machine does falls on all alike."""
    times: dict[str, list[float]] = {case.name: [] for case in CASES}
    for _ in range(repeat):
        for case in CASES:
            if case.before:
                case.before(workspace)
            times[case.name].append(run(workspace, case.command))
    return times


def table(times: dict[str, list[float]], size: int) -> str:
    width = max(map(len, times))
    lines = [f"{'':{width}}  {'median s':>9}  {'fastest s':>9}  {'ms/entry':>9}"]
    for name, seconds in times.items():
        median = statistics.median(seconds)
        lines.append(f"{name:{width}}  {median:9.3f}  {min(seconds):9.3f}  {1000 * median / size:9.3f}")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Time tobkit's commands.")
    parser.add_argument("--size", type=int, default=1000, metavar="N", help="requirements in the pool (1000)")
    parser.add_argument("--seed", type=int, default=1, help="of the generated pool (1)")
    parser.add_argument("--repeat", type=int, default=3, metavar="R", help="runs of each command (3)")
    parser.add_argument("--workspace", type=Path, metavar="DIR", help="measure on this one instead")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all times there too")
    options = parser.parse_args(arguments)
    if options.repeat < 1:
        parser.error("a command runs at least once")
    with tempfile.TemporaryDirectory(prefix="tobkit-bench-") as folder:
        workspace = Path(folder) / "workspace"
        try:
            if options.workspace:
                shutil.copytree(options.workspace, workspace, symlinks=True, ignore=shutil.ignore_patterns(".tobkit"))
            else:
                generate(options.size, workspace, options.seed)
        except (ValueError, OSError) as error:
            parser.error(str(error))
        size = sum(1 for _ in (workspace / "pool" / "requirements").rglob("*.md"))
        print(f"{size} requirements, {options.repeat} runs, Python {sys.version.split()[0]}", file=sys.stderr)
        try:
            times = measure(workspace, options.repeat)
        except RuntimeError as error:
            print(error, file=sys.stderr)
            return 1
    print(table(times, max(size, 1)))
    if options.json:
        options.json.write_text(json.dumps({"size": size, "seconds": times}, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
