"""What is kept of an index comes back as it was; anything else counts as nothing."""

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.dedupe.pools import bilingual, need, pool_of
from tobkit.dedupe import build_index, find_duplicates, neighbours, saved

PREPARED = build_index(pool_of(bilingual())).prepared
DATA = saved.dumps(PREPARED)


def answers(pool, known=None):
    index = build_index(pool, known=known)
    return find_duplicates(pool, threshold=0.1, index=index), neighbours(pool, 5, index=index)


@pytest.mark.parametrize("entries", [[], [need(1, " ")], bilingual(), [need(1, "🎉"), need(2, "𠮷野家 naïve")]])
def test_what_is_kept_comes_back_as_it_was(entries):
    pool = pool_of(entries)
    known = saved.loads(saved.dumps(build_index(pool).prepared))
    assert known is not None
    assert answers(pool, known) == answers(pool)
    more = pool_of([*entries, need(77, "批量导出对账单 again")])
    assert answers(more, known) == answers(more)


@pytest.mark.parametrize("data", [b"", b"x", b"PK\x03\x04", DATA[:-1], DATA[: len(DATA) // 2], b"\x93NUMPY\x01\x00"])
def test_anything_else_is_nothing(data):
    assert saved.loads(data) is None


def changed(**arrays):
    with np.load(io.BytesIO(DATA)) as archive:
        held = {name: archive[name] for name in archive.files} | arrays
    stream = io.BytesIO()
    np.savez(stream, **held)
    return stream.getvalue()


@pytest.mark.parametrize(
    "arrays",
    [
        {"row_of": PREPARED.row_of + 10**6},
        {"row_of": PREPARED.row_of[:-1]},
        {"row_of": PREPARED.row_of.astype(float)},
        {"cjk": PREPARED.counts.cjk - 1},
        {"near_near": PREPARED.near.near - 99},
        {"near_words": PREPARED.near.words * np.nan},
        {"near_words": PREPARED.near.words[:-1]},
        {"title_indices": PREPARED.counts.title.indices + 10**6},
        {"title_indices": PREPARED.counts.title.indices[::-1].copy()},
        {"title_indptr": PREPARED.counts.title.indptr[::-1].copy()},
        {"body_data": -PREPARED.counts.body.data},
        {"said": np.zeros(5, np.uint8)},
        {"vocabulary": np.frombuffer(b"b\na", np.uint8)},
        {"vocabulary": np.frombuffer(b"\xff\xfe", np.uint8)},
        {"texts": np.array(["x"], dtype=object)},
    ],
)
def test_arrays_that_dont_fit_together_are_nothing(arrays):
    assert saved.loads(changed(**arrays)) is None


@settings(max_examples=80, deadline=None)
@given(st.integers(0, len(DATA) - 1), st.integers(1, 255))
def test_a_changed_byte_never_stops_anything(place, change):
    data = bytearray(DATA)
    data[place] ^= change
    known = saved.loads(bytes(data))
    if known is not None:
        answers(pool_of(bilingual()), known)
