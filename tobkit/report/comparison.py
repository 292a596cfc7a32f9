"""What changed between two pools: as text, as JSON, and as the Markdown comment of a pull request."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tobkit.compare import Change, Comparison, FieldChange, Move, Place, PromiseEffect
from tobkit.compare.given import PairLike
from tobkit.messages import Message, Translator, msg, msg_n
from tobkit.model.kinds import Entry, Note, Promise, Requirement
from tobkit.model.pool import Pool
from tobkit.model.schema import KindSchema
from tobkit.rank import SIGNAL_LABELS, Ranking
from tobkit.report import markdown as md
from tobkit.report.diagnostics import visible
from tobkit.report.entry import plain, words
from tobkit.report.ranking import dumped, number, shortened

TITLE_WIDTH = 60
"""Cells of a terminal that a title may take."""

VALUE_WIDTH = 60
"""Cells of a terminal that a field's value may take."""

CAUSES = 4
"""Causes of a move that are told to people; the JSON has all."""

FIRST = 7
"""Rows of a part that a comment shows before it folds the rest."""

STEPS = (500, 200, 100, 50, 20, 10, 3)
"""How many rows of a part a comment shows at most, tried in this order until it is short enough."""


@dataclass(frozen=True)
class Shown:
    """A comparison with what its reports need beside: the ranking now, and what the two sides are called.

    `base` and `head` are commits (full hashes); `head` is None where the files on disk are compared. `since` is the name
    that the user gave the base: a branch, a day.
    """

    comparison: Comparison
    ranking: Ranking
    base: str
    head: str | None
    since: str

    @property
    def new(self) -> Pool:
        return self.comparison.new

    @property
    def old(self) -> Pool:
        return self.comparison.old


# JSON


def as_json(shown: Shown, _: Translator) -> str:
    """`{"base", "head", "today", "added", "changed", "removed", "status_moves", "rank_moves", "shifted", "weights",
    "duplicates", "promises"}`; its keys are part of the pool's contract, texts are in the user's language.
    """
    comparison = shown.comparison
    return dumped(
        {
            "base": shown.base,
            "head": shown.head,
            "today": shown.ranking.today.isoformat(),
            "added": [entry_record(entry) for entry in comparison.added],
            "changed": [
                {
                    **entry_record(change.after),
                    "fields": [
                        {"field": name, "from": plain(then), "to": plain(now)} for name, then, now in change.fields
                    ],
                    "body": change.text,
                }
                for change in comparison.changed
            ],
            "removed": [entry_record(entry) for entry in comparison.removed],
            "status_moves": [
                {"id": change.after.id, "from": field.before, "to": field.after}
                for change, field in status_fields(comparison)
            ],
            "rank_moves": [
                {
                    "id": move.requirement.id,
                    "title": move.requirement.title,
                    "from": place_record(move.before),
                    "to": place_record(move.after),
                    "reasons": [_.text(cause) for cause in move.causes],
                }
                for move in comparison.moves
            ],
            "shifted": comparison.shifted,
            "weights": [
                {"signal": one.signal, "from": number(one.before), "to": number(one.after)}
                for one in comparison.weights
            ],
            "duplicates": [
                {"a": pair.a, "b": pair.b, "score": pair.score, "reasons": [_.text(one) for one in pair.reasons]}
                for pair in comparison.duplicates
            ],
            "promises": [
                {
                    "id": effect.promise.id,
                    "requirement": effect.promise.requirement,
                    "customer": effect.promise.customer,
                    "due": effect.promise.due.isoformat(),
                    "effects": [_.text(one) for one in effect.effects],
                }
                for effect in comparison.promises
            ],
        }
    )


def entry_record(entry: Entry) -> dict[str, Any]:
    return {"kind": entry.kind, "id": entry.id, "label": entry.label, "path": entry.path}


def place_record(place: Place | None) -> dict[str, Any] | None:
    return {"rank": place.rank, "tier": place.tier, "score": place.score} if place else None


def status_fields(comparison: Comparison) -> Iterator[tuple[Change, FieldChange]]:
    for change in comparison.status_moves:
        field = change.field("status")
        if field is not None:
            yield change, field


# Words that both have


def summary(comparison: Comparison, _: Translator) -> str:
    """How much of what changed, in one line."""
    counts = [
        *(
            msg("{kind}: {counted}", kind=kind.label, counted=list(filter(None, each)))
            for kind, each in counted_kinds(comparison)
        ),
    ]
    more = [
        (len(comparison.moves), msg_n("{n} move in the order", "{n} moves in the order", len(comparison.moves))),
        (
            len(comparison.duplicates),
            msg_n("{n} likely duplicate", "{n} likely duplicates", len(comparison.duplicates)),
        ),
        (
            len(comparison.promises),
            msg_n("{n} promise concerned", "{n} promises concerned", len(comparison.promises)),
        ),
    ]
    return _("; ").join(_.text(one) for one in (*counts, *(text for n, text in more if n)))


