"""The pages as HTML: sound, safe, linked, readable without a script."""

import re
from datetime import date

import pytest

from tests.site.pools import NO_DUPLICATES, Page, company, customer, day, files, make_site, module, note, req, targets
from tobkit.errors import TobkitError
from tobkit.messages import msg
from tobkit.model.diagnostics import Diagnostic, Rule

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'"
)
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "{{ 7*7 }} {% raw %}",
    "</title><script>alert(2)</script>",
    "javascript:alert(1)",
    "&lt;b&gt; &amp; %(n)s %s {n} {status}",
    "\u202e\u2066right to left",
    "line\u2028separator]]>",
]


@pytest.fixture(scope="module", params=["en", "zh"])
def site(request, tmp_path_factory):
    return files(make_site(company(), tmp_path_factory.mktemp("w"), language=request.param))


@pytest.fixture(scope="module")
def pages(site):
    return {path: Page(content.decode()) for path, content in site.items() if path.endswith(".html")}


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """Every text of a pool hostile at once."""
    entries = [module("billing", name=HOSTILE[0], body=HOSTILE[1], owner=HOSTILE[2])]
    for n, text in enumerate(HOSTILE):
        entries += [
            customer(f"c{n}", name=text, body=text, industry=text, arr=10 * n, business={"pains": text}),
            req(
                f"aaaaa{n}",
                f"c{n}",
                title=text,
                body=f"{text}\n\n[x](javascript:alert(1)) ![y](https://example.com/y.png)",
                module="billing",
                owner=text,
                region=text,
                tags=(text,),
                planned=text,
                links=(text, "https://example.com/?a=1&b=2"),
                reason=text,
                status="parked" if n % 3 == 0 else "triaged",
            ),
            note(f"11111{n}", f"c{n}", f"aaaaa{n}", body=text, author=text, link="javascript:alert(1)"),
        ]
    config = {
        "site": {"title": HOSTILE[4], "footer": HOSTILE[0], "nav": [{"title": HOSTILE[1], "href": "javascript:x"}]}
    }
    return files(make_site(entries, tmp_path_factory.mktemp("w"), config=config))


def test_every_page_is_well_formed(pages):
    assert len(pages) > 20
    for path, page in pages.items():
        assert len(page.all("h1")) == 1, path
        assert len(page.all("main")) == 1, path
        ids = [element.attributes["id"] for element in page.elements if "id" in element.attributes]
        assert len(ids) == len(set(ids)), path
        assert page.all("html")[0].attributes["lang"] in ("en", "zh-CN"), path


def test_no_dead_link(site, pages):
    for path, page in pages.items():
        ids = {name: {e.attributes.get("id") for e in one.elements} for name, one in pages.items()}
        for target, fragment in targets(path, page):
            assert target in site, f"{path} -> {target}"
            if fragment and target in pages and "=" not in fragment:
                assert fragment in ids[target], f"{path} -> {target}#{fragment}"


def test_names_and_descriptions_of_elements_exist(pages):
    for path, page in pages.items():
        ids = {element.attributes.get("id") for element in page.elements}
        for element in page.elements:
            for name in ("aria-labelledby", "aria-describedby", "aria-controls", "for"):
                for one in element.attributes.get(name, "").split():
                    assert one in ids, f"{path}: {name}={one}"


def test_nothing_inline_and_nothing_from_elsewhere(site, pages):
    for path, page in pages.items():
        policy = [e.attributes["content"] for e in page.all("meta") if e.attributes.get("http-equiv")]
        assert policy == [POLICY], path
        assert page.all("style") == [], path
        for element in page.elements:
            assert not [name for name in element.attributes if name.startswith("on") or name == "style"], path
            if element.tag in ("script", "link", "img"):
                url = element.attributes.get("src") or element.attributes.get("href", "")
                assert re.match(r"(\.\./)?(assets|data)/", url), f"{path}: {url}"
    assert "url(http" not in site["assets/style.css"].decode()


