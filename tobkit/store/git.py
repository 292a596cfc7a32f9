"""The repository around a workspace, through GitPython and nowhere else.

Everything here works without a repository too: then nothing is known, which is said by None or an empty result.
Git runs with list arguments, `--end-of-options` and no fsmonitor, so that nothing in a pool can become an option or run.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tobkit.errors import TobkitError
from tobkit.messages import msg

if TYPE_CHECKING:
    from git import Repo

_SAFE = ("-c", "core.fsmonitor=false", "-c", "core.quotepath=false")
_ID = re.compile(r"\b(?:REQ|NOTE|PRM|INC|XCH)-[0-9a-hjkmnp-tv-z]{6}\b")


@dataclass(frozen=True)
class Commit:
    """A commit: its full hash, and the date on its author's calendar."""

    hash: str
    day: date

    @property
    def short(self) -> str:
        return self.hash[:8]


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
            repo = Repo(workspace, search_parent_directories=True)
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
        """A git command's output, or None where it fails."""
        from git.exc import GitError

        try:
            return str(self.repo.git.execute(["git", *_SAFE, *arguments], strip_newline_in_stdout=False))
        except (GitError, OSError):
            return None

    def head(self) -> Commit | None:
        """The commit that is checked out; None before the first one."""
        shown = self.run("log", "-1", "--format=%H %aI", "HEAD")
        if not shown:
            return None
        name, _, moment = shown.strip().partition(" ")
        return Commit(name, datetime.fromisoformat(moment).date())

    def branch(self) -> str | None:
        """The name of the branch that is checked out, if any."""
        shown = self.run("symbolic-ref", "--quiet", "--short", "HEAD")
        return shown.strip() if shown else None

    def remote_url(self) -> str | None:
        """Where `origin` is, as a web address without a user or password; None where that can't be said."""
        shown = self.run("config", "--get", "remote.origin.url")
        return web_address(shown.strip()) if shown else None

    def ids(self) -> frozenset[str]:
        """The ids in the names of files on any branch or remote branch, so that a new one can differ from all."""
        refs = self.run("for-each-ref", "--format=%(refname)", "refs/heads", "refs/remotes") or ""
        found: set[str] = set()
        for ref in refs.split():
            names = self.run("ls-tree", "-r", "-z", "--name-only", "--end-of-options", ref) or ""
            found.update(_ID.findall(names))
        return frozenset(found)

    def changed_since(self, ref: str) -> frozenset[str]:
        """Paths below the workspace that differ from a commit, or that git doesn't know yet.

        Raises TobkitError where the commit doesn't exist.
        """
        if self.run("rev-parse", "--verify", "--quiet", "--end-of-options", ref + "^{commit}") is None:
            raise TobkitError(msg("git knows no commit “{ref}”.", ref=ref))
        base = self.run("merge-base", "--end-of-options", ref, "HEAD")
        names = self.run("diff", "--name-only", "-z", "--end-of-options", (base or ref).strip()) or ""
        names += self.run("ls-files", "--others", "--exclude-standard", "--full-name", "-z") or ""
        return frozenset(
            name.removeprefix(self.prefix) for name in names.split("\0") if name and name.startswith(self.prefix)
        )


_ADDRESS = re.compile(
    r"(?:https?://(?:[^@/]*@)?|ssh://(?:[^@/]*@)?|[\w.-]+@)(?P<host>[\w.-]+)(?::\d+)?[:/](?P<path>[^\s?#]+?)(?:\.git)?/?"
)


def web_address(remote: str) -> str | None:
    """The web address of a remote, credentials taken out; None for a path on disk."""
    found = _ADDRESS.fullmatch(remote)
    return f"https://{found['host']}/{found['path']}" if found else None


def init_repository(folder: Path) -> bool:
    """Make a folder a git repository unless it lies in one; says whether one was made."""
    if Repository.around(folder) is not None:
        return False
    try:
        from git import Repo
    except ImportError:
        return False
    Repo.init(folder, initial_branch="main").close()
    return True
