import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_service.search.analysis import EnglishAnalyser, fold
from qa_service.search.stopwords import STOP_WORDS

ANALYSER = EnglishAnalyser()


def words(text: str) -> list[str]:
    return [token.word for token in ANALYSER.tokens(text)]


def stems(text: str) -> list[str]:
    """What is searched: the stems of the content words."""
    return [token.stem for token in ANALYSER.tokens(text) if token.content]


@pytest.mark.parametrize(
    "same",
    [
        ("Sweden", "SWEDEN", "sweden", "Sweden's", "Sweden’s"),
        ("Curaçao", "curacao", unicodedata.normalize("NFD", "Curaçao")),
        ("naïve", "naive", unicodedata.normalize("NFD", "naïve")),
        ("Straße", "STRASSE"),
        ("U.S.", "US", "U.S", "US's", "U.S.'s", "U.S.’s"),
        ("U.N.", "UN", "un"),
        ("3,000", "3000"),
        ("negotiation", "negotiations", "Negotiations’"),
        ("o'clock", "o’clock"),
    ],
)
def test_spellings_of_one_word_have_one_stem(same: tuple[str, ...]) -> None:
    assert {tuple(stems(spelling)) for spelling in same} == {tuple(stems(same[0]))}
    assert len(stems(same[0])) == 1


def test_the_country_is_never_the_pronoun() -> None:
    assert stems("us") == []
    assert stems("Us and them") == []
    (country,) = stems("the US")
    assert country == stems("U.S.")[0] != "us"
    assert stems("Tell us about the U.S. and US views of us") == ["tell", country, country, "view"]


def test_other_acronyms_that_look_like_stop_words_are_kept() -> None:
    assert stems("the WHO") != []
    assert stems("who") == []
    assert stems("IT and it") != []


def test_numbers_keep_their_decimals_and_lose_their_separators() -> None:
    assert words("1,500,000 people drank 3.5 litres in 2017, not 2018.") == (
        ["1500000", "people", "drank", "3.5", "litres", "in", "2017", "not", "2018"]
    )


def test_stop_words_are_tokens_without_content() -> None:
    tokens = ANALYSER.tokens("The dam isn’t theirs")
    assert [(token.word, token.content) for token in tokens] == (
        [("the", False), ("dam", True), ("isn't", False), ("theirs", False)]
    )


@pytest.mark.parametrize("word", sorted(STOP_WORDS))
def test_no_stop_word_is_searched_however_it_is_written(word: str) -> None:
    assert stems(word) == []
    assert stems(word.capitalize()) == []
    assert stems(word.replace("'", "’")) == []


def test_capitals_are_noted() -> None:
    assert [token.capital for token in ANALYSER.tokens("Oslo met stockholm, Élan")] == [
        True,
        False,
        False,
        True,
    ]


def test_no_text_has_no_tokens() -> None:
    assert ANALYSER.tokens("") == ()
    assert ANALYSER.tokens(" … — []! 🌊") == ()


@given(st.text(max_size=80))
def test_offsets_are_exact_and_tokens_do_not_overlap(text: str) -> None:
    end = 0
    for token in ANALYSER.tokens(text):
        assert end <= token.start < token.end <= len(text)
        assert fold(text[token.start : token.end]) == token.word
        assert token.word or not token.content
        end = token.end


@given(st.text(max_size=80))
def test_the_same_text_has_the_same_tokens_in_every_analyser(text: str) -> None:
    again = EnglishAnalyser(remembered=0)
    assert again.tokens(text) == ANALYSER.tokens(text) == again.tokens(text)


@given(st.text(st.characters(categories=("Lu", "Ll", "Lo", "Nd")), min_size=1, max_size=12))
def test_a_folded_word_folds_to_itself(word: str) -> None:
    assert fold(fold(word)) == fold(word)


@given(st.text(st.characters(max_codepoint=0x24F, categories=("Lu", "Ll")), min_size=1, max_size=8))
def test_case_does_not_change_a_word(word: str) -> None:
    assert fold(word.upper()) == fold(word.upper().lower())


@given(st.text(alphabet=st.sampled_from("aBsSuUtThHeE.’'- 19,"), max_size=40))
def test_stems_are_those_of_the_content_words(text: str) -> None:
    assert list(ANALYSER.stems(text)) == stems(text)
