"""All kinds of pages in a browser: they open, fit narrow screens, work without a script, remember light or dark."""

from datetime import date

import pytest

from tests.browser.conftest import wait_until

pytestmark = pytest.mark.browser

KINDS = [
    "index.html",
    "board.html",
    "overview.html",
    "customers.html",
    "customer/acme.html",
    "customer/%E5%8D%8E%E4%B8%9C%E5%95%86%E8%B4%B8.html",
    "modules.html",
    "module/billing.html",
    "requirement/REQ-aaaaaa.html",
    "requirement/REQ-ffffff.html",
    "requirement/REQ-dddddd.html",
    "duplicates.html",
    "inbox.html",
    "check.html",
    "all.html",
]


def test_every_kind_of_page_opens(visit):
    for path in KINDS:
        page = visit.open(path)
        assert page.locator("h1").count() == 1, path
        assert page.evaluate("getComputedStyle(document.querySelector('.top')).position") == "sticky", path


def test_a_requirement_opens_from_the_backlog(visit):
    page = visit.backlog()
    page.click("text=支持批量导出电子发票")
    page.wait_for_url("**/requirement/REQ-a0000a.html")
    assert page.inner_text("h1") == "支持批量导出电子发票"
    assert "孔雀石" in page.inner_text("article")
    page.click("nav >> text=Backlog")
    page.wait_for_url("**/index.html")


def test_going_back_finds_the_same_view(file_visit):
    page = file_visit.backlog("#module=archive&sort=title")
    page.click("#rows tbody tr.r a >> nth=2")
    page.wait_for_url("**/requirement/*.html")
    page.go_back()
    page.wait_for_selector("#facet-fields:not([disabled])", state="attached")
    assert page.is_checked('input[name="module"][value="archive"]')


def test_no_page_is_wider_than_the_screen(file_visit):
    for path in KINDS:
        page = file_visit.backlog() if path == "index.html" else file_visit.open(path)
        for width in (1360, 768, 390, 320):
            page.set_viewport_size({"width": width, "height": 700})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_titles_keep_a_place_at_every_width_and_on_paper(file_visit):
    page = file_visit.backlog()
    narrowest = "Math.min(...[...document.querySelectorAll('#rows tbody tr.r a')].map(a => a.offsetWidth / Math.min(a.scrollWidth, 120)))"
    for width in (1360, 1000, 740, 390, 320):
        page.set_viewport_size({"width": width, "height": 700})
        assert page.evaluate(narrowest) > 0.7, width
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 740, "height": 1000})
    heights = "Math.max(...[...document.querySelectorAll('#rows tbody tr.r')].map(row => row.offsetHeight))"
    assert page.evaluate(heights) < 80


def test_targets_are_large_enough(file_visit):
    """24 px, but for links within a sentence (WCAG 2.2, 2.5.8)."""
    small = """() => [...document.querySelectorAll('button, select, input, summary, nav a, .foot a, .facet label, .attention a')]
        .filter(one => one.offsetParent && !one.closest('.facet label') | one.tagName === 'LABEL')
        .map(one => [one.outerHTML.slice(0, 80), one.getBoundingClientRect()])
        .filter(([, box]) => box.height < 24 || box.width < 24).map(([what]) => what)"""
    for path in KINDS:
        page = file_visit.backlog() if path == "index.html" else file_visit.open(path)
        assert page.evaluate(small) == [], path


def test_text_can_be_read(file_visit):
    """7:1 for text against its ground, in both themes."""
    measure = """() => {
        const paint = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
        const rgba = colour => { paint.clearRect(0, 0, 1, 1); paint.fillStyle = colour; paint.fillRect(0, 0, 1, 1); return [...paint.getImageData(0, 0, 1, 1).data]; };
        const over = (top, under) => top.slice(0, 3).map((value, k) => (value * top[3] + under[k] * (255 - top[3])) / 255);
        const light = c => { const [r, g, b] = c.map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
        const ground = element => { const chain = []; for (let e = element; e; e = e.parentElement) chain.unshift(rgba(getComputedStyle(e).backgroundColor)); return chain.reduce((under, top) => over(top, under), [255, 255, 255]); };
        const found = [];
        const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        for (let node; node = walker.nextNode();) {
            const element = node.parentElement;
            if (!node.data.trim() || !element.offsetParent || element.closest('.unseen, svg, dialog, [disabled], .skip')) continue;
            const under = ground(element);
            const text = over(rgba(getComputedStyle(element).color), under);
            const [a, b] = [light(text), light(under)].sort((x, y) => y - x);
            const ratio = (a + 0.05) / (b + 0.05);
            if (ratio < 6.99) found.push([node.data.trim().slice(0, 30), element.className, ratio.toFixed(2)]);
        }
        return found.slice(0, 5);
    }"""
    for path in KINDS:
        page = file_visit.backlog() if path == "index.html" else file_visit.open(path)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            assert page.evaluate(measure) == [], f"{path}, {scheme}"


def test_light_or_dark_is_remembered(file_visit):
    page = file_visit.open("board.html")
    first = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.click("#theme")
    changed = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert changed != first
    page = file_visit.open("customer/acme.html")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == changed
    keys = page.evaluate("Object.keys(localStorage)")
    assert len(keys) == 1
    assert "Yunzhang" in keys[0]
    assert keys[0].split(":")[2].endswith("/")


def test_search_from_any_page(visit):
    page = visit.open("customer/acme.html")
    page.keyboard.press("/")
    page.keyboard.type("partial refunds")
    page.keyboard.press("Enter")
    page.wait_for_url("**/index.html#q=partial%20refunds")
    wait_until(page, "document.querySelector('#count b').textContent.startsWith('1 ')")


def test_dates_in_words(file_visit):
    page = file_visit.open("requirement/REQ-a0000a.html")
    since = page.locator(".facts time")
    days = (date.today() - date.fromisoformat(since.get_attribute("datetime"))).days
    words = since.inner_text()
    assert words.startswith("18 Jun")
    assert {"ago", "in"} & set(words.split())
    assert str(abs(days)) in words
    assert since.get_attribute("title") == "18 June 2026"


def test_tables_sort(file_visit):
    page = file_visit.open("customers.html")
    first = "document.querySelector('.sheet tbody td').textContent"
    page.click(".sheet th:has-text('Open needs') button")
    assert page.get_attribute(".sheet th:has-text('Open needs')", "aria-sort") == "descending"
    page.click(".sheet th:has-text('Name') button")
    assert page.evaluate(first) == "Acme"
    page.click(".sheet th:has-text('Name') button")
    assert page.evaluate(first) != "Acme"


def test_copying_a_command(file_visit):
    page = file_visit.open("requirement/REQ-ffffff.html")
    page.click(".callout .copy")
    wait_until(page, "document.querySelector('.callout .copy').textContent === 'Copied'")


def test_without_a_script(browser, file_visit):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 1360, "height": 900})
    page = context.new_page()
    page.goto(file_visit.base + "index.html")
    assert page.locator("#rows tbody tr.r").count() == 100
    assert page.is_visible(".more.no-js a")
    assert not page.is_visible(".find")
    page.click("#rows tbody a >> nth=0")
    page.wait_for_url("**/requirement/REQ-aaaaaa.html")
    assert page.is_visible("h1")
    page.goto(file_visit.base + "board.html")
    assert page.is_visible(".card")
    context.close()


def test_a_printed_page_has_no_chrome(file_visit):
    page = file_visit.open("requirement/REQ-aaaaaa.html")
    page.emulate_media(media="print")
    assert not page.is_visible(".top")
    assert page.is_visible("h1")
    assert page.is_visible(".side")
