"""Rules about what entries say of each other."""

import re
from collections.abc import Hashable, Iterator, Mapping, Sequence
from unicodedata import normalize

from tobkit.check.facts import Facts, called, key_of, kind_word, place, quoted, shown, values
from tobkit.messages import Label, Message, msg
from tobkit.model.diagnostics import Diagnostic, Rule, Severity
from tobkit.model.kinds import Entry
from tobkit.model.schema import FieldSpec
from tobkit.store.frontmatter import locate

DEAD_REFERENCE = Rule("TOB301", "dead reference")
DUPLICATE_CYCLE = Rule("TOB303", "entries merged in a circle")
SELF_REFERENCE = Rule("TOB304", "entry refers to itself")
MERGED_AND_DISTINCT = Rule("TOB305", "both merged and declared different")
UNKNOWN_CUSTOMER = Rule("TOB306", "unknown customer of a new requirement", Severity.WARNING)
ALIAS_CLASH = Rule("TOB307", "alias claimed twice")
REMOVED_MODULE = Rule("TOB308", "work on a removed module", Severity.WARNING)
REPEATED_VALUE = Rule("TOB309", "value must be unique")
REFERENCE_CIRCLE = Rule("TOB310", "references in a circle")
SIMILAR_NAMES = Rule("TOB311", "two entries of nearly the same name", Severity.WARNING)


def dead_reference(facts: Facts) -> Iterator[Diagnostic]:
    """Whatever an entry refers to is there: the id, or an alias, of an entry of the right kind.

    Why: votes, revenue and history travel along references; a dead one loses them silently.

    Bad:
        requirements/REQ-00000a.md
            module: e-invocing
                    ^^^^^^^^^^

    Bad:
        requirements/REQ-00000a.md
            status: triaged
            module: e-invoicing
            owner: lilei
            customers:
              - 华东商贸有限公司
                ^^^^^^^^

    Good:
        requirements/REQ-00000a.md
            module: e-invoicing

    Fix: write the id that is meant, or create the missing entry with `tobkit new`.
    """
    for entry, spec, index, ref in facts.dead_references:
        if not filed_for_unknown(facts, entry, spec):
            yield reference_fault(facts, DEAD_REFERENCE, entry, spec, index, ref)


def unknown_customer(facts: Facts) -> Iterator[Diagnostic]:
    """While a requirement is new, a customer that the pool doesn't know yet is only a warning.

    Why: whoever hears a need files it at once; who that customer is can be settled at triage. Until then the customer
    counts for nothing in the order.

    Bad:
        requirements/REQ-00000a.md
            status: new
            customers:
              - 南山食品
                ^^^^

    Good:
        requirements/REQ-00000a.md
            status: new
            customers:
              - acme

    Fix: write the customer's id, or add the customer with `tobkit new customer`.
    """
    for entry, spec, index, ref in facts.dead_references:
        if filed_for_unknown(facts, entry, spec):
            yield reference_fault(facts, UNKNOWN_CUSTOMER, entry, spec, index, ref)


def filed_for_unknown(facts: Facts, entry: Entry, spec: FieldSpec) -> bool:
    """Whether a missing target is a customer of a requirement that is still new."""
    return (
        entry.kind == "requirement"
        and spec.name == "customers"
        and facts.pool.schema.stage(getattr(entry, "status", None) or "new") == "new"
    )


def reference_fault(facts: Facts, rule: Rule, entry: Entry, spec: FieldSpec, index: int, ref: str) -> Diagnostic:
    message = msg("There is no {kind} “{ref}”.", kind=kind_of_target(facts, spec), ref=quoted(ref))
    return Diagnostic.of(rule, entry.path, place(entry, spec, index), message, where_to(facts, spec, ref))


def kind_of_target(facts: Facts, spec: FieldSpec) -> Label:
    return kind_word(facts.pool.schema[spec.reference or ""])


