"""Words that differ by an ending or by an ocean share a root."""

import pytest
from building import ANALYSER

from qa_service.select.roots import root


def root_of(word: str) -> str:
    (token,) = ANALYSER.tokens(word)
    return root(token.stem)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("expire", "expiration"),
        ("pass", "passage"),
        ("centre", "center"),
        ("theatre", "theater"),
        ("labour", "labor"),
        ("defence", "defense"),
        ("organise", "organize"),
        ("analyse", "analyze"),
        ("programme", "program"),
        ("winner", "win"),
        ("catalogue", "catalog"),
    ],
)
def test_one_root(one: str, other: str) -> None:
    assert root_of(one) == root_of(other)


@pytest.mark.parametrize(("one", "other"), [("four", "for"), ("tree", "tr"), ("crisis", "critic")])
def test_two_roots(one: str, other: str) -> None:
    assert root_of(one) != root_of(other)
