"""The benchmark measures what it says, on a corpus made here."""

import json

import pytest

from bench import duplicates
from tests.dedupe.pools import bilingual


@pytest.fixture
def corpus(tmp_path):
    groups = ["a", "a", "b", "b", "c", "c", "d", "d"]
    issues = [
        {"id": entry.id, "title": entry.title, "body": entry.body, "lang": "?", "group": group}
        for entry, group in zip(bilingual(), [*groups, *[None] * 6], strict=True)
    ]
    path = tmp_path / "corpus.jsonl"
    path.write_text("\n".join(json.dumps(issue, ensure_ascii=False) for issue in issues), encoding="utf-8")
    return path


def test_it_measures_tobkit_beside_a_baseline(corpus, tmp_path, capsys):
    out = tmp_path / "figures.json"
    assert duplicates.main([str(corpus), "--json", str(out)]) == 0
    ((_, found),) = json.loads(out.read_text()).items()
    assert found["tobkit"]["R@1"] == found["tobkit"]["F1"] == found["tobkit"]["AP"] == 1
    assert found["tobkit"]["largest"] == 2
    assert found["TF-IDF words"]["R@10"] < 1  # it knows no Chinese
    assert "R@10" in capsys.readouterr().out


def test_figures_of_a_known_outcome():
    corpus = duplicates.Corpus([{}] * 5, ["a", None, "a", "a", None])
    run = duplicates.Run({(0, 2): 0.9, (1, 2): 0.9, (2, 3): 0.5, (1, 3): 0.6}, 0.0, 0.6, 2)
    found = duplicates.figures(corpus, run)
    # Queries: 2 (its best is tied with 1, the earlier wins: 0) and 3 (1 comes before 2).
    assert found["R@1"] == 0.5
    assert found["R@5"] == 1
    # Steps: 0.9 (1 of 2 true), 0.6 (1 of 3), 0.5 (2 of 4); three true pairs.
    assert found["AP"] == pytest.approx((1 * 1 / 2 + 1 * 2 / 4) / 3)
    assert (found["precision"], found["recall"], found["F1"]) == (
        pytest.approx(1 / 3),
        pytest.approx(1 / 3),
        pytest.approx(1 / 3),
    )


def test_without_data_it_says_so(monkeypatch, capsys):
    monkeypatch.delenv("TOBKIT_DATA", raising=False)
    assert duplicates.main([]) == 2
    assert "TOBKIT_DATA" in capsys.readouterr().err
