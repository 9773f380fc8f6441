"""What a store keeps of those who asked: of one conversation, owner or answer, or all of it, as rows."""

import hashlib
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from qa_service.domain.errors import NotFoundError
from qa_service.store.backing_up import reported
from qa_service.store.damage import table_rows
from qa_service.store.tables import opened

TABLES = ("conversations", "turns", "answers", "feedback")
BUSY_SECONDS = 30.0


class Of(StrEnum):
    """Whose it is."""

    CONVERSATION = "conversation"  # of that id
    OWNER = "owner"  # `key:ID`, `team:slack/T0123`, `anonymous:`
    ANSWER = "answer"  # of that id
    ALL = "all"


# For each table, the rows of a subject :id. What belongs to a conversation: its turns, the answers that they
# were given, what was said of those in its name. To an owner: its conversations, and what it said itself.
IN_IT = "(SELECT answer_id FROM turns WHERE conversation_id = :id)"
THEIRS = "(SELECT id FROM conversations WHERE owner = :id)"
SAID = """giver = :id OR substr(giver, 1, length(:id) + 1) = :id || '/'
    OR giver IN (SELECT 'conversation:' || id FROM conversations WHERE owner = :id)
    OR (:id = 'anonymous:' AND giver LIKE 'someone:%')"""
ROWS: Mapping[Of, Mapping[str, str]] = {
    Of.CONVERSATION: {
        "conversations": "id = :id",
        "turns": "conversation_id = :id",
        "answers": f"id IN {IN_IT}",
        "feedback": f"giver = 'conversation:' || :id OR answer_id IN {IN_IT}",
    },
    Of.OWNER: {
        "conversations": "owner = :id",
        "turns": f"conversation_id IN {THEIRS}",
        "answers": f"""id IN (SELECT answer_id FROM turns WHERE conversation_id IN {THEIRS})
            OR id IN (SELECT answer_id FROM feedback WHERE {SAID})""",  # noqa: S608 - constants
        "feedback": SAID,
    },
    Of.ANSWER: {
        "conversations": "0",
        "turns": "answer_id = :id",
        "answers": "id = :id",
        "feedback": "answer_id = :id",
    },
    Of.ALL: dict.fromkeys(TABLES, "1"),
}


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose rows; ``id`` is "" for all."""

    of: Of
    id: str = ""

    @property
    def mark(self) -> str:
        """What says that it was erased, and not who it was."""
        return f"{self.of.value}:{hashlib.sha256(self.id.encode()).hexdigest()}"


def export(store: Path, subject: Subject) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """The rows of each table. Raises NotFoundError when there are none, StoreError."""
    with reported("The store cannot be read"), closing(opened(store, TABLES, BUSY_SECONDS)) as connection:
        connection.execute("BEGIN")
        found = {
            table: table_rows(connection, table, _select(table, where), {"id": subject.id})
            for table, where in ROWS[subject.of].items()
        }
    if not any(found.values()):
        raise NotFoundError("There is nothing of that kept.", "id")
    return found


def _select(table: str, where: str) -> str:
    return f"SELECT * FROM {table} WHERE {where} ORDER BY rowid"  # noqa: S608 - constants
