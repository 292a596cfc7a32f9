"""`tobkit rank`."""

import click

from tobkit.cli.session import Session, command, format_option
from tobkit.errors import TobkitError
from tobkit.messages import N_, msg


@click.command("rank")
@click.option("--top", type=click.IntRange(min=1), metavar="N", help=N_("Only the first N"))
@click.option("--explain", "explained", metavar="ID", help=N_("Why this requirement stands where it stands"))
@click.option("--weight", "weights", multiple=True, metavar="NAME=W", help=N_("Another weight for a signal"))
@format_option("text", "json", "csv")
@command
def rank_command(session: Session, top: int | None, explained: str | None, weights: tuple[str, ...], form: str) -> None:
    """List the requirements in the order in which they should be met, each with its tier and score."""
    from tobkit.rank import explain, rank
    from tobkit.report import ranking as report

    ranking = rank(session.pool, session.today, weights_of(session, weights))
    if explained is not None:
        entry = session.entry(explained, "requirement")
        explanation = explain(session.pool, ranking, entry.id)
        render = report.explanation_json if form == "json" else report.explanation_text
        session.print(render(session.pool, explanation, session.translator))
        return
    render_ranking = {"json": report.json, "csv": report.csv, "text": report.text}[form]
    session.print(render_ranking(session.pool, ranking, session.translator, top=top))


def weights_of(session: Session, options: tuple[str, ...]) -> dict[str, float]:
    """The weights of the workspace, changed by `--weight` options."""
    weights = dict(session.workspace.config.rank.all_weights)
    for option in options:
        name, _, number = option.partition("=")
        try:
            weight = float(number)
        except ValueError:
            weight = -1.0
        if name not in weights or not 0 <= weight < float("inf"):
            raise TobkitError(
                msg(
                    "--weight takes NAME=NUMBER, not “{given}”; the names are: {names}.",
                    given=option,
                    names=list(weights),
                )
            )
        weights[name] = weight
    return weights
