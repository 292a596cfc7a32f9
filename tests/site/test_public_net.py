"""The second net: whatever gets past the projection, in whatever writing, keeps the site from being published."""

import io
import json
import time
import zipfile
from html import escape
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.site.pools import Workspace, at, company, customer, make_pool, module, note, req
from tobkit.errors import TobkitError
from tobkit.model.kinds import Organisation
from tobkit.site import format as shown
from tobkit.site.public.build import Leaked, PublicSite, build_public_site
from tobkit.site.public.net import Net, hidden
from tobkit.site.public.searching import Search
from tobkit.site.public.secrets import CUSTOMER, FILE, ID, ORGANISATION, PERSON, REVENUE, TEXT, TITLE, Revenue, Secret

SECRETS = [
    *company(),
    customer("northfjord-as", name="Northfjord AS", aliases=("NFJ", "北湾"), arr=7_345_000),
    Organisation(
        id="ledgerwren", name="Ledger Wren", relation="competitor", aliases=("鲸票",), origin=at("organisation", "w")
    ),
    req(
        "hhhhhh",
        title="Reconcile the refunds of kiosks",
        body="They lose an hour. 每天早上都要手工核对三百张单子，很慢。",
    ),
    note("444444", "acme", body="We would pay twice as much for it, honestly."),
    module("kiosk-core", name="自助终端内核", status="live"),
]
PUBLIC = [
    module("billing", name="Billing"),
    req("public", title="Export bills", body="All bills at once.\n", module="billing", audience="public", owner="olga"),
]
LEAKS = [
    ("northfjord-as", CUSTOMER),
    ("Northfjord AS", CUSTOMER),
    ("NORTHFJORD\nAS", CUSTOMER),
    ("NFJ", CUSTOMER),
    ("北湾", CUSTOMER),
    ("华东商贸", CUSTOMER),
    ("华东 商贸", CUSTOMER),
    ("ledger wren", ORGANISATION),
    ("鲸票", ORGANISATION),
    ("wangfang", PERSON),
    ("王芳", PERSON),
    ("olga", PERSON),
    ("7345000", REVENUE),
    ("7,345,000", REVENUE),
    ("7 345 000", REVENUE),
    ("734,5000", REVENUE),
    ("734.5万", REVENUE),
    ("734.5 万元", REVENUE),
    ("７３４５０００", REVENUE),
    ("¥7.3M", REVENUE),
    ("7.345 million", REVENUE),
    ("7345k", REVENUE),
    ("[12,7345000,3]", REVENUE),
    ("REQ-hhhhhh", ID),
    ("NOTE-444444", ID),
    ("kiosk-core", ID),
    ("Reconcile the refunds of kiosks", TITLE),
    ("自助终端内核", TITLE),
    ("We would pay twice as much for it", TEXT),
    ("每天早上都要手工核对三百张单子", TEXT),
]
WRITINGS = {
    "as it is": lambda text: text,
    "entities": lambda text: "".join(f"&#{ord(one)};" for one in text),
    "escaped": escape,
    "percent": quote,
    "json": lambda text: json.dumps(text)[1:-1],
    "code points": lambda text: "".join(f"\\u{ord(one):04x}" for one in text),
    "twice": lambda text: quote(json.dumps(text)[1:-1]),
    "soft hyphens": "\u200b".join,
}
CONFIG = {"people": {"wangfang": {"name": "王芳"}}}


def build(root, entries, **config):
    (root / "pool").mkdir(exist_ok=True)
    pool = make_pool(entries, **{**CONFIG, **config})
    return build_public_site(pool, workspace=Workspace(root), output=root / "site", language="en")


def leaks(root, entries=(*SECRETS, *PUBLIC), **config):
    with pytest.raises(Leaked) as caught:
        build(root, entries, **config)
    assert not (root / "site").exists()
    assert not [path for path in root.iterdir() if path.name.startswith(".site")]
    return caught.value.finds


def override(root, name, text):
    file = root / "templates" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def net(tmp_path_factory):
    """A net over the secrets, to which files can be given one after another."""
    pool = make_pool([*SECRETS, *PUBLIC], **CONFIG)
    return PublicSite(pool, Workspace(tmp_path_factory.mktemp("w")), "en").net(pool)


def caught(net, path, content):
    net.segments, net.lines, net.binaries = {}, {}, {}
    net.add(path, content if isinstance(content, bytes) else content.encode())
    return {find.what.template for find in net.finds()}


def test_what_has_nothing_internal_is_published(tmp_path):
    assert build(tmp_path, [*SECRETS, *PUBLIC]).pages == 2
    assert (tmp_path / "site/requirement/REQ-public.html").is_file()


