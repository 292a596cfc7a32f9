"""Rules about what isn't seen, or shouldn't be: characters that disguise a text, look-alikes, secrets, personal data."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from tobkit.check.facts import Facts, place, quoted, values
from tobkit.check.scan import Text
from tobkit.messages import Message, msg
from tobkit.model.diagnostics import Diagnostic, Edit, Rule, Severity, Span
from tobkit.model.kinds import Entry
from tobkit.model.schema import FieldSpec
from tobkit.store.frontmatter import MAX_PROBLEMS, Node, places

BIDI_CONTROL = Rule("TOB901", "character that changes the direction of text")
INVISIBLE_IN_NAME = Rule("TOB902", "invisible character in a name")
INVISIBLE = Rule("TOB903", "invisible character", Severity.WARNING)
LOOK_ALIKE = Rule("TOB904", "letters of another script that look alike")
SECRET = Rule("TOB905", "key or token", confidential=True)
PASSWORD = Rule("TOB906", "password", Severity.WARNING, confidential=True)
PERSONAL = Rule("TOB907", "personal data", Severity.WARNING, confidential=True)

# Characters that aren't seen

_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_MARKS = frozenset("\u061c\u200e\u200f")
_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+")

_ZERO_WIDTH = "\u00ad\u180e\u200b\u2060-\u2064\u206a-\u206f\ufeff\ufff9-\ufffb"
_CONTROL = "\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029"
_JOINED = "\u0600-\u08ff\u0900-\u0dff\u0e80-\u109f\u1780-\u18af\ua840-\ua87f\ua8e0-\uabff\U00010a00-\U00011fff"
_EMOJI = "\u2190-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
_INVISIBLE = re.compile(
    f"(?:[{_ZERO_WIDTH}{_CONTROL}]"
    f"|(?<![{_JOINED}])\u200c"
    f"|(?<![{_JOINED}{_EMOJI}\ufe0f])\u200d|(?<=[{_EMOJI}\ufe0f])\u200d(?![{_EMOJI}])"
    "|(?<![\U0001f3f4\U000e0020-\U000e007e])[\U000e0000-\U000e007f]+)+"
)
"""What nobody sees, but for joiners in the scripts and emoji that need them, and the tags of a flag."""

_ONLY_ZERO_WIDTH = re.compile(f"[{_ZERO_WIDTH}\u200c\u200d\U000e0000-\U000e007f]+")
_MOST_POINTS = 3


def bidi_control(facts: Facts) -> Iterator[Diagnostic]:
    """No text holds characters that change the direction in which it is shown. Marks beside Arabic or Hebrew letters, which
    need them, are fine.

    Why: with them a text shows something else than it says, so that whoever reviews it approves what nobody read. They
    come along unnoticed when a path or a number is copied from another program.

    Bad:
        pool/requirements/REQ-00000a.md
            ---
            id: REQ-00000a
            title: Export <U+202E>gnp.exe
                          ^^^^^^^^
            date: 2026-02-01
            status: new
            ---
            At month end the accountants download three thousand invoices one by one.

    Good:
        requirements/REQ-00000a.md
            title: Export invoices
            ---
            The customer in Dubai writes فاتورة on every invoice and wants it in the export.

    Fix: delete the character and type the text around it again.
    """
    for text in facts.texts("unseen"):
        for span, found, _ in hidden(text, _BIDI):
            if not (set(found) <= _MARKS and _RIGHT_TO_LEFT.search(line_of(text, span))):
                yield Diagnostic.of(
                    BIDI_CONTROL,
                    text.entry.path,
                    span,
                    msg(
                        "An invisible character ({points}) changes the direction of the text: it shows something else "
                        "than it says.",
                        points=points(found),
                    ),
                    msg("Delete it and type the text around it again."),
                )


def invisible_in_name(facts: Facts) -> Iterator[Diagnostic]:
    """Keys, ids, names and references hold no characters that can't be seen.

    Why: “acme” with an invisible character in it isn't “acme”: it is never found, and counts for another customer.

    Bad:
        pool/customers/northwind.md
            ---
            id: northwind
            name: North<U+200B>wind
                       ^^^^^^^^
            tier: mid
            status: active
            ---

    Good:
        customers/northwind.md
            name: Northwind

    Fix: delete the character; `tobkit check --fix` does.
    """
    for text in facts.texts("unseen"):
        if text.in_front:
            for span, found, fix in in_names(facts, text, hidden(text, _INVISIBLE), wanted=True):
                yield Diagnostic.of(
                    INVISIBLE_IN_NAME,
                    text.entry.path,
                    span,
                    msg(
                        "A character here can't be seen ({points}), so this isn't the name that it looks like.",
                        points=points(found),
                    ),
                    how_to_delete(fix),
                    fix,
                )


def invisible(facts: Facts) -> Iterator[Diagnostic]:
    """Texts hold no control characters and none without width. Joiners in emoji and in the scripts that need them are fine,
    and so are blanks of all kinds.

    Why: a search for the word in which one stands doesn't find it. They are left over from copying out of other programs.

    Bad:
        pool/requirements/REQ-00000a.md
            ---
            id: REQ-00000a
            title: Export invoices
            date: 2026-02-01
            status: new
            ---
            At month end they down<U+200B>load three thousand invoices one by one.
                                  ^^^^^^^^

    Good:
        requirements/REQ-00000a.md
            title: Export invoices
            ---
            The 👩‍💻 who pays the bills downloads three thousand invoices one by one.

    Fix: delete the character; `tobkit check --fix` deletes those without width.
    """
    for text in facts.texts("unseen"):
        for span, found, fix in in_names(facts, text, hidden(text, _INVISIBLE), wanted=False):
            yield Diagnostic.of(
                INVISIBLE,
                text.entry.path,
                span,
                msg("A character here can't be seen ({points}).", points=points(found)),
                how_to_delete(fix),
                fix,
            )


Hidden = tuple[Span, str, Edit | None]
"""Where characters stand that can't be seen, which ones, and how to take them out."""


