"""A pool's texts prepared once for all questions: rows, their nearest rows, and what is known of each such pair."""

from array import array
from collections.abc import Sequence
from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from tobkit.dedupe import features
from tobkit.dedupe.candidates import BLOCK, WIDTH, Corpus, RowPairs, corpus, dots, nearest, row_pairs
from tobkit.dedupe.features import Document, Encoded, Vocabulary, Weights
from tobkit.dedupe.glossary import glossary
from tobkit.dedupe.scoring import evidence_logit, hubness, text_logit
from tobkit.model.kinds import CLOSED, Requirement
from tobkit.model.pool import Pool

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


class Scored(NamedTuple):
    """Pairs of rows or documents with the log-odds that they are one need."""

    one: "Ints"
    other: "Ints"
    logit: "Floats"


class Index:
    """A pool's texts prepared for comparing.

    Requirements with the same words share a *row* of the matrices: a text that was filed a thousand times is compared
    once, and doesn't change what is rare. Documents (requirements) are numbered in the order of their ids.
    """

    def __init__(self, pool: Pool, *, block: int = BLOCK) -> None:
        import numpy as np

        self.pool = pool
        self.block = block
        self.ids = tuple(pool.requirements)
        self.entries = tuple(pool.requirements.values())
        self.number = {requirement_id: number for number, requirement_id in enumerate(self.ids)}
        self.glossary = glossary(pool.config.dedupe.synonyms)
        self.vocabulary = Vocabulary(self.glossary)
        self._corpora: dict[tuple[int, int], Corpus] = {}
        self._numbers: dict[str, dict[str, int]] = {}
        encoded = [features.encode(document_of(entry), self.vocabulary) for entry in self.entries]
        row_of, firsts = distinct(encoded)
        self.row_of: Ints = np.array(row_of, dtype=np.int64)
        self.firsts = firsts
        self.texts = [encoded[first] for first in firsts]
        self.width = len(self.vocabulary.numbers)
        self.cjk: Ints = np.array([text.cjk for text in self.texts], dtype=np.int64)
        self.canonical: Ints = np.array([self.number[pool.canonical(found)] for found in self.ids], dtype=np.int64)

    # Rows and what is known of pairs of them

    @cached_property
    def combined(self) -> "csr_array":
        """The rows' terms, before they are weighted by rarity."""
        return features.combine(self.texts, self.width)

    @cached_property
    def weights(self) -> Weights:
        """The corpus statistics."""
        return features.statistics(self.combined, self.vocabulary)

    @cached_property
    def weighed(self) -> "csr_array":
        """The rows' terms by rarity."""
        return features.weigh(self.combined, self.weights)

    @cached_property
    def within(self) -> "csr_array":
        """The rows as they are compared within a script."""
        return features.within(self.weighed, self.vocabulary)

    @cached_property
    def across(self) -> "csr_array":
        """The rows as they are compared with rows of another script."""
        return features.across(self.weighed, self.vocabulary)

    def offered(self, script: int, asking: int) -> Corpus:
        """The rows of a script, prepared to be found by texts of a script."""
        import numpy as np

        if (script, asking) not in self._corpora:
            rows = self.within if script == asking else self.across
            self._corpora[script, asking] = corpus(rows, np.flatnonzero(self.cjk == script))
        return self._corpora[script, asking]

    def nearest_pairs(self, width: int) -> RowPairs:
        """The pairs of rows of which one is among the `width` nearest of the other in its script."""
        import numpy as np

        scripts = np.unique(self.cjk).tolist()
        found = [(np.zeros(0, np.int64), np.zeros(0, np.int64))]
        for asking, script in product(scripts, repeat=2):
            own = np.flatnonzero(self.cjk == asking)
            rows = self.within if script == asking else self.across
            found.append(nearest(rows[own], own, self.offered(script, asking), width=width, block=self.block))
        one, other = (np.concatenate(ends) for ends in zip(*found, strict=True))
        return row_pairs(one, other, max(len(self.firsts), 1))

    def words(self, pairs: RowPairs) -> "Floats":
        """The cosine of each pair of rows."""
        import numpy as np

        first, second = pairs
        mixed = self.cjk[first] != self.cjk[second]
        found = np.zeros(len(first))
        found[~mixed] = dots(self.within, self.within, first[~mixed], second[~mixed])
        if mixed.any():
            found[mixed] = dots(self.across, self.across, first[mixed], second[mixed])
        return np.round(found, 6)

    @cached_property
    def usual(self) -> "tuple[RowPairs, Floats]":
        """The pairs of rows that are compared, with their cosines, unless somebody asks for more neighbours."""
        pairs = self.nearest_pairs(WIDTH)
        return pairs, self.words(pairs)

    @cached_property
    def hubs(self) -> "Floats":
        """For each row its mean similarity to its nearest in other scripts (column 0) and in CJK (column 1)."""
        group = self.canonical[self.representatives]
        (first, second), words = self.usual
        return hubness(first, second, words, self.cjk, group[first] != group[second])

    def compared(self, width: int = WIDTH) -> Scored:
        """Pairs of rows with the log-odds that their texts are one need; at least those of the `width` nearest."""
        pairs, words = self.usual
        if width > WIDTH and len(self.firsts) > WIDTH:
            pairs = self.nearest_pairs(width)
            words = self.words(pairs)
        first, second = pairs
        hub = self.hubs[first, self.cjk[second]] + self.hubs[second, self.cjk[first]]
        return Scored(first, second, text_logit(words, hub))

    @cached_property
    def rarities(self) -> list[float]:
        """How rare each token is among the rows (its inverse document frequency), and last a token that none has."""
        import numpy as np

        rarities: list[float] = self.weights.rarity(np.arange(self.width + 1)).tolist()
        return rarities

    def rarity(self, token: str) -> float:
        number = self.vocabulary.numbers.get(token, self.width)
        return self.rarities[min(number, self.width)]

    # Documents

    @cached_property
    def representatives(self) -> "Ints":
        """For each row the document that stands for it in pairs: neither merged nor closed, if it has such a one."""
        import numpy as np

        order = sorted(range(len(self.ids)), key=self._standing)
        found = np.zeros(len(self.firsts), dtype=np.int64)
        found[self.row_of[order[::-1]]] = order[::-1]
        return found

    def _standing(self, number: int) -> tuple[bool, bool, int]:
        return self.is_merged(number), self.is_closed(number), number

    def is_merged(self, number: int) -> bool:
        return self.entries[number].duplicate_of is not None

    def is_closed(self, number: int) -> bool:
        """Whether the group of a document is delivered, parked or declined."""
        return self.pool.stage(self.entries[self.canonical[number]]) in CLOSED

    @cached_property
    def members(self) -> "tuple[Ints, Ints, Ints]":
        """The documents by row and id; for each row where its own begin there, and how many they are."""
        import numpy as np

        sizes = np.bincount(self.row_of, minlength=len(self.firsts))
        return np.argsort(self.row_of, kind="stable"), np.cumsum(sizes) - sizes, sizes

    @cached_property
    def modules(self) -> "Ints":
        """The number of each document's module, as its group's canonical entry has it; -1 for none."""
        import numpy as np

        return np.array([self.module_number(self.entries[number].module) for number in self.canonical], dtype=np.int64)

    def module_number(self, ref: str | None) -> int:
        return self._number("module", ref) if ref else -1

    @cached_property
    def customers(self) -> "csr_array":
        """Documents by customers: 1 where a requirement was filed for the customer."""
        rows = [array("i", self.customer_numbers(entry.customers)).tobytes() for entry in self.entries]
        return features.counts(rows, len(self._numbers.get("customer", ())))

    def customer_numbers(self, refs: Sequence[str]) -> list[int]:
        return list(dict.fromkeys(self._number("customer", ref) for ref in refs))

    def _number(self, kind: str, ref: str) -> int:
        """A number for each module or customer, the same for its aliases."""
        found = self.pool.get(kind, ref)
        numbers = self._numbers.setdefault(kind, {})
        return numbers.setdefault(found.id if found else ref, len(numbers))

    def with_evidence(self, one: "Ints", other: "Ints", logit: "Floats") -> Scored:
        """Pairs of documents, with what module and customers say added to what their texts say."""
        shared = dots(self.customers, self.customers, one, other) > 0
        evidence = evidence_logit(self.modules[one], self.modules[other], shared)
        return Scored(one, other, logit + evidence)

    def same_words(self, one: "Ints") -> "Floats":
        """The log-odds of documents and others with the same words."""
        import numpy as np

        row = self.row_of[one]
        return text_logit(np.ones(len(one)), 2 * self.hubs[row, self.cjk[row]])

    def near(self, document: Document, module: str | None, customers: Sequence[str]) -> "tuple[Ints, Floats]":
        """The documents nearest to a text that isn't in the pool, with the log-odds that they are one need."""
        import numpy as np

        weights = self.weights  # of the words of the pool alone, before the text adds its own
        text = features.encode(document, self.vocabulary)
        query = features.weigh(features.combine([text], len(self.vocabulary.numbers)), weights)
        found = [(np.zeros(0, np.int64), np.zeros(0))]
        for script in np.unique(self.cjk).tolist():
            space, rows = (features.within, self.within) if script == text.cjk else (features.across, self.across)
            asking = space(query, self.vocabulary)[:, : rows.shape[1]]
            itself, rows_found = nearest(asking, np.array([-1]), self.offered(script, int(text.cjk)))
            found.append((rows_found, np.round(dots(asking, rows, itself + 1, rows_found), 6)))
        near, words = (np.concatenate(parts) for parts in zip(*found, strict=True))
        # For its hubness the text counts as one more row, the last.
        scripts = np.append(self.cjk, int(text.cjk))
        own = hubness(np.full(len(near), len(self.cjk)), near, words, scripts, np.ones(len(near), dtype=np.bool_))[-1]
        logit = text_logit(words, own[self.cjk[near]] + self.hubs[near, int(text.cjk)])
        order, starts, sizes = self.members
        other = np.concatenate([near[:0], *(order[starts[row] : starts[row] + sizes[row]] for row in near)])
        asked = np.isin(self.customers.indices, self.customer_numbers(customers))
        shared = np.isin(other, np.repeat(np.arange(len(self.ids)), np.diff(self.customers.indptr))[asked])
        evidence = evidence_logit(np.full(len(other), self.module_number(module)), self.modules[other], shared)
        return other, np.repeat(logit, sizes[near]) + evidence


def build_index(pool: Pool, *, block: int = BLOCK) -> Index:
    """Prepare a pool's texts; give the index to the functions that ask several questions of one pool.

    `block` is how many rows are compared at once: it bounds the memory and changes nothing else.
    """
    return Index(pool, block=block)


def document_of(entry: Requirement) -> Document:
    return Document(entry.title, entry.body)


def distinct(texts: Sequence[Encoded]) -> tuple[list[int], list[int]]:
    """The row of each text, equal for texts with the same words, and the first text of each row.

    Texts without any word have a row each.
    """
    rows: dict[tuple[bytes, bytes] | int, int] = {}
    row_of: list[int] = []
    firsts: list[int] = []
    for number, text in enumerate(texts):
        row = rows.setdefault((text.title, text.body) if text.title or text.body else number, len(rows))
        if row == len(firsts):
            firsts.append(number)
        row_of.append(row)
    return row_of, firsts
