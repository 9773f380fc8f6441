"""Among very many passages, the one that says all of it in a sentence is looked at first."""

from telling import Tell

from qa_service.select.inquiry import HITS
from qa_service.select.ranking import MOST_PASSAGES

QUESTION = "How many boats did Varnia lend to the harbour board for the herring season?"
CROWD = """# Report {number} of the fishing fleet

The harbour board met. The herring season began. Boats came and boats went; the board was told of boats.
To lend is to trust, said one at the harbour. The season was long. Herring was dear in Varnia. The board
rose at noon.
"""
ANSWER = """# Letters of a harbour clerk

The winter was hard, the ice stood in the sound until April, and the schoolmaster, who kept the only
barometer of the island, wrote to his sister that nobody had seen its like. The chapel got a new roof of
slate. A cow of the widow Berg was drowned. For the herring season Varnia lent the harbour board 14
boats. The mail came once a week, if it came at all, and brought the almanac, seeds for the gardens, two
pairs of spectacles and a letter from a cousin in the south.
"""


def test_a_sentence_that_says_all_stands_before_passages_that_hold_the_words(tell: Tell) -> None:
    told = tell(*[CROWD.format(number=number) for number in range(HITS - 1)], ANSWER)
    inquiry = told.inquiry(QUESTION)
    found = told.desk.edition.searcher.search(
        inquiry.question.terms, limit=HITS, pairs=inquiry.question.pairs
    )
    titles = [inquiry.edition.documents[hit.passage.document_id].title for hit in found]

    assert titles.index("Letters of a harbour clerk") >= MOST_PASSAGES
    assert "14 boats" in told.quotes(QUESTION)[0]


def test_of_fewer_passages_none_is_moved(tell: Tell) -> None:
    told = tell(*[CROWD.format(number=number) for number in range(5)], ANSWER)
    inquiry = told.inquiry(QUESTION)
    found = told.desk.edition.searcher.search(
        inquiry.question.terms, limit=HITS, pairs=inquiry.question.pairs
    )

    assert list(inquiry.hits) == list(found)
