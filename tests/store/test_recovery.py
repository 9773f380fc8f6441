"""The disk is gone: what is restored lacks the last seconds at most, and is there within minutes."""

import hashlib
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from browsing import missing
from building import ingested, settings_in
from channels.running import COMMAND, environment, eventually, invoke
from samples import one
from writers import Noted, Run, acknowledged, turns, writing

from qa_service.domain.ports import IndexedDocument
from qa_service.domain.question import Message
from qa_service.store.backing_up import reading
from qa_service.wiring import Service

LITESTREAM = Path(sys.executable).parent / "litestream"
QUESTION = "Who mediated?"
LATEST = 5.0  # seconds of what was acknowledged that may be missing
RESTORED = 600  # seconds until a gigabyte is there again
GIGABYTE = 2**30  # bytes: beyond it SQLite leaves a page out
ORIGINAL = 2**23  # bytes of a large original
DOCUMENTS, WORDS, AT_ONCE = 3000, 1500, 250


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Path]:
    """A store on a disk of its own."""
    folder = tmp_path / "disk"
    folder.mkdir()
    ingested(settings_in(folder)).close()
    yield folder / "store.db"
    shutil.rmtree(tmp_path)


@pytest.fixture
def replica(tmp_path: Path) -> Path:
    """Where Litestream copies to."""
    if not LITESTREAM.exists():
        missing("There is no Litestream in this environment: make test installs it on Linux and macOS")
    return tmp_path / "replica"


