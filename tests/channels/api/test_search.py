"""GET /api/v1/search: passages, best first, and what each term contributed."""

import math

import pytest
from flask.testing import FlaskClient

FIELDS = ["document_id", "passage_id", "title", "section", "page", "score", "start", "end", "text"]


def test_results_have_the_contracts_fields_and_are_spans_of_the_text(client: FlaskClient) -> None:
    body = client.get("/api/v1/search", query_string={"q": "the Halvard dam"}).json

    assert list(body) == ["results", "index_version"]
    assert body["results"]
    for result in body["results"]:
        assert list(result) == FIELDS
        text = client.get(f"/api/v1/documents/{result['document_id']}/text").text
        assert text[result["start"] : result["end"]] == result["text"]


def test_results_come_best_first_and_no_more_than_asked_for(client: FlaskClient) -> None:
    everything = client.get("/api/v1/search?q=Norway Sweden dam talks&limit=50").json["results"]
    two = client.get("/api/v1/search?q=Norway Sweden dam talks&limit=2").json["results"]

    scores = [result["score"] for result in everything]
    assert scores == sorted(scores, reverse=True)
    assert two == everything[:2]
    assert len(everything) > 2


@pytest.mark.parametrize("query", ["dam", "Halvard dam floods", "Who mediated the talks in Gothenburg?"])
def test_contributions_add_up_to_the_score(client: FlaskClient, query: str) -> None:
    results = client.get("/api/v1/search", query_string={"q": query, "explain": "true"}).json["results"]

    assert results
    for result in results:
        assert list(result) == [*FIELDS, "explanation"]
        assert all(list(term) == ["term", "score"] for term in result["explanation"])
        assert math.isclose(sum(term["score"] for term in result["explanation"]), result["score"])


def test_words_that_stand_nowhere_find_nothing(client: FlaskClient) -> None:
    assert client.get("/api/v1/search?q=xylophone").json["results"] == []


def test_the_same_search_gives_the_same_bytes(client: FlaskClient) -> None:
    path = "/api/v1/search?q=flow gauges&explain=1"

    assert client.get(path).data == client.get(path).data
