"""What waits for the person who keeps the pool: the inbox, what may be not worth doing, what is left undecided, what sticks.

Everything is a suggestion: a person decides and writes it down. What neighbours in the house know is handed in as data:
likely duplicates, thin descriptions, the history that git has.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from tobkit.messages import Message, msg, msg_n
from tobkit.model.history import NO_HISTORY, History, Progress, progress, status_day
from tobkit.model.kinds import CLOSED, SOURCE, Note, Promise, Requirement
from tobkit.model.pool import Group, Pool
from tobkit.rank.escalation import Escalation, escalations
from tobkit.rank.explain import MissingEvidence, missing_evidence
from tobkit.rank.ranking import Ranked, Ranking

SILENT_DAYS = 180
"""Days after which what was asked only once, and never again, is perhaps no need any more."""

NEW_DAYS = 30
"""Days that an entry without any customer has to find one before it is called nobody's."""

VERY_ALIKE = 0.6
"""The likelihood from which on a delivered requirement is taken for the same need."""

FEW_STATEMENTS = 5
"""Below so many statements a source's share of urgent ones says nothing."""

UNDECIDED = frozenset({"new", "triaged"})
"""The stages before anybody has decided to do it."""


class Near(NamedTuple):
    """A requirement that is near to a text or another requirement, and how near (0 to 1)."""

    id: str
    score: float


class Waiting(NamedTuple):
    """A note without a requirement, how many days it has waited, and the requirements nearest to it, best first."""

    note: Note
    days: int
    nearest: tuple[Near, ...]


class Doubt(StrEnum):
    """Why a requirement may be not worth doing."""

    NOBODY = "nobody"
    """No live customer is behind it, and no incident asks for it."""
    VAGUE = "vague"
    """Its description is too thin to act on, and no note says more."""
    DELIVERED = "delivered"
    """It is very like one that was delivered."""
    SILENT = "silent"
    """Asked once, 180 days ago or more, and never again."""
    ONE_ACCOUNT = "one-account"
    """One key account's custom wish, without a promise."""


class Reason(NamedTuple):
    """A doubt in words; `other` is the delivered requirement, where it is about one."""

    doubt: Doubt
    message: Message
    other: str | None = None


class NoValue(NamedTuple):
    """A requirement that may be not worth doing, and why; the reasons are in the order of `Doubt`."""

    ranked: Ranked
    reasons: tuple[Reason, ...]

    @property
    def delivered_as(self) -> str | None:
        """The delivered requirement that it is very like."""
        return next((reason.other for reason in self.reasons if reason.other), None)


class Undecided(NamedTuple):
    """A requirement of which nobody has decided whether to do it, and for how many days."""

    ranked: Ranked
    days: int

    @property
    def unowned(self) -> bool:
        return self.ranked.group.canonical.owner is None


class Late(NamedTuple):
    """An open requirement whose planned day has passed, by how many days."""

    ranked: Ranked
    planned: date
    days: int


class AskedAgain(NamedTuple):
    """A closed requirement, since when it is, and what was filed or said since then, the latest first."""

    requirement: Requirement
    closed: date
    again: tuple[Requirement | Note, ...]


class Unproven(NamedTuple):
    """A requirement with claims that don't count, and what each is missing."""

    ranked: Ranked
    missing: tuple[MissingEvidence, ...]


class Cries(NamedTuple):
    """How many statements on open requirements a source made, how many say `blocks-use`, and for how many of these it counts."""

    source: str
    statements: int
    urgent: int
    counting: int

    @property
    def share(self) -> float:
        """The part of its statements that say `blocks-use`, from 0 to 1."""
        return self.urgent / self.statements if self.statements else 0.0


@dataclass(frozen=True)
class Triage:
    """All that waits for somebody, on a day. Lists of requirements are in the order of the ranking.

    `decider` is whom escalations are addressed to, as `[escalation] decider` has it, empty where nobody is named.
    """

    today: date
    decider: str
    inbox: tuple[Waiting, ...]
    no_value: tuple[NoValue, ...]
    undecided: tuple[Undecided, ...]
    late: tuple[Late, ...]
    overdue: tuple[Promise, ...]
    asked_again: tuple[AskedAgain, ...]
    unproven: tuple[Unproven, ...]
    cries: tuple[Cries, ...]
    escalations: tuple[Escalation, ...]


