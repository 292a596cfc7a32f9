"""`tobkit diff` in a repository: what is compared, in which forms it is told, and what is refused."""

import json
from pathlib import Path

import pytest

from tests.compare.conftest import BODY, Repository, Tobkit

REQ_A = "pool/requirements/REQ-00000a.md"
NEW = "---\nid: REQ-00000c\ntitle: {title}\ndate: 2026-06-20\nstatus: new\ncustomers:\n  - best\n---\n" + BODY.format(
    what="invoices"
)


@pytest.fixture
def branch(repository: Repository) -> Repository:
    """A branch on which a customer is at risk, a requirement is accepted and one is new; main went on meanwhile."""
    repository.git("switch", "--quiet", "--create", "change")
    repository.edit("pool/customers/acme.md", "active", "at-risk")
    repository.edit("pool/requirements/REQ-00000b.md", "triaged", "accepted")
    repository.write("pool/requirements/REQ-00000c.md", NEW.format(title="Bulk download of invoices"))
    repository.commit("2026-06-20")
    repository.git("switch", "--quiet", "main")
    repository.edit(REQ_A, "in bulk", "all at once")
    repository.commit("2026-06-21")
    repository.git("switch", "--quiet", "change")
    return repository


def test_a_branch_in_the_pools_terms(branch: Repository, tobkit: Tobkit) -> None:
    found = json.loads(tobkit("diff", "main", "--format", "json").out)
    assert list(found) == [
        *("base", "head", "today", "added", "changed", "removed", "status_moves", "rank_moves", "shifted", "weights"),
        *("duplicates", "promises"),
    ]
    assert found["base"] == branch.git("merge-base", "main", "change")
    assert found["head"] is None
    assert found["added"] == [
        {
            "kind": "requirement",
            "id": "REQ-00000c",
            "label": "Bulk download of invoices",
            "path": "pool/requirements/REQ-00000c.md",
        }
    ]
    assert [(one["id"], one["fields"], one["body"]) for one in found["changed"]] == [
        ("REQ-00000b", [{"field": "status", "from": "triaged", "to": "accepted"}], False),
        ("acme", [{"field": "status", "from": "active", "to": "at-risk"}], False),
    ]
    assert found["status_moves"] == [{"id": "REQ-00000b", "from": "triaged", "to": "accepted"}]
    (move,) = found["rank_moves"]
    assert (move["id"], move["from"]["rank"], move["to"]["rank"], move["reasons"]) == (
        "REQ-00000a",
        2,
        1,
        ["Acme: Active → At risk"],
    )
    assert [(pair["a"], pair["b"]) for pair in found["duplicates"]] == [("REQ-00000a", "REQ-00000c")]


def test_two_commits_are_compared_as_they_were(branch: Repository, tobkit: Tobkit) -> None:
    branch.edit(REQ_A, "li", "wang")  # on disk, which nobody asked about
    disk = json.loads(tobkit("diff", "main", "--format", "json").out)
    found = json.loads(tobkit("diff", "main", "change", "--format", "json").out)
    assert found["head"] == branch.git("rev-parse", "change")
    assert "REQ-00000a" in {one["id"] for one in disk["changed"]}
    assert "REQ-00000a" not in {one["id"] for one in found["changed"]}
    assert found["rank_moves"] == disk["rank_moves"]
    backwards = json.loads(tobkit("diff", "change", "main", "--format", "json").out)
    assert [one["id"] for one in backwards["changed"]] == ["REQ-00000a"]


def test_what_was_not_added_to_git_yet_counts(repository: Repository, tobkit: Tobkit) -> None:
    assert "nothing in the pool" in tobkit("diff", "main").out
    repository.write("pool/requirements/REQ-00000c.md", NEW.format(title="x"))
    assert "REQ-00000c" in tobkit("diff", "main").out


