"""The index is changed in a process of its own: a worker that answers neither waits long nor grows.

The process is ended when it takes too long; what it had begun to publish is then as if it had never been.
"""

import json
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Sequence
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr
from werkzeug.exceptions import ServiceUnavailable

from qa_service.channels import deadlines
from qa_service.channels.files import File
from qa_service.domain.arrival import Arrival, Fate
from qa_service.domain.errors import NotFoundError, StoreError
from qa_service.wiring import Service

if TYPE_CHECKING:
    from collections.abc import Iterator

COMMAND = (sys.executable, "-P", "-m", "qa_service.channels.receiver")
ENDING = 5.0  # seconds that the process has to end what it started
PATIENCE = 2.0  # seconds that one upload waits for another; the thread answers nobody else meanwhile
AGAIN = 10  # seconds after which who had to be sent away may try again

Report = dict[str, Any]  # added, known: ids; rejected: name and reason of each; index_version


class TooLongError(Exception):
    """It could not be done in time."""


class Turns:
    """One change of the index at a time in each worker. Who waits too long is told when to try again."""

    def __init__(self) -> None:
        self._lock = Lock()

    @contextmanager
    def taken(self) -> "Iterator[None]":
        """A turn. Raises ServiceUnavailable."""
        if not self._lock.acquire(timeout=PATIENCE):
            raise ServiceUnavailable("Another upload is being read; send yours again.", retry_after=AGAIN)
        try:
            yield
        finally:
            self._lock.release()


def received(service: Service, files: Sequence[File], seconds: float) -> Report:
    """What became of the files. Raises TooLongError, or StoreError when nothing could be published."""
    sent = [[name, b64encode(data).decode()] for name, data in files]
    try:
        return _told(service, {"files": sent}, seconds)
    except TooLongError as error:
        reason = f"too long: it was not read in {seconds:g} s; use `qa-service ingest` for it"
        service.arrivals.note([_late(name, reason) for name, _ in files])
        raise TooLongError(reason) from error


def removed(service: Service, document_id: str, seconds: float) -> None:
    """Take a document out of the index. Raises NotFoundError, or StoreError when it takes too long."""
    try:
        told = _told(service, {"remove": document_id}, seconds)
    except TooLongError as error:
        raise StoreError(f"A document could not be removed in {seconds:g} s.") from error
    if not told["found"]:
        raise NotFoundError("There is no such document.")


def _told(service: Service, asked: dict[str, Any], seconds: float) -> Report:
    settings = {name: value for name, value in service.settings if not isinstance(value, SecretStr)}
    deadlines.allow(seconds + PATIENCE + 2 * ENDING)  # this request may take longer than others
    output = _output(json.dumps({"settings": settings, **asked}, default=str).encode(), seconds)
    try:
        told: Report = json.loads(output)
    except ValueError as error:
        raise StoreError("The index could not be changed: the process that does so died.") from error
    if "outage" in told:
        raise StoreError(told["outage"])
    return told


def _late(name: str, reason: str) -> Arrival:
    return Arrival(name=name, at=int(time.time()), fate=Fate.REJECTED, reason=reason)


def _output(asked: bytes, seconds: float) -> bytes:
    with subprocess.Popen(COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:  # noqa: S603 - our own module
        try:
            return process.communicate(asked, timeout=seconds)[0]
        except subprocess.TimeoutExpired as error:
            raise TooLongError from error
        finally:
            _end(process)


def _end(process: "subprocess.Popen[bytes]") -> None:
    """So that it ends the parsers that it started, and at last without asking."""
    process.terminate()
    try:
        process.wait(ENDING)
    except subprocess.TimeoutExpired:
        process.kill()
