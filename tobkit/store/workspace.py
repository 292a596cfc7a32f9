"""A workspace: the folder with `tobkit.toml`, its configuration and what is wrong in it."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from tobkit.errors import TobkitError
from tobkit.messages import NOTHING, Message, msg
from tobkit.model.config import Config
from tobkit.model.diagnostics import WHOLE_FILE, Diagnostic, Rule, Span
from tobkit.model.nearest import nearest
from tobkit.model.schema import RESERVED, KindSchema, Schema, build_schema

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
        raise TobkitError(
            msg("{file} can't be read: {why}.", file=str(root / CONFIG_FILE), why=error.strerror or str(error))
        ) from error
    config, diagnostics = read_config(data)
    return Workspace(root, config, build_schema(config), tuple(diagnostics))


def read_config(data: bytes) -> tuple[Config, list[Diagnostic]]:
    """The configuration in a `tobkit.toml`, and what is wrong in it; faulty keys are left out."""
    try:
        text = data.decode("utf-8-sig")
        tables = tomllib.loads(text)
    except UnicodeDecodeError:
        return Config(), [config_problem(CONFIG_SYNTAX, WHOLE_FILE, msg("tobkit.toml isn't in UTF-8."))]
    except tomllib.TOMLDecodeError as error:
        return Config(), [
            config_problem(
                CONFIG_SYNTAX,
                syntax_span(error),
                msg("tobkit.toml can't be read from here on: {why}.", why=re.sub(r" \(at .*", "", str(error))),
                msg("Text values stand in double quotes; every line is key = value or [table]."),
            )
        ]
    diagnostics: list[Diagnostic] = []
    while True:
        try:
            config = Config.model_validate(tables)
        except ValidationError as error:
            faults = error.errors(include_url=False)
            diagnostics += [fault_diagnostic(dict(fault), text) for fault in faults]
            for fault in faults:
                leave_out(tables, fault["loc"])
            continue
        diagnostics += [*team_faults(config, text)]
        return config if not diagnostics else without_faulty_fields(config), diagnostics


def config_problem(rule: Rule, span: Span, message: Message, help: Message = NOTHING) -> Diagnostic:
    return Diagnostic.of(rule, CONFIG_FILE, span, message, help)


def syntax_span(error: tomllib.TOMLDecodeError) -> Span:
    found = re.search(r"at line (\d+), column (\d+)", str(error))
    if not found:
        return WHOLE_FILE
    line, column = int(found[1]), int(found[2])
    return Span(line, column, line, column + 1)


def fault_diagnostic(fault: dict[str, Any], text: str) -> Diagnostic:
    """A finding of pydantic's in the user's words."""
    names = tuple(str(part) for part in fault["loc"])
    span = key_span(text, names)
    shown = ".".join(names)
    if fault["type"] == "extra_forbidden":
        known = known_keys(names[:-1])
        guess = nearest(names[-1], known)
        help = msg("Did you mean {guess}?", guess=guess) if guess else msg("Known here: {known}.", known=sorted(known))
        return config_problem(CONFIG_KEY, span, msg("tobkit.toml knows no key “{key}”.", key=shown), help)
    if fault["type"] == "signal":
        context = fault["ctx"]
        guess = nearest(context["name"], context["known"])
        help = msg("Did you mean {guess}?", guess=guess) if guess else msg("Known: {known}.", known=context["known"])
        return config_problem(CONFIG_KEY, span, msg("“{key}” is no signal of the ranking.", key=context["name"]), help)
    expected = fault.get("ctx", {}).get("expected")
    help = msg("Allowed: {allowed}.", allowed=str(expected).replace(" or ", ", ")) if expected else NOTHING
    return config_problem(
        CONFIG_VALUE,
        span,
        msg("The value of “{key}” isn't right: {why}.", key=shown, why=config_reason(fault)),
        help,
    )


_REASONS = {
    "timezone": msg("no such time zone (example: Asia/Shanghai)"),
    "inside": msg("it must be a folder below the workspace"),
    "string_type": msg("it must be text in double quotes"),
    "string_pattern_mismatch": msg("it doesn't have the expected form"),
    "dict_type": msg("it must be a table"),
    "model_type": msg("it must be a table"),
    "tuple_type": msg("it must be a list in square brackets"),
    "float_parsing": msg("it must be a number"),
    "float_type": msg("it must be a number"),
    "int_type": msg("it must be a whole number"),
    "int_parsing": msg("it must be a whole number"),
    "literal_error": msg("it isn't one of the allowed values"),
    "greater_than_equal": msg("the number is too small"),
    "greater_than": msg("the number is too small"),
    "missing": msg("it is missing"),
}


def config_reason(fault: dict[str, Any]) -> Message:
    return _REASONS.get(fault["type"], msg("it doesn't fit"))


def known_keys(names: tuple[str, ...]) -> list[str]:
    """The keys of a table of the configuration."""
    model: Any = Config
    for name in names:
        info = getattr(model, "model_fields", {}).get(name)
        annotation = info.annotation if info else None
        arguments = getattr(annotation, "__args__", ())
        model = next((item for item in (annotation, *arguments) if hasattr(item, "model_fields")), model)
    return list(getattr(model, "model_fields", {}))


def leave_out(tables: dict[str, Any], path: tuple[int | str, ...]) -> None:
    """Take a faulty key out of the tables: the innermost one that is a key of a table and not of a list."""
    table: Any = tables
    last: tuple[dict[str, Any], str] | None = None
    for name in path:
        if not isinstance(table, dict) or name not in table:
            break
        last = (table, str(name))
        table = table[name]
    if last:
        last[0].pop(last[1], None)
    else:
        tables.clear()


def team_faults(config: Config, text: str) -> list[Diagnostic]:
    """Faults of a team's own fields that the types alone don't show."""
    found = []
    schema = build_schema(Config())
    for kind, fields in config.fields.items():
        if kind not in schema.kinds:
            guess = nearest(kind, schema.kinds)
            help = (
                msg("Did you mean {guess}?", guess=guess) if guess else msg("Known: {known}.", known=list(schema.kinds))
            )
            found.append(
                config_problem(
                    CONFIG_KEY, key_span(text, ("fields", kind)), msg("There is no kind “{kind}”.", kind=kind), help
                )
            )
            continue
        found += [
            config_problem(
                CONFIG_VALUE,
                key_span(text, ("fields", kind, name)),
                msg("“{name}” can't be the name of an own field.", name=name),
                msg("Choose a name of letters, digits and _ that a {kind} doesn't have yet.", kind=schema[kind].label),
            )
            for name in fields
            if not can_be_field(name, schema[kind])
        ]
    return found


def can_be_field(name: str, kind: KindSchema) -> bool:
    return name.isidentifier() and not name.startswith("_") and name not in RESERVED and name not in kind.fields


def without_faulty_fields(config: Config) -> Config:
    schema = build_schema(Config())
    fields = {
        kind: {name: section for name, section in own.items() if can_be_field(name, schema[kind])}
        for kind, own in config.fields.items()
        if kind in schema.kinds
    }
    return config.model_copy(update={"fields": fields})


_TABLE = re.compile(r"^\s*\[\[?\s*(?P<table>[^\]]+?)\s*\]\]?", re.MULTILINE)
_KEY = re.compile(r"^(?P<space>\s*)(?P<key>[\w.\-\"' ]+?)\s*=", re.MULTILINE)


def key_span(text: str, names: tuple[str, ...]) -> Span:
    """Where a key stands in a `tobkit.toml`: the line that names it, else that of the table around it."""
    table: tuple[str, ...] = ()
    best: tuple[int, Span] = (0, WHOLE_FILE)
    for number, line in enumerate(text.split("\n"), 1):
        if header := _TABLE.match(line):
            table = dotted(header["table"])
            column = header.start("table") + 1
            width, path = len(header["table"]), table
        elif assignment := _KEY.match(line):
            column = assignment.start("key") + 1
            width, path = len(assignment["key"]), (*table, *dotted(assignment["key"]))
        else:
            continue
        depth = len(path) if names[: len(path)] == path else 0
        if depth > best[0]:
            best = depth, Span(number, column, number, column + width)
    return best[1]


def dotted(key: str) -> tuple[str, ...]:
    return tuple(part.strip().strip("\"'") for part in key.split("."))