def hidden(text: Text, form: re.Pattern[str]) -> Iterator[Hidden]:
    """The characters of a form in a text, and those that a value in double quotes holds by their codes."""
    found = [one.span() for one in islice(form.finditer(text.text), MAX_PROBLEMS)]
    for (start, end), span in zip(found, text.spans(found), strict=True):
        characters = text.text[start:end]
        yield span, characters, Edit(span, "") if _ONLY_ZERO_WIDTH.fullmatch(characters) else None
    if text.in_front and "\\" in text.text:
        for node in scalars(text.text):
            characters = "".join(form.findall(node.value))
            if characters and not form.search(written_in(text, node.span)):
                yield node.span, characters, None


def scalars(front: str) -> Iterator[Node]:
    """The values of a front matter that are texts, and its keys."""
    for _, node in places(front).values():
        for each in node.value if isinstance(node.value, list) else [node]:
            if isinstance(each.value, str):
                yield each


def written_in(text: Text, span: Span) -> str:
    lines = text.text.split("\n")[span.line - text.line : span.end_line - text.line + 1]
    return "\n".join(lines)


def line_of(text: Text, span: Span) -> str:
    return written_in(text, Span(span.line, 1, span.line, 1))


_NAMES = frozenset({"id", "name", "aliases"})


def in_names(facts: Facts, text: Text, found: Iterable[Hidden], *, wanted: bool) -> Iterator[Hidden]:
    """Those findings that stand in a key, an id, a name or a reference (`wanted`), or all others."""
    named: list[Span] | None = None
    for each in found:
        if named is None:
            named = name_spans(facts, text.entry) if text.in_front else []
        start = each[0][:2]
        if wanted is any(span[:2] <= start < span[2:] for span in named):
            yield each


