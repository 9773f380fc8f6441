"""A word that the index does not hold, or as good as not, becomes the likest one that it does.

A slip is a letter too many, too few, another, or two changed about: one in a short word, two in a long
one. Among words that near, the Dice coefficient over the letter trigrams of '#word#' decides. A word that
the index knows is left alone; but many documents hold slips too, and such a one is a word that hardly a
passage holds, near another that is in ten thousand times as many.
"""

from functools import lru_cache

from qa_service.domain.ports import Snapshot

SHORTEST = 5  # letters; shorter words have too many neighbours
LIKE_ENOUGH = 0.3
LONG = 7  # letters; a longer word may hold two slips
MUCH = 10_000  # times as many passages hold what was meant: a word of the documents is a slip of theirs
SLIPPED = 1000  # times as many hold another word as near: nobody means this one
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

    def doubtful(self, stem: str) -> bool:
        """Whether the index does not hold a stem, or so seldom that it may be a slip of the documents."""
        return MUCH * self._snapshot.holding(stem).passages <= self._snapshot.size.passages

    def _likest(self, stem: str) -> str | None:
        """The nearest stem of the index, None when nothing is near; ties go to the alphabet."""
        if len(stem) < SHORTEST or not stem.isalpha() or not self.doubtful(stem):
            return None
        held = self._near(stem)
        fewest = max(MUCH * self._snapshot.holding(stem).passages, max(held.values(), default=0) // SLIPPED)
        likely = [word for word in held if held[word] > fewest and _score(stem, word) > LIKE_ENOUGH]
        return max(likely, key=lambda word: _score(stem, word), default=None)

    def _near(self, stem: str) -> dict[str, int]:
        """The stems at most so many slips away, in order of the alphabet, and how many passages hold each."""
        slips = 1 if len(stem) <= LONG else 2
        words = (word for word in self._snapshot.like(stem) if len(word) >= SHORTEST - 1 and word.isalpha())
        found = [word for word in words if word != stem and near(stem, word, slips)]
        return {word: self._snapshot.holding(word).passages for word in found}


def near(one: str, other: str, slips: int) -> bool:
    """Whether two words are at most so many slips apart."""
    from rapidfuzz.distance import OSA  # noqa: PLC0415 - slow to import, and only mistyped words need it

    return OSA.distance(one, other, score_cutoff=slips) <= slips


def _score(one: str, other: str) -> float:
    grams, others = _trigrams(one), _trigrams(other)
    dice = 2 * len(grams & others) / (len(grams) + len(others))
    return dice + 0.05 * (one[0] == other[0] and abs(len(one) - len(other)) <= 2)
