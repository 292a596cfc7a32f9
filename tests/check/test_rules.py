"""The rules' edges, and the words in which they speak. Their plain cases are the examples in their docstrings."""

from pathlib import Path

import pytest

from tests.check.helpers import CONFIG, codes, findings
from tobkit.messages import translator
from tobkit.model.diagnostics import Diagnostic, Severity

REQ = "requirements/REQ-00000a.md"
OTHER = "requirements/REQ-00000b.md"
WORKED_ON = ["status: accepted", "module: e-invoicing", "owner: lilei"]


def words(found: list[Diagnostic]) -> list[str]:
    english = translator("en")
    return [f"{english.text(each.message)} | {english.text(each.help)}" for each in found]


def only(found: list[Diagnostic], code: str) -> Diagnostic:
    assert codes(found) == [code], words(found)
    return found[0]


# Fields


def test_each_key_that_the_status_requires_is_named(tmp_path: Path) -> None:
    found = findings(tmp_path, {REQ: ["status: parked"]})
    assert codes(found) == ["TOB212"] * 3
    assert [str(each.message).split(" ")[0] for each in found] == ["“module”", "“owner”", "“reason”"]
    assert "while status is parked (搁置)" in str(found[0].message)
    assert {each.span for each in found} == {(2, 9, 2, 15)}


def test_a_required_key_with_a_bad_value_is_reported_once(tmp_path: Path) -> None:
    found = findings(tmp_path, {REQ: ["status: delivered", "module: e-invoicing", "owner: lilei", "delivered: soon"]})
    assert codes(found) == ["TOB204"]


def test_a_teams_own_status_requires_what_its_stage_does(tmp_path: Path) -> None:
    config = (
        CONFIG
        + '[workflow.statuses.in-review]\nstands_for = "triaged"\n[workflow.statuses.queued]\nstands_for = "new"\n'
    )
    assert codes(findings(tmp_path, {REQ: ["status: in-review"]}, config)) == ["TOB212", "TOB212"]
    assert codes(findings(tmp_path, {REQ: ["status: queued"]}, config)) == []


def test_a_persons_name_leads_to_the_id(tmp_path: Path) -> None:
    found = only(findings(tmp_path, {REQ: ["owner: 李蕾"]}), "TOB213")
    assert str(found.help) == "Did you mean lilei (李蕾)?"


def test_an_approval_needs_the_right_team(tmp_path: Path) -> None:
    found = findings(
        tmp_path,
        {
            "promises/PRM-00000a.md": ["approved_by: zhaoqiang"],
            "promises/PRM-00000b.md": ["approved_by: nobody"],
            "promises/PRM-00000c.md": ["approved_by: lilei"],
        },
    )
    assert [str(each.message) for each in found] == [
        "“zhaoqiang” belongs to sales (销售); approved_by takes someone from customer-success (客户成功), product (产品).",
        "“nobody” has no team in tobkit.toml; approved_by takes someone from customer-success (客户成功), product (产品).",
    ]
    assert {str(each.help) for each in found} == {"Allowed: lilei (李蕾)."}


def test_people_who_only_signed_are_a_warning(tmp_path: Path) -> None:
    found = only(findings(tmp_path, {"notes/NOTE-00000a.md": ["author: someone-who-left"]}), "TOB213")
    assert found.severity is Severity.WARNING


def test_without_people_and_regions_in_the_configuration_everything_goes(tmp_path: Path) -> None:
    assert findings(tmp_path, {REQ: ["owner: anybody", "region: Mars"]}, "") == []


def test_a_region_is_one_of_the_pools(tmp_path: Path) -> None:
    found = findings(tmp_path, {REQ: ["region: 华东区"], "customers/northwind.md": ["region: Mars"]})
    assert words(found) == [
        "“Mars” isn't one of the pool's regions. | Allowed: 华东, 华南, 华北. Or add it to [pool] regions in tobkit.toml.",
        "“华东区” isn't one of the pool's regions. | Did you mean 华东? Allowed: 华东, 华南, 华北.",
    ]


