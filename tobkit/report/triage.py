"""What waits for somebody, as text, as JSON and as Markdown; each item with the command that settles it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from shlex import quote as shell_quote
from typing import Any, NamedTuple

from tobkit.messages import Label, Message, Translator, msg, msg_n
from tobkit.model.kinds import CUSTOMER_STATUS, SOURCE, Customer, Note, Promise, Requirement
from tobkit.model.pool import Pool
from tobkit.model.schema import KIND_LABELS
from tobkit.rank import Ranked, money
from tobkit.rank.escalation import Escalation
from tobkit.rank.triage import AskedAgain, Cries, Doubt, Late, NoValue, Triage, Undecided, Waiting
from tobkit.report import markdown as md
from tobkit.report.diagnostics import visible
from tobkit.report.ranking import aligned, dumped, number, shortened

TITLE_WIDTH = 60
"""Cells of a terminal that a title may take."""

EXCERPT_WIDTH = 100
"""Cells that what a note says may take."""

NAMED = 4
"""Customers who are named before it is said how many more there are."""

REASONS = {
    Doubt.NOBODY: msg("No customer needs it any more"),
    Doubt.VAGUE: msg("Too vague to act on; welcome again with details"),
    Doubt.SILENT: msg("Asked once, and nobody has asked again"),
    Doubt.ONE_ACCOUNT: msg("One account's custom wish, nothing promised"),
}
"""What a suggested decision gives as its reason; of what was delivered none is needed, it is merged."""


@dataclass(frozen=True)
class Said:
    """A pool and a language: how things are called."""

    pool: Pool
    translator: Translator

    def __call__(self, message: Message | str) -> str:
        return self.translator.text(message)

    def customer(self, customer_id: str) -> str:
        customer = self.pool.customers.get(customer_id)
        return customer.name if customer else customer_id

    def speaker(self, note: Note) -> str:
        """Who said it; at risk or gone is said beside."""
        customer = self.pool.customers.get(note.customer or "")
        if customer is None:
            organisation = self.pool.organisations.get(note.organisation or "")
            return organisation.name if organisation else note.customer or note.organisation or ""
        if customer.status in ("at-risk", "churned"):
            status = CUSTOMER_STATUS.labels[customer.status]
            return self(msg("{name} ({detail})", name=customer.name, detail=status))
        return customer.name

    def owner(self, requirement: Requirement) -> str:
        return self.pool.config.person(requirement.owner) or self(msg("nobody"))

    def status(self, requirement: Requirement) -> str:
        return self.pool.schema.statuses.label(requirement.status, self.translator.language)

    def title(self, requirement_id: str) -> str:
        requirement = self.pool.requirements.get(requirement_id)
        return requirement.title if requirement else ""

    def money(self, amount: float) -> str:
        return money(amount, self.pool.config.pool.currency)

    def days(self, n: int) -> str:
        return self(msg_n("{n} day", "{n} days", n))

    def names(self, customers: Sequence[Customer]) -> str:
        """The first few customers, and how many more."""
        first = [customer.name for customer in customers[:NAMED]]
        more = len(customers) - len(first)
        if not more:
            return self.translator.shown(first)
        return self(msg_n("{names} and {n} more", "{names} and {n} more", more, names=first))

    def list(self, items: Iterable[str]) -> str:
        return self.translator("; ").join(items)


# Commands

_PLAIN_WORD = re.compile(r"[\w@%+=:,./-]+")


def quote(word: str) -> str:
    """A word of a command as a shell takes it; letters of any script need no quotes."""
    return word if _PLAIN_WORD.fullmatch(word) else shell_quote(word)


def attach(note: Note, requirement_id: str) -> str:
    """Say that a note is about a requirement."""
    return f"tobkit set {note.id} requirements+={requirement_id}"


def new_from(note: Note) -> str:
    """Make a requirement of a note; its title is for a person to give."""
    fields = [f"customers={note.customer}"] if note.customer else []
    fields += [f"source={note.source}", f"date={note.date}"]
    return " ".join(["tobkit new requirement", *(f"-f {quote(field)}" for field in fields)])


def settle(said: Said, one: NoValue) -> str:
    """Write the decision that is suggested; what must be given by a person stands in capitals."""
    requirement = one.ranked.group.canonical
    if one.delivered_as:
        return f"tobkit merge {one.delivered_as} {requirement.id}"
    reason = said(REASONS[one.reasons[0].doubt])
    missing = [f"{field}={field.upper()}" for field in ("module", "owner") if getattr(requirement, field) is None]
    return " ".join(["tobkit set", requirement.id, "status=declined", *missing, quote(f"reason={reason}")])


# JSON


def as_json(pool: Pool, triage: Triage, translator: Translator) -> str:
    """`{"today", "decider", "escalations", "inbox", "no_value", "undecided", "late", "overdue_promises", "asked_again",
    "needs_evidence", "urgent_by_source"}`; its keys are part of the pool's contract, texts are in the user's language.
    """
    said = Said(pool, translator)
    return dumped(
        {
            "today": triage.today.isoformat(),
            "decider": triage.decider or None,
            "escalations": [escalation_record(said, triage, one) for one in triage.escalations],
            "inbox": [
                {
                    "note": one.note.id,
                    "date": one.note.date.isoformat(),
                    "days": one.days,
                    "customer": one.note.customer,
                    "organisation": one.note.organisation,
                    "nearest": [{"id": near.id, "score": near.score} for near in one.nearest],
                    "commands": [*(attach(one.note, near.id) for near in one.nearest), new_from(one.note)],
                }
                for one in triage.inbox
            ],
            "no_value": [
                {
                    **place(one.ranked),
                    "reasons": [
                        {"doubt": reason.doubt.value, "text": said(reason.message), "other": reason.other}
                        for reason in one.reasons
                    ],
                    "command": settle(said, one),
                }
                for one in triage.no_value
            ],
            "undecided": [{**place(one.ranked), "days": one.days} for one in triage.undecided],
            "late": [
                {**place(one.ranked), "planned": one.planned.isoformat(), "days": one.days} for one in triage.late
            ],
            "overdue_promises": [promise_record(triage, one) for one in triage.overdue],
            "asked_again": [
                {
                    "id": one.requirement.id,
                    "title": one.requirement.title,
                    "status": one.requirement.status,
                    "closed": one.closed.isoformat(),
                    "again": [entry.id for entry in one.again],
                }
                for one in triage.asked_again
            ],
            "needs_evidence": [
                {
                    **place(one.ranked),
                    "claims": [
                        {"impact": each.impact, "entry": each.statement.entry.id, "message": said(each.message)}
                        for each in one.missing
                    ],
                }
                for one in triage.unproven
            ],
            "urgent_by_source": [{**one._asdict(), "share": one.share} for one in triage.cries],
        }
    )


def place(ranked: Ranked) -> dict[str, Any]:
    entry = ranked.group.canonical
    return {
        "id": ranked.id,
        "title": entry.title,
        "rank": ranked.rank,
        "tier": ranked.tier,
        "status": entry.status,
        "owner": entry.owner,
    }


def promise_record(triage: Triage, promise: Promise) -> dict[str, Any]:
    return {
        "id": promise.id,
        "requirement": promise.requirement,
        "customer": promise.customer,
        "by": promise.by,
        "due": promise.due.isoformat(),
        "days": (triage.today - promise.due).days,
    }


def escalation_record(said: Said, triage: Triage, one: Escalation) -> dict[str, Any]:
    return {
        **place(one.ranked),
        "days": one.stuck,
        "limit": one.limit,
        "promises": [promise_record(triage, promise) for promise in one.overdue],
        "customers": [customer.id for customer in one.waiting],
        "arr": number(one.revenue),
        "reasons": [said(reason) for reason in one.reasons(said.pool, triage.today)],
    }


# What both forms for people have


def summary(triage: Triage) -> list[Message]:
    """How much of what waits."""
    unowned = sum(one.unowned for one in triage.undecided)
    counts = [
        (msg_n("{n} escalation", "{n} escalations", len(triage.escalations)), len(triage.escalations)),
        (msg_n("{n} note in the inbox", "{n} notes in the inbox", len(triage.inbox)), len(triage.inbox)),
        (msg("{n} perhaps not worth doing", n=len(triage.no_value)), len(triage.no_value)),
        (
            msg("{n} undecided, {unowned} of them without an owner", n=len(triage.undecided), unowned=unowned),
            len(triage.undecided),
        ),
        (msg("{n} behind plan", n=len(triage.late)), len(triage.late)),
        (msg_n("{n} promise overdue", "{n} promises overdue", len(triage.overdue)), len(triage.overdue)),
        (msg("{n} asked for again", n=len(triage.asked_again)), len(triage.asked_again)),
        (msg("{n} with claims that need evidence", n=len(triage.unproven)), len(triage.unproven)),
    ]
    return [text for text, n in counts if n]


def headline(said: Said, triage: Triage) -> str:
    found = [said(one) for one in summary(triage)]
    if not found:
        return said(msg("{day}: nothing waits.", day=triage.today))
    return said(msg("{day}: {found}.", day=triage.today, found=said.list(found)))


def escalation_heading(said: Said, triage: Triage) -> str:
    if triage.decider:
        return said(msg("Escalations for {who} to decide", who=said.pool.config.person(triage.decider)))
    return said(msg("Escalations"))


def who_waits(said: Said, one: Escalation) -> str:
    """Which customers wait, and what they pay a year."""
    if not one.waiting:
        return said(msg("no customer waits"))
    values = {"names": said.names(one.waiting), "amount": said.money(one.revenue)}
    return said(
        msg_n(
            "{n} customer waits, {amount} a year: {names}",
            "{n} customers wait, {amount} a year: {names}",
            len(one.waiting),
            **values,
        )
    )


def reasons(said: Said, one: NoValue) -> str:
    return said.list(said(reason.message) for reason in one.reasons)


def promise_words(said: Said, triage: Triage, promise: Promise) -> str:
    return said(
        msg_n(
            "{who} was promised it by {due}, {n} day ago ({by})",
            "{who} was promised it by {due}, {n} days ago ({by})",
            (triage.today - promise.due).days,
            who=said.customer(promise.customer),
            due=promise.due,
            by=said.pool.config.person(promise.by),
        )
    )


def again_words(said: Said, one: AskedAgain) -> str:
    """Since when it is closed, and who asked since then."""
    who = dict.fromkeys(name for entry in one.again for name in askers(said, entry))
    values = {
        "status": said.status(one.requirement),
        "day": one.closed,
        "who": said.translator.shown(list(who)[:NAMED]),
    }
    return said(
        msg_n(
            "{status} since {day}, asked for once since then: {who}",
            "{status} since {day}, asked for {n} times since then: {who}",
            len(one.again),
            **values,
        )
    )


def askers(said: Said, entry: Requirement | Note) -> list[str]:
    return [said.speaker(entry)] if isinstance(entry, Note) else [said.customer(one) for one in entry.customers]


def source_label(said: Said, source: str) -> str:
    return SOURCE.label(source, said.translator.language)


Head = tuple[Message | Label, ...]

SOURCE_HEAD: Head = (
    msg("Department"),
    msg("Statements"),
    msg("“Blocks use”"),
    msg("Share"),
    msg("with evidence"),
)


def source_row(said: Said, one: Cries) -> list[str]:
    return [
        source_label(said, one.source),
        str(one.statements),
        str(one.urgent),
        f"{100 * one.share:.0f} %",
        str(one.counting),
    ]


# Text


def text(pool: Pool, triage: Triage, translator: Translator, *, top: int) -> str:
    """All lists for a person at a terminal, the first `top` items of each."""
    said = Said(pool, translator)
    blocks = [[headline(said, triage)], *sections(said, triage, top)]
    return "\n\n".join("\n".join(lines) for lines in blocks if lines)


Item = list[str]


def sections(said: Said, triage: Triage, top: int) -> Iterator[list[str]]:
    def section(heading: str, items: Sequence[Item], hint: str = "") -> list[str]:
        return headed(said, heading, items, top, hint)

    yield section(escalation_heading(said, triage), [escalation_item(said, triage, one) for one in triage.escalations])
    yield section(
        said(msg("Inbox: notes without a requirement")),
        [inbox_item(said, one) for one in triage.inbox],
        said(msg("Of a new requirement, put the id into the note: `tobkit set NOTE-… requirements+=REQ-…`.")),
    )
    yield section(
        said(msg("Perhaps not worth doing")),
        [
            [entry_line(one.ranked), f"    {visible(reasons(said, one))}", f"    {visible(settle(said, one))}"]
            for one in triage.no_value
        ],
        said(msg("Suggestions: whoever runs the command decides.")),
    )
    yield section(said(msg("Undecided")), [[undecided_line(said, one)] for one in triage.undecided])
    yield section(said(msg("Behind plan")), [[late_line(said, one)] for one in triage.late])
    yield section(
        said(msg("Promises overdue")),
        [
            [
                f"{one.id}  {one.requirement}  {brief(said.title(one.requirement))}",
                f"    {visible(promise_words(said, triage, one))}",
            ]
            for one in triage.overdue
        ],
    )
    yield section(
        said(msg("Asked for again since closing")),
        [
            [f"{one.requirement.id}  {brief(one.requirement.title)}", f"    {visible(again_words(said, one))}"]
            for one in triage.asked_again
        ],
    )
    yield section(
        said(msg("Claims that need evidence")),
        [
            [entry_line(one.ranked), *(f"    {visible(said(each.message))}" for each in one.missing)]
            for one in triage.unproven
        ],
    )
    yield source_table(said, triage)


def headed(said: Said, heading: str, items: Sequence[Item], top: int, hint: str) -> list[str]:
    """A heading with how many items there are, and the first of them."""
    if not items:
        return []
    lines = [visible(counted(said, heading, len(items)))]
    lines += [f"  {hint}"] if hint else []
    lines += [f"  {line}" for item in items[:top] for line in item]
    if len(items) > top:
        lines.append(said(msg("  and {n} more (--top {all} shows them)", n=len(items) - top, all=len(items))))
    return lines


def counted(said: Said, heading: str, n: int) -> str:
    return said(msg("{heading} ({n})", heading=heading, n=n))


def brief(title: str) -> str:
    return shortened(visible(title), TITLE_WIDTH)


def entry_line(ranked: Ranked) -> str:
    return f"{ranked.rank:>3}  {ranked.id}  {brief(ranked.group.canonical.title)}"


def escalation_item(said: Said, triage: Triage, one: Escalation) -> Item:
    requirement = one.ranked.group.canonical
    state = msg("{status}, owner: {owner}", status=said.status(requirement), owner=said.owner(requirement))
    return [
        entry_line(one.ranked),
        *(f"    {visible(said(reason))}" for reason in one.reasons(said.pool, triage.today)),
        f"    {visible(said(state))}",
        f"    {visible(who_waits(said, one))}",
    ]


def inbox_item(said: Said, one: Waiting) -> Item:
    note = one.note
    heading = said(
        msg_n(
            "{id}  {day} ({n} day)  {who}, {source}",
            "{id}  {day} ({n} days)  {who}, {source}",
            one.days,
            id=note.id,
            day=note.date,
            who=said.speaker(note),
            source=source_label(said, note.source),
        )
    )
    said_then = shortened(visible(" ".join(note.body.split())), EXCERPT_WIDTH)
    lines = [visible(heading), f"    {said_then}"]
    lines += [f"    {near.id}  {brief(said.title(near.id))}" for near in one.nearest]
    lines += [
        "    " + visible(said(msg("this need: {command}", command=attach(note, near.id)))) for near in one.nearest[:1]
    ]
    lines.append("    " + visible(said(msg("a new one: {command}", command=new_from(note)))))
    return lines


def undecided_line(said: Said, one: Undecided) -> str:
    requirement = one.ranked.group.canonical
    state = said.translator.shown([f"{said.status(requirement)} {said.days(one.days)}", said.owner(requirement)])
    return f"{entry_line(one.ranked)}  {visible(state)}"


def late_line(said: Said, one: Late) -> str:
    requirement = one.ranked.group.canonical
    state = msg(
        "planned {planned}, {days} ago; {status}, {owner}",
        planned=requirement.planned,
        days=said.days(one.days),
        status=said.status(requirement),
        owner=said.owner(requirement),
    )
    return f"{entry_line(one.ranked)}  {visible(said(state))}"


def source_table(said: Said, triage: Triage) -> list[str]:
    if not any(one.urgent for one in triage.cries):
        return []
    rows = [[said.translator.shown(name) for name in SOURCE_HEAD], *(source_row(said, one) for one in triage.cries)]
    heading = said(msg("Who says how often that something blocks use"))
    return [heading, *(f"  {line}" for line in aligned(rows, [False, True, True, True, True]))]


# Markdown


def markdown(pool: Pool, triage: Triage, translator: Translator) -> str:
    """All lists as tables; long ones fold, and the whole stays as short as a code host's issue or comment may be."""
    said = Said(pool, translator)
    for most in (1000, 200, 100, 50, 20, 10):
        document = "\n".join(document_lines(said, triage, most)) + "\n"
        if len(document) <= md.MOST:
            break
    return document


