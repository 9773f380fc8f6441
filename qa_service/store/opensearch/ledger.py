"""What the changes of one publish add up to, into the rows of the cluster."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from qa_service.store.opensearch import counts
from qa_service.store.opensearch.bulk import Found, Write
from qa_service.store.opensearch.counts import Counted
from qa_service.store.opensearch.engine import Engine
from qa_service.store.opensearch.versions import View, term
from qa_service.store.tally import Tally

TOGETHER = 5000  # rows that are read at once

Deltas = Mapping[Counted, tuple[int, int]]  # by how much its count changes, and its passages


def write(engine: Engine, view: View, tally: Tally) -> None:
    """Put what was counted into the rows at the position of ``view``, which is being written."""
    deltas = _deltas(tally)
    if deltas:
        engine.refresh(counts.NAME)
    for some in _portions(deltas):
        engine.bulk(counts.NAME, _changed(engine, view, some))
    tally.taken()


def _deltas(tally: Tally) -> Deltas:
    stems = {
        Counted.stem(stem): (tally.sentences[stem], tally.passages[stem])
        for stem in {**tally.passages, **tally.sentences}
    }
    entries = {Counted.entry(entry): (count, count) for entry, count in tally.entries.items()}
    return {counted: both for counted, both in {**stems, **entries}.items() if any(both)}


def _portions(deltas: Deltas) -> Iterator[Deltas]:
    left = iter(deltas.items())
    while some := dict(islice(left, TOGETHER)):
        yield some


def _changed(engine: Engine, view: View, deltas: Deltas) -> Iterable[Write]:
    """The row that counts now ends here, and one of the new count begins."""
    named = {counted.name: counted for counted in deltas}
    query = view.query(term("name", *named))
    found = {row["_source"]["name"]: row for row in _rows(engine, query)}
    for name, counted in named.items():
        row = found.get(name)
        yield from _begun(view, counted, deltas[counted], row)
        if row is not None and row["_source"]["since"] != view.position:
            yield Write("update", row["_id"], {"doc": {"until": view.position}}, row)


def _begun(view: View, counted: Counted, delta: tuple[int, int], row: Found | None) -> Iterable[Write]:
    before = row["_source"] if row is not None else {"count": 0, "passages": 0, "since": 0}
    count, passages = before["count"] + delta[0], before["passages"] + delta[1]
    key = f"{counted.name}-{view.position}"
    if passages > 0:
        yield Write("index", key, counts.body(counted, count, passages, view.position))
    elif before["since"] == view.position:
        yield Write("delete", key)


def _rows(engine: Engine, query: Mapping[str, object]) -> list[Found]:
    body = {"query": query, "size": TOGETHER, "seq_no_primary_term": True, "track_total_hits": False}
    rows: list[Found] = engine.search(counts.NAME, body)["hits"]["hits"]
    return rows
