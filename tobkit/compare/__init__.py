"""What changed between two pools, in the pool's terms: entries and their fields, statuses, places in the order and why
they moved, duplicates that came, promises that are affected.

Pure functions of two pools and of what the neighbours have made of them: rankings and likely duplicates are handed in.
`entries` pairs the entries, `moves` the places, `causes` finds out what moved one, `comparison` puts all together.
"""

from tobkit.compare.comparison import Comparison, PromiseEffect, compare
from tobkit.compare.entries import Change, Differences, FieldChange, differences
from tobkit.compare.moves import Move, Place, Weight

__all__ = [
    "Change",
    "Comparison",
    "Differences",
    "FieldChange",
    "Move",
    "Place",
    "PromiseEffect",
    "Weight",
    "compare",
    "differences",
]
