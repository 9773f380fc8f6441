"""The source page: every citation leads to its words, highlighted in the text that it cites."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from channels.web.test_page import Element, Tree, answer_of
from qa_service.app import create_app
from qa_service.compose.links import address
from qa_service.domain.answer import Citation
from qa_service.settings import Settings
from qa_service.wiring import Service


@pytest.fixture
def document(client: FlaskClient) -> dict[str, Any]:
    return client.get("/api/v1/documents").json["documents"][0]


def read(client: FlaskClient, path: str, status: int = 200) -> Element:
    response = client.get(path)
    assert response.status_code == status
    return Tree(response.text).root


def test_every_citation_leads_to_its_quote_highlighted(
    client: FlaskClient, question_of_kind: tuple[str, str]
) -> None:
    for citation in answer_of(client, question_of_kind[1])["citations"]:
        page = read(client, address(Citation(**citation)))

        assert page.one("mark").text == citation["quote"]
        assert page.one("mark").attributes["id"] == "quote"
        assert address(Citation(**citation)).endswith("#quote")
        assert not list(page.all("script"))


def test_the_page_is_the_canonical_text_block_by_block(client: FlaskClient, document: dict[str, Any]) -> None:
    text = client.get(f"/api/v1/documents/{document['id']}/text").text

    page = read(client, f"/documents/{document['id']}")

    (shown,) = page.all("div", class_="text")
    blocks = [one.text for one in shown.children if isinstance(one, Element)]
    assert "\n\n".join(blocks) == text
    assert page.one("h1").text == document["title"]
    assert not list(page.all("mark"))
    assert document["sha256"] in page.text


def test_a_span_over_several_blocks_is_highlighted_in_each(
    client: FlaskClient, document: dict[str, Any]
) -> None:
    text = client.get(f"/api/v1/documents/{document['id']}/text").text
    start, end = text.index("Four years"), text.index("The mediator left") + len("The mediator left")

    page = read(client, f"/documents/{document['id']}?start={start}&end={end}")

    marks = list(page.all("mark"))
    assert "\n\n".join(one.text for one in marks) == text[start:end]
    assert [one.attributes.get("id") for one in marks] == ["quote", *[None] * (len(marks) - 1)]


@pytest.mark.parametrize(
    "query", ["start=5&end=5", "start=-1&end=4", "start=0&end=99999999", "start=x&end=2"]
)
def test_a_place_that_the_text_does_not_have_is_said_and_the_text_shown(
    client: FlaskClient, document: dict[str, Any], query: str
) -> None:
    page = read(client, f"/documents/{document['id']}?{query}")

    assert "The address names a place that this text does not have." in page.text
    assert not list(page.all("mark"))
    assert "Halvard" in page.text


def test_a_text_that_changed_since_it_was_quoted_says_so(
    client: FlaskClient, document: dict[str, Any]
) -> None:
    path = f"/documents/{document['id']}?start=0&end=4&sha256="

    assert "has changed" not in read(client, path + document["sha256"][:12]).text
    assert "This text has changed since it was quoted" in read(client, path + "0" * 12).text


def test_a_document_that_is_not_there_is_a_page(client: FlaskClient) -> None:
    assert "No such document" in read(client, "/documents/nope", 404).text


def test_markup_in_a_document_stays_text(own_service: Service, own_settings: Settings, tmp_path: Any) -> None:
    note = tmp_path / "note.jsonl"
    note.write_text(
        '{"id": "weir", "title": "<img src=x onerror=alert(1)> weir", "author": "<script>alert(1)</script>", '
        '"text": "The Tarn weir </mark><script>alert(2)</script> was finished in 1972."}\n',
        "utf-8",
    )
    assert own_service.indexing.ingest([note]).added
    client = create_app(own_settings).test_client()

    page = read(client, "/documents/weir?start=3&end=60")

    assert not {one.name for one in page.all()} & {"script", "img", "b"}
    assert len(list(page.all("mark"))) >= 1
