"""The board: a column for each status, the cards in the order of the backlog."""

from typing import NamedTuple

from tobkit.site.contexts.backlog import behind
from tobkit.site.contexts.facts import Facts, Row, Status

CARDS = 50
"""Cards in a column; the rest is a filter of the backlog away."""


class Column(NamedTuple):
    status: Status
    n: int
    arr: float
    cards: tuple[Row, ...]
    more: int
    href: str


def board(facts: Facts) -> tuple[Column, ...]:
    """The columns in the order of the workflow; merged entries stand in none."""
    by_status: dict[str, list[Row]] = {}
    for row in facts.rows.values():
        if not row.canonical:
            by_status.setdefault(row.status.name, []).append(row)
    return tuple(
        Column(
            status,
            len(rows),
            behind(facts, (row.id for row in rows)),
            tuple(rows[:CARDS]),
            len(rows) - len(rows[:CARDS]),
            f"index.html#status={name}",
        )
        for name, status in facts.statuses.items()
        if (rows := by_status.get(name, [])) or name == status.stage
    )