def counted_kinds(comparison: Comparison) -> Iterator[tuple[KindSchema, list[Message | None]]]:
    """Every kind with how many of its entries are new, changed and gone."""
    for name, kind in comparison.new.schema.kinds.items():
        added, changed, removed = (
            sum(entry.kind == name for entry in entries)
            for entries in (comparison.added, [change.after for change in comparison.changed], comparison.removed)
        )
        if added or changed or removed:
            yield (
                kind,
                [
                    msg("{n} new", n=added) if added else None,
                    msg("{n} changed", n=changed) if changed else None,
                    msg("{n} removed", n=removed) if removed else None,
                ],
            )


def heading_of(shown: Shown, _: Translator) -> str:
    base = shown.base[:8] if shown.base.startswith(shown.since) else f"{shown.since} ({shown.base[:8]})"
    head = shown.head[:8] if shown.head else _("the files here")
    return _("What changed from {base} to {head}", base=base, head=head)


def about(shown: Shown, entry: Entry, _: Translator) -> str:
    """What to say of an entry beside its id: its title or name, of a note who said it, of a promise to whom and when."""
    pool = shown.new if shown.new.get(entry.kind, entry.id) else shown.old
    if isinstance(entry, Note):
        speaker = pool.customers.get(entry.customer or "") or pool.organisations.get(entry.organisation or "")
        name = speaker.name if speaker else _("somebody")
        named = [said_of(pool, ref) for ref in entry.requirements]
        if not named:
            return _("{day} {name}, in the inbox", day=entry.date, name=name)
        return _("{day} {name}, about {requirements}", day=entry.date, name=name, requirements=named)
    if isinstance(entry, Promise):
        customer = pool.customers.get(entry.customer)
        return _(
            "to {who} by {due}: {requirement}",
            who=customer.name if customer else entry.customer,
            requirement=said_of(pool, entry.requirement),
            due=entry.due,
        )
    if isinstance(entry, Requirement) and (ranked := shown.ranking.by_id.get(entry.id)) and ranked.id == entry.id:
        return _("{title} (rank {rank}, tier {tier})", title=entry.title, rank=ranked.rank, tier=ranked.tier)
    return entry.label if entry.label != entry.id else ""


def said_of(pool: Pool, requirement_id: str) -> str:
    requirement = pool.requirements.get(requirement_id)
    return f"{requirement_id} {requirement.title}" if requirement else requirement_id


def field_line(shown: Shown, change: Change, field: FieldChange, _: Translator, longest: Callable[[str], str]) -> str:
    """A field that changed, in words; of lists what was added and taken out."""
    spec = (
        shown.new.schema[change.after.kind].fields.get(field.name)
        or shown.old.schema[change.before.kind].fields[field.name]
    )
    kind, then, now = change.after.kind, field.before, field.after
    if spec.many and not (then is not None and not isinstance(then, tuple)):
        was, is_now = tuple(then or ()), tuple(now or ())
        signs = [("+", tuple(one for one in is_now if one not in was), shown.new)]
        signs.append(("-", tuple(one for one in was if one not in is_now), shown.old))
        parts = [f"{sign} {longest(words(pool, kind, spec, items, _))}" for sign, items, pool in signs if items]
        return _("{field}: {value}", field=spec.label, value="  ".join(parts))
    before, after = words(shown.old, kind, spec, then, _), words(shown.new, kind, spec, now, _)
    if before == after:  # two names of one person, say
        before, after = str(then), str(now)
    before, after = longest(before) or _("none"), longest(after) or _("none")
    return _("{field}: {before} → {after}", field=spec.label, before=before, after=after)


def changed_lines(shown: Shown, change: Change, _: Translator, longest: Callable[[str], str]) -> list[str]:
    """The fields of an entry that changed, but for a requirement's status, which is told elsewhere."""
    told = "status" if isinstance(change.after, Requirement) else None
    lines = [field_line(shown, change, field, _, longest) for field in change.fields if field.name != told]
    return [*lines, _("the text")] if change.text else lines


