"""Rules about what a change does to entries that were there before: they compare the pool with a base, where one is known.

In the examples “(before)” marks a file as it was in the base.
"""

from collections import Counter
from collections.abc import Iterable, Iterator

from tobkit.check.changes import Key, key
from tobkit.check.facts import Facts, called, day_of, key_of, place, shown
from tobkit.check.references import DEAD_REFERENCE, UNKNOWN_CUSTOMER, bring_back
from tobkit.messages import Message, msg, msg_n
from tobkit.model.diagnostics import Diagnostic, Rule, Severity
from tobkit.model.kinds import CLOSED, Entry, Promise, Requirement
from tobkit.store.frontmatter import locate

ILLEGAL_TRANSITION = Rule("TOB401", "status may not follow the former one")
REOPENED = Rule("TOB402", "taken up again without a reason", Severity.WARNING)
CHANGED_ID = Rule("TOB403", "id changed")
DELETED = Rule("TOB404", "deleted, though others refer to it")
PUT_OFF = Rule("TOB405", "promise put off without a word", Severity.WARNING)


def kept_requirements(facts: Facts) -> Iterator[tuple[Requirement, Requirement]]:
    """(then, now) of every requirement that changed and has a status in both."""
    for before, after in facts.changes.kept:
        if isinstance(before, Requirement) and isinstance(after, Requirement) and before.status and after.status:
            yield before, after


def illegal_transition(facts: Facts) -> Iterator[Diagnostic]:
    """Where `[workflow] transitions` says which statuses may follow one, a requirement takes one of them.

    Why: whoever skips a step skips those who decide in it. What counts is the status before the change and after it.

    Bad:
        requirements/REQ-00000a.md (before)
            status: new
        requirements/REQ-00000a.md
            status: building
                    ^^^^^^^^
            module: e-invoicing
            owner: lilei
        tobkit.toml
            [workflow.transitions]
            new = ["triaged", "declined"]

    Good:
        requirements/REQ-00000a.md (before)
            status: new
        requirements/REQ-00000a.md
            status: triaged
            module: e-invoicing
            owner: lilei
        tobkit.toml
            [workflow.transitions]
            new = ["triaged", "declined"]

    Fix: set a status that may follow, or change `[workflow] transitions` if the team works otherwise.
    """
    transitions = facts.pool.config.workflow.transitions
    statuses = facts.pool.schema.statuses
    for before, after in kept_requirements(facts):
        following = transitions.get(before.status)
        if following is not None and after.status != before.status and after.status not in following:
            yield Diagnostic.of(
                ILLEGAL_TRANSITION,
                after.path,
                locate(after, "status"),
                msg(
                    "{new} can't follow {old}, the status that the requirement had before this change.",
                    old=shown(statuses, before.status),
                    new=shown(statuses, after.status),
                ),
                msg(
                    "After {old} may come: {following} ([workflow] transitions in tobkit.toml).",
                    old=before.status,
                    following=[shown(statuses, status) for status in following],
                )
                if following
                else msg("Nothing comes after {old} ([workflow] transitions in tobkit.toml).", old=before.status),
            )


def reopened(facts: Facts) -> Iterator[Diagnostic]:
    """What was delivered, parked or declined is taken up again only with a reason: a new `reason`, or a note about it.

    Why: people were told that it is closed. Who decides again needs to see what has changed since.

    Bad:
        requirements/REQ-00000a.md (before)
            status: declined
            module: e-invoicing
            owner: lilei
            reason: The tax office offers it itself.
        requirements/REQ-00000a.md
            status: accepted
                    ^^^^^^^^
            module: e-invoicing
            owner: lilei
            reason: The tax office offers it itself.

    Good:
        requirements/REQ-00000a.md (before)
            status: declined
            module: e-invoicing
            owner: lilei
            reason: The tax office offers it itself.
        requirements/REQ-00000a.md
            status: accepted
            module: e-invoicing
            owner: lilei
            reason: The tax office stops offering it in June.

    Good:
        requirements/REQ-00000a.md (before)
            status: parked
            module: e-invoicing
            owner: lilei
            reason: Nobody else asks for it.
        requirements/REQ-00000a.md
            status: accepted
            module: e-invoicing
            owner: lilei
            reason: Nobody else asks for it.
        notes/NOTE-00000a.md
            requirements:
              - REQ-00000a

    Fix: write into `reason` why it is taken up again, or add the note that made you think again.
    """
    canonical = facts.pool.canonical
    asked_again = {canonical(ref) for _, ref in facts.changes.newly_said}
    for before, after in kept_requirements(facts):
        if facts.stage(before) not in CLOSED or facts.stage(after) in CLOSED:
            continue
        if (after.reason and after.reason != before.reason) or canonical(after.id) in asked_again:
            continue
        statuses = facts.pool.schema.statuses
        yield Diagnostic.of(
            REOPENED,
            after.path,
            locate(after, "status"),
            msg(
                "The requirement was {old} and is taken up again as {new}, but nothing says why.",
                old=shown(statuses, before.status),
                new=shown(statuses, after.status),
            ),
            msg("Write the reason into {key}, or add the note that speaks for it.", key=key_of(after, "reason")),
        )


