"""A word that the index does not hold becomes the likest one that it does.

A slip is a letter too many, too few, another, or two changed about: one in a short word, two in a long
one. Among words that near, the Dice coefficient over the letter trigrams of '#word#' decides. A word that
the index knows is never touched.
"""

from collections import Counter
from collections.abc import Iterable

SHORTEST = 5  # letters; shorter words have too many neighbours
LIKE_ENOUGH = 0.3
LONG = 7  # letters; a longer word may hold two slips
CORRECTED_WEIGHT = 0.8  # of a corrected word beside 1 for one that was typed so


def _trigrams(word: str) -> set[str]:
    marked = f"#{word}#"
    return {marked[i : i + 3] for i in range(len(marked) - 2)}


class Spelling:
    """The likest stem of a vocabulary."""

    def __init__(self, vocabulary: Iterable[str]) -> None:
        self._words = sorted(word for word in vocabulary if len(word) >= SHORTEST - 1 and word.isalpha())
        self._holding: dict[str, list[int]] = {}
        self._sizes: list[int] = []
        for number, word in enumerate(self._words):
            grams = _trigrams(word)
            self._sizes.append(len(grams))
            for gram in grams:
                self._holding.setdefault(gram, []).append(number)

    def likest(self, stem: str) -> str | None:
        """The vocabulary's nearest stem, None when nothing is near; ties go to the alphabet."""
        if len(stem) < SHORTEST or not stem.isalpha():
            return None
        grams = _trigrams(stem)
        shared = Counter(number for gram in grams for number in self._holding.get(gram, ()))
        best, best_score = None, LIKE_ENOUGH
        slips = 1 if len(stem) <= LONG else 2
        for number, count in sorted(shared.items()):
            if distance(stem, self._words[number]) > slips:
                continue
            score = self._score(stem, number, 2 * count / (len(grams) + self._sizes[number]))
            if score > best_score:
                best, best_score = self._words[number], score
        return best

    def _score(self, stem: str, number: int, dice: float) -> float:
        word = self._words[number]
        return dice + 0.05 * (word[0] == stem[0] and abs(len(word) - len(stem)) <= 2)


def distance(one: str, other: str) -> int:
    """Slips between two words (optimal string alignment distance); more than two count as three."""
    if abs(len(one) - len(other)) > 2:
        return 3
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        before, last, row = row, before, [i]
        for j, opposite in enumerate(other, start=1):
            cost = min(before[j] + 1, row[-1] + 1, before[j - 1] + (letter != opposite))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == opposite:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1]
