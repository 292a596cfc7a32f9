"""Collections of other people's making are adopted by a `tobkit.toml` alone: without false errors, their real faults found."""

import json
import re
from pathlib import Path

import jsonschema
import pytest
import yaml

from tests.docs.pages import Page
from tests.schema.conftest import Tobkit, entry, opened, places, write
from tobkit.store.load import Loaded

ROOT = Path(__file__).parents[2]
CIPS = (ROOT / "docs/examples/cips.toml").read_text(encoding="utf-8")
POSTS, ENHANCEMENTS = Page("docs/en/adopting.md").blocks("toml")[-2:]
BODY = "\n## Abstract\n\nWhoever stakes sees in one place what it earns, and need not add it up by hand.\n"


def proposal(number: int, title: str = "", **instead: str) -> str:
    keys = {
        "CIP": str(number),
        "Title": title or f"Proposal {number}",
        "Category": "Tools",
        "Status": "Proposed",
        "Authors": "\n    - Zoe Zhang <zoe@example.com>\n    - Ann Lee <ann@example.com>",
        "Implementors": "N/A",
        "Discussions": "\n    - Original PR: https://example.com/pull/1",
        "Created": "2024-03-05",
        "License": "CC-BY-4.0",
        **instead,
    }
    return entry("".join(f"{key}: {value}\n" for key, value in keys.items() if value != "-"), BODY)


SOUND = {
    "CIP-0001/README.md": proposal(1, Status="Active", Implementors="[]"),
    "CIP-0001/annex.md": "No front matter here.",
    "CIP-0001/images/a.png": "",
    "CIP-0002/README.md": proposal(2, Status="Inactive (superseded by CIP-0001 and CIP-0010)"),
    "CIP-0010/README.md": proposal(10, **{"Solution To": "\n    - CPS-0016: https://example.com/CPS-0016"})
    + "See [one](../CIP-0001/README.md), [its annex](../CIP-0001/annex.md) and ![a picture](../CIP-0001/images/a.png).\n",
    "CIP-0002/CIP-0002.md": "Moved to README.md\n",
    "README.md": "# Proposals\n",
    ".github/template.md": "---\n",
    "templates/notes.md": "",
}


def found_by(tobkit: Tobkit) -> list[tuple[str, str, int, int]]:
    found = json.loads(tobkit("check", "--format", "json").out)["diagnostics"]
    return [(each["code"], each["path"], each["line"], each["column"]) for each in found]


