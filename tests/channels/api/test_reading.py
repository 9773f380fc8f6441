"""/suggestions and /documents/{id}/context: what a reader's screen shows beside the answer."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from channels.api.problems import is_problem


@pytest.fixture
def citation(client: FlaskClient) -> dict[str, Any]:
    return client.post("/api/v1/ask", json={"question": "Who mediated?"}).json["citations"][0]


def test_the_suggestions_are_answered(client: FlaskClient) -> None:
    body = client.get("/api/v1/suggestions").json

    assert list(body) == ["suggestions", "index_version"]
    assert len(body["suggestions"]) == 3
    for question in body["suggestions"]:
        assert client.post("/api/v1/ask", json={"question": question}).json["answered"]


def test_a_context_is_the_text_around_a_quote(client: FlaskClient, citation: dict[str, Any]) -> None:
    path = f"/api/v1/documents/{citation['document_id']}"
    text = client.get(f"{path}/text").text

    found = client.get(f"{path}/context?start={citation['start']}&end={citation['end']}").json

    around = found["before"] + found["quote"] + found["after"]
    assert found["quote"] == citation["quote"]
    assert text[found["start"] - len(found["before"]) :].startswith(around)
    assert found["before"].startswith("In October 2018, the Joint Skarn Commission (JSC) was founded")
    assert found["before"].endswith("three from each bank. ")
    assert found["after"].strip().startswith("In early 2020, Sweden left the talks")
    assert {name: found[name] for name in ("section", "page", "sha256")} == {
        name: citation[name] for name in ("section", "page", "sha256")
    }


@pytest.mark.parametrize("span", ["start=4&end=4", "start=9&end=4", "start=0&end=999999"])
def test_a_span_that_is_none_is_refused(client: FlaskClient, citation: dict[str, Any], span: str) -> None:
    response = client.get(f"/api/v1/documents/{citation['document_id']}/context?{span}")

    problem = is_problem(response.status_code, response.headers, response.data)
    assert problem["errors"][0]["field"] == "end"
    assert problem["status"] == 422


def test_a_document_that_is_not_there_is_not_found(client: FlaskClient) -> None:
    response = client.get("/api/v1/documents/nope/context?start=0&end=1")

    assert is_problem(response.status_code, response.headers, response.data)["status"] == 404
