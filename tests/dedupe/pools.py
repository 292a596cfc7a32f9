"""Small pools in memory for the tests of duplicates."""

from collections.abc import Iterable, Sequence
from datetime import date

from tobkit.model.config import Config, DedupeSection
from tobkit.model.kinds import Customer, Entry, Module, Requirement
from tobkit.model.pool import Pool
from tobkit.model.schema import build_schema

SCHEMA = build_schema(Config())


def need(number: int | str, title: str, body: str = "", **fields: object) -> Requirement:
    """A requirement `REQ-00000N`, new unless said otherwise."""
    values = {"id": rid(number), "title": title, "body": body, "date": date(2026, 3, 1), "status": "new", **fields}
    return Requirement.model_validate(values)


def rid(number: int | str) -> str:
    return f"REQ-{number:0>6}"


def pool_of(
    entries: Iterable[Entry], *, synonyms: Sequence[Sequence[str]] = (), threshold: float | None = None
) -> Pool:
    section = DedupeSection(threshold=threshold, synonyms=tuple(tuple(line) for line in synonyms))
    return Pool(Config(dedupe=section), SCHEMA, entries)


def pool_with_titles(*titles: str) -> Pool:
    return pool_of(need(number, title) for number, title in enumerate(titles, 1))


def module(slug: str, name: str, *aliases: str) -> Module:
    return Module(id=slug, name=name, status="live", aliases=aliases)


def customer(slug: str, name: str, *aliases: str) -> Customer:
    return Customer(id=slug, name=name, tier="mid", status="active", aliases=aliases)


DUPLICATES = frozenset({(rid(1), rid(2)), (rid(3), rid(4)), (rid(5), rid(6)), (rid(7), rid(8))})


def bilingual() -> list[Requirement]:
    """Four needs said twice (in Chinese, in English, across both), and others in the same trade that differ."""
    return [
        need(1, "批量导出对账单", "每月要给三百多家门店导出对账单，只能一张一张点，希望一次全部导出。"),
        need(2, "对账单能不能一次全部导出", "财务每个月一张张导出对账单，要点两天。"),
        need(
            3,
            "Login page times out after five minutes",
            "Clerks are thrown out of the session while they type a long form.",
        ),
        need(4, "Session timeout on the login page is too short", "After five minutes clerks must log in again."),
        need(5, "审批流程支持按金额分级", "十万元以上的付款要总监审批，现在所有付款都走同一个流程。"),
        need(
            6,
            "Approval levels by amount",
            "Payments above 100,000 need the director; today every payment takes the same workflow.",
        ),
        need(
            7,
            "Remember the buyer's tax number when typing an invoice title",
            "We type the tax number by hand each time.",
        ),
        need(8, "录入发票抬头时自动带出税号", "税号每次都要手工查，经常填错。"),
        need(9, "发票作废要有原因", "税务抽查时说不清为什么作废。"),
        need(10, "Dark mode", "The night shift's eyes hurt."),
        need(11, "仓库盘点支持扫码", "现在是手抄条码。"),
        need(12, "Show the exchange rate that was used on the statement", "Auditors ask where the figure comes from."),
        need(13, "供应商付款日历", "哪天要付多少钱，看不到。"),
        need(14, "Archive projects", "Old projects clutter the list."),
    ]
