"""The repository around a workspace, through GitPython and nowhere else.

Everything here works without a repository too: then nothing is known, which is said by None or an empty result.
Git runs with list arguments, `--end-of-options`, no hooks and no fsmonitor, so that nothing in a pool can become an option
or run, and without optional locks, so that it stands in nobody's way.
"""

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, NamedTuple

from tobkit.errors import TobkitError
from tobkit.messages import msg

if TYPE_CHECKING:
    from git import Repo

_SAFE = (
    "--no-optional-locks",
    *("-c", "core.fsmonitor=false"),
    *("-c", f"core.hooksPath={os.devnull}"),
    *("-c", "core.quotepath=false"),
    *("-c", "log.showSignature=false"),
)
MAIN_BRANCHES = tuple(
    f"refs/{name}"
    for name in ("remotes/origin/HEAD", "remotes/origin/main", "heads/main", "remotes/origin/master", "heads/master")
)
"""What a team's work goes into: the first of these that there is."""

MOST_REFS = 200
"""Ids are looked for on so many branches, the latest ones; each takes git some milliseconds."""
_ID = re.compile(r"\b(?:REQ|NOTE|PRM|INC|XCH)-[0-9a-hjkmnp-tv-z]{6}\b")


@dataclass(frozen=True)
class Commit:
    """A commit: its full hash, and the date on its author's calendar."""

    hash: str
    day: date

    @property
    def short(self) -> str:
        return self.hash[:8]


class Blob(NamedTuple):
    """A file of a commit: its path below the workspace, git's mode (`120000` is a link, `160000` a submodule), its hash."""

    path: str
    mode: str
    hash: str


