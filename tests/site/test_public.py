"""The public site: an allow-list of fields, and not a word of anything else."""

import json
from datetime import date, timedelta
from html import escape
from urllib.parse import quote

import pytest

from tests.site.pools import Page, Workspace, at, company, make_pool, module, req, targets
from tobkit.model.config import Config
from tobkit.model.kinds import Requirement
from tobkit.model.pool import Pool
from tobkit.model.schema import build_schema
from tobkit.site.public.build import Leaked, build_public_site

CONFIG = {
    "site": {"title": "Ledger & Co"},
    "people": {"pcnry900z": {"name": "人cnry901z", "team": "product"}},
    "fields": {
        "requirement": {
            "secret_note": {"label": {"en": "Hidden", "zh": "隐藏"}},
            "secret_count": {"type": "integer"},
            "edition": {"audience": "public", "label": {"en": "Edition", "zh": "版本"}},
            "beta": {"audience": "public", "type": "boolean"},
            "seats": {"audience": "public", "type": "integer"},
            "needs": {"audience": "public", "type": "list"},
            "after": {"audience": "public", "type": "reference", "kind": "requirement"},
        },
        "customer": {"contract": {}, "discount": {"type": "number"}},
    },
}
PREFIX = {"requirement": "REQ", "note": "NOTE", "promise": "PRM", "incident": "INC", "exchange": "XCH"}


def build(root, pool, **options):
    (root / "pool").mkdir(exist_ok=True)
    report = build_public_site(pool, workspace=Workspace(root), output=root / "site", **options)
    return report, on_disk(root / "site")


def on_disk(folder):
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in found.items() if not name.startswith(".")}


def roadmap_of(tmp_path, entries, language="en", **config):
    return build(tmp_path, make_pool(entries, **config), language=language)[1]


# Canaries


class Canaries:
    """Values that occur nowhere else, each with all the ways in which it may be written."""

    def __init__(self):
        self.number = 0
        self.forms: dict[str, list[str]] = {}

    def word(self, where):
        self.number += 1
        core = f"cnry{self.number:03}z"
        whole = f"雀{self.number}号<&\"'{core}鸟"
        self.forms[f"{where} {core}"] = [core]
        return whole

    def slug(self, where):
        self.number += 1
        core = f"cnry{self.number:03}z"
        self.forms[f"{where} {core}"] = [core]
        return core

    def amount(self, where):
        self.number += 1
        value = 7_310_000 + self.number
        self.forms[f"{where} {value}"] = [str(value), f"{value:,}"]
        return value

    def day(self, where):
        self.number += 1
        day = date(1987, 1, 1) + timedelta(days=self.number)
        self.forms[f"{where} {day}"] = [day.isoformat(), f"{day.year}年{day.month}月{day.day}日"]
        return day

    def found(self, files):
        """The canaries in the files' names and contents, however they are escaped."""
        everything = "\n".join(
            f"{path}\n{content.decode('utf-8', 'replace')}" for path, content in files.items()
        ).casefold()
        return [
            where
            for where, forms in self.forms.items()
            for form in forms
            for escaped in (form, escape(form), quote(form), json.dumps(form)[1:-1])
            if escaped.casefold() in everything
        ]


def filled(schema, kind, entry_id, canaries, given):
    """An entry whose every field holds a canary of its own, but for those given."""
    values = {}
    for name, spec in schema[kind].fields.items():
        where = f"{kind} {entry_id} {name}"
        if name in given or name == "id":
            continue
        if spec.choices:
            values[name] = next(iter(spec.choices.labels))
        elif spec.type in ("text", "list", "reference"):
            values[name] = canaries.word(where)
        elif spec.type in ("integer", "number"):
            values[name] = canaries.amount(where)
        elif spec.type == "boolean":
            values[name] = True
        elif spec.type == "date":
            values[name] = canaries.day(where)
        else:
            values[name] = {part.name: canaries.word(f"{where}.{part.name}") for part in spec.parts}
        if spec.many:
            values[name] = (values[name],)
    values["body"] = (
        f"{canaries.word(f'{kind} {entry_id} body')}, and a sentence that is about {canaries.word('sentence')}."
    )
    return schema[kind].model.model_validate(
        {**values, **given, "id": entry_id, "origin": at(kind, f"{entry_id}-{canaries.slug('file name')}")}
    )