def test_since_a_day_compares_with_the_commit_of_that_day(branch: Repository, tobkit: Tobkit) -> None:
    since = json.loads(tobkit("diff", "--since", "2w", "--format", "json").out)
    assert [one["id"] for one in since["added"]] == ["REQ-00000c"]
    assert json.loads(tobkit("diff", "--since", "10d", "--format", "json").out)["added"] == []
    assert json.loads(tobkit("diff", "--since", "2026-06-19", "--format", "json").out) == since | {"promises": []}
    assert "On 2026-05-31 there was no commit yet" in tobkit("diff", "--since", "30d").err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "Say what to compare with"),
        (["main", "--since", "7d"], "Say what to compare with"),
        (["nowhere"], "git knows no commit “nowhere”"),
        (["--output=x"], "No such option"),
        (["main", "nowhere"], "git knows no commit “nowhere”"),
        (["--since", "soon"], "--since takes days (7d)"),
        (["--since", "99999w"], "there was no commit yet"),
        (["--since", "2026-07-01"], "is still to come"),
    ],
)
def test_what_makes_no_sense_is_refused(
    repository: Repository, tobkit: Tobkit, arguments: list[str], said: str
) -> None:
    result = tobkit("diff", *arguments)
    assert result.code == 2
    assert said in result.err
    assert result.out == ""


def test_outside_of_git_it_is_said(repository: Repository, tobkit: Tobkit) -> None:
    (repository.root / ".git").rename(repository.root.parent / "git")
    assert "There is no git repository around" in tobkit("diff", "main").err


def test_unrelated_branches_are_said(repository: Repository, tobkit: Tobkit) -> None:
    repository.git("switch", "--quiet", "--orphan", "other")
    repository.commit()
    repository.git("switch", "--quiet", "main")
    result = tobkit("diff", "other")
    assert result.code == 2
    assert "no commit in common" in result.err


def test_another_configuration_then_is_taken_into_account(repository: Repository, tobkit: Tobkit) -> None:
    repository.write(
        "tobkit.toml", "[rank.weights]\nvoice = 50\n\n[workflow.statuses.checked]\nstands_for = 'triaged'\n"
    )
    repository.edit(REQ_A, "status: triaged", "status: checked")
    found = json.loads(tobkit("diff", "main", "--format", "json").out)
    assert found["weights"] == [{"signal": "voice", "from": 5, "to": 50}]
    assert found["status_moves"] == [{"id": "REQ-00000a", "from": "triaged", "to": "checked"}]


def test_what_is_unsound_is_left_out_on_both_sides(repository: Repository, tobkit: Tobkit) -> None:
    """An entry that nobody touched and that is wrong only because of what it refers to is neither removed nor new."""
    repository.write(
        "pool/notes/NOTE-00000a.md",
        "---\nid: NOTE-00000a\ndate: 2026-06-01\ncustomer: acme\nsource: sales\n"
        "requirements:\n  - REQ-00000a\n---\n\nThey need it.\n",
    )
    repository.commit()
    (repository.root / REQ_A).unlink()
    result = tobkit("diff", "HEAD", "--format", "json")
    assert "pool/notes/NOTE-00000a.md" in result.err
    found = json.loads(result.out)
    assert [one["id"] for one in found["removed"]] == ["REQ-00000a"]
    assert found["changed"] == []


def test_an_entry_that_is_mended_is_new(repository: Repository, tobkit: Tobkit) -> None:
    repository.edit(REQ_A, "2026-06-01", "yesterday")
    repository.commit()
    repository.edit(REQ_A, "yesterday", "2026-06-01")
    found = json.loads(tobkit("diff", "HEAD", "--format", "json").out)
    assert [one["id"] for one in found["added"]] == ["REQ-00000a"]


def test_a_file_that_moves_says_the_same(repository: Repository, tobkit: Tobkit) -> None:
    (repository.root / REQ_A).rename(repository.root / "pool/requirements/REQ-00000a-invoices.md")
    assert "nothing in the pool" in tobkit("diff", "main").out


def test_the_summary_of_a_job_gets_the_comment(
    branch: Repository, tobkit: Tobkit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "summary.md"
    page.write_text("before\n", "utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(page))
    shown = tobkit("diff", "main")
    text = page.read_text("utf-8")
    assert text.startswith("before\n<!-- tobkit diff -->\n")
    assert "| REQ-00000a | 2 → 1 |" in text
    assert "<!--" not in shown.out


def test_text_says_everything_in_both_languages(branch: Repository, tobkit: Tobkit) -> None:
    english = tobkit("diff", "main").out
    assert "What changed from main (" in english
    for part in (
        "REQ-00000c  Bulk download of invoices (rank",
        "Triaged → Accepted",
        "2 → 1",
        "Acme: Active → At risk",
    ):
        assert part in english
    chinese = tobkit("diff", "main", "--language", "zh").out
    assert "待评估 → 已受理" in chinese
    assert "合作中 → 有风险" in chinese
