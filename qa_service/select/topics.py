"""What a timeline is about, and which dated sentences are about it.

In a document about the topic a word of it is enough, or the title; in any other a sentence has to say
most of it by itself, or some of it where its paragraph says nearly all. How much is said is a share of the
topic's weight, where rare words count.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from qa_service.domain.annotation import Event, EventRole
from qa_service.domain.question import Term
from qa_service.select.inquiry import Inquiry
from qa_service.select.matching import share
from qa_service.select.views import SentenceView

SURE = 0.6  # match: the same word, root, actor or meaning, not only its first letters
TITLED = 0.5  # a title that covers so much of the topic speaks for its document
SERIES = 3  # more documents with such a title are a series of somebody's, not about him
HALF = 0.5  # of a document's passages, and more than one of them
SAID = 0.6  # a sentence that covers so much of the topic is about it, wherever it stands
AROUND = 0.75  # or one that says some of it, in a paragraph that covers so much
# Nouns for "what went on": beside a word of the title they say "all of it".
PROCESSES = frozenset(
    "process negotiation talk initiative effort dialogue development event history war conflict crisis "
    "program programme".split()
)


@dataclass(frozen=True)
class Topic:
    """Terms of a question, and where its edition speaks of them."""

    inquiry: Inquiry
    terms: tuple[Term, ...]

    @cached_property
    def _weights(self) -> list[float]:
        return self.inquiry.matcher.weights_of(self.terms)

    def covered(self, stems: frozenset[str]) -> float:
        """The share of the topic that these stems name, by weight."""
        return share(self._weights, [1.0 if term.stem in stems else 0.0 for term in self.terms])

    def said(self, view: SentenceView) -> float:
        """The share of the topic that a sentence says, by weight."""
        return share(self._weights, self._sure(view))

    @cached_property
    def documents(self) -> frozenset[str]:
        """The documents found that are about it as a whole: there is one only, the title says so, or half of
        the passages do."""
        found = self.inquiry.documents
        if len(found) == 1 or not self.terms:
            return frozenset(found)
        titled = frozenset(
            one for one in found if self.covered(self.inquiry.views.title_stems(one)) >= TITLED
        )
        return (titled if len(titled) <= SERIES else frozenset()) | frozenset(filter(self._half, found))

    def _half(self, document_id: str) -> bool:
        found = sum(hit.passage.document_id == document_id for hit in self.inquiry.hits)
        return found > 1 and found >= HALF * self.inquiry.edition.count_of(document_id)

    def touches(self, view: SentenceView) -> bool:
        """Whether a sentence's paragraph holds a word of the topic, or the whole document is about it."""
        return view.passage.document_id in self.documents or any(self._paragraph(view, self.terms))

    def is_of(self, event: Event, view: SentenceView) -> bool:
        """Whether an event belongs to the topic."""
        if view.passage.document_id not in self.documents:
            return self._says(event, view)
        title = self.inquiry.views.title_stems(view.passage.document_id)
        own = [term for term in self.terms if term.stem not in title]
        told_by_title = len(own) < len(self.terms) and all(term.stem in PROCESSES for term in own)
        if told_by_title or not self.terms:
            return event.role is EventRole.EVENT  # the whole document is about it
        here = sum(match > 0 for match in self._sure(view))
        if event.role is EventRole.BOUND:
            return here >= min(2, len(self.terms))
        return here > 0 or sum(match > 0 for match in self._paragraph(view, own)) > 1

    def _says(self, event: Event, view: SentenceView) -> bool:
        said = self.said(view)
        if said >= SAID or event.role is EventRole.BOUND:
            return said >= SAID
        return said > 0 and share(self._weights, self._paragraph(view, self.terms)) >= AROUND

    def _sure(self, view: SentenceView) -> list[float]:
        """The match of each term in a sentence, 0 for a loose one."""
        return [match if match >= SURE else 0.0 for match in self.inquiry.matcher.matches(self.terms, view)]

    def _paragraph(self, view: SentenceView, terms: Sequence[Term]) -> list[float]:
        """The same in the sentences of its passage that stand in one paragraph with it."""
        rows = [
            self.inquiry.matcher.matches(terms, other)
            for other in self.inquiry.views.of(view.passage)
            if other.sentence.block == view.sentence.block
        ]
        return [
            max((match for match in column if match >= SURE), default=0.0)
            for column in zip(*rows, strict=True)
        ]
