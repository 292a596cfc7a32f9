"""The theme: Jinja templates and assets, the default ones or a workspace's own in their place."""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache, cached_property
from importlib import import_module, resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from markupsafe import Markup, escape

from tobkit.errors import TobkitError
from tobkit.messages import Translator, msg
from tobkit.model.config import Config
from tobkit.site import format as shown
from tobkit.site.accent import accents
from tobkit.site.paths import fingerprint

if TYPE_CHECKING:
    from jinja2 import Environment, nodes

LANGUAGE_TAGS = {"zh": "zh-CN", "en": "en"}
ASSET_TYPES = (".css", ".js", ".svg", ".png", ".webp", ".jpg", ".woff2", ".ico")


class Shell(NamedTuple):
    """What stands around every page: plain data, the same for all pages of a site."""

    title: str
    language: str
    lang: str
    nav: tuple[tuple[str, str], ...]
    footer: str
    logo: str
    left_out: int
    duplicates: int
    inbox: int
    findings: int


COMMAND = Markup(
    '<span class="command"><code>{}</code><button class="copy" type="button" data-copy="{}">{}</button></span>'
)
"""A command to be copied: shown, copied, the button's word."""


def go(link: tuple[str, str, str], root: str) -> Markup:
    """A link (text, href from the site's root, language), or only its text where it leads nowhere."""
    text, href, lang = map(escape, link)
    said = f' lang="{lang}"' if lang else ""
    shown_as = f'<a href="{root}{href}"{said}>{text}</a>' if href else f"<span{said}>{text}</span>"
    return Markup(shown_as)  # noqa: S704 (escaped above)


class Theme:
    """The templates, compiled once, and the assets, in one language.

    `overrides` is a workspace's `templates/`: its files stand in for the default theme's. They come with the pool, so
    they run in Jinja's sandbox.
    """

    def __init__(self, words: Translator, config: Config, shell: Shell, overrides: Path | None = None) -> None:
        self.words = words
        self.shell = shell
        self.config = config
        own = overrides is not None and overrides.is_dir() and overrides.resolve() != default_theme()
        self.overrides = overrides if own else None

    @cached_property
    def environment(self) -> "Environment":
        environment = folding_environment(self.words, loaders(self.overrides), sandboxed=self.overrides is not None)
        language, currency = self.words.language, self.config.pool.currency
        copy = self.words("Copy")

        def day(when: date, counting: str = "") -> Markup:
            """A date as an element: in full, until the page's script says how long ago or ahead it is."""
            data = f" data-{counting}" if counting else ""
            iso = when.isoformat()
            return Markup(f'<time datetime="{iso}"{data}>{shown.long_date(when, language)}</time>')  # noqa: S704

        def amount(value: float) -> Markup:
            """An amount shortened, in full when pointed at."""
            full, short = (f(value, currency, language) for f in (shown.money_exact, shown.money))
            return Markup('<span class="amount" title="{}">{}</span>').format(full, short)

        environment.filters.update(
            day=day,
            go=go,
            amount=amount,
            command=lambda text: COMMAND.format(text, text, copy),
            money=lambda value: shown.money(value or 0.0, currency, language),
            money_exact=lambda value: shown.money_exact(value or 0.0, currency, language),
            integer=lambda value: shown.integer(value, language),
            short_date=lambda day: shown.short_date(day, language),
            long_date=lambda day: shown.long_date(day, language),
            points=lambda value: f"{value:.1f}",
            percent=lambda value: f"{value:.2f}%",
        )
        environment.globals["asset"] = self.asset_urls.__getitem__

        @cache
        def frame(part: str, root: str, active: str = "") -> Markup:
            """What stands around every page, rendered once for each folder."""
            context = {"root": root, "active": active, "site": self.shell}
            return Markup(environment.get_template(part).render(context))  # noqa: S704 (rendered with autoescape)

        environment.globals["frame"] = frame
        return environment

    def render(self, template: str, context: Mapping[str, Any]) -> str:
        """A page. Raises TobkitError where a template (which may be the workspace's own) is faulty."""
        from jinja2 import TemplateError, TemplateSyntaxError

        try:
            return self.environment.get_template(template).render(context)
        except TemplateSyntaxError as error:
            raise TobkitError(
                msg(
                    "The template {name} can't be read, line {line}: {why}.",
                    name=error.name or template,
                    line=error.lineno,
                    why=error.message or "",
                )
            ) from error
        except TemplateError as error:
            raise TobkitError(
                msg("The template {name} can't be rendered: {why}.", name=template, why=error.message or str(error))
            ) from error

    @cached_property
    def assets(self) -> Mapping[str, bytes]:
        """The files under `assets/`, by name, with the texts and the accent that the configuration gives."""
        found = {name: item.read_bytes() for name, item in files(default_theme() / "assets")}
        if self.overrides and (own := self.overrides / "assets").is_dir():
            found |= {name: item.read_bytes() for name, item in files(own)}
        sign = shown.money_exact(0, self.config.pool.currency, self.words.language).removesuffix("0")
        texts = self.bare_environment.get_template("assets/texts.js.j2").render(currency=sign)
        found["texts.js"] = texts.encode()
        if accent := self.config.site.accent:
            light, dark = accents(accent)
            found["style.css"] += f"\n:root {{ --accent-light: {light}; --accent-dark: {dark}; }}\n".encode()
        return dict(sorted(found.items()))

    @cached_property
    def bare_environment(self) -> "Environment":
        """For texts that aren't HTML."""
        environment = folding_environment(self.words, loaders(self.overrides), sandboxed=self.overrides is not None)
        environment.autoescape = False
        environment.policies["json.dumps_function"] = script_safe
        return environment

    @cached_property
    def asset_urls(self) -> Mapping[str, str]:
        """Where a page finds an asset, with a fingerprint of its content, so that caches never mix versions."""
        return {
            name: f"assets/{name}?v={fingerprint(content.decode('utf-8', 'replace'), 8)}"
            for name, content in self.assets.items()
        }