def test_today_and_plans_are_not_the_future(tmp_path: Path) -> None:
    files = {
        REQ: ["date: 2026-07-01", "planned: 2099-01-01"],
        "customers/northwind.md": ["renewal: 2099-01-01"],
        "promises/PRM-00000a.md": ["due: 2099-01-01"],
    }
    assert findings(tmp_path, files) == []


@pytest.mark.parametrize(
    ("path", "lines", "line"),
    [
        (REQ, ["date: 2026-02-01", "status_since: 2026-01-31"], 3),
        ("promises/PRM-00000a.md", ["date: 2026-02-01", "due: 2026-01-31", "status: kept"], 3),
        ("customers/northwind.md", ["since: 2026-02-01", "lost_on: 2026-01-31"], 3),
        ("customers/northwind.md", ["renewal: 2026-01-31", "since: 2026-02-01"], 2),
    ],
)
def test_dates_in_order(path: str, lines: list[str], line: int, tmp_path: Path) -> None:
    found = only(findings(tmp_path, {path: lines}), "TOB216")
    assert found.span.line == line
    same_day = [text.replace("2026-01-31", "2026-02-01") for text in lines]
    assert findings(tmp_path, {path: same_day}) == []


def test_lists_of_choices_may_stand_in_their_own_order(tmp_path: Path) -> None:
    assert findings(tmp_path, {REQ: ["impact: [blocks-use, saves-money, earns-money]"]}) == []
    assert findings(tmp_path, {REQ: ["impact: [blocks-use, earns-money, saves-money]"]}) == []
    assert codes(findings(tmp_path, {REQ: ["impact: [saves-money, blocks-use]"]})) == ["TOB217"]


def test_a_list_that_is_unsorted_and_has_doubles(tmp_path: Path) -> None:
    found = findings(tmp_path, {REQ: ["tags: [c, a, b, a]"]})
    assert words(found) == [
        "tags isn't sorted: “a” belongs before “c”. | Sorted lists keep branches from clashing.",
        "“a” stands in tags more than once. | Keep one of them.",
    ]
    assert [each.span.column for each in found] == [11, 17]
    assert all(each.severity is Severity.INFO for each in found)


def test_a_note_with_a_bad_customer_is_reported_once(tmp_path: Path) -> None:
    assert codes(findings(tmp_path, {"notes/NOTE-00000a.md": ["customer: [acme]"]})) == ["TOB202"]


# Descriptions


@pytest.mark.parametrize(
    ("body", "fires"),
    [
        ("", True),
        ("<!-- who can't do what? " + "x " * 200 + "-->", True),
        ("# Description\n\n## Steps\n\n- [ ]", True),
        ("See the mail from Acme", False),
        ("要导出", True),
        ("月末要逐张下载发票。", False),
        ("<!-- hint -->\n财务每月要逐张下载三千张发票", False),
    ],
)
def test_descriptions(body: str, fires: bool, tmp_path: Path) -> None:
    assert codes(findings(tmp_path, {REQ: ["title: A", "---", body]})) == (["TOB219"] if fires else [])


def test_closed_and_merged_requirements_may_be_short(tmp_path: Path) -> None:
    closed = ["status: declined", "module: e-invoicing", "owner: lilei", "reason: No", "---"]
    assert findings(tmp_path, {REQ: closed, OTHER: ["duplicate_of: REQ-00000z", "---"]}) == []


# References


