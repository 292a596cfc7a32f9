"""Texts as numbers: how often each token stands in each title and body.

Words repeat, so each distinct one is stemmed and looked up once; Chinese stretches hardly do, so their characters and
pairs are cut by array operations over all texts at once.
"""

from collections.abc import Sequence
from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple

from tobkit.dedupe.glossary import CONCEPT, Glossary
from tobkit.dedupe.text import IS_CJK, runs, stem

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    Ints = NDArray[np.int64]

DIGEST = 16
"""Bytes of a digest of a text."""
FIRST_CJK = "\u2e80"
CODE_BITS = 21
"""Bits of a character's code point."""


class Document(NamedTuple):
    """What is read of a requirement."""

    title: str
    body: str


class Counts(NamedTuple):
    """Tokens counted: a vocabulary in ascending order, and a row of counts a text for titles and for bodies.

    `said` are digests of the words in order (empty for a text without any), `cjk` says whose title is mostly CJK.
    """

    vocabulary: tuple[str, ...]
    title: "csr_array"
    body: "csr_array"
    said: tuple[bytes, ...]
    cjk: "Ints"


def digest(*parts: str) -> bytes:
    """A digest that tells texts apart."""
    return blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=DIGEST).digest()


def encode(documents: Sequence[Document], glossary: Glossary) -> Counts:
    """Count the tokens of documents."""
    import numpy as np

    titles, bodies = [runs(title) for title, _ in documents], [runs(body) for _, body in documents]
    vocabulary, (title, body) = counted((titles, bodies), glossary)
    said = tuple(
        digest("\x1f".join(one), "\x1f".join(other)) if one or other else b""
        for one, other in zip(titles, bodies, strict=True)
    )
    return Counts(vocabulary, title, body, said, np.array([mostly_cjk(found) for found in titles], dtype=np.int64))


def mostly_cjk(words: Sequence[str]) -> bool:
    """Whether there are more CJK characters than other words."""
    stretches = [word for word in words if word >= FIRST_CJK and IS_CJK.match(word)]
    return sum(map(len, stretches)) > len(words) - len(stretches)


def counted(fields: Sequence[Sequence[Sequence[str]]], glossary: Glossary) -> "tuple[tuple[str, ...], list[csr_array]]":
    """The vocabulary of some fields, and the counts of each."""
    import numpy as np
    from scipy.sparse import csr_array

    words = Words(glossary)
    cut = [cut_field(field, words) for field in fields]
    codes = np.unique(np.concatenate([codes for *_, codes in cut]))
    names = [*words.tokens, *map(token_of, codes.tolist())]
    vocabulary = tuple(sorted(set(names)))
    place = {name: number for number, name in enumerate(vocabulary)}
    column = np.array([place[name] for name in names], dtype=np.int32)
    found = []
    for (rows, tokens, cjk_rows, cjk_codes), field in zip(cut, fields, strict=True):
        row = np.concatenate([rows, cjk_rows])
        token = column[np.concatenate([tokens, len(words.tokens) + np.searchsorted(codes, cjk_codes)])]
        one = np.ones(len(row), dtype=np.float32)
        matrix = csr_array((one, (row, token)), shape=(len(field), max(len(vocabulary), 1)))
        matrix.sum_duplicates()
        found.append(narrow(matrix))
    return vocabulary, found


def narrow(matrix: "csr_array") -> "csr_array":
    """The matrix with numbers of 32 bits."""
    import numpy as np
    from scipy.sparse import csr_array

    parts = (
        matrix.data.astype(np.float32, copy=False),
        matrix.indices.astype(np.int32, copy=False),
        matrix.indptr.astype(np.int32, copy=False),
    )
    return csr_array(parts, shape=matrix.shape)


def stacked(blocks: list["csr_array"]) -> "csr_array":
    """Blocks of rows as one matrix; the list is emptied, for the sake of memory."""
    from scipy.sparse import vstack

    matrix = narrow(vstack(blocks, format="csr")) if len(blocks) > 1 else blocks[0]
    blocks.clear()
    return matrix


def cut_field(texts: Sequence[Sequence[str]], words: "Words") -> "tuple[Ints, Ints, Ints, Ints]":
    """(row, number of a token) of words and concepts, (row, code) of CJK characters and pairs of them."""
    import numpy as np

    numbers: list[int] = []
    stretches: list[str] = []
    lengths = np.zeros((2, len(texts)), dtype=np.int64)
    for row, text in enumerate(texts):
        before = len(numbers)
        spaced = text
        if not all(map(str.isascii, text)):
            cjk = "\n".join(word for word in text if word >= FIRST_CJK and IS_CJK.match(word))
            spaced = [word for word in text if word < FIRST_CJK or not IS_CJK.match(word)]
            stretches.append(cjk)
            lengths[1, row] = len(cjk)
            numbers += map(words.__getitem__, words.glossary.of_run(cjk))
        numbers += map(words.__getitem__, spaced)
        if not words.heads.isdisjoint(spaced):
            numbers += map(words.__getitem__, words.glossary.of_phrases(text, words.heads))
        lengths[0, row] = len(numbers) - before
    tokens, sizes = words.tokens_of(np.array(numbers, dtype=np.int64))
    rows = np.repeat(np.repeat(np.arange(len(texts)), lengths[0]), sizes)
    return rows, tokens, *cjk_codes("".join(stretches), np.repeat(np.arange(len(texts)), lengths[1]))


