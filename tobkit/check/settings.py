"""What a team's `[check]` does to findings: for the whole workspace, and for the files that a glob matches."""

import re
from collections.abc import Iterable, Iterator, Mapping, Set
from functools import cached_property, lru_cache

from tobkit.messages import Message, msg
from tobkit.model.config import CheckSection, LevelsSection
from tobkit.model.diagnostics import Diagnostic, Rule, Severity
from tobkit.model.nearest import nearest

IDLE_SETTING = Rule("TOB199", "setting of [check] without effect", Severity.WARNING)

Levels = Mapping[str, Severity | None]
"""Code -> the severity that a team gave to its findings, None where it doesn't want them; others keep their own."""


def levels(section: LevelsSection) -> dict[str, Severity | None]:
    """What one table says; a rule that it both disables and rates is disabled."""
    chosen: dict[str, Severity | None] = {code: Severity[name.upper()] for code, name in section.severity.items()}
    return chosen | dict.fromkeys(section.disable)


@lru_cache(maxsize=256)
def pattern(glob: str) -> re.Pattern[str]:
    """A glob as an expression that the paths it matches begin with: `*` and `?` stay within a folder's name, `**` doesn't.

    Whoever names a folder means all that is in it.
    """
    signs = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    parts = re.split(r"(\*\*/|\*\*|\*|\?)", glob.strip("/"))
    return re.compile("".join(signs.get(part, re.escape(part)) for part in parts) + r"(?:/|\Z)", re.DOTALL)


def matches(glob: str, path: str) -> bool:
    return pattern(glob).match(path) is not None


class Wishes:
    """What a team wants to see, and how bad it is, file by file. Rules of `unalterable` stay as they are."""

    def __init__(self, settings: CheckSection, unalterable: Set[Rule]) -> None:
        self.settings = settings
        self.fixed = {rule.code for rule in unalterable}
        self.everywhere: Levels = self.alterable(settings)
        self.by_glob = {glob: self.alterable(section) for glob, section in settings.paths.items()}

    def alterable(self, section: LevelsSection) -> Levels:
        return {code: level for code, level in levels(section).items() if code not in self.fixed}

    @cached_property
    def unwanted(self) -> frozenset[str]:
        """The codes that are wanted for no file at all."""
        somewhere = {code for own in self.by_glob.values() for code, level in own.items() if level is not None}
        return frozenset(code for code, level in self.everywhere.items() if level is None) - somewhere

    def of(self, path: str) -> Levels:
        """The levels for one file: each glob that matches it outweighs what stands before."""
        found = self.everywhere
        for glob, own in self.by_glob.items():
            if matches(glob, path):
                found = {**found, **own}
        return found

    def apply(self, diagnostics: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
        """The findings that the team wants to see, with the severities that it gave them."""
        by_path: dict[str, Levels] = {}
        for diagnostic in diagnostics:
            path = diagnostic.path
            own = by_path.get(path)
            if own is None:
                own = by_path[path] = self.of(path)
            level = own.get(diagnostic.code, diagnostic.severity)
            if level is not None:
                yield diagnostic if level is diagnostic.severity else diagnostic.with_severity(level)


def idle_settings(
    settings: CheckSection, rules: Mapping[str, Rule], unalterable: Set[Rule], paths: Iterable[str]
) -> Iterator[Diagnostic]:
    """What stands in `[check]` has an effect: its codes are rules that can be changed, its globs match a file.

    Why: a slip of the pen in a code or a path would otherwise go unnoticed, and everybody believes the rule is off.

    Bad:
        tobkit.toml
            [check]
            disable = ["TOB999"]

    Bad:
        tobkit.toml
            [check.paths."pool/archive/**"]
            disable = ["TOB219"]

    Good:
        tobkit.toml
            [check]
            disable = ["TOB217"]

    Fix: correct the code or the path, or delete the setting.
    """
    tables: dict[str, LevelsSection] = {"[check]": settings}
    tables |= {f'[check.paths."{glob}"]': section for glob, section in settings.paths.items()}
    for table, section in tables.items():
        for code, level in levels(section).items():
            if found := idle(code, level, table, rules, unalterable):
                yield Diagnostic.of(IDLE_SETTING, "tobkit.toml", None, *found)
    if settings.paths:
        known = list(paths)
        for glob in settings.paths:
            if not any(matches(glob, path) for path in known):
                yield Diagnostic.of(
                    IDLE_SETTING,
                    "tobkit.toml",
                    None,
                    msg("“{glob}” in [check.paths] matches no file.", glob=glob),
                    msg(
                        "Paths begin at tobkit.toml: pool/requirements/2024/**. * stands for any text within a "
                        "folder's or file's name, ** for folders at any depth."
                    ),
                )


def idle(
    code: str, level: Severity | None, table: str, rules: Mapping[str, Rule], unalterable: Set[Rule]
) -> tuple[Message, Message] | None:
    """Why a setting has no effect, and what to do about it; None where it has one."""
    rule = rules.get(code)
    if rule is None:
        guess = nearest(code, rules)
        message = msg("There is no rule “{code}” ({table} in tobkit.toml).", code=code, table=table)
        return message, msg("Did you mean {guess}?", guess=guess) if guess else msg("Codes look like TOB203.")
    if rule in unalterable and level is not Severity.ERROR:
        message = msg("{code} stays an error: an entry with this fault can't be used.", code=code)
        return message, msg("Delete the setting from {table} in tobkit.toml.", table=table)
    return None
