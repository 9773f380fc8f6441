"""/openapi.json: valid, complete, and what the service really sends."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from channels.conftest import QUESTIONS

METHODS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture
def document(client: FlaskClient) -> dict[str, Any]:
    return client.get("/openapi.json").json


def operations(document: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    return {
        (method.upper(), path): operation
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if method in METHODS
    }


def conforms(
    document: dict[str, Any], path: str, value: Any, method: str = "GET", status: str = "200"
) -> None:
    content = operations(document)[method, path]["responses"][status]["content"]
    kind = "application/json" if "application/json" in content else "application/problem+json"
    schema = content[kind]["schema"] | {"components": document["components"]}
    Draft202012Validator(schema).validate(value)


def test_it_is_valid_openapi_3_1_0(document: dict[str, Any]) -> None:
    assert document["openapi"] == "3.1.0"
    OpenAPIV31SpecValidator(document).validate()


def test_it_is_the_same_bytes_each_time(client: FlaskClient) -> None:
    assert client.get("/openapi.json").data == client.get("/openapi.json").data


def test_every_route_of_the_api_is_in_it(app: Flask, document: dict[str, Any]) -> None:
    routes = {
        (method, re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule))
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api")
        for method in rule.methods or ()
        if method not in {"HEAD", "OPTIONS"}
    }

    assert routes
    assert routes <= set(operations(document))


def test_every_operation_documents_its_problems_as_problem_json(document: dict[str, Any]) -> None:
    for (_, path), operation in operations(document).items():
        problems = {s: r for s, r in operation["responses"].items() if s.startswith(("4", "5"))}
        assert "503" in problems, path
        assert not path.startswith("/api") or {"404", "422"} <= set(problems), path
        for status, response in problems.items():
            assert list(response["content"]) == ["application/problem+json"], (path, status)


def test_every_operation_says_what_it_is_for(document: dict[str, Any]) -> None:
    for key, operation in operations(document).items():
        assert operation["summary"], key
        assert operation["description"], key


def test_answers_conform(client: FlaskClient, document: dict[str, Any]) -> None:
    for question in QUESTIONS.values():
        answer = client.post("/api/v1/ask", json={"question": question}).json
        conforms(document, "/api/v1/ask", answer, "POST")
        conforms(document, "/api/v1/verify", client.post("/api/v1/verify", json=answer).json, "POST")


def test_what_is_read_conforms(client: FlaskClient, document: dict[str, Any]) -> None:
    listed = client.get("/api/v1/documents").json
    document_id = listed["documents"][0]["id"]

    conforms(document, "/api/v1/documents", listed)
    conforms(document, "/api/v1/documents/{document_id}", client.get(f"/api/v1/documents/{document_id}").json)
    conforms(document, "/api/v1/search", client.get("/api/v1/search?q=dam").json)
    conforms(document, "/api/v1/search", client.get("/api/v1/search?q=dam&explain=1").json)
    conforms(document, "/healthz", client.get("/healthz").json)
    conforms(document, "/readyz", client.get("/readyz").json)


def test_problems_conform(client: FlaskClient, document: dict[str, Any]) -> None:
    wrong = client.post("/api/v1/ask", json={"question": ""})
    missing = client.get("/api/v1/documents/nope")

    conforms(document, "/api/v1/ask", wrong.json, "POST", "422")
    conforms(document, "/api/v1/documents/{document_id}", missing.json, status="404")
