"""Conversations and feedback in the cluster: a conversation is one document, read and written by its id."""

import hashlib
import secrets
import threading
import time
from collections.abc import Callable, Mapping, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from qa_service.domain.conversation import Conversation, Feedback, Thumb, Turn, opinions_of
from qa_service.domain.errors import NotFoundError, StoreError
from qa_service.domain.principal import Principal
from qa_service.store import conversations as limits
from qa_service.store.notebook import UNDERWAY
from qa_service.store.opensearch.bulk import Found
from qa_service.store.opensearch.engine import Engine
from qa_service.store.opensearch.failures import AbsentError, ConflictError
from qa_service.store.opensearch.jotting import Jot, Jotter

TRIES = 20  # at a document that other processes change at the same moment


@dataclass(frozen=True, slots=True)
class _Said:
    """A turn on its way into a conversation; its id tells whether it has arrived."""

    conversation_id: str
    id: str
    turn: Turn
    said: int

    @property
    def row(self) -> Mapping[str, Any]:
        return {
            "id": self.id,
            "question": self.turn.question,
            "answer_id": self.turn.answer_id,
            "said": self.said,
        }


class OpenSearchConversations:
    """See Conversations. ``days`` after its last question, a conversation is gone."""

    def __init__(
        self, engine: Engine, jotter: Jotter, days: int, clock: Callable[[], float] = time.time
    ) -> None:
        self._engine, self._jotter, self._days, self._clock = engine, jotter, days, clock
        self._tidied = float("-inf")

    def begin(self, owner: Principal) -> Conversation:
        """See Conversations."""
        return self._begun(owner, None)

    def under(self, owner: Principal, key: str) -> Conversation:
        """See Conversations."""
        thread = hashlib.sha256(f"{owner.owner}\0{key}".encode("utf-8", "replace")).hexdigest()
        for _ in range(TRIES):
            try:
                pointer = self._engine.get("threads", thread)
            except AbsentError:
                self._begin_thread(owner, thread)
                continue
            try:
                return self.find(pointer["_source"]["conversation"], owner)
            except NotFoundError:
                self._drop("threads", thread, pointer)
        raise StoreError("The conversation of a thread is begun and removed without end.")

    def _begin_thread(self, owner: Principal, thread: str) -> None:
        made = self._begun(owner, thread)
        try:
            self._engine.create("threads", thread, {"conversation": made.id})
        except ConflictError:  # another process has just begun it, or this one with a try that seemed lost
            if self._engine.get("threads", thread)["_source"]["conversation"] != made.id:
                self._drop("conversations", made.id)

    def _begun(self, owner: Principal, thread: str | None) -> Conversation:
        now = int(self._clock())
        self._tidy(now)
        made = Conversation(id=secrets.token_urlsafe(limits.ID_BYTES), owner=owner.owner, begun=now)
        body = {"owner": made.owner, "begun": now, "used": now, "turns": [], "answers": [], "thread": thread}
        self._engine.put("conversations", made.id, body)
        return made

    def find(self, conversation_id: str, owner: Principal) -> Conversation:
        """See Conversations."""
        waiting = self._jotter.waiting
        kept = self._owned(conversation_id, owner)["_source"]
        written = {row["id"] for row in kept["turns"]}
        past = self._past
        turns = [
            Turn(id=row["id"], question=row["question"], answer_id=row["answer_id"])
            for row in kept["turns"]
            if row["said"] >= past
        ]
        turns += [
            one.turn
            for one in waiting
            if isinstance(one, _Said) and one.conversation_id == conversation_id and one.id not in written
        ]
        return Conversation(
            id=conversation_id, owner=owner.owner, begun=kept["begun"], turns=tuple(turns[-limits.TURNS :])
        )

    def add(self, conversation: Conversation, turn: Turn) -> None:
        """See Conversations."""
        named = replace(turn, id=turn.id or secrets.token_hex(8))
        said = _Said(conversation.id, named.id, named, int(self._clock()))
        self._jotter.jot(Jot(lambda patience: self._write(said, patience), about=said))

    def _write(self, said: _Said, patience: float) -> None:
        deadline = time.monotonic() + patience
        while True:
            try:
                found = self._engine.get("conversations", said.conversation_id, patience)
            except AbsentError:
                return  # forgotten meanwhile
            kept = found["_source"]
            if any(row["id"] == said.id for row in kept["turns"]):
                return  # an earlier try did arrive
            turns = [row for row in [*kept["turns"], said.row] if row["said"] >= self._past]
            held = _holding(turns[-limits.TURNS :])
            body = {**kept, **held, "used": max(kept["used"], said.said)}
            try:
                self._engine.put("conversations", said.conversation_id, body, found, patience)
            except ConflictError as error:
                if time.monotonic() > deadline:
                    raise StoreError("A conversation is changed by too many at once.") from error
            else:
                return

    def forget(self, conversation_id: str, owner: Principal) -> None:
        """See Conversations."""
        kept = self._owned(conversation_id, owner)["_source"]
        given = {turn.answer_id for turn in self.find(conversation_id, owner).turns}
        self._drop("conversations", conversation_id)
        if kept["thread"] is not None:
            self._drop("threads", kept["thread"])
        self._engine.remove("feedback", {"term": {"giver": opinions_of(conversation_id)}})
        self._forget_answers(given - self._shared(given))

    def _shared(self, answers: Set[str]) -> Set[str]:
        """Those of these answers that a conversation was given, or somebody judged."""
        found: set[str] = set()
        if not answers:
            return found
        for name, field in (("conversations", "answers"), ("feedback", "answer_id")):
            query = {"terms": {field: sorted(answers)}}
            counted = {"each": {"terms": {"field": field, "include": sorted(answers), "size": limits.TURNS}}}
            self._engine.refresh(name)
            told = self._engine.search(name, {"query": query, "size": 0, "aggs": counted})
            found |= {one["key"] for one in told["aggregations"]["each"]["buckets"]}
        return found

    def _forget_answers(self, answers: Set[str]) -> None:
        """Now, and once what is on its way is written."""
        gone = [("delete", one, None) for one in sorted(answers)]
        self._engine.bulk("answers", gone)
        later = threading.Timer(UNDERWAY, self._again, [gone])
        later.daemon = True
        later.start()

    def _again(self, gone: Sequence[tuple[str, str, None]]) -> None:
        with suppress(StoreError):
            self._engine.bulk("answers", gone)

    def _owned(self, conversation_id: str, owner: Principal) -> Found:
        try:
            found = self._engine.get("conversations", _safe(conversation_id))
        except AbsentError:
            found = {}
        kept = found.get("_source")
        if kept is None or kept["owner"] != owner.owner or kept["used"] < self._past:
            raise NotFoundError("There is no such conversation.", "conversation_id")
        return found

    @property
    def _past(self) -> int:
        """What was said before this is gone."""
        return int(self._clock()) - self._days * limits.DAY

    def _drop(self, name: str, key: str, over: Found | None = None) -> None:
        with suppress(AbsentError, ConflictError):  # another process was faster
            self._engine.delete(name, key, over)

    def _tidy(self, now: int) -> None:
        """Remove what has had its time, once an hour. A thread whose conversation is gone begins anew."""
        if now - self._tidied < limits.HOUR:
            return
        self._tidied = now
        self._engine.remove("conversations", {"range": {"used": {"lt": self._past}}})
        owners = {"owners": {"terms": {"field": "owner", "min_doc_count": limits.CONVERSATIONS + 1}}}
        found = self._engine.search("conversations", {"size": 0, "aggs": owners})
        for bucket in found["aggregations"]["owners"]["buckets"]:
            query = {"term": {"owner": bucket["key"]}}
            many = bucket["doc_count"] - limits.CONVERSATIONS
            self._engine.remove("conversations", query, sort="used:asc", max_docs=str(many))


