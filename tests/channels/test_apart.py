"""The process that changes the index for a worker: what it is told, what it says, and that it ends."""

import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

import pytest
from flask import Flask
from pydantic import SecretStr
from werkzeug.exceptions import ServiceUnavailable

from qa_service.channels import apart
from qa_service.domain.arrival import Fate
from qa_service.domain.errors import NotFoundError, StoreError
from qa_service.wiring import Service

SAY = "import json, os, signal, sys, time; asked = json.load(sys.stdin);"
SAY += "say = lambda it: print(json.dumps(it));"


@pytest.fixture
def does(monkeypatch: pytest.MonkeyPatch) -> "Doing":
    return Doing(monkeypatch)


@pytest.fixture(autouse=True)
def request_in_hand(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        yield


class Doing:
    """Lets the process do as it is told in Python."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.patch = patch

    def this(self, code: str) -> None:
        self.patch.setattr(apart, "COMMAND", (sys.executable, "-I", "-S", "-c", SAY + code))


def test_files_are_sent_with_their_bytes_and_the_report_comes_back(does: Doing, service: Service) -> None:
    does.this("say({'added': asked['files'], 'known': sorted(asked)})")
    told = apart.received(service, [("a.md", b"\xff\0a")], 20)

    assert told["added"] == [["a.md", b64encode(b"\xff\0a").decode()]]
    assert told["known"] == ["files", "settings"]


def test_it_has_our_settings_and_none_of_our_secrets(does: Doing, own_service: Service) -> None:
    secret = SecretStr("canary")
    own_service.settings = own_service.settings.model_copy(update={"slack_signing_secret": secret})
    does.this("say(asked['settings'])")
    told = apart.received(own_service, [], 20)

    assert told["store"] == own_service.settings.store
    assert "slack_signing_secret" not in told
    assert "canary" not in str(told)


@pytest.mark.parametrize("code", ["", "print('words')", "os.kill(os.getpid(), 9)"])
def test_one_that_dies_is_an_outage(does: Doing, service: Service, code: str) -> None:
    does.this(code)

    with pytest.raises(StoreError, match="the process that does so died"):
        apart.received(service, [("a.md", b"a")], 20)


def test_an_outage_that_it_tells_is_one_here(does: Doing, service: Service) -> None:
    does.this("say({'outage': 'The store is gone.'})")

    with pytest.raises(StoreError, match=r"The store is gone\."):
        apart.received(service, [("a.md", b"a")], 20)


def test_what_takes_too_long_is_ended_told_and_noted(does: Doing, own_service: Service) -> None:
    does.this("time.sleep(60)")
    begun = monotonic()

    with pytest.raises(apart.TooLongError, match=r"not read in 0\.3 s; use `qa-service ingest`"):
        apart.received(own_service, [("a.md", b"a"), ("b.md", b"b")], 0.3)
    assert monotonic() - begun < 5
    noted = [one for one in own_service.arrivals.latest() if one.fate is Fate.REJECTED]
    assert {(one.name, (one.reason or "")[:8]) for one in noted} == {
        ("a.md", "too long"),
        ("b.md", "too long"),
    }


def test_it_is_asked_to_end_before_it_is_ended(does: Doing, service: Service, tmp_path: Path) -> None:
    """It has parsers of its own to end."""
    note = str(tmp_path / "asked")
    ends = f"signal.signal(signal.SIGTERM, lambda *_: (open({note!r}, 'w').close(), sys.exit()))"
    does.this(f"{ends}; time.sleep(60)")
    with pytest.raises(apart.TooLongError):
        apart.received(service, [], 0.5)

    assert (tmp_path / "asked").exists()


def test_one_that_does_not_end_when_it_is_asked_is_ended(
    does: Doing, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apart, "ENDING", 0.2)
    does.this("signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)")
    begun = monotonic()
    with pytest.raises(apart.TooLongError):
        apart.received(service, [], 0.3)

    assert monotonic() - begun < 10


def test_a_document_is_removed_or_there_is_none(does: Doing, service: Service) -> None:
    does.this("say({'found': asked['remove'] == 'weir'})")

    apart.removed(service, "weir", 20)
    with pytest.raises(NotFoundError, match="no such document"):
        apart.removed(service, "gauge", 20)


def test_a_removal_that_takes_too_long_is_an_outage(does: Doing, service: Service) -> None:
    does.this("time.sleep(60)")

    with pytest.raises(StoreError, match=r"could not be removed in 0\.3 s"):
        apart.removed(service, "weir", 0.3)


def test_who_waits_too_long_for_a_turn_is_told_when_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "PATIENCE", 0.1)
    turns = apart.Turns()
    with turns.taken(), pytest.raises(ServiceUnavailable) as told, turns.taken():
        pass

    assert told.value.retry_after == apart.AGAIN


def test_a_turn_that_failed_is_over() -> None:
    turns = apart.Turns()
    with pytest.raises(KeyError), turns.taken():
        raise KeyError
    with turns.taken() as taken:
        assert taken is None


def test_the_request_may_take_as_long_as_all_of_it(does: Doing, service: Service) -> None:
    """A wait for its turn, the reading, and twice the time to end what was started."""
    allowed: list[float] = []
    does.patch.setattr(apart.deadlines, "allow", allowed.append)
    does.this("say({})")
    apart.received(service, [], 100)

    assert allowed == [100 + 2 + 2 * 5]


def test_what_lies_in_the_folder_is_not_run(tmp_path: Path) -> None:
    (tmp_path / "qa_service.py").write_text("raise SystemExit('from the folder')", "utf-8")
    ended = subprocess.run(apart.COMMAND, input=b"no JSON", capture_output=True, cwd=tmp_path, check=False)

    assert b"JSONDecodeError" in ended.stderr
