"""History from real repositories: what the timelines say, and what is said where git doesn't know."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest

from tests.store.story import Key, Story, tell_all
from tobkit.errors import TobkitError
from tobkit.model.history import Event, History, Timeline, described, progress, status_days
from tobkit.store.base import load_at
from tobkit.store.history import day_of_commit, read_history
from tobkit.store.history.kept import FACTS, FOLDER, TIMELINES
from tobkit.store.load import load
from tobkit.store.workspace import open_workspace

TODAY = date(2026, 4, 10)
REQ = ("requirement", "REQ-000001")


@pytest.fixture(autouse=True)
def _no_git_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", "/dev/null")


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    """The repository of sixty commits; nobody changes it."""
    return tell_all(Story(tmp_path_factory.mktemp("story")))


@pytest.fixture
def own(story: Story, tmp_path: Path) -> Story:
    """A copy of it, to be changed."""
    copied = Story.__new__(Story)
    copied.__dict__.update(story.__dict__, told={key: [*events] for key, events in story.told.items()})
    copied.root = copied.workspace = tmp_path / "own"
    shutil.copytree(story.root, copied.root, ignore=shutil.ignore_patterns(FOLDER))
    return copied


@pytest.fixture
def small(tmp_path: Path) -> Story:
    """A repository with one requirement."""
    s = Story(tmp_path / "small")
    (s.workspace / "tobkit.toml").write_text("")
    s.at("2026-01-05", "Li Lei").new("requirement", REQ[1], title="Need", date="2026-01-02", status="new")
    return s


def history_of(folder: Path, *, cached: bool = True) -> History:
    workspace = open_workspace(folder)
    return read_history(workspace, load(workspace).pool, TODAY, cached=cached)


def told(story: Story) -> dict[Key, Timeline]:
    return {key: Timeline(tuple(events)) for key, events in story.told.items()}


def events(folder: Path, entry: Key = REQ) -> list[tuple[str, object, object]]:
    return [(event.field, event.old, event.new) for event in history_of(folder).timelines[entry].events]


# The story


def test_the_timelines_are_what_the_script_wrote_down(story: Story) -> None:
    assert int(story.git("rev-list", "--count", "HEAD")) >= 60
    found = history_of(story.workspace, cached=False)
    expected = told(story)
    for entry in expected:
        assert found.timelines[entry] == expected[entry], entry
    assert found == History(expected)


def test_the_same_with_what_was_kept(own: Story) -> None:
    first = history_of(own.workspace)
    assert (own.workspace / FOLDER / TIMELINES).exists()
    assert history_of(own.workspace) == first == History(told(own))
    assert own.git("status", "--porcelain", "--ignored=no") == ""


def test_the_same_from_a_linked_worktree(own: Story, tmp_path: Path) -> None:
    own.git("worktree", "add", "--quiet", "--detach", str(tmp_path / "linked"), "HEAD")
    assert history_of(tmp_path / "linked") == History(told(own))


def test_the_same_in_a_subfolder(tmp_path: Path) -> None:
    s = tell_all(Story(tmp_path, "products/tobkit"))
    assert history_of(s.workspace) == History(told(s))


def test_the_same_whatever_git_is_set_to(own: Story) -> None:
    for setting in [
        "log.follow=true",
        "log.showRoot=false",
        "log.mailmap=true",
        "diff.renames=copies",
        "diff.noprefix=true",
        "diff.mnemonicPrefix=true",
        "log.date=relative",
        "color.ui=always",
        "i18n.logOutputEncoding=latin1",
        "format.pretty=oneline",
        "diff.relative=true",
        "log.diffMerges=combined",
        "log.decorate=full",
        "core.abbrev=5",
        "diff.submodule=log",
        "log.showSignature=true",
    ]:
        own.git("config", *setting.split("=", 1))
    (own.root / ".mailmap").write_text("Lilei the Great <x@example.com>\n")
    assert history_of(own.workspace, cached=False) == History(told(own))


def test_a_shallow_clone_says_that_it_is_cut(story: Story, tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "--quiet", "--depth=12", f"file://{story.root}", str(clone)], check=True)
    found = history_of(clone)
    assert "only the latest commits" in str(found.notice)
    assert "fetch-depth: 0" in str(found.notice)
    expected = told(story)
    for entry, timeline in found.timelines.items():
        known = timeline.events
        assert known == expected[entry].events[len(expected[entry].events) - len(known) :]
    assert found.timelines["requirement", "REQ-000002"].created is None
    assert found.timelines["requirement", "REQ-00000d"].created is not None
    subprocess.run(["git", "-C", str(clone), "fetch", "--quiet", "--unshallow"], check=True)
    assert history_of(clone) == History(expected)


# Where there is little or nothing


def test_no_repository(tmp_path: Path) -> None:
    (tmp_path / "tobkit.toml").write_text("")
    found = history_of(tmp_path)
    assert not found.timelines
    assert "no git repository" in str(found.notice)
    assert not (tmp_path / FOLDER).exists()


def test_nothing_committed_yet(tmp_path: Path) -> None:
    Story(tmp_path)
    (tmp_path / "tobkit.toml").write_text("")
    assert "Nothing is committed" in str(history_of(tmp_path).notice)


def test_a_damaged_repository(small: Story) -> None:
    commit = small.head
    (small.root / ".git/objects" / commit[:2] / commit[2:]).unlink()
    found = history_of(small.workspace)
    assert not found.timelines
    assert found.notice


def test_a_version_that_git_lost(small: Story) -> None:
    small.at("2026-01-06", "Han Mei").change(REQ, status=("new", "accepted"))
    blob = small.git("rev-parse", "HEAD~:pool/requirements/REQ-000001.md")
    (small.root / ".git/objects" / blob[:2] / blob[2:]).unlink()
    for _ in range(2):  # and that isn't kept as if it were known
        assert "all earlier versions" in str(history_of(small.workspace).notice)


# What isn't committed


def test_changes_on_disk_count_as_of_today(own: Story) -> None:
    own.set("REQ-000002", status="accepted", planned=None)
    own.write("pool/requirements/REQ-00000e.md", id="REQ-00000e", title="Need 14", date="2026-04-01", status="new")
    moved = own.file("REQ-000006")
    moved.rename(own.workspace / "pool/requirements/REQ-000006.md")
    own.file("REQ-000005").unlink()
    own.tell(
        ("requirement", "REQ-000002"),
        Event(TODAY, field="status", old="triaged", new="accepted"),
        Event(TODAY, field="planned", old="2026-Q2", new=None),
    )
    own.tell(("requirement", "REQ-00000e"), Event(TODAY))
    del own.told["requirement", "REQ-000005"]
    for _ in range(2):
        assert history_of(own.workspace) == History(told(own))


# Odd commits


def test_an_author_as_git_allows_them(small: Story) -> None:
    small.at("2026-01-06", "\x1b[31m<b>王芳</b>\u202e, Jr.").change(REQ, status=("new", "accepted"))
    last = history_of(small.workspace).timelines[REQ].events[-1]
    assert last.author == small.git("log", "-1", "--format=%an")


@pytest.mark.parametrize("time", ["99999999999999999 +0000", "-5 +0000", "0 -9959"])
def test_a_day_that_no_calendar_has(small: Story, time: str) -> None:
    small.at("2026-01-06", "Han Mei").set(REQ[1], status="accepted")
    small.git("add", "--all")
    tree, parent = small.git("write-tree"), small.head
    text = f"tree {tree}\nparent {parent}\nauthor A <a@x> {time}\ncommitter A <a@x> {time}\n\nx\n"
    made = subprocess.run(
        ["git", "-C", str(small.root), "hash-object", "-t", "commit", "-w", "--stdin", "--literally"],
        input=text, text=True, capture_output=True, check=True,
    ).stdout.strip()  # fmt: skip
    small.git("update-ref", "HEAD", made)
    days = [event.day for event in history_of(small.workspace).timelines[REQ].events]
    assert days == [date(2026, 1, 5), date(2026, 1, 5)]
    if time.startswith("9"):
        with pytest.raises(TobkitError, match="--today"):
            day_of_commit(open_workspace(small.workspace), "HEAD")


def test_the_day_is_that_of_the_pools_time_zone(small: Story) -> None:
    (small.workspace / "tobkit.toml").write_text('[pool]\ntimezone = "Pacific/Kiritimati"\n')
    assert history_of(small.workspace).timelines[REQ].events[0].day == date(2026, 1, 6)
    assert day_of_commit(open_workspace(small.workspace), "HEAD") == date(2026, 1, 6)


def test_links_and_other_files_are_no_entries(small: Story) -> None:
    (small.workspace / "pool/requirements/REQ-000002.md").symlink_to("REQ-000001.md")
    small.write("pool/requirements/.hidden.md", id="REQ-000003", title="x", date="2026-01-01", status="new")
    small.write("pool/files/REQ-000004.md", id="REQ-000004", title="x", date="2026-01-01", status="new")
    small.write("elsewhere/REQ-000005.md", id="REQ-000005", title="x", date="2026-01-01", status="new")
    small.commit()
    assert set(history_of(small.workspace).timelines) == {REQ}


def test_two_files_with_the_same_id_until_one_gets_another(small: Story) -> None:
    small.write("pool/requirements/REQ-000001-b.md", id=REQ[1], title="Another", date="2026-01-03", status="new")
    small.at("2026-01-06", "Han Mei").commit()
    other = small.workspace / "pool/requirements/REQ-000001-b.md"
    other.write_text(other.read_text().replace("id: REQ-000001", "id: REQ-000002"))
    small.git("mv", str(other), str(other.with_name("REQ-000002-b.md")))
    small.at("2026-01-07", "Han Mei").commit()
    found = history_of(small.workspace).timelines
    assert [event.day.day for event in found[REQ].events] == [5]
    assert [(event.day.day, event.field) for event in found["requirement", "REQ-000002"].events] == [(6, ""), (7, "id")]


def test_a_new_entry_with_an_old_id_isnt_the_old_one(small: Story) -> None:
    small.set(REQ[1], id="REQ-000002")
    small.git("mv", str(small.file(REQ[1])), str(small.workspace / "pool/requirements/REQ-000002.md"))
    small.at("2026-01-06", "Han Mei").commit()
    small.at("2026-01-07", "Han Mei").new("requirement", REQ[1], title="Other", date="2026-01-07", status="new")
    assert [name for name, *_ in events(small.workspace)] == [""]
    assert [name for name, *_ in events(small.workspace, ("requirement", "REQ-000002"))] == ["", "id"]


def test_a_teams_own_statuses(small: Story) -> None:
    (small.workspace / "tobkit.toml").write_text('[workflow.statuses.review]\nstands_for = "triaged"\n')
    small.at("2026-01-06", "Han Mei").change(REQ, status=("new", "review"))
    assert events(small.workspace) == [("", None, None), ("status", "new", "review")]
    (small.workspace / "tobkit.toml").write_text("")  # what was kept is of another configuration
    small.change(REQ, status=("review", "accepted"))
    assert events(small.workspace) == [("", None, None), ("status", "new", "accepted")]


# What is kept


def test_what_was_kept_is_continued(small: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    history_of(small.workspace)
    asked: list[str] = []
    whole = __import__("tobkit.store.history.facts", fromlist=["log"]).log

    def log(repository: object, commit: str, known: str, folder: str) -> object:
        asked.append(known)
        return whole(repository, commit, known, folder)

    monkeypatch.setattr("tobkit.store.history.facts.log", log)
    before = small.head
    small.at("2026-01-06", "Han Mei").change(REQ, status=("new", "accepted"))
    assert history_of(small.workspace) == History(told(small))
    assert history_of(small.workspace) == History(told(small))
    assert asked == [before]


@pytest.mark.parametrize("name", [FACTS, TIMELINES])
def test_rubbish_in_what_was_kept(small: Story, name: str) -> None:
    history_of(small.workspace)
    small.at("2026-01-06", "Han Mei").change(REQ, status=("new", "accepted"))
    file = small.workspace / FOLDER / name
    sound = file.read_text(encoding="utf-8")
    expected = History(told(small))
    for rubbish in (b"", b"{}", b"\xff\xfe", sound.encode()[: len(sound) // 2], b"[" * 100_000, b'["", {}]'):
        file.write_bytes(rubbish)
        assert history_of(small.workspace) == expected


def test_anything_changed_in_what_was_kept_is_noticed_or_harmless(small: Story) -> None:
    small.at("2026-01-06", "Han Mei").change(REQ, status=("new", "accepted"))
    expected = history_of(small.workspace)
    for name in (FACTS, TIMELINES):
        file = small.workspace / FOLDER / name
        sound = json.loads(file.read_text(encoding="utf-8"))
        for changed in broken(sound):
            file.write_text(json.dumps(changed), encoding="utf-8")
            if name == FACTS:
                (small.workspace / FOLDER / TIMELINES).unlink(missing_ok=True)
            found = history_of(small.workspace)  # whatever it says, it says something
            assert set(found.timelines) == set(expected.timelines)
        file.write_text(json.dumps(sound), encoding="utf-8")


def broken(value: object) -> Iterator[object]:
    """A value of JSON with one part taken out, or something else in its place."""
    if isinstance(value, dict):
        for key in value:
            yield {name: each for name, each in value.items() if name != key}
            for each in broken(value[key]):
                yield value | {key: each}
    elif isinstance(value, list):
        for place, item in enumerate(value):
            yield value[:place] + value[place + 1 :]
            for each in broken(item):
                yield [*value[:place], each, *value[place + 1 :]]
    elif isinstance(value, int):
        yield from (-1, 10**6)
    else:
        yield "x" if value else 7


def test_a_cache_that_leads_elsewhere_isnt_written(small: Story, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (small.workspace / FOLDER).symlink_to(tmp_path / "elsewhere")
    history_of(small.workspace)
    assert not [*(tmp_path / "elsewhere").iterdir()]


def test_a_cache_that_cant_be_written(small: Story) -> None:
    (small.workspace / FOLDER).write_text("a file")
    assert history_of(small.workspace) == History(told(small))


@pytest.mark.parametrize("seed", range(3))
def test_whatever_happens_what_was_kept_changes_nothing(tmp_path: Path, seed: int) -> None:
    """Commits, branches, merges, jumps between branches, rewritten commits: with and without the cache the same."""
    random = Random(seed)
    s = Story(tmp_path)
    (s.workspace / "tobkit.toml").write_text("")
    for number in range(4):
        s.new("requirement", f"REQ-00000{number}", title=f"Need {number}", date="2026-01-01", status="new")
    branches = ["main"]
    for step in range(18):
        s.at(f"2026-02-{random.randrange(1, 28):02}", random.choice(["A", "B"]))
        match random.randrange(6):
            case 0:
                branches.append(f"b{step}")
                s.git("switch", "--quiet", "--create", branches[-1])
            case 1:
                s.git("switch", "--quiet", random.choice(branches))
            case 2:
                s.git("merge", "--quiet", "--no-ff", "-X", random.choice(["ours", "theirs"]), random.choice(branches))
            case 3:
                s.git("commit", "--quiet", "--amend", "--allow-empty", "--message", f"{step}")
            case _:
                status = random.choice(["new", "triaged", "accepted", "parked"])
                s.set(f"REQ-00000{random.randrange(4)}", status=status, owner=random.choice(["lilei", "hanmei"]))
                s.git("commit", "--quiet", "--allow-empty", "--all", "--message", "x")
        kept = history_of(s.workspace)
        assert kept == history_of(s.workspace, cached=False)
        for entry in load(open_workspace(s.workspace)).pool.requirements.values():
            changes = [*kept.of(entry).changes("status")]
            assert all(one.new == two.old for one, two in pairwise(changes))
            assert entry.status == (changes[-1].new if changes else "new")
            days = [event.day for event in kept.of(entry).events]
            assert days[0] == min(days)


# What follows from it


def test_how_a_requirement_gets_on(own: Story) -> None:
    pool = load(open_workspace(own.workspace)).pool
    found = history_of(own.workspace)
    days = status_days(pool, found)
    assert days["REQ-000004"] == date(2026, 3, 14)
    assert "REQ-00000d" not in days  # never changed
    how = progress(pool, found, pool.requirements["REQ-000004"], TODAY)
    assert how == (date(2026, 3, 14), 27, None, 1, date(2026, 3, 14))
    how = progress(pool, found, pool.requirements["REQ-000002"], TODAY)
    assert (how.since, how.moved) == (date(2026, 2, 2), date(2026, 3, 24))  # a note was attached
    how = progress(pool, found, pool.requirements["REQ-00000c"], TODAY)
    assert how.moved == date(2026, 2, 12)  # customers, impact, deletion and renames don't move it


def test_lead_time_and_where_git_knows_nothing(tmp_path: Path) -> None:
    s = Story(tmp_path)
    (s.workspace / "tobkit.toml").write_text("")
    common = {"title": "x", "date": "2026-01-01"}
    s.write("pool/requirements/REQ-000001.md", id="REQ-000001", **common, status="delivered", delivered="2026-01-31")
    s.write("pool/requirements/REQ-000002.md", id="REQ-000002", **common, status="accepted", status_since="2026-02-01")
    s.write("pool/requirements/REQ-000003.md", id="REQ-000003", **common, status="new")
    s.write(
        "pool/notes/NOTE-000001.md", id="NOTE-000001", date="2026-01-20", source="sales", requirements=["REQ-000003"]
    )
    s.at("2026-04-01", "A").commit()
    s.write(
        "pool/notes/NOTE-000002.md", id="NOTE-000002", date="2026-01-25", source="sales", requirements=["REQ-000002"]
    )
    s.at("2026-04-05", "A").commit()
    pool = load(open_workspace(s.workspace)).pool
    found = history_of(s.workspace)
    how = [progress(pool, found, one, TODAY) for one in pool.requirements.values()]
    assert how[0] == (date(2026, 1, 31), 69, 30, 0, date(2026, 1, 31))
    assert how[1] == (date(2026, 2, 1), 68, None, 0, date(2026, 4, 5))
    assert how[2] == (date(2026, 1, 1), 99, None, 0, date(2026, 1, 20))


def test_what_happened_in_words(own: Story) -> None:
    pool = load(open_workspace(own.workspace)).pool
    found = history_of(own.workspace)

    def words(entry: Key) -> list[str]:
        return [str(described(pool, entry[0], event)) for event in found.timelines[entry].events]

    assert words(("requirement", "REQ-000003")) == [
        "Came into the pool",
        "Status: New → Triaged",
        "Owner: lilei",
        "Module: Invoicing",
        "Status: Triaged → Accepted",
        "Status: Accepted → Delivered",
        "Planned: 2026-03-31",
        "Status: Delivered → Accepted",
        "Planned: 2026-03-31 taken out",
        "Owner: lilei → wangfang",
    ]
    assert words(("requirement", "REQ-00000c"))[-2:] == [
        "Customers: Initech added, Globex taken out",
        "Impact: Saves money added, Blocks use taken out",
    ]


def test_the_pool_as_of_a_commit_is_ranked_on_its_day(story: Story) -> None:
    workspace = open_workspace(story.workspace)
    early = story.git("rev-list", "--first-parent", "--reverse", "main").split()[12]
    assert len(load_at(workspace, early).pool.requirements) == 12
    assert day_of_commit(workspace, early) == date(2026, 1, 17)
