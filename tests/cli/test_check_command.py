"""`tobkit check`: what it exits with, which files it looks at, and what --fix does to them."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cli.conftest import FILES, Tobkit
from tobkit.check import check
from tobkit.store.fix import fix
from tobkit.store.load import load
from tobkit.store.workspace import open_workspace

BULK = "pool/requirements/REQ-00000a-bulk-export.md"


def edit(workspace: Path, old: str, new: str, path: str = BULK) -> None:
    text = (workspace / path).read_bytes().decode()
    assert old in text
    (workspace / path).write_bytes(text.replace(old, new).encode())


def test_a_sound_pool_exits_with_0(tobkit: Tobkit, workspace: Path) -> None:
    result = tobkit("check", "--strict")
    assert result.code == 0
    assert result.out.startswith("Nothing wrong: 5 files checked")
    assert tobkit("check", "--quiet")[:2] == (0, "")


@pytest.mark.parametrize(
    ("old", "new", "plain", "strict"),
    [
        ("status: new", "status: what", 1, 1),  # an error
        ("  - acme", "  - somebody-new", 0, 1),  # a warning
        ("status: new", "状态: new", 0, 0),  # a hint
    ],
)
def test_exit_status_by_severity(tobkit: Tobkit, workspace: Path, old: str, new: str, plain: int, strict: int) -> None:
    edit(workspace, old, new)
    assert tobkit("check").code == plain
    assert tobkit("check", "--strict").code == strict
    assert tobkit("check", "--format", "json").code == plain
    assert tobkit("check", "--format", "github").code == plain


def test_fail_on_takes_codes_one_by_one_and_with_commas(tobkit: Tobkit, workspace: Path) -> None:
    edit(workspace, "status: new", "状态: new")
    code = json.loads(tobkit("check", "--format", "json").out)["diagnostics"][0]["code"]
    assert tobkit("check", "--fail-on", code).code == 1
    assert tobkit("check", "--fail-on", f"TOB101, {code.lower()}").code == 1
    assert tobkit("check", "--fail-on", "TOB101").code == 0


@pytest.mark.parametrize(("code", "says"), [("TOB023", "Did you mean TOB"), ("nonsense", "Codes look like TOB203.")])
def test_an_unknown_code_is_refused(tobkit: Tobkit, workspace: Path, code: str, says: str) -> None:
    result = tobkit("check", "--fail-on", code)
    assert result.code == 2
    assert says in result.err


def test_json_is_as_the_contract_says(tobkit: Tobkit, workspace: Path) -> None:
    edit(workspace, "status: new", "status: 已接收")
    shown = json.loads(tobkit("check", "--format", "json").out)
    assert shown["summary"] == {"files": 5, "errors": 1, "warnings": 0}
    assert shown["diagnostics"] == [
        {
            "code": "TOB203",
            "severity": "error",
            "path": BULK,
            "line": 5,
            "column": 9,
            "end_line": 5,
            "end_column": 12,
            "message": "“已接收” isn't a value of status.",
            "help": shown["diagnostics"][0]["help"],
            "fixable": False,
        }
    ]
    assert "accepted (已受理)" in shown["diagnostics"][0]["help"]


# Paths


@pytest.mark.parametrize(
    ("where", "path", "code", "files"),
    [
        (".", BULK, 1, 1),
        (".", "pool/requirements", 1, 3),
        (".", "pool/customers", 0, 1),
        (".", "pool", 1, 5),
        (".", ".", 1, 5),
        ("pool/requirements", "REQ-00000a-bulk-export.md", 1, 1),
        ("pool/requirements", "../customers/acme.md", 0, 1),
        ("pool/requirements", ".", 1, 3),
        (".", "tobkit.toml", 0, 0),
    ],
)
def test_only_what_is_named_counts(
    tobkit: Tobkit, workspace: Path, monkeypatch: pytest.MonkeyPatch, where: str, path: str, code: int, files: int
) -> None:
    edit(workspace, "status: new", "status: what")
    monkeypatch.chdir(workspace / where)
    result = tobkit("check", path, "--format", "json")
    assert result.code == code
    assert json.loads(result.out)["summary"]["files"] == files


@pytest.mark.parametrize(
    ("path", "says"), [("nope", "There is no file or folder nope."), ("/", "isn't in the workspace")]
)
def test_a_path_that_cannot_be_meant_is_named(tobkit: Tobkit, workspace: Path, path: str, says: str) -> None:
    result = tobkit("check", path)
    assert result.code == 2
    assert says in result.err


# --fix

MESSY = """\
---\r
编号：REQ-00000d\r
标题: "导出: 很慢"  # as she said\r
# a comment\r
日期： 2026/3/5\r
进度状态: 新建\r
客户: 阿克米\r
影响: 降本\r
优先级: '高'\r
links: [b, "a, c"]\r
tags: x, y\r
---\r
财务每个月要逐张下载三千张发票，希望能一次导出。\r
"""


def test_fix_repairs_what_needs_no_judgment_and_says_where(tobkit: Tobkit, workspace: Path) -> None:
    path = "pool/requirements/REQ-00000d-乱.md"
    (workspace / path).write_bytes(("\ufeff" + MESSY).encode())
    before = values(workspace)
    result = tobkit("check", "--fix")
    assert result.code == 0
    assert f"{path}: " in result.err
    assert "repairs" in result.err
    text = (workspace / path).read_bytes().decode()
    assert text.startswith("\ufeff---\r\nid: REQ-00000d\r\n")
    assert "# as she said\r\n# a comment\r\ndate: 2026-03-05\r\nstatus: new\r\n" in text
    assert text.count("\n") == MESSY.count("\n") == text.count("\r\n")
    assert values(workspace) == before
    again = tobkit("check", "--fix")
    assert "Nothing to repair." in again.err
    assert (workspace / path).read_bytes().decode() == text


def test_fix_keeps_to_the_paths_that_are_named(tobkit: Tobkit, workspace: Path) -> None:
    edit(workspace, "status: new", "状态: 新建")
    before = (workspace / BULK).read_bytes()
    assert "Nothing to repair." in tobkit("check", "--fix", "pool/customers").err
    assert (workspace / BULK).read_bytes() == before


def test_what_is_called_fixable_is_fixed(tobkit: Tobkit, workspace: Path) -> None:
    (workspace / "pool/requirements/REQ-00000d-乱.md").write_bytes(MESSY.encode())
    found = json.loads(tobkit("check", "--format", "json").out)["diagnostics"]
    assert sum(one["fixable"] for one in found) >= 10
    left = json.loads(tobkit("check", "--fix", "--format", "json").out)["diagnostics"]
    assert not [one for one in left if one["fixable"]]


def values(root: Path) -> list[tuple[object, ...]]:
    """All that the entries say, without where it stands."""
    return [
        (entry.path, *(getattr(entry, name) for name in type(entry).model_fields if name != "origin"))
        for entry in load(open_workspace(root)).entries
    ]


KEYS = [
    "标题",
    "title",
    "日期",
    "date",
    "状态",
    "status",
    "进度状态",
    "客户",
    "标签",
    "tags",
    "影响",
    "优先级",
    "地区",
    "来源",
]
TEXTS = [
    "新建",
    "new",
    "高",
    "2026/3/5",
    "2026年3月5日",
    "降本",
    "阿克米",
    "a, b",
    "[降本, 增收]",
    "[b, a]",
    '"高"',
    "'a: b'",
    "销售",
    "",
    "# x",
    "|\n  x",
    ">- # c\n  降本",
    "\n  - b\n  - a",
]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.sampled_from(KEYS), st.sampled_from([": ", "：", ":", "： "]), st.sampled_from(TEXTS)), max_size=6
    ),
    st.sampled_from(["\n", "\r\n"]),
)
def test_fixing_loses_nothing_and_comes_to_an_end(tmp_path: Path, fields: list[tuple[str, str, str]], end: str) -> None:
    file = tmp_path / "pool/requirements/REQ-00000d.md"
    for path, text in FILES.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, "utf-8")
    front = ["---", "id: REQ-00000d", *("".join(field) for field in fields), "---", "", "body", ""]
    file.write_bytes(end.join(front).encode())

    def found(loaded):  # type: ignore[no-untyped-def]
        from datetime import date

        return check(loaded.pool, loaded.diagnostics, today=date(2026, 6, 30))

    workspace = open_workspace(tmp_path)
    before = values(tmp_path)
    fix(workspace, found, lambda path: True)
    # A repair may make a file readable; what could be read says the same as before.
    assert [entry for entry in values(tmp_path) if entry[0] in {before_fix[0] for before_fix in before}] == before
    fixed = file.read_bytes()
    assert fix(workspace, found, lambda path: True) == {}
    assert file.read_bytes() == fixed
