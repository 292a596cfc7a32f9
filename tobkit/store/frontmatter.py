"""Front matter with a position for every key and value.

python-frontmatter splits and joins a file with `Handler`; the front matter itself is read from libyaml's event stream,
which shows duplicate keys, anchors, tags and depth before anything is built. A plain scalar stays its source text, so
that the schema types it (`1.10` is "1.10"). Files in the usual simple form take a line scan that gives the same values
several times as fast (`tests/store` holds both to the same answer).
"""

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import yaml
from frontmatter.default_handlers import YAMLHandler
from yaml.cyaml import CParser  # type: ignore[attr-defined]

from tobkit.messages import Message, msg
from tobkit.model.diagnostics import WHOLE_FILE, Diagnostic, Edit, Rule, Severity, Span
from tobkit.model.kinds import Entry

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 100

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
                found.setdefault(str(key.value), node.plain())
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

    FM_BOUNDARY = re.compile(r"^---[ \t]*$", re.MULTILINE)
    START_DELIMITER = END_DELIMITER = "---"

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
            msg(
                "The file has {size} KiB; at most {most} KiB are read.", size=len(data) // 1024, most=MAX_BYTES // 1024
            ),
            msg("Move long texts and pictures to attachments (files/ID/NAME) and link them."),
        )
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return unreadable(
            NOT_UTF8,
            place(data[: error.start].decode("utf-8"), error.start, 1),
            msg("The file isn't in UTF-8 (byte {byte} can't be read).", byte=f"0x{data[error.start]:02X}"),
            msg("Open it in your editor and save it again with the encoding UTF-8."),
        )
    text = text.removeprefix("\ufeff")
    if "\r" in text:
        text = text.replace("\r\n", "\n")
    if "\0" in text:
        return unreadable(
            CONTROL_CHARACTER,
            place(text, text.index("\0"), 1),
            msg("The file holds a NUL character (U+0000)."),
            msg("Delete it; the file may be damaged or not a text file."),
        )
    return split(text)


def unreadable(rule: Rule, span: Span, message: Message, help: Message, fix: Edit | None = None) -> Document:
    return Document(problems=[Problem(rule, span, message, help, fix)], readable=False)


def split(text: str) -> Document:
    """The document of a decoded text."""
    opening = text[: text.find("\n") if "\n" in text else len(text)].rstrip(" \t")
    if opening != "---":
        return fence_missing(opening)
    try:
        front, content = HANDLER.split(text)
    except ValueError:
        return unreadable(
            UNCLOSED_FENCE,
            Span(1, 1, 1, 4),
            msg("The front matter is opened with --- but never closed."),
            msg("Put a line with --- alone below the last key."),
        )
    front = front[1:]
    body = content.lstrip("\n")
    body_line = text.count("\n", 0, len(text) - len(body)) + 1
    document = Document(front=front, body=body.rstrip(), body_line=body_line)
    if "<<<<<<< " in text or ">>>>>>> " in text:
        document.problems += conflict_markers(text)
        document.readable = not document.problems
        if not document.readable:
            return document
    found = scan(front)
    if found is not None:
        document.values = found
        return document
    root, document.problems = compose(front)
    document.readable = not any(problem.rule in _UNREADABLE for problem in document.problems)
    document.values = values_of(root)
    return document


_UNREADABLE = frozenset({SYNTAX, TOO_DEEP, NOT_KEYS, CONTROL_CHARACTER})
_OTHER_FENCE = re.compile(r"---+[\w+-]+|----+|\+\+\+|;;;|~~~|```\w*|—+|－+|\.\.\.|\{")


def fence_missing(opening: str) -> Document:
    """The document of a file that doesn't begin with a bare fence."""
    help = msg("The first line must be --- alone, then the keys, then a line with --- again.")
    if _OTHER_FENCE.fullmatch(opening.strip()):
        return unreadable(
            WRONG_FENCE,
            Span(1, 1, 1, len(opening) + 1),
            msg("The file begins with {found}; only --- opens the front matter.", found=opening.strip()),
            help,
        )
    return unreadable(NO_FENCE, WHOLE_FILE, msg("The file doesn't begin with front matter (a line with ---)."), help)


_MARKER = re.compile(r"^(?:<{7}|>{7}) .*$", re.MULTILINE)


def conflict_markers(text: str) -> list[Problem]:
    return [
        Problem(
            CONFLICT_MARKER,
            place(text, found.start(), 1, found.end() - found.start()),
            msg("A merge conflict was left in the file."),
            msg("Keep one of the two versions and delete the lines with <<<<<<<, ======= and >>>>>>>."),
        )
        for found in _MARKER.finditer(text)
    ]


