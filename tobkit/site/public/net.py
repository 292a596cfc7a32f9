"""The second net: the finished files are read again and searched for what must not be in them.

A file is taken apart as its readers would: into its texts with and without inline markup, attributes, comments, and each
of these also with entities, percent signs and backslashes decoded. What many files share is searched once.
"""

import io
import re
import unicodedata
import zipfile
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from html import unescape
from itertools import accumulate
from typing import NamedTuple
from urllib.parse import unquote

from tobkit.messages import Message
from tobkit.site.public.searching import SHORTEST, Search
from tobkit.site.public.secrets import FILE, REVENUE, TEXT, TITLE, Revenue, Secret

SEPARATOR = "\0"
TEXT_TYPES = (".html", ".js", ".css", ".svg", ".json", ".xml", ".txt", ".csv", ".webmanifest")
WORD_LIKE = 8
"""From this length on a name counts within a longer word too."""
SHOUTED = 3
"""Up to this length a Latin name counts as it is written only: `IT` isn't “it”."""
IN_BINARIES = 6
"""Bytes that a name must have to be told from chance in a picture."""
LARGEST_MEMBER = 50 * 1024 * 1024
LEAST = {TITLE.template: 4, FILE.template: 4, TEXT.template: 8}
"""Letters that a title, a file's name or a text must have to be told from ordinary words."""
KNOWN_BY = 40
"""Letters by which a text is known: who quotes it may cut it off."""

TAG = re.compile(r"<!--.*?-->|<[a-zA-Z/!?](?:[^<>\"']|\"[^\"]*\"|'[^']*')*+>", re.DOTALL)
INLINE = re.compile(
    r"</?(?:a|abbr|b|bdi|bdo|code|del|em|i|ins|mark|s|small|span|strong|sub|sup|time|u|wbr)\b[^<>]*>", re.IGNORECASE
)
NAME = re.compile(
    r"^<[!/?]*[a-zA-Z][\w-]*|[\s/](?:aria-[a-z]+|alt|checked|class|content|d|disabled|for|height|href|http-equiv|id|lang|"
    r"loading|name|property|rel|role|src|start|tabindex|title|type|width)(?==)"
)
INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
HAN = r"\u2e80-\u9fff\uf900-\ufaff"
BETWEEN_HAN = re.compile(rf"(?<=[{HAN}]) (?=[{HAN}])")
SPACES = re.compile(r"\s+")
ESCAPED = re.compile(
    r"\\(?:u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]{1,6})\}|x([0-9a-fA-F]{2})|([0-9a-fA-F]{1,6}) ?|(.))", re.DOTALL
)
NOT_LETTERS = re.compile(r"[^\w\0]+|_+")
LATIN_WORD = re.compile(r"[A-Za-z0-9]+")

UNITS: Mapping[str, float] = {
    "千": 1e3,
    "万": 1e4,
    "百万": 1e6,
    "千万": 1e7,
    "亿": 1e8,
    "萬": 1e4,
    "億": 1e8,
    "k": 1e3,
    "thousand": 1e3,
    "m": 1e6,
    "mn": 1e6,
    "mio": 1e6,
    "million": 1e6,
    "b": 1e9,
    "bn": 1e9,
    "billion": 1e9,
}
NUMBER = re.compile(
    r"(?<![0-9a-z])(?P<sign>(?:[a-z]{0,2}[¥$€£₩₹฿]|cny|rmb|usd|eur|gbp|jpy|hkd|人民币)\s?)?"
    r"(?P<digits>\d++(?:[.,'’ _]\d++)*+)"
    rf"(?:\s?(?P<unit>{'|'.join(sorted(UNITS, key=len, reverse=True))})(?![a-z]))?"
    r"(?P<money>\s?(?:元|块|圆|cny|rmb|usd|eur|¥|€|£))?"
)
PIECE = re.compile(r"(?P<before>[,'’ _]?)(?P<whole>\d+(?:\.\d{3}){2,}|\d+)(?:\.(?P<part>\d+))*")
YEARS = range(1900, 2100)
LARGEST = 1e15
"""What no revenue reaches."""


class Find(NamedTuple):
    """What must not be there: in which files, what kind of thing, and the thing itself, hidden but for its ends."""

    paths: tuple[str, ...]
    what: Message
    hidden: str


