"""What every command shares: the options, the workspace, today, the language, and the sound part of the pool."""

import functools
import json
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

import click

from tobkit import messages
from tobkit.errors import TobkitError
from tobkit.messages import LANGUAGES, N_, Message, Translator, msg

if TYPE_CHECKING:
    from tobkit.dedupe import Index
    from tobkit.model.base import Base
    from tobkit.model.config import Language
    from tobkit.model.diagnostics import Diagnostic
    from tobkit.model.history import History
    from tobkit.model.kinds import Entry
    from tobkit.model.pool import Pool
    from tobkit.rank import Ranking
    from tobkit.store.load import Loaded
    from tobkit.store.workspace import Workspace

P = ParamSpec("P")
R = TypeVar("R")


@dataclass
class Session:
    """One run of a command, in one language. `overlay` is the folder that `--overlay` names."""

    language: str
    language_option: "Language | None" = None
    today_option: str | None = None
    overlay: Path | None = None

    def anew(self) -> "Session":
        """The same session, with everything to be read again."""
        return replace(self)

    @property
    def translator(self) -> Translator:
        return messages.translator(self.language)

    @cached_property
    def workspace(self) -> "Workspace":
        from tobkit.store.workspace import find_workspace

        return find_workspace(Path.cwd())

    @property
    def has_workspace(self) -> bool:
        """Whether the command runs in a workspace; only commands that can do without one ask."""
        try:
            return bool(self.workspace)
        except TobkitError:
            return False

    def need_configuration(self) -> None:
        """Refuse to write entries where it can't be known where they are and which fields they have."""
        from tobkit.store.workspace import CONFIG_SYNTAX

        for diagnostic in self.workspace.diagnostics:
            if diagnostic.rule is CONFIG_SYNTAX:
                raise TobkitError(msg("tobkit.toml must be mended first: {why}", why=diagnostic.message))

    @cached_property
    def today(self) -> date:
        """The day that it is: `--today`, `SOURCE_DATE_EPOCH`, else the date in the pool's time zone."""
        if self.today_option is not None:
            from tobkit.store.reading import read_date

            day = read_date(self.today_option)
            if day is None:
                raise TobkitError(
                    msg("“{value}” in --today isn't a date; write it as 2026-03-05.", value=self.today_option)
                )
            return day
        epoch = os.environ.get("SOURCE_DATE_EPOCH")
        try:
            now = datetime.fromtimestamp(int(epoch), UTC) if epoch else datetime.now(UTC)
            return self.workspace.config.date_at(now)
        except (ValueError, OverflowError, OSError):
            raise TobkitError(
                msg("SOURCE_DATE_EPOCH is “{value}”; it must be seconds since 1970.", value=str(epoch))
            ) from None

    def load(self, contents: Mapping[str, bytes] | None = None) -> "Loaded":
        from tobkit.store.load import load

        return load(self.workspace, contents)

    @cached_property
    def loaded(self) -> "Loaded":
        """Everything in the pool, with the fields that an overlay adds."""
        loaded = self.load()
        if self.overlay is None:
            return loaded
        from tobkit.store.overlay import overlaid

        with_fields = overlaid(loaded, self.overlay)
        self.say(msg("With the confidential fields in {folder}: mind who sees this.", folder=str(self.overlay)))
        return with_fields

    def check(self, loaded: "Loaded", base: "Base | None" = None) -> "list[Diagnostic]":
        from tobkit.check import check

        return check(loaded.pool, loaded.diagnostics, today=self.today, base=base, attachments=loaded.attachments)

    @cached_property
    def diagnostics(self) -> "list[Diagnostic]":
        """Everything that `check` finds."""
        return self.check(self.loaded)

    @cached_property
    def left_out(self) -> frozenset[str]:
        """The files whose entries can't be used."""
        from tobkit.check import unsound

        return unsound(self.diagnostics)

    @cached_property
    def sound(self) -> "Pool":
        """The sound part of the pool."""
        return self.loaded.pool.without(self.left_out)

    @cached_property
    def pool(self) -> "Pool":
        """The sound part of the pool; what is left out is named on stderr."""
        from tobkit.store.workspace import CONFIG_FILE

        if CONFIG_FILE in self.left_out:
            self.say(msg("tobkit.toml has errors; what is wrong in it has no effect (`tobkit check` shows it)."))
        if files := sorted(self.left_out - {CONFIG_FILE}):
            self.say(left_out_message(files))
        return self.sound

    @cached_property
    def history(self) -> "History":
        """What became of the pool's entries, as far as git knows. Confidential fields have no history."""
        from tobkit.store.history import read_history

        pool = self.pool if self.overlay is None else self.load().pool.without(self.left_out)
        return read_history(self.workspace, pool, self.today)

    def at(self, ref: str) -> "Session":
        """The session of this workspace as of a commit, on that commit's day unless `--today` names another; without an overlay.

        Raises TobkitError where there is no such commit, or the workspace wasn't in it.
        """
        from tobkit.store.base import load_at
        from tobkit.store.history import day_of_commit

        then = replace(self, overlay=None)
        then.loaded = load_at(self.workspace, ref)
        then.workspace = then.loaded.workspace
        if self.today_option is None:
            then.today = day_of_commit(then.workspace, ref)
        return then

    @cached_property
    def index(self) -> "Index":
        """The pool prepared for finding duplicates; what was worked out for the same texts before is taken up again."""
        from tobkit import __version__
        from tobkit.dedupe import build_index, saved
        from tobkit.store.cache import keep, kept

        key = f"{__version__} {saved.VERSION}".encode()
        data = kept(self.workspace.root, "duplicates", key)
        index = build_index(self.pool, known=saved.loads(data) if data else None)
        now = saved.dumps(index.prepared)
        if now != data:
            keep(self.workspace.root, "duplicates", key, now)
        return index

    @cached_property
    def ranking(self) -> "Ranking":
        from tobkit.rank import rank

        return rank(self.pool, self.today)

    def entry(self, ref: str, kind: str | None = None) -> "Entry":
        """The sound entry that an id, alias, name, path or `kind:id` means.

        Raises TobkitError where there is none, or where it may be several.
        """
        from tobkit.store.meaning import meant, not_found

        found = meant(self.pool, ref, kind)
        if len(found) == 1:
            return found[0]
        if found:
            named = [f"{entry.kind}:{entry.id}" if kind is None else entry.id for entry in found]
            raise TobkitError(msg("“{ref}” means several entries; write one of: {named}.", ref=ref, named=named))
        raise TobkitError(not_found(self.pool, self.loaded.pool, ref, kind))

    # Talking

    def say(self, message: Message | str) -> None:
        """A sentence for the user, on stderr."""
        say(self.translator, message)

    def print(self, text: str) -> None:
        """Data, on stdout."""
        write(text.removesuffix("\n"), sys.stdout)

    def print_json(self, text: str) -> None:
        """JSON, on stdout; where that can't take every character, what isn't ASCII is escaped, so that it stays JSON."""
        if sys.stdout is not None and not sys.stdout.encoding.lower().startswith("utf"):
            text = json.dumps(json.loads(text), indent=2)
        self.print(text)

    @property
    def interactive(self) -> bool:
        """Whether somebody sits at a terminal and can be asked."""
        return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stderr))


