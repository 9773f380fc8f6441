"""What publishes leave behind: rows of one that came to no end, and rows that nobody reads any more."""

from collections.abc import Sequence
from dataclasses import replace

from qa_service.domain.errors import StoreError
from qa_service.store.opensearch import counts, documents, passages
from qa_service.store.opensearch.bulk import Found, Write
from qa_service.store.opensearch.engine import Engine
from qa_service.store.opensearch.failures import AbsentError, ConflictError
from qa_service.store.opensearch.lease import Turn
from qa_service.store.opensearch.state import CURRENT, NAME, Standing, State
from qa_service.store.opensearch.versions import OPEN, Query, View, term

TOLD = 100  # publishes that came to no end, whose late writes nobody sees
ORDER = {documents.NAME: ["since", "id"], passages.NAME: ["number"], counts.NAME: ["since", "name"]}


def begun(engine: Engine, standing: Standing, turn: Turn) -> tuple[State, Found | None]:
    """The state that a publish begins from, and its document, once what came to no end is undone.

    Whoever took part in that cannot publish any more: the document that it would write over has changed.
    """
    state, found = standing.found()
    undone = [one for one in turn.unfinished if one != state.position]
    if not undone:
        return state, found
    told = tuple(dict.fromkeys((*state.undone, *undone)))[-TOLD:]
    put(engine, replace(state, undone=told), found)
    _undo(engine, undone)
    return standing.found()


def put(engine: Engine, state: State, over: Found | None) -> None:
    """Make this the store's state. Raises StoreError when somebody else has changed it."""
    try:
        if over is None:
            engine.create(NAME, CURRENT, state.body)
        else:
            engine.put(NAME, CURRENT, state.body, over)
    except ConflictError as error:
        try:
            there = engine.get(NAME, CURRENT)["_source"]
        except AbsentError:
            there = {}
        if not there or State.of(there) != state:  # else it is a try of ours that seemed lost
            raise StoreError("Another process has published meanwhile: try again.") from error


def _undo(engine: Engine, undone: Sequence[int]) -> None:
    """What these publishes wrote goes, what they ended is there again."""
    _drop(engine, term("since", *undone))
    for name, order in ORDER.items():
        ended = engine.pages(
            name, {"query": term("until", *undone), "sort": order, "seq_no_primary_term": True}
        )
        engine.bulk(name, [_open_again(name, found) for found in ended])
        engine.refresh(name)


def _open_again(name: str, found: Found) -> Write:
    if name == passages.NAME:
        return Write("index", found["_id"], passages.ended(found["_source"], OPEN), found)
    return Write("update", found["_id"], {"doc": {"until": OPEN}}, found)


def purge(engine: Engine, before: State, after: State) -> None:
    """Delete what only readers of versions below the floor would see."""
    if after.floor > before.floor:
        _drop(engine, View(after.floor, after.undone).ended)


def _drop(engine: Engine, query: Query) -> None:
    """Delete rows, and the originals of documents among them."""
    keys = [found["_id"] for found in engine.every(documents.NAME, query, ["since", "id"])]
    engine.bulk(documents.ORIGINALS, (Write("delete", one) for one in keys))
    for name in ORDER:
        engine.remove(name, query)
