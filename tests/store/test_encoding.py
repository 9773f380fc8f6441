from dataclasses import is_dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qa_service.domain import annotation, document, passage
from qa_service.domain.annotation import Annotations
from qa_service.domain.document import Block, BlockKind, SourceMap
from qa_service.domain.errors import StoreError
from qa_service.store.encoding import dump, load, remembered

# Held in columns of their own: bytes are no JSON.
NOT_ENCODED = {document.Original, document.Ingested}
ENCODED = [
    value
    for module in (annotation, document, passage)
    for value in vars(module).values()
    if is_dataclass(value) and value.__module__ == module.__name__ and value not in NOT_ENCODED
]

# What may be any sequence is made a tuple, as it is by ingest.
MADE = {
    document.Document: st.builds(
        document.Document,
        blocks=st.lists(st.from_type(Block)).map(tuple),
        pages=st.lists(st.from_type(document.PageStart)).map(tuple),
    ),
    passage.Passage: st.builds(
        passage.Passage, sentences=st.lists(st.from_type(passage.Sentence)).map(tuple)
    ),
}


@pytest.mark.parametrize("kind", ENCODED, ids=lambda kind: kind.__name__)
@given(data=st.data())
@settings(max_examples=10, suppress_health_check=[HealthCheck.too_slow])
def test_what_is_dumped_is_loaded_equal(kind: type, data: st.DataObject) -> None:
    value = data.draw(MADE.get(kind, st.from_type(kind)))
    assert load(kind, dump(value)) == value
    assert dump(load(kind, dump(value))) == dump(value)


@pytest.mark.parametrize("kind", [tuple[Block, ...], tuple[str, ...], Annotations, SourceMap])
def test_a_dataclass_is_the_list_of_its_fields(kind: type) -> None:
    block = Block(kind=BlockKind.HEADING, start=0, end=4, level=2)
    assert dump((block,)) == '[["heading",0,4,2]]'
    assert load(tuple[Block, ...], '[["heading",0,4,2]]') == (block,)


def test_text_stays_readable() -> None:
    assert dump(("Curaçao 🌊",)) == '["Curaçao 🌊"]'


def test_a_value_of_another_shape_is_refused() -> None:
    with pytest.raises(StoreError, match="other types"):
        load(Block, '["heading",0,4]')


@pytest.mark.parametrize("damaged", ["1'9", "", "-"])
def test_a_number_that_is_damaged_is_told(damaged: str) -> None:
    with pytest.raises(StoreError, match="position is damaged"):
        remembered({"position": damaged}, "position")
    assert remembered({}, "position") == 0
