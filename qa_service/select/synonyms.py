"""Groups of words that mean the same to a reader, from index/synonyms.toml, looked up by stem."""

from bisect import bisect_right
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from itertools import accumulate
from pathlib import Path

import tomli

from qa_service.domain.errors import SettingsError
from qa_service.domain.ports import Analyser, Token, Word

Groups = frozenset[int]
NONE: Groups = frozenset()


class Synonyms:
    """Which groups a word of a text belongs to; a phrase gives its groups to each of its words."""

    def __init__(self, groups: Sequence[Sequence[str]], analyser: Analyser) -> None:
        self._single: dict[str, Groups] = {}
        self._phrases: dict[str, list[tuple[tuple[str, ...], int]]] = {}
        surfaces = [(surface, number) for number, group in enumerate(groups) for surface in group]
        for stems, (_, number) in zip(
            _stems([text for text, _ in surfaces], analyser), surfaces, strict=True
        ):
            self._add(stems, number)

    def _add(self, stems: tuple[str, ...], number: int) -> None:
        if len(stems) == 1:
            self._single[stems[0]] = self._single.get(stems[0], NONE) | {number}
        elif stems:
            self._phrases.setdefault(stems[0], []).append((stems, number))

    def of(self, words: Sequence[Word | Token]) -> dict[str, Groups]:
        """The groups of each stem of a text that has any. Up to one word may stand inside a phrase."""
        found: dict[str, Groups] = {}
        stems = [word.stem for word in words]
        for place, stem in enumerate(stems):
            if stem in self._single and words[place].content:
                found[stem] = found.get(stem, NONE) | self._single[stem]
            for phrase, number in self._phrases.get(stem, ()):
                for part in _matched(stems, place, phrase):
                    found[part] = found.get(part, NONE) | {number}
        return found

    def of_word(self, word: Word | Token) -> Groups:
        """The groups of a word that stands alone."""
        return self._single.get(word.stem, NONE) if word.content else NONE

    @property
    def meanings(self) -> Mapping[str, Groups]:
        """The groups of the stem of each single word."""
        return self._single

    def stems_of(self, group: int) -> Collection[str]:
        """The stems of the single words of a group."""
        return self._members.get(group, ())

    def words_of(self, group: int) -> Collection[str]:
        """The stems of all words of a group, its phrases included: a text without any is not of it."""
        return self._words.get(group, ())

    @cached_property
    def _words(self) -> dict[int, set[str]]:
        found = {group: set(stems) for group, stems in self._members.items()}
        for phrases in self._phrases.values():
            for stems, group in phrases:
                found.setdefault(group, set()).update(stems)
        return found

    @cached_property
    def _members(self) -> dict[int, list[str]]:
        found: dict[int, list[str]] = {}
        for stem, groups in self._single.items():
            for group in groups:
                found.setdefault(group, []).append(stem)
        return found


def _stems(surfaces: Sequence[str], analyser: Analyser) -> list[tuple[str, ...]]:
    """The stems of each surface; cut in one go, which is faster than one by one."""
    ends = list(accumulate(len(surface) + 1 for surface in surfaces))
    found: list[list[str]] = [[] for _ in surfaces]
    for token in analyser.tokens("\n".join(surfaces)):
        found[bisect_right(ends, token.start)].append(token.stem)
    return [tuple(stems) for stems in found]


def _matched(stems: Sequence[str], place: int, phrase: tuple[str, ...]) -> tuple[str, ...]:
    """The phrase's stems when they stand from this place on, in order, with at most one word between."""
    here = place
    for stem in phrase[1:]:
        near = [step for step in (1, 2) if here + step < len(stems) and stems[here + step] == stem]
        if not near:
            return ()
        here += near[0]
    return phrase


def load_synonyms(path: Path, analyser: Analyser) -> Synonyms:
    """The groups of a synonyms.toml. Raises SettingsError naming QA_SYNONYMS."""
    try:
        groups = tomli.loads(path.read_text("utf-8"))["groups"]
        return Synonyms([[str(word) for word in group] for group in groups], analyser)
    except (OSError, UnicodeDecodeError, tomli.TOMLDecodeError, KeyError, TypeError) as error:
        raise SettingsError(f"QA_SYNONYMS: {path}: {type(error).__name__}: {error}") from error