def name_spans(facts: Facts, entry: Entry) -> list[Span]:
    """Where the keys of an entry stand, its id, its names and its references."""
    specs = facts.pool.schema[entry.kind].fields.values()
    names = {entry.origin.written.get(spec.name, spec.name) for spec in specs if spec.name in _NAMES or spec.reference}
    spans: list[Span] = []
    for path, (key, node) in places(entry.origin.front).items():
        spans.append(key)
        if path[0] in names:
            spans += [item.span for item in node.value] if isinstance(node.value, list) else [node.span]
    return spans


def points(characters: str) -> list[str]:
    """Characters by their code points, each once; the first of them where they are many."""
    shown = [f"U+{ord(character):04X}" for character in dict.fromkeys(characters)]
    return shown if len(shown) <= _MOST_POINTS else [*shown[:_MOST_POINTS], "…"]


def how_to_delete(fix: Edit | None) -> Message:
    return msg("`tobkit check --fix` deletes it.") if fix else msg("Delete it and type the text around it again.")


# Look-alikes

_SCRIPTS = ("LATIN", "CYRILLIC", "GREEK")
_WORD = re.compile(r"[^\W\d_]+")
_TWINS = str.maketrans(
    "аеорсухіјѕԁԛԝһАВЕКМНОРСТУХІЈЅοανικρΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
    "aeopcyxijsdqwhABEKMHOPCTYXIJSoavikpABEZHIKMNOPTYX",
)


def look_alike(facts: Facts) -> Iterator[Diagnostic]:
    """A word of an id or alias is written in one script: no Cyrillic or Greek letters stand among Latin ones. Chinese beside
    Latin is fine.

    Why: “аcme” with a Cyrillic “а” looks like “acme” and is another customer; somebody may even want that.

    Bad:
        customers/аcme.md
            id: аcme
                ^^^^

    Good:
        customers/华东acme.md
            id: 华东acme

    Fix: type the id again, and rename the file.
    """
    for entry, spec, index, name in names(facts):
        foreign = strangers(name)
        if foreign:
            guess = name.translate(_TWINS)
            yield Diagnostic.of(
                LOOK_ALIKE,
                entry.path,
                place(entry, spec, index),
                msg(
                    "“{name}” holds letters of another script that only look like these: {letters}.",
                    name=quoted(name),
                    letters=[f"{letter} (U+{ord(letter):04X})" for letter in foreign[:_MOST_POINTS]],
                ),
                msg("Did you mean {guess}?", guess=quoted(guess))
                if guess != name and guess.isascii()
                else msg("Type it again, all letters from the same keyboard."),
            )


def names(facts: Facts) -> Iterator[tuple[Entry, FieldSpec, int, str]]:
    """Ids, aliases and dead references that aren't plain ASCII: entry, field, place in a list, text."""
    for kind in facts.pool.schema.kinds.values():
        entries = facts.pool.by_kind[kind.name]
        yield from ((entry, kind.fields["id"], 0, entry.id) for entry in entries.values() if not entry.id.isascii())
        for entry in entries.values() if "aliases" in kind.fields else ():
            for index, name in enumerate(values(entry, kind.fields["aliases"])):
                if not name.isascii():
                    yield entry, kind.fields["aliases"], index, name
    yield from (dead for dead in facts.dead_references if not dead[3].isascii())


def strangers(name: str) -> list[str]:
    """The letters of a name that stand in a word with Latin ones and are Cyrillic or Greek."""
    found: dict[str, None] = {}
    for word in _WORD.findall(name):
        scripts = {letter: script_of(letter) for letter in word}
        if "LATIN" in scripts.values():
            found |= dict.fromkeys(letter for letter, script in scripts.items() if script in _SCRIPTS[1:])
    return list(found)


def script_of(letter: str) -> str:
    return unicodedata.name(letter, "").partition(" ")[0]


# Secrets


