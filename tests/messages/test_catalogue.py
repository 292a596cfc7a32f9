"""The Chinese catalogue: complete, with the same slots as the English texts, and written as one text throughout."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.catalog import Message as Entry
from babel.messages.pofile import read_po

from tobkit.messages import Translator, msg, msg_n, translator

PO = Path(__file__).parents[2] / "tobkit" / "locale" / "zh" / "LC_MESSAGES" / "tobkit.po"
SLOT = re.compile(r"\{\w+(?:![rs])?\}|%\(\w+\)[sd]")
MAY_LACK = frozenset(
    {
        "{number_type}",  # click's word for a type, which it doesn't translate
        "{choice}",
        "{choices}",
        "{possibility}",
        "{possibilities}",  # one Chinese text for one and for several
        "{nargs}",
    }
)


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    with PO.open("rb") as lines:
        return read_po(lines, locale="zh")


@pytest.fixture(scope="module")
def entries(catalogue: Catalog) -> list[Entry]:
    return [entry for entry in catalogue if entry.id]


def english(entry: Entry) -> tuple[str, ...]:
    return tuple(entry.id) if isinstance(entry.id, (tuple, list)) else (entry.id,)


def chinese(entry: Entry) -> tuple[str, ...]:
    return tuple(entry.string) if isinstance(entry.string, (tuple, list)) else (entry.string,)


def test_every_text_is_translated_and_sure(entries: list[Entry]) -> None:
    assert len(entries) > 500
    assert [entry.id for entry in entries if entry.fuzzy or not all(chinese(entry))] == []


def test_counted_texts_have_the_one_form_that_chinese_has(catalogue: Catalog, entries: list[Entry]) -> None:
    assert catalogue.num_plurals == 1
    counted = [entry for entry in entries if len(english(entry)) == 2]
    assert counted
    assert [entry.id for entry in counted if len(chinese(entry)) != 1] == []


def test_the_slots_are_those_of_the_english_text(entries: list[Entry]) -> None:
    wrong = []
    for entry in entries:
        there = [set(SLOT.findall(text)) for text in english(entry)]
        for text in filter(None, chinese(entry)):
            slots = set(SLOT.findall(text))
            # What stands in every English form is needed; what stands in one is allowed.
            if not set.intersection(*there) - MAY_LACK <= slots <= set.union(*there) | MAY_LACK:
                wrong.append(entry.id)
    assert wrong == []


def test_commands_and_keys_in_backticks_stay(entries: list[Entry]) -> None:
    quoted = re.compile(r"`(tobkit [a-z-]+)")
    assert [
        entry.id
        for entry in entries
        if set(quoted.findall(english(entry)[-1])) != set(quoted.findall(chinese(entry)[0]))
    ] == []


def test_lines_and_ends_are_kept(entries: list[Entry]) -> None:
    for entry in entries:
        source, text = english(entry)[0], chinese(entry)[0]
        assert source.count("\n") == text.count("\n"), source
        assert source.startswith(" ") == text.startswith((" ", "（")), source  # a wide bracket is a space itself


def test_chinese_is_written_with_chinese_punctuation(entries: list[Entry]) -> None:
    """No half-width comma, semicolon, question mark, bracket or colon between Han characters."""
    half_width = re.compile(r"[\u4e00-\u9fff][,;?!()](?![\w./-])|[\u4e00-\u9fff]:[\u4e00-\u9fff]")
    assert [
        chinese(entry)[0] for entry in entries if half_width.search(re.sub(r"\[.*?\]", "", chinese(entry)[0]))
    ] == []


def test_han_and_latin_stand_apart(entries: list[Entry]) -> None:
    """A space between a Han character and a Latin word or a number, as in the rest of the product."""
    together = re.compile(r"[\u4e00-\u9fff][A-Za-z0-9]|[A-Za-z0-9][\u4e00-\u9fff]")
    typed = re.compile(rf"`[^`]*`|{SLOT.pattern}")  # as it is
    assert [chinese(entry)[0] for entry in entries if together.search(typed.sub("", chinese(entry)[0]))] == []


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("重复项", "疑似重复"),
        ("条目池", "需求池"),
        ("客户声明", "客户声音"),
        ("组织", "机构"),
        ("前置元数据", "文件头"),
        ("前言", "文件头"),
        ("证据", "依据"),
        ("优先权", "优先级"),
        ("ID", "编号"),
        ("分数", "得分"),
    ],
)
def test_one_word_for_one_thing(entries: list[Entry], wrong: str, right: str) -> None:
    assert right
    assert [
        chinese(entry)[0]
        for entry in entries
        if wrong in re.sub(r"`[^`]*`|files/\S+|--explain \S+|\b(?:SOURCE|TOBKIT)_\w+", "", chinese(entry)[0])
    ] == []


# The translator


@pytest.fixture(scope="module")
def zh() -> Translator:
    return translator("zh")


def test_values_are_shown_in_the_language_of_the_text(zh: Translator) -> None:
    assert zh.text(msg("{path} has errors; `tobkit check {path}` shows them.", path="a.md")).startswith("a.md 有错误")
    assert zh.text(msg_n("{n} error", "{n} errors", 2)) == "2 个错误"
    assert translator("en").text(msg_n("{n} error", "{n} errors", 1)) == "1 error"
    assert zh.shown(["a", "b"]) == "a、b"


def test_what_stands_in_a_value_is_never_a_slot(zh: Translator) -> None:
    assert "{path}" in zh.text(msg("{path} has errors; `tobkit check {path}` shows them.", path="{path}"))
    assert zh.text("no message at all: {path}") == "no message at all: {path}"
