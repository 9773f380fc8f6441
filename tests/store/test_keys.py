"""API keys: told once, kept as keyed hashes, worth nothing once revoked."""

import os
import re
import stat
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from building import at_once

from qa_service.domain.errors import StoreError
from qa_service.domain.principal import Scope
from qa_service.store.keys import SqliteKeys
from qa_service.store.notebook import Notebook
from qa_service.store.secret import Secret

ASK = frozenset({Scope.ASK})


@pytest.fixture
def keys(book: Notebook, tmp_path: Path) -> SqliteKeys:
    return SqliteKeys(book, tmp_path / "secret")


@pytest.fixture
def elsewhere(path: Path, tmp_path: Path) -> Iterator[SqliteKeys]:
    """The keys as another process knows them."""
    book = Notebook(path)
    yield SqliteKeys(book, tmp_path / "secret")
    book.close()


def test_no_key_can_be_read_from_the_store(keys: SqliteKeys, path: Path, book: Notebook) -> None:
    made = [keys.create(f"reader {number}", ASK)[1] for number in range(50)]
    book.close()

    kept = b"".join(file.read_bytes() for file in path.parent.iterdir())
    assert not any(text.encode() in kept or text.split("_", 2)[2].encode() in kept for text in made)


def test_a_copy_of_the_store_is_no_use_without_the_secret(
    keys: SqliteKeys, book: Notebook, tmp_path: Path
) -> None:
    _, text = keys.create("a reader", ASK)

    assert SqliteKeys(book, tmp_path / "none").principal(text) is None
    (tmp_path / "another").write_bytes(b"x" * 32)
    assert SqliteKeys(book, tmp_path / "another").principal(text) is None


def test_the_secret_is_its_owners_alone_and_made_once(keys: SqliteKeys, tmp_path: Path) -> None:
    assert not (tmp_path / "secret").exists()
    keys.create("a reader", ASK)
    secret = (tmp_path / "secret").read_bytes()
    keys.create("another", ASK)

    assert len(secret) == 32
    assert (tmp_path / "secret").read_bytes() == secret
    assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == 0o600


def test_a_secret_that_cannot_be_made_or_read_is_told(book: Notebook, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="QA_SECRET_FILE"):
        SqliteKeys(book, tmp_path / "no" / "folder").create("a reader", ASK)
    with pytest.raises(StoreError, match="QA_SECRET_FILE"):
        SqliteKeys(book, tmp_path).principal("qa_x")


def test_who_makes_the_first_key_at_the_same_moment_has_the_same_secret(path: Path, tmp_path: Path) -> None:
    for trial in range(20):
        secret = tmp_path / f"secret {trial}"
        books = [Notebook(path) for _ in range(6)]
        texts: list[str] = []

        def make(book: Notebook, secret: Path = secret, texts: list[str] = texts) -> None:
            texts.append(SqliteKeys(book, secret).create("one", ASK)[1])

        with at_once([partial(make, book) for book in books]):
            pass
        assert all(SqliteKeys(books[0], secret).principal(text) for text in texts), trial
        assert len(texts) == len(books)
        for book in books:
            book.close()
    assert not list(tmp_path.glob("secret *.*"))


def test_a_secret_that_is_none_is_not_used(book: Notebook, tmp_path: Path) -> None:
    """As a machine that failed at the wrong moment might leave it."""
    (tmp_path / "secret").write_bytes(b"")
    with pytest.raises(StoreError, match="too short"):
        SqliteKeys(book, tmp_path / "secret").principal("qa_x")
    with pytest.raises(StoreError, match="too short"):
        SqliteKeys(book, tmp_path / "secret").create("a reader", ASK)


def test_a_key_names_itself_and_holds_256_bits_of_chance(keys: SqliteKeys) -> None:
    made, text = keys.create("a reader", ASK)

    assert re.fullmatch(r"[0-9a-f]{8}", made.id)
    assert re.fullmatch(rf"qa_{made.id}_[\w-]{{43}}", text)  # 32 bytes in base 64


@pytest.mark.parametrize(("length", "used"), [(15, False), (16, True)])
def test_a_secret_has_at_least_sixteen_bytes(tmp_path: Path, length: int, used: bool) -> None:
    (tmp_path / "secret").write_bytes(b"x" * length)
    try:
        hashed = Secret(tmp_path / "secret").hashed("qa_x")
    except StoreError:
        hashed = ""

    assert bool(hashed) is used


def test_without_a_secret_nothing_has_a_hash(tmp_path: Path) -> None:
    assert Secret(tmp_path / "secret").hashed("qa_x") == ""


def test_a_key_of_letters_that_no_encoding_has_is_none(keys: SqliteKeys) -> None:
    keys.create("a reader", ASK)

    assert keys.principal("qa_\udcff") is None


def test_a_secret_is_made_on_the_disk_where_it_stands(
    keys: SqliteKeys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file cannot be linked from one disk to another."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "no folder"))
    keys.create("a reader", ASK)

    assert len((tmp_path / "secret").read_bytes()) == 32


def test_the_secret_and_its_name_are_on_the_disk_before_a_key_is_told(
    keys: SqliteKeys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: set[int] = set()
    waiting = os.fsync

    def noted(file: int) -> None:
        written.add(os.fstat(file).st_ino)
        waiting(file)

    monkeypatch.setattr(os, "fsync", noted)
    keys.create("a reader", ASK)

    assert {(tmp_path / "secret").stat().st_ino, tmp_path.stat().st_ino} <= written


def test_a_secret_is_read_once(keys: SqliteKeys, tmp_path: Path) -> None:
    """So a key costs no look at the disk."""
    _, text = keys.create("a reader", ASK)
    (tmp_path / "secret").unlink()

    assert keys.principal(text) is not None
