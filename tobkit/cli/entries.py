"""`tobkit new`, `set`, `show`."""

import sys
from typing import TYPE_CHECKING

import click

from tobkit.cli.decisions import changed
from tobkit.cli.session import Session, command, editing_command, format_option
from tobkit.errors import TobkitError
from tobkit.messages import N_, msg
from tobkit.model.diagnostics import Diagnostic, Severity

if TYPE_CHECKING:
    from tobkit.model.schema import FieldSpec, KindSchema
    from tobkit.store.values import Values


@click.command(
    "new",
    help=N_(
        "Make a valid entry and print its path. On a terminal, what is missing is asked for.\n\n"
        "KIND is requirement, note, customer, module, promise, incident, organisation or exchange "
        "(需求, 客户声音, 客户, 模块, 承诺, 故障, 机构 or 往来)."
    ),
)
@click.argument("kind")
@click.argument("title", required=False)
@click.option(
    "-f", "--field", "fields", multiple=True, metavar="FIELD=VALUE", help=N_("A field's value; may be repeated")
)
@click.option("-b", "--body", metavar="TEXT", help=N_("The description; - reads it from standard input"))
@editing_command
def new_command(session: Session, kind: str, title: str | None, fields: tuple[str, ...], body: str | None) -> int:
    from tobkit.cli.questions import ask_for_missing
    from tobkit.store.edit import write_whole
    from tobkit.store.values import assignments, field_value, shown_field

    schema = kind_named(session, kind)
    pool = session.loaded.pool
    values = assignments(schema, pool, fields)
    if title is not None and title.strip():
        spec = schema.fields[title_field(schema)]
        if values.get(spec.name):
            raise TobkitError(msg("{field} is given twice: as TITLE and with -f.", field=spec.name))
        values[spec.name] = field_value(spec, pool, " ".join(title.split()))
    values = {**defaults(session, schema), **values}
    if session.interactive and body != "-":
        try:
            body = ask_for_missing(session, schema, values, body)
        except click.Abort:
            session.say(msg("\nNothing was written."))
            return 130
    elif missing := [spec for spec in needed(schema, values) if not values.get(spec.name)]:
        raise TobkitError(
            msg(
                "Missing: {fields}. Give each like this: {example}",
                fields=[shown_field(spec.name, spec) for spec in missing],
                example=f"-f {missing[0].name}=…",
            )
        )
    text = (sys.stdin.read() if body == "-" else body or "").strip()
    path, content = entry_file(session, schema, values, text)
    found = new_findings(session, path, content)
    if refused(session, found):
        return 1
    write_whole(session.workspace.root / path, content)
    session.print(path)
    mention(session, found)
    tell_similar(session, schema, values, text)
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


def defaults(session: Session, kind: "KindSchema") -> "Values":
    """What a new entry has unless said: today, the status in which everything begins, a team's own defaults."""
    values: Values = {}
    if "date" in kind.fields:
        values["date"] = session.today.isoformat()
    first = {"requirement": "new", "promise": "open", "incident": "open", "module": "live", "customer": "active"}
    status = kind.fields.get("status")
    if status is not None and status.choices:
        begin = first.get(kind.name, "")
        values["status"] = begin if begin in status.choices else next(iter(status.choices))
    for spec in kind.fields.values():
        if isinstance(spec.default, (list, tuple)):
            values[spec.name] = tuple(map(str, spec.default))
        elif spec.default is not None:
            values[spec.name] = str(spec.default).lower() if isinstance(spec.default, bool) else str(spec.default)
    return values


def needed(kind: "KindSchema", values: "Values") -> "list[FieldSpec]":
    """The fields that an entry must have, the id aside: always, or with its status."""
    return [
        spec
        for spec in kind.fields.values()
        if spec.name != "id"
        and spec.name not in kind.missing
        and (
            spec.required or (spec.required_when and values.get(spec.required_when.field) in spec.required_when.values)
        )
    ]


def entry_file(session: Session, kind: "KindSchema", values: "Values", body: str) -> tuple[str, bytes]:
    """The path and content of a new entry's file. Raises TobkitError where its id is taken."""
    import frontmatter

    from tobkit.store.frontmatter import HANDLER
    from tobkit.store.identity import file_name, id_from_name, new_id, next_number, slug, taken_ids

    pool = session.loaded.pool
    title = values.get(title_field(kind))
    text = title if isinstance(title, str) else ""
    entry_id = values.get("id")
    if not isinstance(entry_id, str):
        taken = taken_ids(session.workspace, pool) if kind.prefix else ()
        entry_id = new_id(kind.prefix, taken) if kind.prefix else id_from_name(text)
        if kind.is_adopted and not kind.prefix:
            entry_id = next_number(pool.by_kind[kind.name]) or entry_id
    if not entry_id:
        raise TobkitError(msg("No id can be made from “{name}”; give one like this: -f id=acme", name=text))
    taken_by = pool.get(kind.name, entry_id)
    if taken_by is not None:
        raise TobkitError(msg("“{id}” is there already: {path}", id=entry_id, path=taken_by.path))
    below = kind.path_for(entry_id, file_name(entry_id, text if kind.prefix else ""), slug(text))
    if below is None:
        raise TobkitError(
            msg("A file for “{id}” can't be named by `files` in tobkit.toml; make it by hand.", id=entry_id)
        )
    fields = {spec.name: value_of(values, spec) for spec in kind.fields.values()} | {"id": entry_id}
    ordered = {kind.key(name): value for name, value in fields.items() if value and (name != "id" or kind.writes_id)}
    post = frontmatter.Post(body, HANDLER)
    post.metadata = ordered
    path = session.workspace.config.pool.below(below)
    if (session.workspace.root / path).exists():
        raise TobkitError(msg("“{id}” is there already: {path}", id=entry_id, path=path))
    return path, (frontmatter.dumps(post, handler=HANDLER).rstrip("\n") + "\n").encode("utf-8")


