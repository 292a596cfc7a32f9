"""Bodies: Markdown to HTML that is safe to stand in a page.

    renderer = Renderer(config.site, "zh")
    if renderer.notice: say it
    html = renderer.render(entry.body, link)

Two nets, neither trusted alone: the engine (comrak, or Python-Markdown) passes no raw HTML through, and nh3 lets through
only the tags, attributes, classes and link schemes listed here. The page's Content-Security-Policy is the third.
"""

from collections.abc import Callable

from markupsafe import Markup

from tobkit.messages import Message
from tobkit.model.config import Language, SiteSection

Link = Callable[[str], str | None]
"""Where a target in a body leads: given a relative target as its author wrote it (percent-decoded, without `#…`;
`../customers/acme.md`, `files/REQ-7f3kq2/a.png`) or a bare id (`REQ-7f3kq2`), the URL to put there, or None where
there is nothing to link to (the link's text stays as plain text, an image becomes its alternative text)."""


class UnknownExtension(ValueError):
    """`[site] markdown_extensions` names something that isn't one of Python-Markdown's own extensions."""

    def __init__(self, name: str) -> None: ...


class Renderer:
    """Renders bodies one after another. Not to be shared between threads (make one for each).

    Raises `UnknownExtension` for an extension that isn't Python-Markdown's own.
    """

    notice: Message | None
    """What to tell the user once: set where comrak was asked for and can't be imported on this machine."""
    key: str
    """What the HTML depends on besides text and link: engine, versions, extensions, language. For caches."""

    def __init__(self, site: SiteSection, language: Language | None = None) -> None:
        """`language` is the page's (task lists and alerts have words of ours); the site's unless given."""
        self.notice = None
        self.key = ""

    def render(self, text: str, link: Link = lambda target: None) -> Markup:
        """The body as HTML: headings begin at h3, ids and footnotes are unique to the text.

        Never raises but for what `link` raises; what is too large or nested too deeply is shown preformatted.
        """
        raise NotImplementedError


def plain(text: str, limit: int | None = None) -> str:
    """The words of a Markdown text without its markup, on one line: for excerpts, descriptions and the search index.

    With `limit` it is cut there (in characters, at a word's end where there is one near) and ends in `…`.
    """
    raise NotImplementedError
