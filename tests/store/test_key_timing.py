"""The time that a key takes to be refused tells nothing of how much of it is right."""

import secrets
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from telling_apart import likelihood, times

from qa_service.domain.principal import Scope
from qa_service.store.keys import SqliteKeys
from qa_service.store.notebook import Notebook

GUESSES = 10_000  # of each kind
KEYS = 20
SAME = 0.01  # a p-value from which on two samples are taken for one kind
ROUNDS = 3  # of one kind, one pair in a hundred looks like two; three in a row, one in a million

Look = Callable[[str], object]


def guesses(right: Sequence[str], count: int) -> tuple[list[str], list[str]]:
    """So many with all but the last eight characters of a key that is valid; and with none of them."""
    near = [right[n % len(right)][:-8] + secrets.token_urlsafe(6) for n in range(count)]
    far = ["qa_" + secrets.token_hex(4) + "_" + secrets.token_urlsafe(32) for _ in range(count)]
    assert {len(one) for one in near + far} == {len(right[0])}
    return near, far


def told_apart(look: Look, right: Sequence[str], count: int = GUESSES) -> bool:
    """Whether the times of the two kinds differ in each of the rounds, of ever more guesses."""
    for number in range(ROUNDS):
        near, far = guesses(right, count * (number + 1))
        if likelihood(*times(look, near, far, seed=number)) > SAME:
            return False
    return True


@pytest.fixture
def keys(book: Notebook, tmp_path: Path) -> SqliteKeys:
    return SqliteKeys(book, tmp_path / "secret")


def test_a_guess_that_is_nearly_right_takes_as_long_as_any(keys: SqliteKeys) -> None:
    right = [keys.create(f"reader {number}", frozenset({Scope.ASK}))[1] for number in range(KEYS)]

    assert keys.principal(right[0])
    assert not told_apart(keys.principal, right)


def test_a_look_that_compares_sign_by_sign_is_noticed() -> None:
    """What the test above would say of a service that kept its keys and compared them itself."""
    right = [f"qa_{secrets.token_hex(4)}_{secrets.token_urlsafe(32)}" for _ in range(KEYS)]

    def compares(text: str) -> bool:
        return any(all(a == b for a, b in zip(one, text, strict=True)) for one in right)

    assert told_apart(compares, right, 1_000)


def test_the_test_itself() -> None:
    """Of samples of one kind a hundredth is below 0.01; of kinds that differ a little, nearly all."""
    chance = np.random.default_rng(7)
    alike = [likelihood(chance.exponential(size=800), chance.exponential(size=800)) for _ in range(1_000)]
    apart = [likelihood(chance.normal(size=800), chance.normal(0.3, size=800)) for _ in range(200)]

    assert 2 <= sum(one <= SAME for one in alike) <= 22
    assert 400 <= sum(one <= 0.5 for one in alike) <= 600
    assert sum(one <= SAME for one in apart) >= 190
