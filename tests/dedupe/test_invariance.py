"""The same pool gives the same answer, whatever the order of its files, the size of blocks, or what was asked before."""

import random
import subprocess
import sys

import pytest

from tests.dedupe.pools import bilingual, need, pool_of
from tobkit.dedupe import build_index, find_duplicates, neighbours, similar

WORDS = [
    "export",
    "invoice",
    "ledger",
    "login",
    "page",
    "report",
    "approval",
    "bank",
    "stock",
    "amount",
    "导出",
    "发票",
    "对账",
    "审批",
    "银行",
    "仓库",
    "登录",
    "报表",
    "门店",
    "税号",
]


def many(count=150, seed=3):
    """Entries of few words, so that ties abound."""
    draw = random.Random(seed)
    return [
        need(
            number,
            " ".join(draw.choices(WORDS, k=draw.randint(1, 4))),
            " ".join(draw.choices(WORDS, k=draw.randint(0, 6))),
        )
        for number in range(count)
    ]


def answers(pool, index=None):
    return (
        find_duplicates(pool, threshold=0.2, index=index),
        neighbours(pool, 7, index=index),
        similar(pool, "导出 invoice 报表", "bank", 5, index=index),
    )


@pytest.fixture(scope="module")
def expected():
    return answers(pool_of(many()))


def test_there_is_something_to_compare(expected):
    found, near, like = expected
    assert len(found.pairs) > 20
    assert len(found.groups) > 5
    assert len(near) == 150
    assert len(like) == 5


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_files_doesnt_matter(expected, seed):
    entries = many()
    random.Random(seed).shuffle(entries)
    assert answers(pool_of(entries)) == expected


@pytest.mark.parametrize("block", [1, 7, 64, 10_000])
def test_the_size_of_blocks_doesnt_matter(expected, block):
    pool = pool_of(many())
    assert answers(pool, build_index(pool, block=block)) == expected


def test_the_order_of_questions_doesnt_matter(expected):
    pool = pool_of(many())
    index = build_index(pool)
    like = similar(pool, "导出 invoice 报表", "bank", 5, index=index)
    wide = neighbours(pool, 120, index=index)
    near = neighbours(pool, 7, index=index)
    assert (find_duplicates(pool, threshold=0.2, index=index), near, like) == expected
    assert {key: found[:7] for key, found in wide.items()}.keys() == near.keys()


def test_other_entries_far_away_change_no_decision():
    entries = bilingual()
    before = {(pair.a, pair.b) for pair in find_duplicates(pool_of(entries)).pairs}
    entries.append(need(99, "qqq www", "eee rrr ttt"))
    assert {(pair.a, pair.b) for pair in find_duplicates(pool_of(entries)).pairs} == before


SCRIPT = """
from tests.dedupe.test_invariance import answers, many
from tests.dedupe.pools import pool_of
found, near, like = answers(pool_of(many()))
print([(p.a, p.b, p.score, [str(r) for r in p.reasons]) for p in found.pairs], found.groups, near, like)
"""


def test_neither_hash_order_nor_threads_matter():
    outputs = {
        subprocess.run(
            [sys.executable, "-c", SCRIPT],
            env={
                "PYTHONHASHSEED": seed,
                "OMP_NUM_THREADS": threads,
                "OPENBLAS_NUM_THREADS": threads,
                "PYTHONPATH": ".",
            },
            capture_output=True,
            check=True,
        ).stdout
        for seed, threads in (("0", "1"), ("12345", "2"))
    }
    assert len(outputs) == 1
