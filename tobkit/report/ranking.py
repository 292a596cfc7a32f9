"""A ranking as a table, as JSON and as CSV, and the explanation of one place in it.

Each renderer makes the pool's texts harmless for its own medium: a terminal, a JSON reader, a spreadsheet.
"""

from collections.abc import Iterable, Iterator, Sequence
from csv import writer
from io import StringIO
from json import dumps
from typing import Any

from tobkit.messages import Message, Translator, msg
from tobkit.model.config import SIGNALS
from tobkit.model.kinds import IMPACT, Note
from tobkit.model.pool import Pool
from tobkit.rank import TIER_LABELS, Explanation, Neighbour, Ranked, Ranking, SignalFacts, money
from tobkit.report.diagnostics import visible

TITLE_WIDTH = 48
"""Cells of a terminal that a title may take in the table."""


# The ranking


def text(pool: Pool, ranking: Ranking, translator: Translator, *, top: int | None = None) -> str:
    """A table, aligned by display width; the first `top` places or all."""
    if not ranking.items:
        return translator.text(msg("Nothing to rank: there is no open requirement."))
    rows = [row(pool, ranked, translator) for ranked in ranking.items[:top]]
    head = [translator.text(name) for name, _ in COLUMNS]
    return "\n".join(aligned([head, *rows], [right for _, right in COLUMNS]))


COLUMNS: Sequence[tuple[Message, bool]] = (
    (msg("Rank"), True),
    (msg("ID"), False),
    (msg("Title"), False),
    (msg("Tier"), False),
    (msg("Score"), True),
    (msg("Customers"), True),
    (msg("Yearly revenue"), True),
    (msg("Status"), False),
    (msg("Module"), False),
    (msg("Owner"), False),
    (msg("Needs evidence"), False),
)
"""The table's columns, and whether they hold numbers, which stand to the right."""


def row(pool: Pool, ranked: Ranked, translator: Translator) -> list[str]:
    entry = ranked.group.canonical
    module = pool.modules.get(entry.module or "")
    return [
        str(ranked.rank),
        ranked.id,
        shortened(visible(entry.title), TITLE_WIDTH),
        f"{ranked.tier} {translator.text(TIER_LABELS[ranked.tier])}",
        f"{ranked.score:.1f}",
        str(len(ranked.group.evidence)),
        money(ranked.arr, pool.config.pool.currency) if ranked.arr else "",
        visible(pool.schema.statuses.label(entry.status, translator.language)),
        visible(module.name if module else entry.module or ""),
        visible(pool.config.person(entry.owner)),
        translator.shown([IMPACT.labels[claim.impact] for claim in ranked.needing_evidence]),
    ]


def json(pool: Pool, ranking: Ranking, translator: Translator, *, top: int | None = None) -> str:  # noqa: ARG001
    """`{"today", "ranking": [...]}`; its keys are part of the pool's contract."""
    return dumped({"today": ranking.today.isoformat(), "ranking": [record(ranked) for ranked in ranking.items[:top]]})


def record(ranked: Ranked) -> dict[str, Any]:
    entry = ranked.group.canonical
    return {
        "rank": ranked.rank,
        "id": ranked.id,
        "title": entry.title,
        "tier": ranked.tier,
        "score": ranked.score,
        "signals": dict(ranked.signals),
        "customers": list(ranked.customers),
        "arr": number(ranked.arr),
        "status": entry.status,
        "module": entry.module,
        "owner": entry.owner,
    }


def csv(pool: Pool, ranking: Ranking, translator: Translator, *, top: int | None = None) -> str:  # noqa: ARG001
    """The same as the JSON, a line a requirement, a column a signal; safe to open in a spreadsheet."""
    out = StringIO()
    lines = writer(out, lineterminator="\n")
    columns = ["rank", "id", "title", "tier", "score", *SIGNALS, "customers", "arr", "status", "module", "owner"]
    lines.writerow(columns)
    for ranked in ranking.items[:top]:
        values = record(ranked)
        values |= {"customers": " ".join(ranked.customers), **ranked.signals}
        lines.writerow([cell(values[column]) for column in columns])
    return out.getvalue()


def cell(value: str | float | None) -> str | float:
    """A value as a spreadsheet may have it: text that would be taken for a formula gets an apostrophe before it."""
    if not isinstance(value, str):
        return "" if value is None else value
    harmless = "".join(char if char >= " " and not "\x7f" <= char <= "\x9f" else " " for char in value)
    formula = value.startswith(("\t", "\r")) or harmless.lstrip().startswith(("=", "+", "-", "@"))
    return f"'{harmless}" if formula else harmless


# The explanation


def explanation_text(pool: Pool, explanation: Explanation, translator: Translator) -> str:
    """Why a requirement stands where it stands, for a person at a terminal."""
    return "\n".join(line.rstrip() for line in explained(pool, explanation, translator))


def explained(pool: Pool, explanation: Explanation, translator: Translator) -> Iterator[str]:
    """The lines of an explanation."""

    def said(message: Message) -> str:
        return visible(translator.text(message))

    yield f"{explanation.requirement.id}  {visible(explanation.requirement.title)}"
    ranked, tier = explanation.ranked, explanation.tier
    if explanation.not_ranked is not None:
        yield said(msg("Not ranked. {why}", why=explanation.not_ranked))
    if ranked is None or tier is None:
        return
    yield said(
        msg(
            "Rank {rank} of {count}, tier {tier} ({label}), score {score}",
            rank=ranked.rank,
            count=explanation.count,
            tier=tier.tier,
            label=tier.label,
            score=f"{ranked.score:.1f}",
        )
    )
    missing = [said(line) for one in explanation.needs_evidence for line in (one.message, *one.help)]
    for heading, lines in (
        (msg("Why this tier"), [said(fact) for fact in tier.facts]),
        (msg("Why this score"), score_lines(explanation.signals, translator)),
        (msg("Needs evidence"), missing),
        (msg("Merged into this"), [f"{one.id}  {visible(one.title)}" for one in explanation.merged]),
        (msg("Notes"), [note_line(pool, note) for note in explanation.notes]),
        (msg("Next above"), neighbour_lines(explanation.above, translator)),
        (msg("Next below"), neighbour_lines(explanation.below, translator)),
    ):
        if lines:
            yield ""
            yield translator.text(heading)
            yield from (f"  {line}" for line in lines)