def where_to(facts: Facts, spec: FieldSpec, ref: str) -> Message:
    """What to do about a dead reference: the entry that goes by this name, the nearest one, or a new one."""
    kind = spec.reference or ""
    changes = facts.changes
    if (kind, ref) in changes.renamed:
        after = changes.renamed[kind, ref][1]
        return msg("It was given the id {id} in this change: {path}.", id=after.id, path=after.path)
    if (kind, ref) in changes.deleted:
        return bring_back(changes.deleted[kind, ref])
    directory = facts.directories[kind]
    named = directory.named(ref)
    if named is not None:
        return msg("“{name}” has the id {id}: write {id}.", name=quoted(ref), id=named.id)
    for other, known in facts.known.items():
        if other != kind and ref in known:
            return msg(
                "“{ref}” is the id of another kind ({kind}); expected here: {wanted}.",
                ref=ref,
                kind=kind_word(facts.pool.schema[other]),
                wanted=kind_of_target(facts, spec),
            )
    near = directory.nearest(ref)
    if near is not None:
        return msg("Did you mean {guess}?", guess=called(near))
    return msg("Check the id, or add the entry: `tobkit new {kind}`.", kind=kind)


def bring_back(deleted: Entry) -> Message:
    """What to do where an entry is meant that was there in the base."""
    if deleted.kind == "requirement":
        return msg(
            "Bring {path} back: a requirement that goes away is declined, a duplicate merged (`tobkit merge`)."
            " Else take this reference out.",
            path=deleted.path,
        )
    return msg("Bring {path} back, or take this reference out.", path=deleted.path)


def duplicate_cycle(facts: Facts) -> Iterator[Diagnostic]:
    """Following `duplicate_of` from entry to entry ends somewhere.

    Why: of a group of merged entries one remains; in a circle none does.

    Bad:
        requirements/REQ-00000a.md
            duplicate_of: REQ-00000b
                          ^^^^^^^^^^
        requirements/REQ-00000b.md
            duplicate_of: REQ-00000a
                          ^^^^^^^^^^

    Good:
        requirements/REQ-00000a.md
            duplicate_of: REQ-00000b
        requirements/REQ-00000b.md
            title: Export invoices in bulk

    Fix: take the `duplicate_of` line out of the entry that is to remain.
    """
    targets = {
        requirement.id: requirement.duplicate_of
        for requirement in facts.pool.requirements.values()
        if requirement.duplicate_of is not None
    }
    for cycle in cycles(targets):
        for number, member in enumerate(cycle):
            if len(cycle) > 1:
                round_trip = [*cycle[number:], *cycle[: number + 1]]
                entry = facts.pool.requirements[member]
                yield Diagnostic.of(
                    DUPLICATE_CYCLE,
                    entry.path,
                    locate(entry, "duplicate_of"),
                    msg("These entries are merged into each other in a circle: {cycle}.", cycle=path_words(round_trip)),
                    msg("Choose the one that is to remain and delete its line “duplicate_of”."),
                )


def path_words(ids: list[str], most: int = 8) -> str:
    """A way along ids; the middle of a long one is left out."""
    shortened = ids if len(ids) <= most else [*ids[: most - 2], "…", ids[-1]]
    return " → ".join(shortened)


def cycles(targets: Mapping[str, str]) -> Iterator[list[str]]:
    """The circles of a mapping where each follows one other, each beginning with its smallest member."""
    done: set[str] = set()
    for start in targets:
        trail: dict[str, int] = {}
        current: str | None = start
        while current is not None and current not in done and current not in trail:
            trail[current] = len(trail)
            current = targets.get(current)
        if current is not None and current in trail:
            circle = list(trail)[trail[current] :]
            first = circle.index(min(circle))
            yield [*circle[first:], *circle[:first]]
        done.update(trail)