class Repository:
    """The git repository that holds a workspace."""

    def __init__(self, repo: "Repo", workspace: Path) -> None:
        self.repo = repo
        self.root = Path(str(repo.working_tree_dir)).resolve()
        self.workspace = workspace.resolve()

    @classmethod
    def around(cls, workspace: Path) -> "Repository | None":
        """The repository around a folder, or None where there is none, or no git."""
        try:
            from git import InvalidGitRepositoryError, NoSuchPathError, Repo
        except ImportError:  # GitPython refuses to load where there is no git program
            return None
        try:
            repo = Repo(workspace.resolve(), search_parent_directories=True)
        except (InvalidGitRepositoryError, NoSuchPathError, ValueError):
            return None
        return None if repo.bare else cls(repo, workspace)

    @property
    def prefix(self) -> str:
        """The workspace's path below the repository's root, with `/` at its end; empty at the root."""
        if not self.workspace.is_relative_to(self.root):
            return ""
        below = self.workspace.relative_to(self.root).as_posix()
        return "" if below == "." else below + "/"

    def run(self, *arguments: str) -> str | None:
        """A git command's output, or None where it fails. A hook's `GIT_DIR` in the environment changes nothing."""
        from git.exc import GitError

        try:
            return str(self.repo.git.execute(self.command(*arguments), strip_newline_in_stdout=False))
        except (GitError, OSError, ValueError):  # ValueError: a NUL in an argument
            return None

    def command(self, *arguments: str) -> list[str]:
        return ["git", *_SAFE, f"--git-dir={self.repo.git_dir}", f"--work-tree={self.root}", *arguments]

    def head(self) -> Commit | None:
        """The commit that is checked out; None before the first one."""
        shown = self.run("log", "-1", "--format=%H %as", "HEAD", "--")
        if not shown:
            return None
        name, _, day = shown.strip().partition(" ")
        try:
            return Commit(name, date.fromisoformat(day))
        except ValueError:  # a commit made by hand may claim any date
            return None

    def branch(self) -> str | None:
        """The name of the branch that is checked out, if any."""
        shown = self.run("symbolic-ref", "--quiet", "--short", "HEAD")
        return shown.strip() if shown else None

    def ids(self) -> frozenset[str]:
        """The ids in the names of files on any branch or remote branch, so that a new one can differ from all."""
        latest = ("--sort=-committerdate", f"--count={MOST_REFS}", "--format=%(objectname)")
        commits = self.run("for-each-ref", *latest, "refs/heads", "refs/remotes") or ""
        found: set[str] = set()
        for commit in dict.fromkeys(commits.split()):
            found.update(_ID.findall(self.run("ls-tree", "-r", "-z", "--name-only", commit) or ""))
        return frozenset(found)

    def changed_since(self, ref: str) -> frozenset[str]:
        """Paths below the workspace that differ from where a commit and HEAD parted, or that git doesn't know yet.

        Raises TobkitError where the commit doesn't exist.
        """
        commit = self.commit(ref)
        base = self.merge_base(commit) or commit
        only_names = ("--name-only", "--no-renames", "--no-ext-diff", "--ignore-submodules", "-z")
        names = self.run("diff", *only_names, base, "--") or ""
        names += self.run("ls-files", "--others", "--exclude-standard", "--full-name", "-z") or ""
        return frozenset(
            name.removeprefix(self.prefix) for name in names.split("\0") if name and name.startswith(self.prefix)
        )

    # An earlier commit

    def commit(self, ref: str) -> str:
        """The hash of the commit that a name means. Raises TobkitError where there is none."""
        shown = self.run("rev-parse", "--verify", "--quiet", "--end-of-options", ref + "^{commit}")
        if not shown:
            raise TobkitError(msg("git knows no commit “{ref}”.", ref=ref))
        return shown.split()[-1]

    def main_branch(self) -> str | None:
        """The commit of the branch that a team's work goes into."""
        shown = self.run("for-each-ref", "--format=%(refname) %(objectname)", *MAIN_BRANCHES) or ""
        commits = dict(line.split(" ") for line in shown.splitlines())
        return next((commits[name] for name in MAIN_BRANCHES if name in commits), None)

    def merge_base(self, commit: str, other: str = "HEAD") -> str | None:
        """Where a commit and another one (HEAD) parted; None where that can't be seen, or HEAD has no commit yet."""
        shown = self.run("merge-base", commit, other)
        return shown.strip() if shown else None

    def commit_before(self, moment: datetime, ref: str = "HEAD") -> str | None:
        """The commit that a branch was at before a moment; None where it began later, or is cut off before."""
        if moment.timestamp() <= 0:  # git would take it for no date at all
            return None
        until = f"--before=@{int(moment.timestamp())}"
        shown = self.run("rev-list", "-1", "--first-parent", until, "--end-of-options", ref, "--")
        return shown.strip() if shown else None

    @property
    def is_shallow(self) -> bool:
        """Whether the clone has only the latest commits."""
        return Path(self.repo.common_dir, "shallow").exists()

    def holds(self, commit: str, path: str) -> bool:
        """Whether a commit has a file at a path below the workspace."""
        return self.run("cat-file", "-e", f"{commit}:{self.prefix}{path}") is not None

    def files_at(self, commit: str) -> list[Blob]:
        """The workspace's files in a commit."""
        here = ("--", self.prefix) if self.prefix else ()
        listed = self.run("--literal-pathspecs", "ls-tree", "-r", "-z", "--full-tree", commit, *here) or ""
        parted = (line.partition("\t") for line in listed.split("\0") if line)
        return [Blob(path.removeprefix(self.prefix), *_mode_and_hash(about)) for about, _, path in parted]

    def differing(self, commit: str, folder: str) -> tuple[list[Blob], list[str]] | None:
        """How a folder below the workspace differs from a commit: the files of then that are gone or different now, and
        the paths of those that weren't there, whether git knows them yet or not; None where git can't say.

        Files that were only touched count as different: git would lock and write its index to find out.
        """
        here = ("--literal-pathspecs", "--", self.prefix + folder)
        how = ("--raw", "-z", "--no-abbrev", "--no-renames", "--no-ext-diff", "--ignore-submodules")
        listed = self.run("-c", "diff.autoRefreshIndex=false", here[0], "diff", *how, commit, *here[1:])
        if listed is None:
            return None
        words = listed.split("\0")
        then, new = [], []
        for about, name in zip(words[::2], words[1::2], strict=False):
            mode, _, blob, *_ = about.removeprefix(":").split(" ")
            path = name.removeprefix(self.prefix)
            if mode == _NO_FILE:
                new.append(path)
            else:
                then.append(Blob(path, mode, blob))
        unknown = self.run(here[0], "ls-files", "--others", "--exclude-standard", "--full-name", "-z", *here[1:]) or ""
        new += [name.removeprefix(self.prefix) for name in unknown.split("\0") if name]
        return then, new

    def contents(self, blobs: Sequence[str], most: int) -> Iterator[bytes | None]:
        """What blobs hold, by their hashes, from one process: `most` bytes of each; None for what git hasn't got."""
        from git import GitError

        if not blobs:
            return
        with TemporaryFile() as asked, suppress(GitError, OSError):
            asked.write("\n".join((*blobs, "")).encode())
            asked.seek(0)
            process = self.repo.git.execute(
                self.command("cat-file", "--batch", "--buffer"), istream=asked, as_process=True
            )
            with process.stdout as answers:
                for _ in blobs:
                    yield next_blob(answers, most)
            process.wait()


_NO_FILE = "000000"


def _mode_and_hash(about: str) -> tuple[str, str]:
    mode, _, name = about.split(" ")
    return mode, name


def next_blob(answers: IO[bytes], most: int) -> bytes | None:
    """What `git cat-file --batch` answers next: at most so many bytes of a blob; None where it has none."""
    words = answers.readline().split()
    if len(words) != 3:  # the name and “missing”
        return None
    size = int(words[2])
    data = answers.read(min(size, most))
    left = size - len(data) + 1
    while left > 0 and (passed := answers.read(min(left, most))):
        left -= len(passed)
    return data


def init_repository(folder: Path) -> bool:
    """Make a folder a git repository unless it lies in one; says whether one was made.

    Raises TobkitError where git can't make one.
    """
    if Repository.around(folder) is not None:
        return False
    try:
        from git import GitError, Repo
    except ImportError:
        return False
    try:
        Repo.init(folder, initial_branch="main").close()
    except (GitError, OSError) as error:
        why = str(getattr(error, "stderr", "") or error).strip()
        raise TobkitError(msg("git can't make a repository in {folder}: {why}", folder=str(folder), why=why)) from error
    return True
