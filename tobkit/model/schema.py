"""The schema of a workspace: the built-in kinds with a team's own fields and statuses.

Each kind is a pydantic model; this module reads the models' annotations once into `FieldSpec`s, which everything else
(reading, forms, columns, the site) is driven by.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import accumulate
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin
from unicodedata import normalize

from pydantic import BaseModel, create_model

from tobkit.messages import Label
from tobkit.model.config import Config, FieldSection, KindSection
from tobkit.model.fields import Choices, Person, Ref, Region, RequiredWhen
from tobkit.model.kinds import KINDS, Entry
from tobkit.model.own import (
    own_fields,
    own_keys,
    own_kind,
    own_sections,
    own_status,
    requirement_status,
    stages,
    status_words,
)
from tobkit.model.patterns import Patterns

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
    """One field of a kind: how it is called, what it may hold. `type` is the type of the items where `many`.

    `in_order` says that a list stays as its authors ordered it. `words` are spellings that are read as a value without a word (`Inactive*`: whatever begins so); a list that is
    written as text is split at the `separator`; what `nested` holds, lists or keys, is read as text.
    """

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
    acyclic: bool = False
    default: Any = None
    words: Mapping[str, str] = field(default_factory=dict)
    separator: str | None = None
    nested: bool = False
    in_order: bool = False
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
    """A kind of entry: its folder, the prefix of its ids (None: slugs), its model and its fields in order.

    The folder is a path below the pool's folder, empty for that itself. `keys` are spellings in lower case and the
    fields that they mean; `mapped` are keys as a team's files have them. `id_from` says where the id stands (in a key,
    the file's or the folder's name); `missing` is what a field is read as that a file doesn't have.
    """

    name: str
    folder: str
    prefix: str | None
    model: type[Entry]
    label: Label
    fields: Mapping[str, FieldSpec]
    keys: Mapping[str, str] = field(default_factory=dict)
    mapped: Mapping[str, str] = field(default_factory=dict)
    files: Patterns | None = None
    id_from: Literal["key", "file", "folder"] = "key"
    missing: Mapping[str, str] = field(default_factory=dict)
    separator: str | None = None

    def valid_id(self, text: str) -> bool:
        if self.id_from != "key":
            return True
        if self.prefix is None:
            return SLUG.fullmatch(text) is not None
        return text.startswith(self.prefix + "-") and RANDOM_ID.fullmatch(text, len(self.prefix) + 1) is not None

    @cached_property
    def is_adopted(self) -> bool:
        """Whether the files were written for something else, so that their form is nobody's slip."""
        return bool(self.mapped or self.files or self.id_from != "key" or self.missing or self.separator)

    @cached_property
    def written(self) -> dict[str, str]:
        """The key of each field that files call otherwise than tobkit does."""
        return {name: key for key, name in reversed([*self.mapped.items()])}

    def key(self, name: str) -> str:
        """What a field is called in the kind's files."""
        return self.written.get(name, name)

    @cached_property
    def writes_id(self) -> bool:
        """Whether the id stands in a key of a file."""
        return self.id_from == "key" or "id" in self.written

    def path_for(self, entry_id: str, name: str, text: str) -> str | None:
        """The path below the pool's folder of a new entry; None where that can't be told from the patterns of files.

        `name` is the file's name in tobkit's own way, `text` what makes a name readable.
        """
        names = {"key": name, "file": f"{entry_id}.md", "folder": f"{entry_id}/README.md"}
        path = names[self.id_from] if self.files is None else self.files.path_for(entry_id, text)
        return path and "/".join(part for part in (self.folder, path) if part)

    def holds(self, path: str) -> bool:
        """Whether a file at a path below the kind's folder is an entry of it."""
        return path.lower().endswith(".md") if self.files is None else self.files.match(path) is not None

    def id_in(self, path: str) -> str:
        """The id that a path below the kind's folder gives; empty where the id doesn't stand in it."""
        found = self.files.match(path) if self.files is not None and self.files.hold_id else None
        if found is not None and "id" in found.re.groupindex:
            return normalize("NFC", found["id"])
        *folders, name = f"{self.folder}/{path}".split("/")
        match self.id_from:
            case "file":
                return normalize("NFC", name.rpartition(".")[0] or name)
            case "folder":
                return normalize("NFC", folders[-1])
        return ""

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
    def by_folder(self) -> dict[str, tuple[KindSchema, ...]]:
        """The kinds whose folder it is; one without patterns of its own, which takes what the others don't, is the last."""
        found: dict[str, tuple[KindSchema, ...]] = {}
        for kind in sorted(self.kinds.values(), key=lambda kind: kind.files is None):
            found[kind.folder] = (*found.get(kind.folder, ()), kind)
        return found

    @cached_property
    def around(self) -> frozenset[str]:
        """The folders in which kinds' folders lie."""
        return frozenset(
            above for folder in self.by_folder for above in accumulate(folder.split("/")[:-1], "{}/{}".format)
        )

    def place(self, path: str) -> tuple[KindSchema, str] | None:
        """The kind of a file at a path below the pool's folder, and its path below the kind's folder."""
        folder = path
        while folder:
            folder = folder.rpartition("/")[0]
            if folder in self.by_folder:
                inner = path[len(folder) + 1 :] if folder else path
                return next(((kind, inner) for kind in self.by_folder[folder] if kind.holds(inner)), None)
        return None

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
    new = (own_kind(name) for name in config.kinds if name not in FOLDERS)
    kinds = {model.kind: kind_schema(model, config) for model in (*KINDS, *new)}
    return Schema(kinds, stages(config))