@pytest.fixture(scope="module", params=["en", "zh"])
def guarded(request, tmp_path_factory):
    """A pool with a canary in every internal field, id and file name, its public site, and the canaries."""
    root = tmp_path_factory.mktemp("w")
    config = Config.model_validate(CONFIG)
    schema = build_schema(config)
    canaries = Canaries()
    for name in ("pcnry900z", "cnry901z"):
        canaries.forms[name] = [name]
    ids = {"customer": canaries.slug("customer"), "organisation": canaries.slug("organisation")}
    ids["module"] = canaries.slug("module")
    entries = [filled(schema, kind, one, canaries, {}) for kind, one in ids.items()]
    for kind in ("note", "promise", "incident", "exchange"):
        one = f"{PREFIX[kind]}-{canaries.slug(kind)}"
        given = {"requirements": ("REQ-open00",)} if kind in ("note", "incident") else {}
        if kind == "promise":
            given = {"requirement": "REQ-open00", "customer": ids["customer"]}
        entries.append(filled(schema, kind, one, canaries, given))
    entries.append(
        module("billing", name="Billing", owner=canaries.word("module owner"), body=canaries.word("module body"))
    )

    def need(one, **given):
        defaults = {"status": "accepted", "audience": None, "duplicate_of": None, "not_duplicate_of": (), "after": None}
        entries.append(filled(schema, "requirement", one, canaries, {**defaults, **given}))

    internal, inner_merged = (f"REQ-{canaries.slug('requirement')}" for _ in range(2))
    public = {"audience": "public", "module": "billing", "planned": "2027-Q1", "delivered": None, "type": "feature"}
    own = {"edition": "Enterprise only", "beta": True, "seats": 250, "needs": ("a browser",), "after": "REQ-open01"}
    links = (
        f"Told in [the sheet](../customers/{entries[0].path.split('/')[-1]}) and [here]({internal}), "
        f"[file](files/{internal}/{canaries.slug('link')}.csv), ![picture](files/{internal}/{canaries.slug('image')}.png), "
        "[the form](files/REQ-open00/form.csv), [next](REQ-open01), [old](REQ-openmm).\n\n"
        f"[ref]: ../customers/{canaries.slug('reference')}.md '{canaries.slug('title')}'\n\n<!-- {canaries.slug('comment')} -->"
    )
    need("REQ-open00", title="Export bills", **public, **own, body=links)
    need(
        "REQ-open01",
        title="导出账单",
        body="",
        **{**public, "module": ids["module"]} | {"module": None},
        **{**own, "after": internal},
    )
    need(internal)
    need(inner_merged, duplicate_of="REQ-open00")
    need(f"REQ-{canaries.slug('public of internal')}", duplicate_of=internal, audience="public")
    need("REQ-openmm", title="Bills as files", audience="public", duplicate_of=inner_merged)
    for owner in (internal, inner_merged, ids["customer"], "REQ-open00"):
        folder = root / "pool" / "requirements" / "files" / owner
        folder.mkdir(parents=True)
        (folder / f"{canaries.slug('attachment')}.csv").write_text(canaries.word("attachment"))
    (root / "pool/requirements/files/REQ-open00/form.csv").write_text("a,b\n1,2\n")
    # `filled` made a body of canaries; what was given stands in its place.
    pool = Pool(config, schema, entries)
    return build(root, pool, language=request.param)[1], canaries, pool


def test_no_canary_gets_out(guarded):
    files, canaries, _ = guarded
    assert len(canaries.forms) > 150
    assert canaries.found(files) == []
    assert "雀" not in b"".join(files.values()).decode("utf-8", "replace")


