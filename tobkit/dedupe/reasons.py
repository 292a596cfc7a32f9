"""Why two requirements may be one need, in words that a person can judge."""

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property

from tobkit.dedupe.encoding import Document
from tobkit.dedupe.glossary import Glossary, term_key
from tobkit.dedupe.index import Index, document_of
from tobkit.dedupe.text import COMMON, IS_CJK, Run, written_runs
from tobkit.messages import Message, msg

TERMS_SHOWN = 4
LONGEST_SHOWN = 20
LONGEST_READ = 40
NEARLY_SAME_TITLE = 0.75
READ = 2_000
"""Characters of a body that are read for reasons."""
LEAST_RARITY = 0.3
"""Terms with less than this part of the greatest possible rarity say nothing to a reader."""

LEAST_WEIGHT = 0.4
"""Terms that tell less than this part of what the first one tells aren't shown."""

# What Chinese terms don't begin or end with when shown.
PARTICLES = "的了着过在是和与及或也都就要想能会可将把被让给从向到等请吗呢吧啊我你您他她它们这那个些很更再又还并而但由于为以其之每各所"


class Said:
    """What an entry says, read for reasons."""

    def __init__(self, document: Document, glossary: Glossary) -> None:
        self.title = list(written_runs(document.title))
        self.runs = [*self.title, *written_runs(document.body[:READ])]
        self.glossary = glossary

    @property
    def words(self) -> list[str]:
        return [run.folded for run in self.runs]

    @cached_property
    def tokens(self) -> frozenset[str]:
        return frozenset(token for run in self.runs for token in run.tokens)

    @cached_property
    def title_tokens(self) -> frozenset[str]:
        return frozenset(token for run in self.title for token in run.tokens)

    @cached_property
    def stretches(self) -> list[str]:
        """The different CJK stretches."""
        return list(dict.fromkeys(run.folded for run in self.runs if IS_CJK.match(run.folded)))

    @cached_property
    def cjk(self) -> str:
        """The CJK stretches, one a line."""
        return "\n".join(self.stretches)

    @cached_property
    def written(self) -> dict[str, str]:
        """Stem -> the word as written, without a capital where it is found so too."""
        found: dict[str, str] = {}
        for run in self.runs:
            known = found.get(run.tokens[0])
            if known == run.surface or IS_CJK.match(run.folded):
                continue
            if known is None or sum(map(str.isupper, run.surface)) < sum(map(str.isupper, known)):
                found[run.tokens[0]] = run.surface
        return found

    @cached_property
    def concepts(self) -> dict[str, str]:
        """Concept -> the term by which it is said first."""
        found: dict[str, str] = {}
        for concept, term in self.glossary.terms_in(self.runs):
            found.setdefault(concept, term)
        return found


def shared_terms(one: Said, other: Said, rarity: Callable[[str], float], greatest: float) -> tuple[str, ...]:
    """The rarest terms that both say, as a reader would write them, the most telling first."""
    weights: dict[str, float] = {}
    for term, tokens in dict(terms_in_common(one, other, rarity)).items():
        rarest = sorted(map(rarity, tokens), reverse=True)
        if rarest[0] >= LEAST_RARITY * greatest:
            in_titles = one.title_tokens.issuperset(tokens) + other.title_tokens.issuperset(tokens)
            weights[term] = (rarest[0] + 0.25 * sum(rarest[1:])) * (1 + in_titles / 2)
    least = max(weights.values(), default=0.0) * LEAST_WEIGHT
    shown: list[str] = []
    for term in sorted(weights, key=lambda term: (-round(weights[term], 6), term)):
        if weights[term] >= least and not any(term in chosen or chosen in term for chosen in shown):
            shown.append(term)
        if len(shown) == TERMS_SHOWN:
            break
    return tuple(term if len(term) <= LONGEST_SHOWN else term[:LONGEST_SHOWN] + "…" for term in shown)


def terms_in_common(one: Said, other: Said, rarity: Callable[[str], float]) -> Iterator[tuple[str, Sequence[str]]]:
    """The words and CJK stretches that both say, each with its tokens."""
    for token in one.written.keys() & other.written.keys():
        writings = (one.written[token], other.written[token])
        if len(token) > 1 and not token.isdigit() and not COMMON.issuperset(map(str.casefold, writings)):
            yield min(writings, key=lambda word: (sum(map(str.isupper, word)), len(word), word)), (token,)
    for run in one.stretches:
        for stretch in common_stretches(run, other, rarity):
            yield stretch, [stretch[at : at + 2] for at in range(len(stretch) - 1)]


