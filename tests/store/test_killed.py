"""Whatever is killed leaves the store before it or the store after it, and the next start cleans up."""

import json
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from building import ingested, settings_in

from qa_service.store.backing_up import backup
from qa_service.store.engine import sqlite3

PROGRAM = Path(__file__).with_name("killed.py")
FIXTURES = Path(__file__).parents[1] / "fixtures" / "stores"
RIVERS = ("Aare", "Birs", "Doubs", "Emme", "Inn", "Kander", "Linth", "Lonza")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Eight files, some passages each."""
    folder = tmp_path / "rivers"
    folder.mkdir()
    for river in RIVERS:
        parts = [
            f"## Year {year}\n\nIn {year} the {river} commission opened a weir.\n"
            for year in range(2000, 2004)
        ]
        (folder / f"{river}.md").write_text(f"# The {river}\n\n" + "\n".join(parts), encoding="utf-8")
    return folder


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store of the commentary as trials copy it."""
    (tmp_path / "template").mkdir()
    ingested(settings_in(tmp_path / "template", QA_CANDIDATES="tantivy")).close()
    return tmp_path / "store.db"


def trials(
    work: str, store: Path, argument: Path, count: str, candidates: str = "memory"
) -> tuple[Any, Any, list[Any]]:
    """What is found before the work, after it, and after each time that it was killed."""
    done = subprocess.run(
        [sys.executable, PROGRAM, work, store, argument, count, candidates],
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    before, after, *killed = map(json.loads, done.stdout.splitlines())
    for one in killed:
        assert one.pop("resumed", after) == after, done.stderr  # who does it again goes on from there
    return before, after, killed


def states(found: list[Any]) -> list[Any]:
    return [{name: value for name, value in one.items() if name != "left"} for one in found]


@pytest.mark.parametrize(("count", "candidates"), [("25", "tantivy"), ("random100", "memory")])
def test_an_ingest_that_is_killed_leaves_whole_versions(
    store: Path, folder: Path, count: str, candidates: str
) -> None:
    """Several versions are published on the way: what is left is one of them."""
    before, after, killed = trials("ingest", store, folder, count, candidates)

    assert len(after["documents"]) == len(RIVERS) + 1
    assert len(killed) == int(count.removeprefix("random"))
    known = [set(before["documents"]), set(after["documents"])]
    for one in killed:
        assert one["intact"] == "ok"
        assert one["left"] == []
        assert known[0] <= set(one["documents"]) <= known[1]
        for answer, *whole in zip(one["answers"], before["answers"], after["answers"], strict=True):
            assert answer in whole or "Aare" in answer
    assert {len(one["documents"]) for one in killed} > {len(known[0])}


def test_a_migration_that_is_killed_leaves_the_one_schema_or_the_other(tmp_path: Path) -> None:
    for golden in sorted(FIXTURES.glob("schema-*.sql")):
        folder = tmp_path / golden.stem / "template"
        folder.mkdir(parents=True)
        with closing(sqlite3.connect(str(folder / "store.db"))) as connection:
            connection.executescript(golden.read_text("utf-8"))

        before, after, killed = trials("migrate", folder.parent / "store.db", folder, "10")

        assert before == after
        assert killed == [after] * 10


def test_a_restore_that_is_killed_leaves_the_one_store_or_the_other(
    store: Path, folder: Path, tmp_path: Path
) -> None:
    file = tmp_path / "nightly.backup"
    with closing(ingested(settings_in(tmp_path))) as other:
        other.indexing.ingest([folder])
    backup(tmp_path / "store.db", file)

    before, after, killed = trials("restore", store, file, "25")

    assert before != after
    for one in states(killed):
        assert one in states([before, after])
