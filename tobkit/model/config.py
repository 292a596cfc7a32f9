"""The workspace's configuration, `tobkit.toml`, as typed values."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator
from pydantic_core import PydanticCustomError

from tobkit.model.kinds import SOURCE, STATUS

SIGNALS = {
    "reach": 25.0,
    "revenue": 20.0,
    "risk": 15.0,
    "promise": 10.0,
    "standard": 10.0,
    "stability": 10.0,
    "age": 5.0,
    "voice": 5.0,
}

Language = Literal["zh", "en"]
Weight = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Word = Annotated[str, Field(min_length=1)]
Labels = dict[Language, Word]
Limit = Annotated[float, Field(allow_inf_nan=False)]


def folder_inside(path: Any) -> str:
    """A folder's path in its plain form, `.` for the folder itself. Raises where it may lead out."""
    if not isinstance(path, str):
        raise PydanticCustomError("string_type", "not text")
    parts = path.replace("\\", "/").split("/")
    if not path.strip() or path.startswith(("/", "\\")) or ":" in parts[0] or ".." in parts or "\0" in path:
        raise PydanticCustomError("inside", "not a folder below the workspace")
    return "/".join(part for part in parts if part not in ("", ".")) or "."


def in_a_list(value: Any) -> Any:
    """One text as a list of one."""
    return (value,) if isinstance(value, str) else value


def as_table(value: Any) -> Any:
    """A list of names as the table that says nothing more of each."""
    if not isinstance(value, (list, tuple)):
        return value
    if not all(isinstance(name, str) and name for name in value):
        raise PydanticCustomError("names", "not a list of names")
    return {name: {} for name in value}


def standing_for(value: Any) -> Any:
    """What a status stands for, said by its name alone, as the table that says the same."""
    return {"stands_for": value} if isinstance(value, str) else value


Folder = Annotated[str, BeforeValidator(folder_inside)]


class Section(BaseModel):
    """A table of `tobkit.toml`; unknown keys are errors, so that a misspelling is never silently ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid", protected_namespaces=())


class PoolSection(Section):
    path: Folder = "pool"
    regions: tuple[str, ...] = ()
    currency: Annotated[str, Field(min_length=1, max_length=8)] = "CNY"
    timezone: str = "UTC"

    @field_validator("timezone")
    @classmethod
    def known_timezone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            raise PydanticCustomError("timezone", "unknown time zone") from None
        return name

    def below(self, path: str) -> str:
        """The path below the workspace of what lies at `path` below the pool's folder."""
        return path if self.path == "." else f"{self.path}/{path}" if path else self.path

    def inner(self, path: str) -> str | None:
        """The path below the pool's folder of what lies at `path` below the workspace; None for what lies elsewhere."""
        if self.path == ".":
            return path
        return path.removeprefix(f"{self.path}/") if path.startswith(f"{self.path}/") else None


class PersonSection(Section):
    name: str
    team: Annotated[str, SOURCE] | None = None


class SiteSection(Section):
    title: str = ""
    language: Language = "zh"
    languages: tuple[Language, ...] = ()
    base_url: str = ""
    repository: str = ""
    publish: Literal["public", "internal"] = "public"
    markdown: Literal["comrak", "python-markdown"] = "comrak"
    markdown_extensions: tuple[Annotated[str, Field(pattern=r"^[a-z0-9_]+$")], ...] = ()
    accent: Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")] | None = None
    logo: str = ""
    nav: tuple[dict[str, str], ...] = ()
    footer: str = ""
    public_terms: tuple[str, ...] = ()


class RankSection(Section):
    weights: dict[str, Weight] = {}

    @field_validator("weights")
    @classmethod
    def known_signals(cls, weights: dict[str, float]) -> dict[str, float]:
        for name in weights:
            if name not in SIGNALS:
                raise PydanticCustomError("signal", "unknown signal", {"name": name, "known": list(SIGNALS)})
        return weights

    @property
    def all_weights(self) -> dict[str, float]:
        """Every signal's weight: the team's own, else the standard one."""
        return {**SIGNALS, **self.weights}


class LevelsSection(Section):
    """Which rules don't apply, and how bad the findings of others are."""

    disable: tuple[str, ...] = ()
    severity: dict[str, Literal["error", "warning", "info"]] = {}


class CheckSection(LevelsSection):
    """The levels of the whole workspace, and other ones by glob for the files that it matches."""

    paths: dict[str, LevelsSection] = {}


class StatusSection(Section):
    stands_for: Annotated[str, STATUS]
    label: dict[Language, str] = {}


class WorkflowSection(Section):
    transitions: dict[str, tuple[str, ...]] = {}
    statuses: dict[str, StatusSection] = {}


class EscalationSection(Section):
    decider: str = ""
    days: tuple[Annotated[int, Field(gt=0)], Annotated[int, Field(gt=0)], Annotated[int, Field(gt=0)]] = (7, 14, 30)


class DedupeSection(Section):
    threshold: Annotated[float, Field(ge=0, le=1)] | None = None
    synonyms: tuple[tuple[str, ...], ...] = ()


class FieldSection(Section):
    """A team's own field. What `any` holds is read as text, whatever its shape."""

    type: Literal["text", "integer", "number", "boolean", "date", "list", "reference", "any"] = "text"
    required: bool | tuple[str, ...] = False
    choices: Annotated[dict[Word, Labels], BeforeValidator(as_table)] = {}
    pattern: str | None = None
    minimum: Limit | None = None
    maximum: Limit | None = None
    unique: bool = False
    default: str | int | float | bool | date | tuple[str, ...] | None = None
    separator: Word | None = None
    label: Labels = {}
    audience: Literal["internal", "public"] = "internal"
    kind: str | None = None
    acyclic: bool = False


class KindStatusSection(Section):
    """A status of a kind's own: which standard one it stands for, where the kind has some."""

    stands_for: str | None = None
    label: Labels = {}


class KindSection(Section):
    """Where a kind's entries are and how they are written, for a built-in kind or a new one."""

    folder: Folder | None = None
    files: Annotated[tuple[Word, ...], BeforeValidator(in_a_list)] = ()
    prefix: str | None = None
    id: Literal["key", "file", "folder"] = "key"
    keys: dict[str, str] = {}
    statuses: Annotated[
        dict[Word, Annotated[KindStatusSection, BeforeValidator(standing_for)]], BeforeValidator(as_table)
    ] = {}
    optional: tuple[str, ...] = ()
    missing: dict[str, str] = {}
    separator: Word | None = None
    fields: dict[Word, FieldSection] = {}
    label: Labels = {}


class Config(Section):
    """All of `tobkit.toml`."""

    pool: PoolSection = PoolSection()
    people: dict[str, PersonSection] = {}
    site: SiteSection = SiteSection()
    rank: RankSection = RankSection()
    check: CheckSection = CheckSection()
    workflow: WorkflowSection = WorkflowSection()
    escalation: EscalationSection = EscalationSection()
    dedupe: DedupeSection = DedupeSection()
    fields: dict[str, dict[str, FieldSection]] = {}
    kinds: dict[str, KindSection] = {}

    def person(self, name: str | None) -> str:
        """What to call a person: the name in `[people]`, else the id itself."""
        if not name:
            return ""
        known = self.people.get(name)
        return known.name if known else name

    def date_at(self, moment: datetime) -> date:
        """The date that it is in the pool's time zone."""
        return moment.astimezone(ZoneInfo(self.pool.timezone)).date()
