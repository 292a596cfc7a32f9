"""The vocabulary in which a kind's fields are declared: labels in two languages, choices, references, dates.

These are annotations of pydantic fields. The same annotations drive reading (labels in Chinese are as good as canonical
names), validation, JSON Schema, forms, columns and the site.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, get_args, get_origin

from pydantic import Field, GetCoreSchemaHandler, Strict
from pydantic_core import CoreSchema, core_schema

from tobkit.messages import Label


@dataclass(frozen=True)
class Choices:
    """The values that a field may have, each with its label, in their natural order."""

    labels: dict[str, Label]

    def __init__(self, labels: dict[str, Label] | None = None, /, **named: tuple[str, str]) -> None:
        pairs = {name.replace("_", "-"): Label(*texts) for name, texts in named.items()}
        object.__setattr__(self, "labels", {**(labels or {}), **pairs})

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        one: CoreSchema = core_schema.literal_schema(list(self.labels))
        if get_origin(source) is tuple:
            return core_schema.tuple_variable_schema(one)
        return core_schema.nullable_schema(one) if type(None) in get_args(source) else one

    def __hash__(self) -> int:
        return hash(tuple(self.labels))

    def __iter__(self) -> Iterator[str]:
        return iter(self.labels)

    def __contains__(self, name: str) -> bool:
        return name in self.labels

    def label(self, name: str, language: str) -> str:
        """The label of a value; an unknown value is its own label."""
        label = self.labels.get(name)
        return label[language] if label else name

    def index(self, name: str) -> int:
        """The place of a value in the natural order (first is 0)."""
        return list(self.labels).index(name)


@dataclass(frozen=True, slots=True)
class Ref:
    """The value is the id (or an alias) of an entry of this kind."""

    kind: str


@dataclass(frozen=True, slots=True)
class Person:
    """The value is one of `[people]`, where that is set; `teams` narrows it."""

    teams: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Region:
    """The value is one of `[pool] regions`, where that is set."""


@dataclass(frozen=True, slots=True)
class RequiredWhen:
    """The field is required while another field has one of these values."""

    field: str
    values: frozenset[str]


def required_when(field: str, *values: str) -> RequiredWhen:
    return RequiredWhen(field, frozenset(values))


Day = Annotated[date, Strict()]
Text = Annotated[str, Field(min_length=1)]
Amount = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Texts = tuple[Text, ...]
