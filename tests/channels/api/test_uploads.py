"""POST and DELETE /documents: what the command line takes is taken, by whoever has a key that may."""

import io
import json
import sys
from base64 import b64decode, b64encode
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
from building import COMMENTARY, ingested, settings_in
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from channels.api.problems import is_problem
from channels.api.test_openapi import conforms
from channels.running import Server, invoke, serving
from qa_service.app import create_app
from qa_service.channels import apart
from qa_service.channels.apart import PATIENCE
from qa_service.domain.principal import Scope
from qa_service.settings import Settings
from qa_service.store.engine import sqlite3
from qa_service.wiring import Service

ROUTE = "/api/v1/documents"
WEIR = b"# The Weir\n\nThe Halden weir was finished in 1973.\n"
QUESTION = {"question": "When was the Halden weir finished?"}
NAMELESS = b"--x\r\nContent-Disposition: form-data; name=file\r\n\r\ntext\r\n--x--"
DOCUMENT = {
    "id": "weir-1973",
    "title": "The Weir",
    "text": "The Halden weir was finished in 1973.",
    "author": "A. Keeper",
    "published": "1999-05",
}


@pytest.fixture
def own(tmp_path: Path) -> Settings:
    settings = settings_in(tmp_path, QA_INGEST_FILE_BYTES="100000")
    ingested(settings).store.close()
    return settings


@pytest.fixture
def key(own: Settings) -> Iterator[dict[str, str]]:
    service = Service(own)
    yield {"Authorization": f"Bearer {service.keys.create('archive', frozenset({Scope.INGEST}))[1]}"}
    service.close()


@pytest.fixture
def client(own: Settings) -> FlaskClient:
    return create_app(own).test_client()


def sent(client: FlaskClient, key: dict[str, str], *files: tuple[str, bytes]) -> Any:
    data = MultiDict([("file", (io.BytesIO(body), name)) for name, body in files])
    return client.post(ROUTE, data=data, headers=key, content_type="multipart/form-data")


def ids(client: FlaskClient) -> list[str]:
    return [one["id"] for one in client.get(ROUTE).json["documents"]]


def test_a_file_is_answered_from_at_once(client: FlaskClient, key: dict[str, str]) -> None:
    assert client.post("/api/v1/ask", json=QUESTION).json["answered"] is False
    response = sent(client, key, ("weir.md", WEIR))

    assert response.status_code == 201
    conforms(client.get("/openapi.json").json, ROUTE, response.json, "POST", "201")
    (made,) = response.json["added"]
    assert response.json["index_version"] == client.get(ROUTE).json["index_version"]
    answer = client.post("/api/v1/ask", json=QUESTION).json
    assert answer["short"] == "1973"
    assert answer["citations"][0]["document_id"] == made
    assert client.get(f"{ROUTE}/{made}/source").data == WEIR
    assert client.post("/api/v1/verify", json=answer).json["valid"] is True


def test_a_document_as_json_is_a_line_of_jsonl(client: FlaskClient, key: dict[str, str]) -> None:
    response = client.post(ROUTE, json=DOCUMENT, headers=key)

    assert (response.status_code, response.json["added"]) == (201, ["weir-1973"])
    shown = client.get(f"{ROUTE}/weir-1973").json
    assert (shown["author"], shown["published"], shown["title"]) == ("A. Keeper", "1999-05", "The Weir")
    assert json.loads(client.get(f"{ROUTE}/weir-1973/source").data) == DOCUMENT
    again = client.post(ROUTE, json=DOCUMENT, headers=key)
    assert (again.status_code, again.json["added"], again.json["known"]) == (200, [], ["weir-1973"])

    changed = DOCUMENT | {"text": "The Halden weir was finished in 1974."}
    assert client.post(ROUTE, json=changed, headers=key).status_code == 201
    assert ids(client).count("weir-1973") == 1
    assert client.post("/api/v1/ask", json=QUESTION).json["short"] == "1974"


def test_the_same_bytes_are_one_document_and_the_same_name_is_one_place(
    client: FlaskClient, key: dict[str, str]
) -> None:
    (first,) = sent(client, key, ("weir.md", WEIR)).json["added"]
    assert sent(client, key, ("copy.md", WEIR)).json["known"] == [first]

    (second,) = sent(client, key, ("weir.md", WEIR.replace(b"1973", b"1974"))).json["added"]
    assert first not in ids(client)
    assert second in ids(client)


def test_what_was_ingested_as_a_file_is_known_when_it_is_sent(
    client: FlaskClient, key: dict[str, str]
) -> None:
    response = sent(client, key, ("commentary.md", COMMENTARY.read_bytes()))

    assert (response.status_code, response.json["known"]) == (200, ids(client))


