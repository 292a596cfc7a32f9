"""`tobkit schema`."""

import json

import click

from tobkit.cli.session import Session, command
from tobkit.messages import N_


@click.command(
    "schema",
    help=N_(
        "Print the JSON Schema (2020-12) of an entry's front matter, with your own fields and people, for editors and "
        "other tools.\n\n"
        "With KIND it is that kind's; without, all of them, each below $defs."
    ),
)
@click.argument("kind", required=False)
@command
def schema_command(session: Session, kind: str | None) -> None:
    from tobkit.cli.entries import kind_named
    from tobkit.model.json_schema import json_schema

    workspace = session.workspace
    name = None if kind is None else kind_named(session, kind).name
    found = json_schema(workspace.schema, workspace.config, session.translator, name)
    session.print_json(json.dumps(found, ensure_ascii=False, indent=2))