def test_hostile_texts_stay_texts(hostile):
    for path, content in hostile.items():
        if not path.endswith(".html"):
            continue
        page = Page(content.decode())
        for element in page.elements:
            assert not [name for name in element.attributes if name.startswith("on") or name == "style"], path
            assert not element.attributes.get("href", "").lower().startswith("javascript:"), path
            if element.tag == "script":
                assert element.attributes["src"].startswith(("assets/", "../assets/", "data/")), path
            if element.tag == "img":
                assert not element.attributes["src"].startswith("http"), path
        assert "49" not in page.text.split(), path


def test_hostile_titles_are_shown_as_written(hostile):
    for n, text in enumerate(HOSTILE):
        page = Page(hostile[f"requirement/REQ-aaaaa{n}.html"].decode())
        assert " ".join(text.split()) in page.text


def test_hostile_data_can_end_no_script(hostile):
    for name in ("data/facets.js", "data/rows-0.js", "assets/texts.js"):
        text = hostile[name].decode()
        assert "</" not in text
        assert "\u2028" not in text
    assert "alert(1)" in hostile["data/rows-0.js"].decode()


def test_without_a_script_everything_can_be_reached(pages):
    """From the front page by plain links alone: every page of an entry."""
    seen, todo = set(), ["index.html"]
    while todo:
        path = todo.pop()
        if path in seen or path not in pages:
            continue
        seen.add(path)
        todo += [target for target, _ in targets(path, pages[path])]
    missing = {path for path in pages if path not in seen and not path.startswith(("inbox", "duplicates"))}
    assert missing == set()


def test_the_first_hundred_rows_stand_in_the_page(tmp_path):
    entries = [req(f"aaa{n:03}", title=f"Need number {n}") for n in range(150)]
    site = files(make_site(entries, tmp_path, duplicates=NO_DUPLICATES))
    page = Page(site["index.html"].decode())
    rows = [element for element in page.all("tr") if element.attributes.get("class") == "r"]
    assert len(rows) == 101  # and the empty one that the script clones
    assert "150 needs" in page.text
    assert "All 150 requirements as a plain list" in page.text
    assert len([e for e in Page(site["all.html"].decode()).all("a") if "requirement/" in e.attributes["href"]]) == 150


def test_pages_say_what_was_left_out(tmp_path):
    broken = Diagnostic.of(Rule("TOB201", "e"), "pool/requirements/x.md", None, msg("No title."))
    site = files(make_site(company(), tmp_path, diagnostics=(broken,), left_out=(broken,)))
    for path in ("index.html", "requirement/REQ-aaaaaa.html", "check.html"):
        assert "1 entry has errors and is left out of these pages." in Page(site[path].decode()).text
    assert "No title." in Page(site["check.html"].decode()).text


def test_a_page_of_each_kind_says_the_main_thing(tmp_path):
    site = files(make_site(company(), tmp_path))

    def text(path):
        return Page(site[path].decode()).text

    assert "Merged into this 1" in text("requirement/REQ-bbbbbb.html")
    assert "This is merged into another need and counts there: 批量导出对账单" in text("requirement/REQ-ffffff.html")
    assert "Only one asked." in text("requirement/REQ-dddddd.html")
    assert "lost to Rival" in text("customer/gone.html")
    assert "they know" in text("customer/acme.html")
    assert "Rival" in text("module/billing.html")
    assert "Nothing to do with anything." in text("inbox.html")
    assert "Nothing to mend" in text("check.html")
    assert "As of 30 June 2026" in text("overview.html")


def test_commit_and_day_stand_on_the_overview_alone(tmp_path):
    site = files(make_site(company(), tmp_path, commit="0123456789abcdef"))
    having = [path for path, content in site.items() if b"0123456789" in content]
    assert having == ["overview.html"]
    assert "30 June 2026" not in Page(site["requirement/REQ-aaaaaa.html"].decode()).text


def test_edit_links_where_a_repository_is_named(tmp_path):
    config = {"site": {"repository": "https://github.com/acme/pool"}}
    site = files(make_site(company(), tmp_path, config=config))
    links = [e.attributes["href"] for e in Page(site["requirement/REQ-aaaaaa.html"].decode()).all("a")]
    assert "https://github.com/acme/pool/edit/main/pool/requirements/REQ-aaaaaa.md" in links
    without = files(make_site(company(), tmp_path))
    assert b"/edit/" not in without["requirement/REQ-aaaaaa.html"]


