"""What stands in the pages, as data."""

import json

from tests.site.pools import (
    NO_DUPLICATES,
    TODAY,
    company,
    customer,
    day,
    make_pool,
    make_site,
    module,
    note,
    promise,
    req,
)
from tobkit.site.contexts.backlog import BacklogData, backlog, lists, script
from tobkit.site.contexts.board import board
from tobkit.site.contexts.customer import customer_page, customers
from tobkit.site.contexts.lists import check_page, duplicates, inbox
from tobkit.site.contexts.module import modules
from tobkit.site.contexts.overview import last_months, overview
from tobkit.site.contexts.requirement import requirement_page


def facts_of(entries, tmp_path, **options):
    return make_site(entries, tmp_path, **options).facts


def test_the_backlog_is_in_rank_order_then_closed_then_merged(tmp_path):
    facts = facts_of(company(), tmp_path)
    order = [one.removeprefix("REQ-") for one in facts.order]
    assert order == ["aaaaaa", "cccccc", "bbbbbb", "eeeeee", "dddddd", "gggggg", "ffffff"]
    assert [row.rank for row in facts.rows.values()] == [1, 2, 3, 0, 0, 0, 0]


def test_a_merged_entry_shows_its_canonicals_status_and_leads_on(tmp_path):
    row = facts_of(company(), tmp_path).rows["REQ-ffffff"]
    assert row.status.name == "accepted"
    assert row.canonical.href == "requirement/REQ-bbbbbb.html"
    assert row.tier == 0


def test_customers_and_revenue_are_those_of_the_evidence(tmp_path):
    """bbbbbb: acme filed it, 华东商贸 through the merged entry and a note. Prospects pay nothing, who has gone doesn't count."""
    rows = facts_of(company(), tmp_path).rows
    assert (rows["REQ-bbbbbb"].customers, rows["REQ-bbbbbb"].arr) == (2, 3_500_000)
    assert (rows["REQ-cccccc"].customers, rows["REQ-cccccc"].arr) == (1, 0)
    assert (rows["REQ-dddddd"].customers, rows["REQ-dddddd"].arr) == (0, 0)


def test_sums_count_each_customer_once(tmp_path):
    page = backlog(facts := facts_of(company(), tmp_path), BacklogData(facts))
    assert page.arr == 3_500_000
    assert [(section.tier, section.n, section.arr) for section in page.sections] == [
        (1, 1, 3_500_000),
        (2, 1, 0),
        (4, 1, 3_500_000),
    ]


def test_facets_count_open_needs(tmp_path):
    facts = facts_of(company(), tmp_path)
    data = BacklogData(facts)

    def counts(name):
        return {value.key: value.n for value in data.values[name]}

    assert counts("module") == {"billing": 1, "对账": 1, "-": 1}
    assert counts("customer") == {"acme": 2, "华东商贸": 2, "hopeful": 1, "gone": 0}
    assert counts("owner") == {"emma": 2, "-": 1}
    # The status facet says what there is besides the open ones.
    assert counts("status") == {
        "new": 1, "triaged": 1, "accepted": 1, "delivered": 1, "parked": 1, "declined": 1, "merged": 1
    }  # fmt: skip


def test_long_facets_are_cut_in_the_page_and_whole_in_the_data(tmp_path):
    entries = [customer(f"c{n:02}") for n in range(40)]
    entries += [req(f"aaaa{n:02}", f"c{n:02}") for n in range(40)]
    facts = facts_of(entries, tmp_path, duplicates=NO_DUPLICATES)
    facet = next(one for one in backlog(facts, BacklogData(facts)).facets if one.name == "customer")
    assert (len(facet.shown), len(facet.folded), facet.rest) == (8, 22, 10)
    assert len(BacklogData(facts).values["customer"]) == 40


def shard(text):
    return json.loads("[" + text[text.index("(") + 1 : text.rindex(")")] + "]")


def test_shards_hold_every_row_in_order(tmp_path, monkeypatch):
    monkeypatch.setattr("tobkit.site.contexts.backlog.ROWS_IN_SHARD", 3)
    facts = facts_of(company(), tmp_path)
    data = BacklogData(facts)
    (head,) = shard(data.head)
    assert (head["rows"], head["ranked"], len(head["shards"])) == (7, 3, 3)
    shards = [shard(text) for text in data.shards]
    assert [number for number, _ in shards] == [0, 1, 2]
    assert [one for _, columns in shards for one in columns["id"]] == list(facts.order)
    facet = next(one for one in head["facets"] if one["name"] == "customer")
    named = [[facet["values"][place][0] for place in found] for _, columns in shards for found in columns["f.customer"]]
    assert named[0] == ["acme", "华东商贸"]
    assert named[4] == ["gone"]
    assert shards[2][1]["into"] == {"0": "批量导出对账单"}