class Net:
    """Collects finished files and finds the secrets in them.

    `ordinary` are terms within which anything may stand, `public` texts that excuse secrets that aren't strict (they
    stand in a public field), `own` texts of tobkit's own pages, which excuse all.
    """

    def __init__(
        self,
        secrets: Iterable[Secret],
        revenues: Iterable[Revenue],
        ordinary: Iterable[str] = (),
        public: Iterable[str] = (),
        own: Iterable[str] = (),
    ) -> None:
        self.names: dict[str, Secret] = {}
        self.shouted: dict[str, Secret] = {}
        self.letters: dict[str, Secret] = {}
        for secret in secrets:
            self.take(secret)
        for name in self.names:
            self.letters.pop(only_letters(name), None)
        ordinary = tuple(ordinary)
        self.ordinary = frozenset(filter(None, map(read, ordinary)))
        self.amounts = {round(one.exact, 2) for one in revenues}
        self.amounts |= {float(int(one)) for one in self.amounts}
        self.shortened = {text for one in revenues for text in one.shortened}
        self.segments: dict[str, list[str]] = {}
        self.lines: dict[str, list[str]] = {}
        self.binaries: dict[str, str] = {}
        self.spared: set[tuple[str, str]] = set()
        self.prepare()
        self.spare(own, strict=True)
        self.spare((*ordinary, *public), strict=False)

    def take(self, secret: Secret) -> None:
        """Sort a secret by how it is looked for; a strict one stands before another of the same text."""
        text = read(secret.text)
        if least := LEAST.get(secret.what.template):
            letters = only_letters(text)
            if len(letters) >= least:
                self.letters.setdefault(letters[:KNOWN_BY] if secret.what is TEXT else letters, secret)
            return
        into, key = self.names, text
        if len(text) <= SHOUTED and text.isascii() and text.isalnum():
            into, key = self.shouted, secret.text.strip()
        if len(key) >= SHORTEST and (key not in into or (secret.strict and not into[key].strict)):
            into[key] = secret

    def prepare(self) -> None:
        self.in_text = Search([*self.names, *(one for one in self.ordinary if len(one) >= SHORTEST)])
        self.in_letters = Search(self.letters)

    def spare(self, texts: Iterable[str], strict: bool) -> None:
        """Take out what these texts have, of the secrets that aren't strict, or of all."""
        segments: dict[str, list[str]] = {}
        for text in texts:
            for segment in taken_apart(text, html=True):
                segments[segment] = []
        for found in self.hits(segments):
            if strict or not found.strict:
                self.spared.add((found.form, found.key))

    def add(self, path: str, content: bytes) -> None:
        """A finished file."""
        self.note(path, taken_apart(path, html=False))
        kind = path.lower().rpartition(".")[2]
        if kind == "html":
            self.note(path, taken_apart("\n".join(self.without_whole_lines(path, content)), html=True))
        elif f".{kind}" in TEXT_TYPES:
            self.note(path, taken_apart(content.decode("utf-8", "replace"), html=kind in ("svg", "xml")))
        elif kind == "xlsx":
            for text in unzipped(content):
                self.note(path, taken_apart(text, html=True))
        else:
            self.binaries[path] = read(content.decode("utf-8", "ignore"))

    def without_whole_lines(self, path: str, content: bytes) -> Iterator[str]:
        """The lines of a page but for those that are elements by themselves, most of which many pages have."""
        for line in content.decode("utf-8", "replace").split("\n"):
            if line.startswith("<") and line.endswith(">") and line.count("<") == line.count(">"):
                paths = self.lines.setdefault(line, [])
                if not paths or paths[-1] != path:
                    paths.append(path)
            else:
                yield line

    def note(self, path: str, segments: Iterable[str]) -> None:
        for segment in segments:
            paths = self.segments.setdefault(segment, [])
            if not paths or paths[-1] != path:
                paths.append(path)

    def finds(self) -> list[Find]:
        """What must not be in the files, by file."""
        for line, paths in self.lines.items():
            for segment in taken_apart(line, html=True):
                self.segments.setdefault(segment, []).extend(paths)
        self.lines = {}
        found: dict[tuple[str, str], tuple[Message, set[str]]] = {}
        hits = [hit for hit in self.hits(self.segments) if (hit.form, hit.key) not in self.spared]
        for hit in (*hits, *self.in_binaries()):
            found.setdefault((hit.what.template, hit.key), (hit.what, set()))[1].update(hit.paths)
        return sorted(
            (Find(tuple(sorted(paths)), what, hidden(key)) for (_, key), (what, paths) in found.items()),
            key=lambda find: (find.paths[0], find.what.template, find.hidden),
        )

    def hits(self, segments: Mapping[str, list[str]]) -> Iterator["Hit"]:
        read_as = {segment: read(segment) for segment in segments}
        forms = list(read_as.values())
        places = Places(forms, segments.values())
        pardoned = []
        named = []
        for place, key in self.in_text.find(places.text):
            if key in self.ordinary:
                pardoned.append((place, place + len(key)))
            if key in self.names and stands_alone(places.text, place, key):
                named.append((place, key))
        pardon = Spans(pardoned)
        for place, key in named:
            if not pardon.cover(place, place + len(key)):
                yield Hit("name", key, *self.names[key][1:], places.paths(place))
        for number in NUMBER.finditer(places.text):
            for start, end in self.revenues_in(number):
                if not pardon.cover(start, end):
                    yield Hit("amount", places.text[start:end], REVENUE, True, places.paths(start))
        yield from self.shouted_hits(read_as, segments)
        places = Places([only_letters(form) for form in forms], segments.values())
        for place, key in self.in_letters.find(places.text):
            yield Hit("letters", key, *self.letters[key][1:], places.paths(place))

    def shouted_hits(self, read_as: Mapping[str, str], segments: Mapping[str, list[str]]) -> Iterator["Hit"]:
        if not self.shouted:
            return
        for segment, form in read_as.items():
            for word in set(LATIN_WORD.findall(INVISIBLE.sub("", segment))) & self.shouted.keys():
                if not any(word.casefold() in term and term in form for term in self.ordinary):
                    yield Hit("shouted", word, *self.shouted[word][1:], segments[segment])

    def revenues_in(self, number: "re.Match[str]") -> Iterator[tuple[int, int]]:
        """Where a number, which may be several with commas or spaces between, gives a revenue away."""
        is_money = bool(number["sign"] or number["money"])
        for start, end, value in amounts(number["digits"]):
            text, unit = number["digits"][start:end], number["unit"] if end == len(number["digits"]) else None
            is_year = text.isdecimal() and len(text) == 4 and int(text) in YEARS and not (is_money or unit)
            exact = value * UNITS.get(unit or "", 1)
            short = f"{text}{unit}"
            if (not is_year and 1000 <= exact < LARGEST and {round(exact, 2), float(int(exact))} & self.amounts) or (
                unit and short in self.shortened and (is_money or sum(map(str.isdecimal, text)) > 2)
            ):
                yield number.start("digits") + start, number.start("digits") + end

    def in_binaries(self) -> Iterator["Hit"]:
        long = {key: secret for key, secret in self.names.items() if len(key.encode()) >= IN_BINARIES}
        for path, text in self.binaries.items():
            for _, key in self.in_text.find(text):
                if key in long and ("name", key) not in self.spared and key not in self.ordinary:
                    yield Hit("name", key, *long[key][1:], [path])


