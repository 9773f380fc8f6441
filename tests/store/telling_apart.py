"""Whether two samples of measured times are of one kind: the Kolmogorov-Smirnov test, with numpy alone."""

import math
import random
import time
from collections.abc import Callable, Sequence

import numpy as np

TERMS = 100  # of a series whose terms vanish fast


def likelihood(one: Sequence[float], other: Sequence[float]) -> float:
    """How likely two samples of one distribution are at least this far apart: a p-value.

    Smirnov's limit with the correction of Stephens (1970), good from some ten values each.
    """
    first, second = np.sort(one), np.sort(other)
    both = np.concatenate([first, second])
    below = (np.searchsorted(sample, both, side="right") / len(sample) for sample in (first, second))
    apart = float(np.abs(np.subtract(*below)).max())
    size = math.sqrt(len(first) * len(second) / len(both))
    x = (size + 0.12 + 0.11 / size) * apart
    if x < 0.2:  # where the series does not converge, and p is 1 to twelve places
        return 1.0
    return min(1.0, 2 * sum((-1) ** (k - 1) * math.exp(-2 * (k * x) ** 2) for k in range(1, TERMS)))


def times(work: Callable[[str], object], *kinds: Sequence[str], seed: int) -> list[list[int]]:
    """Nanoseconds of processor time that ``work`` takes for each text of each kind, in a mixed order."""
    found: list[list[int]] = [[] for _ in kinds]
    order = [(number, text) for number, texts in enumerate(kinds) for text in texts]
    random.Random(seed).shuffle(order)  # noqa: S311 - an order, nothing secret
    for number, text in order:
        begun = time.thread_time_ns()
        work(text)
        found[number].append(time.thread_time_ns() - begun)
    return found
