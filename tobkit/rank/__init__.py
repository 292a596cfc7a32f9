"""Which requirement comes first, and why: tiers, signals, the order and its explanation.

Pure functions of a pool and of the day that it is. The method is the one of the pool's contract: the tier decides
first (`tiers`), a score of eight signals orders within a tier (`signals`), `ranking` puts the groups in order and
`explain` says in words what made it so.
"""

from tobkit.rank.explain import TIER_LABELS, Explanation, MissingEvidence, Neighbour, TierFacts, explain
from tobkit.rank.facts import SIGNAL_LABELS, SignalFacts
from tobkit.rank.ranking import Ranked, Ranking, rank
from tobkit.rank.tiers import LAST_TIER, TIERS, Claim, Lack
from tobkit.rank.words import money

__all__ = [
    "LAST_TIER",
    "SIGNAL_LABELS",
    "TIERS",
    "TIER_LABELS",
    "Claim",
    "Explanation",
    "Lack",
    "MissingEvidence",
    "Neighbour",
    "Ranked",
    "Ranking",
    "SignalFacts",
    "TierFacts",
    "explain",
    "money",
    "rank",
]
