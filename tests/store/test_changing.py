"""One publish into SQLite: the rows it leaves, what a follower is told, and what is remembered of it."""

from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from building import document, indexed
from samples import RICH, one

from qa_service.domain.directory import EntryKind
from qa_service.domain.ports import IndexedDocument, IndexedPassage, Moment
from qa_service.domain.sounds import sound
from qa_service.store import changing, tally
from qa_service.store.engine import sqlite3
from qa_service.store.ledger import Ledger
from qa_service.store.sqlite import SqliteStore


@pytest.fixture
def store(path: Path) -> Iterator[SqliteStore]:
    with closing(SqliteStore(path, "rules")) as store:
        yield store


class Told:
    """A follower that writes down what it is told."""

    def __init__(self) -> None:
        self.said: list[object] = []

    def removed(self, document_id: str) -> None:
        self.said.append(("removed", document_id))

    def added(self, document_id: str, passages: Iterable[tuple[int, IndexedPassage]]) -> None:
        self.said.append(("added", document_id, [number for number, _ in passages]))

    def keep(self, moment: Moment) -> None:
        self.said.append(moment)

    def forget(self) -> None:
        self.said.append("forget")


def rows(path: Path, table: str, what: str = "count(*)") -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.execute(f"SELECT {what} FROM {table} ORDER BY 1"))  # noqa: S608 - ours


def test_a_follower_is_told_what_comes_and_goes_and_then_the_moment(store: SqliteStore) -> None:
    first, second = Told(), Told()
    store.publish([one("a"), one("b")], follower=first)
    before = store.moment()
    store.publish([one("a", "Another text.")], removed=["b", "none"], follower=second)

    assert first.said == [("added", "a", [1]), ("added", "b", [2]), before]
    assert second.said == [("removed", "b"), ("removed", "a"), ("added", "a", [3]), store.moment()]


def test_a_follower_of_a_publish_that_fails_forgets_it(store: SqliteStore) -> None:
    def failing() -> Iterator[object]:
        yield one("a")
        raise KeyError

    told = Told()
    with pytest.raises(KeyError):
        store.publish(failing(), follower=told)  # type: ignore[arg-type]

    assert told.said == [("added", "a", [1]), "forget"]


def test_numbers_of_passages_are_never_given_twice(store: SqliteStore, path: Path) -> None:
    store.publish([one("a")])
    store.publish([], removed=["a"])
    store.publish([one("b"), one("c")])

    assert rows(path, "passages", "number, document_id") == [(2, "b"), (3, "c")]


def test_what_changed_since_a_moment_is_told_each_once_and_in_order(store: SqliteStore) -> None:
    empty = store.moment()
    store.publish([one("c")])
    before = store.moment()
    store.publish([one("b"), one("a"), one("b", "Another text.")], removed=["c"])

    assert store.changed_since(before) == ("a", "b", "c")
    assert store.changed_since(store.moment()) == ()
    assert store.changed_since(empty) is None


def test_a_moment_of_another_history_is_not_known(store: SqliteStore) -> None:
    store.publish([one("a")])
    there = store.moment()

    assert store.changed_since(Moment(there.version, there.position, "another")) is None
    assert store.changed_since(Moment(there.version, there.position + 1, there.mark)) is None


def test_each_publish_that_changes_something_has_a_mark_of_its_own(store: SqliteStore) -> None:
    store.publish([one("a")])
    first = store.moment()
    store.publish([], notes={"note": "nothing changed"})
    same = store.moment()
    store.publish([one("b")])
    other = store.moment()

    assert len(first.mark) == 16
    assert int(first.mark, 16) >= 0
    assert same == first
    assert other.mark != first.mark
    assert other.position == first.position + 1


def test_changes_that_are_long_ago_are_forgotten(
    store: SqliteStore, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changing, "KEPT_CHANGES", 2)
    moments = []
    for name in "abcd":
        store.publish([one(name)])
        moments.append(store.moment())
    store.publish([one("e")])

    assert rows(path, "changes", "position") == [(4,), (5,)]
    assert store.changed_since(moments[3]) == ("e",)
    assert store.changed_since(moments[2]) is None


