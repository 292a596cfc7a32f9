"""What a rule's docstring says, taken apart: for `--explain`, for the rules reference and for the tests."""

import inspect
import re
from dataclasses import dataclass, field

from tobkit.check.registry import CHECKERS
from tobkit.model.diagnostics import Rule


@dataclass
class Example:
    """A few files of a pool: their keys as far as they matter, and where the finding is expected.

    A line of carets marks the part of the line above it where the finding is; without one it is the whole first file.
    """

    files: dict[str, list[str]] = field(default_factory=dict)
    marked: tuple[str, int, int, int] | None = None
    """Path, line within the example's file (1-based), first column, column after the last."""

    @property
    def text(self) -> str:
        return "\n".join(f"{path}\n" + "\n".join(f"    {line}" for line in lines) for path, lines in self.files.items())


@dataclass
class Documentation:
    """A rule's documentation: what holds, why, how to mend it, and examples."""

    what: str
    why: str
    fix: str
    bad: list[Example]
    good: list[Example]


_SECTION = re.compile(r"^(Why|Bad|Good|Fix):", re.MULTILINE)


def documentation(rule: Rule) -> Documentation:
    """The documentation of a rule that looks at a whole pool."""
    text = inspect.getdoc(CHECKERS[rule]) or ""
    what, *rest = _SECTION.split(text)
    sections = list(zip(rest[::2], rest[1::2], strict=True))

    def prose(name: str) -> str:
        return " ".join(" ".join(content.split()) for title, content in sections if title == name)

    def examples(name: str) -> list[Example]:
        return [example(content) for title, content in sections if title == name]

    return Documentation(" ".join(what.split()), prose("Why"), prose("Fix"), examples("Bad"), examples("Good"))


def example(text: str) -> Example:
    """An example: paths indented by four spaces, below each the lines of its file, indented by eight."""
    found = Example()
    path = ""
    for line in text.splitlines():
        if line[:4].isspace() and line[4:5].strip():
            path = line.strip()
            found.files[path] = []
        elif line.strip() and set(line.strip()) == {"^"}:
            start = len(line) - len(line.lstrip()) - 8
            found.marked = (path, len(found.files[path]), start + 1, start + 1 + len(line.strip()))
        elif path and line.strip():
            found.files[path].append(line[8:])
    return found
