"""How a pool was before: what the rules of history compare it with."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tobkit.model.kinds import Entry


@dataclass(frozen=True)
class Base:
    """An earlier commit, as far as the pool's files differ from it.

    `changed` has every path, then or now, whose file differs: the entry that it held then (a partial one too), or None
    where there was no file, or none that could be read.
    """

    commit: str = ""
    changed: Mapping[str, Entry | None] = field(default_factory=dict)
