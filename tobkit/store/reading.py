"""From a document to an entry: keys and values made canonical, then validated by the kind's model.

What can be understood is read, and reported as info: Chinese labels, `2026/3/5`, a single value where a list belongs.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from unicodedata import is_normalized, normalize

from pydantic import ValidationError

from tobkit.messages import N_, NOTHING, Message, msg
from tobkit.model.diagnostics import WHOLE_FILE, Diagnostic, Edit, Rule, Severity, Span
from tobkit.model.fields import Choices
from tobkit.model.kinds import Entry, Origin
from tobkit.model.nearest import nearest
from tobkit.model.schema import BOOLEANS, DESCRIPTION_KEYS, FieldSpec, KindSchema, spellings
from tobkit.store.frontmatter import (
    DUPLICATE_KEY,
    MAX_PROBLEMS,
    Document,
    Value,
    flow_scalar,
    locate_key,
    places,
    quoted,
    scalar,
)

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

LONGEST_SHOWN = 60
_NAMES = frozenset({"id", "aliases"})
MOST_GUESSES = 20
"""What was meant is looked up for so many words of a file; who has more of them reads the list of what is known."""

_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_MONTH_NAMES = (
    *("january", "february", "march", "april", "may", "june", "july", "august", "september"),
    *("october", "november", "december"),
)
_MONTHS = {name: number for number, month in enumerate(_MONTH_NAMES, 1) for name in (month, month[:3], month[:4])}
_NAMED_MONTH = re.compile(
    r"(?:(?P<day>\d{1,2})(?:st|nd|rd|th)?[ -]+(?P<month>[a-z]{3,9})|(?P<month_first>[a-z]{3,9})\.? +(?P<day_then>\d{1,2})"
    r"(?:st|nd|rd|th)?)\.?[ ,-]+(?P<year>\d{4})",
    re.IGNORECASE,
)
_TIME = re.compile(r"(?:\s+|T)\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:Z|[+-]\d{2}:?\d{2})?\Z")
_GROUPED = re.compile(r"[-+]?\d{1,3}([,，]\d{3})+(\.\d+)?")


def read_date(text: str) -> date | None:
    """A date as people write it (`2026-03-05`, `2026/3/5`, `2026年3月5日`), or None."""
    return date_of(_DATE.fullmatch(text.strip()))


def adopted_date(text: str) -> date | None:
    """A date as other collections have it: with a time behind it, or with the month's English name."""
    text = _TIME.sub("", text.strip())
    return date_of(_DATE.fullmatch(text)) or date_in_english(text)


def date_of(found: re.Match[str] | None) -> date | None:
    """The date of a match of year, month and day; None for a day that no calendar has."""
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None


def date_in_english(text: str) -> date | None:
    """The date in a text that names the month."""
    found = _NAMED_MONTH.fullmatch(text)
    if found is None:
        return None
    month = _MONTHS.get((found["month"] or found["month_first"]).lower(), 0)
    try:
        return date(int(found["year"]), month, int(found["day"] or found["day_then"]))
    except ValueError:
        return None


def canonical_date(text: Any) -> date:
    """A date written as it should be. Raises ValueError for any other value."""
    if not isinstance(text, str) or len(text) != 10 or not text[4] == text[7] == "-":
        raise ValueError(text)
    return date.fromisoformat(text)


def shown(text: str) -> str:
    """A text as messages quote it: cut where it is long."""
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"