@contextmanager
def copying(store: Path, replica: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Litestream at work, killed at the end of the block."""
    process = subprocess.Popen(
        [LITESTREAM, "replicate", store, replica.as_uri()],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        assert eventually(lambda: any(replica.rglob("*.ltx")))
        yield process
    finally:
        process.kill()
        process.wait()


def lost(store: Path) -> None:
    """The disk, with all that stood beside the store."""
    shutil.rmtree(store.parent)
    store.parent.mkdir()


def took(store: Path, *command: str | Path) -> float:
    """The seconds of a command that goes through in time."""
    begun = time.monotonic()
    values = environment({"QA_STORE": f"sqlite:///{store}"})
    subprocess.run(command, env=values, capture_output=True, check=True, timeout=RESTORED)
    return round(time.monotonic() - begun, 1)


def backed_up(store: Path, file: Path) -> Path:
    done = invoke("backup", file, QA_STORE=f"sqlite:///{store}")
    assert done.returncode == 0, done.stderr
    return file


def copied_back(replica: Path, store: Path) -> float:
    return took(store, LITESTREAM, "restore", "-o", store, replica.as_uri())


def answered(store: Path) -> tuple[str, list[str]]:
    """What a service says from a store, and the ids of its documents."""
    with closing(Service(settings_in(store.parent))) as service:
        service.prepare()
        text = service.answering.answer(Message(text=QUESTION)).text
        return text, list(service.store.snapshot().ids())


def missed(said: list[Noted], found: set[str]) -> list[Noted]:
    """What was acknowledged to a writer and is not there: nothing that is there came after it."""
    there = [noted.text in found for noted in said]
    assert all(there[: sum(there)])
    return said[sum(there) :]


def put_back(store: Path, file: Path) -> None:
    done = invoke("restore", file, QA_STORE=f"sqlite:///{store}")
    assert done.returncode == 0, done.stderr


def killed(store: Path, replica: Path, notes: Path, seconds: float, file: Path | None = None) -> float:
    """Litestream and writers are killed, the disk is lost: the seconds that what is restored lacks.

    A backup that is named is put back beside Litestream before anybody writes.
    """
    before = answered(store)
    with copying(store, replica) as litestream:
        if file:
            put_back(store, file)
        with writing(store, notes, Run(4, 0.01)):
            assert eventually(lambda: notes.is_dir() and sum(map(len, acknowledged(notes).values())) > 100)
            time.sleep(seconds)
            assert litestream.poll() is None
            litestream.kill()
    end = time.monotonic()
    lost(store)

    copied_back(replica, store)

    found = turns(store)
    late = [noted for said in acknowledged(notes).values() for noted in missed(said, found)]
    assert answered(store) == before
    backed_up(store, store.with_name("checked"))  # every text and original has its hash
    return max((end - noted.moment for noted in late), default=0.0)


def test_what_litestream_restores_after_all_was_killed_lacks_the_last_seconds_at_most(
    store: Path, replica: Path, tmp_path: Path
) -> None:
    assert killed(store, replica, tmp_path / "notes", LATEST + 0.5) <= LATEST


@pytest.mark.long
def test_it_lacks_the_last_seconds_at_most_ten_times_on_end(
    store: Path, replica: Path, tmp_path: Path
) -> None:
    """Each time Litestream goes on with the replica that the store was restored from."""
    chance = random.Random(7)  # noqa: S311 - any moments
    lacking = [
        killed(store, replica, tmp_path / f"notes-{number}", LATEST + chance.random()) for number in range(10)
    ]
    print(f"\nmissing: the last {min(lacking):.2f} to {max(lacking):.2f} s")
    assert max(lacking) <= LATEST


def tables_of_litestream(store: Path) -> set[str]:
    with closing(reading(store)) as connection:
        rows = connection.execute("SELECT name FROM sqlite_master WHERE name LIKE '%litestream%'")
        return {name for (name,) in rows}


def test_a_backup_from_before_litestream_is_restored_beside_it_and_leaves_it_its_tables(
    store: Path, replica: Path, tmp_path: Path
) -> None:
    file = backed_up(store, tmp_path / "nightly")
    with copying(store, replica):
        made = tables_of_litestream(store)
        put_back(store, file)
        assert tables_of_litestream(store) == made != set()


@pytest.mark.long
def test_after_a_restore_beside_it_litestream_is_as_soon_as_before(
    store: Path, replica: Path, tmp_path: Path
) -> None:
    """Without its tables it tries after 1, 2, 4 seconds and so on: 45 are enough for it to be late."""
    file = backed_up(store, tmp_path / "nightly")
    assert killed(store, replica, tmp_path / "notes", 45, file) <= LATEST


def large(number: int) -> IndexedDocument:
    """A document of a dozen passages; those of the first numbers have large originals."""
    chance = random.Random(number)  # noqa: S311 - made words, and bytes that nothing packs
    words = [f"w{int(chance.paretovariate(0.4)) % 100_000}" for _ in range(WORDS)]
    sentences = [" ".join(words[start : start + 15]) for start in range(0, WORDS, 15)]
    made = one(f"large-{number}", ". ".join(each.capitalize() for each in sentences) + ".")
    data = chance.randbytes(ORIGINAL) if number < GIGABYTE // ORIGINAL else made.original.data
    original = replace(made.original, data=data, sha256=hashlib.sha256(data).hexdigest())
    return replace(made, original=original)


@pytest.mark.long
def test_a_store_of_a_gigabyte_is_there_again_within_minutes(
    store: Path, replica: Path, tmp_path: Path
) -> None:
    with closing(Service(settings_in(store.parent))) as service:
        for first in range(0, DOCUMENTS, AT_ONCE):
            service.store.publish(large(number) for number in range(first, first + AT_ONCE))
    assert store.stat().st_size > GIGABYTE
    before, file = answered(store), tmp_path / "nightly"

    seconds = {"backup": took(store, COMMAND, "backup", file)}
    lost(store)
    seconds["restore"] = took(store, COMMAND, "restore", file)
    seconds["answer after it"] = took(store, COMMAND, "ask", QUESTION)
    assert answered(store) == before
    seconds["litestream replicate"] = took(store, LITESTREAM, "replicate", "-once", store, replica.as_uri())
    lost(store)
    seconds["litestream restore"] = copied_back(replica, store)
    seconds["answer after that"] = took(store, COMMAND, "ask", QUESTION)
    assert answered(store) == before
    backed_up(store, tmp_path / "checked")
    print(f"\n{store.stat().st_size / GIGABYTE:.2f} GiB; seconds of {seconds}")
