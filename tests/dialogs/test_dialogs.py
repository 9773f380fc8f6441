"""Every dialog goes as written, in process; other channels may run the same dialogs."""

from pathlib import Path

import pytest
from building import settings_in
from dialog import Dialog, dialogs, failures, in_process

from qa_service.wiring import Service

CORPUS = Path(__file__).parents[2] / "index" / "corpus"
DIALOGS = dialogs()


@pytest.fixture(scope="module")
def services(service: Service, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Service]:
    bundled = Service(settings_in(tmp_path_factory.mktemp("bundled")))
    bundled.prepare()
    assert not bundled.indexing.ingest([CORPUS]).rejected
    return {"commentary": service, "bundled": bundled}


@pytest.mark.parametrize("dialog", DIALOGS, ids=lambda dialog: dialog.name)
def test_a_dialog_goes_as_written(services: dict[str, Service], dialog: Dialog) -> None:
    assert list(failures(dialog, in_process(services[dialog.corpus]))) == []


def test_there_are_enough_of_them() -> None:
    assert len(DIALOGS) >= 12
    assert sum(len(dialog.turns) for dialog in DIALOGS) >= 50


def test_a_failure_is_told() -> None:
    def ask(question: str, history: tuple[str, ...]) -> dict[str, object]:
        return {"kind": "fact", "answered": True, "text": "Atlantis"}

    told = list(failures(DIALOGS[0], ask))
    assert any("kind fact, not small_talk" in one for one in told)
    assert any("lacks 'protects the valley'" in one for one in told)