class TestProposals:
    """Folders with numbers, capitalised keys, statuses with a reason behind them, pairs in lists."""

    @pytest.fixture
    def loaded(self, tmp_path: Path) -> Loaded:
        return opened(tmp_path, CIPS, SOUND)

    def test_nothing_is_wrong_where_nothing_is(self, loaded: Loaded, tobkit: Tobkit) -> None:
        assert places(loaded) == []
        assert found_by(tobkit) == []
        assert loaded.files == 3

    def test_what_is_read(self, loaded: Loaded) -> None:
        by_id = loaded.pool.requirements
        assert {*by_id} == {"1", "2", "10"}
        assert [loaded.pool.stage(by_id[number]) for number in ("1", "2", "10")] == ["delivered", "declined", "triaged"]
        assert (by_id["2"].status, by_id["2"].reason) == ("Inactive", "superseded by CIP-0001 and CIP-0010")
        ten = by_id["10"]
        assert ten.discussions == ("Original PR: https://example.com/pull/1",)  # type: ignore[attr-defined]
        assert ten.solution_to == ("CPS-0016: https://example.com/CPS-0016",)  # type: ignore[attr-defined]
        assert ten.authors == ("Zoe Zhang <zoe@example.com>", "Ann Lee <ann@example.com>")  # type: ignore[attr-defined]
        assert ten.implementors == ("N/A",)  # type: ignore[attr-defined]

    def test_every_fault_is_found_at_its_place(self, tmp_path: Path, tobkit: Tobkit) -> None:
        wrong = {
            "CIP-0011/README.md": proposal(12),
            "CIP-0013/README.md": proposal(13, Status="Propsed", Category="Tooling"),
            "CIP-0014/README.md": proposal(14, License="-", Created="5th of May"),
            "CIP-0015/README.md": proposal(15, Authors="\n  - Ann Lee"),
            "CIP-0016/README.md": proposal(16, Discussions="-", Licence="CC-BY-4.0"),
            "CIP-0017/README.md": "Moved to [another place](../CIP-0001/README.md).\n",
            "CIP-0018/README.md": proposal(10),
            "CIP-0019/README.md": proposal(19) + "As in [one](./CIP-0001/README.md).\n",
            "CIP-0020/README.md": proposal(20, duplicate_of="21"),
            "CIP-0022/README.md": proposal(22, title="Foo: bar"),
        }
        write(tmp_path, {"tobkit.toml": CIPS, **SOUND, **wrong})
        assert found_by(tobkit) == [
            ("TOB302", "CIP-0010/README.md", 2, 6),
            ("TOB115", "CIP-0011/README.md", 2, 6),
            ("TOB203", "CIP-0013/README.md", 4, 11),
            ("TOB203", "CIP-0013/README.md", 5, 9),
            ("TOB201", "CIP-0014/README.md", 1, 1),
            ("TOB204", "CIP-0014/README.md", 12, 10),
            ("TOB221", "CIP-0015/README.md", 7, 5),
            ("TOB201", "CIP-0016/README.md", 1, 1),
            ("TOB206", "CIP-0016/README.md", 12, 1),
            ("TOB101", "CIP-0017/README.md", 1, 1),
            ("TOB115", "CIP-0018/README.md", 2, 6),
            ("TOB302", "CIP-0018/README.md", 2, 6),
            ("TOB313", "CIP-0019/README.md", 19, 13),
            ("TOB301", "CIP-0020/README.md", 14, 15),
            ("TOB104", "CIP-0022/README.md", 3, 11),
        ]
        said = tobkit("check").out
        assert "“Propsed” isn't a value of Status." in said
        assert "Did you mean ../CIP-0001/README.md?" in said
        assert "“License” (License) is missing." in said
        assert "The path says 0011, but the id here is 12." in said

    def test_all_commands_take_it(self, loaded: Loaded, tobkit: Tobkit, tmp_path: Path) -> None:
        assert [one["id"] for one in json.loads(tobkit("rank", "--format", "json").out)["ranking"]] == ["10"]
        for ref in ("2", "0002", "CIP-0002", "#2"):
            assert "Inactive" in tobkit("show", ref).out
        assert tobkit("dedupe").code == 0
        assert tobkit("build").code == 0
        page = (tmp_path / "site/requirement/10.html").read_text(encoding="utf-8")
        assert '<a href="../requirement/1.html">one</a>' in page
        assert found_by(tobkit) == []

    def test_an_edit_changes_its_own_lines_only(self, loaded: Loaded, tobkit: Tobkit, tmp_path: Path) -> None:
        file = tmp_path / "CIP-0010/README.md"
        before = file.read_text(encoding="utf-8")
        result = tobkit("set", "10", "Status=Active", "Title=Another title", "Authors+=Bo <bo@example.com>")
        assert result.code == 0, result.err
        assert tobkit("merge", "1", "10").code == 0
        after = file.read_text(encoding="utf-8")
        assert after == (
            before.replace("Proposed", "Active")
            .replace("Proposal 10", "Another title")
            .replace("Ann Lee <ann@example.com>\n", "Ann Lee <ann@example.com>\n    - Bo <bo@example.com>\n")
            .replace("Created: 2024-03-05\n", "Created: 2024-03-05\nduplicate_of: 1\n")
        )
        assert tobkit("set", "10", "Status=Propsed").code == 1
        assert tobkit("set", "10", "Status=Inactive (done)").code == 0
        assert tobkit("set", "10", "Status=delivered").code == 0
        assert "\nStatus: Active\n" in file.read_text(encoding="utf-8")

    def test_a_new_one_looks_like_the_others(self, loaded: Loaded, tobkit: Tobkit, tmp_path: Path) -> None:
        fields = ("Category=Tools", "Authors=Bo <b@c.d>", "Discussions=https://example.com", "License=Apache-2.0")
        result = tobkit("new", "requirement", "One more", *(part for field in fields for part in ("-f", field)))
        assert (result.code, result.out.strip()) == (0, "CIP-11/README.md"), result.err
        text = (tmp_path / "CIP-11/README.md").read_text(encoding="utf-8")
        assert text.startswith("---\nCIP: 11\nTitle: One more\nCreated: 2026-06-30\nStatus: Proposed\n")
        assert found_by(tobkit) == []

    def test_its_json_schema_takes_what_check_takes(self, loaded: Loaded, tobkit: Tobkit, tmp_path: Path) -> None:
        schema = json.loads(tobkit("schema", "requirement").out)
        jsonschema.Draft202012Validator.check_schema(schema)
        for path in SOUND:
            if re.fullmatch(r"CIP-\d+/README.md", path):
                front = yaml.load(SOUND[path].split("---")[1], Loader=yaml.BaseLoader)
                jsonschema.validate(front, schema)
        for wrong in ({"Status": "Propsed"}, {"Category": "Tooling"}, {"Licence": "x"}):
            with pytest.raises(jsonschema.ValidationError):
                jsonschema.validate({**front, **wrong}, schema)


