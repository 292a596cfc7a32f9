"""What git says about commits, in as few questions as possible."""

import os
import re
from datetime import UTC, date, datetime
from pathlib import Path

from tobkit.model.config import Config
from tobkit.store.git import Repository

_HASH = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


def head_of(repository: Repository) -> str | None:
    """The full hash of the commit that is checked out; None before the first one."""
    shown = repository.run("rev-parse", "--verify", "--quiet", "HEAD^{commit}")
    return shown.strip() if shown else None


def has_commit(repository: Repository, commit: str) -> bool:
    """Whether git has a commit, by its full hash."""
    return _HASH.fullmatch(commit) is not None and repository.run("cat-file", "-e", commit + "^{commit}") is not None


def cut_at(repository: Repository) -> frozenset[str]:
    """The commits whose parents a shallow clone lacks."""
    try:
        return frozenset(Path(repository.repo.common_dir, "shallow").read_text("ascii").split())
    except (OSError, ValueError):
        return frozenset()


def log(repository: Repository, commit: str, known: str, folder: str) -> str | None:
    """The commits that lead to one, without those that lead to `known` (unless that is empty); None where git fails.

    Of each commit there is “HASH PARENT…”, its time in seconds since 1970 and its author on a line each, then how a
    folder below the workspace differs from the first parent (as `git diff --raw` has it); all parts end with NUL.
    """
    settings = ("-c", "log.follow=false", "-c", "log.showRoot=true")
    everything = ("--full-history", "--sparse", "--topo-order", "--diff-merges=first-parent")
    raw = ("--raw", "-z", "--no-abbrev", "--no-renames", "--no-ext-diff", "--ignore-submodules", f"-O{os.devnull}")
    form = ("--no-color", "--no-mailmap", "--encoding=UTF-8", "--format=tformat:%H %P%n%at%n%an")
    since = ("--not", known) if known else ()
    here = ("--", repository.prefix + folder) if repository.prefix + folder else ("--",)
    return repository.run(
        *(*settings, "--no-replace-objects", "--literal-pathspecs", "log"),
        *(*everything, *raw, *form, commit, *since, *here),
    )


def written_on(repository: Repository, commit: str, config: Config) -> date | None:
    """The day on which a commit was written, in the pool's time zone; None where no calendar has it."""
    return day_of(repository.run("log", "-1", "--format=%at", commit, "--") or "", config)


def day_of(time: str, config: Config) -> date | None:
    """The date of a moment (seconds since 1970) in the pool's time zone; None where no calendar has it."""
    try:
        return config.date_at(datetime.fromtimestamp(int(time), UTC))
    except (ValueError, OverflowError, OSError):
        return None
