"""A question that names its days is not answered by what happened on others."""

from qa_service.domain.annotation import EventRole, starting
from qa_service.domain.question import Window
from qa_service.select.inquiry import Inquiry
from qa_service.select.ranking import REACH, Ranked
from qa_service.select.views import SentenceView

DATED = (EventRole.EVENT, EventRole.MODIFIER)


def of_its_days(inquiry: Inquiry, ranked: list[Ranked]) -> list[Ranked]:
    """The sentences without those that tell only of other days, when one near the best tells of those asked
    about; all of them when none does, or no span with two ends is named."""
    window = inquiry.question.window
    if window is None or window.first is None or window.last is None or not ranked:
        return ranked
    told = [_told(inquiry, one.view, window) for one in ranked]
    least = ranked[0].score - REACH
    if not any(then for one, (then, _) in zip(ranked, told, strict=True) if one.score >= least):
        return ranked
    return [one for one, (then, other) in zip(ranked, told, strict=True) if then or not other]


def _told(inquiry: Inquiry, view: SentenceView, window: Window) -> tuple[bool, bool]:
    """Whether a sentence tells of days in the window, and whether of others: "since 2014" may hold any."""
    events = inquiry.edition.annotations[view.passage.document_id].events
    found = starting(events, view.sentence.start, view.sentence.end)
    then = [window.meets(one.first, one.last) for one in found if one.role is not EventRole.BACKGROUND]
    return any(then), any(one.role in DATED for one in found)
