"""Texts for people, in Chinese and English.

A text is kept as data (`Message`: an English template and its values) until it is shown, so that judgments stay pure
and the same diagnostic can be printed in either language. English is the source language; the Chinese texts are the
gettext catalogue `locale/zh/LC_MESSAGES/tobkit.po`.
"""

import gettext
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

LANGUAGES = ("zh", "en")
LOCALE_FOLDER = Path(__file__).parent / "locale"


@runtime_checkable
class Bilingual(Protocol):
    """A text that brings both languages along, as the labels of fields and values do."""

    @property
    def zh(self) -> str: ...
    @property
    def en(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Message:
    """A text to be translated: an English template with `{name}` slots, and what fills them.

    `plural` is the template for counts other than one; the count is `values["n"]`.
    """

    template: str
    values: Mapping[str, Any] = field(default_factory=dict)
    plural: str | None = None

    def __str__(self) -> str:
        return translator("en").text(self)


@dataclass(frozen=True, slots=True)
class Label:
    """A name for people, in both languages; `also` are further spellings read as the same key or value."""

    zh: str
    en: str
    also: tuple[str, ...] = ()

    def __getitem__(self, language: str) -> str:
        return self.zh if language == "zh" else self.en

    @property
    def spellings(self) -> tuple[str, ...]:
        return (self.zh, self.en, *self.also)


NOTHING = Message("")
"""No text, where there is nothing to say."""


def msg(template: str, /, **values: Any) -> Message:
    """A message from an English template; Babel finds the template here."""
    return Message(template, values)


def msg_n(singular: str, plural: str, /, n: int, **values: Any) -> Message:
    """A message whose template depends on the count `n`."""
    return Message(singular, {"n": n, **values}, plural)


def N_(template: str) -> str:  # noqa: N802 (the usual name of gettext's marker)
    """Mark a text for the catalogue without translating it here."""
    return template


class Translator:
    """Texts of one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.catalogue: gettext.NullTranslations = (
            gettext.NullTranslations()
            if language == "en"
            else gettext.translation("tobkit", LOCALE_FOLDER, [language], fallback=True)
        )

    def __call__(self, template: str, /, **values: Any) -> str:
        return self.fill(self.catalogue.gettext(template) if template else "", values)

    def ngettext(self, singular: str, plural: str, n: int, /, **values: Any) -> str:
        return self.fill(self.catalogue.ngettext(singular, plural, n), {"n": n, **values})

    def text(self, message: Message | str) -> str:
        """The message in this language; a plain string is taken as it is."""
        if isinstance(message, str):
            return message
        if message.plural is not None:
            return self.fill(
                self.catalogue.ngettext(message.template, message.plural, message.values["n"]), message.values
            )
        return self(message.template, **message.values)

    def fill(self, template: str, values: Mapping[str, Any]) -> str:
        if not values:
            return template
        return _SLOT.sub(lambda slot: self.shown(values[slot[1]]) if slot[1] in values else slot[0], template)

    def shown(self, value: Any) -> str:
        """A slot's value as text: messages and labels in this language, lists joined its way."""
        if isinstance(value, str):
            return value
        if isinstance(value, Message):
            return self.text(value)
        if isinstance(value, Label):
            return value[self.language]
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, (list, tuple)):
            return ("、" if self.language == "zh" else ", ").join(self.shown(item) for item in value)
        if isinstance(value, Bilingual):
            return value.zh if self.language == "zh" else value.en
        return str(value)


_SLOT = re.compile(r"\{(\w+)\}")


@cache
def translator(language: str) -> Translator:
    """The translator of a language (`zh` or `en`)."""
    return Translator(language)


def language_of_environment() -> str | None:
    """`zh` or `en` where the locale's variables name one of them, else None (a bare `C` locale says nothing)."""
    for name in ("TOBKIT_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "").lower()
        for language in LANGUAGES:
            if value.startswith(language):
                return language
    return None
