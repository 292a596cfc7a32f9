"""Terms that mean the same, in Chinese and English: those shipped with tobkit, and the team's `[dedupe] synonyms`.

Equivalent terms share a *concept*, a token beside the words themselves, so that 导出对账单 and "export reconciliation
statements" have something in common.
"""

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from functools import cache
from hashlib import blake2b
from importlib.resources import files

from tobkit.dedupe.text import IS_CJK, Run, runs, stem

CONCEPT = "="
"""How the name of a concept begins, so that it is never taken for a word."""


class Glossary:
    """Which concepts a text speaks of. Lines that share a term are one concept, named by its first term."""

    def __init__(self, lines: Iterable[Sequence[str]]) -> None:
        lines = [tuple(line) for line in lines]
        self.key = blake2b(repr(lines).encode("utf-8", "surrogatepass"), digest_size=16).digest()
        """A digest that tells glossaries apart."""
        self.concept_of = concepts([tuple(filter(None, map(term_key, line))) for line in lines])
        self._chinese = any_of(term for term in self.concept_of if IS_CJK.match(term))
        self._phrases: dict[str, list[tuple[str, ...]]] = {}
        for term in sorted(self.concept_of, key=lambda term: (-len(term), term)):
            words = tuple(term.split(" "))
            if len(words) > 1:
                self._phrases.setdefault(words[0], []).append(words)

    def of_run(self, run: str) -> list[str]:
        """The concepts within one folded run: a CJK stretch (longest terms first) or a word."""
        if IS_CJK.match(run):
            return [self.concept_of[term] for term in self._chinese.findall(run)] if self._chinese else []
        concept = self.concept_of.get(stem(run))
        return [concept] if concept else []

    def begins_phrase(self, run: str) -> bool:
        """Whether a term of several words may begin with this one."""
        return stem(run) in self._phrases

    def of_phrases(self, text: Sequence[str], heads: Container[str]) -> list[str]:
        """The concepts whose terms are of several words, in the folded runs of a text.

        `heads` holds those runs of the text with which such a term may begin.
        """
        found: list[str] = []
        for place in [place for place, word in enumerate(text[:-1]) if word in heads]:
            following = stem(text[place + 1])
            found += [
                self.concept_of[" ".join(phrase)]
                for phrase in self._phrases.get(stem(text[place]), ())
                if phrase[1] == following and tuple(map(stem, text[place : place + len(phrase)])) == phrase
            ]
        return found

    def terms_in(self, text: Sequence[Run]) -> Iterator[tuple[str, str]]:
        """(concept, the term as written) for what a text says."""
        for place, run in enumerate(text):
            if IS_CJK.match(run.folded):
                for term in self._chinese.findall(run.folded) if self._chinese else ():
                    yield self.concept_of[term], term
                continue
            if run.tokens[0] in self.concept_of:
                yield self.concept_of[run.tokens[0]], run.surface
            for phrase in self._phrases.get(run.tokens[0], ()):
                said = text[place : place + len(phrase)]
                if tuple(word.tokens[0] for word in said) == phrase:
                    yield self.concept_of[" ".join(phrase)], " ".join(word.surface for word in said)


def any_of(terms: Iterable[str]) -> re.Pattern[str] | None:
    """A pattern that matches the longest of the terms; by first characters, so that it is quick on other text."""
    rests: dict[str, list[str]] = {}
    for term in sorted(terms, key=lambda term: (-len(term), term)):
        rests.setdefault(term[0], []).append(re.escape(term[1:]))
    starts = (f"{re.escape(first)}(?:{'|'.join(found)})" for first, found in sorted(rests.items()))
    return re.compile("|".join(starts)) if rests else None


def term_key(term: str) -> str:
    """A term as it is looked up: a CJK stretch as it is, words as stems, one space between."""
    return " ".join(run if IS_CJK.match(run) else stem(run) for run in runs(term))


def concepts(lines: Iterable[Sequence[str]]) -> dict[str, str]:
    """Term -> concept, where lines that share a term are joined."""
    concept_of: dict[str, str] = {}
    terms_of: dict[str, list[str]] = {}
    for line in lines:
        joined = dict.fromkeys(concept_of[term] for term in line if term in concept_of)
        terms = [term for concept in joined for term in terms_of.pop(concept)] + list(line)
        if terms:
            name = CONCEPT + terms[0]
            terms_of[name] = list(dict.fromkeys(terms))
            concept_of.update(dict.fromkeys(terms, name))
    return concept_of


@cache
def shipped() -> tuple[tuple[str, ...], ...]:
    """tobkit's own glossary: lines of equivalent terms."""
    text = files("tobkit.dedupe").joinpath("glossary.txt").read_text(encoding="utf-8")
    lines = (line.partition("#")[0] for line in text.splitlines())
    return tuple(tuple(term.strip() for term in line.split("=")) for line in lines if line.strip())


@cache
def glossary(synonyms: tuple[tuple[str, ...], ...] = ()) -> Glossary:
    """The shipped terms together with a team's synonyms."""
    return Glossary((*shipped(), *synonyms))
