"""The workspace's configuration, `tobkit.toml`, as typed values."""

from datetime import date, datetime
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, field_validator
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


class Section(BaseModel):
    """A table of `tobkit.toml`; unknown keys are errors, so that a misspelling is never silently ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid", protected_namespaces=())


class PoolSection(Section):
    path: str = "pool"
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

    @field_validator("path")
    @classmethod
    def inside_workspace(cls, path: str) -> str:
        parts = path.replace("\\", "/").split("/")
        if path.startswith(("/", "\\")) or ":" in parts[0] or ".." in parts or path.strip(" ./") == "":
            raise PydanticCustomError("inside", "not a folder below the workspace")
        return "/".join(part for part in parts if part not in ("", "."))


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
    type: Literal["text", "integer", "number", "boolean", "date", "list", "reference"] = "text"
    required: bool | tuple[str, ...] = False
    choices: tuple[str, ...] | dict[str, dict[Language, str]] = ()
    pattern: str | None = None
    minimum: float | None = None
    maximum: float | None = None
    unique: bool = False
    default: str | int | float | bool | tuple[str, ...] | None = None
    label: dict[Language, str] = {}
    audience: Literal["internal", "public"] = "internal"
    kind: str | None = None
    acyclic: bool = False


class KindSection(Section):
    folder: str | None = None
    prefix: str | None = None
    keys: dict[str, str] = {}
    label: dict[Language, str] = {}
    id: Literal["key", "file"] = "key"
    files: str | None = None
    statuses: dict[str, str] = {}
    fields: dict[str, FieldSection] = {}


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
