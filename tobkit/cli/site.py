"""`tobkit build` and `serve`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tobkit.cli.session import Session, command
from tobkit.messages import N_, msg

if TYPE_CHECKING:
    from tobkit.model.diagnostics import Diagnostic


@click.command("build")
@click.option(
    "--output", type=click.Path(path_type=Path), metavar="DIR", help=N_("Where the site goes; site/ unless said")
)
@click.option(
    "--keep-going", is_flag=True, help=N_("Leave unsound entries out, list them in the site, and exit with 1")
)
@command
def build_command(session: Session, output: Path | None, keep_going: bool) -> int:
    """Build the static site, which opens from disk without a server.

    Refuses where `tobkit check` finds errors that make an entry unsound, with the same list.
    """
    from tobkit.cli.check import rendered

    stopping = [diagnostic for diagnostic in session.diagnostics if diagnostic.stops_build]
    if stopping and not keep_going:
        session.print(rendered(session, stopping, "text"))
        session.say(msg("The site was not built. `tobkit build --keep-going` leaves these entries out."))
        return 1
    target = output.absolute() if output else session.workspace.root / "site"
    pages = build(session, target, stopping)
    session.say(msg("{count} pages in {folder}", count=pages, folder=str(target)))
    return int(bool(stopping))


def build(session: Session, output: Path, left_out: "list[Diagnostic]") -> int:
    """Build the site of a session's pool; the number of pages."""
    from tobkit.site.build import build_site
    from tobkit.store.git import Repository

    repository = Repository.around(session.workspace.root)
    report = build_site(
        session.pool,
        session.diagnostics,
        today=session.today,
        workspace=session.workspace.root,
        output=output,
        language=session.language_option or session.workspace.config.site.language,
        left_out=left_out,
        commit=repository.head() if repository else None,
        repository=session.workspace.config.site.repository or (repository.remote_url() if repository else None),
    )
    return report.pages


@click.command("serve")
@click.option(
    "--port", type=click.IntRange(1, 65535), metavar="N", help=N_("The port; the first free one from 8000 unless said")
)
@click.option(
    "--output", type=click.Path(path_type=Path), metavar="DIR", help=N_("Where the site goes; site/ unless said")
)
@command
def serve_command(session: Session, port: int | None, output: Path | None) -> None:
    """Build the site, serve it on this machine only, rebuild and reload it whenever a file changes."""
    from tobkit.site.serve import Events, serve

    target = output.absolute() if output else session.workspace.root / "site"

    def rebuild() -> None:
        fresh = Session(session.language_option, session.today_option)
        build(fresh, target, [diagnostic for diagnostic in fresh.diagnostics if diagnostic.stops_build])

    rebuild()
    serve(
        target,
        rebuild,
        [session.workspace.root / "tobkit.toml", session.workspace.pool_folder, session.workspace.root / "templates"],
        port=port,
        events=Events(
            ready=lambda url: session.say(msg("Serving on {url} (Ctrl-C ends it)", url=url)),
            rebuilt=lambda seconds: session.say(msg("Rebuilt in {seconds} s", seconds=f"{seconds:.1f}")),
            failed=lambda error: session.say(getattr(error, "message", None) or str(error)),
        ),
    )
