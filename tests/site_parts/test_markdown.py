"""Bodies as readers see them, with both engines, and as attackers write them, looked at by an HTML parser."""

import builtins
import time
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tobkit.model.config import SiteSection
from tobkit.site.markdown import EXTENSIONS, Renderer, UnknownExtension, plain

COMRAK = Renderer(SiteSection(), "en")
PLAIN_PYTHON = Renderer(SiteSection(markdown="python-markdown"), "en")
FULL_PYTHON = Renderer(SiteSection(markdown="python-markdown", markdown_extensions=EXTENSIONS), "en")
ENGINES = [COMRAK, PLAIN_PYTHON, FULL_PYTHON]
RIGHT = ' class="align-right"'
TASKS = '<ul class="contains-task-list"><li class="task-list-item">'
REL = ' rel="noopener noreferrer nofollow"'

SITE = {
    "../customers/华东商贸.md": "../customers/%E5%8D%8E%E4%B8%9C.html",
    "REQ-7f3kq2-export.md": "REQ-7f3kq2.html",
    "REQ-7f3kq2": "REQ-7f3kq2.html",
    "files/REQ-7f3kq2/a b.png": "../files/REQ-7f3kq2/a%20b.png",
}


def shown(text: str) -> str:
    """What comrak makes of it, without the ends of lines and what tables stand in."""
    html = COMRAK.render(text, SITE.get).replace("\n", "").strip()
    return (
        str(html).removeprefix('<div class="scroll" tabindex="0">').removesuffix("</div>" if "<table>" in html else "")
    )


# ---- what authors write -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("**注意：**请先备份", "<p><strong>注意：</strong>请先备份</p>"),
        ("“**导出**”后*马上*发送", "<p>“<strong>导出</strong>”后<em>马上</em>发送</p>"),
        ("步骤：\n- 一\n- 二", "<p>步骤：</p><ul><li>一</li><li>二</li></ul>"),
        ("- 一\n  - 二", "<ul><li>一<ul><li>二</li></ul></li></ul>"),
        ("~~不做~~", "<p><del>不做</del></p>"),
        ("3) 三\n4) 四", '<ol start="3"><li>三</li><li>四</li></ol>'),
        ("# 一\n## 二\n##### 五", "<h3>一</h3><h4>二</h4><h6>五</h6>"),
        ("一\n\n---\n\n> 二", "<p>一</p><hr><blockquote><p>二</p></blockquote>"),
        ("```sql\nselect 1 < 2\n```", '<pre tabindex="0"><code class="language-sql">select 1 &lt; 2</code></pre>'),
        (
            "https://a.example/x?b=1&c",
            f'<p><a href="https://a.example/x?b=1&amp;c"{REL}>https://a.example/x?b=1&amp;c</a></p>',
        ),
        ("li@a.example", f'<p><a href="mailto:li@a.example"{REL}>li@a.example</a></p>'),
        (
            "见 https://a.example/x，然后",
            f'<p>见 <a href="https://a.example/x"{REL}>https://a.example/x</a>，然后</p>',
        ),
        (
            "www.a.example/发票。然后",
            f'<p><a href="http://www.a.example/%E5%8F%91%E7%A5%A8"{REL}>www.a.example/发票</a>。然后</p>',
        ),
        ("[x](https://a.example/%EF%BC%8Cb)", f'<p><a href="https://a.example/%EF%BC%8Cb"{REL}>x</a></p>'),
        (
            "|a|b|\n|-|-:|\n|1|2|",
            f"<table><thead><tr><th>a</th><th{RIGHT}>b</th></tr></thead><tbody><tr><td>1</td><td{RIGHT}>2</td></tr></tbody></table>",
        ),
        (
            "- [ ] a",
            f'{TASKS}<input type="checkbox" aria-label="to do" disabled=""> a</li></ul>',
        ),
        (
            "- [x] b",
            f'{TASKS}<input type="checkbox" aria-label="done" checked="" disabled=""> b</li></ul>',
        ),
        (
            "> [!WARNING]\n> 停机",
            '<div class="markdown-alert markdown-alert-warning"><p class="markdown-alert-title">Warning</p><p>停机</p></div>',
        ),
        ("前<!-- 给编辑看的 -->后", "<p>前后</p>"),
        ("`<!-- 代码 -->`", "<p><code>&lt;!-- 代码 --&gt;</code></p>"),
        ("<!-- **a** 不完", "&lt;!-- **a** 不完"),
        ("<b onclick=x>粗</b>", "<p>&lt;b onclick=x&gt;粗&lt;/b&gt;</p>"),
        ("", ""),
    ],
)
def test_comrak_shows_what_an_author_expects(text: str, html: str) -> None:
    assert shown(text) == html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("[华东](../customers/华东商贸.md)", '<a href="../customers/%E5%8D%8E%E4%B8%9C.html">华东</a>'),
        (
            "[华东](../customers/%E5%8D%8E%E4%B8%9C%E5%95%86%E8%B4%B8.md#历史)",
            '<a href="../customers/%E5%8D%8E%E4%B8%9C.html">华东</a>',
        ),
        ('[a](REQ-7f3kq2-export.md "题")', '<a href="REQ-7f3kq2.html" title="题">a</a>'),
        ("[没有](gone.md)", "没有"),
        ('[*没*`有`](gone.md "</a>")', "<em>没</em><code>有</code>"),
        ("见REQ-7f3kq2。", '见<a href="REQ-7f3kq2.html">REQ-7f3kq2</a>。'),
        (
            "REQ-000000 与 XREQ-7f3kq2、REQ-7f3kq2x、REQ-7f3kq2-a",
            "REQ-000000 与 XREQ-7f3kq2、REQ-7f3kq2x、REQ-7f3kq2-a",
        ),
        ("`REQ-7f3kq2`", "<code>REQ-7f3kq2</code>"),
        ("[x REQ-7f3kq2](https://a.example)", f'<a href="https://a.example"{REL}>x REQ-7f3kq2</a>'),
        ("![图](<files/REQ-7f3kq2/a b.png>)", '<img src="../files/REQ-7f3kq2/a%20b.png" alt="图" loading="lazy">'),
        ('![图 "1"](gone.png)', '图 "1"'),
        ("![图](https://a.example/x.png)", f'<a href="https://a.example/x.png"{REL}>图</a>'),
        ("![](http://a.example/x.png)", f'<a href="http://a.example/x.png"{REL}>http://a.example/x.png</a>'),
        ("[![图](https://a.example/x.png)](https://b.example)", f'<a href="https://b.example"{REL}>图</a>'),
        ("![图](//a.example/x.png)", "图"),
        ("[a](//a.example) [b](/\\a.example) [c](#x)", None),
        ("[电话](tel:+8610) [x](ftp://a.example)", f'<a href="tel:+8610"{REL}>电话</a> x'),
    ],
)
def test_links_lead_where_the_site_says(text: str, html: str | None) -> None:
    if html is None:
        assert "a.example" not in shown(text)
    else:
        assert shown(text) == f"<p>{html}</p>"


