"""The candidate index follows the store, whoever is killed between the two."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from building import (
    COMMENTARY,
    at_once,
    document,
    indexed,
    overwritten,
    repeated_beside,
    replaced,
    settings_in,
)

from qa_service.app import _prepared as prepared
from qa_service.domain.answer import Answer
from qa_service.domain.errors import DamagedIndexError, StoreError
from qa_service.domain.ports import Candidates, Moment
from qa_service.domain.question import Message, Term
from qa_service.search import footers
from qa_service.search.bm25 import Bm25Searcher
from qa_service.search.candidates import CandidateSearcher
from qa_service.search.embedded import EmbeddedCandidates
from qa_service.wiring import Service

KILLS = 8
WRITER = """
import sys
from pathlib import Path
from qa_service.settings import load
from qa_service.wiring import Service

service = Service(load())
service.prepare()
print("ready", flush=True)
number = int(sys.argv[1])
while True:
    number += 1
    text = f"# Note {number}\\n\\nThe weir {number} was finished in {1900 + number % 90}."
    service.indexing.receive([(f"note{number % 40}.md", text.encode())])
    print(number, flush=True)
"""


def service_in(folder: Path) -> Service:
    return Service(settings_in(folder, QA_CANDIDATES="tantivy"))


def assert_agree(service: Service) -> None:
    """The index leads to what rank_bm25 finds over everything."""
    snapshot = service.store.snapshot()
    candidates = CandidateSearcher(snapshot, service.following.source(snapshot))
    memory = Bm25Searcher(snapshot)
    for stems in (["weir"], ["water", "weir"], ["note", "3"], ["1950", "finish"]):
        terms = [Term(stem=stem) for stem in stems]
        pairs = [(stems[0], stems[-1])]
        assert candidates.search(terms, limit=50, pairs=pairs) == memory.search(terms, limit=50, pairs=pairs)


def test_a_writer_killed_at_any_moment_leaves_both_in_agreement(tmp_path: Path) -> None:
    pick = random.Random(20)  # noqa: S311 - a sample, not a secret
    environment = {**os.environ, "QA_STORE": f"sqlite:///{tmp_path / 'store.db'}", "QA_CANDIDATES": "tantivy"}
    told = 0
    for _ in range(KILLS):
        process = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(told)], env=environment, stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        told = int(process.stdout.readline())
        time.sleep(pick.uniform(0, 0.2))
        process.send_signal(signal.SIGKILL)
        rest = process.communicate()[0].splitlines()
        told = int(rest[-1]) if rest else told
        with closing(service_in(tmp_path)) as service:
            service.prepare()
            held = set(service.store.snapshot().ids())
            assert len(held) == min(told, 40) or len(held) == min(told + 1, 40)  # what was told stays
            assert_agree(service)


def test_readers_answer_from_one_version_while_documents_come_and_go(tmp_path: Path) -> None:
    with closing(service_in(tmp_path)) as writer, closing(service_in(tmp_path)) as reader:
        writer.indexing.ingest([COMMENTARY])
        versions: set[str] = set()

        def ask() -> None:
            answer = reader.answering.answer(Message(text="When was the Joint Skarn Commission founded?"))
            assert answer.answered
            assert all(one.quote for one in answer.citations)
            versions.add(answer.index_version)

        with repeated_beside(ask):
            for number in range(25):
                writer.indexing.receive([("weir.md", f"# Weir\n\nThe weir {number} is closed.".encode())])
        assert len(versions) > 1
        assert reader.candidates(reader.store.snapshot().size) == "tantivy"


def test_two_services_publish_at_once(tmp_path: Path) -> None:
    with closing(service_in(tmp_path)) as one, closing(service_in(tmp_path)) as other:

        def publish(service: Service, name: str) -> None:
            for number in range(8):
                text = f"# {name} {number}\n\nThe weir {number} of {name} was finished in 1950."
                service.indexing.receive([(f"{name}{number}.md", text.encode())])

        with at_once([lambda: publish(one, "north"), lambda: publish(other, "south")]):
            pass
        assert one.store.snapshot().size.documents == 16
        assert_agree(one)


def test_an_index_that_is_deleted_is_made_anew(tmp_path: Path) -> None:
    with closing(service_in(tmp_path)) as service:
        service.indexing.ingest([COMMENTARY])
    shutil.rmtree(tmp_path / "store.db.candidates")
    with closing(service_in(tmp_path)) as service:
        service.prepare()
        assert_agree(service)
        assert service.answering.answer(Message(text="Who was sent to mediate?")).answered


def test_an_index_of_another_release_is_made_anew(tmp_path: Path) -> None:
    with closing(service_in(tmp_path)) as service:
        service.indexing.ingest([COMMENTARY])
        writing = service.following.index.writing()
        writing.commit(Moment(version="1 2", position=3))  # tells its state in another number of words
    with closing(service_in(tmp_path)) as service:
        assert service.following.index.current().state.moment == Moment()
        assert_agree(service)


def test_an_index_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    with closing(service_in(tmp_path)) as service:
        service.indexing.ingest([COMMENTARY])
    shutil.rmtree(tmp_path / "store.db.candidates")
    (tmp_path / "store.db.candidates").write_text("a file where the folder was", encoding="utf-8")
    with closing(service_in(tmp_path)) as service, pytest.raises(StoreError, match=r"store\.db\.candidates"):
        service.prepare()


def test_a_restored_store_that_goes_another_way_is_followed(tmp_path: Path) -> None:
    def note(number: int) -> tuple[str, bytes]:
        return f"n{number}.md", f"# Note {number}\n\nThe weir {number} was finished in 19{number}0.".encode()

    with closing(service_in(tmp_path)) as service:
        service.indexing.receive([note(1), note(2)])
    shutil.copy(tmp_path / "store.db", tmp_path / "backup.db")
    with closing(service_in(tmp_path)) as service:
        service.indexing.receive([note(3), note(4)])
    shutil.copy(tmp_path / "backup.db", tmp_path / "store.db")
    with closing(service_in(tmp_path)) as service:
        service.indexing.receive([note(5), note(6), note(7)])  # past the position that the index knows
        snapshot = service.store.snapshot()
        candidates = CandidateSearcher(snapshot, service.following.source(snapshot))
        for year in ("1930", "1950", "1970"):
            terms = [Term(stem=year)]
            assert candidates.search(terms, limit=5) == Bm25Searcher(snapshot).search(terms, limit=5)


def test_an_empty_store_refuses(tmp_path: Path) -> None:
    with closing(service_in(tmp_path)) as service:
        service.prepare()
        service.open()
        assert not service.answering.answer(Message(text="Who was sent to mediate?")).answered


def test_a_forked_worker_brings_an_index_up_to_date_itself(tmp_path: Path) -> None:
    with closing(service_in(tmp_path)) as writer:
        writer.indexing.ingest([COMMENTARY])
        worker = prepared(settings_in(tmp_path, QA_CANDIDATES="tantivy"))  # as gunicorn does before it forks
        writer.indexing.receive([("weir.md", b"# Weir\n\nThe weir of Asker was finished in 1950.")])
        (gone,) = (name for name in writer.store.snapshot().ids() if name.startswith("weir"))
        writer.store.publish((), removed=[gone])  # as if killed before the index knew
        with closing(worker):
            assert worker.answering.answer(Message(text="Who was sent to mediate?")).answered


FLIPS = 12  # 300 with `-m long`
ASKED = ("How do Norway and Sweden differ?", "Who mediated?", "What is the capital of Peru?")


@pytest.fixture
def template(tmp_path: Path) -> Path:
    """A store whose index has several segments and deleted passages."""
    folder = tmp_path / "template"
    folder.mkdir()
    with closing(service_in(folder)) as service:
        service.indexing.ingest([COMMENTARY])
        service.indexing.receive([("weir.md", b"# Weir\n\nThe weir of Asker was finished in 1950.")])
        (gone,) = (name for name in service.store.snapshot().ids() if name.startswith("weir"))
        service.indexing.receive([("dam.md", b"# Dam\n\nThe dam of Asker was finished in 1960.")])
        service.indexing.remove(gone)
    return folder


def candidates(folder: Path) -> list[Path]:
    found = (folder / "store.db.candidates").iterdir()
    return sorted(one for one in found if one.suffix != ".lock")


def told(service: Service) -> list[Answer]:
    return [service.answering.answer(Message(text=one)) for one in ASKED]


@pytest.mark.parametrize("flips", [FLIPS, pytest.param(300, marks=pytest.mark.long)])
def test_whatever_bit_of_the_index_is_flipped_answers_are_the_same(template: Path, flips: int) -> None:
    with closing(service_in(template)) as service:
        whole = told(service)
    pick, anew = random.Random(12), 0  # noqa: S311 - any bits
    for number in range(flips):
        folder = template.with_name(f"flipped{number}")
        shutil.copytree(template, folder)
        files = candidates(folder)
        file = files[number % len(files)]
        data = bytearray(file.read_bytes())
        data[pick.randrange(len(data))] ^= 1 << pick.randrange(8)
        replaced(file, data)
        with closing(service_in(folder)) as service:
            service.prepare()
            assert told(service) == whole, file
            assert_agree(service)
        anew += not set(files) <= set(candidates(folder))
    assert anew > flips // 2


def test_a_damaged_index_is_there_again_within_half_a_minute(tmp_path: Path) -> None:
    text = " ".join(f"The weir number {number} holds the water of the upper valley." for number in range(600))
    with closing(service_in(tmp_path)) as service:
        service.store.publish([indexed(document(text, id=f"d{number}")) for number in range(40)])
        assert service.store.snapshot().size.passages > 2000
        service.prepare()
    for file in candidates(tmp_path):
        replaced(file, file.read_bytes()[:-1])
    begun = time.monotonic()
    with closing(service_in(tmp_path)) as service:
        service.prepare()
        assert_agree(service)
    assert time.monotonic() - begun < 30  # 0.5 s


def test_an_index_that_lost_passages_is_made_anew(template: Path) -> None:
    """All of its files are whole, but the last word on which are deleted is not theirs."""
    meta = template / "store.db.candidates" / "meta.json"
    committed = json.loads(meta.read_text())
    assert any(one["deletes"] for one in committed["segments"])
    for one in committed["segments"]:
        one["deletes"] = None
    meta.write_text(json.dumps(committed))
    with closing(service_in(template)) as service:
        assert_agree(service)
        assert meta.read_text() != json.dumps(committed)


def test_a_damaged_index_is_made_anew_by_whoever_publishes(template: Path) -> None:
    for file in candidates(template):
        replaced(file, file.read_bytes()[:-1])
    with closing(service_in(template)) as service:
        service.indexing.receive([("weir.md", b"# Weir\n\nThe weir of Asker was finished in 1950.")])
        assert service.following.index.current().state.moment == service.store.moment()
        assert_agree(service)


def test_two_services_meet_a_damaged_index_at_once(template: Path) -> None:
    for file in template.glob("store.db.candidates/*.idx"):
        replaced(file, bytes(file.stat().st_size))
    with closing(service_in(template)) as one, closing(service_in(template)) as other:
        with at_once([lambda: assert_agree(one), lambda: assert_agree(other)]):
            pass
        assert told(one) == told(other)


def test_an_index_that_is_damaged_while_it_is_open_is_made_anew(
    template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaged(*_: object) -> Candidates:
        (file,) = template.glob("store.db.candidates/*.term")
        overwritten(file, b"\xff" * file.stat().st_size)
        monkeypatch.undo()
        raise DamagedIndexError("tantivy met what cannot be")

    with closing(service_in(template)) as service:
        service.following.catch_up()
        whole = told(service)
        source = service.following.source(service.store.snapshot())
        monkeypatch.setattr(EmbeddedCandidates, "candidates", damaged)
        service.following.index.discard(service.following.index.told())
        service.following.catch_up()  # one segment
        assert next(iter(source.candidates({"skarn": 1.0}, 5))).numbers
        assert_agree(service)
        assert told(service) == whole


def test_what_stays_damaged_is_told(template: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(footers, "is_whole", lambda _: False)
    with closing(service_in(template)) as service, pytest.raises(StoreError, match=r"store\.db\.candidates"):
        service.answering.answer(Message(text=ASKED[0]))