class Form(NamedTuple):
    """What a secret of one kind looks like, and what it is called."""

    words: Message
    pattern: str


_TOKENS = {
    "private_key": Form(msg("a private key"), r"-----BEGIN (?:[A-Z0-9]{1,20} ){0,4}PRIVATE KEY(?: BLOCK)?-----"),
    "aws": Form(msg("a key of AWS"), r"A(?:KIA|SIA)[0-9A-Z]{16}\b"),
    "tencent": Form(msg("a key of Tencent Cloud"), r"AKID[0-9A-Za-z]{32}\b"),
    "aliyun": Form(msg("a key of Alibaba Cloud"), r"LTAI[0-9A-Za-z]{12,26}\b"),
    "google": Form(msg("a key of Google"), r"AIza[0-9A-Za-z_-]{35}(?![0-9A-Za-z_-])"),
    "github": Form(msg("a token of GitHub"), r"g(?:h[pousr]_[0-9A-Za-z]{36,255}|ithub_pat_[0-9A-Za-z_]{22,255})\b"),
    "gitlab": Form(msg("a token of GitLab"), r"gl(?:pat|ptt|dt|rt|ft|cbt|soat)-[0-9A-Za-z_-]{20,255}"),
    "slack": Form(msg("a token of Slack"), r"xox[abeoprs]-[0-9A-Za-z-]{20,255}"),
    "slack_hook": Form(
        msg("the address of a Slack robot"), r"hooks\.slack\.com/services/T\w{1,20}/B\w{1,20}/\w{20,64}"
    ),
    "stripe": Form(msg("a key of Stripe"), r"sk_live_[0-9A-Za-z]{20,255}\b"),
    "model": Form(
        msg("a key of an AI service"),
        r"sk-(?=[0-9a-z_-]{0,40}[A-Z])(?=[A-Za-z_-]{0,40}[0-9])[0-9A-Za-z_-]{20,255}",
    ),
    "wecom": Form(
        msg("the key of a WeCom robot"), r"qyapi\.weixin\.qq\.com/cgi-bin/webhook/send\?key=[0-9A-Fa-f-]{36}"
    ),
    "dingtalk": Form(
        msg("the token of a DingTalk robot"), r"oapi\.dingtalk\.com/robot/send\?access_token=[0-9A-Fa-f]{64}"
    ),
    "feishu": Form(
        msg("the key of a Feishu robot"),
        r"open\.(?:feishu\.cn|larksuite\.com)/open-apis/bot/v2/hook/[0-9A-Fa-f-]{36}",
    ),
    "jwt": Form(msg("a login token (JWT)"), r"eyJ[\w-]{10,4000}\.eyJ[\w-]{17,8000}\.[\w-]{10,4000}"),
    "parameter": Form(
        msg("a secret"),
        r"=(?:(?<=[Ss]ecret=)|(?<=[Tt]oken=)|(?<=_key=)|(?<=Key=)|(?<=apikey=))(?=[A-Za-z_-]{0,40}[0-9])[0-9A-Za-z_-]{20,255}",
    ),
}
_TOKEN = re.compile("|".join(f"(?P<{name}>{form.pattern})" for name, form in _TOKENS.items()), re.ASCII)
"""Each form begins with a character of its own, which lets `re` pass over all others quickly; whether a word begins there
is asked afterwards."""

_SAMPLE = re.compile(r"example|sample|your[-_]|(.)\1{5}", re.IGNORECASE)

_TYPED = "[!#-&*+./0-9:;=?@A-Z^_a-z|~-]"
_PASSWORD = re.compile(
    r"(?:p(?:ass(?:wor|w)d|wd)|P(?:ass(?:wor|w)d|wd|ASS(?:WOR|W)D|WD)|密码|口令)"
    r"[\"'”]?(?:[ \t]*(?:[:：=]|是|为)){1,2}[ \t]*[\"'“`]?"
    rf"(?P<value>(?={_TYPED}{{0,63}}[0-9]){_TYPED}{{6,64}})(?![\w(（/])"
)
_PLACE_FOR_VALUE = re.compile(r"[{}<>$*]|https?:|xxx|(.)\1{5}", re.IGNORECASE)