def common_stretches(run: str, other: Said, rarity: Callable[[str], float]) -> Iterator[str]:
    """The longest stretches of a CJK run that the other text has too, cut where words end.

    Chinese isn't segmented: a character at the edge of a stretch is left out if it belongs to what stands outside
    (批量导|出), because that is a known term or the more common pair of characters. So are particles.
    """

    def cut(inside: str, outside: str) -> bool:
        known = other.glossary.concept_of
        return inside not in known and (outside in known or rarity(outside) < rarity(inside))

    start = 0
    while start < len(run) - 1:
        end = start + 1
        while (
            end < min(len(run), start + LONGEST_READ)
            and run[end - 1 : end + 1] in other.tokens
            and run[start : end + 1] in other.cjk
        ):
            end += 1
        first, last = start, end
        while last - first > 1 and last < len(run) and cut(run[last - 2 : last], run[last - 1 : last + 1]):
            last -= 1
        while last - first > 1 and first > 0 and cut(run[first : first + 2], run[first - 1 : first + 1]):
            first += 1
        stretch = run[first:last].strip(PARTICLES)
        if len(stretch) > 1:
            yield stretch
        start = max(end - 1, start + 1)


class Explainer:
    """Gives reasons; reads each entry once."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self.said: dict[int, Said] = {}

    def pair(self, one: int, other: int, *, mutual: bool) -> tuple[Message, ...]:
        """Why two documents of the index may be one need."""
        left, right = self.index.entries[one], self.index.entries[other]
        canonical = self.index.entries[self.index.canonical[one]]
        return self._reasons(
            self._said(one),
            self._said(other),
            same_words=bool(self.index.row_of[one] == self.index.row_of[other]),
            module=canonical.module if self.index.modules[one] == self.index.modules[other] else None,
            customers=self._shared_customers(left.customers, right.customers),
            mutual=mutual,
        )

    def text(self, document: Document, other: int, module: str | None, customers: Sequence[str]) -> tuple[Message, ...]:
        """Why a text that isn't in the pool may be the same need as a document of the index."""
        said = Said(document, self.index.glossary)
        return self._reasons(
            said,
            self._said(other),
            same_words=said.runs != [] and said.words == self._said(other).words,
            module=module if self.index.module_number(module) == self.index.modules[other] else None,
            customers=self._shared_customers(customers, self.index.entries[other].customers),
            mutual=False,
        )

    def _said(self, number: int) -> Said:
        if number not in self.said:
            self.said[number] = Said(document_of(self.index.entries[number]), self.index.glossary)
        return self.said[number]

    def _shared_customers(self, one: Sequence[str], other: Sequence[str]) -> tuple[str, ...]:
        """The names of the customers for whom both were filed."""
        pool = self.index.pool
        asked = [
            {found.id: found.label for ref in refs if (found := pool.get("customer", ref))} for refs in (one, other)
        ]
        return tuple(asked[0][key] for key in sorted(asked[0].keys() & asked[1].keys()))

    def _reasons(
        self,
        one: Said,
        other: Said,
        *,
        same_words: bool,
        module: str | None,
        customers: tuple[str, ...],
        mutual: bool,
    ) -> tuple[Message, ...]:
        """The reasons that hold, the strongest first."""
        found: list[Message] = []
        if same_words:
            found.append(msg("word for word the same"))
        elif nearly_the_same(one.title, other.title):
            found.append(msg("titles nearly the same"))
        if not same_words and (terms := shared_terms(one, other, self.index.rarity, self.index.rarities[-1])):
            found.append(msg("both say {terms}", terms=terms))
        if meanings := shared_meanings(one, other):
            found.append(msg("same meaning: {terms}", terms=meanings))
        if not found:
            found.append(msg("similar wording"))
        if module:
            known = self.index.pool.get("module", module)
            found.append(msg("same module: {module}", module=known.label if known else module))
        if customers:
            found.append(msg("same customer: {customers}", customers=customers))
        if mutual:
            found.append(msg("each is the other's best match"))
        return tuple(found)


def shared_meanings(one: Said, other: Said) -> tuple[str, ...]:
    """What both say in different words: `对账 = reconciliation`."""
    return tuple(
        f"{term} = {other.concepts[concept]}"
        for concept, term in one.concepts.items()
        if concept in other.concepts and not same_word(term, other.concepts[concept])
    )[:TERMS_SHOWN]


def same_word(one: str, other: str) -> bool:
    return term_key(one) == term_key(other)


def nearly_the_same(one: Sequence[Run], other: Sequence[Run]) -> bool:
    """Whether two titles share nearly all of their tokens (the Dice coefficient)."""
    left, right = ({token for run in title for token in run.tokens} for title in (one, other))
    return bool(left) and 2 * len(left & right) >= NEARLY_SAME_TITLE * (len(left) + len(right))
