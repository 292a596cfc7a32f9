"""The contract's ranking read literally and slowly, without the model's groups: what `rank` has to agree with."""

from math import log, sqrt

WEIGHTS = {"reach": 25, "revenue": 20, "risk": 15, "promise": 10, "standard": 10, "stability": 10, "age": 5, "voice": 5}
TIERS = {"blocks-use": 1, "wins-deals": 2, "saves-money": 3, "earns-money": 3}
VOICE = {"highest": 1, "high": 2 / 3, "medium": 1 / 3, "low": 0, None: 0}


def leads_to(entry, requirements):
    """Where `duplicate_of` ends; None for members of a circle, each of which is its own."""
    seen = []
    while entry.duplicate_of in requirements and entry.id not in seen:
        seen.append(entry.id)
        entry = requirements[entry.duplicate_of]
    return seen[0] if seen and entry.id == seen[0] else entry.id


def reference(entries, today):
    """[(tier, score, earliest date, id)] in order."""
    of = {kind: {e.id: e for e in entries if e.kind == kind} for kind in {e.kind for e in entries}}
    requirements, customers = of.get("requirement", {}), of.get("customer", {})
    notes, promises, incidents = (of.get(kind, {}).values() for kind in ("note", "promise", "incident"))
    groups = {}
    for entry in requirements.values():
        groups.setdefault(leads_to(entry, requirements), set()).add(entry.id)
    measured = []
    for canonical_id, ids in groups.items():
        canonical = requirements[canonical_id]
        if canonical.duplicate_of or canonical.status in ("delivered", "declined", "parked"):
            continue
        members = [requirements[i] for i in ids]
        said = [note for note in notes if ids & set(note.requirements)]
        counting = [
            p
            for p in promises
            if p.requirement in ids
            and p.status == "open"
            and p.customer in customers
            and customers[p.customer].status != "churned"
            and (p.approved_by or canonical.status in ("accepted", "building"))
        ]
        statements = [(m, set(m.customers)) for m in members] + [(n, {n.customer}) for n in said]
        evidence = {c for _, named in statements for c in named} | {p.customer for p in counting}
        evidence = [customers[c] for c in evidence if c in customers and customers[c].status != "churned"]
        tier = 4
        for entry, named in statements:
            states = {customers[c].status for c in named if c in customers}
            for impact in entry.impact:
                wanted = {"active", "at-risk"} if impact == "blocks-use" else {"active", "at-risk", "prospect"}
                if states & wanted and (impact != "wins-deals" or entry.competitors):
                    tier = min(tier, TIERS[impact])
        payers = [c for c in evidence if c.status != "prospect"]
        danger = [
            c
            for c in payers
            if c.status == "at-risk" or (c.renewal is not None and -30 <= (c.renewal - today).days <= 90)
        ]
        named = any(ids & set(i.requirements) for i in incidents)
        fragile = named or any(m.type in ("stability", "defect") for m in members)
        recent = [i for i in incidents if canonical.module in i.modules and -90 < (i.date - today).days <= 0]
        earliest = min(m.date for m in members)
        raw = {
            "reach": sum(0.5 if c.status == "prospect" else 1 for c in evidence),
            "revenue": sum(c.arr or 0 for c in payers),
            "risk": sum(c.arr or 0 for c in danger),
            "promise": max((within((180 - (p.due - today).days) / 166) for p in counting), default=0),
            "standard": 0 if canonical.scope == "custom" else sum(c.tier != "ka" for c in evidence),
            "stability": sum({"sev1": 3, "sev2": 2, "sev3": 1}[i.severity] for i in recent) if fragile else 0,
            "age": within((today - earliest).days / 180),
            "voice": max(VOICE[m.suggested_priority] for m in members),
        }
        measured.append((tier, raw, earliest, canonical_id))
    most = {name: max((raw[name] for _, raw, _, _ in measured), default=0) for name in WEIGHTS}
    scored = [(tier, score(raw, most), earliest, i) for tier, raw, earliest, i in measured]
    return sorted(scored, key=lambda one: (one[0], -one[1], one[2], one[3]))


def within(value):
    return max(0, min(1, value))


def score(raw, most):
    total = 0
    for name, weight in WEIGHTS.items():
        value, top = raw[name], most[name]
        if name in ("reach", "standard"):
            value = log(1 + value) / log(1 + top) if top else 0
        elif name in ("revenue", "risk"):
            value = sqrt(value / top) if top else 0
        elif name == "stability":
            value = value / top if top else 0
        total += weight * value
    return round(100 * total / sum(WEIGHTS.values()), 6)
