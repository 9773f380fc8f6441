"""A request that takes too long is cut: its caller gets a 503, its thread goes on with the next request.

A thread cannot be ended from outside, but an exception can be raised in it at its next step. Where it makes
none, in a call that never returns, its worker ends when what else it has in hand is done; gunicorn starts
another.
"""

import atexit
import ctypes
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Flask, Response, current_app

from qa_service.channels import request_ids

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    Told = Callable[[WSGIEnvironment], Response]

log = logging.getLogger(__name__)
STEP = 0.25  # seconds between two looks
STEPS = 100  # of a thread, within which it meets what was raised in it
GRACE = 5.0  # seconds that a thread has to notice
ENDING = 10.0  # seconds that the others of its worker have when it does not
NAME = "deadlines"  # among the extensions of an application
SERVER = "gunicorn.socket"  # stands in the WSGI environment of a worker, which another one replaces


class OverdueError(BaseException):
    """Raised in a thread whose request has taken too long. Nothing but the end of the request catches it."""


@dataclass(slots=True)
class _Running:
    """A request in hand: until when, on the monotonic clock, and whether it has been cut."""

    until: float
    replaceable: bool
    cut: bool = False


class Deadlines:
    """An application whose requests are cut after so many seconds; ``told`` makes the response then."""

    def __init__(self, app: "WSGIApplication", seconds: float, told: "Told") -> None:
        self._app, self._seconds, self._told = app, seconds, told
        self._running: dict[int, _Running] = {}
        self._lock = threading.Lock()
        self._watching = False

    @property
    def in_hand(self) -> int:
        """How many requests this process has in hand."""
        return len(self._running)

    def __call__(self, wsgi: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """See PEP 3333."""
        thread = threading.get_ident()
        try:
            self._begin(thread, replaceable=SERVER in wsgi)
            try:
                return self._app(wsgi, start_response)
            finally:
                self._end(thread)
        except OverdueError:
            self._end(thread)  # it may have been raised just before that was done; it is raised once
            log.error("%s took too long and was cut (%s)", wsgi["REQUEST_METHOD"], request_ids.current())
            return self._told(wsgi)(wsgi, _again(start_response))

    def allow(self, seconds: float) -> None:
        """Give this request so many seconds from now."""
        running = self._running.get(threading.get_ident())
        if running is not None:
            running.until = time.monotonic() + seconds

    def _begin(self, thread: int, *, replaceable: bool) -> None:
        self._running[thread] = _Running(time.monotonic() + self._seconds, replaceable)
        if not self._watching:
            self._watch()

    def _end(self, thread: int) -> None:
        with self._lock:
            running = self._running.pop(thread, None)
        if running is not None and running.cut:
            # Perhaps not raised yet: it must not meet the next request. It comes here, and is not taken back:
            # after that, CPython 3.11 looks for it at every step of every thread.
            for _ in range(STEPS):
                pass

    def _watch(self) -> None:
        """Begin to look, in each process for itself: a fork takes no threads along."""
        with self._lock:
            if not self._watching:
                self._watching = True
                threading.Thread(target=self._look, name="deadlines", daemon=True).start()

    def _look(self) -> None:
        while True:
            time.sleep(STEP)
            with self._lock:
                now = time.monotonic()
                late = [(thread, one) for thread, one in tuple(self._running.items()) if now > one.until]
                for thread, one in late:
                    if not one.cut:
                        one.cut = True
                        overdue = ctypes.py_object(OverdueError)
                        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), overdue)
            if any(one.replaceable and now > one.until + GRACE for _, one in late):
                self._replaced()

    def _replaced(self) -> None:
        """End this process, when the requests that can still be answered are."""
        log.error("A request does not end; its worker is replaced")
        os.kill(os.getpid(), signal.SIGTERM)  # takes on nothing more
        deadline = time.monotonic() + ENDING
        while time.monotonic() < deadline and any(not one.cut for one in tuple(self._running.values())):
            time.sleep(STEP)
        atexit._run_exitfuncs()  # what waits to be written is; interpreters that end wait for every thread
        os._exit(1)


def _again(start_response: "StartResponse") -> "StartResponse":
    """Begins a response, also in the place of one that was begun and not sent."""
    failure = sys.exc_info()

    def begin(status: str, headers: list[tuple[str, str]], *_: object) -> Callable[[bytes], object]:
        try:
            return start_response(status, headers)
        except AssertionError:
            return start_response(status, headers, failure)

    return begin


def register(app: Flask, seconds: float, told: Callable[[], Response]) -> None:
    """Cut the requests of an application after so many seconds, and answer them with what is told then."""

    def response(wsgi: "WSGIEnvironment") -> Response:
        with app.request_context(wsgi):
            return app.process_response(told())

    app.extensions[NAME] = Deadlines(app.wsgi_app, seconds, response)
    app.wsgi_app = app.extensions[NAME]  # type: ignore[method-assign]


def allow(seconds: float) -> None:
    """Give this request so many seconds from now."""
    current_app.extensions[NAME].allow(seconds)
