"""Bodies: Markdown to HTML that is safe to stand in a page.

    renderer = Renderer(config.site, "zh")
    if renderer.notice: say it
    html = renderer.render(entry.body, link)

Two nets, neither trusted alone: the engine (comrak, or Python-Markdown) passes no raw HTML through, and nh3, which comes
last, lets through only the tags, attributes, classes and link schemes listed here. The page's Content-Security-Policy is
the third.
"""

import re
from collections.abc import Callable
from html import escape, unescape
from typing import TYPE_CHECKING, Protocol
from urllib.parse import quote, unquote
from zlib import crc32

from markupsafe import Markup

from tobkit.messages import Message, msg, translator
from tobkit.model.config import Language, SiteSection

if TYPE_CHECKING:
    import nh3

Link = Callable[[str], str | None]
"""Where a target in a body leads: given a relative target as its author wrote it (percent-decoded, without `?…#…`;
`../customers/acme.md`, `files/REQ-7f3kq2/a.png`) or a bare id (`REQ-7f3kq2`), the URL to put there, or None where
there is nothing to link to (the link's text stays as plain text, an image becomes its alternative text)."""

EXTENSIONS = (
    *("abbr", "admonition", "attr_list", "codehilite", "def_list", "extra", "fenced_code", "footnotes", "legacy_attrs"),
    *("legacy_em", "md_in_html", "meta", "nl2br", "sane_lists", "smarty", "tables", "toc", "wikilinks"),
)
"""Python-Markdown's own extensions, by short name: what `[site] markdown_extensions` may name."""


class UnknownExtension(ValueError):
    """`[site] markdown_extensions` names something that isn't one of Python-Markdown's own extensions."""

    def __init__(self, name: str) -> None:
        self.message = msg(
            "[site] markdown_extensions: {name} is not one of Python-Markdown's own extensions; it has {known}.",
            name=name,
            known=EXTENSIONS,
        )
        super().__init__(str(self.message))


def nowhere(target: str) -> str | None:  # noqa: ARG001 (a `Link`)
    """The `Link` of a body that stands alone: nothing relative is linked."""
    return None


