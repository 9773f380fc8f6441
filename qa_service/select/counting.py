"""Whether a sentence counts the thing that is asked for, and nobody else's."""

from qa_service.select.inquiry import Inquiry
from qa_service.select.quantities import counted_words, counts, counts_otherwise
from qa_service.select.views import SentenceView

OWNER_REACH = 12  # characters between a name and the thing that is counted as its own


def counts_asked(inquiry: Inquiry, view: SentenceView) -> bool:
    """Whether the sentence counts the thing asked for, and nobody else's."""
    spelled = dict(inquiry.question.corrections)
    asked = {spelled.get(stem, stem) for stem in inquiry.views.stems(counted_words(inquiry.question.core))}
    counted = frozenset(
        word.stem for word in view.words if any(inquiry.matcher.match_stem(stem, word) for stem in asked)
    )
    if asked and not counted and not counts_otherwise(inquiry.question.core, view.text):
        return False
    return counts(inquiry.question, view, counted) and not _anothers(inquiry, view, counted)


def _anothers(inquiry: Inquiry, view: SentenceView, counted: frozenset[str]) -> bool:
    """Whether the thing counted is said to be somebody's who was not asked about: "150,000 US troops"."""
    asked = set(inquiry.question.actors)
    before = inquiry.before(view)
    holder = inquiry.question.actors[:1]
    if asked and view.actors and not asked & view.actors and not (before and set(holder) & before.actors):
        return True
    mentions = inquiry.views.mentions(view)
    for token in view.tokens:
        if token.stem not in counted:
            continue
        at = view.sentence.start + token.start
        owners = {
            mention.actor
            for mention in mentions
            if 0 < at - mention.end + 1 <= OWNER_REACH and not _parted(view, mention.end, at)
        }
        if owners and not owners & asked:
            return True
    return False


def _parted(view: SentenceView, start: int, end: int) -> bool:
    """Whether a small word stands between: not in "US combat troops", but in "Europe with an area"."""
    first, last = start - view.sentence.start, end - view.sentence.start
    return any(not token.content and first < token.start < last for token in view.tokens)