class TestPosts:
    """The date and the id in the file's name, lists in one line, an author that is sometimes a person, sometimes keys."""

    def test_they_are_adopted(self, tmp_path: Path, tobkit: Tobkit) -> None:
        write(
            tmp_path,
            {
                "tobkit.toml": POSTS,
                "_posts/2026-03-05-a-post.md": entry(
                    "layout: post\ntitle: A post\ncategories: news product\ntags: [b, a]\nauthor:\n  name: Ann\n  url: https://a.example",
                    BODY,
                ),
                "_posts/2025/2025-12-24-closing.md": entry(
                    "title: Closing\ndate: 2025-12-23 10:00:00 +0800\nauthor: Bo", BODY
                ),
                "about.md": entry("layout: page", BODY),
            },
        )
        assert found_by(tobkit) == []
        shown = json.loads(tobkit("show", "2026-03-05-a-post", "--format", "json").out)["fields"]
        assert shown["date"] == "2026-03-05"
        assert (shown["categories"], shown["tags"]) == (["news", "product"], ["b", "a"])
        assert shown["author"] == "name: Ann, url: https://a.example"
        assert (
            json.loads(tobkit("show", "2025-12-24-closing", "--format", "json").out)["fields"]["date"] == "2025-12-23"
        )
        assert tobkit("build").code == 0
        made = tobkit("new", "requirement", "Next post", "-f", "id=2026-06-30-next")
        assert made.out.strip() == "_posts/2026-06-30-next.md", made.err
        assert "id:" not in (tmp_path / made.out.strip()).read_text(encoding="utf-8")

    def test_their_faults(self, tmp_path: Path, tobkit: Tobkit) -> None:
        write(
            tmp_path,
            {
                "tobkit.toml": POSTS,
                "_posts/no-date.md": entry("title: A", BODY),
                "_posts/2026-03-05-b.md": entry("titel: B\nlayout: pst", BODY),
            },
        )
        assert found_by(tobkit) == [
            ("TOB201", "_posts/2026-03-05-b.md", 1, 1),
            ("TOB206", "_posts/2026-03-05-b.md", 2, 1),
            ("TOB203", "_posts/2026-03-05-b.md", 3, 9),
            ("TOB204", "_posts/no-date.md", 1, 1),
        ]