@dataclass(frozen=True)
class Known:
    """What is known from elsewhere.

    `nearest`: for notes in the inbox, by id, the requirements nearest to them. `delivered`: for requirements, by id, the
    delivered one that is most like it. `vague`: ids of requirements whose description is too thin. `planned`: the last day
    of what `planned` names, by requirement, where that is a time.
    """

    nearest: Mapping[str, tuple[Near, ...]] = field(default_factory=dict)
    delivered: Mapping[str, Near] = field(default_factory=dict)
    vague: Collection[str] = ()
    planned: Mapping[str, date] = field(default_factory=dict)


NOTHING_KNOWN = Known()


def triage(pool: Pool, ranking: Ranking, *, history: History = NO_HISTORY, known: Known = NOTHING_KNOWN) -> Triage:
    """What waits for somebody on the day of the ranking.

    Where `history` knows nothing, days are counted from `status_since`, `date` and the latest note.
    """
    today = ranking.today
    states = {ranked.id: progress(pool, history, ranked.group.canonical, today) for ranked in ranking.items}
    followed_up = ranking.around.followed_up
    return Triage(
        today=today,
        decider=pool.config.escalation.decider,
        inbox=tuple(inbox(pool, today, known.nearest)),
        no_value=tuple(no_value(pool, ranking, states, known, followed_up)),
        undecided=tuple(undecided(pool, ranking, states)),
        late=tuple(late(ranking, known.planned)),
        overdue=tuple(overdue(pool, today)),
        asked_again=tuple(asked_again(pool, history)),
        unproven=tuple(unproven(ranking)),
        cries=tuple(cries(ranking)),
        escalations=tuple(escalations(pool, ranking, states)),
    )


def inbox(pool: Pool, today: date, nearest: Mapping[str, tuple[Near, ...]]) -> Iterator[Waiting]:
    """Notes that name no requirement, the oldest first."""
    notes = sorted(
        (note for note in pool.notes.values() if not note.requirements), key=lambda note: (note.date, note.id)
    )
    for note in notes:
        yield Waiting(note, max((today - note.date).days, 0), nearest.get(note.id, ()))


# Not worth doing?


def no_value(
    pool: Pool, ranking: Ranking, states: Mapping[str, Progress], known: Known, followed_up: Collection[str]
) -> Iterator[NoValue]:
    """The requirements that may be not worth doing, those without a doubt left out."""
    for ranked in ranking.items:
        if reasons := tuple(doubts(pool, ranked, ranking.today, states[ranked.id], known, followed_up)):
            yield NoValue(ranked, reasons)


def doubts(
    pool: Pool, ranked: Ranked, today: date, state: Progress, known: Known, followed_up: Collection[str]
) -> Iterator[Reason]:
    """What speaks against a requirement. Once it is accepted, only that nobody is behind it and that it is there already."""
    group = ranked.group
    decided = pool.stage(group.canonical) not in UNDECIDED
    if reason := nobody_behind(group, today, ranked.first_heard, followed_up):
        yield Reason(Doubt.NOBODY, reason)
    if not decided and not group.notes and not group.merged and group.id in known.vague:
        yield Reason(Doubt.VAGUE, msg("Too vague to act on, and no note says more"))
    delivered = known.delivered.get(group.id)
    if delivered and delivered.score >= VERY_ALIKE and delivered.id in pool.requirements:
        title = pool.requirements[delivered.id].title
        yield Reason(
            Doubt.DELIVERED,
            msg("Perhaps delivered already: {id} “{title}”", id=delivered.id, title=title),
            delivered.id,
        )
    silent = (today - max(state.moved, ranked.first_heard)).days
    if not decided and len(group.statements) == 1 and silent >= SILENT_DAYS and not group.promises:
        yield Reason(
            Doubt.SILENT, msg_n("Asked once, and silent for {n} day", "Asked once, and silent for {n} days", silent)
        )
    if not decided and (account := only_key_account(group)) and not has_promise(group):
        yield Reason(
            Doubt.ONE_ACCOUNT, msg("Custom wish of one key account, {who}, and nothing is promised", who=account)
        )


