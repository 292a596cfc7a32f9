"""A pool's texts prepared once for all questions: rows, their nearest rows, and what is known of each such pair."""

from collections.abc import Sequence
from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from tobkit.dedupe import features
from tobkit.dedupe.candidates import (
    ASKED_WIDTH,
    BLOCK,
    WIDTH,
    Corpus,
    Near,
    asking,
    candidates,
    dots,
    nearest,
    transposed,
)
from tobkit.dedupe.encoding import Counts, Document, chosen, digest, encode, joined, stacked
from tobkit.dedupe.features import Space, Weights
from tobkit.dedupe.glossary import Glossary, glossary
from tobkit.dedupe.parallel import cut, mapped
from tobkit.dedupe.scoring import NEAREST, evidence_logit, hubness, text_logit
from tobkit.model.kinds import CLOSED, Requirement
from tobkit.model.pool import Pool

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

ENCODED_BLOCK = 8
"""How many times as many texts are read at once as rows are compared."""


WEIGHED_BLOCK = 1 << 13
"""Rows that are weighed at once."""


class Scored(NamedTuple):
    """Pairs of rows or documents with the log-odds that they are one need."""

    one: "Ints"
    other: "Ints"
    logit: "Floats"


class Prepared(NamedTuple):
    """What takes time to find out about a pool's texts, as plain data; another pool may have most of it in common.

    `texts` are the digests of the requirements' titles and bodies, `row_of` the row of each in `counts`; `near` are the
    nearest rows, and `origin` tells which texts and glossary they come from.
    """

    texts: tuple[bytes, ...]
    row_of: "Ints"
    counts: Counts
    near: Near
    origin: bytes


