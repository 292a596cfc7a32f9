"""What a rule may look at, with the look-ups that several rules share, and the words they share."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from unicodedata import normalize

from tobkit.check.changes import Changes
from tobkit.check.scan import Link, Text, Topic, links, suspects
from tobkit.messages import Label, Message, msg
from tobkit.model.base import Base
from tobkit.model.diagnostics import Diagnostic, Severity, Span
from tobkit.model.fields import Choices
from tobkit.model.kinds import Entry, Requirement
from tobkit.model.nearest import Words, plain
from tobkit.model.pool import Pool
from tobkit.model.schema import FieldSpec, KindSchema
from tobkit.store.attachments import Attachment
from tobkit.store.frontmatter import locate

SUGGESTIONS = 200
"""For how many unknown words of a kind the nearest known one is looked for: a pool that lacks a whole folder is told so
soon enough."""

MOST_ALLOWED = 20
"""How many allowed values a message lists."""

LONGEST_QUOTE = 60
"""Code points of a user's text that a message repeats."""


@dataclass
class Facts:
    """A pool, the day, what the loader found, and what the pool is compared with where such a base is known.

    The entries include partial ones: any field may be None. `attachments` are None where nobody looked for them,
    `beside` are the paths of other files, in NFC.
    """

    pool: Pool
    today: date
    found: Sequence[Diagnostic] = ()
    base: Base | None = None
    attachments: Sequence[Attachment] | None = None
    beside: frozenset[str] = frozenset()

    @cached_property
    def known(self) -> dict[str, frozenset[str]]:
        """Kind -> every id and alias that refers to an entry of it, and the ids of files that couldn't be read."""
        unread: dict[str, set[str]] = {}
        for kind, entry_id in self.pool.unread:
            unread.setdefault(kind, set()).add(entry_id)
        return {
            kind: frozenset(entries) | self.pool.aliases.get(kind, {}).keys() | unread.get(kind, set())
            for kind, entries in self.pool.by_kind.items()
        }

    @cached_property
    def suspects(self) -> list[Text]:
        """The texts of which a rule about texts may have something to say."""
        return list(suspects(self.pool.entries))

    def texts(self, topic: Topic) -> list[Text]:
        """Those of them that may hold something of a topic."""
        return [text for text in self.suspects if topic in text.topics]

    @cached_property
    def links(self) -> list[Link]:
        """The relative links in bodies."""
        return list(links(self.pool.entries))

    @cached_property
    def owners(self) -> frozenset[str]:
        """The ids of all entries, whether they could be read or not: who may have attachments."""
        return frozenset().union(*self.pool.by_kind.values(), (entry_id for _, entry_id in self.pool.unread))

    @cached_property
    def files(self) -> frozenset[str]:
        """The paths of the entries' files, and of what the loader complains of, in NFC."""
        paths = {entry.path for entry in self.pool.entries} | {diagnostic.path for diagnostic in self.found}
        return self.beside | frozenset(normalize("NFC", path) for path in paths)

    @cached_property
    def changes(self) -> Changes:
        """What became of each entry since the base."""
        return Changes(self.pool, self.base, self.known)

    @cached_property
    def directories(self) -> dict[str, "Directory"]:
        """Kind -> where an entry of it is found by anything that people call it."""
        return {kind: Directory(entries.values()) for kind, entries in self.pool.by_kind.items()}

    @cached_property
    def dead_references(self) -> list[tuple[Entry, FieldSpec, int, str]]:
        """Every reference to what isn't there: entry, field, place in a list, reference."""
        dead: list[tuple[Entry, FieldSpec, int, str]] = []
        for kind in self.pool.schema.kinds.values():
            fields = [(s, s.name, self.known[s.reference]) for s in kind.references if s.reference in self.known]
            single = [field for field in fields if not field[0].many]
            many = [field for field in fields if field[0].many]
            for entry in self.pool.by_kind[kind.name].values():
                for spec, name, known in single:
                    ref = getattr(entry, name)
                    if ref is not None and ref not in known:
                        dead.append((entry, spec, 0, ref))
                for spec, name, known in many:
                    refs = getattr(entry, name)
                    if refs and not known.issuperset(refs):
                        dead += [(entry, spec, index, ref) for index, ref in enumerate(refs) if ref not in known]
        return dead

    @cached_property
    def errors_by_path(self) -> dict[str, list[Span]]:
        """Path -> where the loader found errors in it."""
        spans: dict[str, list[Span]] = {}
        for diagnostic in self.found:
            if diagnostic.severity is Severity.ERROR:
                spans.setdefault(diagnostic.path, []).append(diagnostic.span)
        return spans

    def faulty(self, entry: Entry, field: str) -> bool:
        """Whether the loader reported this field already: that it is empty then is no news."""
        errors = self.errors_by_path.get(entry.path)
        if not errors:
            return False
        place = locate(entry, field)
        return any(place[:2] <= span[:2] <= place[2:] for span in errors if place[2:] != (1, 1))

    def stage(self, requirement: Requirement) -> str | None:
        """Which of the seven statuses a requirement's status stands for, or None where it has none."""
        return self.pool.schema.stage(requirement.status) if requirement.status else None