@pytest.mark.parametrize(
    ("ref", "help"),
    [
        ("acmee", "Did you mean acme (Acme)?"),
        ("华东商贸有限公司", "“华东商贸有限公司” has the id 华东商贸: write 华东商贸."),
        ("华东贸易公司", "Did you mean 华东商贸 (华东商贸有限公司)?"),
        ("piaoshui", "“piaoshui” is the id of another kind (organisation); expected here: customer."),
        ("somebody", "Check the id, or add the entry: `tobkit new customer`."),
    ],
)
def test_what_to_do_about_a_dead_reference(ref: str, help: str, tmp_path: Path) -> None:
    found = only(findings(tmp_path, {REQ: [*WORKED_ON, f"customers: [{ref}]"]}), "TOB301")
    assert str(found.message) == f"There is no customer “{ref}”."
    assert str(found.help) == help


def test_a_requirements_title_leads_to_its_id(tmp_path: Path) -> None:
    files = {REQ: ["title: Bulk export"], OTHER: ["duplicate_of: bulk export"]}
    assert "has the id REQ-00000a" in str(only(findings(tmp_path, files), "TOB301").help)


def test_an_alias_refers(tmp_path: Path) -> None:
    assert findings(tmp_path, {REQ: ["customers: [华东贸易]"]}) == []


def test_unsound_and_unreadable_entries_are_there_nevertheless(tmp_path: Path) -> None:
    files: dict[str, list[str] | str] = {
        "customers/northwind.md": ["tier: gigantic"],
        "customers/contoso.md": "no front matter\n",
        REQ: [*WORKED_ON, "customers: [contoso, northwind]"],
    }
    assert codes(findings(tmp_path, files)) == ["TOB101", "TOB203"]


def test_only_a_new_requirements_customers_may_be_unknown(tmp_path: Path) -> None:
    files = {
        REQ: ["customers: [unheard-of]", "competitors: [unheard-of-too]"],
        "notes/NOTE-00000a.md": ["customer: unheard-of"],
    }
    assert codes(findings(tmp_path, files)) == ["TOB301", "TOB306", "TOB301"]


def test_every_member_of_a_circle_is_told_the_circle(tmp_path: Path) -> None:
    files = {
        f"requirements/REQ-00000{name}.md": [f"duplicate_of: REQ-00000{target}"]
        for name, target in (("a", "b"), ("b", "c"), ("c", "a"), ("d", "a"))
    }
    found = findings(tmp_path, files)
    assert codes(found) == ["TOB303"] * 3
    assert "REQ-00000b → REQ-00000c → REQ-00000a → REQ-00000b" in str(found[1].message)


def test_a_long_circle_is_shortened(tmp_path: Path) -> None:
    names = "0123456789"
    files = {
        f"requirements/REQ-00000{name}.md": [f"duplicate_of: REQ-00000{names[(place + 1) % 10]}"]
        for place, name in enumerate(names)
    }
    found = findings(tmp_path, files)
    assert codes(found) == ["TOB303"] * 10
    assert str(found[0].message).endswith("REQ-000005 → … → REQ-000000.")


def test_itself_is_not_a_circle(tmp_path: Path) -> None:
    assert codes(findings(tmp_path, {REQ: ["duplicate_of: REQ-00000a"]})) == ["TOB304"]


def test_different_though_merged_through_others(tmp_path: Path) -> None:
    files = {
        REQ: ["duplicate_of: REQ-00000c", "not_duplicate_of: [REQ-00000b]"],
        OTHER: ["duplicate_of: REQ-00000c"],
        "requirements/REQ-00000c.md": ["title: C"],
    }
    found = only(findings(tmp_path, files), "TOB305")
    assert "both are merged into REQ-00000c" in str(found.message)


def test_an_alias_that_is_an_id(tmp_path: Path) -> None:
    found = only(findings(tmp_path, {"customers/northwind.md": ["aliases: [acme]"]}), "TOB307")
    assert str(found.message) == "“acme” is the id of another entry: pool/customers/acme.md."


def test_an_alias_may_repeat_an_id_of_another_kind(tmp_path: Path) -> None:
    assert findings(tmp_path, {"organisations/northwind.md": ["aliases: [acme]"]}) == []


