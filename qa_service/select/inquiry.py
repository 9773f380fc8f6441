"""One question put to one edition: what every selector starts from."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import TypeVar

from qa_service.domain.annotation import Event, Position, PositionKind
from qa_service.domain.edition import Edition
from qa_service.domain.errors import REMEDY, LostError
from qa_service.domain.evidence import Evidence, Hit
from qa_service.domain.passage import Passage
from qa_service.domain.question import Question, Term
from qa_service.select.holding import OURSELVES, governs
from qa_service.select.matching import Matcher
from qa_service.select.ranking import MOST_PASSAGES, Ranked, rank
from qa_service.select.sifting import sifted
from qa_service.select.views import SentenceView, Views

HITS = 50  # passages that are looked at; the ranking of sentences takes the first five to eight
DOCUMENTS = 20  # that are looked at whole, the best matching first
FEW_DOCUMENTS = 3  # that are, to tell whether there is an answer
NEAREST = 3  # passages shown beside a refusal
CLAIMS = frozenset(
    {
        PositionKind.VIEW,
        PositionKind.ALLEGATION,
        PositionKind.DENIAL,
        PositionKind.STATEMENT,
        PositionKind.DEMAND,
    }
)
LEANING_OPENERS = frozenset(
    "it they he she this these that those such its their his her former latter both".split()
)

Marked = TypeVar("Marked", Position, Event)


def leans(view: SentenceView) -> bool:
    """Whether a sentence opens with a word that stands for something in the sentence before."""
    if not view.words or view.words[0].word not in LEANING_OPENERS:
        return False
    named = view.words[0].word in {"both", "that"} and len(view.words) > 1 and view.words[1].capital
    return not named  # "Both Washington and Moscow" leans on nothing


@dataclass(frozen=True)
class Inquiry:
    """A question, the edition that answers it, and what search found."""

    question: Question
    edition: Edition
    views: Views
    matcher: Matcher
    reach: int = DOCUMENTS

    @cached_property
    def named(self) -> frozenset[str]:
        """The stems of the names in the question."""
        return self.views.stems(" ".join(self.question.names))

    @cached_property
    def hits(self) -> tuple[Hit, ...]:
        """Passages that hold words of the question, best first."""
        question = self.question
        found = self.edition.search(
            question.terms, limit=HITS, documents=question.documents, pairs=question.pairs
        )
        hits = sifted(found, self.matcher, self.named) if len(found) == HITS else tuple(found)
        self.edition.snapshot.foresee_documents([hit.number for hit in hits[:MOST_PASSAGES]])
        return hits

    @cached_property
    def ranked(self) -> list[Ranked]:
        """Sentences in the order in which they answer."""
        return rank(self.matcher, self.hits, self.views, self.edition.searcher)

    @cached_property
    def documents(self) -> tuple[str, ...]:
        """Ids of the documents that the question may be answered from, the best matching first."""
        found = dict.fromkeys(hit.passage.document_id for hit in self.hits)
        asked = (name for name in self.question.documents if name in self.edition.documents)
        unfound = asked if self.question.documents else self.edition.documents
        return tuple(islice(found or unfound, DOCUMENTS))

    @cached_property
    def read(self) -> tuple[str, ...]:
        """Those of `documents` that are looked at whole."""
        read = self.documents[: self.reach]
        numbers = {hit.passage.document_id: hit.number for hit in self.hits}
        self.edition.snapshot.foresee_documents([numbers[one] for one in read if one in numbers])
        return read

    @cached_property
    def sentences(self) -> tuple[SentenceView, ...]:
        """The sentences of `read`, in text order. Long: `view` and `positions` look up a few."""
        return tuple(view for document in self.read for view in self.views.document(document))

    def view(self, document_id: str, start: int) -> SentenceView:
        """The sentence of a document that starts at this canonical offset. Raises LostError for none."""
        return self._sentence(self.edition.passage_at(document_id, start), start)

    def _sentence(self, passage: Passage, start: int) -> SentenceView:
        for view in self.views.of(passage):
            if view.sentence.start == start:
                return view
        raise LostError(f"The store holds no sentence of {passage.document_id!r} at {start}. {REMEDY}")

    def viewed(self, found: Sequence[tuple[str, Marked]]) -> Iterator[tuple[Marked, SentenceView]]:
        """What was found in documents, by their ids, each with its sentence."""
        passages = self.edition.passages_at([(document, one.start) for document, one in found])
        marked = zip(found, passages, strict=True)
        return ((one, self._sentence(passage, one.start)) for (_, one), passage in marked)

    def says(self, term: Term, least: float) -> bool:
        """Whether a sentence of the passages found holds the term, matched at least so well."""
        found = (view for hit in self.hits for view in self.views.of(hit.passage))
        return any(self.matcher.match(term, view) >= least for view in found)

    @cached_property
    def holders(self) -> tuple[str, ...]:
        """Who holds something in `read`, in text order."""
        held = (self.edition.annotations[document].holders for document in self.read)
        return tuple(dict.fromkeys(actor for each in held for actors in each for actor in actors))

    def positions(self, holders: Iterable[str] = ()) -> Iterator[tuple[Position, SentenceView]]:
        """Positions in `read` with their sentences, in text order; of these holders only, if any."""
        wanted = frozenset(holders)
        held = [
            (document, found.positions[number])
            for document in self.read
            for found in (self.edition.annotations[document],)
            for number, actors in enumerate(found.holders)
            if not wanted or not wanted.isdisjoint(actors)
        ]
        yield from self.viewed(held)

    def evidence(self, view: SentenceView, *, speaker: str | None = None, score: float = 0.0) -> Evidence:
        """The sentence as evidence; one that leans on the sentence before it is quoted with it."""
        before = self.before(view)
        start = before.sentence.start if leans(view) and before else view.sentence.start
        return Evidence(
            passage=view.passage,
            start=start,
            end=view.sentence.end,
            speaker=self.teller(view, start, speaker or self.claimant(view)),
            score=score,
        )

    def teller(self, view: SentenceView, start: int, holder: str | None) -> str | None:
        """The holder, when all of a quote from ``start`` to the end of this sentence is what he holds."""
        before = self.before(view) if start < view.sentence.start else None
        told = [view, before] if before else [view]
        return holder if holder and all(self.holds(one, holder) for one in told) else None

    def holds(self, view: SentenceView, holder: str) -> bool:
        """Whether all of a sentence is what somebody holds, and he is named."""
        if holder.lower() in OURSELVES:
            return False
        found = self.views.positions(view)
        own = (one for one in found if holder in one.actors)
        return any(governs(view.text, view.sentence.start, one, found) for one in own)

    def claimant(self, view: SentenceView) -> str | None:
        """Whose claim a sentence is, so that it is not told as the author's; None when nobody's alone."""
        held = [one for one in self.views.positions(view) if one.kind in CLAIMS]
        if len(held) != 1 or held[0].joint:
            return None
        if held[0].actors[0] == self.edition.documents[view.passage.document_id].author:
            return None
        return held[0].actors[0]

    def before(self, view: SentenceView) -> SentenceView | None:
        """The sentence before this one in its passage, when it is text of the same paragraph."""
        if view.ordinal == 0:
            return None
        found = self.views.of(view.passage)[view.ordinal - 1]
        return found if found.is_text and found.sentence.block == view.sentence.block else None

    def nearest(self) -> tuple[Evidence, ...]:
        """The best sentence of each of the best passages: not an answer."""
        best: dict[str, Ranked] = {}
        for one in self.ranked:
            best.setdefault(one.view.passage.id, one)
        found = sorted(best.values(), key=lambda one: -one.score)[:NEAREST]
        return tuple(self.evidence(one.view, score=one.score) for one in found)
