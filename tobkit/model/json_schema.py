"""JSON Schema (2020-12) of an entry's front matter, for editors and other tools.

It describes the canonical form, as a reader of YAML 1.2 sees it: `title: 2026` is a number there and a text for tobkit,
so text fields take numbers too. What tobkit understands besides (Chinese keys and labels, `2026/3/5`) is not in it.
What only the whole pool can tell (dead references, ids given twice) is `check`'s business.
"""

import re
from collections.abc import Iterator
from typing import Any

from tobkit.messages import Translator, msg
from tobkit.model.config import Config
from tobkit.model.meanings import KIND_MEANINGS, MEANINGS
from tobkit.model.schema import FieldSpec, KindSchema, Schema

DIALECT = "https://json-schema.org/draft/2020-12/schema"

Json = dict[str, Any]

ID = "-[0-9a-hjkmnp-tv-z]{6}$"
SLUG = r"^[^\s!-/:-@\[-^`{-~]+(?:[\-.·&][^\s!-/:-@\[-^`{-~]+)*$"
"""As `schema.SLUG`, in what all dialects of expressions have; punctuation outside ASCII is left to `check`."""

DAY = "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"

NAMED_ONLY = frozenset({"author", "by"})
"""Persons who may have left long ago, so that `check` only warns of names that aren't in `[people]`."""

LIMITS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "pattern")


def json_schema(schema: Schema, config: Config, translator: Translator, kind: str | None = None) -> Json:
    """The schema of one kind's front matter, or of all of them (`$defs`), with texts in the translator's language."""
    if kind is not None:
        return {"$schema": DIALECT, **Describer(schema, config, translator).kind(schema[kind])}
    return {
        "$schema": DIALECT,
        "title": translator.text(msg("An entry of the pool")),
        "anyOf": [{"$ref": f"#/$defs/{name}"} for name in schema.kinds],
        "$defs": {name: Describer(schema, config, translator).kind(each) for name, each in schema.kinds.items()},
    }


