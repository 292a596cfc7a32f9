"""One entry with everything that is derived from the pool, as text for people and as JSON."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from tobkit.messages import NOTHING, Message, Translator, msg, msg_n
from tobkit.model.history import History, described, progress
from tobkit.model.kinds import Business, Entry, Requirement
from tobkit.model.pool import Pool
from tobkit.model.schema import FieldSpec
from tobkit.rank import Ranking, money
from tobkit.report.diagnostics import visible
from tobkit.report.ranking import dumped, number

MONEY = frozenset({("customer", "arr"), ("exchange", "value")})
"""The fields that hold an amount in the pool's currency."""

MOST_LISTED = 8
"""So many entries of a kind that refer to one are named; of more, how many they are."""


def as_json(pool: Pool, ranking: Ranking, history: History, entry: Entry, _: Translator) -> str:
    """`{"id", "kind", "path", "fields": {name: value}, "body", "derived": {...}}`."""
    document = {
        "id": entry.id,
        "kind": entry.kind,
        "path": entry.path,
        "fields": fields(pool, entry),
        "body": entry.body,
        "derived": derived(pool, ranking, entry) | past(pool, ranking, history, entry, _),
    }
    return dumped(document)


def fields(pool: Pool, entry: Entry) -> dict[str, Any]:
    """The fields that have a value, in the schema's order."""
    found = {name: plain(getattr(entry, name)) for name in pool.schema[entry.kind].fields}
    return {name: value for name, value in found.items() if value not in (None, [], {})}


def plain(value: Any) -> Any:
    """A field's value as JSON has it."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    if isinstance(value, Business):
        return value.model_dump(exclude_none=True)
    if isinstance(value, float):
        return number(value)
    return value


def derived(pool: Pool, ranking: Ranking, entry: Entry) -> dict[str, Any]:
    """What follows from the rest of the pool: a requirement's group, evidence and place; who refers to the entry."""
    referred = {f"{kind}.{field}": [one.id for one in entries] for kind, field, entries in referring(pool, entry)}
    found: dict[str, Any] = {"referred_by": referred}
    if isinstance(entry, Requirement) and (group := pool.group_of(entry.id)):
        ranked = ranking.by_id.get(entry.id)
        found |= {
            "canonical": group.id,
            "stage": pool.stage(group.canonical),
            "merged": [member.id for member in group.merged],
            "notes": [note.id for note in group.notes],
            "promises": [promise.id for promise in group.promises],
            "customers": [customer.id for customer in group.evidence],
            "rank": ranked.rank if ranked else None,
            "tier": ranked.tier if ranked else None,
            "score": ranked.score if ranked else None,
            "signals": dict(ranked.signals) if ranked else None,
        }
    return found


def past(pool: Pool, ranking: Ranking, history: History, entry: Entry, _: Translator) -> dict[str, Any]:
    """What became of the entry, and how a requirement gets on."""
    found: dict[str, Any] = {}
    if isinstance(entry, Requirement):
        how = progress(pool, history, entry, ranking.today)
        found = {
            "status_since": how.since.isoformat(),
            "days_in_status": how.days,
            "lead_time": how.lead_time,
            "reopened": how.reopened,
            "moved": how.moved.isoformat(),
        }
    events = [
        {
            "day": event.day.isoformat(),
            "author": event.author or None,
            "commit": event.commit or None,
            "field": event.field or None,
            "old": plain(event.old),
            "new": plain(event.new),
        }
        for event in history.of(entry).events
    ]
    return found | {"timeline": events, "timeline_notice": _.text(history.notice) or None}


def referring(pool: Pool, entry: Entry) -> Iterator[tuple[str, str, list[Entry]]]:
    """Kind, field, and the entries of that kind that refer to this one by that field; kinds in their natural order."""
    found: dict[tuple[str, str], dict[str, Entry]] = {}
    for link in pool.backlinks.get((entry.kind, entry.id), ()):
        found.setdefault((link.entry.kind, link.field), {})[link.entry.id] = link.entry
    for kind, schema in pool.schema.kinds.items():
        for field in schema.fields:
            if entries := found.get((kind, field)):
                yield kind, field, [entries[one] for one in sorted(entries)]


def text(pool: Pool, ranking: Ranking, history: History, entry: Entry, _: Translator) -> str:
    """The entry as a person reads it: what it is, its fields, its text, what follows from the pool."""
    title = f"{entry.id}  {visible(entry.label)}" if entry.label != entry.id else entry.id
    blocks = [
        [title, visible(entry.path)],
        table(field_rows(pool, entry, _)),
        [visible(line) for line in entry.body.splitlines()],
        table(derived_rows(pool, ranking, entry, _)),
        table(reference_rows(pool, entry, _)),
        table(progress_rows(pool, ranking, history, entry, _)),
        table(timeline_rows(pool, history, entry, _)),
        [_.text(history.notice)] if history.notice is not NOTHING else [],
    ]
    return "\n\n".join("\n".join(lines) for lines in blocks if lines)


