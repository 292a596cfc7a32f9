"""A workspace: the folder with `tobkit.toml`, its configuration and what is wrong in it."""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, NamedTuple, get_args

from pydantic import BaseModel, Field, TypeAdapter, ValidationError
from pydantic_core import SchemaError

from tobkit.errors import TobkitError, why
from tobkit.messages import NOTHING, Message, msg
from tobkit.model.config import Config, FieldSection
from tobkit.model.diagnostics import WHOLE_FILE, Diagnostic, Rule, Span
from tobkit.model.kinds import STATUS
from tobkit.model.nearest import nearest
from tobkit.model.schema import RESERVED, KindSchema, Schema, build_schema
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


class Fault(NamedTuple):
    """What is wrong at a key of `tobkit.toml`; that key is left out. `lacks` is a key that is missing below it."""

    rule: Rule
    path: tuple[str, ...]
    message: Message
    help: Message = NOTHING
    lacks: str = ""


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
            if (*path, fault.lacks) not in left_out:  # else the fault that it had has been told
                span = key_span(text, path)
                diagnostics.append(Diagnostic.of(fault.rule, CONFIG_FILE, span, fault.message, fault.help))
            leave_out(tables, path)
            left_out.add(path)


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
        return Fault(CONFIG_KEY, path, msg("tobkit.toml knows no key “{key}”.", key=shown), meant(path[-1], known))
    if fault["type"] == "signal":
        context = fault["ctx"]
        message = msg("“{key}” is no signal of the ranking.", key=context["name"])
        return Fault(CONFIG_KEY, (*path, context["name"]), message, meant(context["name"], context["known"]))
    if fault["type"] == "missing":
        lacks = str(fault["loc"][-1])
        message = msg("“{key}” needs the key “{missing}”.", key=shown, missing=lacks)
        return Fault(CONFIG_VALUE, path, message, msg("Add a line “{key} = …” to it.", key=lacks), lacks)
    reason = _REASONS.get(fault["type"], msg("it doesn't fit"))
    allowed = _quoted(fault)
    help = (
        (meant(value, allowed) if isinstance(value, str) else msg("Known: {known}.", known=allowed))
        if allowed
        else _DELETE
    )
    return Fault(CONFIG_VALUE, path, msg("The value of “{key}” isn't right: {why}.", key=shown, why=reason), help)


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


def meant(word: str, known: Sequence[str]) -> Message:
    guess = nearest(word, known)
    return msg("Did you mean {guess}?", guess=guess) if guess else msg("Known: {known}.", known=list(known))


