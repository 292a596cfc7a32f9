"""Rules about the files beside entries, and about links in bodies that lead to files of the pool."""

import posixpath
import re
from collections.abc import Iterator
from functools import cached_property
from unicodedata import normalize
from urllib.parse import quote

from tobkit.check.facts import Facts, called, quoted
from tobkit.check.scan import Link
from tobkit.messages import Message, msg
from tobkit.model.diagnostics import Diagnostic, Rule, Severity
from tobkit.model.kinds import Entry
from tobkit.model.nearest import nearest
from tobkit.store.attachments import MOST_BYTES, TYPES, Attachment
from tobkit.store.walk import ATTACHMENTS

TOO_LARGE = Rule("TOB121", "attachment too large")
REFUSED_TYPE = Rule("TOB122", "attachment of a refused type")
MISSING = Rule("TOB312", "link to an attachment that isn't there", Severity.WARNING)
DEAD_LINK = Rule("TOB313", "link to an entry's file that isn't there", Severity.WARNING)
ANOTHERS = Rule("TOB314", "link to another entry's attachment", Severity.WARNING)
OWNERLESS = Rule("TOB315", "attachment of no entry", Severity.WARNING)
UNUSED = Rule("TOB316", "attachment that nothing links", Severity.INFO)

_TYPE_WORDS = [ending.removeprefix(".") for ending in TYPES]
_MEBIBYTE = 1024 * 1024


def too_large(facts: Facts) -> Iterator[Diagnostic]:
    """An attachment has at most 5 MiB.

    Why: git keeps every version of it for ever, and everybody who clones the pool gets them all.

    Bad:
        pool/requirements/files/REQ-00000a/screens.pdf
            <5242881 times x>
        requirements/REQ-00000a.md
            title: Export invoices

    Good:
        pool/requirements/files/REQ-00000a/screens.pdf
            <1000 times x>
        requirements/REQ-00000a.md
            title: Export invoices

    Fix: make it smaller (a picture of 1600 pixels is wide enough), or put it on a shared drive and link it.
    """
    for attachment in facts.attachments or ():
        if attachment.size > MOST_BYTES:
            yield Diagnostic.of(
                TOO_LARGE,
                attachment.path,
                None,
                msg(
                    "The attachment has {size} MiB; at most {most} MiB are allowed.",
                    size=f"{attachment.size / _MEBIBYTE:.1f}",
                    most=MOST_BYTES // _MEBIBYTE,
                ),
                msg("Make it smaller, or put it on a shared drive and link it."),
            )


def refused_type(facts: Facts) -> Iterator[Diagnostic]:
    """An attachment is a picture (png, jpg, jpeg, webp, gif), a pdf, an xlsx or a csv.

    Why: these can be shown or downloaded safely. A script inside an svg or html would run in the browser of whoever looks
    at the site.

    Bad:
        pool/requirements/files/REQ-00000a/flow.svg
            <svg/>
        requirements/REQ-00000a.md
            title: Export invoices

    Good:
        pool/requirements/files/REQ-00000a/flow.png
            A picture
        requirements/REQ-00000a.md
            title: Export invoices

    Fix: save a drawing as png, a document as pdf and a table as xlsx or csv; put everything else elsewhere and link it.
    """
    for attachment in facts.attachments or ():
        if attachment.type not in TYPES:
            yield Diagnostic.of(
                REFUSED_TYPE,
                attachment.path,
                None,
                msg("Files of the type {type} can't be attachments.", type=attachment.type)
                if attachment.type
                else msg("The file's name doesn't end in a type."),
                msg("Allowed: {allowed}. Save a drawing as png and a document as pdf.", allowed=_TYPE_WORDS),
            )


def ownerless(facts: Facts) -> Iterator[Diagnostic]:
    """An attachment lies in `files/ID/`, and an entry has that id.

    Why: it is shown with the entry that owns it, and published if that is; without an owner nobody ever sees it. Often the
    entry was given another id, or was deleted.

    Bad:
        pool/requirements/files/REQ-00000b/screen.png
            A picture
        requirements/REQ-00000a.md
            title: Export invoices

    Good:
        pool/requirements/files/REQ-00000a/screen.png
            A picture
        requirements/REQ-00000a.md
            title: Export invoices

    Fix: rename the folder to the entry's id, or delete it.
    """
    told: set[str] = set()
    for attachment in facts.attachments or ():
        folder = posixpath.dirname(attachment.path)
        if attachment.owner in facts.owners or folder in told:
            continue
        told.add(folder)
        if attachment.owner:
            message = msg("No entry has the id {id}, so this file belongs to none.", id=quoted(attachment.owner))
            help = owner_meant(facts, attachment.owner)
        else:
            message = msg("The file belongs to no entry.")
            help = msg("Attachments lie in files/ID/: move it into the folder with its entry's id.")
        yield Diagnostic.of(OWNERLESS, attachment.path, None, message, help)


