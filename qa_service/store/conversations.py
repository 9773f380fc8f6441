"""Conversations and feedback in the store's file, beside the documents. See `qa_service.domain.ports`."""

import json
import secrets
import time
from collections.abc import Callable, Sequence, Set
from dataclasses import replace

from qa_service.domain.conversation import Conversation, Feedback, Thumb, Turn, opinions_of
from qa_service.domain.errors import NotFoundError
from qa_service.domain.principal import Principal
from qa_service.store.damage import decoding
from qa_service.store.notebook import Notebook
from qa_service.store.spool import Change

ID_BYTES = 24  # of chance: 32 characters
TURNS = 200  # kept of a conversation, the latest
CONVERSATIONS = 50_000  # kept of an owner; those that were silent longest make room
OPINIONS = 20_000
DAY, HOUR = 86_400, 3600  # seconds

BEGIN = "INSERT OR IGNORE INTO conversations (id, owner, key, begun) VALUES (?, ?, ?, ?)"
FIND = "SELECT id, begun FROM conversations WHERE id = ? AND owner = ?"
FIND_KEY = "SELECT id FROM conversations WHERE owner = ? AND key = ?"
READ = "SELECT id, question, answer_id FROM turns WHERE conversation_id = ? ORDER BY rowid DESC LIMIT ?"
MANY_TURNS = """DELETE FROM turns WHERE conversation_id = ? AND rowid <=
    (SELECT rowid FROM turns WHERE conversation_id = ? ORDER BY rowid DESC LIMIT 1 OFFSET ?)"""
ADD = """INSERT OR IGNORE INTO turns (id, conversation_id, question, answer_id, said)
    SELECT ?, id, ?, ?, ? FROM conversations WHERE id = ?"""
FORGET_TURNS = (
    "DELETE FROM turns WHERE conversation_id IN (SELECT id FROM conversations WHERE id = ? AND owner = ?)"
)
FORGET_ANSWERS = "DELETE FROM answers WHERE id IN (SELECT value FROM json_each(?))"
FORGET_OPINIONS = "DELETE FROM feedback WHERE giver = ?"
ELSEWHERE = """SELECT answer_id FROM turns
    WHERE answer_id IN (SELECT value FROM json_each(?)) AND conversation_id <> ?"""
JUDGED = """SELECT answer_id FROM feedback
    WHERE answer_id IN (SELECT value FROM json_each(?)) AND giver <> ?"""
FORGET = "DELETE FROM conversations WHERE id = ? AND owner = ?"
OLD_TURNS = "DELETE FROM turns WHERE said < ?"
OLD = """DELETE FROM conversations WHERE begun < ?
    AND NOT EXISTS (SELECT 1 FROM turns WHERE conversation_id = conversations.id)"""
MANY = """DELETE FROM conversations WHERE id IN (SELECT id FROM (
    SELECT id, row_number() OVER (PARTITION BY owner ORDER BY max(begun, coalesce(
        (SELECT said FROM turns WHERE conversation_id = one.id ORDER BY rowid DESC LIMIT 1), 0
    )) DESC, rowid DESC) AS place FROM conversations AS one
    WHERE owner IN (SELECT owner FROM conversations GROUP BY owner HAVING count(*) > ?)
) WHERE place > ?)"""
LOOSE_TURNS = "DELETE FROM turns WHERE conversation_id NOT IN (SELECT id FROM conversations)"
GIVE = "INSERT OR REPLACE INTO feedback (answer_id, giver, thumb, comment, given) VALUES (?, ?, ?, ?, ?)"
MANY_OPINIONS = "DELETE FROM feedback WHERE rowid <= (SELECT max(rowid) FROM feedback) - ?"
AGAINST = "SELECT answer_id, giver, comment FROM feedback WHERE thumb = ? ORDER BY rowid"
LATEST = "SELECT answer_id, giver, thumb, comment FROM feedback ORDER BY thumb = ? DESC, rowid DESC LIMIT ?"


