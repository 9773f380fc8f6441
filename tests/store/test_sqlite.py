import multiprocessing
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from functools import partial
from itertools import permutations
from pathlib import Path

import pytest
from building import at_once, document, indexed, repeated_beside
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shelving import contents

from qa_service.domain.annotation import Annotations, Event, Mention, Precision
from qa_service.domain.document import BlockKind, PageStart
from qa_service.domain.errors import MovedError, NotFoundError, StoreError
from qa_service.domain.ports import IndexedDocument
from qa_service.store.migrating import SCHEMA
from qa_service.store.sqlite import SqliteStore

RULES = "rules 1"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "store.db"


@pytest.fixture
def store(path: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(path, RULES)
    yield store
    store.close()


def one(name: str = "one", text: str = "The dam holds the water.", **values: object) -> IndexedDocument:
    return indexed(document("# Water", text, id=name), **values)


RICH = indexed(
    document(
        (BlockKind.TITLE, "Łow wåter — 低水"),
        (BlockKind.BYLINE, "By Ingrid Vale"),
        "# Über den Fluß",
        "The “Skarn” 🌊 rises in the U.S. It fell by 3.5%. N\u0303o co\u0308mbining? \u202eRight to left.",
        "- A list item\u00a0with a no-break space and a 'quote'; DROP TABLE documents; --",
        id="rich:1/ü",
        title="Łow wåter — 低水",
        author="I. Vale",
        published="2017-04",
        publisher="Review",
        url="https://example.org/?a=1&b=2",
        language="en-GB",
        based_on="another work",
        pages=(PageStart(start=0, number=3), PageStart(start=20, number=4)),
    ),
    mentions=(Mention(start=0, end=3, actor="Łow"),),
    events=(
        Event(
            start=0,
            end=10,
            date_start=2,
            date_end=4,
            first="2017-01-01",
            last="2017-12-31",
            precision=Precision.YEAR,
            modifier="early",
        ),
    ),
)


def test_an_empty_store_has_no_version_and_no_contents(store: SqliteStore) -> None:
    assert store.version() == ""
    assert contents(store.snapshot()).documents == ()
    assert not store.stale()
    assert store.known_sources() == {}


def test_what_is_published_is_read_back_equal(store: SqliteStore) -> None:
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
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_any_text_is_read_back_equal(store: SqliteStore, texts: list[str], found: Annotations) -> None:
    item = replace(indexed(document(*texts)), annotations=found)
    store.publish([item])
    seen = contents(store.snapshot())
    assert seen.documents == (item.document,)
    assert seen.passages == tuple(one.passage for one in item.passages)
    assert seen.annotations == {item.document.id: found}


def test_passages_come_in_the_order_of_document_and_text(store: SqliteStore) -> None:
    long = " ".join(f"The dam number {number} holds the water of the upper valley." for number in range(300))
    store.publish([one("b", long), one("a", long)])
    order = [(item.document_id, item.ordinal) for item in contents(store.snapshot()).passages]
    assert order == sorted(order)
    assert len(order) > 20


def test_a_document_is_replaced_by_its_id(store: SqliteStore) -> None:
    store.publish([one("a", "Old."), one("b")])
    store.publish([one("a", "New.", origin="/elsewhere")])
    texts = {item.id: item.text for item in contents(store.snapshot()).documents}
    assert texts == {"a": "Water\n\nNew.", "b": one("b").document.text}
    assert {item.document_id for item in contents(store.snapshot()).passages} == {"a", "b"}


def test_a_document_is_replaced_by_its_origin(store: SqliteStore) -> None:
    store.publish([one("old", "Old.", origin="/file.txt"), one("b")])
    store.publish([one("new", "New.", origin="/file.txt")])
    assert [item.id for item in contents(store.snapshot()).documents] == ["b", "new"]
    with pytest.raises(NotFoundError):
        store.original("old")


def test_a_document_that_is_removed_leaves_nothing(store: SqliteStore, path: Path) -> None:
    store.publish([one("a"), one("b")])
    store.publish((), removed=["a", "never there"])
    assert [item.id for item in contents(store.snapshot()).documents] == ["b"]
    assert {item.document_id for item in contents(store.snapshot()).passages} == {"b"}
    store.publish((), removed=["b"])
    with sqlite3.connect(path) as connection:
        for table in ("documents", "originals", "passages", "stems", "entries"):
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)  # noqa: S608
    connection.close()