def cjk_codes(text: str, rows: "Ints") -> "tuple[Ints, Ints]":
    """(row, code) of the characters of a text and of the pairs of them; `rows` says where each one stands.

    A line break parts stretches. The code of a pair holds both code points.
    """
    import numpy as np

    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.int64)
    held = points != ord("\n")
    pair = np.flatnonzero(held[:-1] & held[1:] & (rows[:-1] == rows[1:]))
    codes = np.concatenate([points[held], (points[pair] << CODE_BITS) | points[pair + 1]])
    return np.concatenate([rows[held], rows[pair]]), codes


def token_of(code: int) -> str:
    """The character or the pair of characters of a code."""
    first, second = divmod(code, 1 << CODE_BITS)
    return chr(first) + chr(second) if first else chr(second)


class Words(dict[str, int]):
    """A number for each word or concept met, and its tokens; grows as it is asked."""

    def __init__(self, glossary: Glossary) -> None:
        super().__init__()
        self.glossary = glossary
        self.tokens: dict[str, int] = {}
        self.heads: set[str] = set()
        """The words met with which a term of several may begin."""
        self._flat: list[int] = []
        self._ends = [0]

    def __missing__(self, word: str) -> int:
        concept = len(word) > 1 and word.startswith(CONCEPT)
        if self.glossary.begins_phrase(word):
            self.heads.add(word)
        tokens = (word,) if concept else (stem(word), *self.glossary.of_run(word))
        self._flat += [self.tokens.setdefault(token, len(self.tokens)) for token in tokens]
        self._ends.append(len(self._flat))
        self[word] = number = len(self)
        return number

    def tokens_of(self, numbers: "Ints") -> "tuple[Ints, Ints]":
        """The tokens of words one after the other, and how many each word has."""
        import numpy as np

        flat, ends = np.array(self._flat, dtype=np.int64), np.array(self._ends)
        starts, sizes = ends[:-1][numbers], np.diff(ends)[numbers]
        offsets = np.arange(int(sizes.sum())) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        return flat[np.repeat(starts, sizes) + offsets], sizes


def joined(parts: list[Counts]) -> Counts:
    """Tables of counts as one, below each other; the list is emptied as they are read, for the sake of memory."""
    import numpy as np
    from scipy.sparse import csr_array

    if len(parts) == 1:
        return parts[0]
    vocabulary = tuple(sorted(set().union(*(part.vocabulary for part in parts))))
    place = {name: number for number, name in enumerate(vocabulary)}
    said = tuple(found for part in parts for found in part.said)
    cjk = np.concatenate([part.cjk for part in parts])
    cells = [sum(part.title.nnz for part in parts), sum(part.body.nnz for part in parts)]
    data = [np.empty(size, dtype=np.float32) for size in cells]
    indices = [np.empty(size, dtype=np.int32) for size in cells]
    ends = [np.zeros(len(said) + 1, dtype=np.int32) for _ in cells]
    row, at = 0, [0, 0]
    for part in reversed([parts.pop() for _ in range(len(parts))]):
        column = np.array([place[name] for name in part.vocabulary], dtype=np.int32)
        size = len(part.said)
        for field, matrix in enumerate((part.title, part.body)):
            end = at[field] + matrix.nnz
            data[field][at[field] : end] = matrix.data
            indices[field][at[field] : end] = column[matrix.indices] if len(column) else matrix.indices
            ends[field][row + 1 : row + size + 1] = matrix.indptr[1:] + at[field]
            at[field] = end
        row += size
    shape = (len(said), max(len(vocabulary), 1))
    title, body = (csr_array(field, shape=shape) for field in zip(data, indices, ends, strict=True))
    return Counts(vocabulary, title, body, said, cjk)


def chosen(counts: Counts, rows: "Ints") -> Counts:
    """Some rows of a table whose whole vocabulary is used, with the vocabulary that they have."""
    import numpy as np
    from scipy.sparse import csr_array

    if len(rows) == len(counts.said) and np.array_equal(rows, np.arange(len(rows))):
        return counts
    title, body = counts.title[rows], counts.body[rows]
    used = np.zeros(title.shape[1], dtype=np.bool_)
    used[title.indices] = used[body.indices] = True
    kept = np.flatnonzero(used)
    column = np.cumsum(used) - 1
    title, body = (
        narrow(csr_array((part.data, column[part.indices], part.indptr), shape=(len(rows), max(len(kept), 1))))
        for part in (title, body)
    )
    vocabulary = tuple(counts.vocabulary[number] for number in kept.tolist())
    return Counts(vocabulary, title, body, tuple(counts.said[row] for row in rows.tolist()), counts.cjk[rows])
