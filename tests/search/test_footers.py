"""The files of a candidate index are known by their checksums, and taken away by one process at a time."""

import random
import time
from pathlib import Path

import pytest
from building import at_once, overwritten, replaced

from qa_service.domain.errors import DamagedIndexError, StoreError
from qa_service.domain.ports import Moment
from qa_service.search import embedded, footers
from qa_service.search.embedded import EmbeddedIndex
from qa_service.search.footers import MAGIC, TAIL, Files, is_whole

FLIPS = 300


def commit(index: EmbeddedIndex, number: int) -> None:
    """One document comes, the first one goes."""
    writing = index.writing()
    writing.add(f"d{number}", ((number * 10 + place, ["dam", "weir", f"w{place}"]) for place in range(5)))
    writing.remove("d0") if number else None
    writing.commit(Moment(f"v{number}", number, "mark"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An index of several segments, of which one has deleted passages."""
    index = EmbeddedIndex(tmp_path / "candidates")
    for number in range(3):
        commit(index, number)
    return tmp_path / "candidates"


def parts(folder: Path) -> list[Path]:
    return sorted(one for one in folder.iterdir() if one.suffix not in {".json", ".lock"} and one.stem)


def test_what_tantivy_wrote_is_whole(folder: Path) -> None:
    assert {one.suffix for one in parts(folder)} == {".del", *(f".{part}" for part in footers.PARTS)}
    assert all(map(is_whole, parts(folder)))
    assert Files(folder).proved() == (folder / "meta.json").read_bytes()


def test_each_flipped_bit_is_noticed(folder: Path) -> None:
    pick = random.Random(4)  # noqa: S311 - any bits
    for _ in range(FLIPS):
        file = pick.choice(parts(folder))
        data = file.read_bytes()
        made = bytearray(data)
        made[pick.randrange(data.index(b'{"version"'))] ^= 1 << pick.randrange(8)
        replaced(file, made)
        assert not is_whole(file)
        replaced(file, data)
    assert all(map(is_whole, parts(folder)))


def test_a_file_that_is_cut_off_or_gone(folder: Path) -> None:
    file = parts(folder)[0]
    data = file.read_bytes()
    for length in (0, 1, 7, 8, len(data) // 2, len(data) - 1):
        replaced(file, data[:length])
        assert not is_whole(file)
        with pytest.raises(ValueError, match=file.name):
            Files(folder).proved()
    file.unlink()
    with pytest.raises(FileNotFoundError):
        Files(folder).proved()


@pytest.mark.parametrize("told", ["no JSON", "[]", "{}", '{"segments": 1}', '{"segments": [{}]}', "\x00"])
def test_what_tells_of_no_commit(folder: Path, told: str) -> None:
    (folder / "meta.json").write_text(told, encoding="utf-8")
    with pytest.raises(ValueError):
        Files(folder).proved()
    with pytest.raises(DamagedIndexError):
        EmbeddedIndex(folder).current()


def test_each_file_is_read_through_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    monkeypatch.setattr(footers, "is_whole", lambda file: not read.append(file.name))
    files, index = Files(folder), EmbeddedIndex(folder)
    files.proved()
    assert sorted(read) == [one.name for one in parts(folder)]

    files.proved()
    assert len(read) == len(parts(folder))

    before = set(read)
    commit(index, 3)
    read.clear()
    files.proved()
    assert set(read) == {one.name for one in parts(folder)} - before

    files.doubt()
    read.clear()
    files.proved()
    assert len(read) == len(parts(folder))


def test_a_commit_on_the_way_is_no_damage(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It takes files away that the one before it told of."""
    index, read = EmbeddedIndex(folder), is_whole
    before = index.told()
    index.current()

    def while_it_is_made_anew(file: Path) -> bool:
        if index.told() == before:
            writing = index.writing()
            writing.clear()
            writing.commit(Moment("later", 9))
        return read(file)

    files = Files(folder)
    monkeypatch.setattr(footers, "is_whole", while_it_is_made_anew)
    assert files.proved() == index.told() != before


def test_what_another_has_made_anew_is_left_alone(folder: Path) -> None:
    index = EmbeddedIndex(folder)
    damaged = index.told()
    commit(index, 3)

    index.discard(damaged)
    assert index.current().state.moment.position == 3

    index.discard(index.told())
    assert index.current().state.moment == Moment()
    assert parts(folder) == []


def test_who_writes_is_waited_for(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(footers, "LOCK_SECONDS", 0.05)
    index = EmbeddedIndex(folder)
    writing = index.writing()
    with pytest.raises(StoreError, match="writes"):
        EmbeddedIndex(folder).discard(index.told())
    writing.abandon()
    assert parts(folder)

    EmbeddedIndex(folder).discard(index.told())
    assert not parts(folder)


def test_who_writes_for_a_moment_is_waited_for(folder: Path) -> None:
    index = EmbeddedIndex(folder)
    writing = index.writing()
    with at_once([lambda: EmbeddedIndex(folder).discard(index.told())]):
        time.sleep(0.2)
        assert parts(folder)
        writing.abandon()
    assert not parts(folder)


def test_where_nothing_is_one_begins(tmp_path: Path) -> None:
    begun: list[bool] = []
    Files(tmp_path / "a" / "b").discard(None, lambda: begun.append((tmp_path / "a" / "b").is_dir()))
    Files(tmp_path / "a" / "b").discard(b"other", lambda: begun.append(False))
    assert begun == [True]
    with pytest.raises(FileNotFoundError, match=r"meta\.json"):
        Files(tmp_path / "a").proved()


def test_locks_of_others_stay_and_all_is_read_anew(folder: Path) -> None:
    (folder / ".tantivy-meta.lock").touch()
    files = Files(folder)
    told = files.proved()
    kept = {one.name: one.read_bytes() for one in parts(folder)} | {"meta.json": told}
    files.discard(told, lambda: None)
    assert (folder / ".tantivy-meta.lock").exists()
    for name, data in kept.items():
        (folder / name).write_bytes(data if name == "meta.json" else data[:-1])
    with pytest.raises(ValueError, match="not what was written"):
        files.proved()


def test_a_long_file_is_read_piece_by_piece(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(footers, "AT_ONCE", 7)
    assert all(map(is_whole, parts(folder)))
    assert footers.AT_ONCE == 7


@pytest.mark.parametrize("data", [b"", b"1234567", TAIL.pack(0, MAGIC), TAIL.pack(1, MAGIC), TAIL.pack(0, 7)])
def test_what_is_no_file_of_an_index(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.term").write_bytes(data)
    assert not is_whole(tmp_path / "a.term")


def test_a_footer_alone_is_that_of_an_empty_file(tmp_path: Path) -> None:
    footer = b'{"version":{},"crc":0}'
    (tmp_path / "a.term").write_bytes(footer + TAIL.pack(len(footer), MAGIC))
    assert is_whole(tmp_path / "a.term")


def test_a_system_that_fails_is_no_damage(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def too_many(_: Path) -> bool:
        raise OSError(24, "Too many open files")

    monkeypatch.setattr(footers, "is_whole", too_many)
    with pytest.raises(StoreError) as caught:
        EmbeddedIndex(folder).current()
    assert not isinstance(caught.value, DamagedIndexError)


def test_where_tantivy_panics_it_is_damage(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that changes once it has been read through."""
    index = EmbeddedIndex(folder)
    index.current()
    for file in folder.glob("*.term"):
        data = file.read_bytes()
        end = data.index(b'{"version"')
        overwritten(file, b"\xff" * end + data[end:])
    monkeypatch.setattr(footers, "is_whole", lambda _: True)
    with pytest.raises(DamagedIndexError) as caught:
        EmbeddedIndex(folder).current()
    assert type(caught.value.__cause__).__name__ == embedded.PANIC
