"""One slip is mended; what the documents know, and every name, stays as it is."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from building import document, indexed
from hypothesis import given
from hypothesis import strategies as st
from shelving import MemorySnapshot

from qa_service.domain.ports import Holding
from qa_service.domain.question import Message, Question
from qa_service.understand import Understanding
from qa_service.understand.spelling import Spelling, near

KNOWN = (
    "field salmon quota mediat reservoir glacier sluic treati commission delegat gothenburg valley".split()
)


@pytest.fixture
def spelling() -> Spelling:
    item = indexed(document("Nothing."))
    (passage,) = item.passages
    known = replace(passage, sentence_terms=(tuple(KNOWN),))
    return Spelling(MemorySnapshot([replace(item, passages=(known,))]))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("samon", "salmon"),
        ("salmonn", "salmon"),
        ("slamon", "salmon"),
        ("salnon", "salmon"),
        ("quotta", "quota"),
        ("reservior", "reservoir"),
        ("comission", "commission"),
        ("gotenborg", "gothenburg"),
    ],
)
def test_a_slip_is_mended(spelling: Spelling, typed: str, meant: str) -> None:
    assert spelling.likest(typed) == meant


@pytest.mark.parametrize(
    "typed", ["shield", "solomon", "dam", "", "2017", "quotation", "médiat1", "valet", "xxxxxxx"]
)
def test_another_word_is_left_alone(spelling: Spelling, typed: str) -> None:
    assert spelling.likest(typed) is None


@given(st.text("abcdefghij", min_size=1, max_size=9), st.text("abcdefghij", min_size=1, max_size=9))
def test_nearness_is_symmetric_and_each_is_near_itself(one: str, other: str) -> None:
    assert near(one, one, 0)
    assert near(one, other, 2) == near(other, one, 2)


def test_what_the_index_holds_is_never_changed(understood: Callable[..., Question]) -> None:
    text = "salmon quota gauges sluices readings delegations reservoir glaciers commission"
    assert understood(text).corrections == ()


@pytest.mark.parametrize(
    "text",
    ["Denmark", "denmark and iceland", "Amara Osei", "What do the Danes want?", "did anyone say anything?"],
)
def test_names_and_small_words_are_never_changed(understood: Callable[..., Question], text: str) -> None:
    assert understood(text).corrections == ()


def test_a_mended_word_weighs_less_than_one_that_was_typed(understood: Callable[..., Question]) -> None:
    question = understood("Who built the resevoir?")
    assert question.corrections == (("resevoir", "reservoir"),)
    assert {term.stem: term.weight for term in question.terms}["reservoir"] == 0.8


def test_a_misspelled_actor_is_known(understood: Callable[..., Question]) -> None:
    assert understood("What does Swedn think?").actors == ("Sweden",)


@pytest.fixture
def many() -> Callable[..., Spelling]:
    """The spelling of an index whose words are held by so many passages."""

    def index(held: dict[str, int]) -> Spelling:
        snapshot = MemorySnapshot([indexed(document("Nothing."))])
        snapshot.like = lambda _: sorted(held)  # type: ignore[method-assign]
        snapshot.holding = lambda stem: Holding(passages=held.get(stem, 0))  # type: ignore[method-assign]
        snapshot.size = replace(snapshot.size, passages=300_000)  # type: ignore[misc]
        return Spelling(snapshot)

    return index


@pytest.mark.parametrize(
    ("held", "typed", "meant"),
    [
        ({"contri": 2, "countri": 118_660}, "contri", "countri"),  # a slip of the documents too
        ({"statu": 29, "state": 130_000}, "statu", None),  # rare is no slip
        ({"natin": 1, "nation": 152_909}, "natoin", "nation"),  # nor is what nobody means
        ({"salmon": 4, "saloon": 900}, "salmmon", "salmon"),
    ],
)
def test_many_documents_hold_slips_of_their_own(
    many: Callable[..., Spelling], held: dict[str, int], typed: str, meant: str | None
) -> None:
    assert many(held).likest(typed) == meant


def test_a_word_that_means_something_becomes_no_other(understanding: Understanding) -> None:
    def changed(reader: Understanding) -> list[tuple[str, str]]:
        asked = (Message(text=f"about the {stem}") for stem in understanding.meanings)
        return [pair for message in asked for pair in reader.question(message).corrections]

    meanings = understanding.meanings
    assert [pair for pair in changed(replace(understanding, meanings={})) if pair[0] in meanings]
    for stem, other in changed(understanding):
        assert stem not in meanings or meanings[stem] & meanings[other]
