"""`qa-service export` and `erase` beside a service that runs."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from scanning import holding

from channels.running import Server, eventually, invoke, serving

CANARY = "zqcanary"


@pytest.fixture
def server(store_url: str) -> Iterator[Server]:
    with serving(QA_STORE=store_url, QA_CANDIDATES="tantivy") as server:
        yield server


def asked(server: Server, text: str) -> tuple[str, str]:
    """A conversation in which something was asked and judged, and the answer's id."""
    begun = json.loads(server.post("/api/v1/conversations", b"{}").body)["id"]
    body = json.dumps({"question": text, "conversation_id": begun}).encode()
    answer = json.loads(server.post("/api/v1/ask", body).body)["id"]
    judged = {"answer_id": answer, "value": "down", "comment": text, "conversation_id": begun}
    assert server.post("/api/v1/feedback", json.dumps(judged).encode()).status == 204
    return begun, answer


def where(store_url: str, canary: str) -> set[str]:
    """In which files beside the store, whatever they are, the canary stands."""
    return holding(Path(store_url.removeprefix("sqlite:///")).parent, canary)


def test_what_is_erased_is_in_no_file_and_the_service_goes_on(server: Server, store_url: str) -> None:
    mine, answer = asked(server, f"Who mediated, {CANARY}?")
    other, _ = asked(server, "Who mediated, zqother?")
    assert where(store_url, CANARY)

    def exported() -> str:
        return str(invoke("export", "--conversation", mine, QA_STORE=store_url).stdout)

    assert eventually(lambda: bool(json.loads(exported())["answers"]))  # it is recorded a moment later
    found = json.loads(exported())
    assert [row["id"] for row in found["conversations"]] == [mine]
    assert [row["id"] for row in found["answers"]] == [answer]
    assert [row["comment"] for row in found["feedback"]] == [f"Who mediated, {CANARY}?"]
    assert "zqother" not in exported()
    assert invoke("erase", "--conversation", mine, QA_STORE=store_url).stdout == "erased: 4 rows\n"

    assert where(store_url, CANARY) == set()
    assert where(store_url, "zqother")
    assert server.request("GET", f"/api/v1/conversations/{mine}").status == 404
    assert server.request("GET", f"/api/v1/answers/{answer}").status == 404
    assert server.request("GET", f"/api/v1/conversations/{other}").status == 200
    assert invoke("erase", "--all", QA_STORE=store_url).returncode == 0
    assert where(store_url, "zqother") == set()
    asked(server, "Who mediated?")


def test_a_deleted_conversation_leaves_no_byte_of_its_turns(store_url: str) -> None:
    with serving(QA_STORE=store_url, QA_RECORD_ANSWERS="false") as server:
        begun = json.loads(server.post("/api/v1/conversations", b"{}").body)["id"]
        body = json.dumps({"question": f"Who mediated, {CANARY}?", "conversation_id": begun}).encode()
        assert server.post("/api/v1/ask", body).status == 200
        assert where(store_url, CANARY)
        assert server.request("DELETE", f"/api/v1/conversations/{begun}").status == 204
        assert eventually(lambda: not where(store_url, CANARY))


@pytest.mark.parametrize(
    "arguments", [(), ("--all", "--answer", "x"), ("--owner", "a", "--conversation", "b")]
)
def test_one_subject_is_named(store_url: str, arguments: tuple[str, ...]) -> None:
    for command in ("export", "erase"):
        done = invoke(command, *arguments, QA_STORE=store_url)
        assert done.returncode == 2
        assert "Name one of" in done.stderr


def test_nothing_of_somebody_unknown(store_url: str) -> None:
    for command in ("export", "erase"):
        done = invoke(command, "--owner", "key:nobody", QA_STORE=store_url)
        assert done.returncode == 2
        assert "nothing of that kept" in done.stderr


def test_a_damaged_store_that_was_put_aside_is_named_and_goes_with_everything(
    server: Server, store_url: str
) -> None:
    """It cannot be read: who it holds, nobody can tell."""
    mine, _ = asked(server, "Who mediated?")
    store = Path(store_url.removeprefix("sqlite:///"))
    aside = [store.with_name(f"{store.name}.damaged-1{end}") for end in ("", "-wal")]
    for one in aside:
        one.write_bytes(f"pages that hold {CANARY}".encode())

    done = invoke("erase", "--conversation", mine, QA_STORE=store_url)
    assert done.returncode == 1
    assert done.stdout.startswith("erased: ")
    assert [str(one) in line for one, line in zip(aside, done.stderr.splitlines(), strict=True)] == [True] * 2
    again = invoke("erase", "--conversation", mine, QA_STORE=store_url)
    assert again.returncode == 2
    assert str(aside[0]) in again.stderr

    assert invoke("erase", "--all", QA_STORE=store_url).returncode in {0, 2}  # there may be nothing else
    assert where(store_url, CANARY) == set()
