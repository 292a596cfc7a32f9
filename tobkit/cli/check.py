"""`tobkit check`."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from tobkit.cli.session import Session, command, format_option
from tobkit.errors import TobkitError
from tobkit.messages import N_, msg, msg_n
from tobkit.model.diagnostics import Diagnostic, Severity


@click.command(
    "check",
    help=N_(
        "Find what is wrong in the pool: every finding with its file, line and column, and what to do about it.\n\n"
        "With PATHs only findings in these files and folders are shown. Exits with 1 where there are errors."
    ),
)
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path(path_type=Path))
@format_option("text", "json", "github")
@click.option("--strict", is_flag=True, help=N_("Fail on warnings too"))
@click.option("--fail-on", multiple=True, metavar="CODE", help=N_("Fail on findings of this code; may be repeated"))
@click.option("--fix", is_flag=True, help=N_("Repair what needs no judgment, then check"))
@click.option("--quiet", "-q", is_flag=True, help=N_("Show errors only"))
@command
def check_command(
    session: Session, paths: tuple[Path, ...], form: str, strict: bool, fail_on: tuple[str, ...], fix: bool, quiet: bool
) -> int:
    wanted = [below_workspace(session, path) for path in paths]
    codes = frozenset(known_codes(fail_on))
    if fix:
        repair(session, wanted)
    found = [diagnostic for diagnostic in session.diagnostics if concerns(diagnostic.path, wanted)]
    shown = [diagnostic for diagnostic in found if diagnostic.severity is Severity.ERROR] if quiet else found
    if shown or not quiet or form != "text":
        show(session, shown, form, wanted)
    limit = Severity.WARNING if strict else Severity.ERROR
    return int(any(diagnostic.severity >= limit or diagnostic.code in codes for diagnostic in found))


def known_codes(given: tuple[str, ...]) -> Iterator[str]:
    """The codes of `--fail-on`, which may stand one by one or with commas."""
    from tobkit.check import RULES
    from tobkit.model.nearest import nearest

    for code in (part.strip().upper() for text in given for part in text.split(",")):
        if code in RULES:
            yield code
        elif code:
            guess = nearest(code, RULES)
            raise TobkitError(
                msg("There is no rule “{code}” (--fail-on). Did you mean {guess}?", code=code, guess=guess)
                if guess
                else msg("There is no rule “{code}” (--fail-on). Codes look like TOB203.", code=code)
            )


def below_workspace(session: Session, path: Path) -> str:
    """A path of the command line as diagnostics name it."""
    absolute = Path(os.path.normpath(path.absolute()))
    if not absolute.exists():
        raise TobkitError(msg("There is no file or folder {path}.", path=str(path)))
    for candidate in (absolute, absolute.resolve()):
        if candidate.is_relative_to(session.workspace.root):
            return session.workspace.relative(candidate)
    raise TobkitError(msg("{path} isn't in the workspace {root}.", path=str(path), root=str(session.workspace.root)))


def concerns(path: str, wanted: list[str]) -> bool:
    return not wanted or any(each in (".", path) or path.startswith(each + "/") for each in wanted)


def repair(session: Session, wanted: list[str]) -> None:
    """Make the repairs that findings bring along, and say where; the pool is read anew afterwards."""
    from tobkit.store.fix import fix

    session.need_configuration()
    repaired = fix(session.workspace, session.check, lambda path: concerns(path, wanted))
    for path, count in repaired.items():
        session.say(msg_n("{path}: {n} repair", "{path}: {n} repairs", count, path=path))
    if not repaired:
        session.say(msg("Nothing to repair."))


def show(session: Session, diagnostics: list[Diagnostic], form: str, wanted: list[str] | None = None) -> None:
    """Print findings; `wanted` are the paths that were asked for."""
    from tobkit.report import diagnostics as report

    files = files_among(session, wanted or [])
    if form == "json":
        session.print_json(report.as_json(diagnostics, session.translator, files=files))
    elif form == "github":
        from tobkit.store.git import Repository

        repository = Repository.around(session.workspace.root)
        annotations = report.github(diagnostics, session.translator, prefix=repository.prefix if repository else "")
        if annotations:
            session.print(annotations)
    else:
        lines = SourceLines(session.workspace.root)
        session.print(
            report.text(diagnostics, session.translator, files=files, read_line=lines, colour=colour(sys.stdout))
        )


def files_among(session: Session, wanted: list[str]) -> int:
    """How many entries' files there are among the wanted paths, readable or not."""
    if not wanted:
        return session.loaded.files
    read = {entry.path for entry in session.loaded.entries}
    found = read | {one.path for one in session.loaded.diagnostics if one.path.lower().endswith(".md")}
    return sum(concerns(path, wanted) for path in found)


def colour(stream: object) -> bool:
    """Whether colours may be used: on a terminal, unless the user wants none (no-color.org)."""
    terminal = getattr(stream, "isatty", lambda: False)()
    return bool(terminal) and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


class SourceLines:
    """The lines of the workspace's files, to be shown under findings."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.read: dict[str, list[str]] = {}

    def __call__(self, path: str, line: int) -> str | None:
        """A line (1-based) of a file, or None where there is none."""
        if path not in self.read:
            try:
                data = (self.root / path).read_bytes()
            except OSError:
                data = b""
            self.read[path] = data.decode("utf-8-sig", "replace").replace("\r\n", "\n").split("\n")
        lines = self.read[path]
        return lines[line - 1] if line <= len(lines) else None
