"""What every command shares: the options, the workspace, today, the language, and the sound part of the pool."""

import functools
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

import click

from tobkit import messages
from tobkit.errors import TobkitError
from tobkit.messages import LANGUAGES, N_, Message, Translator, language_of_environment, msg

if TYPE_CHECKING:
    from tobkit.model.diagnostics import Diagnostic
    from tobkit.model.kinds import Entry
    from tobkit.model.pool import Pool
    from tobkit.rank import Ranking
    from tobkit.store.load import Loaded
    from tobkit.store.workspace import Workspace

P = ParamSpec("P")
R = TypeVar("R")


@dataclass
class Session:
    """One run of a command."""

    language_option: str | None = None
    today_option: str | None = None

    @cached_property
    def workspace(self) -> "Workspace":
        from tobkit.store.workspace import find_workspace

        return find_workspace(Path.cwd())

    @cached_property
    def translator(self) -> Translator:
        """The translator of the user's language: the option, the locale, else the workspace's."""
        language = self.language_option or language_of_environment()
        if language is None:
            try:
                language = self.workspace.config.site.language
            except TobkitError:
                language = "en"
        return messages.translator(language)

    @cached_property
    def today(self) -> date:
        """The day that it is: `--today`, `SOURCE_DATE_EPOCH`, else the date in the pool's time zone."""
        if self.today_option:
            try:
                return date.fromisoformat(self.today_option)
            except ValueError:
                raise TobkitError(
                    msg("“{value}” in --today isn't a date; write it as 2026-03-05.", value=self.today_option)
                ) from None
        epoch = os.environ.get("SOURCE_DATE_EPOCH")
        try:
            now = datetime.fromtimestamp(int(epoch), UTC) if epoch else datetime.now(UTC)
        except (ValueError, OverflowError, OSError):
            raise TobkitError(
                msg("SOURCE_DATE_EPOCH is “{value}”; it must be seconds since 1970.", value=str(epoch))
            ) from None
        return self.workspace.config.date_at(now)

    def load(self, contents: Mapping[str, bytes] | None = None) -> "Loaded":
        from tobkit.store.load import load

        return load(self.workspace, contents)

    @cached_property
    def loaded(self) -> "Loaded":
        return self.load()

    def check(self, loaded: "Loaded") -> "list[Diagnostic]":
        from tobkit.check import check

        return check(loaded.pool, loaded.diagnostics, today=self.today)

    @cached_property
    def diagnostics(self) -> "list[Diagnostic]":
        """Everything that `check` finds."""
        return self.check(self.loaded)

    @cached_property
    def pool(self) -> "Pool":
        """The sound part of the pool; what is left out is named on stderr."""
        from tobkit.check import unsound

        left_out = unsound(self.diagnostics)
        if left_out:
            self.say(msg("Left out, because `tobkit check` finds errors in them: {files}", files=sorted(left_out)))
        return self.loaded.pool.without(left_out)

    @cached_property
    def ranking(self) -> "Ranking":
        from tobkit.rank import rank

        return rank(self.pool, self.today)

    def entry(self, ref: str, kind: str | None = None) -> "Entry":
        """The sound entry that an id, alias or `kind:id` means. Raises TobkitError where there is none, or several."""
        from tobkit.model.nearest import nearest

        if kind is not None:
            entry = self.pool.get(kind, ref)
            found: tuple[Entry, ...] = (entry,) if entry else ()
        else:
            found = self.pool.find(ref)
        if len(found) == 1:
            return found[0]
        if found:
            named = [f"{entry.kind}:{entry.id}" for entry in found]
            raise TobkitError(msg("“{ref}” means several entries; write one of: {named}.", ref=ref, named=named))
        ids = [entry.id for entry in self.pool.entries if kind in (None, entry.kind)]
        guess = nearest(ref, ids)
        if guess:
            raise TobkitError(msg("There is no entry “{ref}”. Did you mean {guess}?", ref=ref, guess=guess))
        raise TobkitError(msg("There is no entry “{ref}”.", ref=ref))

    # Talking

    def say(self, message: Message | str) -> None:
        """A sentence for the user, on stderr."""
        click.echo(self.translator.text(message), err=True)

    def print(self, text: str) -> None:
        """Data, on stdout."""
        click.echo(text, nl=not text.endswith("\n"))

    @property
    def interactive(self) -> bool:
        """Whether somebody sits at a terminal and can be asked."""
        return sys.stdin.isatty() and sys.stderr.isatty()


def command(function: Callable[Concatenate[Session, P], R]) -> Callable[P, R]:
    """Add the options that every command has, and hand the command its session."""

    @click.option("--language", type=click.Choice(LANGUAGES), help=N_("Language of messages: zh or en"))
    @click.option("--today", metavar="DATE", help=N_("The day to count from, as 2026-03-05"))
    @functools.wraps(function)
    def wrapped(*args: Any, language: str | None, today: str | None, **kwargs: Any) -> R:
        session = Session(language, today)
        try:
            return function(session, *args, **kwargs)
        except TobkitError as error:
            session.say(msg("tobkit: {message}", message=error.message))
            raise click.exceptions.Exit(2) from error

    return wrapped  # type: ignore[return-value]


def format_option(*formats: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """`--format`, the first one being what is used unless said."""
    return click.option(
        "--format", "form", type=click.Choice(formats), default=formats[0], show_default=True, help=N_("Output format")
    )
