"""The demo page at /: a question in a form, the answer as a page with its quotes in their context."""

import logging
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from flask import Blueprint, Response, render_template, request, send_from_directory

from qa_service.channels.web import source
from qa_service.channels.web.presenting import Card, card, catalogue
from qa_service.domain.errors import InputError, OperatorError
from qa_service.domain.question import Message
from qa_service.wiring import Service

log = logging.getLogger(__name__)
HERE = Path(__file__).parent
HISTORY_BYTES = 1500  # of earlier questions that the form sends along, so that the address stays short


@dataclass(frozen=True, slots=True)
class Asked:
    """What the form holds: the question, and those before it."""

    question: str
    history: tuple[str, ...]


def blueprint(service: Service) -> Blueprint:
    """The page over one service."""
    web = Blueprint("web", __name__, template_folder="templates")

    @web.get("/")
    def demo() -> str | tuple[str, int]:
        asked = _asked(service)
        try:
            found = _answered(service, asked)
        except InputError as error:
            return _page(service, asked, problem=str(error)), 422
        return _page(service, asked, found)

    source.register(web, service)

    @web.get("/static/<path:name>")
    def static(name: str) -> Response:
        response = send_from_directory(HERE / "static", name)
        response.headers["Cache-Control"] = "public, max-age=3600"
        return response

    @web.errorhandler(OperatorError)
    def outage(error: OperatorError) -> tuple[str, int, dict[str, str]]:
        log.error("%s %s: %s", request.method, request.path, error)
        longest = service.settings.question_characters
        page = render_template("page.html", asked=_asked(service), longest=longest, outage=True)
        return page, 503, {"Retry-After": "5"}

    return web


def _asked(service: Service) -> Asked:
    history = request.args.getlist("h")
    most = service.settings.history_questions
    return Asked(request.args.get("q", "").strip(), tuple(history[-most:] if most else ()))


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


def _answered(service: Service, asked: Asked) -> Card | None:
    if not asked.question:
        return None
    longest = service.settings.question_characters
    texts = (asked.question, *asked.history)
    if any(len(text) > longest for text in texts):
        raise InputError(f"A question may have at most {longest} characters.")
    if any(ord(c) < 32 and c not in "\t\r\n" for text in texts for c in text):
        raise InputError("The question holds control characters.")
    answer = service.answering.answer(Message(text=asked.question, history=asked.history))
    return card(answer, service.answering.desk.edition)


def _page(service: Service, asked: Asked, found: Card | None = None, problem: str | None = None) -> str:
    desk = service.answering.desk
    return render_template(
        "page.html",
        asked=asked,
        kept=_kept(asked),
        card=found,
        problem=problem,
        catalogue=catalogue(desk.edition),
        suggestions=desk.suggestions,
        longest=service.settings.question_characters,
    )
