"""Edits: the wanted value, every other byte as it was, and a file that is never half written."""

import contextlib
import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.store.helpers import FRONTS, SOUND, changed, front
from tobkit.errors import TobkitError
from tobkit.store.edit import FieldValue, Part, edited, write_whole
from tobkit.store.fix import with_edits
from tobkit.store.frontmatter import read_document


def edit(folder: Path, text: str | bytes, value: FieldValue, key: str = "title", order: tuple[str, ...] = ()) -> str:
    """The file's text after an edit."""
    file = folder / "x.md"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    found = edited(file, {key: value}, order)
    assert file.read_bytes() == found.before
    return found.after.decode()


# Every other byte as it was

TEXT = st.text("abc019 导出发票，。：:#-'\"[]{}\\~", max_size=8)
WORD = st.text("abc导出012.", min_size=1, max_size=6)
COMMENT = st.one_of(st.just(""), st.just(""), WORD.map(lambda word: f"  # {word}"))


def double(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def single(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


@st.composite
def blocks(draw: st.DrawFn, key: str) -> list[str]:
    """The lines of a key and its value, in any of the ways in which people write them."""
    style = draw(
        st.sampled_from(["plain", "double", "single", "flow", "list", "literal", "folded", "map", "empty", "long"])
    )
    comment = draw(COMMENT)
    indent = " " * draw(st.integers(1, 4))
    words = draw(st.lists(WORD, min_size=1, max_size=3))
    gap = " " * draw(st.integers(1, 3))
    match style:
        case "plain":
            return [f"{key}:{gap}{' '.join(words)}{comment}"]
        case "double":
            return [f"{key}:{gap}{double(draw(TEXT))}{comment}"]
        case "single":
            return [f"{key}:{gap}{single(draw(TEXT))}{comment}"]
        case "flow":
            return [f"{key}:{gap}[{', '.join(words)}]{comment}"]
        case "list":
            lines = [f"{key}:{comment}"]
            where = indent if draw(st.booleans()) else ""
            for word in words:
                lines += [f"{where}# {word}"] * draw(st.integers(0, 1)) + [""] * draw(st.integers(0, 1))
                lines.append(f"{where}-{gap}{word}{draw(COMMENT)}")
            return lines
        case "literal" | "folded":
            mark = "|" if style == "literal" else ">"
            return [f"{key}: {mark}{draw(st.sampled_from(['', '-']))}", *(indent + word for word in words)]
        case "map":
            return [f"{key}:{comment}", *(f"{indent}k{number}: {word}" for number, word in enumerate(words))]
        case "long":
            return [f"{key}: {words[0]}", *(indent + word for word in words[1:])]
    return [f"{key}:{comment}"]


@st.composite
def files(draw: st.DrawFn) -> tuple[list[list[str]], bool, bool, str]:
    """The blocks of a front matter (with comments and blanks between), BOM, CRLF, the body."""
    keys = draw(
        st.lists(st.sampled_from(["id", "title", "tags", "标题", "owner", "x_1"]), min_size=1, max_size=4, unique=True)
    )
    parts = []
    for key in keys:
        between = draw(st.sampled_from([[], [], [""], ["# a comment"], ["", "# 注释", ""]]))
        parts += [between, draw(blocks(key))]
    parts.append(draw(st.sampled_from([[], ["# the end"], [""]])))
    body = draw(st.sampled_from(["", "\n", "\nA body.\n", "\n\n# 标题\n---\ntext  \n\n\n", "no newline"]))
    return parts, draw(st.booleans()), draw(st.booleans()), body


def assembled(parts: list[list[str]], mark: bool, wide_ends: bool, body: str) -> bytes:
    text = "\n".join(["---", *(line for part in parts for line in part), "---", body])
    return ("\ufeff" * mark + (text.replace("\n", "\r\n") if wide_ends else text)).encode()


NEW_VALUES = st.one_of(
    st.text(max_size=12), TEXT, st.none(), st.lists(st.one_of(WORD, TEXT), max_size=3, unique=True).map(tuple)
)


@settings(max_examples=500, deadline=None)
@given(files(), st.data())
def test_an_edit_gives_its_value_and_leaves_the_rest(
    tmp_path_factory: pytest.TempPathFactory, drawn: tuple[list[list[str]], bool, bool, str], data: st.DataObject
) -> None:
    parts, mark, wide_ends, body = drawn
    before = assembled(parts, mark, wide_ends, body)
    document = read_document(before)
    assert document.readable
    assert not document.problems
    number = data.draw(st.sampled_from(range(1, len(parts), 2)))
    key = parts[number][0].partition(":")[0]
    value = data.draw(NEW_VALUES)
    file = tmp_path_factory.getbasetemp() / "edit.md"
    file.write_bytes(before)

    after = edited(file, {key: value}).after

    read = read_document(after)
    wanted = {name: old for name, old in document.values.items() if name != key}
    if value not in (None, ()):
        wanted[key] = list(value) if isinstance(value, tuple) else value
    assert read.values == wanted
    assert (read.body, read.problems) == (document.body, [])
    above = assembled([[], *parts[:number], ["@"]], mark, wide_ends, "").split(b"@")[0]
    below = assembled([["@"], *parts[number + 1 :]], False, wide_ends, body).split(b"@", 1)[1]
    below = below[2 if wide_ends else 1 :]
    assert after.startswith(above)
    assert after.endswith(below)
    assert (b"\r" in after) == (b"\r" in before)
    for line in after.decode().split("\n")[:-1]:
        assert line.endswith("\r") == wide_ends
    comment = re.search(r"  # [abc导出012.]+$", parts[number][0])
    if comment and len(parts[number]) == 1 and value not in (None, ()):
        assert comment[0] in after.decode()[len(above.decode()) :].split("\n")[0]
    assert edited(file, {}).after == before


@settings(max_examples=200, deadline=None)
@given(files(), NEW_VALUES)
def test_a_new_key_goes_in_and_out_without_a_trace(
    tmp_path_factory: pytest.TempPathFactory, drawn: tuple[list[list[str]], bool, bool, str], value: FieldValue
) -> None:
    file = tmp_path_factory.getbasetemp() / "edit.md"
    before = assembled(*drawn)
    file.write_bytes(before)
    after = edited(file, {"source": value}).after
    if value in (None, ()):
        assert after == before
    file.write_bytes(after)
    assert edited(file, {"source": None}).after == before


@settings(max_examples=200, deadline=None)
@given(files(), NEW_VALUES.filter(lambda value: isinstance(value, str) and value))
def test_the_same_value_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, drawn: tuple[list[list[str]], bool, bool, str], value: str
) -> None:
    file = tmp_path_factory.getbasetemp() / "edit.md"
    before = assembled(*drawn)
    file.write_bytes(before)
    values = {key: tuple(old) if isinstance(old, list) else old for key, old in read_document(before).values.items()}
    same = {key: old for key, old in values.items() if old and isinstance(old, (str, tuple))}
    assert not edited(file, same).changed  # type: ignore[arg-type]


@settings(max_examples=300, deadline=None)
@given(st.one_of(changed(FRONTS).map(front).map(str.encode), st.binary(max_size=40)), NEW_VALUES)
def test_any_file_is_edited_rightly_or_not_at_all(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, value: FieldValue
) -> None:
    file = tmp_path_factory.getbasetemp() / "edit.md"
    file.write_bytes(data)
    try:
        after = read_document(edited(file, {"title": value}).after)
    except TobkitError:
        assert file.read_bytes() == data
        return
    before = read_document(data)
    assert after.readable
    assert after.body == before.body
    assert {**before.values, "title": None} == {**after.values, "title": None}
    assert (after.values.get("title") or None) == (
        list(value) if isinstance(value, tuple) else value or None
    ) or value == ()


@pytest.mark.parametrize(
    ("line", "value", "after"),
    [
        ("title: old", "new", "title: new"),
        ("title: old # why", "new", "title: new # why"),
        ("title:   old   # why", "new", "title: new   # why"),
        ('title: "old"', "new", 'title: "new"'),
        ("title: 'old' # why", "new", "title: 'new' # why"),
        ("title: 'old'", "it's", "title: 'it''s'"),
        ('title: "old"', 'say "x"', 'title: "say \\"x\\""'),
        ("title: old", "a: b", 'title: "a: b"'),
        ("title: old", "", 'title: ""'),
        ("title: # why", "new", "title: new # why"),
        ("title:", "new", "title: new"),
        ("title：old", "new", "title: new"),
        ("title: |\n  one\n  two\n", "new", "title: new\n"),
        ("title: one\n  two", "new", "title: new"),
        ("title: [a, b] # why", ("a", "c"), "title: # why\n  - a\n  - c"),
        ("title:\n  - b # two\n  # about c\n  - c", ("a", "c"), "title:\n  - a\n  # about c\n  - c"),
        ("title: # why\n- b\n- c", ("b", "c", "d"), "title: # why\n- b\n- c\n- d"),
        ("title:\n    - b", ("a", "b"), "title:\n    - a\n    - b"),
        ("title: old # why", None, None),
        ("title:\n  - a\n  # in it\n  - b", (), None),
    ],
)
def test_one_key(tmp_path: Path, line: str, value: FieldValue, after: str | None) -> None:
    rest = "# above\nid: x\n", "\n# below\nowner: y"
    expected = rest[0] + after + rest[1] if after is not None else rest[0].rstrip("\n") + rest[1]
    assert edit(tmp_path, front(rest[0] + line + rest[1]), value) == front(expected)


@pytest.mark.parametrize(
    ("key", "line"), [("title", 3), ("tags", 5), ("date", 4), ("nowhere", 5), ("id", 2), ("body", 5)]
)
def test_where_a_new_key_goes(tmp_path: Path, key: str, line: int) -> None:
    keys = {"id": "id: REQ-7f3kq2", "title": "title: a", "date": "date: b", "tags": "tags: c"}
    lines = [text for name, text in keys.items() if name != key]
    after = edit(tmp_path, front("\n".join(lines)), "new", key, tuple(keys)).split("\n")
    expected = line if key in keys else line + 1
    assert after[expected - 1] == f"{key}: new"


def test_an_edit_that_would_change_a_neighbour_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TobkitError, match="by hand"):  # the blank line would become a part of the text above
        edit(tmp_path, front("tags: |+\n  a\ntitle: b\n"), None)


