"""A machine that fails: what of a store stands on the disk after any of the writes that a process made.

Run as a program, this does all that has to last, and notes in a file what was acknowledged. Its writes are
recorded (`recorder.c`); `after` gives the files as a disk may hold them that got so many of them: what was
waited for stands, of the rest nothing, all or any part.
"""

import os
import random
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from samples import one

from qa_service.domain.conversation import Turn
from qa_service.domain.principal import ANONYMOUS, Scope
from qa_service.store.conversations import SqliteConversations
from qa_service.store.keys import SqliteKeys
from qa_service.store.notebook import Notebook
from qa_service.store.sqlite import SqliteStore

RULES = "rules"
NOTES, SECRET, FOLDER = "acknowledged", "secret", "data"
ROUNDS, TURNS = 12, 4
SECOND = 1.0  # within which turns are on the disk
SETTLED = 0.3  # seconds in which a log is emptied
SECTOR = 512  # bytes that a disk writes whole


@dataclass(frozen=True)
class Write:
    """One record: ``write`` at a place, ``append``, ``cut`` to a length, ``named`` like another file.

    Or ``stands``: the disk has it, of a folder the names in it.
    """

    what: str
    file: str
    place: int
    data: bytes


def work(store: Path) -> None:
    """Keys, deletions and documents, each between turns of conversations; ended midway by nobody."""
    noted = os.open(store.with_name(NOTES), os.O_WRONLY | os.O_CREAT)
    book = Notebook(store)
    keys, told = SqliteKeys(book, store.with_name(SECRET)), SqliteConversations(book, days=30)
    documents = SqliteStore(store, RULES)

    def note(*words: object) -> None:
        os.write(noted, f"{' '.join(map(str, words))}\n".encode())

    kept, turns = told.begin(ANONYMOUS), 0
    note("begun", kept.id)
    for number in range(ROUNDS):
        for _ in range(TURNS):
            told.add(kept, Turn(question=str(turns), answer_id="0"))
            note("turn", turns)
            turns += 1
        if number % 4 == 1:
            time.sleep(SECOND)
            note("second", number)  # since the last turn
        gone = told.begin(ANONYMOUS)
        told.add(gone, Turn(question="soon gone", answer_id="0"))  # stands on the disk with the key
        made, text = keys.create(f"reader {number}", frozenset({Scope.ASK}))
        note("key", text)
        if number % 2:
            keys.revoke(made.id)
            note("revoked", text)
        documents.publish([one(f"d{number}")], removed=[f"d{number - 3}"] if number % 3 == 0 else ())
        note("document", f"d{number}")
        if number % 3 == 0:
            note("removed", f"d{number - 3}")
        if number % 4 == 3:
            told.forget(gone.id, ANONYMOUS)
            note("forgotten", gone.id)
            time.sleep(SETTLED)
    documents.close()
    book.close()


def recorded(file: Path) -> Sequence[Write]:
    """The records, files by their names."""
    return tuple(_records(file.read_bytes()))


def _records(raw: bytes) -> Iterator[Write]:
    place = 0
    while place < len(raw):
        end = raw.index(b"\n", place)
        what, length, offset, path = raw[place:end].decode().split(" ", 3)
        place = end + 1 + int(length)
        yield Write(what, Path(path).name, int(offset), raw[end + 1 : place])


Choice = Callable[[Sequence[Write]], Sequence[Write]]  # what of the writes that nobody waited for was done


def after(before: Mapping[str, bytes], writes: Sequence[Write], choose: Choice) -> dict[str, bytes]:
    """The files, when the machine failed after these writes."""
    found = {name: bytearray(data) for name, data in before.items()}
    waiting: dict[str, list[Write]] = {}
    for write in writes:
        if write.what == "stands":
            _apply(found, waiting.pop(write.file, []))
        else:
            waiting.setdefault(FOLDER if write.what == "named" else write.file, []).append(write)
    for left in waiting.values():
        _apply(found, choose(left))
    return {name: bytes(data) for name, data in found.items()}


def _apply(files: dict[str, bytearray], writes: Sequence[Write]) -> None:
    for write in writes:
        if write.what == "named":
            files[write.file] = files.get(Path(write.data.decode()).name, bytearray())
            continue
        data = files.setdefault(write.file, bytearray())
        if write.what == "cut":
            del data[write.place :]
            data.extend(bytes(max(0, write.place - len(data))))
            continue
        place = len(data) if write.what == "append" else write.place
        data.extend(bytes(max(0, place - len(data))))
        data[place : place + len(write.data)] = write.data


def choices(chance: random.Random) -> Sequence[Choice]:
    """Nothing, everything, some, and everything but the end of the last."""

    def some(writes: Sequence[Write]) -> Sequence[Write]:
        return [write for write in writes if chance.random() < 0.5]

    def torn(writes: Sequence[Write]) -> Sequence[Write]:
        last = writes[-1]
        kept = chance.randrange(0, len(last.data) + 1, SECTOR) if last.data else 0
        return [
            *writes[:-1],
            *([Write(last.what, last.file, last.place, last.data[:kept])] if last.data else []),
        ]

    return (lambda _: (), lambda writes: writes, some, torn)


if __name__ == "__main__":
    work(Path(sys.argv[1]))
