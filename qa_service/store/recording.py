"""What was answered, kept in the store: answers go in from any thread, a background thread writes them.

Recording never slows or fails an answer. The queue is bounded; what does not fit is dropped, counted and
logged. A store that cannot be written to just does not record.
"""

import atexit
import json
import logging
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from queue import Empty, Full, Queue
from typing import Any, Protocol

from qa_service.domain.answer import Answer
from qa_service.domain.errors import StoreError
from qa_service.domain.pack import Recorded
from qa_service.domain.question import Message
from qa_service.store.damage import damaged, decoding
from qa_service.store.encoding import load
from qa_service.store.hashes import differs, hashed
from qa_service.store.shapes import shaped

log = logging.getLogger(__name__)

WAITING = 2000  # answers that may wait to be written
BATCH = 500
GATHER = 0.05  # seconds from the first answer of a batch to its writing
ENDING_SECONDS = 30  # how long the end of the process waits for the last batch
DAYS = 30  # that an answer is kept
KEPT = 20_000  # answers; the oldest make room
KEPT_BYTES = 256 * 2**20  # that they may take; the oldest make room
WEIGHED_EVERY = 64  # batches of one thread
ELSEWHERE = 0.2  # seconds after which an answer of another worker has been written
PATIENT = 2  # threads that wait for that at one time; the others say at once that there is none
LOGGED_EVERY = 60.0  # seconds between two complaints

Item = tuple[Message, Answer]
HASHED = ("id", "question", "history", "documents", "index_version", "answered", "body")
Row = Mapping[str, Any]  # these and their hash: texts, but answered


class Answers(Protocol):
    """The rows of answers in a store. Errors: StoreError."""

    def write(self, rows: Sequence[Row]) -> None:
        """Keep these; one whose id is known is kept as it was. The latest `KEPT` stay, of `KEPT_BYTES`.

        StoreError is the store's fault, any other error that of a row: then none of them is kept.
        """
        ...

    def of(self, ids: Sequence[str]) -> Sequence[Row]:
        """Those of these ids that are kept and written."""
        ...

    def unanswered(self, most: int) -> Sequence[Row]:
        """The latest ``most`` of those that are no answers, the oldest first."""
        ...

    def release(self) -> None:
        """Let go of what writing holds."""
        ...


class Recording:
    """The answers of one store. The thread starts with the first answer; after a fork, make a new one."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._queue: Queue[Item | None] = Queue(WAITING)
        self._unwritten: dict[str, Item] = {}
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._patient = threading.BoundedSemaphore(PATIENT)
        self._thread: threading.Thread | None = None
        self._complained = float("-inf")
        self.dropped = 0  # answers that were not recorded

    def record(self, message: Message, answer: Answer) -> None:
        """Remember an answer. Returns at once and never raises."""
        if self._closing.is_set():
            return
        if self._thread is None:
            self._start()
        self._unwritten[answer.id] = (message, answer)
        try:
            self._queue.put_nowait((message, answer))
        except Full:
            self._unwritten.pop(answer.id, None)
            self._drop(1, "too many are waiting")

    def find(self, answer_id: str) -> Recorded | None:
        """The answer of that id, given by any worker on this store; None when none is kept.

        Raises StoreError.
        """
        found = self._found(answer_id)
        if found is not None or not self._patient.acquire(blocking=False):
            return found
        try:
            time.sleep(ELSEWHERE)
        finally:
            self._patient.release()
        return self._found(answer_id)

    def _found(self, answer_id: str) -> Recorded | None:
        waiting = self._unwritten.get(answer_id)
        if waiting is not None:
            return _recorded(_row(*waiting))
        return next(map(_recorded, self._answers.of([answer_id])), None)

    def among(self, ids: Iterable[str]) -> Mapping[str, Recorded]:
        """The answers of these ids that are kept and written, by id."""
        return {row["id"]: _recorded(row) for row in self._answers.of(list(ids))}

    def refused(self, most: int = KEPT) -> list[Recorded]:
        """The answers that were refusals, among the latest ``most`` without an answer, the oldest first."""
        found = map(_recorded, self._answers.unanswered(most))
        return [one for one in found if one.answer.get("refusal") is not None]  # a greeting is neither

    def close(self) -> None:
        """Write what waits, and end the thread."""
        self._closing.set()
        thread = self._thread
        if thread is not None and thread.is_alive():
            self._queue.put(None)
            thread.join(ENDING_SECONDS)

    def _start(self) -> None:
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._write_all, name="recording", daemon=True)
                self._thread.start()
                atexit.register(self.close)

    def _write_all(self) -> None:
        """The thread: batches, until there is an end to them."""
        last = False
        while not last and (first := self._queue.get()) is not None:
            self._closing.wait(GATHER)
            batch, last = self._gathered(first)
            self._keep(batch)
            for _, answer in batch:
                self._unwritten.pop(answer.id, None)
        self._answers.release()

    def _keep(self, batch: Sequence[Item]) -> None:
        """Write a batch; where one row is at fault, all the others. Never raises: the thread goes on."""
        try:
            self._answers.write([_row(*item) for item in batch])
        except StoreError as error:  # the store is at fault
            self._drop(len(batch), str(error))
            self._answers.release()
        except Exception as error:
            self._answers.release()
            if len(batch) == 1:
                self._drop(1, f"{type(error).__name__}: {error}")
            else:
                for item in batch:
                    self._keep([item])

    def _gathered(self, first: Item) -> tuple[list[Item], bool]:
        """A batch, and whether it is the last one."""
        batch = [first]
        while len(batch) < BATCH:
            try:
                item = self._queue.get_nowait()
            except Empty:
                break
            if item is None:
                return batch, True
            batch.append(item)
        return batch, False

    def _drop(self, count: int, why: str) -> None:
        self.dropped += count
        now = time.monotonic()
        if now - self._complained >= LOGGED_EVERY:
            self._complained = now
            log.warning("%d answers could not be recorded so far: %s", self.dropped, why)


def _row(message: Message, answer: Answer) -> Row:
    row = {
        "id": answer.id,
        "question": message.text,
        "history": json.dumps(message.history),
        "documents": json.dumps(message.documents),
        "index_version": answer.index_version,
        "answered": int(answer.answered),
        "body": json.dumps(answer, default=_fields, ensure_ascii=False, separators=(",", ":")),
    }
    return row | {"hash": hashed(*(row[name] for name in HASHED))}


def _fields(value: Any) -> dict[str, Any]:
    """A dataclass as an object of its fields."""
    return {name: getattr(value, name) for name in value.__slots__}


def _recorded(row: Row) -> Recorded:
    """What was recorded. Raises StoreError when it is damaged."""
    if differs(row.get("hash"), *(row[name] for name in HASHED)):
        raise damaged("answers", "it is not what was recorded")
    with decoding("answers.body"):
        answer = json.loads(row["body"])
    if not shaped(Answer, answer):
        raise damaged("answers.body", "it is no answer")
    return Recorded(
        id=row["id"],
        message=Message(
            text=row["question"],
            history=load(tuple[str, ...], row["history"]),
            documents=load(tuple[str, ...], row["documents"]),
        ),
        index_version=row["index_version"],
        answered=bool(row["answered"]),
        answer=answer,
    )
