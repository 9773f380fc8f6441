"""Clients that nobody here wrote: one that looks for faults, one that was made from the OpenAPI document."""

import importlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from building import ingested, settings_in

from channels.running import Server, serving
from qa_service.domain.principal import Scope
from qa_service.wiring import Service

BIN = Path(sys.executable).parent
CONFIGURATION = Path(__file__).with_name("schemathesis.toml")
SEED, EXAMPLES = "1", "8"
WEIR = {"id": "weir", "title": "The Weir", "text": "The Halden weir was finished in 1973."}
WITHIN = 180  # seconds, on a busy machine


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """A store and a key to it that allows everything."""
    settings = settings_in(tmp_path_factory.mktemp("clients"))
    ingested(settings).store.close()
    service = Service(settings)
    text = service.keys.create("a client", frozenset({Scope.ADMIN}))[1]
    service.close()
    return settings.store, text


@pytest.fixture(scope="module")
def running(key: tuple[str, str]) -> Iterator[Server]:
    with serving(QA_STORE=key[0], WEB_CONCURRENCY="2") as server:
        yield server


def done(*command: str | Path, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=WITHIN, check=False)


@pytest.fixture(scope="module")
def generated(running: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The name of a package that openapi-python-client has made."""
    folder = tmp_path_factory.mktemp("generated")
    (folder / "openapi.json").write_bytes(running.request("GET", "/openapi.json").body)
    made = done(
        BIN / "openapi-python-client", "generate", "--path", "openapi.json", "--meta", "none",
        "--output-path", "made_client", folder=folder,
    )  # fmt: skip
    assert made.returncode == 0, made.stdout + made.stderr
    assert "WARNING" not in made.stdout + made.stderr
    sys.path.insert(0, str(folder))
    yield "made_client"
    sys.path.remove(str(folder))


def module(package: str, name: str) -> ModuleType:
    return importlib.import_module(f"{package}.{name}")


def test_a_client_made_from_the_document_asks_and_goes_on(generated: str, running: Server) -> None:
    client = module(generated, "client").Client(base_url=f"http://127.0.0.1:{running.port}")
    body = module(generated, "models").AskBody
    ask, begin = (module(generated, f"api.{name}") for name in ("answers.ask", "conversations.begin"))
    with client as open_client:
        answer = ask.sync(client=open_client, body=body(question="Who mediated?"))
        assert answer.answered is True
        assert answer.citations[0].quote in answer.text

        conversation = begin.sync(client=open_client)
        for question in ("What does Norway say about the flow gauges?", "And Sweden?"):
            asked = body(question=question, conversation_id=conversation.id)
            answer = ask.sync(client=open_client, body=asked)
        assert "Sweden" in answer.standalone_question

        wrong = ask.sync_detailed(client=open_client, body=body(question=" "))
        assert wrong.status_code == 422
        assert wrong.parsed.errors[0].field == "question"


def test_a_client_with_a_key_removes_a_document(
    generated: str, running: Server, key: tuple[str, str]
) -> None:
    """It is added by hand: the client that 0.29 makes of a route with two kinds of body lacks an import."""
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {key[1]}"}
    assert running.request("POST", "/api/v1/documents", json.dumps(WEIR).encode(), headers).status == 201
    client = module(generated, "client")
    anybody = client.Client(base_url=f"http://127.0.0.1:{running.port}")
    known = client.AuthenticatedClient(base_url=f"http://127.0.0.1:{running.port}", token=key[1])
    remove = module(generated, "api.documents.remove_document").sync_detailed
    shown = module(generated, "api.documents.document").sync

    with anybody as one, known as other:
        assert remove("weir", client=one).status_code == 401
        assert shown("weir", client=one).title == "The Weir"
        assert remove("weir", client=other).status_code == 204
        assert shown("weir", client=one).status == 404


def test_schemathesis_finds_no_fault(running: Server, key: tuple[str, str], tmp_path: Path) -> None:
    """Every operation and every check; the last test of this file, since it removes documents.

    One thread: with several, Python 3.11 now and then loses count of its stack in hypothesis.
    """
    found = done(
        BIN / "schemathesis", "--config-file", CONFIGURATION, "run",
        f"http://127.0.0.1:{running.port}/openapi.json",
        "--checks", "all", "--seed", SEED, "--max-examples", EXAMPLES,
        "--suppress-health-check", "all", "--request-timeout", "60",  # a busy machine is no fault
        "--generation-database", "none", "--no-color", "--header", f"Authorization: Bearer {key[1]}",
        folder=tmp_path,
    )  # fmt: skip

    assert found.returncode == 0, found.stdout[-8000:] + found.stderr
    paths = json.loads(running.request("GET", "/openapi.json").body)["paths"]
    operations = sum(len(item) for item in paths.values())
    assert f"Operations:       {operations} selected / {operations} total" in found.stdout