class TestEnhancements:
    """Nested folders, whose names hold the number that a key holds too; references by number."""

    def kep(self, number: str, **more: str) -> str:
        keys = {
            "title": f"Enhancement {number}",
            "kep-number": number,
            "owning-sig": "sig-auth",
            "authors": '\n  - "@ann"',
            "creation-date": "2026-03-05",
            "status": "implementable",
            **more,
        }
        return entry("".join(f"{key}: {value}\n" for key, value in keys.items()), BODY)

    def test_they_are_adopted(self, tmp_path: Path, tobkit: Tobkit) -> None:
        write(
            tmp_path,
            {
                "tobkit.toml": ENHANCEMENTS,
                "enhancements/sig-auth/1234-tokens/README.md": self.kep("1234"),
                "enhancements/sig-auth/0042-keys/README.md": self.kep(
                    "42", replaces="1234", **{"see-also": "\n  - 1234", "status": "withdrawn (nobody has time)"}
                ),
                "enhancements/sig-auth/README.md": "About us",
                "enhancements/NNNN-template/README.md": "---\n",
            },
        )
        assert found_by(tobkit) == []
        shown = json.loads(tobkit("show", "42", "--format", "json").out)["fields"]
        assert (shown["related"], shown["replaces"]) == (["1234"], "1234")
        assert (shown["status"], shown["reason"]) == ("withdrawn", "nobody has time")
        assert tobkit("rank").code == tobkit("build").code == 0

    def test_their_faults(self, tmp_path: Path, tobkit: Tobkit) -> None:
        write(
            tmp_path,
            {
                "tobkit.toml": ENHANCEMENTS,
                "enhancements/sig-auth/1-a/README.md": self.kep("2", status="implementble"),
                "enhancements/sig-auth/3-c/README.md": self.kep("3", replaces="4", authors="\n  - ann"),
                "enhancements/sig-net/3-d/README.md": self.kep("3"),
            },
        )
        assert found_by(tobkit) == [
            ("TOB115", "enhancements/sig-auth/1-a/README.md", 3, 13),
            ("TOB203", "enhancements/sig-auth/1-a/README.md", 8, 9),
            ("TOB302", "enhancements/sig-auth/3-c/README.md", 3, 13),
            ("TOB221", "enhancements/sig-auth/3-c/README.md", 6, 5),
            ("TOB301", "enhancements/sig-auth/3-c/README.md", 9, 11),
            ("TOB302", "enhancements/sig-net/3-d/README.md", 3, 13),
        ]


class TestNumberedFiles:
    """Numbers in keys and names of files, lists with commas that are references, stubs of what moved."""

    CONFIG = """
[pool]
path = "."
[kinds.requirement]
folder = "EIPS"
files = "eip-{id}.md"
prefix = ""
keys = { eip = "id", created = "date", requires = "related", type = "track" }
separator = ","
statuses = { Idea = "new", Draft = "triaged", "Last Call" = "accepted", Final = "delivered", Living = "delivered", Stagnant = "parked", Withdrawn = "declined", Moved = "declined" }
optional = ["module", "owner", "reason", "delivered"]
missing = { title = "{file}", date = "2015-01-01" }
[kinds.requirement.fields]
description = {}
author = { type = "list", required = ["Draft", "Last Call", "Final"] }
track = { choices = ["Standards Track", "Meta", "Informational"] }
discussions-to = { pattern = "^https://" }
category = { choices = ["Core", "ERC"] }
last-call-deadline = { type = "date" }
"""

    def test_they_are_adopted(self, tmp_path: Path, tobkit: Tobkit) -> None:
        write(
            tmp_path,
            {
                "tobkit.toml": self.CONFIG,
                "EIPS/eip-20.md": entry(
                    "eip: 20\ntitle: Token\nauthor: Ann Lee <a@b.c>, Bo (@bo)\ndiscussions-to: https://a.example\nstatus: Final\n"
                    "type: Standards Track\ncategory: ERC\ncreated: 2015-11-19\nrequires: 7, 165",
                    BODY,
                ),
                "EIPS/eip-7.md": entry("eip: 7\ncategory: ERC\nstatus: Moved"),
                "EIPS/eip-165.md": entry(
                    "eip: 165\ntitle: T\nauthor: Cy\nstatus: Last Call\ncreated: 5 March 2019", BODY
                ),
                "EIPS/template.md": "x",
            },
        )
        assert found_by(tobkit) == []
        shown = json.loads(tobkit("show", "EIP-20", "--format", "json").out)["fields"]
        assert shown["related"] == ["7", "165"]
        assert shown["author"] == ["Ann Lee <a@b.c>", "Bo (@bo)"]
        assert shown["track"] == "Standards Track"
        assert json.loads(tobkit("show", "7", "--format", "json").out)["fields"]["title"] == "eip-7"
        assert tobkit("set", "20", "type=Meta", "requires=165").code == 0
        text = (tmp_path / "EIPS/eip-20.md").read_text(encoding="utf-8")
        assert "\ntype: Meta\n" in text
        assert "\nrequires:\n  - 165\n" in text

    def test_their_faults(self, tmp_path: Path, tobkit: Tobkit) -> None:
        write(
            tmp_path,
            {
                "tobkit.toml": self.CONFIG,
                "EIPS/eip-20.md": entry(
                    "eip: 21\ntitle: T\nstatus: Draft\nrequires: 7, 1559\ntype: Standard Track", BODY
                ),
                "EIPS/eip-7.md": entry("eip: 7\nstatus: moved\ndiscussions-to: http://a.example"),
            },
        )
        assert found_by(tobkit) == [
            ("TOB115", "EIPS/eip-20.md", 2, 6),
            ("TOB212", "EIPS/eip-20.md", 4, 9),
            ("TOB301", "EIPS/eip-20.md", 5, 11),
            ("TOB203", "EIPS/eip-20.md", 6, 7),
            ("TOB209", "EIPS/eip-7.md", 3, 9),
            ("TOB221", "EIPS/eip-7.md", 4, 17),
        ]


