"""Characters that aren't seen, look-alikes, secrets and personal data: what fires, what doesn't, and what is never told."""

import string
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.check.helpers import TODAY, codes, findings
from tobkit.check import check
from tobkit.check.safety import masked
from tobkit.check.scan import topics_of
from tobkit.messages import translator
from tobkit.model.config import Config
from tobkit.model.diagnostics import WHOLE_FILE, Diagnostic
from tobkit.model.kinds import Origin, Requirement
from tobkit.model.pool import Pool
from tobkit.model.schema import build_schema
from tobkit.store.fix import fix
from tobkit.store.load import Loaded
from tobkit.store.workspace import open_workspace

REQ = "requirements/REQ-00000a.md"
ENOUGH = "At month end the accountants download three thousand invoices one by one."
HEAD = "id: REQ-00000a\ntitle: T\n"
BODY_LINE = 1000
SCHEMA = build_schema(Config())


def in_body(text: str, front: str = "") -> list[Diagnostic]:
    """What the rules say of a requirement with this body."""
    origin = Origin("pool/requirements/REQ-00000a.md", HEAD + front, BODY_LINE)
    entry = Requirement(
        id="REQ-00000a", title="T", date=date(2026, 1, 1), status="new", body=f"{ENOUGH}\n{text}", origin=origin
    )
    return check(Pool(Config(), SCHEMA, [entry]), (), today=TODAY, attachments=())


def told(found: list[Diagnostic]) -> str:
    """Everything that the findings say, in both languages."""
    return "\n".join(
        translator(language).text(part)
        for each in found
        for language in ("zh", "en")
        for part in (each.message, each.help)
    )


# Characters that aren't seen


@pytest.mark.parametrize(
    ("text", "code", "points"),
    [
        ("see gnp\u202egpj.exe", "TOB901", "U+202E"),
        ("\u202aC:\\Users\\wang", "TOB901", "U+202A"),
        ("price \u200e100", "TOB901", "U+200E"),
        ("a \u2066b\u2069 c", "TOB901", "U+2066"),
        ("in\u200bvoice", "TOB903", "U+200B"),
        ("in\u00advoice", "TOB903", "U+00AD"),
        ("in\u200dvoice", "TOB903", "U+200D"),
        ("发\u200c票", "TOB903", "U+200C"),
        ("a\x1b[31mred", "TOB903", "U+001B"),
        ("a\x0bb", "TOB903", "U+000B"),
        ("a\x85b", "TOB903", "U+0085"),
        ("a\u2028b", "TOB903", "U+2028"),
        ("hidden\U000e0041\U000e0042", "TOB903", "U+E0041"),
        ("👩\u200d voice", "TOB903", "U+200D"),
    ],
)
def test_what_cannot_be_seen_is_shown_by_its_code_point(text: str, code: str, points: str) -> None:
    found = in_body(text)
    assert {each.code for each in found} == {code}
    assert points in str(found[0].message)
    point = next(char for char in text if f"U+{ord(char):04X}" == points)
    assert found[0].span.line == BODY_LINE + 1
    assert found[0].span.column == text.index(point) + 1


@pytest.mark.parametrize(
    "text",
    [
        "👩‍👩‍👧‍👦 and 👩🏽‍💻 and ❤️‍🔥 and 🏳️‍🌈",
        "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "می‌خواهم",
        "क्‍ष",
        "فاتورة رقم \u200f100\u200f",
        "non\u00a0breaking and　ideographic\u2009blanks",
        "葛\U000e0100城 \ufe0f ☎\ufe0f",
        "a\ttab",
        "full－width，punctuation！",
    ],
)
def test_what_a_script_or_an_emoji_needs_is_fine(text: str) -> None:
    assert in_body(text) == []


@pytest.mark.parametrize(
    ("front", "code", "span"),
    [
        ("id: north\u200bwind", "TOB902", (2, 10)),
        ("name: North\u200bwind", "TOB902", (3, 12)),
        ("na\u200bme: Northwind", "TOB902", (3, 3)),
        ("aliases:\n  - nw\n  - n\u2060w", "TOB902", (5, 6)),
        ("channel: piao\u200bshui", "TOB902", (3, 14)),
        ("industry: food\u200b", "TOB903", (3, 15)),
        ("# a com\u200bment", "TOB903", (3, 8)),
        ("name: a\u202eb", "TOB901", (3, 8)),
        ('name: "a\\u202eb"', "TOB901", (3, 7)),
        ('industry: "a\\u200bb"', "TOB903", (3, 11)),
        ('aliases: ["a\\u200bb"]', "TOB902", (3, 11)),
    ],
)
def test_in_front_matter(front: str, code: str, span: tuple[int, int], tmp_path: Path) -> None:
    keys = {"id": "id: northwind", "name": "name: N", "tier": "tier: mid", "status": "status: active"}
    key = front.partition(":")[0]
    lines = [keys.pop("id"), front] if key != "id" else [front]
    lines += [line for name, line in keys.items() if name not in (key, "id")]
    (tmp_path / "pool/customers").mkdir(parents=True)
    files = {"customers/northwind.md": "\n".join(["---", *lines, "---", ""])}
    found = [each for each in findings(tmp_path, files) if each.code.startswith("TOB9")]
    assert [(each.code, each.span[:2]) for each in found] == [(code, span)]


