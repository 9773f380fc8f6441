"""A question that is asked again because its answer did not arrive: in a conversation it is one turn.

Who repeats a request repeats its `Idempotency-Key`; a proxy that tries another machine does so too.
"""

import hashlib

from flask import request

from qa_service.channels.api import presenting
from qa_service.domain.conversation import Conversation
from qa_service.domain.errors import InputError

HEADER = "Idempotency-Key"
LONGEST = 255  # characters
DIGITS = 16  # of a turn's id
TOLD = (
    "Chosen by the caller, another for each question: a request that is repeated under it adds no second "
    "turn to its conversation."
)


def key_sent() -> str:
    """The key of this request; "" when it has none. Raises InputError for one that is too long."""
    key = str(request.environ.get("HTTP_IDEMPOTENCY_KEY", ""))
    if len(key) > LONGEST:
        raise InputError(f"{HEADER}: at most {LONGEST} characters.", HEADER)
    return key


def before(key: str, conversation: Conversation, question: str) -> tuple[str, Conversation]:
    """The id of the turn that a request with this key makes, and the conversation as it was before that turn.

    The id is "" for a request without a key. Raises InputError for a key of another question.
    """
    if not key:
        return "", conversation
    named = f"{conversation.id}\0{key}".encode("utf-8", "surrogateescape")
    turn_id = hashlib.sha256(named).hexdigest()[:DIGITS]
    known = next((turn for turn in conversation.turns if turn.id == turn_id), None)
    if known is not None and known.question != question:
        raise InputError(f"{HEADER}: another question was asked under it; take a new one.", HEADER)
    return turn_id, conversation.before(turn_id)


def also_read(document: presenting.Json) -> None:
    """Add to an OpenAPI document the header that /ask reads."""
    parameter = {
        "name": HEADER,
        "in": "header",
        "required": False,
        "description": TOLD,
        "schema": {"type": "string", "maxLength": LONGEST},
    }
    document["paths"]["/api/v1/ask"]["post"].setdefault("parameters", []).append(parameter)
