"""The seams of language: words of a text, and who is meant by a name."""

from typing import NamedTuple, Protocol

from qa_service.domain.annotation import Mention


class Word(NamedTuple):
    """What of a word does not depend on where it stands. ``word`` is folded (case, accents), ``stem`` its
    Snowball stem.

    ``content`` is False for stop words; ``capital`` is True when the word is written with a capital.
    """

    word: str
    stem: str
    content: bool
    capital: bool


class Token(NamedTuple):
    """A Word and its place in a text. Offsets are code points into the analysed text."""

    start: int
    end: int
    word: str
    stem: str
    content: bool
    capital: bool


class Analyser(Protocol):
    """Cuts text into words, for documents and questions alike."""

    def tokens(self, text: str) -> tuple[Token, ...]:
        """All words in text order; the same text always gives an equal result; "" gives ()."""
        ...

    def words(self, text: str) -> tuple[Word, ...]:
        """The same words without their places, at less cost; not remembered."""
        ...

    def stems(self, text: str) -> tuple[str, ...]:
        """The stems of the words that carry content, in text order."""
        ...


class ActorNames(Protocol):
    """Knows which names mean the same actor."""

    def actor(self, surface: str) -> str | None:
        """The canonical name of an exact surface, or None."""
        ...

    def mentions(self, text: str, *, typed: bool = False) -> tuple[Mention, ...]:
        """Actors named in ``text``, left to right, longest first; ``typed`` text may lack capitals."""
        ...

    def names(self, actor: str) -> tuple[str, ...]:
        """The surfaces of a canonical name; () when it is unknown."""
        ...

    def related(self, actor: str) -> tuple[str, ...]:
        """Actors that share surfaces with this one, as a state and its heir share a capital."""
        ...
