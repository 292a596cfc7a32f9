"""A workspace: the folder with `tobkit.toml`, its configuration and what is wrong in it."""

import re
import tomllib
from collections.abc import Iterator, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from tobkit.errors import TobkitError, why
from tobkit.messages import msg
from tobkit.model.config import Config
from tobkit.model.diagnostics import WHOLE_FILE, Diagnostic, Rule, Span
from tobkit.model.faults import Fault, meant, team_faults
from tobkit.model.schema import Schema, build_schema
from tobkit.store.frontmatter import likely_encoding, save_as_utf8

CONFIG_FILE = "tobkit.toml"

CONFIG_SYNTAX = Rule("TOB190", "tobkit.toml can't be read")
CONFIG_KEY = Rule("TOB191", "unknown key in tobkit.toml")
CONFIG_VALUE = Rule("TOB192", "wrong value in tobkit.toml")


@dataclass(frozen=True)
class Workspace:
    """A folder with `tobkit.toml`. Where that is faulty, the sound rest of it holds and `diagnostics` say what isn't."""

    root: Path
    config: Config
    schema: Schema
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def pool_folder(self) -> Path:
        return self.root / self.config.pool.path

    def relative(self, path: Path) -> str:
        """A path as diagnostics show it: below the workspace, with `/`."""
        return path.relative_to(self.root).as_posix()


def find_workspace(start: Path) -> Workspace:
    """The workspace that `start` is in.

    Raises TobkitError where no folder from `start` upwards has a `tobkit.toml`.
    """
    start = start.resolve()
    for folder in (start, *start.parents):
        if (folder / CONFIG_FILE).is_file():
            return open_workspace(folder)
    raise TobkitError(
        msg("There is no tobkit.toml in {folder} or above it; `tobkit init` makes a workspace.", folder=str(start))
    )


def open_workspace(root: Path) -> Workspace:
    """The workspace in this very folder."""
    try:
        data = (root / CONFIG_FILE).read_bytes()
    except OSError as error:
        raise TobkitError(msg("{file} can't be read: {why}.", file=str(root / CONFIG_FILE), why=why(error))) from error
    config, diagnostics = read_config(data)
    return Workspace(root, config, build_schema(config), tuple(diagnostics))


def read_config(data: bytes) -> tuple[Config, list[Diagnostic]]:
    """The configuration in a `tobkit.toml`, and what is wrong in it; faulty keys are left out."""
    try:
        text = data.decode("utf-8-sig")
        tables = tomllib.loads(text)
    except UnicodeDecodeError:
        message = msg("tobkit.toml isn't in UTF-8.")
        return Config(), [Diagnostic.of(CONFIG_SYNTAX, CONFIG_FILE, None, message, save_as_utf8(likely_encoding(data)))]
    except (ValueError, RecursionError) as error:  # what tomllib raises, for numbers of 5,000 digits and deep lists too
        return Config(), [syntax_diagnostic(str(error), text)]
    diagnostics: list[Diagnostic] = []
    left_out: set[tuple[str, ...]] = set()
    while True:
        try:
            config = Config.model_validate(tables)
            faults = team_faults(config)
        except ValidationError as error:
            faults = [type_fault(dict(fault), tables) for fault in error.errors(include_url=False)]
        if not faults:
            return config, diagnostics
        for path, fault in {fault.path: fault for fault in reversed(faults)}.items():
            if not is_known(fault, left_out):
                rule = CONFIG_KEY if fault.is_key else CONFIG_VALUE
                diagnostics.append(Diagnostic.of(rule, CONFIG_FILE, key_span(text, path), fault.message, fault.help))
            leave_out(tables, path)
        left_out.update(fault.path for fault in faults)


def is_known(fault: Fault, left_out: Set[tuple[str, ...]]) -> bool:
    """Whether a fault only follows from what was left out, and why that was has been told."""
    return (*fault.path, fault.lacks) in left_out or any(fault.word and fault.word in path for path in left_out)


