"""gunicorn as shipped: `qa-service serve` and the Procfile read this file.

PORT and WEB_CONCURRENCY are kept as platforms spell them: `qa-service serve` reads the one, this file
the other.
"""

import gc
import os

worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = 4
keepalive = 5  # seconds
preload_app = True  # read once, shared by the workers
timeout = 30  # seconds without a heartbeat; a question is answered in milliseconds
graceful_timeout = 30
limit_request_line = 8190  # bytes: a search of 2,000 characters, percent-encoded, fits
control_socket_disable = True  # nothing is managed at run time but by signals

gc.disable()  # while the application is made: nothing of it is garbage


def when_ready(_server: object) -> None:
    """Before the workers are forked: what is there stays shared, no collection touches it."""
    gc.freeze()


def post_fork(_server: object, _worker: object) -> None:
    """A worker collects its own garbage."""
    gc.enable()
