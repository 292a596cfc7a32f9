"""Finding a workspace, and what can be wrong in its `tobkit.toml`: all of it at once, the sound rest kept."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tobkit.errors import TobkitError
from tobkit.messages import translator
from tobkit.model.config import Config
from tobkit.model.schema import build_schema
from tobkit.store.workspace import find_workspace, key_span, open_workspace, read_config


def faults(text: str) -> list[tuple[str, tuple[int, int], str, str]]:
    _, found = read_config(text.encode())
    return [(each.code, (each.span.line, each.span.column), str(each.message), str(each.help)) for each in found]


# Finding


def test_found_from_anywhere_below(tmp_path: Path) -> None:
    (tmp_path / "tobkit.toml").write_text('[site]\ntitle = "需求池"\n')
    below = tmp_path / "pool/requirements"
    below.mkdir(parents=True)
    found = find_workspace(below)
    assert found.root == tmp_path.resolve()
    assert found.config.site.title == "需求池"
    assert found.relative(below / "x.md") == "pool/requirements/x.md"


def test_the_nearest_one_counts(tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    (tmp_path / "tobkit.toml").touch()
    (inner / "tobkit.toml").touch()
    assert find_workspace(inner).root == inner.resolve()


def test_none_found(tmp_path: Path) -> None:
    with pytest.raises(TobkitError, match="tobkit init"):
        find_workspace(tmp_path)
    with pytest.raises(TobkitError, match="can't be read"):
        open_workspace(tmp_path)


def test_an_empty_file_is_a_workspace(tmp_path: Path) -> None:
    (tmp_path / "tobkit.toml").touch()
    found = open_workspace(tmp_path)
    assert (found.config, found.diagnostics) == (Config(), ())
    assert found.pool_folder == tmp_path / "pool"


# What is right


def test_people_regions_statuses_and_fields() -> None:
    text = """