@pytest.mark.parametrize(("leak", "what"), LEAKS)
@pytest.mark.parametrize("writing", WRITINGS)
def test_each_leak_is_seen_in_each_writing(net, leak, what, writing):
    written = WRITINGS[writing](leak)
    assert what.template in caught(net, "index.html", f"<p>Well, {written} it is.</p>")
    assert what.template in caught(net, "index.html", f'<p title="{written}">x</p>')
    assert what.template in caught(net, "assets/own.js", f'var x = "{written}";')


@pytest.mark.parametrize(("leak", "what"), LEAKS)
def test_each_leak_is_seen_in_each_place(net, leak, what):
    for html in (
        f"<!-- {leak} -->",
        f"<p>{leak[:2]}<b>{leak[2:]}</b></p>",
        f"<td>x</td><td>{leak}</td>",
        f"<p>{leak}</p>",
    ):
        assert what.template in caught(net, "index.html", html), html
    assert what.template in caught(net, f"files/REQ-public/{leak}.png", b"")
    assert what.template in caught(net, f"{quote(leak)}/index.html", "")
    assert what.template in caught(net, "files/REQ-public/a.csv", f"a,b\n1,{leak}\n")
    book = io.BytesIO()
    with zipfile.ZipFile(book, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", f"<si><t>{leak}</t></si>")
    assert what.template in caught(net, "files/REQ-public/a.xlsx", book.getvalue())


@pytest.mark.parametrize(("leak", "what"), LEAKS)
def test_a_template_that_plants_a_leak_publishes_nothing(tmp_path, leak, what):
    override(
        tmp_path,
        "public/base.html",
        '{% extends "default/public/base.html" %}{% block made %}' + leak + "{% endblock %}",
    )
    finds = leaks(tmp_path)
    assert what.template in {find.what.template for find in finds}
    assert {"index.html", "requirement/REQ-public.html"} <= {path for find in finds for path in find.paths}
    assert all(leak not in str(find) for find in finds if len(leak) > 3)


def test_an_asset_that_plants_a_leak_publishes_nothing(tmp_path):
    override(tmp_path, "assets/style.css", "/* for Northfjord AS */")
    (find,) = leaks(tmp_path)
    assert find.paths == ("assets/style.css",)


def test_an_asset_named_after_a_customer_publishes_nothing(tmp_path):
    override(tmp_path, "assets/northfjord-as.css", "")
    (find,) = leaks(tmp_path)
    assert find.paths == ("assets/northfjord-as.css",)


@pytest.mark.parametrize(
    "text", ["As Northfjord AS wants it", "鲸票有这个功能", "They pay ¥7,345,000", "See REQ-hhhhhh", "Ask 王芳"]
)
def test_what_an_author_wrote_is_no_excuse_for_names_and_sums(tmp_path, text):
    told = req("aaaab1", title="Another", body=text, audience="public")
    assert [find.paths for find in leaks(tmp_path, [*SECRETS, *PUBLIC, told])] == [("requirement/REQ-aaaab1.html",)]


def test_internal_words_may_stand_where_a_public_field_has_them(tmp_path):
    told = req(
        "aaaab1",
        title="Reconcile the refunds of kiosks",
        body="每天早上都要手工核对三百张单子，很慢。 The kiosk-core stays.",
        audience="public",
    )
    build(tmp_path, [*SECRETS, *PUBLIC, told])


def test_a_module_and_the_product_may_be_called_as_somebody_is(tmp_path):
    entries = [*SECRETS, *PUBLIC, customer("billing-customer", name="Billing"), customer("yunzhang", name="Yunzhang")]
    build(tmp_path, entries, site={"title": "Yunzhang roadmap"})


def test_words_of_the_pages_themselves_are_no_leak(tmp_path):
    build(tmp_path, [*SECRETS, *PUBLIC, customer("roadmap", name="Delivered"), customer("page", name="List")])


def test_public_terms_pass_and_only_they(tmp_path):
    told = req("aaaab1", title="For Northfjord AS", body="10,000 bills, and 7,345,000 too", audience="public")
    entries = [*SECRETS, *PUBLIC, told, customer("ten", arr=10_000)]
    assert len(leaks(tmp_path, entries)) == 3
    (find,) = leaks(tmp_path, entries, site={"public_terms": ["northfjord as", "10,000 bills"]})
    assert find.what == REVENUE
    build(tmp_path, entries, site={"public_terms": ["Northfjord AS", "10,000", "7,345,000"]})


def test_a_public_term_excuses_nothing_around_it(tmp_path):
    told = req("aaaab1", title="For Northfjord AS", audience="public")
    assert leaks(tmp_path, [*SECRETS, *PUBLIC, told], site={"public_terms": ["Northfjord"]})


def test_short_names_count_as_words_only(net):
    for text in ("nfj", "NFJX", "olgas", "1734.5万", "97345000", "73450001"):
        assert caught(net, "index.html", f"<p>Well {text}.</p>") == set(), text


def test_years_and_dates_are_no_revenues(tmp_path):
    told = req(
        "aaaab1",
        title="In 2026",
        body="From 2026-03-01 to 2026年5月",
        planned="2026-Q4",
        status="accepted",
        audience="public",
    )
    build(tmp_path, [*PUBLIC, told, customer("year", arr=2026)])


@pytest.mark.parametrize("text", ["CNY 2026", "2,026", "¥2026", "2026 元"])
def test_a_sum_that_looks_like_a_year_is_one_where_it_is_money(tmp_path, text):
    assert leaks(tmp_path, [*PUBLIC, req("aaaab2", body=text, audience="public"), customer("year", arr=2026)])


def test_pictures_are_searched_as_far_as_they_hold_text(net):
    assert caught(net, "files/REQ-public/a.png", b"\x89PNG\r\n\x1a\n\0\0tEXtAuthor\0Northfjord AS\xff\xfe") == {
        CUSTOMER.template
    }
    assert caught(net, "files/REQ-public/a.png", b"\x89PNG\xff NFJ \xfe olga \x00") == set()
    assert caught(net, "files/REQ-public/a.xlsx", b"PK\x03\x04 not a workbook") == set()


def test_a_leak_on_every_page_is_one_find(tmp_path):
    override(tmp_path, "public/top.html", "<header>ledgerwren</header><input id=q><button id=theme></button>")
    many = [req(f"aaaa{n:02}", title=f"t{n}", audience="public") for n in range(20)]
    (find,) = leaks(tmp_path, [*SECRETS, *PUBLIC, *many])
    assert len(find.paths) == 22


def test_a_faulty_template_is_named(tmp_path):
    override(tmp_path, "public/index.html", "{% if %}")
    with pytest.raises(TobkitError, match=r"public/index\.html"):
        build(tmp_path, PUBLIC)


@pytest.mark.parametrize("text", ["", "a", "ab", "华", "abcdefgh", "7,345,000"])
def test_what_is_told_of_a_secret_is_not_the_secret(text):
    assert len(text) < 2 or hidden(text) != text


# Laws


@settings(max_examples=200)
@given(st.lists(st.text("ab华1", min_size=2, max_size=12), max_size=12), st.text("ab华1", max_size=60))
def test_the_search_finds_what_looking_one_by_one_finds(patterns, text):
    found = set(Search(patterns).find(text))
    assert found == {(at, one) for one in patterns for at in range(len(text)) if text.startswith(one, at)}


@given(st.text(min_size=2, max_size=20), st.text(max_size=20))
def test_no_text_breaks_the_net(name, text):
    net = Net([Secret(name, CUSTOMER, True), Secret(name, TITLE, False), Secret(text, FILE, False)], [])
    for path in ("a.html", "b.js", "c.png", "d.xlsx", "e.csv"):
        net.add(path, text.encode("utf-8", "surrogatepass"))
    net.finds()


@pytest.mark.parametrize(
    "text", ["1 " * 50_000 + "x", "1,234" * 20_000, "9" * 50_000, "<a " * 20_000, "'1" * 50_000, "<a='" * 9000]
)
def test_hostile_texts_take_no_time(net, text):
    started = time.perf_counter()
    caught(net, "a.html", text)
    caught(net, "a.csv", text)
    assert time.perf_counter() - started < 5


@given(st.integers(1000, 10**10), st.sampled_from(["en", "zh"]))
def test_a_revenue_is_seen_in_every_grouping(amount, language):
    net = Net([], [Revenue(float(amount), frozenset())])
    forms = [
        f"{amount:,}",
        f"{amount:_}",
        f"{amount:,}".replace(",", " "),
        f"{amount:,}".replace(",", "\u202f"),
        f"{amount} 元",
    ]
    forms += [f"{amount / 10_000:.4f} 万", f"{amount / 1e8:.8f}亿", f"${amount / 1e6:.6f}M", f"{amount:,}.00"]
    forms += [shown.money_exact(amount, "CNY", language)]
    for n, form in enumerate(forms):
        net.add(f"{n}.html", f"<p>Pays {form}, yearly</p>".encode())
    assert {path for find in net.finds() for path in find.paths} == {f"{n}.html" for n in range(len(forms))}