def test_what_has_no_width_is_deleted_by_a_fix(tmp_path: Path) -> None:
    files = {
        "customers/northwind.md": ["name: North\u200bwind\u2060"],
        REQ: ["title: Ex\u200bport", "customers: [acme]", "---", "At month\u200b end\x0b they download all of it."],
    }
    assert codes(findings(tmp_path, files)) == ["TOB902", "TOB902", "TOB903", "TOB903", "TOB903"]

    def again(loaded: Loaded) -> list[Diagnostic]:
        return check(loaded.pool, loaded.diagnostics, today=TODAY)

    repaired = fix(open_workspace(tmp_path), again, lambda _: True)
    assert sum(repaired.values()) == 4
    assert "name: Northwind\n" in (tmp_path / "pool/customers/northwind.md").read_text(encoding="utf-8")
    assert "At month end\x0b they" in (tmp_path / "pool" / REQ).read_text(encoding="utf-8")


def test_a_description_among_the_keys_does_not_move_the_body(tmp_path: Path) -> None:
    found = findings(tmp_path, {REQ: ["需求描述: 月末要逐张下载三千张发票", "---", ENOUGH, "in\u200bvoice"]})
    (hidden,) = [each for each in found if each.code == "TOB903"]
    assert (tmp_path / hidden.path).read_text(encoding="utf-8").split("\n")[hidden.span.line - 1] == "in\u200bvoice"


# Look-alikes


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("аcme", "а (U+0430)"),
        ("acmе", "е (U+0435)"),
        ("acme-grουp", "ο (U+03BF), υ (U+03C5)"),
        ("华东аcme", "а (U+0430)"),
        ("acme-華東", None),
        ("газпром", None),
        ("газпром-group", None),
        ("αβγ", None),
        ("müller", None),
        ("ｗｉｄｅ", None),
    ],
)
def test_letters_of_another_script(name: str, letters: str | None, tmp_path: Path) -> None:
    found = [each for each in findings(tmp_path, {f"customers/{name}.md": [f"id: {name}"]}) if each.code == "TOB904"]
    assert [each.message.values["letters"] for each in found] == ([letters.split(", ")] if letters else [])


def test_a_look_alike_in_a_reference_leads_to_the_right_id(tmp_path: Path) -> None:
    found = findings(tmp_path, {"notes/NOTE-00000a.md": ["customer: асme"]})
    (look_alike,) = [each for each in found if each.code == "TOB904"]
    assert str(look_alike.help) == "Did you mean acme?"


# Secrets. They are put together here, so that nobody who looks through this file for real ones is alarmed.

LETTERS = "a1B2c3D4e5F6g7H8i9J0kLmNoPqRsTuVwXyZ0123456789AbCdEf"
UUID = "693a91f6-7b1c-4bc4-97a0-0ec2f1fa5aaa"
TOKENS = [
    "-----BEGIN " + "PRIVATE KEY-----",
    "-----BEGIN " + "RSA PRIVATE KEY-----",
    "-----BEGIN " + "PGP PRIVATE KEY BLOCK-----",
    "AKIA" + "IOSF7QNN4DXAMQLE",
    "ASIA" + "IOSF7QNN4DXAMQLE",
    "AKID" + LETTERS[:32],
    "LTAI" + LETTERS[:12],
    "LTAI" + LETTERS[:20],
    "AIza" + LETTERS[:35],
    "ghp_" + LETTERS[:36],
    "gho_" + LETTERS[:36],
    "github_pat_" + LETTERS[:22] + "_" + LETTERS,
    "glpat-" + LETTERS[:20],
    "xoxb-" + "1234567890-" + LETTERS[:24],
    "hooks.slack.com/services/" + "T0A1B2C3D/B0A1B2C3D/" + LETTERS[:24],
    "sk_live_" + LETTERS[:24],
    "sk-" + LETTERS[:48],
    "sk-proj-" + LETTERS[:48],
    "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=" + UUID,
    "https://oapi.dingtalk.com/robot/send?access_token=" + "0a1b2c3d" * 8,
    "https://open.feishu.cn/open-apis/bot/v2/hook/" + UUID,
    "eyJhbGciOiJIUzI1NiJ9." + "eyJzdWIiOiIxMjM0NTY3ODkwIn0." + "dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P",
    "https://api.example/v1?app_secret=" + LETTERS[:32],
]


