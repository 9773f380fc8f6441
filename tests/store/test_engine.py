"""An engine that may destroy a store is known, told, and not served from unless somebody says so."""

import logging
import os
from pathlib import Path

import pytest
from building import ingested, settings_in
from channels.running import free_port, invoke, run

from qa_service.app import create_app
from qa_service.domain.errors import SettingsError
from qa_service.store import engine
from qa_service.store.engine import resets_badly

AFFECTED = [
    (3, 7, 0),
    (3, 40, 1),
    (3, 44, 5),
    (3, 45, 0),
    (3, 49, 2),
    (3, 50, 4),
    (3, 50, 6),
    (3, 51, 0),
    (3, 51, 2),
]
SOUND = [
    (3, 6, 23),
    (3, 44, 6),
    (3, 44, 9),
    (3, 50, 7),
    (3, 50, 9),
    (3, 51, 3),
    (3, 52, 0),
    (3, 53, 4),
    (4, 0, 0),
]


@pytest.fixture
def affected(monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine of Debian 12."""
    monkeypatch.setattr("qa_service.store.in_file.resets_badly", lambda: resets_badly((3, 40, 1)))


def test_it_is_known_by_its_version() -> None:
    assert all(map(resets_badly, AFFECTED))
    assert not any(map(resets_badly, SOUND))


def test_the_one_that_is_installed_here_is_sound() -> None:
    assert not resets_badly()
    assert engine.sqlite3.sqlite_version_info >= (3, 51, 3)


@pytest.mark.usefixtures("affected")
def test_it_is_not_served_from(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"WAL-reset bug.*docs/operations\.md.*QA_ANY_SQLITE"):
        create_app(settings_in(tmp_path))
    assert not (tmp_path / "store.db").exists()  # before anything is written


@pytest.mark.usefixtures("affected")
def test_who_says_so_has_it_served_and_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    settings = settings_in(tmp_path, QA_ANY_SQLITE="true")
    with caplog.at_level(logging.WARNING):
        client = create_app(settings).test_client()

    assert client.get("/readyz").json["sqlite"] == engine.sqlite3.sqlite_version
    assert "WAL-reset bug" in caplog.text


@pytest.mark.usefixtures("affected")
def test_a_command_goes_on_and_tells(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    settings = settings_in(tmp_path)
    with caplog.at_level(logging.WARNING):
        ingested(settings).close()
        done = invoke("ask", "Who mediated?", QA_STORE=settings.store)

    assert done.returncode == 0
    assert caplog.text.count("WAL-reset bug") == 2


def test_a_sound_one_is_not_mentioned(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        ingested(settings_in(tmp_path)).close()

    assert "SQLite" not in caplog.text


def test_a_server_says_it_in_one_line_and_does_not_start(tmp_path: Path) -> None:
    """As a whole process: Python's SQLite, which says that it is an older one, in the place of ours."""
    (tmp_path / "pysqlite3.py").write_text(
        "from sqlite3 import *\nsqlite_version, sqlite_version_info = '3.40.1', (3, 40, 1)\n"
    )
    path = os.pathsep.join(filter(None, [str(tmp_path), os.environ.get("PYTHONPATH")]))
    store = f"sqlite:///{tmp_path / 'store.db'}"
    done = run("serve", "--port", str(free_port()), QA_STORE=store, PYTHONPATH=path)

    assert done.returncode != 0
    assert "SQLite 3.40.1 may, rarely, destroy a store" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "store.db").exists()
