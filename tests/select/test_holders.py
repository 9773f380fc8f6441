"""Who holds what: a claim is its holder's, and another's sentence answers for nobody."""

import pytest
from telling import Tell, Told

CLAIMS = """# A port for two

Oda Lind is the author of this note.

Norway claims that the port is safe. Sweden denies that the port is safe.
The port is old. Oda Lind argues that the port should be closed. Norway accuses Sweden of spying.
Ships must anchor in the bay. Imports from Finland pass the port.
The Danish minister of trade, a friend of Sweden, praised the cranes.
"""


@pytest.mark.parametrize("question", ["What does Norway say about the port?", "norway's view on the port"])
def test_a_claim_is_told_as_its_holders(tell: Tell, question: str) -> None:
    statements = tell(CLAIMS).answer(question).statements
    assert statements[0].speaker == "Norway"
    assert {one.speaker for one in statements} == {"Norway"}


@pytest.mark.parametrize("question", ["Is the port safe?", "Who says that the port is safe?", "port safe"])
def test_a_claim_is_never_told_as_the_authors(tell: Tell, question: str) -> None:
    answer = tell(CLAIMS).answer(question)
    assert "**Yes.**" not in answer.text
    for one in answer.statements:
        assert "claims" in one.text or "denies" in one.text or one.speaker or "safe" not in one.text


@pytest.mark.parametrize(
    "question",
    [
        "What does Finland think of the port?",
        "What does Finland say about imports?",
        "What does Sweden accuse Norway of?",
        "What does Russia think about the port?",
    ],
)
def test_the_wrong_actors_sentence_never_answers(tell: Tell, question: str) -> None:
    assert tell(CLAIMS).check(question) == "position_held"


def test_only_an_accusation_tells_what_somebody_is_accused_of(tell: Tell) -> None:
    assert tell(CLAIMS).quotes("What does Norway accuse Sweden of?") == ["Norway accuses Sweden of spying."]


@pytest.mark.parametrize("question", ["What does the author propose?", "What should happen to the port?"])
def test_advice_is_the_authors_even_when_the_text_names_him(tell: Tell, question: str) -> None:
    assert tell(CLAIMS).quotes(question) == ["Oda Lind argues that the port should be closed."]


def test_what_must_be_is_advice_only_where_nothing_better_is(tell: Tell) -> None:
    told = tell("# Bays\n\nShips must anchor in the bay. The bay is deep.")
    assert told.quotes("What does the author recommend?") == ["Ships must anchor in the bay."]


def test_every_statement_of_a_position_has_the_asked_speaker(river: Told) -> None:
    for actor in ("Norway", "Sweden"):
        for topic in ("the dam", "the salmon quota", "the gauges", "the sluices"):
            answer = river.answer(f"What does {actor} think about {topic}?")
            assert {one.speaker for one in answer.statements} <= {actor}


DAM = """# The dam on the Orl

Veldania demands that the dam be opened by May. The government of Ostria says that the dam must stay closed.
Veldania wants a share of the water. In 2019 the two sides met at Kerr.
"""


@pytest.mark.parametrize(
    ("question", "quotes"),
    [
        ("What does Veldania want?", ["demands that the dam", "wants a share"]),
        ("What is Veldania's position?", ["demands that the dam", "wants a share"]),
        ("What are Veldania's demands?", ["demands that the dam"]),
        ("What does Ostria want?", ["must stay closed"]),
    ],
)
def test_names_that_no_table_knows_hold_what_they_are_said_to_hold(
    tell: Tell, question: str, quotes: list[str]
) -> None:
    told = tell(DAM)
    found = told.quotes(question)
    assert len(found) == len(quotes)
    assert all(part in quote for part, quote in zip(quotes, found, strict=True))


def test_two_that_no_table_knows_stand_side_by_side(tell: Tell) -> None:
    (row,) = tell(DAM).findings("How do Veldania and Ostria differ?").rows
    assert [len(cell) for cell in row.cells] == [1, 1]


def test_the_only_way_out_is_advice(tell: Tell) -> None:
    told = tell(
        "# The strait\n\nTrade fell by a third. The author believes that an audit is the only way out.\n"
    )
    assert told.quotes("What does the author recommend?") == [
        "The author believes that an audit is the only way out."
    ]


def test_what_a_speaker_proposes_is_what_the_speech_asks_for(tell: Tell) -> None:
    speech = "Cod stocks fell. The nets were torn. We ask member states to cut the fleet."
    found = tell(f"# Remarks\n\nBy Lena Dahl\n\n{speech}\n").quotes("What does Lena Dahl propose?")
    assert found == ["We ask member states to cut the fleet."]
