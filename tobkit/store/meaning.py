"""Which entry people mean when they name one: by id, alias, name or file, as they happen to write it."""

from collections.abc import Iterable, Iterator

from tobkit.messages import Label, Message, msg
from tobkit.model.kinds import Entry
from tobkit.model.nearest import nearest
from tobkit.model.patterns import number_in
from tobkit.model.pool import Pool
from tobkit.model.schema import KindSchema


def meant(pool: Pool, ref: str, kind: str | None = None) -> tuple[Entry, ...]:
    """The entries (of a kind) that may be meant, several where a name isn't clear.

    An id or an alias as it is written goes before all else, then an adopted entry's number, a file's path, an id in another case or without its
    prefix, and what the entry is called.
    """
    ref = ref.strip()
    exact = [pool.get(kind, ref)] if kind else pool.find(ref)
    found = tuple(entry for entry in exact if entry is not None)
    if found or not ref:
        return found
    if kind and ref.startswith(f"{kind}:"):
        return meant(pool, ref.partition(":")[2], kind)
    file = ref.replace("\\", "/").rpartition("/")[2]
    written, number = ref.casefold(), number_in(ref)
    for means in (
        lambda entry: number and number_in(entry.id) == number and pool.schema[entry.kind].is_adopted,
        lambda entry: entry.path.endswith(f"/{file}"),
        lambda entry: written in (entry.id.casefold(), entry.id.casefold().partition("-")[2]),
        lambda entry: entry.label.casefold() == written,
    ):
        found = tuple(entry for entry in of_kind(pool, kind) if means(entry))
        if found:
            return found
    return ()


def of_kind(pool: Pool, kind: str | None) -> Iterable[Entry]:
    return pool.by_kind[kind].values() if kind else pool.entries


def nearest_entry(pool: Pool, ref: str, kind: str | None = None) -> Entry | None:
    """The entry whose id, alias or name is nearest to what was written."""
    named: dict[str, Entry] = {}
    for entry in of_kind(pool, kind):
        for name in names(entry):
            named.setdefault(name, entry)
    guess = nearest(ref, named)
    return named[guess] if guess else None


def names(entry: Entry) -> Iterator[str]:
    yield entry.id
    yield from getattr(entry, "aliases", ())
    yield entry.label


def shown(entry: Entry) -> str:
    """An entry's id, with its name where that says more."""
    return f"{entry.id} ({entry.label})" if entry.label != entry.id else entry.id


def noun(kind: KindSchema) -> Label:
    """What a kind is called within a sentence."""
    return Label(kind.label.zh, kind.label.en.lower())


def not_found(pool: Pool, whole: Pool, ref: str, kind: str | None = None) -> Message:
    """What to say where no sound entry is meant; `whole` holds the unsound ones too."""
    faulty = meant(whole, ref, kind)
    if faulty:
        return msg("{path} has errors; `tobkit check {path}` shows them.", path=faulty[0].path)
    guess = nearest_entry(pool, ref, kind)
    what = noun(pool.schema[kind]) if kind else msg("entry")
    if guess is None:
        return msg("There is no {what} “{ref}”.", what=what, ref=ref)
    return msg("There is no {what} “{ref}”. Did you mean {guess}?", what=what, ref=ref, guess=shown(guess))
