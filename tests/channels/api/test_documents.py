"""The documents behind the citations: listed, read as cited, fetched as ingested."""

import hashlib
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from qa_service.app import create_app
from qa_service.wiring import Service

FIELDS = [
    "id",
    "title",
    "author",
    "published",
    "publisher",
    "url",
    "language",
    "based_on",
    "sha256",
    "characters",
    "passages",
]


@pytest.fixture
def document_id(client: FlaskClient) -> str:
    return client.get("/api/v1/documents").json["documents"][0]["id"]


def test_the_list_holds_what_is_known_of_each_document(client: FlaskClient) -> None:
    body = client.get("/api/v1/documents").json

    assert list(body) == ["documents", "index_version"]
    (document,) = body["documents"]
    assert list(document) == FIELDS
    assert document["title"] == "Low Water on the Skarn"
    assert document["published"] == "2021-09-14"
    assert document["language"] == "en"
    assert document["based_on"] is None


def test_one_document_is_the_row_of_the_list(client: FlaskClient, document_id: str) -> None:
    listed = client.get("/api/v1/documents").json["documents"]

    assert client.get(f"/api/v1/documents/{document_id}").json == listed[0]


def test_the_text_is_plain_and_has_the_hash_and_length_that_are_told(
    client: FlaskClient, document_id: str
) -> None:
    told = client.get(f"/api/v1/documents/{document_id}").json

    response = client.get(f"/api/v1/documents/{document_id}/text")

    assert response.content_type == "text/plain; charset=utf-8"
    assert hashlib.sha256(response.data).hexdigest() == told["sha256"]
    assert len(response.text) == told["characters"]


def test_the_source_is_the_file_byte_for_byte(
    client: FlaskClient, document_id: str, commentary: Path
) -> None:
    response = client.get(f"/api/v1/documents/{document_id}/source")

    assert response.data == commentary.read_bytes()
    assert response.content_type == "application/octet-stream"
    assert response.headers["Content-Disposition"] == f"attachment; filename={commentary.name}"


def test_files_that_are_no_utf_8_text_come_back_byte_for_byte(own_service: Service, tmp_path: Path) -> None:
    files = {
        "crlf.txt": b"A title\r\n\r\nThe r\xc3\xa9gime fell in 2014.\r\n",
        "latin.txt": "The régime fell in 2014. Nobody was surprised by it.".encode("latin-1"),
        "naïve “name”.md": b"# A name\n\nThe dam was built in 1972.\n",
        "two\r\nX-Lines: 1\x7f.md": b"# Two lines\n\nThe weir was built in 1973.\n",
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    report = own_service.indexing.ingest([tmp_path / name for name in files])
    assert not report.rejected
    client = create_app(own_service.settings).test_client()

    sources = {
        client.get(f"/api/v1/documents/{one['id']}/source").data
        for one in client.get("/api/v1/documents").json["documents"]
    }

    assert set(files.values()) <= sources


@pytest.mark.parametrize("part", ["", "/text", "/source"])
@pytest.mark.parametrize("unknown", ["nope", "%00", "..%2f..", "a%20b", "%ff", "é"])
def test_an_unknown_document_is_a_404_that_does_not_repeat_the_id(
    client: FlaskClient, unknown: str, part: str
) -> None:
    response = client.get(f"/api/v1/documents/{unknown}{part}")

    assert response.status_code == 404
    assert response.content_type == "application/problem+json"
    assert unknown not in response.text


def test_an_overlong_id_is_refused(client: FlaskClient) -> None:
    response = client.get(f"/api/v1/documents/{'x' * 301}")

    assert response.status_code == 422
    assert response.content_type == "application/problem+json"


# What a caller has already


@pytest.mark.parametrize("rest", ["", "/{id}", "/{id}/text", "/{id}/source"])
def test_what_has_not_changed_is_not_sent_again(client: FlaskClient, document_id: str, rest: str) -> None:
    path = "/api/v1/documents" + rest.format(id=document_id)
    first = client.get(path)
    tag = first.headers["ETag"]
    assert tag.startswith('"')  # strong: equal bytes
    assert first.headers["Cache-Control"] == "private, no-cache"

    for sent in (tag, f'"other", {tag}', "*", f"W/{tag}"):
        again = client.get(path, headers={"If-None-Match": sent})
        assert (again.status_code, again.data) == (304, b""), sent
        assert again.headers["ETag"] == tag
    other = client.get(path, headers={"If-None-Match": '"other"'})
    assert (other.status_code, other.data) == (200, first.data)


def test_a_text_is_tagged_with_the_hash_that_its_citations_name(
    client: FlaskClient, document_id: str
) -> None:
    told = client.get(f"/api/v1/documents/{document_id}").json

    assert client.get(f"/api/v1/documents/{document_id}/text").headers["ETag"] == f'"{told["sha256"]}"'


def test_a_new_index_version_has_another_tag(own_service: Service, tmp_path: Path) -> None:
    client = create_app(own_service.settings).test_client()
    tags = {path: client.get(path).headers["ETag"] for path in ("/api/v1/documents",)}
    other = tmp_path / "other.md"
    other.write_text("# Other\n\nThe other weir was finished in 1973.\n", "utf-8")
    own_service.indexing.ingest([other])

    for path, tag in tags.items():
        again = client.get(path, headers={"If-None-Match": tag})
        assert again.status_code == 200
        assert again.headers["ETag"] != tag