def test_into_an_empty_front_matter(tmp_path: Path) -> None:
    assert edit(tmp_path, "---\n---\n", "new") == "---\ntitle: new\n---\n"
    assert edit(tmp_path, "---\n# nothing yet\n---\n", "new") == "---\ntitle: new\n# nothing yet\n---\n"


def test_several_keys_at_once(tmp_path: Path) -> None:
    file = tmp_path / "x.md"
    file.write_text(SOUND)
    found = edited(file, {"status": "accepted", "module": "billing", "title": None}, ("id", "date", "status", "module"))
    found.save()
    assert file.read_text() == (
        "---\nid: REQ-7f3kq2\ndate: 2026-03-05\nstatus: accepted\nmodule: billing\n---\n\n"
        "Three thousand invoices, one by one.\n"
    )


def test_a_part_of_a_mapping(tmp_path: Path) -> None:
    file = tmp_path / "x.md"
    file.write_text(front("id: x\nbusiness:\n  # who pays\n  model: a # old\n  pains: b\nowner: y"))
    edited(file, {Part("business", "model"): "c"}).save()
    assert file.read_text() == front("id: x\nbusiness:\n  # who pays\n  model: c # old\n  pains: b\nowner: y")


@pytest.mark.parametrize(
    "text",
    [
        "no front matter",
        "---\ntitle: a\n",
        "---\ntitle: [\n---\n",
        "---\n- a\n---\n",
        "---\ntitle: a\n<<<<<<< HEAD\n---\n",
        b"---\ntitle: \xff\n---\n",
        "---\n\ttitle: a\n---\n",
        "---\n{id: x, title: a}\n---\n",
        "---\n{id: x}\n---\n",
        "---\ntitle: a\ntitle: b\n---\n",
    ],
)
def test_what_cannot_be_edited_is_left_alone(tmp_path: Path, text: str | bytes) -> None:
    for value in ("new", None):
        with contextlib.suppress(TobkitError):
            after = edit(tmp_path, text, value)
            values = read_document(after.encode()).values
            assert values.get("title") == value
            assert values.get("id") in (None, "x")


