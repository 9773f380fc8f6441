import threading
from pathlib import Path

import pytest
from building import at_once

from qa_service.domain.errors import StoreError
from qa_service.store.deliveries import KEPT, LEASE, SqliteDeliveries
from qa_service.store.sqlite import SqliteStore


class Clock:
    def __init__(self) -> None:
        self.seconds = 1_000_000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "store.db"
    SqliteStore(file, "rules").close()
    return file


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def deliveries(path: Path, clock: Clock) -> SqliteDeliveries:
    return SqliteDeliveries(path, clock)


def test_a_message_is_claimed_once(deliveries: SqliteDeliveries) -> None:
    assert deliveries.claim(["Ev1", "C1/1.0"])
    assert not deliveries.claim(["Ev1", "C1/1.0"])


def test_any_known_key_makes_it_a_duplicate(deliveries: SqliteDeliveries) -> None:
    assert deliveries.claim(["Ev1", "C1/1.0"])
    assert not deliveries.claim(["Ev2", "C1/1.0"])
    assert deliveries.claim(["Ev2", "C1/2.0"])


def test_a_claim_that_was_never_finished_is_lost_after_a_while(
    deliveries: SqliteDeliveries, clock: Clock
) -> None:
    assert deliveries.claim(["Ev1"])
    clock.seconds += LEASE + 1
    assert deliveries.claim(["Ev1"])


def test_a_finished_one_is_known_for_an_hour(deliveries: SqliteDeliveries, clock: Clock) -> None:
    assert deliveries.claim(["Ev1"])
    deliveries.finish(["Ev1"])
    clock.seconds += KEPT - 1
    assert not deliveries.claim(["Ev1"])
    clock.seconds += 2
    assert deliveries.claim(["Ev1"])


def test_of_many_at_the_same_moment_one_gets_it(path: Path) -> None:
    given: list[bool] = []
    lock = threading.Lock()

    def claim() -> None:
        mine = SqliteDeliveries(path).claim(["Ev1", "C1/1.0"])
        with lock:
            given.append(mine)

    with at_once([claim] * 16):
        pass
    assert sorted(given) == [False] * 15 + [True]


def test_a_store_that_is_not_there_is_an_error_and_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="QA_STORE"):
        SqliteDeliveries(tmp_path / "none.db").claim(["Ev1"])
    assert not (tmp_path / "none.db").exists()
