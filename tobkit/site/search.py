"""The search index of the bodies: script shards that a page on file:// can load a query term at a time.

`assets/search.js` reads what is written here; both cut texts into terms, and terms into shards, the same way:

- texts are compared by `normalise`; a *word* is a run of letters and digits, a *run* one of Chinese, Japanese or Korean
  characters;
- terms are the words (their first 24 characters), and of runs each character and each pair of neighbours;
- a word of three and more characters is found by its beginning, so words that begin with the same three stand in one
  shard: a shard is chosen by `fnv1a` of those three characters, or of the character or pair.

Each file is a call: `tobkitSearch("index", {version, rows, shards})`, `tobkitSearch("3f", {term: rows})`. A term's rows
are written as gaps (how many rows lie between one and the one before), see `_gaps`, or, where that is shorter, as `!`
and a bit for each row, six to a character. The characters are those of `DIGITS`, which need no escape in a script.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Keys = NDArray[np.uint64]
    """Postings: term << ROW_BITS | row, where term is a number whose order is that of the terms."""

FOLDER = "search"
SHARD_BYTES = 60_000
"""What a shard stays below, unless one group of words (in a pool of very many entries) is about as large."""
LONGEST_WORD = 24
PREFIX = 3
ROW_BITS = 21
CHARACTER_BITS = 21
HAN = ((0x3005, 0x3007), (0x3041, 0x30FF), (0x3400, 0x9FFF), (0xAC00, 0xD7A3), (0xF900, 0xFAFF), (0x20000, 0x3FFFF))
"""The characters (first and last) that are written without spaces between words."""
DIGITS = bytes(code for code in range(ord("#"), ord("~") + 1) if chr(code) not in '<\\"')
"""90 characters: the first 64 are last digits, the other 26 the digits before those."""


def body_index(documents: Sequence[str]) -> Mapping[str, bytes]:
    """The index files by path from the site's root (`search/index.js`, `search/3f.js`), for plain texts by row.

    `documents` are the bodies' words (`markdown.plain(body)`) in the order of the backlog's rows: a hit is the index
    in this sequence. In the page: `<script src="assets/search.js">`, then
    `TobkitSearch.bodies(query, base)` gives a Promise of a Set of rows, or of null where the index has no say (a query
    without words, or files that can't be loaded); `base` is the way to the site's root (`""`, `"../"`).
    `TobkitSearch.normalise(text)` is what texts are compared by, for searching titles and fields the same way.
    """
    if len(documents) >> ROW_BITS:
        raise ValueError(f"more than {1 << ROW_BITS} documents")
    terms = list(_terms(documents))
    count, shard_of = _sharding(terms)
    shards: list[list[bytes]] = [[] for _ in range(count)]
    for term, shard in zip(terms, shard_of, strict=True):
        shards[shard].append(b'"%b":"%b"' % (term.text.encode(), term.rows))
    width = len(f"{count - 1:x}")
    files = {f"{shard:0{width}x}": b",\n".join(entries) for shard, entries in enumerate(shards)}
    digest = blake2b(digest_size=6)
    for content in files.values():
        digest.update(content)
    head = b'{"version":"%b","rows":%d,"shards":%d}' % (digest.hexdigest().encode(), len(documents), count)
    return {
        f"{FOLDER}/index.js": b'tobkitSearch("index",%b)\n' % head,
        **{
            f"{FOLDER}/{name}.js": b'tobkitSearch("%b",{\n%b\n})\n' % (name.encode(), content)
            for name, content in files.items()
        },
    }


def normalise(text: str) -> str:
    """The form by which texts are compared: NFKC, lower case; the same as `TobkitSearch.normalise` in the browser."""
    if text.isascii():
        return text.lower()
    # Not casefold(), which JavaScript hasn't; these two are where that matters to European names.
    return unicodedata.normalize("NFKC", text).lower().replace("ß", "ss").replace("ς", "σ")


def fnv1a(text: str) -> int:
    """The 32-bit FNV-1a hash over code points."""
    value = 2166136261
    for character in text:
        value = (value ^ ord(character)) * 16777619 & 0xFFFFFFFF
    return value


class _Term(NamedTuple):
    """A term with its rows as written, and the hash that chooses its shard."""

    text: str
    rows: bytes
    hash: int


def _terms(documents: Sequence[str]) -> Iterator[_Term]:
    """Characters and pairs by code points, then words."""
    texts = [_prepared(document) for document in documents]
    mask = (1 << CHARACTER_BITS) - 1
    for code, rows in _written(_han_keys(texts), len(texts)):
        first, second = code >> CHARACTER_BITS, code & mask
        text = chr(first) + chr(second) if first else chr(second)
        yield _Term(text, rows, fnv1a(text))
    words, keys = _word_keys(texts)
    hashes: dict[str, int] = {}
    for code, rows in _written([keys], len(texts)):
        word = words[code]
        prefix = word[:PREFIX]
        if prefix not in hashes:
            hashes[prefix] = fnv1a(prefix)
        yield _Term(word, rows, hashes[prefix])


def _sharding(terms: Sequence[_Term]) -> tuple[int, list[int]]:
    """How many shards there are, and each term's: as few as keep them below `SHARD_BYTES`."""
    import numpy as np

    hashes = np.array([term.hash for term in terms], dtype=np.uint32)
    sizes = np.array([len(term.rows) + 3 * len(term.text) + 6 for term in terms], dtype=np.int64)
    groups = np.unique(hashes, return_inverse=True)[1] if terms else hashes
    largest = int(np.bincount(groups, sizes).max()) if terms else 0
    count = max(1, int(sizes.sum()) // (SHARD_BYTES * 2 // 3))
    most = 2 * count
    limit = max(SHARD_BYTES, largest + SHARD_BYTES // 2)
    while count < most and np.bincount(hashes % count, sizes).max(initial=0) > limit:
        count += 1 + count // 8
    return count, (hashes % count).tolist()


_WIDE_MARKS = "，、：；！？（）\u3000"


def _prepared(text: str) -> str:
    """The same as `normalise` for finding terms, quicker: Chinese marks alone would send each text through NFKC."""
    for mark in _WIDE_MARKS:
        text = text.replace(mark, " ")
    return normalise(text)


# ---- texts to postings ------------------------------------------------------------------------------------------------


_WORD = re.compile(rf"[^\W_{''.join(f'{chr(first)}-{chr(last)}' for first, last in HAN)}]+")
_CHUNK = 4096


def _word_keys(texts: Sequence[str]) -> tuple[list[str], "Keys"]:
    """All words in order, and the postings by their place in it."""
    import numpy as np

    numbers: dict[str, int] = {}
    found: list[int] = []
    lengths: list[int] = []
    for text in texts:
        words = {word[:LONGEST_WORD] for word in _WORD.findall(text)}
        lengths.append(len(words))
        found.extend([numbers.setdefault(word, len(numbers)) for word in words])
    in_order = sorted(numbers)
    place = np.empty(len(numbers), dtype=np.uint64)
    place[[numbers[word] for word in in_order]] = np.arange(len(numbers), dtype=np.uint64)
    rows = np.repeat(np.arange(len(texts), dtype=np.uint64), lengths)
    keys = place[np.array(found, dtype=np.int64)] << np.uint64(ROW_BITS) | rows
    keys.sort()
    return in_order, keys


def _han_keys(texts: Sequence[str]) -> list["Keys"]:
    """The postings of characters and pairs, a sorted array for every few thousand texts."""
    import numpy as np

    is_han = np.zeros(0x110000, dtype=bool)
    for first, last in HAN:
        is_han[first : last + 1] = True
    chunks = []
    for start in range(0, len(texts), _CHUNK):
        chunk = texts[start : start + _CHUNK]
        codes = np.frombuffer("\n".join(chunk).encode("utf-32-le", "replace"), dtype=np.uint32)
        rows = np.repeat(np.arange(start, start + len(chunk), dtype=np.uint64), [len(text) + 1 for text in chunk])
        han = is_han[codes]
        postings = codes.astype(np.uint64) << np.uint64(ROW_BITS) | rows[: len(codes)]
        pairs = han[:-1] & han[1:]
        firsts = codes[:-1][pairs].astype(np.uint64) << np.uint64(ROW_BITS + CHARACTER_BITS)
        keys = np.concatenate((postings[han], firsts | postings[1:][pairs]))
        keys.sort()
        chunks.append(keys[np.diff(keys, prepend=keys[:1] - np.uint64(1)) != 0])
    return chunks


# ---- postings to text -------------------------------------------------------------------------------------------------


def _written(chunks: Sequence["Keys"], row_count: int) -> Iterator[tuple[int, bytes]]:
    """Each term's number and its rows as written, in order; a part of the terms at a time, to be gentle on memory."""
    import numpy as np

    total = sum(len(chunk) for chunk in chunks)
    if not total:
        return
    sample = np.sort(np.concatenate([chunk[:: max(1, len(chunk) // 1000)] for chunk in chunks]))
    parts = total // 8_000_000 + 1
    bounds = np.unique(sample[[len(sample) * part // parts for part in range(1, parts)]] >> np.uint64(ROW_BITS))
    starts = [0, *(int(bound) << ROW_BITS for bound in bounds), (1 << 64) - 1]
    for low, high in pairwise(starts):
        ends = np.array((low, high), dtype=np.uint64)
        slices = [chunk[slice(*np.searchsorted(chunk, ends))] for chunk in chunks]
        keys = np.concatenate(slices)
        if len(slices) > 1:
            keys.sort()
        if len(keys):
            yield from _written_part(keys, row_count)


def _written_part(keys: "Keys", row_count: int) -> Iterator[tuple[int, bytes]]:
    import numpy as np

    terms = keys >> np.uint64(ROW_BITS)
    rows = (keys & np.uint64((1 << ROW_BITS) - 1)).astype(np.int64)
    first = np.flatnonzero(np.concatenate(([True], terms[1:] != terms[:-1])))
    gaps = np.diff(rows, prepend=-1) - 1
    gaps[first] = rows[first]
    written, ends = _gaps(gaps)
    last = np.append(first[1:], len(keys))
    begins = np.concatenate(([0], ends[last[:-1] - 1])).tolist()
    longest = row_count // 6 + 2
    for term, low, high, begin, end in zip(
        terms[first].tolist(), first.tolist(), last.tolist(), begins, ends[last - 1].tolist(), strict=True
    ):
        yield term, written[begin:end] if end - begin <= longest else _bits(rows[low:high], row_count)


def _gaps(gaps: "NDArray[np.int64]") -> tuple[bytes, "NDArray[np.int64]"]:
    """The numbers in digits of base 26, the last one in base 64 and by that known as the last; where each one ends."""
    import numpy as np

    digits = np.frombuffer(DIGITS, dtype=np.uint8)
    lengths = np.ones(len(gaps), dtype=np.int64)
    for limit in (64, 64 * 26, 64 * 26**2, 64 * 26**3):
        lengths += gaps >= limit
    ends = np.cumsum(lengths)
    written = np.empty(int(ends[-1]), dtype=np.uint8)
    written[ends - 1] = digits[gaps & 63]
    rest, at = gaps >> 6, ends - 2
    for length in range(2, int(lengths.max()) + 1):
        longer = lengths >= length
        rest, at, lengths = rest[longer], at[longer], lengths[longer]
        written[at] = digits[64 + rest % 26]
        rest, at = rest // 26, at - 1
    return written.tobytes(), ends


def _bits(rows: "NDArray[np.int64]", row_count: int) -> bytes:
    """`!` and a bit for each row, six to a character, the first row's the highest."""
    import numpy as np

    bits = np.zeros((row_count + 5) // 6 * 6, dtype=np.uint8)
    bits[rows] = 1
    values = bits.reshape(-1, 6) @ np.array((32, 16, 8, 4, 2, 1), dtype=np.uint8)
    return b"!" + np.frombuffer(DIGITS, dtype=np.uint8)[values].tobytes()
