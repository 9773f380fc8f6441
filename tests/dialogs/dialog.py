"""Conversations as data, and what their turns expect of any channel.

A channel is a callable: a question and the questions before it in, the answer object (a dict) out.
"""

import json
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qa_service.channels.api import presenting
from qa_service.domain.question import Message
from qa_service.wiring import Service

Ask = Callable[[str, tuple[str, ...]], dict[str, Any]]
FILE = Path(__file__).parent / "dialogs.toml"


@dataclass(frozen=True)
class Turn:
    """One question and what its answer has to be. ``kind`` None leaves it open."""

    said: str
    kind: str | None = None
    answered: bool = True
    has: Sequence[str] = ()
    lacks: Sequence[str] = ()


@dataclass(frozen=True)
class Dialog:
    """Turns that follow each other, about one corpus."""

    name: str
    corpus: str
    turns: tuple[Turn, ...]


def dialogs() -> tuple[Dialog, ...]:
    """All dialogs of dialogs.toml."""
    tables = tomllib.loads(FILE.read_text(encoding="utf-8"))["dialog"]
    return tuple(
        Dialog(one["name"], one["corpus"], tuple(Turn(**turn) for turn in one["turn"])) for one in tables
    )


def in_process(service: Service) -> Ask:
    """The channel that needs no channel."""

    def ask(question: str, history: tuple[str, ...]) -> dict[str, Any]:
        answer = service.answering.answer(Message(text=question, history=history))
        told: dict[str, Any] = json.loads(presenting.as_bytes(presenting.answer(answer)))
        return told

    return ask


def failures(dialog: Dialog, ask: Ask) -> Iterator[str]:
    """What goes otherwise than expected, a line each."""
    history: tuple[str, ...] = ()
    for turn in dialog.turns:
        answer = ask(turn.said, history)
        history = (*history, turn.said)
        yield from (f"{turn.said!r}: {problem}" for problem in _problems(turn, answer))


def _problems(turn: Turn, answer: dict[str, Any]) -> Iterator[str]:
    if turn.kind not in (None, answer["kind"]):
        yield f"kind {answer['kind']}, not {turn.kind}"
    if turn.kind is not None and answer["answered"] != turn.answered:
        yield f"answered {answer['answered']}"
    for words in turn.has:
        if words not in answer["text"]:
            yield f"lacks {words!r}: {answer['text']}"
    for words in turn.lacks:
        if words in answer["text"]:
            yield f"has {words!r}: {answer['text']}"
