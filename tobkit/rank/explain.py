"""Why a requirement stands where it stands: data that the terminal and the site show alike.

Every number of the ranking comes with the facts behind it, so that anybody can recompute the order by hand.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from tobkit.messages import Message, msg
from tobkit.model.kinds import CLOSED, IMPACT, Note, Requirement
from tobkit.model.pool import Pool, Statement
from tobkit.rank.facts import SIGNAL_LABELS, Case, SignalFacts, signal_facts
from tobkit.rank.ranking import Ranked, Ranking
from tobkit.rank.tiers import Claim, Lack
from tobkit.rank.words import named

TIER_LABELS: Mapping[int, Message] = {
    1: msg("Blocks use"),
    2: msg("Wins deals"),
    3: msg("Saves or earns money"),
    4: msg("The rest"),
}

SHOWN_GAIN = 0.05
"""Points that are still seen with one decimal."""

SMALLEST_GAIN = 1e-7
"""Points below this are the noise of the computation: eight of them don't move the score's last decimal."""


class TierFacts(NamedTuple):
    """The tier of a group and the statements that made it."""

    tier: int
    label: Message
    facts: tuple[Message, ...]


class MissingEvidence(NamedTuple):
    """A statement whose impact doesn't count: what it claims, what is missing and what to do."""

    impact: str
    statement: Statement
    message: Message
    help: tuple[Message, ...]


class Neighbour(NamedTuple):
    """The group right above or below, and what decided between the two."""

    ranked: Ranked
    difference: Message


@dataclass(frozen=True)
class Explanation:
    """Why a requirement stands where it stands among `count` ranked ones.

    Of a requirement that isn't ranked, `not_ranked` says why, and `see` is the one that it is merged into, where it
    is; all else is empty.
    """

    requirement: Requirement
    count: int
    ranked: Ranked | None = None
    not_ranked: Message | None = None
    see: str | None = None
    tier: TierFacts | None = None
    needs_evidence: tuple[MissingEvidence, ...] = ()
    signals: tuple[SignalFacts, ...] = ()
    merged: tuple[Requirement, ...] = ()
    notes: tuple[Note, ...] = ()
    above: Neighbour | None = None
    below: Neighbour | None = None


def explain(pool: Pool, ranking: Ranking, requirement_id: str) -> Explanation:
    """Why a requirement stands where it stands in a ranking of this pool, or why it isn't ranked.

    Raises KeyError where the pool has no such requirement.
    """
    requirement = pool.requirements[requirement_id]
    ranked = ranking.by_id.get(requirement_id)
    if ranked is None or ranked.id != requirement_id:
        canonical = pool.canonical(requirement_id)
        return Explanation(
            requirement,
            len(ranking.items),
            not_ranked=why_not_ranked(pool, requirement),
            see=canonical if canonical != requirement_id else None,
        )
    return Explanation(
        requirement,
        len(ranking.items),
        ranked=ranked,
        tier=tier_facts(pool, ranked),
        needs_evidence=tuple(missing for claim in ranked.needing_evidence for missing in missing_evidence(claim)),
        signals=tuple(signal_facts(Case(pool, ranking, ranked))),
        merged=ranked.group.merged,
        notes=ranked.group.notes,
        above=above(ranking, ranked),
        below=below(ranking, ranked),
    )


# Not ranked


def why_not_ranked(pool: Pool, requirement: Requirement) -> Message:
    """Why a requirement has no place of its own."""
    target = requirement.duplicate_of
    if target is None:
        return closed(pool, requirement)
    if target not in pool.requirements:
        return msg(
            "It is marked as a duplicate of {target}, which isn't in the pool. Correct duplicate_of or take it out.",
            target=target,
        )
    canonical = pool.requirements[pool.canonical(requirement.id)]
    if canonical.duplicate_of in pool.requirements:
        circle = " → ".join(trail(pool, requirement))
        return msg("Its duplicate_of leads in a circle: {circle}. Take one of them out.", circle=circle)
    if pool.stage(canonical) in CLOSED:
        return msg(
            "It is merged into {id} “{title}”, which is closed: {status}.",
            id=canonical.id,
            title=canonical.title,
            status=pool.schema.statuses.labels[canonical.status],
        )
    return msg("It is merged into {id} “{title}” and counts there.", id=canonical.id, title=canonical.title)


def trail(pool: Pool, requirement: Requirement) -> list[str]:
    """The ids that `duplicate_of` leads through, until one comes again."""
    passed: dict[str, None] = {}
    current: str | None = requirement.id
    while current is not None and current in pool.requirements and current not in passed:
        passed[current] = None
        current = pool.requirements[current].duplicate_of
    return [*passed, current] if current in passed else [*passed]


def closed(pool: Pool, requirement: Requirement) -> Message:
    status = pool.schema.statuses.labels[requirement.status]
    if requirement.reason:
        return msg("It is closed: {status}. The reason: {reason}", status=status, reason=requirement.reason)
    return msg("It is closed: {status}.", status=status)


# Tier and claims


