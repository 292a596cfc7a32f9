"""The rules: as a list, one explained, and all of them as a page of the guide."""

import re
from collections.abc import Iterator
from typing import Any

from rich.cells import cell_len

from tobkit.check.documentation import Example, documentation
from tobkit.check.registry import RULES, UNALTERABLE
from tobkit.check.settings import Wishes
from tobkit.messages import Message, Translator, msg
from tobkit.model.config import CheckSection
from tobkit.model.diagnostics import Rule, Severity
from tobkit.report.diagnostics.escaping import safe_json, visible
from tobkit.report.diagnostics.summary import SEVERITIES

OFF = msg("off")


def configured(rule: Rule, settings: CheckSection) -> Severity | None:
    """The severity that a team gave to a rule for the whole workspace; None where it is off."""
    return Wishes(settings, UNALTERABLE).everywhere.get(rule.code, rule.severity)


def elsewhere(rule: Rule, settings: CheckSection) -> dict[str, Severity | None]:
    """The other severities that a team gave to it, by glob of the files."""
    own = Wishes(settings, UNALTERABLE).by_glob
    return {glob: levels[rule.code] for glob, levels in own.items() if rule.code in levels}


def word(severity: Severity | None) -> Message:
    return OFF if severity is None else SEVERITIES[severity]


# The list


def table(settings: CheckSection, translator: Translator) -> str:
    """All rules: code, severity, name."""
    _ = translator
    heads = (_("Code"), _("Severity"), _("What is wrong"))
    lines = [
        (rule.code, _.text(word(configured(rule, settings))), translator(rule.name), rule in UNALTERABLE)
        for rule in RULES.values()
    ]
    width = max(cell_len(text) for text in (heads[1], *(level + "*" for _code, level, _name, _fixed in lines)))

    def row(code: str, level: str, name: str) -> str:
        return f"{padded(code, 6)}  {padded(level, width)}  {name}"

    return "\n".join(
        [
            row(*heads),
            *(row(code, level + "*" * fixed, name) for code, level, name, fixed in lines),
            "",
            _("* can't be changed: an entry with such a fault can't be used. `tobkit check --explain CODE` says more."),
        ]
    )


def padded(text: str, width: int) -> str:
    return text + " " * (width - cell_len(text))


def table_json(settings: CheckSection, translator: Translator) -> str:
    """All rules as JSON."""
    return safe_json({"rules": [facts(rule, settings, translator) for rule in RULES.values()]})


def facts(rule: Rule, settings: CheckSection, translator: Translator) -> dict[str, Any]:
    return {
        "code": rule.code,
        "name": translator(rule.name),
        "severity": level_name(configured(rule, settings)),
        "default": level_name(rule.severity),
        "paths": {glob: level_name(level) for glob, level in elsewhere(rule, settings).items()},
        "alterable": rule not in UNALTERABLE,
        "today_dependent": rule.today_dependent,
    }


def level_name(severity: Severity | None) -> str:
    return "off" if severity is None else str(severity)


# One rule


def explanation(rule: Rule, settings: CheckSection, translator: Translator) -> str:
    """What a rule wants and why, with examples, how to mend what it finds, and how bad that is."""
    _ = translator
    found = documentation(rule)
    what, why, fix = paragraphs(rule, translator)
    blocks = [f"{rule.code}  {_(rule.name)}", what, why]
    blocks += [_("Bad:") + "\n" + indented(shown(one)) for one in found.bad]
    blocks += [_("Good:") + "\n" + indented(shown(one)) for one in found.good]
    blocks += [fix, "\n".join(severities(rule, settings, translator))]
    return visible_lines("\n\n".join(blocks))


def severities(rule: Rule, settings: CheckSection, _: Translator) -> Iterator[str]:
    now = configured(rule, settings)
    yield _.text(msg("Severity: {severity}", severity=word(rule.severity)))
    if now is not rule.severity:
        yield _.text(msg("Severity in tobkit.toml: {severity}", severity=word(now)))
    for glob, level in elsewhere(rule, settings).items():
        yield _.text(msg("Severity for {glob}: {severity}", glob=glob, severity=word(level)))
    if rule in UNALTERABLE:
        yield _("It can't be changed or ignored: an entry with such a fault can't be used.")


def explanation_json(rule: Rule, settings: CheckSection, translator: Translator) -> str:
    """The same as JSON."""
    found = documentation(rule)
    return safe_json(
        {
            **facts(rule, settings, translator),
            "what": translator(found.what),
            "why": translator(found.why),
            "fix": translator(found.fix),
            "bad": [shown(one) for one in found.bad],
            "good": [shown(one) for one in found.good],
        }
    )


def shown(example: Example) -> str:
    """An example's files: a path, below it its lines, with carets below what is wrong."""
    return "\n".join(line for path in example.files for line in (path, *file_lines(example, path)))


def file_lines(example: Example, path: str) -> Iterator[str]:
    for number, line in enumerate(example.files[path], 1):
        yield f"    {line}"
        if example.marked and example.marked[:2] == (path, number):
            start, end = example.marked[2] - 1, example.marked[3] - 1
            yield "    " + " " * cell_len(line[:start]) + "^" * cell_len(line[start:end])


def indented(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.split("\n"))


def visible_lines(text: str) -> str:
    return "\n".join(map(visible, text.split("\n")))


# The page of the guide


def reference(translator: Translator, introduction: str) -> str:
    """All rules as a Markdown page: a list, then each with its documentation. Code hosts make anchors of the codes."""
    _ = translator
    lines = [
        introduction.strip(),
        "",
        f"| {_('Code')} | {_('Severity')} | {_('What is wrong')} |",
        "|---|---|---|",
        *(table_row(rule, translator) for rule in RULES.values()),
    ]
    for rule in RULES.values():
        lines += ["", f"## {rule.code}", "", f"**{_(rule.name)}** · {level_mark(rule, translator)}", ""]
        lines += sections(rule, translator)
    return "\n".join(lines) + "\n"


def table_row(rule: Rule, _: Translator) -> str:
    return f"| [{rule.code}](#{rule.code.lower()}) | {level_mark(rule, _)} | {cell(_(rule.name))} |"


def level_mark(rule: Rule, translator: Translator) -> str:
    return translator.text(SEVERITIES[rule.severity]) + r"\*" * (rule in UNALTERABLE)


def cell(text: str) -> str:
    return text.replace("|", r"\|")


def sections(rule: Rule, translator: Translator) -> Iterator[str]:
    """A rule's documentation as lines of Markdown."""
    _ = translator
    found = documentation(rule)
    what, why, fix = (prose(text) for text in paragraphs(rule, translator))
    yield from (what, "", why)
    for heading, examples in ((_("Bad:"), found.bad), (_("Good:"), found.good)):
        for one in examples:
            yield from ("", heading, "", "```text", *shown(one).split("\n"), "```")
    yield from ("", fix)


_OUTSIDE_CODE = re.compile(r"(`[^`]*`)|([<*])")


def paragraphs(rule: Rule, translator: Translator) -> Iterator[str]:
    """A rule's documentation in sentences, without examples."""
    _ = translator
    found = documentation(rule)
    yield from (_(found.what), _("Why: {why}", why=_(found.why)), _("How to fix: {fix}", fix=_(found.fix)))


def prose(text: str) -> str:
    """A text in which only code marks and links are Markdown."""
    return _OUTSIDE_CODE.sub(lambda found: found[1] or "\\" + found[2], text)
