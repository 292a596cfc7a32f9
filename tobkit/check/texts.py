"""Rules about what people wrote in titles and bodies."""

import re
from collections.abc import Iterator
from itertools import islice

from tobkit.check.facts import Facts, key_of, quoted
from tobkit.check.scan import Text, without_literals
from tobkit.messages import msg
from tobkit.model.diagnostics import Diagnostic, Rule, Severity, Span
from tobkit.model.kinds import CLOSED, Entry, Requirement
from tobkit.model.schema import FieldSpec
from tobkit.store.frontmatter import MAX_PROBLEMS, Node, locate, places

THIN_DESCRIPTION = Rule("TOB219", "description too thin to act on", Severity.WARNING)
PLACEHOLDER = Rule("TOB222", "placeholder left in", Severity.WARNING)
CUT_VALUE = Rule("TOB223", "value cut at a #", Severity.WARNING)

ENOUGH_WORDS = 5
"""Words that a description needs at least; two Han characters count as one word."""

SURELY_ENOUGH = 100
"""Descriptions of so many characters aren't counted, unless they hold comments."""

_WORD = re.compile(r"[㐀-鿿豈-﫿\U00020000-\U0003ffff]{1,2}|[^\W_]+")
_NOT_SAID = re.compile(r"<!--.*?(?:-->|\Z)|^#[^\n]*$|^[ \t]*[-*+] \[ \][ \t]*$", re.DOTALL | re.MULTILINE)


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
        if is_settled(facts, requirement):
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


def is_settled(facts: Facts, entry: Entry) -> bool:
    """Whether nobody will act on an entry's text any more: a requirement that is closed or merged into another."""
    return isinstance(entry, Requirement) and (entry.duplicate_of is not None or facts.stage(entry) in CLOSED)


_PLACEHOLDER = re.compile(
    r"""
      (?P<mark>TODO|TBD|FIXME)(?![A-Za-z0-9_])
    | 待(?:补充|填写|完善)(?![㐀-鿿])
    | (?P<here>在?此处?(?:填写|输入|补充|描述))
    | (?<![A-Za-z0-9_/.@*-])[xX]{3,}(?![A-Za-z0-9_/@*-])(?!\.\w)
    | \{\{[^{}\n]{0,80}\}\}
    | (?<![A-Za-z0-9<])<(?:…|\.{3}|(?=[^<>\n]{0,60}[㐀-鿿])[A-Za-z㐀-鿿][^<>\n=/:@"!]{0,60}
        |(?i:your|insert|enter|fill|describe|please)\b[^<>\n=/:@"!]{0,60})>
    """,
    re.VERBOSE,
)
_BEGINNING = re.compile(r"(?:^|[:：(（\[【|])[ \t>*+_-]*\Z", re.MULTILINE)
_END = re.compile(
    r"[ \t*_]*(?:$|[:：)）\]】|,，;；。.!！])|[*_]*[ \t]+(?!list|app|item|view|board|清单|列表|事项|应用|任务)",
    re.IGNORECASE | re.MULTILINE,
)
_ASKING = re.compile(r"(?:请|(?:^|[“‘\"'(（\[【<《])[ \t>*+_-]*)\Z", re.MULTILINE)
_AROUND = 20


def placeholders(text: str) -> Iterator[tuple[int, int]]:
    """Where placeholders stand in a text. TODO and “fill in here” are ones only where nothing else makes sense."""
    for found in _PLACEHOLDER.finditer(text):
        start, end = found.span()
        before = text[max(0, start - _AROUND) : start]
        if found["mark"] and not (_BEGINNING.search(before) and _END.match(text, end)):
            continue
        if found["here"] and not _ASKING.search(before):
            continue
        yield start, end