class Hit(NamedTuple):
    """Where a secret stands, and how it was looked for."""

    form: str
    key: str
    what: Message
    strict: bool
    paths: list[str]


class Places:
    """Segments as one text, and whose each place is."""

    def __init__(self, forms: list[str], paths: Iterable[list[str]]) -> None:
        self.text = SEPARATOR.join(forms)
        self.starts = [0, *accumulate(len(form) + 1 for form in forms)]
        self.of = list(paths)

    def paths(self, place: int) -> list[str]:
        return self.of[bisect_right(self.starts, place) - 1]


class Spans:
    """Stretches of a text in which anything may stand."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        self.starts: list[int] = []
        self.ends: list[int] = []
        for start, end in sorted(spans):
            if self.ends and end <= self.ends[-1]:
                continue
            self.starts.append(start)
            self.ends.append(end)

    def cover(self, start: int, end: int) -> bool:
        at = bisect_right(self.starts, start) - 1
        return at >= 0 and end <= self.ends[at]


def amounts(digits: str) -> Iterator[tuple[int, int, float]]:
    """The numbers in digits with marks between, and where they stand: each by itself, and groups of three or four as one."""
    pieces = list(PIECE.finditer(digits))
    after = {3: 0, 4: 0}
    for at, piece in enumerate(pieces):
        alone = float(f"{piece['whole'].replace('.', '')}.{piece['part'] or 0}")
        for size, start in after.items():
            if at < start:
                continue
            end = at + 1
            while end < len(pieces) and belongs(pieces[end - 1], pieces[end], pieces[at + 1], size):
                end += 1
            if end > at + 1 and len(piece["whole"]) <= size and not piece["part"]:
                joined = "".join(one["whole"] for one in pieces[at:end])
                yield piece.start("whole"), pieces[end - 1].end(), float(f"{joined}.{pieces[end - 1]['part'] or 0}")
                after[size] = end
        yield piece.start("whole"), piece.end(), alone


def belongs(before: "re.Match[str]", piece: "re.Match[str]", first: "re.Match[str]", size: int) -> bool:
    """Whether a piece is the next group of a number's digits."""
    return len(piece["whole"]) == size and piece["before"] == first["before"] and not before["part"]


