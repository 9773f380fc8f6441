"""A store with the commentary on disk, and one server over it, for tests of whole processes."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from building import settings_in

from channels.running import Server, serving
from qa_service.settings import Settings
from qa_service.wiring import Service

CORPUS = Path(__file__).parents[2] / "index" / "corpus"
QUESTIONS = {
    "divergence": "How do Norway and Sweden differ?",
    "timeline": "Give me a timeline of the talks",
    "position": "What does Norway say about the flow gauges?",
    "fact": "Who mediated?",
    "definition": "What is the SFA?",
    "reason": "Why did the mediator leave?",
    "summary": "Summarise the commentary",
    "refusal": "What is the capital of Peru?",
    "small_talk": "Hello",
}


@pytest.fixture(params=QUESTIONS.items(), ids=QUESTIONS.keys())
def question_of_kind(request: pytest.FixtureRequest) -> tuple[str, str]:
    """A kind of answer, and a question that the commentary gives this kind of answer to."""
    return request.param


@pytest.fixture
def store_url(service: Service, settings: Settings, tmp_path: Path) -> str:
    """A store of one's own with the commentary in it."""
    source = settings.store_path
    for name in (source.name, f"{source.name}-wal"):
        if source.with_name(name).exists():
            shutil.copy(source.with_name(name), tmp_path / name)
    return f"sqlite:///{tmp_path / source.name}"


@pytest.fixture(scope="session")
def bundled_store(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The URL of a store with the digest that the service ships, as docs and README show it."""
    bundled = Service(settings_in(tmp_path_factory.mktemp("bundled")))
    bundled.prepare()
    assert not bundled.indexing.ingest([CORPUS]).rejected
    bundled.close()
    return bundled.settings.store


@pytest.fixture(scope="session")
def server(service: Service, settings: Settings) -> Iterator[Server]:
    with serving(QA_STORE=settings.store, QA_RECORD_ANSWERS="false") as running:
        yield running
