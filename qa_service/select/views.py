"""A sentence as the ranker looks at it: stems, roots, prefixes, words and the actors it names."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import pairwise

from qa_service.domain.annotation import Mention, Position, starting
from qa_service.domain.document import BlockKind
from qa_service.domain.edition import Edition
from qa_service.domain.passage import Passage, Sentence
from qa_service.domain.ports import Analyser, Token, Word
from qa_service.select.roots import PREFIX, root
from qa_service.select.synonyms import Synonyms

KEPT = 1024  # passages that are kept analysed
FEWEST_WORDS = 3  # "The Quad." before a text is its heading


@dataclass(frozen=True)
class SentenceView:
    """One sentence of a passage. ``ordinal`` counts within the passage.

    Most sentences of a document are only looked past, so what a sentence holds is worked out when it is
    asked for.
    """

    passage: Passage
    sentence: Sentence
    ordinal: int
    views: "Views" = field(compare=False, repr=False)

    @cached_property
    def text(self) -> str:
        """The sentence as it stands."""
        return self.views.edition.text(self.passage, self.sentence.start, self.sentence.end)

    @cached_property
    def words(self) -> tuple[Word, ...]:
        """Its words."""
        return self.views.words(self.text)

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """The same with their places in ``text``."""
        return self.views.analysed(self.text)

    @cached_property
    def actors(self) -> frozenset[str]:
        """Whom it names."""
        return frozenset(mention.actor for mention in self.views.mentions(self))

    @cached_property
    def groups(self) -> frozenset[int]:
        """Synonym groups of its words."""
        return frozenset().union(*self.views.synonyms.of(self.words).values())

    @cached_property
    def all_stems(self) -> frozenset[str]:
        """Stems of its words."""
        return frozenset([word.stem for word in self.words])

    @cached_property
    def stems(self) -> frozenset[str]:
        """Stems of content words."""
        return frozenset([word.stem for word in self.words if word.content])

    @cached_property
    def roots(self) -> frozenset[str]:
        """Roots of those stems."""
        return frozenset(root(stem) for stem in self.stems)

    @cached_property
    def prefixes(self) -> frozenset[str]:
        """First five letters of those stems."""
        return frozenset(stem[:PREFIX] for stem in self.stems if len(stem) >= PREFIX)

    def holding(self, pairs: frozenset[tuple[str, str]]) -> frozenset[tuple[str, str]]:
        """Those of some pairs of words that stand side by side in it, stop words included."""
        return pairs.intersection(pairwise([word.word for word in self.words]))

    @property
    def is_text(self) -> bool:
        """Whether this may answer something: not a title, byline or heading, be it before a text."""
        prose = self.sentence.kind in (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM)
        return prose and len(self.words) >= FEWEST_WORDS


class Views:
    """The sentences of one edition's passages, analysed when first looked at and then kept."""

    def __init__(self, edition: Edition, analyser: Analyser, synonyms: Synonyms) -> None:
        self.edition = edition
        self._analyser = analyser
        self.synonyms = synonyms
        self._kept: OrderedDict[str, tuple[SentenceView, ...]] = OrderedDict()

    def of(self, passage: Passage) -> tuple[SentenceView, ...]:
        """The passage's sentences in text order."""
        found = self._kept.get(passage.id)
        if found is None:
            found = tuple(
                SentenceView(passage=passage, sentence=sentence, ordinal=ordinal, views=self)
                for ordinal, sentence in enumerate(passage.sentences)
            )
            self._kept[passage.id] = found
            while len(self._kept) > KEPT:
                with suppress(KeyError):  # another thread may have dropped the last one
                    self._kept.popitem(last=False)
        return found

    def document(self, document_id: str) -> list[SentenceView]:
        """All sentences of a document in text order."""
        return [view for passage in self.edition.passages_of(document_id) for view in self.of(passage)]

    @cached_property
    def title(self) -> Callable[[str], tuple[Word, ...]]:
        """The words of the title of a document."""
        return lru_cache(maxsize=KEPT)(
            lambda document_id: self._analyser.words(self.edition.headed[document_id])
        )

    def title_stems(self, document_id: str) -> frozenset[str]:
        """The stems of the title of a document."""
        return frozenset(word.stem for word in self.title(document_id))

    def stems(self, text: str) -> frozenset[str]:
        """The stems of the content words of any text."""
        return frozenset(self._analyser.stems(text))

    def words(self, text: str) -> tuple[Word, ...]:
        """The words of any text."""
        return self._analyser.words(text)

    def analysed(self, text: str) -> tuple[Token, ...]:
        """The tokens of any text."""
        return self._analyser.tokens(text)

    def positions(self, view: SentenceView) -> Sequence[Position]:
        """What a sentence says that somebody holds."""
        positions = self.edition.annotations[view.passage.document_id].positions
        return starting(positions, view.sentence.start, view.sentence.start + 1)

    def mentions(self, view: SentenceView) -> Sequence[Mention]:
        """The actors named in a sentence, where they stand in the document."""
        mentions = self.edition.annotations[view.passage.document_id].mentions
        return starting(mentions, view.sentence.start, view.sentence.end)
