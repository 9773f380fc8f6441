"""The demo page at /: a question in a form, the answer as a page with its quotes in their context."""

from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, Response, render_template, request, send_from_directory

from qa_service.channels.web.presenting import Card, card, catalogue
from qa_service.domain.errors import InputError
from qa_service.domain.question import Message
from qa_service.wiring import Service

HERE = Path(__file__).parent


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
        asked = Asked(
            request.args.get("q", "").strip(),
            tuple(request.args.getlist("h"))[-service.settings.history_questions :],
        )
        try:
            found = _answered(service, asked)
        except InputError as error:
            return _page(service, asked, problem=str(error)), 422
        return _page(service, asked, found)

    @web.get("/static/<path:name>")
    def static(name: str) -> Response:
        response = send_from_directory(HERE / "static", name)
        response.headers["Cache-Control"] = "public, max-age=3600"
        return response

    return web


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
        card=found,
        problem=problem,
        catalogue=catalogue(desk.edition),
        suggestions=desk.suggestions,
        longest=service.settings.question_characters,
    )
