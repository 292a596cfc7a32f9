"""`tobkit init`."""

from pathlib import Path

import click

from tobkit.cli.session import Session, command
from tobkit.messages import N_, language_of_environment, msg


@click.command(
    "init",
    help=N_(
        "Make a workspace in DIR (here unless said): tobkit.toml, a pool with a folder for each kind, a git repository. "
        "What is there already stays as it is."
    ),
)
@click.argument("folder", required=False, default=".", type=click.Path(path_type=Path), metavar="[DIR]")
@click.option("--demo", is_flag=True, help=N_("With the pool of a made-up company, to look around in"))
@command
def init_command(session: Session, folder: Path, demo: bool) -> None:
    from tobkit.store.start import start

    language = session.language_option or language_of_environment() or "zh"
    made = start(folder.absolute(), language, demo=demo)
    session.say(msg("A workspace is ready in {folder}.", folder=str(made)))
    around = next((each for each in made.parents if (each / "tobkit.toml").is_file()), None)
    if around:
        session.say(msg("Mind that it lies in another workspace: {folder}.", folder=str(around)))
    first = "tobkit rank" if demo else "tobkit new requirement"
    there = "" if folder == Path() else f'cd "{folder}" && ' if " " in str(folder) else f"cd {folder} && "
    session.say(msg("Next: {commands}", commands=f"{there}{first} && tobkit check && tobkit build"))
