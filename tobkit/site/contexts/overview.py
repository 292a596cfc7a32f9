"""The overview: five questions, each answered by a figure, a sentence and a chart."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from statistics import median
from typing import NamedTuple

from markupsafe import Markup

from tobkit.messages import Message, msg, msg_n
from tobkit.model.kinds import SOURCE, TIER
from tobkit.site import charts
from tobkit.site import format as shown
from tobkit.site.contexts.backlog import behind
from tobkit.site.contexts.facts import Facts, Link, Row

STUCK_DAYS = 60
AGES = (0, 30, 60, 90, 180)
MONTHS = 12
RECENT_DAYS = 90
BARS = 8
ITEMS = 5


class Item(NamedTuple):
    """A line below a chart: an entry, what is to be known of it, a day with how to count it, whose turn it is."""

    link: Link
    what: str
    day: date
    counting: str
    who: str


class Question(NamedTuple):
    """A question with its answer: a figure with its unit, a sentence, charts, and the entries to look at first."""

    name: str
    asks: str
    figure: str
    unit: str
    says: Markup
    charts: tuple[Markup, ...]
    items: tuple[Item, ...] = ()
    items_title: str = ""


def overview(facts: Facts) -> tuple[Question, ...]:
    """The five questions in the order in which a weekly meeting asks them."""
    return stuck(facts), flow(facts), lead_time(facts), demand(facts), promises(facts)


def frame(facts: Facts, name: str, title: str, description: str = "", unit: str = "") -> charts.Frame:
    return charts.Frame(
        id=name,
        title=title,
        description=description,
        language=facts.language,
        unit=unit,
        empty=facts.words.text(msg("Nothing to draw yet.")),
    )


def days(facts: Facts, count: float) -> str:
    return shown.days(round(count), facts.language)


# What is stuck


def stuck(facts: Facts) -> Question:
    _, today = facts.words, facts.today
    waiting = [row for row in facts.rows.values() if row.rank]
    ages = {row.id: max(0, (today - row.since).days) for row in waiting}
    longest = sorted(waiting, key=lambda row: (-ages[row.id], row.rank))[:ITEMS]
    still = [row for row in waiting if ages[row.id] >= STUCK_DAYS]
    if not waiting:
        says = _("Nothing is open.")
    elif not still:
        says = _("Everything open has moved within the last {n} days.", n=STUCK_DAYS)
    else:
        by_status = Counter(row.status for row in still)
        where, count = min(by_status.items(), key=lambda one: (-one[1], one[0].name))
        says = _(
            "of {all} open needs have kept their status for {n} days or more. Most of them, {count}, are “{status}”.",
            all=len(waiting),
            n=STUCK_DAYS,
            count=count,
            status=where.text,
        )
    return Question(
        "stuck",
        _("What is stuck?"),
        shown.integer(len(still), facts.language),
        "",
        facts.say(says),
        (
            charts.histogram(
                frame(facts, "age", _("Open needs by days in their status"), unit=_("needs")),
                [float(ages[row.id]) for row in waiting],
                AGES,
            ),
        ),
        tuple(Item(link(row), row.status.text, row.since, "since", row.owner or _("nobody")) for row in longest),
        _("Waiting longest, and whose turn it is"),
    )


def link(row: Row) -> Link:
    return Link(row.title, row.href, row.lang)


# What comes in and goes out


def flow(facts: Facts) -> Question:
    _, today = facts.words, facts.today
    came = [facts.pool.requirements[one].date for one in facts.pool.groups]
    went = list(closings(facts))
    recent_in = sum(1 for day in came if 0 <= (today - day).days < RECENT_DAYS)
    recent_out = sum(1 for day in went if 0 <= (today - day).days < RECENT_DAYS)
    difference = recent_in - recent_out
    if difference > 0:
        trend = msg("The backlog grew by {n}.", n=difference)
    elif difference < 0:
        trend = msg("The backlog shrank by {n}.", n=-difference)
    else:
        trend = msg("The backlog kept its size.")
    months = last_months(today)
    return Question(
        "flow",
        _("What comes in, what goes out?"),
        f"{difference:+d}" if difference else "0",
        "",
        facts.say(
            msg(
                "In the last {days} days {came} needs came in and {went} were closed. {trend}",
                days=RECENT_DAYS,
                came=recent_in,
                went=recent_out,
                trend=trend,
            )
        ),
        (
            charts.columns(
                frame(facts, "flow", _("Needs a month"), unit=_("needs")),
                [shown.month(month, facts.language) for month in months],
                (
                    charts.Series(_("came in"), by_month(came, months)),
                    charts.Series(_("closed"), by_month(went, months)),
                ),
            ),
        ),
    )


def closings(facts: Facts) -> Iterator[date]:
    """When each closed group was closed, as far as is known."""
    for group in facts.pool.groups.values():
        if facts.is_closed(group.canonical):
            yield group.canonical.delivered or facts.status_day(group.canonical)


def last_months(today: date) -> list[date]:
    """The first days of the last twelve months, this one included."""
    last = today.year * 12 + today.month - 1
    return [date(month // 12, month % 12 + 1, 1) for month in range(max(12, last - MONTHS + 1), last + 1)]


def by_month(found: Iterable[date], months: Sequence[date]) -> list[float]:
    counts = Counter((day.year, day.month) for day in found)
    return [float(counts[month.year, month.month]) for month in months]


# How long things take


def lead_time(facts: Facts) -> Question:
    _, today = facts.words, facts.today
    took = [
        (group.canonical.delivered, float(max(0, (group.canonical.delivered - first).days)))
        for group in facts.pool.groups.values()
        if facts.pool.stage(group.canonical) == "delivered" and group.canonical.delivered
        for first in [min(member.date for member in group.members)]
    ]
    recent = [length for day, length in took if (today - day).days < RECENT_DAYS]
    before = [length for day, length in took if (today - day).days >= RECENT_DAYS]
    says: Message
    if not took:
        says = msg("Nothing has been delivered yet.")
    elif recent and before:
        change = round(median(recent)) - round(median(before))
        compared = (
            msg("{n} days longer than before", n=change)
            if change > 0
            else msg("{n} days shorter than before", n=-change)
            if change < 0
            else msg("as long as before")
        )
        says = msg(
            "is the median from first heard to delivered, over {all} deliveries. In the last {days} days it was "
            "{recent} ({count} deliveries), {compared}.",
            all=len(took),
            days=RECENT_DAYS,
            recent=days(facts, median(recent)),
            count=len(recent),
            compared=compared,
        )
    else:
        says = msg("is the median from first heard to delivered, over {all} deliveries.", all=len(took))
    return Question(
        "lead",
        _("How long do things take?"),
        days(facts, median(length for day, length in took)) if took else "–",
        "",
        facts.say(says),
        (
            charts.histogram(
                frame(facts, "lead", _("Deliveries by days from first heard to delivered"), unit=_("needs")),
                [length for day, length in took],
                AGES,
            ),
        ),
    )


# Where demand comes from


def demand(facts: Facts) -> Question:
    _ = facts.words
    rows = [row for row in facts.rows.values() if row.rank]
    groups = [facts.pool.groups[row.id] for row in rows]
    modules = Counter(group.canonical.module or "" for group in groups)
    sources = Counter(group.canonical.source or "" for group in groups)
    voices = [customer for group in groups for customer in group.evidence]
    regions = Counter(customer.region or "" for customer in voices)
    tiers = Counter(customer.tier for customer in voices)
    says: Message | str = msg("Nothing is open.")
    figure = "–"
    if modules:
        name, count = min(modules.items(), key=lambda one: (-one[1], one[0]))
        figure = facts.link("module", name).text or _("none")
        says = msg_n(
            "is asked for most: {n} of {all} open needs. The customers behind all of them pay {arr} a year.",
            "is asked for most: {n} of {all} open needs. The customers behind all of them pay {arr} a year.",
            count,
            all=len(rows),
            arr=shown.money(behind(facts, (row.id for row in rows)), facts.pool.config.pool.currency, facts.language),
        )
    none = _("not given")
    return Question(
        "demand",
        _("Where does demand come from?"),
        figure,
        "",
        facts.say(says),
        (
            counted(facts, "modules", _("Open needs by module"), modules, lambda one: facts.link("module", one)),
            counted(facts, "regions", _("Customers' voices by region"), regions, lambda one: Link(one or none)),
            counted(
                facts,
                "sources",
                _("Open needs by who heard them"),
                sources,
                lambda one: Link(facts.label(SOURCE, one) or none),
            ),
            counted(
                facts,
                "tiers",
                _("Customers' voices by customer tier"),
                tiers,
                lambda one: Link(facts.label(TIER, one)),
            ),
        ),
    )


def counted(facts: Facts, name: str, title: str, counts: Counter[str], named: Callable[[str], Link]) -> Markup:
    """Bars of how many, the longest first; what is beyond the eighth is put together."""
    ordered = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    items = [
        charts.Bar(found.text or facts.words.text(msg("none")), float(count), "", "", found.href)
        for one, count in ordered[:BARS]
        for found in [named(one)]
    ]
    if rest := ordered[BARS:]:
        items.append(
            charts.Bar(
                facts.words.ngettext("{n} other", "{n} others", len(rest)), float(sum(count for _, count in rest))
            )
        )
    return charts.bars(frame(facts, name, title), items)


# Whether we keep our word


def promises(facts: Facts) -> Question:
    _, today = facts.words, facts.today
    made = list(facts.pool.promises.values())
    kept = sum(1 for one in made if one.status == "kept")
    broken = sum(1 for one in made if one.status == "broken")
    open_ones = sorted((one for one in made if one.status == "open"), key=lambda one: (one.due, one.id))
    late = sum(1 for one in open_ones if one.due < today)
    unapproved = sum(1 for one in open_ones if one.approved_by is None)
    says: Message
    if not made:
        says = msg("Nobody has promised anything yet.")
    else:
        says = msg(
            "of {settled} settled promises were kept. {open} are open: {late} of them overdue, {unapproved} never "
            "approved by customer success or product.",
            settled=kept + broken,
            open=len(open_ones),
            late=late,
            unapproved=unapproved,
        )
    bars = [
        charts.Bar(_("kept"), float(kept), "", "good"),
        charts.Bar(_("broken"), float(broken), "", "bad"),
        charts.Bar(_("open, overdue"), float(late), "", "warn"),
        charts.Bar(_("open, not due yet"), float(len(open_ones) - late)),
        charts.Bar(_("withdrawn"), float(sum(1 for one in made if one.status == "withdrawn")), "", "quiet"),
    ]
    return Question(
        "promises",
        _("Do we keep our word?"),
        str(kept) if made else "–",
        "",
        facts.say(says),
        (charts.bars(frame(facts, "kept", _("Promises"), unit=_("promises")), bars if made else ()),),
        tuple(
            Item(
                facts.link("requirement", one.requirement),
                facts.link("customer", one.customer).text,
                one.due,
                "due",
                facts.person(one.by),
            )
            for one in open_ones[:ITEMS]
        ),
        _("Open promises, by what is due first"),
    )
