"""A repository whose history is told while it is made: what git does, and what the timelines must say."""

import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from tobkit.model.history import Event, Fact

Key = tuple[str, str]

ENVIRONMENT = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    "GIT_MERGE_AUTOEDIT": "no",
    "GIT_EDITOR": "true",
}


class Story:
    """`told` is what the timelines of HEAD must be. On a side branch it is kept aside until the branch is merged."""

    def __init__(self, root: Path, below: str = "") -> None:
        self.root = root
        self.workspace = root / below
        self.workspace.mkdir(parents=True, exist_ok=True)
        self.told: dict[Key, list[Event]] = {}
        self.now = ("2026-01-01", "Nobody")
        self.git("init", "--quiet", "--initial-branch=main")

    def git(self, *arguments: str, fails: bool = False) -> str:
        day, who = self.now
        names = {
            f"GIT_{role}_{what}": value
            for role in ("AUTHOR", "COMMITTER")
            for what, value in (("NAME", who), ("EMAIL", "x@example.com"), ("DATE", f"{day}T12:00:00+0000"))
        }
        clean = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        done = subprocess.run(
            ["git", *arguments], cwd=self.root, env=clean | ENVIRONMENT | names, capture_output=True, text=True
        )
        assert fails or done.returncode == 0, done.stdout + done.stderr
        return done.stdout.strip()

    # Files

    def file(self, entry: str) -> Path:
        """The file of an entry, wherever it is."""
        (found,) = self.workspace.glob(f"pool/**/{entry}[.-]*md")
        return found

    def write(self, path: str, **fields: object) -> None:
        file = self.workspace / path
        file.parent.mkdir(parents=True, exist_ok=True)
        lines = [f"{key}: {shown(value)}" for key, value in fields.items()]
        file.write_text("\n".join(["---", *lines, "---", "", "What they said.", ""]), encoding="utf-8")

    def set(self, entry: str, **fields: object) -> None:
        """Change keys of an entry's file, add them, or take them out (None)."""
        file = self.file(entry)
        text = file.read_text(encoding="utf-8")
        for key, value in fields.items():
            line = f"{key}: {shown(value)}\n" if value is not None else ""
            text, times = re.subn(rf"^{key}: .*\n", line, text, flags=re.MULTILINE)
            if not times:
                text = text.replace("\n---\n", f"\n{line}---\n", 1)
        file.write_text(text, encoding="utf-8")

    # Commits

    def at(self, day: str, who: str) -> "Story":
        self.now = day, who
        return self

    def commit(self) -> str:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", "x")
        return self.head

    @property
    def head(self) -> str:
        return self.git("rev-parse", "HEAD")

    def event(self, field: str = "", old: Fact = None, new: Fact = None, day: str = "") -> Event:
        """An event of the commit that was just made."""
        return Event(date.fromisoformat(day or self.now[0]), self.now[1], self.head, field, old, new)

    def tell(self, entry: Key, *events: Event) -> None:
        self.told.setdefault(entry, []).extend(events)

    def new(self, kind: str, entry: str, **fields: object) -> Key:
        """File an entry; its timeline begins."""
        self.write(f"pool/{kind}s/{entry}.md", id=entry, **fields)
        self.commit()
        self.tell((kind, entry), self.event())
        return kind, entry

    def change(self, entry: Key, day: str = "", **changes: tuple[Fact, Fact]) -> None:
        """Change fields (old, new) of an entry in a commit; `day` is when it counts, if not when its clock says."""
        self.set(entry[1], **{name: new for name, (_, new) in changes.items()})
        self.commit()
        self.tell(entry, *in_order(self.event(name, old, new, day) for name, (old, new) in changes.items()))

    @contextmanager
    def branch(self, name: str, start: str = "main") -> Iterator[dict[Key, list[Event]]]:
        """On a branch, what happens is told to nobody; who merges it tells it."""
        here, self.told = self.told, {}
        self.git("switch", "--quiet", "--create", name, start)
        yield self.told
        self.git("switch", "--quiet", "main")
        self.told = here

    def take(self, events: Mapping[Key, list[Event]]) -> None:
        """Tell what came with a branch."""
        for entry, some in events.items():
            self.tell(entry, *some)


def in_order(events: Iterator[Event]) -> list[Event]:
    order = ("id", "status", "owner", "module", "planned", "due", "impact", "competitors", "customers", "requirements")
    return sorted(events, key=lambda event: order.index(event.field))


def shown(value: object) -> str:
    return f"[{', '.join(value)}]" if isinstance(value, (list, tuple)) else str(value)