def test_the_canaries_would_be_found(guarded):
    _, canaries, pool = guarded
    everything = {f"{entry.path}": repr(entry).encode() for entry in pool.entries}
    assert len(canaries.found(everything)) > 100
    assert canaries.found({"a.html": json.dumps("cnry003z").encode()}) != []


def test_what_is_allowed_is_there(guarded):
    files, _, _ = guarded
    page = Page(files["requirement/REQ-open00.html"].decode()).text
    for text in (
        "REQ-open00",
        "Export bills",
        "Billing",
        "2027-Q1",
        "Told in the sheet and here",
        "Enterprise only",
        "250",
    ):
        assert text in page
    assert "a browser" in page
    assert files["files/REQ-open00/form.csv"] == b"a,b\n1,2\n"


def test_links_lead_only_to_what_is_public(guarded):
    files, _, _ = guarded
    page = Page(files["requirement/REQ-open00.html"].decode())
    inside = {target for target, _ in targets("requirement/REQ-open00.html", page)}
    assert {"files/REQ-open00/form.csv", "requirement/REQ-open01.html", "requirement/REQ-openmm.html"} <= inside
    for path, content in files.items():
        if path.endswith(".html"):
            for target, _ in targets(path, Page(content.decode())):
                assert target in files, f"{path} -> {target}"


def test_what_was_merged_leads_on(guarded):
    files, _, _ = guarded
    page = Page(files["requirement/REQ-openmm.html"].decode())
    assert "Bills as files" in page.text
    assert "requirement/REQ-open00.html" in {target for target, _ in targets("requirement/REQ-openmm.html", page)}
    assert b"REQ-openmm" not in files["index.html"]


def test_nothing_else_is_written(guarded):
    files, _, _ = guarded
    kinds = {path.split("/")[0] for path in files}
    assert kinds == {"index.html", "requirement", "assets", "data", "files"}
    assert [path for path in files if path.startswith("data/")] == ["data/roadmap.js"]
    assert "assets/backlog.js" not in files


# Which, and in which order


def test_only_what_says_so_itself_is_public(tmp_path):
    files = roadmap_of(
        tmp_path,
        [
            module("billing"),
            req("aaaaaa", title="Open one", audience="public"),
            req("bbbbbb", title="Closed one", audience="internal"),
            req("cccccc", title="Silent one"),
            req("dddddd", title="Merged away", audience="public", duplicate_of="REQ-cccccc"),
            req("eeeeee", title="Merged into nothing", audience="public", duplicate_of="REQ-zzzzzz"),
            req("ffffff", title="Round", audience="public", duplicate_of="REQ-gggggg"),
            req("gggggg", title="And round", audience="public", duplicate_of="REQ-ffffff"),
        ],
    )
    assert [path for path in files if path.startswith("requirement/")] == ["requirement/REQ-aaaaaa.html"]


def test_the_order_tells_nothing_of_ranks(tmp_path):
    files = roadmap_of(
        tmp_path,
        [
            *company(),
            req("zzzzz1", status="accepted", planned="2027-Q2", title="t1", audience="public"),
            req("zzzzz2", status="accepted", planned="2027-03-01", title="t2", audience="public"),
            req("zzzzz3", status="accepted", title="t3", audience="public"),
            req("zzzzz4", status="accepted", planned="v5", title="t4", audience="public"),
            req("zzzzz0", status="accepted", planned="2027-Q2", title="t0", audience="public"),
            req("zzzzz5", status="building", title="t5", audience="public"),
            req("zzzzz6", status="delivered", delivered=date(2026, 1, 2), title="t6", audience="public"),
            req("zzzzz7", status="delivered", delivered=date(2026, 2, 2), title="t7", audience="public"),
            req("zzzzz8", status="new", title="t8", audience="public"),
            req("zzzzz9", status="declined", reason="No.", title="t9", audience="public"),
        ],
    )
    order = [word for word in Page(files["index.html"].decode()).words if word[:1] == "t" and word[1:].isdigit()]
    assert order == ["t2", "t0", "t1", "t4", "t3", "t5", "t7", "t6", "t8", "t9"]