@dataclass(slots=True)
class Reader:
    """Reads one document as an entry of a kind, collecting diagnostics."""

    kind: KindSchema
    path: str
    document: Document
    diagnostics: list[Diagnostic]

    path_id: str = ""
    guesses: int = 0

    def read(self) -> Entry | None:
        """The entry; faulty fields are empty in it. None where nothing could be read."""
        if not self.document.readable:
            return None
        return self.as_it_stands() or self.made_canonical()

    def as_it_stands(self) -> Entry | None:
        """The entry of a document in which every key and value is canonical, as nearly all are; None for another."""
        if self.kind.is_adopted:
            return None
        values, front = self.document.values, self.document.front
        if not values.keys() <= self.kind.fields.keys() or not (front.isascii() or is_normalized("NFC", front)):
            return None
        fields: dict[str, Any] = {**values, "body": self.document.body, "origin": self.origin({})}
        try:
            for name in self.kind.dates:
                if name in fields:
                    fields[name] = canonical_date(fields[name])
            return self.kind.model.model_validate(fields)
        except ValueError:  # pydantic's ValidationError is one
            return None

    def made_canonical(self) -> Entry:
        """The entry of any readable document, with a finding for everything that had to be made canonical or left out."""
        fields, keys, body = self.canonical_fields()
        fields["origin"] = self.origin(keys)
        fields["body"] = body
        try:
            return self.kind.model.model_validate(fields)
        except ValidationError as error:
            faults = error.errors(include_url=False, include_input=True)
            self.diagnostics += [self.fault(dict(fault), keys) for fault in faults[:MAX_PROBLEMS]]
            for fault in faults:
                fields.pop(str(fault["loc"][0]), None)
            return self.kind.partial_model.model_validate(fields)

    def origin(self, keys: dict[str, str]) -> Origin:
        return Origin(self.path, self.document.front, self.document.body_line, keys)

    def span(self, names: tuple[str, ...], index: int | None = None, *, of_key: bool = False) -> Span:
        return locate_key(self.document.front, names, index, key=of_key)

    def report(
        self, rule: Rule, span: Span, message: Message, help: Message = NOTHING, fix: Edit | None = None
    ) -> None:
        self.diagnostics.append(Diagnostic.of(rule, self.path, span, message, help, fix))

    def guess(self, word: str, known: Iterable[str]) -> str | None:
        """The known word that was probably meant."""
        self.guesses += 1
        return nearest(word, known) if self.guesses <= MOST_GUESSES else None

    def guess_beginning(self, spec: FieldSpec, value: str) -> str | None:
        """The value whose beginning a text was probably meant to have."""
        beginnings = (word.rstrip("*") for word in spec.words if word[-1] == "*")
        return next((spec.words[f"{each}*"] for each in beginnings if self.guess(value[: len(each)], [each])), None)

    # Making canonical

    def canonical_fields(self) -> tuple[dict[str, Any], dict[str, str], str]:
        """Canonical values by field, the written keys where they differ, and the body."""
        fields: dict[str, Any] = {}
        keys = dict(self.kind.written)
        reasons: list[str] = []
        seen: set[str] = set()
        body = self.document.body
        known, mapped = self.kind.fields, self.kind.mapped
        for key, value in self.document.values.items():
            name = mapped.get(key) or (key if key in known else self.canonical_key(key))
            if name is None:
                if key in DESCRIPTION_KEYS and (value is None or isinstance(value, str)):
                    self.description_key(key)
                    body = f"{value or ''}\n\n{body}".strip()
                else:
                    self.unknown_key(key)
            elif name in seen:
                self.report(
                    DUPLICATE_KEY,
                    self.span((key,), of_key=True),
                    msg("“{key}” means {name}, which is given already.", key=key, name=name),
                    msg("Keep one of the two lines."),
                )
            else:
                seen.add(name)
                if name != key:
                    if key not in mapped:
                        self.key_spelling((key,), self.kind.key(name))
                    keys[name] = key
                elif name in keys:
                    keys[name] = key
                canonical = self.canonical_value(known[name], key, value, keys)
                if canonical is not None:
                    fields[name] = canonical
                if name == "status" and known[name].words and (rest := behind_word(known[name].words, value)):
                    reasons.append(rest)
        if reasons and "reason" in known:
            fields.setdefault("reason", reasons[0])
        if self.kind.is_adopted:
            self.add_missing(fields)
        return fields, keys, body

    def add_missing(self, fields: dict[str, Any]) -> None:
        """Add what a team wants to be read where a file doesn't say it, and the id that the path gives."""
        if self.kind.id_from != "key":
            fields["id"] = self.path_id
        for name, template in self.kind.missing.items():
            spec = self.kind.fields[name]
            if name not in fields and (text := filled(template, self.path, self.document.body)):
                if spec.type == "date":
                    fields[name] = date_of(_DATE.search(text)) or text
                else:
                    items = split_items(text, spec.separator if spec.many else None)
                    values = [self.canonical_item(spec, (name,), None, item, respell=False) for item in items]
                    fields[name] = tuple(values) if spec.many else values[0]

    def canonical_key(self, key: str) -> str | None:
        return self.kind.keys.get(key) or self.kind.keys.get(key.strip().lower())

    def key_spelling(self, names: tuple[str, ...], name: str) -> None:
        span = self.span(names, of_key=True)
        self.report(
            KEY_SPELLING,
            span,
            msg("“{key}” is read as {name}.", key=names[-1], name=name),
            msg("`tobkit check --fix` writes {name}.", name=name),
            Edit(span, name),
        )

    def description_key(self, key: str) -> None:
        self.report(
            KEY_SPELLING,
            self.span((key,), of_key=True),
            msg("“{key}” is read as the beginning of the description.", key=key),
            msg("The description stands below the second ---; move the text there."),
        )

    def unknown_key(self, key: str) -> None:
        guess = self.guess(key, [*self.kind.fields, *self.kind.keys, *self.kind.mapped])
        name = (
            self.kind.key(self.kind.keys.get(guess.lower(), guess))
            if guess and guess not in self.kind.mapped
            else guess
        )
        help = (
            msg("Did you mean {guess}?", guess=name)
            if name
            else msg(
                "If it is right, name it in tobkit.toml: [kinds.{kind}.fields.{key}].",
                kind=self.kind.name,
                key=field_key(key),
            )
            if self.kind.is_adopted
            else msg(
                "Keys of this kind: {known}. A team's own fields stand in tobkit.toml.",
                known=[*map(self.kind.key, self.kind.fields)],
            )
        )
        self.report(
            UNKNOWN_KEY,
            self.span((key,), of_key=True),
            msg("A {kind} has no key “{key}”.", kind=self.kind.label, key=shown(key)),
            help,
        )

    def canonical_value(self, spec: FieldSpec, key: str, value: Value, keys: dict[str, str]) -> Any:
        """The value as the model expects it: text made canonical, dates as dates, a list where one belongs."""
        if value is None or value == "":
            return None
        if spec.type == "mapping":
            return self.canonical_parts(spec, key, value, keys)
        if not spec.many:
            return self.canonical_item(spec, (key,), None, value)
        return self.canonical_list(spec, key, value)

    def canonical_list(self, spec: FieldSpec, key: str, value: Value) -> Any:
        if isinstance(value, list):
            items = tuple(self.canonical_item(spec, (key,), index, item) for index, item in enumerate(value))
            return items if items or not spec.required else None
        if not isinstance(value, str):
            return value
        texts = split_items(value, spec.separator) if spec.separator else [value]
        items = tuple(self.canonical_item(spec, (key,), None, text, respell=False) for text in texts)
        if not spec.separator and not self.kind.is_adopted:
            span = self.span((key,))
            self.report(
                SINGLE_VALUE,
                span,
                msg("{key} takes a list; the single value is read as a list of one.", key=key),
                msg("`tobkit check --fix` writes it as a list."),
                Edit(span, f"[{flow_scalar(items[0])}]"),
            )
        return items

    def canonical_parts(self, spec: FieldSpec, key: str, value: Value, keys: dict[str, str]) -> Any:
        if not isinstance(value, dict):
            return value
        parts = {part.name: part for part in spec.parts}
        names = spellings({part.name: part.label for part in spec.parts})
        found: dict[str, Any] = {}
        for written, item in value.items():
            name = names.get(written.strip().lower())
            if name is None:
                guess = self.guess(written, names)
                self.report(
                    UNKNOWN_KEY,
                    self.span((key, written), of_key=True),
                    msg("{field} has no key “{key}”.", field=spec.name, key=shown(written)),
                    msg("Did you mean {guess}?", guess=names[guess])
                    if guess
                    else msg("Keys of this kind: {known}.", known=list(parts)),
                )
                continue
            if name in found:
                self.report(
                    DUPLICATE_KEY,
                    self.span((key, written), of_key=True),
                    msg("“{key}” means {name}, which is given already.", key=written, name=name),
                    msg("Keep one of the two lines."),
                )
                continue
            if name != written:
                self.key_spelling((key, written), name)
                keys[f"{spec.name}.{name}"] = f"{key}.{written}"
            if item is not None and item != "":
                found[name] = self.canonical_item(parts[name], (key, written), None, item)
        return found

    def canonical_item(
        self, spec: FieldSpec, names: tuple[str, ...], index: int | None, value: Value, *, respell: bool = True
    ) -> Any:
        """One value as the model expects it; where it was spelt otherwise, that is reported if `respell` says so."""
        if not isinstance(value, str):
            return self.item_as_text(spec, names, index, value)
        if spec.words and (means := by_words(spec, value)):
            return means
        if spec.type == "date" and self.kind.is_adopted:
            return adopted_date(value) or value
        text = canonical_text(spec, value)
        if text != value and respell:
            span = self.span(names, index)
            self.report(
                VALUE_SPELLING,
                span,
                msg("“{value}” is read as {canonical}.", value=value, canonical=text),
                msg("`tobkit check --fix` writes {canonical}.", canonical=text),
                Edit(span, scalar(text)),
            )
        if spec.type == "date":
            return read_date(text) or text
        if spec.type == "reference" or spec.name in _NAMES:
            return normalize("NFC", text)
        return BOOLEANS.get(text.lower(), text) if spec.type == "boolean" else text

    def item_as_text(self, spec: FieldSpec, names: tuple[str, ...], index: int | None, value: Value) -> Any:
        """What isn't text, as text where it can be meant so: `PR: https://…` in a list is a pair to YAML."""
        if spec.nested:
            return one_line(value)
        text = pair_text(value) if spec.many and spec.type == "text" else None
        if text is None:
            return value
        if not self.kind.is_adopted:
            span = item_span(self.document.front, names, index)
            self.report(
                VALUE_SPELLING,
                span,
                msg("“{value}” is read as text, although it looks like a key with a value.", value=shown(text)),
                msg("`tobkit check --fix` puts it in double quotes."),
                Edit(span, quoted(text)),
            )
        return text

    # Faults that the model found

    def fault(self, fault: dict[str, Any], keys: dict[str, str]) -> Diagnostic:
        location = fault["loc"]
        spec = self.kind.fields[str(location[0])]
        if fault["type"] == "missing":
            return Diagnostic.of(
                MISSING,
                self.path,
                WHOLE_FILE,
                msg("“{key}” ({label}) is missing.", key=self.kind.key(spec.name), label=spec.label),
                missing_help(self.kind, spec),
            )
        index = next((part for part in location if isinstance(part, int)), None)
        part = next((f".{part}" for part in location[1:] if isinstance(part, str)), "")
        outer = keys.get(spec.name, spec.name)
        written = keys.get(spec.name + part, outer + part)
        names = (outer, written.removeprefix(outer + ".")) if part else (outer,)
        spec = next((each for each in spec.parts if f".{each.name}" == part), spec)
        message, help = self.fault_words(fault, written, spec)
        return Diagnostic.of(fault_rule(fault, spec), self.path, self.span(names, index), message, help)

    def fault_words(self, fault: dict[str, Any], key: str, spec: FieldSpec) -> tuple[Message, Message]:
        """What is wrong and what to do, for a value that the model refused."""
        value = fault["input"]
        if fault["type"] in _OUT_OF_RANGE:
            return range_words(fault, key)
        if not isinstance(value, str) or not value or spec.type == "mapping":
            return shape_words(key, spec, value)
        if fault["type"] == "literal_error" and spec.choices is not None:
            guess = self.guess(value, [*spec.choices.labels, *spec.readings]) or self.guess_beginning(spec, value)
            return choice_words(key, value, spec.choices, spec.readings.get(guess.lower(), guess) if guess else None)
        if fault["type"] == "string_pattern_mismatch":
            pattern = fault.get("ctx", {}).get("pattern", "")
            return (
                msg("“{value}” doesn't have the form that {key} needs.", value=shown(value), key=key),
                msg("The form is set in tobkit.toml: {pattern}.", pattern=pattern),
            )
        template, help = _TYPE_WORDS.get(spec.type, _ANY_TYPE_WORDS)
        return Message(template, {"value": shown(value), "key": key}), help


