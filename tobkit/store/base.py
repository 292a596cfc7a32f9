"""The pool as of a commit: a whole one, or only what differs from the files now."""

import errno
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from tobkit.errors import TobkitError
from tobkit.messages import Message, msg
from tobkit.model.base import Base
from tobkit.model.schema import build_schema
from tobkit.store.files import Item
from tobkit.store.frontmatter import MAX_BYTES
from tobkit.store.git import Blob, Repository
from tobkit.store.load import Loaded, load
from tobkit.store.workspace import CONFIG_FILE, Workspace, read_config

_LINK = "120000"
_SUBMODULE = "160000"
_FOLDER = "040000"


class TreeItem(NamedTuple):
    """A file or folder of a commit, described as `os.DirEntry` describes those on disk."""

    name: str
    path: str
    mode: str
    hash: str

    def is_file(self, *, follow_symlinks: bool) -> bool:
        return self.mode.startswith("100")

    def is_dir(self, *, follow_symlinks: bool) -> bool:
        return self.mode in (_FOLDER, _SUBMODULE)

    def is_symlink(self) -> bool:
        return self.mode == _LINK


class Tree:
    """Files of a commit as a source to load from. Folders and files are named by their paths below the workspace."""

    def __init__(self, repository: Repository, blobs: Iterable[Blob]) -> None:
        self.repository = repository
        self.files: dict[str, TreeItem] = {}
        self.folders: dict[str, list[Item]] = {"": []}
        for blob in blobs:
            folder, _, name = blob.path.rpartition("/")
            item = TreeItem(name, *blob)
            self.put_into(folder, item)
            if item.mode == _SUBMODULE:  # what is in it belongs to another repository
                self.folders[item.path] = []
            else:
                self.files[item.path] = item

    def put_into(self, folder: str, item: TreeItem) -> None:
        """Put an item into its folder, and that into the folders around it where it is new."""
        while folder not in self.folders:
            self.folders[folder] = [item]
            outer, _, name = folder.rpartition("/")
            folder, item = outer, TreeItem(name, folder, _FOLDER, "")
        self.folders[folder].append(item)

    def folder(self, root: Path, path: str) -> str:
        return "" if path == "." else path

    def is_folder(self, folder: str) -> bool:
        return folder in self.folders or self.is_below_link(folder)

    def leads_out(self, root: Path, folder: str) -> bool:
        """Any link counts: where it led to isn't asked."""
        return self.is_below_link(folder)

    def is_below_link(self, folder: str) -> bool:
        parts = folder.split("/")
        around = (self.files.get("/".join(parts[: n + 1])) for n in range(len(parts)))
        return any(item is not None and item.is_symlink() for item in around)

    def items(self, folder: str) -> Iterable[Item]:
        if folder not in self.folders:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), folder)
        return self.folders[folder]

    def contents(self, files: Sequence[str]) -> Iterator[bytes | OSError]:
        answers = self.repository.contents([self.files[file].hash for file in files], MAX_BYTES + 1)
        for file in files:
            data = next(answers, None)
            yield FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), file) if data is None else data


def load_at(workspace: Workspace, ref: str) -> Loaded:
    """Read a workspace as it was in a commit, with the configuration that it had then.

    Raises TobkitError where git knows no such commit, or the workspace wasn't in it.
    """
    repository = Repository.around(workspace.root)
    if repository is None:
        raise TobkitError(msg("There is no git repository around {folder}.", folder=str(workspace.root)))
    tree = Tree(repository, repository.files_at(repository.commit(ref)))
    item = tree.files.get(CONFIG_FILE)
    settings = next(tree.contents([CONFIG_FILE])) if item and item.is_file(follow_symlinks=False) else None
    if not isinstance(settings, bytes):
        raise TobkitError(msg("At “{ref}” there was no workspace here yet.", ref=ref))
    config, diagnostics = read_config(settings)
    return load(Workspace(workspace.root, config, build_schema(config), tuple(diagnostics)), files=tree)


def find_base(workspace: Workspace, since: str | None = None) -> Base | Message:
    """What the pool differs in from where HEAD and a commit parted: `since`, else the main branch.

    On the main branch itself that is what isn't committed or pushed yet. A workspace that isn't in any commit yet has no
    past, so nothing differs. Where there is nothing to compare with, the message says why. Raises TobkitError where `since` is given and git knows no such commit.
    """
    repository = Repository.around(workspace.root)
    if repository is None:
        if since is not None:
            raise TobkitError(msg("--since needs a git repository around the workspace."))
        return skipped(msg("there is no git repository around the workspace"))
    target = repository.commit(since) if since is not None else repository.main_branch()
    commit = repository.merge_base(target) if target else None
    if commit is None:
        return Base() if repository.head() is None else skipped(why_no_base(repository, target))
    differing = repository.differing(commit, workspace.config.pool.path)
    if differing is None:
        return skipped(
            msg("git can't compare the files with commit {commit}; is the repository damaged?", commit=commit[:8])
        )
    then, new = differing
    changed = dict.fromkeys((*new, *(blob.path for blob in then)))
    if changed and not then and not repository.holds(commit, CONFIG_FILE):
        return Base()
    before = load(workspace, files=Tree(repository, then)).entries if then else ()
    return Base(commit, {**changed, **{entry.path: entry for entry in before}})


def skipped(why: Message) -> Message:
    return msg("What changed isn't checked (rules TOB4xx): {why}.", why=why)


def why_no_base(repository: Repository, target: str | None) -> Message:
    if repository.is_shallow:
        return msg(
            "this clone has only the latest commits; `git fetch --unshallow` gets the others (in a CI job: fetch-depth: 0)"
        )
    if target is None:
        return msg("there is no branch main or master; name another one with --since")
    return msg("the current branch has no commit in common with what it is compared with")
