"""What a team's `[check]` does to findings."""

from collections.abc import Iterable, Iterator, Mapping, Set

from tobkit.messages import msg
from tobkit.model.config import CheckSection
from tobkit.model.diagnostics import Diagnostic, Rule, Severity
from tobkit.model.nearest import nearest

IDLE_SETTING = Rule("TOB199", "setting of [check] without effect", Severity.WARNING)


def idle_settings(settings: CheckSection, rules: Mapping[str, Rule], unalterable: Set[Rule]) -> Iterator[Diagnostic]:
    """Codes in `[check]` that no rule has, or whose rule a team can't soften."""
    for code in dict.fromkeys((*settings.disable, *settings.severity)):
        rule = rules.get(code)
        softened = code in settings.disable or settings.severity.get(code) != str(Severity.ERROR)
        if rule is None:
            guess = nearest(code, rules)
            message = msg("There is no rule “{code}” ([check] in tobkit.toml).", code=code)
            help = msg("Did you mean {guess}?", guess=guess) if guess else msg("Codes look like TOB203.")
        elif rule in unalterable and softened:
            message = msg("{code} stays an error: an entry with this fault can't be used.", code=code)
            help = msg("Delete the setting from [check] in tobkit.toml.")
        else:
            continue
        yield Diagnostic.of(IDLE_SETTING, "tobkit.toml", None, message, help)


def as_wanted(
    diagnostics: Iterable[Diagnostic], settings: CheckSection, unalterable: Set[Rule]
) -> Iterator[Diagnostic]:
    """The findings that the team wants to see, with the severities that it gave their rules."""
    fixed = {rule.code for rule in unalterable}
    disabled = set(settings.disable) - fixed
    chosen = {code: Severity[name.upper()] for code, name in settings.severity.items() if code not in fixed}
    for diagnostic in diagnostics:
        if diagnostic.code in disabled:
            continue
        severity = chosen.get(diagnostic.code)
        yield diagnostic if severity is None else diagnostic.with_severity(severity)
