"""Small documents of our own to choose from."""

import pytest
from telling import Tell, Told, told

from qa_service.wiring import Service


@pytest.fixture(scope="session")
def tell(tmp_path_factory: pytest.TempPathFactory) -> Tell:
    """Documents in Markdown, ready to be asked: ``tell("# Title ...")``; the same texts are told once."""
    known: dict[tuple[str, ...], Told] = {}

    def remembered(*texts: str) -> Told:
        if texts not in known:
            known[texts] = told(tmp_path_factory.mktemp("told"), texts)
        return known[texts]

    return remembered


@pytest.fixture(scope="session")
def river(service: Service) -> Told:
    """The commentary."""
    return Told(service.answering.desk)
