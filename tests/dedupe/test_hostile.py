"""Pools of every size and of any text: sensible results, quickly, without a warning."""

import time

import pytest

from tests.dedupe.pools import bilingual, need, pool_of, pool_with_titles, rid
from tobkit.dedupe import build_index, find_duplicates, neighbours, similar

pytestmark = pytest.mark.filterwarnings("error")


def everything(pool):
    index = build_index(pool)
    return (
        find_duplicates(pool, threshold=0, index=index),
        neighbours(pool, 5, index=index),
        similar(pool, "x 导", "y", index=index),
    )


def test_no_entry():
    found, near, like = everything(pool_of([]))
    assert (found.pairs, found.groups, near, like) == ((), (), {}, ())


def test_one_entry():
    found, near, _ = everything(pool_with_titles("批量导出"))
    assert (found.pairs, near) == ((), {rid(1): ()})


def test_two_entries_alike_and_unlike():
    assert find_duplicates(pool_with_titles("批量导出对账单", "批量导出对账单")).groups == ((rid(1), rid(2)),)
    assert find_duplicates(pool_with_titles("批量导出对账单", "Dark mode")).pairs == ()


def test_five_entries():
    pool = pool_with_titles(
        "批量导出对账单", "对账单能批量导出吗", "Dark mode", "供应商付款日历", "Archive old projects"
    )
    assert find_duplicates(pool).groups == ((rid(1), rid(2)),)


def test_a_thousand_identical_titles():
    pool = pool_of(need(number, "导出报表") for number in range(1000))
    found = find_duplicates(pool)
    assert len(found.pairs) == 999  # each with the first, not each with each
    assert {pair.a for pair in found.pairs} == {rid(0)}
    assert found.groups == (tuple(pool.requirements),)
    near = neighbours(pool, 3)
    assert [one.id for one in near[rid(500)]] == [rid(0), rid(1), rid(2)]
    assert [one.id for one in near[rid(1)]] == [rid(0), rid(2), rid(3)]
    assert len(similar(pool, "导出报表", k=5)) == 5


def test_many_identical_titles_dont_hide_another_pair():
    pool = pool_of([*(need(100 + number, "导出报表") for number in range(300)), *bilingual()])
    found = find_duplicates(pool)
    assert (rid(1), rid(2)) in {(pair.a, pair.b) for pair in found.pairs}


def test_numbered_templates_are_no_duplicates():
    pool = pool_of(need(number, f"Weekly check of branch number {number}") for number in range(60))
    assert find_duplicates(pool).pairs == ()


def test_only_emoji():
    found = find_duplicates(pool_with_titles("🎉", "🔥🔥", "🎉", "😀"))
    assert [(pair.a, pair.b) for pair in found.pairs] == [(rid(1), rid(3))]


def test_nothing_but_marks_and_spaces():
    found, near, _ = everything(
        pool_with_titles(" ", "\u200b", "<!-- -->", "**", "https://example.com", "---", "&nbsp;")
    )
    assert {rid(1), rid(3), rid(5)}.isdisjoint({end for pair in found.pairs for end in (pair.a, pair.b)})
    assert all(not near[one] for one in (rid(1), rid(3), rid(5)))


def test_empty_bodies():
    assert find_duplicates(pool_of(entry.model_copy(update={"body": ""}) for entry in bilingual())).pairs


@pytest.mark.parametrize("filler", ["对账导出 ", "x", "导", "<a"])
def test_one_body_of_a_mebibyte(filler):
    body = (filler * 1_048_576)[:1_048_576]
    start = time.process_time()
    found, *_ = everything(
        pool_of([*bilingual(), need(50, "批量导出对账单", body), need(51, "Something else", body[::-1])])
    )
    assert time.process_time() - start < 10
    assert (rid(1), rid(2)) in {(pair.a, pair.b) for pair in found.pairs}


@pytest.mark.parametrize(
    "text",
    [
        "\u202e反转",
        "Ａ" * 50,
        "e\u0301" * 50,
        "ก็็็็็็",
        "\U0010ffff",
        "İıſß",
        "한국어 인보이스",
        "ﷺ" * 20,
        "𠮷野家",
        "`{n}` {terms} %s",
        "a\x00b",
    ],
)
def test_odd_scripts_and_slots(text):
    found, near, like = everything(pool_with_titles(text, text + " x", "批量导出", text))
    assert (rid(1), rid(4)) in {(pair.a, pair.b) for pair in found.pairs}
    assert near[rid(1)][0].id == rid(4)
    assert all(str(reason) for pair in found.pairs for reason in pair.reasons)
    assert len(like) <= 5


def test_an_unknown_module_or_customer_of_a_text():
    assert similar(pool_of(bilingual()), "批量导出对账单", module="nowhere", customers=["nobody"])


def test_more_neighbours_than_there_are():
    pool = pool_of(bilingual())
    assert max(map(len, neighbours(pool, 10**6).values())) < len(pool.requirements)
