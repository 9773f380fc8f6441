"""What rows tell is held against hashes that stand in them: whoever reads a bit that changed says so."""

import random
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from building import COMMENTARY, document, indexed, ingested, settings_in
from shelving import MemorySnapshot

from qa_service.domain.directory import EntryKind
from qa_service.domain.edition import Edition
from qa_service.domain.errors import IntegrityError, LostError, NotFoundError, OperatorError
from qa_service.domain.question import Message
from qa_service.search.bm25 import Bm25Searcher
from qa_service.store.engine import sqlite3
from qa_service.store.hashes import hashed
from qa_service.store.opensearch import documents, passages
from qa_service.store.opensearch.documents import StoredDocument
from qa_service.store.sqlite import SqliteStore
from qa_service.store.tally import REMEMBERED
from qa_service.wiring import Service

FLIPS = 300
SERVED = {  # what is told of a row; of meta, what decides how answers are found
    "documents": ("id", "title", "text", "sha256", "author", "blocks", "digest", "annotations"),
    "passages": ("id", "document_id", "ordinal", "start", "end", "section", "sentences", "terms"),
    "entries": ("value",),
    "originals": ("name", "media_type", "data", "source_map"),
    "answers": ("question", "history", "index_version", "answered", "body"),
    "meta": ("value",),
}
Value = str | int | bytes


@dataclass(frozen=True)
class Cell:
    """A cell that holds something."""

    table: str
    column: str
    row: int
    value: Value

    def put(self, connection: Any, value: Value) -> None:
        """Write another value; bytes are taken for a text where one stood."""
        told = "CAST(? AS TEXT)" if isinstance(self.value, str) else "?"
        sql = f'UPDATE {self.table} SET "{self.column}" = {told} WHERE rowid = ?'  # noqa: S608 - constants
        connection.execute(sql, [value, self.row])

    def flipped(self, pick: random.Random) -> Value:
        """The value with one bit changed."""
        if isinstance(self.value, int):
            return self.value ^ (1 << pick.randrange(12))
        made = bytearray(self.value if isinstance(self.value, bytes) else self.value.encode())
        made[pick.randrange(len(made))] ^= 1 << pick.randrange(8)
        return bytes(made)


@dataclass(frozen=True)
class Whole:
    """A store that holds the commentary and an answer, and what stands in it."""

    folder: Path
    asked: Mapping[EntryKind, frozenset[str]]  # keys of the directory
    answer_id: str

    @property
    def file(self) -> Path:
        return self.folder / "store.db"

    def serve(self) -> None:
        """Read all that anybody is shown, as it is read for them."""
        with closing(Service(settings_in(self.folder))) as service:
            snapshot = service.store.snapshot()
            edition = Edition(snapshot, Bm25Searcher(snapshot))
            for document_id in edition.documents:
                document = edition.proved(document_id)
                assert (edition.headed[document_id], edition.texts[document_id]) == (
                    document.title,
                    document.text,
                )
                assert edition.annotations[document_id].mentions
                assert edition.passages_of(document_id)
                assert service.store.original(document_id)
            for kind, keys in self.asked.items():
                assert all(snapshot.entries(kind, key) for key in keys)
            assert service.recording.among([self.answer_id])

    def tells(self) -> bool:
        """Whether that ends with what an operator is told."""
        try:
            self.serve()
        except OperatorError:
            return True
        return False


@pytest.fixture
def whole(tmp_path: Path) -> Whole:
    with closing(ingested(settings_in(tmp_path, QA_RECORD_ANSWERS="true"))) as service:
        answer_id = service.answering.answer(Message(text="How do Norway and Sweden differ?")).id
    keys: dict[EntryKind, set[str]] = {}
    with closing(sqlite3.connect(tmp_path / "store.db")) as connection:
        for kind, key in connection.execute("SELECT kind, key FROM entries"):
            keys.setdefault(EntryKind(kind), set()).add(key)
    return Whole(tmp_path, {kind: frozenset(found) for kind, found in keys.items()}, answer_id)


def cells(connection: Any) -> Iterator[list[Cell]]:
    """Those of each column that is served."""
    for table, columns in SERVED.items():
        where = f"WHERE key IN {REMEMBERED}" if table == "meta" else ""
        for column in columns:
            rows = connection.execute(f'SELECT rowid, "{column}" FROM {table} {where}')  # noqa: S608 - constants
            yield [Cell(table, column, row, value) for row, value in rows if value not in (None, "")]


@contextmanager
def opened(file: Path) -> Iterator[Any]:
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        yield connection


def test_each_bit_that_alters_what_is_served(whole: Whole) -> None:
    pick = random.Random(15)  # noqa: S311 - any bits
    whole.serve()
    with opened(whole.file) as connection:
        columns = list(cells(connection))
        assert all(columns)
        found: Counter[tuple[str, bool]] = Counter()
        for number in range(FLIPS):
            cell = pick.choice(columns[number % len(columns)])
            cell.put(connection, cell.flipped(pick))
            found[f"{cell.table}.{cell.column}", whole.tells()] += 1
            cell.put(connection, cell.value)
    whole.serve()
    assert {name for name, told in found if not told} == set()
    assert found.total() == FLIPS


