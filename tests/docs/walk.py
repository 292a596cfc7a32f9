"""Walks: what a page of the docs shows at a prompt is done as a reader would do it, and must answer what the page shows.

A walk is all that a page has of these, from its top, in one fresh folder:

- Blocks in ```console: lines that begin with `$ ` are typed; the lines below one are all that it answers. `…` alone on
  a line stands for any lines, within a line for any text. A command fails only where `$ echo $?` comes next.
- `<!-- file: PATH -->` right above a block: the block is that file.
- `<!-- do: COMMAND -->`: typed too, where showing it would lead away from the matter.
- `<!-- edit: PATH: OLD => NEW -->`: what the page asks the reader to change in a file by hand.

Ids are drawn at random; here `tobkit new` takes the one that the page shows. `python tests/docs/walk.py PAGE…` writes
what the commands answer now into the pages' blocks.
"""

import io
import os
import re
import shlex
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from unittest import mock

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("README*.md"), *(ROOT / "docs").rglob("*.md")])

BLOCK = re.compile(
    r"(?:^<!-- file: (?P<file>\S+) -->\n)?^```(?P<language>\S*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)
EDIT = re.compile(r"<!-- edit: (?P<path>\S+): (?P<old>.+?) => (?P<new>.+?) -->")
DO = re.compile(r"<!-- do: (?P<command>.+?) -->")
SECONDS = re.compile(r"\b\d+\.\d\d(?= (?:s|秒)\b)")
"""How long a command took, which is another time each time."""
DRAWN = re.compile(r"/((?:REQ|NOTE|PRM|INC|XCH)-[0-9a-z]{6})\b")


@dataclass
class Step:
    """One thing that a reader does: a command with what it answers, a file to write, or an edit by hand."""

    line: int
    command: str = ""
    expected: list[str] = field(default_factory=list)
    path: str = ""
    old: str = ""
    new: str = ""


@dataclass
class Answer:
    step: Step
    lines: list[str]
    status: int


def language_of(page: Path) -> str:
    return "zh" if "zh" in page.stem.lower() or "zh" in page.parts else "en"


def steps(text: str) -> list[Step]:
    """The steps of a page, in order."""
    found: list[tuple[int, Step]] = []
    for block in BLOCK.finditer(text):
        line = text.count("\n", 0, block.start("text")) + 1
        if block["file"]:
            found.append((block.start(), Step(line, path=block["file"], new=block["text"])))
        elif block["language"] == "console":
            found += [(block.start(), step) for step in typed(block["text"], line)]
    for edit in EDIT.finditer(text):
        line = text.count("\n", 0, edit.start()) + 1
        found.append((edit.start(), Step(line, path=edit["path"], old=edit["old"], new=edit["new"])))
    for do in DO.finditer(text):
        found.append((do.start(), Step(text.count("\n", 0, do.start()) + 1, do["command"], ["…"])))
    return [step for _, step in sorted(found, key=lambda item: item[0])]


def typed(block: str, first: int) -> Iterator[Step]:
    step: Step | None = None
    for number, line in enumerate(block.splitlines(), first):
        if line.startswith("$ "):
            if step:
                yield step
            step = Step(number, line[2:])
        elif step:
            step.expected.append(line)
    if step:
        yield step


class Shell:
    """A prompt in a folder. `tobkit` runs in this process, which is what makes walks quick."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.status = 0

    def do(self, step: Step) -> Answer:
        path = self.folder / step.path
        if step.path and not step.old:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(step.new, encoding="utf-8")
        elif step.path:
            text = path.read_text(encoding="utf-8")
            assert text.count(step.old) == 1, f"line {step.line}: “{step.old}” isn't once in {step.path}"
            path.write_text(text.replace(step.old, step.new), encoding="utf-8")
        if not step.command:
            return Answer(step, [], 0)
        said, self.status = self.run(shlex.split(step.command), step)
        return Answer(step, [line.rstrip() for line in said.rstrip().splitlines()], self.status)

    def run(self, words: list[str], step: Step) -> tuple[str, int]:
        match words:
            case ["cd", folder]:
                self.folder /= folder
                return "", 0 if self.folder.is_dir() else 1
            case ["echo", "$?"]:
                return str(self.status), 0
            case ["cat", name]:
                return (self.folder / name).read_text(encoding="utf-8"), 0
            case ["tobkit", *arguments]:
                return tobkit(self.folder, [*arguments, *drawn(arguments, step.expected)])
            case _:
                done = subprocess.run(
                    words, cwd=self.folder, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
                )
                return done.stdout, done.returncode


def drawn(arguments: list[str], expected: list[str]) -> list[str]:
    """For `tobkit new`: the id that the page shows, as an option."""
    found = DRAWN.search("\n".join(expected)) if arguments[0] == "new" else None
    return ["-f", f"id={found[1]}"] if found else []


def tobkit(folder: Path, arguments: list[str]) -> tuple[str, int]:
    """What tobkit says in a folder, and its exit status."""
    from tobkit.cli import run

    said = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="", write_through=True)
    before = Path.cwd()
    os.chdir(folder)
    try:
        with redirect_stdout(said), redirect_stderr(said), mock.patch.object(sys, "argv", ["tobkit", *arguments]):
            status = run(arguments)
    except Exception:
        said.write(traceback.format_exc())
        status = 1
    finally:
        os.chdir(before)
    return said.buffer.getvalue().decode(), status  # type: ignore[attr-defined]


@contextmanager
def environment(folder: Path, language: str) -> Iterator[None]:
    """The reader's environment: their language, and nothing of ours."""
    git = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "GIT_CEILING_DIRECTORIES": str(folder)}
    who = {f"GIT_{role}_{part}": "reader@example" for role in ("AUTHOR", "COMMITTER") for part in ("NAME", "EMAIL")}
    with mock.patch.dict(os.environ, {**git, **who, "TOBKIT_LANGUAGE": language}):
        for name in ("SOURCE_DATE_EPOCH", "TOBKIT_OVERLAY", "GIT_DIR", "GIT_WORK_TREE"):
            os.environ.pop(name, None)
        yield


def walk(page: Path, folder: Path) -> list[Answer]:
    """Do what a page shows, in a folder."""
    with environment(folder, language_of(page)):
        shell = Shell(folder)
        return [shell.do(step) for step in steps(page.read_text(encoding="utf-8"))]


def fits(expected: list[str], answered: list[str]) -> bool:
    """Whether an answer is what the page shows."""
    pattern = ""
    for line in expected:
        text = SECONDS.sub("…", line.rstrip())
        pattern += r"(?:.*\n)*?" if text.strip() == "…" else re.escape(text).replace("…", ".*") + "\n"
    return re.fullmatch(pattern, "".join(f"{line}\n" for line in answered)) is not None


def rewrite(page: Path) -> int:
    """Put what the commands answer now where the page shows something else; how many answers were replaced."""
    with tempfile.TemporaryDirectory() as folder:
        answers = walk(page, Path(folder).resolve())
    lines = page.read_text(encoding="utf-8").split("\n")
    replaced = 0
    for answer in reversed(answers):
        step = answer.step
        if (
            step.command
            and not fits(step.expected, answer.lines)
            and "Traceback (most recent call last):" not in answer.lines
        ):
            lines[step.line : step.line + len(step.expected)] = [line.replace(folder, "…") for line in answer.lines]
            replaced += 1
    page.write_text("\n".join(lines), encoding="utf-8")
    return replaced


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    for name in sys.argv[1:]:
        print(f"{name}: {rewrite(Path(name).resolve())} answers replaced")