def test_footnotes_of_two_texts_on_one_page_do_not_meet() -> None:
    one, other = (elements(COMRAK.render(f"{word}[^1] 再[^1]\n\n[^1]: 注")) for word in ("甲", "乙"))
    ids = [attributes["id"] for _, attributes in one if "id" in attributes]
    targets = {attributes["href"] for _, attributes in one if "href" in attributes}
    assert len(ids) == 3
    assert targets == {f"#{name}" for name in ids}
    assert not set(ids) & {attributes.get("id") for _, attributes in other}


def test_words_are_in_the_page_s_language(monkeypatch: pytest.MonkeyPatch) -> None:
    renderer = Renderer(SiteSection(language="zh"))
    assert renderer.key != COMRAK.key
    assert "aria-label=" in renderer.render("- [ ] a")


def test_what_link_raises_is_raised() -> None:
    def link(target: str) -> str:
        raise LookupError(target)

    with pytest.raises(LookupError, match=r"gone\.md"):
        COMRAK.render("[a](gone.md)", link)
    assert COMRAK.render("[a](gone.md)") == "<p>a</p>\n"


# ---- engines ----------------------------------------------------------------------------------------------------------


def test_python_markdown_renders_with_the_extensions_that_are_named() -> None:
    text = "|a|\n|-:|\n|1|\n\n注[^1]\n\n[^1]: x"
    assert "<table>" not in PLAIN_PYTHON.render(text)
    html = Renderer(SiteSection(markdown="python-markdown", markdown_extensions=("tables", "extra"))).render(text)
    assert '<td class="align-right">1</td>' in html
    assert "footnote" in html


@pytest.mark.parametrize("name", ["pymdownx", "os", "markdown_include", "", "tables2"])
def test_only_python_markdown_s_own_extensions_are_loaded(name: str) -> None:
    site = SiteSection.model_construct(markdown="python-markdown", markdown_extensions=(name,))
    with pytest.raises(UnknownExtension, match="fenced_code"):
        Renderer(site)


def test_every_own_extension_can_be_named() -> None:
    for name in EXTENSIONS:
        site = SiteSection(markdown="python-markdown", markdown_extensions=(name,))
        assert Renderer(site).render("一") == "<p>一</p>"


