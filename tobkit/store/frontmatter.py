"""Front matter with a position for every key and value.

python-frontmatter splits and joins a file with `Handler`; the front matter itself is read from libyaml's event stream,
which shows duplicate keys, anchors, tags and depth before anything is built. A plain scalar stays its source text, so
that the schema types it (`1.10` is "1.10"). Files in the usual simple form take a line scan that gives the same values
several times as fast (`tests/store` holds both to the same answer).
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple

import yaml
from frontmatter.default_handlers import YAMLHandler
from yaml.cyaml import CParser  # type: ignore[attr-defined]

from tobkit.messages import Message, msg
from tobkit.model.diagnostics import WHOLE_FILE, Diagnostic, Edit, Rule, Severity, Span
from tobkit.model.kinds import Entry

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 100
MAX_VALUES = 10_000
"""Keys, values and items that one front matter may hold; more would make a file that takes seconds to read."""

MAX_PROBLEMS = 1000
"""So many findings of the same kind are listed for one file."""

NO_FENCE = Rule("TOB101", "no front matter")
UNCLOSED_FENCE = Rule("TOB102", "front matter isn't closed")
WRONG_FENCE = Rule("TOB103", "fence other than ---")
SYNTAX = Rule("TOB104", "front matter can't be read")
DUPLICATE_KEY = Rule("TOB105", "key given twice")
ANCHOR = Rule("TOB106", "anchor or alias")
TAG = Rule("TOB107", "tag")
TAB = Rule("TOB108", "tab as indentation")
TOO_LARGE = Rule("TOB109", "file too large")
TOO_DEEP = Rule("TOB110", "nested too deeply")
NOT_UTF8 = Rule("TOB111", "not UTF-8")
CONTROL_CHARACTER = Rule("TOB112", "control character")
CONFLICT_MARKER = Rule("TOB113", "merge conflict marker")
NOT_KEYS = Rule("TOB114", "front matter isn't a list of keys")
FULL_WIDTH_COLON = Rule("TOB120", "full-width colon after a key", Severity.INFO)

Value = str | None | list[Any] | dict[str, Any]


class Problem(NamedTuple):
    """What is wrong in a document, before it is known which file it is."""

    rule: Rule
    span: Span
    message: Message
    help: Message
    fix: Edit | None = None

    def at(self, path: str) -> Diagnostic:
        return Diagnostic.of(self.rule, path, self.span, self.message, self.help, self.fix)


@dataclass(slots=True)
class Node:
    """A value of the front matter with its place. `value` is text, None, a list of nodes or (key node, node) pairs."""

    span: Span
    value: Any = None
    pairs: list[tuple["Node", "Node"]] | None = None

    def plain(self) -> Value:
        """The value without places."""
        if self.pairs is not None:
            found: dict[str, Value] = {}
            for key, node in self.pairs:
                if isinstance(key.value, str):
                    found.setdefault(key.value, node.plain())
            return found
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value  # type: ignore[no-any-return]


@dataclass(slots=True)
class Document:
    """A file taken apart. `readable` says whether the front matter could be read to its end."""

    values: dict[str, Value] = field(default_factory=dict)
    front: str = ""
    body: str = ""
    body_line: int = 1
    problems: list[Problem] = field(default_factory=list)
    readable: bool = True


class Handler(YAMLHandler):
    """python-frontmatter's handler for a pool's files: bare `---` fences, plain scalars as text, one item a line."""

    FM_BOUNDARY = re.compile(r"\n---[ \t]*(?=\n|\Z)")
    START_DELIMITER = END_DELIMITER = "---"

    def detect(self, text: str) -> bool:
        return text.partition("\n")[0].rstrip(" \t") == "---"

    def split(self, text: str) -> tuple[str, str]:
        """The front matter and what follows it. Raises ValueError where the front matter isn't closed."""
        closing = self.FM_BOUNDARY.search(text)
        if closing is None:
            raise ValueError("not closed")
        return text[text.index("\n") + 1 : closing.start() + 1], text[closing.end() :]

    def load(self, fm: str, **_: object) -> dict[str, Value]:
        found = scan(fm)
        return values_of(compose(fm)[0]) if found is None else found

    def export(self, metadata: dict[str, object], **_: object) -> str:
        return "\n".join(line for key, value in metadata.items() for line in written(key, value))


