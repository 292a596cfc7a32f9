"""Values as people give them on the command line or in a form, made into what stands in a file."""

import re
from collections.abc import Iterable, Mapping

from tobkit.errors import TobkitError
from tobkit.messages import Message, msg
from tobkit.model.config import Config
from tobkit.model.nearest import nearest
from tobkit.model.pool import Pool
from tobkit.model.schema import BOOLEANS, FieldSpec, KindSchema
from tobkit.store.edit import FieldValue, Part
from tobkit.store.meaning import meant, noun
from tobkit.store.reading import read_date

_ASSIGNMENT = re.compile(r"(?P<key>[^=]+?)\s*(?P<sign>[+-]?)=(?P<value>.*)", re.DOTALL)
_SEPARATOR = re.compile(r"\s*[,，、;；\n]\s*")
_GROUPED = re.compile(r"\d{1,3}([,，]\d{3})+(\.\d+)?")

Values = dict[str, FieldValue]
"""Values by field; a part of a field that has keys of its own is named `field.part`."""


def assignments(
    kind: KindSchema, pool: Pool, texts: tuple[str, ...], current: Mapping[str, FieldValue] | None = None
) -> Values:
    """`field=value` texts as values by canonical field name.

    Keys and values may be labels in either language; references may be ids, aliases or names. An empty value takes
    the field out; `field+=x` and `field-=x` change a list that `current` gives. Raises TobkitError for what isn't an
    assignment or names no field.
    """
    values: Values = {}
    for text in texts:
        found = _ASSIGNMENT.fullmatch(text)
        if found is None:
            raise TobkitError(msg("“{text}” isn't of the form field=value.", text=text))
        name, spec = field_named(kind, found["key"].strip())
        value = field_value(spec, pool, found["value"])
        if found["sign"]:
            if not spec.many:
                raise TobkitError(msg("{field} holds a single value; write {field}=value.", field=name))
            before = values.get(name, (current or {}).get(name)) or ()
            value = changed_list(spec, before, value or (), found["sign"])
        values[name] = value
    return values


def changed_list(spec: FieldSpec, before: FieldValue, change: FieldValue, sign: str) -> tuple[str, ...]:
    """A list with items added or taken out. Raises TobkitError where one to be taken out isn't there."""
    old, some = tuple(before or ()), tuple(change or ())
    missing = [item for item in some if item not in old]
    if sign == "-" and missing:
        raise TobkitError(
            msg("{field} doesn't hold {items}; it holds: {held}.", field=spec.name, items=missing, held=old)
        )
    return in_order(spec, (*old, *some) if sign == "+" else (item for item in old if item not in some))


def field_named(kind: KindSchema, name: str) -> tuple[str, FieldSpec]:
    """A field, or a part of one (`business.model`), by its name or label. Raises TobkitError where there is none."""
    name = kind.mapped.get(name, name)
    whole, dot, part = name.partition(".")
    found = canonical(kind.fields, whole if dot else name)
    if found is None and dot:
        found, dot = canonical(kind.fields, name), ""
    if found is None:
        guess = nearest(name, [*kind.fields, *kind.keys])
        raise no_field(kind, name, found_name(kind, guess), kind.fields)
    spec = kind.fields[found]
    if spec.type != "mapping":
        return found, spec
    parts = {each.name: each for each in spec.parts}
    part_found = canonical(parts, part.strip())
    if part_found is None:
        guess = nearest(part, parts)
        raise no_field(
            kind, name, f"{found}.{guess}" if guess else None, {f"{found}.{each}": parts[each] for each in parts}
        )
    return f"{found}.{part_found}", parts[part_found]


def canonical(fields: Mapping[str, FieldSpec], name: str) -> str | None:
    if name in fields:
        return name
    written = name.strip().lower()
    return next((each.name for each in fields.values() if written in map(str.lower, each.label.spellings)), None)


def found_name(kind: KindSchema, guess: str | None) -> str | None:
    return None if guess is None else guess if guess in kind.fields else kind.keys[guess.lower()]


def no_field(kind: KindSchema, name: str, guess: str | None, known: Mapping[str, FieldSpec]) -> TobkitError:
    if guess:
        return TobkitError(
            msg("There is no field “{name}” ({kind}). Did you mean {guess}?", name=name, kind=noun(kind), guess=guess)
        )
    return TobkitError(
        msg(
            "There is no field “{name}” ({kind}). Known: {known}.",
            name=name,
            kind=noun(kind),
            known=[shown_field(each, spec) for each, spec in known.items()],
        )
    )


def shown_field(name: str, spec: FieldSpec) -> Message:
    """A field's name with what it is called."""
    return msg("{field} ({label})", field=name, label=spec.label)


def key_of(kind: KindSchema, name: str, written: Mapping[str, str]) -> str | Part:
    """Under which key a field (or `field.part`) stands in a file, whose own spellings are `written`."""
    field, dot, part = name.partition(".")
    key = written.get(field, field)
    if not dot:
        return key
    spec = next(each for each in kind.fields[field].parts if each.name == part)
    return Part(key, part, spec.label.spellings)


def field_value(spec: FieldSpec, pool: Pool, text: str) -> FieldValue:
    """A field's value from text: lists are split at commas (、 and ； too), sorted and without doubles."""
    if not text.strip():
        return None
    if not spec.many:
        return one_value(spec, pool, text.strip())
    return in_order(spec, (one_value(spec, pool, item) for item in items(text)))


def items(text: str) -> list[str]:
    """The items of a list as people write one in a line."""
    return [item for item in _SEPARATOR.split(text.strip()) if item]


def in_order(spec: FieldSpec, items: Iterable[str]) -> tuple[str, ...]:
    """The items of a list, each once, in the order in which files hold them: choices in their natural one, others
    sorted unless their authors order them.
    """
    once = dict.fromkeys(items)
    if spec.in_order:
        return tuple(once)
    order = {name: number for number, name in enumerate(spec.choices.labels)} if spec.choices else {}
    return tuple(sorted(once, key=lambda item: (order.get(item, len(order)), item)))


def one_value(spec: FieldSpec, pool: Pool, text: str) -> str:
    """A value as files hold it; what can't be understood stays as it is, for `check` to speak about."""
    if spec.choices is not None:
        choice = text if text in spec.choices.labels else spec.readings.get(text.lower(), text)
        own = (name for name in spec.choices if choice not in spec.choices and pool.schema.stage(name) == choice)
        return next(own, choice)  # a standard status means the first of a team's own that stands for it
    if spec.type == "date":
        day = read_date(text)
        return day.isoformat() if day else text
    if spec.type == "boolean":
        known = BOOLEANS.get(text.lower())
        return text if known is None else str(known).lower()
    if spec.type in ("number", "integer") and _GROUPED.fullmatch(text):
        return text.replace(",", "").replace("，", "")
    if spec.reference is not None:
        found = meant(pool, text, spec.reference)
        return found[0].id if len(found) == 1 else text
    if spec.person is not None:
        return person(pool.config, text)
    return text


def person(config: Config, name: str) -> str:
    """The id of a person by id or name; an unknown name is its own id."""
    if name in config.people:
        return name
    found = [each for each, known in config.people.items() if known.name.casefold() == name.casefold()]
    return found[0] if len(found) == 1 else name
