"""What a version in a cluster is asked for is read once, and what is soon asked for at once."""

import json
from collections.abc import Iterator

import pytest
from building import document, indexed
from opensearchpy.exceptions import SerializationError

from qa_service.domain.address import Address
from qa_service.store.opensearch import snapshot as reading
from qa_service.store.opensearch.engine import Engine
from qa_service.store.opensearch.reading_json import Quick
from qa_service.store.opensearch.store import OpenSearchStore

NAMES = ("dam", "gauge", "lock", "quay", "weir")


@pytest.fixture
def store(address: Address) -> Iterator[OpenSearchStore]:
    store = OpenSearchStore(Engine(address), "rules")
    store.publish([indexed(document(f"The {name} was finished in 1950.", id=name)) for name in NAMES])
    yield store
    store.close()


def cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(*_: object, **__: object) -> None:
        pytest.fail("the cluster was asked")

    monkeypatch.setattr(Engine, "_sent", nobody)


@pytest.mark.opensearch
def test_documents_that_were_foreseen_are_not_asked_for(
    store: OpenSearchStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = [number for number, _ in store.snapshot().everything()]
    found = store.snapshot()
    passages = found.passages(numbers[:3])
    found.foresee_documents(numbers[:3])
    cut_off(monkeypatch)
    ids = [one.document_id for one in passages.values()]
    assert [found.text(one) for one in ids] == [f"The {one} was finished in 1950." for one in ids]
    assert all(found.annotations(one) is not None for one in ids)
    found.foresee_documents([*numbers[:3], 7])  # nothing is known of the last one


@pytest.mark.opensearch
def test_the_first_ids_of_many_are_read_once(store: OpenSearchStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "KEPT_IDS", 4)
    monkeypatch.setattr(reading, "PAGE", 2)
    found = store.snapshot()
    assert tuple(found.ids()) == NAMES
    with monkeypatch.context() as patched:
        cut_off(patched)
        first = found.ids()
        assert [next(first), next(first)] == ["dam", "gauge"]
    assert next(first) == "lock"


@pytest.mark.parametrize(
    "text",
    [
        '{"a": [1, 2.5, null, "ä"]}',
        '"\\ud800"',
        '{"a": "\\udc00 b"}',
        '{"n": NaN}',
        "[1e400]",
        "[123456789012345678901]",
    ],
)
def test_json_of_the_cluster_is_what_python_reads(text: str) -> None:
    assert repr(Quick().loads(text)) == repr(json.loads(text))


def test_what_is_no_json_is_told() -> None:
    with pytest.raises(SerializationError):
        Quick().loads("{no")
