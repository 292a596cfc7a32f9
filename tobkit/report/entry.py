"""One entry with everything that is derived from the pool, as text for people and as JSON."""

import json
from datetime import date
from typing import Any

from tobkit.messages import Translator
from tobkit.model.kinds import Business, Entry, Requirement
from tobkit.model.pool import Pool
from tobkit.model.schema import FieldSpec
from tobkit.rank import Ranking


def as_json(pool: Pool, ranking: Ranking, entry: Entry, _: Translator) -> str:
    """`{"id", "kind", "path", "fields": {name: value}, "body", "derived": {...}}`."""
    document = {
        "id": entry.id,
        "kind": entry.kind,
        "path": entry.path,
        "fields": fields(pool, entry),
        "body": entry.body,
        "derived": derived(pool, ranking, entry),
    }
    return json.dumps(document, ensure_ascii=False, indent=2)


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
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def derived(pool: Pool, ranking: Ranking, entry: Entry) -> dict[str, Any]:
    """What follows from the rest of the pool: a requirement's group, evidence and place; who refers to the entry."""
    referred: dict[str, list[str]] = {}
    for link in pool.backlinks.get((entry.kind, entry.id), ()):
        referred.setdefault(f"{link.entry.kind}.{link.field}", []).append(link.entry.id)
    found: dict[str, Any] = {"referred_by": {key: sorted(ids) for key, ids in sorted(referred.items())}}
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


def text(pool: Pool, ranking: Ranking, entry: Entry, _: Translator) -> str:
    """The entry as a person reads it: what it is, its fields, its text, what follows from the pool."""
    kind = pool.schema[entry.kind]
    lines = [f"{entry.id}  {entry.label}" if entry.label != entry.id else entry.id, entry.path, ""]
    shown = {
        spec.label[_.language]: words(pool, spec, getattr(entry, spec.name), _)
        for spec in kind.fields.values()
        if spec.name not in ("id", "title", "name")
    }
    lines += table({label: value for label, value in shown.items() if value})
    if entry.body:
        lines += ["", *entry.body.splitlines()]
    lines += ["", *table(derived_words(pool, ranking, entry, _))]
    return "\n".join(lines).rstrip()


def words(pool: Pool, spec: FieldSpec, value: Any, _: Translator) -> str:
    """A field's value for people: labels instead of names, people and entries by what they are called."""
    if value is None or value == ():
        return ""
    if isinstance(value, tuple):
        return _.shown([words(pool, spec, item, _) for item in value])
    if isinstance(value, Business):
        parts = {part.label[_.language]: getattr(value, part.name) for part in spec.parts}
        return _.shown([f"{label}: {text}" for label, text in parts.items() if text])
    if spec.choices is not None:
        return spec.choices.label(value, _.language)
    if spec.reference is not None:
        entry = pool.get(spec.reference, value)
        return f"{entry.label} ({value})" if entry and entry.label != value else str(value)
    if spec.person is not None:
        return pool.config.person(value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(plain(value))


def derived_words(pool: Pool, ranking: Ranking, entry: Entry, _: Translator) -> dict[str, str]:
    found: dict[str, str] = {}
    if isinstance(entry, Requirement) and (group := pool.group_of(entry.id)):
        if group.id != entry.id:
            found[_("Merged into")] = f"{group.id}  {group.canonical.title}"
        ranked = ranking.by_id.get(entry.id)
        if ranked:
            found[_("Rank")] = _(
                "{rank} of {count} (tier {tier}, score {score})",
                rank=ranked.rank,
                count=len(ranking.items),
                tier=ranked.tier,
                score=f"{ranked.score:.1f}",
            )
        found[_("Live customers behind it")] = _.shown([customer.label for customer in group.evidence])
        found[_("Merged into this")] = _.shown([member.id for member in group.merged])
        found[_("Notes")] = _.shown([note.id for note in group.notes])
        found[_("Promises")] = _.shown([promise.id for promise in group.promises])
    links = pool.backlinks.get((entry.kind, entry.id), ())
    found[_("Referred to by")] = _.shown(sorted({link.entry.id for link in links}))
    return {label: value for label, value in found.items() if value}


def table(rows: dict[str, str]) -> list[str]:
    """Labels and values in two columns, aligned by display width."""
    from rich.cells import cell_len

    width = max((cell_len(label) for label in rows), default=0)
    return [f"{label}{' ' * (width - cell_len(label))}  {value}" for label, value in rows.items()]
