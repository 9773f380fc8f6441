"""A flipped bit in a store's file changes no quote, and nothing that is told of a document, unnoticed."""

import random
from contextlib import closing, suppress
from dataclasses import asdict
from pathlib import Path

import pytest
from building import ingested, settings_in

from qa_service.domain.answer import Answer
from qa_service.domain.errors import OperatorError
from qa_service.domain.question import Message
from qa_service.wiring import Service

QUESTIONS = ("How do Norway and Sweden differ?", "Give me a timeline of the talks", "Who mediated?")
FLIPS = 300
TOLD = ("title", "author", "published", "publisher", "url", "quote", "start", "end", "sha256")


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
        for one in folder.glob("store.db*"):
            one.unlink()


def reference(folder: Path) -> Path:
    (folder / "reference").mkdir()
    return folder / "reference"


def shown(answer: Answer) -> list[dict[str, object]]:
    """What is told of each source of an answer."""
    cited = (asdict(one) for one in answer.citations)
    return [{name: one[name] for name in TOLD} for one in cited]


def flipped(data: bytes, place: int, bit: int) -> bytes:
    made = bytearray(data)
    made[place] ^= 1 << bit
    return bytes(made)


def test_anywhere_in_the_file(data: bytes, tmp_path: Path) -> None:
    folder = tmp_path / "flipped"
    folder.mkdir()
    whole = answers(folder, data)
    assert whole
    with closing(ingested(settings_in(reference(tmp_path)))) as service:
        document = next(iter(service.answering.desk.edition.documents.values()))
    of_it = {
        name: getattr(document, name)
        for name in ("title", "author", "published", "publisher", "url", "sha256")
    }
    used = [place for place, byte in enumerate(data) if byte]
    pick = random.Random(7)  # noqa: S311 - any bits
    noticed = 0
    for place in pick.sample(used, FLIPS):
        found = answers(folder, flipped(data, place, pick.randrange(8)))
        noticed += found is None
        for answer in found or ():
            for told in shown(answer):
                assert told["quote"] == document.text[told["start"] : told["end"]]
                assert {name: told[name] for name in of_it} == of_it
    assert noticed > FLIPS // 20


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
def test_in_what_is_shown_of_a_document(data: bytes, tmp_path: Path, column: str) -> None:
    """Every letter of a short column, and a hundred of the text: none is ever shown otherwise."""
    folder = tmp_path / "flipped"
    folder.mkdir()
    with closing(ingested(settings_in(reference(tmp_path)))) as service:
        document = next(iter(service.answering.desk.edition.documents.values()))
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
