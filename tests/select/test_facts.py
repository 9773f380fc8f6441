"""The sentence that answers, and how many others are shown with it."""

import pytest
from telling import Tell, Told

from qa_service.select.facts import MOST, likeliest
from qa_service.select.ranking import Ranked


def scored(told: Told, *scores: float) -> list[Ranked]:
    view = told.inquiry("Where did the talks open?").ranked[0].view
    return [Ranked(view, score, (), 0.0) for score in scores]


def test_a_clear_winner_stands_alone(river: Told) -> None:
    best, *others = scored(river, 9.0, 6.0, 5.0)
    assert likeliest(best, others) == [best]


def test_rivals_are_shown_until_the_answer_is_nine_in_ten_among_them(river: Told) -> None:
    best, *others = scored(river, 9.0, 8.5, 7.5, 5.0, 4.0)
    assert likeliest(best, others) == [best, *others[:2]]


def test_no_more_than_a_few_are_shown_however_near_they_are(river: Told) -> None:
    best, *others = scored(river, *[9.0] * 20)
    assert len(likeliest(best, others)) == MOST


def test_a_chosen_sentence_below_the_best_comes_first(river: Told) -> None:
    best, second = scored(river, 9.0, 8.0)
    assert likeliest(second, [best]) == [second, best]


HARBOUR = """# The harbour of Moss

Fishermen thronged to Moss to hear the preacher. Europe with a fleet of 300 boats envied the harbour of Moss.
The Moss Lantern is a lighthouse of granite that a storm threw down, so that ships had to wait for the day.
"""


@pytest.mark.parametrize(
    ("question", "quote"),
    [
        ("Who went to Moss to hear the preacher?", "Fishermen thronged"),
        ("How many boats had the fleet?", "300 boats"),
    ],
)
def test_a_group_and_a_thing_that_is_nobodys_answer(tell: Tell, question: str, quote: str) -> None:
    assert quote in tell(HARBOUR).quotes(question)[0]


def test_sentences_without_a_day_do_not_stand_beside_one_with_a_day(river: Told) -> None:
    assert len(river.quotes("When did the talks open in Gothenburg?")) == 1


PORTS = """# The ports of Kerrland

The Port of Vell was raided by the clans of Kerr, and a new port called Orrin was founded nearby. The
second largest port of Kerrland is Dunmore. With 40 quays Vell is the largest of the ports. The second
test of the bells, which Ruth Vega won, was at Vell in June 1950. Ruth Vega operates the crane of Orrin.
In 2011 the fund of the port was worth 32 million crowns. Population growth led to crowded quays. Moss is
the largest town, and Gill is the second largest. The old town of Vell was pretty, as towns called old
are. The old town (Gamleby) burned.
"""


@pytest.mark.parametrize(
    ("question", "quote"),
    [
        ("What is the second largest port of Kerrland?", "Dunmore"),
        ("What is the largest town?", "Moss is the largest town"),
        ("Who won the test of the bells at Vell?", "Ruth Vega won"),
        ("Who is responsible for operating the crane of Orrin?", "Ruth Vega operates"),
        ("What was the total of the port's fund in 2011?", "32 million"),
        ("What was the effect of population growth?", "crowded quays"),
    ],
)
def test_what_is_asked_for_is_told_and_not_what_stands_beside_it(
    tell: Tell, question: str, quote: str
) -> None:
    assert quote in tell(PORTS).quotes(question)[0]


def test_the_second_largest_is_not_shown_for_the_largest(tell: Tell) -> None:
    found = tell(PORTS).quotes("What is the largest port of Kerrland?")
    assert "40 quays" in found[0]
    assert not any("Dunmore" in quote for quote in found)


@pytest.mark.parametrize(
    ("text", "question", "quote"),
    [
        (
            "Barrels of salt are kept in sheds and cellars.",
            "Where are barrels of salt kept?",
            "sheds and cellars",
        ),
        (
            "Salt came from mines in Norway and the Faroe Islands.",
            "Where, besides Norway, were mines?",
            "Faroe",
        ),
        ("Ruth Vega lived behind the quays until 1960.", "Where did Ruth Vega live?", "behind the quays"),
    ],
)
def test_a_place_needs_no_name(tell: Tell, text: str, question: str, quote: str) -> None:
    assert quote in tell(f"# Salt\n\n{text}").quotes(question)[0]


def test_a_city_that_is_asked_for_by_what_befell_it_needs_no_preposition(tell: Tell) -> None:
    assert "Orrin was founded" in tell(PORTS).quotes("What town was founded after the clans raided Vell?")[0]


def test_a_city_in_which_something_was_done_needs_one(tell: Tell) -> None:
    for signed in (
        "Ruth Vega signed the pact of Kerr with Norway on 3 May 1950.",
        "In May, Ruth Vega signed it.",
    ):
        text = f"# The pact of Kerr\n\n{signed}"
        assert tell(text).check("In which city was the pact of Kerr signed?") == "answer_type"


FERRIES = """# The ferries of Lake Orr

Talks about the ferries were held in Vell in May 2011, and Skarn snubbed an invitation to attend the talks.
The refusal of Norrland to participate in the talks shows its discomfort. Another round of talks, comprising
the four countries of Vell, Dunmore, Kerr and Moss, was held in Dunmore in June 2012.

Only Kerr did not sign the charter of the ferries. Ingrid Vale signed the charter of the ferries for Dunmore
in 2013, and the charter was praised by Oskar Lind. The charter of the ferries is kept in Vell.
"""


@pytest.mark.parametrize(
    "question",
    [
        "Who took part in the talks about the ferries?",
        "Which countries attended the talks about the ferries?",
        "Who participated in the talks?",
    ],
)
def test_who_took_part_is_not_told_by_who_stayed_away(tell: Tell, question: str) -> None:
    (only,) = tell(FERRIES).quotes(question)
    assert only.startswith("Another round of talks, comprising the four countries")


def test_a_phrase_tells_who_attended(tell: Tell) -> None:
    text = """# The talks of Moss

On 15 May 2017 six ports took part in a second round of consultations in Moss: Vell, Kerr, Orr and Dunmore.
Skarn declined the invitation to the Moss talks in April. In June Moss prepared the talks by hosting Norrland.
"""
    (only,) = tell(text).quotes("Which countries attended the Moss talks?")
    assert "six ports took part" in only


def test_who_stayed_away_is(tell: Tell) -> None:
    (first, *_) = tell(FERRIES).quotes("Who refused to participate in the talks?")
    assert "refusal of Norrland" in first


def test_sentences_about_the_same_thing_do_not_stand_beside_one_that_says_who_did_it(tell: Tell) -> None:
    (only,) = tell(FERRIES).quotes("Who signed the charter of the ferries?")
    assert only.startswith("Ingrid Vale signed")


def test_what_only_denials_tell_of_is_told_by_them(tell: Tell) -> None:
    text = "# The weir of Orr\n\nSkarn did not sign the accord about the weir of Orr, nor did Kerr later."
    (only,) = tell(text).quotes("Who signed the accord about the weir of Orr?")
    assert only.startswith("Skarn did not sign")