[pool]
regions = ["华东", "华南"]
timezone = "Asia/Shanghai"
[people."li.lei"]
name = "李蕾"
team = "product"
[workflow.statuses.reviewing]
stands_for = "triaged"
label = {zh = "评审中", en = "In review"}
[workflow]
transitions = {new = ["reviewing"], reviewing = ["accepted"]}
[rank.weights]
reach = 30
[fields.requirement.contract_no]
type = "text"
pattern = "^HT-"
required = ["reviewing"]
[fields.note]
mood.type = "text"
mood.choices = ["good", "bad"]
"""
    config, found = read_config(text.encode())
    assert found == []
    assert config.pool.regions == ("华东", "华南")
    assert (config.person("li.lei"), config.people["li.lei"].team) == ("李蕾", "product")
    assert config.rank.all_weights["reach"] == 30
    schema = build_schema(config)
    assert schema.stage("reviewing") == "triaged"
    assert "reviewing" in schema.statuses
    assert schema["requirement"].fields["contract_no"].own
    assert list(schema["note"].fields["mood"].choices or ()) == ["good", "bad"]


def test_a_byte_order_mark_and_crlf() -> None:
    config, found = read_config('\ufeff[site]\r\ntitle = "a"\r\ntitel = 1\r\n'.encode())
    assert config.site.title == "a"
    assert [(each.code, each.span.line, each.span.column) for each in found] == [("TOB191", 3, 1)]


# What is wrong


@pytest.mark.parametrize(
    ("text", "code", "at", "says", "helps"),
    [
        ("[site\n", "TOB190", (1, 6), "square bracket", "double quotes"),
        ("[site]\ntitle = 需求\n", "TOB190", (2, 9), "isn't understood", "double quotes"),
        ("[site]\ntitle\n", "TOB190", (2, 6), "= is missing", "key = value"),
        ('[site]\ntitle = "a\n', "TOB190", (2, 11), "quotation mark", ""),
        ('[site]\ntitle = "a" b\n', "TOB190", (2, 13), "ended already", ""),
        ('[site]\ntitle = "a"\ntitle = "b"\n', "TOB190", (3, 12), "twice", ""),
        ("[site]\n[site]\n", "TOB190", (2, 6), "twice", ""),
        ("标题 = 1\n", "TOB190", (1, 1), "letters a-z", ""),
        ("[site]\nx = [1, 2\n", "TOB190", (2, 1), "bracket", ""),
        ("x = " + "9" * 5000, "TOB190", (1, 1), "", "double quotes"),
        ("x = " + "[" * 100_000, "TOB190", (1, 1), "", "double quotes"),
        ("x = 2026-02-30\n", "TOB190", (1, 5), "", ""),
        ("sight = 1\n", "TOB191", (1, 1), "“sight”", "site"),
        ("[sight]\ntitle = 1\n", "TOB191", (1, 2), "“sight”", "site"),
        ('[site]\ntitel = "a"\n', "TOB191", (2, 1), "site.titel", "title"),
        ("[site]\nzzz = 1\n", "TOB191", (2, 1), "site.zzz", "accent"),
        ('[people.a]\nnmae = "x"\nname = "y"\n', "TOB191", (2, 1), "people.a.nmae", "name"),
        ("[rank.weights]\nreech = 1\n", "TOB191", (2, 1), "reech", "reach"),
        ("[rank]\nweights = {reech = 1}\n", "TOB191", (2, 12), "reech", "reach"),
        ("[rank.weights]\nreach = -1\n", "TOB192", (2, 1), "rank.weights.reach", ""),
        ("[rank.weights]\nreach = nan\n", "TOB192", (2, 1), "rank.weights.reach", ""),
        ("[rank.weights]\nreach = inf\n", "TOB192", (2, 1), "rank.weights.reach", ""),
        ("[site]\ntitle = 5\n", "TOB192", (2, 1), "text in double quotes", ""),
        ('[site]\nlanguage = "fr"\n', "TOB192", (2, 1), "allowed values", "zh"),
        ('[site]\nlanguages = ["zh", "fr"]\n', "TOB192", (2, 1), "site.languages", "zh"),
        ('[site]\naccent = "red"\n', "TOB192", (2, 1), "expected form", ""),
        ("site = 5\n", "TOB192", (1, 1), "a table", ""),
        ('[pool]\nregions = "华东"\n', "TOB192", (2, 1), "list in square brackets", ""),
        ('[pool]\ntimezone = "Mars"\n', "TOB192", (2, 1), "time zone", ""),
        ('[pool]\ntimezone = "../../etc/passwd"\n', "TOB192", (2, 1), "time zone", ""),
        ('[pool]\npath = "../x"\n', "TOB192", (2, 1), "below the workspace", ""),
        ('[pool]\npath = "/etc"\n', "TOB192", (2, 1), "below the workspace", ""),
        ('[pool]\npath = ".."\n', "TOB192", (2, 1), "below the workspace", ""),
        ('[people.a]\nteam = "sales"\n', "TOB192", (1, 2), "needs the key “name”", "name"),
        ('[people.a]\nname = "A"\nteam = "sale"\n', "TOB192", (3, 1), "people.a.team", "sales"),
        ("[escalation]\ndays = [7, 14]\n", "TOB192", (2, 1), "escalation.days", ""),
        ("[escalation]\ndays = [7, 14, 0]\n", "TOB192", (2, 1), "escalation.days", ""),
        ('[workflow.statuses.x]\nstands_for = "y"\n', "TOB192", (2, 1), "stands_for", "declined"),
        ('[workflow.statuses.new]\nstands_for = "parked"\n', "TOB192", (1, 2), "standard status", ""),
        ('[workflow.transitions]\nnew = ["aceptd"]\n', "TOB192", (2, 1), "aceptd", "accepted"),
        ('[workflow.transitions]\nnwe = ["accepted"]\n', "TOB192", (2, 1), "nwe", "new"),
        ('[fields.requirment.x]\ntype = "text"\n', "TOB191", (1, 2), "requirment", "requirement"),
        ('[fields.requirement.title]\ntype = "text"\n', "TOB192", (1, 2), "title", "doesn't have yet"),
        ('[fields.requirement.body]\ntype = "text"\n', "TOB192", (1, 2), "body", ""),
        ('[fields.requirement.model_config]\ntype = "text"\n', "TOB192", (1, 2), "model_config", ""),
        ('[fields.requirement.model_validate]\ntype = "text"\n', "TOB192", (1, 2), "model_validate", ""),
        ('[fields.requirement.copy]\ntype = "text"\n', "TOB192", (1, 2), "copy", ""),
        ('[fields.requirement._x]\ntype = "text"\n', "TOB192", (1, 2), "_x", ""),
        ('[fields.requirement.contract-no]\ntype = "text"\n', "TOB192", (1, 2), "contract-no", "letters, digits and _"),
        ('[fields.requirement.x]\ntype = "txt"\n', "TOB192", (2, 1), "fields.requirement.x.type", "text"),
        ('[fields.requirement.x]\npattern = "("\n', "TOB192", (2, 1), "pattern can't be read", "regular"),
        ('[fields.requirement.x]\npattern = "(?=a)"\n', "TOB192", (2, 1), "pattern can't be read", "regular"),
        ('[fields.requirement.x]\ntype = "integer"\npattern = "a"\n', "TOB192", (3, 1), "type text", ""),
        ("[fields.requirement.x]\nminimum = 1\n", "TOB192", (2, 1), "integer or number", ""),
        ('[fields.requirement.x]\ntype = "integer"\nminimum = 2\nmaximum = 1\n', "TOB192", (4, 1), "smaller", ""),
        ('[fields.requirement.x]\ntype = "date"\nchoices = ["a"]\n', "TOB192", (3, 1), "text or list", ""),
        ('[fields.requirement.x]\ntype = "reference"\n', "TOB192", (1, 2), "of which kind", "customer"),
        ('[fields.requirement.x]\ntype = "reference"\nkind = "client"\n', "TOB192", (3, 1), "client", "customer"),
        ('[fields.requirement.x]\nrequired = ["aceptd"]\n', "TOB192", (2, 1), "aceptd", "accepted"),
        ('[fields.note.x]\nrequired = ["new"]\n', "TOB192", (2, 1), "has no status", "required = true"),
        ("[fields.requirement.x]\nrequired = 5\n", "TOB192", (2, 1), "fields.requirement.x.required", ""),
        ('[fields.requirement.x]\nlabel = {fr = "x"}\n', "TOB191", (2, 10), "label.fr", "zh"),
        ('[fields.requirement]\nx = {type = "txt"}\n', "TOB192", (2, 6), "fields.requirement.x.type", "text"),
        ('fields.requirement.x.type = "txt"\n', "TOB192", (1, 1), "fields.requirement.x.type", "text"),
        ('[fields . requirement . "x"]\n"type" = "txt"\n', "TOB192", (2, 1), "fields.requirement.x.type", "text"),
    ],
)
def test_each_fault_at_its_place(text: str, code: str, at: tuple[int, int], says: str, helps: str) -> None:
    (found,) = faults(text)
    assert found[:2] == (code, at)
    assert says in found[2]
    assert helps in found[3]
    assert found[3]


def test_all_faults_at_once_and_the_sound_rest() -> None:
    text = """
