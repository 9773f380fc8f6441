"""A backup is the store of one moment, or there is none; what is restored is the backup, or nothing."""

import random
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from building import document, indexed

from qa_service.domain.errors import NotFoundError, StoreError
from qa_service.domain.principal import ANONYMOUS
from qa_service.store.backing_up import backup, checked, unpacked
from qa_service.store.conversations import SqliteConversations
from qa_service.store.migrating import SCHEMA
from qa_service.store.notebook import Notebook
from qa_service.store.restoring import put_in_place
from qa_service.store.sqlite import SqliteStore
from qa_service.store.workplace import workplace

RULES = "rules"


def filled(path: Path, *names: str) -> str:
    """A store of documents of these names; its version."""
    with closing(SqliteStore(path, RULES)) as store:
        texts = [f"The {name} commission met in spring. It opened the {name} weir." for name in names]
        made = [document(text, id=name) for name, text in zip(names, texts, strict=True)]
        return store.publish(indexed(one) for one in made)


def names(path: Path) -> set[str]:
    with closing(SqliteStore(path, RULES)) as store:
        return set(store.snapshot().ids())


@pytest.fixture
def store(tmp_path: Path) -> Path:
    path = tmp_path / "a store?.db"
    filled(path, "Aare", "Birs")
    return path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "store.backup"


def restored(file: Path, store: Path) -> Path | None:
    with workplace(store, ".restoring") as folder:
        unpacked(file, folder / "made.db")
        return put_in_place(folder / "made.db", store)


def left(folder: Path) -> set[str]:
    """What stands in a folder, but for the files of an open store."""
    return {one.name for one in folder.iterdir() if not one.name.endswith(("-wal", "-shm", ".publishing"))}


def test_it_is_the_store_in_one_private_file_and_restores_it_where_nothing_is(
    store: Path, file: Path, tmp_path: Path
) -> None:
    made = backup(store, file, clock=lambda: 7.5)

    assert (made.schema, made.documents, made.taken) == (SCHEMA, 2, 7)
    assert file.stat().st_mode & 0o777 == 0o600
    assert left(tmp_path) == {store.name, file.name}
    elsewhere = tmp_path / "elsewhere.db"
    assert restored(file, elsewhere) is None
    assert names(elsewhere) == {"Aare", "Birs"}
    assert left(tmp_path) == {store.name, file.name, elsewhere.name}
    with closing(SqliteStore(elsewhere, RULES)) as found:
        assert found.version() == made.version


def test_two_backups_of_a_store_have_the_same_digest_and_another_store_has_another(
    store: Path, tmp_path: Path
) -> None:
    first, second = (backup(store, tmp_path / name) for name in ("1", "2"))
    assert first.digest == second.digest
    filled(store, "Doubs")
    assert backup(store, tmp_path / "3").digest != first.digest


def test_who_has_the_store_open_reads_the_restored_one_next(store: Path, file: Path) -> None:
    backup(store, file)
    with closing(SqliteStore(store, RULES)) as reader, closing(Notebook(store)) as book:
        before = reader.version()
        told = SqliteConversations(book, days=30)
        forgotten = told.begin(ANONYMOUS)
        filled(store, "Doubs")
        assert reader.version() != before

        restored(file, store)

        assert reader.version() == before
        assert set(reader.snapshot().ids()) == {"Aare", "Birs"}
        with pytest.raises(NotFoundError, match="no such conversation"):
            told.find(forgotten.id, ANONYMOUS)
        assert told.find(told.begin(ANONYMOUS).id, ANONYMOUS).turns == ()


def test_a_reader_in_the_midst_of_a_version_keeps_it_while_another_is_restored(
    store: Path, file: Path
) -> None:
    backup(store, file)
    filled(store, "Doubs")
    with closing(SqliteStore(store, RULES)) as reader:
        snapshot = reader.snapshot()
        with snapshot.pinned():
            restored(file, store)
            assert set(snapshot.ids()) == {"Aare", "Birs", "Doubs"}
        assert set(reader.snapshot().ids()) == {"Aare", "Birs"}


def test_who_had_a_store_open_that_was_deleted_goes_on_with_the_restored_one(store: Path, file: Path) -> None:
    with closing(SqliteStore(store, RULES)) as reader, closing(Notebook(store)) as book:
        told = SqliteConversations(book, days=30)
        kept = told.begin(ANONYMOUS)
        backup(store, file)
        for end in ("", "-wal", "-shm"):
            store.with_name(f"{store.name}{end}").unlink(missing_ok=True)

        restored(file, store)

        assert set(reader.snapshot().ids()) == {"Aare", "Birs"}
        assert told.find(kept.id, ANONYMOUS).id == kept.id
        later = told.begin(ANONYMOUS)
    with closing(Notebook(store)) as book:  # it went into the file that is there
        assert SqliteConversations(book, days=30).find(later.id, ANONYMOUS).id == later.id
    assert names(store) == {"Aare", "Birs"}


