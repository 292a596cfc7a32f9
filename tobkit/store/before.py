"""The two workspaces that a comparison is about: as of a commit, and as of another one or of the files now."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from tobkit.errors import TobkitError
from tobkit.messages import msg
from tobkit.model.kinds import Entry
from tobkit.model.pool import Pool
from tobkit.store.base import Tree, load_at, why_no_base
from tobkit.store.git import Blob, Repository
from tobkit.store.load import Loaded, load, with_aliases_resolved
from tobkit.store.reading import read_date
from tobkit.store.workspace import CONFIG_FILE, Workspace

_DAYS = {"d": 1, "w": 7, "天": 1, "周": 7}
_AGO = re.compile(r"(\d{1,5})\s*([dw天周])")


class Sides(NamedTuple):
    """What is compared: the commit before, the commit after (None: the files on disk), and what they held."""

    base: str
    head: str | None
    old: Loaded
    new: Loaded


def sides(workspace: Workspace, base: str, head: str | None, now: Loaded | None = None) -> Sides:
    """The workspace where `base` and `head` parted, and in `head`, or in its files now (`now`, else they are read).

    So what others did to `base` in the meantime isn't taken for a change of `head`. Raises TobkitError where git knows no
    such commit, or can't say where the two parted.
    """
    repository = repository_of(workspace)
    before = repository.commit(base)
    after = repository.commit(head) if head is not None else None
    parted = repository.merge_base(before, after or "HEAD")
    if parted is None:
        raise TobkitError(msg("“{base}” can't be compared: {why}.", base=base, why=why_no_base(repository, before)))
    if after is not None:
        return Sides(parted, after, load_at(workspace, parted), load_at(workspace, after))
    new = now or load(workspace)
    return Sides(parted, None, load_before(new, repository, parted), new)


def repository_of(workspace: Workspace) -> Repository:
    repository = Repository.around(workspace.root)
    if repository is None:
        raise TobkitError(msg("There is no git repository around {folder}.", folder=str(workspace.root)))
    return repository


def load_before(now: Loaded, repository: Repository, commit: str) -> Loaded:
    """The workspace of a commit, of which only those files are read that differ from the files `now`."""
    workspace = now.workspace
    if configuration_differs(repository, commit):
        return load_at(workspace, commit)
    differing = repository.differing(commit, workspace.config.pool.path)
    if differing is None:
        raise TobkitError(
            msg("git can't compare the files with commit {commit}; is the repository damaged?", commit=commit[:8])
        )
    then, new = differing
    changed = frozenset((*new, *(blob.path for blob in then)))
    before = read(workspace, repository, then)
    entries = sorted(
        (*(entry for entry in now.entries if entry.path not in changed), *before.entries), key=lambda entry: entry.path
    )
    diagnostics = (*(found for found in now.diagnostics if found.path not in changed), *before.diagnostics)
    return replace(
        now,
        pool=pool_of(workspace, entries, now.pool.unread | before.pool.unread),
        diagnostics=diagnostics,
        entries=tuple(entries),
        attachments=None,
    )


def configuration_differs(repository: Repository, commit: str) -> bool:
    """Whether `tobkit.toml` was another one, so that all files may have been read otherwise."""
    return repository.differing(commit, CONFIG_FILE) != ([], [])


def read(workspace: Workspace, repository: Repository, blobs: Sequence[Blob]) -> Loaded:
    """What these files of a commit held."""
    if blobs:
        return load(workspace, files=Tree(repository, blobs))
    return Loaded(workspace, Pool(workspace.config, workspace.schema, ()), (), 0)


def pool_of(workspace: Workspace, entries: Sequence[Entry], unread: frozenset[tuple[str, str]]) -> Pool:
    named = [entry for entry in entries if entry.id]
    return Pool(workspace.config, workspace.schema, with_aliases_resolved(workspace, named), unread)


# By the calendar


def day_meant(text: str, today: date) -> date:
    """The day that `7d`, `2w` or a date means. Raises TobkitError for anything else, and for days to come."""
    ago = _AGO.fullmatch(text.strip().lower())
    try:
        day = today - timedelta(days=int(ago[1]) * _DAYS[ago[2]]) if ago else read_date(text.strip())
    except OverflowError:
        day = date.min
    if day is None:
        raise TobkitError(msg("--since takes days (7d), weeks (2w) or a date (2026-03-05), not “{given}”.", given=text))
    if day > today:
        raise TobkitError(msg("--since {day} is still to come.", day=day))
    return day


def commit_of(workspace: Workspace, day: date) -> str:
    """The commit at which the branch was at the end of a day, in the pool's time zone.

    Raises TobkitError where there was none yet, or git doesn't know any more.
    """
    repository = repository_of(workspace)
    zone = ZoneInfo(workspace.config.pool.timezone)
    commit = repository.commit_before(datetime.combine(day + timedelta(days=1), time.min, zone))
    if commit is not None:
        return commit
    if repository.is_shallow:
        raise TobkitError(msg("The pool on {day} isn't known: {why}.", day=day, why=why_no_base(repository, None)))
    raise TobkitError(msg("On {day} there was no commit yet; choose a later day.", day=day))
