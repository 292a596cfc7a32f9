"""Values as people give them on the command line or in a form, made into what stands in a file."""

import re
from collections.abc import Mapping

from tobkit.errors import TobkitError
from tobkit.messages import msg
from tobkit.model.nearest import nearest
from tobkit.model.pool import Pool
from tobkit.model.schema import FieldSpec, KindSchema
from tobkit.store.edit import FieldValue
from tobkit.store.reading import read_date

_ASSIGNMENT = re.compile(r"(?P<key>[^=+\-]+)(?P<sign>[+-]?)=(?P<value>.*)", re.DOTALL)
_SEPARATOR = re.compile(r"\s*[,，、;；\n]\s*")


def assignments(
    kind: KindSchema, pool: Pool, texts: tuple[str, ...], current: Mapping[str, FieldValue] | None = None
) -> dict[str, FieldValue]:
    """`field=value` texts as values by canonical field name.

    Keys and values may be labels in either language; references may be ids, aliases or names. An empty value takes
    the field out; `field+=x` and `field-=x` change a list that `current` gives. Raises TobkitError for what isn't an
    assignment or names no field.
    """
    values: dict[str, FieldValue] = {}
    for text in texts:
        found = _ASSIGNMENT.fullmatch(text)
        if found is None:
            raise TobkitError(msg("“{text}” isn't of the form field=value.", text=text))
        spec = field_named(kind, found["key"].strip())
        value = field_value(spec, pool, found["value"])
        if found["sign"]:
            if not spec.many:
                raise TobkitError(msg("{field} holds a single value; write {field}=value.", field=spec.name))
            before = values.get(spec.name, (current or {}).get(spec.name)) or ()
            value = changed_list(before, value or (), found["sign"])
        values[spec.name] = value
    return values


def changed_list(before: FieldValue, items: FieldValue, sign: str) -> tuple[str, ...]:
    old = (before,) if isinstance(before, str) else before or ()
    some = (items,) if isinstance(items, str) else items or ()
    kept = [item for item in old if sign == "+" or item not in some]
    return tuple(sorted({*kept, *(some if sign == "+" else ())}))


def field_named(kind: KindSchema, name: str) -> FieldSpec:
    canonical = name if name in kind.fields else kind.keys.get(name.lower())
    if canonical is not None and kind.fields[canonical].type != "mapping":
        return kind.fields[canonical]
    guess = nearest(name, [*kind.fields, *kind.keys])
    if guess is None:
        raise TobkitError(
            msg(
                "A {kind} has no field “{name}”. It has: {fields}.",
                kind=kind.label,
                name=name,
                fields=list(kind.fields),
            )
        )
    raise TobkitError(
        msg(
            "A {kind} has no field “{name}”. Did you mean {guess}?",
            kind=kind.label,
            name=name,
            guess=kind.keys[guess.lower()],
        )
    )


def field_value(spec: FieldSpec, pool: Pool, text: str) -> FieldValue:
    """A field's value from text: lists are split at commas (、 and ； too), sorted and without doubles."""
    if not text.strip():
        return None
    if not spec.many:
        return one_value(spec, pool, text.strip())
    items = {one_value(spec, pool, item) for item in _SEPARATOR.split(text.strip()) if item}
    if spec.choices is not None:
        order = list(spec.choices.labels)
        return tuple(sorted(items, key=lambda item: (order.index(item) if item in order else len(order), item)))
    return tuple(sorted(items))


def one_value(spec: FieldSpec, pool: Pool, text: str) -> str:
    if spec.choices is not None:
        return text if text in spec.choices.labels else spec.readings.get(text.lower(), text)
    if spec.type == "date":
        day = read_date(text)
        return day.isoformat() if day else text
    if spec.reference is not None:
        entry = pool.get(spec.reference, text)
        return entry.id if entry else named(pool, spec.reference, text) or text
    return text


def named(pool: Pool, kind: str, name: str) -> str | None:
    """The id of the only entry of a kind that is called so."""
    found = [entry.id for entry in pool.by_kind[kind].values() if entry.label == name]
    return found[0] if len(found) == 1 else None