class Renderer:
    """Renders bodies one after another. Not to be shared between threads (make one for each).

    Raises `UnknownExtension` for an extension that isn't Python-Markdown's own.
    """

    notice: Message | None
    """What to tell the user once: set where comrak was asked for and can't be imported on this machine."""

    def __init__(self, site: SiteSection, language: Language | None = None) -> None:
        """`language` is the page's (task lists and alerts have words of ours); the site's unless given."""
        self._engine, self.notice = _engine(site)
        self._words = _words(language or site.language)
        self._cleaner = _cleaner(self._attribute)
        self._link: Link = nowhere
        self._scope = ""
        self._failure: Exception | None = None
        self._language = language or site.language

    @property
    def key(self) -> str:
        """What the HTML depends on besides text and link: this code, engine, extensions, language. For caches."""
        from importlib.metadata import version

        packages = " ".join(f"{name}={version(name)}" for name in (self._engine.package, "nh3"))
        return f"1 {packages} {','.join(self._engine.extensions)} {self._language}"

    def render(self, text: str, link: Link = nowhere) -> Markup:
        """The body as HTML: headings begin at h3, ids and footnotes are unique to the text.

        Never raises but for what `link` raises; what is too large or nested too deeply is shown preformatted.
        """
        encoded = text.encode("utf-8", "replace")
        if not text.isascii():
            text = encoded.decode()  # without lone surrogates
        self._link, self._failure = link, None
        html = self._html(text)
        self._scope = f"b{crc32(encoded):08x}-" if "id=" in html or "#" in html else ""
        html = self._cleaner.clean(html)
        if self._failure is not None:
            raise self._failure
        if "<a" in html:
            html = _INSIDE.sub(r"<a\1>", _UNLINKED.sub(r"\1", html))
        return Markup(html)  # noqa: S704 (cleaned just before)

    def _html(self, text: str) -> str:
        """The engine's HTML, adapted to our pages; still to be cleaned."""
        if self._engine.too_much(text):
            return _preformatted(text)
        try:
            html = self._engine.html(text)
        except BaseException as error:
            # A bug of the engine that some body meets must not end the build. A panic in Rust is no `Exception`.
            if isinstance(error, Exception) or type(error).__name__ == "PanicException":
                return _preformatted(text)
            raise
        return self._adapted(html)

    def _adapted(self, html: str) -> str:
        if "<h" in html:
            html = _HEADING.sub(_lowered, html)
        if "<table>" in html:
            html = _ALIGN.sub(r' class="align-\1"', html)
            html = html.replace("<table>", '<div class="scroll" tabindex="0"><table>')
            html = html.replace("</table>", "</table></div>")
        if "<pre>" in html:
            html = html.replace("<pre>", '<pre tabindex="0">')
        if "<input" in html or "-title" in html or "-backref" in html:
            for theirs, ours in self._words:
                html = html.replace(theirs, ours)
        if "<a" in html and _WIDE_MARK.search(html):
            html = _BARE_URL.sub(_without_text_after_it, html)
        if "<img" in html or "&lt;!--" in html or _ID_END.search(html):
            html = self._with_inline_things(html)
        return html

    def _with_inline_things(self, html: str) -> str:
        """Link bare ids, turn images that can't be shown into links or words, leave out comments."""
        inside = dict.fromkeys(_LITERAL, 0)
        pieces: list[str] = []
        comment: int | None = None
        end = 0
        for found in _INLINE.finditer(html):
            pieces.append(html[end : found.start()])
            end = found.end()
            piece, tag = found[0], found["tag"]
            if tag:
                comment = None
                if tag in inside:
                    inside[tag] += -1 if found["end"] else 1
                pieces.append(self._image(piece, linked=inside["a"] > 0) if tag == "img" else piece)
            elif piece == "--&gt;" and comment is not None:
                del pieces[comment:]
                comment = None
            else:
                free = not any(inside.values())
                if piece == "&lt;!--" and free and comment is None:
                    comment = len(pieces)
                pieces.append(f'<a href="{piece}">{piece}</a>' if found["id"] and free else piece)
        pieces.append(html[end:])
        return "".join(pieces)

    def _image(self, tag: str, linked: bool) -> str:
        """The image if it is an attachment; else a link to it, or what it shows in words."""
        attributes = {name: unescape(value) for name, value in _ATTRIBUTE.findall(tag)}
        source, words = attributes.get("src", ""), attributes.get("alt", "")
        if self._resolved(source):
            return tag
        if not linked and source.lower().startswith(("http://", "https://")):
            return f'<a href="{escape(source)}">{escape(words or source)}</a>'
        return escape(words)

    def _resolved(self, url: str) -> str | None:
        """Where a relative URL leads; None where it isn't relative, or leads nowhere."""
        if _SCHEME.match(url) or url.startswith(("//", "/\\", "\\")):
            return None
        path = unquote(_PATH_END.split(url, maxsplit=1)[0])
        try:
            return self._link(path) if path else None
        except Exception as error:  # nh3 would swallow it
            self._failure = error
            return None

    def _attribute(self, tag: str, name: str, value: str) -> str | None:
        """nh3 asks here about each attribute that it is going to keep."""
        if name == "href":
            if value.startswith("#"):
                return f"#{self._scope}{value[1:]}" if value != "#" else None
            return value if _SCHEME.match(value) else self._resolved(value)
        if name == "src":
            return self._resolved(value)
        if name == "id":
            return self._scope + value
        if tag == "code" and name == "class":
            return value if _LANGUAGE_CLASS.fullmatch(value) else None
        return value