def test_what_is_removed_is_counted_no_more(store: SqliteStore, path: Path) -> None:
    store.publish([RICH, one("a")])
    assert rows(path, "stems") != [(0,)]
    store.publish([], removed=[RICH.document.id, "a"])

    for table in ("documents", "originals", "passages", "stems", "entries"):
        assert rows(path, table) == [(0,)], table
    assert store.snapshot().size.terms == 0


def test_of_two_that_hold_a_word_the_other_is_still_counted(store: SqliteStore) -> None:
    store.publish([one("a"), one("b", "The dam is old. The dam leaks.")])
    both = store.snapshot().holding("dam")
    store.publish([], removed=["a"])
    left = store.snapshot().holding("dam")

    assert (both.passages, both.sentences) == (2, 3)
    assert (left.passages, left.sentences) == (1, 2)


def test_a_document_takes_the_place_of_those_with_its_id_or_origin(store: SqliteStore) -> None:
    store.publish([one("a", origin="file:///one"), one("b", origin="file:///two"), one("c")])
    store.publish([indexed(document("# Weir", "It is new.", id="a"), origin="file:///two")])

    assert list(store.snapshot().ids()) == ["a", "c"]
    assert store.origins()["file:///two"] == "a"


def test_sounds_are_kept_with_the_words(store: SqliteStore, path: Path) -> None:
    store.publish([one("a", "The commission met.")])

    assert ("commiss", sound("commiss")) in rows(path, "stems", "stem, sound")


def test_a_word_that_comes_and_goes_in_one_publish_leaves_nothing(store: SqliteStore, path: Path) -> None:
    store.publish([one("a", "A sluice is there."), one("a", "It is old.")])

    assert ("sluic",) not in rows(path, "stems", "stem")
    assert ("old",) in rows(path, "stems", "stem")


def named(name: str, **counts: int) -> IndexedDocument:
    """A document that brings these values of one key, so many times each."""
    found = {(EntryKind.SURFACE, "dam", value): count for value, count in counts.items()}
    return replace(one(name), entries=found)


def test_entries_are_counted_over_documents_and_go_with_the_last(store: SqliteStore, path: Path) -> None:
    store.publish([named("a", Dam=2, dams=1), named("b", Dam=1)])
    assert rows(path, "entries", "value, count") == [("Dam", 3), ("dams", 1)]

    store.publish([], removed=["a"])
    assert rows(path, "entries", "value, count") == [("Dam", 1)]
    store.publish([], removed=["b"])
    assert rows(path, "entries") == [(0,)]


def test_counts_that_are_written_on_the_way_are_the_same(
    store: SqliteStore, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of many documents, they are written before memory is full."""
    many = [named("a", Dam=2), one("b", "The dam is old. The dam leaks."), one("c", "A weir is there.")]
    store.publish(many)
    monkeypatch.setattr(tally, "FULL", 1)
    with closing(SqliteStore(tmp_path / "other.db", "rules")) as other:
        other.publish(many)
        assert other.version() == store.version()

    for table in ("stems", "entries"):
        assert rows(tmp_path / "other.db", table, "*") == rows(path, table, "*")


def test_a_word_that_a_passage_only_stands_under_is_counted(store: SqliteStore) -> None:
    made = one("a", "It is old.")
    passages = tuple(replace(passage, context=("sluice",)) for passage in made.passages)
    store.publish([replace(made, passages=passages)])
    held = store.snapshot().holding("sluice")

    assert (held.passages, held.sentences) == (1, 0)


@pytest.mark.parametrize(("full", "written"), [(1, ["dam"]), (2, [])])
def test_counts_are_written_when_they_are_too_many_to_hold(
    store: SqliteStore, path: Path, monkeypatch: pytest.MonkeyPatch, full: int, written: list[str]
) -> None:
    monkeypatch.setattr(tally, "FULL", full)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        Ledger(connection, {}).passage(["dam"], [["dam"]], 1)

    assert [stem for (stem,) in rows(path, "stems", "stem")] == written
