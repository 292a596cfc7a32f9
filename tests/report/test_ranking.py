"""The renderers of a ranking: table, JSON, CSV, explanation."""

import csv as csv_module
import json as json_module
from io import StringIO

import pytest
from rich.cells import cell_len

from tests.rank.entries import TODAY, customer, day, module, note, pool, promise, req
from tobkit.messages import translator
from tobkit.model.config import SIGNALS, Config
from tobkit.rank import explain, rank
from tobkit.report import ranking as report

EN, ZH = translator("en"), translator("zh")
ENTRIES = [
    req("a", "acme", "bolt", impact=("blocks-use",), module="bank", owner="li.wei", status="accepted",
        suggested_priority="high", date=day(-90)),
    req("b", impact=("wins-deals",)).model_copy(update={"title": "批量导出电子发票"}),
    req("c", duplicate_of="REQ-a"),
    customer("acme", "at-risk", arr=2_100_000),
    customer("bolt", arr=0.5),
    module("bank"),
    note("n", "acme", "a", "b"),
    promise("p", "acme", "a", 97),
]  # fmt: skip
POOL = pool(*ENTRIES, config=Config.model_validate({"people": {"li.wei": {"name": "李蔚"}}}))
RANKING = rank(POOL, TODAY)


def table(*entries, top=None):
    made = pool(*entries)
    return report.text(made, rank(made, TODAY), EN, top=top).splitlines()


def rows(text):
    return list(csv_module.reader(StringIO(text)))


# Table


def test_a_row_says_what_one_wants_to_know():
    head, first, second = report.text(POOL, RANKING, EN).splitlines()
    assert head.split() == ["Rank", "ID", "Title", "Tier", "Score", "Customers", "Yearly", "revenue", "Status",
                            "Module", "Owner", "Needs", "evidence"]  # fmt: skip
    assert first.split() == ["1", "REQ-a", "a", "1", "Blocks", "use", f"{RANKING.items[0].score:.1f}", "2",
                             "¥2,100,000.50", "Accepted", "Bank", "李蔚"]  # fmt: skip
    assert second.split()[-2:] == ["Wins", "deals"]


def test_columns_stand_under_each_other_as_a_terminal_counts():
    """Han characters take two cells."""
    lines = table(req("a").model_copy(update={"title": "发票"}), req("b").model_copy(update={"title": "ab"}), req("c"))
    tiers = [cell_len(line[: line.index("4 The rest")]) for line in lines[1:]]
    assert len(set(tiers)) == 1
    assert cell_len(lines[0][: lines[0].index("Tier")]) == tiers[0]


def test_long_titles_are_shortened_by_cells():
    (_, line) = table(req("a").model_copy(update={"title": "对" * 100}))
    assert "对" * 23 + "…" in line
    assert "对" * 24 not in line


def test_top():
    entries = [req(name) for name in "abcde"]
    assert len(table(*entries, top=2)) == 3
    assert len(table(*entries, top=9)) == 6


def test_nothing_to_rank():
    assert table() == ["Nothing to rank: there is no open requirement."]


def test_own_statuses_show_their_label():
    config = Config.model_validate(
        {"workflow": {"statuses": {"scoping": {"stands_for": "accepted", "label": {"zh": "评审", "en": "Scoping"}}}}}
    )
    made = pool(req("a").model_copy(update={"status": "scoping"}), config=config)
    assert "Scoping" in report.text(made, rank(made, TODAY), EN)
    assert "评审" in report.text(made, rank(made, TODAY), ZH)


HOSTILE = "\x1b]0;pwned\x07\x9b31m\u202e\n##[error]x"


def test_a_terminal_gets_no_control_characters():
    bad = req("a", "x", owner=HOSTILE, module=HOSTILE).model_copy(update={"title": HOSTILE})
    made = pool(bad, customer("x").model_copy(update={"name": HOSTILE}), note("n", "x", "a"), req("b"))
    ranking = rank(made, TODAY)
    shown = report.text(made, ranking, EN), report.explanation_text(made, explain(made, ranking, "REQ-a"), EN)
    as_json = report.json(made, ranking, EN), report.explanation_json(made, explain(made, ranking, "REQ-a"), EN)
    for text in (*shown, *as_json):
        assert all(char.isprintable() or char == "\n" for char in text)
    assert len(shown[0].splitlines()) == 3
    assert json_module.loads(as_json[0])["ranking"][0]["title"] == HOSTILE


# JSON


def test_json_has_the_shape_of_the_contract():
    document = json_module.loads(report.json(POOL, RANKING, ZH))
    assert list(document) == ["today", "ranking"]
    assert document["today"] == "2026-06-30"
    first, second = document["ranking"]
    assert first == {
        "rank": 1,
        "id": "REQ-a",
        "title": "a",
        "tier": 1,
        "score": RANKING.items[0].score,
        "signals": RANKING.items[0].signals,
        "customers": ["acme", "bolt"],
        "arr": 2_100_000.5,
        "status": "accepted",
        "module": "bank",
        "owner": "li.wei",
    }
    assert list(first["signals"]) == list(SIGNALS)
    assert (second["rank"], second["module"], second["owner"], second["arr"]) == (2, None, None, 2_100_000)


