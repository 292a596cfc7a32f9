"""Many texts looked for in much text at once.

A pattern is found by a hash of its first characters: hashes of all positions are made at once, those that begin no pattern
fall out by a table of bits, and only the rest is compared. 10,000 patterns in 10 MB of text take about a second.
"""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

WIDTHS = (8, 4, 2)
"""How many characters are hashed: the most that a pattern has."""

FACTOR = 0x9E3779B1
BITS = 20
SHORTEST = min(WIDTHS)


class Search:
    """Finds patterns of at least `SHORTEST` characters."""

    def __init__(self, patterns: Iterable[str]) -> None:
        import numpy as np

        self.beginning: dict[int, dict[str, list[str]]] = {width: {} for width in WIDTHS}
        for pattern in sorted(set(patterns)):
            width = next((width for width in WIDTHS if len(pattern) >= width), None)
            if width:
                self.beginning[width].setdefault(pattern[:width], []).append(pattern)
        self.tables = {}
        for width, begun in self.beginning.items():
            if begun:
                table = np.zeros(1 << BITS, bool)
                for text in begun:
                    table[hashes(text, width)] = True
                self.tables[width] = table

    def find(self, text: str) -> Iterator[tuple[int, str]]:
        """Where which pattern begins."""
        import numpy as np

        for width, table in self.tables.items():
            if len(text) < width:
                continue
            begun = self.beginning[width]
            for place in np.flatnonzero(table[hashes(text, width)]).tolist():
                for pattern in begun.get(text[place : place + width], ()):
                    if text.startswith(pattern, place):
                        yield place, pattern


def hashes(text: str, width: int) -> "NDArray[np.uint32]":
    """A hash of the `width` (a power of two) characters from each place on."""
    import numpy as np

    values = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).copy()
    factor, length = FACTOR, 1
    with np.errstate(over="ignore"):
        while length < width:
            values = values[:-length] * np.uint32(factor) + values[length:]
            factor, length = factor * factor & 0xFFFFFFFF, length * 2
        return (values * np.uint32(FACTOR)) >> np.uint32(32 - BITS)
