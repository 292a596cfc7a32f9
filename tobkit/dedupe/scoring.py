"""How likely two requirements are one need: a logistic model with few, fixed weights.

Similarity alone misleads: an entry in common words is near to everything. So it is set against the mean similarity of
each side to its own ten nearest (after the hubness correction CSLS: Conneau et al., Word translation without parallel
data, ICLR 2018; here as a ratio), within each language by itself, because texts in two languages share fewer words.
"""

from typing import TYPE_CHECKING

from tobkit.dedupe.features import level

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Flags = NDArray[np.bool_]

NEAREST = 10
"""Neighbours whose mean similarity says how much of a hub an entry is."""

USUAL = 0.1
"""The mean similarity that is assumed where there are fewer than ten neighbours."""

HUB_STEP = 2.0 ** (1 / 4)
"""Hubness comes in steps of a quarter of an octave, so that a new neighbour doesn't move the scores of all others."""

# Fitted by logistic regression on the sets of bench/duplicates.py and on random parts of them of 12 to 800 entries, the
# Chinese questions and the full SeaMonkey set at less weight, because most of their duplicates have no label. The shape
# (two logarithms) was chosen with one set left out in turn; docs/en/duplicates.md has the figures.
INTERCEPT = 2.9
WORDS, WORDS_FLOOR = 6.7, 0.05
HUB, HUB_FLOOR = 6.0, 0.3
# What no labelled set knows, by judgment.
SAME_MODULE = 0.7
OTHER_MODULE = -0.7
SAME_CUSTOMER = 0.5


def text_logit(words: "Floats", hub: "Floats") -> "Floats":
    """The log-odds that two texts are one need, from their similarity and the sum of both sides' hubness."""
    import numpy as np

    return np.asarray(INTERCEPT + WORDS * np.log(words + WORDS_FLOOR) - HUB * np.log(hub + HUB_FLOOR))


def evidence_logit(one: "Ints", other: "Ints", same_customer: "Flags") -> "Floats":
    """What the numbers of two modules (-1 for none) and a shared customer add to the log-odds."""
    import numpy as np

    known = (one >= 0) & (other >= 0)
    modules = np.where(known, np.where(one == other, SAME_MODULE, OTHER_MODULE), 0.0)
    return np.asarray(modules + SAME_CUSTOMER * same_customer, dtype=np.float64)


def probability(logit: "Floats") -> "Floats":
    """The score, in [0, 1], to 6 decimals."""
    import numpy as np

    return np.round(1.0 / (1.0 + np.exp(-np.clip(logit, -30.0, 30.0))), 6)


def hubness(near: "Floats") -> "Floats":
    """How much of a hub rows are, from their similarities to their ten nearest (fewer are filled up with `USUAL`).

    `near` has a row each and ten columns, NaN where there is none.
    """
    import numpy as np

    mean = np.where(np.isnan(near), USUAL, near).mean(axis=1)
    return level(mean, HUB_STEP)
