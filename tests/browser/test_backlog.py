"""The backlog in a browser: searching, filtering, sorting, grouping, keys, and an address that gives the view again."""

import json
import re
from urllib.parse import quote

import pytest

from tests.browser.conftest import MANY, wait_until

pytestmark = pytest.mark.browser

ALL = MANY + 5


def titles(page):
    return page.eval_on_selector_all("#rows tbody tr.r a", "links => links.map(link => link.textContent)")


def count(page):
    return int(page.inner_text("#count b").split()[0].replace(",", ""))


def search(page, text):
    page.fill("#q", text)
    page.wait_for_timeout(30)


def test_it_opens_in_rank_order(visit):
    page = visit.backlog()
    assert count(page) == ALL
    assert titles(page)[:3] == ["aaaaaa", "cccccc", "支持批量导出电子发票"]
    assert page.title().startswith("Backlog")


def test_a_chinese_query_filters_and_is_marked(visit):
    page = visit.backlog()
    search(page, "导出")
    assert titles(page)[:2] == ["支持批量导出电子发票", "批量导出对账单"]
    assert count(page) < 5
    assert page.inner_text("#rows tbody tr.r mark") == "导出"


def test_an_english_query_filters_by_words_in_any_case(visit):
    page = visit.backlog()
    search(page, "REFUNDS partial")
    assert titles(page) == ["Reconcile partial refunds"]
    assert page.eval_on_selector_all("#rows tbody mark", "marks => marks.map(mark => mark.textContent)") == [
        "partial",
        "refunds",
    ]


def test_a_query_finds_by_customer_owner_and_id(file_visit):
    page = file_visit.backlog()
    for query in ("northwind", "a0000b"):
        search(page, query)
        assert "Reconcile partial refunds" in titles(page)
    search(page, "northwind emma")
    assert titles(page) == ["支持批量导出电子发票"]


@pytest.mark.parametrize(
    ("query", "title"),
    [("孔雀石", "支持批量导出电子发票"), ("thaumatrope", "Reconcile partial refunds")],
)
def test_a_word_that_stands_only_in_a_text_is_found(visit, query, title):
    page = visit.backlog()
    page.fill("#q", query)
    wait_until(
        page, "title => [...document.querySelectorAll('#rows tbody a')].some(a => a.textContent === title)", title
    )
    assert titles(page) == [title]
    assert "Found in the text" in page.inner_text("#rows tbody")


def test_nothing_found_says_what_to_do(file_visit):
    page = file_visit.backlog()
    search(page, "no such words anywhere")
    assert page.is_visible("#nothing")
    assert count(page) == 0
    page.keyboard.press("Escape")
    assert count(page) == ALL
    assert not page.is_visible("#nothing")


def test_a_facet_filters_with_several_values_and_live_counts(visit):
    page = visit.backlog()
    box = '.facet[data-facet="module"] label:has(input[value="{}"])'
    before = int(page.inner_text(box.format("archive") + " .num").replace(",", ""))
    page.check('input[name="module"][value="archive"]')
    assert count(page) == before
    other = int(page.inner_text(box.format("billing") + " .num").replace(",", ""))
    page.check('input[name="module"][value="billing"]')
    assert count(page) == before + other
    page.check('input[name="status"][value="building"]')
    assert titles(page) == ["支持批量导出电子发票"]
    assert page.inner_text(box.format("billing") + " .num") == "0"
    page.click("#chips .chip.all")
    assert count(page) == ALL


def test_closed_and_merged_ones_are_there_when_asked_for(file_visit):
    page = file_visit.backlog()
    search(page, "dddddd")
    assert titles(page) == []
    assert "closed or merged" in page.inner_text("#others")
    page.click("#others button")
    assert titles(page) == ["dddddd"]
    page = file_visit.backlog("#status=merged")
    assert titles(page) == ["把对账单一次全部导出"]
    assert "Merged" in page.inner_text("#rows tbody tr.r .signs")


def test_the_address_gives_the_view_again(visit):
    page = visit.backlog()
    search(page, "document")
    page.check('input[name="module"][value="对账"]')
    page.click('th[data-sort="title"] button')
    page.select_option("#group", "module")
    address, shown, number = page.url, titles(page), count(page)
    assert f"module={quote('对账')}" in address
    assert number > 100
    again = visit.open("index.html" + address[address.index("#") :])
    again.wait_for_selector("#facet-fields:not([disabled])", state="attached")
    assert titles(again) == shown
    assert count(again) == number
    assert again.input_value("#q") == "document"
    assert again.is_checked('input[name="module"][value="对账"]')
    assert again.get_attribute('th[data-sort="title"]', "aria-sort") == "ascending"


@pytest.mark.parametrize(
    "fragment", ["#sort=nonsense&group=x&status=&=&q=%E0%A4%A", "#module=unknown", "#%", "#q=a=b&c"]
)
def test_a_mangled_address_does_no_harm(file_visit, fragment):
    page = file_visit.backlog(fragment)
    assert page.is_visible("#count")


def test_back_and_forth_between_addresses(file_visit):
    page = file_visit.backlog()
    page.evaluate("location.hash = '#status=building'")
    wait_until(page, "document.querySelector('#count b').textContent.startsWith('1 ')")
    page.evaluate("location.hash = '#status=accepted'")
    wait_until(page, "document.querySelector('#rows tbody a').textContent === '批量导出对账单'")


