"""What is found in small pools, what isn't, and what is said about it."""

from datetime import date

import pytest

from tests.dedupe.pools import DUPLICATES, bilingual, customer, module, need, pool_of, pool_with_titles, rid
from tobkit.dedupe import THRESHOLD, build_index, find_duplicates, neighbours, similar
from tobkit.messages import Message


def ends(found):
    return {(pair.a, pair.b) for pair in found.pairs}


def said(reasons):
    return [str(reason) for reason in reasons]


def test_needs_said_twice_are_found_in_and_across_two_languages():
    found = find_duplicates(pool_of(bilingual()))
    assert ends(found) == DUPLICATES
    assert set(found.groups) == DUPLICATES
    assert found.threshold == THRESHOLD


def test_different_needs_in_the_same_words_are_no_duplicates():
    different = [
        need(1, "批量导出电子发票", "审计要全年的发票文件。"),
        need(2, "供应商付款到期提醒", "到期前三天通知出纳。"),
        need(3, "审批人出差时可以委托别人", "总监出差一周，付款都停了。"),
        need(4, "Show the bank balance on the dashboard", "The treasurer opens three portals every morning."),
        need(5, "Lock a period after closing", "Somebody booked into March again."),
        need(6, "仓库盘点支持扫码", "现在是手抄条码。"),
    ]
    assert find_duplicates(pool_of(different)).pairs == ()


def test_the_likeliest_comes_first_and_the_score_reaches_the_threshold():
    found = find_duplicates(pool_of(bilingual()), threshold=0.0)
    assert [(-pair.score, pair.a, pair.b) for pair in found.pairs] == sorted((-p.score, p.a, p.b) for p in found.pairs)
    some = find_duplicates(pool_of(bilingual()), threshold=0.9)
    assert some.pairs == tuple(pair for pair in found.pairs if pair.score >= 0.9)
    assert some.pairs


def test_the_threshold_is_the_callers_then_the_configurations():
    entries = bilingual()
    assert find_duplicates(pool_of(entries, threshold=0.97)).threshold == 0.97
    assert len(find_duplicates(pool_of(entries, threshold=0.97)).pairs) < len(DUPLICATES)
    assert find_duplicates(pool_of(entries, threshold=0.97), threshold=0.2).threshold == 0.2
    assert find_duplicates(pool_of(entries, threshold=0.0)).threshold == 0.0


# Decisions


def changed(number, **fields):
    return [entry.model_copy(update=fields) if entry.id == rid(number) else entry for entry in bilingual()]


@pytest.mark.parametrize(("one", "other"), [(1, 2), (2, 1)])
def test_a_merged_entry_makes_no_pair(one, other):
    assert ends(find_duplicates(pool_of(changed(one, duplicate_of=rid(other))))) == DUPLICATES - {(rid(1), rid(2))}


@pytest.mark.parametrize(("one", "other"), [(1, 2), (2, 1)])
def test_what_is_declared_different_makes_no_pair_in_either_direction(one, other):
    found = find_duplicates(pool_of(changed(one, not_duplicate_of=(rid(other),))))
    assert ends(found) == DUPLICATES - {(rid(1), rid(2))}


def test_a_decision_about_members_counts_for_their_groups():
    entries = [
        *bilingual(),
        need(21, "对账单一次性导出", duplicate_of=rid(1)),
        need(22, "一张张导对账单太慢", duplicate_of=rid(2)),
    ]
    assert (rid(1), rid(2)) in ends(find_duplicates(pool_of(entries)))
    entries[-1] = entries[-1].model_copy(update={"not_duplicate_of": (rid(21),)})
    assert ends(find_duplicates(pool_of(entries))) == DUPLICATES - {(rid(1), rid(2))}


def test_a_merged_entrys_words_count_for_its_canonical_entry():
    plain = [
        need(1, "月末能不能轻松一点", "财务很累。"),
        need(2, "Bulk export of reconciliation statements"),
        *bilingual()[8:],
    ]
    assert (rid(1), rid(2)) not in ends(find_duplicates(pool_of(plain)))
    merged = [*plain, need(3, "批量导出对账单", duplicate_of=rid(1))]
    found = find_duplicates(pool_of(merged))
    assert (rid(1), rid(2)) in ends(found)
    assert rid(3) not in {end for pair in found.pairs for end in (pair.a, pair.b)}