def value_of(values: "Values", spec: "FieldSpec") -> object:
    """A field's value; one with keys of its own is put together from them."""
    if spec.type != "mapping":
        return values.get(spec.name)
    return {part.name: value for part in spec.parts if (value := values.get(f"{spec.name}.{part.name}"))}


def new_findings(session: Session, path: str, content: bytes) -> list[Diagnostic]:
    """What `check` would find in a file with this content that it doesn't find there now; the worst first."""
    found = session.check(session.load({path: content}))
    before = {(one.code, str(one.message)) for one in session.diagnostics if one.path == path}
    fresh = (one for one in found if one.path == path and (one.code, str(one.message)) not in before)
    return sorted(fresh, key=lambda one: -one.severity)


def refused(session: Session, found: list[Diagnostic]) -> bool:
    """Whether there are errors among the findings; they are shown, and how to go on."""
    errors = [one for one in found if one.severity is Severity.ERROR]
    for error in errors:
        tell(session, error)
    if errors:
        session.say(msg("Nothing was written. Give what is missing, or right, in the same command: field=value"))
    return bool(errors)


def mention(session: Session, found: list[Diagnostic]) -> None:
    """Show warnings about what was written; hints are left to `check`."""
    for one in found:
        if one.severity is Severity.WARNING:
            tell(session, one)


def tell(session: Session, finding: Diagnostic) -> None:
    from tobkit.report.diagnostics import SEVERITIES, said

    _ = session.translator
    session.say(msg("  {severity}: {message}", severity=SEVERITIES[finding.severity], message=said(finding.message, _)))
    if help := said(finding.help, _):
        session.say(f"    {help}")


def tell_similar(session: Session, kind: "KindSchema", values: "Values", body: str) -> None:
    """Say which requirements look like the new one, while it is cheap to merge them."""
    if kind.name != "requirement":
        return
    from tobkit.dedupe import similar
    from tobkit.report.ranking import TITLE_WIDTH, shortened

    found = [near for near in similar(session.sound, str(values["title"]), body, 3) if near.score >= 0.5]
    if found:
        session.say(msg("This looks like what is there already (`tobkit merge` joins them):"))
    for near in found:
        session.say(f"  {near.id}  {shortened(session.sound.requirements[near.id].title, TITLE_WIDTH)}")


@click.command(
    "set",
    help=N_(
        "Change fields of an entry; every other byte of its file stays.\n\n"
        "FIELD= (nothing behind it) takes the field out; LIST+=x and LIST-=x add to a list and take from it; "
        "business.model=x sets a key below a key. A change that would make the entry unsound is refused."
    ),
)
@click.argument("ref", metavar="ID")
@click.argument("fields", nargs=-1, required=True, metavar="FIELD=VALUE...")
@editing_command
def set_command(session: Session, ref: str, fields: tuple[str, ...]) -> int:
    from tobkit.store.meaning import meant
    from tobkit.store.values import assignments

    pool = session.loaded.pool  # an entry with errors too: this may mend it
    named = meant(pool, ref)
    entry = named[0] if len(named) == 1 else session.entry(ref)
    kind = session.workspace.schema[entry.kind]
    current = {name: getattr(entry, name) for name, spec in kind.fields.items() if spec.many}
    values = assignments(kind, pool, fields, current)
    if "id" in values:
        raise TobkitError(msg("An id isn't changed like this; `tobkit renumber FILE` gives a new one."))
    edit = changed(session, entry, values)
    found = new_findings(session, entry.path, edit.after)
    if refused(session, found):
        return 1
    edit.save()
    session.print(entry.path)
    mention(session, found)
    if not edit.changed:
        session.say(msg("That is what it says already."))
    return 0


@click.command(
    "show",
    help=N_(
        "Show an entry with everything that is derived: rank and evidence, merged entries, notes, who refers to it, "
        "and what became of it when."
    ),
)
@click.argument("ref", metavar="ID")
@format_option("text", "json")
@command
def show_command(session: Session, ref: str, form: str) -> None:
    from tobkit.report import entry as report

    entry = session.entry(ref)
    if form == "json":
        session.print_json(report.as_json(session.pool, session.ranking, session.history, entry, session.translator))
    else:
        session.print(report.text(session.pool, session.ranking, session.history, entry, session.translator))
