"""Whatever comes, it is answered or refused as wrong; the service does not fail."""

import json
import random
from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

EXAMPLES = settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
FEWER = settings(EXAMPLES, max_examples=100)
TEXT = st.text(max_size=300) | st.text(
    alphabet="Norway Sweden dam who when? 2017 '\"[]()*-–1\u200d\u0301\u202e", max_size=80
)
SURROGATES = st.text(alphabet=st.characters(), max_size=300)
SYNTAX = [
    *["AND", "OR", "NOT", "NEAR(", "NEAR/3", ")", "(", '"', "'", "*", "^", ":", "-", "+", "--", ";", "~2"],
    *["title:", "{!lucene}", "[1 TO 5]", "_exists_:", "dam", "Norway", "gauge*", "\\", "%00", "$where"],
    *["' OR 1=1 --", "{{7*7}}", "${jndi:x}", "\x00", "\u202e", "é", "😀", "1e999", "-0", "NULL", "MATCH"],
    *["&&", "||", "/.*/", "dam^9"],
]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
BODIES = VALUES | st.fixed_dictionaries(
    {"question": TEXT | VALUES}, optional={"history": st.lists(TEXT) | VALUES, "documents": VALUES}
)


def is_answered_or_wrong(status: int, body: bytes) -> None:
    assert status == 200 or 400 <= status < 500, (status, body)
    json.loads(body)


@EXAMPLES
@given(body=BODIES)
def test_any_json(client: FlaskClient, body: Any) -> None:
    response = client.post("/api/v1/ask", data=json.dumps(body), content_type="application/json")

    is_answered_or_wrong(response.status_code, response.data)


@FEWER
@given(question=TEXT)
def test_any_question(client: FlaskClient, question: str) -> None:
    response = client.post("/api/v1/ask", json={"question": question})

    is_answered_or_wrong(response.status_code, response.data)


@FEWER
@given(body=st.binary(max_size=300))
def test_any_bytes(client: FlaskClient, body: bytes) -> None:
    response = client.post("/api/v1/ask", data=body, content_type="application/json")

    is_answered_or_wrong(response.status_code, response.data)


@EXAMPLES
@given(query=TEXT, limit=TEXT | st.integers().map(str))
def test_any_search(client: FlaskClient, query: str, limit: str) -> None:
    response = client.get(f"/api/v1/search?q={quote(query)}&limit={quote(limit)}")

    is_answered_or_wrong(response.status_code, response.data)
    if limit.isascii() and limit.isdigit():
        assert response.status_code == 200 or response.json["errors"]


@FEWER
@given(question=TEXT, history=st.lists(TEXT, max_size=3))
def test_any_question_to_the_page(client: FlaskClient, question: str, history: list[str]) -> None:
    earlier = "".join(f"&h={quote(one)}" for one in history)

    response = client.get(f"/?q={quote(question)}{earlier}")

    assert response.status_code in {200, 422}


@pytest.mark.long
@settings(EXAMPLES, max_examples=20_000)
@given(question=TEXT | SURROGATES, history=st.lists(TEXT | SURROGATES, max_size=2))
def test_twenty_thousand_strings(client: FlaskClient, question: str, history: list[str]) -> None:
    body = {"question": question, "history": history}
    response = client.post("/api/v1/ask", data=json.dumps(body), content_type="application/json")

    is_answered_or_wrong(response.status_code, response.data)


@pytest.mark.parametrize(
    "count", [pytest.param(500, id="some"), pytest.param(100_000, id="many", marks=pytest.mark.long)]
)
def test_what_other_engines_take_for_a_query_language_is_text(client: FlaskClient, count: int) -> None:
    chance = random.Random(3)  # noqa: S311
    for _ in range(count):
        query = " ".join(chance.choices(SYNTAX, k=chance.randrange(1, 12)))
        response = client.get("/api/v1/search", query_string={"q": query})

        assert response.status_code in {200, 422}, (query, response.data)