def test_nothing_hostile_becomes_more_than_a_value(tmp_path: Path) -> None:
    for value in [
        "a\n---\nid: evil",
        "a\nstatus: declined",
        "!!python/object:x",
        "*x",
        "\u2028id: x",
        "\ud800",
        "\0",
        "---",
    ]:
        try:
            after = edit(tmp_path, SOUND, value)
        except TobkitError:
            assert value == "\ud800"
            continue
        assert read_document(after.encode()).values == {**read_document(SOUND.encode()).values, "title": value}
    with pytest.raises(TobkitError):
        edit(tmp_path, SOUND, "x", "a\nb\ud800")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(TobkitError, match="can't be read"):
        edited(tmp_path / "nowhere.md", {"title": "x"})


# Writing


@pytest.fixture
def umask() -> Iterator[int]:
    old = os.umask(0o027)
    yield 0o027
    os.umask(old)


def test_a_new_file_gets_the_usual_mode(tmp_path: Path, umask: int) -> None:
    write_whole(tmp_path / "a/b/x.md", b"new")
    assert (tmp_path / "a/b/x.md").read_bytes() == b"new"
    assert stat.S_IMODE((tmp_path / "a/b/x.md").stat().st_mode) == 0o666 & ~umask


@pytest.mark.parametrize("mode", [0o600, 0o644, 0o755, 0o400])
def test_a_file_keeps_its_mode(tmp_path: Path, mode: int) -> None:
    file = tmp_path / "x.md"
    file.write_bytes(b"old")
    file.chmod(mode)
    write_whole(file, b"new")
    assert (file.read_bytes(), stat.S_IMODE(file.stat().st_mode)) == (b"new", mode)
    assert [path.name for path in tmp_path.iterdir()] == ["x.md"]