def places(move: Move, _: Translator) -> str:
    """`12 → 3`, and what it means where it is on one side only."""
    before = str(move.before.rank) if move.before else _("not ranked")
    after = str(move.after.rank) if move.after else _("not ranked")
    tiers = ""
    if move.before and move.after and move.before.tier != move.after.tier:
        tiers = _(" (tier {before} → {after})", before=move.before.tier, after=move.after.tier)
    return f"{before} → {after}{tiers}"


def causes(move: Move, _: Translator) -> str:
    told = [_.text(cause) for cause in move.causes[:CAUSES]]
    if len(move.causes) > CAUSES:
        told.append(_("and {n} more", n=len(move.causes) - CAUSES))
    return _("; ").join(told)


def shifted(comparison: Comparison) -> Message | None:
    """What is said of those that only others moved."""
    if not comparison.shifted:
        return None
    return msg_n(
        "{n} more only made room, by at most {furthest}.",
        "{n} more only made room, by at most {furthest}.",
        comparison.shifted,
        furthest=comparison.furthest,
    )


def weight_lines(comparison: Comparison, _: Translator) -> list[str]:
    return [
        _(
            "Weight of {signal}: {before} → {after}",
            signal=SIGNAL_LABELS[one.signal],
            before=f"{one.before:g}",
            after=f"{one.after:g}",
        )
        for one in comparison.weights
    ]


# Text


def text(shown: Shown, _: Translator) -> str:
    """All of it for a person at a terminal."""
    comparison = shown.comparison
    if comparison.is_empty:
        return _("{heading}: nothing in the pool.", heading=heading_of(shown, _))

    def brief(value: str) -> str:
        return shortened(visible(value), VALUE_WIDTH)

    blocks = [
        [visible(heading_of(shown, _)), visible(summary(comparison, _))],
        headed(_("New"), (entry_lines(shown, entry, _) for entry in comparison.added)),
        headed(_("Removed"), (entry_lines(shown, entry, _) for entry in comparison.removed)),
        headed(_("Status"), (status_line(shown, *one, _) for one in status_fields(comparison))),
        headed(
            _("Changed"),
            (
                [*entry_lines(shown, change.after, _), *(f"    {visible(line)}" for line in lines)]
                for change in comparison.changed
                if (lines := changed_lines(shown, change, _, brief))
            ),
        ),
        headed(_("Moves in the order"), move_blocks(comparison, _)),
        headed(
            _("Likely duplicates that came with it"), (pair_lines(shown, pair, _) for pair in comparison.duplicates)
        ),
        headed(_("Promises concerned"), (promise_lines(shown, effect, _) for effect in comparison.promises)),
    ]
    return "\n\n".join("\n".join(lines) for lines in blocks if lines)


def headed(heading: str, items: Iterable[Sequence[str]]) -> list[str]:
    """A heading and the indented lines of its items; nothing where there are none."""
    lines = [f"  {line}" for item in items for line in item]
    return [heading, *lines] if lines else []


def entry_lines(shown: Shown, entry: Entry, _: Translator) -> list[str]:
    said = shortened(visible(about(shown, entry, _)), TITLE_WIDTH + 20)
    named = shown.new.schema.kinds[entry.kind].label[_.language] if entry.kind in shown.new.schema.kinds else entry.kind
    return [f"{entry.id}  {said or named}".rstrip()]


def status_line(shown: Shown, change: Change, field: FieldChange, _: Translator) -> list[str]:
    moved = status_words(shown, field, _)
    return [f"{change.after.id}  {visible(moved)}  {shortened(visible(change.after.label), TITLE_WIDTH)}"]


def status_words(shown: Shown, field: FieldChange, _: Translator) -> str:
    before, after = shown.old.schema.statuses, shown.new.schema.statuses
    return f"{before.label(field.before, _.language)} → {after.label(field.after, _.language)}"


def move_blocks(comparison: Comparison, _: Translator) -> Iterator[list[str]]:
    yield weight_lines(comparison, _)
    for move in comparison.moves:
        title = shortened(visible(move.requirement.title), TITLE_WIDTH)
        yield [f"{move.requirement.id}  {places(move, _)}  {title}", f"    {visible(causes(move, _))}"]
    if others := shifted(comparison):
        yield [_.text(others)]


def pair_lines(shown: Shown, pair: PairLike, _: Translator) -> list[str]:
    return [
        f"{pair.score:.2f}  {pair.a}  {title_of(shown, pair.a)}",
        f"      {pair.b}  {title_of(shown, pair.b)}",
        "      " + visible(_("; ").join(_.text(reason) for reason in pair.reasons)),
        f"      tobkit merge {pair.a} {pair.b}",
    ]