def test_without_comrak_python_markdown_stands_in_and_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without_comrak(name: str, *others: Any) -> Any:
        if name == "comrak":
            raise ImportError(name)
        return real(name, *others)

    monkeypatch.setattr(builtins, "__import__", without_comrak)
    renderer = Renderer(SiteSection())
    assert renderer.notice is not None
    assert "comrak" in str(renderer.notice)
    assert "<table>" in renderer.render("|a|\n|-|\n|1|")
    assert COMRAK.notice is None


# ---- what attackers write ---------------------------------------------------------------------------------------------

TAGS = {
    *("p", "br", "hr", "h3", "h4", "h5", "h6", "blockquote", "pre", "code", "ul", "ol", "li", "dl", "dt", "dd", "div"),
    *("em", "strong", "del", "sup", "sub", "a", "img", "input", "abbr", "section", "span"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
ATTRIBUTES = {
    *("href", "title", "id", "rel", "class", "src", "alt", "loading", "start", "tabindex", "aria-label"),
    *("type", "disabled", "checked"),
}

OUTGOING = ("http://", "https:", "mailto:", "tel:")

SCRIPT = "javascript:alert(1)"
TARGETS = [
    *(SCRIPT, "JaVaScRiPt:alert(1)", "java\tscript:alert(1)", "java&#10;script:alert(1)", "&#106;avascript:alert(1)"),
    *("javascript&colon;alert(1)", "\x01javascript:alert(1)", " javascript:alert(1)", "vbscript:x", "livescript:x"),
    *("data:text/html,<script>alert(1)</script>", "data:image/svg+xml;base64,PHN2Zz4=", "file:///etc/passwd", "blob:x"),
    *("//evil.example/x", "\\\\evil.example\\x", "/\\evil.example", "https:evil.example", "javascript:/*--></title>"),
    *('x"onmouseover="alert(1)', "x'onerror='alert(1)", "x onload=alert(1)", "&quot;onload=&quot;x", "%22onload=%22"),
]
MARKUP = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)><script>alert(1)</script></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<style>@import url(//evil.example)</style><link rel=stylesheet href=//evil.example>",
    "<div style='background:url(javascript:alert(1))'>x</div>",
    "<form action=javascript:alert(1)><button>x</button></form><input autofocus onfocus=alert(1)>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'><base href=//evil.example>",
    "<object data=javascript:alert(1)></object><embed src=x><template><script>x</script></template>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<!--><script>alert(1)</script>--> <![CDATA[<script>alert(1)</script>]]> <?php x ?>",
    "<https://a.example/<script>alert(1)</script>> <javascript:alert(1)> [[x](javascript:a)](javascript:b)",
    'https://a.example/"onmouseover=alert(1) www.a.example/<img/src=x/onerror=alert(1)>',
    "# x {: onclick=alert(1) style=color:red id=search } \n\n{: #main .fixed }",
    "[a]: javascript:alert(1)\n[b]: <data:text/html,x> 'onload=x'\n\n[a] [b] ![a] [x][b]",
    "- [x] <input type=text onfocus=alert(1)>\n- [x]<script>",
    "|<script>|\n|-|\n|<img src=x onerror=alert(1)>|",
    "x[^<script>]\n\n[^<script>]: <script>alert(1)</script>",
    "> [!NOTE] <img src=x onerror=alert(1)>\n> x",
    '```<script>\n</code></pre><script>alert(1)</script>\n```\n``` x" onclick="alert(1)\ny\n```',
    "\x02wzxhzdk:0\x03 \x02klzzwxh:0000\x03 <p>\x02</p>",
    '*[HTML]: <script>\n\nHTML [[../x]] !!! danger "<script>"\n    x',
]
WAYS = ["{}", "[x]({})", "![x]({})", "[x](<{}>)", "<{}>", "[x]: {}\n\n[x] ![x]", "![a](b '{}')", "# {}\n\n- {}\n\n> {}"]


class Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attributes: Sequence[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attributes}))

    def handle_comment(self, data: str) -> None:
        self.found.append(("!--", {}))

    def handle_decl(self, decl: str) -> None:
        self.found.append(("!", {}))

    def handle_pi(self, data: str) -> None:
        self.found.append(("?", {}))


def elements(html: str) -> list[tuple[str, dict[str, str]]]:
    parser = Elements()
    parser.feed(html)
    parser.close()
    return parser.found


def faults(html: str) -> Iterator[str]:
    """What in a text's HTML could do anything, or reach out of it."""
    for tag, attributes in elements(html):
        if tag not in TAGS:
            yield f"<{tag}>"
        for name, value in attributes.items():
            link = "".join(character for character in value if character > " ").lower()
            inside = link.startswith(("#b", "safe/"))
            if name == "href":
                fine = inside or (attributes.get("rel") == REL[6:-1] and link.startswith(OUTGOING))
            elif name in {"src", "id", "type"}:
                fine = link.startswith({"src": "safe/x", "id": "b", "type": "checkbox"}[name])
            else:
                fine = name in ATTRIBUTES
            if not fine:
                yield f"{name}={value}"


