#!/usr/bin/env python3
"""Measure how well duplicates are found, on issues of which it is known which are the same.

    python bench/duplicates.py [SET]… [--threshold X] [--json FILE]

SET is a `corpus.jsonl` (one issue a line: `{"id", "title", "body", "lang", "group"}`, in order of arrival, with
`"module"` where it is known) or the name of a set in `$TOBKIT_DATA/duplicates/`; without any, all that are there. Each
set becomes a pool in memory, and is asked through tobkit's public functions. Beside it stands the cosine of TF-IDF
words.

- A query is an issue with an earlier one of its group. Recall@k is the share of queries with an earlier issue of
  their group among the k best earlier candidates.
- AP is the average precision over all pairs found, by score; pairs never found count as missed.
- F1 is that of the pairs at the shipped threshold; *largest* compares the largest group proposed with the largest true.

Labels are incomplete (many true duplicates have none), so precision is a lower bound.
"""

import argparse
import json
import os
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

if __name__ == "__main__":  # run as a file: the checkout isn't on the path yet
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from scipy.sparse import csr_array

from bench.from_issues import corpus_path, issues, title_of
from tobkit.dedupe import build_index, find_duplicates, neighbours
from tobkit.dedupe.candidates import candidates, dots
from tobkit.dedupe.text import stem
from tobkit.model.config import Config
from tobkit.model.kinds import Requirement
from tobkit.model.pool import Pool
from tobkit.model.schema import build_schema

CANDIDATES = 50
CUTS = (1, 5, 10)
Scores = Mapping[tuple[int, int], float]
"""Pairs of places in the corpus, the earlier issue first, with their scores."""


