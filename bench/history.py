#!/usr/bin/env python3
"""Time the reading of history from git.

    python bench/history.py [--size N] [--commits C] [--repeat R] [--json FILE]

A repository is made with N requirements that came, and changed, in C commits, a fifth of them on branches that were merged. *Cold* is
with nothing kept from an earlier run, *one commit more* continues from what was kept, *nothing new* finds all of it kept.
"""

import argparse
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

if __name__ == "__main__":  # run as a file: the checkout isn't on the path yet
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tobkit.model.history import History
from tobkit.model.pool import Pool
from tobkit.store.history import read_history
from tobkit.store.load import load
from tobkit.store.workspace import Workspace, open_workspace

TODAY = date(2026, 7, 1)
START = 1_700_000_000
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
STATUSES = ("new", "triaged", "accepted", "building", "delivered", "parked")
OWNERS = ("lilei", "hanmei", "wangfang", "zhaolei", "chenjing")
CHANGES_PER_COMMIT = 5
BODY = "The accountant exports each invoice by itself, which takes three days every month.\n\n" * 6


def requirement(number: int, status: str, owner: str, version: int) -> str:
    """An entry's file."""
    return (
        f"---\nid: REQ-{base32(number)}\ntitle: Requirement {number}\ndate: 2025-0{number % 9 + 1}-11\nstatus: {status}\n"
        f"module: e-invoicing\nowner: {owner}\nimpact:\n  - saves-money\ncustomers:\n  - acme\n---\n\n{BODY}Version {version}\n"
    )


def base32(number: int) -> str:
    return "".join(ALPHABET[number >> shift & 31] for shift in (25, 20, 15, 10, 5, 0))


class Script:
    """The commits of a repository, as `git fast-import` takes them."""

    def __init__(self, size: int, commits: int) -> None:
        self.size = size
        self.commits = commits
        self.random = random.Random(7)
        self.versions: dict[int, int] = {}
        self.marks = 0

    def lines(self) -> Iterator[str]:
        """All of it: every fifth pair of commits is a branch with its merge."""
        main = 0
        while self.marks < self.commits:
            new = range(self.size * self.marks // self.commits, self.size * (self.marks + 1) // self.commits)
            if self.marks % 10 == 5 and self.marks + 3 <= self.commits:
                files = self.files(range(new.start, self.size * (self.marks + 3) // self.commits))
                here, there = files[::2], files[1::2]
                yield from self.commit(main, 0, there)
                branch = self.marks
                yield from self.commit(main, 0, here)
                yield from self.commit(self.marks, branch, there)
            else:
                yield from self.commit(main, 0, self.files(new))
            main = self.marks
        yield f"reset refs/heads/main\nfrom :{main}\n\n"

    def files(self, new: range) -> list[tuple[str, str]]:
        """New requirements, and older ones in another version."""
        older = {self.random.randrange(new.start) for _ in range(CHANGES_PER_COMMIT if new.start else 0)}
        found = []
        for number in (*new, *sorted(older)):
            version = self.versions[number] = self.versions.get(number, -1) + 1
            status = STATUSES[min(version, len(STATUSES) - 1)]
            owner = OWNERS[(number + version // 2) % len(OWNERS)]
            path = f"pool/requirements/REQ-{base32(number)}.md"
            found.append((path, requirement(number, status, owner, version)))
        return found

    def commit(self, parent: int, merged: int, files: list[tuple[str, str]]) -> Iterator[str]:
        self.marks += 1
        moment = START + self.marks * 36_000
        person = f"{OWNERS[self.marks % len(OWNERS)]} <a@example.com> {moment} +0800"
        yield f"commit refs/heads/build\nmark :{self.marks}\nauthor {person}\ncommitter {person}\ndata 1\nx\n"
        if parent:
            yield f"from :{parent}\n"
        if merged:
            yield f"merge :{merged}\n"
        if self.marks == 1:
            yield "M 100644 inline tobkit.toml\ndata 0\n\n"
        for path, text in files:
            yield f"M 100644 inline {path}\ndata {len(text.encode())}\n{text}\n"
        yield "\n"


def make(folder: Path, size: int, commits: int) -> None:
    """A repository with a history."""
    git(folder, "init", "--quiet", "--initial-branch=main")
    script = "".join(Script(size, commits).lines())
    subprocess.run(["git", "-C", str(folder), "fast-import", "--quiet"], input=script.encode(), check=True)
    git(folder, "reset", "--quiet", "--hard", "main")


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", "-C", str(folder), *arguments], check=True)


def commit_one(folder: Path) -> None:
    """Change a requirement and commit it."""
    entry = min((folder / "pool" / "requirements").glob("*.md"))
    text = entry.read_text(encoding="utf-8")
    entry.write_text(text.replace("title: ", "title: More: "), encoding="utf-8")
    git(folder, "-c", "user.name=x", "-c", "user.email=x@example.com", "commit", "--quiet", "-am", "x")


def forget(folder: Path) -> None:
    for kept in (folder / ".tobkit").glob("*.json"):
        kept.unlink()


def timed(workspace: Workspace, pool: Pool) -> tuple[float, History]:
    begin = time.perf_counter()
    found = read_history(workspace, pool, TODAY)
    return time.perf_counter() - begin, found


def measure(folder: Path, repeat: int) -> dict[str, float]:
    """Median seconds of each case, each of them in turn with the others."""
    workspace = open_workspace(folder)
    pool = load(workspace).pool
    seconds: dict[str, list[float]] = {"cold": [], "nothing new": [], "one commit more": []}
    for _ in range(repeat):
        forget(folder)
        seconds["cold"].append(timed(workspace, pool)[0])
        seconds["nothing new"].append(timed(workspace, pool)[0])
        commit_one(folder)
        pool = load(workspace).pool
        took, found = timed(workspace, pool)
        seconds["one commit more"].append(took)
        if found != read_history(workspace, pool, TODAY, cached=False):
            raise RuntimeError("what was kept changes the answer")
    return {name: statistics.median(times) for name, times in seconds.items()}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Time the reading of history from git.")
    parser.add_argument("--size", type=int, default=10_000, help="requirements")
    parser.add_argument("--commits", type=int, default=2_000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the seconds there too")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        make(Path(folder), options.size, options.commits)
        found = measure(Path(folder), options.repeat)
    print(f"History of {options.size} requirements in {options.commits} commits, seconds:")
    for name, seconds in found.items():
        print(f"  {name:<16}{seconds:>8.3f}")
    if options.json:
        options.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
