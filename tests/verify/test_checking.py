from collections.abc import Callable
from dataclasses import asdict, replace

import pytest
from building import altered, document, indexed
from shelving import edition as shelved

from qa_service.domain.answer import Answer
from qa_service.domain.document import Document
from qa_service.domain.edition import Edition
from qa_service.verify import Claimed, check
from qa_service.wiring import Service

RIVER = document("The dam holds the water. The river 🌊 is low.", id="river")
QUOTE = "The river 🌊 is low."
START = RIVER.text.index(QUOTE)
CLAIM = Claimed(
    number=1,
    document_id="river",
    quote=QUOTE,
    start=START,
    end=START + len(QUOTE),
    sha256=RIVER.sha256,
)


def edition(made: Document) -> Edition:
    return shelved(indexed(made))


@pytest.mark.parametrize(
    ("claim", "problem"),
    [
        (CLAIM, None),
        (replace(CLAIM, sha256=None), None),
        (replace(CLAIM, document_id="nobody"), "unknown_document"),
        (replace(CLAIM, sha256="0" * 64), "text_has_changed"),
        (replace(CLAIM, quote="The river is low."), "quote_differs"),
        (replace(CLAIM, quote=QUOTE.upper()), "quote_differs"),
        (replace(CLAIM, start=START - 1), "quote_differs"),
        (replace(CLAIM, end=CLAIM.end + 1), "quote_differs"),
        (replace(CLAIM, end=10_000), "quote_differs"),
        (replace(CLAIM, start=START - len(RIVER.text), end=len(RIVER.text)), "quote_differs"),
        (replace(CLAIM, quote="", start=3, end=3), "quote_differs"),
        (replace(CLAIM, quote="", start=10_000, end=10_001), "quote_differs"),
    ],
)
def test_each_problem_has_its_name(claim: Claimed, problem: str | None) -> None:
    (finding,) = check([claim], edition(RIVER))
    assert finding.problem == problem
    assert finding.valid is (problem is None)


def test_stored_text_that_was_altered_is_noticed() -> None:
    (finding,) = check([CLAIM], edition(altered(RIVER, RIVER.text + " ")))
    assert finding.problem == "stored_text_altered"


def test_findings_come_in_the_order_of_the_claims() -> None:
    claims = [replace(CLAIM, number=number) for number in (3, 1, 2)]
    assert [finding.number for finding in check(claims, edition(RIVER))] == [3, 1, 2]
    assert check([], edition(RIVER)) == ()


def test_the_citations_of_our_own_answers_are_valid(service: Service, ask: Callable[..., Answer]) -> None:
    names = Claimed.__slots__
    claims = [
        Claimed(**{name: value for name, value in asdict(citation).items() if name in names})
        for question in ("How do Norway and Sweden differ?", "What is the timeline of the talks?")
        for citation in ask(question).citations
    ]
    assert len(claims) > 8
    assert all(finding.valid for finding in check(claims, service.answering.desk.edition))
