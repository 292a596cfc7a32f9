"""What the world may see: requirements projected onto an allow-list of fields.

Shown are id, title, body, status, module, type, planned and delivered, and those fields of a team's own that have
`audience = "public"`. Nothing else of a requirement, and nothing of any other entry but a module's id and name.
"""

import re
from collections.abc import Iterator
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from markupsafe import Markup

from tobkit.check.business import planned_by
from tobkit.messages import N_, Translator, msg
from tobkit.model.kinds import TYPE, Requirement
from tobkit.model.pool import Pool
from tobkit.model.schema import FieldSpec
from tobkit.site.bodies import Attachments, Bodies
from tobkit.site.contexts.facts import HAN, KANA, LATIN, Link, Named, Status
from tobkit.site.paths import Paths

STAGES = (
    ("planned", N_("Coming up"), ("accepted",)),
    ("building", N_("In progress"), ("building",)),
    ("delivered", N_("Delivered"), ("delivered",)),
    ("open", N_("Under consideration"), ("new", "triaged")),
    ("closed", N_("Not planned"), ("parked", "declined")),
)
"""The parts of the roadmap: name, heading, and which of the seven statuses stand there."""

STAGE_OF = {status: name for name, _, statuses in STAGES for status in statuses}
EXCERPT = 200
SPACES = re.compile(r"\s+")


class Card(NamedTuple):
    """A requirement as lists show it. `module` has its id in `name`."""

    id: str
    title: str
    lang: str
    href: str
    stage: str
    status: Status
    module: Named
    planned: str
    delivered: date | None


class OwnField(NamedTuple):
    """A team's own field that is open to the public."""

    label: str
    values: tuple[Link, ...]


class Shown(NamedTuple):
    """A requirement's page."""

    card: Card
    type: Named
    html: Markup
    body_lang: str
    excerpt: str
    own: tuple[OwnField, ...]


class Merged(NamedTuple):
    """The page of a public requirement that was merged into another public one: it leads there."""

    card: Card
    into: Card


class Roadmap:
    """The public part of a pool.

    A requirement is public where its own audience says so and it isn't merged; one that is merged has a page that leads
    on, where it and the one it is merged into are both public.
    """

    def __init__(self, pool: Pool, attachments: Attachments, words: Translator) -> None:
        self.pool = pool
        self.words = words
        self.pages: dict[str, Shown] = {}
        self.requirements = {one: each for one, each in pool.requirements.items() if is_public(each)}
        self.merged = {
            one: pool.canonical(one)
            for one, each in pool.requirements.items()
            if each.audience == "public" and each.duplicate_of and pool.canonical(one) in self.requirements
        }
        known = [pool.requirements[one] for one in (*self.requirements, *self.merged)]
        self.paths = Paths(Pool(pool.config, pool.schema, known))
        self.bodies = PublicBodies(
            Pool(pool.config, pool.schema, known),
            self.paths,
            {one: names for one, names in attachments.items() if one in self.requirements},
            words.language,
        )

    @cached_property
    def cards(self) -> tuple[Card, ...]:
        """All public requirements in the order of the roadmap: by stage, by when they are to come (delivered ones: the
        latest first), by id. An order by rank would tell what the company judges.
        """
        stages = [name for name, _, _ in STAGES]
        return tuple(
            sorted(
                map(self.card, self.requirements.values()),
                key=lambda card: (stages.index(card.stage), *when(card), card.id),
            )
        )

    def card(self, requirement: Requirement) -> Card:
        stage = self.pool.stage(requirement)
        module = self.pool.modules.get(requirement.module or "")
        return Card(
            id=requirement.id,
            title=requirement.title,
            lang=self.lang(requirement.title),
            href=self.paths.href("requirement", requirement.id),
            stage=STAGE_OF[stage],
            status=Status(
                requirement.status, stage, self.pool.schema.statuses.label(requirement.status, self.words.language)
            ),
            module=Named(module.id, module.name) if module else Named("", ""),
            planned=requirement.planned or "",
            delivered=requirement.delivered if stage == "delivered" else None,
        )

    def page(self, card: Card) -> Shown:
        """A requirement's page, made once."""
        if card.id not in self.pages:
            self.pages[card.id] = self.made_page(card)
        return self.pages[card.id]

    def made_page(self, card: Card) -> Shown:
        requirement = self.requirements[card.id]
        html = self.bodies.html(requirement, "../")
        words = SPACES.sub(" ", html.striptags()).strip()
        return Shown(
            card=card,
            type=Named(requirement.type, TYPE.label(requirement.type, self.words.language))
            if requirement.type
            else Named("", ""),
            html=html,
            body_lang=self.lang(words),
            # Not from the source, whose link targets no reader of the page sees.
            excerpt=words if len(words) <= EXCERPT else words[: EXCERPT - 1].rstrip() + "…",
            own=tuple(self.own(requirement)),
        )

    def merged_pages(self) -> Iterator[Merged]:
        for one, canonical in self.merged.items():
            yield Merged(self.card(self.pool.requirements[one]), self.card(self.requirements[canonical]))

    def own(self, requirement: Requirement) -> Iterator[OwnField]:
        """The fields that the configuration opens."""
        for name, spec in self.pool.schema["requirement"].fields.items():
            if spec.own and spec.public and (values := tuple(self.values(spec, getattr(requirement, name)))):
                yield OwnField(spec.label[self.words.language], values)

    def values(self, spec: FieldSpec, value: Any) -> Iterator[Link]:
        if value in (None, (), ""):
            return
        for one in value if isinstance(value, tuple) else (value,):
            if spec.reference == "requirement":
                if one in self.requirements:
                    yield Link(self.requirements[one].title, self.paths.href("requirement", one))
            elif spec.reference == "module":
                module = self.pool.modules.get(one)
                yield Link(module.name if module else one)
            elif isinstance(one, bool):
                yield Link(self.words.text(msg("yes")) if one else self.words.text(msg("no")))
            elif spec.choices and isinstance(one, str):
                yield Link(spec.choices.label(one, self.words.language))
            else:
                yield Link(f"{one:g}" if isinstance(one, float) else str(one))

    def lang(self, text: str) -> str:
        """The language of a text where it isn't the page's own, by its script; else empty."""
        if KANA.search(text):
            return "ja"
        if HAN.search(text):
            return "" if self.words.language == "zh" else "zh-CN"
        return "en" if self.words.language != "en" and LATIN.search(text) else ""


class PublicBodies(Bodies):
    """Bodies over a pool of public entries alone, so that what leads elsewhere leads nowhere. Notes the files linked."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.linked: set[tuple[str, str]] = set()
        self.files = {
            f"files/{owner}/{name}": (owner, name) for owner, names in self.attachments.items() for name in names
        }

    def leads(self, target: str, folder: str, root: str) -> str | None:
        found = super().leads(target, folder, root)
        if found and found.startswith(f"{root}files/"):
            from urllib.parse import unquote

            self.linked.add(self.files[unquote(found.removeprefix(root))])
        return found


def is_public(requirement: Requirement) -> bool:
    """Whether a requirement is shown: said so in its own file, and not merged (into whatever)."""
    return requirement.audience == "public" and requirement.duplicate_of is None


def when(card: Card) -> tuple[int, str]:
    """What orders the cards of a stage; what has no date comes last."""
    if card.delivered:
        return -card.delivered.toordinal(), ""
    end = planned_by(card.planned) if card.planned else None
    return (end.toordinal(), "") if end else (date.max.toordinal() + (not card.planned), card.planned)