def canonical_text(spec: FieldSpec, value: str) -> str:
    """A single value as it should be written; one that can't be understood stays as it is."""
    text = value.strip()
    if spec.choices is not None:
        return value if value in spec.choices.labels else spec.readings.get(text.lower(), value)
    if spec.type == "date":
        day = read_date(value)
        return day.isoformat() if day else value
    if spec.type == "boolean":
        known = BOOLEANS.get(text.lower())
        return value if known is None or text.isascii() else scalar(known)
    if spec.type in ("number", "integer") and _GROUPED.fullmatch(text):
        return text.replace(",", "").replace("，", "")
    return value


def field_key(key: str) -> str:
    """A key as the name of a table in `tobkit.toml`."""
    return key if _BARE_KEY.fullmatch(key) else quoted(shown(key))


_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


def by_words(spec: FieldSpec, value: str) -> str | None:
    """The value that a team's own word stands for, if it is one."""
    text = value.strip()
    if spec.choices is not None and text in spec.choices and text not in spec.words:
        return None
    found = word_of(spec.words, text)
    return spec.words[found] if found is not None else None


def word_of(words: Iterable[str], text: str) -> str | None:
    """The word that a text is, or the longest of those with `*` that it begins with."""
    if text in words and not text.endswith("*"):
        return text
    return max((word for word in words if word[-1] == "*" and text.startswith(word.rstrip("*"))), key=len, default=None)


