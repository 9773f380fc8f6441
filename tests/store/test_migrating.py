"""A store that an earlier version made is brought to this one's schema and answers; its texts stay."""

import sqlite3
from contextlib import closing
from pathlib import Path
from time import time

import pytest
from building import settings_in

from qa_service.domain.question import Message
from qa_service.store.backing_up import before_schema, checked
from qa_service.store.migrating import SCHEMA
from qa_service.wiring import Service

HASHED = {
    "documents": ("annotations_hash", "entries_hash"),
    "originals": ("hash",),
    "passages": ("hash", "terms_hash"),
    "entries": ("hash",),
}
GOLDEN = sorted((Path(__file__).parent.parent / "fixtures" / "stores").glob("schema-*.sql"))


def test_there_is_a_store_of_every_earlier_schema() -> None:
    assert [path.stem for path in GOLDEN] == [f"schema-{number}" for number in range(1, SCHEMA)]


def restored(golden: Path, folder: Path) -> Path:
    path = folder / "store.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(golden.read_text("utf-8"))
    return path


@pytest.mark.parametrize("golden", GOLDEN, ids=lambda path: path.stem)
def test_all_that_is_read_has_its_hash_and_what_was_answered_stays(golden: Path, tmp_path: Path) -> None:
    path = restored(golden, tmp_path)
    with closing(Service(settings_in(tmp_path))) as service:
        service.prepare()
        known = service.recording.among(["d4b3ca9d2ac265c90e9c", "262c1c842c6137bb1b5a"])
        with closing(sqlite3.connect(path)) as connection:
            (answers,) = connection.execute("SELECT count(*) FROM answers").fetchone()
            assert len(known) == answers
            for table, columns in HASHED.items():
                for column in columns:
                    (made, all_of_them) = connection.execute(
                        f"SELECT sum(length({column}) = 16), count(*) FROM {table}"  # noqa: S608 - constants
                    ).fetchone()
                    assert made == all_of_them > 0, (table, column)


def test_contents_that_stay_the_same_keep_their_name(tmp_path: Path) -> None:
    """What versions are called depends on it, but for the rules that derive."""
    path = restored(GOLDEN[-1], tmp_path)
    contents = "SELECT value FROM meta WHERE key = 'contents'"
    with closing(sqlite3.connect(path)) as connection:
        before = connection.execute(contents).fetchone()
    with closing(Service(settings_in(tmp_path))) as service:
        service.prepare()
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute(contents).fetchone() == before


@pytest.mark.parametrize("golden", GOLDEN, ids=lambda path: path.stem)
def test_it_answers_and_its_texts_stay(golden: Path, tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(golden.read_text("utf-8"))
        before = connection.execute("SELECT id, text, sha256 FROM documents").fetchall()
        originals = connection.execute("SELECT document_id, data, source_map FROM originals").fetchall()
    with closing(Service(settings_in(tmp_path))) as service:
        service.prepare()
        answer = service.answering.answer(Message(text="When was the Joint Weir Board founded?"))
        assert "1972" in answer.text
        assert service.store.snapshot().size.documents == len(before) == 1
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (SCHEMA,)
        assert connection.execute("SELECT id, text, sha256 FROM documents").fetchall() == before
        found = connection.execute("SELECT document_id, data, source_map FROM originals").fetchall()
        assert found == originals


def test_a_store_is_kept_as_it_was_before_it_is_migrated(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(GOLDEN[0].read_text("utf-8"))
        before = connection.execute("SELECT id, text FROM documents").fetchall()
    with closing(Service(settings_in(tmp_path))) as service:
        service.prepare()

    assert checked(before_schema(path), path).schema == 1
    with closing(sqlite3.connect(before_schema(path))) as connection:
        assert connection.execute("SELECT id, text FROM documents").fetchall() == before


def test_what_was_recorded_before_answers_had_dates_begins_its_days(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(GOLDEN[1].read_text("utf-8"))
    with closing(Service(settings_in(tmp_path))) as service:
        service.prepare()
        assert [one.comment for one in service.opinions.against()] == ["Too short."]
    with closing(sqlite3.connect(path)) as connection:
        dates = connection.execute("SELECT recorded FROM answers UNION SELECT given FROM feedback").fetchall()
    assert all(abs(date - time()) < 600 for (date,) in dates)


def test_a_store_of_schema_2_that_told_no_mark_is_brought_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(GOLDEN[1].read_text("utf-8"))
        connection.execute("ALTER TABLE changes DROP COLUMN mark")
    with closing(Service(settings_in(tmp_path))) as service:
        service.prepare()
        assert service.store.moment().mark
