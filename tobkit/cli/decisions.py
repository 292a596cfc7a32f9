"""`tobkit merge`, `unmerge`, `distinct`, `renumber`: judgments of people, written into the files."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tobkit.cli.check import below_workspace
from tobkit.cli.session import Session, command
from tobkit.errors import TobkitError
from tobkit.messages import N_, msg

if TYPE_CHECKING:
    from tobkit.model.kinds import Requirement
    from tobkit.store.edit import FieldValue


@click.command("merge")
@click.argument("keep")
@click.argument("duplicates", nargs=-1, required=True, metavar="DUPLICATE...")
@command
def merge_command(session: Session, keep: str, duplicates: tuple[str, ...]) -> None:
    """Merge each DUPLICATE into KEEP: one line in the duplicate's file.

    Its customers, notes and promises count for KEEP from then on. `tobkit unmerge` takes it back.
    """
    kept = requirement(session, session.pool.canonical(requirement(session, keep).id))
    chosen = [requirement(session, ref) for ref in duplicates]
    for duplicate in chosen:
        if session.pool.canonical(duplicate.id) == kept.id:
            already = duplicate.id != kept.id
            raise TobkitError(
                msg("{id} is merged into {keep} already.", id=duplicate.id, keep=kept.id)
                if already
                else msg("{id} can't be merged into itself.", id=duplicate.id)
            )
        if duplicate.duplicate_of:
            raise TobkitError(
                msg(
                    "{id} is merged into {other}; merge that one, or `tobkit unmerge {id}` first.",
                    id=duplicate.id,
                    other=duplicate.duplicate_of,
                )
            )
        refuse_distinct(session, kept, duplicate)
    for duplicate in chosen:
        write(session, duplicate, {"duplicate_of": kept.id})
        session.say(msg("{id} is now merged into {keep} ({title}).", id=duplicate.id, keep=kept.id, title=kept.title))


def refuse_distinct(session: Session, kept: "Requirement", duplicate: "Requirement") -> None:
    """A pair that somebody has called different isn't merged without taking that back."""
    members = {
        m.id: m for one in (kept, duplicate) for m in session.pool.groups[session.pool.canonical(one.id)].members
    }
    for member in members.values():
        for other in member.not_duplicate_of:
            if other in members and session.pool.canonical(other) != session.pool.canonical(member.id):
                raise TobkitError(
                    msg(
                        "{file} says that {a} and {b} are different (not_duplicate_of); take that line out first.",
                        file=member.path,
                        a=member.id,
                        b=other,
                    )
                )


@click.command("unmerge")
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@command
def unmerge_command(session: Session, ids: tuple[str, ...]) -> None:
    """Take a merge back: the entries stand for themselves again."""
    for entry in [requirement(session, ref) for ref in ids]:
        if entry.duplicate_of is None:
            raise TobkitError(msg("{id} isn't merged into another requirement.", id=entry.id))
        write(session, entry, {"duplicate_of": None})
        session.say(msg("{id} stands for itself again.", id=entry.id))


@click.command("distinct")
@click.argument("a")
@click.argument("b")
@command
def distinct_command(session: Session, a: str, b: str) -> None:
    """Record that A and B are different needs, so that they are never proposed as duplicates again."""
    first, second = requirement(session, a), requirement(session, b)
    if session.pool.canonical(first.id) == session.pool.canonical(second.id):
        raise TobkitError(msg("{a} and {b} are merged; `tobkit unmerge` takes that back.", a=first.id, b=second.id))
    if second.id in first.not_duplicate_of or first.id in second.not_duplicate_of:
        session.say(msg("{a} and {b} are recorded as different already.", a=first.id, b=second.id))
        return
    write(session, first, {"not_duplicate_of": tuple(sorted({*first.not_duplicate_of, second.id}))})
    session.say(msg("{a} and {b} are recorded as different.", a=first.id, b=second.id))


@click.command("renumber")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--refs", multiple=True, type=click.Path(path_type=Path), help=N_("A file whose references mean this entry")
)
@command
def renumber_command(session: Session, file: Path, refs: tuple[Path, ...]) -> None:
    """Give the entry in FILE a new id (and the file a new name), because its id is taken by another one."""
    from tobkit.store.identity import renumber

    path = below_workspace(session, file)
    new = renumber(session.loaded, path, [below_workspace(session, ref) for ref in refs])
    session.say(msg("{path} is now {new}.", path=path, new=new.relative_to(session.workspace.root).as_posix()))
    session.print(new.relative_to(session.workspace.root).as_posix())


def requirement(session: Session, ref: str) -> "Requirement":
    from tobkit.model.kinds import Requirement

    entry = session.entry(ref, "requirement")
    assert isinstance(entry, Requirement)
    return entry


def write(session: Session, entry: "Requirement", changes: "dict[str, FieldValue]") -> None:
    """Write fields of an entry, as a lossless edit."""
    from tobkit.store.edit import edited

    kind = session.workspace.schema[entry.kind]
    written = {entry.origin.written.get(name, name): value for name, value in changes.items()}
    edited(session.workspace.root / entry.path, written, order_of(kind.fields, entry.origin.written)).save()


def order_of(fields: Iterable[str], written: dict[str, str]) -> list[str]:
    """The fields' natural order, by the keys as this file writes them."""
    return [written.get(name, name) for name in fields]
