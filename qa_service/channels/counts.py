"""What is counted, for Prometheus. No name of anybody and nothing that was asked is a label.

Under gunicorn each worker counts in files of its own (PROMETHEUS_MULTIPROC_DIR, see gunicorn.conf.py).
"""

import logging
from functools import cache

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from qa_service.channels import stopwatch, tracing
from qa_service.domain.answer import Answer
from qa_service.logs import told
from qa_service.wiring import Service

log = logging.getLogger(__name__)
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """The counters of one process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "qa_requests",
            "Requests that were answered, by route and status.",
            ["method", "route", "status"],
            registry=self.registry,
        )
        self.seconds = Histogram(
            "qa_request_seconds",
            "Seconds from a request to the last byte of its response.",
            ["route"],
            buckets=SECONDS,
            registry=self.registry,
        )
        self.in_progress = Gauge(
            "qa_requests_in_progress",
            "Requests that are being answered.",
            multiprocess_mode="livesum",
            registry=self.registry,
        )
        self.answers = Counter(
            "qa_answers",
            "Answers that were given, by channel, kind and, of a refusal, its reason.",
            ["channel", "kind", "reason"],
            registry=self.registry,
        )
        self.outages = Counter(
            "qa_outages",
            "Questions that could not be answered through a fault of the service. No refusal is among them.",
            ["channel"],
            registry=self.registry,
        )


@cache
def metrics() -> Metrics:
    """Those of this process; made when first asked for."""
    return Metrics()


def answered(service: Service, channel: str, answer: Answer) -> Answer:
    """The answer, counted and told: how it went, not what was asked."""
    reason = answer.refusal.reason.value if answer.refusal else ""
    tracing.answered(channel, answer)
    metrics().answers.labels(channel, answer.kind.value, reason).inc()
    if service.settings.record_answers:
        refused = answer.refusal is not None
        service.tallying.count(answered=answer.answered, refused=refused, seconds=stopwatch.seconds())
    if log.isEnabledFor(logging.INFO):
        asked = {"question": answer.question} if service.settings.log_questions else {}
        log.info(
            "answer",
            extra=told(
                channel=channel,
                kind=answer.kind.value,
                reason=reason,
                answer_id=answer.id,
                index_version=answer.index_version,
                question_characters=len(answer.question),
                **asked,
            ),
        )
    return answer


def failed(channel: str) -> None:
    """Count an outage that a reader is told of in words, where no status says so."""
    metrics().outages.labels(channel).inc()
