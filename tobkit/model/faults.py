"""What is wrong in a team's own fields, statuses and kinds that the types of `tobkit.toml` alone don't show."""

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cache
from typing import Annotated, Any, NamedTuple

from pydantic import Field, TypeAdapter
from pydantic_core import SchemaError

from tobkit.messages import NOTHING, Label, Message, msg
from tobkit.model.config import Config, FieldSection, KindSection
from tobkit.model.kinds import KINDS, STATUS, Entry
from tobkit.model.nearest import nearest
from tobkit.model.own import OwnEntry, bare, field_name, own_sections
from tobkit.model.patterns import DEEP, ID, MOST_DEEP, expression, signs
from tobkit.model.schema import (
    BOOLEANS,
    FOLDERS,
    KIND_LABELS,
    PREFIXES,
    RESERVED,
    FieldSpec,
    KindSchema,
    Schema,
    build_schema,
)

Path = tuple[str, ...]

SLOTS = ("{heading}", "{file}", "{folder}")
"""What may stand in `missing` for what the file and its path say."""

_KIND_NAME = re.compile(r"[^\W_][\w-]*")
_PREFIX = re.compile(r"[A-Za-z][A-Za-z0-9]{0,15}")
_SLOT = re.compile(r"\{\w*\}")
_MODELS: dict[str, type[Entry]] = {model.kind: model for model in KINDS}
_LONGEST_PATTERN = 200
_DELETE = msg("Change the value, or delete the line.")


class Fault(NamedTuple):
    """What is wrong at a key of `tobkit.toml`; that key is left out. `lacks` is a key that is missing below it.

    `word` is a name that nothing has: no fault of its own where what had it was left out for another one.
    """

    path: Path
    message: Message
    help: Message = NOTHING
    lacks: str = ""
    is_key: bool = False
    word: str = ""


def meant(word: str, known: Sequence[str]) -> Message:
    guess = nearest(word, known)
    return msg("Did you mean {guess}?", guess=guess) if guess else msg("Known: {known}.", known=list(known))


def team_faults(config: Config) -> list[Fault]:
    """The faults that there are; those of keys that only the whole schema can judge come once it can be built."""
    if not (config.fields or config.kinds or config.workflow.statuses or config.workflow.transitions):
        return []
    faults = [
        *kind_names(config),
        *(fault for name, section in config.kinds.items() for fault in kind_faults(name, section, config)),
        *clashes_of_kinds(config),
        *status_faults(config),
        *(
            fault
            for path, kind, key, section in sections(config)
            for fault in field_faults(path, kind, key, section, config)
        ),
    ]
    if faults:
        return faults
    schema = build_schema(config)
    return [
        *(fault for name, section in config.kinds.items() for fault in use_faults(schema[name], section)),
        *(fault for kind in schema.kinds.values() for fault in value_faults(kind, config)),
    ]


def sections(config: Config) -> Iterator[tuple[Path, str, str, FieldSection]]:
    """Every own field: where it stands, of which kind, under which name."""
    for kind, fields in config.fields.items():
        for name, section in fields.items():
            yield ("fields", kind, name), kind, name, section
    for kind, kind_section in config.kinds.items():
        for name, section in kind_section.fields.items():
            yield ("kinds", kind, "fields", name), kind, name, section


def kind_label(kind: str) -> Label:
    return KIND_LABELS.get(kind, Label(kind, kind))


def all_kinds(config: Config) -> list[str]:
    return [*FOLDERS, *(name for name in config.kinds if name not in FOLDERS)]


# Kinds


def kind_names(config: Config) -> Iterator[Fault]:
    """Kinds that aren't there: misspelt, or new and without anything that says so."""
    for kind in config.fields:
        if kind not in all_kinds(config):
            message = msg("There is no kind “{kind}”.", kind=kind)
            yield Fault(("fields", kind), message, meant(kind, all_kinds(config)), is_key=True, word=kind)
    for kind, section in config.kinds.items():
        path = ("kinds", kind)
        if not _KIND_NAME.fullmatch(kind):
            message = msg("“{name}” can't be the name of a kind.", name=kind)
            yield Fault(path, message, msg("Choose a name of letters, digits, - and _."))
        elif kind not in FOLDERS and not section.model_fields_set & {"folder", "prefix", "fields", "files", "id"}:
            guess = nearest(kind, list(FOLDERS))
            help = (
                msg("Did you mean {guess}?", guess=guess)
                if guess
                else msg("A new kind says where its entries are, or what is in them: folder = …, or fields.")
            )
            yield Fault(path, msg("There is no kind “{kind}”.", kind=kind), help, is_key=True, word=kind)