def test_chains_cycles_and_dead_ends_of_duplicates():
    same = "批量导出对账单"
    chain = [need(1, same), need(2, same, duplicate_of=rid(1)), need(3, same, duplicate_of=rid(2))]
    assert find_duplicates(pool_of(chain)).pairs == ()
    cycle = [need(1, same, duplicate_of=rid(2)), need(2, same, duplicate_of=rid(1)), need(3, same)]
    assert find_duplicates(pool_of(cycle)).pairs == ()
    dead = [need(1, same, duplicate_of=rid(9)), need(2, same)]
    assert find_duplicates(pool_of(dead)).pairs == ()


CLOSED = [
    {"status": "delivered", "delivered": date(2026, 3, 2)},
    {"status": "parked", "reason": "later"},
    {"status": "declined", "reason": "never"},
]


@pytest.mark.parametrize("closed", CLOSED)
def test_a_new_entry_may_repeat_a_closed_one_but_two_closed_ones_are_left_alone(closed):
    once = changed(1, **closed)
    assert (rid(1), rid(2)) in ends(find_duplicates(pool_of(once)))
    twice = [entry.model_copy(update=closed) if entry.id == rid(2) else entry for entry in once]
    assert (rid(1), rid(2)) not in ends(find_duplicates(pool_of(twice)))


# Evidence beside the words


def scores_with(**fields):
    """The score of the first pair when both entries have these fields."""
    entries = [entry.model_copy(update=fields) if entry.id in (rid(1), rid(2)) else entry for entry in bilingual()]
    entries += [module("billing", "Billing"), module("stock", "Stock"), customer("acme", "Acme 公司", "爱客美")]
    return next(pair for pair in find_duplicates(pool_of(entries)).pairs if pair.a == rid(1))


def test_the_same_module_and_the_same_customer_speak_for_a_pair():
    plain, same = scores_with(), scores_with(module="billing", customers=("acme",))
    assert same.score > plain.score
    assert {"same module: Billing", "same customer: Acme 公司"} <= set(said(same.reasons))
    assert not {"same module: Billing", "same customer: Acme 公司"} & set(said(plain.reasons))


def test_different_modules_speak_against_it():
    entries = changed(1, module="billing")
    entries = [entry.model_copy(update={"module": "stock"}) if entry.id == rid(2) else entry for entry in entries]
    found = next(pair for pair in find_duplicates(pool_of(entries)).pairs if pair.a == rid(1))
    assert found.score < scores_with().score


def test_an_alias_is_the_same_customer():
    entries = changed(1, customers=("acme",))
    entries = [
        entry.model_copy(update={"customers": ("爱客美",)}) if entry.id == rid(2) else entry for entry in entries
    ]
    found = find_duplicates(pool_of([*entries, customer("acme", "Acme 公司", "爱客美")]))
    assert "same customer: Acme 公司" in said(found.pairs[0].reasons)


# Reasons


def reasons(one, other):
    pool = pool_of([need(1, *one), need(2, *other), *bilingual()[8:]])
    (pair,) = (pair for pair in find_duplicates(pool, threshold=0).pairs if (pair.a, pair.b) == (rid(1), rid(2)))
    return said(pair.reasons)


def shared(one, other):
    (found,) = (reason for reason in reasons(one, other) if reason.startswith("both say "))
    return found.removeprefix("both say ").split(", ")


def test_shared_terms_are_shown_as_they_are_written():
    assert set(shared(("Export the SAP ledger", "every Friday"), ("SAP ledgers: an export", "on Fridays"))) == {
        "export",
        "SAP",
        "ledger",
        "Friday",
    }


def test_chinese_terms_are_whole_stretches_cut_where_words_end():
    found = shared(("供应商门户批量导入合同",), ("批量导出供应商门户的合同",))
    assert set(found) == {"供应商门户", "批量", "合同"}


def test_numbers_and_common_words_are_no_reason():
    found = reasons(("The list should be 100 rows", "we want this"), ("We need the 100 things", "and this should be"))
    assert not [reason for reason in found if reason.startswith("both say ")]


def test_the_same_words_and_nearly_the_same_titles_are_said():
    assert reasons(("批量导出对账单", "一"), ("批量导出对账单", "一"))[0] == "word for word the same"
    assert reasons(("批量导出对账单", "每月"), ("批量导出对账单吗", "门店"))[0] == "titles nearly the same"


def test_terms_that_mean_the_same_are_said():
    assert "same meaning: 审批 = Approval, 流程 = workflow, 金额 = amount, 付款 = Payments" in said(
        next(pair for pair in find_duplicates(pool_of(bilingual())).pairs if pair.a == rid(5)).reasons
    )


