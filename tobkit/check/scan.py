"""One look through every text of a pool for what several rules care about; only where there may be something do they
look closely.
"""

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Literal, NamedTuple
from unicodedata import normalize
from urllib.parse import unquote

from tobkit.model.diagnostics import Span
from tobkit.model.kinds import Entry
from tobkit.model.schema import DESCRIPTION_KEYS
from tobkit.store.frontmatter import MAX_PROBLEMS, places, places_of

Topic = Literal["unseen", "secrets", "persons", "placeholders"]
"""What a text may hold: characters that can't be seen, keys and passwords, personal data, placeholders."""

_LONG = "[A-Za-z0-9][A-Za-z0-9_-]{19}"
_BORN = r"[0-9]{5}(?:19|20)[0-9]{2}"
_GROUPED = "[0-9]{3}[ -]?[0-9]{4}[ -]?[0-9]{4}"
_SIGNS: Mapping[Topic, tuple[str, ...]] = {
    "secrets": (
        *(rf"-(?:{_LONG}|----BEGIN)", rf"_{_LONG}", rf"\.(?:{_LONG}|slack\.com/)", rf"={_LONG}"),
        *("A(?:KIA|SIA|KID|Iza)", "LTAI", "p(?:assw|wd)", "P(?:assw|ASSW|wd|WD)", "密码", "口令"),
    ),
    "persons": (
        rf"1(?:[3-9][0-9][ -]?[0-9]{{4}}[ -]?[0-9]{{4}}|{_BORN})",
        *(f"{digit}{_BORN}" for digit in (2, 7, 8)),
        *(f"{digit}(?:{_GROUPED}|{_BORN})" for digit in (3, 4, 5, 6)),
    ),
    "placeholders": (
        *("TODO", "TBD", "FIXME", "待(?:补充|填写|完善)", "此处?(?:填写|输入|补充|描述)", "x[xX]{2}", "X[xX]{2}"),
        *(r"\{\{", r"<(?:…|\.\.\.|[A-Za-z㐀-鿿])"),
    ),
    "unseen": (r"\\[xuU]",),
}
_ANY = re.compile("|".join(sign for signs in _SIGNS.values() for sign in signs))
_EACH = {topic: re.compile("|".join(signs)) for topic, signs in _SIGNS.items()}
"""What a text holds if `safety` or `texts` may have something to say of it. Each alternative begins with a character of
its own, which lets `re` pass over all others quickly."""

_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f]"
)
"""Characters that can't be seen, of which `safety` may have something to say. `isprintable`, which is quicker, is asked
first."""


class Text(NamedTuple):
    """A front matter or a body, the line of its file on which it begins, and what it may hold."""

    entry: Entry
    text: str
    line: int
    in_front: bool
    topics: frozenset[Topic]

    def spans(self, parts: Iterable[tuple[int, int]]) -> Iterator[Span]:
        """The places in the file of parts (from and to, each on one line) given in their order."""
        return places_of(self.text, parts, self.line)


def suspects(entries: Iterable[Entry]) -> Iterator[Text]:
    """The texts of which a rule may have something to say."""
    for entry in entries:
        front, body = entry.origin.front, entry.body
        if topics := topics_of(front):
            yield Text(entry, front, 2, in_front=True, topics=topics)
        if topics := topics_of(body):
            yield Text(entry, body_of(entry), entry.origin.body_line, in_front=False, topics=topics)


def topics_of(text: str) -> frozenset[Topic]:
    found: set[Topic] = set()
    if _ANY.search(text):
        found.update(topic for topic, sign in _EACH.items() if sign.search(text))
    if not text.replace("\n", " ").isprintable() and _UNSEEN.search(text):
        found.add("unseen")
    return frozenset(found)


def body_of(entry: Entry) -> str:
    """The body as it stands in the file: without a description that stands among the keys."""
    body, front = entry.body, entry.origin.front
    for key in DESCRIPTION_KEYS if any(key in front for key in DESCRIPTION_KEYS) else ():
        if (key,) in places(front):
            described = f"{places(front)[(key,)][1].value or ''}\n\n".lstrip()
            body = body[len(described) :] if body.startswith(described) else ""
    return body


_LITERAL = re.compile(
    r"^ {0,3}(`{3,}|~{3,}).*?(?:^ {0,3}\1|\Z)|(`+)[^`\n]+\2|<!--.*?(?:-->|\Z)", re.DOTALL | re.MULTILINE
)
_NOT_BREAK = re.compile(r"[^\n]")


def without_literals(text: str) -> str:
    """A text in which code and comments are blanks, so that all else keeps its place."""
    if "`" not in text and "~~~" not in text and "<!--" not in text:
        return text
    return _LITERAL.sub(lambda found: _NOT_BREAK.sub(" ", found[0]), text)


class Link(NamedTuple):
    """A relative link in a body: the target as written, the path below the workspace to which it leads, its place."""

    entry: Entry
    target: str
    path: str
    span: Span

    @property
    def parts(self) -> list[str]:
        return self.path.split("/")


_RELATIVE = re.compile(r"\]\((?!https?:)|\]:(?! *https?:)")
_LINK = re.compile(
    r"\]\([ \t]*(?:<([^<>\n]*)>|([^\s()<>]+(?:\([^\s()<>]*\)[^\s()<>]*)*))|^ {0,3}\[[^\]\n]{1,200}\]:[ \t]*<?([^\s<>]+)",
    re.MULTILINE,
)
_ABSOLUTE = re.compile(r"[a-z][a-z0-9+.-]*:|[/#?]", re.IGNORECASE)


def links(entries: Iterable[Entry]) -> Iterator[Link]:
    """The relative links in the bodies of entries."""
    for entry in entries:
        if _RELATIVE.search(entry.body):
            yield from links_of(entry)


def links_of(entry: Entry) -> Iterator[Link]:
    text = without_literals(body_of(entry))
    found = [one.span(one.lastindex or 0) for one in islice(_LINK.finditer(text), MAX_PROBLEMS)]
    parts = [(start, end) for start, end in found if start < end and not _ABSOLUTE.match(text, start)]
    folder = posixpath.dirname(entry.path)
    for (start, end), span in zip(parts, places_of(text, parts, entry.origin.body_line), strict=True):
        target = unquote(re.split("[?#]", text[start:end], maxsplit=1)[0])
        if target and "\0" not in target:
            yield Link(entry, target, normalize("NFC", posixpath.normpath(posixpath.join(folder, target))), span)