def test_script_data_can_end_no_script():
    text = script("f", {"title": "</script><script>alert(1)//\u2028"})
    assert "</" not in text
    assert "\u2028" not in text
    assert shard(text) == [{"title": "</script><script>alert(1)//\u2028"}]


def test_lists_hold_every_requirement_once(tmp_path, monkeypatch):
    monkeypatch.setattr("tobkit.site.contexts.backlog.ROWS_IN_LIST", 3)
    facts = facts_of(company(), tmp_path)
    pages = list(lists(BacklogData(facts)))
    assert [(page.number, page.pages, page.first, len(page.rows)) for page in pages] == [
        (1, 3, 1, 3),
        (2, 3, 4, 3),
        (3, 3, 7, 1),
    ]


def test_what_waits_for_somebody(tmp_path):
    facts = facts_of(company(), tmp_path)
    waiting = {one.href: one.n for one in backlog(facts, BacklogData(facts)).attention}
    assert waiting["#status=new"] == 1
    assert waiting["inbox.html"] == 1
    assert "check.html" not in waiting


def test_the_board_has_every_group_once(tmp_path):
    columns = board(facts_of(company(), tmp_path))
    assert {column.status.name: column.n for column in columns} == {
        "new": 1, "triaged": 1, "accepted": 1, "building": 0, "delivered": 1, "parked": 1, "declined": 1
    }  # fmt: skip


def test_a_teams_own_status_has_a_column_and_the_shape_it_stands_for(tmp_path):
    config = {"workflow": {"statuses": {"checking": {"stands_for": "triaged", "label": {"en": "Checking"}}}}}
    model = make_pool([], **config).schema["requirement"].model
    columns = board(facts_of([req("aaaaaa", status="checking", model=model)], tmp_path, config=config))
    (checking,) = [column for column in columns if column.status.name == "checking"]
    assert (checking.status.stage, checking.status.text, checking.n) == ("triaged", "Checking", 1)


# Pages of entries


def test_why_a_requirement_stands_where_it_stands(tmp_path):
    page = requirement_page(facts_of(company(), tmp_path), "REQ-bbbbbb")
    assert page.why is not None
    assert (page.why.rank, page.why.of, page.why.tier) == (3, 3, 4)
    assert abs(sum(one.points for one in page.why.signals) - page.why.score) < 1e-4
    assert abs(sum(one.most for one in page.why.signals) - 100) < 1e-9
    assert page.why.above.link.href == "requirement/REQ-cccccc.html"
    assert page.why.below is None


def test_voices_and_those_who_only_filed(tmp_path):
    page = requirement_page(facts_of(company(), tmp_path), "REQ-bbbbbb")
    assert [(voice.who.text, voice.arr) for voice in page.voices] == [("华东商贸", 2_600_000)]
    assert "<strong>三千张</strong>" in page.voices[0].html
    assert [one.link.text for one in page.askers] == ["Acme"]
    assert [one.id for one in page.merged] == ["REQ-ffffff"]


def test_closed_and_merged_pages_say_so(tmp_path):
    facts = facts_of(company(), tmp_path)
    declined = requirement_page(facts, "REQ-dddddd")
    assert declined.why is None
    assert "Only one asked." in declined.not_ranked
    merged = requirement_page(facts, "REQ-ffffff")
    assert merged.merged_into.text == "批量导出对账单"
    assert merged.voices == merged.merged == ()


def test_nothing_in_a_page_counts_days_from_today(tmp_path):
    """The page's script does, so that pages stay the same overnight."""
    page = requirement_page(facts_of([req("aaaaaa", date=day(-400), status_since=day(-300))], tmp_path), "REQ-aaaaaa")
    assert "400" not in str(page)
    assert "300" not in str(page)


def test_the_sheet_of_a_customer(tmp_path):
    page = customer_page(facts_of(company(), tmp_path), "acme")
    assert [row.id for row in page.open_needs] == ["REQ-aaaaaa", "REQ-bbbbbb"]
    assert [(one.row.id, one.told) for one in page.delivered] == [("REQ-eeeeee", day(-20))]
    assert [one.what.text for one in page.promises] == ["批量导出对账单"]
    assert [one.title for one in page.incidents] == ["Bills were late"]
    assert [one.id for one in page.voices] == ["NOTE-222222", "NOTE-333333"]
    assert "1 open need blocks their use." in page.health


def test_who_has_gone_says_since_when_and_where(tmp_path):
    page = customer_page(facts_of(company(), tmp_path), "gone")
    assert "lost to Rival" in page.health
    assert day(-100).isoformat() in page.health
    assert page.needs == 0


def test_customers_from_the_largest_on_those_who_have_gone_last(tmp_path):
    assert [row.link.text for row in customers(facts_of(company(), tmp_path))] == [
        "华东商贸",
        "Acme",
        "Hopeful",
        "Gone",
    ]


def test_modules_from_the_most_asked_for_on(tmp_path):
    (billing, reconciliation) = modules(facts_of(company(), tmp_path))
    assert (billing.needs, billing.blocked, billing.delivered, billing.incidents, billing.users) == (1, 1, 1, 1, 1)
    assert reconciliation.link.text == "对账中心"