def owner_meant(facts: Facts, owner: str) -> Message:
    """What to do about a folder whose name is no id."""
    for kind in facts.pool.by_kind:
        entry = facts.pool.get(kind, owner)
        if entry is not None:
            return msg("It is an alias of {entry}: rename the folder to {id}.", entry=called(entry), id=entry.id)
    for kind, directory in facts.directories.items():
        prefix = facts.pool.schema[kind].prefix
        if prefix is None or owner.upper().startswith(prefix):
            entry = directory.nearest(owner)
            if entry is not None:
                return msg("Did you mean {guess}? Rename the folder to its id.", guess=called(entry))
    return msg("Rename the folder to the id of its entry, or delete it.")


def missing(facts: Facts) -> Iterator[Diagnostic]:
    """A picture or file that a text links is there, in `files/ID/` of the entry.

    Why: the reader sees a hole where the screenshot was to be. Often the file was never added to git, or renamed.

    Bad:
        requirements/REQ-00000a.md
            title: Export invoices
            ---
            The error that all accountants see: ![error](files/REQ-00000a/screne.png)
                                                         ^^^^^^^^^^^^^^^^^^^^^^^^^^^
        pool/requirements/files/REQ-00000a/screen.png
            A picture

    Good:
        requirements/REQ-00000a.md
            title: Export invoices
            ---
            The error that all accountants see: ![error](files/REQ-00000a/screen.png)
        pool/requirements/files/REQ-00000a/screen.png
            A picture

    Fix: correct the link, or add the file.
    """
    shelf = Shelf(facts)
    for link in facts.links if facts.attachments is not None else ():
        if leads_to_attachment(link) and link.path not in shelf.by_path and link.path not in facts.beside:
            yield Diagnostic.of(
                MISSING,
                link.entry.path,
                link.span,
                msg("There is no file “{target}”.", target=quoted(link.target)),
                shelf.where_to(link),
            )


def anothers(facts: Facts) -> Iterator[Diagnostic]:
    """A text links the attachments of its own entry only.

    Why: when the other entry is deleted, or isn't published, the file goes with it and this link leads nowhere.

    Bad:
        requirements/REQ-00000a.md
            title: Export invoices
            ---
            The error that all accountants see: ![error](files/REQ-00000z/screen.png)
                                                         ^^^^^^^^^^^^^^^^^^^^^^^^^^^
        pool/requirements/files/REQ-00000z/screen.png
            A picture

    Good:
        requirements/REQ-00000a.md
            title: Export invoices
            ---
            The error that all accountants see is shown in [the first report](REQ-00000z.md).

    Fix: copy the file into `files/ID/` of this entry, or link the other entry instead.
    """
    shelf = Shelf(facts)
    for link in facts.links if facts.attachments else ():
        attachment = shelf.by_path.get(link.path)
        if attachment is not None and attachment.owner in facts.owners and attachment.owner != link.entry.id:
            yield Diagnostic.of(
                ANOTHERS,
                link.entry.path,
                link.span,
                msg("This file belongs to another entry, {owner}.", owner=attachment.owner),
                msg("Copy it to files/{id}/, or link the other entry instead.", id=link.entry.id),
            )


def unused(facts: Facts) -> Iterator[Diagnostic]:
    """An attachment is linked in a text.

    Why: nobody knows what it shows, and a public site leaves it out.

    Bad:
        pool/requirements/files/REQ-00000a/screen.png
            A picture
        requirements/REQ-00000a.md
            title: Export invoices

    Good:
        pool/requirements/files/REQ-00000a/screen.png
            A picture
        requirements/REQ-00000a.md
            title: Export invoices
            ---
            The error that all accountants see: ![error](files/REQ-00000a/screen.png)

    Fix: link it in the entry and say what it shows, or delete it.
    """
    linked = {link.path for link in facts.links} if facts.attachments else set()
    for attachment in facts.attachments or ():
        sound = attachment.owner in facts.owners and attachment.type in TYPES and attachment.size <= MOST_BYTES
        if sound and normalize("NFC", attachment.path) not in linked:
            yield Diagnostic.of(
                UNUSED,
                attachment.path,
                None,
                msg("No text links this file."),
                msg(
                    "Link it in {id} and say what it shows: {link}. Or delete it.",
                    id=attachment.owner,
                    link=f"[…]({as_target(f'files/{attachment.owner}/{attachment.name}')})",
                ),
            )


