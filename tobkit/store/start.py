"""Making a workspace from nothing."""

import shutil
from importlib.resources import as_file, files
from importlib.resources.abc import Traversable
from pathlib import Path

from tobkit.errors import TobkitError, why
from tobkit.messages import msg, translator
from tobkit.model.schema import FOLDERS
from tobkit.store.edit import write_whole
from tobkit.store.git import init_repository
from tobkit.store.workspace import CONFIG_FILE

SITE_IGNORE = "# The built site; `tobkit build` makes it.\n*\n!.gitignore\n"
WORKSPACE_IGNORE = "# tobkit's cache\n/.tobkit/\n"


def start(folder: Path, language: str, *, demo: bool = False) -> Path:
    """Make a workspace in a folder and return it; what is there already stays as it is.

    Raises TobkitError where the folder is a workspace already, or can't be written.
    """
    if (folder / CONFIG_FILE).exists():
        raise TobkitError(msg("{folder} is a workspace already (it has a tobkit.toml).", folder=str(folder)))
    if demo and any((folder / "pool").glob("**/*.md")):
        raise TobkitError(
            msg("{folder} holds entries already; put the demo into a folder of its own.", folder=str(folder / "pool"))
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        ignore(folder / ".gitignore", "/.tobkit/", WORKSPACE_IGNORE)
        if not (folder / "site" / ".gitignore").exists():
            write_whole(folder / "site" / ".gitignore", SITE_IGNORE.encode("utf-8"))
        if demo:
            copy_demo(folder)
        else:
            write_new(folder, language)
        init_repository(folder)
    except OSError as error:
        raise TobkitError(msg("{folder} can't be written: {why}.", folder=str(folder), why=why(error))) from error
    return folder


def ignore(file: Path, line: str, text: str) -> None:
    """Make git ignore something: with a new file, or with lines at the end of the one that is there."""
    before = file.read_bytes() if file.exists() else b""
    if line.encode() in before.split():
        return
    gap = b"" if not before or before.endswith(b"\n") else b"\n"
    write_whole(file, before + gap + text.encode("utf-8"))


def write_new(folder: Path, language: str) -> None:
    """An empty pool, and last of all the configuration, which makes the folder a workspace."""
    for name in FOLDERS.values():
        place = folder / "pool" / name
        if not place.is_dir() or not any(place.iterdir()):
            write_whole(place / ".gitkeep", b"")
    write_whole(folder / CONFIG_FILE, config_text(folder.name, language).encode("utf-8"))


def config_text(title: str, language: str) -> str:
    """A `tobkit.toml` to begin with, explained in the user's language."""
    _ = translator(language)
    name = "".join(char for char in title if char.isprintable() and char not in '"\\') or "tobkit"
    return "\n".join(
        [
            "# " + _("The configuration of this requirement pool. All keys are optional."),
            "",
            "[pool]",
            'currency = "CNY"' if language == "zh" else 'currency = "USD"',
            'timezone = "Asia/Shanghai"' if language == "zh" else 'timezone = "UTC"',
            "# " + _("Where your customers are; entries may name only these regions."),
            '# regions = ["华东", "华南", "华北"]' if language == "zh" else '# regions = ["EMEA", "Americas", "APAC"]',
            "",
            "[site]",
            f'title = "{name}"',
            f'language = "{language}"',
            "# " + _("Where the files can be edited in the browser."),
            '# repository = "https://github.com/you/pool"',
            "",
            "# " + _("Who may own requirements. Without any, every name is accepted."),
            "# [people.lilei]",
            '# name = "李蕾"' if language == "zh" else '# name = "Li Lei"',
            '# team = "product"',
            "",
        ]
    )


def copy_demo(folder: Path) -> None:
    """The demo pool of the package, or of the source checkout that runs."""
    source = files("tobkit") / "demo"
    if not source.is_dir():
        source = files("tobkit").joinpath("..")
    for name in ("pool", CONFIG_FILE):
        copy(source / name, folder / name)


def copy(source: Traversable, target: Path) -> None:
    with as_file(source) as path:
        if path.is_dir():
            shutil.copytree(path, target, dirs_exist_ok=True)
        else:
            shutil.copyfile(path, target)
