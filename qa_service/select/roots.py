"""A stem becomes its root: "expir" and "expiration", "negoti" and "negotiator" meet."""

from functools import lru_cache

SUFFIXES = (
    "ation ition ement ment ness ance ence ancy ency ship ism ist ian ity ive ion ial al ors or er ers ic ous ful less able "
    "ible ese age dom at iz y e"
).split()
SHORTEST_ROOT = 4
PREFIX = 5


@lru_cache(maxsize=200_000)
def root(stem: str) -> str:
    """The stem without at most two derivational endings, at least four letters long."""
    for _ in range(2):
        shorter = next(
            (stem[: -len(s)] for s in SUFFIXES if stem.endswith(s) and len(stem) - len(s) >= SHORTEST_ROOT),
            None,
        )
        if shorter is None:
            break
        stem = shorter
    return stem