def test_two_kinds_in_one_folder(tmp_path: Path, tobkit: Tobkit) -> None:
    config = (
        CIPS
        + """
[kinds.problem]
folder = "."
files = "CPS-{id}/README.md"
keys = { CPS = "id", Status = "status" }
statuses = ["Open", "Solved*"]
[kinds.problem.fields.Title]
required = true
"""
    )
    config = config.replace(
        '[kinds.requirement.fields."Solution To"]\ntype = "list"',
        '[kinds.requirement.fields."Solution To"]\ntype = "list"\nkind = "problem"',
    )
    problem = entry("CPS: 16\nTitle: Keys get lost\nStatus: Solved by CIP-0010")
    ten = proposal(10, **{"Solution To": "[CPS-0016]"})
    found = opened(tmp_path, config, {"CPS-0016/README.md": problem, "CIP-0010/README.md": ten})
    assert places(found) == []
    assert found.pool.requirements["10"].solution_to == ("16",)  # type: ignore[attr-defined]
    assert [entry.label for entry in found.pool.by_kind["problem"].values()] == ["Keys get lost"]
    assert "Keys get lost (16)" in tobkit("show", "10").out


class TestWhatIsSaidOnTheWay:
    """Whoever adopts a collection is told what the configuration still lacks."""

    def test_no_file_fits(self, tmp_path: Path, tobkit: Tobkit) -> None:
        write(tmp_path, {"tobkit.toml": CIPS.replace("CIP-{id}/README.md", "CPI-{id}/README.md"), **SOUND})
        assert found_by(tobkit) == [("TOB116", "tobkit.toml", 1, 1)]
        assert "No file below ./ is an entry" in tobkit("check").out

    def test_numbers_where_drawn_ids_are_expected(self, tmp_path: Path, tobkit: Tobkit) -> None:
        write(tmp_path, {"tobkit.toml": CIPS.replace('prefix = ""\n', ""), **SOUND})
        assert {code for code, *_ in found_by(tobkit)} == {"TOB207"}
        assert 'prefix = "" in [kinds.requirement]' in tobkit("check").out

    def test_an_id_key_may_mean_something_else(self, tmp_path: Path) -> None:
        config = """
[kinds.requirement]
id = "file"
keys = { id = "slug" }
fields.slug = {}
"""
        front = "id: intro\ntitle: A\ndate: 2026-03-05\nstatus: new"
        found = opened(tmp_path, config, {"pool/requirements/01-start.md": entry(front)})
        assert places(found) == []
        assert (found.entries[0].id, found.entries[0].slug) == ("01-start", "intro")  # type: ignore[attr-defined]
        found = opened(tmp_path, '[kinds.requirement]\nid = "file"', {})
        assert places(found) == [("TOB115", "pool/requirements/01-start.md", 2, 5)]