def changed_id(facts: Facts) -> Iterator[Diagnostic]:
    """An entry keeps its id for good; where a name must change, the old one stays among the `aliases`.

    Why: notes, promises, other branches and links from outside name it by its id, and its history hangs on it. Where two
    entries really have the same id, one of them gets a new one, and that is no fault.

    Bad:
        requirements/REQ-00000a.md (before)
            title: Export invoices
        requirements/REQ-00000b.md
            id: REQ-00000b
                ^^^^^^^^^^
            title: Export invoices

    Good:
        requirements/REQ-00000a.md (before)
            title: Export invoices
        requirements/REQ-00000a-export.md
            id: REQ-00000a
            title: Export invoices in bulk

    Good:
        customers/northwind.md (before)
            name: Northwind
        customers/northwind-traders.md
            id: northwind-traders
            name: Northwind
            aliases:
              - northwind

    Fix: write the old id again and name the file after it; add the old id of a customer, module or organisation to its
    `aliases` (while it is missing there, that is a warning). If two entries had the same id, use `tobkit renumber`.
    """
    for before, after in facts.changes.renamed.values():
        message = msg(
            "This entry was {old} before this change; whoever refers to {old} doesn't find it.", old=before.id
        )
        span = locate(after, "id")
        if "aliases" in facts.pool.schema[after.kind].fields:
            help = msg("Add {old} to its aliases, or write the old id again.", old=before.id)
            yield Diagnostic.of(CHANGED_ID, after.path, span, message, help).with_severity(Severity.WARNING)
        else:
            help = msg(
                "Write {old} again, in the file's name too. Only where two entries have the same id one gets a new one:"
                " `tobkit renumber FILE`.",
                old=before.id,
            )
            yield Diagnostic.of(CHANGED_ID, after.path, span, message, help)


def deleted(facts: Facts) -> Iterator[Diagnostic]:
    """An entry isn't deleted while others refer to it.

    Why: what customers said, and what was promised to them, would hang in the air. A need that goes away is declined with
    a reason, a duplicate is merged; both leave the entry where it is.

    Bad:
        requirements/REQ-00000a.md (before)
            title: Export invoices
        promises/PRM-00000a.md
            requirement: REQ-00000a
                         ^^^^^^^^^^

    Good:
        requirements/REQ-00000a.md (before)
            title: Export invoices
        requirements/REQ-00000a.md
            status: declined
            module: e-invoicing
            owner: lilei
            reason: The tax office offers it itself.
        promises/PRM-00000a.md
            requirement: REQ-00000a
            status: withdrawn

    Fix: bring the file back (`git checkout COMMIT -- FILE`), or take out what refers to it.
    """
    gone = facts.changes.deleted
    if not gone:
        return
    dead = [
        (entry, place(entry, spec, index), gone[spec.reference, ref])
        for entry, spec, index, ref in facts.dead_references
        if spec.reference is not None and (spec.reference, ref) in gone
    ]
    times: Counter[Key] = Counter(key(before) for _, _, before in dead)
    for entry, span, before in dead:
        yield Diagnostic.of(DELETED, entry.path, span, still_meant(before, times[key(before)] - 1), bring_back(before))


def still_meant(before: Entry, elsewhere: int) -> Message:
    entry = called(before)
    if not elsewhere:
        return msg("{entry} was deleted in this change, but is meant here.", entry=entry)
    return msg_n(
        "{entry} was deleted in this change, but is meant here and in {n} other place.",
        "{entry} was deleted in this change, but is meant here and in {n} other places.",
        elsewhere,
        entry=entry,
    )


def told_once(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """The findings without dead references to what was deleted, where that is told as an error already."""
    found = list(diagnostics)
    told = {(each.path, each.span) for each in found if each.rule is DELETED and each.severity is Severity.ERROR}
    if not told:
        return found
    echoes = (DEAD_REFERENCE, UNKNOWN_CUSTOMER)
    return [each for each in found if each.rule not in echoes or (each.path, each.span) not in told]


def put_off(facts: Facts) -> Iterator[Diagnostic]:
    """Who puts off the date of an open promise writes down why: in the promise's text, or as a note of that customer.

    Why: the customer was given a date. A promise that slips from month to month should be seen before the customer says so.

    Bad:
        requirements/REQ-00000a.md
            title: Export invoices
        promises/PRM-00000a.md (before)
            requirement: REQ-00000a
            due: 2026-08-31
        promises/PRM-00000a.md
            requirement: REQ-00000a
            due: 2026-12-31
                 ^^^^^^^^^^

    Good:
        requirements/REQ-00000a.md
            title: Export invoices
        promises/PRM-00000a.md (before)
            requirement: REQ-00000a
            due: 2026-08-31
        promises/PRM-00000a.md
            requirement: REQ-00000a
            due: 2026-12-31
            ---
            Agreed with their head of finance on 28 June: together with the year-end release.

    Fix: write below the second `---` what was agreed with the customer, or add the customer's note.
    """
    canonical = facts.pool.canonical
    spoken = {(note.customer, canonical(ref)) for note, ref in facts.changes.newly_said}
    for before, after in facts.changes.kept:
        if not isinstance(before, Promise) or not isinstance(after, Promise) or after.status != "open":
            continue
        old, new = day_of(before, "due"), day_of(after, "due")
        if old is None or new is None or new <= old or after.body.strip() != before.body.strip():
            continue
        if (after.customer, canonical(after.requirement)) in spoken:
            continue
        yield Diagnostic.of(
            PUT_OFF,
            after.path,
            locate(after, "due"),
            msg("The promise was put off from {old} to {new}, but nothing says why.", old=old, new=new),
            msg("Write below the second --- what was agreed with the customer, or add the customer's note."),
        )
