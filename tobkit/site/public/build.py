"""The public site: projected, rendered, searched, published; where the search finds something, nothing is published."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from markupsafe import Markup

from tobkit.messages import Translator, msg, translator
from tobkit.model.config import Config, Language
from tobkit.model.kinds import TYPE
from tobkit.model.pool import Pool
from tobkit.site.bodies import find_attachments
from tobkit.site.build import BuildReport, SiteSource, find_logo, is_safe
from tobkit.site.contexts.facts import Link, Named, Status
from tobkit.site.public.net import Find, Net
from tobkit.site.public.projection import STAGES, Card, Merged, OwnField, Roadmap, Shown
from tobkit.site.public.secrets import ordinary, revenues, secrets
from tobkit.site.publish import Publisher
from tobkit.site.theme import LANGUAGE_TAGS, Shell, Theme, script_safe

ASSETS = ("favicon.svg", "style.css", "theme.js", "app.js", "texts.js", "roadmap.css", "roadmap.js")
"""What the public pages load of tobkit's own assets."""

FIRST = 30
"""How many requirements of a stage the front page shows."""
A_PAGE = 500
"""How many the further lists show."""


class Leaked(Exception):
    """The finished site would have shown what isn't public; `finds` says where. Nothing was published."""

    def __init__(self, finds: list[Find]) -> None:
        super().__init__(f"{len(finds)} finds")
        self.finds = finds


class Column(NamedTuple):
    """A stage of the roadmap; `href` leads to all of it where `cards` are only the first."""

    name: str
    title: str
    stage: str
    n: int
    cards: tuple[Card, ...]
    href: str = ""


def build_public_site(
    pool: Pool,
    *,
    workspace: SiteSource,
    output: Path,
    language: Language | None = None,
    everything: Pool | None = None,
) -> BuildReport:
    """Build the public roadmap of a pool and put it in place.

    `pool` holds what is sound; `everything` also what isn't, whose names mustn't get out either. Raises `Leaked` where
    the second net finds something, `PublishError` where the output can't be written, TobkitError where a template is
    faulty.
    """
    site = PublicSite(pool, workspace, language or pool.config.site.language)
    net = site.net(everything or pool)
    sources = [workspace.pool_folder, workspace.root / "templates"]
    written = pages = 0
    with Publisher(output, workspace=workspace.root, sources=sources) as publisher:
        for path, content in site.files():
            written += 1
            pages += path.endswith(".html")
            publisher.add(path, content)
            if not site.is_shipped(path, content):
                net.add(path, content)
        if finds := net.finds():
            raise Leaked(finds)
        publisher.publish()
    return BuildReport(output, written, pages, (site.roadmap.bodies.notice,) if site.roadmap.bodies.notice else ())


class PublicSite:
    """The files of a public site."""

    def __init__(self, pool: Pool, workspace: SiteSource, language: Language) -> None:
        self.pool = pool
        self.words = translator(language)
        self.attachments = find_attachments(workspace.pool_folder, pool)
        self.roadmap = Roadmap(pool, self.attachments, self.words)
        self.logo = find_logo(pool.config, workspace.root)
        around = shell(pool.config, self.words, self.logo[0] if self.logo else "")
        self.theme = Theme(self.words, pool.config, around, workspace.root / "templates")
        plain = shell(Config(), self.words, "")
        self.shipped = Theme(self.words, pool.config, plain)

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Every file by its path from the site's root."""
        for path, text in pages(self.theme, self.roadmap):
            yield path, text.encode()
        yield "data/roadmap.js", f"tobkitRoadmap({script_safe(rows(self.roadmap.cards))});\n".encode()
        for name, content in self.theme.assets.items():
            if name in ASSETS or name not in self.shipped.assets:
                yield f"assets/{name}", content
        if self.logo:
            yield self.logo[0], self.logo[1].read_bytes()
        for owner, name in sorted(self.roadmap.bodies.linked):
            yield f"files/{owner}/{name}", self.attachments[owner][name].read_bytes()

    def is_shipped(self, path: str, content: bytes) -> bool:
        """Whether a file is one of tobkit's own assets, unchanged."""
        return path.startswith("assets/") and self.shipped.assets.get(path.removeprefix("assets/")) == content

    def net(self, everything: Pool) -> Net:
        """The second net, over all that the pool holds and isn't public."""
        shown = (*self.roadmap.requirements, *self.roadmap.merged)
        return Net(
            secrets(everything, shown, self.attachments),
            revenues(everything),
            ordinary=ordinary(self.pool, shown),
            public=public_texts(self.roadmap),
            own=own_texts(self.shipped, self.words),
        )


