"""Files taken apart: what stands in them, and each fault at its line and column."""

import time

import frontmatter
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.store.helpers import FRONTS, SOUND, changed, document, front, place, problem
from tobkit.messages import translator
from tobkit.model.diagnostics import WHOLE_FILE
from tobkit.store import frontmatter as reader
from tobkit.store.frontmatter import HANDLER, MAX_BYTES, locate_key, read_document, scalar, written


def shown(text: str | bytes) -> tuple[str, tuple[int, int], str, str]:
    """The only problem of a file: code, place, what is wrong, what to do."""
    found = problem(text)
    return found.rule.code, place(found), str(found.message), str(found.help)


# What is read


def test_values_and_body() -> None:
    found = document(SOUND)
    assert found.values == {"id": "REQ-7f3kq2", "title": "Export invoices", "date": "2026-03-05", "status": "new"}
    assert (found.body, found.body_line) == ("Three thousand invoices, one by one.", 8)
    assert not found.problems


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("title: 1.10", "1.10"),
        ("title: NO", "NO"),
        ("title: yes", "yes"),
        ("title: 0x1F", "0x1F"),
        ("title: 1e3", "1e3"),
        ("title: 12:30:45", "12:30:45"),
        ("title: 2026-03-05", "2026-03-05"),
        ("title: .inf", ".inf"),
        ("title: 012", "012"),
        ("title: Null", "Null"),
        ("title: null", None),
        ("title: ~", None),
        ("title:", None),
        ("title: ", None),
        ("title: # nothing", None),
        ('title: ""', ""),
        ("title: 'null'", "null"),
        ('title: "a\\u00e9\\n"', "aé\n"),
        ("title: 'it''s'", "it's"),
        ("title: a # cut", "a"),
        ("title: a#b", "a#b"),
        ("title: a\n  b", "a b"),
        ("title: |\n  a\n  b", "a\nb\n"),
        ("title: >-\n  a\n  b", "a b"),
        ("title: [012, 1.10, NO]", ["012", "1.10", "NO"]),
        ("title: [a, ~, null, '']", ["a", None, None, ""]),
        ("title: []", []),
        ("title: [a,]", ["a"]),
        ("title:\n- a\n- b", ["a", "b"]),
        ("title:\n  - a # one\n\n  # two\n  - b", ["a", "b"]),
        ("title:\n  model: a\n  pains: null", {"model": "a", "pains": None}),
        ("title: {model: a}", {"model": "a"}),
        ("title：导出", "导出"),
        ("title： 导出", "导出"),
        ('title："导出: 发票"', "导出: 发票"),
    ],
)
def test_a_plain_scalar_is_its_source_text(line: str, value: object) -> None:
    found = document(front(line))
    assert found.readable
    assert found.values == {"title": value}


def test_the_same_values_whichever_reader_answers() -> None:
    usual = "a: 1.10\nb: [012]\nc: NO\nd: Null\ne:"
    assert {**document(front(usual)).values, "f": "z\n"} == document(front(usual + "\nf: |\n  z")).values


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_byte_order_marks_and_line_ends(mark: str, end: str) -> None:
    found = document((mark + SOUND.replace("\n", end)).encode())
    assert found.values == document(SOUND).values
    assert (found.body, found.body_line) == (document(SOUND).body, 8)
    assert not found.problems


@pytest.mark.parametrize("text", ["---\n---", "---\n---\n", "---  \n---\t\nbody", "---\n\n# nothing\n---\n"])
def test_empty_front_matter(text: str) -> None:
    found = document(text)
    assert (found.values, found.problems, found.readable) == ({}, [], True)


def test_a_fence_in_the_body_stays_there() -> None:
    assert document("---\nid: a\n---\none\n---\ntwo\n").body == "one\n---\ntwo"


def test_python_frontmatter_reads_and_writes_with_the_handler() -> None:
    post = frontmatter.loads(SOUND, handler=HANDLER)
    assert post.metadata == document(SOUND).values
    assert frontmatter.loads(frontmatter.dumps(post, handler=HANDLER), handler=HANDLER).metadata == post.metadata
    assert frontmatter.loads("no front matter", handler=HANDLER).metadata == {}


# What is wrong


