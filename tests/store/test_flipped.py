"""A flipped bit in a store's file changes nothing that is told of a document unnoticed: no quote, title,
heading, name, date, end of a sentence. A file that is cut off is told too.
"""

import random
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import pytest
from building import ingested, settings_in

from qa_service.domain.answer import Answer
from qa_service.domain.document import Document
from qa_service.domain.errors import OperatorError
from qa_service.domain.question import Message
from qa_service.wiring import Service

QUESTIONS = ("How do Norway and Sweden differ?", "Give me a timeline of the talks", "Who mediated?")
FLIPS = 300
OF_IT = ("title", "author", "published", "publisher", "url", "sha256")


@pytest.fixture
def data(tmp_path: Path) -> bytes:
    ingested(settings_in(tmp_path)).close()
    return (tmp_path / "store.db").read_bytes()


def answers(folder: Path, data: bytes) -> list[Answer] | None:
    """What a service answers over such a file; None when it says that it cannot."""
    (folder / "store.db").write_bytes(data)
    service = Service(settings_in(folder))
    try:
        return [service.answering.answer(Message(text=one)) for one in QUESTIONS]
    except OperatorError:
        return None
    finally:
        with suppress(OperatorError):
            service.close()
        for name in ("", "-wal", "-shm"):
            (folder / f"store.db{name}").unlink(missing_ok=True)


@dataclass(frozen=True)
class Truth:
    """What may be told of the commentary."""

    document: Document
    sections: Mapping[str, str | None]  # of the passages, by id
    starts: frozenset[int]  # of sentences
    ends: frozenset[int]
    names: frozenset[str]
    dates: frozenset[str]

    def holds(self, answer: Answer) -> bool:
        """Whether all that an answer tells is so."""
        cited = all(
            {name: told[name] for name in OF_IT} == {name: getattr(self.document, name) for name in OF_IT}
            and told["quote"] == self.document.text[told["start"] : told["end"]]
            and self.sections[told["passage_id"]] == told["section"]
            and told["start"] in self.starts
            and told["end"] in self.ends
            for told in map(asdict, answer.citations)
        )
        speakers = {one.speaker for one in answer.statements} - {None}
        dated = {date for one in answer.timeline or () for date in (one.date, one.end)} - {None}
        return cited and speakers <= self.names and dated <= self.dates


@pytest.fixture
def truth(tmp_path: Path) -> Truth:
    (tmp_path / "reference").mkdir()
    with closing(ingested(settings_in(tmp_path / "reference"))) as service:
        edition = service.answering.desk.edition
        ((document_id, document),) = edition.documents.items()
        passages, found = edition.passages_of(document_id), edition.annotations[document_id]
        sentences = [sentence for one in passages for sentence in one.sentences]
        events, clauses = found.events, found.positions
        return Truth(
            document=document,
            sections={one.id: one.section for one in passages},
            starts=frozenset(one.start for one in sentences) | {one.content_start for one in clauses},
            ends=frozenset(one.end for one in sentences) | {one.content_end for one in clauses},
            names=frozenset(name for names in found.holders for name in names) | {str(document.author)},
            dates=frozenset(date for one in events for date in _written(one.first) | _written(one.last)),
        )


def _written(day: str) -> set[str]:
    """A day, its month and its year."""
    return {day, day[:7], day[:4]}


def flipped(data: bytes, place: int, bit: int) -> bytes:
    made = bytearray(data)
    made[place] ^= 1 << bit
    return bytes(made)


def test_anywhere_in_the_file(data: bytes, truth: Truth, tmp_path: Path) -> None:
    folder = tmp_path / "flipped"
    folder.mkdir()
    whole = answers(folder, data)
    assert whole
    assert all(map(truth.holds, whole))
    used = [place for place, byte in enumerate(data) if byte]
    pick = random.Random(7)  # noqa: S311 - any bits
    noticed = 0
    for place in pick.sample(used, FLIPS):
        found = answers(folder, flipped(data, place, pick.randrange(8)))
        noticed += found is None
        assert all(map(truth.holds, found or ()))
    assert noticed > FLIPS // 5


def test_a_schema_that_is_no_text(data: bytes, tmp_path: Path) -> None:
    """SQLite's own message about it is none either."""
    folder = tmp_path / "flipped"
    folder.mkdir()
    statement = b"CREATE TABLE"
    places = [place for place in range(len(data)) if data.startswith(statement, place)]
    assert places
    found = [answers(folder, flipped(data, place + len("CREATE"), 7)) for place in places]
    assert found.count(None) > len(places) / 4  # others stand in pages that are no longer in use


@pytest.mark.parametrize("column", ["text", "title", "author", "publisher", "published", "url"])
def test_in_what_is_shown_of_a_document(data: bytes, truth: Truth, tmp_path: Path, column: str) -> None:
    """Every letter of a short column, and a hundred of the text: none is ever shown otherwise."""
    folder = tmp_path / "flipped"
    folder.mkdir()
    document = truth.document
    value = (getattr(document, column) or "").encode()
    if not value:
        pytest.skip(f"The commentary has no {column}")
    start = data.index(document.id.encode() + document.title.encode() + document.text.encode()[:40])
    after = {"title": start, "text": start}.get(column) or data.index(document.sha256.encode(), start)
    place = data.index(value[:60], after)
    pick = random.Random(9)  # noqa: S311 - any bits
    places = range(place, place + len(value)) if len(value) < 60 else range(place, place + 600, 6)
    for one in places:
        assert answers(folder, flipped(data, one, pick.randrange(7))) is None


def test_a_file_that_is_cut_off(data: bytes, tmp_path: Path) -> None:
    folder = tmp_path / "cut"
    folder.mkdir()
    whole = answers(folder, data)
    (folder / "store.db.publishing").touch()  # as it stays beside a store
    found = [
        answers(folder, data[:length]) for length in (0, 1, 99, 100, 4096, len(data) // 3, len(data) - 1)
    ]
    assert all(one in (None, whole) for one in found)
    assert found[:-1] == [None] * (len(found) - 1)