def left_out_message(paths: list[str], shown: int = 5) -> Message:
    """What to say about files that are left out because of errors."""
    named = paths[:shown]
    if len(paths) > shown:
        return msg(
            "Left out, because `tobkit check` finds errors in them: {files} and {n} more",
            files=named,
            n=len(paths) - shown,
        )
    return msg("Left out, because `tobkit check` finds errors in them: {files}", files=named)


def say(translator: Translator, message: Message | str) -> None:
    """A sentence on stderr; whatever texts of the pool it quotes, they don't move the cursor."""
    from tobkit.report.diagnostics import visible

    write("\n".join(map(visible, translator.text(message).split("\n"))), sys.stderr)


def write(text: str, stream: Any) -> None:
    """Write a line; where the reader has gone (`tobkit check | head`), the command goes on to its own exit status."""
    if stream is None:  # closed from the start
        return
    try:
        click.echo(text, file=stream)
    except OSError as error:
        # What is still in the stream's buffer has nowhere to go, not even at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        if not isinstance(error, BrokenPipeError):
            raise


def command(function: Callable[Concatenate[Session, P], R]) -> Callable[P, R]:
    """Add the options that every command has, and hand the command its session."""

    @click.option("--language", type=click.Choice(LANGUAGES), help=N_("Language of messages: zh or en"))
    @click.option("--today", metavar="DATE", help=N_("The day to count from, as 2026-03-05"))
    @click.option(
        "--overlay",
        type=click.Path(path_type=Path),
        envvar="TOBKIT_OVERLAY",
        metavar="DIR",
        help=N_("A folder with confidential fields of entries, kept outside the pool"),
    )
    @functools.wraps(function)
    def wrapped(*args: Any, language: "Language | None", today: str | None, overlay: Path | None, **kwargs: Any) -> R:
        session = Session(click.get_current_context().obj, language, today, overlay)
        return function(session, *args, **kwargs)

    return wrapped  # type: ignore[return-value]


def editing_command(function: Callable[Concatenate[Session, P], R]) -> Callable[P, R]:
    """As `command`, for one that writes entries: it doesn't look at an overlay, and needs a readable `tobkit.toml`."""

    @functools.wraps(function)
    def editing(session: Session, /, *args: P.args, **kwargs: P.kwargs) -> R:
        session.overlay = None
        session.need_configuration()
        return function(session, *args, **kwargs)

    return command(editing)


def format_option(*formats: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """`--format`, the first one being what is used unless said."""
    return click.option(
        "--format", "form", type=click.Choice(formats), default=formats[0], show_default=True, help=N_("Output format")
    )
