"""What an index has found out, as bytes that can be kept, and read again without trust.

The bytes are numpy arrays in a zip (never pickle). Whoever reads them gets arrays that fit together, or nothing: a kept
file may be damaged or made by a stranger. A stranger's file can still hide pairs, so none belongs in a repository.
"""

import io
import struct
import zipfile
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from tobkit.dedupe.candidates import Near
from tobkit.dedupe.encoding import DIGEST, Counts
from tobkit.dedupe.index import Prepared

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    Arrays = dict[str, NDArray[Any]]

VERSION = "1"
"""Raised whenever the same texts would be prepared otherwise; belongs into the key of what is kept."""


BROKEN = (
    *(ValueError, KeyError, OSError, EOFError, RuntimeError, SyntaxError, MemoryError),
    *(struct.error, zipfile.BadZipFile),
)
"""What reading a damaged file raises."""


class Unfit(ValueError):
    """Arrays that don't fit together."""


def dumps(prepared: Prepared) -> bytes:
    """A `Prepared` as bytes."""
    import numpy as np

    counts, near = prepared.counts, prepared.near
    arrays = {
        "texts": np.frombuffer(b"".join(prepared.texts), dtype=np.uint8),
        "row_of": prepared.row_of,
        "vocabulary": np.frombuffer("\n".join(counts.vocabulary).encode("utf-8", "surrogatepass"), dtype=np.uint8),
        "said": np.frombuffer(b"".join(said or bytes(DIGEST) for said in counts.said), dtype=np.uint8),
        "cjk": counts.cjk,
        "origin": np.frombuffer(prepared.origin, dtype=np.uint8),
        **{f"near_{name}": array for name, array in near._asdict().items()},
    }
    for name, matrix in (("title", counts.title), ("body", counts.body)):
        arrays |= {f"{name}_data": matrix.data, f"{name}_indices": matrix.indices, f"{name}_indptr": matrix.indptr}
    stream = io.BytesIO()
    np.savez(stream, **arrays)
    return stream.getvalue()


def loads(data: bytes) -> Prepared | None:
    """What `dumps` has written; None for anything else."""
    import numpy as np

    try:
        if any(part.compress_type != zipfile.ZIP_STORED for part in zipfile.ZipFile(io.BytesIO(data)).infolist()):
            return None  # nothing here unfolds to more than it is
        with np.load(io.BytesIO(data), allow_pickle=False) as archive:
            return prepared_of({name: archive[name] for name in archive.files})
    except BROKEN:
        return None


def prepared_of(arrays: "Arrays") -> Prepared:
    """The arrays as a `Prepared`. Raises `Unfit`, KeyError or ValueError where they don't fit together."""
    import numpy as np

    vocabulary = tuple(bytes(vector(arrays, "vocabulary", np.uint8)).decode("utf-8", "surrogatepass").split("\n"))
    if vocabulary == ("",):
        vocabulary = ()
    said = tuple(part if any(part) else b"" for part in digests(arrays, "said"))
    texts, row_of = digests(arrays, "texts"), vector(arrays, "row_of", np.int64)
    cjk, near = (
        vector(arrays, "cjk", np.int64),
        Near(
            vector(arrays, "near_row", np.int64),
            vector(arrays, "near_near", np.int64),
            vector(arrays, "near_words", np.float64),
        ),
    )
    rows = len(said)
    sound = (
        all(one < other for one, other in pairwise(vocabulary))
        and len(row_of) == len(texts)
        and len(cjk) == rows
        and len(near.row) == len(near.near) == len(near.words)
        and all(within(numbers, rows) for numbers in (row_of, near.row, near.near))
        and within(cjk, 2)
        and bool(np.isfinite(near.words).all())
    )
    if not sound:
        raise Unfit
    shape = rows, max(len(vocabulary), 1)
    counts = Counts(vocabulary, matrix(arrays, "title", shape), matrix(arrays, "body", shape), said, cjk)
    return Prepared(texts, row_of, counts, near, bytes(vector(arrays, "origin", np.uint8)))


def vector(arrays: "Arrays", name: str, dtype: type) -> "NDArray[Any]":
    found = arrays[name]
    if found.ndim != 1 or found.dtype != dtype:
        raise Unfit
    return found


def within(numbers: "NDArray[Any]", size: int) -> bool:
    """Whether all numbers are from 0 to below a size."""
    return not numbers.size or (int(numbers.min()) >= 0 and int(numbers.max()) < size)


def digests(arrays: "Arrays", name: str) -> tuple[bytes, ...]:
    import numpy as np

    data = bytes(vector(arrays, name, np.uint8))
    if len(data) % DIGEST:
        raise Unfit
    return tuple(data[start : start + DIGEST] for start in range(0, len(data), DIGEST))


def matrix(arrays: "Arrays", name: str, shape: tuple[int, int]) -> "csr_array":
    """A matrix of counts, its columns ascending in each row."""
    import numpy as np
    from scipy.sparse import csr_array

    data, indices = vector(arrays, f"{name}_data", np.float32), vector(arrays, f"{name}_indices", np.int32)
    ends = vector(arrays, f"{name}_indptr", np.int32)
    if len(ends) != shape[0] + 1 or ends[0] != 0 or (np.diff(ends) < 0).any() or ends[-1] != len(data):
        raise Unfit
    if len(data) != len(indices) or not within(indices, shape[1]) or not (np.isfinite(data) & (data > 0)).all():
        raise Unfit
    row = np.repeat(np.arange(shape[0]), np.diff(ends))
    if ((np.diff(indices) <= 0) & (np.diff(row) == 0)).any():
        raise Unfit
    return csr_array((data, indices, ends), shape=shape)
