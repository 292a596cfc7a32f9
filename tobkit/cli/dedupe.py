"""`tobkit dedupe`."""

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from tobkit.cli.session import Session, command, format_option
from tobkit.errors import TobkitError
from tobkit.messages import N_, msg

if TYPE_CHECKING:
    from tobkit.dedupe import Duplicates


@click.command(
    "dedupe",
    help=N_(
        "List pairs of requirements that probably say the same need, with the reasons, and the groups they form.\n\n"
        "Nothing is merged: `tobkit merge` and `tobkit distinct` write what you decide."
    ),
)
@click.option("--since", metavar="REF", help=N_("Only pairs with an entry that changed since this commit"))
@click.option("--threshold", type=click.FloatRange(0, 1), metavar="X", help=N_("From which score on pairs are listed"))
@click.option("--neighbours", "count", type=click.IntRange(min=1), metavar="K", help=N_("The K nearest of each entry"))
@format_option("text", "json")
@command
def dedupe_command(session: Session, since: str | None, threshold: float | None, count: int | None, form: str) -> None:
    from tobkit.dedupe import find_duplicates
    from tobkit.report import duplicates as report

    changed = changed_since(session, since) if since is not None else None
    if count is not None:
        list_neighbours(session, count, changed, threshold or 0.0, form)
        return
    duplicates = find_duplicates(session.pool, threshold=threshold, index=session.index)
    if changed is not None:
        duplicates = concerning(duplicates, changed)
    if form == "json":
        session.print_json(report.as_json(duplicates, session.translator))
    else:
        session.print(report.text(session.pool, duplicates, session.translator))


def list_neighbours(session: Session, count: int, changed: frozenset[str] | None, threshold: float, form: str) -> None:
    from tobkit.dedupe import neighbours
    from tobkit.report import duplicates as report

    found = {
        entry_id: [near for near in nearest if near.score >= threshold]
        for entry_id, nearest in neighbours(session.pool, count, index=session.index).items()
        if changed is None or entry_id in changed
    }
    if form == "json":
        session.print_json(report.neighbours_as_json(found))
    else:
        session.print(report.neighbours_text(session.pool, found, session.translator))


def concerning(duplicates: "Duplicates", ids: frozenset[str]) -> "Duplicates":
    """The pairs and groups with at least one of these entries."""
    return replace(
        duplicates,
        pairs=tuple(pair for pair in duplicates.pairs if pair.a in ids or pair.b in ids),
        groups=tuple(group for group in duplicates.groups if not ids.isdisjoint(group)),
    )


def changed_since(session: Session, ref: str) -> frozenset[str]:
    """The ids of requirements whose files changed since a commit."""
    from tobkit.store.git import Repository

    repository = Repository.around(session.workspace.root)
    if repository is None:
        raise TobkitError(msg("--since needs a git repository around the workspace."))
    changed = repository.changed_since(ref)
    return frozenset(entry.id for entry in session.pool.requirements.values() if entry.path in changed)