_PLACE = re.compile(r" \(at (?:line (?P<line>\d+), column (?P<column>\d+)|.*)\)\Z")
_TOML_WORDS = (
    ("Expected '='", msg("a = is missing behind the key")),
    ("Invalid value", msg("the value isn't understood; text stands in double quotes")),
    ("Unterminated string", msg("a quotation mark is opened but not closed")),
    ("Illegal character", msg("a quotation mark is opened but not closed, or a character can't stand here")),
    ("Unclosed array", msg("a square bracket isn't closed, or a comma is missing")),
    ("Unclosed inline table", msg("a curly bracket isn't closed, or a comma is missing")),
    ("Expected ']'", msg("a square bracket isn't closed")),
    ("Expected newline", msg("more text follows where the value has ended already")),
    ("Cannot overwrite", msg("the key is given twice")),
    ("Cannot declare", msg("the table is given twice")),
    ("Cannot mutate", msg("the table is given twice")),
    ("Duplicate", msg("the key is given twice")),
    ("Invalid statement", msg("a key is made of letters a-z, digits, - and _; others stand in double quotes")),
    ("Invalid initial character", msg("a key is made of letters a-z, digits, - and _; others stand in double quotes")),
    ("Unescaped '\\'", msg("write two backslashes for one, or use single quotes")),
)


def syntax_diagnostic(problem: str, text: str) -> Diagnostic:
    """What tomllib complains of, in the user's words."""
    found = _PLACE.search(problem)
    line, column = 1, 1
    if found and found["line"]:
        line, column = int(found["line"]), int(found["column"])
    elif found:  # at the end of the file
        line = text.rstrip().count("\n") + 1
    return Diagnostic.of(
        CONFIG_SYNTAX,
        CONFIG_FILE,
        Span(line, column, line, column + 1),
        msg(
            "tobkit.toml can't be read from here on: {why}.",
            why=next((words for sign, words in _TOML_WORDS if sign in problem), msg("this isn't understood")),
        ),
        msg("Text values stand in double quotes; every line is key = value or [table]."),
    )


def type_fault(fault: dict[str, Any], tables: dict[str, Any]) -> Fault:
    """A finding of pydantic's in the user's words."""
    path, value = known_part(fault["loc"], tables)
    shown = ".".join(path)
    if fault["type"] == "extra_forbidden" or fault["loc"][-1] == "[key]":
        known = sorted(known_keys(path[:-1])) or _quoted(fault)
        return Fault(path, msg("tobkit.toml knows no key “{key}”.", key=shown), meant(path[-1], known), is_key=True)
    if fault["type"] == "signal":
        context = fault["ctx"]
        message = msg("“{key}” is no signal of the ranking.", key=context["name"])
        return Fault((*path, context["name"]), message, meant(context["name"], context["known"]), is_key=True)
    if fault["type"] == "missing":
        lacks = str(fault["loc"][-1])
        message = msg("“{key}” needs the key “{missing}”.", key=shown, missing=lacks)
        return Fault(path, message, msg("Add a line “{key} = …” to it.", key=lacks), lacks)
    reason = _REASONS.get(fault["type"], msg("it doesn't fit"))
    allowed = _quoted(fault)
    help = (
        (meant(value, allowed) if isinstance(value, str) else msg("Known: {known}.", known=allowed))
        if allowed
        else msg("Change the value, or delete the line.")
    )
    return Fault(path, msg("The value of “{key}” isn't right: {why}.", key=shown, why=reason), help)


def known_part(location: tuple[int | str, ...], tables: dict[str, Any]) -> tuple[tuple[str, ...], Any]:
    """The names of pydantic's location that are keys in the file, and the value that is meant."""
    path: list[str] = []
    value: Any = tables
    for name in location:
        if isinstance(value, dict) and name in value:
            path.append(str(name))
            value = value[name]
        elif isinstance(value, list) and isinstance(name, int) and name < len(value):
            value = value[name]
    return tuple(path), value


def _quoted(fault: dict[str, Any]) -> list[str]:
    """The allowed values that a finding of pydantic's names."""
    return re.findall(r"'([^']*)'", str(fault.get("ctx", {}).get("expected", "")))


