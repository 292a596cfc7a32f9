"""`tobkit merge`, `unmerge`, `distinct`, `renumber`: judgments of people, written into the files."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tobkit.cli.check import below_workspace
from tobkit.cli.session import Session, editing_command
from tobkit.errors import TobkitError
from tobkit.messages import N_, msg

if TYPE_CHECKING:
    from tobkit.model.kinds import Entry, Requirement
    from tobkit.store.edit import Written
    from tobkit.store.values import Values


@click.command(
    "merge",
    help=N_(
        "Merge each DUPLICATE into KEEP: one line in the duplicate's file.\n\n"
        "Its customers, notes and promises count for KEEP from then on. `tobkit unmerge` takes it back."
    ),
)
@click.argument("keep")
@click.argument("duplicates", nargs=-1, required=True, metavar="DUPLICATE...")
@editing_command
def merge_command(session: Session, keep: str, duplicates: tuple[str, ...]) -> None:
    named = requirement(session, keep)
    kept = requirement(session, session.pool.canonical(named.id))
    if kept.id != named.id:
        session.say(msg("{id} is itself merged into {keep} ({title}).", id=named.id, keep=kept.id, title=kept.title))
    chosen = list({entry.id: entry for entry in (requirement(session, ref) for ref in duplicates)}.values())
    for duplicate in chosen:
        refuse_merged(session, named, kept, duplicate)
        refuse_distinct(session, kept, duplicate)
    for duplicate in chosen:
        if session.pool.canonical(duplicate.id) == kept.id:
            session.say(msg("{id} is merged into {keep} already.", id=duplicate.id, keep=kept.id))
            continue
        changed(session, duplicate, {"duplicate_of": kept.id}).save()
        session.say(
            msg(
                "{id} ({duplicate}) is now merged into {keep} ({title}).",
                id=duplicate.id,
                duplicate=duplicate.title,
                keep=kept.id,
                title=kept.title,
            )
        )


def refuse_merged(session: Session, named: "Requirement", kept: "Requirement", duplicate: "Requirement") -> None:
    """An entry is merged once, into one other than itself."""
    if duplicate.id == named.id:
        raise TobkitError(msg("{id} can't be merged into itself.", id=duplicate.id))
    if duplicate.id == kept.id:
        raise TobkitError(
            msg(
                "{named} is merged into {id} already. To keep {named} instead: `tobkit unmerge {named}`, then merge again.",
                named=named.id,
                id=duplicate.id,
            )
        )
    if duplicate.duplicate_of and session.pool.canonical(duplicate.id) != kept.id:
        raise TobkitError(
            msg(
                "{id} is merged into {other}. Merge {other} instead, or take that back first: `tobkit unmerge {id}`.",
                id=duplicate.id,
                other=duplicate.duplicate_of,
            )
        )


def refuse_distinct(session: Session, kept: "Requirement", duplicate: "Requirement") -> None:
    """A pair that somebody has called different isn't merged without taking that back."""
    groups, canonical = session.pool.groups, session.pool.canonical
    members = {member.id: member for one in (kept, duplicate) for member in groups[canonical(one.id)].members}
    for member in members.values():
        for other in member.not_duplicate_of:
            if other in members and canonical(other) != canonical(member.id):
                raise TobkitError(
                    msg(
                        "{a} and {b} were recorded as different. To take that back: "
                        "`tobkit set {a} not_duplicate_of-={b}`.",
                        a=member.id,
                        b=other,
                    )
                )


@click.command("unmerge", help=N_("Take a merge back: each entry stands for itself again."))
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@editing_command
def unmerge_command(session: Session, ids: tuple[str, ...]) -> None:
    entries = list({entry.id: entry for entry in (requirement(session, ref) for ref in ids)}.values())
    for entry in entries:
        if entry.duplicate_of is None:
            raise TobkitError(msg("{id} isn't merged into another requirement.", id=entry.id))
    for entry in entries:
        changed(session, entry, {"duplicate_of": None}).save()
        session.say(msg("{id} ({title}) stands for itself again.", id=entry.id, title=entry.title))