class Index:
    """A pool's texts prepared for comparing.

    Requirements with the same words share a *row* of the matrices: a text that was filed a thousand times is compared
    once, and doesn't change what is rare. Documents (requirements) are numbered in the order of their ids.
    """

    def __init__(self, pool: Pool, *, block: int = BLOCK, jobs: int = 1, known: Prepared | None = None) -> None:
        import numpy as np

        self.pool = pool
        self.block = block
        self.jobs = jobs
        self.ids = tuple(pool.requirements)
        self.entries = tuple(pool.requirements.values())
        self.number = {requirement_id: number for number, requirement_id in enumerate(self.ids)}
        self.glossary = glossary(pool.config.dedupe.synonyms)
        self.canonical: Ints = np.array([self.number[pool.canonical(found)] for found in self.ids], dtype=np.int64)
        self._corpora: dict[tuple[int, int], Corpus] = {}
        self._numbers: dict[str, dict[str, int]] = {}
        self._known = known if known is not None and known.origin[:8] == self.glossary.key[:8] else None
        self.texts = tuple(digest(entry.title, entry.body) for entry in self.entries)
        self.row_of, self.counts = self._rows()

    def _rows(self) -> "tuple[Ints, Counts]":
        """The row of each document, equal for texts with the same words, and the rows in order of their first document.

        Texts without any word have a row each.
        """
        import numpy as np

        known = self._known
        place = dict(zip(known.texts, known.row_of.tolist(), strict=True)) if known else {}
        fresh: dict[bytes, int] = {}
        for number, text in enumerate(self.texts):
            if text not in place:
                fresh.setdefault(text, number)
        documents = [document_of(self.entries[number]) for number in fresh.values()]
        blocks = [documents[start:end] for start, end in cut(len(documents), self.block * ENCODED_BLOCK)]
        parts = mapped(encoded, self.glossary, blocks, self.jobs) or ([] if known else [encode([], self.glossary)])
        table = joined([known.counts, *parts] if known else parts)
        before = len(known.counts.said) if known else 0
        place.update(zip(fresh, range(before, before + len(fresh)), strict=True))
        rows: dict[bytes | int, int] = {}
        row_of: list[int] = []
        firsts: list[int] = []
        for number, text in enumerate(self.texts):
            at = place[text]
            row = rows.setdefault(table.said[at] or number, len(rows))
            if row == len(firsts):
                firsts.append(at)
            row_of.append(row)
        return np.array(row_of, dtype=np.int64), chosen(table, np.array(firsts, dtype=np.int64))

    # Rows and what is known of pairs of them

    @property
    def size(self) -> int:
        """How many rows there are."""
        return len(self.counts.said)

    @property
    def cjk(self) -> "Ints":
        """For each row 1 if its title is mostly CJK, else 0."""
        return self.counts.cjk

    @cached_property
    def space(self) -> Space:
        return Space(self.counts.vocabulary)

    @cached_property
    def _weighed(self) -> "tuple[Weights, csr_array, csr_array]":
        """The corpus statistics, and the rows as they are compared within a script and with rows of another one."""
        import numpy as np

        weights = features.statistics(self.counts, self.space)
        rarity = weights.rarity(np.arange(len(self.space.vocabulary)))
        within, across = [], []
        for start, end in cut(self.size, WEIGHED_BLOCK) or [(0, 0)]:
            rows = features.combine(self.counts.title[start:end], self.counts.body[start:end])
            rows = features.weigh(rows, rarity[rows.indices])
            within.append(features.within(rows, self.space.kinds[rows.indices]))
            across.append(features.across(rows, self.space.cjk[rows.indices]))
        return weights, stacked(within), stacked(across)

    @property
    def weights(self) -> Weights:
        return self._weighed[0]

    def rows(self, script: int, other: int) -> "csr_array":
        """The rows as texts of two scripts are compared."""
        return self._weighed[1 if script == other else 2]

    @cached_property
    def _asked(self) -> "tuple[csr_array, csr_array]":
        return asking(self._weighed[1], self.weights), asking(self._weighed[2], self.weights)

    def corpus(self, asking: int, script: int) -> Corpus:
        """The rows of a script, prepared to be found by rows of a script; kept, for `near`."""
        if (asking, script) not in self._corpora:
            self._corpora[asking, script] = self._corpus(asking, script)
        return self._corpora[asking, script]

    def _corpus(self, asking: int, script: int) -> Corpus:
        import numpy as np

        rows, found = self.rows(asking, script), np.flatnonzero(self.cjk == script)
        return Corpus(rows, self._asked[asking != script], found, transposed(rows[found]))

    def nearest(self, width: int) -> Near:
        """For each row the `width` nearest in each script."""
        import numpy as np

        found = [Near(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))]
        for asker, script in product(np.unique(self.cjk).tolist(), repeat=2):
            own = np.flatnonzero(self.cjk == asker)
            blocks = [own[start:end] for start, end in cut(len(own), self.block)]
            found += mapped(nearest_of, (self._corpus(asker, script), width), blocks, self.jobs)
        return Near(*(np.concatenate(parts) for parts in zip(*found, strict=True)))

    @cached_property
    def origin(self) -> bytes:
        """What the nearest rows come from: the glossary and all words, in order."""
        return self.glossary.key[:8] + digest(*(said.hex() for said in self.counts.said))

    @cached_property
    def usual(self) -> Near:
        """The nearest rows that are looked at, unless somebody asks for more neighbours."""
        known = self._known
        return known.near if known is not None and known.origin == self.origin else self.nearest(WIDTH)

    @property
    def prepared(self) -> Prepared:
        return Prepared(self.texts, self.row_of, self.counts, self.usual, self.origin)

    @cached_property
    def hubs(self) -> "Floats":
        """For each row its mean similarity to its nearest in other scripts (column 0) and in CJK (column 1)."""
        import numpy as np

        row, near, words = self.usual
        group = self.canonical[self.representatives]
        counted = group[row] != group[near]
        row, near, words = row[counted], near[counted], words[counted]
        found = np.full((2, self.size, NEAREST), np.nan)
        for script in (0, 1):
            own = np.flatnonzero(self.cjk[near] == script)
            starts = np.flatnonzero(np.diff(row[own], prepend=-1))
            place = np.arange(len(own)) - np.repeat(starts, np.diff(np.append(starts, len(own))))
            own, place = own[place < NEAREST], place[place < NEAREST]
            found[script, row[own], place] = words[own]
        return np.stack([hubness(found[0]), hubness(found[1])], axis=1)

    def compared(self, width: int = WIDTH) -> Scored:
        """The pairs of rows (first < second) of which one is among the `width` nearest of the other in its script, with
        the log-odds that their texts are one need.
        """
        import numpy as np

        row, near, words = self.usual if width <= WIDTH or self.size <= WIDTH else self.nearest(width)
        codes = np.minimum(row, near) * max(self.size, 1) + np.maximum(row, near)
        codes, places = np.unique(codes, return_index=True)
        first, second = np.divmod(codes, max(self.size, 1))
        hub = self.hubs[first, self.cjk[second]] + self.hubs[second, self.cjk[first]]
        return Scored(first, second, text_logit(words[places], hub))

    @cached_property
    def rarities(self) -> list[float]:
        """How rare each token is among the rows (its inverse document frequency), and last a token that none has."""
        import numpy as np

        rarities: list[float] = self.weights.rarity(np.arange(len(self.space.vocabulary) + 1)).tolist()
        return rarities

    def rarity(self, token: str) -> float:
        return self.rarities[self.space.number.get(token, -1)]

    # Documents

    @cached_property
    def representatives(self) -> "Ints":
        """For each row the document that stands for it in pairs: neither merged nor closed, if it has such a one."""
        import numpy as np

        order = sorted(range(len(self.ids)), key=self._standing)
        found = np.zeros(self.size, dtype=np.int64)
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

        sizes = np.bincount(self.row_of, minlength=self.size)
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
        import numpy as np
        from scipy.sparse import csr_array

        rows = [self.customer_numbers(entry.customers) for entry in self.entries]
        columns = np.fromiter((number for row in rows for number in row), dtype=np.int32)
        ends = np.cumsum([0, *map(len, rows)])
        shape = (len(rows), max(len(self._numbers.get("customer", ())), 1))
        return csr_array((np.ones(len(columns), dtype=np.float32), columns, ends), shape=shape)

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

        text = encode([document], self.glossary)
        script = int(text.cjk[0])
        found: list[tuple[Ints, Floats]] = [(np.zeros(0, np.int64), np.zeros(0))]
        for other in np.unique(self.cjk).tolist():
            corpus, query = self.corpus(script, other), self._query(text, script == other)
            asked = asking(query, self.weights)
            near = corpus.found[candidates(asked, corpus.terms, ASKED_WIDTH * WIDTH)[1]]
            words = dots(query, corpus.rows, np.zeros(len(near), np.int64), near)
            order = np.lexsort((near, -words))[:WIDTH]
            near, words = near[order], words[order]
            nearest_words = np.full((1, NEAREST), np.nan)
            nearest_words[0, : len(near)] = words[:NEAREST]
            found.append((near, text_logit(words, hubness(nearest_words)[0] + self.hubs[near, script])))
        rows, logit = (np.concatenate(parts) for parts in zip(*found, strict=True))
        order, starts, sizes = self.members
        documents = np.concatenate([rows[:0], *(order[starts[row] : starts[row] + sizes[row]] for row in rows)])
        return documents, np.repeat(logit, sizes[rows]) + self._evidence(documents, module, customers)

    def _query(self, text: Counts, same_script: bool) -> "csr_array":
        """A text that isn't in the pool as a row; what the pool doesn't say counts for its length alone."""
        from scipy.sparse import csr_array

        space, combined = Space(text.vocabulary), features.combine(text.title, text.body)
        columns = self.space.columns(text.vocabulary)
        rows = features.weigh(combined, self.weights.rarity(columns[combined.indices]))
        if same_script:
            rows = features.within(rows, space.kinds[rows.indices])
        else:
            rows = features.across(rows, space.cjk[rows.indices])
        known = columns[rows.indices] >= 0
        shape = (1, max(len(self.space.vocabulary), 1))
        return csr_array((rows.data[known], columns[rows.indices[known]], [0, int(known.sum())]), shape=shape)

    def _evidence(self, documents: "Ints", module: str | None, customers: Sequence[str]) -> "Floats":
        """What module and customers of a text add to what its words say."""
        import numpy as np

        asked = set(self.customer_numbers(customers))
        shared = [
            bool(asked) and not asked.isdisjoint(self.customer_numbers(self.entries[number].customers))
            for number in documents.tolist()
        ]
        modules = np.full(len(documents), self.module_number(module))
        return evidence_logit(modules, self.modules[documents], np.array(shared, dtype=np.bool_))


def encoded(glossary: Glossary, documents: Sequence[Document]) -> Counts:
    """A block of documents, counted."""
    return encode(documents, glossary)


def nearest_of(asked: tuple[Corpus, int], numbers: "Ints") -> Near:
    """The nearest rows of a block of rows."""
    corpus, width = asked
    return nearest(corpus, numbers, width)


def build_index(pool: Pool, *, block: int = BLOCK, jobs: int = 1, known: Prepared | None = None) -> Index:
    """Prepare a pool's texts; give the index to the functions that ask several questions of one pool.

    `block` is how many rows are compared at once: it bounds the memory. `jobs` is how many processes work. `known` is
    the `prepared` of an earlier index, of this pool or of one that has texts in common with it. None of them changes
    any result.
    """
    return Index(pool, block=block, jobs=jobs, known=known)


def document_of(entry: Requirement) -> Document:
    return Document(entry.title, entry.body)
