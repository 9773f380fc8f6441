"""The answer in a few words, or none where the words could mislead."""

import pytest
from telling import Tell

CLINIC = """# The clinic at Farrow

The clinic at Farrow opened on 4 June 2011. The county signed the lease in 2010 and extended it in 2015.
The clinic has 40 beds and 12 doctors. Between 300 and 350 nurses applied for nine posts.
The third clinic of the county stands in Ashby. The council did not close the clinic.
The mayor may sell the garden. Mayor Oda Lind claims that the clinic lost its licence.
The council, critics say, sold the pharmacy. No patient was moved. The county declined the offer of the bank.
Nobody from the ministry visited the wards.
The unions called for a boycott of the canteen. The guards of the mayor struck the editor.
"""


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("When did the clinic at Farrow open?", "4 June 2011"),
        ("How many beds does the clinic have?", "40 beds"),
        ("How many doctors does the clinic have?", "12 doctors"),
        ("How many nurses applied for the posts?", None),  # nine posts stand as near
        ("When did the county sign the lease?", None),  # two dates
        ("How many clinics does the county have?", None),  # "the third" counts nothing
        ("When did the ministry visit the wards?", None),
    ],
)
def test_a_date_or_a_number_only_when_there_is_one(tell: Tell, question: str, short: str | None) -> None:
    assert tell(CLINIC).short(question) == short


@pytest.mark.parametrize(
    ("question", "verdict"),
    [
        ("Did the council close the clinic?", "no"),
        ("Did the county decline the offer of the bank?", "yes"),
        ("Did the bank decline the offer of the county?", None),  # the other way about
        ("Did the editor strike the mayor?", None),
        ("Did the mayor strike the editor?", None),  # the guards did
        ("Did the mayor sell the garden?", None),  # may
        ("Did the clinic lose its licence?", None),  # somebody's claim
        ("Did the council sell the pharmacy?", None),  # critics say
        ("Was a patient moved?", None),
        ("Did the ministry visit the wards?", None),
        ("Did the unions boycott the canteen?", None),  # called for
        ("Did the county sign the contract?", None),  # another thing was signed
        ("Did the council of Ashby close the clinic?", None),  # a word of the question is not there
    ],
)
def test_yes_or_no_only_when_one_plain_sentence_says_so(
    tell: Tell, question: str, verdict: str | None
) -> None:
    assert tell(CLINIC).short(question) == verdict


def test_a_range_is_told_whole_and_a_change_by_its_end(tell: Tell) -> None:
    told = tell("# Posts\n\nThe valley has 3,000 to 4,000 posts.\n\nThe towns fell from nine to three towns.")
    assert told.short("How many posts does the valley have?") == "3,000 to 4,000 posts"
    assert told.short("How many towns fell?") == "three towns"


def test_two_numbers_that_count_the_same_are_none(tell: Tell) -> None:
    told = tell(
        "# Troops\n\nSending 4,000 more soldiers changes nothing, since even 150,000 soldiers lost the war."
    )
    assert told.short("How many soldiers lost the war?") is None
    assert told.quotes("How many soldiers lost the war?")


def test_a_date_of_another_matter_is_no_answer(tell: Tell) -> None:
    told = tell(
        "# Kerr\n\nThe fall of 1969 was mild in the valley. Kerr fell after a long siege. Its people fled."
    )
    assert told.short("When did Kerr fall?") is None


def test_a_not_of_another_deed_gives_no_verdict(tell: Tell) -> None:
    told = tell("# A law\n\nParliament passed the law, but the king did not sign the treaty.")
    assert told.short("Did parliament pass the law?") is None
    assert told.quotes("Did parliament pass the law?")


@pytest.mark.parametrize(
    ("sentence", "question", "short"),
    [
        (
            "Around 1.7 million farmers use the canal.",
            "How many farmers use the canal?",
            "1.7 million farmers",
        ),
        ("Some 30 000 sailors left the port.", "How many sailors left the port?", "30 000 sailors"),
        (
            "The canal moved 6 million tonnes in May.",
            "How many tonnes did the canal move?",
            "6 million tonnes",
        ),
        ("The bank lent $4.5 billion to Kerr.", "How much did the bank lend to Kerr?", "$4.5 billion"),
        (
            "Between 8 and 9 million pupils sat the test.",
            "How many pupils sat the test?",
            "Between 8 and 9 million pupils",
        ),
        (
            "Tens of thousands of pupils sat the test.",
            "How many pupils sat the test?",
            "Tens of thousands of pupils",
        ),
        ("Half a million pupils sat the test.", "How many pupils sat the test?", "Half a million pupils"),
        (
            "One hundred and fifty pupils sat the test.",
            "How many pupils sat the test?",
            "One hundred and fifty pupils",
        ),
        ("One in four pupils sat the test.", "How many pupils sat the test?", None),
        ("Kerr closed 11 of the 18 locks.", "How many locks did Kerr close?", None),
        (
            "The guards caught 12 chief smugglers.",
            "How many chief smugglers were caught?",
            "12 chief smugglers",
        ),
    ],
)
def test_a_number_is_told_whole_with_its_thing_or_not_at_all(
    tell: Tell, sentence: str, question: str, short: str | None
) -> None:
    told = tell(f"# Notes on a coast\n\n{sentence} The weather was mild.")
    assert told.quotes(question)
    assert told.short(question) == short
