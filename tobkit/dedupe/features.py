"""Texts as rows of a sparse matrix whose products are similarities between 0 and 1.

The rows are BM25F weights (Robertson, Zaragoza, Taylor: Simple BM25 extension to multiple weighted fields, CIKM 2004):
a term's counts in title and body are added before they saturate, then weighted by rarity. Unlike in a search engine
both sides are documents, so rows are scaled to length 1 and compared by their cosine.

A Chinese and an English text share numbers, names and concepts, never a character: they are compared in a space of
their own, in which CJK tokens hardly count.
"""

import re
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, NamedTuple

from tobkit.dedupe.glossary import CONCEPT, Glossary
from tobkit.dedupe.text import CJK_RUN, COMMON, IS_CJK, RUN, runs, stem, tokens_of_run

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

TITLE_WEIGHT = 3.0
BODY_WEIGHT = 0.5
SATURATION = 2.0
LENGTH_NORM = 0.4
TYPICAL_BODY = 100.0
"""Tokens in an ordinary body. A constant, so that one long entry doesn't move everybody's scores."""
RARITY_POWER = 0.5
"""Rarity counts by its square root: in short texts the common words tell more than a search engine takes them for."""
PRIOR = 50.0
"""Imagined texts that say which words are common, so that a pool of five is compared sensibly."""
CONCEPT_WITHIN = 0.6
"""What concepts weigh beside the words themselves where texts of one script are compared."""
CJK_ACROSS = 0.1
"""What CJK tokens weigh in the space where texts of two scripts are compared."""


class Document(NamedTuple):
    """What is read of a requirement."""

    title: str
    body: str


class Vocabulary(dict[str, tuple[int, ...]]):
    """The numbers of the tokens of each word or CJK stretch, concepts included; grows as it is asked."""

    def __init__(self, glossary: Glossary) -> None:
        super().__init__()
        self.glossary = glossary
        self.numbers: dict[str, int] = {}
        self.heads: set[str] = set()
        self._marks: dict[str | re.Pattern[str], list[bool]] = {}

    def marks(self, mark: str | re.Pattern[str]) -> "NDArray[np.bool_]":
        """For each number whether its token begins like this."""
        import numpy as np

        begins = re.compile(mark).match
        known = self._marks.setdefault(mark, [])
        known += [begins(token) is not None for token in islice(self.numbers, len(known), None)]
        return np.array(known, dtype=np.bool_)

    def __missing__(self, run: str) -> tuple[int, ...]:
        if self.glossary.begins_phrase(run):
            self.heads.add(run)
        self[run] = numbers = self.number((*tokens_of_run(run), *self.glossary.of_run(run)))
        return numbers

    def number(self, tokens: Iterable[str]) -> tuple[int, ...]:
        return tuple(self.numbers.setdefault(token, len(self.numbers)) for token in tokens)

    def encode(self, text: str) -> list[int]:
        """The token numbers of a text."""
        words = runs(text)
        encoded = list(chain.from_iterable(map(self.__getitem__, words)))
        if not self.heads.isdisjoint(words):
            encoded += self.number(self.glossary.of_phrases(words))
        return encoded


class Encoded(NamedTuple):
    """A document as numbers: the tokens of its fields (32-bit), and whether its title is written in CJK characters."""

    title: bytes
    body: bytes
    cjk: bool


def encode(document: Document, vocabulary: Vocabulary) -> Encoded:
    title, body = (array("i", vocabulary.encode(text)).tobytes() for text in document)
    return Encoded(title, body, mostly_cjk(document.title))


def mostly_cjk(text: str) -> bool:
    """Whether a text has more CJK characters than other words."""
    if text.isascii():
        return False
    stretches = CJK_RUN.findall(text)
    return sum(map(len, stretches)) > len(RUN.findall(text)) - len(stretches)