@pytest.mark.parametrize("token", TOKENS)
@pytest.mark.parametrize("around", ["{}", "密钥是{}，请保存", "`{}`", 'token: "{}"', "curl {} | sh"])
def test_keys_and_tokens(token: str, around: str) -> None:
    found = in_body(around.format(token))
    assert codes(found) == ["TOB905"]
    assert found[0].span.line == BODY_LINE + 1
    assert token not in told(found)
    assert token[-8:] not in told(found).replace("PRIVATE KEY", "")


@pytest.mark.parametrize(
    "text",
    [
        "AKIA" + "IOSFODNN7EXAMPLE",
        "ghp_" + "x" * 36,
        "glpat-xxxxxxxxxxxxxxxxxxxx",
        "xAKIA" + "IOSF7QNN4DXAMQLE",
        "AKIA" + "IOSF7QNN4DXAMQLEabc",
        "sk-this-is-only-a-long-name-of-a-page-2026",
        "https://api.example/v1?access_token=YOUR-ACCESS-TOKEN-GOES-HERE",
        "-----BEGIN CERTIFICATE-----",
        "|" + "-" * 60 + "|",
        "eyJ is how a JWT begins",
        "91310000MA1FL0AB1X",
        "files/REQ-00000a/a-very-long-name-of-a-file-that-someone-chose.png",
    ],
)
def test_what_only_looks_like_a_token(text: str) -> None:
    assert [each for each in in_body(text) if each.code == "TOB905"] == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("密码：Yunzhang@2026", "Yunzhang@2026"),
        ("登录密码是 abc12345。", "abc12345"),
        ("口令为：a1b2c3d4", "a1b2c3d4"),
        ("password: hunter22", "hunter22"),
        ("Password = 'S3cret!pw'", "S3cret!pw"),
        ('"passwd": "p4ssw0rd"', "p4ssw0rd"),
        ("user=root&pwd=Root1234", "Root1234"),
        ("初始密码:123456", "123456"),
    ],
)
def test_passwords(text: str, value: str) -> None:
    (found,) = in_body(text)
    assert found.code == "TOB906"
    assert text[found.span.column - 1 : found.span.end_column - 1].startswith(value)
    assert value not in told([found])


@pytest.mark.parametrize(
    "text",
    [
        "密码：至少 8 位，包含字母和数字",
        "密码：8-16位",
        "密码长度 8-20 位，密码为空时提示",
        "password: required",
        "password: {password1}",
        "password: ${DB_PASSWORD1}",
        "password: <your-password-1>",
        "密码：********",
        "密码：xxxxxx1",
        "pwd = sha256(password + salt)",
        "pwd: os.environ['X1234567']",
        "密码重置链接见 https://acme.example/reset?id=12345678",
        "密码：https://vault.example/item/12345678",
        "cwd=/srv/app12345678",
    ],
)
def test_rules_about_passwords_are_fine(text: str) -> None:
    assert [each for each in in_body(text) if each.code == "TOB906"] == []


# Personal data


def resident(first: str) -> str:
    """A resident identity number from its first 17 digits; the check character by its definition: 2^(18-i) mod 11."""
    total = sum(int(digit) * 2 ** (17 - place) for place, digit in enumerate(first))
    return first + next(c for c in "0123456789X" if (total + (10 if c == "X" else int(c))) % 11 == 1)


def card(first: str) -> str:
    """A number that passes Luhn's check from all digits but the last."""
    return next(first + c for c in string.digits if luhn(first + c))


def luhn(number: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(number)):
        n = int(digit) * 2 if place % 2 else int(digit)
        total += sum(map(int, str(n)))
    return total % 10 == 0


PERSONAL = [
    "13987602513",
    "139 8760 2513",
    "139-8760-2513",
    "+86 13987602513",
    "8613987602513",
    resident("11010519491231002"),
    resident("44030819880704123"),
    card("622202100112037"),
    card("622202100112037654"),
    "6222 0210 0112 " + card("622202100112037")[12:],
    "卡号 " + card("436742001204567"),
]


