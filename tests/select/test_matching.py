"""How well a sentence covers a word of the question, and which sentence is ranked first for it."""

import pytest
from telling import Tell, Told

from qa_service.domain.question import Term
from qa_service.select.matching import ALIAS, LIKE, ROOT, SAME, SYNONYM, best, share

PORT = """# The port of Kerr

Moscow expires its lease. The negotiators refuse the treaty. The underwater cable broke.
The king meets them in Kerr. They left at noon.
"""


@pytest.mark.parametrize(
    ("question", "stem", "sentence", "match"),
    [
        ("What of the treaty?", "treati", 1, SAME),
        ("What of the kingship?", "kingship", 3, ROOT),
        ("What of Russia?", "russia", 0, ALIAS),
        ("Who did reject it?", "reject", 1, SYNONYM),
        ("What was under ground and underground?", "underground", 2, LIKE),
        ("What of the harvest?", "harvest", 1, 0.0),
    ],
)
def test_the_nearer_the_word_the_better_the_match(
    tell: Tell, question: str, stem: str, sentence: int, match: float
) -> None:
    inquiry = tell(PORT).inquiry(question)
    views = [view for view in inquiry.sentences if view.is_text]
    term = next(term for term in inquiry.matcher.terms if term.stem == stem)
    assert inquiry.matcher.match(term, views[sentence]) == match


def test_matches_come_in_this_order() -> None:
    assert SAME > ROOT > ALIAS > SYNONYM > LIKE > 0


def test_a_share_is_weighted_and_nothing_covers_nothing() -> None:
    assert share([1.0, 3.0], [1.0, 0.0]) == 0.25
    assert share([], []) == 0.0
    assert share([0.0], [1.0]) == 0.0
    assert best([(0.0, 0.4), (1.0, 0.2)], 2) == (1.0, 0.4)
    assert best([], 2) == (0.0, 0.0)


def test_an_unknown_word_weighs_most(tell: Tell) -> None:
    matcher = tell(PORT).inquiry("treaty zymurgist king").matcher
    weights = dict(zip((term.stem for term in matcher.terms), matcher.weights, strict=True))
    assert weights["zymurgist"] == max(weights.values())
    assert all(isinstance(term, Term) for term in matcher.terms)


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("Who signed the charter?", "Anna Moe signed the charter."),
        ("When was the charter signed?", "The charter was signed in 1921."),
        ("Where was the charter signed?", "The charter was signed in Oslo."),
        ("How many towns signed the charter?", "Nine towns signed the charter."),
        ("Why was the charter signed?", "The charter was signed because the towns were poor."),
    ],
)
def test_the_sentence_with_the_answers_type_is_first(tell: Tell, question: str, first: str) -> None:
    told = tell(
        "# A charter\n\nAnna Moe signed the charter. The charter was signed in 1921. "
        "The charter was signed in Oslo. Nine towns signed the charter. "
        "The charter was signed because the towns were poor."
    )
    assert told.quotes(question)[0] == first


def test_the_words_in_their_order_win_over_the_same_words_scattered(tell: Tell) -> None:
    told = tell(
        "# Boats\n\nThe red ferry met a boat of the harbour. The harbour boat met a ferry painted red."
    )
    assert told.inquiry("the harbour boat").ranked[0].view.text.startswith("The harbour boat")


def test_equal_sentences_keep_the_order_of_the_text(tell: Tell) -> None:
    told = tell("# Boats\n\nThe ferry left.\n\n## Later\n\nThe ferry left.")
    ranked = told.inquiry("When did the ferry leave?").ranked
    starts = [one.view.sentence.start for one in ranked if one.score == ranked[0].score]
    assert starts == sorted(starts)


def test_a_heading_answers_nothing_on_a_line_of_its_own_or_before_a_text(river: Told, tell: Tell) -> None:
    assert all(one.view.is_text for one in river.inquiry("Where do the two capitals differ?").ranked)
    assert tell("# Pacts\n\n**The Quad.** The Quad joins four states.").quotes("What is the Quad?") == [
        "The Quad joins four states."
    ]


def test_a_sentence_that_leans_is_quoted_with_the_one_before(river: Told) -> None:
    quotes = river.quotes("Which round ended without a statement?")
    assert quotes[0] == "The Bergen round was held in private. It ended without a statement."
    assert len(quotes) == len(set(quotes))
