"""The index of the bodies, read by the browser's own script in node: what Python writes, JavaScript must find."""

import json
import random
import re
import shutil
import subprocess
import sys
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from tobkit.site.search import SHARD_BYTES, body_index, fnv1a, normalise

SCRIPT = Path(__file__).parents[2] / "templates" / "assets" / "search.js"
NODE = shutil.which("node")
needs_node = pytest.mark.skipif(NODE is None, reason="node isn't installed: the browser's side isn't tested")

DOCUMENTS = [
    "商户月底对账时，需要把电子发票批量导出，目前只能一张一张下载。",
    "Reconcile partial refunds: the Export takes hours, ＡＰＩ v2 times out.",
    "批量 导出 报表；票税通 已经支持。",
    "退款后发票作废，𠮷野家 反馈。かな と カタカナ、한국어 도 됩니다",
    "",
    "constructor __proto__ toString hasOwnProperty </script><script>alert(1)</script> \u2028\u2029",
    "ΟΔΥΣΣΕΥΣ, STRASSE and Straße, İstanbul, ﬁnance, ①②",
]


def ask(tmp_path: Path, documents: list[str] = DOCUMENTS, **asked: Any) -> dict[str, Any]:
    for path, content in body_index(documents).items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(content)
    return ask_site(tmp_path, **asked)


def ask_site(site: Path, **asked: Any) -> dict[str, Any]:
    assert NODE
    command = [NODE, str(Path(__file__).with_name("node.js")), str(SCRIPT), str(site)]
    run = subprocess.run(command, input=json.dumps(asked), capture_output=True, text=True, encoding="utf-8", check=True)
    answer: dict[str, Any] = json.loads(run.stdout)
    return answer


@needs_node
@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("发票", [0, 3]),
        ("电子发票", [0]),
        ("批量导出", [0]),
        ("批量 导出", [0, 2]),
        ("票", [0, 2, 3]),
        ("𠮷", [3]),
        ("𠮷野", [3]),
        ("カタ", [3]),
        ("한국", [3]),
        ("export", [1]),
        ("EXP", [1]),
        ("exp refu", [1]),
        ("ex", []),
        ("xport", []),
        ("api V2", [1]),
        ("ａｐｉ", [1]),
        ("发票 export", []),
        ("constructor", [5]),
        ("proto", [5]),
        ("tostring", [5]),
        ("strasse", [6]),
        ("STRAßE", [6]),
        ("οδυσσευς", [6]),
        ("finance", [6]),
        ("没有这个词", []),
    ],
)
def test_queries(tmp_path: Path, query: str, rows: list[int]) -> None:
    assert ask(tmp_path, queries=[query])["rows"] == [rows]


@needs_node
def test_a_query_without_words_has_no_answer(tmp_path: Path) -> None:
    assert ask(tmp_path, queries=["", "  ", "，。", "---", "\u2028"])["rows"] == [None] * 5


@needs_node
def test_without_an_index_there_is_no_answer(tmp_path: Path) -> None:
    assert ask_site(tmp_path, queries=["发票"])["rows"] == [None]


@needs_node
def test_files_are_loaded_once(tmp_path: Path) -> None:
    loads = ask(tmp_path, queries=["发票", "发票", "电子发票"])["loads"]
    assert len(loads) == len(set(loads))


@needs_node
def test_both_sides_normalise_every_character_alike() -> None:
    characters = [chr(code) for code in range(0x110000) if unicodedata.category(chr(code)) not in {"Cn", "Cs", "Co"}]
    answer = ask_site(Path(), normalise=[f"a{character}b" for character in characters])["normalised"]
    different = {
        f"U+{ord(character):04X}"
        for character, theirs in zip(characters, answer, strict=True)
        if normalise(f"a{character}b") != theirs
    }
    assert different == set()