def kind_faults(name: str, section: KindSection, config: Config) -> Iterator[Fault]:
    """What is wrong in a kind's section, as far as that shows without the other kinds."""
    path = ("kinds", name)
    for part in (section.folder or "").split("/"):
        if part == "files" or (part[:1] == "." and part != "."):
            reason = (
                msg("a folder called files holds attachments")
                if part == "files"
                else msg("folders whose names begin with a dot aren't read")
            )
            yield unfit((*path, "folder"), reason)
    if section.prefix and not _PREFIX.fullmatch(section.prefix):
        yield unfit((*path, "prefix"), msg("a prefix is made of letters and digits, such as RFC"))
    if section.prefix and section.id != "key":
        yield unfit((*path, "prefix"), msg("ids that are the names of files or folders have none"))
    for pattern in section.files:
        if reason_against := pattern_fault(pattern):
            yield unfit((*path, "files"), reason_against)
            break
    yield from own_status_faults(name, section)
    taken: dict[str, str] = {}
    for key in section.fields:
        other = taken.setdefault(field_name(key), key)
        if other != key or field_name(key) in config.fields.get(name, {}):
            message = msg(
                "“{key}” is the same field as “{other}”.", key=key, other=other if other != key else field_name(key)
            )
            yield Fault((*path, "fields", key), message, msg("Keep one of the two."))


def unfit(path: Path, reason: Message, help: Message = _DELETE) -> Fault:
    return Fault(path, msg("The value of “{key}” isn't right: {why}.", key=".".join(path), why=reason), help)


def pattern_fault(pattern: str) -> Message | None:
    """Why a pattern of files can't be used."""
    text = pattern.removeprefix("!")
    if not text or text.startswith("/") or ".." in text.split("/") or "\\" in text:
        return msg("patterns are paths below the kind's folder, such as *.md or */README.md")
    if len(text) > _LONGEST_PATTERN or sum(sign in DEEP for sign in signs(text)) > MOST_DEEP:
        return msg("the pattern is too long")
    if text.count(ID) > 1 or (ID in text and text != pattern):
        return msg("{sign} stands once in a pattern, and not behind !", sign=ID)
    try:
        expression(text)
    except re.error:
        return msg("the pattern can't be read")
    return None


def clashes_of_kinds(config: Config) -> Iterator[Fault]:
    """Folders and prefixes that two kinds claim."""
    folders: dict[str, str] = {}
    prefixes: dict[str, str] = {}
    # The built-in kinds that aren't mentioned have the older right.
    for name in sorted(all_kinds(config), key=lambda name: name in config.kinds):
        section = config.kinds.get(name, KindSection())
        path = ("kinds", name)
        folder = section.folder or FOLDERS.get(name, name)
        other = folders.setdefault(folder, name) if not section.files else name
        if other != name:
            yield Fault(
                (*path, "folder") if section.folder else path,
                msg("The folder {folder} belongs to the kind “{kind}” already.", folder=folder, kind=other),
                msg("Choose another folder, or say with files = … which files in it are whose."),
            )
        prefix = (PREFIXES.get(name) if section.prefix is None else section.prefix) if section.id == "key" else None
        if prefix and prefixes.setdefault(prefix.upper(), name) != name:
            yield unfit(
                (*path, "prefix") if section.prefix else path,
                msg("ids of the kind “{kind}” begin so already", kind=prefixes[prefix.upper()]),
            )


# Statuses


def own_status_faults(kind: str, section: KindSection) -> Iterator[Fault]:
    """What is wrong in the statuses of a kind."""
    if not section.statuses:
        return
    path = ("kinds", kind, "statuses")
    standard = standard_statuses(kind)
    if kind in FOLDERS and not standard:
        yield Fault(path, msg("A {kind} has no status.", kind=kind_label(kind)), msg("Delete the line."))
        return
    if kind not in FOLDERS and any(field_name(key) == "status" for key in section.fields):
        yield Fault(path, msg("The statuses are given twice: here, and as a field."), msg("Keep one of the two."))
    taken: set[str] = set()
    for name, status in section.statuses.items():
        if not bare(name):
            yield unfit(path, msg("a status needs a name before the *"))
        elif bare(name) in taken and (kind == "requirement" or kind not in FOLDERS):
            yield Fault((*path, name), msg("“{name}” is given twice.", name=bare(name)), msg("Keep one of the two."))
        elif standard:
            yield from standing_faults((*path, name), name, status.stands_for, standard)
        elif status.stands_for is not None:
            message = msg("Statuses of a new kind stand for nothing else: “{name}”.", name=name)
            yield Fault((*path, name), message, msg("Write the statuses as a list, or with labels."))
        taken.add(bare(name))


