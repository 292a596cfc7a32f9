"""The shipped glossary is sound, and a team's synonyms join it."""

from collections import Counter

import pytest

from tests.dedupe.pools import need, pool_of, rid
from tobkit.dedupe import find_duplicates, neighbours
from tobkit.dedupe.glossary import Glossary, shipped, term_key
from tobkit.dedupe.text import IS_CJK, runs


def test_the_shipped_glossary_is_small_and_bilingual():
    assert 200 <= len(shipped()) <= 300
    for line in shipped():
        keys = [term_key(term) for term in line]
        assert any(IS_CJK.match(key) for key in keys), line
        assert any(not IS_CJK.match(key) for key in keys), line
        assert len(set(keys)) == len(keys), f"two spellings of one term: {line}"
        assert all(len(key) > 1 for key in keys), f"single characters are parts of other words: {line}"


def test_a_shipped_term_stands_in_one_line():
    found = Counter(term_key(term) for line in shipped() for term in line)
    assert [term for term, count in found.items() if count > 1] == []


@pytest.mark.parametrize(
    ("text", "concepts"),
    [
        ("批量导出对账单", ["=批量", "=导出", "=对账单"]),  # the longest term first: not 对账
        ("Exported in bulk", ["=导出", "=批量"]),
        ("single sign-on", ["=单点登录"]),
        ("sign", []),
        ("银行", ["=银行"]),
        ("", []),
    ],
)
def test_concepts_of_a_text(text, concepts):
    glossary = Glossary(shipped())
    words = runs(text)
    assert [
        *(c for word in words for c in glossary.of_run(word)),
        *glossary.of_phrases(words, frozenset(words)),
    ] == concepts


def test_lines_that_share_a_term_are_one_concept():
    glossary = Glossary([("a1", "b1"), ("c1", "d1"), ("b1", "c1"), ("e1", "f1")])
    assert {glossary.concept_of[term] for term in ("a1", "b1", "c1", "d1")} == {"=a1"}
    assert glossary.concept_of["e1"] != "=a1"


@pytest.mark.parametrize("line", [(), ("",), ("!!!",), ("one",), ("a(b", "c[d", "*"), ("(对账", "x|y")])
def test_odd_synonyms_do_no_harm(line):
    pool = pool_of([need(1, "对账 a(b"), need(2, "x|y c[d")], synonyms=[line])
    find_duplicates(pool, threshold=0)


TWO = [
    need(1, "小蓝本打印太慢"),
    need(2, "The ledgerette prints too slowly"),
    need(3, "Archive projects"),
    need(4, "盘点扫码"),
]


def test_a_teams_synonyms_bring_two_languages_together():
    without = neighbours(pool_of(TWO), 3)[rid(1)][0]
    joined = neighbours(pool_of(TWO, synonyms=[("小蓝本", "ledgerette")]), 3)[rid(1)][0]
    assert joined.id == rid(2)
    assert joined.score > without.score


def test_synonyms_work_within_a_language_too():
    two = [
        need(1, "Flurb the widget list"),
        need(2, "Zanify widgets"),
        need(3, "Archive projects"),
        need(4, "Widget colours"),
    ]
    without = dict(neighbours(pool_of(two), 3)[rid(1)])[rid(2)]
    joined = dict(neighbours(pool_of(two, synonyms=[("flurb", "zanify")]), 3)[rid(1)])[rid(2)]
    assert joined > without