@pytest.mark.parametrize(
    ("text", "code", "at", "says"),
    [
        ("", "TOB101", (1, 1), "begin with front matter"),
        ("# Title\n", "TOB101", (1, 1), "begin with front matter"),
        ("\n---\nid: a\n---\n", "TOB101", (1, 1), "begin with front matter"),
        (" ---\nid: a\n---\n", "TOB101", (1, 1), "begin with front matter"),
        ("---", "TOB102", (1, 1), "never closed"),
        ("---\nid: a\n", "TOB102", (1, 1), "never closed"),
        ("---\nid: a\n----\n", "TOB102", (1, 1), "never closed"),
        ("---\nid: a\n ---\n", "TOB102", (1, 1), "never closed"),
        ("---js\nid: a\n---\n", "TOB103", (1, 1), "---js"),
        ("---json\n{}\n---\n", "TOB103", (1, 1), "---json"),
        ("+++\nid = 1\n+++\n", "TOB103", (1, 1), "+++"),
        (";;;\n{}\n;;;\n", "TOB103", (1, 1), ";;;"),
        ("{\n}\n", "TOB103", (1, 1), "begins with {"),
        ("----\nid: a\n----\n", "TOB103", (1, 1), "----"),
        ("———\nid: a\n———\n", "TOB103", (1, 1), "———"),
        (front("标题: a: b"), "TOB104", (2, 6), "colon followed by a space"),
        (front("id: x\ntitle:导出"), "TOB104", (3, 6), "space is missing behind the colon"),
        (front("title:导出"), "TOB104", (2, 6), "space is missing behind the colon"),
        (front("id: x\n导出发票\ntitle: b"), "TOB104", (3, 1), "no colon"),
        (front("导出发票\nid: x"), "TOB104", (2, 1), "no colon"),
        (front("id: x\n  title: b"), "TOB104", (3, 3), "isn't indented like"),
        (front(" id: x\ntitle: b"), "TOB104", (3, 1), "isn't indented like"),
        (front("客户:\n  - a\n - b"), "TOB104", (4, 2), "isn't indented like"),
        (front('标题: "导出'), "TOB104", (2, 5), "quotation mark"),
        (front("标题: '导出\nid: x"), "TOB104", (2, 5), "quotation mark"),
        (front('标题: "导出" 发票'), "TOB104", (2, 10), "has ended already"),
        (front("标题: [a] b"), "TOB104", (2, 9), "has ended already"),
        (front('标题: "C:\\Users"'), "TOB104", (2, 10), "backslash"),
        (front('标题: "C:\\q"'), "TOB104", (2, 8), "backslash"),
        (front("标题: [a, b"), "TOB104", (2, 5), "square brackets"),
        (front("标题: {a: b"), "TOB104", (2, 5), "curly bracket"),
        (front("标题: @a"), "TOB104", (2, 5), "can't begin with this character"),
        (front("标题: `a`"), "TOB104", (2, 5), "can't begin with this character"),
        (front("标题: %a"), "TOB104", (2, 5), "can't begin with this character"),
        (front("标题: > a b"), "TOB104", (2, 5), "can't begin with this character"),
        (front("标题: ]a"), "TOB104", (2, 5), "can't begin with this character"),
        (front("标题: - a"), "TOB104", (2, 5), "can't begin with this character"),
        (front("标题: *重点*"), "TOB104", (2, 5), "can't begin with this character"),
        (front("标题: !重点"), "TOB104", (2, 5), "can't begin with this character"),
        (front("id: x\n...\ntitle: b"), "TOB104", (3, 1), "would end the front matter"),
        (front("id: x\n--- a"), "TOB104", (3, 1), "would end the front matter"),
        (front("null: a"), "TOB104", (2, 1), "plain word"),
        (front("title: a\ntitle: b"), "TOB105", (3, 1), "stands on line 2"),
        (front("a:\n  标题: 1\n  标题: 2"), "TOB105", (4, 3), "stands on line 3"),
        (front("客户: &x a"), "TOB106", (2, 5), "&x"),
        (front("客户: [*x]"), "TOB106", (2, 6), "*x"),
        (front("<<: *base"), "TOB106", (2, 5), "*base"),
        (front("日期: !!timestamp 2026-03-05"), "TOB107", (2, 5), "!!timestamp"),
        (front("日期: !python/object:os.system x"), "TOB107", (2, 5), "!python/object:os.system"),
        (front("id: x\n\ttitle: b"), "TOB108", (3, 1), "tab"),
        (front("id: x\na:\n  \t- b"), "TOB108", (4, 1), "tab"),
        (b"---\nid: a\n---\n" + b"x" * MAX_BYTES, "TOB109", (1, 1), "1024 KiB"),
        (front("a: " + "[" * 100 + "]" * 100), "TOB110", (2, 103), "100 levels"),
        (front("a: " + "[" * 100_000), "TOB110", (2, 103), "100 levels"),
        (front("a: " + "{a: " * 20_000), "TOB110", (2, 400), "100 levels"),
        (front("\n".join(" " * n + "- " for n in range(200))), "TOB110", (102, 101), "100 levels"),
        ("---\n标题: 导出\n---\n正文".encode() + b"\xff", "TOB111", (4, 3), "0xFF"),
        ("---\n标题: 导".encode() + b"\xe5\x87\n---\n", "TOB111", (2, 6), "0xE5"),
        ("\ufeff---\n".encode() + b"a: \x80\n---\n", "TOB111", (2, 4), "0x80"),
        ("---\n标题: 导\0出\n---\n", "TOB112", (2, 6), "U+0000"),
        (front("标题: 导\x1b出"), "TOB112", (2, 6), "U+001B"),
        (front("标题: 导\x85出"), "TOB112", (2, 6), "U+0085"),
        (front("标题: 导\u2028出"), "TOB112", (2, 6), "U+2028"),
        (front("标题: 导\ufeff出"), "TOB112", (2, 6), "U+FEFF"),
        (front("标题: 导\r出"), "TOB112", (2, 6), "U+000D"),
        (front("just text"), "TOB114", (2, 1), "key: value"),
        (front("- a\n- b"), "TOB114", (2, 1), "key: value"),
        (front("[a, b]"), "TOB114", (2, 1), "key: value"),
        (front('"a"'), "TOB114", (2, 1), "key: value"),
        (front("标题：导出"), "TOB120", (2, 3), "full-width colon"),
        (front("时长（分钟）：30"), "TOB120", (2, 7), "full-width colon"),
    ],
)
def test_each_fault_at_its_place(text: str | bytes, code: str, at: tuple[int, int], says: str) -> None:
    found = shown(text)
    assert found[:2] == (code, at)
    assert says in found[2]
    assert found[3]