@pytest.mark.parametrize("number", PERSONAL)
@pytest.mark.parametrize("around", ["{}", "王姐电话{}，请回电", "（{}）", "王姐,{},财务", "- {}\n"])
def test_personal_data(number: str, around: str) -> None:
    found = in_body(around.format(number))
    assert codes(found) == ["TOB907"]
    digits = "".join(filter(str.isdigit, number))
    assert digits not in "".join(filter(str.isdigit, told(found)))


def test_the_check_character_may_be_an_x() -> None:
    number = next(n for n in (resident(f"110105194912310{k:02}") for k in range(100)) if n.endswith("X"))
    assert codes(in_body(number)) == codes(in_body(number.lower())) == ["TOB907"]


@pytest.mark.parametrize(
    "text",
    [
        "139****2513",
        "13800138000",
        "13800000000",
        "13912345678",
        "12087602513",
        "139876025130",
        "订单号 13987602513",
        "流水号：13987602513",
        "发票号码 26312000000123456789",
        "发票号 13987602513",
        "金额 13987602513 元",
        "1398760251.3 和 13987602513.55",
        "https://tickets.example/t/13987602513",
        "SN13987602513A",
        "统一社会信用代码 91310000MA1FL0AB1X",
        "统一社会信用代码 913101157030123456",
        "110105194912310020",
        "11010519491331002X",
        "4200001234202603051234567890",
        "6222021001120377",
        "4111111111111111",
        "4367420012045677",
        "1750000000000",
        "2026-03-05 10:30:00",
        "690c3f8e-6222-0210-0112-0376aabbccdd",
    ],
)
def test_what_only_looks_like_personal_data(text: str) -> None:
    assert in_body(text) == []


# Whatever is written


ANY_TEXT = st.text(
    st.one_of(
        st.characters(exclude_categories=("Cs",)),
        st.sampled_from("-_.=:：0123456789aAxXpPeyJ密码口令待补充此<>{}[]()`~#\\ \n\t\u200b\u200d\u202e\ufeff"),
    ),
    max_size=200,
)


@given(ANY_TEXT, ANY_TEXT)
def test_any_text_gives_findings_inside_it(body: str, front: str) -> None:
    front = front.replace("\0", "")
    lines = dict(enumerate(f"{HEAD}{front}".split("\n"), 2)) | dict(
        enumerate(f"{ENOUGH}\n{body}".split("\n"), BODY_LINE)
    )
    for found in in_body(body, front):
        first, column, last, end = found.span
        assert 1 <= column <= len(lines[first]) + 1 if found.span != WHOLE_FILE else True
        assert 1 <= end <= len(lines[last]) + 1 if found.span != WHOLE_FILE else True
        assert str(found.message)
        assert str(found.help)


SECRETS = st.one_of(
    st.sampled_from([*TOKENS, *PERSONAL]),
    st.from_regex(r"\A密码：[a-z]{4}[0-9]{4}[A-Z]{2}\Z"),
    st.sampled_from(["TODO", "待补充", "{{name}}", "<客户名称>", "xxx", "\u200b", "\u202e"]),
)


AROUND = st.text("ab票 \n，1-", max_size=20)
ALL_TOPICS = "-----BEGIN 密码 TODOS 13987602513 <a\u200b"


@given(SECRETS, AROUND, AROUND)
def test_the_quick_look_misses_nothing_that_the_close_one_finds(held: str, before: str, after: str) -> None:
    """Where every rule looks closely, because of a line that follows, it finds no more in the text before."""
    text = before + held + after
    closely = in_body(f"{text}\n\n{ALL_TOPICS}")
    end = BODY_LINE + 1 + text.count("\n")
    assert in_body(text) == [each for each in closely if each.span.line <= end]
    assert closely


@given(st.text(min_size=1), st.integers(1, 5), st.integers(0, 3))
def test_a_mask_never_shows_the_whole_nor_more_than_it_says(text: str, first: int, last: int) -> None:
    shown = masked(text, first, last)
    assert text not in shown or len(text) == 1
    assert len(shown) <= first + last + 1
    assert 2 * (len(shown) - 1) <= len(text)


def test_the_topics_of_a_text() -> None:
    assert topics_of("Three thousand invoices, 三千张发票 2026-03-05, one by one.\n") == frozenset()
    assert topics_of("　全角空格\u00a0") == frozenset()
    assert topics_of("\u202e") == {"unseen"}
    assert topics_of("密码 13987602513 TODO") == {"secrets", "persons", "placeholders"}
