"""Likely duplicates, as text for people and as JSON."""

from collections.abc import Mapping, Sequence

from tobkit.dedupe import Duplicates, Neighbour
from tobkit.messages import Translator
from tobkit.model.pool import Pool
from tobkit.report.diagnostics import visible
from tobkit.report.ranking import dumped


def as_json(duplicates: Duplicates, _: Translator) -> str:
    """`{"pairs": [{"a", "b", "score", "reasons"}], "groups": [[id, ...]]}`."""
    document = {
        "pairs": [
            {"a": pair.a, "b": pair.b, "score": pair.score, "reasons": [_.text(reason) for reason in pair.reasons]}
            for pair in duplicates.pairs
        ],
        "groups": [list(group) for group in duplicates.groups],
    }
    return dumped(document)


def text(pool: Pool, duplicates: Duplicates, _: Translator) -> str:
    """Each pair with its reasons and the commands that settle it, then the groups of three and more."""
    if not duplicates.pairs:
        return _("No likely duplicates.")
    blocks = [
        [
            f"{pair.score:.2f}  {called(pool, pair.a)}",
            f"      {called(pool, pair.b)}",
            "      " + visible(_("; ").join(_.text(reason) for reason in pair.reasons)),
            "      " + _("same need: {command}", command=f"tobkit merge {pair.a} {pair.b}"),
            "      " + _("different: {command}", command=f"tobkit distinct {pair.a} {pair.b}"),
        ]
        for pair in duplicates.pairs
    ]
    blocks += [
        [_("Probably all one need:"), *(f"      {called(pool, member)}" for member in group)]
        for group in duplicates.groups
        if len(group) > 2
    ]
    blocks.append([_.ngettext("{n} pair", "{n} pairs", len(duplicates.pairs))])
    return "\n\n".join("\n".join(lines) for lines in blocks)


def called(pool: Pool, requirement_id: str) -> str:
    return f"{requirement_id}  {visible(pool.requirements[requirement_id].title)}"


def neighbours_as_json(found: Mapping[str, Sequence[Neighbour]]) -> str:
    """`{"neighbours": {id: [{"id", "score"}, ...]}}`."""
    document = {
        "neighbours": {
            entry_id: [{"id": near.id, "score": near.score} for near in nearest] for entry_id, nearest in found.items()
        }
    }
    return dumped(document)


def neighbours_text(pool: Pool, found: Mapping[str, Sequence[Neighbour]], _: Translator) -> str:
    """Each requirement, and below it those nearest to it."""
    lines: list[str] = []
    for entry_id, nearest in found.items():
        lines.append(called(pool, entry_id))
        lines += [f"  {near.score:.2f}  {called(pool, near.id)}" for near in nearest]
    return "\n".join(lines) or _("There are no requirements.")
