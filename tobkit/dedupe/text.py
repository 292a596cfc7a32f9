"""The words of a text, the same for finding duplicates, for giving reasons and for search.

Latin and other spaced scripts give stemmed words; Chinese, Japanese and Korean give characters and pairs of characters:
on short Chinese texts the single characters carry as much as the pairs, and segmenting into words brings nothing
(measured on BQ, a corpus of questions by a bank's customers).
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from operator import add
from typing import NamedTuple

CJK = "\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
RUN = re.compile(rf"[{CJK}]+|[^\W_{CJK}]+")
ASCII_RUN = re.compile("[a-z0-9]+")
CJK_RUN = re.compile(rf"[{CJK}]+")
IS_CJK = re.compile(rf"[{CJK}]")

# What stands in a body without saying anything about the need: a mark that gives it away, and what it looks like.
NOISE = tuple(
    (mark, re.compile(pattern, re.DOTALL))
    for mark, pattern in (
        ("<!--", r"<!--.*?(?:-->|\Z)"),
        (";base64,", r"\bdata:[\w/+.-]{1,80};base64,[\w+/=]+"),
        ("://", r"\b(?:https?|ftp)://[^\s<>()\"'\u3000-\uffef]+"),
        ("](", r"(?<=\])\([^()\s]{0,2000}\)"),
        ("<", r"</?[a-zA-Z][^<>]{0,300}>"),
        ("&", r"&(?:[a-z]{2,8}|#\d{1,7});"),
    )
)
LONGEST_STEMMED = 32

COMMON = frozenset(
    re.findall(
        r"\w+",
        """a about after all also am an and any are as at be because been before but by can cannot could did do does
        doesn don each for from get got had has have he her him his how i if in into is isn it its just like may me more
        most must my need needs no not now of off on once one only or other our out over own per please same she should
        so some still such support than that the their them then there these they this those to too up us use used user
        users using very via want wants was we were what when where which while who whom why will with won would yes you
        your
        的 了 着 过 在 是 和 与 及 或 也 都 就 要 想 能 会 可 将 把 被 让 给 从 向 到 等 请 吗 呢 吧 啊 我 你 您 他 她 它 们 这 那 个 些 很 更 再
        又 还 并 而 但 由 于 为 以 其 之 每 各 所 有 没 无 不 时 候 后 前 上 下 中 里 来 去 用 做 行 得 需 求 希 望 支 持 功 客 户 现 目
        需要 希望 支持 可以 能够 能否 建议 现在 目前 功能 客户 用户 我们 怎么 什么 没有 不能 时候""",
    )
)
"""Words that any request may hold, whatever it asks for: they tell little, also where the pool is too small to show it."""


class Run(NamedTuple):
    """A word or a stretch of CJK characters as its author wrote it."""

    surface: str
    folded: str
    tokens: tuple[str, ...]


def plain(text: str) -> str:
    """The text in compatibility form (full-width letters become plain ones), without markup and addresses."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    for mark, pattern in NOISE:
        if mark in text:
            text = pattern.sub(" ", text)
    return text


def runs(text: str) -> list[str]:
    """The words and CJK stretches of a text in order, folded to lower case.

    A text without any (only emoji, say) gives its symbols.
    """
    text = plain(text)
    if text.isascii():
        found: list[str] = ASCII_RUN.findall(text.lower())
    else:
        found = [run.casefold() for run in RUN.findall(text)]
    return found or [symbol for symbol in text if not symbol.isspace()]


def tokens(text: str) -> list[str]:
    """The tokens of a text in order: word stems, CJK characters and pairs of characters."""
    return [token for run in runs(text) for token in tokens_of_run(run)]


def tokens_of_run(run: str) -> tuple[str, ...]:
    """The tokens of one word or CJK stretch, folded."""
    if IS_CJK.match(run):
        return (*run, *map(add, run, run[1:]))
    return (stem(run),)


def written_runs(text: str) -> Iterator[Run]:
    """The words and CJK stretches of a text in order, as written."""
    return map(written, RUN.findall(plain(text)))


@lru_cache(1 << 16)
def written(surface: str) -> Run:
    """A word or a CJK stretch with its tokens."""
    folded = surface.casefold()
    return Run(surface, folded, tokens_of_run(folded))


def stem(word: str) -> str:
    """The stem of an English word; other words, numbers and very long ones stay."""
    return _stem(word) if len(word) <= LONGEST_STEMMED and word.isascii() and word.isalpha() else word


@cache
def _stem(word: str) -> str:
    return _stemmer()(word)


@cache
def _stemmer() -> Callable[[str], str]:
    # The Python one by name: `snowballstemmer.stemmer` would take PyStemmer where it is installed, and with it another
    # version of the algorithm.
    from snowballstemmer.english_stemmer import EnglishStemmer

    stem_word: Callable[[str], str] = EnglishStemmer().stemWord
    return stem_word