def place(text: str, index: int, first_line: int, length: int = 1) -> Span:
    """The span of `length` code points (on one line) at an index of a text whose first line is `first_line`."""
    line = first_line + text.count("\n", 0, index)
    column = index - (text.rfind("\n", 0, index) + 1) + 1
    return Span(line, column, line, column + length)


# The quick way: a line scan for the usual simple form

_PLAIN = r"[^\s\-?:,\[\]{}#&*!|>'\"%@`<=~][^\n]*"
_LINE = re.compile(
    r"(?P<key>\w{1,100}):(?:[ ]+(?:(?P<plain>" + _PLAIN + r")|\"(?P<double>[^\"\\\n]*)\"[ ]*|'(?P<single>[^'\n]*)'[ ]*"
    r"|\[(?P<flow>[^\[\]{}\"'#&*!|>%@`:?\n]*)\][ ]*)?)?(?:\n|\Z)"
    r"|(?P<indent>[ ]*)-[ ]+(?:(?P<item>" + _PLAIN + r")|\"(?P<item_double>[^\"\\\n]*)\"[ ]*"
    r"|'(?P<item_single>[^'\n]*)'[ ]*)(?:\n|\Z)"
    r"|(?:\#[^\n]*|[ ]*)(?:\n|\Z)"
)
_UNUSUAL = re.compile("[^\\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")


def scan(front: str) -> dict[str, Value] | None:
    """The values of a front matter in the usual simple form, or None where the full reader must look."""
    if _UNUSUAL.search(front):
        return None
    values: dict[str, Value] = {}
    key = ""
    items: list[Value] = []
    indent: str | None = None
    position, end = 0, len(front)
    while position < end:
        found = _LINE.match(front, position)
        if found is None:
            return None
        position = found.end()
        kind = found.lastgroup
        if kind is None:  # blank, or a comment
            continue
        text = found[kind]
        if kind in ("plain", "item"):
            text = text.rstrip(" ")
            if ": " in text or " #" in text or text[-1] == ":" or text == "null":
                return None
        if kind.startswith("item"):
            if not key or (items and indent != found["indent"]):
                return None
            indent = found["indent"]
            items.append(text)
            values[key] = items
            continue
        if found["key"] in values:
            return None
        # Items may follow a key without a value only.
        key, items = (text, []) if kind == "key" else ("", items)
        value = None if kind == "key" else flow_items(text) if kind == "flow" else text
        if kind == "flow" and value is None:
            return None
        values[found["key"]] = value
    return values


def flow_items(text: str) -> list[Value] | None:
    """The items of a simple list in brackets, or None where one isn't simple."""
    if not text.strip(" "):
        return []
    items = [item.strip(" ") for item in text.split(",")]
    simple = all(item and item not in ("~", "null") and item[0] not in "-<=" for item in items)
    return [*items] if simple else None


# The full way: libyaml's events


def compose(front: str) -> tuple[Node | None, list[Problem]]:
    """The tree of a front matter with places, and everything that is wrong with it. Lines count from the file's top."""
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
    narrowed, widened = narrow_colons(front)
    problems += [
        Problem(
            FULL_WIDTH_COLON,
            place(front, index, 2),
            msg("A full-width colon stands after a key; it is read as a colon."),
            msg("`tobkit check --fix` writes “: ”."),
            Edit(place(front, index, 2), ": "),
        )
        for index in widened
    ]
    builder = _Builder(front, widened)
    try:
        root = builder.build(narrowed)
    except yaml.MarkedYAMLError as error:
        problems += builder.problems
        problems.append(syntax_problem(error, builder))
        return builder.root, problems
    except yaml.reader.ReaderError as error:
        problems.append(
            Problem(SYNTAX, WHOLE_FILE, msg("The front matter can't be read."), msg("{why}", why=str(error.reason)))
        )
        return None, problems
    problems += builder.problems
    if root is not None and root.pairs is None and root.value is not None:
        problems.append(
            Problem(
                NOT_KEYS,
                root.span,
                msg("The front matter must be lines of the form “key: value”."),
                msg("Write for example “title: Export invoices in bulk”."),
            )
        )
        return None, problems
    return root, problems


_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ufeff\ufffe\uffff]")
_TAB = re.compile(r"^ *\t+(?=\S)", re.MULTILINE)
_WIDE_COLON = re.compile(r"^[^\W\d]\w*(：)[ ]?", re.MULTILINE)


def tabs(front: str) -> list[Problem]:
    return [
        Problem(
            TAB,
            place(front, found.start(), 2, found.end() - found.start()),
            msg("A tab indents this line; front matter is indented with spaces."),
            msg("Replace the tab by two spaces."),
        )
        for found in (_TAB.finditer(front) if "\t" in front else ())
    ]


