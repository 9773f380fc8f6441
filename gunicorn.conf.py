"""gunicorn as shipped: `qa-service serve` and the Procfile read this file.

PORT and WEB_CONCURRENCY are kept as platforms spell them: `qa-service serve` reads the one, this file
the other.
"""

import gc
import os
import shutil
import signal
import tempfile
from logging.config import dictConfig
from pathlib import Path
from typing import Any

from gunicorn import util
from gunicorn.glogging import Logger

from qa_service import logs
from qa_service.channels.refusals import refusal

worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = 4
keepalive = 5  # seconds
preload_app = True  # read once, shared by the workers
timeout = 30  # seconds without a heartbeat; a question is answered in milliseconds
graceful_timeout = 35  # a request that is in hand ends or is cut before (QA_REQUEST_SECONDS)
# No max_requests: a worker does not grow with its requests (tests/serving/test_leaks.py). No reuse_port: what
# waits in the backlog of a socket that is closed is lost. The backlog is gunicorn's 2,048; nginx lets no more
# than 128 requests a line in.
limit_request_line = 8190  # bytes: a search of 2,000 characters, percent-encoded, fits
control_socket_disable = True  # nothing is managed at run time but by signals
# Headers that say under which path and scheme a request came are not believed here: gunicorn takes them from
# loopback, where every caller of a proxy comes from. QA_TRUSTED_PROXIES is who believes X-Forwarded-*.
forwarder_headers = ""
secure_scheme_headers: dict[str, str] = {}


class Told(Logger):
    """gunicorn's own lines, in the form of the service's; requests are told by the service."""

    def setup(self, cfg: Any) -> None:
        """See gunicorn.glogging."""
        super().setup(cfg)
        dictConfig(logs.configuration())


logger_class = Told


def refuse(line: Any, status: int, reason: str, _told: str) -> None:
    """Answer a request that gunicorn cannot read."""
    util.write_nonblock(line, refusal(status, reason))


util.write_error = refuse  # it has no setting for that

# Workers count in files of a folder that all of them read; the gunicorn that SIGUSR2 starts has its own.
COUNTS = "PROMETHEUS_MULTIPROC_DIR"
OURS = f"qa-counts-{os.getpid()}-"
held = Path(os.environ.get(COUNTS) or "qa-counts-").name
if held.startswith("qa-counts-") and not held.startswith(OURS):
    os.environ[COUNTS] = tempfile.mkdtemp(prefix=OURS)

gc.disable()  # while the application is made: nothing of it is garbage


ENDING = (signal.SIGTERM, signal.SIGQUIT, signal.SIGINT)


def on_starting(_server: object) -> None:
    """A worker that is told to end before it can listen to that ends at once.

    Until it has handlers of its own it has the master's, which put the signal where nobody looks: a stop
    would wait for graceful_timeout.
    """
    os.register_at_fork(before=_hold, after_in_parent=_release, after_in_child=_end_as_told)


def _hold() -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)


def _release() -> None:
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)


def _end_as_told() -> None:
    for one in ENDING:
        signal.signal(one, signal.SIG_DFL)
    _release()


def when_ready(_server: object) -> None:
    """Before the workers are forked: what is there stays shared, no collection touches it."""
    gc.freeze()


def child_exit(_server: object, worker: Any) -> None:
    """What a worker was doing, it does no more; what it did, stays counted."""
    from prometheus_client.multiprocess import mark_process_dead  # noqa: PLC0415

    from qa_service.channels.gathering import gather  # noqa: PLC0415

    mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]
    gather(Path(os.environ[COUNTS]), worker.pid)


def on_exit(_server: object) -> None:
    """The folder of the counts goes, where it is ours."""
    if Path(os.environ[COUNTS]).name.startswith(OURS):
        shutil.rmtree(os.environ[COUNTS], ignore_errors=True)


def post_fork(_server: object, _worker: object) -> None:
    """A worker collects its own garbage; not at every 700 objects, an answer makes thousands that soon go."""
    gc.set_threshold(20_000, 20, 50)
    gc.enable()
