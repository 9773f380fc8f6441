from pathlib import Path

import pytest
from building import Clock

from qa_service.domain.errors import StoreError
from qa_service.store.deliveries import SqliteDeliveries


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def deliveries(path: Path, clock: Clock) -> SqliteDeliveries:
    return SqliteDeliveries(path, clock)


def test_a_store_that_is_not_there_is_an_error_and_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="QA_STORE"):
        SqliteDeliveries(tmp_path / "none.db").claim(["Ev1"])
    assert not (tmp_path / "none.db").exists()
