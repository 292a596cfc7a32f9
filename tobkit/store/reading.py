"""From a document to an entry: keys and values made canonical, then validated by the kind's model.

What can be understood is read, and reported as info: Chinese labels, `2026/3/5`, a single value where a list belongs.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import ValidationError

from tobkit.messages import NOTHING, Message, msg
from tobkit.model.diagnostics import WHOLE_FILE, Diagnostic, Edit, Rule, Severity, Span
from tobkit.model.fields import Choices
from tobkit.model.kinds import Entry, Origin
from tobkit.model.nearest import nearest
from tobkit.model.schema import BOOLEANS, DESCRIPTION_KEYS, FieldSpec, KindSchema
from tobkit.store.frontmatter import DUPLICATE_KEY, Document, Value, locate_key, scalar

MISSING = Rule("TOB201", "required key missing")
SHAPE = Rule("TOB202", "text, list or keys expected")
CHOICE = Rule("TOB203", "not one of the allowed values")
BAD_DATE = Rule("TOB204", "not a date")
BAD_NUMBER = Rule("TOB205", "not a number, or out of range")
UNKNOWN_KEY = Rule("TOB206", "unknown key")
BAD_ID = Rule("TOB207", "not an id of this kind")
KEY_SPELLING = Rule("TOB208", "key in another spelling", Severity.INFO)
VALUE_SPELLING = Rule("TOB209", "value in another spelling", Severity.INFO)
SINGLE_VALUE = Rule("TOB210", "single value where a list is expected", Severity.INFO)
BAD_BOOLEAN = Rule("TOB211", "neither true nor false")
PATTERN = Rule("TOB221", "value not of the expected form")

_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_GROUPED = re.compile(r"[-+]?\d{1,3}([,，]\d{3})+(\.\d+)?")


def read_date(text: str) -> date | None:
    """A date as people write it (`2026-03-05`, `2026/3/5`, `2026年3月5日`), or None."""
    try:
        if len(text) == 10 and text[4] == text[7] == "-" and text.isascii():
            return date.fromisoformat(text)
        found = _DATE.fullmatch(text.strip())
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None


@dataclass(slots=True)
class Reader:
    """Reads one document as an entry of a kind, collecting diagnostics."""

    kind: KindSchema
    path: str
    document: Document
    diagnostics: list[Diagnostic]

    def read(self) -> Entry | None:
        """The entry; faulty fields are empty in it. None where nothing could be read."""
        if not self.document.readable:
            return None
        fields, keys, body = self.canonical_fields()
        fields["origin"] = Origin(self.path, self.document.front, self.document.body_line, keys)
        fields["body"] = body
        try:
            return self.kind.model.model_validate(fields)
        except ValidationError as error:
            faults = error.errors(include_url=False, include_input=True)
            for fault in faults:
                self.diagnostics.append(self.fault(dict(fault), keys))
                fields.pop(str(fault["loc"][0]), None)
            return self.kind.partial_model.model_validate(fields)

    def span(self, key: str, index: int | None = None, *, of_key: bool = False) -> Span:
        return locate_key(self.document.front, tuple(key.split(".")), index, key=of_key)

    def report(
        self, rule: Rule, span: Span, message: Message, help: Message = NOTHING, fix: Edit | None = None
    ) -> None:
        self.diagnostics.append(Diagnostic.of(rule, self.path, span, message, help, fix))

    # Making canonical

    def canonical_fields(self) -> tuple[dict[str, Any], dict[str, str], str]:
        """Canonical values by field, the written keys where they differ, and the body."""
        fields: dict[str, Any] = {}
        keys: dict[str, str] = {}
        body = self.document.body
        known = self.kind.fields
        for key, value in self.document.values.items():
            name = key if key in known else self.canonical_key(key)
            if name is None:
                if key in DESCRIPTION_KEYS and isinstance(value, str):
                    body = f"{value}\n\n{body}".strip()
                else:
                    self.unknown_key(key)
                continue
            if name in fields or name in keys:
                self.report(
                    DUPLICATE_KEY,
                    self.span(key, of_key=True),
                    msg("“{key}” means {name}, which is given already.", key=key, name=name),
                    msg("Keep one of the two lines."),
                )
                continue
            if name != key:
                keys[name] = key
                span = self.span(key, of_key=True)
                self.report(
                    KEY_SPELLING,
                    span,
                    msg("“{key}” is read as {name}.", key=key, name=name),
                    msg("`tobkit check --fix` writes {name}.", name=name),
                    Edit(span, name),
                )
            canonical = self.canonical_value(known[name], key, value)
            if canonical is not None:
                fields[name] = canonical
        return fields, keys, body

    def canonical_key(self, key: str) -> str | None:
        return self.kind.keys.get(key) or self.kind.keys.get(key.strip().lower())

    def unknown_key(self, key: str) -> None:
        guess = nearest(key, [*self.kind.fields, *self.kind.keys])
        name = self.kind.keys.get(guess.lower(), guess) if guess else None
        help = (
            msg("Did you mean {guess}?", guess=name)
            if name
            else msg(
                "Keys of this kind: {known}. A team's own fields stand in tobkit.toml.", known=list(self.kind.fields)
            )
        )
        self.report(
            UNKNOWN_KEY,
            self.span(key, of_key=True),
            msg("A {kind} has no key “{key}”.", kind=self.kind.label, key=key),
            help,
        )

    def canonical_value(self, spec: FieldSpec, key: str, value: Value) -> Any:
        """The value as the model expects it: text made canonical, dates as dates, a list where one belongs."""
        if value is None or value == "":
            return None
        if spec.type == "mapping":
            return self.canonical_parts(spec, key, value)
        if not spec.many:
            return self.canonical_item(spec, key, None, value)
        if isinstance(value, list):
            return tuple(self.canonical_item(spec, key, index, item) for index, item in enumerate(value))
        if isinstance(value, str):
            span = self.span(key)
            self.report(
                SINGLE_VALUE,
                span,
                msg("{key} takes a list; the single value is read as a list of one.", key=key),
                msg("`tobkit check --fix` writes it as a list."),
                Edit(span, f"[{value}]"),
            )
            return (self.canonical_item(spec, key, None, value),)
        return value

    def canonical_parts(self, spec: FieldSpec, key: str, value: Value) -> Any:
        if not isinstance(value, dict):
            return value
        parts = {part.name: part for part in spec.parts}
        names = {spelling: part.name for part in spec.parts for spelling in (part.name, *part.label.spellings)}
        found: dict[str, Any] = {}
        for written, item in value.items():
            name = names.get(written)
            if name is None:
                guess = nearest(written, names)
                self.report(
                    UNKNOWN_KEY,
                    self.span(f"{key}.{written}", of_key=True),
                    msg("{field} has no key “{key}”.", field=spec.name, key=written),
                    msg("Did you mean {guess}?", guess=names[guess])
                    if guess
                    else msg("Keys of this kind: {known}.", known=list(parts)),
                )
                continue
            if item is not None and item != "":
                found[name] = self.canonical_item(parts[name], f"{key}.{written}", None, item)
        return found

    def canonical_item(self, spec: FieldSpec, key: str, index: int | None, value: Value) -> Any:
        if not isinstance(value, str):
            return value
        if spec.choices is not None:
            if value in spec.choices.labels:
                return value
            name = spec.readings.get(value.strip().lower())
            return self.respelt(key, index, value, name) if name else value
        if spec.type == "date":
            day = read_date(value)
            if day is not None and value != day.isoformat():
                self.respelt(key, index, value, day.isoformat())
            return day or value
        if spec.type == "boolean":
            return BOOLEANS.get(value.strip().lower(), value)
        if spec.type in ("number", "integer") and _GROUPED.fullmatch(value):
            return self.respelt(key, index, value, value.replace(",", "").replace("，", ""))
        if spec.type == "reference" and not value.isascii():
            return unicodedata.normalize("NFC", value)
        return value

    def respelt(self, key: str, index: int | None, value: str, canonical: str) -> str:
        span = self.span(key, index)
        self.report(
            VALUE_SPELLING,
            span,
            msg("“{value}” is read as {canonical}.", value=value, canonical=canonical),
            msg("`tobkit check --fix` writes {canonical}.", canonical=canonical),
            Edit(span, scalar(canonical)),
        )
        return canonical

    # Faults that the model found

    def fault(self, fault: dict[str, Any], keys: dict[str, str]) -> Diagnostic:
        location = fault["loc"]
        name = str(location[0])
        spec = self.kind.fields[name]
        index = next((part for part in location if isinstance(part, int)), None)
        parts = [str(part) for part in location[1:] if not isinstance(part, int)]
        key = ".".join([keys.get(name, name), *parts])
        if fault["type"] == "missing":
            return Diagnostic.of(
                MISSING,
                self.path,
                WHOLE_FILE,
                msg("“{key}” ({label}) is missing.", key=name, label=spec.label),
                missing_help(self.kind, spec),
            )
        return Diagnostic.of(fault_rule(fault, spec), self.path, self.span(key, index), *fault_words(fault, key, spec))


def missing_help(kind: KindSchema, spec: FieldSpec) -> Message:
    if spec.name == "id":
        form = f"{kind.prefix}-7f3kq2" if kind.prefix else "acme"
        return msg("Add a line like “id: {form}”; `tobkit new {kind}` makes a valid entry.", form=form, kind=kind.name)
    if spec.choices:
        return msg("Add a line “{key}: …” with one of: {allowed}.", key=spec.name, allowed=shown_choices(spec.choices))
    if spec.type == "date":
        return msg("Add a line “{key}: …” with a date like 2026-03-05.", key=spec.name)
    return msg("Add a line “{key}: …”.", key=spec.name)


def shown_choices(choices: Choices) -> list[str]:
    """The allowed values, each with its Chinese label where it has one."""
    return [shown_choice(choices, name) for name in choices.labels]


def shown_choice(choices: Choices, name: str) -> str:
    label = choices.labels[name].zh
    return name if label == name else f"{name} ({label})"


def fault_rule(fault: dict[str, Any], spec: FieldSpec) -> Rule:
    kind = fault["type"]
    if kind == "literal_error":
        return CHOICE if isinstance(fault["input"], str) else SHAPE
    if not isinstance(fault["input"], str):
        return SHAPE if kind not in ("greater_than", "greater_than_equal", "less_than_equal") else BAD_NUMBER
    if kind == "string_pattern_mismatch":
        return PATTERN
    return {"date": BAD_DATE, "number": BAD_NUMBER, "integer": BAD_NUMBER, "boolean": BAD_BOOLEAN}.get(spec.type, SHAPE)


def fault_words(fault: dict[str, Any], key: str, spec: FieldSpec) -> tuple[Message, Message]:
    """What is wrong and what to do, for a value that the model refused."""
    value = fault["input"]
    if not isinstance(value, str) and fault["type"] not in ("greater_than", "greater_than_equal", "less_than_equal"):
        return shape_words(key, spec, value)
    if fault["type"] == "literal_error" and spec.choices is not None:
        guess = nearest(value, [*spec.choices.labels, *spec.readings])
        name = spec.readings.get(guess.lower(), guess) if guess else None
        allowed = shown_choices(spec.choices)
        message = msg("“{value}” isn't a value of {key}.", value=value, key=key)
        if name is None:
            return message, msg("Allowed: {allowed}.", allowed=allowed)
        return message, msg(
            "Did you mean {guess}? Allowed: {allowed}.", guess=shown_choice(spec.choices, name), allowed=allowed
        )
    if fault["type"] == "string_pattern_mismatch":
        pattern = fault.get("ctx", {}).get("pattern", "")
        return (
            msg("“{value}” doesn't have the form that {key} needs.", value=value, key=key),
            msg("The form is set in tobkit.toml: {pattern}.", pattern=pattern),
        )
    if spec.type == "date":
        return (
            msg("“{value}” in {key} isn't a date.", value=value, key=key),
            msg("Write year-month-day, for example 2026-03-05."),
        )
    if spec.type in ("number", "integer"):
        return number_words(fault, key, spec)
    if spec.type == "boolean":
        return (
            msg("“{value}” in {key} is neither true nor false.", value=value, key=key),
            msg("Write true or false."),
        )
    return msg("“{value}” isn't right for {key}.", value=value, key=key), msg("Check the value.")


def number_words(fault: dict[str, Any], key: str, spec: FieldSpec) -> tuple[Message, Message]:
    context = fault.get("ctx", {})
    limit = next((context[name] for name in ("gt", "ge", "le", "lt") if name in context), None)
    if limit is None:
        help = (
            msg("Write a whole number.")
            if spec.type == "integer"
            else msg("Write a number without unit, for example 1200 or 2.5.")
        )
        return msg("“{value}” in {key} isn't a number.", value=fault["input"], key=key), help
    shown = f"{limit:g}"
    help = {
        "greater_than": msg("Write a number greater than {limit}.", limit=shown),
        "greater_than_equal": msg("Write {limit} or more.", limit=shown),
        "less_than_equal": msg("Write {limit} or less.", limit=shown),
    }.get(fault["type"], msg("Write another number."))
    return msg("{value} is out of range for {key}.", value=fault["input"], key=key), help


def shape_words(key: str, spec: FieldSpec, value: Any) -> tuple[Message, Message]:
    if value is None or value == "":
        return msg("{key} has an empty item.", key=key), msg("Delete the empty item, or fill it in.")
    if spec.type == "mapping":
        return (
            msg("{key} takes keys of its own, not a single value.", key=key),
            msg("Write below it, indented by two spaces: {parts}.", parts=[f"{part.name}: …" for part in spec.parts]),
        )
    if spec.many:
        return msg("{key} takes a list of plain values.", key=key), msg(
            "Write each item on a line of its own: “  - item”."
        )
    return (
        msg("{key} takes a single value, not a list or keys.", key=key),
        msg("Write “{key}: value”; put the value in double quotes if it holds brackets or a colon.", key=key),
    )
