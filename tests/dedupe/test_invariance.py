"""The same pool gives the same answer, whatever the order of its files, the size of blocks, or what was asked before."""

import random
import subprocess
import sys

import pytest

from tests.dedupe.pools import bilingual, need, pool_of, rid
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
    found = find_duplicates(pool, threshold=0.2, index=index)
    return (
        (found, [pair.reasons for pair in found.pairs]),
        neighbours(pool, 7, index=index),
        similar(pool, "导出 invoice 报表", "bank", 5, index=index),
    )


@pytest.fixture(scope="module")
def expected():
    return answers(pool_of(many()))


def test_there_is_something_to_compare(expected):
    (found, _), near, like = expected
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


@pytest.mark.parametrize("jobs", [2, 4])
def test_the_number_of_processes_doesnt_matter(expected, jobs):
    pool = pool_of(many())
    assert answers(pool, build_index(pool, block=16, jobs=jobs)) == expected


def test_what_is_known_of_another_pool_changes_nothing(expected):
    entries = many()
    other = [*entries[20:], need(900, "nowhere 未见 said"), *entries[:5]]
    known = build_index(pool_of(other)).prepared
    pool = pool_of(entries)
    assert answers(pool, build_index(pool, known=known)) == expected
    again = build_index(pool, known=known).prepared
    assert answers(pool, build_index(pool, known=again)) == expected
    empty = build_index(pool_of([])).prepared
    assert answers(pool, build_index(pool, known=empty)) == expected
    assert find_duplicates(pool_of([]), index=build_index(pool_of([]), known=known)).pairs == ()


def test_what_was_known_with_another_glossary_isnt_used(expected):
    known = build_index(pool_of(many(), synonyms=[("ledger", "stock")])).prepared
    pool = pool_of(many())
    assert answers(pool, build_index(pool, known=known)) == expected


def test_one_edit_leaves_the_scores_of_others():
    draw = random.Random(5)
    words = WORDS + [f"{word}{part}" for word in WORDS for part in ("er", "s", "单", "表")]
    entries = [
        need(number, " ".join(draw.choices(words, k=5)), " ".join(draw.choices(words, k=25))) for number in range(300)
    ]
    edited = [*entries]
    edited[150] = need(150, entries[150].title, f"{entries[150].body} stock 仓库 quickly")
    before, after = (
        {(one, near.id): near.score for one, found in neighbours(pool_of(some), 10).items() for near in found}
        for some in (entries, edited)
    )
    untouched = [pair for pair in before if rid(150) not in pair]
    assert sum(before[pair] == after.get(pair) for pair in untouched) >= 0.99 * len(untouched)


def test_the_order_of_questions_doesnt_matter(expected):
    pool = pool_of(many())
    index = build_index(pool)
    like = similar(pool, "导出 invoice 报表", "bank", 5, index=index)
    wide = neighbours(pool, 120, index=index)
    near = neighbours(pool, 7, index=index)
    assert (find_duplicates(pool, threshold=0.2, index=index), near, like) == (expected[0][0], *expected[1:])
    assert {key: found[:7] for key, found in wide.items()}.keys() == near.keys()


def test_other_entries_far_away_change_no_decision():
    entries = bilingual()
    before = {(pair.a, pair.b) for pair in find_duplicates(pool_of(entries)).pairs}
    entries.append(need(99, "qqq www", "eee rrr ttt"))
    assert {(pair.a, pair.b) for pair in find_duplicates(pool_of(entries)).pairs} == before


SCRIPT = """
from tests.dedupe.test_invariance import answers, many
from tests.dedupe.pools import pool_of
(found, _), near, like = answers(pool_of(many()))
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