def test_json_keeps_letters_and_whole_numbers():
    text = report.json(POOL, RANKING, EN)
    assert "批量导出电子发票" in text
    assert '"arr": 2100000,' in text


def test_json_top():
    assert len(json_module.loads(report.json(POOL, RANKING, EN, top=1))["ranking"]) == 1


def test_json_of_nothing():
    made = pool()
    assert json_module.loads(report.json(made, rank(made, TODAY), EN)) == {"today": "2026-06-30", "ranking": []}


# CSV


def test_csv_has_a_column_a_signal():
    head, first, second = rows(report.csv(POOL, RANKING, EN))
    assert head == ["rank", "id", "title", "tier", "score", *SIGNALS, "customers", "arr", "status", "module", "owner"]
    assert dict(zip(head, first, strict=True))["customers"] == "acme bolt"
    assert float(first[4]) == RANKING.items[0].score
    assert [float(value) for value in first[5:13]] == list(RANKING.items[0].signals.values())
    assert second[2] == "批量导出电子发票"
    assert second[-2:] == ["", ""]


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "' =1"),
        ("\r=1", "' =1"),
        ("\n=1", "' =1"),
        ("  =1", "'  =1"),
        ("a=1", "a=1"),
        ('say "hi", twice', 'say "hi", twice'),
        ("\x1b[31mred\x9b", " [31mred "),
        ("❤️ 发票", "❤️ 发票"),
    ],
)
def test_csv_is_safe_in_a_spreadsheet(title, shown):
    made = pool(req("a").model_copy(update={"title": title}))
    assert rows(report.csv(made, rank(made, TODAY), EN))[1][2] == shown


def test_csv_numbers_stay_numbers():
    made = pool(req("a", "x"), customer("x", arr=1234.5))
    row = dict(zip(*rows(report.csv(made, rank(made, TODAY), EN)), strict=True))
    assert row["arr"] == "1234.5"
    assert row["rank"] == "1"


# Explanation


def explanation(name, renderer=report.explanation_text, language=EN):
    return renderer(POOL, explain(POOL, RANKING, f"REQ-{name}"), language)


def test_explanation_as_text():
    """reach: both have a customer, two is the most; age 90/180 · 5; voice 2/3 · 5; promise 83/166 · 10."""
    assert explanation("a") == "\n".join(
        [
            "REQ-a  a",
            "Rank 1 of 2, tier 1 (Blocks use), score 80.8",
            "",
            "Why this tier",
            "  “Blocks use”, says REQ-a for Acme, Bolt.",
            "",
            "Why this score",
            "  Signal              Value  Weight  Points  Why",
            "  Customers reached   1.000      25    25.0  2 live customers, 1 of them at risk: Acme, Bolt. (most of all: 2)",
            (
                "  Revenue concerned   1.000      20    20.0  Summed yearly revenue ¥2,100,000.50: Acme (¥2,100,000), Bolt (¥0.50)."
                " (most of all: ¥2,100,000.50)"
            ),
            (
                "  Revenue at risk     1.000      15    15.0  ¥2,100,000 of it is at risk: Acme (at risk)."
                " (most of all: ¥2,100,000)"
            ),
            "  Promise due         0.500      10     5.0  Promised to Acme by 2026-10-05, 97 days left (PRM-p).",
            "  Standard need       1.000      10    10.0  2 customers that aren't key accounts: Acme, Bolt. (most of all: 2)",
            "  Stability           0.000      10     0.0  Neither a defect nor a matter of stability, and no incident names it.",
            "  Time waiting        0.500       5     2.5  First heard on 2026-04-01, 90 days ago.",
            "  Front line's voice  0.667       5     3.3  Highest suggested priority: High (REQ-a).",
            "",
            "Merged into this",
            "  REQ-c  c",
            "",
            "Notes",
            "  NOTE-n  2026-06-30  Acme",
            "",
            "Next below",
            "  2  REQ-b  批量导出电子发票",
            "  REQ-a is in tier 1 (Blocks use), REQ-b in tier 4 (The rest).",
        ]
    )


def test_explanation_names_what_needs_evidence():
    assert (
        "\nNeeds evidence\n  REQ-b says “Wins deals”, but it names no customer, it names no competitor.\n"
        in explanation("b")
    )


def test_explanation_of_what_is_not_ranked():
    assert explanation("c") == "REQ-c  c\nNot ranked. It is merged into REQ-a “a” and counts there."


def test_explanation_as_json():
    document = json_module.loads(explanation("a", report.explanation_json))
    assert document["rank"] == 1
    assert document["count"] == 2
    assert [signal["name"] for signal in document["signals"]] == list(SIGNALS)
    assert document["signals"][3] == {
        "name": "promise",
        "value": 0.5,
        "weight": 10,
        "points": 5.0,
        "facts": ["Promised to Acme by 2026-10-05, 97 days left (PRM-p)."],
        "compared": None,
    }
    assert document["above"] is None
    assert document["below"]["id"] == "REQ-b"
    assert document["merged"] == ["REQ-c"]


def test_explanation_as_json_of_what_is_not_ranked():
    document = json_module.loads(explanation("c", report.explanation_json))
    assert document["not_ranked"].startswith("It is merged into REQ-a")
    assert (document["see"], document["rank"], document["signals"]) == ("REQ-a", None, [])