class Table(NamedTuple):
    heading: str
    head: Head
    rows: list[tuple[str, ...]]


OPEN = 10
"""Rows that a table shows before the rest folds."""


def document_lines(said: Said, triage: Triage, most: int) -> Iterator[str]:
    yield "## " + said(msg("What waits for somebody"))
    yield ""
    yield md.plain(headline(said, triage), 1000)
    for heading, head, rows in tables(said, triage):
        if not rows:
            continue
        names = [said.translator.shown(name) for name in head]
        kept = rows[:most]
        yield from ("", f"### {md.plain(counted(said, heading, len(rows)))}", "", *md.table(names, kept[:OPEN]))
        if kept[OPEN:]:
            more = said(msg("{n} more", n=len(kept) - OPEN))
            yield from ("", *md.folded(more, md.table(names, kept[OPEN:])))
        if len(rows) > most:
            yield from (
                "",
                said(
                    msg(
                        "… and {n} more: `tobkit triage --top {all}` lists them all.", n=len(rows) - most, all=len(rows)
                    )
                ),
            )


def tables(said: Said, triage: Triage) -> Iterator[Table]:
    place_head = (msg("Rank"), msg("Requirement"))
    yield Table(
        escalation_heading(said, triage),
        (*place_head, msg("Why"), msg("Status"), msg("Owner"), msg("Who waits")),
        [
            (
                *place_cells(one.ranked),
                "<br>".join(md.plain(said(reason)) for reason in one.reasons(said.pool, triage.today)),
                *requirement_cells(said, one.ranked.group.canonical),
                md.plain(who_waits(said, one), 300),
            )
            for one in triage.escalations
        ],
    )
    yield Table(
        said(msg("Inbox: notes without a requirement")),
        (KIND_LABELS["note"], msg("From whom"), msg("In their words"), msg("Nearest need, and commands")),
        [
            (
                md.plain(f"{one.note.id} {one.note.date}"),
                md.plain(said.speaker(one.note)),
                md.plain(one.note.body, 120),
                "<br>".join(
                    [
                        *(
                            f"{md.plain(said.title(near.id))}<br>{md.code(attach(one.note, near.id))}"
                            for near in one.nearest[:1]
                        ),
                        md.code(new_from(one.note)),
                    ]
                ),
            )
            for one in triage.inbox
        ],
    )
    yield Table(
        said(msg("Perhaps not worth doing")),
        (*place_head, msg("Why"), msg("If you agree")),
        [
            (*place_cells(one.ranked), md.plain(reasons(said, one), 400), md.code(settle(said, one)))
            for one in triage.no_value
        ],
    )
    yield Table(
        said(msg("Undecided")),
        (*place_head, msg("For how long"), msg("Status"), msg("Owner")),
        [
            (*place_cells(one.ranked), said.days(one.days), *requirement_cells(said, one.ranked.group.canonical))
            for one in triage.undecided
        ],
    )
    yield Table(
        said(msg("Behind plan")),
        (*place_head, msg("Planned"), msg("Status"), msg("Owner")),
        [
            (
                *place_cells(one.ranked),
                md.plain(one.ranked.group.canonical.planned or ""),
                *requirement_cells(said, one.ranked.group.canonical),
            )
            for one in triage.late
        ],
    )
    yield Table(
        said(msg("Promises overdue")),
        (msg("Promise"), msg("Requirement"), msg("To whom")),
        [
            (
                md.plain(one.id),
                md.plain(f"{one.requirement} {said.title(one.requirement)}"),
                md.plain(promise_words(said, triage, one)),
            )
            for one in triage.overdue
        ],
    )
    yield Table(
        said(msg("Asked for again since closing")),
        (msg("Requirement"), msg("Who asked")),
        [
            (md.plain(f"{one.requirement.id} {one.requirement.title}"), md.plain(again_words(said, one), 300))
            for one in triage.asked_again
        ],
    )
    yield Table(
        said(msg("Claims that need evidence")),
        (*place_head, msg("What is missing")),
        [
            (*place_cells(one.ranked), "<br>".join(md.plain(said(each.message)) for each in one.missing))
            for one in triage.unproven
        ],
    )
    cries = triage.cries if any(one.urgent for one in triage.cries) else ()
    yield Table(
        said(msg("Who says how often that something blocks use")),
        SOURCE_HEAD,
        [tuple(md.plain(cell) for cell in source_row(said, one)) for one in cries],
    )


def place_cells(ranked: Ranked) -> tuple[str, str]:
    return str(ranked.rank), md.plain(f"{ranked.id} {ranked.group.canonical.title}")


def requirement_cells(said: Said, requirement: Requirement) -> tuple[str, str]:
    return md.plain(said.status(requirement)), md.plain(said.owner(requirement))


__all__ = ["as_json", "markdown", "text"]
