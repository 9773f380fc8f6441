"""The demo page at / and the frame at /embed: a question, and its answer with quotes in their context."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from flask import render_template, request

from qa_service.channels import counts
from qa_service.channels.hosts import base
from qa_service.channels.web.exhibits import Exhibits
from qa_service.channels.web.presenting import Card, card, catalogue
from qa_service.domain.errors import InputError
from qa_service.domain.question import Message
from qa_service.wiring import Service

HISTORY_BYTES = 1500  # of earlier questions that the form sends along, so that the address stays short
OPTIONS = ("lang", "theme", "heading")  # of the widget, that the address of the frame may name


@dataclass(frozen=True, slots=True)
class Asked:
    """What the form holds: the question, and those before it."""

    question: str
    history: tuple[str, ...]


class Pages:
    """The pages over one service; ``tag`` makes the widget's script tag for where the service is reached."""

    def __init__(self, service: Service, tag: Callable[[str], str]) -> None:
        self._service, self._tag, self._exhibits = service, tag, Exhibits()

    def demo(self) -> tuple[str, int]:
        """The demo page."""
        read = self._service.answering.read
        known, exhibits = read(lambda desk: (catalogue(desk.edition), self._exhibits.of(desk)))
        tag = self._tag(base(self._service.settings))
        return self._answered("page.html", catalogue=known, exhibits=exhibits, tag=tag)

    def embed(self) -> tuple[str, int]:
        """The frame."""
        options = {name: request.args[name] for name in OPTIONS if request.args.get(name)}
        return self._answered("embed.html", options=options)

    def outage(self) -> str:
        """Either of them when the documents cannot be read."""
        return self._bare(outage=True)

    def denied(self, problem: str) -> str:
        """Either of them for who may not ask, or asks too often; it shows nothing of the documents."""
        return self._bare(problem=problem, denied=True)

    def _bare(self, **shown: Any) -> str:
        template = "embed.html" if request.path == "/embed" else "page.html"
        return self._rendered(template, self._asked(), options={}, **shown)

    def _answered(self, template: str, **shown: Any) -> tuple[str, int]:
        asked = self._asked()
        shown["suggestions"] = self._service.answering.read(lambda desk: desk.suggestions)
        try:
            found = self._found(asked)
        except InputError as error:
            return self._rendered(template, asked, problem=str(error), **shown), 422
        return self._rendered(template, asked, card=found, **shown), 200

    def _rendered(self, template: str, asked: Asked, **shown: Any) -> str:
        longest = self._service.settings.question_characters
        shown |= {"path": request.path, "asked": asked, "kept": _kept(asked), "longest": longest}
        return render_template(template, **shown)

    def _asked(self) -> Asked:
        history = request.args.getlist("h")
        most = self._service.settings.history_questions
        return Asked(request.args.get("q", "").strip(), tuple(history[-most:] if most else ()))

    def _found(self, asked: Asked) -> Card | None:
        if not asked.question:
            return None
        longest = self._service.settings.question_characters
        texts = (asked.question, *asked.history)
        if any(len(text) > longest for text in texts):
            raise InputError(f"A question may have at most {longest} characters.")
        if any(ord(c) < 32 and c not in "\t\r\n" for text in texts for c in text):
            raise InputError("The question holds control characters.")
        answering = self._service.answering
        answer = answering.answer(Message(text=asked.question, history=asked.history))
        counts.answered(self._service, "web", answer)
        return answering.read(lambda desk: card(answer, desk.edition))


def _kept(asked: Asked) -> tuple[str, ...]:
    """The latest questions that the next one may refer to, oldest first."""
    kept: list[str] = []
    room = HISTORY_BYTES
    for text in filter(None, (asked.question, *reversed(asked.history))):
        room -= len(quote(text)) + len("&h=")
        if room < 0:
            break
        kept.insert(0, text)
    return tuple(kept)
