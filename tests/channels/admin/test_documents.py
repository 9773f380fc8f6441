"""Documents at the desk: what is indexed, what was not taken and why; adding and removing."""

import io
import sys
from pathlib import Path
from typing import Any

import pytest
from building import COMMENTARY
from flask import Flask
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from channels.admin.desks import Browser, Desk, desk_over
from qa_service.app import create_app
from qa_service.channels import apart
from qa_service.channels.admin import catalogue
from qa_service.domain.arrival import Arrival, Fate
from qa_service.settings import Settings
from qa_service.wiring import Service

WEIR = b"# The Weir\n\nThe Halden weir was finished in 1973.\n"
WANTS_JSON = {"Accept": "application/json"}


def send(browser: Browser, *files: tuple[str, bytes], **sent: Any) -> TestResponse:
    data = MultiDict([("file", (io.BytesIO(body), name)) for name, body in files])
    return browser.post("/admin/documents", data, content_type="multipart/form-data", **sent)


def test_what_is_indexed_and_what_was_not_taken_is_told(desk: Desk) -> None:
    page = desk.signed_in().get("/admin/documents").text

    assert "Low Water on the Skarn" in page
    assert "Not taken" in page
    assert "broken.pdf" in page and "named .pdf but it is not a PDF" in page


def test_what_is_sent_is_answered_from_at_once_and_what_is_not_taken_says_why(desk: Desk) -> None:
    browser = desk.signed_in()
    response = send(browser, ("weir.md", WEIR), ("empty.txt", b""), ("<i>.exe", b"MZ"))

    assert response.status_code == 303
    page = browser.get(response.headers["Location"]).text
    assert "1 document added." in page and "2 files not taken" in page
    assert "The Weir" in page
    assert "empty: the file holds nothing" in page
    assert "&lt;i&gt;.exe" in page and "<i>" not in page
    asked = {"question": "When was the Halden weir finished?"}
    assert browser.client.post("/api/v1/ask", json=asked).json["short"] == "1973"


def test_a_script_is_told_as_json(desk: Desk) -> None:
    browser = desk.signed_in()
    taken = send(browser, ("weir.md", WEIR), headers=WANTS_JSON).json
    again = send(browser, ("weir.md", WEIR), headers=WANTS_JSON).json
    failed = send(browser, ("empty.txt", b""), headers=WANTS_JSON).json

    assert len(taken["added"]) == len(again["known"]) == 1
    assert failed["rejected"] == [{"name": "empty.txt", "reason": "empty: the file holds nothing"}]


def test_what_is_too_large_or_no_file_is_refused_with_words(desk: Desk) -> None:
    browser = desk.signed_in()
    large = send(browser, ("large.txt", b"x" * 200_000), headers=WANTS_JSON)
    none = send(browser, headers=WANTS_JSON)

    assert (large.status_code, none.status_code) == (413, 400)
    assert none.json == {"problem": "Choose at least one file."}
    assert large.json["problem"]


def test_what_takes_too_long_is_on_record(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apart, "COMMAND", (sys.executable, "-c", "import time; time.sleep(60)"))
    app = create_app(desk.service.settings.model_copy(update={"upload_seconds": 1}))
    browser = Desk(app, desk.service, desk.key, desk.key_id).signed_in()
    response = send(browser, ("weir.md", WEIR))

    assert response.status_code == 422
    assert "it was not read in 1 s" in response.text
    assert desk.service.arrivals.latest()[0].name == "weir.md"
    assert "it was not read in 1 s" in browser.get("/admin/documents").text


def test_a_rejected_file_that_comes_again_and_is_taken_is_open_no_more(desk: Desk) -> None:
    browser = desk.signed_in()
    send(browser, ("broken.pdf", b"no PDF"))
    send(browser, ("weir.md", b""))
    assert {one.name for one in catalogue.rejected(desk.service.arrivals.latest())} == {
        "broken.pdf",
        "weir.md",
    }
    send(browser, ("weir.md", WEIR))
    assert {one.name for one in catalogue.rejected(desk.service.arrivals.latest())} == {"broken.pdf"}


def test_a_file_rejected_on_the_command_line_is_the_same_without_its_folder() -> None:
    rejected = Arrival(name="/somewhere/a.md", at=1, fate=Fate.REJECTED, reason="empty")
    taken = Arrival(name="a.md", at=2, fate=Fate.ADDED, document_id="a-1")

    assert catalogue.rejected([rejected]) == (rejected,)
    assert catalogue.rejected([taken, rejected]) == ()


def test_a_document_is_removed_after_a_question(desk: Desk) -> None:
    browser = desk.signed_in()
    (document,) = desk.service.answering.desk.edition.documents
    path = f"/admin/documents/{document}/remove"
    assert "Low Water on the Skarn" in browser.get(path).text
    assert document in browser.get("/admin/documents").text

    response = browser.post(path)

    page = browser.get(response.headers["Location"]).text
    assert "The document is removed." in page
    assert f"<code>{document}</code>" not in page
    for request in (browser.get, browser.post):
        assert request(path).status_code == 404


@pytest.fixture
def many(own_settings: Settings, tmp_path: Path) -> Browser:
    """A browser at a desk with more documents than a page shows."""
    service = Service(own_settings)
    lines = "".join(
        f'{{"id": "note-{n:03}", "title": "Note {n}", "text": "The weir {n} was finished."}}\n'
        for n in range(2 * catalogue.PAGE + 1)
    )
    (tmp_path / "notes.jsonl").write_text(lines, "utf-8")
    service.prepare()
    service.indexing.ingest([tmp_path / "notes.jsonl", COMMENTARY])
    app: Flask = create_app(own_settings)
    browser = desk_over(service, app).signed_in()
    service.close()
    return browser


def test_many_documents_are_turned_like_pages_and_found_by_id(many: Browser) -> None:
    first = many.get("/admin/documents").text
    assert "note-048" in first and "note-050</code>" not in first
    assert "102 documents" in first
    second = many.get(f"/admin/documents?from={catalogue.PAGE}").text
    assert "note-050" in second and "Previous" in second
    last = many.get(f"/admin/documents?from={2 * catalogue.PAGE}").text
    assert "note-100" in last and "Next" not in last
    found = many.get("/admin/documents?id=NOTE-07").text
    assert found.count("<code>note-07") == 10
    assert "No document has such an id." in many.get("/admin/documents?id=xyz").text


@pytest.mark.parametrize("query", ["from=-1", "from=x", "from=99999999999999999999", "added=x", "id=%00"])
def test_any_address_is_a_page(desk: Desk, query: str) -> None:
    assert desk.signed_in().get(f"/admin/documents?{query}").status_code == 200


def test_an_empty_store_says_what_to_do(own_settings: Settings) -> None:
    service = Service(own_settings)
    service.prepare()
    browser = desk_over(service, create_app(own_settings)).signed_in()

    assert "Nothing is indexed yet" in browser.get("/admin/documents").text
    assert browser.get("/admin").status_code == 200
    assert "Every question that is on record was answered" in browser.get("/admin/questions").text
    assert "Nobody has judged" in browser.get("/admin/feedback").text
    service.close()
