"""Small workspaces, and front matters drawn from a grammar near to what people write."""

import re
from collections.abc import Mapping
from pathlib import Path

from hypothesis import strategies as st

from tobkit.model.config import Config
from tobkit.model.diagnostics import Diagnostic
from tobkit.model.kinds import Entry
from tobkit.model.schema import build_schema
from tobkit.store.frontmatter import Document, Problem, read_document
from tobkit.store.load import Loaded, load
from tobkit.store.reading import Reader
from tobkit.store.workspace import Workspace, open_workspace

SCHEMA = build_schema(Config())

SOUND = """\
---
id: REQ-7f3kq2
title: Export invoices
date: 2026-03-05
status: new
---

Three thousand invoices, one by one.
"""


def front(text: str) -> str:
    """A file with this front matter."""
    return f"---\n{text}\n---\n\nA body.\n"


def document(text: str | bytes) -> Document:
    return read_document(text.encode() if isinstance(text, str) else text)


def problem(text: str | bytes) -> Problem:
    """The only problem of a file."""
    (found,) = document(text).problems
    return found


def read(
    text: str, kind: str = "requirement", path: str = "pool/x.md", config: Config | None = None
) -> tuple[Entry | None, list[Diagnostic]]:
    """The entry in a front matter, and what was found on the way."""
    schema = build_schema(config) if config else SCHEMA
    found: list[Diagnostic] = []
    taken = document(front(text))
    found += [problem.at(path) for problem in taken.problems]
    return Reader(schema[kind], path, taken, found).read(), found


def requirement(lines: str = "", **instead: str) -> str:
    """The front matter of a requirement: the required keys (`instead` replaces some), then these lines."""
    keys = {"id": "REQ-7f3kq2", "title": "Export", "date": "2026-03-05", "status": "new", **instead}
    return "\n".join([*(f"{key}: {value}" for key, value in keys.items()), *([lines] if lines else [])])


def workspace(folder: Path, files: Mapping[str, str | bytes], config: str = "") -> Workspace:
    """A workspace with these files below it."""
    (folder / "tobkit.toml").write_text(config, encoding="utf-8")
    (folder / "pool").mkdir(exist_ok=True)
    for path, content in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
    return open_workspace(folder)


def loaded(folder: Path, files: Mapping[str, str | bytes], config: str = "") -> Loaded:
    return load(workspace(folder, files, config))


def codes(found: Loaded | list[Diagnostic]) -> list[str]:
    diagnostics = found.diagnostics if isinstance(found, Loaded) else found
    return [diagnostic.code for diagnostic in diagnostics]


def place(diagnostic: Diagnostic | Problem) -> tuple[int, int]:
    return diagnostic.span.line, diagnostic.span.column


# ---- front matters, as hypothesis draws them

SOME_KEYS = "id title date status module customers region owner tags impact links business 标题 客户 状态 时长（分钟） null true <<"
KEYS = st.sampled_from(SOME_KEYS.split())
SOME_WORDS = (
    "a 1.10 012 NO null ~ Null yes 2026-03-05 REQ-7f3kq2 导出 发票： http://x.y/z#a a#b a: : b# - -- --- ... ? ! !x & * @ "
    "% ` | > [ ] { } , \" ' '' \\ # ， é = << 1,2 ："
)
WORDS = st.sampled_from(SOME_WORDS.split())
BLANKS = st.sampled_from(["", " ", "  ", "\t", "　"])
PLAIN = st.lists(WORDS, min_size=0, max_size=4).flatmap(
    lambda words: st.lists(BLANKS, min_size=len(words), max_size=len(words)).map(
        lambda blanks: "".join(word + blank for word, blank in zip(words, blanks, strict=True))
    )
)
USUAL = st.text(st.sampled_from("abcxyz019 -./导出发票，。"), min_size=1, max_size=12).map(str.strip)
VALUES = st.one_of(
    USUAL,
    PLAIN,
    PLAIN.map(lambda text: f'"{text}"'),
    PLAIN.map(lambda text: f"'{text}'"),
    st.lists(st.one_of(USUAL, PLAIN), max_size=3).map(lambda items: "[" + ", ".join(items) + "]"),
)
INDENTS = st.sampled_from(["", " ", "  ", "    "])
LINES = st.one_of(
    st.builds(lambda key, value: f"{key}: {value}", KEYS, VALUES),
    st.builds(lambda key, value: f"{key}: {value}", KEYS, USUAL),
    st.builds(lambda key: f"{key}:", KEYS),
    st.builds(
        lambda key, indent, items: "\n".join([f"{key}:", *(f"{indent}- {item}" for item in items)]),
        KEYS,
        INDENTS,
        st.lists(st.one_of(USUAL, VALUES), max_size=3),
    ),
    st.builds(lambda indent, item: f"{indent}- {item}", INDENTS, VALUES),
    st.builds(lambda indent, text: f"{indent}# {text}", INDENTS, PLAIN),
    st.builds(lambda indent, key, value: f"{indent}{key}: {value}", INDENTS, KEYS, VALUES),
    PLAIN,
    st.just(""),
)
THE_USUAL = "id title date status module customers owner tags impact links 标题 客户 状态 true x_1"
USUAL_KEYS = st.sampled_from(THE_USUAL.split())
INNER = st.sampled_from(
    ["a#b", "http://x.y/z", "10:30", "it's", "a-b", "1.10", "012", "NO", "q & a", "a, b", "（一）：二", "=x"]
)
GOOD = st.lists(st.one_of(st.text("abcxyz019导出发票，。", min_size=1, max_size=8), INNER), min_size=1, max_size=3).map(
    " ".join
)
SIMPLE = st.one_of(
    GOOD,
    GOOD,
    GOOD.map(lambda text: f'"{text}"'),
    st.lists(st.text("abc导01. ", min_size=1, max_size=5), max_size=3).map(lambda items: "[" + ", ".join(items) + "]"),
)


@st.composite
def fronts(draw: st.DrawFn) -> str:
    """Keys with values and lists as people write them, at times with a strange value or line among them."""
    lines = []
    for key in draw(st.lists(USUAL_KEYS, max_size=6, unique=True)):
        shape = draw(st.sampled_from(["value", "value", "list", "empty", "comment"]))
        value = draw(VALUES if draw(st.integers(0, 15)) == 15 else SIMPLE)
        if shape == "list":
            indent = draw(INDENTS)
            items = [value, *draw(st.lists(GOOD, max_size=2))]
            lines += [f"{key}:", *(f"{indent}- {item}" for item in items)]
        else:
            lines.append(f"# {value}" if shape == "comment" else f"{key}:" if shape == "empty" else f"{key}: {value}")
    if draw(st.integers(0, 3)) == 3:
        lines.insert(draw(st.integers(0, len(lines))), draw(LINES))
    return "".join(line + "\n" for line in lines)


FRONTS = fronts()


@st.composite
def changed(draw: st.DrawFn, texts: st.SearchStrategy[str]) -> str:
    """A text with a few characters put in, taken out or replaced."""
    text = draw(texts)
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(text)))
        put = draw(
            st.one_of(st.sampled_from(re.findall(".", "\n :#-[]{}\"',&*!|>?@%`~\\\t导：", re.DOTALL)), st.just(""))
        )
        text = text[:at] + put + text[at + draw(st.integers(0, 1)) :]
    return text
