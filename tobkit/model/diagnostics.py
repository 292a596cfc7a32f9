"""What is wrong in a pool, as data; how it is shown is `report`'s business."""

from dataclasses import dataclass, replace
from enum import IntEnum
from typing import NamedTuple

from tobkit.messages import NOTHING, Message


class Severity(IntEnum):
    """How bad a finding is; errors make `check` fail."""

    INFO = 1
    WARNING = 2
    ERROR = 3

    def __str__(self) -> str:
        return self.name.lower()


class Span(NamedTuple):
    """A place in a file: 1-based lines and columns in code points, the end exclusive."""

    line: int = 1
    column: int = 1
    end_line: int = 1
    end_column: int = 1


WHOLE_FILE = Span()


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that can be wrong: its code, a short English name, and how bad it is unless a team says otherwise.

    `today_dependent` rules are never errors by themselves: a pull request must not turn red because a day went by.
    `confidential` rules find what must not be repeated: no report shows the line that a finding stands on.
    """

    code: str
    name: str
    severity: Severity = Severity.ERROR
    today_dependent: bool = False
    confidential: bool = False

    @property
    def stops_build(self) -> bool:
        """Whether errors of this rule stop `build` (1xx-3xx and 9xx)."""
        return self.code[3] in "1239"


@dataclass(frozen=True, slots=True)
class Edit:
    """A repair that needs no judgment: the text to stand at a span."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding: which rule, where, what is wrong and what to do about it."""

    rule: Rule
    path: str
    span: Span
    message: Message
    help: Message = NOTHING
    severity: Severity = Severity.ERROR
    fix: Edit | None = None

    @classmethod
    def of(
        cls,
        rule: Rule,
        path: str,
        span: Span | None,
        message: Message,
        help: Message = NOTHING,
        fix: Edit | None = None,
    ) -> "Diagnostic":
        """A finding with its rule's own severity; no span means the whole file."""
        return cls(rule, path, span or WHOLE_FILE, message, help, rule.severity, fix)

    def with_severity(self, severity: Severity) -> "Diagnostic":
        return replace(self, severity=severity)

    @property
    def code(self) -> str:
        return self.rule.code

    @property
    def fixable(self) -> bool:
        return self.fix is not None

    @property
    def stops_build(self) -> bool:
        return self.severity is Severity.ERROR and self.rule.stops_build

    @property
    def order(self) -> tuple[str, Span, str, str]:
        """Findings are listed by file, then by place."""
        return self.path, self.span, self.rule.code, self.message.template
