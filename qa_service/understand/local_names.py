"""The alias table together with the names that the indexed documents themselves bring: acronyms that they
define, people and organisations that no table knows.
"""

from collections.abc import Sequence
from functools import lru_cache

from qa_service.domain.annotation import Mention
from qa_service.domain.directory import EntryKind, Surface
from qa_service.domain.ports import ActorNames, Analyser, Snapshot, Token

NAMING = 0.5  # share of the sentences with a word in which it names somebody
KEPT = 4096  # words whose names are kept

Words = tuple[str, ...]


class LocalNames:
    """See `ports.ActorNames`. The table's names come first; the documents' names fill what it leaves."""

    def __init__(self, table: ActorNames, snapshot: Snapshot, analyser: Analyser) -> None:
        self._table = table
        self._analyser = analyser
        self._snapshot = snapshot
        self._beginning = lru_cache(maxsize=KEPT)(self._read_beginning)
        self.names = lru_cache(maxsize=KEPT)(self._names)
        self.related = lru_cache(maxsize=KEPT)(self._related)

    def _read_beginning(self, first: str) -> dict[Words, str | None]:
        """Names that begin with a word, and the one actor that each means; an ambiguous one means none."""
        found: dict[Words, str | None] = {}
        for value in self._snapshot.entries(EntryKind.SURFACE, first):
            surface = Surface.of(value)
            if not surface.last or self._is_name(surface.written):
                known = found.setdefault(surface.words, surface.actor)
                found[surface.words] = known if known == surface.actor else None
        return found

    def _is_name(self, last: str) -> bool:
        """Whether at least half of what holds the word names somebody by it: not the "exchange" of a city."""
        (token,) = self._analyser.tokens(last)[:1] or (None,)
        holding = self._snapshot.holding(token.stem).sentences if token else 0
        return self._snapshot.entries(EntryKind.NAMING, last).get("", 0) >= NAMING * holding

    def _is_typed(self, words: Words) -> bool:
        """Whether small letters may mean a name: "gas" is not the one that a document calls GAS."""
        found = map(Surface.of, self._snapshot.entries(EntryKind.SURFACE, words[0]))
        return len(words) > 1 or any(self._is_name(one.written) for one in found if one.words == words)

    def _meaning(self, words: Words) -> str | None:
        return self._beginning(words[0]).get(words) if words else None

    def actor(self, surface: str) -> str | None:
        """See ports.ActorNames."""
        words = tuple(token.word for token in self._analyser.tokens(surface))
        return self._table.actor(surface) or self._meaning(words)

    def _names(self, actor: str) -> tuple[str, ...]:
        """See ports.ActorNames."""
        local = self._snapshot.entries(EntryKind.NAME, actor)
        return (*self._table.names(actor), *(one for one in local if self.actor(one) == actor))

    def _related(self, actor: str) -> tuple[str, ...]:
        """See ports.ActorNames. Who goes by one name in one document has a full name in another."""
        words = tuple(token.word for token in self._analyser.tokens(actor))
        known = self._table.related(actor)
        if len(words) != 1 or self._table.actor(actor):
            return known
        surfaces = map(Surface.of, self._snapshot.entries(EntryKind.SURFACE, words[0]))
        fuller = dict.fromkeys(one.actor for one in surfaces if one.words == words and one.actor != actor)
        return (*known, *fuller)

    def mentions(self, text: str, *, typed: bool = False) -> tuple[Mention, ...]:
        """See ports.ActorNames."""
        known = list(self._table.mentions(text, typed=typed))
        tokens = self._analyser.tokens(text)
        place = 0
        while place < len(tokens):
            words = self._longest(tokens, place, typed=typed)
            start, end = tokens[place].start, tokens[place + max(len(words), 1) - 1].end
            if words and not any(one.start < end and start < one.end for one in known):
                known.append(Mention(start=start, end=end, actor=self._meaning(words) or ""))
            place += max(len(words), 1)
        return tuple(sorted(known, key=lambda one: one.start))

    def _longest(self, tokens: Sequence[Token], place: int, *, typed: bool) -> Words:
        """The longest known sequence that starts here; it needs its capital unless typed."""
        best: Words = ()
        for words, actor in self._beginning(tokens[place].word).items():
            here = tokens[place : place + len(words)]
            fits = actor is not None and tuple(token.word for token in here) == words
            fits = fits and (here[0].capital or (typed and self._is_typed(words)))
            fits = fits and here[0].content  # "is" is no organisation
            if fits and len(words) > len(best):
                best = words
        return best
