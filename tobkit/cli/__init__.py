"""The command line: one module a command or a family of commands, with its options, prompts and progress. No logic.

Commands are imported when they are called, so that `tobkit --help` answers at once.
"""

import os
import sys
from importlib import import_module

import click

from tobkit import __version__
from tobkit.errors import TobkitError
from tobkit.messages import N_, Translator, language_of_environment, translator

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
    "renumber": ("decisions", N_("Give an entry whose id is taken a new one")),
    "build": ("site", N_("Build the static site")),
    "serve": ("site", N_("Serve the site on this machine, rebuilding on change")),
}


def language_of(arguments: list[str]) -> str:
    """The language of help and usage errors, which are shown before the options are read."""
    for number, argument in enumerate(arguments):
        if argument == "--language" and arguments[number + 1 : number + 2] in (["zh"], ["en"]):
            return arguments[number + 1]
        if argument in ("--language=zh", "--language=en"):
            return argument[-2:]
    return language_of_environment() or "en"


class Commands(click.Group):
    """The commands in the order in which one meets them, each imported when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _ = COMMANDS[cmd_name]
        command: click.Command = getattr(import_module(f"tobkit.cli.{module}"), f"{cmd_name}_command")
        return localised(command, translator(language_of(sys.argv[1:])))

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        _ = translator(language_of(sys.argv[1:]))
        with formatter.section(_("Commands")):
            formatter.write_dl([(name, _(text)) for name, (_module, text) in COMMANDS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from tobkit.model.nearest import nearest

            _ = translator(language_of(sys.argv[1:]))
            guess = nearest(args[0], COMMANDS)
            hint = _("Did you mean {guess}?", guess=guess) if guess else _("See tobkit --help.")
            raise click.UsageError(_("There is no command “{name}”.", name=args[0]) + " " + hint, ctx)
        return super().resolve_command(ctx, args)


def localised(command: click.Command, _: Translator) -> click.Command:
    """The command with its help in the user's language (texts are English in the source)."""
    if command.help:
        command.help = _(" ".join(command.help.split()))
    for parameter in command.params:
        if isinstance(parameter, click.Option) and parameter.help:
            parameter.help = _(parameter.help)
    return command


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="tobkit", message="%(prog)s %(version)s")
def cli() -> None:
    """tobkit: the requirement pool that a company keeps in git."""


def main() -> None:
    """Run the command line and exit with its status: 0, 1 for findings, 2 for usage and environment."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    language = language_of(arguments)
    try:
        result = localised(cli, translator(language)).main(arguments, prog_name="tobkit", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except click.ClickException as error:
        error.show()
        return 2
    except TobkitError as error:
        click.echo(translator(language)("tobkit: {message}", message=error.message), err=True)
        return 2
    except click.exceptions.Exit as error:
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        return 130
    except BrokenPipeError:
        # The reader has gone (`tobkit rank | head`): nothing is left to say, not even at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