class Corpus(NamedTuple):
    """Issues in order of arrival; the group of each, None where no duplicate is known."""

    issues: Sequence[dict[str, Any]]
    groups: Sequence[str | None]

    @property
    def sizes(self) -> Counter[str]:
        return Counter(group for group in self.groups if group is not None)

    @property
    def true_pairs(self) -> int:
        return sum(size * (size - 1) // 2 for size in self.sizes.values())

    def same(self, one: int, other: int) -> bool:
        return self.groups[one] is not None and self.groups[one] == self.groups[other]


class Run(NamedTuple):
    """What a method found, and in how many seconds; groups and threshold where it has such."""

    scores: Scores
    seconds: float
    threshold: float | None = None
    largest: int | None = None


def read(path: Path) -> Corpus:
    found = list(issues(path))
    return Corpus(found, [issue["group"] for issue in found])


def pool_of(corpus: Corpus) -> Pool:
    """A pool whose ids sort as the issues arrived."""
    entries = (
        Requirement(
            id=f"REQ-{number:06}", title=title_of(issue), body=issue["body"], date=date(2026, 1, 1), status="new"
        )
        for number, issue in enumerate(corpus.issues)
    )
    return Pool(Config(), build_schema(Config()), entries)


def tobkit(corpus: Corpus, threshold: float | None, jobs: int) -> Run:
    pool = pool_of(corpus)
    start = time.perf_counter()
    index = build_index(pool, jobs=jobs)
    duplicates = find_duplicates(pool, threshold=threshold, index=index)
    near = neighbours(pool, CANDIDATES, index=index)
    seconds = time.perf_counter() - start
    scores: dict[tuple[int, int], float] = {}
    for requirement_id, found in near.items():
        number = int(requirement_id[4:])
        for neighbour in found:
            other = int(neighbour.id[4:])
            scores[min(number, other), max(number, other)] = neighbour.score
    largest = max(map(len, duplicates.groups), default=0)
    return Run(scores, seconds, duplicates.threshold, largest)


def words_of(corpus: Corpus) -> list[list[str]]:
    return [[stem(word) for word in f"{issue['title']} {issue['body']}".casefold().split()] for issue in corpus.issues]


def word_counts(corpus: Corpus) -> tuple[csr_array, Any]:
    """How often each word stands in each issue, and how many issues have it."""
    numbers: dict[str, int] = {}
    texts = words_of(corpus)
    columns = [numbers.setdefault(word, len(numbers)) for text in texts for word in text]
    ends = np.cumsum([0, *map(len, texts)])
    matrix = csr_array((np.ones(len(columns)), columns, ends), shape=(len(texts), max(len(numbers), 1)))
    matrix.sum_duplicates()
    return matrix, np.bincount(matrix.indices, minlength=matrix.shape[1])


def tf_idf_words(corpus: Corpus) -> Run:
    """The cosine of TF-IDF weighted words: what is commonly done."""
    start = time.perf_counter()
    matrix, frequency = word_counts(corpus)
    matrix.data = (1 + np.log(matrix.data)) * np.log(len(corpus.issues) / frequency)[matrix.indices]
    lengths = np.sqrt((matrix * matrix) @ np.ones(matrix.shape[1]))
    matrix.data /= np.repeat(np.where(lengths > 0, lengths, 1), np.diff(matrix.indptr))
    return Run(best_products(matrix, matrix), time.perf_counter() - start)


def bm25(corpus: Corpus, k: float = 1.2, b: float = 0.75) -> Run:
    """Okapi BM25, each issue asking with its words: what a search engine does."""
    start = time.perf_counter()
    matrix, frequency = word_counts(corpus)
    lengths = matrix @ np.ones(matrix.shape[1])
    norm = k * (1 - b + b * lengths / max(lengths.mean(), 1))
    asked = matrix.copy()
    asked.data[:] = np.log1p((len(corpus.issues) - frequency + 0.5) / (frequency + 0.5))[matrix.indices]
    matrix.data *= (k + 1) / (matrix.data + np.repeat(norm, np.diff(matrix.indptr)))
    return Run(best_products(asked, matrix), time.perf_counter() - start)


def best_products(asked: csr_array, offered: csr_array) -> Scores:
    """For each issue the earlier or later ones with the largest products."""
    rows, columns = candidates(asked, offered.T.tocsr(), CANDIDATES + 1)
    products = dots(asked, offered, rows, columns)
    return pair_scores(zip(rows.tolist(), columns.tolist(), products.tolist(), strict=True))


def pair_scores(found: Iterable[tuple[int, int, float]]) -> Scores:
    scores: dict[tuple[int, int], float] = {}
    for one, other, score in found:
        if one != other:
            ends = min(one, other), max(one, other)
            scores[ends] = max(scores.get(ends, 0.0), score)
    return scores


def fuzzy_titles(corpus: Corpus) -> Run:
    """rapidfuzz's token_set_ratio of titles, each with each."""
    from rapidfuzz import fuzz, process, utils

    start = time.perf_counter()
    titles = [utils.default_process(issue["title"]) for issue in corpus.issues]
    found: list[tuple[int, int, float]] = []
    for begin in range(0, len(titles), 256):
        ratios = process.cdist(titles[begin : begin + 256], titles, scorer=fuzz.token_set_ratio, dtype=np.uint8)
        for row, ratio in enumerate(ratios, begin):
            ratio[row] = 0
            best = np.argsort(-ratio.astype(np.int16), kind="stable")[:CANDIDATES].tolist()
            found += [(row, other, float(ratio[other]) / 100) for other in best]
    return Run(pair_scores(found), time.perf_counter() - start)


def figures(corpus: Corpus, run: Run) -> dict[str, float]:
    """Recall, AP, F1 and the largest group."""
    labels = np.array([corpus.same(*pair) for pair in run.scores], dtype=np.bool_)
    scores = np.fromiter(run.scores.values(), dtype=np.float64, count=len(labels))
    found = recall(corpus, run.scores) | {"AP": average_precision(scores, labels, corpus.true_pairs)}
    if run.threshold is not None:
        proposed = scores >= run.threshold
        hits = int(labels[proposed].sum())
        found |= {
            "precision": hits / max(int(proposed.sum()), 1),
            "recall": hits / max(corpus.true_pairs, 1),
            "F1": 2 * hits / max(int(proposed.sum()) + corpus.true_pairs, 1),
            "largest": run.largest or 0,
        }
    return found | {"seconds": run.seconds}


def recall(corpus: Corpus, scores: Scores) -> dict[str, float]:
    candidates: dict[int, list[tuple[float, int]]] = {}
    for (earlier, later), score in scores.items():
        candidates.setdefault(later, []).append((-score, earlier))
    seen: set[str] = set()
    ranks: list[int] = []
    for number, group in enumerate(corpus.groups):
        if group is None:
            continue
        if group in seen:
            best = sorted(candidates.get(number, ()))
            ranks.append(next((rank for rank, (_, other) in enumerate(best, 1) if corpus.same(number, other)), 0))
        seen.add(group)
    return {f"R@{cut}": sum(0 < rank <= cut for rank in ranks) / max(len(ranks), 1) for cut in CUTS}


def average_precision(scores: Any, labels: Any, true_pairs: int) -> float:
    """The mean precision at each true pair, those of one score taken together."""
    order = np.argsort(-scores, kind="stable")
    last = np.flatnonzero(np.diff(scores[order], append=-1.0))
    hits = np.cumsum(labels[order])[last]
    gained = np.diff(hits, prepend=0)
    return float(np.sum(gained * hits / (last + 1)) / max(true_pairs, 1))


def sets(names: Sequence[str]) -> Iterable[tuple[str, Path]]:
    if names:
        return [(Path(name).stem if Path(name).is_file() else Path(name).name, corpus_path(name)) for name in names]
    folder = os.environ.get("TOBKIT_DATA")
    if not folder:
        raise FileNotFoundError("name a corpus.jsonl, or set TOBKIT_DATA to the folder that holds duplicates/")
    return [(path.parent.name, path) for path in sorted(Path(folder).glob("duplicates/*/corpus.jsonl"))]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("set", nargs="*", help="a corpus.jsonl, or the name of a set")
    parser.add_argument("--threshold", type=float, help="instead of the shipped one")
    parser.add_argument("--fuzzy", action="store_true", help="compare rapidfuzz too, where it is installed (slow)")
    parser.add_argument("--jobs", type=int, default=1, help="processes that tobkit works in")
    parser.add_argument("--json", type=Path, help="write the figures there too")
    given = parser.parse_args(arguments)
    try:
        chosen = list(sets(given.set))
    except FileNotFoundError as error:
        print(error, file=sys.stderr)
        return 2
    results: dict[str, dict[str, dict[str, float]]] = {}
    for name, path in chosen:
        corpus = read(path)
        print(f"\n{name}: {len(corpus.issues)} issues, largest true group {max(corpus.sizes.values(), default=0)}")
        methods: dict[str, Callable[[], Run]] = {
            "tobkit": lambda corpus=corpus: tobkit(corpus, given.threshold, given.jobs),  # type: ignore[misc]
            "TF-IDF words": lambda corpus=corpus: tf_idf_words(corpus),  # type: ignore[misc]
            "BM25": lambda corpus=corpus: bm25(corpus),  # type: ignore[misc]
        }
        if find_spec("rapidfuzz") and given.fuzzy:
            methods["rapidfuzz titles"] = lambda corpus=corpus: fuzzy_titles(corpus)  # type: ignore[misc]
        for method, run in methods.items():
            results.setdefault(name, {})[method] = found = figures(corpus, run())
            shown = "  ".join(f"{key} {value:.3f}".rstrip("0").rstrip(".") for key, value in found.items())
            print(f"  {method:14} {shown}", flush=True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\npeak memory {peak:.0f} MiB")
    if given.json:
        given.json.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