def kind_schema(standard: type[Entry], config: Config) -> KindSchema:
    name = standard.kind
    section = config.kinds.get(name, KindSection())
    own = own_sections(config, name)
    changed = own_fields(own)
    if name == "requirement" and (config.workflow.statuses or section.statuses):
        changed["status"] = requirement_status(config)
    elif name not in FOLDERS and section.statuses:
        changed["status"] = own_status(section)
    model: type[Entry] = create_model(standard.__name__, __base__=standard, **changed) if changed else standard
    fields = {
        each: adapted(
            field_spec(each, info.annotation, info.metadata, info.is_required(), own.get(each)), section, name
        )
        for each, info in model.model_fields.items()
        if each not in NOT_FRONT_MATTER
    }
    label = KIND_LABELS.get(name, Label(name, name))
    return KindSchema(
        name=name,
        folder=below_pool(section.folder or FOLDERS.get(name, name)),
        prefix=None
        if section.id != "key"
        else (section.prefix or None)
        if section.prefix is not None
        else PREFIXES.get(name),
        model=model,
        label=Label(section.label.get("zh", label.zh), section.label.get("en", label.en), label.spellings),
        fields=fields,
        keys=spellings({each: spec.label for each, spec in fields.items()}),
        mapped=own_keys(section),
        files=Patterns(section.files) if section.files else None,
        id_from=section.id,
        missing=section.missing,
        separator=section.separator,
    )


def below_pool(folder: str) -> str:
    """A folder's path below the pool's folder, which itself is called `.` in `tobkit.toml`."""
    return "" if folder == "." else folder


def adapted(spec: FieldSpec, section: KindSection, kind: str) -> FieldSpec:
    """A field as a kind's own section wants it."""
    changes: dict[str, Any] = {}
    if spec.name in section.optional:
        changes["required_when"] = None
    if spec.many and spec.separator is None and section.separator is not None:
        changes["separator"] = section.separator
    if spec.many and (section.files or section.keys or section.id != "key"):
        changes["in_order"] = True
    if spec.name == "status" and section.statuses:
        standard = spec.choices if kind in FOLDERS and kind != "requirement" else None
        changes["words"] = status_words(section, standard or ())
    return replace(spec, **changes) if changes else spec


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
        acyclic=section is not None and section.acyclic,
        default=section.default if section else None,
        separator=section.separator if section else None,
        nested=section is not None and section.type == "any",
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
