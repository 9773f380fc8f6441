"""Who publishes at the same time waits for the other; nothing is lost, and no error is met."""

import logging
import stat
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path
from random import Random

import pytest
from building import at_once, document, indexed, ingested, settings_in
from channels.running import eventually

from qa_service.domain.ports import IndexedDocument
from qa_service.store import publishing, sqlite
from qa_service.store.publishing import alone
from qa_service.store.sqlite import SqliteStore
from qa_service.wiring import Service

ROUNDS, TOGETHER = 20, 8


def one(name: str) -> IndexedDocument:
    return indexed(document(f"The {name} commission opened a weir.", id=name))


def test_a_publish_that_takes_longer_than_a_lock_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """As when everything is derived anew: that is one publish, which derives on the way."""
    monkeypatch.setattr(sqlite, "BUSY_SECONDS", 0.1)
    monkeypatch.setattr(publishing, "TOLD_AFTER", 0.1)
    begun, go_on = threading.Event(), threading.Event()

    def slowly() -> Iterator[IndexedDocument]:
        yield one("Aare")
        begun.set()
        assert go_on.wait(60)
        yield one("Birs")

    path = tmp_path / "store.db"
    with (
        closing(SqliteStore(path, "rules")) as first,
        closing(SqliteStore(path, "rules")) as second,
        caplog.at_level(logging.WARNING),
    ):

        def publish_meanwhile() -> None:
            assert begun.wait(60)
            second.publish([one("Doubs")])

        with at_once([lambda: first.publish(slowly()), publish_meanwhile]):
            assert eventually(lambda: "waiting until it has ended" in caplog.text)
            go_on.set()
        assert set(first.snapshot().ids()) == {"Aare", "Birs", "Doubs"}


def test_two_services_that_start_at_once_on_a_store_of_other_rules_derive_it_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ingested(settings_in(tmp_path)).close()
    (tmp_path / "aliases.toml").write_text(settings_in(tmp_path).aliases.read_text("utf-8") + "\n", "utf-8")
    other = settings_in(tmp_path, QA_ALIASES=str(tmp_path / "aliases.toml"))
    monkeypatch.setattr(sqlite, "BUSY_SECONDS", 0.1)
    with closing(Service(other)) as first, closing(Service(other)) as second:
        with at_once([first.prepare, second.prepare]):
            pass
        assert first.store.moment() == second.store.moment()
        assert not first.store.stale()


def test_ingests_of_overlapping_files_at_once_end_as_one_after_the_other(tmp_path: Path) -> None:
    files = []
    for number in range(12):
        file = tmp_path / f"{number}.md"
        file.write_text(
            f"# River {number}\n\nIn {1990 + number} the commission opened weir {number}.\n", "utf-8"
        )
        files.append(file)
    settings = settings_in(tmp_path)
    (tmp_path / "serial").mkdir()
    with closing(Service(settings_in(tmp_path / "serial"))) as serial:
        serial.prepare()
        serial.indexing.ingest(files)
        wanted = (serial.store.version(), serial.store.snapshot().size)
    pick = Random(8)  # noqa: S311 - a sample
    with ExitStack() as opened:
        services = [opened.enter_context(closing(Service(settings))) for _ in range(TOGETHER)]
        for service in services:
            service.prepare()
        empty = services[0].store.version()
        for _ in range(ROUNDS):
            parts = [pick.sample(files, 7) for _ in services[:-1]]
            parts.append([file for file in files if not any(file in part for part in parts)] or files[:1])
            with at_once(
                [partial(one.indexing.ingest, part) for one, part in zip(services, parts, strict=True)]
            ):
                pass
            assert (services[0].store.version(), services[0].store.snapshot().size) == wanted
            services[0].store.publish((), removed=list(services[0].store.snapshot().ids()))
            assert services[0].store.version() == empty or not services[0].store.snapshot().size.documents


def waited_for(store: Path, seconds: float) -> float:
    """Processor seconds of a thread that waits so long for the right to publish."""
    used: list[float] = []
    held = threading.Event()

    def wait() -> None:
        assert held.wait(60)
        begun = time.thread_time()
        with alone(store):
            used.append(time.thread_time() - begun)

    with at_once([wait]), alone(store):
        held.set()
        time.sleep(seconds)
    return used[0]


def test_the_file_that_is_locked_is_its_owners_alone(tmp_path: Path) -> None:
    with alone(tmp_path / "store.db"):
        pass

    assert stat.S_IMODE((tmp_path / "store.db.publishing").stat().st_mode) == 0o600


def test_who_waits_for_long_is_told_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(publishing, "TOLD_AFTER", 0.05)
    waited_for(tmp_path / "store.db", 0.4)

    assert len(caplog.records) == 1


def test_who_waits_for_a_moment_is_told_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    waited_for(tmp_path / "store.db", 0.1)

    assert not caplog.records


def test_who_waits_leaves_the_processor_to_who_publishes(tmp_path: Path) -> None:
    assert waited_for(tmp_path / "store.db", 0.4) < 0.1
