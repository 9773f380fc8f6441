"""Who answers for a quote: whoever holds all of it, and nobody who holds a part."""

import time

import pytest
from telling import Tell, Told

from qa_service.annotate import cues
from qa_service.domain.annotation import Position, PositionKind
from qa_service.select.holding import NOUNS, governs

HOLDS_ALL = [
    ("Norway argues that the lock is too narrow and that it must be rebuilt.", "Norway"),
    ("In May, Norway rejected the plan.", "Norway"),
    ("When the talks had failed, Norway rejected the plan.", "Norway"),
    ("Norway, a maritime power, rejects the toll.", "Norway"),
    ("The lock, Norway says, would cost too much.", "Norway"),
    ("The lock would cost too much, Norway said on Friday.", "Norway"),
    ("“The lock is a ruin,” said Norway.", "Norway"),
    ("According to Norway, the lock is unsafe, and the quay is no better.", "Norway"),
    ("The lock has cost nine lives, according to Norway.", "Norway"),
    ("The lock is seen by Norway as a danger.", "Norway"),
    ("In Norway’s view, the lock is too narrow.", "Norway"),
    ("Norway’s position on the lock is that it must be rebuilt.", "Norway"),
    ("Norway wants the lock rebuilt, and it has said that it will pay.", "Norway"),
    ("Norway supports the toll but opposes the new quay.", "Norway"),
    ("Norway says that Sweden rejects the toll.", "Norway"),
    ("Norway calls for a new lock; a second quay; cheaper pilots; and a toll.", "Norway"),
]

HOLDS_A_PART = [
    ("The lock, which Norway rejected in 2018, was built in 2019.", "Norway"),
    ("A lock that Norway said would never open was finished in June.", "Norway"),
    ("Few ships came in 2019, because Norway rejected the toll.", "Norway"),
    ("I know that Norway is worried about the lock.", "Norway"),
    ("The pilots wanted a new lock, and Norway demanded a toll.", "Norway"),
    ("A new lock is planned for May, but Norway has said that it will not pay.", "Norway"),
    ("Norway rejected the toll, but the pilots paid it.", "Norway"),
    ("Norway rejected the toll, and the pilots walked out.", "Norway"),
    ("Norway rejected the toll, although the pilots have offered to pay it.", "Norway"),
    ("In June a lock broke; Norway blamed the pilots.", "Norway"),
    ("Norway objected to the toll; the pilots walked out.", "Norway"),
    ("Nine men had died, according to Norway; the pilots put the number at six.", "Norway"),
    ("Norway rejects the toll, while Sweden favours it.", "Norway"),
    ("Norway rejects the toll, while Sweden favours it.", "Sweden"),
    ("Whereas Sweden favours the toll, Norway rejects it.", "Norway"),
    ("Norway says that Sweden rejects the toll.", "Sweden"),
    ("Norway’s refusal to pay the toll cost the port a year.", "Norway"),
    ("Neither Sweden nor Norway wants the toll.", "Norway"),
]


def holds(told: Told, sentence: str, holder: str) -> bool:
    inquiry = told.inquiry("Who rejects the toll?")
    views = inquiry.views.document(next(iter(inquiry.edition.documents)))
    view = next(view for view in views if view.text == sentence)
    assert any(holder in one.actors for one in inquiry.views.positions(view))
    return inquiry.holds(view, holder)


@pytest.mark.parametrize(("sentence", "holder"), HOLDS_ALL)
def test_the_main_clause_is_the_holders(tell: Tell, sentence: str, holder: str) -> None:
    assert holds(tell(f"# Notes on a lock\n\n{sentence}"), sentence, holder)


@pytest.mark.parametrize(("sentence", "holder"), HOLDS_A_PART)
def test_a_part_is_no_whole(tell: Tell, sentence: str, holder: str) -> None:
    assert not holds(tell(f"# Notes on a lock\n\n{sentence}"), sentence, holder)


def test_the_nouns_are_those_that_mark_a_position_and_are_no_verbs() -> None:
    assert set(cues.NOUNS) >= NOUNS
    assert set(cues.VERBS) >= set(cues.NOUNS) - NOUNS


LOCK = """# A lock on the Vern

Norway wants the lock closed. It says that the lock is a ruin.

Sweden sold the quay in May. It says that the quay is too small.

The pilots of Kerr wanted a tug, and Denmark demanded that the tug be sold.

We recommend that the crane be moved.
"""


@pytest.mark.parametrize(
    ("question", "speaker", "said"),
    [
        ("What does Norway say about the lock?", "Norway", "is a ruin"),
        ("What does Sweden say about the quay?", None, "is too small"),
        ("What does Denmark think about the tug?", None, "the tug be sold"),
        ("Who recommends that the crane be moved?", None, "We recommend"),
    ],
)
def test_a_position_is_found_and_named_only_where_it_is_all_of_the_quote(
    tell: Tell, question: str, speaker: str | None, said: str
) -> None:
    told = [one for one in tell(LOCK).answer(question).statements if said in one.text]
    assert [one.speaker for one in told] == [speaker]


def test_a_clause_that_is_quoted_alone_is_its_holders(tell: Tell) -> None:
    told = tell(
        "# A toll\n\nNorway says that the toll is too high, while Sweden says that the toll is too low.\n"
    )
    findings = told.findings("How do Norway and Sweden differ on the toll?")
    assert [one.speaker for one in findings.evidence] == ["Norway", "Sweden"]


@pytest.mark.parametrize("front", [True, False])
@pytest.mark.parametrize(
    "piece", [", and the ", ", but ", "; ", "“", '"', "a ", ",", "when ", " the plan,", "s ", "was ", "says "]
)
def test_long_sentences_are_read_in_no_time(piece: str, front: bool) -> None:
    long = piece * 10_000
    text = f"{long}Norway says {long}" if front else f"Norway says {long}"
    at = text.index("Norway")
    one = Position(
        start=0,
        end=len(text),
        actors=("Norway",),
        speaker_start=at,
        speaker_end=at + len("Norway"),
        cue="says",
        kind=PositionKind.STATEMENT,
        content_start=0,
        content_end=len(text),
    )
    began = time.process_time()
    governs(text, 0, one, (one,))
    assert time.process_time() - began < 1.0
