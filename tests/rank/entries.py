"""Small entries for pools in memory; what a test doesn't name is neutral for the ranking."""

from datetime import date, timedelta
from typing import Any

from tobkit.model.config import Config
from tobkit.model.kinds import Customer, Entry, Incident, Module, Note, Promise, Requirement
from tobkit.model.pool import Pool
from tobkit.model.schema import build_schema
from tobkit.rank import Ranked, Ranking, rank

TODAY = date(2026, 6, 30)


def day(days: int) -> date:
    """So many days from today; negative ones are past."""
    return TODAY + timedelta(days=days)


CONFIG = Config()
SCHEMA = build_schema(CONFIG)


def pool(*entries: Entry, config: Config | None = None) -> Pool:
    return Pool(config, build_schema(config), entries) if config else Pool(CONFIG, SCHEMA, entries)


def req(name: str, *customers: str, model: Any = Requirement, **fields: Any) -> Requirement:
    """A requirement heard today, so that its age is 0."""
    given = {"title": name, "date": TODAY, "status": "triaged", **fields}
    made: Requirement = model(id=f"REQ-{name}", customers=customers, **given)
    return made


def note(name: str, customer: str | None, *requirements: str, **fields: Any) -> Note:
    named = tuple(f"REQ-{ref}" for ref in requirements)
    return Note(
        **{
            "id": f"NOTE-{name}",
            "date": TODAY,
            "source": "sales",
            "customer": customer,
            "requirements": named,
            **fields,
        }
    )


def customer(name: str, status: str = "active", tier: str = "mid", **fields: Any) -> Customer:
    return Customer(id=name, name=name.title(), status=status, tier=tier, **fields)


def module(name: str) -> Module:
    return Module(id=name, name=name.title(), status="live")


def promise(name: str, customer: str, requirement: str, due: int = 0, **fields: Any) -> Promise:
    """An approved open promise, due in so many days."""
    given = {"by": "li", "status": "open", "approved_by": "wang", "date": TODAY, **fields}
    return Promise(id=f"PRM-{name}", customer=customer, requirement=f"REQ-{requirement}", due=day(due), **given)


def incident(name: str, days: int, severity: str = "sev3", **fields: Any) -> Incident:
    """An incident so many days from today."""
    return Incident(id=f"INC-{name}", date=day(days), title=name, severity=severity, status="open", **fields)


def ranking(*entries: Entry, config: Config | None = None, weights: dict[str, float] | None = None) -> Ranking:
    return rank(pool(*entries, config=config), TODAY, weights)


def first(*entries: Entry, config: Config | None = None) -> Ranked:
    """The requirement `REQ-a` in the ranking of these entries."""
    return ranking(*entries, config=config).by_id["REQ-a"]


def order(*entries: Entry, config: Config | None = None, weights: dict[str, float] | None = None) -> list[str]:
    return [ranked.id.removeprefix("REQ-") for ranked in ranking(*entries, config=config, weights=weights).items]