def behind_word(words: Iterable[str], value: Value) -> str:
    """What a value says behind the beginning that a word with `*` stands for: why, as a rule."""
    text = value.strip() if isinstance(value, str) else ""
    word = word_of(words, text)
    if word is None or word[-1] != "*":
        return ""
    rest = text[len(word.rstrip("*")) :].strip(" \t:：,，;；-–—")
    inside = rest[1:-1] if rest[:1] in ("(", "（") and rest[-1:] in (")", "）") else rest
    return inside.strip()


def split_items(text: str, separator: str | None) -> list[str]:
    """The items of a list that stands in one line; without a separator it is a single one."""
    parts = [text] if separator is None else text.split(separator) if separator.strip() else text.split()
    return [part.strip() for part in parts if part.strip()]


def pair_text(value: Value) -> str | None:
    """The text that YAML takes for a key with a value; None for anything else."""
    if not isinstance(value, dict) or len(value) != 1:
        return None
    ((key, text),) = value.items()
    return None if isinstance(text, (list, dict)) else f"{key}: {text or ''}".rstrip()


def one_line(value: Value) -> str | None:
    """A list or keys as text: `a, b` or `key: value, other: [a, b]`; None where there is nothing in it."""
    if isinstance(value, list):
        return ", ".join(map(within, value)) or None
    if isinstance(value, dict):
        return ", ".join(f"{key}: {within(each)}" for key, each in value.items()) or None
    return value


