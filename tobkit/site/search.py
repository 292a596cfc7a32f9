"""The search index of the bodies: script shards that a page on file:// can load a query term at a time.

`assets/search.js` reads what is written here; both cut texts into terms and terms into shards the same way.
"""

from collections.abc import Mapping, Sequence


def body_index(documents: Sequence[str]) -> Mapping[str, bytes]:
    """The index files by path from the site's root (`search/index.js`, `search/3f.js`), for plain texts by row.

    `documents` are the bodies' words (`markdown.plain(body)`) in the order of the backlog's rows: a hit is the index
    in this sequence. In the page: `<script src="assets/search.js">`, then
    `TobkitSearch.bodies(query, base)` gives a Promise of a Set of rows, or of null where the index has no say (a query
    without words, or files that can't be loaded); `base` is the way to the site's root (`""`, `"../"`).
    `TobkitSearch.normalise(text)` is what texts are compared by, for searching titles and fields the same way.
    """
    raise NotImplementedError


def normalise(text: str) -> str:
    """The form by which texts are compared: NFKC, lower case; the same as `TobkitSearch.normalise` in the browser."""
    raise NotImplementedError