def pages(theme: Theme, roadmap: Roadmap) -> Iterator[tuple[str, str]]:
    """Every page, in a fixed order."""

    def render(path: str, template: str, active: str = "", **context: Any) -> tuple[str, str]:
        around = {"root": "../" * path.count("/"), "active": active, "site": theme.shell}
        return path, theme.render(template, {**context, **around})

    columns = tuple(stages(roadmap.cards, roadmap.words))
    yield render("index.html", "public/index.html", "roadmap", columns=columns)
    for column in columns:
        if column.href:
            cards = [card for card in roadmap.cards if card.stage == column.name]
            files = [list_file(column.name, n) for n in range(1, 1 + -(-len(cards) // A_PAGE))]
            for number, file in enumerate(files):
                part = cards[number * A_PAGE : (number + 1) * A_PAGE]
                yield render(file, "public/list.html", "", column=column, cards=part, files=files, number=number + 1)
    for card in roadmap.cards:
        yield render(roadmap.paths.page("requirement", card.id), "public/requirement.html", req=roadmap.page(card))
    for merged in roadmap.merged_pages():
        yield render(roadmap.paths.page("requirement", merged.card.id), "public/merged.html", req=merged)


def stages(cards: Iterable[Card], words: Translator) -> Iterator[Column]:
    """The parts of the front page; the first three stand there even when empty."""
    by_stage: dict[str, list[Card]] = {}
    for card in cards:
        by_stage.setdefault(card.stage, []).append(card)
    for number, (name, title, statuses) in enumerate(STAGES):
        found = by_stage.get(name, [])
        if found or number < 3:
            href = list_file(name, 1) if len(found) > FIRST else ""
            yield Column(name, words(title), statuses[-1], len(found), tuple(islice(found, FIRST)), href)


def list_file(stage: str, number: int) -> str:
    return f"{stage}.html" if number == 1 else f"{stage}-{number}.html"


def rows(cards: Iterable[Card]) -> list[list[str]]:
    """What the search of the front page looks through."""
    return [
        [card.id, card.title, card.lang, card.href, card.module.text, card.status.stage, card.status.text]
        for card in cards
    ]


def shell(config: Config, words: Translator, logo: str) -> Shell:
    """What stands around the pages: of the configuration, nothing of the pool."""
    site = config.site
    return Shell(
        title=site.title or words.text(msg("Roadmap")),
        language=words.language,
        lang=LANGUAGE_TAGS[words.language],
        nav=tuple((one.get("title", ""), one.get("href", "")) for one in site.nav if is_safe(one.get("href", ""))),
        footer=site.footer,
        logo=logo,
        left_out=0,
        duplicates=0,
        inbox=0,
        findings=0,
    )


def public_texts(roadmap: Roadmap) -> Iterator[str]:
    """The public fields, as they are shown."""
    for card in roadmap.cards:
        page = roadmap.page(card)
        own = (value.text for field in page.own for value in field.values)
        yield Markup("<hr>").join(
            [card.title, page.html, page.excerpt, card.module.name, card.module.text, card.planned, *own]
        )
    yield from (one.card.title for one in roadmap.merged_pages())


def own_texts(theme: Theme, words: Translator) -> Iterator[str]:
    """tobkit's own pages with nothing in them, and its words for values."""
    empty = Card("", "", "", "", "planned", Status("", "new", ""), Named("", ""), "", date(1, 1, 1))
    page = Shown(empty, Named("", ""), Markup(), "", "", (OwnField("", (Link(""),)),))
    around: Mapping[str, Any] = {"root": "", "active": "", "site": theme.shell}
    columns = [Column(name, words(title), statuses[-1], 1, (empty,), "x") for name, title, statuses in STAGES]
    yield theme.render("public/index.html", {**around, "columns": columns})
    yield theme.render(
        "public/index.html", {**around, "columns": [column._replace(cards=(), n=0) for column in columns]}
    )
    yield theme.render(
        "public/list.html", {**around, "column": columns[0], "cards": [empty], "files": ["", ""], "number": 1}
    )
    yield theme.render("public/requirement.html", {**around, "req": page})
    yield theme.render("public/merged.html", {**around, "req": Merged(empty, empty)})
    yield "\n".join(label[words.language] for label in TYPE.labels.values())
