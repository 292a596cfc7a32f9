"""`tobkit set` and `show`: edits that keep everything else, and an entry found however it is named."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Tobkit

BULK = "pool/requirements/REQ-00000a-bulk-export.md"


def lines(workspace: Path, path: str = BULK) -> list[str]:
    return (workspace / path).read_text("utf-8").splitlines()


def changed(before: list[str], after: list[str]) -> tuple[list[str], list[str]]:
    """The lines that went and those that came."""
    return [line for line in before if line not in after], [line for line in after if line not in before]


@pytest.mark.parametrize(
    ("assignment", "went", "came"),
    [
        ("title=Bulk: all", ["title: Bulk export of invoices"], ['title: "Bulk: all"']),
        ("tags+=urgent,month-end", [], ["  - month-end", "  - urgent"]),
        ("标签+=紧急", [], ["  - 紧急"]),
        ("tags-=export", ["tags:", "  - export"], []),
        ("tags=", ["tags:", "  - export"], []),
        ("客户=", ["customers: # who asked", "  - acme"], []),
        ("module=数据导出", [], ["module: export"]),
        ("effort=1,200", [], ["effort: 1200"]),
        ("impact=增收、影响使用", [], ["impact:", "  - blocks-use", "  - earns-money"]),
    ],
)
def test_only_the_named_lines_change(
    tobkit: Tobkit, workspace: Path, assignment: str, went: list[str], came: list[str]
) -> None:
    before = lines(workspace)
    result = tobkit("set", "REQ-00000a", assignment)
    assert result.code == 0, result.err
    assert result.out.strip() == BULK
    assert changed(before, lines(workspace)) == (went, came)


def test_several_fields_at_once_where_one_needs_the_other(tobkit: Tobkit, workspace: Path) -> None:
    refused = tobkit("set", "REQ-00000a", "status=不做")
    assert refused.code == 1
    assert "reason" in refused.err
    assert "Nothing was written." in refused.err
    done = tobkit("set", "REQ-00000a", "status=不做", "reason=too rare", "module=export", "owner=李蕾")
    assert done.code == 0, done.err
    assert {"status: declined", "reason: too rare", "owner: lilei"} <= set(lines(workspace))


def test_a_file_with_chinese_keys_keeps_them(tobkit: Tobkit, workspace: Path) -> None:
    path = "pool/requirements/REQ-00000d-中文.md"
    (workspace / path).write_bytes(
        "---\r\n编号: REQ-00000d\r\n标题: 导出\r\n日期: 2026-03-05\r\n状态: 新建\r\n---\r\n".encode()
    )
    assert tobkit("set", "REQ-00000d", "title=打印", "建议优先级=高").code == 0
    data = (workspace / path).read_bytes().decode()
    assert "标题: 打印\r\n" in data
    assert "suggested_priority: high\r\n" in data
    assert data.count("\n") == data.count("\r\n")


def test_a_key_below_a_key(tobkit: Tobkit, workspace: Path) -> None:
    path = "pool/customers/acme.md"
    before = lines(workspace, path)
    assert tobkit("set", "acme", "business.model=SaaS", "业务.痛点=slow").code == 0
    assert changed(before, lines(workspace, path)) == ([], ["business:", "  model: SaaS", "  pains: slow"])
    assert tobkit("set", "acme", "business.model=", "business.pains=").code == 0
    assert lines(workspace, path) == before


def test_an_entry_with_errors_can_be_mended(tobkit: Tobkit, workspace: Path) -> None:
    file = workspace / BULK
    file.write_text(file.read_text("utf-8").replace("status: new", "status: what"), "utf-8")
    assert tobkit("set", "REQ-00000a", "title=Still wrong").code == 0
    assert tobkit("set", "REQ-00000a", "status=new").code == 0
    assert tobkit("check").code == 0


@pytest.mark.parametrize(
    ("assignments", "code", "says"),
    [
        (["id=REQ-00000z"], 2, "`tobkit renumber FILE`"),
        (["stauts=new"], 2, "Did you mean status?"),
        (["status"], 2, "isn't of the form field=value"),
        (["title+=x"], 2, "title holds a single value; write title=value."),
        (["tags-=nothing"], 2, "tags doesn't hold nothing; it holds: export."),
        (["title="], 1, "“title” (Title) is missing."),
        (["date=soon"], 1, "isn't a date"),
        (["duplicate_of=REQ-00000a"], 1, "refers to the entry itself"),
    ],
)
def test_what_would_be_wrong_is_refused(
    tobkit: Tobkit, workspace: Path, assignments: list[str], code: int, says: str
) -> None:
    before = (workspace / BULK).read_bytes()
    result = tobkit("set", "REQ-00000a", *assignments)
    assert result.code == code
    assert says in result.err
    assert (workspace / BULK).read_bytes() == before


def test_saying_the_same_changes_nothing(tobkit: Tobkit, workspace: Path) -> None:
    before = (workspace / BULK).read_bytes()
    result = tobkit("set", "REQ-00000a", "title=Bulk export of invoices", "tags+=export")
    assert result.code == 0
    assert "says already" in result.err
    assert (workspace / BULK).read_bytes() == before


# Finding an entry


@pytest.mark.parametrize(
    ("ref", "id"),
    [
        ("REQ-00000a", "REQ-00000a"),
        ("req-00000A", "REQ-00000a"),
        ("00000a", "REQ-00000a"),
        ("requirement:REQ-00000a", "REQ-00000a"),
        (BULK, "REQ-00000a"),
        ("REQ-00000a-bulk-export.md", "REQ-00000a"),
        ("bulk export of invoices", "REQ-00000a"),
        ("批量导出发票", "REQ-00000b"),
        ("acme", "acme"),
        ("阿克米", "acme"),
        ("Acme Trading", "acme"),
        ("customer:acme", "acme"),
    ],
)
def test_an_entry_is_found_however_it_is_named(tobkit: Tobkit, workspace: Path, ref: str, id: str) -> None:
    result = tobkit("show", ref, "--format", "json")
    assert result.code == 0, result.err
    assert json.loads(result.out)["id"] == id


@pytest.mark.parametrize(
    ("ref", "says"),
    [
        ("REQ-00000x", "There is no entry “REQ-00000x”. Did you mean REQ-00000a (Bulk export of invoices)?"),
        ("acne", "Did you mean acme (Acme Trading)?"),
        ("批量导", "Did you mean REQ-00000b (批量导出发票)?"),
        ("xyzzy", "There is no entry “xyzzy”."),
        ("", "There is no entry “”."),
        ("customer:nobody", "There is no entry “customer:nobody”."),
    ],
)
def test_an_unknown_name_is_answered_with_the_nearest(tobkit: Tobkit, workspace: Path, ref: str, says: str) -> None:
    result = tobkit("show", ref)
    assert result.code == 2
    assert says in result.err


def test_a_name_that_means_several_lists_them(tobkit: Tobkit, workspace: Path) -> None:
    tobkit("new", "module", "Acme")
    result = tobkit("show", "acme")
    assert result.code == 2
    assert "write one of: customer:acme, module:acme." in result.err


def test_an_entry_with_errors_is_not_called_missing(tobkit: Tobkit, workspace: Path) -> None:
    file = workspace / BULK
    file.write_text(file.read_text("utf-8").replace("date: 2026-03-05", "date: soon"), "utf-8")
    result = tobkit("show", "REQ-00000a")
    assert result.code == 2
    assert f"{BULK} has errors; `tobkit check {BULK}` shows them." in result.err


def test_json_holds_what_the_contract_names(tobkit: Tobkit, workspace: Path) -> None:
    tobkit("new", "note", "acme", "-f", "source=sales", "-f", "requirements=REQ-00000a", "-b", "We need it badly.")
    shown = json.loads(tobkit("show", "REQ-00000a", "--format", "json").out)
    assert list(shown) == ["id", "kind", "path", "fields", "body", "derived"]
    assert shown["fields"]["customers"] == ["acme"]
    assert shown["derived"]["rank"] == 1
    assert shown["derived"]["customers"] == ["acme"]
    assert list(shown["derived"]["referred_by"]) == ["note.requirements"]
    for ref in ("acme", "export"):
        assert json.loads(tobkit("show", ref, "--format", "json").out)["id"] == ref


def test_what_a_file_holds_moves_no_cursor(tobkit: Tobkit, workspace: Path) -> None:
    (workspace / "pool/requirements/REQ-00000d.md").write_text(
        '---\nid: REQ-00000d\ntitle: "a\\x1b[2Jb\\u009b2Jc"\ndate: 2026-03-05\nstatus: new\ntags:\n  - "\\x07"\n---\n\n'
        "body \u009b2J with enough words to be a description\n",
        "utf-8",
    )
    for command in (
        ["show", "REQ-00000d"],
        ["rank"],
        ["dedupe", "--neighbours", "3"],
        ["set", "REQ-00000d", "title=x"],
    ):
        result = tobkit(*command)
        assert result.code == 0, result.err
        assert not set("\x1b\x07\u009b") & set(result.out + result.err), command
    for command in (["merge", "REQ-00000a", "REQ-00000d"], ["show", "REQ-00000d", "--format", "json"]):
        assert not set("\x1b\x07\u009b") & set("".join(map(str, tobkit(*command)[1:])))
