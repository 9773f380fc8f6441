"""The form in which a reader says what is wrong with an answer, and what comes back from it."""

from typing import Any

from qa_service.channels.slack.blocks import Block, label
from qa_service.channels.slack.presenting import COMMENT
from qa_service.compose.phrases import Phrases

LONGEST = 2_000  # characters of a comment


def form(phrases: Phrases, answer_id: str) -> Block:
    """A modal view with one field, about one answer."""
    return {
        "type": "modal",
        "callback_id": COMMENT,
        "private_metadata": answer_id,
        "title": label(phrases.comment_title[:24]),
        "submit": label(phrases.comment_send[:24]),
        "close": label(phrases.comment_cancel[:24]),
        "blocks": [
            {
                "type": "input",
                "block_id": COMMENT,
                "label": label(phrases.comment_label),
                "element": {
                    "type": "plain_text_input",
                    "action_id": COMMENT,
                    "multiline": True,
                    "max_length": LONGEST,
                },
            }
        ],
    }


def comment(body: dict[str, Any]) -> tuple[str, str]:
    """The answer's id and what the reader wrote."""
    view = body["view"]
    written = view["state"]["values"][COMMENT][COMMENT]["value"] or ""
    return str(view["private_metadata"]), str(written)[:LONGEST]