def test_sorting_by_columns(file_visit):
    page = file_visit.backlog()
    page.click('th[data-sort="arr"] button')
    amounts = page.eval_on_selector_all(
        "#rows tbody tr.r .v", "cells => cells.slice(0, 4).map(cell => cell.textContent)"
    )
    assert amounts == ["¥3.5M", "¥3.5M", "¥1.2M", "¥1.2M"]
    assert page.get_attribute('th[data-sort="arr"]', "aria-sort") == "descending"
    page.click('th[data-sort="title"] button')
    first = titles(page)
    page.click('th[data-sort="title"] button')
    assert titles(page)[0] != first[0]
    page.click('th[data-sort="rank"] button')
    assert titles(page)[0] == "aaaaaa"


def test_groups_have_counts_and_sums(file_visit):
    page = file_visit.backlog()
    assert page.inner_text("#rows tbody tr.head").split("\n") == ["Blocks use", "1 need", "¥3.5M"]
    page.select_option("#group", "status")
    heads = page.eval_on_selector_all("#rows tbody tr.head b", "all => all.map(one => one.textContent)")
    assert heads[0] == "New"


def test_rows_drawn_by_the_script_are_those_of_the_page(browser, file_visit):
    """The first of them, as they stand in the page and as the script draws them."""
    tall = {"width": 1360, "height": 3000}
    file_visit.page.set_viewport_size(tall)
    drawn = rows(file_visit.backlog())
    context = browser.new_context(java_script_enabled=False, viewport=tall)
    plain = context.new_page()
    plain.goto(file_visit.base + "index.html")
    written = rows(plain)
    context.close()
    assert len(written) == len(drawn) == 80
    for one, other in zip(written, drawn, strict=True):
        assert one[0] == other[0]
        assert words(one[1]) == words(other[1])
        assert one[2:] == other[2:]


def rows(page):
    return page.eval_on_selector_all(
        "#rows tbody tr",
        """rows => rows.slice(0, 80).map(row => [row.className.split(' ')[0], row.innerText,
           row.querySelector('a') && row.querySelector('a').getAttribute('href'),
           [...row.querySelectorAll('[class]')].map(part => part.className).join(' '),
           [...row.querySelectorAll('td')].map(cell => cell.title).join('|')])""",
    )


def words(text):
    """A row's words without those that say when: the script puts them into other words."""
    return re.sub(r"\d+ days?|today|yesterday|\d{1,2} [A-Z][a-z]{2}\b", "", text).split()


def test_far_rows_are_drawn_when_scrolled_to(file_visit):
    page = file_visit.backlog("#group=none")
    assert page.locator("#rows tbody tr").count() < 200
    height = page.evaluate("document.documentElement.scrollHeight")
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    wait_until(
        page, f"[...document.querySelectorAll('#rows tbody tr.r .n')].some(cell => cell.textContent === '{ALL}')"
    )
    assert abs(page.evaluate("document.documentElement.scrollHeight") - height) < 40
    page.evaluate("scrollTo(0, 0)")
    wait_until(page, "document.querySelector('#rows tbody tr.r .n').textContent === '1'")


def test_all_rows_are_printed(file_visit):
    page = file_visit.backlog("#module=archive")
    number = count(page)
    assert page.locator("#rows tbody tr.r").count() < number
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("#rows tbody tr.r").count() == number
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("#rows tbody tr.r").count() < number


def test_keys(file_visit):
    page = file_visit.backlog()
    active = "document.activeElement.textContent"
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.type("j?")
    assert page.input_value("#q") == "j?"
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    assert page.evaluate(active) == "aaaaaa"
    page.keyboard.press("j")
    assert page.evaluate(active) == "cccccc"
    page.keyboard.press("k")
    assert page.evaluate(active) == "aaaaaa"
    page.keyboard.press("?")
    assert page.is_visible("#help")
    page.keyboard.press("Escape")
    assert not page.is_visible("#help")
    page.keyboard.press("Enter")
    page.wait_for_url("**/requirement/REQ-aaaaaa.html")
    assert page.inner_text("h1") == "aaaaaa"


def test_one_row_is_in_the_order_of_tab(file_visit):
    page = file_visit.backlog()
    assert page.locator('#rows tbody a[tabindex="0"]').count() == 1
    page.keyboard.press("j")
    page.keyboard.press("ArrowDown")
    assert page.locator('#rows tbody a[tabindex="0"]').count() == 1
    assert page.evaluate("document.activeElement.tabIndex") == 0


def test_focus_survives_drawing_again(file_visit):
    page = file_visit.backlog("#group=none")
    for _ in range(60):
        page.keyboard.press("j")
    assert page.evaluate("document.activeElement.closest('tr').querySelector('.n').textContent") == "60"
    page.evaluate("scrollBy(0, 400)")
    page.wait_for_timeout(100)
    assert page.evaluate("document.activeElement.closest('tr').querySelector('.n').textContent") == "60"
    box = page.evaluate(
        "(() => { const r = document.activeElement.getBoundingClientRect(); return [r.top, innerHeight] })()"
    )
    assert box[0] < box[1]


def test_for_those_who_listen(file_visit):
    page = file_visit.backlog()
    assert page.get_attribute("#rows", "aria-rowcount") is not None
    assert page.get_attribute("#count", "role") == "status"
    assert page.get_attribute("#rows tbody tr.r", "aria-rowindex") == "3"
    assert page.get_attribute('th[data-sort="rank"]', "aria-sort") == "ascending"


def test_facets_do_not_move_the_page(file_visit):
    page = file_visit.open("index.html")
    before = page.evaluate("JSON.stringify(document.querySelector('#rows thead').getBoundingClientRect())")
    page.wait_for_selector("#facet-fields:not([disabled])", state="attached")
    after = page.evaluate("JSON.stringify(document.querySelector('#rows thead').getBoundingClientRect())")
    assert json.loads(before) == json.loads(after)
