"""`tobkit rank`."""

import click

from tobkit.cli.session import Session, command, format_option
from tobkit.errors import TobkitError
from tobkit.messages import N_, msg


@click.command(
    "rank",
    help=N_(
        "List the requirements in the order in which they should be met, each with its tier and score.\n\n"
        "--explain ID says why one stands where it stands."
    ),
)
@click.option("--top", type=click.IntRange(min=1), metavar="N", help=N_("Only the first N"))
@click.option("--explain", "explained", metavar="ID", help=N_("Why this requirement stands where it stands"))
@click.option("--at", "ref", metavar="REF", help=N_("The pool as of a commit, on the day of that commit"))
@click.option("--weight", "weights", multiple=True, metavar="NAME=W", help=N_("Another weight for a signal"))
@format_option("text", "json", "csv")
@command
def rank_command(
    session: Session, top: int | None, explained: str | None, ref: str | None, weights: tuple[str, ...], form: str
) -> None:
    from tobkit.rank import explain, rank
    from tobkit.report import ranking as report

    if ref is not None:
        session = session.at(ref)
    ranking = rank(session.pool, session.today, weights_of(session, weights))
    if explained is not None:
        if form == "csv":
            raise TobkitError(msg("--explain comes as text or json, not as csv."))
        explanation = explain(session.pool, ranking, session.entry(explained, "requirement").id)
        if form == "json":
            session.print_json(report.explanation_json(session.pool, explanation, session.translator))
        else:
            session.print(report.explanation_text(session.pool, explanation, session.translator))
    elif form == "json":
        session.print_json(report.json(session.pool, ranking, session.translator, top=top))
    elif form == "csv":
        session.print(report.csv(session.pool, ranking, session.translator, top=top))
    else:
        session.print(report.text(session.pool, ranking, session.translator, top=top))


def weights_of(session: Session, options: tuple[str, ...]) -> dict[str, float]:
    """The weights of the workspace, changed by `--weight` options."""
    weights = dict(session.workspace.config.rank.all_weights)
    for option in options:
        name, _, number = option.partition("=")
        try:
            weight = float(number)
        except ValueError:
            weight = -1.0
        if name.strip() not in weights or not 0 <= weight < float("inf"):
            raise TobkitError(
                msg(
                    "--weight takes NAME=NUMBER (0 or more), not “{given}”; the names are: {names}.",
                    given=option,
                    names=list(weights),
                )
            )
        weights[name.strip()] = weight
    return weights