def secret(facts: Facts) -> Iterator[Diagnostic]:
    """No entry holds a key or a token: private keys, keys of cloud services, tokens of code hosts and robots, login tokens.

    Why: everybody who can read the pool could use it, and what once was in git stays in its history.

    Bad:
        requirements/REQ-00000a.md
            title: Export invoices
            ---
            Our script logs in with ghp_1a2B3c4D5e6F7g8H9i0JkLmNoPqRsTuVwXyZ every night.
                                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

    Good:
        requirements/REQ-00000a.md
            title: Export invoices
            ---
            Our script logs in every night with the token that lies in the password safe under “export”.

    Fix: have it revoked where it was issued, then delete it here.
    """
    for text in facts.texts("secrets"):
        found = [one for one in islice(_TOKEN.finditer(text.text), MAX_PROBLEMS) if is_token(one)]
        for one, span in zip(found, text.spans(one.span() for one in found), strict=True):
            yield Diagnostic.of(
                SECRET,
                text.entry.path,
                span,
                msg(
                    "This looks like {what} ({shown}).",
                    what=_TOKENS[one.lastgroup or ""].words,
                    shown=masked(one[0].rpartition("/")[2].rpartition("=")[2].lstrip("-"), 4, 0),
                ),
                msg("Have it revoked where it was issued, then delete it here: git keeps what was once in the pool."),
            )


def is_token(found: re.Match[str]) -> bool:
    """Whether it is a word of its own, and none that somebody made up as an example."""
    before = found.string[found.start() - 1 : found.start()]
    inside_word = before.isascii() and before.isalnum() and found[0][0] not in "-="
    return not inside_word and not _SAMPLE.search(found[0])


def password(facts: Facts) -> Iterator[Diagnostic]:
    """No entry holds a password.

    Why: everybody who can read the pool could log in, and what once was in git stays in its history. What counts is a
    value with a digit behind “password:” or “密码：”; rules about passwords are fine.

    Bad:
        requirements/REQ-00000a.md
            title: Export invoices
            ---
            客户给了测试账号 caiwu01，密码：Yunzhang@2026，登录后点“导出”就能看到报错。
                                ^^^^^^^^^^^^^

    Good:
        requirements/REQ-00000a.md
            title: Export invoices
            ---
            客户要求密码：至少 8 位，包含字母和数字；测试账号在密码库里，名为“云账测试”。

    Fix: have it changed, then delete it here.
    """
    for text in facts.texts("secrets"):
        found = islice(_PASSWORD.finditer(text.text), MAX_PROBLEMS)
        for span in text.spans(one.span("value") for one in found if not _PLACE_FOR_VALUE.search(one["value"])):
            yield Diagnostic.of(
                PASSWORD,
                text.entry.path,
                span,
                msg("This looks like a password."),
                msg(
                    "Have it changed, then delete it here and say where it is kept: git keeps what was once in the pool."
                ),
            )


# Personal data

