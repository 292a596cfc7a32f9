"""Where findings are, for programs that follow them from one commit to the next."""

from collections import Counter
from collections.abc import Iterable, Iterator
from hashlib import sha256

from tobkit.model.diagnostics import WHOLE_FILE, Diagnostic
from tobkit.report.diagnostics.summary import ReadLine


def below(prefix: str, path: str) -> str:
    """A path from the root of the repository, where the workspace is the folder `prefix` of it."""
    prefix = prefix.strip("/")
    return f"{prefix}/{path}" if prefix else path


def fingerprints(diagnostics: Iterable[Diagnostic], read_line: ReadLine) -> Iterator[str]:
    """What tells each finding from all others and stays the same where lines above it come and go.

    It is made from the code, the file, the message without its values, and the text at the place; findings that are
    alike in all of these are counted.
    """
    seen: Counter[str] = Counter()
    for diagnostic in diagnostics:
        parts = (diagnostic.code, diagnostic.path, diagnostic.message.template, content(diagnostic, read_line))
        same = "\0".join(parts)
        number = seen[same]
        seen[same] += 1
        yield sha256(f"{same}\0{number}".encode("utf-8", "surrogatepass")).hexdigest()


def content(diagnostic: Diagnostic, read_line: ReadLine) -> str:
    """The text that a finding is about; of one about the whole file the key that it names, if it does."""
    span = diagnostic.span
    if span == WHOLE_FILE:
        return str(diagnostic.message.values.get("key", ""))
    line = read_line(diagnostic.path, span.line) or ""
    return line[span.column - 1 : span.end_column - 1 if span.end_line == span.line else None]
