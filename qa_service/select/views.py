"""A sentence as the ranker looks at it: stems, roots, prefixes, words and the actors it names."""

from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

from qa_service.domain.annotation import Mention
from qa_service.domain.document import BlockKind
from qa_service.domain.edition import Edition
from qa_service.domain.passage import Passage, Sentence
from qa_service.domain.ports import Analyser, Token
from qa_service.select.roots import PREFIX, root
from qa_service.select.synonyms import Synonyms

KEPT = 1024  # passages that are kept analysed
FEWEST_WORDS = 3  # "The Quad." before a text is its heading


@dataclass(frozen=True)
class SentenceView:
    """One sentence of a passage. ``ordinal`` counts within the passage."""

    passage: Passage
    sentence: Sentence
    ordinal: int
    text: str
    tokens: tuple[Token, ...]
    actors: frozenset[str]
    synonyms: Synonyms

    @cached_property
    def groups(self) -> frozenset[int]:
        """Synonym groups of its words."""
        return frozenset().union(*self.synonyms.of(self.tokens).values())

    @cached_property
    def stems(self) -> frozenset[str]:
        """Stems of content words."""
        return frozenset(token.stem for token in self.tokens if token.content)

    @cached_property
    def roots(self) -> frozenset[str]:
        """Roots of those stems."""
        return frozenset(root(stem) for stem in self.stems)

    @cached_property
    def prefixes(self) -> frozenset[str]:
        """First five letters of those stems."""
        return frozenset(stem[:PREFIX] for stem in self.stems if len(stem) >= PREFIX)

    @cached_property
    def word_pairs(self) -> frozenset[tuple[str, str]]:
        """Neighbouring words as they stand, stop words included."""
        words = [token.word for token in self.tokens]
        return frozenset(pairwise(words))

    @property
    def is_text(self) -> bool:
        """Whether this may answer something: not a title, byline or heading, be it before a text."""
        prose = self.sentence.kind in (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM)
        return prose and len(self.tokens) >= FEWEST_WORDS


class Views:
    """The sentences of one edition's passages, analysed when first looked at and then kept."""

    def __init__(self, edition: Edition, analyser: Analyser, synonyms: Synonyms) -> None:
        self._edition = edition
        self._analyser = analyser
        self.synonyms = synonyms
        self._kept: OrderedDict[str, tuple[SentenceView, ...]] = OrderedDict()
        self._mention_starts = lru_cache(maxsize=KEPT)(self._starts)

    def of(self, passage: Passage) -> tuple[SentenceView, ...]:
        """The passage's sentences in text order."""
        found = self._kept.get(passage.id)
        if found is None:
            found = tuple(self._view(passage, number) for number in range(len(passage.sentences)))
            self._kept[passage.id] = found
            while len(self._kept) > KEPT:
                with suppress(KeyError):  # another thread may have dropped the last one
                    self._kept.popitem(last=False)
        return found

    def document(self, document_id: str) -> list[SentenceView]:
        """All sentences of a document in text order."""
        return [view for passage in self._edition.passages_of(document_id) for view in self.of(passage)]

    def title(self, document_id: str) -> tuple[Token, ...]:
        """The tokens of the document's title."""
        return self._analyser.tokens(self._edition.documents[document_id].title)

    def stems(self, text: str) -> frozenset[str]:
        """The stems of the content words of any text."""
        return frozenset(token.stem for token in self._analyser.tokens(text) if token.content)

    def analysed(self, text: str) -> tuple[Token, ...]:
        """The tokens of any text."""
        return self._analyser.tokens(text)

    def _view(self, passage: Passage, ordinal: int) -> SentenceView:
        sentence = passage.sentences[ordinal]
        text = self._edition.text(passage, sentence.start, sentence.end)
        return SentenceView(
            passage=passage,
            sentence=sentence,
            ordinal=ordinal,
            text=text,
            tokens=self._analyser.tokens(text),
            actors=frozenset(mention.actor for mention in self._mentions(passage.document_id, sentence)),
            synonyms=self.synonyms,
        )

    def mentions(self, view: SentenceView) -> Sequence[Mention]:
        """The actors named in a sentence, where they stand in the document."""
        return self._mentions(view.passage.document_id, view.sentence)

    def _mentions(self, document_id: str, sentence: Sentence) -> Sequence[Mention]:
        mentions = self._edition.annotations[document_id].mentions
        starts = self._mention_starts(document_id)
        return mentions[bisect_left(starts, sentence.start) : bisect_left(starts, sentence.end)]

    def _starts(self, document_id: str) -> list[int]:
        return [mention.start for mention in self._edition.annotations[document_id].mentions]