def test_several_faults_at_once() -> None:
    found = document(front("标题：a\n标题: b\n客户: &x c\n日期: !!str d")).problems
    assert [(each.rule.code, place(each)) for each in found] == [
        ("TOB120", (2, 3)),
        ("TOB105", (3, 1)),
        ("TOB106", (4, 5)),
        ("TOB107", (5, 5)),
    ]


def test_places_behind_full_width_characters_and_colons() -> None:
    text = "标题：导出 &x\n客户：[*a, *b]\n模块： *c\n影响： [*d]"
    assert [place(each) for each in document(front(text)).problems if each.rule is reader.ANCHOR] == [
        (3, 5),
        (3, 9),
        (4, 5),
        (5, 6),
    ]
    assert locate_key("标题：导出\n客户：[甲, 乙方]\n", ("客户",), 1) == (3, 8, 3, 10)
    assert locate_key("标题：导出\n", ("标题",)) == (2, 4, 2, 6)
    assert locate_key("标题： 导出\n", ("标题",)) == (2, 5, 2, 7)


def test_places_of_keys_values_and_items() -> None:
    text = "id: a\nlist:\n  - 甲\n  - \"乙\"\nflow: [x, 'y z']\nbusiness:\n  model: m\nempty:\na.b: c\n"
    assert locate_key(text, ("id",), key=True) == (2, 1, 2, 3)
    assert locate_key(text, ("list",), 1) == (5, 5, 5, 8)
    assert locate_key(text, ("flow",), 1) == (6, 11, 6, 16)
    assert locate_key(text, ("flow",)) == (6, 7, 6, 17)
    assert locate_key(text, ("business", "model")) == (8, 10, 8, 11)
    assert locate_key(text, ("empty",)) == (9, 1, 9, 6)
    assert locate_key(text, ("a.b",)) == (10, 6, 10, 7)
    assert locate_key(text, ("nowhere",)) == WHOLE_FILE


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("---\n<<<<<<< HEAD\ntitle: a\n=======\ntitle: b\n>>>>>>> other\n---\n", [2, 6]),
        ("<<<<<<< HEAD\n---\ntitle: a\n---\n=======\n>>>>>>> other\n", [1, 6]),
        ("---\ntitle: a\n<<<<<<< HEAD\n---\n", [3]),
        ("---\nid: a\n---\nbody\n<<<<<<< HEAD\r\nx\r\n=======\r\ny\r\n>>>>>>> other\r\n", [5, 9]),
        ("---\nid: a\n---\nx\n=======\ny\n>>>>>>> other\n", [7]),
    ],
)
def test_conflict_markers(text: str, at: list[int]) -> None:
    found = document(text)
    assert [(each.rule.code, each.span.line, each.span.column) for each in found.problems] == [
        ("TOB113", line, 1) for line in at
    ]
    assert not found.readable


