#!/usr/bin/env python3
"""Turn a corpus of issues into a workspace: every issue a requirement of its own.

    python bench/from_issues.py CORPUS OUT [--source NAME]

CORPUS is a `corpus.jsonl` of `{"id", "title", "body", "lang", "group"}` in order of arrival, or the name of a set: then
it is `$TOBKIT_DATA/duplicates/NAME/corpus.jsonl`. The project ships no such data; issues of a public tracker will do.

`OUT/truth.json` tells which requirement each issue became (`ids`), and which requirements are known to be the same
(`groups`). Ids come from the issues' own, so that the same corpus gives the same bytes, and another one of the same
tracker the same ids. A corpus has no dates: the arrivals are spread evenly over a year.
"""

import argparse
import hashlib
import json
import os
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

if __name__ == "__main__":  # run as a file: the checkout isn't on the path yet
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.gen_pool import BASE32, document, empty_folder, write

FIRST_DAY = date(2025, 1, 1)
DAYS = 365
LONGEST_TITLE = 300
LONGEST_BODY = 200_000  # well under what an entry's file may hold, in any script

# What no text file should hold: controls but for tab and line feed, lone surrogates, what is no character.
_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\ufeff]")
_CONFLICT = re.compile(r"^(<<<<<<<|=======|>>>>>>>|\|\|\|\|\|\|\|)", re.MULTILINE)


def corpus_path(name: str) -> Path:
    """The file meant by an argument: a path, or the name of a set below `TOBKIT_DATA`."""
    path = Path(name)
    if path.is_dir():
        path /= "corpus.jsonl"
    if path.is_file():
        return path
    folder = os.environ.get("TOBKIT_DATA")
    if not folder:
        raise FileNotFoundError(
            f"there is no {name} here. The data isn't part of the project: name a corpus.jsonl, "
            "or set TOBKIT_DATA to the folder that holds duplicates/SET/corpus.jsonl"
        )
    path = Path(folder) / "duplicates" / name / "corpus.jsonl"
    if not path.is_file():
        raise FileNotFoundError(f"there is no {path} (TOBKIT_DATA is {folder})")
    return path


def issues(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                issue = json.loads(line)
                yield {"id": str(issue["id"]), "title": str(issue["title"] or ""), "body": str(issue["body"] or "")} | {
                    "group": issue.get("group")
                }
            except (ValueError, KeyError, TypeError) as error:
                raise ValueError(f"{path}:{number}: no issue with id, title and body ({error})") from error


def requirement_id(issue: str, taken: set[str]) -> str:
    """An id made from the issue's own. The few that clash are drawn again, in order of arrival."""
    attempt = 0
    while True:
        digest = hashlib.sha256(f"{attempt}:{issue}".encode()).digest()
        number = int.from_bytes(digest[:8], "big")
        name = "REQ-" + "".join(BASE32[number >> 5 * place & 31] for place in range(6))
        if name not in taken:
            taken.add(name)
            return name
        attempt += 1


def clean(text: str) -> str:
    """The text with only what a text file may hold, and LF at the end of lines."""
    return _UNFIT.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def title_of(issue: dict[str, Any]) -> str:
    """One line: the title, or where it is blank the body's beginning, or at last the issue's id."""
    for text in (issue["title"], issue["body"], issue["id"]):
        line = " ".join(clean(text).split())
        if line:
            return line if len(line) <= LONGEST_TITLE else line[: LONGEST_TITLE - 1] + "…"
    raise AssertionError("an issue has an id")


def body_of(issue: dict[str, Any]) -> str:
    """The body, indented by a space where a line would be taken for the marker of a merge conflict."""
    text = clean(issue["body"])
    if len(text) > LONGEST_BODY:
        text = text[:LONGEST_BODY] + "\n\n(cut here)"
    return _CONFLICT.sub(r" \1", text)


def convert(corpus: Path, out: Path, source: str | None = None) -> dict[str, str]:
    """Write the workspace into `out`, an empty or new folder; return each issue's requirement."""
    source = source or corpus.resolve().parent.name
    found = list(issues(corpus))
    empty_folder(out)
    taken: set[str] = set()
    ids: dict[str, str] = {}
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for place, issue in enumerate(found):
        name = issue["id"]
        if name in ids:
            raise ValueError(f"{corpus}: the issue {name} is there twice")
        ids[name] = requirement_id(name, taken)
        if issue["group"] is not None:
            groups[str(issue["group"])].append(ids[name])
        fields = {
            "id": ids[name],
            "title": title_of(issue),
            "date": FIRST_DAY + timedelta(days=place * DAYS // len(found)),
            "status": "new",
            "source": "support",
            "source_id": " ".join(clean(f"{source}:{name}").split()),
        }
        write(out / "pool" / "requirements" / f"{ids[name]}.md", document(fields, body_of(issue)))
    title = json.dumps(clean(source), ensure_ascii=False)
    write(out / "tobkit.toml", f'[site]\ntitle = {title}\nlanguage = "zh"\n')
    write(out / ".gitignore", "/site/\n/.tobkit/\n")
    known = [members for members in groups.values() if len(members) > 1]
    write(out / "truth.json", json.dumps({"ids": ids, "groups": known}, ensure_ascii=False, indent=1) + "\n")
    return ids


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Turn a corpus of issues into a workspace.")
    parser.add_argument("corpus", metavar="CORPUS", help="a corpus.jsonl, or the name of a set below TOBKIT_DATA")
    parser.add_argument("out", type=Path, metavar="OUT", help="the workspace's folder, new or empty")
    parser.add_argument("--source", help="what source_id begins with (the name of the corpus's folder)")
    options = parser.parse_args(arguments)
    try:
        ids = convert(corpus_path(options.corpus), options.out, options.source)
    except (OSError, ValueError) as error:
        parser.error(str(error))
    print(f"{options.out}: {len(ids)} requirements")
    return 0


if __name__ == "__main__":
    sys.exit(main())