def standing_faults(path: Path, name: str, stands_for: str | None, standard: list[str]) -> Iterator[Fault]:
    """What is wrong in what a status stands for."""
    if stands_for is None and bare(name) not in standard:
        help = msg(
            'Write for example {name} = "{status}".', name=name if name.isalnum() else f'"{name}"', status=standard[0]
        )
        yield Fault(path, msg("“{name}” must say which status it stands for.", name=name), help)
    elif stands_for is not None and stands_for not in standard:
        yield Fault(path, msg("“{name}” isn't a status.", name=stands_for), meant(stands_for, standard))
    elif bare(name) in standard and stands_for not in (None, bare(name)):
        message = msg("“{name}” is a standard status already.", name=bare(name))
        yield Fault(path, message, msg("Give your own status another name, or delete it."))


@cache
def standard_schema() -> Schema:
    """The built-in kinds as they are without a configuration."""
    return build_schema(Config())


def standard_statuses(kind: str) -> list[str]:
    """The statuses that a built-in kind has."""
    status = standard_schema()[kind].fields.get("status") if kind in FOLDERS else None
    return [*status.choices] if status and status.choices else []


def statuses_of(kind: str, config: Config) -> list[str]:
    """All statuses that an own field of a kind may be required in."""
    section = config.kinds.get(kind, KindSection())
    own = [bare(name) for name in section.statuses]
    below = own_sections(config, kind).get("status")
    if kind == "requirement":
        return [*STATUS.labels, *config.workflow.statuses, *own]
    return [*standard_statuses(kind), *([] if kind in FOLDERS else own), *(below.choices if below else ())]


def status_faults(config: Config) -> Iterator[Fault]:
    """What is wrong in `[workflow]`."""
    section = config.kinds.get("requirement", KindSection())
    own = {bare(name) for name in section.statuses}
    for name in config.workflow.statuses:
        if name in STATUS.labels or name in own:
            path = ("workflow", "statuses", name)
            message = (
                msg("“{name}” is a standard status already.", name=name)
                if name in STATUS.labels
                else msg("“{name}” is given twice.", name=name)
            )
            yield Fault(path, message, msg("Give your own status another name, or delete it."))
    statuses = statuses_of("requirement", config)
    for name, following in config.workflow.transitions.items():
        for unknown in (status for status in (name, *following) if status not in statuses):
            path = ("workflow", "transitions", name)
            yield Fault(path, msg("“{name}” isn't a status.", name=unknown), meant(unknown, statuses), word=unknown)


# Fields


def field_faults(path: Path, kind: str, key: str, section: FieldSection, config: Config) -> Iterator[Fault]:
    """What is wrong with a team's own field."""
    name = key if path[0] == "fields" else field_name(key)
    if kind not in all_kinds(config):
        return
    if fault := name_fault(path, kind, key, name):
        yield fault
        return
    if name in ("title", "name") and section.type not in ("text", "any"):
        message = msg("“{name}” is what an entry is called, so it is text.", name=name)
        yield Fault((*path, "type"), message, msg('Write type = "text", or choose another name.'))
    if name == "aliases" and (section.type != "list" or section.kind):
        message = msg("“{name}” are other names of an entry, so they are a list of texts.", name=name)
        yield Fault(path, message, msg('Write type = "list", or choose another name.'))
    for option, types, reason in ONLY_FOR:
        if (
            option in section.model_fields_set
            and getattr(section, option) not in (None, False)
            and section.type not in types
        ):
            yield Fault((*path, option), Message(reason.template, {"key": option}), _DELETE)
    yield from limit_faults(path, section)
    yield from choice_faults(path, section)
    yield from reference_faults(path, kind, section, config)
    if isinstance(section.required, tuple):
        known = statuses_of(kind, config)
        if not known:
            message = msg("A {kind} has no status.", kind=kind_label(kind))
            yield Fault((*path, "required"), message, msg("Write required = true, or delete the line."))
        for unknown in (status for status in section.required if known and status not in known):
            message = msg("“{name}” isn't a status.", name=unknown)
            yield Fault((*path, "required"), message, meant(unknown, known), word=unknown)