def test_an_unknown_document_is_not_found(store: SqliteStore) -> None:
    with pytest.raises(NotFoundError, match="nobody"):
        store.original("nobody")


def test_equal_contents_have_equal_versions_however_they_came_about(tmp_path: Path) -> None:
    items = [one("a"), one("b", "Two."), RICH]
    versions = set()
    for number, order in enumerate(permutations(items)):
        made = SqliteStore(tmp_path / f"{number}.db", RULES)
        made.publish([one("passing", "Gone soon."), order[0]])
        made.publish(order[1:], removed=["passing"])
        versions.add(made.version())
        made.close()
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


@pytest.mark.parametrize("what", CHANGES)
def test_any_change_gives_another_version(store: SqliteStore, what: str) -> None:
    before = store.publish([one()])
    assert store.publish([one()]) == before
    after = store.publish([CHANGES[what]], removed=["one"])
    assert after != before
    assert store.publish([one()], removed=[CHANGES[what].document.id]) == before


def test_other_rules_give_another_version_and_a_stale_store(store: SqliteStore, path: Path) -> None:
    before = store.publish([one()])
    other = SqliteStore(path, "rules 2")
    assert other.stale()
    assert not store.stale()
    assert other.publish([one()]) != before
    assert not other.stale()
    assert store.stale()
    other.close()


def test_notes_are_remembered_with_the_version(store: SqliteStore, path: Path) -> None:
    assert store.note("sources") == ""
    store.publish([one()], notes={"sources": "abc"})
    store.publish([], notes={"other": "def"})
    again = SqliteStore(path, RULES)
    assert (again.note("sources"), again.note("other"), again.note("none")) == ("abc", "def", "")
    again.close()


def test_another_connection_sees_a_new_version_on_its_next_call(store: SqliteStore, path: Path) -> None:
    other = SqliteStore(path, RULES)
    for number in range(3):
        version = store.publish([one(text=f"Text number {number}.")])
        assert other.version() == version
        assert store.version() == version
        assert contents(other.snapshot()).version == version
        version = other.publish([one("mine", f"Text number {number}.")])
        assert store.version() == version
    other.close()


def test_an_error_while_publishing_leaves_the_version_before(store: SqliteStore, path: Path) -> None:
    before = store.publish([one("a"), one("b")])
    whole = contents(store.snapshot())

    def breaking() -> Iterator[IndexedDocument]:
        yield one("a", "Changed.")
        raise RuntimeError("the reader broke")

    with pytest.raises(RuntimeError, match="the reader broke"):
        store.publish(breaking(), removed=["b"], notes={"sources": "new"})
    other = SqliteStore(path, RULES)
    for seen in (store, other):
        assert seen.version() == before
        assert contents(seen.snapshot()) == whole
        assert seen.note("sources") == ""
    other.close()
    assert store.publish([one("c")]) != before  # and it can still be written


def _publish(path: str, name: str, times: int, barrier: "threading.Barrier") -> None:
    barrier.wait()
    store = SqliteStore(Path(path), RULES)
    for number in range(times):
        store.publish([one(f"{name}{number}", f"Text {number} of {name}.")])
    store.close()


def test_two_processes_publish_at_once_into_a_store_that_is_not_there_yet(path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    barrier = spawn.Barrier(2)
    processes = [spawn.Process(target=_publish, args=(str(path), name, 5, barrier)) for name in ("a", "b")]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0, 0]
    store = SqliteStore(path, RULES)
    assert len(contents(store.snapshot()).documents) == 10
    store.close()


