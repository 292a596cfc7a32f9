"""The schema of a workspace: the built-in kinds with a team's own fields and statuses.

Each kind is a pydantic model; this module reads the models' annotations once into `FieldSpec`s, which everything else
(reading, forms, columns, the site) is driven by.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, Field, create_model

from tobkit.messages import Label
from tobkit.model.config import Config, FieldSection
from tobkit.model.fields import Choices, Day, Person, Ref, Region, RequiredWhen, Text, Texts
from tobkit.model.kinds import KINDS, STATUS, Entry

FieldType = Literal["text", "integer", "number", "boolean", "date", "list", "reference", "mapping"]

FOLDERS = {
    "requirement": "requirements",
    "note": "notes",
    "customer": "customers",
    "module": "modules",
    "promise": "promises",
    "incident": "incidents",
    "organisation": "organisations",
    "exchange": "exchanges",
}
PREFIXES = {"requirement": "REQ", "note": "NOTE", "promise": "PRM", "incident": "INC", "exchange": "XCH"}
KIND_LABELS = {
    "requirement": Label("需求", "Requirement"),
    "note": Label("客户声音", "Note"),
    "customer": Label("客户", "Customer"),
    "module": Label("模块", "Module"),
    "promise": Label("承诺", "Promise"),
    "incident": Label("故障", "Incident"),
    "organisation": Label("机构", "Organisation"),
    "exchange": Label("往来", "Exchange"),
}
BOOLEANS = {"true": True, "false": False, "yes": True, "no": False, "是": True, "否": False}
DESCRIPTION_KEYS = frozenset({"需求描述", "描述"})
NOT_FRONT_MATTER = frozenset({"origin", "body"})
RESERVED = NOT_FRONT_MATTER | {"id", "kind", "path", "label", "live"}

RANDOM_ID = re.compile(r"[0-9a-hjkmnp-tv-z]{6}")
SLUG = re.compile(r"\w+(?:[-.·&]\w+)*")


@dataclass(frozen=True)
class FieldSpec:
    """One field of a kind: how it is called, what it may hold. `type` is the type of the items where `many`."""

    name: str
    type: FieldType
    label: Label
    many: bool = False
    required: bool = False
    required_when: RequiredWhen | None = None
    choices: Choices | None = None
    reference: str | None = None
    person: Person | None = None
    region: bool = False
    own: bool = False
    public: bool = False
    unique: bool = False
    default: Any = None
    parts: tuple["FieldSpec", ...] = ()

    @cached_property
    def readings(self) -> dict[str, str]:
        """Canonical value by every spelling that is read as it (labels of both languages, any case)."""
        return spellings(self.choices.labels) if self.choices else {}


def spellings(labels: Mapping[str, Label]) -> dict[str, str]:
    """Canonical name by each of its spellings, lower-cased; names win over labels."""
    read: dict[str, str] = {}
    for name, label in labels.items():
        for spelling in label.spellings:
            read.setdefault(spelling.lower(), name)
    return {**read, **{name.lower(): name for name in labels}}


@dataclass(frozen=True)
class KindSchema:
    """A kind of entry: its folder, the prefix of its ids (None: slugs), its model and its fields in order."""

    name: str
    folder: str
    prefix: str | None
    model: type[Entry]
    label: Label
    fields: Mapping[str, FieldSpec]
    keys: Mapping[str, str] = field(default_factory=dict)

    def valid_id(self, text: str) -> bool:
        if self.prefix is None:
            return SLUG.fullmatch(text) is not None
        return text.startswith(self.prefix + "-") and RANDOM_ID.fullmatch(text, len(self.prefix) + 1) is not None

    @cached_property
    def partial_model(self) -> type[Entry]:
        """The model with nothing required, for what is left of an entry with faulty fields."""
        optional: dict[str, Any] = {
            spec.name: (Annotated[self.model.model_fields[spec.name].annotation | None, None], None)  # type: ignore[operator]
            for spec in self.required_fields
        }
        return create_model(self.model.__name__, __base__=self.model, **optional)

    @cached_property
    def required_fields(self) -> tuple[FieldSpec, ...]:
        return tuple(spec for spec in self.fields.values() if spec.required)

    @cached_property
    def dates(self) -> tuple[str, ...]:
        """The names of the fields that hold a date."""
        return tuple(spec.name for spec in self.fields.values() if spec.type == "date" and not spec.many)

    @cached_property
    def references(self) -> tuple[FieldSpec, ...]:
        return tuple(spec for spec in self.fields.values() if spec.reference)

    @cached_property
    def conditions(self) -> tuple[FieldSpec, ...]:
        return tuple(spec for spec in self.fields.values() if spec.required_when)


@dataclass(frozen=True)
class Schema:
    """All kinds of a workspace, and what its own statuses stand for."""

    kinds: Mapping[str, KindSchema]
    stands_for: Mapping[str, str]

    @cached_property
    def by_folder(self) -> dict[str, KindSchema]:
        return {kind.folder: kind for kind in self.kinds.values()}

    def __getitem__(self, kind: str) -> KindSchema:
        return self.kinds[kind]

    @cached_property
    def statuses(self) -> Choices:
        """The statuses of requirements, in their natural order."""
        choices = self.kinds["requirement"].fields["status"].choices
        assert choices is not None
        return choices

    def stage(self, status: str) -> str:
        """Which of the seven statuses a team's status stands for."""
        return self.stands_for.get(status, status)