class Directory:
    """The entries of one kind by anything that people call them."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.by_name: dict[str, Entry] = {}
        self.words: Words | None = None
        self.asked: dict[str, Entry | None] = {}
        self.entries = list(entries)
        for entry in self.entries:
            for name in (entry.label, *getattr(entry, "aliases", ())):
                if name:
                    self.by_name.setdefault(plain(name), entry)

    def named(self, word: str) -> Entry | None:
        """The entry whose name, title or alias this is, but for case, accents and separators."""
        return self.by_name.get(plain(word))

    def nearest(self, word: str) -> Entry | None:
        """The entry that was probably meant."""
        if word not in self.asked:
            self.asked[word] = self._nearest(word) if len(self.asked) < SUGGESTIONS else None
        return self.asked[word]

    def _nearest(self, word: str) -> Entry | None:
        if self.words is None:
            self.by_word = {entry.id: entry for entry in self.entries}
            for entry in self.entries:
                if "aliases" in type(entry).model_fields:
                    for name in (entry.label, *getattr(entry, "aliases", ())):
                        self.by_word.setdefault(name or entry.id, entry)
            self.words = Words(self.by_word)
        found = self.words.nearest(word)
        return self.by_word[found] if found else None


def values(entry: Entry, spec: FieldSpec) -> tuple[Any, ...]:
    """A field's values, whether it takes one or many; none where it is empty."""
    value = getattr(entry, spec.name)
    if value is None:
        return ()
    return value if spec.many else (value,)


def day_of(entry: Entry, field: str) -> date | None:
    """A date field's value; in a partial entry also a required one may be missing."""
    value: date | None = getattr(entry, field)
    return value


def place(entry: Entry, spec: FieldSpec, index: int) -> Span:
    """Where a field's value stands, or its `index`-th one where it takes many."""
    return locate(entry, spec.name, index if spec.many else None)


def key_of(entry: Entry, field: str) -> str:
    """A field's key as the author wrote it; the canonical one where the author didn't."""
    return entry.origin.written.get(field, field)


def quoted(text: str) -> str:
    """A user's text for a message: not longer than one reads."""
    return text if len(text) <= LONGEST_QUOTE else text[: LONGEST_QUOTE - 1] + "…"


def shown(choices: Choices | None, value: str) -> str:
    """A value with its Chinese label, as the loader shows it."""
    label = choices.labels[value].zh if choices and value in choices.labels else value
    return value if label == value else f"{value} ({label})"


def called(entry: Entry) -> str:
    """An entry's id with what people call it."""
    return entry.id if not entry.label or entry.label == entry.id else f"{entry.id} ({quoted(entry.label)})"


def kind_word(kind: KindSchema) -> Label:
    """What a kind is called within a sentence."""
    return Label(kind.label.zh, kind.label.en.lower())


def allowed(known: Iterable[str]) -> Message:
    """The allowed values, or the first of them where they are many."""
    names = list(known)
    if len(names) <= MOST_ALLOWED:
        return msg("Allowed: {allowed}.", allowed=names)
    return msg("Allowed: {allowed} and {n} more.", allowed=names[:MOST_ALLOWED], n=len(names) - MOST_ALLOWED)
