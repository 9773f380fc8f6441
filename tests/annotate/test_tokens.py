"""Tokens of stretches that are remembered are those of one slow pass over the whole sentence."""

import pytest

from qa_service.annotate.marks import DATE, NAMING, QUOTE, TITLE
from qa_service.annotate.tokens import _TOKEN, Token, tokens_of

SENTENCES = [
    "J. Smith and A.B. Jones met U.S. Gen. Marsh at Oslo’s well-known “Old Hall.”",
    "  The end\tcame\nin 1999 -- it's over, said X. ",
    'He said "no" and then “yes, "maybe" not” to É. Émile.',
    "Ends with an initial J. Z",
    "a" * 40 + " J. " + "B" * 40,
    "",
]


def slowly(text: str, start: int, end: int) -> list[tuple[int, int, str]]:
    return [(match.start(), match.end(), match.group()) for match in _TOKEN.finditer(text, start, end)]


@pytest.mark.parametrize("sentence", SENTENCES)
def test_tokens_are_those_of_one_pass_over_the_sentence(sentence: str) -> None:
    text = f"Before. {sentence} After."
    for end in range(8, 8 + len(sentence) + 1):
        tokens, _, _ = tokens_of(text, 8, end)
        assert [token[:3] for token in tokens] == slowly(text, 8, end)
        again, _, _ = tokens_of(text, 8, end)
        assert tokens == again


def test_what_stands_between_quotation_marks_is_quoted_and_may_run_on() -> None:
    tokens, quoted, _ = tokens_of("He said “yes and", 0, 16)
    assert [token.text for token in tokens if token.quoted] == ["yes", "and"]
    rest, quoted, _ = tokens_of("no” he said", 0, 11, quoted)
    assert [token.text for token in rest if token.quoted] == ["no"]
    assert not quoted


def test_a_token_says_whether_it_is_a_word_and_has_a_capital() -> None:
    tokens, _, _ = tokens_of("Oslo , 12", 0, 9)
    assert tokens == [
        Token(0, 4, "Oslo", "oslo", quoted=False, capital=True, word=True),
        Token(5, 6, ",", ",", quoted=False, capital=False, word=False),
        Token(7, 9, "12", "12", quoted=False, capital=False, word=True),
    ]


@pytest.mark.parametrize(
    ("sentence", "marks"),
    [
        ("Nothing is here.", 0),
        ("It fell in May.", DATE),
        ("New Year came.", DATE),
        ("The Prime Minister left.", TITLE),
        ("It is known as “Dawn”.", NAMING | QUOTE),
    ],
)
def test_a_sentence_has_the_marks_of_its_words(sentence: str, marks: int) -> None:
    assert tokens_of(sentence, 0, len(sentence))[2] == marks