# What waits


def test_a_pair_keeps_the_one_that_stands_higher(tmp_path):
    entries = [
        req("aaaaaa", "acme", title="批量导出电子发票为 PDF 压缩包", body="每月要把发票一次性导出。", module="billing"),
        req("bbbbbb", title="电子发票批量导出成 PDF 压缩包", body="每月要一次性导出全部发票。", module="billing"),
        customer("acme", arr=100),
        module("billing"),
    ]
    facts = facts_of(entries, tmp_path)
    (pair,) = duplicates(facts)
    assert pair.merge == "tobkit merge REQ-aaaaaa REQ-bbbbbb"
    assert pair.distinct == "tobkit distinct REQ-aaaaaa REQ-bbbbbb"
    assert pair.reasons
    assert requirement_page(facts, "REQ-bbbbbb").similar[0].id == "REQ-aaaaaa"
    assert facts.rows["REQ-aaaaaa"].similar == 1


def test_the_inbox_has_notes_without_a_need_the_oldest_first(tmp_path):
    entries = [note("222222", "acme"), note("111111", "acme", date=day(-90)), note("333333", "acme", "aaaaaa")]
    facts = facts_of([*entries, req("aaaaaa"), customer("acme")], tmp_path)
    assert [one.id for one in inbox(facts)] == ["NOTE-111111", "NOTE-222222"]


def test_findings_by_file_with_what_was_left_out_apart(tmp_path):
    from tobkit.messages import msg
    from tobkit.model.diagnostics import Diagnostic, Rule, Severity, Span

    warning = Rule("TOB501", "w", Severity.WARNING)
    hint = Rule("TOB601", "i", Severity.INFO)
    error = Rule("TOB201", "e")
    found = (
        Diagnostic.of(warning, "pool/requirements/REQ-aaaaaa.md", Span(3, 1, 3, 5), msg("<b>look</b> at REQ-aaaaaa")),
        Diagnostic.of(hint, "pool/requirements/REQ-aaaaaa.md", None, msg("never mind")),
        Diagnostic.of(error, "pool/requirements/broken.md", None, msg("broken")),
    )
    page = check_page(facts_of(company(), tmp_path, diagnostics=found, left_out=found[2:]))
    assert (page.errors, page.warnings) == (1, 1)
    assert [group.path for group in page.left_out] == ["pool/requirements/broken.md"]
    (group,) = page.findings
    assert group.link.href == "requirement/REQ-aaaaaa.html"
    (finding,) = group.findings
    assert (finding.code, finding.line) == ("TOB501", 3)
    assert "&lt;b&gt;" in finding.message
    assert 'href="requirement/REQ-aaaaaa.html"' in finding.message


# The overview


def test_five_questions(tmp_path):
    questions = {one.name: one for one in overview(facts_of(company(), tmp_path))}
    assert list(questions) == ["stuck", "flow", "lead", "demand", "promises"]
    assert questions["stuck"].figure == "0"
    assert questions["lead"].figure == "35 days"
    assert questions["promises"].figure == "0"
    assert "1 are open" in questions["promises"].says
    assert all(one.charts for one in questions.values())


def test_an_empty_pool_has_an_overview_too(tmp_path):
    assert [one.figure for one in overview(facts_of([], tmp_path))] == ["0", "0", "–", "–", "–"]


def test_the_last_months_end_with_this_one():
    months = last_months(TODAY)
    assert (months[0].isoformat(), months[-1].isoformat(), len(months)) == ("2025-07-01", "2026-06-01", 12)


def test_an_open_promise_is_shown_in_the_row_as_long_as_it_counts(tmp_path):
    def row(**fields):
        entries = [customer("acme"), req("aaaaaa"), promise("aaaaaa", "acme", "aaaaaa", **fields)]
        return facts_of(entries, tmp_path).rows["REQ-aaaaaa"].promise

    assert row() == day(30)
    assert row(approved_by=None) is None
    assert row(status="kept") is None


def test_contexts_hold_no_entries(tmp_path):
    """Plain data only: what a page shows is what its context names."""
    from pydantic import BaseModel

    facts = facts_of(company(), tmp_path)

    def entries_in(value):
        if isinstance(value, BaseModel):
            return [value]
        if isinstance(value, (tuple, list)):
            return [found for one in value for found in entries_in(one)]
        return []

    made = [
        backlog(facts, BacklogData(facts)),
        board(facts),
        customers(facts),
        modules(facts),
        overview(facts),
        *(requirement_page(facts, one) for one in facts.order),
        *(customer_page(facts, one) for one in facts.pool.customers),
    ]
    assert entries_in(made) == []


def test_the_pool_without_anything_builds(tmp_path):
    site = make_site([], tmp_path)
    assert "index.html" in dict(site.files())
    assert make_pool([]).requirements == {}
