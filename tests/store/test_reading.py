"""From front matter to an entry: what is understood, and what is said about the rest."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.store.helpers import (
    FRONTS,
    SCHEMA,
    SOME_WORDS,
    changed,
    codes,
    document,
    front,
    place,
    read,
    requirement,
)
from tobkit.messages import Label, translator
from tobkit.model.config import Config
from tobkit.model.diagnostics import Diagnostic, Severity
from tobkit.model.kinds import Customer, Requirement
from tobkit.model.schema import FieldSpec
from tobkit.store.frontmatter import MAX_PROBLEMS
from tobkit.store.reading import MOST_GUESSES, Reader, read_date


def only(text: str, kind: str = "requirement", config: Config | None = None) -> Diagnostic:
    _, (found,) = read(text, kind, config=config)
    return found


# One and the same, whichever way it is read

DRAWN = {
    "text": ["a", "1.10", "导出", "null"],
    "date": ["2026-03-05", "2026-02-30", "2026/3/5", "2026年3月5日", "2026-W10-4", "20260305"],
    "number": ["3", "-1", "0", "1,200", "nan", "inf", "x", "2.50", "1_000"],
    "integer": ["3", "x"],
    "boolean": ["true", "false", "yes", "是", "maybe", "True"],
    "reference": ["acme", "华东商贸", "é", "é"],
    "mapping": ["{model: a}", "{模式: a}", "{商业模式: a, pains: }"],
}


@st.composite
def entries(draw: st.DrawFn) -> tuple[str, str]:
    """A kind, and a front matter with some of its keys, mostly well filled in."""
    kind = SCHEMA[draw(st.sampled_from(["requirement", "customer", "incident", "note"]))]
    lines = []
    for spec in kind.fields.values():
        wanted = draw(st.integers(0, 9))
        if wanted > (9 if spec.required else 4):
            continue
        value = draw(st.sampled_from(values(spec) if draw(st.integers(0, 5)) else SOME_WORDS.split()))
        if spec.many and wanted != 3:
            value = f"[{value}]" if wanted % 2 else f"\n  - {value}"
        lines.append(f"{spec.name}: {value}")
    if draw(st.integers(0, 9)) == 9:
        lines.append(draw(st.sampled_from(["标题: b", "body: c", "origin: d", "kind: e", "状态: 新建", "nothing: f"])))
    return kind.name, "\n".join(lines)


def values(spec: FieldSpec) -> list[str]:
    return list(spec.choices.labels) if spec.choices else DRAWN[spec.type]


@settings(max_examples=500, deadline=None)
@given(entries())
def test_what_is_canonical_reads_the_same_the_quick_way(drawn: tuple[str, str]) -> None:
    kind, text = drawn
    taken = document(front(text))
    found: list[Diagnostic] = []
    reader = Reader(SCHEMA[kind], "pool/x.md", taken, found)
    quick = reader.as_it_stands() if taken.readable else None
    assert not found
    if quick is not None:
        assert reader.made_canonical() == quick
        assert not found


def test_the_quick_way_is_the_usual_one() -> None:
    text = requirement(
        "customers:\n  - acme\n  - 华东商贸\nimpact: [wins-deals]\neffort: 2.5\nplanned: 2026-Q3\ndelivered: 2026-05-01"
    )
    reader = Reader(SCHEMA["requirement"], "pool/x.md", document(front(text)), [])
    assert isinstance(entry := reader.as_it_stands(), Requirement)
    assert (entry.customers, entry.effort, entry.delivered) == (("acme", "华东商贸"), 2.5, date(2026, 5, 1))
    assert (entry.body, entry.path, entry.origin.body_line) == ("A body.", "pool/x.md", len(text.split("\n")) + 4)


@settings(max_examples=300, deadline=None)
@given(st.one_of(changed(FRONTS), entries().map(lambda drawn: drawn[1])), st.sampled_from([*SCHEMA.kinds]))
def test_anything_reads_without_a_fault_of_ours(text: str, kind: str) -> None:
    entry, found = read(text, kind)
    assert entry is not None or found
    for diagnostic in found:
        for language in ("zh", "en"):
            assert translator(language).text(diagnostic.message)
            assert "{" not in translator(language).text(diagnostic.message).replace("{", "", text.count("{"))
        assert diagnostic.span[:2] <= diagnostic.span[2:]


# Chinese is as good as English


def spellings() -> list[tuple[str, str, str]]:
    return [
        (kind.name, spec.name, spelling)
        for kind in SCHEMA.kinds.values()
        for spec in kind.fields.values()
        for spelling in spec.label.spellings
        if spelling != spec.name
    ]


@pytest.mark.parametrize(("kind", "name", "spelling"), spellings())
def test_every_label_is_read_as_its_key(kind: str, name: str, spelling: str) -> None:
    spec = SCHEMA[kind].fields[name]
    value = (
        next(iter(spec.choices.labels)) if spec.choices else {"date": "2026-03-05", "number": "3", "boolean": "true"}
    )
    value = value if isinstance(value, str) else value.get(spec.type, "x")
    text = {"mapping": "{model: x}"}.get(spec.type, f"[{value}]" if spec.many else value)
    entry, found = read(f"{spelling}: {text}", kind)
    assert entry is not None
    assert getattr(entry, name)
    assert entry.origin.written == {name: spelling}
    (said,) = (each for each in found if each.code == "TOB208")
    assert (said.severity, place(said), said.fix and said.fix.text) == (Severity.INFO, (2, 1), name)
    assert not [each for each in found if each.code not in ("TOB201", "TOB208")]


def choices() -> list[tuple[str, str, str, str]]:
    return [
        (kind.name, spec.name, value, spelling)
        for kind in SCHEMA.kinds.values()
        for spec in kind.fields.values()
        if spec.choices
        for value, label in spec.choices.labels.items()
        for spelling in sorted({*label.spellings, value.upper()} - {value})
    ]


@pytest.mark.parametrize(("kind", "name", "value", "spelling"), choices())
def test_every_label_of_a_value_is_read_as_it(kind: str, name: str, value: str, spelling: str) -> None:
    many = SCHEMA[kind].fields[name].many
    entry, found = read(f"{name}: [{spelling}]" if many else f"{name}: {spelling}", kind)
    assert getattr(entry, name) == ((value,) if many else value)
    (said,) = (each for each in found if each.code != "TOB201")
    assert (said.code, said.severity, said.fix and said.fix.text) == ("TOB209", Severity.INFO, value)
    assert place(said) == (2, len(name) + 3 + many)


@pytest.mark.parametrize(
    "key", ["编号", "标题", "日期", "进度状态", "功能模块", "地区", "优先级", "负责人", "重复于", "交付日期"]
)
def test_the_labels_of_the_contract(key: str) -> None:
    _, found = read(f"{key}: x")
    assert "TOB208" in codes(found)
    assert "TOB206" not in codes(found)


@pytest.mark.parametrize("key", ["需求描述", "描述"])
def test_a_description_key_is_the_beginning_of_the_body(key: str) -> None:
    entry, (said,) = read(requirement(f"{key}: 一次导出全部"))
    assert entry is not None
    assert entry.body == "一次导出全部\n\nA body."
    assert (said.code, said.severity, place(said)) == ("TOB208", Severity.INFO, (6, 1))
    assert codes(read(requirement(f"{key}:"))[1]) == ["TOB208"]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-03-05", date(2026, 3, 5)),
        ("2026-3-5", date(2026, 3, 5)),
        ("2026/3/5", date(2026, 3, 5)),
        ("2026.03.05", date(2026, 3, 5)),
        ("2026年3月5日", date(2026, 3, 5)),
        ("2026 年 3 月 5 日", date(2026, 3, 5)),
        ("２０２６年３月５日", date(2026, 3, 5)),
        ("2026-02-29", None),
        ("2028-02-29", date(2028, 2, 29)),
        ("0000-01-01", None),
        ("2026-13-01", None),
        ("20260305", None),
        ("2026-W10-4", None),
        ("2026-03-05T10:00", None),
        ("05.03.2026", None),
        ("March 5", None),
        ("", None),
        ("2026-03-05-", None),
    ],
)
def test_dates(text: str, day: date | None) -> None:
    assert read_date(text) == day
    entry, found = read(requirement(date=f"'{text}'"))
    assert entry is not None
    assert getattr(entry, "date") == day  # noqa: B009 (the model's field, which is None in what is left of a faulty entry)
    canonical = day is not None and text == day.isoformat()
    expected = [] if canonical else ["TOB209"] if day else ["TOB204"] if text else ["TOB201"]
    assert codes(found) == expected
    if expected == ["TOB209"]:
        assert found[0].fix is not None
        assert found[0].fix.text == "2026-03-05"
    if text:
        assert all(place(each) == (4, 7) for each in found)


def test_a_single_value_where_a_list_belongs() -> None:
    entry, (said,) = read(requirement("客户: acme"))[0], read(requirement("customers: acme"))[1]
    assert isinstance(entry, Requirement)
    assert entry.customers == ("acme",)
    assert (said.code, said.severity, place(said)) == ("TOB210", Severity.INFO, (6, 12))
    assert said.fix is not None
    assert said.fix.text == "[acme]"
    assert only(requirement('tags: "a, b"')).fix.text == '["a, b"]'  # type: ignore[union-attr]
    impact = only(requirement("impact: 降本"))
    assert (impact.code, impact.fix and impact.fix.text) == ("TOB210", "[saves-money]")


@pytest.mark.parametrize("empty", ["", "null", "~", '""', "''"])
def test_empty_means_no_value(empty: str) -> None:
    entry, found = read(requirement(f"module: {empty}\ncustomers: {empty}\neffort: {empty}"))
    assert isinstance(entry, Requirement)
    assert (entry.module, entry.customers, entry.effort, found) == (None, (), None, [])
    assert only(requirement(title=empty)).code == "TOB201"


@pytest.mark.parametrize(
    ("line", "field", "value"),
    [
        ("title: 1.10", "title", "1.10"),
        ("customers: [012, 1e3]", "customers", ("012", "1e3")),
        ("region: NO", "region", "NO"),
        ("planned: 2026-03-05", "planned", "2026-03-05"),
        ("effort: 012", "effort", 12.0),
        ("effort: 1,200", "effort", 1200.0),
        ("effort: 1，200", "effort", 1200.0),
        ("effort: 2.50", "effort", 2.5),
    ],
)
def test_values_are_typed_by_their_field(line: str, field: str, value: object) -> None:
    key = line.partition(":")[0]
    text = requirement(**{key: line.partition(": ")[2]}) if key == "title" else requirement(line)
    assert getattr(read(text)[0], field) == value


# What is wrong


@pytest.mark.parametrize(
    ("line", "code", "at", "says", "helps"),
    [
        ("titel: a", "TOB206", (6, 1), "titel", "title"),
        ("需求名: a", "TOB206", (6, 1), "需求名", ""),
        ("zzz: a", "TOB206", (6, 1), "zzz", "tobkit.toml"),
        ("a.b: c", "TOB206", (6, 1), "a.b", ""),
        ("body: a", "TOB206", (6, 1), "body", ""),
        ("origin: a", "TOB206", (6, 1), "origin", ""),
        ("kind: a", "TOB206", (6, 1), "kind", ""),
        ("标题: a", "TOB105", (6, 1), "title", "one of the two"),
        ("source: 市场部", "TOB203", (6, 9), "市场部", "marketing (市场)"),
        ("source: xyz", "TOB203", (6, 9), "xyz", "merchant-acquisition (招商)"),
        ("类型： 优化", "TOB203", (6, 5), "优化", "improvement"),
        ("impact: [竞品抢单, 省钱]", "TOB203", (6, 16), "省钱", "saves-money (降本)"),
        ("impact:\n  - wins-deals\n  - winsdeals", "TOB203", (8, 5), "winsdeals", "wins-deals"),
        ("delivered: 下周", "TOB204", (6, 12), "下周", "2026-03-05"),
        ("effort: 三天", "TOB205", (6, 9), "三天", "without unit"),
        ("effort: 0", "TOB205", (6, 9), "0 is out of range", "greater than 0"),
        ("effort: -1", "TOB205", (6, 9), "-1 is out of range", "greater than 0"),
        ("effort: nan", "TOB205", (6, 9), "nan", "number"),
        ("effort: 1e999", "TOB205", (6, 9), "1e999", "number"),
        ("effort: [3]", "TOB202", (6, 9), "single value", ""),
        ("module: [a]", "TOB202", (6, 9), "single value", "double quotes"),
        ("module:\n  a: b", "TOB202", (6, 1), "single value", ""),
        ("customers:\n  a: b", "TOB202", (6, 1), "list", "- item"),
        ("customers: [a, [b]]", "TOB202", (6, 16), "list", ""),
        ('customers: [a, ""]', "TOB202", (6, 16), "empty item", "Delete"),
        ("customers:\n  - a\n  -", "TOB202", (8, 4), "empty item", "Delete"),
        ("source: [sales]", "TOB202", (6, 9), "single value", ""),
    ],
)
def test_each_fault_at_its_place(line: str, code: str, at: tuple[int, int], says: str, helps: str) -> None:
    entry, found = read(requirement(line))
    (said,) = (each for each in found if each.severity is Severity.ERROR)
    assert (said.code, place(said)) == (code, at)
    assert says in str(said.message)
    assert helps in str(said.help)
    assert said.help.template
    assert entry is not None


@pytest.mark.parametrize(
    ("line", "code", "at", "says"),
    [
        ("case_consent: maybe", "TOB211", (2, 15), "neither true nor false"),
        ("arr: -5", "TOB205", (2, 6), "out of range"),
        ("business: shop", "TOB202", (2, 11), "keys of its own"),
        ("business:\n  modell: a", "TOB206", (3, 3), "modell"),
        ("business:\n  model: [a]", "TOB202", (3, 10), "business.model takes a single value, not a list"),
        ("业务:\n  商业模式: [a]", "TOB202", (3, 9), "业务.商业模式 takes a single value, not a list"),
        ("business:\n  model: a\n  商业模式: b", "TOB105", (4, 3), "given already"),
        ("business:\n  - a", "TOB202", (2, 1), "keys of its own"),
    ],
)
def test_faults_of_a_customer(line: str, code: str, at: tuple[int, int], says: str) -> None:
    _, found = read(line, "customer")
    (said,) = (each for each in found if each.severity is Severity.ERROR and each.code != "TOB201")
    assert (said.code, place(said)) == (code, at)
    assert says in str(said.message)


def test_what_is_missing_is_named_with_an_example() -> None:
    _, found = read("tags: [a]")
    assert codes(found) == ["TOB201"] * 4
    assert [each.message.values["key"] for each in found] == ["id", "title", "date", "status"]
    helps = [str(each.help) for each in found]
    assert "REQ-7f3kq2" in helps[0]
    assert "2026-03-05" in helps[2]
    assert "accepted (已受理)" in helps[3]
    assert translator("zh").shown(found[1].message.values["label"]) == "标题"


def test_all_faults_at_once_and_the_sound_rest() -> None:
    entry, found = read("id: REQ-7f3kq2\ntitle: a\ndate: x\nstatus: y\neffort: z\nmodule: m\nowne: o")
    assert codes(found) == ["TOB206", "TOB204", "TOB203", "TOB205"]
    assert isinstance(entry, Requirement)
    assert (entry.id, entry.title, entry.module, entry.date, entry.status) == ("REQ-7f3kq2", "a", "m", None, None)


def test_parts_of_a_mapping_in_chinese() -> None:
    entry, found = read("id: acme\nname: A\ntier: ka\nstatus: active\n业务:\n  商业模式: 批发\n  痛点:", "customer")
    assert isinstance(entry, Customer)
    assert (entry.business.model, entry.business.pains) == ("批发", None)
    assert codes(found) == ["TOB208"] * 3
    assert [place(each) for each in found] == [(6, 1), (7, 3), (8, 3)]
    assert entry.origin.written["business.model"] == "业务.商业模式"


def test_references_and_ids_are_composed_characters() -> None:
    entry, found = read(requirement("customers: [cafe\u0301]\ntitle: cafe\u0301").replace("title: Export\n", ""))
    assert isinstance(entry, Requirement)
    assert (entry.customers, entry.title, found) == (("caf\u00e9",), "cafe\u0301", [])
    assert read("id: cafe\u0301", "module")[0].id == "caf\u00e9"  # type: ignore[union-attr]


def test_long_values_are_cut_in_messages() -> None:
    _, found = read(requirement(f"source: {'长' * 100_000}\n{'k' * 900}: a\neffort: {'9' * 9000}x"))
    assert len(found) == 3
    assert all(len(str(each.message)) < 200 for each in found)


def test_many_faults_take_no_time() -> None:
    _, found = read("\n".join(f"kye{n}: {n}" for n in range(4000)))
    unknown = [each for each in found if each.code == "TOB206"]
    assert len(unknown) == 4000
    assert place(unknown[-1]) == (4001, 1)
    _, found = read("impact: [" + ", ".join(f"x{n}" for n in range(4000)) + "]")
    assert codes(found).count("TOB203") == MAX_PROBLEMS - 4  # the four missing keys come first
    assert MOST_GUESSES < 4000


# A team's own fields and statuses


OWN = Config.model_validate(
    {
        "workflow": {
            "statuses": {"reviewing": {"stands_for": "triaged", "label": {"zh": "评审中", "en": "In review"}}},
        },
        "fields": {
            "requirement": {
                "contract_no": {"pattern": "^HT-[0-9]+$", "label": {"zh": "合同号", "en": "Contract"}},
                "seats": {"type": "integer", "minimum": 1, "maximum": 500},
                "factor": {"type": "number"},
                "signed": {"type": "boolean"},
                "kickoff": {"type": "date"},
                "sites": {"type": "list"},
                "level": {"choices": {"a": {"zh": "甲", "en": "First"}, "b": {"zh": "乙", "en": "Second"}}},
                "channels": {"type": "list", "choices": ["web", "app"]},
                "parent": {"type": "reference", "kind": "requirement"},
            }
        },
    }
)


def test_own_fields_of_every_type() -> None:
    lines = (
        "合同号: HT-12\nseats: 3\nfactor: 1.5\nsigned: 是\nkickoff: 2026/3/5\nsites: [上海]\nlevel: 甲\n"
        "channels: [web]\nparent: REQ-7f3kq3"
    )
    entry, found = read(requirement(lines, status="评审中"), config=OWN)
    assert {each.severity for each in found} == {Severity.INFO}
    assert entry is not None
    values = entry.model_dump(include=set(OWN.fields["requirement"]))
    assert values == {
        "contract_no": "HT-12",
        "seats": 3,
        "factor": 1.5,
        "signed": True,
        "kickoff": date(2026, 3, 5),
        "sites": ("上海",),
        "level": "a",
        "channels": ("web",),
        "parent": "REQ-7f3kq3",
    }
    assert getattr(entry, "status") == "reviewing"  # noqa: B009


@pytest.mark.parametrize(
    ("line", "code", "helps"),
    [
        ("contract_no: 12", "TOB221", "^HT-[0-9]+$"),
        ("seats: 2.5", "TOB205", "whole number"),
        ("seats: many", "TOB205", "whole number"),
        ("seats: 0", "TOB205", "1 or more"),
        ("seats: 501", "TOB205", "500 or less"),
        ("factor: inf", "TOB205", "number"),
        ("signed: maybe", "TOB211", "true or false"),
        ("kickoff: soon", "TOB204", "2026-03-05"),
        ("level: c", "TOB203", "a (甲)"),
        ("channels: [web, ap]", "TOB203", "Did you mean app?"),
        ("合同: HT-1", "TOB206", "contract_no"),
    ],
)
def test_faults_of_own_fields(line: str, code: str, helps: str) -> None:
    said = only(requirement(line), config=OWN)
    assert said.code == code
    assert helps in str(said.help)


def test_a_status_that_a_team_has_is_none_elsewhere() -> None:
    assert only(requirement(status="reviewing")).code == "TOB203"
    assert isinstance(SCHEMA["requirement"].label, Label)
