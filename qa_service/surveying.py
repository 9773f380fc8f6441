"""The surveying sentence: two actors, or a topic, become all that an edition holds of them, cited."""

from dataclasses import replace

from qa_service.answering import Desk
from qa_service.compose import Templates, overviews
from qa_service.domain.errors import InputError
from qa_service.domain.evidence import Findings
from qa_service.domain.overview import Chronicle, Divergences, Happening
from qa_service.domain.question import Kind, Question, Window
from qa_service.verify import citations

EVENTS = 100  # of a timeline


def divergences(desk: Desk, one: str, other: str, topic: str = "") -> Divergences:
    """Two actors, named as people name them, side by side; on a topic, or on all they hold.

    Raises InputError when both names mean the same actor.
    """
    actors = (desk.selection.actor(one), desk.selection.actor(other))
    if actors[0] == actors[1]:
        raise InputError("a and b name the same actor; name two.", "b")
    question = replace(desk.understanding.about(Kind.DIVERGENCE, topic), actors=actors)
    findings = _told_as_typed(desk, question, desk.selection.compared(question))
    return overviews.divergences(findings, citations(findings.evidence, desk.edition), desk.edition, actors)


def timeline(desk: Desk, topic: str = "", window: Window | None = None, most: int = EVENTS) -> Chronicle:
    """Dated events about a topic, or all of them, that touch the window, oldest first."""
    question = desk.understanding.about(Kind.TIMELINE, topic)
    question = replace(question, window=window or question.window)
    findings = _told_as_typed(desk, question, desk.selection.events(question, most))
    return overviews.chronicle(findings, citations(findings.evidence, desk.edition), desk.edition)


def described(templates: Templates, item: Happening) -> str:
    """What a calendar says of an event of a timeline."""
    return overviews.described(item, templates)


def _told_as_typed(desk: Desk, question: Question, findings: Findings) -> Findings:
    """The findings with the words that are missing as they were typed, not as stems."""
    words = {token.stem: token.word for token in desk.understanding.analyser.tokens(question.asked)}
    return replace(findings, missing=tuple(words.get(one, one) for one in findings.missing))