def dead_link(facts: Facts) -> Iterator[Diagnostic]:
    """A link to another entry's file leads to a file that is there.

    Why: whoever follows it, in the site or on the code host, finds nothing. Often the file was renamed with its title.

    Bad:
        requirements/REQ-00000a.md
            title: Export invoices
            ---
            Not the same as [the export for auditors](REQ-00000z-audit.md), which is about receipts.
                                                      ^^^^^^^^^^^^^^^^^^^

    Good:
        requirements/REQ-00000a.md
            title: Export invoices
            ---
            Not the same as [the export for auditors](REQ-00000z.md), which is about receipts.

    Fix: write the file's name as it is now.
    """
    to_entries = [link for link in facts.links if link.path.endswith(".md") and ATTACHMENTS not in link.parts]
    if not to_entries:
        return
    signposts = Signposts(facts)
    for link in to_entries:
        if link.path not in facts.files and signposts.knows(link):
            yield Diagnostic.of(
                DEAD_LINK,
                link.entry.path,
                link.span,
                msg("There is no file “{target}”.", target=quoted(link.target)),
                signposts.where_to(link),
            )


class Signposts:
    """Where the entries' files lie, for links that miss them: by name, which several may share, and by folder and name."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.by_name: dict[str, Entry | None] = {}
        self.by_place: dict[tuple[str, ...], Entry] = {}
        self.kinds: dict[str, str] = {}
        for entry in facts.pool.entries:
            folder, _, name = normalize("NFC", entry.path).rpartition("/")
            self.by_name[name] = None if name in self.by_name else entry
            self.by_place.setdefault((folder.rpartition("/")[2], name), entry)
            self.kinds.setdefault(folder, entry.kind)

    def knows(self, link: Link) -> bool:
        """Whether a link means an entry's file: one of that name, or one in a folder that holds nothing else."""
        kind = self.kinds.get(posixpath.dirname(link.path))
        section = self.facts.pool.config.kinds.get(kind or "")
        return link.parts[-1] in self.by_name or (kind is not None and not (section and section.files))

    def where_to(self, link: Link) -> Message:
        """The file that is meant: of the same name, or of the entry with the id in that name, or with a near one."""
        kind = self.kinds.get(posixpath.dirname(link.path))
        entry = self.by_name.get(link.parts[-1]) or self.by_place.get(tuple(link.parts[-2:]))
        if entry is None and kind is not None:
            prefix = self.facts.pool.schema[kind].prefix
            stem = link.parts[-1].removesuffix(".md")
            given = stem[: len(prefix) + 7] if prefix else stem
            entry = self.facts.pool.get(kind, given) or self.facts.directories[kind].nearest(given)
        if entry is None:
            return msg("Write the file's name as it is now, or delete the link.")
        return msg("Did you mean {guess}?", guess=relative(entry.path, link.entry))


def leads_to_attachment(link: Link) -> bool:
    """Whether a link means a file beside the entries: by its place or by its type."""
    parts = link.parts
    in_files = len(parts) > 2 and parts[-3] == ATTACHMENTS
    return in_files or posixpath.splitext(parts[-1])[1].lower() in LIKE_ATTACHMENTS


LIKE_ATTACHMENTS = frozenset({*TYPES, ".svg", ".bmp", ".heic", ".xls", ".doc", ".docx", ".ppt", ".pptx", ".zip"})
"""Types of what people attach, also of what they can't."""


class Shelf:
    """The attachments of a pool by what a link may say of them."""

    def __init__(self, facts: Facts) -> None:
        self.attachments = facts.attachments or ()

    @cached_property
    def by_path(self) -> dict[str, Attachment]:
        return {normalize("NFC", attachment.path): attachment for attachment in self.attachments}

    @cached_property
    def by_owner(self) -> dict[str, dict[str, Attachment]]:
        found: dict[str, dict[str, Attachment]] = {}
        for attachment in self.attachments:
            found.setdefault(attachment.owner, {})[attachment.name] = attachment
        return found

    def where_to(self, link: Link) -> Message:
        """What to do about a link to an attachment that isn't there."""
        own = self.by_owner.get(link.entry.id, {})
        name = normalize("NFC", re.split(r"[/\\]", link.target)[-1])
        there = own.get(name)
        if there is None and link.parts[-2:-1]:
            there = self.by_owner.get(link.parts[-2], {}).get(name)
        if there is None and (guess := nearest(name, own)):
            there = own[guess]
        if there is not None:
            return msg("Did you mean {guess}?", guess=relative(there.path, link.entry))
        return msg(
            "Put the file into files/{id}/ beside the entry, and link it as files/{id}/{name}.",
            id=link.entry.id,
            name=quoted(name) or "…",
        )


_READABLE = re.compile(r"[\w.,+@=~–—-]+")


def as_target(path: str) -> str:
    """A path as it stands in a link."""
    return path if all(_READABLE.fullmatch(part) for part in path.split("/")) else quote(path)


def relative(path: str, entry: Entry) -> str:
    """A file's path as a link in an entry's body names it."""
    return as_target(normalize("NFC", posixpath.relpath(path, posixpath.dirname(entry.path))))
