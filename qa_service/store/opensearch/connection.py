"""Requests to an OpenSearch cluster, and what becomes of those that fail.

A node that is lost, a shard that is moving and a cluster that is busy pass: such a request is tried again,
on the next node, until its patience ends. Then, and whenever the cluster says no, it is a StoreError.
When somebody has waited in vain, the next who would have to wait are told so at once, but for one at a time
who tries, until the cluster has answered: otherwise every thread of a service would stand and wait for a
cluster that is not there.
"""

import os
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qa_service.domain.address import Address
from qa_service.domain.errors import StoreError
from qa_service.store.opensearch.failures import (
    AbsentError,
    ConflictError,
    MissingIndexError,
    SilentError,
    passes,
    said,
    told,
)

if TYPE_CHECKING:
    from opensearchpy import Transport

FIRST_PAUSE, LONGEST_PAUSE = 0.05, 1.0  # seconds between two tries
SHORTEST = 0.3  # seconds that are still worth a try
DEAD_SECONDS = 5  # that a node which did not answer is left alone
CONNECTIONS = 16  # to each node, of one process
REST_SECONDS = 1.0  # after somebody has waited in vain, until the next one may try


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of the cluster; ``seconds`` for one node to answer, then another one is asked.

    ``awaited`` when somebody waits for it.
    """

    method: str
    path: str
    text: str | None
    parameters: Mapping[str, str]
    seconds: float
    awaited: bool = False


class Connection:
    """One process's connections to the nodes, for all its threads: made when used, anew after a fork."""

    def __init__(self, address: Address) -> None:
        self.address = address
        self._lock = threading.Lock()
        self._process = 0
        self._client: Any = None
        self._silence = Silence()

    def sent(self, request: Request, patience: float) -> Any:
        """What the cluster answers. Raises StoreError, AbsentError and ConflictError."""
        if request.awaited and not self._silence.may_try(request.seconds):
            raise StoreError(f"OpenSearch at {self.address} could not answer a moment ago.")
        begun = time.monotonic()
        try:
            found = self._tried(request, patience)
        except SilentError:
            if request.awaited:
                self._silence.began(begun)
            raise
        except (StoreError, AbsentError, ConflictError):
            self._silence.ended()
            raise
        self._silence.ended()
        return found

    def _tried(self, request: Request, patience: float) -> Any:
        import opensearchpy  # noqa: PLC0415

        pause = FIRST_PAUSE
        deadline = time.monotonic() + patience
        while True:
            left = max(deadline - time.monotonic(), SHORTEST)
            try:
                return self._once(request, min(request.seconds, left) if request.awaited else request.seconds)
            except opensearchpy.TransportError as error:
                if not passes(error):
                    raise told(self.address, error) from error
                if time.monotonic() + pause + (SHORTEST if request.awaited else 0) > deadline:
                    raise SilentError(str(told(self.address, error))) from error
            time.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    def _once(self, request: Request, seconds: float) -> Any:
        import opensearchpy  # noqa: PLC0415

        options = {**request.parameters, "request_timeout": seconds}
        try:
            found = self._transport.perform_request(
                request.method, request.path, params=options, body=request.text
            )
            if not isinstance(found, dict | bool):  # of HEAD it is whether something is there
                raise opensearchpy.SerializationError(f"{found!r:.60} is no object")
            return found
        except opensearchpy.SerializationError as error:
            raise opensearchpy.ConnectionError("N/A", f"it answers in no JSON, {error}", error) from error
        except opensearchpy.NotFoundError as error:
            if "index_not_found" in str(error):
                missing = f"OpenSearch at {self.address}: {said(error)}. See QA_STORE."
                raise MissingIndexError(missing) from error
            raise AbsentError from error
        except opensearchpy.ConflictError as error:
            raise ConflictError from error

    def close(self) -> None:
        """Release the connections."""
        with self._lock:
            client, self._client = self._client, None
        if client is not None and self._process == os.getpid():
            client.close()

    @property
    def _transport(self) -> "Transport":
        with self._lock:
            if self._client is None or self._process != os.getpid():
                self._client, self._process = self._connected(), os.getpid()
            transport: Transport = self._client.transport
            return transport

    def _connected(self) -> Any:
        from opensearchpy import OpenSearch  # noqa: PLC0415

        from qa_service.store.opensearch.reading_json import Quick  # noqa: PLC0415

        address = self.address
        return OpenSearch(
            [{"host": name, "port": port} for name, port in address.hosts],
            use_ssl=address.secure,
            ca_certs=address.authorities and str(address.authorities),
            http_auth=(address.user, address.password) if address.user else None,
            maxsize=CONNECTIONS,
            max_retries=0,  # `sent` tries again; a node that is silent is left alone, too
            retry_on_timeout=True,
            retry_on_status=(),
            dead_timeout=DEAD_SECONDS,
            timeout_cutoff=0,  # not longer each time
            serializer=Quick(),
        )


class Silence:
    """Whether the cluster has left somebody waiting in vain, and who may try again."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._until: float | None = None
        self._answered = 0.0

    def may_try(self, seconds: float) -> bool:
        """Whether who comes now may try: all may while the cluster answers, else one after a rest.

        Nobody else may for so many seconds then, in which that one tries.
        """
        with self._lock:
            now = time.monotonic()
            if self._until is None:
                return True
            if now < self._until:
                return False
            self._until = now + seconds
            return True

    def began(self, since: float) -> None:
        """Somebody has waited in vain since then; it means nothing when another was answered meanwhile."""
        with self._lock:
            if self._answered < since:
                self._until = time.monotonic() + REST_SECONDS

    def ended(self) -> None:
        """The cluster has answered."""
        with self._lock:
            self._until, self._answered = None, time.monotonic()
