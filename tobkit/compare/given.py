"""What is handed in to be compared: rankings and likely duplicates, by what is read of them.

Neighbours in the house don't know each other, so these are the shapes of what `tobkit.rank` and `tobkit.dedupe` return.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Protocol

from tobkit.messages import Message
from tobkit.model.kinds import Incident
from tobkit.model.pool import Group, Statement


class ClaimLike(Protocol):
    """An impact that is claimed, and the statements that make it count."""

    @property
    def impact(self) -> str: ...
    @property
    def tier(self) -> int: ...
    @property
    def carried_by(self) -> tuple[Statement, ...]: ...


class RankedLike(Protocol):
    """A group at its place, as `rank` gives it."""

    @property
    def rank(self) -> int: ...
    @property
    def id(self) -> str: ...
    @property
    def tier(self) -> int: ...
    @property
    def score(self) -> float: ...
    @property
    def group(self) -> Group: ...
    @property
    def claims(self) -> Sequence[ClaimLike]: ...


class AroundLike(Protocol):
    """What signals know beside the group."""

    @property
    def incidents(self) -> Mapping[str, tuple[Incident, ...]]: ...


class RankingLike(Protocol):
    """All groups in order, as `rank` gives them."""

    @property
    def today(self) -> date: ...
    @property
    def weights(self) -> Mapping[str, float]: ...
    @property
    def items(self) -> Sequence[RankedLike]: ...
    @property
    def around(self) -> AroundLike: ...
    def measures(self, group: Group) -> Mapping[str, float]: ...


class PairLike(Protocol):
    """Two requirements that may be one need: a < b, a score in [0, 1], and why."""

    @property
    def a(self) -> str: ...
    @property
    def b(self) -> str: ...
    @property
    def score(self) -> float: ...
    @property
    def reasons(self) -> tuple[Message, ...]: ...