def test_a_removed_module_names_its_successor(tmp_path: Path) -> None:
    files = {
        "modules/tax-disk.md": ["status: removed", "replaced_by: e-invoicing"],
        REQ: ["status: building", "module: tax-disk", "owner: lilei"],
        OTHER: ["status: triaged", "module: tax-disk", "owner: lilei"],
    }
    found = only(findings(tmp_path, files), "TOB308")
    assert "It was replaced by e-invoicing" in str(found.help)


def test_a_teams_unique_field(tmp_path: Path) -> None:
    config = CONFIG + '[fields.requirement.contract_no]\ntype = "text"\nunique = true\n'
    files = {REQ: ["contract_no: A1"], OTHER: ["contract_no: A1"]}
    assert "pool/requirements/REQ-00000a.md" in str(only(findings(tmp_path, files, config), "TOB309").message)


# The To-B rules


def promised(status: str, *more: str) -> dict[str, list[str]]:
    extra = {"parked": ["reason: Later"], "delivered": ["delivered: 2026-06-01"]}.get(status, [])
    needs = [] if status == "new" else ["module: e-invoicing", "owner: lilei"]
    return {
        REQ: [f"status: {status}", *needs, *extra],
        OTHER: ["duplicate_of: REQ-00000a"],
        "promises/PRM-00000a.md": ["requirement: REQ-00000b", *more],
    }


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("new", ["TOB502"]),
        ("triaged", ["TOB502"]),
        ("accepted", []),
        ("building", []),
        ("delivered", []),
        ("parked", ["TOB504"]),
    ],
)
def test_a_promise_follows_the_entry_that_its_requirement_was_merged_into(
    status: str, expected: list[str], tmp_path: Path
) -> None:
    assert codes(findings(tmp_path, promised(status))) == expected
    approved = codes(findings(tmp_path, promised(status, "approved_by: lilei")))
    assert approved == [code for code in expected if code != "TOB502"]
    assert codes(findings(tmp_path, promised(status, "status: withdrawn"))) == []


def test_a_promise_is_overdue_on_the_day_after(tmp_path: Path) -> None:
    assert codes(findings(tmp_path, promised("accepted", "due: 2026-07-01"))) == []
    late = only(findings(tmp_path, promised("delivered", "due: 2026-06-30")), "TOB503")
    assert "REQ-00000a is delivered" in str(late.help)


def test_a_lost_customer_names_what_is_missing(tmp_path: Path) -> None:
    found = findings(tmp_path, {"customers/northwind.md": ["status: churned", "lost_on: 2026-01-01"]})
    assert "missing: lost_to" in str(only(found, "TOB501").message)
    assert codes(
        findings(tmp_path, {"customers/northwind.md": ["status: churned", "lost_on: soon", "lost_to: piaoshui"]})
    ) == ["TOB204"]


def test_the_claim_of_a_closed_requirement_needs_no_evidence(tmp_path: Path) -> None:
    closed = ["status: parked", "module: e-invoicing", "owner: lilei", "reason: Later", "impact: [wins-deals]"]
    assert findings(tmp_path, {REQ: closed}) == []
    assert codes(findings(tmp_path, {"notes/NOTE-00000a.md": ["impact: [wins-deals]"]})) == ["TOB505"]


def test_a_retired_module_counts_live_customers_only(tmp_path: Path) -> None:
    gone = ["status: churned", "lost_to: piaoshui", "lost_on: 2026-01-01", "uses: [tax-disk]"]
    files = {"modules/tax-disk.md": ["status: deprecated"], "customers/northwind.md": gone}
    assert findings(tmp_path, files) == []
    files |= {"customers/a.md": ["uses: [tax-disk]"], "customers/b.md": ["uses: [tax-disk]"]}
    assert "2 live customers" in str(only(findings(tmp_path, files), "TOB506").message)


def test_users_texts_in_messages_are_short(tmp_path: Path) -> None:
    found = only(findings(tmp_path, {REQ: [f"module: {'x' * 10_000}"]}), "TOB301")
    assert len(str(found.message)) < 200
