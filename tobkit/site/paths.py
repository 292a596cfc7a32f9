"""Which file of the site is whose page: ids become file names that are sound on every system and never collide."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from functools import cached_property
from urllib.parse import quote

from tobkit.model.pool import Pool

WITH_PAGES = ("requirement", "customer", "module")
"""The kinds whose entries have a page of their own, in a folder of the kind's name."""

LONGEST = 160
"""Bytes of a file name before its ending; common file systems take 255."""

UNSOUND = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*%#]|[. ]$|^[. ]')
RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)", re.IGNORECASE)


def file_name(name: str) -> str:
    """A file name (without ending) for an id: its own letters, with a mark of its own where it had to change."""
    composed = unicodedata.normalize("NFC", name)
    sound = UNSOUND.sub("-", composed)
    if len(sound.encode()) > LONGEST:
        sound = sound.encode()[:LONGEST].decode(errors="ignore")
    if RESERVED.match(sound):
        return f"{fingerprint(name)}-{sound}"
    if sound != composed:
        return f"{sound}-{fingerprint(name)}"
    return sound


def fingerprint(text: str, length: int = 6) -> str:
    """A few characters that tell texts apart, the same on every machine."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:length]


def file_names(ids: Iterable[str]) -> dict[str, str]:
    """A file name for each id; where two would be one file on a system that ignores case, the later one is marked."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for one in sorted(ids):
        name = file_name(one)
        if name.casefold() in taken:
            name = f"{name}-{fingerprint(one)}"
        taken.add(name.casefold())
        names[one] = name
    return names


class Paths:
    """The pages of a pool's entries, relative to the site's root."""

    def __init__(self, pool: Pool) -> None:
        self.names = {kind: file_names(pool.by_kind[kind]) for kind in WITH_PAGES}

    def page(self, kind: str, entry_id: str) -> str:
        """The file of an entry's page: `customer/华东商贸.html`. Raises KeyError where it has none."""
        return f"{kind}/{self.names[kind][entry_id]}.html"

    def href(self, kind: str, entry_id: str | None) -> str:
        """The way to an entry's page from the site's root, percent-encoded; empty where it has none."""
        return self.hrefs.get((kind, entry_id), "")

    @cached_property
    def hrefs(self) -> dict[tuple[str, str | None], str]:
        return {
            (kind, one): f"{kind}/{name if name.isascii() and name.isalnum() else quote(name)}.html"
            for kind, names in self.names.items()
            for one, name in names.items()
        }


def quoted(path: str) -> str:
    """A path as it stands in a link."""
    return quote(path)
