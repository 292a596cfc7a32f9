"""`tobkit dedupe`."""

import click

from tobkit.cli.session import Session, command, format_option
from tobkit.messages import N_


@click.command("dedupe")
@click.option("--since", metavar="REF", help=N_("Only pairs with an entry that changed since this commit"))
@click.option("--threshold", type=click.FloatRange(0, 1), metavar="X", help=N_("From which score on pairs are listed"))
@click.option("--neighbours", "count", type=click.IntRange(min=1), metavar="K", help=N_("The K nearest of each entry"))
@format_option("text", "json")
@command
def dedupe_command(session: Session, since: str | None, threshold: float | None, count: int | None, form: str) -> None:
    """List pairs of requirements that probably say the same need, with the reasons, and the groups they form.

    Nothing is merged: `tobkit merge` and `tobkit distinct` write what you decide.
    """
    from tobkit.dedupe import find_duplicates, neighbours
    from tobkit.report import duplicates as report

    if count is not None:
        found = neighbours(session.pool, count)
        text = (
            report.neighbours_as_json(found)
            if form == "json"
            else report.neighbours_text(session.pool, found, session.translator)
        )
        session.print(text)
        return
    duplicates = find_duplicates(session.pool, threshold=threshold)
    if since is not None:
        duplicates = duplicates.concerning(changed_since(session, since))
    if form == "json":
        session.print(report.as_json(duplicates, session.translator))
    else:
        session.print(report.text(session.pool, duplicates, session.translator))


def changed_since(session: Session, ref: str) -> frozenset[str]:
    """The ids of requirements whose files changed since a commit."""
    from tobkit.errors import TobkitError
    from tobkit.messages import msg
    from tobkit.store.git import Repository

    repository = Repository.around(session.workspace.root)
    if repository is None:
        raise TobkitError(msg("--since needs a git repository around the workspace."))
    changed = repository.changed_since(ref)
    return frozenset(entry.id for entry in session.pool.requirements.values() if entry.path in changed)