@click.command(
    "distinct",
    help=N_("Record that A and B are different needs, so that they are never proposed as duplicates again."),
)
@click.argument("a")
@click.argument("b")
@editing_command
def distinct_command(session: Session, a: str, b: str) -> None:
    first, second = requirement(session, a), requirement(session, b)
    if first.id == second.id:
        raise TobkitError(msg("{id} can't differ from itself; name two requirements.", id=first.id))
    if session.pool.canonical(first.id) == session.pool.canonical(second.id):
        raise TobkitError(
            msg("{a} and {b} are merged. To take that back: `tobkit unmerge ID`.", a=first.id, b=second.id)
        )
    if second.id in first.not_duplicate_of or first.id in second.not_duplicate_of:
        session.say(msg("{a} and {b} are recorded as different already.", a=first.id, b=second.id))
        return
    changed(session, first, {"not_duplicate_of": tuple(sorted({*first.not_duplicate_of, second.id}))}).save()
    session.say(
        msg(
            "Recorded as different: {a} ({first}) and {b} ({second}).",
            a=first.id,
            first=first.title,
            b=second.id,
            second=second.title,
        )
    )


@click.command(
    "renumber",
    help=N_(
        "Give the entry in FILE a new id (and the file a new name), because its id is taken by another one. "
        "Prints the new path.\n\n"
        "References stay with the other entry; those in the files behind --refs are repointed to this one."
    ),
)
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("more", nargs=-1, type=click.Path(path_type=Path), metavar="")
@click.option(
    "--refs",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE...",
    help=N_("Files whose references mean this entry"),
)
@editing_command
def renumber_command(session: Session, file: Path, more: tuple[Path, ...], refs: tuple[Path, ...]) -> None:
    from tobkit.store.identity import renumber

    if more and not refs:
        raise TobkitError(msg("One FILE at a time, please; files with references to it stand behind --refs."))
    path = below_workspace(session, file)
    named = [below_workspace(session, ref) for ref in (*refs, *more)]
    others = references_left(session, path, named)
    done = renumber(session.loaded, path, named)
    session.say(msg("{old} in {path} is now {new}.", old=done.old, path=path, new=done.new))
    for ref in named:
        if ref not in done.repointed:
            session.say(msg("{path} doesn't refer to {id}; it stays as it is.", path=ref, id=done.old))
    if others:
        session.say(msg("These go on meaning the other {id}: {files}", id=done.old, files=others))
    session.print(session.workspace.relative(done.path))


def references_left(session: Session, path: str, repointed: list[str]) -> list[str]:
    """The files that go on referring to the id of the entry in a file. Refuses where no other entry has that id."""
    entries = session.loaded.entries
    entry = next((entry for entry in entries if entry.path == path and entry.id), None)
    if entry is None or session.workspace.schema[entry.kind].prefix is None:
        return []
    links = session.loaded.pool.backlinks.get((entry.kind, entry.id), ())
    left = sorted({link.entry.path for link in links} - {path, *repointed})
    if left and not any(each.id == entry.id and each is not entry for each in entries):
        raise TobkitError(
            msg(
                "No other entry is called {id}, but these refer to it: {files}. Name them behind --refs.",
                id=entry.id,
                files=left,
            )
        )
    return left


def requirement(session: Session, ref: str) -> "Requirement":
    from tobkit.model.kinds import Requirement

    entry = session.entry(ref, "requirement")
    assert isinstance(entry, Requirement)
    return entry


def changed(session: Session, entry: "Entry", values: "Values") -> "Written":
    """An entry's file with fields changed, as a lossless edit; not saved yet."""
    from tobkit.store.edit import edited
    from tobkit.store.values import key_of

    kind = session.workspace.schema[entry.kind]
    written = entry.origin.written
    changes = {key_of(kind, name, written): value for name, value in values.items()}
    return edited(session.workspace.root / entry.path, changes, [written.get(name, name) for name in kind.fields])