def plain(text: str, limit: int | None = None) -> str:
    """The words of a Markdown text without its markup, on one line: for excerpts, descriptions and the search index.

    With `limit` it is cut there (in characters, at a word's end where there is one near) and ends in `…`. Not a
    parser: what looks like markup is taken for markup, also in code.
    """
    if limit is not None:
        text = text[: 4 * limit + 200]
    if "<!--" in text:
        text = _without_comments(text)
    text = _BLOCK_MARKUP.sub("\n", text)
    if "](" in text or "][" in text:
        text = _LINK_MARKUP.sub(r"\1", text)
    if "_" in text or "\\" in text:
        text = _INLINE_MARKUP.sub("", text)
    for mark in ("*", "`", "~~", "|"):
        text = text.replace(mark, " " if mark == "|" else "")
    if "&" in text:
        text = unescape(text)
    text = _on_one_line(text)
    return text if limit is None or len(text) <= limit else _cut(text, limit)


def _without_comments(text: str) -> str:
    before, *others = text.split("<!--")
    pieces = [before]
    for other in others:
        _, closed, after = other.partition("-->")
        pieces.append(after if closed else f"<!--{other}")
    return " ".join(pieces)


def _on_one_line(text: str) -> str:
    """Lines are joined by a space, but within a Chinese paragraph, where a line's end means nothing."""
    joined = ""
    pieces = []
    for line in text.split("\n"):
        words = " ".join(line.split())
        if words:
            pieces.append(words if joined[-1:] >= _FIRST_HAN and words[0] >= _FIRST_HAN else " " + words)
        joined = words
    return "".join(pieces).strip()


def _cut(text: str, limit: int) -> str:
    shortened = text[: max(limit - 1, 0)]
    space = shortened.rfind(" ", max(0, len(shortened) - 15))
    if text[len(shortened)].isascii() and text[len(shortened)].isalnum() and space > 0:
        shortened = shortened[:space]
    return shortened.rstrip(" ,.;:，。；：、") + "…"


# ---- what stays and what doesn't --------------------------------------------------------------------------------------

