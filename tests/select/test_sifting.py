"""Among very many passages, the one that says all of it in one place is looked at first."""

from dataclasses import replace

import pytest
from telling import Tell, Told

from qa_service.domain.evidence import Hit
from qa_service.select.inquiry import HITS, Inquiry
from qa_service.select.sifting import sifted

QUESTION = "How many boats did Varnia lend to the harbour board for the herring season?"
SCATTERED = """# Report {number} of the fishing fleet

The harbour board was told of boats. Then the oldest of those present read from a thick book about winds,
currents, knots, ropes, tar, canvas, lamps, bells, charts, sandbanks, gulls, eels and the moon, until all but
two slept. In the herring season Varnia has fog.
"""
SAID = """# Letters of a clerk

The winter was hard, the ice stood in the sound until April. For the herring season Varnia lent the harbour
board 14 boats. The mail came once a week, if it came at all, and brought the almanac.
"""
ABROAD = SAID.replace("Varnia", "Norway").replace("Letters", "Songs")
ADRIFT = "Gulls cried, ropes creaked, the tar smelt, bells rang and canvas flapped. " * 4


def order(inquiry: Inquiry, **scores: float) -> list[str]:
    """The titles' first words when search gives these scores."""
    found = inquiry.edition.searcher.search(inquiry.question.terms, limit=HITS)

    def titled(hit: Hit) -> str:
        return inquiry.edition.documents[hit.passage.document_id].title.split()[0]

    hits = [replace(hit, score=scores[titled(hit)]) for hit in found if titled(hit) in scores]
    best_first = sorted(hits, key=lambda hit: -hit.score)
    return [titled(hit) for hit in sifted(best_first, inquiry.matcher, inquiry.named)]


@pytest.fixture
def fleet(tell: Tell) -> Told:
    return tell(
        SCATTERED.format(number=1),
        SAID,
        ABROAD,
        ABROAD.replace("Songs", "Tales").strip() + f" {ADRIFT} Then Varnia wrote.\n",
    )


def test_what_says_all_of_it_in_one_place_comes_before_what_holds_the_words(fleet: Told) -> None:
    assert order(fleet.inquiry(QUESTION), Report=10.0, Letters=9.0) == ["Letters", "Report"]


def test_what_names_the_actor_anywhere_comes_before_what_names_another(fleet: Told) -> None:
    """As much of the question stands together in both."""
    assert order(fleet.inquiry(QUESTION), Songs=10.0, Tales=9.9) == ["Tales", "Songs"]


def test_a_far_better_score_stands(fleet: Told) -> None:
    assert order(fleet.inquiry(QUESTION), Report=100.0, Letters=10.0) == ["Report", "Letters"]


def test_only_as_many_as_are_looked_at_are_sifted(tell: Tell) -> None:
    told = tell(*[SCATTERED.format(number=number) for number in range(HITS - 1)], SAID)
    inquiry = told.inquiry(QUESTION)
    fewer = told.inquiry("What did the oldest of those present read?")

    assert len(inquiry.hits) == HITS
    assert len(fewer.hits) < HITS
    assert list(fewer.hits) == list(
        fewer.edition.searcher.search(fewer.question.terms, limit=HITS, pairs=fewer.question.pairs)
    )
    assert "14 boats" in told.quotes(QUESTION)[0]
