"""`tobkit check`."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

import click

from tobkit.cli.session import Session, command, format_option
from tobkit.errors import TobkitError
from tobkit.messages import N_, Message, msg, msg_n
from tobkit.model.diagnostics import Diagnostic, Severity

if TYPE_CHECKING:
    from tobkit.model.base import Base


@click.command(
    "check",
    help=N_(
        "Find what is wrong in the pool: every finding with its file, line and column, and what to do about it.\n\n"
        "With PATHs only findings in these files and folders are shown. Exits with 1 where there are errors."
    ),
)
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path(path_type=Path))
@format_option("text", "json", "github", "gitlab", "sarif")
@click.option("--strict", is_flag=True, help=N_("Fail on warnings too"))
@click.option("--fail-on", multiple=True, metavar="CODE", help=N_("Fail on findings of this code; may be repeated"))
@click.option("--since", metavar="REF", help=N_("What changed is compared with this commit instead of the main branch"))
@click.option("--fix", is_flag=True, help=N_("Repair what needs no judgment, then check"))
@click.option("--quiet", "-q", is_flag=True, help=N_("Show errors only"))
@click.option("--show-rules", is_flag=True, help=N_("List all rules instead"))
@click.option("--explain", metavar="CODE", help=N_("Say what a rule wants and why instead, with examples"))
@command
def check_command(
    session: Session,
    paths: tuple[Path, ...],
    form: str,
    strict: bool,
    fail_on: tuple[str, ...],
    since: str | None,
    fix: bool,
    quiet: bool,
    show_rules: bool,
    explain: str | None,
) -> int:
    if show_rules or explain is not None:
        tell_rules(session, form, explain)
        return 0
    start = perf_counter()
    wanted = [below_workspace(session, path) for path in paths]
    codes = frozenset(known_codes(fail_on))
    if fix:
        repair(session, wanted)
    base = base_of(session, since)
    compared = None if isinstance(base, Message) else base
    found = [each for each in session.check(session.loaded, compared) if concerns(each.path, wanted)]
    shown = [diagnostic for diagnostic in found if diagnostic.severity is Severity.ERROR] if quiet else found
    if shown or not quiet or form != "text":
        show(session, shown, form, wanted, seconds=perf_counter() - start)
    if isinstance(base, Message) and form in ("text", "github") and not quiet:
        session.say(base)
    limit = Severity.WARNING if strict else Severity.ERROR
    return int(any(diagnostic.severity >= limit or diagnostic.code in codes for diagnostic in found))


def base_of(session: Session, since: str | None) -> "Base | Message":
    """What the pool is compared with, or why with nothing."""
    from tobkit.store.base import find_base

    return find_base(session.workspace, since)


def known_codes(given: tuple[str, ...]) -> Iterator[str]:
    """The codes of `--fail-on`, which may stand one by one or with commas."""
    for code in (part.strip() for text in given for part in text.split(",")):
        if code:
            yield known_code(code, "--fail-on")


def known_code(text: str, option: str) -> str:
    """A rule's code as it is written. Raises TobkitError where there is no such rule."""
    from tobkit.check import RULES
    from tobkit.model.nearest import nearest

    code = text.strip().upper()
    if code in RULES:
        return code
    guess = nearest(code, RULES)
    raise TobkitError(
        msg("There is no rule “{code}” ({option}). Did you mean {guess}?", code=code, option=option, guess=guess)
        if guess
        else msg("There is no rule “{code}” ({option}). Codes look like TOB203.", code=code, option=option)
    )


def tell_rules(session: Session, form: str, code: str | None) -> None:
    """Print a rule's documentation, or the list of all rules; the severities are those of the workspace, if any."""
    from tobkit.check import RULES
    from tobkit.model.config import CheckSection
    from tobkit.report import rules as report

    if form not in ("text", "json"):
        raise TobkitError(msg("Rules are shown as text or as JSON: --format text or --format json."))
    settings = session.workspace.config.check if session.has_workspace else CheckSection()
    if code is None:
        tell = report.table_json if form == "json" else report.table
        text = tell(settings, session.translator)
    else:
        explain = report.explanation_json if form == "json" else report.explanation
        text = explain(RULES[known_code(code, "--explain")], settings, session.translator)
    session.print_json(text) if form == "json" else session.print(text)


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


def show(
    session: Session,
    diagnostics: list[Diagnostic],
    form: str,
    wanted: list[str] | None = None,
    seconds: float | None = None,
) -> None:
    """Print findings; `wanted` are the paths that were asked for, `seconds` is how long it took to find them."""
    from tobkit.report import diagnostics as report

    files = files_among(session, wanted or [])
    lines = SourceLines(session.workspace.root)
    if form == "json":
        session.print_json(report.as_json(diagnostics, session.translator, files=files))
    elif form == "github":
        if annotations := report.github(diagnostics, session.translator, prefix=repository_prefix(session)):
            session.print(annotations)
    elif form in ("gitlab", "sarif"):
        render = report.gitlab if form == "gitlab" else report.sarif
        prefix = repository_prefix(session)
        session.print_json(render(diagnostics, session.translator, prefix=prefix, read_line=lines))
    else:
        shown = report.text(
            diagnostics,
            session.translator,
            files=files,
            seconds=seconds,
            read_line=lines,
            colour=colour(sys.stdout),
        )
        session.print(shown)


def repository_prefix(session: Session) -> str:
    """The workspace's path below the root of its repository; empty where it is the root, or there is none."""
    from tobkit.store.git import Repository

    repository = Repository.around(session.workspace.root)
    return repository.prefix if repository else ""


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
