"""The documents of an OpenSearch cluster: read and written by their ids, searched for, written in bulk.

A search that could not ask every shard is never an answer, and each document of a bulk is confirmed.
"""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from qa_service.domain.address import Address
from qa_service.domain.errors import StoreError
from qa_service.store.opensearch.bulk import Fate, Found, Write, encoded, fate, portions
from qa_service.store.opensearch.connection import FIRST_PAUSE, LONGEST_PAUSE, Connection, Request
from qa_service.store.opensearch.failures import ConflictError, MissingIndexError, RefusedError
from qa_service.store.opensearch.indices import INDICES, SETTINGS

PATIENCE = 15.0  # seconds that work waits for the cluster
TRY_SECONDS = 5.0  # for one node to answer; then another one is asked
ANSWER_SECONDS = 3.0  # the same where somebody waits for an answer
ANSWER_TRY_SECONDS = 1.5
WORK_SECONDS = 120.0  # for a node to do what may be much: write many, make them seen, delete them
PAGE = 1000  # documents that are read at once
HERE = {"preference": "_local"}  # the node that is asked looks itself, where it has a copy
WHOLE = {"allow_partial_search_results": "false", **HERE}

NONE: Mapping[str, str] = {}


class Engine:
    """One process's hand in the cluster, for all its threads."""

    def __init__(self, address: Address, patience: float = PATIENCE) -> None:
        self.address = address
        self._patience = patience
        self._awaited = False
        self._made: set[str] = set()
        self._connection = Connection(address)

    def hasten(self) -> None:
        """From now on somebody waits for what is asked: say soon when the cluster does not answer.

        What may be long is waited for as before, and so is what is asked with a patience of its own.
        """
        self._awaited = True

    def there(self, name: str, patience: float | None = None) -> bool:
        """Whether one of `INDICES` has been made."""
        if name not in self._made and self.ask("HEAD", f"/{self.full(name)}", patience=patience):
            self._made.add(name)
        return name in self._made

    def full(self, name: str) -> str:
        """The cluster's name of one of `INDICES`."""
        return f"{self.address.prefix}-{name}"

    def index(self, name: str, patience: float | None = None) -> str:
        """The cluster's name of one of `INDICES`, which is made when it is not there yet."""
        full = self.full(name)
        if not self.there(name, patience):
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
        text = None if body is None else encoded(body)
        if patience is None and self._awaited:
            request = Request(method, path, text, parameters, ANSWER_TRY_SECONDS, awaited=True)
            return self._sent(request, ANSWER_SECONDS)
        patience = self._patience if patience is None else patience
        return self._sent(Request(method, path, text, parameters, min(TRY_SECONDS, patience)), patience)

    def _work(self, path: str, text: str | None = None, parameters: Mapping[str, str] = NONE) -> Any:
        """The same of what may take long."""
        return self._sent(Request("POST", path, text, parameters, WORK_SECONDS), self._patience)

    def _sent(self, request: Request, patience: float) -> Any:
        try:
            return self._connection.sent(request, patience)
        except MissingIndexError:
            self._made.clear()
            raise

    def get(self, name: str, key: str, patience: float | None = None, *, bare: bool = False) -> Found:
        """A document as it was last written: ``_source``, and the ``_seq_no`` that `put` wants.

        ``bare`` without its source. Raises AbsentError.
        """
        fields = {"_source": "false", **HERE} if bare else HERE
        found: Found = self.ask("GET", f"/{self.index(name, patience)}/_doc/{key}", None, fields, patience)
        return found

    def many(self, name: str, keys: Sequence[str]) -> Sequence[Found]:
        """Those documents of these ids that there are, as they were last written."""
        if not keys:
            return []
        found = self.ask("POST", f"/{self.index(name)}/_mget", {"ids": list(keys)}, HERE)["docs"]
        failed = [one["error"] for one in found if "error" in one]
        if failed:
            raise StoreError(f"OpenSearch at {self.address} does not give all documents: {failed[0]}.")
        return [one for one in found if one["found"]]

    def put(
        self, name: str, key: str, body: object, over: Found | None = None, patience: float | None = None
    ) -> None:
        """Write a document; ``over`` is what must not have changed meanwhile. Raises ConflictError."""
        self.ask("PUT", f"/{self.index(name, patience)}/_doc/{key}", body, _unchanged(over), patience)

    def create(self, name: str, key: str, body: object) -> None:
        """Write a document that is not there yet. Raises ConflictError, also after a try that did succeed."""
        self.ask("PUT", f"/{self.index(name)}/_create/{key}", body)

    def delete(self, name: str, key: str, over: Found | None = None) -> None:
        """Remove a document. Raises AbsentError and ConflictError."""
        self.ask("DELETE", f"/{self.index(name)}/_doc/{key}", parameters=_unchanged(over))

    def refresh(self, name: str) -> None:
        """Let searches see all that was written, in each copy. Raises StoreError when one does not."""
        deadline = time.monotonic() + 2 * self._patience  # it waits a minute for a shard that is missing
        path = f"/{self.index(name)}/_refresh"
        while True:
            request = Request("POST", path, None, NONE, 2 * self._patience)
            failed = self._sent(request, self._patience)["_shards"]["failed"]
            if not failed:
                return
            if time.monotonic() > deadline:
                raise StoreError(f"OpenSearch at {self.address}: {failed} copies of {name} do not follow.")
            time.sleep(LONGEST_PAUSE)

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
        return self.pages(name, {"query": query, "sort": [*sort]})

    def pages(self, name: str, body: Mapping[str, object]) -> Iterator[Found]:
        """Every hit of a search that sorts in an order that no two documents share, read little by little."""
        asked: dict[str, Any] = {"size": PAGE, "track_total_hits": False, **body}
        while True:
            hits = self.search(name, asked)["hits"]["hits"]
            yield from hits
            if len(hits) < asked["size"]:
                return
            asked["search_after"] = hits[-1]["sort"]

    def remove(self, name: str, query: Mapping[str, object], **parameters: str) -> int:
        """Delete the documents of a query, but those that change meanwhile; how many they were."""
        self.refresh(name)
        path = f"/{self.index(name)}/_delete_by_query"
        options = {"conflicts": "proceed", "refresh": "true", **parameters}
        done = self._work(path, encoded({"query": query}), options)
        return int(done["deleted"])

    def bulk(self, name: str, writes: Iterable[tuple[str, str, object] | Write]) -> None:
        """Write many documents, some at a time. Each one is confirmed.

        Those that the cluster was too busy for are sent again. What is to be created and is there already
        counts as done, and so does what is to be deleted and is not there. ConflictError when something
        that must not have changed has.
        """
        for some in portions(writes):
            self._bulk(name, some)

    def _bulk(self, name: str, left: Sequence[tuple[Write, str]]) -> None:
        waiting = {"timeout": f"{int(self._patience * 1000)}ms"}  # for a shard that is missing
        pause, deadline = FIRST_PAUSE, time.monotonic() + self._patience
        taken: list[Write] = []
        while left:
            lines = "".join(line for _, line in left)
            done = self._work(f"/{self.index(name)}/_bulk", lines, waiting)
            fates = [fate(next(iter(item.values()))) for item in done["items"]]
            taken += [one for (one, _), known in zip(left, fates, strict=True) if known is Fate.TAKEN]
            left = [one for one, known in zip(left, fates, strict=True) if known is Fate.AGAIN]
            if left and time.monotonic() + pause > deadline:
                raise StoreError(f"OpenSearch at {self.address} takes no more now: {len(left)} not written.")
            if left:
                time.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
        self._settle(name, [one for one in taken if one.over is not None])

    def _settle(self, name: str, taken: Sequence[Write]) -> None:
        """What has changed meanwhile has to be as it was to be written: by a try of ours that seemed lost."""
        there = {found["_id"]: found["_source"] for found in self.many(name, [one.key for one in taken])}
        if any(not one.is_done(there.get(one.key, {})) for one in taken):
            raise ConflictError

    def close(self) -> None:
        """Release the connections."""
        self._connection.close()


def _unchanged(over: Found | None) -> dict[str, str]:
    if over is None:
        return {}
    return {"if_seq_no": str(over["_seq_no"]), "if_primary_term": str(over["_primary_term"])}
