"""Files that are made to harm are rejected beside those who ask, and nobody of them is refused."""

import json
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import pytest
from building import settings_in
from channels.running import Server
from ingest.bombs import ARCHIVES, BASE, PDFS
from ingest.containing import readers

from qa_service.domain.principal import Scope
from qa_service.wiring import Service
from serving.asking import crowd, percentiles, until
from serving.conftest import Start

ROUTE = "/api/v1/documents"
READERS = 2
TURNS = 4
LIGHT = ("a gigabyte in a megabyte in a few bytes", "300 MB of blanks")
READ = {"a table of 2**32 letters", "a table that goes on in itself", "a stream as long as itself"}
HEAVY = (*(name for name in PDFS if name not in READ), *ARCHIVES)


@pytest.fixture
def key(store_address: str, tmp_path: Path) -> dict[str, str]:
    """Of one who may upload."""
    service = Service(settings_in(tmp_path))
    made = service.keys.create("archive", frozenset({Scope.INGEST}))[1]
    service.close()
    return {"Authorization": f"Bearer {made}", "Content-Type": "multipart/form-data; boundary=x"}


def bomb(name: str) -> tuple[str, bytes]:
    """The kind of file, and its bytes."""
    return (".pdf", PDFS[name]()) if name in PDFS else (".docx", ARCHIVES[name](BASE))


def upload(server: Server, key: dict[str, str], number: int, name: str) -> str:
    """Why it is rejected; no process that read it is left."""
    suffix, data = bomb(name)
    stem = f"beside-{server.process.pid}-{number}"
    head = f'--x\r\nContent-Disposition: form-data; name="file"; filename="{stem}{suffix}"\r\n\r\n'
    told = server.request("POST", ROUTE, head.encode() + data + b"\r\n--x--\r\n", key)

    assert told.status == 422, (name, told.body)
    assert readers(stem) == []
    assert started(server) == set()
    return str(json.loads(told.body)["errors"][0]["detail"])


def started(server: Server) -> set[str]:
    """The processes that its workers have begun and not ended."""
    found = set()
    for worker in server.workers():
        for thread in Path(f"/proc/{worker}/task").glob("*/children"):
            with suppress(OSError):
                found |= set(thread.read_text("ascii").split())
    return found


def beside(server: Server, key: dict[str, str], names: Sequence[str], asked: int, pause: float = 0) -> None:
    """Readers are answered alone, and while these files are uploaded one after another."""
    with crowd(server.port, READERS, pause=pause) as alone:
        until(alone, asked)
    with crowd(server.port, READERS, pause=pause) as heard:
        reasons = [upload(server, key, number, name) for number, name in enumerate(names)]
    print(
        f"{pause} s between questions: p50 / p99 of {len(alone.told)} alone {percentiles(alone.told)} ms; "
        f"of {len(heard.told)} beside {len(names)} bombs {percentiles(heard.told)} ms"
    )
    assert all(reasons)
    assert not alone.failed
    assert not heard.failed
    assert len(heard.told) > 10


def test_nobody_is_refused_while_they_are_read(machine: Start, key: dict[str, str]) -> None:
    beside(machine(), key, LIGHT, asked=200)


@pytest.mark.long
def test_nobody_is_refused_while_each_of_them_is_read(machine: Start, key: dict[str, str]) -> None:
    server = machine()
    for _ in range(TURNS):
        beside(server, key, HEAVY, asked=4_000)
        beside(server, key, HEAVY, asked=800, pause=0.1)
