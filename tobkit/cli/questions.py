"""What `tobkit new` asks on a terminal."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from tobkit.cli.session import Session
from tobkit.messages import Message, msg

if TYPE_CHECKING:
    from tobkit.model.schema import FieldSpec, KindSchema
    from tobkit.store.edit import FieldValue
    from tobkit.store.values import Values

ALSO_ASKED = {
    "requirement": ("module", "customers"),
    "note": ("customer", "organisation", "requirements"),
    "incident": ("modules",),
}
"""What is asked besides the required fields, because an entry says little without."""

MOST_LISTED = 20
"""So many entries or people to choose from are listed before the question."""


def ask_for_missing(session: Session, kind: "KindSchema", values: "Values", body: str | None) -> str:
    """Ask for what isn't in `values`, which it is added to, and for the description, which is returned."""
    from tobkit.cli.entries import needed

    _ = session.translator
    for spec in kind.fields.values():
        needs = spec in needed(kind, values) or (spec.name == "organisation" and not values.get("customer"))
        also = spec.name in ALSO_ASKED.get(kind.name, ())
        if spec.name in values or not (needs or also):
            continue
        if kind.name == "note" and spec.name == "organisation" and values.get("customer"):
            continue  # one of the two speaks
        values[spec.name] = ask(session, kind, spec, needs)
    if body is None:
        body = prompt(session, _("What was said") if kind.name == "note" else _("Description"), _("Enter skips it"))
    return body


def ask(session: Session, kind: "KindSchema", spec: "FieldSpec", needs: bool) -> "FieldValue":
    """A field's value from the terminal: asked for until it can be used."""
    from tobkit.store.values import field_value

    _ = session.translator
    options = choices(session, spec)
    for number, (name, label) in enumerate(options, 1):
        session.say(f"  {number:>2}  {label}" + (f"  {name}" if name != label else ""))
    hints = [_("a number or a word from the list")] if options else []
    hints += [_("several with commas")] if spec.many else []
    hints += [] if needs else [_("Enter skips it")]
    proposal: str | None = None
    refused: str | None = None
    while True:
        text = prompt(session, spec.label[_.language], ("，" if _.language == "zh" else ", ").join(hints), proposal)
        if not text and needs:
            session.say(msg("This can't be left out."))
            continue
        value = field_value(spec, session.loaded.pool, by_number(text, options, spec))
        problem, proposal = wrong(session, spec, value)
        if problem is None or (lenient(kind, spec) and text == refused):
            return value
        session.say(problem)
        if lenient(kind, spec):
            session.say(msg("To keep “{text}” nevertheless, type it again.", text=text))
        refused = text


def prompt(session: Session, label: str, hint: str, proposal: str | None = None) -> str:
    _ = session.translator
    opening, closing = ("（", "）") if _.language == "zh" else (" (", ")")
    question = f"{label}{opening}{hint}{closing}" if hint else label
    suffix = "：" if _.language == "zh" else ": "
    answer: str = click.prompt(
        question, default=proposal or "", show_default=bool(proposal), prompt_suffix=suffix, err=True
    )
    return answer.strip()


def choices(session: Session, spec: "FieldSpec") -> list[tuple[str, str]]:
    """What can be chosen from, where that is a short list: values or ids, each with what it is called."""
    if spec.choices is not None:
        return [(name, spec.choices.label(name, session.language)) for name in spec.choices]
    known: Iterable[tuple[str, str]] = ()
    if spec.person is not None:
        known = ((name, person.name) for name, person in session.workspace.config.people.items())
    elif spec.reference is not None and spec.reference != "requirement":
        known = ((entry.id, entry.label) for entry in session.sound.by_kind[spec.reference].values())
    options = list(known)
    return options if len(options) <= MOST_LISTED else []


def by_number(text: str, options: list[tuple[str, str]], spec: "FieldSpec") -> str:
    """The answer with numbers of the list replaced by what they stand for."""
    from tobkit.store.values import items

    def one(item: str) -> str:
        return (
            options[int(item) - 1][0] if item.isascii() and item.isdigit() and 0 < int(item) <= len(options) else item
        )

    return ", ".join(map(one, items(text))) if spec.many else one(text)


def wrong(session: Session, spec: "FieldSpec", value: "FieldValue") -> tuple[Message | None, str | None]:
    """Why a value can't be used, and what is probably meant."""
    from tobkit.model.nearest import nearest
    from tobkit.store.meaning import nearest_entry, noun, shown
    from tobkit.store.reading import read_date

    given = value if isinstance(value, tuple) else (value,) if isinstance(value, str) else ()
    for item in given:
        if spec.choices is not None and item not in spec.choices:
            guess = nearest(item, [*spec.choices.labels, *spec.readings])
            name = guess and spec.readings.get(guess.lower(), guess)
            return msg("“{value}” isn't in the list.", value=item), spec.choices.label(
                name, session.language
            ) if name else None
        if spec.reference is not None and session.sound.get(spec.reference, item) is None:
            what = noun(session.workspace.schema[spec.reference])
            entry = nearest_entry(session.sound, item, spec.reference)
            if entry is None:
                hint = msg("`tobkit new {kind}` files it first.", kind=spec.reference)
                return msg("There is no {what} “{ref}”; {hint}", what=what, ref=item, hint=hint), None
            guess_shown = shown(entry)
            return (
                msg("There is no {what} “{ref}”. Did you mean {guess}?", what=what, ref=item, guess=guess_shown),
                entry.id if len(given) == 1 else None,
            )
        people = session.workspace.config.people
        if spec.person is not None and people and item not in people:
            return msg("“{value}” isn't one of the people in tobkit.toml.", value=item), nearest(item, people)
        if spec.type == "date" and read_date(item) is None:
            return msg("“{value}” isn't a date; write it as 2026-03-05.", value=item), None
    return None, None


def lenient(kind: "KindSchema", spec: "FieldSpec") -> bool:
    """Whether an unknown name may stand: a requirement may be filed before its customer is."""
    return kind.name == "requirement" and spec.name == "customers"