_REASONS = {
    "timezone": msg("no such time zone (example: Asia/Shanghai)"),
    "inside": msg("it must be a folder below the workspace"),
    "names": msg("it must be a list of texts in double quotes, or a table"),
    "string_type": msg("it must be text in double quotes"),
    "string_too_short": msg("it is empty"),
    "string_too_long": msg("it is too long"),
    "string_pattern_mismatch": msg("it doesn't have the expected form"),
    "dict_type": msg("it must be a table"),
    "model_type": msg("it must be a table"),
    "model_attributes_type": msg("it must be a table"),
    "tuple_type": msg("it must be a list in square brackets"),
    "bool_type": msg("it must be true or false"),
    "bool_parsing": msg("it must be true or false"),
    "float_parsing": msg("it must be a number"),
    "float_type": msg("it must be a number"),
    "finite_number": msg("it must be a number"),
    "int_type": msg("it must be a whole number"),
    "int_parsing": msg("it must be a whole number"),
    "int_from_float": msg("it must be a whole number"),
    "literal_error": msg("it isn't one of the allowed values"),
    "greater_than_equal": msg("the number is too small"),
    "greater_than": msg("the number is too small"),
    "less_than_equal": msg("the number is too large"),
    "too_long": msg("the list is too long"),
}


def known_keys(names: tuple[str, ...]) -> list[str]:
    """The keys of a table of the configuration."""
    annotation: Any = Config
    for name in names:
        info = getattr(annotation, "model_fields", {}).get(name)
        annotation = next((part for part in _parts(info.annotation if info else annotation) if _is_model(part)), None)
    return list(annotation.model_fields) if _is_model(annotation) else []


def _parts(annotation: Any) -> Iterator[Any]:
    """A type and the types it is made of."""
    yield annotation
    for part in get_args(annotation):
        yield from _parts(part)


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def leave_out(tables: dict[str, Any], path: tuple[str, ...]) -> None:
    """Take a faulty key out of the tables: the innermost one of the path that is there."""
    table, found = tables, False
    for number, name in enumerate(path, 1):
        if name not in table:
            break
        inner = table[name]
        found = True
        if number == len(path) or not isinstance(inner, dict) or path[number] not in inner:
            del table[name]
            return
        table = inner
    if not found:
        tables.clear()


_PART = r"""(?:"[^"]*"|'[^']*'|[\w-]+)"""
_DOTTED = rf"{_PART}(?:[ \t]*\.[ \t]*{_PART})*"
_TABLE = re.compile(rf"[ \t]*\[\[?[ \t]*(?P<table>{_DOTTED})[ \t]*\]")
_KEY = re.compile(rf"[ \t]*(?P<key>{_DOTTED})[ \t]*=")
_KEY_WITHIN = re.compile(rf"[{{,][ \t]*(?P<key>{_DOTTED})[ \t]*=|\"[^\"]*\"|'[^']*'|#")
_KEY_PART = re.compile(_PART)
_LONGEST_LINE = 1000


def key_span(text: str, names: tuple[str, ...]) -> Span:
    """Where a key stands in a `tobkit.toml`: on the line that names it, else that of the table around it."""
    table: tuple[str, ...] = ()
    best: tuple[int, Span] = (0, WHOLE_FILE)
    for number, line in enumerate(text.split("\n"), 1):
        found = _TABLE.match(line[:_LONGEST_LINE])
        if found:
            path = table = dotted(found["table"])
        else:
            found = _KEY.match(line[:_LONGEST_LINE])
            if not found:
                continue
            path = (*table, *dotted(found["key"]))
        start, end = found.span(1)
        depth = min(len(path), len(names))
        if depth > best[0] and names[:depth] == path[:depth]:
            if depth < len(names) and "key" in found.groupdict():
                start, end = span_within(line[:_LONGEST_LINE], found.end(), names[depth:]) or (start, end)
            best = depth, Span(number, start + 1, number, end + 1)
    return best[1]


def span_within(line: str, start: int, names: tuple[str, ...]) -> tuple[int, int] | None:
    """From where to where in a line a key stands that is given in curly brackets."""
    for found in _KEY_WITHIN.finditer(line, start):
        if found[0] == "#":
            return None
        if found["key"] and (path := dotted(found["key"])) == names[: len(path)]:
            return span_within(line, found.end(), names[len(path) :]) or found.span("key")
    return None


def dotted(key: str) -> tuple[str, ...]:
    """The parts of a key: those in quotes may hold dots."""
    return tuple(part.strip("\"'") for part in _KEY_PART.findall(key))