def self_reference(facts: Facts) -> Iterator[Diagnostic]:
    """An entry never refers to itself.

    Why: usually the id was copied together with the rest of the file, and another one was meant.

    Bad:
        requirements/REQ-00000a.md
            related:
              - REQ-00000a
                ^^^^^^^^^^

    Good:
        requirements/REQ-00000a.md
            related:
              - REQ-00000b
        requirements/REQ-00000b.md
            title: Export invoices in bulk

    Fix: write the id that was meant, or delete the line.
    """
    for kind in facts.pool.schema.kinds.values():
        specs = [spec for spec in kind.references if spec.reference == kind.name]
        for entry in facts.pool.by_kind[kind.name].values() if specs else ():
            for spec in specs:
                value = getattr(entry, spec.name)
                if value and (entry.id in value if spec.many else entry.id == value):
                    index = value.index(entry.id) if spec.many else 0
                    yield Diagnostic.of(
                        SELF_REFERENCE,
                        entry.path,
                        place(entry, spec, index),
                        msg("{key} refers to the entry itself.", key=key_of(entry, spec.name)),
                        msg("Write the id that was meant, or delete it."),
                    )


def merged_and_distinct(facts: Facts) -> Iterator[Diagnostic]:
    """Two entries are either merged or declared different, never both.

    Why: the two decisions contradict each other, often because they were taken in two branches; people must settle it.

    Bad:
        requirements/REQ-00000a.md
            duplicate_of: REQ-00000b
            not_duplicate_of:
              - REQ-00000b
                ^^^^^^^^^^
        requirements/REQ-00000b.md
            title: Export invoices in bulk

    Good:
        requirements/REQ-00000a.md
            not_duplicate_of:
              - REQ-00000b
        requirements/REQ-00000b.md
            title: Export invoices in bulk

    Fix: delete `duplicate_of` if they are different needs, or the item of `not_duplicate_of` if they are the same.
    """
    pool = facts.pool
    for requirement in pool.requirements.values():
        for index, other in enumerate(requirement.not_duplicate_of):
            if (
                other != requirement.id
                and other in pool.requirements
                and pool.canonical(other) == pool.canonical(requirement.id)
            ):
                yield Diagnostic.of(
                    MERGED_AND_DISTINCT,
                    requirement.path,
                    locate(requirement, "not_duplicate_of", index),
                    msg(
                        "{a} and {b} are declared different here, but both are merged into {canonical}.",
                        a=requirement.id,
                        b=other,
                        canonical=pool.canonical(other),
                    )
                    if pool.canonical(other) not in (requirement.id, other)
                    else msg(
                        "{a} and {b} are declared different here, but one is merged into the other.",
                        a=requirement.id,
                        b=other,
                    ),
                    msg("Same need: delete this item. Different needs: delete the line “duplicate_of”."),
                )


def alias_clash(facts: Facts) -> Iterator[Diagnostic]:
    """An alias means one entry: no two entries of a kind claim it, and it isn't another one's id.

    Why: what refers to it would silently go to the wrong customer.

    Bad:
        customers/acme.md
            aliases:
              - northwind
                ^^^^^^^^^
        customers/northwind.md
            name: Northwind

    Good:
        customers/acme.md
            aliases:
              - acme-inc

    Fix: delete the alias where it doesn't belong; where both entries are one company, keep one file.
    """
    for kind in facts.pool.schema.kinds.values():
        if "aliases" not in kind.fields:
            continue
        entries = facts.pool.by_kind[kind.name]
        owners: dict[str, Entry] = {}
        for entry in entries.values():
            for index, alias in enumerate(getattr(entry, "aliases", ())):
                other = entries.get(alias) or owners.setdefault(alias, entry)
                if other is not entry:
                    yield Diagnostic.of(
                        ALIAS_CLASH,
                        entry.path,
                        locate(entry, "aliases", index),
                        msg("“{alias}” is the id of another entry: {other}.", alias=quoted(alias), other=other.path)
                        if other.id == alias
                        else msg("“{alias}” is an alias of {other} already.", alias=quoted(alias), other=other.path),
                        msg("Delete the alias in one of the two files."),
                    )