def test_two_rows_that_changed_places(whole: Whole) -> None:
    with opened(whole.file) as connection:
        for before, after in ((1, -1), (2, 1), (-1, 2)):
            connection.execute("UPDATE passages SET number = ? WHERE number = ?", [after, before])

    with pytest.raises(IntegrityError, match="commentary"):
        whole.serve()


@pytest.mark.parametrize("place", ["first", "last"])
def test_a_row_that_is_gone(whole: Whole, place: str) -> None:
    order = {"first": "min", "last": "max"}[place]
    with opened(whole.file) as connection:
        connection.execute(f"DELETE FROM passages WHERE number = (SELECT {order}(number) FROM passages)")  # noqa: S608

    with pytest.raises(LostError, match="passages"):
        whole.serve()


def test_an_index_that_leads_to_another_row(tmp_path: Path) -> None:
    """SQLite takes the row that its index names for the one that was asked for."""
    path = tmp_path / "store.db"
    with closing(SqliteStore(path, "rules")) as store:
        store.publish([indexed(document(f"The {name} rises.", id=f"{name}-id")) for name in ("aare", "birs")])
    data = path.read_bytes()
    entry = b"birs-id\x02"  # an id and the number of its row, in the indexes of three tables
    assert data.count(entry) == 3
    path.write_bytes(data.replace(entry, b"birs-id\x01"))

    with closing(SqliteStore(path, "rules")) as store:
        snapshot = store.snapshot()
        assert snapshot.document("aare-id")
        of_documents = (snapshot.document, snapshot.title, snapshot.text, snapshot.annotations)
        for read in (*of_documents, snapshot.passages_of, store.original):
            with pytest.raises(IntegrityError, match="birs-id"):
                read("birs-id")
        with pytest.raises(LostError, match="birs-id"):
            Edition(snapshot, Bm25Searcher(MemorySnapshot([]))).passage_at("birs-id", 0)


def test_a_column_whose_name_lost_its_case(whole: Whole) -> None:
    with opened(whole.file) as connection:
        connection.execute("PRAGMA writable_schema=ON")
        connection.execute("UPDATE sqlite_master SET sql = replace(sql, '\"url\"', '\"uRl\"')")

    whole.serve()


def test_a_damaged_document_can_be_removed_and_ingested_again(whole: Whole) -> None:
    with opened(whole.file) as connection:
        connection.execute("UPDATE documents SET title = 'x', text = 'x', annotations = 'x'")
        connection.execute("UPDATE passages SET section = 'x', terms = 'x'")
    assert whole.tells()

    with closing(Service(settings_in(whole.folder))) as service:
        (document_id,) = service.store.snapshot().ids()
        service.indexing.remove(document_id)
        with pytest.raises(NotFoundError):
            service.indexing.remove(document_id)
        service.indexing.ingest([COMMENTARY])
    whole.serve()


def test_what_a_document_brought_to_the_directory(whole: Whole) -> None:
    """It is read when the document goes: others would lose names, or keep those of nobody."""
    with opened(whole.file) as connection:
        connection.execute("UPDATE documents SET entries = replace(entries, 'Norway', 'Norwaz')")
    with closing(Service(settings_in(whole.folder))) as service:
        (document_id,) = service.store.snapshot().ids()
        with pytest.raises(IntegrityError, match="commentary"):
            service.indexing.remove(document_id)


def test_a_row_of_a_cluster_may_be_older_than_hashes_are() -> None:
    (made,) = indexed(document("The dam holds.", id="dam")).passages
    row = passages.body(7, made)
    older = {name: value for name, value in row.items() if not name.endswith("hash")}
    altered = {**row, "section": "Another", "terms": "another"}

    stored = [passages.StoredPassage(one) for one in (row, older)]
    assert [one.passage for one in stored] == [made.passage] * 2
    assert stored[0].ranked == stored[1].ranked
    for part in ("passage", "ranked"):
        with pytest.raises(IntegrityError, match="dam"):
            getattr(passages.StoredPassage(altered), part)


def test_so_may_a_document_of_it() -> None:
    whole = dict(documents.body(indexed(document("The dam holds.", id="dam")), range(7, 8), 1))
    altered = {**whole, "passages": str(whole["passages"]).replace("null", '"Another"')}
    assert altered != whole
    older = {**altered}
    del older["terms"]

    assert StoredDocument(whole).ranked[7].terms == ("dam", "hold")
    with pytest.raises(IntegrityError, match="dam"):
        _ = StoredDocument(altered).passages
    assert StoredDocument(older).passages[7].section == "Another"
    assert (StoredDocument(older).is_short(999), StoredDocument(whole).is_short(999)) == (False, True)
    assert not StoredDocument(whole).is_short(9)


def test_a_hash_is_what_a_release_wrote_into_stores() -> None:
    """One that is made in another way finds every store damaged."""
    assert hashed(7, "annual", "3") == "bb3a041f0579abfb"
    assert hashed("7annual3") != hashed(7, "annual", "3")