def build_schema(config: Config) -> Schema:
    """The schema that a configuration gives."""
    stands_for = {name: own.stands_for for name, own in config.workflow.statuses.items()}
    kinds: dict[str, KindSchema] = {}
    for model in KINDS:
        own = config.fields.get(model.kind, {})
        changed = own_fields(own)
        if model.kind == "requirement" and stands_for:
            changed["status"] = own_statuses(config)
        extended: type[Entry] = create_model(model.__name__, __base__=model, **changed) if changed else model
        kinds[model.kind] = kind_schema(extended, own)
    return Schema(kinds, stands_for)


def kind_schema(model: type[Entry], sections: Mapping[str, FieldSection]) -> KindSchema:
    fields = {
        name: field_spec(name, info.annotation, info.metadata, info.is_required(), sections.get(name))
        for name, info in model.model_fields.items()
        if name not in NOT_FRONT_MATTER
    }
    return KindSchema(
        name=model.kind,
        folder=FOLDERS[model.kind],
        prefix=PREFIXES.get(model.kind),
        model=model,
        label=KIND_LABELS[model.kind],
        fields=fields,
        keys=spellings({name: spec.label for name, spec in fields.items()}),
    )


def field_spec(
    name: str, annotation: Any, metadata: list[Any], required: bool, section: FieldSection | None = None
) -> FieldSpec:
    """What a model's annotation says about a field."""

    def of(kind: type) -> Any:
        return next((item for item in metadata if isinstance(item, kind)), None)

    base, many = without_wrapping(annotation)
    reference = of(Ref)
    when = of(RequiredWhen)
    types: dict[Any, FieldType] = {int: "integer", float: "number", bool: "boolean", str: "text"}
    is_mapping = isinstance(base, type) and issubclass(base, BaseModel)
    return FieldSpec(
        name=name,
        type="mapping" if is_mapping else "reference" if reference else types.get(base, "date"),
        label=of(Label) or Label(name, name),
        many=many,
        required=required,
        required_when=when,
        choices=of(Choices),
        reference=reference.kind if reference else None,
        person=of(Person),
        region=of(Region) is not None,
        own=section is not None,
        public=section is not None and section.audience == "public",
        unique=section is not None and section.unique,
        default=section.default if section else None,
        parts=tuple(
            field_spec(part, info.annotation, info.metadata, info.is_required())
            for part, info in base.model_fields.items()
        )
        if is_mapping
        else (),
    )


def without_wrapping(annotation: Any) -> tuple[Any, bool]:
    """The type inside `X | None`, `tuple[X, ...]` and `Annotated[X, ...]`, and whether it is a list."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return without_wrapping(get_args(annotation)[0])
    if origin is tuple:
        return without_wrapping(get_args(annotation)[0])[0], True
    if origin in (Union, UnionType):
        return without_wrapping(next(arg for arg in get_args(annotation) if arg is not type(None)))
    return annotation, False


def own_fields(sections: Mapping[str, FieldSection]) -> dict[str, Any]:
    """Model fields for a team's own fields."""
    return {name: own_field(name, section) for name, section in sections.items()}


def own_field(name: str, section: FieldSection) -> Any:
    annotation: Any = {
        "text": Text,
        "integer": int,
        "number": Annotated[float, Field(allow_inf_nan=False)],
        "boolean": bool,
        "date": Day,
        "list": Texts,
        "reference": Text,
    }[section.type]
    marks: list[Any] = [Label(section.label.get("zh", name), section.label.get("en", name))]
    if section.choices:
        marks.append(own_choices(section.choices))
    if section.kind:
        marks.append(Ref(section.kind))
    if isinstance(section.required, tuple):
        marks.append(RequiredWhen("status", frozenset(section.required)))
    bounds = {"ge": section.minimum, "le": section.maximum, "pattern": section.pattern}
    limits: dict[str, Any] = {key: value for key, value in bounds.items() if value is not None}
    if limits:
        annotation = Annotated[annotation, Field(**limits)]
    if section.required is True:
        return (Annotated[(annotation, *marks)], ...)
    if section.type == "list":
        return (Annotated[(annotation, *marks)], ())
    return (Annotated[(annotation | None, *marks)], None)


def own_choices(choices: tuple[str, ...] | Mapping[str, Mapping[Any, str]]) -> Choices:
    if isinstance(choices, tuple):
        return Choices({name: Label(name, name) for name in choices})
    return Choices({name: Label(texts.get("zh", name), texts.get("en", name)) for name, texts in choices.items()})


def own_statuses(config: Config) -> Any:
    """The status field with a team's own statuses after those that they stand for."""
    labels: dict[str, Label] = {}
    for standard, label in STATUS.labels.items():
        labels[standard] = label
        for name, own in config.workflow.statuses.items():
            if own.stands_for == standard:
                labels[name] = Label(own.label.get("zh", name), own.label.get("en", name))
    return (Annotated[Text, Choices(labels), Label("状态", "Status", ("进度状态",))], ...)