def safely(target: str) -> str | None:
    """A careless site: links whatever isn't plainly a scheme."""
    return None if ":" in target else "safe/x"


@pytest.mark.parametrize("engine", ENGINES, ids=["comrak", "python", "python with all"])
def test_nothing_in_a_body_runs(engine: Renderer) -> None:
    for payload in [*TARGETS, *MARKUP]:
        for way in WAYS:
            text = way.replace("{}", payload)
            html = engine.render(text, safely)
            assert list(faults(html)) == [], text


@settings(deadline=None, max_examples=150)
@given(
    st.lists(
        st.sampled_from(
            [*TARGETS, *MARKUP, *"[]()<>!*_`~|#:-+ \n\t\"'&;\\=^{}1a中，", "\n\n", "```", "[^1]", "[x]", "](", "<a "]
        ),
        max_size=25,
    ).map("".join)
)
def test_nothing_in_any_mixture_runs(text: str) -> None:
    for engine in ENGINES:
        assert list(faults(engine.render(text, safely))) == []


@settings(deadline=None, max_examples=150)
@given(st.text())
def test_any_text_is_rendered(text: str) -> None:
    for engine in ENGINES:
        engine.render(text).encode()
    plain(text).encode("utf-8", "surrogatepass")


DEEP = 100_000
HARD = {
    "quotes": ">" * DEEP,
    "quotes and lists": "> - " * (DEEP // 4) + "x",
    "brackets": "[" * DEEP,
    "images": "![" * DEEP + "](" * DEEP,
    "links": "[a](" * DEEP,
    "stars": "*a _b " * DEEP,
    "numbers": "1. " * DEEP,
    "indented": "".join(f"{'  ' * depth}- x\n" for depth in range(600)),
    "wide table": "|".join("a" * 3000) + "\n" + "|".join("-" * 3000) + "\n" + "a\n" * 5000,
    "footnotes": "[^a]" * 20_000 + "\n\n" + "[^a]: x\n" * 20_000,
    "comments": "<!-- " * 200_000,
    "rule": "-" * DEEP + "x",
    "carriage returns": "\r" * DEEP,
    "references": f"[a]: {'x' * DEEP}\n\n" + "[a] " * 20_000,
    "a megabyte": "需求描述，" * 200_000,
    "ids": "REQ-7f3kq2 " * 20_000,
    "NUL and half characters": "\0\ud800" * 1000,
}


@pytest.mark.parametrize("text", HARD.values(), ids=HARD)
def test_hard_texts_take_no_more_than_seconds(text: str) -> None:
    began = time.process_time()
    for engine in ENGINES:
        html = engine.render(text)
        assert len(html) < 40 * len(text) + 10_000
    plain(text)
    assert time.process_time() - began < 10


def test_what_is_too_deep_is_shown_as_it_was_written() -> None:
    for engine in ENGINES:
        assert engine.render(">" * 2000 + "<b>") == f'<pre tabindex="0">{"&gt;" * 2000}&lt;b&gt;</pre>'


# ---- plain ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("**批量**导出`发票`，见[帮助](https://a.example/x(1)) ![图](a.png)", "批量导出发票，见帮助 图"),
        ("# 标题\n\n> - [x] 一\n> 1. 二", "标题 一 二"),
        ("第一行，\n第二行\nthird\nline", "第一行，第二行 third line"),
        ("|a|b|\n|-|-|\n|1|2|", "a b 1 2"),
        ("```sql\nselect 1\n```\n---\n完", "select 1 完"),
        ("第一段\n\n第二段\n- 三\n- 四", "第一段 第二段 三 四"),
        ("snake_case __x__ _y_ 2*3", "snake_case x y 23"),
        ("a &lt; b &amp; c <!-- 无 --> d", "a < b & c d"),
        ("[a][b] \\* \\\n", "a"),
        ("", ""),
    ],
)
def test_plain_words(text: str, words: str) -> None:
    assert plain(text) == words


def test_plain_is_cut_at_a_word_s_end() -> None:
    assert plain("一二三四五六七八", 5) == "一二三四…"
    assert plain("one two three four", 12) == "one two…"
    assert plain("一二三", 3) == "一二三"
    assert plain("x" * 50, 10) == "x" * 9 + "…"


@given(st.text(), st.integers(1, 40))
def test_plain_keeps_to_its_limit(text: str, limit: int) -> None:
    assert len(plain(text, limit)) <= limit
    assert "\n" not in plain(text)