def test_what_cannot_be_read_is_told_and_the_others_are_taken(
    client: FlaskClient, key: dict[str, str]
) -> None:
    files = [("notes.rtf", b"{\\rtf1}"), ("weir.md", WEIR), ("scan.pdf", b"no pdf"), ("none.txt", b" ")]
    response = sent(client, key, *files)

    assert response.status_code == 201
    assert len(response.json["added"]) == 1
    assert [one["name"] for one in response.json["rejected"]] == ["notes.rtf", "scan.pdf", "none.txt"]


def test_the_reasons_are_those_of_the_command_line(
    client: FlaskClient, key: dict[str, str], own: Settings, tmp_path: Path
) -> None:
    wrong = {
        "scan.pdf": b"no pdf",
        "old.docx": b"\xd0\xcf\x11\xe0 old",
        "none.txt": b"\n",
        "kind.exe": b"MZ",
        "large.txt": b"word " * 30_000,
        "rows.jsonl": b'{"id": "a"}\n[]\n',
    }
    for name, data in wrong.items():
        file = tmp_path / name
        file.write_bytes(data)
        values = {"QA_STORE": own.store, "QA_INGEST_FILE_BYTES": "100000"}
        told = json.loads(invoke("ingest", "--json", file, **values).stdout)["rejected"]
        response = sent(client, key, (name, data))

        assert told
        is_problem(422, response.headers, response.data)
        assert [one["detail"] for one in response.json["errors"]] == [one["reason"] for one in told]
        assert ids(client) == ids(client)


@pytest.mark.parametrize("change", [{"id": None}, {"text": None}, {"published": "soon"}, {"title": 7}])
def test_json_that_is_no_document_is_a_422(
    client: FlaskClient, key: dict[str, str], change: dict[str, object]
) -> None:
    body = {name: value for name, value in (DOCUMENT | change).items() if value is not None}
    response = client.post(ROUTE, json=body, headers=key)

    is_problem(422, response.headers, response.data)
    assert "weir-1973" not in ids(client)


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"", None, 415),
        (b"text", "text/plain", 415),
        (b"[]", "application/json", 400),
        (b"{", "application/json", 400),
        (b"", "multipart/form-data", 400),
        (b"--x--", "multipart/form-data; boundary=x", 400),
        (NAMELESS, "multipart/form-data; boundary=x", 400),
        (b"x" * 200_000, "application/json", 413),
    ],
)  # fmt: skip
def test_what_is_no_upload_is_told(
    client: FlaskClient, key: dict[str, str], body: bytes, content_type: str | None, status: int
) -> None:
    response = client.post(ROUTE, data=body, headers=key, content_type=content_type)

    is_problem(status, response.headers, response.data)


def test_a_name_is_never_a_path(client: FlaskClient, key: dict[str, str], tmp_path: Path) -> None:
    before = sorted(tmp_path.parent.rglob("*.md"))
    for number, name in enumerate(
        ("../../../tmp/up.md", "..\\up.md", "/etc/up.md", "a\0b.md", "x" * 5000 + ".md")
    ):
        response = sent(client, key, (name, WEIR.replace(b"1973", str(1900 + number).encode())))
        assert response.status_code in {201, 400}, name
    for row in client.get(ROUTE).json["documents"]:
        source = client.get(f"{ROUTE}/{row['id']}/source").headers["Content-Disposition"]
        assert "/" not in source.replace("filename*=UTF-8''", "")
    assert sorted(tmp_path.parent.rglob("*.md")) == before


def test_without_such_a_key_nothing_is_changed(client: FlaskClient, own: Settings) -> None:
    service = Service(own)
    reader = {"X-API-Key": service.keys.create("reader", frozenset({Scope.ASK}))[1]}
    service.close()
    (there,) = ids(client)

    for headers, status in (({}, 401), (reader, 403), ({"X-API-Key": "qa_no"}, 401)):
        for response in (
            sent(client, headers, ("weir.md", WEIR)),
            client.post(ROUTE, json=DOCUMENT, headers=headers),
            client.post(ROUTE, data=b"x" * 1_000_000, headers=headers),
            client.delete(f"{ROUTE}/{there}", headers=headers),
        ):
            is_problem(status, response.headers, response.data)
    assert ids(client) == [there]


def test_a_document_is_taken_out(client: FlaskClient, key: dict[str, str]) -> None:
    client.post(ROUTE, json=DOCUMENT, headers=key)
    gone = client.delete(f"{ROUTE}/weir-1973", headers=key)

    assert (gone.status_code, gone.data) == (204, b"")
    assert client.post("/api/v1/ask", json=QUESTION).json["answered"] is False
    again = client.delete(f"{ROUTE}/weir-1973", headers=key)
    is_problem(404, again.headers, again.data)


