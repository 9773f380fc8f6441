"""What a reader gets of an answer, whatever the channel: quotes, and what their numbers stand for."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from qa_service.compose.templates import escape

MARK = re.compile(r"(?<!\\)\[(\d+)\](?!\()")


@dataclass(frozen=True)
class Heard:
    """``told``: each quote that is shown with its number, in reading order, once. ``quotes``: by number."""

    told: tuple[tuple[str, int], ...]
    quotes: Mapping[int, str]


def of_object(answer: Mapping[str, Any]) -> Heard:
    """What an answer object says: a statement shows the quotes of its citations."""
    quotes = {one["number"]: one["quote"] for one in answer["citations"]}
    for statement in answer["statements"]:
        assert all(quotes[number] in statement["text"] for number in statement["citations"])
    told = ((quotes[n], n) for statement in answer["statements"] for n in statement["citations"])
    return Heard(_once(told), quotes)


def of_markdown(text: str, quotes: Mapping[int, str]) -> Heard:
    """What a Markdown text shows: before each marker its quote, or a short answer in bold taken from it."""
    told = []
    for mark in MARK.finditer(text):
        number, before = int(mark[1]), MARK.sub("", text[: mark.start()]).rstrip()
        if before.endswith(f"“{escape(quotes[number])}”"):
            told.append((quotes[number], number))
        else:
            assert before.endswith("**"), f"[{number}] does not follow what it cites: …{before[-80:]}"
    return Heard(_once(told), quotes)


def _once(told: Iterable[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    return tuple(dict.fromkeys(told))