def narrow_colons(front: str) -> tuple[str, list[int]]:
    """The text with full-width colons after keys as `: `, and where in the original they stood."""
    if "：" not in front:
        return front, []
    found = [match.start(1) for match in _WIDE_COLON.finditer(front)]
    text = _WIDE_COLON.sub(lambda match: match[0][: match.start(1) - match.start()] + ": ", front)
    return text, found


class _Builder:
    """Builds the tree from events, without recursion."""

    def __init__(self, front: str, widened: list[int]) -> None:
        self.front = front
        self.problems: list[Problem] = []
        self.root: Node | None = None
        self.line_starts = [0, *(found.end() for found in re.finditer("\n", front))]
        self.wide = {front.count("\n", 0, index): index - (front.rfind("\n", 0, index) + 1) for index in widened}
        self.spaced = {line: self._has_space(line, column) for line, column in self.wide.items()}

    def _has_space(self, line: int, column: int) -> bool:
        start = self.line_starts[line] + column + 1
        return self.front[start : start + 1] == " "

    def point(self, mark: Any) -> tuple[int, int]:
        """A mark's line and column in the file (1-based; the front matter's first line is line 2)."""
        line, column = mark.line, mark.column
        if line in self.wide and column > self.wide[line] and not self.spaced[line]:
            column -= 1
        return line + 2, column + 1

    def span(self, event: Any) -> Span:
        return Span(*self.point(event.start_mark), *self.point(event.end_mark))

    def build(self, text: str) -> Node | None:
        parser = CParser(text)
        try:
            return self._build(parser)
        finally:
            parser.dispose()

    def _build(self, parser: CParser) -> Node | None:
        stack: list[Node] = []
        pending: list[Node | None] = []
        while True:
            event = parser.get_event()
            if event is None or isinstance(event, (yaml.StreamEndEvent, yaml.DocumentEndEvent)):
                return self.root
            if isinstance(event, (yaml.StreamStartEvent, yaml.DocumentStartEvent)):
                continue
            if isinstance(event, (yaml.SequenceEndEvent, yaml.MappingEndEvent)):
                closed = stack.pop()
                pending.pop()
                if ended(event) > began(event):  # a closing bracket, so the list is in flow style
                    closed.span = Span(*closed.span[:2], *self.point(event.end_mark))
                continue
            node = self.node(event)
            self.attach(node, stack, pending)
            if isinstance(event, yaml.CollectionStartEvent):
                if len(stack) >= MAX_DEPTH:
                    self.problems.append(
                        Problem(
                            TOO_DEEP,
                            node.span,
                            msg("The front matter is nested more than {most} levels deep.", most=MAX_DEPTH),
                            msg("Use plain “key: value” lines and simple lists."),
                        )
                    )
                    return self.root
                stack.append(node)
                pending.append(None)

    def node(self, event: Any) -> Node:
        span = self.span(event)
        if isinstance(event, yaml.AliasEvent):
            self.problems.append(anchor_problem(span, f"*{event.anchor}"))
            return Node(span)
        if event.anchor:
            self.problems.append(anchor_problem(span, f"&{event.anchor}"))
        if event.tag:
            self.problems.append(
                Problem(
                    TAG,
                    span,
                    msg("The tag {tag} isn't allowed; values are plain text.", tag=str(event.tag)),
                    msg("Delete the tag, or put the value in double quotes if it begins with “!”."),
                )
            )
        if isinstance(event, yaml.ScalarEvent):
            is_null = event.style is None and event.value in ("", "~", "null")
            return Node(span, None if is_null else event.value)
        if isinstance(event, yaml.SequenceStartEvent):
            return Node(span, [])
        return Node(span, pairs=[])

    def attach(self, node: Node, stack: list[Node], pending: list[Node | None]) -> None:
        """Put a node where it belongs: as the root, a list's item, a mapping's key or a key's value."""
        if not stack:
            self.root = node
            return
        parent = stack[-1]
        if parent.pairs is None:
            parent.value.append(node)
        elif (key := pending[-1]) is None:
            pending[-1] = node
            self.check_key(node, parent.pairs)
        else:
            parent.pairs.append((key, node))
            pending[-1] = None

    def check_key(self, key: Node, pairs: list[tuple[Node, Node]]) -> None:
        if not isinstance(key.value, str):
            self.problems.append(
                Problem(
                    SYNTAX,
                    key.span,
                    msg("A key must be a plain word."),
                    msg("Write “key: value”; put the value in double quotes if it begins with a bracket."),
                )
            )
            return
        first = next((known for known, _ in pairs if known.value == key.value), None)
        if first:
            self.problems.append(
                Problem(
                    DUPLICATE_KEY,
                    key.span,
                    msg(
                        "“{key}” is given twice; it stands on line {line} already.", key=key.value, line=first.span.line
                    ),
                    msg("Keep one of the two lines. A list takes its items below one key, each on a line with “- ”."),
                )
            )


