"""Answers to show on the empty page: the first divergence and the first timeline that the index offers."""

from qa_service.answering import Desk
from qa_service.channels.web.presenting import Card, card
from qa_service.domain.question import Kind, Message

SHOWN = (Kind.DIVERGENCE, Kind.TIMELINE)


class Exhibits:
    """Drawn once an edition. They are nobody's questions, so they are not recorded."""

    def __init__(self) -> None:
        self._drawn: tuple[str, tuple[Card, ...]] = ("", ())

    def of(self, desk: Desk) -> tuple[Card, ...]:
        """Real answers to questions that the desk suggests, one a kind."""
        version, drawn = self._drawn
        if version != desk.edition.version:
            drawn = _drawn(desk)
            self._drawn = (desk.edition.version, drawn)
        return drawn


def _drawn(desk: Desk) -> tuple[Card, ...]:
    answers = [desk.answer(Message(text=question)) for question in desk.suggestions]
    firsts = {answer.kind: answer for answer in reversed(answers)}
    return tuple(card(firsts[kind], desk.edition) for kind in SHOWN if kind in firsts)
