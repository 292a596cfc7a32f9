"""`tobkit check`."""

import sys
from pathlib import Path

import click

from tobkit.cli.session import Session, command, format_option
from tobkit.errors import TobkitError
from tobkit.messages import N_, msg
from tobkit.model.diagnostics import Diagnostic, Severity


@click.command("check")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@format_option("text", "json", "github")
@click.option("--strict", is_flag=True, help=N_("Fail on warnings too"))
@click.option("--fail-on", multiple=True, metavar="CODE", help=N_("Fail on findings of this code; may be repeated"))
@click.option("--fix", is_flag=True, help=N_("Repair what needs no judgment, then check"))
@click.option("--quiet", "-q", is_flag=True, help=N_("Show errors only"))
@command
def check_command(
    session: Session, paths: tuple[Path, ...], form: str, strict: bool, fail_on: tuple[str, ...], fix: bool, quiet: bool
) -> int:
    """Find what is wrong in the pool: every finding with its file, line and column, and what to do about it.

    With PATHs only findings in these files and folders are shown. Exits with 1 where there are errors.
    """
    wanted = [below_workspace(session, path) for path in paths]
    if fix:
        repair(session, wanted)
    found = [diagnostic for diagnostic in session.diagnostics if concerns(diagnostic.path, wanted)]
    shown = [diagnostic for diagnostic in found if diagnostic.severity is Severity.ERROR] if quiet else found
    session.print(rendered(session, shown, form))
    limit = Severity.WARNING if strict else Severity.ERROR
    return int(any(diagnostic.severity >= limit or diagnostic.code in fail_on for diagnostic in found))


def below_workspace(session: Session, path: Path) -> str:
    """A path of the command line as diagnostics name it."""
    absolute = path.absolute()
    if not absolute.exists():
        raise TobkitError(msg("There is no file or folder {path}.", path=str(path)))
    for candidate in (absolute, absolute.resolve()):
        if candidate.is_relative_to(session.workspace.root):
            return session.workspace.relative(candidate)
    raise TobkitError(msg("{path} isn't in the workspace {root}.", path=str(path), root=str(session.workspace.root)))


def concerns(path: str, wanted: list[str]) -> bool:
    return not wanted or any(each in (".", path) or path.startswith(each + "/") for each in wanted)


def repair(session: Session, wanted: list[str]) -> None:
    from tobkit.store.fix import fix

    repaired = fix(session.workspace, lambda path: concerns(path, wanted))
    for path, count in repaired.items():
        session.say(msg("Repaired {path}: {count}", path=path, count=count))


def rendered(session: Session, diagnostics: list[Diagnostic], form: str) -> str:
    from tobkit.report import diagnostics as report

    files = session.loaded.files
    if form == "json":
        return report.as_json(diagnostics, session.translator, files=files)
    if form == "github":
        from tobkit.store.git import Repository

        repository = Repository.around(session.workspace.root)
        return report.github(diagnostics, session.translator, prefix=repository.prefix if repository else "")
    lines = SourceLines(session.workspace.root)
    return report.text(diagnostics, session.translator, files=files, read_line=lines, colour=sys.stdout.isatty())


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