def placeholder(facts: Facts) -> Iterator[Diagnostic]:
    """Titles and descriptions hold no placeholders: TODO, TBD, 待补充, xxx, {{…}}, <your text>. Code is left alone, and so is
    what is closed or merged.

    Why: whoever filed it wanted to come back; nobody else knows what was to stand there.

    Bad:
        requirements/REQ-00000a.md
            title: Export invoices
            ---
            At month end the accountants download three thousand invoices one by one.

            待补充：客户每月的张数
            ^^^

    Bad:
        requirements/REQ-00000a.md
            title: TODO
                   ^^^^

    Good:
        requirements/REQ-00000a.md
            title: Export invoices
            ---
            The print template should know `{{buyer}}`, and the TODO list of the accountant shows what wasn't printed.

    Fix: write what is missing, or delete the placeholder.
    """
    for text in facts.texts("placeholders"):
        if not is_settled(facts, text.entry):
            for span, found in in_title(text) if text.in_front else in_body(text):
                yield Diagnostic.of(
                    PLACEHOLDER,
                    text.entry.path,
                    span,
                    msg("A placeholder was left in: “{found}”.", found=quoted(found)),
                    msg("Write what is to stand here, or delete it."),
                )


def in_title(text: Text) -> Iterator[tuple[Span, str]]:
    """The first placeholder in an entry's title or name."""
    for field in ("title", "name", "what"):
        title = getattr(text.entry, field, None) or ""
        for start, end in islice(placeholders(title), 1):
            yield locate(text.entry, field), title[start:end]


def in_body(text: Text) -> Iterator[tuple[Span, str]]:
    """The placeholders in a body."""
    plain = without_literals(text.text)
    found = list(islice(placeholders(plain), MAX_PROBLEMS))
    for (start, end), span in zip(found, text.spans(found), strict=True):
        yield span, plain[start:end]


_CUT_OFF = re.compile(r"[ \t]+(#(?=[^\s#]).*?)[ \t]*$", re.MULTILINE)


def cut_value(facts: Facts) -> Iterator[Diagnostic]:
    """No text ends at a # by accident: behind a blank, # begins a comment, which isn't part of the value. A comment has a
    blank behind its #.

    Why: of “修复 #123” only “修复” is read, without a word; the rest is missing in every list and search.

    Bad:
        requirements/REQ-00000a.md
            title: 修复 #123 导出失败
                      ^^^^^^^^^

    Good:
        requirements/REQ-00000a.md
            title: "修复 #123 导出失败"
            region: 华东 # as agreed with the customer

    Fix: put the whole value in double quotes; put a blank behind the # of a comment.
    """
    for kind in facts.pool.schema.kinds.values():
        free = [spec for spec in kind.fields.values() if is_free_text(spec)]
        for entry in facts.pool.by_kind[kind.name].values():
            front = entry.origin.front
            if "#" in front and (" #" in front or "\t#" in front):
                yield from cut_values(entry, free)


def is_free_text(spec: FieldSpec) -> bool:
    """Whether a # may well belong to a field's value."""
    if spec.type == "mapping":
        return True
    return spec.type in ("text", "list") and spec.name != "id" and not (spec.choices or spec.person or spec.region)


def cut_values(entry: Entry, free: list[FieldSpec]) -> Iterator[Diagnostic]:
    front = entry.origin.front
    lines = front.split("\n")
    keys = {key_of(entry, spec.name) for spec in free}
    for path, (_, node) in places(front).items():
        if path[0] not in keys or node.pairs:
            continue
        for value in node.value if isinstance(node.value, list) else [node]:
            found = cut_off(value, lines[value.span.end_line - 2])
            if found:
                start, end = found.span(1)
                line = value.span.end_line
                yield Diagnostic.of(
                    CUT_VALUE,
                    entry.path,
                    Span(line, start + 1, line, end + 1),
                    msg(
                        "{key} ends before the #: “{rest}” is read as a comment and isn't part of it.",
                        key=path[-1],
                        rest=quoted(found[1]),
                    ),
                    msg(
                        'Put the whole value in double quotes: {key}: "{value}". A comment has a blank behind its #.',
                        key=path[-1],
                        value=quoted(f"{value.value or ''} {found[1]}".strip()),
                    ),
                )


def cut_off(value: Node, line: str) -> re.Match[str] | None:
    """What stands behind a # on the line on which a plain value ends."""
    span = value.span
    if span.line != span.end_line or line[span.column - 1 : span.column] in ('"', "'", "[", "|", ">"):
        return None
    return _CUT_OFF.match(line, span.end_column - 1)
