"""/docs: the OpenAPI document for people, whole, and nothing from elsewhere."""

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from flask.testing import FlaskClient


class Links(HTMLParser):
    """The anchors, links, loaded files and elements of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.anchors: list[str] = []
        self.links: set[str] = set()
        self.loaded: set[str] = set()
        self.names: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.names.add(tag)
        assert not {name for name in found if name.startswith("on") or name == "style"}
        if found.get("id"):
            self.anchors.append(str(found["id"]))
        if tag == "a":
            self.links.add(str(found["href"]))
        elif found.get("href") or found.get("src"):
            self.loaded.add(str(found.get("href") or found.get("src")))


@pytest.fixture
def document(client: FlaskClient) -> dict[str, Any]:
    return client.get("/openapi.json").json


@pytest.fixture
def page(client: FlaskClient) -> str:
    response = client.get("/docs")
    assert (response.status_code, response.mimetype) == (200, "text/html")
    return response.text


def test_every_operation_and_every_object_is_there(page: str, document: dict[str, Any]) -> None:
    anchors = Links(page).anchors
    for path, item in document["paths"].items():
        for method, operation in item.items():
            assert operation["operationId"] in anchors
            assert f"{method.upper()} {path}" in page
            assert operation["summary"] in page
    for name in document["components"]["schemas"]:
        assert name.removesuffix("Model") in anchors
    assert len(anchors) == len(set(anchors))


def test_every_link_leads_somewhere(page: str, client: FlaskClient) -> None:
    found = Links(page)
    for link in found.links:
        if link.startswith("#"):
            assert link[1:] in found.anchors, link
        else:
            assert client.get(link).status_code == 200, link


def test_nothing_comes_from_elsewhere_and_nothing_runs(page: str) -> None:
    found = Links(page)

    assert found.loaded == {"/static/page.css", "/static/icon.svg"}
    assert not found.names & {"script", "style", "iframe", "img", "form", "object"}


def test_the_examples_are_commands_that_work(page: str, client: FlaskClient) -> None:
    examples = [re.sub("&#39;", "'", one) for one in re.findall(r"<code>(curl [^<]*)</code>", page)]

    assert len(examples) > 15
    (ask,) = [one for one in examples if one.endswith("}'") and "/ask" in one]
    body = ask.replace("&#34;", '"').split("-d '")[1].rstrip("'")
    assert client.post("/api/v1/ask", data=body, content_type="application/json").status_code == 200