def removed_module(facts: Facts) -> Iterator[Diagnostic]:
    """What is accepted or being built doesn't concern a function that was removed.

    Why: somebody would work on what no customer can use any more.

    Bad:
        modules/tax-disk.md
            status: removed
        requirements/REQ-00000a.md
            status: accepted
            module: tax-disk
                    ^^^^^^^^
            owner: lilei

    Good:
        requirements/REQ-00000a.md
            status: accepted
            module: e-invoicing
            owner: lilei

    Fix: move the requirement to the module that took over, or decline it with the reason.
    """
    removed = {module.id: module for module in facts.pool.modules.values() if module.status == "removed"}
    if not removed:
        return
    for requirement in facts.pool.requirements.values():
        module = removed.get(requirement.module or "")
        if module is not None and facts.stage(requirement) in ("accepted", "building"):
            status = facts.pool.schema.statuses
            yield Diagnostic.of(
                REMOVED_MODULE,
                requirement.path,
                locate(requirement, "module"),
                msg(
                    "The requirement is {status}, but its module {module} was removed.",
                    status=shown(status, requirement.status),
                    module=called(module),
                ),
                msg("It was replaced by {module}: write that, or decline the requirement.", module=module.replaced_by)
                if module.replaced_by
                else msg("Write the module that took over, or decline the requirement with the reason."),
            )


def repeated_value(facts: Facts) -> Iterator[Diagnostic]:
    """What identifies an entry elsewhere stands once: `source_id`, and a team's own fields that are `unique`.

    Why: the same row was imported twice; an update of it would change only one of the two.

    Bad:
        requirements/REQ-00000a.md
            source_id: jira:ABC-12
        requirements/REQ-00000b.md
            source_id: jira:ABC-12
                       ^^^^^^^^^^^

    Good:
        requirements/REQ-00000a.md
            source_id: jira:ABC-12
        requirements/REQ-00000b.md
            source_id: jira:ABC-13

    Fix: delete one of the two files, or correct its value.
    """
    for kind in facts.pool.schema.kinds.values():
        for spec in kind.fields.values():
            if not (spec.unique or spec.name == "source_id"):
                continue
            first: dict[object, Entry] = {}
            for entry in facts.pool.by_kind[kind.name].values():
                if not getattr(entry, spec.name):
                    continue
                for index, value in enumerate(values(entry, spec)):
                    other = first.setdefault(value, entry)
                    if other is not entry:
                        yield Diagnostic.of(
                            REPEATED_VALUE,
                            entry.path,
                            place(entry, spec, index),
                            msg(
                                "{key} “{value}” stands in {other} already.",
                                key=key_of(entry, spec.name),
                                value=quoted(str(value)),
                                other=other.path,
                            ),
                            msg("If both files are the same entry, delete one; else correct the value."),
                        )


def reference_circle(facts: Facts) -> Iterator[Diagnostic]:
    """A team's own references that are declared `acyclic` lead nowhere back to where they began.

    Why: whoever says “blocked by” or “part of” means an order; in a circle there is no first one.

    Bad:
        tobkit.toml
            [fields.requirement.blocked_by]
            type = "reference"
            kind = "requirement"
            acyclic = true
        requirements/REQ-00000a.md
            blocked_by: REQ-00000b
        requirements/REQ-00000b.md
            blocked_by: REQ-00000a
                        ^^^^^^^^^^

    Good:
        tobkit.toml
            [fields.requirement.blocked_by]
            type = "reference"
            kind = "requirement"
            acyclic = true
        requirements/REQ-00000a.md
            blocked_by: REQ-00000b
        requirements/REQ-00000b.md
            title: Export invoices in bulk

    Fix: delete the one reference of the circle that isn't so.
    """
    for kind in facts.pool.schema.kinds.values():
        for spec in kind.references:
            if spec.acyclic and spec.reference == kind.name:
                entries = facts.pool.by_kind[kind.name]
                targets = {entry.id: values(entry, spec) for entry in entries.values()}
                for circle in closing_references(targets):
                    entry = entries[circle[-2]]
                    yield Diagnostic.of(
                        REFERENCE_CIRCLE,
                        entry.path,
                        place(entry, spec, targets[entry.id].index(circle[-1])),
                        msg(
                            "{key} leads in a circle: {cycle}.",
                            key=key_of(entry, spec.name),
                            cycle=path_words(circle),
                        ),
                        msg("Delete the one reference of the circle that isn't so."),
                    )