class SqliteConversations:
    """See Conversations. ``days`` after its last question, a conversation is removed."""

    def __init__(self, notebook: Notebook, days: int, clock: Callable[[], float] = time.time) -> None:
        self._notebook, self._days, self._clock = notebook, days, clock
        self._tidied = float("-inf")

    def begin(self, owner: Principal) -> Conversation:
        """See Conversations."""
        return self._begun(owner, None)

    def under(self, owner: Principal, key: str) -> Conversation:
        """See Conversations."""
        if not self._notebook.read("conversations", FIND_KEY, [owner.owner, key]):
            self._begun(owner, key)  # without effect when another process has just begun it
        found = self._notebook.read("conversations", FIND_KEY, [owner.owner, key])
        return self.find(found[0][0], owner)

    def _begun(self, owner: Principal, key: str | None) -> Conversation:
        now = int(self._clock())
        made = Conversation(id=secrets.token_urlsafe(ID_BYTES), owner=owner.owner, begun=now)
        begin = Change(BEGIN, [made.id, made.owner, key, made.begun])
        tidying = self._tidying(now)
        self._notebook.write(*tidying, begin)
        if tidying:
            self._notebook.overwrite()
        return made

    def _tidying(self, now: int) -> Sequence[Change]:
        """What has had its time, once an hour."""
        if now - self._tidied < HOUR:
            return ()
        self._tidied = now
        past = now - self._days * DAY
        return (
            Change(OLD_TURNS, [past]),
            Change(OLD, [past]),
            Change(MANY, [CONVERSATIONS, CONVERSATIONS]),
            Change(LOOSE_TURNS, []),
        )

    def find(self, conversation_id: str, owner: Principal) -> Conversation:
        """See Conversations."""
        waiting = self._notebook.waiting
        found = self._notebook.read("conversations", FIND, [conversation_id, owner.owner])
        if not found:
            raise NotFoundError("There is no such conversation.", "conversation_id")
        rows = self._notebook.read("turns", READ, [conversation_id, TURNS])[::-1]
        written = {row[0] for row in rows}
        turns = [Turn(id=turn_id, question=question, answer_id=answer) for turn_id, question, answer in rows]
        for change in waiting:
            if not isinstance(change.about, Turn):
                continue
            within = change.values[-1]
            if within == conversation_id and change.about.id not in written:
                turns.append(change.about)
        return Conversation(id=conversation_id, owner=owner.owner, begun=found[0][1], turns=tuple(turns))

    def add(self, conversation: Conversation, turn: Turn) -> None:
        """See Conversations."""
        named = replace(turn, id=turn.id or secrets.token_hex(8))
        made = [named.id, named.question, named.answer_id, int(self._clock()), conversation.id]
        self._notebook.jot(Change(ADD, made, about=named))
        if len(conversation.turns) >= TURNS:
            self._notebook.jot(Change(MANY_TURNS, [conversation.id, conversation.id, TURNS]))

    def forget(self, conversation_id: str, owner: Principal) -> None:
        """See Conversations."""
        which, giver = [conversation_id, owner.owner], opinions_of(conversation_id)
        given = {turn.answer_id for turn in self.find(conversation_id, owner).turns}
        answers = Change(FORGET_ANSWERS, [json.dumps(sorted(given - self._shared(given, conversation_id)))])
        own = (answers, Change(FORGET_OPINIONS, [giver]), Change(FORGET_TURNS, which), Change(FORGET, which))
        if not self._notebook.write(*own, lasting=True):
            raise NotFoundError("There is no such conversation.", "conversation_id")
        self._notebook.overwrite(answers)

    def _shared(self, answers: Set[str], conversation_id: str) -> Set[str]:
        """Those of these answers that another conversation was given too, or somebody else judged."""
        told = json.dumps(sorted(answers))
        given = self._notebook.read("turns", ELSEWHERE, [told, conversation_id])
        judged = self._notebook.read("feedback", JUDGED, [told, opinions_of(conversation_id)])
        return {answer_id for (answer_id,) in (*given, *judged)}


class SqliteOpinions:
    """See Opinions."""

    def __init__(self, notebook: Notebook, clock: Callable[[], float] = time.time) -> None:
        self._notebook, self._clock = notebook, clock

    def give(self, feedback: Feedback) -> None:
        """See Opinions."""
        given = int(self._clock())
        row = [feedback.answer_id, feedback.giver, feedback.thumb.value, feedback.comment, given]
        self._notebook.jot(Change(GIVE, row))
        self._notebook.jot(Change(MANY_OPINIONS, [OPINIONS]))

    def against(self) -> Sequence[Feedback]:
        """See Opinions."""
        rows = self._notebook.read("feedback", AGAINST, [Thumb.DOWN.value])
        return [
            Feedback(answer_id=answer_id, thumb=Thumb.DOWN, comment=comment, giver=giver)
            for answer_id, giver, comment in rows
        ]

    def latest(self, most: int) -> Sequence[Feedback]:
        """See Opinions."""
        rows = self._notebook.read("feedback", LATEST, [Thumb.DOWN.value, most])
        with decoding("feedback"):
            return [
                Feedback(answer_id=answer_id, thumb=Thumb(thumb), comment=comment, giver=giver)
                for answer_id, giver, thumb, comment in rows
            ]