def nobody_behind(group: Group, today: date, heard: date, followed_up: Collection[str]) -> Message | None:
    """Why no live customer is behind a group; None where one is, where an incident asks for it, or it is still fresh."""
    if group.evidence or any(member.id in followed_up for member in group.members):
        return None
    named = dict.fromkeys(customer.name for statement in group.statements for customer in statement.customers)
    if named:
        return msg("All customers behind it have left: {who}", who=list(named))
    if any(note.organisation for note in group.notes):
        return None
    days = (today - heard).days
    return msg_n("No customer named for {n} day", "No customer named for {n} days", days) if days >= NEW_DAYS else None


def only_key_account(group: Group) -> str | None:
    """The key account that alone wants a custom thing."""
    evidence = group.evidence
    if group.canonical.scope == "custom" and len(evidence) == 1 and evidence[0].tier == "ka":
        return evidence[0].name
    return None


def has_promise(group: Group) -> bool:
    return any(promise.status == "open" for promise in group.promises)


# Left to do


def undecided(pool: Pool, ranking: Ranking, states: Mapping[str, Progress]) -> Iterator[Undecided]:
    """Requirements that nobody has accepted or closed, by rank, with the days that they have had this status."""
    for ranked in ranking.items:
        if pool.stage(ranked.group.canonical) in UNDECIDED:
            yield Undecided(ranked, states[ranked.id].days)


def late(ranking: Ranking, planned: Mapping[str, date]) -> Iterator[Late]:
    """Open requirements whose planned day, or the month or quarter that they were planned for, has passed."""
    for ranked in ranking.items:
        day = planned.get(ranked.id)
        if day is not None and day < ranking.today:
            yield Late(ranked, day, (ranking.today - day).days)


def overdue(pool: Pool, today: date) -> list[Promise]:
    """All open promises past their day, the longest first; those on closed requirements too."""
    found = [promise for promise in pool.promises.values() if promise.status == "open" and promise.due < today]
    return sorted(found, key=lambda promise: (promise.due, promise.id))


def asked_again(pool: Pool, history: History) -> Iterator[AskedAgain]:
    """Closed requirements for which something was filed or said on a later day than that of closing; most voices first."""
    found: list[AskedAgain] = []
    for group in pool.groups.values():
        if group.canonical.duplicate_of is not None or pool.stage(group.canonical) not in CLOSED:
            continue
        closed = status_day(pool, group.canonical, history.of(group.canonical))
        told = group.canonical.id
        again: Iterable[Requirement | Note] = (*group.merged, *(note for note in group.notes if told not in note.told))
        since = sorted((one for one in again if one.date > closed), key=lambda one: (one.date, one.id), reverse=True)
        if since:
            found.append(AskedAgain(group.canonical, closed, tuple(since)))
    return iter(sorted(found, key=lambda one: (-len(one.again), one.requirement.id)))


def unproven(ranking: Ranking) -> Iterator[Unproven]:
    """Requirements with claims that need evidence."""
    for ranked in ranking.items:
        missing = tuple(one for claim in ranked.needing_evidence for one in missing_evidence(claim))
        if missing:
            yield Unproven(ranked, missing)


def cries(ranking: Ranking) -> list[Cries]:
    """How often each source says that something blocks use, the greatest share first; sources that say little left out."""
    said: dict[str, int] = {}
    urgent: dict[str, int] = {}
    counting: dict[str, int] = {}
    for ranked in ranking.items:
        for statement in ranked.group.statements:
            if source := statement.entry.source:
                said[source] = said.get(source, 0) + 1
        for claim in ranked.claims:
            if claim.impact != "blocks-use":
                continue
            for statement in (*claim.carried_by, *(one for one, _ in claim.lacking)):
                if source := statement.entry.source:
                    urgent[source] = urgent.get(source, 0) + 1
            for statement in claim.carried_by:
                if source := statement.entry.source:
                    counting[source] = counting.get(source, 0) + 1
    found = [
        Cries(source, said[source], urgent.get(source, 0), counting.get(source, 0))
        for source in SOURCE
        if said.get(source, 0) >= FEW_STATEMENTS
    ]
    return sorted(found, key=lambda one: -one.share)
