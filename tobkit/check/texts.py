"""Rules about what people wrote in titles and bodies."""

import re
from collections.abc import Iterator

from tobkit.check.facts import Facts
from tobkit.messages import msg
from tobkit.model.diagnostics import Diagnostic, Rule, Severity, Span
from tobkit.model.kinds import CLOSED
from tobkit.store.frontmatter import locate

THIN_DESCRIPTION = Rule("TOB219", "description too thin to act on", Severity.WARNING)

ENOUGH_WORDS = 5
"""Words that a description needs at least; two Han characters count as one word."""

SURELY_ENOUGH = 100
"""Descriptions of so many characters aren't counted, unless they hold comments."""

_WORD = re.compile(r"[㐀-鿿豈-﫿\U00020000-\U0003ffff]{1,2}|[^\W_]+")
_NOT_SAID = re.compile(r"<!--.*?(?:-->|\Z)|^#.*$|^[ \t]*[-*+] \[ \][ \t]*$", re.DOTALL | re.MULTILINE)


def thin_description(facts: Facts) -> Iterator[Diagnostic]:
    """The description of an open requirement says more than its title: who can't do what, and what would help.

    Why: whoever triages it in two weeks wasn't there when the customer said it. Headings and comments of a template
    don't count.

    Bad:
        requirements/REQ-00000a.md
            title: Export is slow
                   ^^^^^^^^^^^^^^
            ---

    Bad:
        requirements/REQ-00000a.md
            title: 批量导出
            ---
            客户要。
            ^^^^

    Good:
        requirements/REQ-00000a.md
            title: 批量导出
            ---
            月末对账时要逐张下载三千张发票，财务每次花两天；希望能按月份一次导出。

    Fix: add a sentence or two below the front matter: who, in which situation, how often, what it costs them.
    """
    for requirement in facts.pool.requirements.values():
        body = requirement.body
        if len(body) >= SURELY_ENOUGH and "<!--" not in body:
            continue
        if requirement.duplicate_of is not None or facts.stage(requirement) in CLOSED:
            continue
        text = _NOT_SAID.sub("", body).strip()
        if len(_WORD.findall(text)) >= ENOUGH_WORDS:
            continue
        yield Diagnostic.of(
            THIN_DESCRIPTION,
            requirement.path,
            first_line(body, requirement.origin.body_line) if text else locate(requirement, "title"),
            msg("The description is too short to act on.") if text else msg("There is no description below the keys."),
            msg("Write in a sentence or two who can't do what, how often, and what it costs them."),
        )


def first_line(body: str, line: int) -> Span:
    """The span of a body's first line."""
    return Span(line, 1, line, len(body.partition("\n")[0]) + 1)
