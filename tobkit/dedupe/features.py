"""Texts as rows of a sparse matrix whose products are similarities between 0 and 1.

The rows are BM25F weights (Robertson, Zaragoza, Taylor: Simple BM25 extension to multiple weighted fields, CIKM 2004):
a term's counts in title and body are added before they saturate, then weighted by rarity. Unlike in a search engine
both sides are documents, so rows are scaled to length 1 and compared by their cosine.

A Chinese and an English text share numbers, names and concepts, never a character: they are compared in a space of
their own, in which CJK tokens stand for nothing.

So that one edited entry doesn't move everybody's scores, what is known of the whole corpus comes in coarse steps: how
many texts there are, how many have a term, and a row's length. On the sets of bench/duplicates.py this costs nothing.
Weights are whole multiples of `STEP`, so that sums of their products are exact in single precision: they don't depend
on the order of terms, on blocks or on the machine.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from tobkit.dedupe.encoding import Counts
from tobkit.dedupe.glossary import CONCEPT
from tobkit.dedupe.parallel import cut
from tobkit.dedupe.text import COMMON, IS_CJK, stem

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

TITLE_WEIGHT = 2.5
BODY_WEIGHT = 0.5
SATURATION = 2.0
LENGTH_NORM = 0.4
TYPICAL_BODY = 100.0
"""Tokens in an ordinary body. A constant, so that one long entry doesn't move everybody's scores."""
RARITY_POWER = 0.5
"""Rarity counts by its square root: in short texts the common words tell more than a search engine takes them for."""
LEAST_RARITY = 0.05
"""The rarity of a term that all texts have."""
PRIOR = 50.0
"""Imagined texts that say which words are common, so that a pool of five is compared sensibly."""
CONCEPT_WITHIN = 0.6
"""What concepts weigh beside the words themselves where texts of one script are compared."""
SINGLE_CHARACTER = 1.2
"""What a CJK character weighs beside a pair of them."""

TEXTS_STEP = 2.0
FREQUENCY_STEP = 4.0
LENGTH_STEP = 2.0 ** (1 / 12)
"""From one level to the next the number of texts doubles, a term's frequency takes four times as much, and a row's
length a twelfth of an octave."""
STEP = 1 / 2048


@dataclass(frozen=True)
class Weights:
    """What a corpus says about its terms: how many texts there are, and how many have each term, in levels."""

    texts: float
    frequencies: "Floats"

    def rarity(self, columns: "NDArray[np.integer[Any]]") -> "Floats":
        """ln((n + 1) / (df + ½)), the inverse document frequency of BM25; unseen terms (-1) have df 0."""
        import numpy as np

        df = np.append(self.frequencies, 0.0)[columns]
        rarity: Floats = np.maximum(np.log((self.texts + 1) / (df + 0.5)), LEAST_RARITY)
        return rarity


@dataclass(frozen=True)
class Space:
    """What the columns of the matrices are: the vocabulary in ascending order, and which of it is what."""

    vocabulary: tuple[str, ...]

    @cached_property
    def number(self) -> dict[str, int]:
        return {token: number for number, token in enumerate(self.vocabulary)}

    @cached_property
    def cjk(self) -> "NDArray[np.bool_]":
        return marks(IS_CJK.match(token) is not None for token in self.vocabulary)

    @cached_property
    def kinds(self) -> "Floats":
        """What each token weighs for what it is: concepts less than words, single CJK characters more."""
        import numpy as np

        concept = marks(len(token) > 1 and token.startswith(CONCEPT) for token in self.vocabulary)
        single = marks(len(token) == 1 for token in self.vocabulary) & self.cjk
        return np.where(concept, CONCEPT_WITHIN, np.where(single, SINGLE_CHARACTER, 1.0))

    def columns(self, tokens: Sequence[str]) -> "Ints":
        """The columns of some tokens, -1 for those that aren't known."""
        import numpy as np

        return np.array([self.number.get(token, -1) for token in tokens], dtype=np.int64)


