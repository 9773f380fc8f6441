"""A word that the index does not hold becomes the likest one that it does.

A slip is a letter too many, too few, another, or two changed about: one in a short word, two in a long
one. Among words that near, the Dice coefficient over the letter trigrams of '#word#' decides. A word that
the index knows is never touched.
"""

from functools import lru_cache

from qa_service.domain.ports import Snapshot

SHORTEST = 5  # letters; shorter words have too many neighbours
LIKE_ENOUGH = 0.3
LONG = 7  # letters; a longer word may hold two slips
KEPT = 4096  # words whose nearest one is kept
CORRECTED_WEIGHT = 0.8  # of a corrected word beside 1 for one that was typed so


def _trigrams(word: str) -> set[str]:
    marked = f"#{word}#"
    return {marked[i : i + 3] for i in range(len(marked) - 2)}


class Spelling:
    """The likest stem among those of an index."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self.likest = lru_cache(maxsize=KEPT)(self._likest)

    def _likest(self, stem: str) -> str | None:
        """The nearest stem of the index, None when nothing is near; ties go to the alphabet."""
        if len(stem) < SHORTEST or not stem.isalpha():
            return None
        best, best_score = None, LIKE_ENOUGH
        slips = 1 if len(stem) <= LONG else 2
        for word in self._snapshot.like(stem):
            if len(word) >= SHORTEST - 1 and word.isalpha() and near(stem, word, slips):
                score = _score(stem, word)
                if score > best_score:
                    best, best_score = word, score
        return best


def near(one: str, other: str, slips: int) -> bool:
    """Whether two words are at most so many slips apart."""
    from rapidfuzz.distance import OSA  # noqa: PLC0415 - slow to import, and only mistyped words need it

    return OSA.distance(one, other, score_cutoff=slips) <= slips


def _score(one: str, other: str) -> float:
    grams, others = _trigrams(one), _trigrams(other)
    dice = 2 * len(grams & others) / (len(grams) + len(others))
    return dice + 0.05 * (one[0] == other[0] and abs(len(one) - len(other)) <= 2)
