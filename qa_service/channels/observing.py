"""Each request is counted, timed, told in one line of the log and traced: how it went, not what was asked."""

import logging
from collections.abc import Callable, Iterable
from time import perf_counter
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, request
from werkzeug.wsgi import ClosingIterator

from qa_service.channels import request_ids, stopwatch, tracing
from qa_service.channels.access import caller
from qa_service.channels.counts import metrics
from qa_service.channels.limiting import shown
from qa_service.logs import told

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = logging.getLogger(__name__)
SEEN = "qa_service.seen"  # in the WSGI environment: what the application knows of a request
NO_ROUTE = "none"
FAILED = "500"  # when nothing was answered


def register(app: Flask, *, traced: bool) -> None:
    """Observe an application: what is put around it later is not seen."""
    metrics()  # made before there are threads
    if traced:
        tracing.prepare()
    app.after_request(_note)
    app.wsgi_app = Observed(app.wsgi_app, traced=traced)  # type: ignore[assignment, method-assign]


def place() -> str:
    """The method and route of this request; not its path, where ids stand."""
    return f"{request.method} {_route()}"


class Observed:
    """A WSGI application whose requests are observed until the last byte is sent."""

    def __init__(self, app: "WSGIApplication", *, traced: bool = False) -> None:
        self._app, self._traced = app, traced

    def __call__(self, wsgi: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """See PEP 3333."""
        watch = _Watch(wsgi, traced=self._traced)

        def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Callable[[bytes], object]:
            watch.status = status[:3]
            return start_response(status, headers, *error)

        try:
            body = self._app(wsgi, start)
        except BaseException:
            watch.end()
            raise
        return ClosingIterator(body, [watch.end])


class _Watch:
    """One request, from its first byte to its last."""

    def __init__(self, wsgi: "WSGIEnvironment", *, traced: bool) -> None:
        self._wsgi, self._traced, self._begun = wsgi, traced, perf_counter()
        self.status = FAILED
        request_ids.begin(wsgi.get("HTTP_X_REQUEST_ID", ""))
        stopwatch.begin()
        if traced:
            tracing.begin(wsgi)
        metrics().in_progress.inc()

    def end(self) -> None:
        seconds = perf_counter() - self._begun
        route, known = self._wsgi.get(SEEN, (NO_ROUTE, {}))
        method = self._wsgi["REQUEST_METHOD"] if route != NO_ROUTE else NO_ROUTE
        counted = metrics()
        counted.in_progress.dec()
        counted.requests.labels(method, route, self.status).inc()
        counted.seconds.labels(route).observe(seconds)
        if log.isEnabledFor(logging.INFO):
            log.info(
                "request",
                extra=told(
                    method=method, route=route, status=int(self.status), ms=round(seconds * 1000, 3), **known
                ),
            )
        if self._traced:
            tracing.end(self._wsgi["REQUEST_METHOD"], None if route == NO_ROUTE else route, int(self.status))
        request_ids.end()


def _note(response: Response) -> Response:
    known = {"caller": caller().owner, "network": shown(request.remote_addr or "")}
    request.environ[SEEN] = (_route(), known)
    return response


def _route() -> str:
    return request.url_rule.rule if request.url_rule else NO_ROUTE
