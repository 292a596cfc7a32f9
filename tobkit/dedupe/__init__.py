"""Which requirements say the same need, and why: text -> features -> candidates -> scored pairs with reasons -> groups.

- `text`: the words of a text (search and reasons use the same)
- `glossary`: terms that mean the same in Chinese and English, and the team's own synonyms
- `encoding`: how often each token stands in each text
- `features`: texts as sparse rows
- `candidates`: for each row the nearest others
- `scoring`: how likely a pair is one need, from its texts, module and customers
- `reasons`: the same in words
- `groups`: pairs that hold together
- `index`: the pool's texts prepared once; `find`: the questions that are asked of it
- `saved`: what was prepared, as bytes to be kept; `parallel`: blocks of work in several processes

Everything is a pure function of the pool and doesn't depend on the order of files or on how rows are cut into blocks, worked on by how many processes, or known from an earlier run.
"""

from tobkit.dedupe.find import THRESHOLD, Duplicates, Neighbour, Pair, Similar, find_duplicates, neighbours, similar
from tobkit.dedupe.index import Index, Prepared, build_index

__all__ = [
    "THRESHOLD",
    "Duplicates",
    "Index",
    "Neighbour",
    "Pair",
    "Prepared",
    "Similar",
    "build_index",
    "find_duplicates",
    "neighbours",
    "similar",
]