Row = tuple[str, str]
"""A label and a value."""


def field_rows(pool: Pool, entry: Entry, _: Translator) -> Iterator[Row]:
    for spec in pool.schema[entry.kind].fields.values():
        value = getattr(entry, spec.name)
        if isinstance(value, Business):
            for part in spec.parts:
                yield part.label[_.language], words(pool, entry.kind, part, getattr(value, part.name), _)
        elif spec.name not in ("id", "title", "name"):
            yield spec.label[_.language], words(pool, entry.kind, spec, value, _)


def words(pool: Pool, kind: str, spec: FieldSpec, value: Any, _: Translator) -> str:
    """A field's value for people: labels instead of names, people and entries by what they are called."""
    if value is None or value == ():
        return ""
    if isinstance(value, tuple):
        return _.shown([words(pool, kind, spec, item, _) for item in value])
    if spec.choices is not None:
        return spec.choices.label(value, _.language)
    if spec.reference is not None:
        entry = pool.get(spec.reference, value)
        return _("{name} ({id})", name=entry.label, id=entry.id) if entry and entry.label != entry.id else str(value)
    if spec.person is not None:
        return pool.config.person(value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if (kind, spec.name) in MONEY:
        return money(value, pool.config.pool.currency)
    if spec.name == "effort" and kind == "requirement":
        return _.text(person_days(plain(value)))
    return str(plain(value))


def person_days(days: float) -> Message:
    return msg_n("{n} person-day", "{n} person-days", 1) if days == 1 else msg("{days} person-days", days=days)


def derived_rows(pool: Pool, ranking: Ranking, entry: Entry, _: Translator) -> Iterator[Row]:
    """A requirement's place and group."""
    group = pool.group_of(entry.id) if isinstance(entry, Requirement) else None
    if group is None:
        return
    if group.id != entry.id:
        status = pool.schema.statuses.label(group.canonical.status, _.language)
        yield (
            _("Merged into"),
            _("{id} “{title}” ({status})", id=group.id, title=group.canonical.title, status=status),
        )
    ranked = ranking.by_id.get(group.id)
    if ranked:
        yield (
            _("Rank"),
            _(
                "{rank} of {count} (tier {tier}, score {score})",
                rank=ranked.rank,
                count=len(ranking.items),
                tier=ranked.tier,
                score=f"{ranked.score:.1f}",
            ),
        )
    yield _("Live customers behind it"), _.shown([customer.label for customer in group.evidence])
    yield _("Merged into this"), some(group.merged if group.id == entry.id else (), _)
    yield _("Notes"), some(group.notes, _)
    yield _("Promises"), some(group.promises, _)


def reference_rows(pool: Pool, entry: Entry, _: Translator) -> Iterator[Row]:
    """Who refers to the entry, by kind and field."""
    for kind, field, entries in referring(pool, entry):
        schema = pool.schema[kind]
        label = _(
            "Referred to by: {kind} ({field})",
            kind=schema.label,
            field=schema.fields[field].label,
        )
        yield label, some(entries, _)


def progress_rows(pool: Pool, ranking: Ranking, history: History, entry: Entry, _: Translator) -> Iterator[Row]:
    """How a requirement gets on."""
    if not isinstance(entry, Requirement):
        return
    how = progress(pool, history, entry, ranking.today)
    yield _("In this status since"), _.text(msg_n("{day} ({n} day)", "{day} ({n} days)", how.days, day=how.since))
    yield _("Last moved"), how.moved.isoformat()
    if how.lead_time is not None:
        yield _("From first heard to delivered"), _.text(msg_n("{n} day", "{n} days", how.lead_time))
    if how.reopened:
        yield _("Taken up again after closing"), _.text(msg_n("{n} time", "{n} times", how.reopened))


def timeline_rows(pool: Pool, history: History, entry: Entry, _: Translator) -> Iterator[Row]:
    """What became of the entry, the latest first."""
    for event in reversed(history.of(entry).events):
        what = described(pool, entry.kind, event)
        by = msg("{author}, {commit}", author=event.author, commit=event.commit[:8])
        how = by if event.commit else msg("not committed yet")
        yield event.day.isoformat(), _("{what} ({how})", what=what, how=how)


def some(entries: Sequence[Entry], _: Translator) -> str:
    """The first few entries by id, and how many more there are."""
    named = _.shown([entry.id for entry in entries[:MOST_LISTED]])
    more = len(entries) - MOST_LISTED
    return _("{ids} and {n} more", ids=named, n=more) if more > 0 else named


def table(rows: Iterable[Row]) -> list[str]:
    """Labels and values that aren't empty in two columns, aligned by display width."""
    from rich.cells import cell_len

    shown = [(label, visible(value)) for label, value in rows if value]
    width = max((cell_len(label) for label, _ in shown), default=0)
    return [f"{label}{' ' * (width - cell_len(label))}  {value}" for label, value in shown]
