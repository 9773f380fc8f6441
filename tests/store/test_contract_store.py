"""What every store does with documents: SQLite's and OpenSearch's alike."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from functools import partial
from itertools import permutations

import pytest
from building import ANALYSER, COMMENTARY, at_once, document, indexed, repeated_beside
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from machines import Processes
from samples import RICH, one
from shelving import MemorySnapshot, contents

from qa_service.annotate.aliases import load_aliases
from qa_service.deriving import Deriving
from qa_service.domain.annotation import Annotations
from qa_service.domain.directory import EntryKind
from qa_service.domain.document import PageStart, Rejected
from qa_service.domain.errors import MovedError, NotFoundError
from qa_service.domain.ports import Holding, IndexedDocument, Size
from qa_service.domain.sounds import sound
from qa_service.indexing import PublishingStore
from qa_service.ingest import Limits, read
from qa_service.settings import load
from qa_service.understand.spelling import Spelling


@pytest.fixture
def store(machine: Processes) -> PublishingStore:
    return machine().store()


def test_an_empty_store_has_no_version_and_no_contents(store: PublishingStore) -> None:
    assert store.version() == ""
    assert contents(store.snapshot()).documents == ()
    assert not store.stale()
    assert store.known_sources() == {}


def test_what_is_published_is_read_back_equal(store: PublishingStore) -> None:
    added = [one("b"), RICH, one("a", "Another text. With two sentences.")]
    version = store.publish(added)
    found = contents(store.snapshot())
    assert found.version == version == store.version()
    expected = sorted(added, key=lambda item: item.document.id)
    assert list(found.documents) == [item.document for item in expected]
    indexed_passages = [one for item in expected for one in item.passages]
    assert list(found.passages) == [one.passage for one in indexed_passages]
    assert [one.terms for one in found.ranked] == [one.terms for one in indexed_passages]
    assert found.annotations == {item.document.id: item.annotations for item in expected}
    for item in added:
        assert store.original(item.document.id) == item.original
    assert store.known_sources() == {item.original.sha256: item.document.id for item in added}


@given(
    st.lists(
        st.text(st.characters(exclude_categories=("Cs", "Zl", "Zp"), exclude_characters="\n"), min_size=1)
        .map(str.strip)
        .filter(bool),
        min_size=1,
        max_size=4,
    ),
    st.from_type(Annotations),
)
@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_any_text_is_read_back_equal(store: PublishingStore, texts: list[str], found: Annotations) -> None:
    item = replace(indexed(document(*texts)), annotations=found)
    store.publish([item])
    seen = contents(store.snapshot())
    assert seen.documents == (item.document,)
    assert seen.passages == tuple(one.passage for one in item.passages)
    assert seen.annotations == {item.document.id: found}


def test_passages_come_in_the_order_of_document_and_text(store: PublishingStore) -> None:
    long = " ".join(f"The dam number {number} holds the water of the upper valley." for number in range(300))
    store.publish([one("b", long), one("a", long)])
    order = [(item.document_id, item.ordinal) for item in contents(store.snapshot()).passages]
    assert order == sorted(order)
    assert len(order) > 20


def test_a_document_is_replaced_by_its_id(store: PublishingStore) -> None:
    store.publish([one("a", "Old."), one("b")])
    store.publish([one("a", "New.", origin="/elsewhere")])
    texts = {item.id: item.text for item in contents(store.snapshot()).documents}
    assert texts == {"a": "Water\n\nNew.", "b": one("b").document.text}
    assert {item.document_id for item in contents(store.snapshot()).passages} == {"a", "b"}


def test_a_document_is_replaced_by_its_origin(store: PublishingStore) -> None:
    store.publish([one("old", "Old.", origin="/file.txt"), one("b")])
    store.publish([one("new", "New.", origin="/file.txt")])
    assert [item.id for item in contents(store.snapshot()).documents] == ["b", "new"]
    with pytest.raises(NotFoundError):
        store.original("old")


def test_a_document_that_is_removed_leaves_nothing(store: PublishingStore) -> None:
    store.publish([one("a"), one("b")])
    store.publish((), removed=["a", "never there"])
    assert [item.id for item in contents(store.snapshot()).documents] == ["b"]
    assert {item.document_id for item in contents(store.snapshot()).passages} == {"b"}
    store.publish((), removed=["b"])
    found = store.snapshot()
    assert (found.size, list(found.ids()), list(found.everything())) == (Size(), [], [])
    assert (found.holding("dam"), found.sounding("dam"), found.like("dams")) == (Holding(), None, [])
    assert (found.document("b"), found.text("b"), found.annotations("b")) == (None, None, None)
    assert (found.passages_of("b"), list(found.starts("b"))) == ((), [])
    assert store.known_sources() == store.origins() == {}


def test_an_unknown_document_is_not_found(store: PublishingStore) -> None:
    with pytest.raises(NotFoundError, match="nobody"):
        store.original("nobody")


def test_equal_contents_have_equal_versions_however_they_came_about(machine: Processes) -> None:
    items = [one("a"), one("b", "Two."), RICH]
    store = machine().store()
    versions = set()
    for order in list(permutations(items))[::2]:
        store.publish([one("passing", "Gone soon."), order[0]])
        versions.add(store.publish(order[1:], removed=["passing"]))
        store.publish((), removed=[item.document.id for item in items])
    assert len(versions) == 1


CHANGES = {
    "text": indexed(document("# Water", "The dam holds no water.", id="one")),
    "blocks": indexed(document("Water", "The dam holds the water.", id="one")),
    "pages": indexed(
        replace(one().document, pages=(PageStart(start=0, number=2),)),
    ),
    "id": one("two"),
} | {
    name: indexed(replace(one().document, **{name: "2017"}))
    for name in ("title", "author", "published", "publisher", "url", "language", "based_on")
}


def test_any_change_gives_another_version(store: PublishingStore) -> None:
    before = store.publish([one()])
    assert store.publish([one()]) == before
    versions = {what: store.publish([changed], removed=["one", "two"]) for what, changed in CHANGES.items()}
    assert len({before, *versions.values()}) == 1 + len(CHANGES)
    assert store.publish([one()], removed=["two"]) == before


def test_other_rules_give_another_version_and_a_stale_store(
    store: PublishingStore, machine: Processes
) -> None:
    before = store.publish([one()])
    other = machine().store("rules 2")
    assert other.stale()
    assert not store.stale()
    assert other.publish([one()]) != before
    assert not other.stale()
    assert store.stale()


def test_notes_are_remembered_with_the_version(store: PublishingStore, machine: Processes) -> None:
    assert store.note("sources") == ""
    store.publish([one()], notes={"sources": "abc"})
    store.publish([], notes={"other": "def"})
    again = machine().store()
    assert (again.note("sources"), again.note("other"), again.note("none")) == ("abc", "def", "")


def test_another_connection_sees_a_new_version_on_its_next_call(
    store: PublishingStore, machine: Processes
) -> None:
    other = machine().store()
    for number in range(3):
        version = store.publish([one(text=f"Text number {number}.")])
        assert other.version() == version
        assert store.version() == version
        assert contents(other.snapshot()).version == version
        version = other.publish([one("mine", f"Text number {number}.")])
        assert store.version() == version


def test_an_error_while_publishing_leaves_the_version_before(
    store: PublishingStore, machine: Processes
) -> None:
    before = store.publish([one("a"), one("b")])
    whole = contents(store.snapshot())

    def breaking() -> Iterator[IndexedDocument]:
        yield one("a", "Changed.")
        raise RuntimeError("the reader broke")

    with pytest.raises(RuntimeError, match="the reader broke"):
        store.publish(breaking(), removed=["b"], notes={"sources": "new"})
    other = machine().store()
    for seen in (store, other):
        assert seen.version() == before
        assert contents(seen.snapshot()) == whole
        assert seen.note("sources") == ""
    assert store.publish([one("c")]) != before  # and it can still be written


def test_a_reader_sees_one_version_or_the_next_whole(store: PublishingStore, machine: Processes) -> None:
    editions = [[one("a", f"{word} a."), one("b", f"{word} b.")] for word in ("Red", "Blue", "Green")]
    whole = {store.publish(edition): {item.document for item in edition} for edition in editions}
    reader = machine().store()
    seen: set[str] = set()

    def read() -> None:
        try:
            found = contents(reader.snapshot())
        except MovedError:  # published anew between the two steps
            return
        assert set(found.documents) == whole[found.version]
        assert reader.version() in whole
        seen.add(found.version)

    with repeated_beside(read):
        for number in range(6):
            store.publish(editions[number % 3])
    assert seen <= whole.keys()
    assert seen


def still(store: PublishingStore) -> set[str]:
    """The ids of a store that others publish into; a version that has passed is read again."""
    while True:
        with suppress(MovedError):
            return set(store.snapshot().ids())


def test_one_store_is_shared_between_threads(store: PublishingStore) -> None:
    def work(number: int) -> None:
        for turn in range(2):
            store.publish([one(f"t{number}", f"Turn {turn}.")])
            assert f"t{number}" in still(store)
            assert store.original(f"t{number}").data.endswith(f"Turn {turn}.".encode())

    with at_once([partial(work, number) for number in range(3)]):
        pass
    assert store.snapshot().size.documents == 3


def test_what_is_known_of_words_and_names_is_what_the_documents_tell(store: PublishingStore) -> None:
    deriving = Deriving(ANALYSER, load_aliases(load({}).aliases))
    items = [deriving.one(item) for item in read(COMMENTARY, Limits()) if not isinstance(item, Rejected)]
    store.publish([*items, one("passing", "The dam is gone with Halvardd.")])
    store.publish([], removed=["passing"])
    found, expected = store.snapshot(), MemorySnapshot(items)
    assert found.size == expected.size
    stems = sorted({stem for _, ranked in expected.everything() for stem in ranked.terms})
    found.foresee(stems[:-9], [(EntryKind.SURFACE, word) for word in ("norway", "oslo", "nobody")])
    assert [found.holding(stem) for stem in stems] == [expected.holding(stem) for stem in stems]
    keys = {(kind, key) for item in items for kind, key, _ in item.entries}
    assert len(keys) > 20
    for kind, key in [*sorted(keys)[::12], (EntryKind.SURFACE, "nobody")]:
        assert list(found.entries(kind, key).items()) == list(expected.entries(kind, key).items())
        assert list(found.entries(kind, key, 1).items()) == list(expected.entries(kind, key, 1).items())
    for stem in stems[::20]:
        mistyped = stem[:-1] + "q"
        assert Spelling(found).likest(mistyped) == Spelling(expected).likest(mistyped)
        assert found.sounding(sound(stem)) == expected.sounding(sound(stem))
    for item in items:
        spans = [(one.passage.start, one.passage.end) for one in item.passages]
        starts = found.starts(item.document.id)
        assert [start for start, _ in starts] == [start for start, _ in spans]
        kept = found.passages([number for _, number in starts])
        assert [(kept[number].start, kept[number].end) for _, number in starts] == spans
