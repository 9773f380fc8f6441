"""What a reader gets of an answer, whatever the channel: quotes, and what their numbers stand for."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from qa_service.compose.templates import escape

MARK = re.compile(r"(?<!\\)\[(\d+)\](?!\()")

BEFORE = re.compile(r"(\s|\[\d+\])*$")  # markers that stand between a quote and its next marker


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


def of_lines(lines: Iterable[str]) -> Heard:
    """What lines without markup show: before each marker its quote; a short answer has no quotation marks."""
    told = []
    for line in lines:
        for mark in MARK.finditer(line):
            before = BEFORE.sub("", line[: mark.start()])
            if before.endswith("”"):  # else it is a short answer's, or the quote's own
                told.append((_last_quote(before), int(mark[1])))
    return Heard(_once(told), {number: quote for quote, number in told})


def _last_quote(text: str) -> str:
    """What stands between the last quotation marks; a quote may hold quotes."""
    deep = 0
    for place in range(len(text) - 1, -1, -1):
        deep += {"”": 1, "“": -1}.get(text[place], 0)
        if deep == 0:
            return text[place + 1 : -1]
    raise AssertionError(f"no quote opens in …{text[-80:]}")


def _once(told: Iterable[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    return tuple(dict.fromkeys(told))