def asked(server: Server) -> dict[str, Any]:
    response = server.post("/api/v1/ask", json.dumps(QUESTION).encode())
    assert response.status == 200
    return dict(json.loads(response.body))


def test_every_worker_answers_from_it_and_none_waits(own: Settings, key: dict[str, str]) -> None:
    many = "\n".join(
        json.dumps({"id": f"d{n}", "title": f"Gauge {n}", "text": f"Gauge {n} stands at the weir. " * 20})
        for n in range(150)
    )
    frame = (
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="many.jsonl"\r\n\r\n'
        + many.encode() + b"\r\n--x--\r\n"
    )  # fmt: skip
    form = key | {"Content-Type": "multipart/form-data; boundary=x"}
    with serving(QA_STORE=own.store, WEB_CONCURRENCY="3") as server:
        body = json.dumps(DOCUMENT).encode()
        assert server.request("POST", ROUTE, body, key | {"Content-Type": "application/json"}).status == 201
        assert {asked(server)["short"] for _ in range(12)} == {"1973"}
        started = perf_counter()
        found = server.request("POST", ROUTE, frame, form)
        assert found.status == 201, found.body
        assert len(json.loads(found.body)["added"]) == 150
        assert perf_counter() - started < 30
        assert asked(server)["short"] == "1973"


def many(count: int, words: int) -> bytes:
    """A form with documents as lines."""
    lines = "\n".join(
        json.dumps({"id": f"d{n}", "title": f"Gauge {n}", "text": f"Gauge {n} stands at the weir. " * words})
        for n in range(count)
    )
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="many.jsonl"\r\n\r\n'
    return head + lines.encode() + b"\r\n--x--\r\n"


FORM = {"Content-Type": "multipart/form-data; boundary=x"}


def readers() -> set[str]:
    """Our processes that read uploads."""
    found = set()
    for thread in Path("/proc/self/task").glob("*/children"):
        with suppress(OSError):
            for child in thread.read_text("ascii").split():
                if b"qa_service.channels.receiver" in Path(f"/proc/{child}/cmdline").read_bytes():
                    found.add(child)
    return found


def test_what_takes_too_long_is_ended_and_changes_nothing(own: Settings, key: dict[str, str]) -> None:
    values = {"upload_seconds": 1, "ingest_file_bytes": 10_000_000}
    client = create_app(own.model_copy(update=values)).test_client()
    before, running = client.get(ROUTE).json, readers()

    response = client.post(ROUTE, data=many(2_000, 100), headers=key | FORM)

    is_problem(422, response.headers, response.data)
    assert "1 s" in response.json["detail"]
    assert readers() <= running
    assert client.get(ROUTE).json == before


def test_a_removal_that_takes_too_long_is_an_outage_and_changes_nothing(
    own: Settings, key: dict[str, str]
) -> None:
    """Another process holds the store for longer than a removal may take."""
    client = create_app(own.model_copy(update={"upload_seconds": 2})).test_client()
    before, running = client.get(ROUTE).json, readers()
    holding = sqlite3.connect(own.store_path, isolation_level=None)
    holding.execute("BEGIN IMMEDIATE")
    try:
        response = client.delete(f"{ROUTE}/{before['documents'][0]['id']}", headers=key)
    finally:
        holding.execute("ROLLBACK")
        holding.close()

    is_problem(503, response.headers, response.data)
    assert readers() <= running
    assert client.get(ROUTE).json == before
    assert client.get("/healthz").status_code == 200


def test_who_cannot_wait_is_told_when_to_try_again_and_questions_are_answered(
    own: Settings, key: dict[str, str]
) -> None:
    """One worker with four threads: uploads at once do not take them from those who ask."""
    values = {"QA_INGEST_FILE_BYTES": "1000000", "WEB_CONCURRENCY": "1"}
    with serving(QA_STORE=own.store, **values) as server, ThreadPoolExecutor(6) as pool:
        uploads = [pool.submit(server.request, "POST", ROUTE, many(200, 20), key | FORM) for _ in range(6)]
        waited = []
        while not all(one.done() for one in uploads):
            started = perf_counter()
            asked(server)
            waited.append(perf_counter() - started)
        found = [one.result() for one in uploads]

    assert {201, 503} <= {one.status for one in found} <= {200, 201, 503}
    for one in found:
        if one.status == 503:
            is_problem(503, one.headers, one.body)
            assert int(one.headers["Retry-After"]) > 0
    assert len(waited) > 10
    assert max(waited) < PATIENCE + 3, max(waited)


