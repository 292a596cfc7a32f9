"""`tobkit triage`."""

from datetime import date
from typing import TYPE_CHECKING

import click

from tobkit.cli.session import Session, command, format_option
from tobkit.messages import N_

if TYPE_CHECKING:
    from tobkit.rank.triage import Known, Near

NEAREST = 3
"""Requirements that are named beside a note in the inbox."""

NEAR = 0.01
"""The score from which on they are. Of the demo pool's notes 84 % find their requirement among the nearest three."""


@click.command(
    "triage",
    help=N_(
        "Show what waits for somebody: escalations, the inbox, what may be not worth doing, what is undecided, late, asked "
        "for again or lacks evidence.\n\n"
        "Each comes with the command that settles it. Nothing is changed."
    ),
)
@click.option(
    "--top",
    type=click.IntRange(min=1),
    metavar="N",
    default=10,
    show_default=True,
    help=N_("Items of each list as text"),
)
@format_option("text", "json", "markdown")
@click.option("--fail-on", type=click.Choice(["escalations"]), help=N_("Exit with 1 where there are any"))
@command
def triage_command(session: Session, top: int, form: str, fail_on: str | None) -> int:
    from tobkit.rank.triage import triage
    from tobkit.report import triage as report

    found = triage(session.pool, session.ranking, history=session.history, known=known(session))
    if session.history.notice.template:
        session.say(session.history.notice)
    if form == "json":
        session.print_json(report.as_json(session.pool, found, session.translator))
    elif form == "markdown":
        session.print(report.markdown(session.pool, found, session.translator))
    else:
        session.print(report.text(session.pool, found, session.translator, top=top))
    return int(fail_on == "escalations" and bool(found.escalations))


def known(session: Session) -> "Known":
    """What other judgments say about the pool's requirements and notes."""
    from tobkit.check.texts import THIN_DESCRIPTION
    from tobkit.rank.triage import Known

    thin = {found.path for found in session.diagnostics if found.code == THIN_DESCRIPTION.code}
    requirements = session.pool.requirements.values()
    return Known(
        nearest=nearest(session),
        delivered=delivered(session),
        vague=frozenset(one.id for one in requirements if one.path in thin),
        planned=planned(session),
    )


def nearest(session: Session) -> dict[str, tuple["Near", ...]]:
    """The requirements nearest to each note in the inbox."""
    from tobkit.dedupe import similar
    from tobkit.rank.triage import Near

    found = {}
    for note in session.pool.notes.values():
        if not note.requirements:
            customers = [note.customer] if note.customer else []
            said = " ".join(note.body.split())  # short as it is, it is compared as a title
            near = similar(session.pool, said, "", NEAREST, customers=customers, index=session.index)
            found[note.id] = tuple(Near(one.id, one.score) for one in near if one.score >= NEAR)
    return found


def delivered(session: Session) -> dict[str, "Near"]:
    """For requirements that are like a delivered one, the one that they are most like."""
    from tobkit.dedupe import find_duplicates
    from tobkit.rank.triage import Near

    pool = session.pool
    found: dict[str, Near] = {}
    for pair in find_duplicates(pool, index=session.index).pairs:  # the likeliest first
        for one, other in ((pair.a, pair.b), (pair.b, pair.a)):
            if pool.stage(pool.requirements[other]) == "delivered":
                found.setdefault(one, Near(other, pair.score))
    return found


def planned(session: Session) -> dict[str, date]:
    """The last day of the date, month or quarter for which requirements are planned."""
    from tobkit.check.business import planned_by

    days = {one.id: planned_by(one.planned) for one in session.pool.requirements.values() if one.planned}
    return {requirement_id: day for requirement_id, day in days.items() if day is not None}