def script_safe(value: Any, **_: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True).replace("</", "<\\/")


def default_theme() -> Traversable:
    """The theme that tobkit ships; in a checkout that isn't installed, the folder at its top."""
    try:
        return resources.files(import_module("tobkit.templates"))
    except ModuleNotFoundError:
        return Path(__file__).resolve().parents[2] / "templates"


def files(folder: Traversable) -> Iterator[tuple[str, Traversable]]:
    """A folder's assets, by name."""
    for item in sorted(folder.iterdir(), key=lambda item: item.name):
        if item.is_file() and item.name.endswith(ASSET_TYPES):
            yield item.name, item


def loaders(overrides: Path | None) -> Any:
    from jinja2 import ChoiceLoader, FileSystemLoader, FunctionLoader

    theme = default_theme()

    def shipped(name: str) -> str | None:
        parts = name.split("/")
        item = theme.joinpath(*parts)
        return item.read_text(encoding="utf-8") if ".." not in parts and item.is_file() else None

    own = [FileSystemLoader(overrides)] if overrides else []
    # `default/page.html` is always the shipped one, so that an override can extend it.
    return ChoiceLoader([*own, FunctionLoader(lambda name: shipped(name.removeprefix("default/")))])


def folding_environment(words: Translator, loader: Any, sandboxed: bool) -> "Environment":
    """Jinja with autoescape and our catalogue, in which texts without slots are translated when compiled, not each time."""
    from jinja2 import Environment, StrictUndefined
    from jinja2.sandbox import SandboxedEnvironment
    from jinja2.visitor import NodeTransformer

    catalogue = words.catalogue

    class Fold(NodeTransformer):
        def visit_Call(self, node: "nodes.Call") -> "nodes.Node":  # noqa: N802 (the visitor's own name)
            from jinja2 import nodes

            self.generic_visit(node)
            is_text = isinstance(node.node, nodes.Name) and node.node.name == "_" and not node.kwargs
            if is_text and len(node.args) == 1 and isinstance(text := node.args[0], nodes.Const):
                # The texts of the templates and of their catalogue are ours, as trusted as the templates.
                return nodes.Const(Markup(catalogue.gettext(text.value)) % (), lineno=node.lineno)  # noqa: S704
            return node

    base: type[Environment] = SandboxedEnvironment if sandboxed else Environment

    class Folding(base):  # type: ignore[valid-type, misc]
        def _parse(self, source: str, name: str | None, filename: str | None) -> "nodes.Template":
            tree: nodes.Template = Fold().visit(super()._parse(source, name, filename))
            return tree

    environment: Environment = Folding(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_translations(catalogue, newstyle=True)  # type: ignore[attr-defined]
    return environment
