"""A message that leans on the question before it gets its missing words, and no other message does."""

from collections.abc import Callable

import pytest

from qa_service.domain.question import Kind, Question

Understood = Callable[..., Question]
TALKS = "When did Sweden leave the talks?"
DAM = "What does Norway think of the dam?"
DIFFER = "How do Norway and Sweden differ on the dam?"


@pytest.mark.parametrize(
    "text",
    [
        "What is the SFA?",
        "Who is Amara Osei?",
        "How many people drink the water of the river?",
        "Is there a treaty that fixes the flow of rivers?",
        "What does Sweden say that the engineers should open each summer?",
        "Tell me about the weather in Paris.",
        "why did the mediator leave the round in Bergen",
        "What happened this year in Gothenburg?",
    ],
)
def test_a_question_that_stands_alone_is_left_as_it_is(understood: Understood, text: str) -> None:
    assert understood(text, DIFFER) == understood(text)


@pytest.mark.parametrize(
    "text",
    [
        "Who sent her?",
        "And then?",
        "Why so?",
        "members?",
        "Members?",
        "By whom?",
        "more",
        "What was its price?",
    ],
)
def test_a_question_that_leans_borrows_at_less_weight(understood: Understood, text: str) -> None:
    leaning = understood(text, "Who is Amara Osei?")
    weights = {term.stem: term.weight for term in leaning.terms}
    assert weights["osei"] == 0.5
    assert leaning.standalone == f"{text} (about: Who is Amara Osei)"
    own = {term.stem for term in understood(text).terms}
    assert all(weights[stem] >= 0.35 for stem in own)


@pytest.mark.parametrize(
    ("history", "text", "standalone"),
    [
        ([DAM], "And Sweden?", "What does Sweden think of the dam?"),
        ([DAM], "what about stockholm?", "What does stockholm think of the dam?"),
        ([DAM], "How about the UN?", "What does the UN think of the dam?"),
        (["Who is Amara Osei?"], "What about Dr. Lund?", "Who is Dr. Lund?"),
        (["What is the SFA?"], "And the JSC?", "What is the JSC?"),
        (["What is the SFA?"], "And Sweden?", "What is Sweden?"),
        (["What happened in 2019?"], "And 2020?", "What happened in 2020?"),
        ([DAM], "And on the quota?", None),
        ([DIFFER], "And on the salmon quota?", "How do Norway and Sweden differ on the salmon quota?"),
        ([DIFFER], "What about on salmon", "How do Norway and Sweden differ on salmon?"),
        (["What happened in 2019?"], "and in 2020?", "What happened in 2020?"),
        ([TALKS], "Why?", "Why did Sweden leave the talks?"),
        (["Did Sweden leave the talks?"], "when exactly?", "When did Sweden leave the talks?"),
        (["Where did the talks open?"], "And when?", "When did the talks open?"),
        (["Who is Amara Osei?"], "Why?", None),
        ([DAM, "And Sweden?"], "And Denmark?", None),
    ],
)
def test_what_is_swapped_makes_a_whole_question(
    understood: Understood, history: list[str], text: str, standalone: str | None
) -> None:
    expected = standalone or f"{text} (about: {' / '.join(one.rstrip('?') for one in history)})"
    if standalone is None and len(history) > 1:
        assert "Denmark" in understood(text, *history).standalone
    else:
        assert understood(text, *history).standalone == expected


@pytest.mark.parametrize(
    ("earlier", "text", "kind"),
    [
        (DIFFER, "What about the gauges?", Kind.DIVERGENCE),
        (DAM, "and the gauges?", Kind.POSITION),
        ("Give me a timeline of the talks", "shorter please", Kind.TIMELINE),
        (DAM, "When was it built?", Kind.FACT),
        (DAM, "Why?", Kind.REASON),
        ("Who is Amara Osei?", "and the gauges?", Kind.FACT),
    ],
)
def test_what_has_no_kind_of_its_own_keeps_the_one_before(
    understood: Understood, earlier: str, text: str, kind: Kind
) -> None:
    assert understood(text, earlier).kind is kind


def test_a_chain_reaches_back_to_what_stood_alone(understood: Understood) -> None:
    history = ("What is the JSC?", "Where does the Skarn rise?", "How long is it?")
    leaning = understood("And how deep is it?", *history)
    assert leaning.standalone == "And how deep is it? (about: Where does the Skarn rise / How long is it)"


def test_actors_come_from_the_question_before_when_none_is_named(understood: Understood) -> None:
    assert understood("Why does it refuse them?", DAM).actors == ("Norway",)
    assert understood("Why does Sweden refuse it?", DAM).actors == ("Sweden",)


def test_greetings_lean_on_nothing(understood: Understood) -> None:
    assert understood("thanks!", DAM).kind is Kind.SMALL_TALK


@pytest.mark.parametrize(
    "text",
    [
        "And what does Sweden offer instead?",
        "And who pays Sweden?",
        "But why did Denmark leave?",
        "And which gauges does Sweden read?",
        "And how long has Sweden waited?",
        "And did Sweden agree?",
    ],
)
def test_what_has_a_question_word_and_a_verb_stays_itself_after_and(
    understood: Understood, text: str
) -> None:
    earlier = "Why does Norway oppose the dam?"
    assert understood(text, earlier).standalone == f"{text} (about: {earlier.rstrip('?')})"
