"""Modules: the list of them, and what each is asked for."""

from datetime import date
from typing import NamedTuple

from markupsafe import Markup

from tobkit.model.kinds import INCIDENT_STATUS, MODULE_STATUS, RELATION, SEVERITY, Customer, Module, Organisation
from tobkit.site.contexts.backlog import behind
from tobkit.site.contexts.facts import Facts, Link, Named, Row


class ModuleRow(NamedTuple):
    """A module in the list; `needs` are open ones, `blocked` those of the first tier."""

    link: Link
    status: Named
    owner: str
    needs: int
    blocked: int
    arr: float
    delivered: int
    incidents: int
    users: int


class Trouble(NamedTuple):
    id: str
    date: date
    title: str
    lang: str
    severity: str
    status: str
    minutes: float | None


class ModulePage(NamedTuple):
    id: str
    name: str
    lang: str
    status: Named
    owner: str
    replaced_by: Link | None
    arr: float
    users: tuple[Link, ...]
    rivals: tuple[tuple[Link, str], ...]
    html: Markup
    body_lang: str
    open_needs: tuple[Row, ...]
    delivered: tuple[Row, ...]
    closed: tuple[Row, ...]
    incidents: tuple[Trouble, ...]
    edit: str


def modules(facts: Facts) -> tuple[ModuleRow, ...]:
    """All modules, the most asked for first."""
    rows = [module_row(facts, module) for module in facts.pool.modules.values()]
    return tuple(sorted(rows, key=lambda row: (row.status.name == "removed", -row.needs, row.link.text)))


def module_row(facts: Facts, module: Module) -> ModuleRow:
    groups = facts.groups_by_module.get(module.id, ())
    ranked = [group for group in groups if group.id in facts.ranked]
    return ModuleRow(
        facts.link("module", module.id),
        Named(module.status, facts.label(MODULE_STATUS, module.status)),
        facts.person(module.owner),
        len(ranked),
        sum(1 for group in ranked if facts.ranked[group.id].tier == 1),
        behind(facts, (group.id for group in ranked)),
        sum(1 for group in groups if facts.pool.stage(group.canonical) == "delivered"),
        len(facts.incidents_by_module.get(module.id, ())),
        sum(1 for one in facts.pool.linked(module, Customer, "uses") if one.live),
    )


def module_page(facts: Facts, module_id: str, edit: str = "") -> ModulePage:
    """The page of a module."""
    module = facts.pool.modules[module_id]
    rows = [facts.rows[group.id] for group in facts.groups_by_module.get(module_id, ())]
    ranked = tuple(row for row in rows if row.rank)
    users = sorted(facts.pool.linked(module, Customer, "uses"), key=lambda one: (-(one.arr or 0.0), one.id))
    rivals = facts.pool.linked(module, Organisation, "overlaps")
    return ModulePage(
        id=module_id,
        name=module.name,
        lang=facts.lang(module.name),
        status=Named(module.status, facts.label(MODULE_STATUS, module.status)),
        owner=facts.person(module.owner),
        replaced_by=facts.link("module", module.replaced_by) if module.replaced_by else None,
        arr=behind(facts, (row.id for row in ranked)),
        users=tuple(facts.link("customer", one.id) for one in users if one.live),
        rivals=tuple((facts.link("organisation", one.id), facts.label(RELATION, one.relation)) for one in rivals),
        html=facts.body(module, "../"),
        body_lang=facts.lang(module.body),
        open_needs=ranked,
        delivered=tuple(row for row in rows if row.status.stage == "delivered"),
        closed=tuple(row for row in rows if row.status.stage in ("parked", "declined")),
        incidents=tuple(
            Trouble(
                one.id,
                one.date,
                one.title,
                facts.lang(one.title),
                facts.label(SEVERITY, one.severity),
                facts.label(INCIDENT_STATUS, one.status),
                one.minutes,
            )
            for one in facts.incidents_by_module.get(module_id, ())
        ),
        edit=edit,
    )