def marks(flags: Iterable[bool]) -> "NDArray[np.bool_]":
    import numpy as np

    return np.fromiter(flags, dtype=np.bool_)


def statistics(counts: Counts, space: Space) -> Weights:
    """The statistics of a corpus, as if `PRIOR` more texts had been read, half of them with each common word."""
    import numpy as np

    size = len(space.vocabulary)
    title, body = counts.title, counts.body
    held = np.bincount(title.indices, minlength=size) + np.bincount(body.indices, minlength=size)
    # Who has a term in both fields has it once.
    both = [(title[start:end].multiply(body[start:end])).tocsr().indices for start, end in cut(title.shape[0], 1 << 13)]
    frequencies: Floats = (held - np.bincount(np.concatenate([*both, body.indices[:0]]), minlength=size)).astype(
        np.float64
    )
    common = np.unique(space.columns([stem(word) for word in COMMON]))
    frequencies[common[common >= 0]] += PRIOR / 2
    texts = level(np.array([title.shape[0] + PRIOR]), TEXTS_STEP)
    return Weights(float(texts[0]), level(frequencies, FREQUENCY_STEP))


def level(values: "Floats", step: float) -> "Floats":
    """The nearest power of the step; 0 stays."""
    import numpy as np

    found: Floats = np.where(values > 0, step ** np.rint(np.log(np.maximum(values, 1e-9)) / np.log(step)), 0.0)
    return found


def combine(title: "csr_array", body: "csr_array") -> "csr_array":
    """Rows of each term's counts in title and body, weighted and added."""
    import numpy as np

    body = body.copy()
    weight = BODY_WEIGHT / (1 - LENGTH_NORM + LENGTH_NORM * total(body) / TYPICAL_BODY)
    body.data = body.data * np.repeat(weight, np.diff(body.indptr)).astype(np.float32)
    rows = (title * np.float32(TITLE_WEIGHT) + body).tocsr()
    rows.sort_indices()
    return rows


def weigh(combined: "csr_array", rarity: "Floats") -> "csr_array":
    """Rows of BM25F weights, by the rarity of each cell's term."""
    import numpy as np
    from scipy.sparse import csr_array

    data = combined.data / (SATURATION + combined.data) * rarity**RARITY_POWER
    return csr_array((data.astype(np.float32), combined.indices, combined.indptr), shape=combined.shape)


def within(rows: "csr_array", kinds: "Floats") -> "csr_array":
    """The rows as texts of one script are compared, by what each cell's token weighs for what it is."""
    return unit(rows, rows.data * kinds)


def across(rows: "csr_array", cjk: "NDArray[np.bool_]") -> "csr_array":
    """The rows as texts of two scripts are compared, by whether each cell's token is CJK."""
    import numpy as np

    found = unit(rows, np.where(cjk, 0.0, rows.data))
    found.eliminate_zeros()
    return found


def unit(rows: "csr_array", data: "Floats") -> "csr_array":
    """Rows with these data, scaled to a length of about 1, in whole multiples of `STEP`; empty rows stay empty."""
    import numpy as np
    from scipy.sparse import csr_array

    squares = total(csr_array((data.astype(np.float64) ** 2, rows.indices, rows.indptr), shape=rows.shape))
    lengths = level(np.sqrt(squares), LENGTH_STEP)
    scale = np.divide(1 / STEP, lengths, out=np.zeros_like(lengths), where=lengths > 0)
    scaled = np.rint(data * np.repeat(scale, np.diff(rows.indptr))) * STEP
    return csr_array((scaled.astype(np.float32), rows.indices.copy(), rows.indptr.copy()), shape=rows.shape)


def total(rows: "csr_array") -> "Floats":
    """The sum of each row."""
    import numpy as np

    return np.asarray(rows @ np.ones(rows.shape[1]), dtype=np.float64)