HANDLER = Handler()


# Taking a file apart


def read_document(data: bytes) -> Document:
    """Take a file's bytes apart; whatever they are, the result is a document, with its problems."""
    if len(data) > MAX_BYTES:
        return unreadable(
            TOO_LARGE,
            WHOLE_FILE,
            msg("The file is larger than {most} KiB.", most=MAX_BYTES // 1024),
            msg("Move long texts and pictures to attachments (files/ID/NAME) and link them."),
        )
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return not_utf8(data, error.start)
    text = text.removeprefix("\ufeff")
    if "\r" in text:
        text = text.replace("\r\n", "\n")
    if "\0" in text:
        return unreadable(
            CONTROL_CHARACTER,
            place(text, text.index("\0"), 1),
            msg("The file holds a NUL character (U+0000)."),
            save_as_utf8("UTF-16")
            if "\0" in text[:2]
            else msg("Delete it; the file may be damaged, or not a text file."),
        )
    return split(text)


def unreadable(rule: Rule, span: Span, message: Message, help: Message, fix: Edit | None = None) -> Document:
    return Document(problems=[Problem(rule, span, message, help, fix)], readable=False)


def not_utf8(data: bytes, start: int) -> Document:
    """The document of bytes that aren't UTF-8 from `start` on."""
    sound = data[:start].decode("utf-8").removeprefix("\ufeff")
    return unreadable(
        NOT_UTF8,
        place(sound, len(sound), 1),
        msg("The file isn't in UTF-8 (byte {byte} can't be read).", byte=f"0x{data[start]:02X}"),
        save_as_utf8(likely_encoding(data)),
    )


def save_as_utf8(encoding: str | None) -> Message:
    if encoding is None:
        return msg("Open it in your editor and save it again with the encoding UTF-8.")
    return msg(
        "It looks like {encoding}: open it in your editor with that encoding, then save it again as UTF-8.",
        encoding=encoding,
    )


def likely_encoding(data: bytes) -> str | None:
    """The encoding that a file from a Chinese computer probably has, if not UTF-8."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in data[:2]:
        return "UTF-16"
    wide = "".join(character for character in data.decode("gb18030", "replace") if character > "\x7f")
    common = wide.encode("gb2312", "ignore")
    return "GBK (GB18030)" if len(common) > len(wide) else None  # most of it are usual characters, of two bytes each


def split(text: str) -> Document:
    """The document of a decoded text."""
    markers = conflict_markers(text) if "<<<<<<< " in text or ">>>>>>> " in text else None
    if markers:
        return Document(problems=markers, readable=False)
    if not HANDLER.detect(text):
        return fence_missing(text.partition("\n")[0])
    try:
        front, content = HANDLER.split(text)
    except ValueError:
        return unreadable(
            UNCLOSED_FENCE,
            Span(1, 1, 1, 4),
            msg("The front matter is opened with --- but never closed."),
            msg("Put a line with --- alone below the last key."),
        )
    body = content.lstrip("\n")
    document = Document(front=front, body=body.rstrip(), body_line=text.count("\n", 0, len(text) - len(body)) + 1)
    found = scan(front)
    if found is not None:
        document.values = found
        return document
    root, problems = compose(front)
    document.problems = [*problems]
    document.readable = not any(problem.rule in _UNREADABLE for problem in problems)
    document.values = values_of(root)
    return document


_UNREADABLE = frozenset({SYNTAX, TOO_DEEP, TOO_LARGE, NOT_KEYS, CONTROL_CHARACTER, TAB})
_OTHER_FENCE = re.compile(r"---[\w+-]+|\+\+\+|;;;|~~~|```\w*|—+|－+|\.\.\.|\{")


def fence_missing(opening: str) -> Document:
    """The document of a file that doesn't begin with a bare fence."""
    opening = opening[:80].strip()
    help = msg("The first line must be --- alone, then the keys, then a line with --- again.")
    if _OTHER_FENCE.fullmatch(opening):
        return unreadable(
            WRONG_FENCE,
            Span(1, 1, 1, len(opening) + 1),
            msg("The file begins with {found}; only --- opens the front matter.", found=opening),
            help,
        )
    return unreadable(NO_FENCE, WHOLE_FILE, msg("The file doesn't begin with front matter (a line with ---)."), help)


_MARKER = re.compile(r"^(?:<{7}|>{7}) .*$", re.MULTILINE)
_MIDDLE = re.compile(r"^={7}$", re.MULTILINE)


def conflict_markers(text: str) -> list[Problem]:
    """The lines that git leaves where two branches meet; a text quoted seven times (`>>>>>>> `) alone is none."""
    found = [marker.span() for marker in islice(_MARKER.finditer(text), MAX_PROBLEMS)]
    if not any(text[start] == "<" for start, _ in found) and not _MIDDLE.search(text):
        return []
    return [
        Problem(
            CONFLICT_MARKER,
            span,
            msg("A merge conflict was left in the file."),
            msg("Keep one of the two versions and delete the lines with <<<<<<<, ======= and >>>>>>>."),
        )
        for span in places_of(text, found, 1)
    ]


def place(text: str, index: int, first_line: int, length: int = 1) -> Span:
    """The span of `length` code points (on one line) at an index of a text whose first line is `first_line`."""
    return next(places_of(text, [(index, index + length)], first_line))


def places_of(text: str, parts: Iterable[tuple[int, int]], first_line: int) -> Iterator[Span]:
    """The spans of parts of a text (from and to, each on one line), given in their order."""
    line, last, begin = first_line, 0, 0
    for start, end in parts:
        line += text.count("\n", last, start)
        begin = max(begin, text.rfind("\n", last, start) + 1)
        last = start
        yield Span(line, start - begin + 1, line, end - begin + 1)


# The quick way: a line scan for the usual simple form

_PLAIN = (
    r"(?!null(?:\n|\Z))[^\s\-?:,\[\]{}#&*!|>'\"%@`<=~][^\n:#]*+"
    r"(?:(?::(?=\S)|(?<!\ )\#)[^\n:#]*+)*+"  # a colon before a blank, and # behind one, mean something else
)
_QUOTED = r"""\"[^\"\\\n]+\"|'[^'\n]+'"""
_LINE = re.compile(
    rf"""(?:
        (\w++):(?:[ ]++({_PLAIN}|{_QUOTED}|\[[^\[\]{{}}"'\#&*!|>%@`:?~\n]*\]))?
        |([ ]*+)-[ ]++({_PLAIN}|{_QUOTED})
        |\#[^\n]*+
        |([^\n]++)
    )?(?:\n|\Z)""",
    re.VERBOSE,
)
_UNUSUAL = re.compile("[^\\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_USUAL_LENGTH = 16 * 1024
_LONGEST_KEY = 1000  # libyaml takes 1024 characters for a key, less what it looks ahead


def scan(front: str) -> dict[str, Value] | None:
    """The values of a front matter in the usual simple form, or None where the full reader must look."""
    if len(front) > _USUAL_LENGTH or " \n" in front or _UNUSUAL.search(front):
        return None
    values: dict[str, Value] = {}
    key = indent = ""
    items: list[Value] | None = None  # those of the key above, where it has no value of its own
    for name, value, before, item, other in _LINE.findall(front):
        if name:
            if name in values or name == "null" or len(name) > _LONGEST_KEY:
                return None
            if not value:
                key, items = name, []
                values[name] = None
                continue
            items = None
            values[name] = inner(value) if value[0] in "\"'[" else value
            if values[name] is None:
                return None
        elif item:
            if items is None or (items and before != indent):
                return None
            indent = before
            items.append(item[1:-1] if item[0] in "\"'" else item)
            values[key] = items
        elif other:
            return None
    return values


def inner(text: str) -> Value:
    """What is in quotes, or the items in brackets; None where one of them isn't simple."""
    if text[0] != "[":
        return text[1:-1]
    if text == "[]":
        return []
    items: list[Any] = [item.strip(" ") for item in text[1:-1].split(",")]
    for item in items:
        if not item or item == "null" or item[0] in "-<=":
            return None
    return items


# The full way: libyaml's events


@lru_cache(maxsize=16)  # what reads a file's values looks for their places next
def compose(front: str) -> tuple[Node | None, tuple[Problem, ...]]:
    """The tree of a front matter with places, and everything that is wrong with it. Lines count from the file's top."""
    root, problems = _compose(front)
    return root, tuple(problems)


def _compose(front: str) -> tuple[Node | None, list[Problem]]:
    problems: list[Problem] = []
    unusual = _CONTROL.search(front)
    if unusual:
        point = f"U+{ord(unusual[0]):04X}"
        problems.append(
            Problem(
                CONTROL_CHARACTER,
                place(front, unusual.start(), 2),
                msg("The front matter holds an invisible control character ({point}).", point=point),
                msg("Delete it and type the text around it again."),
            )
        )
        return None, problems
    problems += tabs(front)
    if problems:
        return None, problems
    narrowed, wide = narrow_colons(front)
    problems += [
        Problem(
            FULL_WIDTH_COLON,
            span,
            msg("A full-width colon stands after a key; it is read as a colon."),
            msg("`tobkit check --fix` writes “: ”."),
            Edit(span, ": "),
        )
        for span in wide[:MAX_PROBLEMS]
    ]
    builder = _Builder(front, wide)
    try:
        root = builder.build(narrowed)
    except yaml.YAMLError as error:
        return builder.root, [*problems, *builder.problems, syntax_problem(error, builder)]
    problems += builder.problems
    if root is not None and root.pairs is None and root.value is not None and not builder.problems:
        problems.append(
            no_space_problem(front, len(front))
            or Problem(
                NOT_KEYS,
                root.span,
                msg("The front matter must be lines of the form “key: value”."),
                msg("Write for example “title: Export invoices in bulk”."),
            )
        )
        return None, problems
    return root, problems


_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_TAB = re.compile(r"^ *\t+(?=\S)", re.MULTILINE)
_WIDE_COLON = re.compile(r"^(\w[^\s：:#,\[\]{}\"']*)(：[ ]?)", re.MULTILINE)


def tabs(front: str) -> list[Problem]:
    found = (match.span() for match in islice(_TAB.finditer(front), MAX_PROBLEMS)) if "\t" in front else ()
    return [
        Problem(
            TAB,
            span,
            msg("A tab indents this line; front matter is indented with spaces."),
            msg("Replace the tab by two spaces."),
        )
        for span in places_of(front, found, 2)
    ]


def narrow_colons(front: str) -> tuple[str, list[Span]]:
    """The text with full-width colons after keys as `: `, and where they stand in the original, with a blank behind."""
    if "：" not in front:
        return front, []
    found = islice(_WIDE_COLON.finditer(front), MAX_VALUES)
    spans = list(places_of(front, (match.span(2) for match in found), 2))
    return _WIDE_COLON.sub(r"\1: ", front, count=MAX_VALUES), spans


@dataclass(slots=True)
class _Open:
    """A list or mapping that isn't closed yet: the key that waits for its value, and the line of every key so far."""

    node: Node
    key: Node | None = None
    lines: dict[str, int] = field(default_factory=dict)


class _Builder:
    """Builds the tree from events, without recursion."""

    def __init__(self, front: str, wide: list[Span]) -> None:
        self.front = front
        self.problems: list[Problem] = []
        self.root: Node | None = None
        self.nodes = 0
        # Where a full-width colon without a blank was read as `: `, columns behind it are one too large.
        self.longer = {span.line: span.column for span in wide if span.end_column == span.column + 1}

    def point(self, mark: Any) -> tuple[int, int]:
        """A mark's line and column in the file (1-based; the front matter's first line is line 2)."""
        line, column = mark.line + 2, mark.column + 1
        return line, column - (column > self.longer.get(line, column))

    def span(self, event: Any) -> Span:
        return Span(*self.point(event.start_mark), *self.point(event.end_mark))

    def build(self, text: str) -> Node | None:
        parser = CParser(text)
        try:
            return self._build(parser)
        finally:
            parser.dispose()

    def _build(self, parser: CParser) -> Node | None:
        stack: list[_Open] = []
        while True:
            event = parser.get_event()
            if event is None or isinstance(event, yaml.StreamEndEvent):
                return self.root
            if isinstance(event, (yaml.DocumentStartEvent, yaml.DocumentEndEvent)):
                if event.explicit:
                    self.problems.append(second_document(self.span(event)))
                    return self.root
            elif isinstance(event, (yaml.SequenceEndEvent, yaml.MappingEndEvent)):
                closed = stack.pop().node
                span = self.span(event)
                if span[:2] < span[2:]:  # a closing bracket, so it is in flow style
                    closed.span = Span(*closed.span[:2], *span[2:])
            elif isinstance(event, yaml.NodeEvent):
                node = self.node(event)
                self.attach(node, stack)
                if isinstance(event, yaml.CollectionStartEvent):
                    stack.append(_Open(node))
                if self.is_too_much(node, len(stack)):
                    return self.root

    def is_too_much(self, node: Node, depth: int) -> bool:
        """Whether nothing more is to be read: nested too deeply, or more than a front matter ever holds."""
        self.nodes += 1
        if depth > MAX_DEPTH:
            message = msg("The front matter is nested more than {most} levels deep.", most=MAX_DEPTH)
            help = msg("Use plain “key: value” lines and simple lists.")
            self.problems.append(Problem(TOO_DEEP, node.span, message, help))
        elif self.nodes > MAX_VALUES:
            message = msg("The front matter holds more than {most} keys and values.", most=MAX_VALUES)
            help = msg("Put what is more below the front matter, or into an attachment.")
            self.problems.append(Problem(TOO_LARGE, node.span, message, help))
        else:
            return False
        return True

    def node(self, event: Any) -> Node:
        span = self.span(event)
        if isinstance(event, yaml.AliasEvent):
            self.problems.append(anchor_problem(span, f"*{event.anchor}"))
            return Node(span)
        if event.anchor:
            self.problems.append(anchor_problem(span, f"&{event.anchor}"))
        if event.tag:
            shown = str(event.tag).replace("tag:yaml.org,2002:", "!!")
            self.problems.append(
                Problem(
                    TAG,
                    span,
                    msg("The tag {tag} isn't allowed; values are plain text.", tag=shown),
                    msg("Delete the tag, or put the value in double quotes if it begins with “!”."),
                )
            )
        if isinstance(event, yaml.ScalarEvent):
            is_null = not event.style and event.value in ("", "~", "null")
            return Node(span, None if is_null else event.value)
        if isinstance(event, yaml.SequenceStartEvent):
            return Node(span, [])
        return Node(span, pairs=[])

    def attach(self, node: Node, stack: list[_Open]) -> None:
        """Put a node where it belongs: as the root, a list's item, a mapping's key or a key's value."""
        if not stack:
            self.root = node
            return
        parent = stack[-1]
        if parent.node.pairs is None:
            parent.node.value.append(node)
        elif parent.key is None:
            parent.key = node
            self.check_key(node, parent.lines)
        else:
            parent.node.pairs.append((parent.key, node))
            parent.key = None

    def check_key(self, key: Node, lines: dict[str, int]) -> None:
        if not isinstance(key.value, str):
            self.problems.append(
                Problem(
                    SYNTAX,
                    key.span,
                    msg("A key must be a plain word."),
                    msg("Write “key: value”; put the value in double quotes if it begins with a bracket."),
                )
            )
        elif key.value in lines:
            message = msg(
                "“{key}” is given twice; it stands on line {line} already.", key=key.value, line=lines[key.value]
            )
            help = msg("Keep one of the two lines. A list takes its items below one key, each on a line with “- ”.")
            self.problems.append(Problem(DUPLICATE_KEY, key.span, message, help))
        else:
            lines[key.value] = key.span.line


def second_document(span: Span) -> Problem:
    return Problem(
        SYNTAX,
        span,
        msg("This line would end the front matter, but more follows."),
        msg("Delete the line, or put its text in double quotes behind a key."),
    )


def anchor_problem(span: Span, shown: str) -> Problem:
    return Problem(
        ANCHOR,
        span,
        msg("Anchors and aliases ({shown}) aren't allowed; every value is written out.", shown=shown),
        msg("Write the value itself, or put it in double quotes if it begins with & or *."),
    )


def syntax_problem(error: yaml.YAMLError, builder: _Builder) -> Problem:
    """Libyaml's complaint in words for people who don't program."""
    if not isinstance(error, yaml.MarkedYAMLError) or error.problem_mark is None:
        return Problem(SYNTAX, WHOLE_FILE, _ANY_SYNTAX.message, _ANY_SYNTAX.help)
    line, column = builder.point(error.problem_mark)
    lines = builder.front.split("\n")[: line - 1]
    if found := no_space_problem(builder.front, sum(len(each) + 1 for each in lines)):
        return found
    text = f"{error.context or ''} {error.problem or ''}"
    words = next(words for words in _SYNTAX_WORDS if words.sign in text)
    before = lines[-1][: column - 1] if lines else ""
    if words is _INDENTATION and before.rstrip(" ").endswith(('"', "'", "]", "}")):
        words = _AFTER_CLOSING
    elif (
        words is _COLON_IN_VALUE and before.strip(" ").isidentifier()
    ):  # a key, so what is wrong is its line or the one above
        indent = len(before) - len(before.lstrip(" "))
        words, column = (_INDENTATION, indent + 1) if indent else (_NO_COLON, 1)
        line -= 0 if indent else 1
    elif words.at_context and error.context_mark:
        line, column = builder.point(error.context_mark)
    return Problem(SYNTAX, Span(line, column, line, column + 1), words.message, words.help)


_NO_SPACE = re.compile(r"^[^\W\d]\w*(:)(?=[^\s:/])", re.MULTILINE)


def no_space_problem(front: str, end: int) -> Problem | None:
    """The commonest slip, where the lines up to `end` show it: no space behind a key's colon."""
    found = _NO_SPACE.search(front, 0, end)
    return found and Problem(
        SYNTAX,
        place(front, found.start(1), 2),
        msg("A space is missing behind the colon."),
        msg("Write “key: value”, with a colon and a space."),
        Edit(place(front, found.start(1), 2), ": "),
    )


class _Words(NamedTuple):
    """What libyaml says (a part of it), and how we say it; where it began is the better place for some."""

    sign: str
    message: Message
    help: Message
    at_context: bool = False


_IN_QUOTES = msg("Put the whole value in double quotes.")
_CANNOT_BEGIN = msg("A value can't begin with this character.")
_ANY_SYNTAX = _Words(
    "",
    msg("The front matter can't be read from here on."),
    msg("Every line is “key: value”; put values with special characters in double quotes."),
)
_INDENTATION = _Words(
    "block",
    msg("This line isn't indented like the lines around it."),
    msg("Keys begin at the first column; list items begin with two spaces and “- ”."),
)
_AFTER_CLOSING = _Words(
    "",
    msg("More text follows where the value has ended already."),
    msg('Put the whole value in double quotes; inside them write \\" for a quotation mark.'),
)
_BACKSLASH = _Words(
    "escape",
    msg("Inside double quotes a backslash gives the next character another meaning."),
    msg("Write two backslashes for one."),
)
_COLON_IN_VALUE = _Words(
    "mapping values are not allowed",
    msg("The value holds a colon followed by a space, which would begin a new key."),
    msg('Put the whole value in double quotes: key: "value: with colon".'),
)
_NO_COLON = _Words(
    "simple key",
    msg("This line has no colon after its key."),
    msg("Write “key: value”, with a colon and a space."),
    at_context=True,
)
_SYNTAX_WORDS = (
    _BACKSLASH,
    _BACKSLASH._replace(sign="hexdecimal"),
    _Words(
        "quoted scalar",
        msg("A quotation mark is opened but not closed properly."),
        msg('Close it at the end of the value; inside double quotes write \\" for a quotation mark.'),
        at_context=True,
    ),
    _COLON_IN_VALUE,
    _Words("cannot start any token", _CANNOT_BEGIN, _IN_QUOTES),
    _Words("node content", _CANNOT_BEGIN, _IN_QUOTES),
    _Words("sequence entries are not allowed", _CANNOT_BEGIN, _IN_QUOTES),
    _Words("scanning a block scalar", _CANNOT_BEGIN, _IN_QUOTES, at_context=True),
    _Words("scanning an a", _CANNOT_BEGIN, _IN_QUOTES, at_context=True),  # an alias, an anchor
    _Words("tag", _CANNOT_BEGIN, _IN_QUOTES, at_context=True),
    _Words(
        "flow sequence",
        msg("A list in square brackets isn't closed, or a comma is missing."),
        msg("Write [one, two], or each item on a line of its own with “- ”."),
        at_context=True,
    ),
    _Words(
        "flow mapping",
        msg("A curly bracket isn't closed, or a comma is missing."),
        msg("Put values that begin with { in double quotes."),
        at_context=True,
    ),
    _NO_COLON,
    _INDENTATION,
    _INDENTATION._replace(sign="<document start>"),
    _ANY_SYNTAX,
)


def values_of(root: Node | None) -> dict[str, Value]:
    """The values of a tree by key; nothing where the front matter is empty."""
    plain = root.plain() if root else None
    return plain if isinstance(plain, dict) else {}


# Finding places again


def locate(entry: Entry, field: str, index: int | None = None, *, key: bool = False) -> Span:
    """Where an entry's field stands: its value, its `index`-th item, or its key; the whole file where it doesn't."""
    name = entry.origin.written.get(field, field)
    if (name,) in places(entry.origin.front):
        return locate_key(entry.origin.front, (name,), index, key=key)
    return locate_key(entry.origin.front, tuple(name.split(".", 1)), index, key=key)


def locate_key(front: str, names: tuple[str, ...], index: int | None = None, *, key: bool = False) -> Span:
    """The same by the keys as written, outermost first."""
    found = places(front).get(names)
    if found is None:
        return WHOLE_FILE
    key_span, node = found
    if key:
        return key_span
    if index is not None and isinstance(node.value, list) and index < len(node.value):
        return node.value[index].span  # type: ignore[no-any-return]
    return key_span if node.span[:2] == node.span[2:] else node.span


@lru_cache(maxsize=16)
def places(front: str) -> dict[tuple[str, ...], tuple[Span, Node]]:
    """The place of every key and its value by the keys as written; findings come many at a time from one file."""
    found: dict[tuple[str, ...], tuple[Span, Node]] = {}
    pending: list[tuple[tuple[str, ...], Node | None]] = [((), compose(front)[0])]
    while pending:
        names, parent = pending.pop()
        for key, node in (parent.pairs if parent else None) or ():
            path = (*names, str(key.value))
            found.setdefault(path, (key.span, node))
            if len(path) == 1:
                pending.append((path, node))
    return found


# Writing


def written(key: str, value: object, indent: str = "") -> list[str]:
    """The lines of a key and its value: lists one item a line, text quoted only where it must be."""
    name = indent + scalar(key)
    if isinstance(value, dict):
        return [f"{name}:", *(line for part, item in value.items() for line in written(part, item, indent + "  "))]
    if isinstance(value, (list, tuple)):
        return [f"{name}:", *(f"{indent}  - {scalar(item)}" for item in value)] if value else [f"{name}: []"]
    return [f"{name}: {scalar(value)}" if value is not None else f"{name}:"]


_NEEDS_QUOTES = re.compile(r"^[\s\-?:,\[\]{}#&*!|>'\"%@`<=~]|: |:$| #|\s$|^(?:null)?$|^---|^\.\.\.")


def scalar(value: object) -> str:
    """A value as YAML that reads back as the same text: plain where possible, else in double quotes."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = str(value)
    if not _NEEDS_QUOTES.search(text) and not _UNUSUAL.search(text) and "\n" not in text:
        return text
    return quoted(text)


def flow_scalar(value: object) -> str:
    """The same for an item of a list in brackets."""
    text = scalar(value)
    return text if text.startswith('"') or not _FLOW.search(text) else quoted(text)


_FLOW = re.compile(r"[,\[\]{}]|:\Z")


def quoted(text: str) -> str:
    return '"' + "".join(_escaped(character) for character in text) + '"'


def _escaped(character: str) -> str:
    if character in '"\\':
        return "\\" + character
    if character == "\n":
        return "\\n"
    if character == "\t":
        return "\\t"
    if not _UNUSUAL.match(character):
        return character
    point = ord(character)
    return f"\\x{point:02x}" if point < 0x100 else f"\\u{point:04x}" if point < 0x10000 else f"\\U{point:08x}"
