"""`tobkit new`, `set`, `show`."""

import sys
from typing import TYPE_CHECKING

import click

from tobkit.cli.decisions import order_of
from tobkit.cli.session import Session, command, format_option
from tobkit.errors import TobkitError
from tobkit.messages import N_, msg
from tobkit.model.diagnostics import Diagnostic, Severity

if TYPE_CHECKING:
    from tobkit.model.schema import FieldSpec, KindSchema
    from tobkit.store.edit import FieldValue


@click.command("new")
@click.argument("kind")
@click.argument("title", required=False)
@click.option(
    "-f", "--field", "fields", multiple=True, metavar="FIELD=VALUE", help=N_("A field's value; may be repeated")
)
@click.option("-b", "--body", metavar="TEXT", help=N_("The description; - reads it from standard input"))
@command
def new_command(session: Session, kind: str, title: str | None, fields: tuple[str, ...], body: str | None) -> int:
    """Make a valid entry and print its path. On a terminal, what is missing is asked for.

    KIND is requirement, note, customer, module, promise, incident, organisation or exchange (需求, 客户, … as well).
    """
    from tobkit.store.edit import write_whole
    from tobkit.store.values import assignments

    schema = kind_named(session, kind)
    values = assignments(schema, session.pool, fields)
    if title:
        values.setdefault(title_field(schema), title)
    values = {**defaults(session, schema), **values}
    if session.interactive:
        ask_for_missing(session, schema, values)
        if body is None:
            body = click.prompt(session.translator("Description"), default="", show_default=False, err=True)
    elif missing := [spec.name for spec in schema.required_fields if not values.get(spec.name) and spec.name != "id"]:
        raise TobkitError(msg("Missing: {fields}. Give each with -f field=value.", fields=missing))
    text = sys.stdin.read() if body == "-" else body or ""
    path, content = entry_file(session, schema, values, text.strip())
    if (session.workspace.root / path).exists():
        raise TobkitError(msg("{path} exists already.", path=path))
    errors = errors_in(session, path, content)
    if errors:
        show(session, errors)
        session.say(msg("Nothing was written."))
        return 1
    write_whole(session.workspace.root / path, content)
    tell_similar(session, schema, values, text)
    session.print(path)
    return 0


def kind_named(session: Session, name: str) -> "KindSchema":
    from tobkit.model.nearest import nearest

    kinds = session.workspace.schema.kinds
    spellings = {
        spelling: kind for kind in kinds.values() for spelling in (kind.name, kind.folder, *kind.label.spellings)
    }
    found = spellings.get(name) or spellings.get(name.lower())
    if found is None:
        guess = nearest(name, spellings)
        known = [f"{kind.name} ({kind.label.zh})" for kind in kinds.values()]
        raise TobkitError(
            msg("There is no kind “{kind}”. Did you mean {guess}?", kind=name, guess=spellings[guess].name)
            if guess
            else msg("There is no kind “{kind}”. Known: {known}.", kind=name, known=known)
        )
    return found


def title_field(kind: "KindSchema") -> str:
    """The field that a TITLE on the command line fills."""
    return next((name for name in ("title", "name", "what", "customer") if name in kind.fields), "id")


def defaults(session: Session, kind: "KindSchema") -> "dict[str, FieldValue]":
    """What a new entry has unless said: today, the status in which everything begins, a team's own defaults."""
    values: dict[str, FieldValue] = {}
    if kind.fields.get("date"):
        values["date"] = session.today.isoformat()
    first = {"requirement": "new", "promise": "open", "incident": "open", "module": "live", "customer": "active"}
    if kind.name in first:
        values["status"] = first[kind.name]
    for spec in kind.fields.values():
        if spec.default is not None:
            values[spec.name] = tuple(spec.default) if isinstance(spec.default, (list, tuple)) else str(spec.default)
    return values


def ask_for_missing(session: Session, kind: "KindSchema", values: "dict[str, FieldValue]") -> None:
    """Ask on the terminal for the required fields that aren't given, and for a requirement who needs it, and where."""
    asked = [spec for spec in kind.required_fields if spec.name != "id"]
    if kind.name == "requirement":
        asked += [kind.fields[name] for name in ("customers", "module")]
    for spec in asked:
        if not values.get(spec.name):
            values[spec.name] = ask(session, spec)


