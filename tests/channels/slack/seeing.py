"""What a reader sees of blocks."""

from collections.abc import Iterator, Sequence
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


def lines(blocks: Sequence[dict[str, Any]]) -> Iterator[str]:
    """What is said in blocks, paragraph by paragraph, without the small print and the buttons."""
    for block in blocks:
        for field in block.get("fields", ()):
            yield field["text"]
        for part in block["elements"] if block["type"] == "rich_text" else ():
            for line in part["elements"] if part["type"] == "rich_text_list" else [part]:
                yield "".join(run["text"] for run in line["elements"])


def shown(calls: list[Call]) -> str:
    return "\n".join(texts(call.body["blocks"]) for call in calls)


def buttons(blocks: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The buttons of blocks by action."""
    rows = [one for one in blocks if one["type"] in {"actions", "context_actions"}]
    return {element["action_id"]: element for row in rows for element in row["elements"]}