def score_lines(signals: Iterable[SignalFacts], translator: Translator) -> list[str]:
    """Every signal with value, weight and points, and its facts beside."""
    rows = [[translator.text(name) for name in (msg("Signal"), msg("Value"), msg("Weight"), msg("Points"), msg("Why"))]]
    for signal in signals:
        first, *others = [visible(translator.text(fact)) for fact in facts_of(signal)]
        label = translator.text(signal.label)
        rows.append([label, f"{signal.value:.3f}", f"{signal.weight:g}", f"{signal.points:.1f}", first])
        rows += [["", "", "", "", other] for other in others]
    return aligned(rows, [False, True, True, True, False])


def facts_of(signal: SignalFacts) -> list[Message]:
    """A signal's facts; the first says what it is compared with, where that matters."""
    first, *others = signal.facts
    if signal.compared is None or not signal.value:
        return [first, *others]
    return [msg("{fact} ({compared})", fact=first, compared=signal.compared), *others]


def note_line(pool: Pool, note: Note) -> str:
    customer = pool.customers.get(note.customer or "")
    organisation = pool.organisations.get(note.organisation or "")
    speaker = customer or organisation
    return f"{note.id}  {note.date}  {visible(speaker.name) if speaker else ''}"


def neighbour_lines(neighbour: Neighbour | None, translator: Translator) -> list[str]:
    if neighbour is None:
        return []
    ranked = neighbour.ranked
    return [
        f"{ranked.rank}  {ranked.id}  {visible(ranked.group.canonical.title)}",
        visible(translator.text(neighbour.difference)),
    ]


def explanation_json(pool: Pool, explanation: Explanation, translator: Translator) -> str:  # noqa: ARG001
    """The explanation as one JSON object; texts are in the user's language.

    `{"id", "title", "not_ranked", "see", "rank", "count", "tier", "tier_facts": [text], "score",
    "signals": [{"name", "value", "weight", "points", "facts": [text], "compared"}],
    "needs_evidence": [{"impact", "entry", "message", "help": [text]}], "merged": [id], "notes": [id],
    "above", "below": {"rank", "id", "difference"}}`; what isn't there is null.
    """

    def said(message: Message | None) -> str | None:
        return None if message is None else translator.text(message)

    def beside(neighbour: Neighbour | None) -> dict[str, Any] | None:
        if neighbour is None:
            return None
        return {
            "rank": neighbour.ranked.rank,
            "id": neighbour.ranked.id,
            "difference": translator.text(neighbour.difference),
        }

    ranked, tier = explanation.ranked, explanation.tier
    return dumped(
        {
            "id": explanation.requirement.id,
            "title": explanation.requirement.title,
            "not_ranked": said(explanation.not_ranked),
            "see": explanation.see,
            "rank": ranked.rank if ranked else None,
            "count": explanation.count,
            "tier": tier.tier if tier else None,
            "tier_facts": [said(fact) for fact in tier.facts] if tier else [],
            "score": ranked.score if ranked else None,
            "signals": [
                {
                    "name": signal.name,
                    "value": signal.value,
                    "weight": number(signal.weight),
                    "points": signal.points,
                    "facts": [said(fact) for fact in signal.facts],
                    "compared": said(signal.compared),
                }
                for signal in explanation.signals
            ],
            "needs_evidence": [
                {
                    "impact": missing.impact,
                    "entry": missing.statement.entry.id,
                    "message": said(missing.message),
                    "help": [said(help) for help in missing.help],
                }
                for missing in explanation.needs_evidence
            ],
            "merged": [entry.id for entry in explanation.merged],
            "notes": [note.id for note in explanation.notes],
            "above": beside(explanation.above),
            "below": beside(explanation.below),
        }
    )


# Plain things


def aligned(rows: Sequence[Sequence[str]], right: Sequence[bool]) -> list[str]:
    """Rows as lines with columns of equal width, as a terminal counts it; empty columns are left out."""
    from rich.cells import cell_len

    widths = [max(cell_len(text) for text in column) for column in zip(*rows, strict=True)]
    used = [n for n in range(len(widths)) if any(row[n] for row in rows[1:])]
    lines = []
    for row in rows:
        padded = []
        for n in used:
            space = " " * (widths[n] - cell_len(row[n]))
            padded.append(space + row[n] if right[n] else row[n] + space)
        lines.append("  ".join(padded).rstrip())
    return lines


def shortened(text: str, width: int) -> str:
    """A text that takes at most so many cells of a terminal."""
    from rich.cells import cell_len, set_cell_size

    return text if cell_len(text) <= width else set_cell_size(text, width - 1).rstrip() + "…"


def number(value: float) -> float | int:
    """A whole number without its `.0`."""
    return int(value) if value.is_integer() and abs(value) < 2**53 else value


def dumped(document: Any) -> str:
    """JSON for people and programs: letters of any script as they are, control characters escaped."""
    text = dumps(document, ensure_ascii=False, indent=2)
    return "".join(char if char.isprintable() or char == "\n" else escaped(char) for char in text)


def escaped(char: str) -> str:
    return dumps(char)[1:-1] if char > "\x7f" else f"\\u{ord(char):04x}"
