"""A desk of a test's own; and for browsers one that is served, with what an operator may find there."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from browsing import browsing
from building import ingested, settings_in
from playwright.sync_api import Browser

from channels.admin.desks import Desk, desk_over
from channels.running import Server, serving
from qa_service.app import create_app
from qa_service.domain.conversation import Feedback, Thumb
from qa_service.domain.principal import Scope
from qa_service.domain.question import Message
from qa_service.wiring import Service

UNANSWERED = ["What is the capital of Peru?", "What is Peru's capital?", "Who won the match in Lima?"]
DISLIKED = "How do Norway and Sweden differ?"


def furnished(service: Service, folder: Path) -> None:
    """Put into a store what the desk shows: questions, opinions, and files that were rejected."""
    asked = {text: service.answering.answer(Message(text=text)) for text in [*UNANSWERED, DISLIKED]}
    for text, thumb, comment in ((DISLIKED, Thumb.DOWN, "Iceland is missing"), (UNANSWERED[0], Thumb.UP, "")):
        service.opinions.give(
            Feedback(answer_id=asked[text].id, thumb=thumb, comment=comment, giver=f"a reader of {text}")
        )
    (folder / "broken.pdf").write_bytes(b"no PDF")
    assert service.indexing.ingest([folder / "broken.pdf"]).rejected
    service.recording.close()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    settings = settings_in(tmp_path, QA_RECORD_ANSWERS="true", QA_INGEST_FILE_BYTES="100000")
    service = ingested(settings)
    furnished(service, tmp_path)
    yield desk_over(service, create_app(settings))
    service.close()


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with browsing() as chromium:
        yield chromium


@dataclass(frozen=True)
class Served:
    """A desk that is served, and the key to it."""

    server: Server
    key: str

    @property
    def here(self) -> str:
        return f"http://127.0.0.1:{self.server.port}"


@pytest.fixture(scope="package")
def furniture(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A store with what the desk shows, to be copied, and the key to its desk."""
    folder = tmp_path_factory.mktemp("desk")
    settings = settings_in(folder, QA_RECORD_ANSWERS="true")
    service = ingested(settings)
    furnished(service, folder)
    key = service.keys.create("desk", frozenset({Scope.ADMIN}))[1]
    service.close()
    return settings.store_path, key


@pytest.fixture(scope="package")
def served(furniture: tuple[Path, str]) -> Iterator[Served]:
    """A desk to look at."""
    store, key = furniture
    with serving(QA_STORE=f"sqlite:///{store}") as server:
        yield Served(server, key)


@pytest.fixture
def own_served(furniture: tuple[Path, str], tmp_path: Path) -> Iterator[Served]:
    """A desk of a test's own."""
    store, key = furniture
    for file in store.parent.glob(f"{store.name}*"):
        shutil.copy(file, tmp_path)
    with serving(QA_STORE=f"sqlite:///{tmp_path / store.name}", QA_INGEST_FILE_BYTES="100000") as server:
        yield Served(server, key)
