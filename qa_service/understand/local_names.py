"""The alias table together with the names that the indexed documents themselves bring: acronyms that they
define, people and organisations that no table knows.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from qa_service.domain.annotation import DefinitionKind, Mention
from qa_service.domain.edition import Edition
from qa_service.domain.ports import ActorNames, Analyser, Token

SHORTEST_LAST_NAME = 4  # letters

NAMING = 0.5  # share of the sentences with a word in which it names somebody

Words = tuple[str, ...]


@dataclass
class _Surfaces:
    """Word sequences and the one actor that each means; an ambiguous one means none."""

    actors: dict[Words, str | None] = field(default_factory=dict)
    names: dict[str, list[str]] = field(default_factory=dict)

    def add(self, words: Words, surface: str, actor: str) -> None:
        if not words:
            return
        known = self.actors.setdefault(words, actor)
        if known != actor:
            self.actors[words] = None
        elif surface not in self.names.setdefault(actor, []):
            self.names[actor].append(surface)


class LocalNames:
    """See `ports.ActorNames`. The table's names come first; a document's names fill what it leaves."""

    def __init__(self, table: ActorNames, edition: Edition, analyser: Analyser) -> None:
        self._table = table
        self._analyser = analyser
        self._surfaces = _Surfaces()
        self._known: dict[str, tuple[str, ...]] = {}
        self._naming = _naming(edition)
        for document_id in edition.documents:
            self._learn(edition, document_id)
        self._first: dict[str, list[Words]] = {}
        for words, actor in self._surfaces.actors.items():
            if actor is not None:
                self._first.setdefault(words[0], []).append(words)

    def _learn(self, edition: Edition, document_id: str) -> None:
        annotations = edition.annotations[document_id]
        for one in annotations.definitions:
            if one.kind is DefinitionKind.ACRONYM and one.expansion:
                actor = self._table.actor(one.expansion) or one.expansion
                self._add(one.term, actor)
                self._add(one.expansion, actor)
        for actor in dict.fromkeys(mention.actor for mention in annotations.mentions):
            if self._table.actor(actor) is None:
                self._add(actor, actor)
                last = actor.split()[-1]
                if " " in actor and len(last) >= SHORTEST_LAST_NAME and self._is_name(last, edition):
                    self._add(last, actor)

    def _is_name(self, last: str, edition: Edition) -> bool:
        """Whether at least half of what holds the word names somebody by it: not the "exchange" of a city."""
        (token,) = self._analyser.tokens(last)[:1] or (None,)
        frequency = edition.lexicon.frequency.get(token.stem, 0) if token else 0
        return self._naming[last] >= NAMING * frequency

    def _add(self, surface: str, actor: str) -> None:
        words = tuple(token.word for token in self._analyser.tokens(surface))
        self._surfaces.add(words, surface, actor)

    def actor(self, surface: str) -> str | None:
        """See ports.ActorNames."""
        words = tuple(token.word for token in self._analyser.tokens(surface))
        return self._table.actor(surface) or self._surfaces.actors.get(words)

    def names(self, actor: str) -> tuple[str, ...]:
        """See ports.ActorNames."""
        if actor not in self._known:
            self._known[actor] = (*self._table.names(actor), *self._surfaces.names.get(actor, ()))
        return self._known[actor]

    def related(self, actor: str) -> tuple[str, ...]:
        """See ports.ActorNames."""
        return self._table.related(actor)

    def mentions(self, text: str, *, typed: bool = False) -> tuple[Mention, ...]:
        """See ports.ActorNames."""
        known = list(self._table.mentions(text, typed=typed))
        tokens = self._analyser.tokens(text)
        place = 0
        while place < len(tokens):
            words = self._longest(tokens, place, typed=typed)
            start, end = tokens[place].start, tokens[place + max(len(words), 1) - 1].end
            if words and not any(one.start < end and start < one.end for one in known):
                known.append(Mention(start=start, end=end, actor=self._surfaces.actors[words] or ""))
            place += max(len(words), 1)
        return tuple(sorted(known, key=lambda one: one.start))

    def _longest(self, tokens: Sequence[Token], place: int, *, typed: bool) -> Words:
        """The longest known sequence that starts here; a single word needs its capital unless typed."""
        best: Words = ()
        for words in self._first.get(tokens[place].word, ()):
            here = tokens[place : place + len(words)]
            fits = tuple(token.word for token in here) == words and (typed or here[0].capital)
            fits = fits and here[0].content  # "is" is no organisation
            if fits and len(words) > len(best):
                best = words
        return best


def _naming(edition: Edition) -> Counter[str]:
    """How often somebody is named by each last word of a name, as it is written."""
    found: Counter[str] = Counter()
    for document_id, annotations in edition.annotations.items():
        text = edition.documents[document_id].text
        found.update(text[one.start : one.end].split()[-1] for one in annotations.mentions)
    return found