def ask(session: Session, spec: "FieldSpec") -> "FieldValue":
    from tobkit.store.values import field_value

    label = spec.label[session.translator.language]
    if spec.choices is not None:
        for name in spec.choices.labels:
            session.say(f"  {name}  {spec.choices.label(name, session.translator.language)}")
    while True:
        text = click.prompt(label, default=None if spec.required else "", show_default=False, err=True)
        value = field_value(spec, session.pool, text)
        if spec.choices is None or not isinstance(value, str) or value in spec.choices:
            return value
        session.say(msg("“{value}” isn't one of them.", value=value))


def entry_file(session: Session, kind: "KindSchema", values: "dict[str, FieldValue]", body: str) -> tuple[str, bytes]:
    """The path and content of a new entry's file."""
    import frontmatter

    from tobkit.store.frontmatter import HANDLER
    from tobkit.store.identity import new_id, slug, taken_ids

    title = values.get(title_field(kind))
    text = title if isinstance(title, str) else ""
    if not values.get("id"):
        drawn = new_id(kind.prefix, taken_ids(session.workspace, session.pool)) if kind.prefix else slug(text)
        values["id"] = drawn
    entry_id = str(values["id"])
    tail = slug(text) if kind.prefix else ""
    name = f"{entry_id}-{tail}.md" if tail and title_field(kind) != "customer" else f"{entry_id}.md"
    ordered = {spec.name: values[spec.name] for spec in kind.fields.values() if values.get(spec.name)}
    content = frontmatter.dumps(frontmatter.Post(body, HANDLER, **ordered), handler=HANDLER)
    path = f"{session.workspace.config.pool.path}/{kind.folder}/{name}"
    return path, (content + "\n").encode("utf-8")


def errors_in(session: Session, path: str, content: bytes) -> list[Diagnostic]:
    """The errors that a file would have with this content."""
    found = session.check(session.load({path: content}))
    return [diagnostic for diagnostic in found if diagnostic.path == path and diagnostic.severity is Severity.ERROR]


def show(session: Session, diagnostics: list[Diagnostic]) -> None:
    for diagnostic in diagnostics:
        session.say(
            f"  {session.translator.text(diagnostic.message)} {session.translator.text(diagnostic.help)}".rstrip()
        )


def tell_similar(session: Session, kind: "KindSchema", values: "dict[str, FieldValue]", body: str) -> None:
    """Say which requirements look like the new one, while it is cheap to merge them."""
    if kind.name != "requirement":
        return
    from tobkit.dedupe import similar

    found = [near for near in similar(session.pool, str(values["title"]), body, 3) if near.score >= 0.5]
    if found:
        session.say(msg("This looks like what is there already:"))
    for near in found:
        session.say(f"  {near.id}  {session.pool.requirements[near.id].title}")


@click.command("set")
@click.argument("ref", metavar="ID")
@click.argument("fields", nargs=-1, required=True, metavar="FIELD=VALUE...")
@command
def set_command(session: Session, ref: str, fields: tuple[str, ...]) -> int:
    """Change fields of an entry; every other byte of its file stays.

    FIELD= (nothing behind it) takes the field out; LIST+=x and LIST-=x add to a list and take from it. A change that
    would make the entry unsound is refused.
    """
    from tobkit.store.edit import edited
    from tobkit.store.values import assignments

    entry = next((entry for entry in session.loaded.pool.find(ref)), None) or session.entry(ref)
    kind = session.workspace.schema[entry.kind]
    current = {name: getattr(entry, name) for name, spec in kind.fields.items() if spec.many}
    values = assignments(kind, session.loaded.pool, fields, current)
    if "id" in values:
        raise TobkitError(msg("An id isn't changed like this; `tobkit renumber FILE` gives a new one."))
    written = {entry.origin.written.get(name, name): value for name, value in values.items()}
    edit = edited(session.workspace.root / entry.path, written, order_of(kind.fields, entry.origin.written))
    before = {(error.code, str(error.message)) for error in session.diagnostics if error.path == entry.path}
    errors = [
        error for error in errors_in(session, entry.path, edit.after) if (error.code, str(error.message)) not in before
    ]
    if errors:
        show(session, errors)
        session.say(msg("Nothing was written."))
        return 1
    edit.save()
    session.print(entry.path)
    return 0


@click.command("show")
@click.argument("ref", metavar="ID")
@format_option("text", "json")
@command
def show_command(session: Session, ref: str, form: str) -> None:
    """Show an entry with everything that is derived: rank and evidence, merged entries, notes, who refers to it."""
    from tobkit.report import entry as report

    entry = session.entry(ref)
    render = report.as_json if form == "json" else report.text
    session.print(render(session.pool, session.ranking, entry, session.translator))