def test_a_process_that_dies_is_an_outage_and_changes_nothing(
    own: Settings, key: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = create_app(own).test_client()
    before = client.get(ROUTE).json
    monkeypatch.setattr(apart, "COMMAND", (sys.executable, "-c", "import os; os.kill(os.getpid(), 9)"))

    response = client.post(ROUTE, json=DOCUMENT, headers=key)

    is_problem(503, response.headers, response.data)
    assert client.get(ROUTE).json == before


class Told:
    """What the process that reads says, at once; ``asked`` tells in its report what it was asked."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.patch = patch

    def this(self, **report: object) -> None:
        said = {"added": [], "known": [], "rejected": [], "index_version": "v"} | report
        code = f"import json, sys; print(json.dumps({said!r} | {{'asked': json.load(sys.stdin)}}))"
        self.patch.setattr(apart, "COMMAND", (sys.executable, "-I", "-S", "-c", code))


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Told:
    return Told(monkeypatch)


@pytest.fixture
def empty(own_settings: Settings) -> Settings:
    """Settings of a store without documents."""
    return own_settings.model_copy(update={"body_bytes": 1024, "ingest_file_bytes": 100_000})


def holding_a_key(settings: Settings) -> FlaskClient:
    """A client that sends a key that may."""
    client = create_app(settings).test_client()
    with closing(Service(settings)) as service:
        text = service.keys.create("archive", frozenset({Scope.ASK, Scope.INGEST}))[1]
    client.environ_base["HTTP_X_API_KEY"] = text
    return client


@pytest.fixture
def asking(empty: Settings) -> FlaskClient:
    return holding_a_key(empty)


def test_json_is_read_as_one_line_with_all_its_letters(asking: FlaskClient, told: Told) -> None:
    told.this(added=["a"])
    body = b'{ "id": "a",\n "text": "D\\u00f6nitz \xe2\x82\xac \\ud800" }'
    response = asking.post(ROUTE, data=body, content_type="application/json")

    assert response.status_code == 201
    ((name, data),) = response.json["asked"]["files"]
    line = '{"id":"a","text":"Dönitz € \ud800"}'
    assert (name, b64decode(data)) == ("document.jsonl", line.encode("utf-8", "surrogatepass"))


@pytest.mark.parametrize(
    ("added", "known", "status"), [(["a"], [], 201), ([], ["b"], 200), (["a"], ["b"], 201)]
)
def test_it_is_made_when_any_is_new(
    asking: FlaskClient, told: Told, added: list[str], known: list[str], status: int
) -> None:
    told.this(added=added, known=known, rejected=[{"name": "c", "reason": "empty"}])
    response = sent(asking, {}, ("weir.md", WEIR), ("dam.md", b"dam"))

    assert response.status_code == status
    assert (response.json["added"], response.json["known"]) == (added, known)
    assert response.json["asked"]["files"] == [
        [name, b64encode(data).decode()] for name, data in (("weir.md", WEIR), ("dam.md", b"dam"))
    ]


def test_when_none_is_taken_each_reason_is_told_and_the_first_five_in_words(
    asking: FlaskClient, told: Told
) -> None:
    told.this(rejected=[{"name": f"{number}.md", "reason": f"reason {number}"} for number in range(7)])
    response = sent(asking, {}, ("weir.md", WEIR))

    found = is_problem(422, response.headers, response.data)
    assert found["detail"] == "reason 0; reason 1; reason 2; reason 3; reason 4"
    assert found["errors"] == [{"field": "file", "detail": f"reason {number}"} for number in range(7)]


def test_one_that_is_not_read_in_time_is_told_why(empty: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    asking = holding_a_key(empty.model_copy(update={"upload_seconds": 0.1}))
    monkeypatch.setattr(apart, "COMMAND", (sys.executable, "-I", "-S", "-c", "import time; time.sleep(60)"))
    response = sent(asking, {}, ("weir.md", WEIR))

    found = is_problem(422, response.headers, response.data)
    assert "it was not read in 0.1 s" in str(found["detail"])
    assert found["errors"] == [{"field": "file", "detail": found["detail"]}]


@pytest.mark.parametrize(("found", "status"), [(True, 204), (False, 404)])
def test_a_removal_says_whether_there_was_one(
    asking: FlaskClient, told: Told, found: bool, status: int
) -> None:
    told.this(found=found)
    response = asking.delete(f"{ROUTE}/weir-1973")

    assert response.status_code == status
    assert found is (response.data == b"")


def test_files_may_be_larger_than_a_question_and_nothing_else_may(asking: FlaskClient, told: Told) -> None:
    told.this(added=["a"])
    large = b"word " * 10_000

    assert sent(asking, {}, ("weir.md", large)).status_code == 201
    assert asking.post("/api/v1/ask", json={"question": large.decode()}).status_code == 413
