"""A team's own fields, statuses and kinds, as parts of the models that the schema is made of."""

import math
import re
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, ClassVar, cast

from pydantic import AfterValidator, Field

from tobkit.messages import Label
from tobkit.model.config import Config, FieldSection, KindSection, KindStatusSection
from tobkit.model.fields import Choices, Day, Ref, RequiredWhen, Text, Texts
from tobkit.model.kinds import STATUS, Entry

STATUS_LABEL = Label("状态", "Status", ("进度状态",))


class OwnEntry(Entry):
    """An entry of a kind that a team declared."""

    kind: ClassVar[str] = ""

    @property
    def label(self) -> str:
        """Its title or name where the kind has such a field, else the id."""
        return getattr(self, "title", None) or getattr(self, "name", None) or self.id


def own_kind(name: str) -> type[Entry]:
    """The model of a new kind, still without fields."""
    return cast(type[Entry], type(name, (OwnEntry,), {"kind": name, "__module__": __name__}))


# Fields


def own_fields(sections: Mapping[str, FieldSection]) -> dict[str, Any]:
    """Model fields for a team's own fields."""
    return {name: own_field(name, section) for name, section in sections.items()}


def own_field(name: str, section: FieldSection) -> Any:
    """A model field: its annotation and what it is where nothing is given."""
    kind = value_type(section)
    marks: list[Any] = [named(name, section.label)]
    if section.choices:
        marks.append(Choices({value: named(value, label) for value, label in section.choices.items()}))
    if section.kind:
        marks.append(Ref(section.kind))
    if isinstance(section.required, tuple):
        marks.append(RequiredWhen("status", frozenset(section.required)))
    if section.required is True:
        return (Annotated[(kind, *marks)], ...)
    if section.type == "list":
        return (Annotated[(kind, *marks)], ())
    return (Annotated[(kind | None, *marks)], None)


def value_type(section: FieldSection) -> Any:
    """The type of a field's values, with their limits."""
    match section.type:
        case "integer":
            lowest = None if section.minimum is None else math.ceil(section.minimum)
            highest = None if section.maximum is None else math.floor(section.maximum)
            return Annotated[int, Field(ge=lowest, le=highest)]
        case "number":
            return Annotated[float, Field(ge=section.minimum, le=section.maximum, allow_inf_nan=False)]
        case "boolean":
            return bool
        case "date":
            return Day
        case "list":
            items = tuple[Annotated[Text, Field(pattern=section.pattern)], ...] if section.pattern else Texts
            return Annotated[items, AfterValidator(not_empty)] if section.required is True else items
        case _:
            return Annotated[Text, Field(pattern=section.pattern)] if section.pattern else Text


def not_empty(items: tuple[str, ...]) -> tuple[str, ...]:
    """The items of a list that must have some. Raises ValueError where it has none."""
    if not items:
        raise ValueError("empty")
    return items


def named(name: str, label: Mapping[Any, str]) -> Label:
    return Label(label.get("zh", name), label.get("en", name))


_NOT_IN_NAMES = re.compile(r"\W+")


def field_name(key: str) -> str:
    """What a field is called whose key in the files may be anything: `discussions_to` for `Discussions-To`."""
    return _NOT_IN_NAMES.sub("_", key.strip().lower()).strip("_")


def own_sections(config: Config, kind: str) -> dict[str, FieldSection]:
    """A kind's own fields by name, those of `[fields]` and those of `[kinds]`, which are named as files name them."""
    section = config.kinds.get(kind)
    below = {} if section is None else {field_name(key): own_labelled(key, own) for key, own in section.fields.items()}
    return {**config.fields.get(kind, {}), **below}


def own_labelled(key: str, section: FieldSection) -> FieldSection:
    """A field whose name in the files is its label, unless it has one."""
    return (
        section
        if section.label or key == field_name(key)
        else section.model_copy(update={"label": {"zh": key, "en": key}})
    )


def own_keys(section: KindSection) -> dict[str, str]:
    """The field that each key means which isn't called as its field."""
    derived = {key: field_name(key) for key in section.fields if key != field_name(key)}
    return {**derived, **section.keys}


# Statuses


def bare(pattern: str) -> str:
    """The status that a pattern such as `Inactive*` means."""
    return pattern.rstrip("*").strip()


def stages(config: Config) -> dict[str, str]:
    """Which of the seven statuses each of a team's own stands for."""
    found: dict[str, str] = {name: own.stands_for for name, own in config.workflow.statuses.items()}
    section = config.kinds.get("requirement")
    for name, status in (section.statuses if section else {}).items():
        found[bare(name)] = status.stands_for or bare(name)
    return {name: stage for name, stage in found.items() if name != stage}


def requirement_status(config: Config) -> Any:
    """The status field of requirements with a team's own statuses: beside the seven, or `[kinds]` instead of them.

    Each stands behind those that come before what it stands for.
    """
    section = config.kinds.get("requirement")
    instead = section.statuses if section else {}
    labels: dict[str, Label] = {} if instead else dict(STATUS.labels)
    for name, status in instead.items():
        labels[bare(name)] = named_as(bare(name), status)
    labels |= {name: named(name, own.label) for name, own in config.workflow.statuses.items()}
    order = {name: number for number, name in enumerate(STATUS.labels)}
    stage = {name: name for name in labels} | stages(config)
    in_order = sorted(labels, key=lambda name: order.get(stage[name], len(order)))
    return (Annotated[Text, Choices({name: labels[name] for name in in_order}), STATUS_LABEL], ...)


def named_as(name: str, status: KindStatusSection) -> Label:
    """What a status is called: as a standard one of the same name unless it has labels."""
    return STATUS.labels[name] if name in STATUS.labels and not status.label else named(name, status.label)


def own_status(section: KindSection) -> Any:
    """The status field of a new kind, whose statuses stand for nothing else."""
    labels = {bare(name): named(bare(name), status.label) for name, status in section.statuses.items()}
    return (Annotated[Text, Choices(labels), STATUS_LABEL], ...)


def status_words(section: KindSection, standard: Iterable[str] = ()) -> dict[str, str]:
    """The status that each spelling means which isn't its name: words for standard ones, and patterns with `*`."""
    known = frozenset(standard)
    found = {}
    for name, status in section.statuses.items():
        means = status.stands_for if known and status.stands_for else bare(name)
        if means != name:
            found[name] = means
    return found