_REASONS = {
    "timezone": msg("no such time zone (example: Asia/Shanghai)"),
    "inside": msg("it must be a folder below the workspace"),
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
    """Take a faulty key out of the tables."""
    *outer, last = path or ("",)
    table: Any = tables
    for name in outer:
        table = table.get(name, {}) if isinstance(table, dict) else {}
    if not isinstance(table, dict) or table.pop(last, None) is None:
        tables.clear()


def team_faults(config: Config) -> list[Fault]:
    """Faults of a team's own fields and statuses that the types alone don't show."""
    standard = build_schema(Config())
    statuses = [*STATUS.labels, *config.workflow.statuses]
    return [
        *status_faults(config, statuses),
        *(
            Fault(
                CONFIG_KEY,
                ("fields", kind),
                msg("There is no kind “{kind}”.", kind=kind),
                meant(kind, [*standard.kinds]),
            )
            for kind in config.fields
            if kind not in standard.kinds
        ),
        *(
            fault
            for kind, fields in config.fields.items()
            if kind in standard.kinds
            for name, section in fields.items()
            for fault in field_faults(name, section, standard[kind], standard, statuses)
        ),
    ]


def status_faults(config: Config, statuses: list[str]) -> Iterator[Fault]:
    for name in config.workflow.statuses:
        if name in STATUS.labels:
            path = ("workflow", "statuses", name)
            message = msg("“{name}” is a standard status already.", name=name)
            yield Fault(CONFIG_VALUE, path, message, msg("Give your own status another name, or delete it."))
    for name, following in config.workflow.transitions.items():
        for unknown in (status for status in (name, *following) if status not in statuses):
            path = ("workflow", "transitions", name)
            yield Fault(CONFIG_VALUE, path, msg("“{name}” isn't a status.", name=unknown), meant(unknown, statuses))


_DELETE = msg("Change the value, or delete the line.")


def field_faults(
    name: str, section: FieldSection, kind: KindSchema, schema: Schema, statuses: list[str]
) -> Iterator[Fault]:
    """What is wrong with a team's own field."""
    path = ("fields", kind.name, name)

    def fault(key: str, message: Message, help: Message = NOTHING) -> Fault:
        return Fault(CONFIG_VALUE, (*path, key), message, help)

    if not can_be_field(name, kind):
        yield Fault(
            CONFIG_VALUE,
            path,
            msg("“{name}” can't be the name of an own field.", name=name),
            msg("Choose a name of letters, digits and _ that a {kind} doesn't have yet.", kind=kind.label),
        )
        return
    for key in ("minimum", "maximum"):
        if getattr(section, key) is not None and section.type not in ("integer", "number"):
            yield fault(key, msg("“{key}” is for fields of type integer or number.", key=key), _DELETE)
    if section.minimum is not None and section.maximum is not None and section.minimum > section.maximum:
        yield fault("maximum", msg("The maximum is smaller than the minimum."), _DELETE)
    if section.pattern is not None and section.type != "text":
        yield fault("pattern", msg("“{key}” is for fields of type text.", key="pattern"), _DELETE)
    elif section.pattern is not None and not is_pattern(section.pattern):
        yield fault("pattern", msg("The pattern can't be read."), msg("Write a regular expression, like ^HT-[0-9]+$."))
    if section.choices and section.type not in ("text", "list"):
        yield fault("choices", msg("“{key}” is for fields of type text or list.", key="choices"), _DELETE)
    if section.kind is not None and section.kind not in schema.kinds:
        yield fault("kind", msg("There is no kind “{kind}”.", kind=section.kind), meant(section.kind, [*schema.kinds]))
    if section.kind is None and section.type == "reference":
        help = msg('Add for example: kind = "customer".')
        yield Fault(CONFIG_VALUE, path, msg("A reference must say of which kind it is."), help, "kind")
    if isinstance(section.required, tuple):
        known = statuses if kind.name == "requirement" else statuses_of(kind)
        for unknown in (status for status in section.required if status not in known):
            yield fault("required", msg("“{name}” isn't a status.", name=unknown), meant(unknown, known))


def statuses_of(kind: KindSchema) -> list[str]:
    status = kind.fields.get("status")
    return list(status.choices.labels) if status and status.choices else []


def can_be_field(name: str, kind: KindSchema) -> bool:
    """Whether a team's own field may be called so: not like anything that entries have already."""
    return (
        name.isidentifier()
        and name[0] != "_"
        and name not in RESERVED
        and not hasattr(kind.model, name)
        and name not in kind.fields
    )


def is_pattern(text: str) -> bool:
    try:
        TypeAdapter(Annotated[str, Field(pattern=text)])
    except SchemaError:
        return False
    return True


_TABLE = re.compile(r"\s*\[\[?\s*(?P<table>[^\]]+?)\s*\]")
_NAME = r"(?:\"[^\"]*\"|'[^']*'|[\w-]+)"
_KEY = re.compile(rf"\s*(?P<key>{_NAME}(?:\s*\.\s*{_NAME})*)\s*=")
_LONGEST_KEY = 200


def key_span(text: str, names: tuple[str, ...]) -> Span:
    """Where a key stands in a `tobkit.toml`: the line that names it, else that of the table around it."""
    table: tuple[str, ...] = ()
    best: tuple[int, Span] = (0, WHOLE_FILE)
    for number, line in enumerate(text.split("\n"), 1):
        if header := _TABLE.match(line[:_LONGEST_KEY]):
            path = table = dotted(header["table"])
            start, end = header.span("table")
        elif assignment := _KEY.match(line[:_LONGEST_KEY]):
            path = (*table, *dotted(assignment["key"]))
            start, end = assignment.span("key")
        else:
            continue
        depth = min(len(path), len(names))
        if depth > best[0] and names[:depth] == path[:depth]:
            best = depth, Span(number, start + 1, number, end + 1)
    return best[1]


def dotted(key: str) -> tuple[str, ...]:
    """The parts of a key: those in quotes may hold dots."""
    return tuple(part.strip("\"'") for part in _KEY_PART.findall(key))


_KEY_PART = re.compile(r"\"[^\"]*\"|'[^']*'|[^.\s]+")