def within(value: Value) -> str:
    marks = "[]" if isinstance(value, list) else "{}" if isinstance(value, dict) else ("", "")
    return f"{marks[0]}{one_line(value) or ''}{marks[1]}"


def item_span(front: str, names: tuple[str, ...], index: int | None) -> Span:
    """Where an item that holds pairs stands: from its first key to its last value."""
    found = places(front).get(names)
    items = found[1].value if found else None
    if index is None or not isinstance(items, list) or index >= len(items) or not items[index].pairs:
        return locate_key(front, names, index)
    first, last = items[index].pairs[0][0], items[index].pairs[-1][1]
    return Span(*first.span[:2], *last.span[2:])


_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+(.*?)[ \t#]*$", re.MULTILINE)


def filled(template: str, path: str, body: str) -> str:
    """A template with what a file's path and body say."""
    if "{" not in template:
        return template
    heading = _HEADING.search(body) if "{heading}" in template else None
    folder, _, name = path.rpartition("/")
    values = {
        "{heading}": heading[1] if heading else "",
        "{file}": name.rpartition(".")[0] or name,
        "{folder}": folder.rpartition("/")[2],
    }
    return _SLOT.sub(lambda slot: values.get(slot[0], slot[0]), template).strip()


_SLOT = re.compile(r"\{\w+\}")


def missing_help(kind: KindSchema, spec: FieldSpec) -> Message:
    key = kind.key(spec.name)
    if spec.name == "id":
        form = f"{kind.prefix}-7f3kq2" if kind.prefix else "acme"
        return msg("Add a line like “id: {form}”; `tobkit new {kind}` makes a valid entry.", form=form, kind=kind.name)
    if spec.choices:
        return msg("Add a line “{key}: …” with one of: {allowed}.", key=key, allowed=shown_choices(spec.choices))
    if spec.type == "date":
        return msg("Add a line “{key}: …” with a date like 2026-03-05.", key=key)
    return msg("Add a line “{key}: …”.", key=key)


def shown_choices(choices: Choices) -> list[str]:
    """The allowed values, each with its Chinese label where it has one."""
    return [shown_choice(choices, name) for name in choices.labels]


def shown_choice(choices: Choices, name: str) -> str:
    label = choices.labels[name].zh
    return name if label == name else f"{name} ({label})"


def choice_words(key: str, value: str, choices: Choices, meant: str | None) -> tuple[Message, Message]:
    message = msg("“{value}” isn't a value of {key}.", value=shown(value), key=key)
    allowed = shown_choices(choices)
    if meant is None:
        return message, msg("Allowed: {allowed}.", allowed=allowed)
    guess = shown_choice(choices, meant)
    return message, msg("Did you mean {guess}? Allowed: {allowed}.", guess=guess, allowed=allowed)


_OUT_OF_RANGE = {
    "greater_than": ("gt", N_("Write a number greater than {limit}.")),
    "greater_than_equal": ("ge", N_("Write {limit} or more.")),
    "less_than_equal": ("le", N_("Write {limit} or less.")),
}


def range_words(fault: dict[str, Any], key: str) -> tuple[Message, Message]:
    name, help = _OUT_OF_RANGE[fault["type"]]
    limit = f"{fault['ctx'][name]:g}"
    return msg("{value} is out of range for {key}.", value=shown(str(fault["input"])), key=key), Message(
        help, {"limit": limit}
    )


_TYPE_RULES = {"date": BAD_DATE, "number": BAD_NUMBER, "integer": BAD_NUMBER, "boolean": BAD_BOOLEAN}
_TYPE_WORDS: dict[str, tuple[str, Message]] = {
    "date": (N_("“{value}” in {key} isn't a date."), msg("Write year-month-day, for example 2026-03-05.")),
    "number": (
        N_("“{value}” in {key} isn't a number."),
        msg("Write a number without unit, for example 1200 or 2.5."),
    ),
    "integer": (N_("“{value}” in {key} isn't a whole number."), msg("Write a whole number, for example 12.")),
    "boolean": (N_("“{value}” in {key} is neither true nor false."), msg("Write true or false.")),
}
_ANY_TYPE_WORDS = (N_("“{value}” isn't right for {key}."), msg("Check the value."))


def fault_rule(fault: dict[str, Any], spec: FieldSpec) -> Rule:
    kind = fault["type"]
    if kind in _OUT_OF_RANGE:
        return BAD_NUMBER
    if not isinstance(fault["input"], str) or not fault["input"]:
        return SHAPE
    if kind == "literal_error":
        return CHOICE
    if kind == "string_pattern_mismatch":
        return PATTERN
    return _TYPE_RULES.get(spec.type, SHAPE)


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
