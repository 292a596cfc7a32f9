"""What somebody probably meant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tobkit.model.nearest import Words, distance, nearest, plain

STATUSES = [
    "new",
    "triaged",
    "accepted",
    "building",
    "delivered",
    "parked",
    "declined",
    "新建",
    "待评估",
    "已受理",
    "开发中",
    "已交付",
    "搁置",
    "不做",
]


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("Acepted", "accepted"),
        ("DELIVERED", "delivered"),
        ("ｄｅｌｉｖｅｒｅｄ", "delivered"),
        ("délivered", "delivered"),
        ("parkde", "parked"),
        ("bulding", "building"),
        ("已受里", "已受理"),
        ("开发种", "开发中"),
        ("在开发中", "开发中"),
        ("已接收", "accepted"),
        ("已取消", "declined"),
        ("done", "delivered"),
        ("in progress", "building"),
        ("hello", None),
        ("一二三", None),
        ("", None),
        ("---", None),
        ("x" * 1000, None),
    ],
)
def test_statuses(word: str, meant: str | None) -> None:
    assert nearest(word, STATUSES) == meant


@pytest.mark.parametrize(
    ("word", "known", "meant"),
    [
        ("华东商贸有限公司", ["华南商贸", "华东商贸"], "华东商贸"),
        ("customer", ["customer-success", "sales"], "customer-success"),
        ("sugested_priorty", ["status", "suggested_priority"], "suggested_priority"),
        ("assignee", ["title", "owner"], "owner"),
        ("REQ-7F3KQ2", ["REQ-7f3kq3", "REQ-7f3kq2"], "REQ-7f3kq2"),
        ("REQ-7f3k2q", ["REQ-7f3kq2"], "REQ-7f3kq2"),
        ("REQ-7f3kq", ["REQ-7f3kq2"], "REQ-7f3kq2"),
        ("REQ-", ["REQ-7f3kq2"], None),
        ("REQ-123456", ["REQ-654321"], None),
        ("bug", ["feature", "improvement", "defect", "stability"], "defect"),
        ("P0", ["highest", "high", "medium", "low"], "highest"),
        ("anything", [], None),
    ],
)
def test_other_words(word: str, known: list[str], meant: str | None) -> None:
    assert nearest(word, known) == meant


def test_among_equals_the_first_is_taken() -> None:
    assert nearest("cat", ["bat", "hat"]) == "bat"
    assert nearest("cat", ["hat", "bat"]) == "hat"


@given(st.text(max_size=30), st.lists(st.text(max_size=12), max_size=8))
def test_the_answer_is_a_known_word_and_known_words_are_found(word: str, known: list[str]) -> None:
    assert nearest(word, known) in {None, *known}
    for each in known:
        if plain(each):
            found = nearest(each, known)
            assert found is not None
            assert plain(found) == plain(each)


def edits(a: str, b: str) -> int:
    """The same distance, by its definition."""
    rows = [[i + j if i * j == 0 else 0 for j in range(len(b) + 1)] for i in range(len(a) + 1)]
    for i in range(1, len(a) + 1):
        for j in range(1, len(b) + 1):
            rows[i][j] = min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + (a[i - 1] != b[j - 1]))
            if i > 1 and j > 1 and a[i - 1] == b[j - 2] and a[i - 2] == b[j - 1]:
                rows[i][j] = min(rows[i][j], rows[i - 2][j - 2] + 1)
    return rows[-1][-1]


@given(st.text("abc", max_size=7), st.text("abc", max_size=7), st.integers(0, 4))
def test_distance_is_exact_up_to_its_limit(a: str, b: str, limit: int) -> None:
    exact = edits(a, b)
    found = distance(a, b, limit)
    assert found == exact if exact <= limit else found > limit


def test_many_words_are_looked_up_quickly_in_many() -> None:
    words = Words(f"REQ-{number:06d}" for number in range(10_000))
    assert words.nearest("REQ-00500O") == "REQ-005000"