class OpenSearchOpinions:
    """See Opinions."""

    def __init__(self, engine: Engine, jotter: Jotter, clock: Callable[[], int] = time.time_ns) -> None:
        self._engine, self._jotter, self._clock = engine, jotter, clock

    def give(self, feedback: Feedback) -> None:
        """See Opinions."""
        key = hashlib.sha256(f"{feedback.answer_id}\0{feedback.giver}".encode("utf-8", "replace")).hexdigest()
        body = {
            "answer_id": feedback.answer_id,
            "giver": feedback.giver,
            "thumb": feedback.thumb.value,
            "comment": feedback.comment,
            "given": self._clock(),
        }
        self._jotter.jot(Jot(lambda patience: self._engine.put("feedback", key, body, None, patience)))

    def against(self) -> Sequence[Feedback]:
        """See Opinions. The latest `OPINIONS` are looked at, and the others removed."""
        found = list(self._engine.every("feedback", {"match_all": {}}, ["given", "answer_id", "giver"]))
        many = found[: -limits.OPINIONS]
        self._engine.bulk("feedback", [("delete", one["_id"], None) for one in many])
        rows = [one["_source"] for one in found[len(many) :]]
        return [_feedback(row) for row in rows if row["thumb"] == Thumb.DOWN]

    def latest(self, most: int) -> Sequence[Feedback]:
        """See Opinions."""
        self._engine.refresh("feedback")
        order = [{"thumb": "asc"}, {"given": "desc"}]  # "down" stands before "up"
        found = self._engine.search(
            "feedback", {"query": {"match_all": {}}, "sort": order, "size": min(most, limits.OPINIONS)}
        )
        return [_feedback(one["_source"]) for one in found["hits"]["hits"]]


def _feedback(row: Mapping[str, Any]) -> Feedback:
    return Feedback(
        answer_id=row["answer_id"], thumb=Thumb(row["thumb"]), comment=row["comment"], giver=row["giver"]
    )


def _holding(turns: Sequence[Mapping[str, Any]]) -> Mapping[str, object]:
    """Turns, and what they are searched by."""
    return {"turns": turns, "answers": sorted({row["answer_id"] for row in turns})}


def _safe(key: str) -> str:
    """A key that is a document's id as it stands, or one that no document has."""
    return key if key.replace("-", "").replace("_", "").isalnum() and key.isascii() else "none"
