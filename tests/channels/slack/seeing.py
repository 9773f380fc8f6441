"""What a reader sees of blocks."""

from typing import Any

from channels.slack.fake import Call

POST = "/api/chat.postMessage"
SETTLED = 0.4  # seconds in which a second answer would have come


def texts(blocks: list[dict[str, Any]]) -> str:
    """Everything that a reader sees of blocks, in its order."""
    found: list[str] = []

    def look(part: Any) -> None:
        if isinstance(part, list):
            for one in part:
                look(one)
        elif isinstance(part, dict):
            if isinstance(part.get("text"), str):
                found.append(part["text"])
            for name, one in part.items():
                if name != "text" or not isinstance(one, str):
                    look(one)

    look(blocks)
    return "\n".join(found)


def shown(calls: list[Call]) -> str:
    return "\n".join(texts(call.body["blocks"]) for call in calls)


def buttons(blocks: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The buttons of blocks by action."""
    rows = [one for one in blocks if one["type"] in {"actions", "context_actions"}]
    return {element["action_id"]: element for row in rows for element in row["elements"]}