_OF_NUMBERS = msg("“{key}” is for fields of type integer or number.")
_OF_CHOICES = msg("“{key}” is for fields of type text or list.")
_OF_REFERENCES = msg("“{key}” is for fields of type reference or list.")
_OF_LISTS = msg("“{key}” is for fields of type list.")
_OF_IDENTIFYING = msg("“{key}” isn't for fields of type boolean or any.")

ONLY_FOR: tuple[tuple[str, tuple[str, ...], Message], ...] = (
    ("minimum", ("integer", "number"), _OF_NUMBERS),
    ("maximum", ("integer", "number"), _OF_NUMBERS),
    ("pattern", ("text", "list"), _OF_CHOICES),
    ("choices", ("text", "list"), _OF_CHOICES),
    ("kind", ("reference", "list"), _OF_REFERENCES),
    ("acyclic", ("reference", "list"), _OF_REFERENCES),
    ("separator", ("list",), _OF_LISTS),
    ("unique", ("text", "integer", "number", "date", "list", "reference"), _OF_IDENTIFYING),
)
"""What only fields of some types can have."""


def name_fault(path: Path, kind: str, key: str, name: str) -> Fault | None:
    """Why a field can't be called so: like something that entries have already."""
    model = _MODELS.get(kind, OwnEntry)
    if name in model.model_fields and name not in RESERVED:
        help = (
            msg('Choose another name; if the files call it “{key}”: keys = { {key} = "other_name" }.', key=key)
            if path[0] == "kinds"
            else msg("Choose a name of letters, digits and _ that a {kind} doesn't have yet.", kind=kind_label(kind))
        )
        return Fault(path, msg("A {kind} has a field “{name}” already.", kind=kind_label(kind), name=name), help)
    if not name.isidentifier() or name[0] == "_" or name in RESERVED or hasattr(model, name):
        message = msg("“{name}” can't be the name of an own field.", name=key)
        help = msg("Choose a name of letters, digits and _ that a {kind} doesn't have yet.", kind=kind_label(kind))
        return Fault(path, message, help)
    return None


def limit_faults(path: Path, section: FieldSection) -> Iterator[Fault]:
    low, high = section.minimum, section.maximum
    if low is not None and high is not None and section.type in ("integer", "number"):
        if low > high:
            yield Fault((*path, "maximum"), msg("The maximum is smaller than the minimum."), _DELETE)
        elif section.type == "integer" and math.ceil(low) > math.floor(high):
            yield Fault((*path, "maximum"), msg("No whole number lies between the minimum and the maximum."), _DELETE)
    if section.pattern is not None and section.type in ("text", "list") and not is_pattern(section.pattern):
        help = msg("Write a regular expression, like ^HT-[0-9]+$.")
        yield Fault((*path, "pattern"), msg("The pattern can't be read."), help)


def is_pattern(text: str) -> bool:
    try:
        TypeAdapter(Annotated[str, Field(pattern=text)])
    except SchemaError:
        return False
    return True


def choice_faults(path: Path, section: FieldSection) -> Iterator[Fault]:
    if "choices" in section.model_fields_set and not section.choices:
        yield Fault((*path, "choices"), msg("“{key}” names no value.", key="choices"), _DELETE)
    if section.choices and section.kind:
        yield Fault((*path, "choices"), msg("A reference has the entries of its kind as choices."), _DELETE)
    if section.pattern and (section.kind or section.choices):
        message = msg("“{key}” is for texts that are neither references nor choices.", key="pattern")
        yield Fault((*path, "pattern"), message, _DELETE)
    taken: dict[str, str] = {}
    for name, labels in section.choices.items():
        for spelling in {name.lower(), *(text.lower() for text in labels.values())}:
            other = taken.setdefault(spelling, name)
            if other != name:
                message = msg(
                    "“{spelling}” would be read as {one} and as {other}.", spelling=spelling, one=other, other=name
                )
                yield Fault((*path, "choices", name), message, msg("Give the two values different names and labels."))
                break


def reference_faults(path: Path, kind: str, section: FieldSection, config: Config) -> Iterator[Fault]:
    if section.kind is not None and section.kind not in all_kinds(config):
        message = msg("There is no kind “{kind}”.", kind=section.kind)
        yield Fault((*path, "kind"), message, meant(section.kind, all_kinds(config)), word=section.kind)
    if section.kind is None and section.type == "reference":
        help = msg('Add for example: kind = "customer".')
        yield Fault(path, msg("A reference must say of which kind it is."), help, "kind")
    if section.acyclic and section.type in ("reference", "list") and section.kind != kind:
        message = msg("“{key}” is for references to entries of the same kind.", key="acyclic")
        yield Fault((*path, "acyclic"), message, msg('Write kind = "{kind}", or delete the line.', kind=kind))