def closing_references(targets: Mapping[str, Sequence[str]]) -> Iterator[list[str]]:
    """The circles of a graph, each by the reference that closes it: `[a, b, …, z, a]`. Without these there is none left."""
    done: set[str] = set()
    for start in targets:
        trail: dict[str, int] = {}
        pending = [] if start in done else [(start, iter(targets[start]))]
        trail[start] = 0
        while pending:
            current, rest = pending[-1]
            for target in rest:
                if target in trail and target != current:
                    yield [*list(trail)[trail[target] :], target]
                elif target in targets and target not in done and target not in trail:
                    trail[target] = len(trail)
                    pending.append((target, iter(targets[target])))
                    break
            else:
                pending.pop()
                trail.pop(current)
                done.add(current)


def similar_names(facts: Facts) -> Iterator[Diagnostic]:
    """One company is one entry: no two customers, and no two organisations, have nearly the same name or alias. The form of
    the company, capitals, blanks and punctuation don't make a difference, nor does a single letter of a long word.

    Why: notes, promises and revenue are shared out between the two, and both weigh less in the order.

    Bad:
        customers/northwind.md
            name: Northwind
        customers/northwind-gmbh.md
            name: NORTHWIND GmbH
                  ^^^^^^^^^^^^^^

    Bad:
        customers/qinghe.md
            name: 青禾食品（集团）有限公司
        customers/青禾食品.md
            name: 青禾食品
                  ^^^^

    Good:
        customers/qinghe.md
            name: 青禾食品有限公司
        customers/qinghe-shanghai.md
            name: 青禾食品（上海）有限公司

    Fix: keep one file, and put the other's id into its `aliases`; what refers to it then still means it.
    """
    for kind in ("customer", "organisation"):
        seen: dict[Hashable, Entry] = {}
        for entry in facts.pool.by_kind.get(kind, {}).values():
            for name, index in [(entry.label, None), *((a, i) for i, a in enumerate(getattr(entry, "aliases", ())))]:
                keys = list(name_keys(name)) if name else []
                other = next((seen[key] for key in keys if seen.get(key, entry) is not entry), None)
                if other is not None and not (index is not None and name in (other.id, *getattr(other, "aliases", ()))):
                    yield Diagnostic.of(
                        SIMILAR_NAMES,
                        entry.path,
                        locate(entry, "name" if index is None else "aliases", index),
                        msg("Nearly the same name as {other} ({path}).", other=called(other), path=other.path),
                        msg(
                            "If they are one company, keep one file and put the other's id into its “aliases”; else make "
                            "the names tell them apart."
                        ),
                    )
                    break
                seen.update((key, entry) for key in keys if key not in seen)


_COMPANY = re.compile(
    r"(?:有限责任公司|股份有限公司|有限公司|股份公司|(?<![分子])公司|股份|集团|控股|企业"
    r"|\b(?:co|company|corp|corporation|inc|incorporated|ltd|limited|llc|llp|plc|pte|pty|gmbh|mbh|ag|kg|se|sa|sas|sarl|srl|spa"
    r"|bv|nv|ab|oy|as|kk|group|holdings?))\s*\Z"
)
_NAME_WORD = re.compile(r"[^\W_]+")
_LONG_WORD = 7


def name_keys(name: str) -> Iterator[Hashable]:
    """What two nearly equal names have in common: their words, and for a long Latin word all but one of its letters."""
    plain = " ".join(_NAME_WORD.findall(normalize("NFKC", name).casefold()))
    stripped = plain
    while (shorter := _COMPANY.sub("", stripped).rstrip()) != stripped:
        stripped = shorter
    words = (stripped if len(stripped) > 1 else plain).split()
    if words:
        yield "".join(words)
    for number, word in enumerate(words):
        if len(word) >= _LONG_WORD and word.isascii() and word.isalpha():
            others = (*words[:number], "", *words[number + 1 :])
            yield (others, word)
            yield from ((others, word[:place] + word[place + 1 :]) for place in range(len(word)))
