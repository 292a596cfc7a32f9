"""Likely duplicates, as text for people and as JSON."""

import json
from collections.abc import Mapping, Sequence

from tobkit.dedupe import Duplicates, Neighbour
from tobkit.messages import Translator
from tobkit.model.pool import Pool


def as_json(duplicates: Duplicates, _: Translator) -> str:
    """`{"pairs": [{"a", "b", "score", "reasons"}], "groups": [[id, ...]]}`."""
    document = {
        "pairs": [
            {"a": pair.a, "b": pair.b, "score": pair.score, "reasons": [_.text(reason) for reason in pair.reasons]}
            for pair in duplicates.pairs
        ],
        "groups": [list(group) for group in duplicates.groups],
    }
    return json.dumps(document, ensure_ascii=False, indent=2)


def text(pool: Pool, duplicates: Duplicates, _: Translator) -> str:
    """Each pair with its reasons and the commands that settle it, then the groups of three and more."""
    if not duplicates.pairs:
        return _("No likely duplicates.")
    lines: list[str] = []
    for pair in duplicates.pairs:
        lines += [
            f"{pair.score:.2f}  {pair.a}  {pool.requirements[pair.a].title}",
            f"      {pair.b}  {pool.requirements[pair.b].title}",
            "      " + "; ".join(_.text(reason) for reason in pair.reasons),
            f"      tobkit merge {pair.a} {pair.b}  |  tobkit distinct {pair.a} {pair.b}",
            "",
        ]
    larger = [group for group in duplicates.groups if len(group) > 2]
    for group in larger:
        lines += [
            _("Probably all one need:"),
            *(f"  {member}  {pool.requirements[member].title}" for member in group),
            "",
        ]
    lines.append(_.ngettext("{n} pair", "{n} pairs", len(duplicates.pairs)))
    return "\n".join(lines)


def neighbours_as_json(found: Mapping[str, Sequence[Neighbour]]) -> str:
    """`{"neighbours": {id: [{"id", "score"}, ...]}}`."""
    document = {
        "neighbours": {
            entry_id: [{"id": near.id, "score": near.score} for near in nearest] for entry_id, nearest in found.items()
        }
    }
    return json.dumps(document, ensure_ascii=False, indent=2)


def neighbours_text(pool: Pool, found: Mapping[str, Sequence[Neighbour]], _: Translator) -> str:
    lines: list[str] = []
    for entry_id, nearest in found.items():
        lines.append(f"{entry_id}  {pool.requirements[entry_id].title}")
        lines += [f"  {near.score:.2f}  {near.id}  {pool.requirements[near.id].title}" for near in nearest]
    return "\n".join(lines) or _("There are no requirements.")