def began(event: Any) -> int:
    return int(event.start_mark.index)


def ended(event: Any) -> int:
    return int(event.end_mark.index)


def anchor_problem(span: Span, shown: str) -> Problem:
    return Problem(
        ANCHOR,
        span,
        msg("Anchors and aliases ({shown}) aren't allowed; every value is written out.", shown=shown),
        msg("Write the value itself, or put it in double quotes if it begins with & or *."),
    )


def syntax_problem(error: yaml.MarkedYAMLError, builder: _Builder) -> Problem:
    """Libyaml's complaint in words for people who don't program."""
    text = f"{error.context or ''} {error.problem or ''}"
    known = (words for words in _SYNTAX_WORDS if words.sign in text)
    words = next(known, _ANY_SYNTAX)
    mark = error.context_mark if words.at_context and error.context_mark else error.problem_mark
    line, column = builder.point(mark) if mark else (1, 1)
    return Problem(SYNTAX, Span(line, column, line, column + 1), words.message, words.help)


class _Words(NamedTuple):
    """What libyaml says (a part of it), and how we say it; where it began is the better place for some."""

    sign: str
    message: Message
    help: Message
    at_context: bool = False


_ANY_SYNTAX = _Words(
    "",
    msg("The front matter can't be read from here on."),
    msg("Every line is “key: value”; put values with special characters in double quotes."),
)
_SYNTAX_WORDS = (
    _Words(
        "quoted scalar",
        msg("A quotation mark is opened but not closed properly."),
        msg('Close it at the end of the value; inside double quotes write \\" for a quotation mark.'),
        at_context=True,
    ),
    _Words(
        "mapping values are not allowed",
        msg("The value holds a colon followed by a space, which would begin a new key."),
        msg('Put the whole value in double quotes: key: "value: with colon".'),
    ),
    _Words(
        "cannot start any token",
        msg("A value can't begin with this character."),
        msg("Put the whole value in double quotes."),
    ),
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
    _Words(
        "could not find expected ':'",
        msg("This line has no colon after its key."),
        msg("Write “key: value”, with a colon and a space."),
        at_context=True,
    ),
    _Words(
        "simple key",
        msg("This line has no colon after its key."),
        msg("Write “key: value”, with a colon and a space."),
        at_context=True,
    ),
    _Words(
        "block",
        msg("This line isn't indented like the lines around it."),
        msg("Keys begin at the first column; list items begin with two spaces and “- ”."),
    ),
)


def values_of(root: Node | None) -> dict[str, Value]:
    """The values of a tree by key; nothing where the front matter is empty."""
    plain = root.plain() if root else None
    return plain if isinstance(plain, dict) else {}


# Finding places again


def locate(entry: Entry, field: str, index: int | None = None, *, key: bool = False) -> Span:
    """Where an entry's field stands: its value, its `index`-th item, or its key; the whole file where it doesn't."""
    name = entry.origin.written.get(field, field)
    return locate_key(entry.origin.front, tuple(name.split(".")), index, key=key)


def locate_key(front: str, names: tuple[str, ...], index: int | None = None, *, key: bool = False) -> Span:
    """The same by the keys as written, outermost first."""
    node, _ = compose(front)
    key_node = node
    for name in names:
        pair = next((pair for pair in (node.pairs if node else None) or () if pair[0].value == name), None)
        if pair is None:
            return WHOLE_FILE
        key_node, node = pair
    if node is None or key_node is None:
        return WHOLE_FILE
    if key:
        return key_node.span
    if index is not None and isinstance(node.value, list) and index < len(node.value):
        node = node.value[index]
    return key_node.span if node.span[:2] == node.span[2:] else node.span


# Writing


def written(key: str, value: object, indent: str = "") -> list[str]:
    """The lines of a key and its value: lists one item a line, text quoted only where it must be."""
    if isinstance(value, dict):
        return [
            f"{indent}{key}:",
            *(line for part, item in value.items() for line in written(part, item, indent + "  ")),
        ]
    if isinstance(value, (list, tuple)):
        if not value:
            return [f"{indent}{key}: []"]
        return [f"{indent}{key}:", *(f"{indent}  - {scalar(item)}" for item in value)]
    return [f"{indent}{key}: {scalar(value)}".rstrip()]


_NEEDS_QUOTES = re.compile(r"^[\s\-?:,\[\]{}#&*!|>'\"%@`<=~]|: |:$| #|\s$|^(?:null)?$|^---|^\.\.\.")


def scalar(value: object) -> str:
    """A value as YAML that reads back as the same text: plain where possible, else in double quotes."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = unicodedata.normalize("NFC", str(value))
    if not _NEEDS_QUOTES.search(text) and not _UNUSUAL.search(text) and "\n" not in text:
        return text
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
