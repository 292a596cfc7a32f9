"""The build: facts of a pool -> contexts -> templates -> files, published at once."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from tobkit.dedupe import Duplicates, find_duplicates
from tobkit.messages import Message, msg, translator
from tobkit.model.config import Config, Language
from tobkit.model.diagnostics import Diagnostic, Severity
from tobkit.model.history import NO_HISTORY, History
from tobkit.model.kinds import Entry
from tobkit.model.pool import Pool
from tobkit.rank import Ranking, rank
from tobkit.site.bodies import Bodies, find_attachments
from tobkit.site.contexts.backlog import BacklogData, backlog, list_file, lists
from tobkit.site.contexts.board import board
from tobkit.site.contexts.customer import customer_page, customers
from tobkit.site.contexts.facts import Facts
from tobkit.site.contexts.lists import check_page, duplicates, inbox
from tobkit.site.contexts.module import module_page, modules
from tobkit.site.contexts.overview import overview
from tobkit.site.contexts.requirement import requirement_page
from tobkit.site.markdown import plain
from tobkit.site.paths import Paths
from tobkit.site.publish import Publisher
from tobkit.site.repository import Repository
from tobkit.site.search import body_index
from tobkit.site.theme import LANGUAGE_TAGS, Shell, Theme

ROADMAP_ASSETS = ("roadmap.css", "roadmap.js")
"""What only the public site loads."""
LOGO_TYPES = (".svg", ".png", ".webp", ".jpg", ".jpeg")


class SiteSource(Protocol):
    """The workspace that a site is built from."""

    @property
    def root(self) -> Path:
        """The folder with `tobkit.toml`."""

    @property
    def pool_folder(self) -> Path:
        """The folder with the entries and their attachments."""


class Page(NamedTuple):
    """A page to be rendered: where it stands, its template, its context, how its text is found in the navigation."""

    path: str
    template: str
    context: Mapping[str, Any]
    active: str = ""


@dataclass(frozen=True)
class BuildReport:
    """What was built: the folder, how many files and pages, and what the user should be told (`notices`)."""

    output: Path
    files: int
    pages: int
    notices: tuple[Message, ...] = ()


def build_site(
    pool: Pool,
    diagnostics: Iterable[Diagnostic],
    *,
    today: date,
    workspace: SiteSource,
    output: Path,
    language: Language | None = None,
    left_out: Iterable[Diagnostic] = (),
    commit: str | None = None,
    since: Mapping[str, date] | None = None,
    history: History = NO_HISTORY,
    ranking: Ranking | None = None,
    found_duplicates: Duplicates | None = None,
) -> BuildReport:
    """Build the whole internal site of a pool and put it in place; the public one is `tobkit.site.public.build`'s.

    `pool` holds what is sound; `left_out` are the errors of what isn't. `since` gives the day of a requirement's status
    where history knows it, `history` what became of entries; `ranking` and `found_duplicates` are computed unless given.
    Raises `PublishError` where the output can't be written, TobkitError where a template is faulty.
    """
    publisher = Publisher(
        output, workspace=workspace.root, sources=[workspace.pool_folder, workspace.root / "templates"]
    )
    site = Site(
        pool,
        tuple(diagnostics),
        workspace=workspace,
        ranking=ranking or rank(pool, today),
        duplicates=found_duplicates or find_duplicates(pool),
        language=language or pool.config.site.language,
        left_out=tuple(left_out),
        commit=commit,
        since=since or {},
        history=history,
    )
    for path, content in site.files():
        if isinstance(content, Path):
            publisher.copy(path, content)
        else:
            publisher.add(path, content)
    publisher.publish()
    return BuildReport(output, site.written, site.rendered, site.notices)


class Site:
    """The files of a site: pages rendered from contexts, what the pages load, and what bodies link to."""

    def __init__(
        self,
        pool: Pool,
        diagnostics: tuple[Diagnostic, ...],
        *,
        workspace: SiteSource,
        ranking: Ranking,
        duplicates: Duplicates,
        language: Language,
        left_out: tuple[Diagnostic, ...] = (),
        commit: str | None = None,
        since: Mapping[str, date] | None = None,
        history: History = NO_HISTORY,
    ) -> None:
        words = translator(language)
        paths = Paths(pool)
        self.attachments = find_attachments(workspace.pool_folder, pool)
        self.bodies = Bodies(pool, paths, self.attachments, language)
        self.facts = Facts(
            pool=pool,
            ranking=ranking,
            duplicates=duplicates,
            diagnostics=diagnostics,
            words=words,
            paths=paths,
            body=self.bodies.html,
            excerpt=self.bodies.excerpt,
            attachments={one: tuple(sorted(names)) for one, names in self.attachments.items()},
            since=since or {},
            history=history,
            left_out=left_out,
        )
        self.logo = find_logo(pool.config, workspace.root)
        around = shell(self.facts, self.logo[0] if self.logo else "")
        self.theme = Theme(words, pool.config, around, workspace.root / "templates")
        self.repository = Repository.of(pool.config.site.repository)
        self.commit = commit
        self.rendered = self.written = 0

    @property
    def notices(self) -> tuple[Message, ...]:
        return (self.bodies.notice,) if self.bodies.notice else ()

    def files(self) -> Iterator[tuple[str, str | bytes | Path]]:
        """Every file by its path from the site's root; a `Path` is a file to be copied."""
        data = BacklogData(self.facts)
        render = renderer(self.theme)
        for page in pages(self.facts, data, self.repository, self.commit):
            self.rendered += 1
            self.written += 1
            yield page.path, render(page)
        for path, content in data_files(self.facts, data, self.theme):
            self.written += 1
            yield path, content
        for path, source in self.copied():
            self.written += 1
            yield path, source

    def copied(self) -> Iterator[tuple[str, Path]]:
        for entry_id, found in sorted(self.attachments.items()):
            for name, source in sorted(found.items()):
                yield f"files/{entry_id}/{name}", source
        if self.logo:
            yield self.logo


