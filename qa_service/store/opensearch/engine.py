"""Requests to an OpenSearch cluster, and what their failures mean.

A node that is lost, a shard that is moving and a cluster that is busy pass: such a request is tried again,
on the next node, until `PATIENCE` ends. Then, and whenever the cluster says no, it is a StoreError. A search
that could not ask every shard is never an answer.
"""

import json
import os
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qa_service.domain.address import Address
from qa_service.domain.errors import SettingsError, StoreError
from qa_service.store.opensearch.failures import (
    PASSING,
    AbsentError,
    ConflictError,
    RefusedError,
    passes,
    said,
    told,
)
from qa_service.store.opensearch.indices import INDICES, SETTINGS

if TYPE_CHECKING:
    from opensearchpy import Transport

PATIENCE = 15.0  # seconds that who has to know waits for the cluster
TRY_SECONDS = 5.0  # for one node to answer; then another one is asked
WORK_SECONDS = 120.0  # for a node to do what may be much: write many, make them seen, delete them
FIRST_PAUSE, LONGEST_PAUSE = 0.05, 1.0  # seconds between two tries
DEAD_SECONDS = 5  # that a node which did not answer is left alone
CONNECTIONS = 16  # to each node, of one process
PAGE = 1000  # documents that are read at once
WHOLE = {"allow_partial_search_results": "false"}

NONE: Mapping[str, str] = {}

Found = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Request:
    method: str
    path: str
    text: str | None
    parameters: Mapping[str, str]


