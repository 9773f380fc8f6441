from collections.abc import Callable

import pytest
from building import altered, document, indexed
from shelving import edition as shelved

from qa_service.domain.document import Document, PageStart
from qa_service.domain.edition import Edition
from qa_service.domain.errors import IntegrityError, NotFoundError
from qa_service.domain.evidence import Evidence
from qa_service.verify import citations

RIVER = document(
    "# Water",
    "The dam holds the water. The river 🌊 is low.",
    "# Talks",
    "Talks opened in May.",
    id="river",
    title="Low Water",
    author="Ingrid Vale",
    published="2021-09",
    publisher="Review",
    url="https://example.org/",
    pages=(PageStart(start=0, number=7), PageStart(start=60, number=8)),
)
OTHER = document("Nothing of this kind.", id="other")


def edition(*documents: Document) -> Edition:
    return shelved(*(indexed(one) for one in documents))


def evidence(made: Edition, document_id: str, quote: str) -> Evidence:
    start = made.documents[document_id].text.index(quote)
    passage = made.passage_at(document_id, start)
    return Evidence(passage=passage, start=start, end=start + len(quote))


def test_citations_are_numbered_in_the_order_of_the_quotes_and_say_where_they_stand() -> None:
    made = edition(RIVER, OTHER)
    quotes = [
        evidence(made, "river", "Talks opened in May."),
        evidence(made, "other", "Nothing of this kind."),
        evidence(made, "river", "The river 🌊 is low."),
    ]
    first, second, third = citations(quotes, made)
    assert [one.number for one in (first, second, third)] == [1, 2, 3]
    assert (first.quote, first.section, first.page) == ("Talks opened in May.", "Talks", 8)
    assert (first.title, first.author, first.published) == ("Low Water", "Ingrid Vale", "2021-09")
    assert (first.publisher, first.url, first.sha256) == ("Review", "https://example.org/", RIVER.sha256)
    assert (second.document_id, second.section, second.page) == ("other", None, None)
    assert (third.quote, third.page) == (RIVER.text[third.start : third.end], 7)


def test_no_quotes_have_no_citations() -> None:
    assert citations((), edition(RIVER)) == ()


@pytest.mark.parametrize(
    "change", [lambda text: text.replace("water", "Water"), lambda text: text + " ", lambda text: text[:-1]]
)
def test_altered_text_is_never_quoted(change: Callable[[str], str]) -> None:
    good = edition(RIVER, OTHER)
    quotes = [evidence(good, "other", "Nothing"), evidence(good, "river", "Talks")]
    damaged = edition(altered(RIVER, change(RIVER.text)), OTHER)
    with pytest.raises(IntegrityError, match="river"):
        citations(quotes, damaged)
    assert citations(quotes[:1], damaged)


@pytest.mark.parametrize(
    ("start", "end"),
    [(0, 10_000), (len(RIVER.text), len(RIVER.text) + 1), (5, 5), (9, 4), (-5, 3), (-9, -4)],
)
def test_a_span_outside_the_text_is_never_quoted(start: int, end: int) -> None:
    made = edition(RIVER)
    quote = Evidence(passage=made.passages_of("river")[0], start=start, end=end)
    with pytest.raises(IntegrityError, match="river"):
        citations([quote], made)


def test_a_document_that_is_not_there_is_not_found() -> None:
    quote = evidence(edition(RIVER), "river", "Talks")
    with pytest.raises(NotFoundError, match="river"):
        citations([quote], edition(OTHER))