@pytest.mark.parametrize("damage", ["garbage", "half", "header"])
def test_what_cannot_be_read_is_moved_aside_and_kept(store: Path, file: Path, damage: str) -> None:
    backup(store, file)
    data = store.read_bytes()
    damaged = {"garbage": b"garbage " * 999, "half": data[: len(data) // 2], "header": b"x" * 99 + data[99:]}
    store.write_bytes(damaged[damage])

    aside = restored(file, store)

    assert names(store) == {"Aare", "Birs"}
    if damage != "half":  # SQLite can write over the half that is left
        assert aside is not None
    if aside is not None:
        assert aside.read_bytes() == damaged[damage]


def rows(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


def test_no_flipped_bit_of_a_backup_is_taken_for_what_was_backed_up(
    store: Path, file: Path, tmp_path: Path
) -> None:
    """300 of them, in bytes that are not free space; who changes a row is refused."""
    made = backup(store, file)
    data, before = file.read_bytes(), rows(file)
    used = [place for place, byte in enumerate(data) if byte]
    chance = random.Random(5)  # noqa: S311 - any bits
    broken, refused = tmp_path / "flipped", 0
    for place in chance.sample(used, 300):
        flipped = bytearray(data)
        flipped[place] ^= 1 << chance.randrange(8)
        broken.write_bytes(flipped)
        try:
            assert checked(broken, broken) == made
        except StoreError:
            refused += 1
        else:
            assert rows(broken) == before
    assert refused > 100  # the others are in copies of rows that SQLite has moved


@pytest.mark.parametrize("size", [0, 0.1, 0.5, 0.99])
def test_a_part_of_a_backup_is_refused(store: Path, file: Path, size: float) -> None:
    backup(store, file)
    data = file.read_bytes()
    file.write_bytes(data[: int(len(data) * size)])
    with pytest.raises(StoreError):
        restored(file, store)
    assert names(store) == {"Aare", "Birs"}


def test_what_is_no_backup_is_refused_and_the_store_stays(store: Path, file: Path, tmp_path: Path) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text("These are notes, and no database. " * 99, encoding="utf-8")
    photos = tmp_path / "photos.db"
    with closing(sqlite3.connect(photos)) as connection:
        connection.execute("CREATE TABLE photos (id)")
    later = tmp_path / "later.backup"
    backup(store, later)
    with closing(sqlite3.connect(later)) as connection:
        connection.execute(f"PRAGMA user_version={SCHEMA + 1}")
    another = tmp_path / "copied.db"
    filled(another, "Doubs")
    for wrong in (notes, photos, later, another, tmp_path, tmp_path / "missing"):
        with pytest.raises(StoreError):
            restored(wrong, store)
        assert names(store) == {"Aare", "Birs"}


def test_a_database_that_is_no_store_is_not_overwritten(store: Path, file: Path, tmp_path: Path) -> None:
    backup(store, file)
    photos = tmp_path / "photos.db"
    with closing(sqlite3.connect(photos)) as connection:
        connection.execute("CREATE TABLE photos (id)")
    before = photos.read_bytes()
    with pytest.raises(StoreError, match="not a store"):
        restored(file, photos)
    assert photos.read_bytes() == before


def test_a_damaged_store_is_not_backed_up_and_no_earlier_backup_is_touched(
    store: Path, file: Path, tmp_path: Path
) -> None:
    backup(store, file)
    before = file.read_bytes()
    with closing(sqlite3.connect(store)) as connection, connection:
        connection.execute("UPDATE documents SET text = replace(text, 'spring', 'autumn')")
    with pytest.raises(StoreError, match="is not what it was"):
        backup(store, tmp_path / "another")
    with pytest.raises(StoreError, match="already"):
        backup(store, file)
    assert file.read_bytes() == before
    assert left(tmp_path) == {store.name, file.name}


def test_what_a_killed_backup_left_is_cleared_by_the_next(store: Path, file: Path, tmp_path: Path) -> None:
    folder = tmp_path / f"{file.name}.part"
    folder.mkdir()
    (folder / "copy.db").write_bytes(b"half")
    with workplace(tmp_path / "other", ".part"), pytest.raises(StoreError, match="Another process"):
        backup(store, tmp_path / "other")
    backup(store, file)
    assert left(tmp_path) == {store.name, file.name}