@pytest.mark.parametrize("step", ["fsync", "replace", "chmod", "write"])
def test_what_fails_half_way_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    file = tmp_path / "x.md"
    file.write_bytes(b"old")

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    if step == "fsync":
        monkeypatch.setattr(os, "fsync", full)
    elif step == "write":
        monkeypatch.setattr(Path, "open", full)
    else:
        monkeypatch.setattr(Path, step, full)
    with pytest.raises(TobkitError, match="disk is full"):
        write_whole(file, b"new")
    monkeypatch.undo()
    assert file.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["x.md"]


def test_a_reader_sees_the_old_or_the_new_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "x.md"
    file.write_bytes(b"old")
    seen = []
    monkeypatch.setattr(os, "fsync", lambda _: seen.append(file.read_bytes()))
    write_whole(file, b"new")
    assert seen == [b"old"]
    assert file.read_bytes() == b"new"


def test_where_nothing_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(TobkitError, match="can't be written"):
        write_whole(tmp_path / "file/x.md", b"new")


def test_a_link_is_replaced_and_what_it_leads_to_stays(tmp_path: Path) -> None:
    (tmp_path / "target").write_bytes(b"old")
    (tmp_path / "x.md").symlink_to("target")
    write_whole(tmp_path / "x.md", b"new")
    assert (tmp_path / "target").read_bytes() == b"old"
    assert (tmp_path / "x.md").read_bytes() == b"new"


# Repairs that findings bring along


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_repairs_are_lossless(mark: str, end: str) -> None:
    from tests.store.helpers import SCHEMA
    from tobkit.store.reading import Reader

    text = "# 注释\n编号：REQ-7f3kq2\n标题： 导出\n日期: 2026/3/5 # 收到\n状态: '新建'\n影响: 降本\n标签: a, b\n"
    data = (mark + front(text).replace("\n", end)).encode()
    for _ in range(3):
        found: list = []  # type: ignore[type-arg]
        document = read_document(data)
        found += [each.at("x") for each in document.problems]
        Reader(SCHEMA["requirement"], "x", document, found).read()
        data, _made = with_edits(data, [each.fix for each in found if each.fix])
    expected = '# 注释\nid: REQ-7f3kq2\ntitle: 导出\ndate: 2026-03-05 # 收到\nstatus: new\nimpact: [saves-money]\ntags: ["a, b"]\n'
    assert data.decode() == mark + front(expected).replace("\n", end)
    assert not found