@pytest.mark.parametrize("body", [">>>>>>> deep quote", "Title\n=======\n", "a <<<<<<< b", "<<<<<<<", "<<<<<<<< HEAD"])
def test_what_only_looks_like_a_conflict(body: str) -> None:
    assert document(f"---\nid: a\n---\n{body}\n").problems == []


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (front("title: 批量导出发票").encode("gb18030"), "GBK"),
        (front("title: 批量导出发票").encode("utf-16"), "UTF-16"),
        (front("title: 批量导出发票").encode("utf-16-le"), "UTF-16"),
        (front("title: 批量导出发票").encode("utf-16-be"), "UTF-16"),
        (front("title: café à emporter").encode("latin-1"), None),
        (b"\xff\xfe\x00\xd8", "UTF-16"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), None),
    ],
)
def test_the_help_names_the_likely_encoding(data: bytes, encoding: str | None) -> None:
    help = str(problem(data).help)
    assert "UTF-8" in help or "damaged" in help
    assert (encoding or "It looks like") in help or encoding is None


# Any bytes


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=200),
        changed(FRONTS.map(front)).map(str.encode),
        st.builds(lambda a, b: b"---\n" + a + b"\n---\n" + b, st.binary(max_size=60), st.binary(max_size=20)),
        st.text(max_size=60).map(lambda text: f"---\n{text}\n---\n".encode()),
    )
)
def test_any_bytes_give_a_document(data: bytes) -> None:
    found = read_document(data)
    assert found.readable or found.problems
    lines = data.decode("utf-8", "replace").removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
    for each in found.problems:
        assert 1 <= each.span.line <= len(lines)
        assert 1 <= each.span.column <= len(lines[each.span.line - 1]) + 1
        assert each.span[:2] <= each.span[2:]
        for language in ("zh", "en"):
            assert translator(language).text(each.message)
            assert translator(language).text(each.help)


HOSTILE = {
    "brackets": front("a: " + "[" * 100_000),
    "braces": front("a: " + "{" * 100_000),
    "dashes": front("- " * 100_000),
    "question marks": front("? " * 100_000),
    "keys": front("\n".join(f"k{n}: v" for n in range(80_000))),
    "equal keys": front("k: v\n" * 150_000),
    "items": front("a:\n" + "- x\n" * 200_000),
    "commas": front("a: [" + "x," * 400_000 + "]"),
    "aliases": front("a: &a [x]\n" + "\n".join(f"k{n}: [*a, *a]" for n in range(50_000))),
    "tabs": front("\t\n\tx: y\n" * 100_000),
    "colons": front("a：b\n" * 100_000),
    "spaces": front("a:" + " " * 900_000 + "b"),
    "dashes in the fence": "-" * 900_000 + "!",
    "quotes": front("a: " + "'" * 900_001),
    "backslashes": front('a: "' + "\\" * 900_001 + '"'),
    "conflicts": "<<<<<<< HEAD\n" * 70_000,
    "one word": front("a" * 900_000),
    "one line": front("a: " + "b" * 900_000),
    "blanks": front("\n" * 900_000),
    "comments": front("# x\n" * 200_000),
    "hashes": front("a: b" + " #" * 400_000),
    "words": front("x " * 400_000),
    "fences": "---\n" * 200_000,
    "digits": front("effort: " + "9" * 900_000),
    "wide": "---\n" + "導" * 300_000,
    "gbk": "导" * 300_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_take_no_time(name: str) -> None:
    data = HOSTILE[name].encode("gbk" if name == "gbk" else "utf-8")
    assert len(data) <= MAX_BYTES
    began = time.process_time()
    found = read_document(data)
    taken = time.process_time() - began
    assert found.readable or found.problems
    assert len(found.problems) <= reader.MAX_VALUES + 1
    assert taken < 0.5  # a tenth of that, and more only where the machine is busy


# Writing


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(
        st.text(max_size=30), FRONTS, st.text(st.sampled_from(" :#-'\"\\[]{}\n\t\0\x85\u2028\ufeff~a导"), max_size=6)
    )
)
def test_a_written_value_reads_back(text: str) -> None:
    for key, value in (("title", text), ("- 标题 #", text), ("list", [text, "b"]), ("map", {"key": text})):
        found = document(front("\n".join(written(key, value))))
        assert not found.problems
        assert found.values == {key: value}
        assert "\n" not in scalar(text)


@given(st.lists(st.text(max_size=12), min_size=1, max_size=3))
def test_a_written_flow_item_reads_back(items: list[str]) -> None:
    text = ", ".join(reader.flow_scalar(item) for item in items)
    assert document(front(f"a: [{text}]")).values == {"a": items}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "true"),
        (3.0, "3"),
        (2.5, "2.5"),
        ("导出：发票", "导出：发票"),
        ("1.10", "1.10"),
        ("a: b", '"a: b"'),
        ("a #b", '"a #b"'),
        ("null", '"null"'),
        ("", '""'),
        ("-", '"-"'),
        (" a", '" a"'),
        ("a\nb", '"a\\nb"'),
        ('say "x"', 'say "x"'),
    ],
)
def test_values_are_quoted_only_where_they_must_be(value: object, text: str) -> None:
    assert scalar(value) == text
