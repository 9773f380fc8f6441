"""Nobody is led elsewhere: no redirect leaves the service, and a link leads to the web or nowhere."""

import json
import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from building import settings_in
from flask.testing import FlaskClient

from qa_service.app import create_app
from qa_service.wiring import Service

HERE = "localhost"
ELSEWHERE = [
    "//evil.example",
    "///evil.example",
    "////evil.example/%2e%2e",
    "/\\evil.example",
    "\\\\evil.example",
    "/%5cevil.example",
    "/%2f%2fevil.example",
    "//evil.example//",
    "/.//evil.example",
    "/..//evil.example",
    "/;@evil.example",
    "/@evil.example",
    "//localhost@evil.example",
    "//localhost.evil.example",
    "http://evil.example",
    "https:evil.example",
    "/http://evil.example",
    "/\tevil.example",
    "//evil%E3%80%82example",
    "/%0d%0aLocation:%20//evil.example",
]
BEFORE = ["", "/admin", "/api/v1", "/documents", "/static", "/widget", "/v1"]
PARAMETERS = ["next", "url", "redirect", "return_to", "continue"]
HREF = re.compile(r'(?:href|action|src)="([^"]*)"')
ADDRESSES = [  # what a document may say of where it stands, and whether that becomes a link
    ("https://example.org/a", True),
    ("http://example.org/a?b=c#d", True),
    ("HTTPS://EXAMPLE.ORG/A", True),
    ("https://münchen.example/ä", True),
    ("javascript:alert(1)", False),
    ("JaVaScRiPt:alert(1)", False),
    (" javascript:alert(1)", False),
    ("\tjavascript:alert(1)", False),
    ("java\tscript:alert(1)", False),
    ("java\nscript:alert(1)", False),
    ("\x01javascript:alert(1)", False),
    ("javascript://example.org/%0aalert(1)", False),
    ("javascript&colon;alert(1)", False),
    ("data:text/html,<script>alert(1)</script>", False),
    ("vbscript:msgbox(1)", False),
    ("file:///etc/passwd", False),
    ("ftp://example.org/a", False),
    ("gopher://example.org", False),
    ("mailto:a@example.org", False),
    ("blob:https://example.org/1", False),
    ("about:blank", False),
    ("view-source:https://example.org", False),
    ("//evil.example/a", False),
    ("///evil.example/a", False),
    ("/\\evil.example", False),
    ("https:evil.example", False),
    ("https:/evil.example", False),
    ("https//evil.example", False),
    ("http:", False),
    ("https://", False),
    ("www.example.org", False),
    ("example.org/a", False),
    ("../admin", False),
    ("/admin/logout", False),
    ("?q=x", False),
    ("#x", False),
    ("", False),
    (" ", False),
    ("\u202ehttps://example.org", True),
    ("ｈttps://example.org", False),
]


def places(client: FlaskClient) -> Iterator[tuple[str, str]]:
    """Every address that is tried, and where it leads."""
    for before, rest in product(BEFORE, ELSEWHERE):
        path = before + rest
        with client.get("/", environ_overrides={"PATH_INFO": path, "RAW_URI": path}) as response:
            yield path, response.headers.get("Location", "")
    for rule in ("/", "/admin", "/admin/login", "/embed", "/docs", "/documents/x"):
        for name, there in product(PARAMETERS, ELSEWHERE):
            path = f"{rule}?{name}={quote(there)}"
            with client.get(path) as response:
                yield path, response.headers.get("Location", "")


def test_no_redirect_leaves_the_service(client: FlaskClient) -> None:
    tried, followed = 0, 0
    for path, location in places(client):
        tried += 1
        if location:
            followed += 1
            assert urlsplit(location).netloc in {"", HERE}, path
            assert not re.match(r"[\\/]{2}|/[\\]", location), path
    assert tried >= 700
    assert followed > 50


@pytest.fixture(scope="module")
def addressed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """A service with a document for each address."""
    folder: Path = tmp_path_factory.mktemp("addressed")
    service = Service(settings_in(folder))
    service.prepare()
    rows = [
        {"id": f"d{n:02}", "title": f"Weir {n}", "text": f"The weir {n} was finished.", "url": url}
        for n, (url, _) in enumerate(ADDRESSES)
    ]
    (folder / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    assert not service.indexing.ingest([folder / "rows.jsonl"]).rejected
    service.close()
    yield create_app(service.settings).test_client()


def test_only_an_address_of_the_web_becomes_a_link(addressed: FlaskClient) -> None:
    assert len(ADDRESSES) == 40
    linked = {}
    for number, (url, _) in enumerate(ADDRESSES):
        told = addressed.get(f"/api/v1/documents/d{number:02}").json["url"]
        page = addressed.get(f"/documents/d{number:02}").text
        for href in HREF.findall(page):
            assert re.match(r"/(?!/)|#|\?|https?://", href, re.IGNORECASE), (url, href)
        linked[url] = "Publisher's page" in page
        assert linked[url] is (told is not None)
        assert told is None or (urlsplit(told).scheme in {"http", "https"} and urlsplit(told).netloc)
    assert linked == dict(ADDRESSES)
