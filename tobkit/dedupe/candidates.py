"""For each row the rows nearest to it, without comparing all with all.

A row asks with its strongest terms only, which are its rarest, and no more of them than lead to so many rows: what is
common to a large part of a large pool leads nowhere. Those so found are then compared by all their terms. In small
pools nothing is left out. Every sum is exact (see `features`), so neither the cut into blocks nor the order of terms
changes it, and ties go to the earlier row.
"""

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from tobkit.dedupe.encoding import stacked
from tobkit.dedupe.features import Weights, total
from tobkit.dedupe.parallel import cut

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

ASKED_TERMS = 16
"""How many terms a row asks with at most."""
ALWAYS_ASKED = 3
"""So many of its strongest terms a row asks with, however many rows have them."""
ASKED_ROWS = 8_000.0
"""To how many rows, counted once for each term, the others may lead. Without this limit no recall at 10 was higher by
more than 0.001 (on en_firefox and zh_bq)."""
WIDTH = 20
"""How many nearest rows are kept."""
ASKED_WIDTH = 2
"""How many times as many are compared by all their terms."""
BLOCK = 512
"""Rows that are compared at once."""
MATRIX_BLOCK = 32
"""Rows whose products stand in memory at once."""
DOTS_BLOCK = 1 << 12
"""Pairs compared at once."""


class Near(NamedTuple):
    """Rows and others near to them, with their similarity: by row, the nearest first, of equal ones the earlier."""

    row: "Ints"
    near: "Ints"
    words: "Floats"


class Corpus(NamedTuple):
    """Rows that ask and rows to be found: all rows, the numbers of those to be found (ascending), their terms as rows.

    `asked` are the rows with only the terms that they ask with.
    """

    rows: "csr_array"
    asked: "csr_array"
    found: "Ints"
    terms: "csr_array"


def transposed(rows: "csr_array") -> "csr_array":
    return rows.T.tocsr()


def asking(rows: "csr_array", weights: Weights) -> "csr_array":
    """The rows with only the terms that they ask with: the heaviest, of equal ones the earlier."""
    return stacked([asking_block(rows[start:end], weights) for start, end in cut(rows.shape[0], 1 << 13) or [(0, 0)]])


def asking_block(rows: "csr_array", weights: Weights) -> "csr_array":
    import numpy as np
    from scipy.sparse import csr_array

    lengths = np.diff(rows.indptr)
    # One number orders a row's terms: the row first, then the weight from the greatest on.
    keys = (np.repeat(np.arange(1, rows.shape[0] + 1), lengths) << 20) - np.rint(rows.data * (1 << 19)).astype(np.int64)
    order = np.argsort(keys, kind="stable")
    place = np.arange(rows.nnz) - np.repeat(rows.indptr[:-1], lengths)
    leads = np.cumsum(weights.frequencies[rows.indices[order]])
    before = np.append(0.0, leads)[rows.indptr[:-1]]
    leads -= np.repeat(before, lengths)
    kept = np.zeros(rows.nnz, dtype=np.bool_)
    kept[order] = (place < ASKED_TERMS) & ((place < ALWAYS_ASKED) | (leads <= ASKED_ROWS))
    ends = np.append(0, np.cumsum(kept))[rows.indptr]
    return csr_array((rows.data[kept], rows.indices[kept], ends.astype(np.int32)), shape=rows.shape)


def nearest(corpus: Corpus, numbers: "Ints", width: int) -> Near:
    """The up to `width` rows of the corpus nearest to each of these rows (none to itself)."""
    row, near = candidates(corpus.asked[numbers], corpus.terms, ASKED_WIDTH * width + 1)
    row, near = numbers[row], corpus.found[near]
    others = row != near
    row, near = row[others], near[others]
    return best(Near(row, near, dots(corpus.rows, corpus.rows, row, near)), width)


def candidates(asked: "csr_array", terms: "csr_array", count: int) -> "tuple[Ints, Ints]":
    """(row, column): in each row of the product the up to `count` largest cells, of equal ones the earlier."""
    import numpy as np

    found: list[Ints] = []
    for start in range(0, asked.shape[0], MATRIX_BLOCK):
        product = asked[start : start + MATRIX_BLOCK] @ terms
        found += [
            largest(product.data[begin:end], product.indices[begin:end], count)
            for begin, end in pairwise(product.indptr.tolist())
        ]
    sizes = np.fromiter(map(len, found), dtype=np.int64, count=len(found))
    return np.repeat(np.arange(len(found)), sizes), np.concatenate([np.zeros(0, np.int64), *found])


def largest(values: "Floats", columns: "Ints", count: int) -> "Ints":
    """The columns of the largest values, of equal ones the earlier columns."""
    import numpy as np

    if len(values) <= count:
        return columns
    least = np.partition(values, len(values) - count)[len(values) - count]
    above = columns[values > least]
    tied = np.sort(columns[values == least])
    return np.concatenate([above, tied[: count - len(above)]])


def best(found: Near, width: int) -> Near:
    """The first `width` of each row, in order."""
    import numpy as np

    order = np.lexsort((found.near, -found.words, found.row))
    row = found.row[order]
    starts = np.flatnonzero(np.diff(row, prepend=-1))
    place = np.arange(len(row)) - np.repeat(starts, np.diff(np.append(starts, len(row))))
    order = order[place < width]
    return Near(found.row[order], found.near[order], found.words[order])


def dots(left: "csr_array", right: "csr_array", one: "Ints", other: "Ints") -> "Floats":
    """The products of rows of `left` and `right`, pair by pair."""
    import numpy as np

    found = [
        total(left[one[start : start + DOTS_BLOCK]].multiply(right[other[start : start + DOTS_BLOCK]]).tocsr())
        for start in range(0, len(one), DOTS_BLOCK)
    ]
    return np.concatenate([np.zeros(0), *found])