@needs_node
def test_both_sides_cut_and_hash_alike(tmp_path: Path) -> None:
    chosen = random.Random(7)
    characters = [chr(code) for code in range(0x20, 0x30000) if unicodedata.category(chr(code))[0] in "LNMPSZ"]
    texts = ["".join(chosen.choices(characters, k=8)) + f" {chosen.choice(characters)}票" for _ in range(400)]
    assert ask_site(tmp_path, hash=texts)["hashes"] == [fnv1a(text) for text in texts]
    written = [
        set(re.findall(r'"([^"]+)":"', b"".join(body_index([text]).values()).decode())) - {"version", "rows", "shards"}
        for text in texts
    ]
    asked = ask_site(tmp_path, terms=texts)["terms"]
    for text, there, terms in zip(texts, written, asked, strict=True):
        assert set(terms) <= there, text
        assert all(term in terms or len(term) == 1 for term in there), text


@needs_node
def test_a_large_index_finds_what_a_scan_finds(tmp_path: Path) -> None:
    """Many rows, so that gaps of every length and bits both occur, and many shards."""
    chosen = random.Random(3)
    han = [chr(0x4E00 + n) for n in range(300)]
    words = [f"w{n:x}{chosen.choice('aeiou') * 3}" for n in range(200)]
    documents = [
        "".join(chosen.choices(han, range(300, 0, -1), k=60))
        + " "
        + " ".join(chosen.choices(words, k=12))
        + (" 的common" if row % 3 else "")
        + (" 稀zyx" if row in {0, 4999} else "")
        for row in range(5000)
    ]
    queries = ["的", "common", "稀", "zyx", "com", *words[:20], *(document[10:12] for document in documents[:60])]
    queries += [document[5:9] for document in documents[::100]]
    answer = ask(tmp_path, documents, queries=queries)
    assert len(list((tmp_path / "search").iterdir())) > 3
    for query, rows in zip(queries, answer["rows"], strict=True):
        expected = {row for row, document in enumerate(documents) if query in document}
        if len(query) == 4 and not query.isascii():
            assert expected <= set(rows)
            assert len(rows) <= len(expected) + 50
        else:
            assert set(rows) == expected, query


def test_shards_stay_small_and_hold_nothing_that_ends_a_script() -> None:
    chosen = random.Random(5)
    documents = ["".join(chr(0x4E00 + int(chosen.betavariate(1, 6) * 3000)) for _ in range(200)) for _ in range(600)]
    files = body_index(documents)
    assert len(files) > 3
    assert max(len(content) for content in files.values()) < SHARD_BYTES * 1.05
    hostile = b"".join(body_index(["</script> <!-- \u2028 \u2029 \\ \" ' \0 \ud800 中</script>文"]).values())
    assert b"<" not in hostile
    assert b"\\" not in hostile
    assert not {"\u2028", "\u2029", "\0"} & set(hostile.decode())


def test_no_documents() -> None:
    assert set(body_index([])) == {"search/index.js", "search/0.js"}
    assert set(body_index(["", "..."])) == {"search/index.js", "search/0.js"}


def test_the_same_documents_give_the_same_bytes() -> None:
    code = (
        "from tobkit.site.search import body_index; import hashlib, sys;"
        "texts = ['导出 发票 export %d reconcile a%d' % (n, n * 7) for n in range(3000)];"
        "print(hashlib.sha256(repr(list(body_index(texts).items())).encode()).hexdigest())"
    )
    answers = {
        subprocess.run(
            [sys.executable, "-c", code], env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout
        for seed in ("1", "2")
    }
    assert len(answers) == 1


def test_a_short_text_is_indexed_compactly() -> None:
    """Ten thousand bodies of 800 characters are to stay well under 15 MB: 1.5 kB each."""
    chosen = random.Random(11)
    phrases = ["".join(chr(0x4E00 + int(chosen.betavariate(1, 8) * 3000)) for _ in range(12)) for _ in range(2000)]
    documents = ["，".join(chosen.choices(phrases, k=65)) for _ in range(1000)]
    assert sum(len(content) for content in body_index(documents).values()) < 1000 * 1500