def renderer(theme: Theme) -> Callable[[Page], str]:
    """Renders a page from nothing but itself and the theme."""

    def render(page: Page) -> str:
        root = "../" * page.path.count("/")
        return theme.render(page.template, {**page.context, "root": root, "active": page.active, "site": theme.shell})

    return render


def pages(facts: Facts, data: BacklogData, repository: Repository, commit: str | None) -> Iterator[Page]:
    """Every page of the site with its context, in a fixed order."""
    pool, paths = facts.pool, facts.paths

    def edit(entry: Entry) -> str:
        return repository.edit(entry.path)

    yield Page("index.html", "backlog.html", {"backlog": backlog(facts, data)}, "backlog")
    for page in lists(data):
        yield Page(
            list_file(page.number),
            "all.html",
            {"page": page, "files": [list_file(n + 1) for n in range(page.pages)]},
            "backlog",
        )
    yield Page("board.html", "board.html", {"columns": board(facts)}, "board")
    yield Page(
        "overview.html",
        "overview.html",
        {"questions": overview(facts), "today": facts.today, "commit": commit or ""},
        "overview",
    )
    yield Page("customers.html", "customers.html", {"customers": customers(facts)}, "customers")
    yield Page("modules.html", "modules.html", {"modules": modules(facts)}, "modules")
    yield Page("duplicates.html", "duplicates.html", {"pairs": duplicates(facts)})
    yield Page("inbox.html", "inbox.html", {"voices": inbox(facts)})
    yield Page("check.html", "check.html", {"check": check_page(facts)})
    for one, customer in pool.customers.items():
        yield Page(
            paths.page("customer", one),
            "customer.html",
            {"customer": customer_page(facts, one, edit(customer))},
            "customers",
        )
    for one, module in pool.modules.items():
        yield Page(
            paths.page("module", one), "module.html", {"module": module_page(facts, one, edit(module))}, "modules"
        )
    for one, requirement in pool.requirements.items():
        yield Page(
            paths.page("requirement", one),
            "requirement.html",
            {"req": requirement_page(facts, one, edit(requirement))},
            "backlog",
        )


def data_files(facts: Facts, data: BacklogData, theme: Theme) -> Iterator[tuple[str, bytes]]:
    """What the pages load: assets, the backlog's rows, the index of the bodies."""
    for name, content in theme.assets.items():
        if name not in ROADMAP_ASSETS:
            yield f"assets/{name}", content
    yield "data/facets.js", data.head.encode()
    for number, shard in enumerate(data.shards):
        yield f"data/rows-{number}.js", shard.encode()
    texts = [searched_text(facts, row.id) for row in data.rows]
    yield from sorted(body_index(texts).items())


def searched_text(facts: Facts, requirement_id: str) -> str:
    """The words in which a need can be found besides its title and fields: its body and what was said about it."""
    requirement = facts.pool.requirements[requirement_id]
    group = facts.pool.groups.get(requirement_id)
    notes = group.notes if group else ()
    return "\n".join([plain(requirement.body), *(plain(note.body) for note in notes)])


def shell(facts: Facts, logo: str) -> Shell:
    site = facts.pool.config.site
    return Shell(
        title=site.title or facts.words.text(msg("Requirement pool")),
        language=facts.language,
        lang=LANGUAGE_TAGS[facts.language],
        nav=tuple((one.get("title", ""), one.get("href", "")) for one in site.nav if is_safe(one.get("href", ""))),
        footer=site.footer,
        logo=logo,
        left_out=len({one.path for one in facts.left_out}),
        duplicates=len(facts.duplicates.pairs),
        inbox=len(facts.inbox),
        findings=sum(1 for one in facts.diagnostics if one.severity is not Severity.INFO),
    )


def is_safe(href: str) -> bool:
    return href.startswith(("https://", "http://", "mailto:"))


def find_logo(config: Config, root: Path) -> tuple[str, Path] | None:
    """Where the logo goes, and the file that it is."""
    if not config.site.logo:
        return None
    source = root / config.site.logo
    inside = source.is_file() and source.resolve().is_relative_to(root.resolve())
    return (f"assets/logo{source.suffix.lower()}", source) if inside and source.suffix.lower() in LOGO_TYPES else None