def test_every_pair_has_a_reason_in_words():
    for pair in find_duplicates(pool_with_titles("一", "一二", "🎉", "🎉🎉", "a", "a b"), threshold=0).pairs:
        assert pair.reasons
        assert all(isinstance(reason, Message) and str(reason) for reason in pair.reasons)


# What to keep


def test_the_better_described_entry_is_kept_then_the_older():
    def kept(**fields):
        found = find_duplicates(pool_of(changed(2, **fields)))
        return found.keep[found.groups.index((rid(1), rid(2)))]

    assert kept() == rid(1)
    assert kept(date=date(2026, 2, 1)) == rid(2)
    assert kept(body=bilingual()[1].body * 9) == rid(2)
    assert len(find_duplicates(pool_of(bilingual())).keep) == len(DUPLICATES)


# Neighbours


def test_neighbours_of_every_requirement_decided_or_not():
    entries = [*changed(1, duplicate_of=rid(2), status="declined", reason="x"), need(30, "zzz")]
    found = neighbours(pool_of(entries), 3)
    assert list(found) == sorted(entry.id for entry in entries)
    assert found[rid(1)][0].id == rid(2)
    assert found[rid(2)][0].id == rid(1)
    assert found[rid(30)] == ()


def test_neighbours_have_the_scores_of_pairs():
    pool = pool_of(bilingual())
    found = neighbours(pool, 20)
    for pair in find_duplicates(pool, threshold=0).pairs:
        assert dict(found[pair.a])[pair.b] == pair.score
        assert dict(found[pair.b])[pair.a] == pair.score


def test_fewer_neighbours_are_the_best_of_more():
    pool = pool_of(bilingual())
    many = neighbours(pool, 50)
    for k in (0, 1, 2, 5):
        assert neighbours(pool, k) == {key: near[:k] for key, near in many.items()}


def test_a_pool_larger_than_what_is_looked_at_has_as_many_neighbours_as_are_asked_for():
    pool = pool_of(
        need(number, f"export report number {number}", f"word{number % 7} word{number % 11}") for number in range(90)
    )
    wide = neighbours(pool, 80)
    assert {len(near) for near in wide.values()} == {80}
    assert neighbours(pool, 5) == {key: near[:5] for key, near in wide.items()}


# Similar to a text


def test_a_text_finds_what_it_repeats():
    pool = pool_of(bilingual())
    index = build_index(pool)
    for title, expected in (
        ("一次导出全部对账单", {rid(1), rid(2)}),
        ("Amount limits in the approval workflow", {rid(5), rid(6)}),
    ):
        found = similar(pool, title, "", 2, index=index)
        assert {near.id for near in found} == expected
        assert all(near.reasons and 0 < near.score <= 1 for near in found)


def test_a_text_is_scored_as_if_it_were_filed():
    entries = bilingual()
    filed = dict(neighbours(pool_of(entries), 1)[rid(2)])[rid(1)]
    rest = pool_of([entry for entry in entries if entry.id != rid(2)])
    asked = similar(rest, entries[1].title, entries[1].body, 1)[0]
    assert asked.id == rid(1)
    assert asked.score == pytest.approx(filed, abs=0.1)


def test_module_and_customers_of_a_text_count():
    entries = [
        *changed(1, module="billing", customers=("acme",)),
        module("billing", "Billing"),
        customer("acme", "Acme"),
    ]
    pool = pool_of(entries)
    plain = {near.id: near.score for near in similar(pool, "导出对账单", k=5)}
    told = {near.id: near for near in similar(pool, "导出对账单", k=5, module="billing", customers=["acme"])}
    assert told[rid(1)].score > plain[rid(1)]
    assert {"same module: Billing", "same customer: Acme"} <= set(said(told[rid(1)].reasons))


def test_a_merged_entry_is_given_as_its_canonical_entry():
    found = similar(pool_of(changed(1, duplicate_of=rid(2))), "批量导出对账单", "", 5)
    assert [near.id for near in found].count(rid(2)) == 1
    assert rid(1) not in {near.id for near in found}


def test_asking_leaves_the_index_as_it_was():
    pool = pool_of(bilingual())
    index = build_index(pool)
    before = (
        find_duplicates(pool, index=index),
        neighbours(pool, 5, index=index),
        similar(pool, "新词 frobnicate", index=index),
    )
    similar(pool, "frobnicate 魑魅魍魉 widget", "grault " * 50, index=index)
    assert before == (
        find_duplicates(pool, index=index),
        neighbours(pool, 5, index=index),
        similar(pool, "新词 frobnicate", index=index),
    )
    assert before == (find_duplicates(pool), neighbours(pool, 5), similar(pool, "新词 frobnicate"))