@dataclass(frozen=True)
class Weights:
    """What a corpus says about its terms: how many texts there are, and how many have each term."""

    texts: float
    frequencies: "Floats"

    def rarity(self, columns: "NDArray[np.integer[Any]]") -> "Floats":
        """ln(1 + (n - df + ½) / (df + ½)), the inverse document frequency of BM25; unseen terms have df 0."""
        import numpy as np

        df = np.append(self.frequencies, 0.0)[np.minimum(columns, len(self.frequencies))]
        rarity: Floats = np.log1p((self.texts - df + 0.5) / (df + 0.5))
        return rarity


def statistics(rows: "csr_array", vocabulary: Vocabulary) -> Weights:
    """The statistics of a corpus, as if `PRIOR` more texts had been read, half of them with each common word."""
    import numpy as np

    frequencies = np.bincount(rows.indices, minlength=rows.shape[1]).astype(np.float64)
    common = [number for word in COMMON if (number := vocabulary.numbers.get(stem(word))) is not None]
    frequencies[common] += PRIOR / 2
    return Weights(rows.shape[0] + PRIOR, frequencies)


def combine(documents: Sequence[Encoded], width: int) -> "csr_array":
    """Rows of each term's counts in title and body, weighted and added."""
    import numpy as np

    title = counts([document.title for document in documents], width)
    body = counts([document.body for document in documents], width)
    weight = BODY_WEIGHT / (1 - LENGTH_NORM + LENGTH_NORM * total(body) / TYPICAL_BODY)
    body.data *= np.repeat(weight, np.diff(body.indptr))
    rows = (title * TITLE_WEIGHT + body).tocsr()
    rows.sort_indices()
    return rows


def weigh(combined: "csr_array", weights: Weights) -> "csr_array":
    """Rows of BM25F weights."""
    rows = combined.copy()
    rows.data = rows.data / (SATURATION + rows.data) * weights.rarity(rows.indices) ** RARITY_POWER
    return rows


def within(rows: "csr_array", vocabulary: Vocabulary) -> "csr_array":
    """The rows as texts of one script are compared."""
    return reweighed(rows, vocabulary.marks(CONCEPT + "."), CONCEPT_WITHIN)


def across(rows: "csr_array", vocabulary: Vocabulary) -> "csr_array":
    """The rows as texts of two scripts are compared."""
    return reweighed(rows, vocabulary.marks(IS_CJK), CJK_ACROSS)


def reweighed(rows: "csr_array", columns: "NDArray[np.bool_]", weight: float) -> "csr_array":
    """The rows with some columns at another weight, scaled to length 1; single precision, for speed."""
    import numpy as np

    changed = rows.copy()
    changed.data = changed.data * np.where(columns[changed.indices], weight, 1.0)
    return unit(changed).astype(np.float32)


def counts(rows: Sequence[bytes], width: int) -> "csr_array":
    """A matrix of how often each number (32-bit) stands in each row."""
    import numpy as np
    from scipy.sparse import csr_array

    columns = np.frombuffer(b"".join(rows), dtype=np.int32)
    ends = np.cumsum([0, *(len(row) // columns.itemsize for row in rows)])
    matrix = csr_array((np.ones(len(columns)), columns, ends), shape=(len(rows), max(width, 1)))
    matrix.sum_duplicates()
    return matrix


def total(rows: "csr_array") -> "Floats":
    """The sum of each row."""
    import numpy as np

    return np.asarray(rows @ np.ones(rows.shape[1]), dtype=np.float64)


def unit(rows: "csr_array") -> "csr_array":
    """The rows scaled to length 1; empty rows stay empty."""
    import numpy as np
    from scipy.sparse import csr_array

    squares = csr_array((rows.data**2, rows.indices, rows.indptr), shape=rows.shape)
    lengths = np.sqrt(total(squares))
    rows.data = rows.data / np.repeat(np.where(lengths > 0, lengths, 1.0), np.diff(rows.indptr))
    return rows