_REL = "noopener noreferrer nofollow"
_TAGS = {
    *("p", "br", "hr", "h3", "h4", "h5", "h6", "blockquote", "pre", "code", "ul", "ol", "li", "dl", "dt", "dd", "div"),
    *("em", "strong", "del", "sup", "sub", "a", "img", "input", "abbr", "section", "span"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
_ATTRIBUTES = {
    "a": {"href", "title", "id", "aria-label"},
    "abbr": {"title"},
    "code": {"class"},
    "img": {"src", "alt", "title"},
    "input": {"aria-label"},
    "ol": {"start"},
    **{tag: {"id"} for tag in ("li", "sup", "h3", "h4", "h5", "h6")},
}
_VALUES = {
    "input": {"checked": {""}, "disabled": {""}, "type": {"checkbox"}},
    "div": {"tabindex": {"0"}},
    "pre": {"tabindex": {"0"}},
}
_ALERTS = {f"markdown-alert-{kind}" for kind in ("note", "tip", "important", "warning", "caution")}
_CLASSES = {
    "ul": {"contains-task-list"},
    "li": {"task-list-item"},
    "div": {"scroll", "markdown-alert", *_ALERTS, "admonition", "footnote"},
    "p": {"markdown-alert-title", "admonition-title"},
    "section": {"footnotes"},
    "sup": {"footnote-ref"},
    "a": {"footnote-ref", "footnote-backref"},
    "th": {"align-left", "align-center", "align-right"},
    "td": {"align-left", "align-center", "align-right"},
}


def _cleaner(attribute: Callable[[str, str, str], str | None]) -> "nh3.Cleaner":
    import nh3

    return nh3.Cleaner(
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        tag_attribute_values=_VALUES,
        set_tag_attribute_values={"input": {"type": "checkbox", "disabled": ""}, "img": {"loading": "lazy"}},
        allowed_classes=_CLASSES,
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel=_REL,
        attribute_filter=attribute,
    )


def _words(language: Language) -> tuple[tuple[str, str], ...]:
    """comrak's English words, and ours."""
    _ = translator(language)
    titles = {
        "Note": _("Note"),
        "Tip": _("Tip"),
        "Important": _("Important"),
        "Warning": _("Warning"),
        "Caution": _("Caution"),
    }
    to_do, done, back = _("to do"), _("done"), _("Back to reference")
    box = '<input type="checkbox" class="task-list-item-checkbox" '
    title = '<p class="markdown-alert-title">'
    return (
        (f'{box}disabled="" />', f'<input type="checkbox" aria-label="{escape(to_do)}" disabled>'),
        (f'{box}checked="" disabled="" />', f'<input type="checkbox" aria-label="{escape(done)}" checked disabled>'),
        *((f"{title}{theirs}</p>", f"{title}{escape(ours)}</p>") for theirs, ours in titles.items()),
        ('aria-label="Back to reference ', f'aria-label="{escape(back)} '),
    )


# ---- engines ----------------------------------------------------------------------------------------------------------


class _Engine(Protocol):
    package: str
    extensions: tuple[str, ...]

    def too_much(self, text: str) -> bool:
        """Whether rendering the text would take minutes, or all memory."""
        ...

    def html(self, text: str) -> str: ...


def _engine(site: SiteSection) -> tuple[_Engine, Message | None]:
    """The engine that the configuration asks for, or what stands in for it and what to say about that."""
    for name in site.markdown_extensions:
        if name not in EXTENSIONS:
            raise UnknownExtension(name)
    if site.markdown == "python-markdown":
        return _PythonMarkdown(site.markdown_extensions), None
    try:
        return _Comrak(), None
    except ImportError:
        notice = msg(
            "comrak can't be used on this machine, so the texts are rendered by Python-Markdown: slower, and lists "
            "that follow a sentence without an empty line, task lists and bare links may look different."
        )
        return _PythonMarkdown(("tables", "fenced_code", "footnotes", "sane_lists", *site.markdown_extensions)), notice


class _Comrak:
    """comrak takes linear time, but for quotes in quotes and tables whose short rows it fills up."""

    MOST_CELLS = 100_000
    package: str = "comrak"
    extensions: tuple[str, ...] = (
        "table",
        "tasklist",
        "strikethrough",
        "autolink",
        "footnotes",
        "alerts",
        "cjk_friendly_emphasis",
    )

    def __init__(self) -> None:
        import comrak

        self._render = comrak.render_markdown
        self._extending = comrak.ExtensionOptions()
        for name in self.extensions:
            setattr(self._extending, name, True)
        self._parsing = comrak.ParseOptions()
        self._rendering = comrak.RenderOptions()
        self._rendering.escape = True
        self._rendering.tasklist_classes = True

    def too_much(self, text: str) -> bool:
        return len(text) > 1000 and (_DEEP.search(text) is not None or _cells(text) > self.MOST_CELLS)

    def html(self, text: str) -> str:
        return self._render(text, self._extending, self._parsing, self._rendering)


class _PythonMarkdown:
    """Python-Markdown, without raw HTML; it recurses, and parts of it take time by the square of a text's length."""

    LONGEST = 20_000
    MOST_CELLS = 10_000
    MOST_BRACKETS = 1000
    package: str = "markdown"
    EXTRA = ("fenced_code", "footnotes", "attr_list", "def_list", "tables", "abbr", "md_in_html")

    def __init__(self, extensions: tuple[str, ...]) -> None:
        from importlib import import_module

        import markdown

        parts = [part for name in extensions for part in (self.EXTRA if name == "extra" else (name,))]
        self.extensions = tuple(dict.fromkeys(parts))
        options = {"tables": {"use_align_attribute": True}, "codehilite": {"guess_lang": False}}
        # By module, not by name: names are looked up among all that is installed.
        modules = [(name, import_module(f"markdown.extensions.{name}")) for name in self.extensions]
        made = [module.makeExtension(**options.get(name, {})) for name, module in modules]
        self._markdown = markdown.Markdown(extensions=made, output_format="html")
        self._markdown.preprocessors.deregister("html_block")
        self._markdown.inlinePatterns.deregister("html")

    def too_much(self, text: str) -> bool:
        return (
            len(text) > self.LONGEST
            or text.count("[") > self.MOST_BRACKETS
            or _DEEP.search(text) is not None
            or _cells(text) > self.MOST_CELLS
        )

    def html(self, text: str) -> str:
        return self._markdown.reset().convert(text)


def _cells(text: str) -> int:
    """How many cells the text's tables can have at most: short rows are filled up."""
    columns = max((row.count("|") for row in _TABLE_RULE.findall(text)), default=0)
    return (columns + 1) * text.count("\n") if columns else 0


def _preformatted(text: str) -> str:
    return f'<pre tabindex="0">{escape(text, quote=False)}</pre>'


# ---- changes to the engine's HTML, whose texts and attributes are escaped, so that a `<` begins a tag -------------------

_HEADING = re.compile(r"<(/?)h([1-6])\b")
_ALIGN = re.compile(r' align="(left|center|right)"')
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_PATH_END = re.compile(r"[?#]")
_LANGUAGE_CLASS = re.compile(r"language-[\w+#.-]{1,40}")
_LITERAL = ("a", "code", "pre")
_ID = re.compile(r"(?<![\w-])[A-Z]{2,8}-[0-9a-hjkmnp-tv-z]{6}(?![\w-])", re.ASCII)
_ID_END = re.compile(r"-[0-9a-hjkmnp-tv-z]{6}")
_INLINE = re.compile(rf"<(?P<end>/?)(?P<tag>\w+)[^>]*>|(?P<id>{_ID.pattern})|&lt;!--|--&gt;", re.ASCII)
_ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
_BARE_URL = re.compile(r'<a href="([^"]*)">((?:https?://|www\.)[^<]*)</a>')
_WIDE_MARK = re.compile(r"%E2%80%|%E3%80%|%EF%BC%")
_AFTER_URL = re.compile(r"[，。；：！？、（）【】《》「」“”‘’…]")

# In what nh3 wrote, a `"` within an attribute is escaped: `<a href="` is always a tag.
_UNLINKED = re.compile(
    r'<a(?: (?!href=)[\w-]+="[^"]*")*>((?:[^<]|<(?!/a>)[^"<>]*(?:"[^"]*"[^"<>]*)*>)*+)</a>',
)
_INSIDE = re.compile(rf'<a( href="(?!https?:|mailto:|tel:)[^"]*"(?: [\w-]+="[^"]*")*?) rel="{_REL}">')


def _lowered(heading: re.Match[str]) -> str:
    return f"<{heading[1]}h{min(int(heading[2]) + 2, 6)}"


def _without_text_after_it(link: re.Match[str]) -> str:
    """A bare URL ends before a Chinese mark: `见 https://example.com/a，然后…`."""
    href, text = unescape(link[1]), unescape(link[2])
    mark = _AFTER_URL.search(text)
    encoded = quote(text, safe="!#$%&'()*+,/:;=?@[]~")
    if mark is None or href not in {encoded, f"http://{encoded}"}:
        return link[0]
    before = len(href) - len(encoded) + len(quote(text[: mark.start()], safe="!#$%&'()*+,/:;=?@[]~"))
    return f'<a href="{escape(href[:before])}">{escape(text[: mark.start()])}</a>{escape(text[mark.start() :])}'


# ---- limits, and plain text -------------------------------------------------------------------------------------------

_DEEP = re.compile(r"^(?:[ \t]*(?:>|[-+*][ \t]|\d{1,9}[.)][ \t])){50}", re.MULTILINE)
_TABLE_RULE = re.compile(r"^[ \t>|:-]++$", re.MULTILINE)

_BLOCK_MARKUP = re.compile(
    r"^[ \t]*(?:>[ \t]?|#{1,6}[ \t]+|(?:[-+*]|\d{1,9}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?|```[^\n]*|~~~[^\n]*"
    r"|\[![A-Z]+\]|[-=*_|: \t]++$)+",
    re.MULTILINE,
)
_LINK_MARKUP = re.compile(r"!?\[([^\[\]]*)\](?:\(<?[^()\s]*(?:\([^()\s]*\)[^()\s]*)*(?:\s+\"[^\"]*\")?\)|\[[^\[\]]*\])")
_INLINE_MARKUP = re.compile(r"\b_{1,3}|_{1,3}\b|\\(?=[!-/:-@\[-`{-~\n])")
_FIRST_HAN = "\u3000"
