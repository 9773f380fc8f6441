"""The route /metrics: what all workers counted, and the index that this one answers from.

Whichever worker is asked adds up the files of all of them.
"""

import struct
import time
from collections.abc import Iterator
from contextlib import suppress

from flask import Blueprint, Response
from prometheus_client import CollectorRegistry, generate_latest, values
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector

from qa_service.channels.counts import metrics
from qa_service.domain.errors import OperatorError
from qa_service.wiring import Service

TRIES = 10
PAUSE = 0.02  # seconds


def blueprint(service: Service) -> Blueprint:
    """The route /metrics over one service."""
    measured = Blueprint("measured", __name__)

    @measured.get("/metrics")
    def shown() -> Response:
        return Response(_told(service), content_type=CONTENT_TYPE_PLAIN_0_0_4)

    return measured


def _told(service: Service) -> bytes:
    """All of it; read again when a worker ended meanwhile, whose files are then gathered into another, or one
    began, whose files are empty for a moment."""
    for _ in range(TRIES):
        with suppress(FileNotFoundError, struct.error):
            return generate_latest(_all(service))
        time.sleep(PAUSE)
    return generate_latest(_all(service))


def _all(service: Service) -> CollectorRegistry:
    """What all workers counted, and the index that this one answers from."""
    counted = metrics().registry
    if values.ValueClass is not values.MutexValue:
        counted = CollectorRegistry()
        MultiProcessCollector(counted)  # type: ignore[no-untyped-call]
    both = CollectorRegistry()
    both.register(counted)  # a registry collects as a collector does
    both.register(_Index(service))
    return both


class _Index:
    """What the index holds, as a collector."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def collect(self) -> Iterator[Metric]:
        """Nothing of an index that cannot be read but that it is so."""
        try:
            edition = self._service.answering.desk.edition
        except OperatorError:
            yield GaugeMetricFamily("qa_store_up", "Whether the store can be read.", 0)
            return
        yield GaugeMetricFamily("qa_store_up", "Whether the store can be read.", 1)
        yield GaugeMetricFamily("qa_documents", "Documents in the index.", len(edition.documents))
        yield GaugeMetricFamily("qa_passages", "Passages in the index.", edition.snapshot.size.passages)
