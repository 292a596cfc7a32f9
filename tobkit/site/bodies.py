"""Bodies in pages: rendered, with links between entries and to their files leading to where these stand in the site."""

import posixpath
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from markupsafe import Markup

from tobkit.messages import Message
from tobkit.model.config import Language
from tobkit.model.kinds import Entry
from tobkit.model.pool import Pool
from tobkit.site.markdown import Renderer, plain
from tobkit.site.paths import Paths
from tobkit.store.attachments import MOST_BYTES, TYPES
from tobkit.store.walk import attachment_folders
from tobkit.store.walk import attachments as files_in

EXCERPT = 240

Attachments = Mapping[str, Mapping[str, Path]]
"""The files of each entry that has some: id -> name -> file."""


def find_attachments(pool_folder: Path, pool: Pool) -> Attachments:
    """The files that the pool's entries own, of the types that a site may hold."""
    if not pool_folder.is_dir():
        return {}
    owners = {entry.id for entry in pool.entries}
    found: dict[str, dict[str, Path]] = {}
    for owner, folder in attachment_folders(pool_folder):
        one = unicodedata.normalize("NFC", owner)
        if one in owners:
            for file in files_in(folder):
                if file.suffix.lower() in TYPES and file.stat().st_size <= MOST_BYTES:
                    found.setdefault(one, {})[unicodedata.normalize("NFC", file.name)] = file
    return found


class Bodies:
    """Renders the bodies of a pool's entries."""

    def __init__(self, pool: Pool, paths: Paths, attachments: Attachments, language: Language) -> None:
        self.pool = pool
        self.paths = paths
        self.attachments = attachments
        self.renderer = Renderer(pool.config.site, language)
        self.by_path = {entry.path: entry for entry in pool.entries}

    @property
    def notice(self) -> Message | None:
        return self.renderer.notice

    def html(self, entry: Entry, root: str) -> Markup:
        """An entry's body for a page from which `root` leads to the site's root."""
        if not entry.body.strip():
            return Markup()
        folder = posixpath.dirname(entry.path)
        return self.renderer.render(entry.body, lambda target: self.leads(target, folder, root))

    def excerpt(self, entry: Entry) -> str:
        """The beginning of the words of a body."""
        return plain(entry.body, EXCERPT)

    def leads(self, target: str, folder: str, root: str) -> str | None:
        """Where a target in a body leads from a page; None where there is nothing."""
        for kind in self.paths.names:
            if href := self.paths.href(kind, target):
                return root + href
        place = unicodedata.normalize("NFC", posixpath.normpath(posixpath.join(folder, target)))
        if (entry := self.by_path.get(place)) and (href := self.paths.href(entry.kind, entry.id)):
            return root + href
        parts = place.split("/")
        if len(parts) >= 3 and parts[-3] == "files" and parts[-1] in self.attachments.get(parts[-2], {}):
            return f"{root}files/{quote(parts[-2])}/{quote(parts[-1])}"
        return None