def title_of(shown: Shown, requirement_id: str) -> str:
    return shortened(visible(shown.new.requirements[requirement_id].title), TITLE_WIDTH)


def promise_lines(shown: Shown, effect: PromiseEffect, _: Translator) -> list[str]:
    head, *_more = entry_lines(shown, effect.promise, _)
    return [head, "    " + visible(_("; ").join(_.text(one) for one in effect.effects))]


# Markdown


def comment(shown: Shown, _: Translator) -> str:
    """A comment on a pull request: short first, long parts folded, at most `markdown.MOST` characters in all."""
    for most in STEPS:
        document = "\n".join(comment_lines(shown, _, most)) + "\n"
        if len(document) <= md.MOST:
            break
    return document


MARK = "<!-- tobkit diff -->"
"""The comment's first line, by which a workflow finds the one that it wrote before."""


def comment_lines(shown: Shown, _: Translator, most: int) -> Iterator[str]:
    comparison = shown.comparison
    yield MARK
    yield "### " + _("What this changes in the requirement pool")
    yield ""
    if comparison.is_empty:
        yield _("Nothing in the pool.")
        return
    yield md.plain(summary(comparison, _), 1000)
    for heading, head, rows, notes in parts(shown, _):
        if rows or notes:
            yield ""
            yield from part(heading, head, rows, notes, most, _)
    yield ""
    yield f"<sub>{md.plain(heading_of(shown, _))}</sub>"


Row = tuple[str, ...]


def part(heading: str, head: Row, rows: list[Row], notes: list[str], most: int, _: Translator) -> Iterator[str]:
    """A part with a table, of which the first rows stand open and the rest folds."""
    kept = rows[:most]
    yield f"#### {heading}"
    if kept:
        yield ""
        yield from md.table(head, kept[:FIRST])
    if kept[FIRST:]:
        yield ""
        more = _("{n} more", n=len(kept) - FIRST)
        yield from md.folded(more, md.table(head, kept[FIRST:]))
    if len(rows) > most:
        yield ""
        yield _("… and {n} more: `tobkit diff` lists them all.", n=len(rows) - most)
    if notes:
        yield ""
        yield from notes


Part = tuple[str, Row, list[Row], list[str]]


def parts(shown: Shown, _: Translator) -> Iterator[Part]:
    """Every part of a comment: its heading, its table's head and rows, and sentences below."""
    comparison = shown.comparison
    entry_head = (_("ID"), _("What"))
    yield (
        _("Moves in the order"),
        (_("ID"), _("Place"), _("Title"), _("Why")),
        [
            (move.requirement.id, places(move, _), md.plain(move.requirement.title), md.plain(causes(move, _), 400))
            for move in comparison.moves
        ],
        [*map(md.plain, weight_lines(comparison, _)), *(_.text(one) for one in [shifted(comparison)] if one)],
    )
    yield (
        _("Likely duplicates that came with it"),
        (_("How alike"), _("One"), _("Other"), _("Why"), _("If it is the same need")),
        [
            (
                f"{pair.score:.2f}",
                *(f"{one} {md.plain(shown.new.requirements[one].title)}" for one in (pair.a, pair.b)),
                md.plain(_("; ").join(_.text(reason) for reason in pair.reasons), 300),
                md.code(f"tobkit merge {pair.a} {pair.b}"),
            )
            for pair in comparison.duplicates
        ],
        [],
    )
    yield (
        _("Promises concerned"),
        (_("ID"), _("What"), _("How")),
        [
            (
                one.promise.id,
                md.plain(about(shown, one.promise, _)),
                md.plain(_("; ").join(map(_.text, one.effects)), 300),
            )
            for one in comparison.promises
        ],
        [],
    )
    yield (
        _("Status"),
        (_("ID"), _("Status"), _("Title")),
        [
            (change.after.id, md.plain(status_words(shown, field, _)), md.plain(change.after.label))
            for change, field in status_fields(comparison)
        ],
        [],
    )
    yield _("New"), entry_head, [entry_row(shown, entry, _) for entry in comparison.added], []
    yield (
        _("Changed"),
        (*entry_head, _("Fields")),
        [
            (*entry_row(shown, change.after, _), "<br>".join(lines))
            for change in comparison.changed
            if (lines := [md.plain(line, 300) for line in changed_lines(shown, change, _, str)])
        ],
        [],
    )
    yield _("Removed"), entry_head, [entry_row(shown, entry, _) for entry in comparison.removed], []


def entry_row(shown: Shown, entry: Entry, _: Translator) -> Row:
    return md.plain(entry.id), md.plain(about(shown, entry, _))