[site]
title = "需求池"
language = "fr"
titel = "x"
[pool]
regions = ["华东"]
timezone = "Mars"
[people.a]
team = "sales"
[people.b]
name = "B"
[rank.weights]
reach = 30
reech = 1
[fields.requirement.good]
type = "integer"
minimum = 1
maximum = "x"
[fields.requirement.bad]
type = "text"
minimum = 1
[fields.requirement.title]
type = "text"
"""
    config, found = read_config(text.encode())
    assert sorted((each.code, each.span.line) for each in found) == [
        ("TOB191", 5),
        ("TOB191", 15),
        ("TOB192", 4),
        ("TOB192", 8),
        ("TOB192", 9),
        ("TOB192", 19),
        ("TOB192", 22),
        ("TOB192", 23),
    ]
    assert (config.site.title, config.site.language) == ("需求池", "zh")
    assert (config.pool.regions, config.pool.timezone) == (("华东",), "UTC")
    assert list(config.people) == ["b"]
    assert config.rank.weights == {"reach": 30}
    assert list(config.fields["requirement"]) == ["good", "bad"]
    assert config.fields["requirement"]["good"].minimum == 1
    assert build_schema(config)["requirement"].fields["bad"].type == "text"


def test_not_utf8() -> None:
    config, (found,) = read_config('[site]\ntitle = "批量导出发票"\n'.encode("gbk"))
    assert (config, found.code) == (Config(), "TOB190")
    assert "GBK" in str(found.help)


def test_places_of_keys() -> None:
    text = '# [site]\n[[x]]\n[site]\n  title = "a"\nnav = [\n  {url = "b"},\n]\n[people."li.lei"]\nname = "c"\n'
    assert key_span(text, ("site", "title")) == (4, 3, 4, 8)
    assert key_span(text, ("site", "nav", "url")) == (5, 1, 5, 4)
    assert key_span(text, ("site", "nowhere")) == (3, 2, 3, 6)
    assert key_span(text, ("people",)) == (8, 2, 8, 17)
    assert key_span(text, ("people", "li.lei", "name")) == (9, 1, 9, 5)
    assert key_span(text, ("nowhere",)) == (1, 1, 1, 1)


KEYS = st.sampled_from(
    [
        "pool",
        "path",
        "regions",
        "site",
        "title",
        "language",
        "people",
        "a",
        "name",
        "team",
        "fields",
        "requirement",
        "x",
        "type",
        "pattern",
        "required",
        "rank",
    ]
)
VALUES = st.recursive(
    st.one_of(
        st.text(max_size=5), st.integers(-9, 9), st.booleans(), st.sampled_from(["text", "reference", "(", "new"])
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(KEYS, inner, max_size=3)),
    max_leaves=6,
)


def toml(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {toml(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(toml(item) for item in value) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return '"' + "".join(f"\\U{ord(character):08X}" for character in value) + '"'
    return str(value)


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=60),
        st.dictionaries(KEYS, VALUES, max_size=4).map(
            lambda tables: "\n".join(f"{key} = {toml(value)}" for key, value in tables.items()).encode()
        ),
    )
)
def test_anything_gives_a_configuration(data: bytes) -> None:
    config, found = read_config(data)
    build_schema(config)
    for each in found:
        for language in ("zh", "en"):
            assert translator(language).text(each.message)
    assert config == Config() or not any(each.code == "TOB190" for each in found)
