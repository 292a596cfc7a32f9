"""The To-B rules: what customers were promised, why they left, and whether claims have evidence."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from unicodedata import normalize

from tobkit.check.facts import Facts, called, day_of, shown
from tobkit.messages import msg, msg_n
from tobkit.model.diagnostics import Diagnostic, Rule, Severity
from tobkit.model.kinds import CLOSED, Note, Promise, Requirement
from tobkit.store.frontmatter import locate
from tobkit.store.reading import read_date

LOST_WITHOUT_TRACE = Rule("TOB501", "churned customer without where to and when", Severity.WARNING)
UNAPPROVED_PROMISE = Rule("TOB502", "promise without approval", Severity.WARNING)
OVERDUE_PROMISE = Rule("TOB503", "promise overdue", Severity.WARNING, today_dependent=True)
HOPELESS_PROMISE = Rule("TOB504", "open promise on closed work", Severity.WARNING)
NO_COMPETITOR = Rule("TOB505", "wins deals, but from whom?", Severity.INFO)
NO_REPLACEMENT = Rule("TOB506", "deprecated module without replacement", Severity.WARNING)
DUE_BEFORE_PLANNED = Rule("TOB507", "promise due before its requirement is planned", Severity.WARNING)
FILED_TWICE = Rule("TOB508", "one need filed twice for a customer", Severity.WARNING)

BEGUN = frozenset({"accepted", "building", "delivered"})


def lost_without_trace(facts: Facts) -> Iterator[Diagnostic]:
    """Of a customer who left we write down when, and to whom.

    Why: that is what the reports on lost customers, and the next conversation about a competitor, are made from.

    Bad:
        customers/northwind.md
            status: churned
                    ^^^^^^^

    Good:
        customers/northwind.md
            status: churned
            lost_to: piaoshui
            lost_on: 2026-02-28

    Fix: add `lost_to` (the competitor's id) and `lost_on`.
    """
    for customer in facts.pool.customers.values():
        if customer.status != "churned":
            continue
        missing = [
            field
            for field in ("lost_to", "lost_on")
            if getattr(customer, field) is None and not facts.faulty(customer, field)
        ]
        if missing:
            yield Diagnostic.of(
                LOST_WITHOUT_TRACE,
                customer.path,
                locate(customer, "status"),
                msg(
                    "{customer} has left, but these keys are missing: {missing}.",
                    customer=called(customer),
                    missing=missing,
                ),
                msg("Add lost_to (the id of whom they went to) and lost_on (the date)."),
            )


def requirement_of(facts: Facts, promise: Promise) -> Requirement | None:
    """The requirement that a promise comes to: that which the promised one was merged into."""
    requirements = facts.pool.requirements
    return requirements.get(facts.pool.canonical(promise.requirement)) if promise.requirement else None


def open_promises(facts: Facts) -> Iterator[tuple[Promise, Requirement, str | None]]:
    """Every open promise with the requirement that it comes to, and that one's stage."""
    for promise in facts.pool.promises.values():
        if promise.status == "open":
            requirement = requirement_of(facts, promise)
            if requirement is not None:
                yield promise, requirement, facts.stage(requirement)


def unapproved_promise(facts: Facts) -> Iterator[Diagnostic]:
    """A promise on what isn't accepted yet carries the name of the one who approved it.

    Why: otherwise sales decide what is built. Such a promise doesn't count in the order until it is approved.

    Bad:
        requirements/REQ-00000a.md
            status: new
        promises/PRM-00000a.md
            requirement: REQ-00000a
                         ^^^^^^^^^^

    Good:
        requirements/REQ-00000a.md
            status: new
        promises/PRM-00000a.md
            requirement: REQ-00000a
            approved_by: lilei

    Fix: add `approved_by`, or accept the requirement, or withdraw the promise.
    """
    for promise, requirement, stage in open_promises(facts):
        if (
            promise.approved_by is None
            and stage is not None
            and stage not in BEGUN
            and stage not in CLOSED
            and not facts.faulty(promise, "approved_by")
        ):
            yield Diagnostic.of(
                UNAPPROVED_PROMISE,
                promise.path,
                locate(promise, "requirement"),
                msg(
                    "Promised without approval: {requirement} is still {status}.",
                    requirement=called(requirement),
                    status=shown(facts.pool.schema.statuses, requirement.status),
                ),
                msg("Add approved_by (someone from customer success or product), or withdraw the promise."),
            )


def overdue_promise(facts: Facts) -> Iterator[Diagnostic]:
    """An open promise isn't past its date.

    Why: the customer knows the date. As the answer depends on the day, this is never more than a warning unless
    `[check] severity` makes it one.

    Bad:
        promises/PRM-00000a.md
            due: 2026-01-31
                 ^^^^^^^^^^

    Good:
        promises/PRM-00000a.md
            due: 2026-01-31
            status: kept

    Fix: set the status to `kept` or `broken`, or agree on a new date with the customer.
    """
    for promise in facts.pool.promises.values():
        due = day_of(promise, "due")
        if due is None or due >= facts.today or promise.status != "open":
            continue
        requirement = requirement_of(facts, promise)
        delivered = requirement is not None and facts.stage(requirement) == "delivered"
        yield Diagnostic.of(
            OVERDUE_PROMISE,
            promise.path,
            locate(promise, "due"),
            msg("The promise was due on {due} and is still open.", due=due),
            msg("{requirement} is delivered: tell the customer and set the status to kept.", requirement=requirement.id)
            if delivered and requirement is not None
            else msg("Speak with the customer, then set a new date, or the status to kept or broken."),
        )


def hopeless_promise(facts: Facts) -> Iterator[Diagnostic]:
    """No promise stays open on a requirement that was parked or declined.

    Why: the customer waits for what nobody works on.

    Bad:
        requirements/REQ-00000a.md
            status: declined
            module: e-invoicing
            owner: lilei
            reason: The tax office offers it itself.
        promises/PRM-00000a.md
            requirement: REQ-00000a
                         ^^^^^^^^^^

    Good:
        requirements/REQ-00000a.md
            status: declined
            module: e-invoicing
            owner: lilei
            reason: The tax office offers it itself.
        promises/PRM-00000a.md
            requirement: REQ-00000a
            status: withdrawn

    Fix: tell the customer and set the promise to `withdrawn` or `broken`, or take the requirement up again.
    """
    for promise, requirement, stage in open_promises(facts):
        if stage in ("parked", "declined"):
            yield Diagnostic.of(
                HOPELESS_PROMISE,
                promise.path,
                locate(promise, "requirement"),
                msg(
                    "The promise is open, but {requirement} is {status}.",
                    requirement=called(requirement),
                    status=shown(facts.pool.schema.statuses, requirement.status),
                ),
                msg("Tell the customer and withdraw the promise, or take the requirement up again."),
            )


def no_competitor(facts: Facts) -> Iterator[Diagnostic]:
    """Whoever says that something wins deals names the competitor it is won from.

    Why: without one the claim doesn't count, and the entry doesn't reach the second tier.

    Bad:
        requirements/REQ-00000a.md
            impact:
              - wins-deals
                ^^^^^^^^^^

    Good:
        requirements/REQ-00000a.md
            impact:
              - wins-deals
            competitors:
              - piaoshui

    Fix: add `competitors` with the id of the organisation.
    """
    entries: list[Requirement | Note] = [*facts.pool.requirements.values(), *facts.pool.notes.values()]
    for entry in entries:
        if "wins-deals" not in entry.impact or entry.competitors or facts.faulty(entry, "competitors"):
            continue
        if isinstance(entry, Requirement) and facts.stage(entry) in CLOSED:
            continue
        yield Diagnostic.of(
            NO_COMPETITOR,
            entry.path,
            locate(entry, "impact", entry.impact.index("wins-deals")),
            msg("wins-deals needs evidence: no competitor is named."),
            msg("Add a line “competitors: …” with the id of whom deals are lost to or won from."),
        )


def no_replacement(facts: Facts) -> Iterator[Diagnostic]:
    """A function that is being retired while customers still use it says what replaces it.

    Why: somebody has to tell them where to go, and they will ask.

    Bad:
        modules/tax-disk.md
            status: deprecated
                    ^^^^^^^^^^
        customers/northwind.md
            uses:
              - tax-disk

    Good:
        modules/tax-disk.md
            status: deprecated
            replaced_by: e-invoicing
        customers/northwind.md
            uses:
              - tax-disk

    Fix: add `replaced_by` with the module that takes over.
    """
    users: dict[str, int] = {}
    for customer in facts.pool.customers.values():
        if customer.live:
            for module_id in customer.uses:
                users[module_id] = users.get(module_id, 0) + 1
    for module in facts.pool.modules.values():
        n = users.get(module.id, 0)
        if (
            module.status == "deprecated"
            and module.replaced_by is None
            and n
            and not facts.faulty(module, "replaced_by")
        ):
            yield Diagnostic.of(
                NO_REPLACEMENT,
                module.path,
                locate(module, "status"),
                msg_n(
                    "{n} live customer still uses this module, and nothing replaces it.",
                    "{n} live customers still use this module, and nothing replaces it.",
                    n,
                ),
                msg("Add a line “replaced_by: …” with the module that takes over."),
            )


def due_before_planned(facts: Facts) -> Iterator[Diagnostic]:
    """An open promise isn't due before the day, or the end of the month or quarter, for which its requirement is planned.

    Why: the promise will be broken, and nobody has told the customer yet.

    Bad:
        requirements/REQ-00000a.md
            status: accepted
            module: e-invoicing
            owner: lilei
            planned: 2026-Q4
        promises/PRM-00000a.md
            requirement: REQ-00000a
            due: 2026-11-30
                 ^^^^^^^^^^

    Good:
        requirements/REQ-00000a.md
            status: accepted
            module: e-invoicing
            owner: lilei
            planned: 2026-Q4
        promises/PRM-00000a.md
            requirement: REQ-00000a
            due: 2026-12-31

    Fix: plan the requirement earlier, or agree on a later date with the customer.
    """
    for promise, requirement, stage in open_promises(facts):
        due, planned = day_of(promise, "due"), requirement.planned
        if due is None or planned is None or stage in CLOSED:
            continue
        end = planned_by(planned)
        if end is not None and due < end:
            yield Diagnostic.of(
                DUE_BEFORE_PLANNED,
                promise.path,
                locate(promise, "due"),
                msg(
                    "The promise is due on {due}, but {requirement} is planned for {planned}.",
                    due=due,
                    requirement=called(requirement),
                    planned=planned,
                )
                if planned == end.isoformat()
                else msg(
                    "The promise is due on {due}, but {requirement} is planned for {planned}, which ends on {end}.",
                    due=due,
                    requirement=called(requirement),
                    planned=planned,
                    end=end,
                ),
                msg("Plan the requirement earlier, or agree on a later date with the customer."),
            )


_QUARTER = re.compile(r"(\d{4})\s*[-年/.]?\s*(?:[Qq]([1-4])|第?([1-4一二三四])季度)")
_MONTH = re.compile(r"(\d{4})\s*[-年/.]\s*(1[0-2]|0?[1-9])\s*月?")


def planned_by(text: str) -> date | None:
    """The last day of what `planned` names: a date, a month or a quarter; None for anything else, as a version."""
    text = text.strip()
    if quarter := _QUARTER.fullmatch(text):
        number = quarter[2] or quarter[3]
        return last_day(int(quarter[1]), 3 * (int(number) if number.isdecimal() else "一二三四".index(number) + 1))
    if month := _MONTH.fullmatch(text):
        return last_day(int(month[1]), int(month[2]))
    return read_date(text)


def last_day(year: int, month: int) -> date | None:
    """The last day of a month; None for the year 0."""
    if not date.min.year <= year < date.max.year:
        return None
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def filed_twice(facts: Facts) -> Iterator[Diagnostic]:
    """One need of one customer is one open requirement: no two that a customer is named in have the same title but for the
    order of the words, capitals, punctuation and courtesies.

    Why: the need is ranked twice, each time with half of its evidence. Needs that are only similar are what
    `tobkit dedupe` finds.

    Bad:
        requirements/REQ-00000a.md
            title: 批量导出发票
            date: 2026-02-01
            customers:
              - acme
        requirements/REQ-00000b.md
            title: 希望支持发票的批量导出！
                   ^^^^^^^^^^^^
            date: 2026-03-01
            customers:
              - acme

    Good:
        requirements/REQ-00000a.md
            title: 批量导出发票
            date: 2026-02-01
            customers:
              - acme
        requirements/REQ-00000b.md
            title: 希望支持发票的批量导出！
            date: 2026-03-01
            duplicate_of: REQ-00000a
            customers:
              - acme

    Fix: merge them (`tobkit merge KEEP DUPLICATE`), or declare them different (`tobkit distinct A B`).
    """
    first: dict[tuple[str, str], Requirement] = {}
    told: set[tuple[str, str]] = set()
    for requirement in sorted(open_requirements(facts), key=lambda each: (day_of(each, "date") or date.max, each.id)):
        key = title_key(requirement.title)
        for customer in requirement.customers if key else ():
            other = first.setdefault((customer, key), requirement)
            if other is requirement or (requirement.id, other.id) in told:
                continue
            told.add((requirement.id, other.id))
            if not are_distinct(requirement, other):
                yield Diagnostic.of(
                    FILED_TWICE,
                    requirement.path,
                    locate(requirement, "title"),
                    msg(
                        "{other} says the same, and was filed for {customer} too.",
                        other=called(other),
                        customer=customer,
                    ),
                    msg(
                        "Merge them: `tobkit merge {other} {id}`. If they are different needs: "
                        "`tobkit distinct {other} {id}`.",
                        other=other.id,
                        id=requirement.id,
                    ),
                )


def open_requirements(facts: Facts) -> Iterator[Requirement]:
    """The requirements for customers that are neither merged nor closed and have a title."""
    for requirement in facts.pool.requirements.values():
        if (
            requirement.customers
            and requirement.title
            and requirement.duplicate_of is None
            and facts.stage(requirement) not in CLOSED
        ):
            yield requirement


def are_distinct(a: Requirement, b: Requirement) -> bool:
    return a.id in b.not_duplicate_of or b.id in a.not_duplicate_of


_LATIN_WORD = re.compile(r"[a-z0-9]+")
_OTHER_LETTER = re.compile(r"[^\W\x00-\x7f]")
_SMALL_WORDS = frozenset({"a", "an", "the", "of", "to", "for", "in", "please", "support", "allow", "add"})
_COURTESIES = frozenset("客户希望需要求建议请能够可以支持增加新一下功的")
_FEWEST = 2


def title_key(title: str) -> str:
    """What two titles that say the same have in common: their words in order of the alphabet (of Chinese, the characters)."""
    plain = normalize("NFKC", title).casefold()
    said = sorted(word for word in _LATIN_WORD.findall(plain) if word not in _SMALL_WORDS)
    if not plain.isascii():
        said += sorted(char for char in _OTHER_LETTER.findall(plain) if char not in _COURTESIES)
    return " ".join(said) if len(said) >= _FEWEST else ""
