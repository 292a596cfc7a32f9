"""click's own texts, named here so that they are in our catalogue: click asks gettext for them (see `language`).

Those that a user of tobkit can meet; click says the same things a little differently from version to version.
"""

from tobkit.messages import N_, msg_n

TEXTS = (
    # help
    N_("Usage:"),
    N_("Options"),
    N_("Commands"),
    N_("Positional arguments"),
    N_("Show this message and exit."),
    N_("Show the version and exit."),
    N_("default: {default}"),
    N_("required"),
    # wrong usage
    N_("Try '{command} {option}' for help."),
    N_("Error: {message}"),
    N_("Missing command."),
    N_("Missing argument"),
    N_("Missing option"),
    N_("Missing parameter"),
    N_("No such command {name!r}."),
    N_("No such option {name!r}."),
    N_("No such option: {name}"),
    N_("Option {name!r} does not take a value."),
    N_("Invalid value: {message}"),
    N_("Invalid value for {param_hint}: {message}"),
    N_("{value!r} is not a valid {number_type}."),
    N_("{value} is not in the range {range}."),
    N_("Choose from:\n\t{choices}"),
    # questions
    N_("Error: invalid input"),
    N_("Aborted!"),
)

COUNTED = (
    msg_n("{value!r} is not {choice}.", "{value!r} is not one of {choices}.", 1),
    msg_n("Got unexpected extra argument ({args})", "Got unexpected extra arguments ({args})", 1),
    msg_n("Option {name!r} requires an argument.", "Option {name!r} requires {nargs} arguments.", 1),
    msg_n("Did you mean {possibility}?", "(Did you mean one of: {possibilities}?)", 1),
)
