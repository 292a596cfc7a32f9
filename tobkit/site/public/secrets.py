"""What must not get out of a pool: names, ids, revenues, internal titles and texts."""

import posixpath
import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, NamedTuple

from pydantic import BaseModel

from tobkit.messages import Message, msg
from tobkit.model.kinds import Customer, Entry, Organisation
from tobkit.model.pool import Pool
from tobkit.site import format as shown
from tobkit.site.bodies import Attachments
from tobkit.site.markdown import plain

CUSTOMER = msg("the name, alias or id of a customer")
ORGANISATION = msg("the name, alias or id of an organisation")
PERSON = msg("the name or id of a person")
REVENUE = msg("the yearly revenue of a customer")
ID = msg("the id of an internal entry")
TITLE = msg("the title of an internal entry")
TEXT = msg("a text of an internal entry")
FILE = msg("the name of an internal file")

SENTENCE = 12
"""Characters from which a text is told from what anybody may have written."""

PUBLIC_FIELDS = frozenset({"id", "title", "status", "module", "type", "planned", "delivered", "audience"})
ENDS = re.compile(r"[。！？；!?;\n]+|\.(?=\s|$)")
CLAUSES = re.compile(r"[，、：,:]+")


class Secret(NamedTuple):
    """A text that must not get out. A `strict` one fails the build wherever it stands; another one may stand where a
    public field has it too.
    """

    text: str
    what: Message
    strict: bool


class Revenue(NamedTuple):
    """A customer's yearly revenue, and what it is when shortened."""

    exact: float
    shortened: frozenset[str]


def secrets(pool: Pool, public: Iterable[str], attachments: Attachments) -> Iterator[Secret]:
    """Everything that is written in a pool and not public; `public` are the ids of the requirements shown."""
    open_ones = frozenset(public)
    for one, person in pool.config.people.items():
        yield from (Secret(text, PERSON, True) for text in (one, person.name))
    for _, one in pool.unread:
        yield Secret(one, ID, True)
    for entry in pool.entries:
        is_open = entry.kind == "requirement" and entry.id in open_ones
        if not is_open:
            yield from named(pool, entry)
            names = [posixpath.basename(entry.path), *attachments.get(entry.id, ())]
            yield from (Secret(name.rpartition(".")[0], FILE, False) for name in names)
        yield from written(pool, entry, is_open)


def named(pool: Pool, entry: Entry) -> Iterator[Secret]:
    """What an internal entry is called."""
    if isinstance(entry, (Customer, Organisation)):
        what = CUSTOMER if isinstance(entry, Customer) else ORGANISATION
        yield from (Secret(text, what, True) for text in (entry.id, entry.name, *entry.aliases))
        return
    # A slug is often a plain word.
    yield Secret(entry.id, ID, pool.schema[entry.kind].prefix is not None)
    yield from (
        Secret(text, TITLE, False) for text in (entry.label, *getattr(entry, "aliases", ())) if text != entry.id
    )


def written(pool: Pool, entry: Entry, is_open: bool) -> Iterator[Secret]:
    """What stands in an entry's fields and body, as far as it isn't public."""
    for name, spec in pool.schema[entry.kind].fields.items():
        if is_open and (name in PUBLIC_FIELDS or (spec.own and spec.public)):
            continue
        value = getattr(entry, name)
        if spec.person and value:
            yield Secret(value, PERSON, True)
        elif not spec.reference and not spec.choices:
            yield from (Secret(text, TEXT, False) for whole in texts(value) for text in sentences(whole))
    if not is_open:
        yield from (Secret(text, TEXT, False) for text in sentences(plain(entry.body, None)))
        yield from (Secret(text, TEXT, False) for line in entry.body.splitlines() for text in sentences(plain(line)))


def texts(value: Any) -> Iterator[str]:
    """The texts in a field's value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        yield from (text for one in value for text in texts(one))
    elif isinstance(value, BaseModel):
        yield from (text for one in type(value).model_fields for text in texts(getattr(value, one)))


def sentences(text: str) -> Iterator[str]:
    """The sentences, and parts of sentences, that are long enough to be known again."""
    for sentence in ENDS.split(text):
        if len(sentence.strip()) >= SENTENCE:
            yield sentence
            yield from (part for part in CLAUSES.split(sentence) if len(part.strip()) >= SENTENCE)


def revenues(pool: Pool) -> list[Revenue]:
    """The customers' revenues of four digits and more."""
    found = {customer.arr for customer in pool.customers.values() if customer.arr and customer.arr >= 1000}
    return [
        Revenue(amount, frozenset(shown.number(amount, language).casefold() for language in ("zh", "en")))
        for amount in sorted(found)
    ]


def ordinary(pool: Pool, public: Iterable[str]) -> Iterator[str]:
    """What may stand in a public site whoever else is called so: the configuration's terms, the site's own title, the
    modules, ids and dates of public requirements.
    """
    site = pool.config.site
    yield from (*site.public_terms, site.title, site.base_url)
    for one in public:
        requirement = pool.requirements[one]
        module = pool.modules.get(requirement.module or "")
        yield from (requirement.id, requirement.planned or "", *((module.id, module.name) if module else ()))
        yield from dates(requirement.delivered)
        for name, spec in pool.schema["requirement"].fields.items():
            if spec.own and spec.public and spec.type not in ("text", "list", "reference"):
                value = getattr(requirement, name)
                yield from (
                    dates(value)
                    if isinstance(value, date)
                    else (f"{value:g}" if spec.type == "number" and value else str(value),)
                )


def dates(day: date | None) -> Iterator[str]:
    """A date in all ways in which pages have it."""
    if day:
        yield day.isoformat()
        for language in ("zh", "en"):
            yield from (shown.long_date(day, language), shown.short_date(day, language))
