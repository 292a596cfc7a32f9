"""The words of a text, the same for finding duplicates, for giving reasons and for search.

Latin and other spaced scripts give stemmed words; Chinese, Japanese and Korean give characters and pairs of characters:
on short Chinese texts the single characters carry as much as the pairs, and segmenting into words brings nothing
(measured on BQ, a corpus of questions by a bank's customers).
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache
from operator import add
from typing import NamedTuple

CJK = "\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
RUN = re.compile(rf"[{CJK}]+|[^\W_{CJK}]+")
CJK_RUN = re.compile(rf"[{CJK}]+")
IS_CJK = re.compile(rf"[{CJK}]")

# What stands in a body without saying anything about the need: comments, tags, addresses, and the targets of links.
NOISE = re.compile(
    r"<!--.*?(?:-->|\Z)|</?[a-zA-Z][^<>]{0,300}>|(?<=\])\([^()\s]{0,2000}\)|\b(?:https?|ftp)://[^\s<>()\"'\u3000-\uffef]+"
    r"|\bdata:[\w/+.-]{1,80};base64,[\w+/=]+|&(?:[a-z]{2,8}|#\d{1,7});",
    re.DOTALL,
)
LONGEST_STEMMED = 32


class Run(NamedTuple):
    """A word or a stretch of CJK characters as its author wrote it."""

    surface: str
    folded: str
    tokens: tuple[str, ...]


def plain(text: str) -> str:
    """The text in compatibility form (full-width letters become plain ones), without markup and addresses."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return NOISE.sub(" ", text)


def runs(text: str) -> list[str]:
    """The words and CJK stretches of a text in order, folded to lower case.

    A text without any (only emoji, say) gives its symbols.
    """
    folded = plain(text).casefold()
    return RUN.findall(folded) or [symbol for symbol in folded if not symbol.isspace()]


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
    for match in RUN.finditer(plain(text)):
        folded = match[0].casefold()
        yield Run(match[0], folded, tokens_of_run(folded))


def stem(word: str) -> str:
    """The stem of an English word; other words, numbers and very long ones stay."""
    return _stem(word) if len(word) <= LONGEST_STEMMED and word.isascii() and word.isalpha() else word


@cache
def _stem(word: str) -> str:
    return _stemmer()(word)


@cache
def _stemmer() -> Callable[[str], str]:
    import snowballstemmer

    stem_word: Callable[[str], str] = snowballstemmer.stemmer("english").stemWord
    return stem_word