_RESIDENT = re.compile(
    r"(?<![0-9A-Za-z])[1-8]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![0-9A-Za-z])",
    re.ASCII,
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CARD = re.compile(r"(?<![0-9A-Za-z.-])[3-6]\d{3}(?:[ -]?\d{4}){3}(?:[ -]?\d{1,3})?(?![0-9A-Za-z])", re.ASCII)
_CARD_WORD = re.compile(r"卡|账号|帐号|账户|card|account", re.IGNORECASE)
_MOBILE = re.compile(
    r"(?<![0-9A-Za-z_./#+-])(?:(?:\+|00)?86[ -]?)?"
    r"(?P<number>1[3-9]\d(?:\d{8}|[ -]\d{4}[ -]\d{4}))(?![0-9A-Za-z_]|\.\d|[-/]\d|[ \t]?元)",
    re.ASCII,
)
_NUMBERED = re.compile(
    r"(?:单号|编号|流水号?|票号|发票号码|税号|凭证号?|合同号|\bno|\bid)[ \t]*[.:：#]?[ \t]*\Z", re.IGNORECASE
)
_BEFORE = 12
_FEW = 3


def personal(facts: Facts) -> Iterator[Diagnostic]:
    """No entry holds a person's mobile number, resident identity number or bank card number.

    Why: the pool is read by many and may be published; the law wants such data where they can be found and deleted, and
    nobody needs them to understand the need.

    Bad:
        notes/NOTE-00000a.md
            source: support
            ---
            财务王姐来电 13987602513，说月底开票又超时了。
                   ^^^^^^^^^^^

    Good:
        notes/NOTE-00000a.md
            source: support
            ---
            财务王姐来电（139****2513），说月底开票又超时了。

    Fix: delete it, or leave only the last digits.
    """
    for text in facts.texts("persons"):
        found = list(personal_data(text.text))
        for (start, end, what), span in zip(found, text.spans(part[:2] for part in found), strict=True):
            yield Diagnostic.of(
                PERSONAL,
                text.entry.path,
                span,
                msg("This looks like {what} ({shown}).", what=what, shown=masked(text.text[start:end], 3, 2)),
                msg("Delete it, or leave only the last digits; the contact belongs into the CRM."),
            )


_MOBILE_WORDS = msg("a person's mobile number")
_RESIDENT_WORDS = msg("a resident identity number")
_CARD_WORDS = msg("a bank card number")


def personal_data(text: str) -> list[tuple[int, int, Message]]:
    """Where personal data stand in a text (from, to, each on one line), and what they are."""
    kinds: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], bool], Message], ...] = (
        (_RESIDENT, is_resident_number, _RESIDENT_WORDS),
        (_CARD, is_card_number, _CARD_WORDS),
        (_MOBILE, is_mobile_number, _MOBILE_WORDS),
    )
    found: dict[int, tuple[int, int, Message]] = {}
    for form, holds, words in kinds:
        for one in islice(form.finditer(text), MAX_PROBLEMS):
            if holds(one):
                found.setdefault(one.start(), (*one.span(), words))
    return [found[start] for start in sorted(found)]


def is_resident_number(found: re.Match[str]) -> bool:
    """Whether the last character is the check character of GB 11643-1999 (ISO 7064, MOD 11-2)."""
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, found[0][:17], strict=True))
    return "10X98765432"[total % 11] == found[0][17].upper()


def is_card_number(found: re.Match[str]) -> bool:
    """Whether a number passes Luhn's check (ISO/IEC 7812-1) and is one of UnionPay's, written in groups, or called a card."""
    digits = re.sub("[ -]", "", found[0])
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits)))
    if sum(n - 9 if n > 9 else n for n in doubled) % 10 or len(set(digits)) <= _FEW:
        return False
    line = found.string[found.string.rfind("\n", 0, found.start()) + 1 : found.end()]
    return digits.startswith("62") or len(digits) < len(found[0]) or _CARD_WORD.search(line) is not None


def is_mobile_number(found: re.Match[str]) -> bool:
    """Whether it may be somebody's number: not an example, an amount, or the number of an order or an invoice."""
    rest = re.sub("[ -]", "", found["number"])[3:]
    before = found.string[max(0, found.start() - _BEFORE) : found.start()]
    made_up = len(set(rest)) <= _FEW or rest in "01234567890" or rest in "9876543210" or rest == "00138000"
    return not made_up and not _NUMBERED.search(before)


def masked(text: str, first: int, last: int) -> str:
    """A secret of which only the beginning and the end are shown, and at most half."""
    if len(text) < 2 * (first + last):
        return "…"
    return text[:first] + "…" + text[len(text) - last :]