class Describer:
    """Describes the kinds of a workspace in one language."""

    def __init__(self, schema: Schema, config: Config, translator: Translator) -> None:
        self.schema = schema
        self.config = config
        self.translator = translator

    def kind(self, kind: KindSchema) -> Json:
        limits = self.limits(kind)
        found: Json = {"title": kind.label[self.translator.language]}
        if meaning := KIND_MEANINGS.get(kind.name):
            found["description"] = self.translator.text(meaning)
        found |= {
            "type": "object",
            "properties": {
                kind.key(name): self.field(kind, spec, limits.get(name, {}))
                for name, spec in kind.fields.items()
                if name != "id" or kind.writes_id
            },
            "required": [
                kind.key(spec.name)
                for spec in kind.required_fields
                if spec.name not in kind.missing and (spec.name != "id" or kind.id_from == "key")
            ],
            "additionalProperties": False,
        }
        if conditions := list(self.conditions(kind)):
            found["allOf"] = conditions
        if kind.name == "note":
            found["anyOf"] = [{"required": [kind.key("customer")]}, {"required": [kind.key("organisation")]}]
        return found

    def limits(self, kind: KindSchema) -> dict[str, Json]:
        """What the models say about numbers and patterns, by field."""
        properties = kind.model.model_json_schema(mode="validation").get("properties", {})
        found: dict[str, Json] = {}
        for name, described in properties.items():
            parts = (described, *described.get("anyOf", ()))
            found[name] = {key: part[key] for part in parts for key in LIMITS if key in part}
        return found

    def field(self, kind: KindSchema, spec: FieldSpec, limits: Json) -> Json:
        found: Json = {"title": spec.label[self.translator.language]}
        if description := " ".join(self.description(kind, spec)):
            found["description"] = description
        if spec.default is not None:
            found["default"] = list(spec.default) if isinstance(spec.default, tuple) else spec.default
        if spec.type == "mapping":
            parts = {part.name: self.field(kind, part, {}) for part in spec.parts}
            return found | {"type": ["object", "null"], "properties": parts, "additionalProperties": False}
        if spec.nested:
            return found
        if spec.many:
            return found | self.items(kind, spec, limits)
        if spec.name == "id":
            if kind.id_from != "key":
                return found | {"type": ["string", "number"]}
            if kind.prefix is None:
                return found | {"type": ["string", "number"], "pattern": SLUG}
            return found | {"type": "string", "pattern": f"^{kind.prefix}{ID}"}
        if spec.type == "date" and kind.is_adopted:
            return found | {"type": "string" if spec.required else ["string", "null"]}
        return found | self.value(spec, limits, required=spec.required)

    def items(self, kind: KindSchema, spec: FieldSpec, limits: Json) -> Json:
        """A list; in an adopted kind as text too, and with items that YAML takes for a key with a value."""
        types = ["array"]
        item = self.value(spec, limits, required=True)
        if kind.is_adopted:
            types.append("string")
            if spec.type == "text" and not spec.choices:
                item = {"anyOf": [item, {"type": "object", "maxProperties": 1}]}
        elif spec.separator:
            types.append("string")
        types += [] if spec.required else ["null"]
        return {"type": types if len(types) > 1 else "array", "items": item}

    def description(self, kind: KindSchema, spec: FieldSpec) -> Iterator[str]:
        _ = self.translator
        if meaning := MEANINGS.get((kind.name, spec.name)):
            yield _.text(meaning)
        if other := self.schema.kinds.get(spec.reference or ""):
            yield _.text(
                msg("Ids of entries of the kind: {kind}.", kind=other.label)
                if spec.many
                else msg("The id of an entry of the kind: {kind}.", kind=other.label)
            )
        if spec.required_when:
            yield _.text(msg("Required while the status is {values}.", values=self.needing(kind, spec)))

    def value(self, spec: FieldSpec, limits: Json, *, required: bool) -> Json:
        """A single value; an optional one may be empty."""
        names = self.names(spec)
        if names:
            return self.choice(names, required) if not spec.words else self.choice_or_word(spec, names, required)
        empty = [] if required else ["null"]
        match spec.type:
            case "number" | "integer":
                return {"type": [spec.type, *empty] if empty else spec.type, **limits}
            case "boolean":
                return {"enum": [True, False, "yes", "no", *([] if required else [None])]}
            case "date":
                return {"type": ["string", *empty] if empty else "string", "format": "date", "pattern": DAY}
            case "reference" if (other := self.schema.kinds.get(spec.reference or "")) and other.prefix:
                return {"type": ["string", *empty] if empty else "string", "pattern": f"^{other.prefix}{ID}"}
        found: Json = {"type": ["string", "number", "boolean", *empty], "minLength": 1}
        if is_portable(limits.get("pattern")):
            found["pattern"] = limits["pattern"]
        if spec.person and self.config.people:
            found["examples"] = list(self.config.people)
        return found

    def names(self, spec: FieldSpec) -> dict[str, str]:
        """The values that a field may have, each with what it is called; empty where it takes any."""
        language = self.translator.language
        if spec.choices is not None:
            return {name: label[language] for name, label in spec.choices.labels.items()}
        if spec.region:
            return {name: name for name in self.config.pool.regions}
        if spec.person and spec.name not in NAMED_ONLY:
            teams = spec.person.teams
            people = self.config.people.items()
            return {name: person.name for name, person in people if not teams or person.team in teams}
        return {}

    def choice_or_word(self, spec: FieldSpec, names: dict[str, str], required: bool) -> Json:
        """A choice that may be written in a team's own words, some of which are only how a value begins."""
        beginnings = [word.rstrip("*") for word in spec.words if word[-1] == "*"]
        words = {word: names.get(means, means) for word, means in spec.words.items() if word[-1] != "*"}
        chosen = self.choice({**names, **words}, required)
        if not beginnings:
            return chosen
        pattern = "|".join(re.sub(r"([^\w\s])", r"\\\1", each) for each in beginnings)
        return {"anyOf": [chosen, {"type": "string", "pattern": f"^(?:{pattern})"}]}

    def choice(self, names: dict[str, str], required: bool) -> Json:
        values = [form for name in names for form in as_yaml(name)]
        labels = [label for name, label in names.items() for _form in as_yaml(name)]
        if not required:
            values, labels = [*values, None], [*labels, self.translator.text(msg("nothing"))]
        return {"enum": values, "enumDescriptions": labels}

    def conditions(self, kind: KindSchema) -> Iterator[Json]:
        """What is required while another field has certain values."""
        for spec in kind.conditions:
            when = spec.required_when
            if when is not None and when.field in kind.fields:
                field = kind.key(when.field)
                yield {
                    "if": {"properties": {field: {"enum": self.needing(kind, spec)}}, "required": [field]},
                    "then": {"required": [kind.key(spec.name)]},
                }

    def needing(self, kind: KindSchema, spec: FieldSpec) -> list[str]:
        """The values with which a field is required; a team's own status asks for what it stands for."""
        when = spec.required_when
        choices = kind.fields[when.field].choices if when and when.field in kind.fields else None
        if when is None or choices is None:
            return sorted(when.values) if when else []
        is_status = kind.name == "requirement" and when.field == "status"
        return [
            name for name in choices if name in when.values or (is_status and self.schema.stage(name) in when.values)
        ]


_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?")


def as_yaml(name: str) -> list[Any]:
    """A value as readers of YAML may see it: `2026` is a number to them, `true` a truth value."""
    if name.lower() in ("true", "false"):
        return [name, name.lower() == "true"]
    if _NUMBER.fullmatch(name):
        return [name, float(name) if "." in name else int(name)]
    return [name]


def is_portable(pattern: str | None) -> bool:
    """Whether an expression means something outside pydantic too."""
    if pattern is None:
        return False
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True