def test_a_teams_own_status_stands_where_it_stands_for(tmp_path):
    own = {"statuses": {"in-review": {"stands_for": "accepted", "label": {"en": "Reviewed"}}}}
    model = build_schema(Config.model_validate({"workflow": own}))["requirement"].model
    files = roadmap_of(tmp_path, [req("aaaaaa", status="in-review", audience="public", model=model)], workflow=own)
    assert "Reviewed" in Page(files["requirement/REQ-aaaaaa.html"].decode()).text
    assert "Coming up 1" in Page(files["index.html"].decode()).text


def test_many_are_listed_on_pages_of_their_own(tmp_path):
    many = [req(f"a{n:05}", title=f"Need {n}", audience="public", status="building") for n in range(600)]
    files = roadmap_of(tmp_path, many)
    assert files["index.html"].count(b'class="card"') == 30
    listed = files["building.html"].decode() + files["building-2.html"].decode()
    assert all(f"REQ-a{n:05}.html" in listed for n in range(600))


def test_an_empty_roadmap_is_a_page(tmp_path):
    files = roadmap_of(tmp_path, company())
    assert "Nothing here at the moment." in Page(files["index.html"].decode()).text


# As pages


@pytest.mark.parametrize("language", ["en", "zh"])
def test_pages_are_sound_and_load_nothing_from_elsewhere(tmp_path, language):
    hostile = "<script>alert(1)</script>\"' onmouseover='x {{ 7*7 }}"
    files = roadmap_of(
        tmp_path,
        [
            module("billing", name=hostile),
            req(
                "aaaaaa",
                title=hostile,
                body=f"{hostile}\n\n[x](javascript:alert(1))",
                module="billing",
                audience="public",
            ),
            req("bbbbbb", title="Merged", duplicate_of="REQ-aaaaaa", audience="public"),
        ],
        language=language,
    )
    for path, content in files.items():
        if not path.endswith(".html"):
            continue
        page = Page(content.decode())
        assert len(page.all("h1")) == 1, path
        assert page.all("html")[0].attributes["lang"] == {"en": "en", "zh": "zh-CN"}[language]
        assert "49" not in page.text
        for element in page.elements:
            assert not [name for name in element.attributes if name.startswith("on") or name == "style"], path
            assert not element.attributes.get("href", "").startswith("javascript:"), path
            if element.tag in ("script", "link", "img"):
                url = element.attributes.get("src") or element.attributes.get("href", "")
                assert url.removeprefix("../").startswith("assets/"), url
    assert b"</script" not in files["data/roadmap.js"]


def test_public_pages_may_be_found_by_search_engines(tmp_path):
    files = roadmap_of(tmp_path, [req("aaaaaa", audience="public", body="Bills as **files**.")])
    page = Page(files["requirement/REQ-aaaaaa.html"].decode())
    metas = {
        e.attributes.get("name") or e.attributes.get("property"): e.attributes["content"]
        for e in page.all("meta")
        if "content" in e.attributes
    }
    assert "robots" not in metas
    assert metas["description"] == metas["og:description"] == "Bills as files."


def test_the_same_pool_gives_the_same_bytes(tmp_path):
    entries = [*company(), *(req(f"zzzzz{n}", audience="public", body=f"Text {n}") for n in range(9))]
    first = roadmap_of(tmp_path, entries)
    assert roadmap_of(tmp_path, list(reversed(entries))) == first


def test_what_is_left_out_as_unsound_is_guarded_all_the_same(tmp_path):
    entries = [*company(), req("zzzzz1", audience="public", title="As 华东商贸 wants it")]
    whole = make_pool(entries)
    sound = whole.without([whole.customers["华东商贸"].path])
    with pytest.raises(Leaked):
        build(tmp_path, sound, everything=whole)
    assert not (tmp_path / "site").exists()
    assert isinstance(entries[-1], Requirement)
