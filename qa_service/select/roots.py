"""A stem becomes its root: "expir" and "expiration", "negoti" and "negotiator" meet."""

from functools import lru_cache

SUFFIXES = (
    "ation ition ement ment ness ance ence ancy ency ship ism ist ian ity ive ion ial al ors or er ers ic ous ful less able "
    "ible ese age ag dom at iz is y e"
).split()
# British and American: centre and center, labour and labor, defence and defense, programme and program.
SPELLED = (("our", "or"), ("tr", "ter"), ("enc", "ens"), ("ogu", "og"), ("yz", "ys"))
DOUBLED = frozenset(letter * 2 for letter in "bdgmnprt")  # winner and win
SHORTEST_ROOT = 4
PREFIX = 5


@lru_cache(maxsize=200_000)
def root(stem: str) -> str:
    """The stem without at most two derivational endings, at least four letters long."""
    if len(stem) > SHORTEST_ROOT:
        british = next((pair for pair in SPELLED if stem.endswith(pair[0])), ("", ""))
        stem = stem.removesuffix(british[0]) + british[1]
    for _ in range(2):
        shorter = next(
            (stem[: -len(s)] for s in SUFFIXES if stem.endswith(s) and len(stem) - len(s) >= SHORTEST_ROOT),
            None,
        )
        if shorter is None:
            break
        stem = shorter
    return stem[:-1] if stem[-2:] in DOUBLED else stem
