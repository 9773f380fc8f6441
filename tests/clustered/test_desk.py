"""The operator's desk over a cluster: whoever is signed in on one machine is so on the other."""

import io
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from building import COMMENTARY
from channels.admin.desks import Browser, Desk, desk_over
from channels.running import eventually
from stores import stored

from qa_service.app import create_app
from qa_service.channels import cookies
from qa_service.wiring import Service

pytestmark = pytest.mark.opensearch
WEIR = b"# The Weir\n\nThe Halden weir was finished in 1973.\n"
PAGES = ("/admin", "/admin/documents", "/admin/questions", "/admin/feedback")


@pytest.fixture
def desk(empty: str, tmp_path: Path) -> Iterator[Desk]:
    settings = stored(empty, QA_RECORD_ANSWERS="true", QA_SECRET_FILE=str(tmp_path / "secret"))
    with closing(Service(settings)) as service:
        assert not service.indexing.ingest([COMMENTARY]).rejected
        yield desk_over(service, create_app(settings))


def elsewhere(desk: Desk, browser: Browser) -> Browser:
    """The same browser, answered by another machine."""
    client = create_app(desk.service.settings).test_client()
    client.set_cookie(cookies.PLAIN, browser.cookie, path=cookies.PATH)
    return Browser(client)


def test_everything_of_the_desk_works_on_two_machines(desk: Desk) -> None:
    browser = desk.signed_in()
    other = elsewhere(desk, browser)
    asked = browser.client.post("/api/v1/ask", json={"question": "What is the capital of Peru?"}).json
    said = {"answer_id": asked["id"], "value": "down", "comment": "Iceland is missing"}
    assert browser.client.post("/api/v1/feedback", json=said).status_code == 204
    files = {"file": [(io.BytesIO(WEIR), "weir.md"), (io.BytesIO(b"no PDF"), "broken.pdf")]}
    assert browser.post("/admin/documents", files, content_type="multipart/form-data").status_code == 303

    assert eventually(lambda: "1 message in " in other.get("/admin").text)
    shown = {path: other.get(path).text for path in PAGES}
    assert "<strong>1</strong> question not answered" in shown["/admin"]
    assert "The Weir" in shown["/admin/documents"]
    assert "named .pdf but it is not a PDF" in shown["/admin/documents"]
    assert "What is the capital of Peru?" in shown["/admin/questions"]
    assert "Iceland is missing" in shown["/admin/feedback"]
    assert asked["id"] in other.get(f"/admin/questions.jsonl?id={asked['id']}").text

    (weir,) = [one for one in desk.service.answering.desk.edition.documents if one.startswith("weir")]
    assert other.post(f"/admin/documents/{weir}/remove").status_code == 303
    assert f"<code>{weir}</code>" not in browser.get("/admin/documents").text

    desk.service.keys.revoke(desk.key_id)
    assert {one.get("/admin").status_code for one in (browser, other)} == {303}