def test_threads_open_a_new_store_at_once(path: Path) -> None:
    def open_and_publish(number: int) -> None:
        made = SqliteStore(path, RULES)
        made.publish([one(f"t{number}")])
        made.close()

    with at_once([partial(open_and_publish, number) for number in range(6)]):
        pass
    store = SqliteStore(path, RULES)
    assert len(contents(store.snapshot()).documents) == 6
    store.close()


def test_a_reader_sees_one_version_or_the_next_whole(store: SqliteStore, path: Path) -> None:
    editions = [[one("a", f"{word} a."), one("b", f"{word} b.")] for word in ("Red", "Blue", "Green")]
    whole = {store.publish(edition): {item.document for item in edition} for edition in editions}
    reader = SqliteStore(path, RULES)
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
        for number in range(30):
            store.publish(editions[number % 3])
    assert seen <= whole.keys()
    assert len(seen) > 1
    reader.close()


def still(store: SqliteStore) -> set[str]:
    """The ids of a store that others publish into; a version that has passed is read again."""
    while True:
        with suppress(MovedError):
            return set(store.snapshot().ids())


def test_one_store_is_shared_between_threads(store: SqliteStore) -> None:
    def work(number: int) -> None:
        for turn in range(10):
            store.publish([one(f"t{number}", f"Turn {turn}.")])
            assert f"t{number}" in still(store)
            assert store.original(f"t{number}").data.endswith(f"Turn {turn}.".encode())

    with at_once([partial(work, number) for number in range(4)]):
        pass


def refused(path: Path) -> str:
    with pytest.raises(StoreError) as caught:
        SqliteStore(path, RULES)
    assert str(path) in str(caught.value)
    assert "QA_STORE" in str(caught.value)
    return str(caught.value)


def test_a_store_of_another_schema_is_refused(path: Path) -> None:
    SqliteStore(path, RULES).close()
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version={SCHEMA + 1}")
    connection.close()
    assert f"schema {SCHEMA + 1}" in refused(path)


def test_a_database_of_somebody_else_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "photos.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE photos (id)")
    connection.close()
    before = path.read_bytes()
    refused(path)
    assert path.read_bytes() == before


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("These are notes, and no database. " * 100, encoding="utf-8")
    before = path.read_bytes()
    refused(path)
    assert path.read_bytes() == before


def test_a_folder_a_missing_place_and_a_file_as_folder_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("", encoding="utf-8")
    refused(tmp_path)
    refused(file / "store.db")
    refused(Path("/proc/nowhere/store.db"))


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write everywhere")
def test_a_folder_that_may_not_be_written_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o555)
    try:
        refused(tmp_path / "store.db")
    finally:
        tmp_path.chmod(0o755)


def test_a_store_damaged_while_it_is_open_is_reported(store: SqliteStore, path: Path) -> None:
    store.publish([RICH])
    with sqlite3.connect(path) as connection:
        connection.execute("DROP TABLE passages")
    connection.close()
    with pytest.raises(StoreError, match="QA_STORE"):
        contents(store.snapshot())


def test_a_value_that_is_not_what_was_stored_is_reported(store: SqliteStore, path: Path) -> None:
    store.publish([RICH])
    for damaged in ("[1", "[1]", "{}"):
        with sqlite3.connect(path) as connection:
            connection.execute("UPDATE documents SET annotations = ?", [damaged])
        connection.close()
        with pytest.raises(StoreError, match="damaged"):
            contents(store.snapshot())


def test_a_store_whose_file_is_replaced_is_read_from_the_new_one(
    store: SqliteStore, path: Path, tmp_path: Path
) -> None:
    store.publish([one("a")])
    assert set(store.snapshot().ids()) == {"a"}
    other = SqliteStore(tmp_path / "backup.db", RULES)
    version = other.publish([one("b")])
    other.close()
    for name in ("-wal", "-shm"):
        path.with_name(path.name + name).unlink(missing_ok=True)
    (tmp_path / "backup.db").replace(path)
    assert store.version() == version
    assert set(store.snapshot().ids()) == {"b"}
