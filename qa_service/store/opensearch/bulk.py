"""Many writes as requests of some size, and what became of each."""

import json
from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from typing import Any, NamedTuple

from qa_service.store.opensearch.failures import PASSING, RefusedError

AT_ONCE, BYTES = 2000, 4 * 2**20  # documents that are written at once, and how large they may be together
TAKEN = 409
SEQUENCE = ("seq_no", "primary_term")

Found = Mapping[str, Any]


class Write(NamedTuple):
    """One of many: "index", "create", "update" or "delete". ``over`` must not have changed meanwhile."""

    action: str
    key: str
    body: Any = None
    over: Found | None = None

    @property
    def line(self) -> str:
        """It as a bulk has it."""
        unchanged = {f"if_{one}": self.over[f"_{one}"] for one in SEQUENCE} if self.over else {}
        head = encoded({self.action: {"_id": self.key, **unchanged}}) + "\n"
        return head if self.action == "delete" else f"{head}{encoded(self.body)}\n"

    def is_done(self, source: Mapping[str, Any]) -> bool:
        """Whether a document is as this was to write it, as far as it tells what it holds."""
        wanted = self.body["doc"] if self.action == "update" else self.body
        return bool(source) and all(wanted[name] == source[name] for name in wanted.keys() & source.keys())


class Fate(Enum):
    """What became of one write."""

    DONE = "done"
    AGAIN = "the cluster was too busy"
    TAKEN = "the document is there already, or has changed"


def portions(writes: Iterable[tuple[str, str, object] | Write]) -> Iterator[list[tuple[Write, str]]]:
    """The writes with their lines, as many together as one request takes."""
    some: list[tuple[Write, str]] = []
    size = 0
    for one in writes:
        write = Write(*one)
        some.append((write, write.line))
        size += len(some[-1][1])
        if len(some) == AT_ONCE or size > BYTES:
            yield some
            some, size = [], 0
    yield some


def fate(result: Found) -> Fate:
    """What became of one item. Raises RefusedError when it never can be written."""
    if result["status"] in PASSING:
        return Fate.AGAIN
    if result["status"] == TAKEN:
        return Fate.TAKEN
    if "error" in result:
        raise RefusedError(f"OpenSearch refuses {result['_id']!r}: {result['error'].get('reason')}.")
    return Fate.DONE


def encoded(body: object) -> str:
    """JSON for the cluster. Raises RefusedError when there is none of a value."""
    try:
        text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
        text.encode()
    except (TypeError, ValueError) as error:
        raise RefusedError(f"OpenSearch takes no value like this: {error}.") from error
    return text