# What only the whole schema can judge


def use_faults(kind: KindSchema, section: KindSection) -> Iterator[Fault]:
    """Fields that a kind's section names, although there are none such, or not for this."""
    path = ("kinds", kind.name)
    for key, name in section.keys.items():
        if name not in kind.fields:
            yield no_field(kind, (*path, "keys", key), name)
    standard = {spec.name for spec in standard_schema()[kind.name].conditions} if kind.name in FOLDERS else set()
    for name in section.optional:
        if name not in kind.fields:
            yield no_field(kind, (*path, "optional"), name)
        elif name not in standard:
            yield Fault(
                (*path, "optional"),
                msg("“{name}” can't be made optional.", name=name),
                msg('Say what is read where it is missing: missing = { {name} = "…" }.', name=name)
                if kind.fields[name].required
                else msg("It is optional already; delete it from the list."),
            )
    for name, template in section.missing.items():
        if name not in kind.fields:
            yield no_field(kind, (*path, "missing", name), name)
        elif reason := missing_fault(kind, kind.fields[name], template):
            yield unfit((*path, "missing", name), reason)


def no_field(kind: KindSchema, path: Path, name: str) -> Fault:
    message = msg("A {kind} has no field “{name}”.", kind=kind.label, name=name)
    return Fault(path, message, meant(name, [*kind.fields]), word=name)


def missing_fault(kind: KindSchema, spec: FieldSpec, template: str) -> Message | None:
    """Why a text can't stand for a field that a file doesn't have."""
    if spec.name == "id" or spec.type == "mapping":
        return msg("this field can't be made up")
    slots = _SLOT.findall(template)
    if unknown := [slot for slot in slots if slot not in SLOTS]:
        return msg("{unknown} isn't known; known are {known}", unknown=unknown[0], known=list(SLOTS))
    return None if slots or fits(kind, spec, template) else msg("the field can't have this value")


def value_faults(kind: KindSchema, config: Config) -> Iterator[Fault]:
    """Defaults that their fields can't have, and labels that mean another field already."""
    places = {(each, field_name(key) if path[0] == "kinds" else key): path for path, each, key, _ in sections(config)}
    spellings = {spelling.lower(): spec.name for spec in reversed([*kind.fields.values()]) for spelling in names(spec)}
    for name, section in own_sections(config, kind.name).items():
        path = places[kind.name, name]
        spec = kind.fields[name]
        if section.default is not None and not fits(kind, spec, section.default):
            yield unfit((*path, "default"), msg("the field can't have this value"))
        for spelling in names(spec):
            other = spellings[spelling.lower()]
            if other != name and "label" in section.model_fields_set:
                message = msg("“{label}” means the field {other} already.", label=spelling, other=other)
                yield Fault((*path, "label"), message, msg("Give one of the two another label."))
                break


def names(spec: FieldSpec) -> Iterable[str]:
    return (spec.name, *spec.label.spellings)


def fits(kind: KindSchema, spec: FieldSpec, value: Any) -> bool:
    """Whether a field can have a value that `tobkit.toml` gives."""
    info = kind.model.model_fields[spec.name]
    try:
        adapter: TypeAdapter[Any] = TypeAdapter(Annotated[(info.annotation, *info.metadata)])  # type: ignore[arg-type]
        adapter.validate_python(prepared(spec, value))
    except ValueError:  # pydantic's ValidationError is one
        return False
    return True


def prepared(spec: FieldSpec, value: Any) -> Any:
    """A value of `tobkit.toml` as the model takes it. Raises ValueError where it can't."""
    if spec.many:
        items = value if isinstance(value, tuple) else str(value).split(spec.separator or "\0")
        return tuple(text_of(spec, str(item).strip()) for item in items)
    match spec.type:
        case "date":
            return value if isinstance(value, date) else date.fromisoformat(str(value))
        case "integer" | "number":
            return str(value) if isinstance(value, bool) else value
        case "boolean":
            return BOOLEANS.get(str(value).lower(), value)
    return text_of(spec, str(value))


def text_of(spec: FieldSpec, text: str) -> str:
    """A text as the value that it is read as."""
    return spec.words.get(text) or (text if spec.choices is None else spec.readings.get(text.lower(), text))
