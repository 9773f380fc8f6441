"""On a disk that is full or read-only questions are answered; recording says so, and goes on later.

The disks are small file systems in memory. Who may not mount them skips these tests, and they say so.
"""

import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from building import ingested, settings_in

from channels.running import Server, eventually, run, serving
from qa_service.store.backing_up import reading

MEGABYTES = 16


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m", "none", folder], capture_output=True, check=False
    )
    if made.returncode:
        pytest.skip(f"No file system can be mounted: {made.stderr.decode().strip()}")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


@pytest.fixture
def store(disk: Path, tmp_path: Path) -> Path:
    ingested(settings_in(tmp_path)).close()
    shutil.copy(tmp_path / "store.db", disk)
    return disk / "store.db"


def fill(disk: Path, spare: int = 0) -> Path:
    """A file that leaves so many bytes free."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as written:
        try:
            while written.write(bytes(4096)):
                pass
        except OSError:
            pass
        written.truncate(max(0, filler.stat().st_size - spare))
    return filler


def post(server: Server, path: str, **body: str) -> tuple[int, dict[str, object]]:
    response = server.post(path, json.dumps(body).encode())
    return response.status, json.loads(response.body)


def turns(server: Server, conversation: object) -> list[object]:
    found = json.loads(server.request("GET", f"/api/v1/conversations/{conversation}").body)
    return [turn["question"] for turn in found["turns"]]


def intact(store: Path) -> bool:
    with closing(reading(store)) as connection:
        return bool(connection.execute("PRAGMA integrity_check").fetchone() == ("ok",))


def test_on_a_full_disk_questions_are_answered_and_what_was_said_is_written_later(
    store: Path, disk: Path, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    with serving(QA_STORE=f"sqlite:///{store}", WEB_CONCURRENCY="1", log=log) as server:
        _, begun = post(server, "/api/v1/conversations")
        for number in range(3):
            assert (
                post(
                    server,
                    "/api/v1/ask",
                    question=f"Who mediated {number}?",
                    conversation_id=str(begun["id"]),
                )[0]
                == 200
            )
        filler = fill(disk)
        for number in range(200):
            status, answer = post(server, "/api/v1/ask", question="Who mediated" + "?" * (1 + number))
            assert (status, answer["answered"]) == (200, True), answer
        asked = time.monotonic()
        refused, problem = post(server, "/api/v1/conversations")
        assert refused == 503, problem
        assert time.monotonic() - asked < 5
        held = post(server, "/api/v1/ask", question="Who left then?", conversation_id=str(begun["id"]))
        assert held[0] == 200
        assert eventually(lambda: "could not be" in log.read_text() or "wait" in log.read_text())

        filler.unlink()

        assert eventually(lambda: post(server, "/api/v1/conversations")[0] == 201)
        assert turns(server, begun["id"]) == [f"Who mediated {number}?" for number in range(3)] + [
            "Who left then?"
        ]
        assert post(server, "/api/v1/ask", question="And then?", conversation_id=str(begun["id"]))[0] == 200
        answer_id = post(server, "/api/v1/ask", question="Who mediated 1?")[1]["id"]
        assert eventually(lambda: server.request("GET", f"/api/v1/answers/{answer_id}").status == 200)
        assert server.end() == 0
    with serving(QA_STORE=f"sqlite:///{store}") as again:
        assert turns(again, begun["id"])[-2:] == ["Who left then?", "And then?"]
    assert intact(store)


@pytest.mark.parametrize("candidates", ["memory", "tantivy"])
def test_an_ingest_that_fills_the_disk_changes_nothing_or_everything(
    store: Path, disk: Path, tmp_path: Path, candidates: str
) -> None:
    """With more and more room: for none of it, for the store, for the store and the candidate index."""
    more = tmp_path / "more"
    more.mkdir()
    for number in range(10):
        text = "".join(
            f"In {1900 + year} the commission of river {number} opened weir {year}. " for year in range(80)
        )
        (more / f"{number}.md").write_text(f"# River {number}\n\n{text}\n", encoding="utf-8")
    values = {"QA_STORE": f"sqlite:///{store}", "QA_CANDIDATES": candidates}
    question = json.dumps({"question": "Who mediated?"}).encode()
    with serving(**values, QA_RECORD_ANSWERS="false") as server:
        before = server.post("/api/v1/ask", question).body
        outcomes = []
        for spare in (0, 100_000, 400_000, 900_000, 1_500_000, 3_000_000):
            filler = fill(disk, spare)
            done = run("ingest", more, **values)
            outcomes.append(done.returncode)
            assert done.returncode == 0 or "disk" in done.stderr or "space" in done.stderr, done.stderr
            answer = server.post("/api/v1/ask", question)
            assert answer.status == 200
            assert json.loads(answer.body)["text"] == json.loads(before)["text"]
            filler.unlink()
            if done.returncode == 0:
                break
        assert outcomes[0] == 1
        assert run("ingest", more, **values).returncode == 0
        body = json.dumps({"question": "Which commission opened weir 79 in 1979?"}).encode()
        found = server.post("/api/v1/ask", body)
        assert found.status == 200
    memory = run(
        "ask",
        "Which commission opened weir 79 in 1979?",
        "--json",
        QA_STORE=values["QA_STORE"],
        QA_CANDIDATES="memory",
    )
    assert json.loads(found.body) == json.loads(memory.stdout)
    assert intact(store)


def test_from_a_read_only_disk_questions_are_answered(store: Path, disk: Path, tmp_path: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
    with serving(QA_STORE=f"sqlite:///{store}") as server:
        for number in range(100):
            status, answer = post(server, "/api/v1/ask", question="Who mediated" + "?" * (1 + number))
            assert (status, answer["answered"]) == (200, True), answer
        ready = server.request("GET", "/readyz")
        assert json.loads(ready.body)["status"] == "read-only"
        assert post(server, "/api/v1/conversations")[0] == 503
        subprocess.run(["mount", "-o", "remount,rw", disk], check=True)
        assert eventually(lambda: post(server, "/api/v1/conversations")[0] == 201)
    assert intact(store)
