"""`tobkit build` and `serve`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tobkit.cli.session import Session, command
from tobkit.errors import TobkitError
from tobkit.messages import N_, NOTHING, Message, msg, msg_n

if TYPE_CHECKING:
    from tobkit.model.diagnostics import Diagnostic
    from tobkit.site.build import BuildReport
    from tobkit.site.public.net import Find


@click.command(
    "build",
    help=N_(
        "Build the static site, which opens from disk without a server.\n\n"
        "Refuses where `tobkit check` finds errors that make an entry unsound, with the same list."
    ),
)
@click.option(
    "--output", type=click.Path(path_type=Path), metavar="DIR", help=N_("Where the site goes; site/ unless said")
)
@click.option(
    "--audience",
    type=click.Choice(["internal", "public"]),
    default="internal",
    show_default=True,
    help=N_("For whom: the company, or the world (a roadmap of the public requirements)"),
)
@click.option(
    "--keep-going", is_flag=True, help=N_("Leave unsound entries out, list them in the site, and exit with 1")
)
@command
def build_command(session: Session, output: Path | None, audience: str, keep_going: bool) -> int:
    from tobkit.cli.check import show

    stopping = [diagnostic for diagnostic in session.diagnostics if diagnostic.stops_build]
    if stopping and not keep_going:
        show(session, stopping, "text")
        session.say(msg("The site was not built. `tobkit build --keep-going` leaves these entries out."))
        return 1
    built = build_public(session, output) if audience == "public" else build(session, output, stopping)
    if built is None:
        return 1
    for notice in built.notices:
        session.say(notice)
    session.say(
        msg_n("{n} page; open {file}", "{n} pages; open {file}", built.pages, file=str(built.output / "index.html"))
    )
    return int(bool(stopping))


def build(session: Session, output: Path | None, left_out: "list[Diagnostic]") -> "BuildReport":
    """Build the site of a session's pool."""
    from tobkit.dedupe import find_duplicates
    from tobkit.model.history import status_days
    from tobkit.site.build import build_site
    from tobkit.site.publish import PublishError
    from tobkit.store.git import Repository

    repository = Repository.around(session.workspace.root)
    head = repository.head() if repository else None
    history = session.history
    if history.timelines and history.notice is not NOTHING:
        session.say(history.notice)
    try:
        return build_site(
            session.pool,
            session.diagnostics,
            today=session.today,
            workspace=session.workspace,
            output=target(session, output),
            language=session.language_option,
            left_out=left_out,
            commit=head.short if head else None,
            since=status_days(session.pool, history),
            history=history,
            found_duplicates=find_duplicates(session.pool, index=session.index),
        )
    except PublishError as error:
        raise TobkitError(error.message) from error


def build_public(session: Session, output: Path | None) -> "BuildReport | None":
    """Build the public roadmap of a session's pool; None where it would show what isn't public, which is listed."""
    from tobkit.site.public.build import Leaked, build_public_site
    from tobkit.site.publish import PublishError

    try:
        return build_public_site(
            session.pool,
            workspace=session.workspace,
            output=target(session, output),
            language=session.language_option,
            everything=session.loaded.pool,
        )
    except PublishError as error:
        raise TobkitError(error.message) from error
    except Leaked as leaked:
        for find in leaked.finds:
            session.print(session.translator.text(told(find)))
        session.say(
            msg(
                "Nothing was published: the public site would show what isn't public. Take it out of the public entries "
                "(or of your templates). What may be known, name in [site] public_terms."
            )
        )
        return None


def told(find: "Find", most: int = 3) -> Message:
    """What the second net found, and where."""
    files = list(find.paths[:most])
    if len(find.paths) > most:
        more = len(find.paths) - most
        return msg("{files} and {n} more: {what} ({hidden})", files=files, n=more, what=find.what, hidden=find.hidden)
    return msg("{files}: {what} ({hidden})", files=files, what=find.what, hidden=find.hidden)


def target(session: Session, output: Path | None) -> Path:
    """The folder of the site."""
    return output.absolute() if output else session.workspace.root / "site"


@click.command(
    "serve", help=N_("Build the site, serve it on this machine only, rebuild and reload it on every change.")
)
@click.option(
    "--port", type=click.IntRange(1, 65535), metavar="N", help=N_("The port; the first free one from 8000 unless said")
)
@click.option(
    "--output", type=click.Path(path_type=Path), metavar="DIR", help=N_("Where the site goes; site/ unless said")
)
@command
def serve_command(session: Session, port: int | None, output: Path | None) -> None:
    from tobkit.site.serve import Events, PortBusy, serve

    def rebuild() -> None:
        fresh = session.anew()
        build(fresh, output, [diagnostic for diagnostic in fresh.diagnostics if diagnostic.stops_build])

    rebuild()
    try:
        serve(
            target(session, output),
            rebuild,
            [
                session.workspace.root / name
                for name in ("tobkit.toml", session.workspace.config.pool.path, "templates")
            ],
            port=port,
            events=Events(
                ready=lambda url: session.say(msg("Serving on {url} (Ctrl-C ends it)", url=url)),
                rebuilt=lambda seconds: session.say(msg("Rebuilt in {seconds} s", seconds=f"{seconds:.1f}")),
                failed=lambda error: session.say(
                    msg("Not rebuilt: {why}", why=getattr(error, "message", None) or str(error))
                ),
            ),
        )
    except PortBusy as error:
        raise TobkitError(error.message) from error