def tell_all(story: Story) -> Story:
    """Sixty commits by several people: branches, merges, a squash, renames, reverts, a rebase, clocks that run wrong."""
    s = story
    s.at("2026-01-05", "Li Lei")
    (s.workspace / "tobkit.toml").write_text("", encoding="utf-8")
    for name in ("acme", "globex", "initech"):
        s.write(f"pool/customers/{name}.md", id=name, name=name.title(), tier="mid", status="active")
    s.write("pool/modules/e-invoicing.md", id="e-invoicing", name="Invoicing", status="live")
    s.commit()
    for key in (("customer", "acme"), ("customer", "globex"), ("customer", "initech"), ("module", "e-invoicing")):
        s.tell(key, s.event())

    people = ("Li Lei", "Han Mei", "王芳")
    needs = []
    for number in range(1, 13):  # everything is filed by one, and triaged by another
        s.at(f"2026-01-{number + 5:02}", people[number % 3])
        needs.append(
            s.new("requirement", f"REQ-00000{number:x}", title=f"Need {number}", date="2026-01-02", status="new")
        )
    for number, need in enumerate(needs):
        s.at(f"2026-02-{number + 1:02}", people[number % 2])
        s.change(need, status=("new", "triaged"), owner=(None, "lilei"), module=(None, "e-invoicing"))
    r1, r2, r3, r4, r5, r6, r7, r8, r9, r10, r11, r12 = needs

    with s.branch("plan") as planned:  # a branch of three commits, while the main line goes on
        s.at("2026-02-14", "Han Mei").change(r1, status=("triaged", "accepted"))
        s.at("2026-02-15", "Han Mei").change(r2, planned=(None, "2026-Q2"))
        s.at("2026-02-18", "Han Mei").change(r1, status=("accepted", "building"), planned=(None, "2026-Q2"))
    s.at("2026-02-16", "Li Lei").change(r2, owner=("lilei", "hanmei"))
    s.at("2026-02-17", "Li Lei").change(r3, status=("triaged", "accepted"))
    s.at("2026-02-19", "Li Lei").git("merge", "--quiet", "--no-ff", "plan")
    # Each field of r2 came from another side; they stand in the order in which they came to the main line.
    s.take(planned)

    with s.branch("spelling"):  # titles and bodies make no history
        s.at("2026-02-20", "Han Mei").set("REQ-000004", title="Need four")
        s.commit()
        text = s.file("REQ-000004")
        text.write_text(text.read_text(encoding="utf-8") + "And more.\n", encoding="utf-8")
        s.commit()
    s.git("merge", "--quiet", "--ff-only", "spelling")

    with s.branch("squashed"):
        for status in ("accepted", "building", "parked"):
            s.at("2026-02-21", "Han Mei").set("REQ-000005", status=status, reason="Too dear")
            s.commit()
    s.at("2026-02-25", "王芳").git("merge", "--quiet", "--squash", "squashed")
    s.commit()
    s.tell(r5, s.event("status", "triaged", "parked"))

    s.at("2026-02-26", "Li Lei")  # a file gets another name, in the same commit a new owner; then another folder
    s.git("mv", str(s.file("REQ-000006")), str(s.workspace / "pool/requirements/REQ-000006-export.md"))
    s.change(r6, owner=("lilei", "wangfang"))
    (s.workspace / "pool/requirements/2026").mkdir()
    s.git("mv", str(s.file("REQ-000006")), str(s.workspace / "pool/requirements/2026/REQ-000006-export.md"))
    s.at("2026-02-27", "Han Mei").commit()
    s.at("2026-02-28", "Han Mei").change(r6, status=("triaged", "accepted"))

    with s.branch("declined"):  # two say different things, who merges a third one
        s.at("2026-03-01", "Han Mei").change(r7, status=("triaged", "declined"))
    s.at("2026-03-02", "Li Lei").change(r7, status=("triaged", "building"))
    s.at("2026-03-03", "王芳").git("merge", "--quiet", "--no-ff", "declined", fails=True)
    s.git("checkout", "--quiet", "--ours", "--", str(s.file("REQ-000007")))
    s.set("REQ-000007", status="parked", reason="Later")
    s.commit()
    s.tell(r7, s.event("status", "building", "parked"))

    with s.branch("theirs") as theirs:  # or one of the two
        s.at("2026-03-04", "Han Mei").change(r8, status=("triaged", "accepted"), owner=("lilei", "hanmei"))
    s.at("2026-03-05", "Li Lei").change(r8, status=("triaged", "declined"))
    s.at("2026-03-06", "王芳").git("merge", "--quiet", "--no-ff", "-X", "theirs", "theirs")
    s.told[r8].pop()
    s.take(theirs)

    with s.branch("same"):  # both say the same: it counts from when the main line said it
        s.at("2026-03-07", "Han Mei").change(r9, status=("triaged", "accepted"))
    s.at("2026-03-08", "Li Lei").change(r9, status=("triaged", "accepted"))
    s.at("2026-03-09", "王芳").git("merge", "--quiet", "--no-ff", "same")

    s.at("2026-03-10", "Li Lei").change(r3, status=("accepted", "delivered"), planned=(None, "2026-03-31"))
    s.at("2026-03-11", "Han Mei").git("revert", "--no-edit", "HEAD")
    s.tell(r3, s.event("status", "delivered", "accepted"), s.event("planned", "2026-03-31", None))

    s.at("2026-01-01", "王芳").change(r3, day="2026-03-11", owner=("lilei", "wangfang"))  # a clock behind
    s.at("2031-05-05", "Li Lei").change(r4, day="2026-03-11", owner=("lilei", "hanmei"))  # and one ahead
    s.at("2026-03-13", "Li Lei").change(r4, status=("triaged", "declined"))
    s.at("2026-03-14", "Han Mei").change(r4, status=("declined", "accepted"))

    s.at("2026-03-15", "Han Mei")  # a version that can't be read says nothing; the next one does
    sound = s.file("REQ-00000a").read_text(encoding="utf-8")
    s.file("REQ-00000a").write_text(sound.replace("status:", "<<<<<<< HEAD\nstatus:"), encoding="utf-8")
    s.commit()
    s.file("REQ-00000a").write_text(sound, encoding="utf-8")
    s.at("2026-03-16", "Li Lei").change(r10, status=("triaged", "accepted"))

    s.at("2026-03-17", "Li Lei").set("REQ-00000b", status=None, 状态="待评估")  # another spelling is no change,
    s.commit()
    s.set("REQ-00000b", 状态="待平估")  # nor is a slip
    s.commit()
    s.set("REQ-00000b", 状态="已受理")
    s.commit()
    s.tell(r11, s.event("status", "triaged", "accepted"))

    s.at("2026-03-18", "Han Mei").change(r12, customers=(None, ("acme", "globex")), impact=(None, ("blocks-use",)))
    s.set("REQ-00000c", customers=["globex", "acme"])  # the order says nothing
    s.commit()
    s.at("2026-03-19", "Han Mei").change(r12, customers=(("acme", "globex"), ("acme", "initech")))

    s.at("2026-03-20", "Li Lei").git("rm", "--quiet", str(s.file("REQ-00000c")))  # deleted, and brought back
    s.commit()
    s.at("2026-03-21", "Han Mei").git("revert", "--no-edit", "HEAD")
    s.at("2026-03-22", "王芳").change(r12, impact=(("blocks-use",), ("saves-money",)))

    note = s.at("2026-03-23", "王芳").new(
        "note", "NOTE-000001", date="2026-03-22", customer="acme", source="sales", requirements=["REQ-000001"]
    )
    s.at("2026-03-24", "Li Lei").git("mv", str(s.file(note[1])), str(s.workspace / "pool/notes/NOTE-00000z.md"))
    s.set("NOTE-00000z", id="NOTE-00000z", requirements=["REQ-000001", "REQ-000002"])  # another id: the same note
    s.commit()
    s.told["note", "NOTE-00000z"] = [
        *s.told.pop(note),
        s.event("id", "NOTE-000001", "NOTE-00000z"),
        s.event("requirements", ("REQ-000001",), ("REQ-000001", "REQ-000002")),
    ]

    s.at("2026-03-25", "Han Mei")  # a customer gets another name, which all who mean it write
    s.git("mv", str(s.file("acme")), str(s.workspace / "pool/customers/acme-cn.md"))
    s.set("acme-cn", id="acme-cn", aliases=["acme"])
    s.set("REQ-00000c", customers=["acme-cn", "initech"])
    s.commit()
    s.told["customer", "acme-cn"] = [*s.told.pop(("customer", "acme")), s.event("id", "acme", "acme-cn")]
    for number, event in enumerate(
        s.told[r12]
    ):  # who renames a customer renames it for good: it was always the same one
        old, new = (
            tuple(sorted("acme-cn" if one == "acme" else one for one in each)) if isinstance(each, tuple) else each
            for each in (event.old, event.new)
        )
        s.told[r12][number] = event._replace(old=old, new=new)

    with s.branch("rebased"):  # written on the 26th and 27th, put on top of what was written on the 28th
        s.at("2026-03-26", "Han Mei").change(r9, planned=(None, "2026-Q3"))
        s.at("2026-03-30", "Han Mei").change(r9, status=("accepted", "building"))
    s.at("2026-03-28", "Li Lei").change(r10, owner=("lilei", "wangfang"))
    s.git("switch", "--quiet", "rebased")
    s.at("2026-03-29", "Han Mei").git("rebase", "--quiet", "main")
    first, second = s.git("rev-parse", "HEAD~", "HEAD").split()
    s.git("switch", "--quiet", "main")
    s.git("merge", "--quiet", "--ff-only", "rebased")
    s.tell(r9, Event(date(2026, 3, 28), "Han Mei", first, "planned", None, "2026-Q3"))
    s.tell(r9, Event(date(2026, 3, 30), "Han Mei", second, "status", "accepted", "building"))

    with s.branch("left") as left:  # a merge of three
        s.at("2026-03-31", "Han Mei").change(r10, owner=("wangfang", "hanmei"))
    with s.branch("right") as right:
        s.at("2026-03-30", "王芳").change(r10, planned=(None, "v3"))
        s.at("2026-03-31", "王芳").new("requirement", "REQ-00000d", title="Need 13", date="2026-03-31", status="new")
    s.at("2026-04-01", "Li Lei").change(r1, owner=("lilei", "hanmei"))
    s.at("2026-04-02", "Li Lei").git("merge", "--quiet", "--no-ff", "left", "right")
    s.take(left)
    s.take(right)
    return s
