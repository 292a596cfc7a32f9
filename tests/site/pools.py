"""A small company's pool in memory, and its site as a mapping of files; what a test doesn't name is plain."""

import html.parser
import posixpath
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from tobkit.dedupe import Duplicates, find_duplicates
from tobkit.model.config import Config
from tobkit.model.kinds import Customer, Entry, Incident, Module, Note, Organisation, Origin, Promise, Requirement
from tobkit.model.pool import Pool
from tobkit.model.schema import FOLDERS, build_schema
from tobkit.rank import rank
from tobkit.site.build import Site

TODAY = date(2026, 6, 30)
NO_DUPLICATES = Duplicates((), (), 0.5)


def day(days: int) -> date:
    return TODAY + timedelta(days=days)


def at(kind: str, name: str) -> Origin:
    return Origin(path=f"pool/{FOLDERS[kind]}/{name}.md")


def req(name: str, /, *customers: str, model: Any = Requirement, **fields: Any) -> Requirement:
    given = {"title": name, "date": day(-40), "status": "triaged", "body": f"Body of {name}.", **fields}
    made: Requirement = model(id=f"REQ-{name}", customers=customers, origin=at("requirement", f"REQ-{name}"), **given)
    return made


def note(name: str, customer: str | None, /, *requirements: str, **fields: Any) -> Note:
    given = {"date": day(-20), "source": "sales", "body": f"Said in {name}.", **fields}
    refs = tuple(f"REQ-{ref}" for ref in requirements)
    return Note(id=f"NOTE-{name}", customer=customer, requirements=refs, origin=at("note", f"NOTE-{name}"), **given)


def customer(name: str, /, **fields: Any) -> Customer:
    given = {"name": name.title(), "status": "active", "tier": "mid", **fields}
    return Customer(id=name, origin=at("customer", name), **given)


def module(name: str, /, **fields: Any) -> Module:
    return Module(**{"id": name, "name": name.title(), "status": "live", "origin": at("module", name), **fields})


def promise(name: str, who: str, what: str, /, **fields: Any) -> Promise:
    given = {"date": day(-10), "by": "mike", "due": day(30), "status": "open", "approved_by": "emma", **fields}
    origin = at("promise", f"PRM-{name}")
    return Promise(id=f"PRM-{name}", customer=who, requirement=f"REQ-{what}", origin=origin, **given)


def company() -> list[Entry]:
    """Something for every part of every page."""
    return [
        module("billing", body="Bills. See [the first](REQ-aaaaaa)."),
        module("对账", name="对账中心", status="deprecated", replaced_by="billing"),
        customer("acme", arr=900_000, renewal=day(60), region="North", uses=("billing",), owner="mike"),
        customer("华东商贸", name="华东商贸", tier="ka", arr=2_600_000, status="at-risk", uses=("对账",)),
        customer("hopeful", status="prospect", arr=50_000),
        customer("gone", status="churned", lost_to="rival", lost_on=day(-100), arr=10_000),
        Organisation(id="rival", name="Rival", relation="competitor", overlaps=("billing",)),
        req("aaaaaa", "acme", "华东商贸", module="billing", owner="emma", impact=("blocks-use",), tags=("pdf",)),
        req(
            "bbbbbb", "acme", module="对账", title="批量导出对账单", status="accepted", owner="emma", planned="2026-Q4"
        ),
        req("cccccc", "hopeful", status="new", impact=("wins-deals",), competitors=("rival",), region="North"),
        req("dddddd", "gone", status="declined", reason="Only one asked.", module="billing", owner="emma"),
        req("eeeeee", "acme", status="delivered", delivered=day(-5), module="billing", owner="emma"),
        req("ffffff", "华东商贸", title="把对账单一次全部导出", duplicate_of="REQ-bbbbbb"),
        req("gggggg", status="parked", reason="Next year.", module="billing", owner="emma"),
        note("111111", "华东商贸", "bbbbbb", body="我们每月要导出 **三千张**。", author="mike"),
        note("222222", "acme", body="Nothing to do with anything."),
        note("333333", "acme", "eeeeee", told=("REQ-eeeeee",)),
        promise("aaaaaa", "acme", "bbbbbb"),
        promise("bbbbbb", "华东商贸", "aaaaaa", status="broken"),
        Incident(
            id="INC-aaaaaa",
            date=day(-15),
            title="Bills were late",
            severity="sev1",
            status="resolved",
            minutes=90,
            modules=("billing",),
            customers=("acme",),
            requirements=("REQ-aaaaaa",),
            origin=at("incident", "INC-aaaaaa"),
        ),
    ]


class Workspace(NamedTuple):
    root: Path

    @property
    def pool_folder(self) -> Path:
        return self.root / "pool"


def make_pool(entries: Iterable[Entry], **config: Any) -> Pool:
    read = Config.model_validate({"site": {"title": "Yunzhang"}, **config})
    return Pool(read, build_schema(read), entries)


def make_site(entries: Iterable[Entry], root: Path, language: str = "en", **options: Any) -> Site:
    """The site of some entries, in a workspace at `root` (which may hold `templates/` and `pool/`)."""
    pool = make_pool(entries, **options.pop("config", {}))
    options.setdefault("duplicates", find_duplicates(pool))
    return Site(
        pool,
        options.pop("diagnostics", ()),
        workspace=Workspace(root),
        ranking=rank(pool, TODAY),
        language=language,  # type: ignore[arg-type]
        **options,
    )


def files(site: Site) -> dict[str, bytes]:
    """The site's files by path."""
    found = {}
    for path, content in site.files():
        assert path not in found
        found[path] = (
            content.read_bytes()
            if isinstance(content, Path)
            else content.encode()
            if isinstance(content, str)
            else content
        )
    return found


class Element(NamedTuple):
    tag: str
    attributes: dict[str, str]
    line: int


class Page(html.parser.HTMLParser):
    """A page's elements and words; fails where a tag isn't closed."""

    VOID = frozenset(
        [
            "area",
            "base",
            "br",
            "col",
            "embed",
            "hr",
            "img",
            "input",
            "link",
            "meta",
            "source",
            "track",
            "wbr",
            "circle",
            "path",
            "rect",
        ]
    )

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == [], f"not closed: {self.open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs), f"attribute twice in <{tag}>, line {self.getpos()[0]}"
        self.elements.append(Element(tag, {name: value or "" for name, value in attrs}, self.getpos()[0]))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, {name: value or "" for name, value in attrs}, self.getpos()[0]))

    def handle_endtag(self, tag: str) -> None:
        if tag in self.VOID:
            return
        assert self.open, f"</{tag}> closes nothing, line {self.getpos()[0]}"
        assert self.open[-1] == tag, f"</{tag}> closes <{self.open[-1]}>, line {self.getpos()[0]}"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        if not self.open or self.open[-1] not in ("script", "style"):
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def all(self, tag: str) -> list[Element]:
        return [element for element in self.elements if element.tag == tag]


def targets(path: str, page: Page) -> Iterator[tuple[str, str]]:
    """Where a page's relative links and resources lead: (file of the site, fragment)."""
    for element in page.elements:
        for name in ("href", "src"):
            url = element.attributes.get(name)
            if url is None:
                continue
            parts = urlsplit(url)
            if parts.scheme or parts.netloc:
                continue
            target = (
                posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(parts.path))) if parts.path else path
            )
            yield target, unquote(parts.fragment)
