"""POST /api/v1/verify: what `ask` returned is valid; each kind of tampering is named."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from channels.conftest import QUESTIONS

Citation = dict[str, Any]


def verdicts(client: FlaskClient, answer: dict[str, Any]) -> dict[str, Any]:
    response = client.post("/api/v1/verify", json=answer)
    assert response.status_code == 200, response.text
    return response.json


def test_what_was_answered_is_valid(client: FlaskClient, question_of_kind: tuple[str, str]) -> None:
    answer = client.post("/api/v1/ask", json={"question": question_of_kind[1]}).json

    body = verdicts(client, answer)

    assert list(body) == ["valid", "citations", "index_version"]
    assert body["valid"] is True
    assert [one["number"] for one in body["citations"]] == [one["number"] for one in answer["citations"]]
    assert all(one["valid"] and one["problem"] is None for one in body["citations"])


def quote(citation: Citation) -> None:
    citation["quote"] = citation["quote"].replace("e", "a", 1)


def offsets(citation: Citation) -> None:
    citation["start"] += 1
    citation["end"] += 1


def end(citation: Citation) -> None:
    citation["end"] += 10**9


def swapped(citation: Citation) -> None:
    citation["start"], citation["end"] = citation["end"], citation["start"]


def text_hash(citation: Citation) -> None:
    citation["sha256"] = "0" * 64


def document(citation: Citation) -> None:
    citation["document_id"] = "another"


@pytest.mark.parametrize(
    ("tamper", "problem"),
    [
        (quote, "quote_differs"),
        (offsets, "quote_differs"),
        (end, "quote_differs"),
        (swapped, "quote_differs"),
        (text_hash, "text_has_changed"),
        (document, "unknown_document"),
    ],
)
def test_tampering_with_one_citation_is_named_and_the_others_stand(
    client: FlaskClient, tamper: Callable[[Citation], None], problem: str
) -> None:
    answer = client.post("/api/v1/ask", json={"question": QUESTIONS["timeline"]}).json
    assert len(answer["citations"]) > 1
    tamper(answer["citations"][0])

    body = verdicts(client, answer)

    assert body["valid"] is False
    assert [one["problem"] for one in body["citations"]] == [
        problem,
        *[None] * (len(answer["citations"]) - 1),
    ]
    assert [one["valid"] for one in body["citations"]] == [False, *[True] * (len(answer["citations"]) - 1)]


def test_fields_that_are_not_citations_do_not_matter(client: FlaskClient) -> None:
    answer = client.post("/api/v1/ask", json={"question": QUESTIONS["fact"]}).json

    assert verdicts(client, answer | {"text": "something else", "extra": 1})["valid"] is True