def tier_facts(pool: Pool, ranked: Ranked) -> TierFacts:
    """The statements that put a group into its tier."""
    facts = [
        carried(pool, claim.impact, statement)
        for claim in ranked.claims
        if claim.tier == ranked.tier
        for statement in claim.carried_by
    ]
    return TierFacts(
        ranked.tier,
        TIER_LABELS[ranked.tier],
        tuple(facts) or (msg("No impact is claimed with evidence, so all that have one come first."),),
    )


def carried(pool: Pool, impact: str, statement: Statement) -> Message:
    """A statement that makes an impact count."""
    who = named([customer for customer in statement.customers if customer.live])
    label = IMPACT.labels[impact]
    if impact == "wins-deals":
        return msg(
            "“{label}”, says {entry} for {who}, against {competitors}.",
            label=label,
            entry=statement.entry.id,
            who=who,
            competitors=[organisation_name(pool, ref) for ref in statement.competitors],
        )
    return msg("“{label}”, says {entry} for {who}.", label=label, entry=statement.entry.id, who=who)


def organisation_name(pool: Pool, ref: str) -> str:
    organisation = pool.organisations.get(ref)
    return organisation.name if organisation else ref


def missing_evidence(claim: Claim) -> Iterable[MissingEvidence]:
    """What each statement of a claim that doesn't count is missing."""
    for statement, lacks in claim.lacking:
        message = msg(
            "{entry} says “{label}”, but {lacks}.",
            entry=statement.entry.id,
            label=IMPACT.labels[claim.impact],
            lacks=[in_words(lack, statement) for lack in lacks],
        )
        yield MissingEvidence(claim.impact, statement, message, tuple(HELP[lack] for lack in lacks))


def in_words(lack: Lack, statement: Statement) -> Message:
    match lack:
        case Lack.CUSTOMER:
            return msg("it names no customer")
        case Lack.LIVE_CUSTOMER:
            return msg("its customers have churned ({who})", who=named(statement.customers))
        case Lack.USER:
            return msg("only prospects say so ({who})", who=named(statement.customers))
        case Lack.COMPETITOR:
            return msg("it names no competitor")


HELP = {
    Lack.CUSTOMER: msg("Write down which customer it is, or add a note of theirs."),
    Lack.LIVE_CUSTOMER: msg("Add a note of a customer who is still with us."),
    Lack.USER: msg("Add a note of a customer who uses the product and is blocked."),
    Lack.COMPETITOR: msg("Write down under competitors who wins the deals."),
}


# Neighbours


def above(ranking: Ranking, ranked: Ranked) -> Neighbour | None:
    if ranked.rank == 1:
        return None
    upper = ranking.items[ranked.rank - 2]
    return Neighbour(upper, difference(upper, ranked))


def below(ranking: Ranking, ranked: Ranked) -> Neighbour | None:
    if ranked.rank == len(ranking.items):
        return None
    lower = ranking.items[ranked.rank]
    return Neighbour(lower, difference(ranked, lower))


def difference(upper: Ranked, lower: Ranked) -> Message:
    """What put one group above another."""
    ids = {"upper": upper.id, "lower": lower.id}
    if upper.tier != lower.tier:
        return msg(
            "{upper} is in tier {a} ({a_label}), {lower} in tier {b} ({b_label}).",
            **ids,
            a=upper.tier,
            a_label=TIER_LABELS[upper.tier],
            b=lower.tier,
            b_label=TIER_LABELS[lower.tier],
        )
    if upper.score != lower.score:
        return more_points(upper, lower)
    if upper.first_heard != lower.first_heard:
        return msg(
            "The scores are equal; {upper} was heard on {first}, before {lower} on {second}.",
            **ids,
            first=upper.first_heard,
            second=lower.first_heard,
        )
    return msg("Scores and dates are equal; {upper} comes before {lower} by its id.", **ids)


def more_points(upper: Ranked, lower: Ranked) -> Message:
    """By which signals one group of a tier is ahead of another, and by which the other one would be."""
    gains = {
        name: 100 * share * (upper.signals[name] - lower.signals[name]) for name, share in upper.shares.items() if share
    }
    values = {"upper": upper.id, "lower": lower.id, "points": points(upper.score - lower.score)}
    ahead = largest(gains, +1)
    behind = largest(gains, -1)
    if behind:
        return msg(
            "{upper} has {points} points more: {ahead}. {lower} is ahead in {behind}.",
            **values,
            ahead=ahead,
            behind=behind,
        )
    return msg("{upper} has {points} points more than {lower}: {ahead}.", **values, ahead=ahead)


def largest(gains: Mapping[str, float], sign: int) -> list[Message]:
    """The largest gains of one sign, with their signals: at most three, and none beside the first that is small."""
    found = [(abs(gain), name) for name, gain in gains.items() if gain * sign >= SMALLEST_GAIN]
    found.sort(key=lambda one: -one[0])
    return [
        msg("{signal} {points}", signal=SIGNAL_LABELS[name], points=f"+{points(gain)}")
        for place, (gain, name) in enumerate(found[:3])
        if place == 0 or gain >= SHOWN_GAIN
    ]


def points(value: float) -> str:
    """Points with one decimal, small ones with as many as the score has: `12.4`, `0.000012`."""
    return f"{value:.1f}" if value >= SHOWN_GAIN else f"{value:.6f}"