def taken_apart(text: str, html: bool) -> Iterator[str]:
    """The pieces of a file's text, each also as what it stands for."""
    seen: dict[str, None] = {}
    if html:
        tags = TAG.findall(text)
        apart = TAG.sub(SEPARATOR, text)
        joined = TAG.sub(SEPARATOR, INLINE.sub("", text))
        seen.update(dict.fromkeys(apart.split(SEPARATOR)))
        seen.update(dict.fromkeys(joined.split(SEPARATOR)))
        seen.update(dict.fromkeys(NAME.sub(" ", tag) for tag in set(tags)))
    else:
        seen[text] = None
    for piece in seen:
        if piece and not piece.isspace():
            yield piece
            yield from decoded(piece)


def decoded(text: str) -> Iterator[str]:
    """What a text stands for, where it is escaped in one way or several."""
    before = text
    for _ in range(3):
        after = unescape(before) if "&" in before else before
        after = unquote(after) if "%" in after else after
        after = ESCAPED.sub(unescaped, after) if "\\" in after else after
        if after == before:
            return
        yield after
        before = after


def unescaped(found: "re.Match[str]") -> str:
    code = found[1] or found[2] or found[3] or found[4]
    if code is None:
        return " " if found[5] in "nrt" else found[5]
    return chr(int(code, 16)) if int(code, 16) <= 0x10FFFF else " "


def read(text: str) -> str:
    """A text as eyes compare it: one form of each character, no capitals, single spaces, none within Chinese."""
    if not text.isascii():
        text = INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    text = SPACES.sub(" ", text).strip(" ").casefold()
    return text if text.isascii() else BETWEEN_HAN.sub("", text)


def only_letters(text: str) -> str:
    """What is left of a text that was `read` when marks and spaces go."""
    return NOT_LETTERS.sub("", text)


def stands_alone(text: str, place: int, name: str) -> bool:
    """Whether a name isn't just a part of a Latin word."""
    if len(name) >= WORD_LIKE:
        return True
    end = place + len(name)
    before, after = text[place - 1 : place], text[end : end + 1]
    return not (is_latin(name[0]) and is_latin(before)) and not (is_latin(name[-1]) and is_latin(after))


def is_latin(character: str) -> bool:
    return character.isascii() and character.isalnum()


def unzipped(content: bytes) -> Iterator[str]:
    """The texts in a workbook."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in archive.infolist():
                if member.file_size <= LARGEST_MEMBER and member.filename.endswith((".xml", ".rels")):
                    yield archive.read(member).decode("utf-8", "replace")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError):
        return


def hidden(text: str) -> str:
    """A secret as a log may have it: its first and last character."""
    if len(text) < 4:
        return text[:1] + "•" * (len(text) - 1)
    return text[0] + "•" * min(len(text) - 2, 8) + text[-1]
