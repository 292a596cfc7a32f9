"""The command line: one module a command or a family of commands, with its options, prompts and progress. No logic.

Commands are imported when they are called, so that `tobkit --help` answers at once.
"""

import sys
from importlib import import_module

import click

from tobkit import __version__
from tobkit.cli.help import localised
from tobkit.cli.language import click_speaks, language_of
from tobkit.errors import TobkitError, why
from tobkit.messages import LANGUAGES, N_, Message, msg, translator

COMMANDS = {
    "init": ("start", N_("Make a workspace that is ready to commit")),
    "new": ("entries", N_("Make a valid entry, asking for what is missing")),
    "set": ("entries", N_("Change fields of an entry; comments and order stay")),
    "show": ("entries", N_("Show an entry with everything that is derived from the pool")),
    "check": ("check", N_("Find what is wrong in the pool, with what to do about it")),
    "dedupe": ("dedupe", N_("List requirements that probably say the same need, and why")),
    "merge": ("decisions", N_("Merge duplicates into the requirement that is kept")),
    "unmerge": ("decisions", N_("Take a merge back")),
    "distinct": ("decisions", N_("Record that two requirements are different needs")),
    "rank": ("rank", N_("List what comes first, and why")),
    "triage": ("triage", N_("Show what waits for somebody: escalations, the inbox, what is undecided")),
    "diff": ("diff", N_("Say what a branch, or a week, changed in the pool")),
    "renumber": ("decisions", N_("Give an entry whose id is taken a new one")),
    "build": ("site", N_("Build the static site")),
    "serve": ("site", N_("Serve the site on this machine, rebuilding on change")),
    "schema": ("schema", N_("Print the JSON Schema of an entry's keys, for editors")),
}
"""The commands in the order in which one meets them: the module each stands in, and what it does."""


class Commands(click.Group):
    """The commands, each imported when it is asked for. A context's `obj` is the language to speak."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _ = COMMANDS[cmd_name]
        command: click.Command = getattr(import_module(f"tobkit.cli.{module}"), f"{cmd_name}_command")
        return localised(command, translator(ctx.obj))

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        _ = translator(ctx.obj)
        with formatter.section(_("Commands")):
            formatter.write_dl([(name, _(text)) for name, (_module, text) in COMMANDS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from tobkit.model.nearest import nearest

            _ = translator(ctx.obj)
            guess = nearest(args[0], COMMANDS)
            hint = _("Did you mean {guess}?", guess=guess) if guess else _("`tobkit --help` lists them.")
            raise click.UsageError(_("There is no command “{name}”.", name=args[0]) + hint_gap(ctx.obj) + hint, ctx)
        return super().resolve_command(ctx, args)


def hint_gap(language: str) -> str:
    """What stands between two sentences."""
    return "" if language == "zh" else " "


@click.command(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    no_args_is_help=True,
    help=N_(
        "The requirement pool that a company keeps in git: what customers need, what is the same need said twice, "
        "and what comes first.\n\n"
        "`tobkit init` begins a pool, `tobkit init --demo` one to look around in."
    ),
)
@click.option("--language", type=click.Choice(LANGUAGES), expose_value=False, help=N_("Language of messages: zh or en"))
@click.version_option(__version__, prog_name="tobkit", message="%(prog)s %(version)s")
def cli() -> None: ...


def main() -> None:
    """Run the command line and exit with its status: 0, 1 for findings, 2 for usage and environment, 130 for Ctrl-C."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:  # a closed one
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run a command line; its exit status."""
    language = language_of(arguments)
    try:
        with click_speaks(language):
            shown = localised(cli, translator(language))
            result = shown.main(arguments, prog_name="tobkit", standalone_mode=False, obj=language)
        return result if isinstance(result, int) else 0
    except click.ClickException as error:
        with click_speaks(language):
            error.show()
        return 2
    except TobkitError as error:
        complain(language, error.message)
        return 2
    except OSError as error:
        complain(language, msg("{file}: {why}", file=error.filename, why=why(error)) if error.filename else why(error))
        return 2
    except (click.Abort, KeyboardInterrupt):
        complain(language, msg("Stopped."))
        return 130


def complain(language: str, message: Message | str) -> None:
    from tobkit.cli.session import say

    say(translator(language), msg("tobkit: {message}", message=message))
