"""Each request as an OpenTelemetry span, sent over OTLP (QA_OPENTELEMETRY, extra `otel`).

The SDK reads where to, and all else, from its own ``OTEL_`` variables. A span tells what the log tells: the
route, the status, which kind of answer; never a path, where ids stand, nor a word of what was asked.
"""

from contextvars import ContextVar
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from qa_service.channels import request_ids
from qa_service.domain.answer import Answer
from qa_service.domain.errors import SettingsError

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment
    from opentelemetry.trace import Span, Tracer

SPAN: ContextVar["Span | None"] = ContextVar("span", default=None)  # of the request that is answered
NEEDED = ("opentelemetry.exporter.otlp.proto.http.trace_exporter", "opentelemetry.sdk.trace.export")


def prepare() -> None:
    """Import what it takes, before the workers are forked. Raises SettingsError without the extra."""
    try:
        for name in NEEDED:
            import_module(name)
    except ModuleNotFoundError as error:
        raise SettingsError(
            "QA_OPENTELEMETRY is set, but the extra is missing: pip install -e '.[otel]' in a clone."
        ) from error


def begin(wsgi: "WSGIEnvironment") -> None:
    """A request has come; its span goes on the trace that it names by ``traceparent`` (W3C), if any."""
    from opentelemetry.trace import SpanKind  # noqa: PLC0415
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator  # noqa: PLC0415

    sent = {name: wsgi.get(f"HTTP_{name.upper()}", "") for name in ("traceparent", "tracestate")}
    named = TraceContextTextMapPropagator().extract({name: value for name, value in sent.items() if value})
    span = _tracer().start_span(wsgi["REQUEST_METHOD"], named, SpanKind.SERVER)
    span.set_attribute("qa.request_id", request_ids.current())
    SPAN.set(span)


def answered(channel: str, answer: Answer) -> None:
    """Tell of an answer in the span of this request, where there is one that has not ended: a chat is
    answered after its request.
    """
    span = SPAN.get()
    if span is not None and span.is_recording():
        reason = answer.refusal.reason.value if answer.refusal else ""
        kind, version = answer.kind.value, answer.index_version
        told = {"qa.channel": channel, "qa.kind": kind, "qa.reason": reason, "qa.index_version": version}
        span.add_event("answer", told)


def end(method: str, route: str | None, status: int) -> None:
    """Its last byte is sent. Names are those of OpenTelemetry's conventions for HTTP servers."""
    from opentelemetry.trace import StatusCode  # noqa: PLC0415

    span = SPAN.get()
    SPAN.set(None)
    if span is None:
        return
    if route is not None:
        span.update_name(f"{method} {route}")
        span.set_attribute("http.route", route)
    span.set_attributes({"http.request.method": method, "http.response.status_code": status})
    if status >= 500:
        span.set_attribute("error.type", str(status))
        span.set_status(StatusCode.ERROR)
    span.end()


@cache
def _tracer() -> "Tracer":
    """That of this process; made with its first request, since a fork takes no threads along."""
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415
    from opentelemetry.sdk.resources import OTELResourceDetector, Resource  # noqa: PLC0415
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415

    named = Resource({"service.name": "qa-service"}).merge(OTELResourceDetector().detect())
    provider = TracerProvider(resource=named)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return provider.get_tracer("qa_service")