class Engine:
    """One process's hand in the cluster, for all its threads. Connects when first used, anew after a fork."""

    def __init__(self, address: Address, patience: float = PATIENCE) -> None:
        self.address = address
        self._patience = patience
        self._made: set[str] = set()
        self._lock = threading.Lock()
        self._process = 0
        self._client: Any = None

    def index(self, name: str) -> str:
        """The cluster's name of one of `INDICES`, which is made when it is not there yet."""
        full = f"{self.address.prefix}-{name}"
        if name not in self._made:
            if not self.ask("HEAD", f"/{full}"):
                self._make(full, {"settings": SETTINGS, "mappings": INDICES[name]})
            self._made.add(name)
        return full

    def _make(self, full: str, body: Mapping[str, object]) -> None:
        try:
            self.ask("PUT", f"/{full}", body)
        except RefusedError as error:
            if "resource_already_exists" not in str(error):  # another process was faster
                raise

    def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        parameters: Mapping[str, str] = NONE,
        patience: float | None = None,
    ) -> Any:
        """What the cluster answers. Raises StoreError, AbsentError and ConflictError."""
        request = _Request(method, path, None if body is None else _encoded(body), parameters)
        patience = self._patience if patience is None else patience
        return self._sent(request, patience, min(TRY_SECONDS, patience))

    def _work(self, path: str, text: str | None = None, parameters: Mapping[str, str] = NONE) -> Any:
        """The same of what may take long."""
        return self._sent(_Request("POST", path, text, parameters), self._patience, WORK_SECONDS)

    def get(self, name: str, key: str, patience: float | None = None) -> Found:
        """A document as it was last written: ``_source``, and the ``_seq_no`` that `put` wants."""
        found: Found = self.ask("GET", f"/{self.index(name)}/_doc/{key}", patience=patience)
        return found

    def many(self, name: str, keys: Sequence[str]) -> Sequence[Found]:
        """Those documents of these ids that there are, as they were last written."""
        if not keys:
            return []
        found = self.ask("POST", f"/{self.index(name)}/_mget", {"ids": list(keys)})["docs"]
        failed = [one["error"] for one in found if "error" in one]
        if failed:
            raise StoreError(f"OpenSearch at {self.address} does not give all documents: {failed[0]}.")
        return [one for one in found if one["found"]]

    def put(
        self, name: str, key: str, body: object, over: Found | None = None, patience: float | None = None
    ) -> None:
        """Write a document; ``over`` is what must not have changed meanwhile. Raises ConflictError."""
        self.ask("PUT", f"/{self.index(name)}/_doc/{key}", body, _unchanged(over), patience)

    def create(self, name: str, key: str, body: object) -> None:
        """Write a document that is not there yet. Raises ConflictError, also after a try that did succeed."""
        self.ask("PUT", f"/{self.index(name)}/_create/{key}", body)

    def delete(self, name: str, key: str, over: Found | None = None) -> None:
        """Remove a document. Raises AbsentError and ConflictError."""
        self.ask("DELETE", f"/{self.index(name)}/_doc/{key}", parameters=_unchanged(over))

    def refresh(self, name: str) -> None:
        """Let searches see all that was written."""
        request = _Request("POST", f"/{self.index(name)}/_refresh", None, NONE)
        self._sent(request, self._patience, 2 * self._patience)  # waits a minute for a shard that is missing

    def search(self, name: str, body: Mapping[str, object]) -> Found:
        """The hits of a search over all shards, as the cluster gives them."""
        found = self.ask("POST", f"/{self.index(name)}/_search", body, WHOLE)
        if found["timed_out"] or found["_shards"]["failed"]:
            raise StoreError(f"OpenSearch at {self.address} searched in part only: {found['_shards']}.")
        hits: Found = found
        return hits

    def count(self, name: str, query: Mapping[str, object]) -> int:
        """How many documents a query has, over all shards."""
        found = self.search(name, {"query": query, "size": 0, "track_total_hits": True})
        return int(found["hits"]["total"]["value"])

    def every(self, name: str, query: Mapping[str, object], sort: Sequence[str]) -> Iterator[Found]:
        """Every document of a query as it is now, in an order that no two documents share."""
        self.refresh(name)
        body: dict[str, object] = {"query": query, "sort": [*sort], "size": PAGE, "track_total_hits": False}
        while True:
            hits = self.search(name, body)["hits"]["hits"]
            yield from hits
            if len(hits) < PAGE:
                return
            body["search_after"] = hits[-1]["sort"]

    def remove(self, name: str, query: Mapping[str, object], **parameters: str) -> int:
        """Delete the documents of a query, but those that change meanwhile; how many they were."""
        self.refresh(name)
        path = f"/{self.index(name)}/_delete_by_query"
        options = {"conflicts": "proceed", "refresh": "true", **parameters}
        done = self._work(path, _encoded({"query": query}), options)
        return int(done["deleted"])

    def bulk(self, name: str, actions: Iterable[tuple[str, str, object]]) -> None:
        """Write many documents: ("index" or "create" or "delete", id, body). Each one is confirmed.

        Those that the cluster was too busy for are sent again. What is to be created and is there already
        counts as done, and so does what is to be deleted and is not there.
        """
        left = list(actions)
        waiting = {"timeout": f"{int(self._patience * 1000)}ms"}  # for a shard that is missing
        pause, deadline = FIRST_PAUSE, time.monotonic() + self._patience
        while left:
            lines = "".join(_lines(*one) for one in left)
            done = self._work(f"/{self.index(name)}/_bulk", lines, waiting)
            results = [next(iter(item.values())) for item in done["items"]]
            again = [one for one, result in zip(left, results, strict=True) if _again(result)]
            if again and time.monotonic() + pause > deadline:
                raise StoreError(f"OpenSearch at {self.address} takes no more now: {len(again)} not written.")
            left = again
            if left:
                time.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)

    def close(self) -> None:
        """Release the connections."""
        with self._lock:
            client, self._client = self._client, None
        if client is not None and self._process == os.getpid():
            client.close()

    def _sent(self, request: _Request, patience: float, seconds: float) -> Any:
        import opensearchpy  # noqa: PLC0415

        pause = FIRST_PAUSE
        deadline = time.monotonic() + patience
        options = {**request.parameters, "request_timeout": seconds}
        while True:
            try:
                return self._transport.perform_request(
                    request.method, request.path, params=options, body=request.text
                )
            except opensearchpy.NotFoundError as error:
                if "index_not_found" in str(error):
                    self._made.clear()
                    raise StoreError(f"OpenSearch at {self.address}: {said(error)}. See QA_STORE.") from error
                raise AbsentError from error
            except opensearchpy.ConflictError as error:
                raise ConflictError from error
            except opensearchpy.TransportError as error:
                if not passes(error) or time.monotonic() + pause > deadline:
                    raise told(self.address, error) from error
            time.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    @property
    def _transport(self) -> "Transport":
        with self._lock:
            if self._client is None or self._process != os.getpid():
                self._client, self._process = self._connected(), os.getpid()
            transport: Transport = self._client.transport
            return transport

    def _connected(self) -> Any:
        try:
            from opensearchpy import OpenSearch  # noqa: PLC0415
        except ImportError as error:
            raise SettingsError("QA_STORE: OpenSearch needs the extra qa-service[opensearch].") from error
        address = self.address
        return OpenSearch(
            [{"host": name, "port": port} for name, port in address.hosts],
            use_ssl=address.secure,
            http_auth=(address.user, address.password) if address.user else None,
            maxsize=CONNECTIONS,
            max_retries=len(address.hosts),
            retry_on_status=(),
            dead_timeout=DEAD_SECONDS,
        )


def _encoded(body: object) -> str:
    try:
        text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
        text.encode()
    except (TypeError, ValueError) as error:
        raise RefusedError(f"OpenSearch takes no value like this: {error}.") from error
    return text


def _lines(action: str, key: str, body: object) -> str:
    head = _encoded({action: {"_id": key}}) + "\n"
    return head if action == "delete" else f"{head}{_encoded(body)}\n"


def _again(result: Found) -> bool:
    """Whether one item of a bulk is to be sent again. Raises StoreError when it never can be written."""
    if result["status"] in PASSING:
        return True
    if "error" in result and result["status"] != 409:
        raise RefusedError(f"OpenSearch refuses {result['_id']!r}: {result['error'].get('reason')}.")
    return False


def _unchanged(over: Found | None) -> dict[str, str]:
    if over is None:
        return {}
    return {"if_seq_no": str(over["_seq_no"]), "if_primary_term": str(over["_primary_term"])}