def test_texts_in_another_language_say_so(tmp_path):
    def langs(language, one):
        site = files(make_site(company(), tmp_path, language=language))
        return [e.attributes.get("lang", "") for e in Page(site[f"requirement/REQ-{one}.html"].decode()).all("h1")]

    assert langs("en", "bbbbbb") == ["zh-CN"]
    assert langs("zh", "bbbbbb") == [""]
    assert langs("zh", "aaaaaa") == ["en"]


# Attachments


def test_files_of_entries_are_copied_and_linked(tmp_path):
    folder = tmp_path / "pool" / "requirements" / "files" / "REQ-aaaaaa"
    folder.mkdir(parents=True)
    (folder / "a b.png").write_bytes(b"png")
    (folder / "evil.svg").write_bytes(b"<svg onload=alert(1)>")
    (folder / "page.html").write_bytes(b"<script>")
    (folder / "large.pdf").write_bytes(b"0" * (5 * 1024 * 1024 + 1))
    stranger = tmp_path / "pool" / "requirements" / "files" / "REQ-zzzzzz"
    stranger.mkdir()
    (stranger / "x.png").write_bytes(b"png")
    entries = [req("aaaaaa", body="![shot](files/REQ-aaaaaa/a%20b.png) and [note](../notes/NOTE-111111.md)")]
    site = files(make_site(entries, tmp_path))
    assert [path for path in site if path.startswith("files/")] == ["files/REQ-aaaaaa/a b.png"]
    page = Page(site["requirement/REQ-aaaaaa.html"].decode())
    assert [e.attributes["src"] for e in page.all("img")] == ["../files/REQ-aaaaaa/a%20b.png"]


def test_bodies_link_to_pages_of_other_entries(tmp_path):
    entries = [
        req("aaaaaa", body="see [b](REQ-bbbbbb-more.md), [c](../customers/华东.md) and [nothing](missing.md)"),
        req("bbbbbb").model_copy(
            update={"origin": req("x").origin.__class__(path="pool/requirements/REQ-bbbbbb-more.md")}
        ),
        customer("华东"),
    ]
    page = Page(files(make_site(entries, tmp_path))["requirement/REQ-aaaaaa.html"].decode())
    links = [e.attributes["href"] for e in page.all("a")]
    assert "../requirement/REQ-bbbbbb.html" in links
    assert "../customer/%E5%8D%8E%E4%B8%9C.html" in links
    assert not [link for link in links if "missing" in link]


# The theme


def test_a_workspace_overrides_a_block(tmp_path):
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "board.html").write_text(
        '{% extends "default/board.html" %}{% block title %}Our board{% endblock %}', encoding="utf-8"
    )
    site = files(make_site(company(), tmp_path))
    assert "<title>Our board" in site["board.html"].decode()
    assert "Accepted" in Page(site["board.html"].decode()).text


def test_a_workspace_overrides_an_asset(tmp_path):
    (tmp_path / "templates" / "assets").mkdir(parents=True)
    (tmp_path / "templates" / "assets" / "favicon.svg").write_bytes(b"<svg/>")
    assert files(make_site(company(), tmp_path))["assets/favicon.svg"] == b"<svg/>"


@pytest.mark.parametrize(
    "template",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ columns.__class__.__base__.__subclasses__() }}",
        "{{ _.__globals__ }}",
        "{{ cycler.__init__.__globals__.os }}",
        "{{ missing.field }}",
        "{% if %}",
        '{% include "../tobkit.toml" %}',
    ],
)
def test_a_faulty_or_prying_template_is_one_clear_error(tmp_path, template):
    (tmp_path / "tobkit.toml").write_text("secret")
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "board.html").write_text(template, encoding="utf-8")
    with pytest.raises(TobkitError, match=r"board\.html"):
        files(make_site(company(), tmp_path))


def test_dates_are_elements_with_their_day(pages):
    for path, page in pages.items():
        for element in page.all("time"):
            date.fromisoformat(element.attributes["datetime"])
            assert path


def test_a_delivered_need_shows_its_day(tmp_path):
    site = files(make_site(company(), tmp_path))
    assert day(-5).isoformat() in site["requirement/REQ-eeeeee.html"].decode()
