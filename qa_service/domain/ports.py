"""The seams: what a step needs of an engine that has state or a rival. Each docstring is the contract."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from qa_service.domain.annotation import Annotations, Mention
from qa_service.domain.conversation import Conversation, Feedback, Turn
from qa_service.domain.document import Document, Original
from qa_service.domain.evidence import Hit
from qa_service.domain.passage import Passage
from qa_service.domain.principal import ApiKey, Principal, Scope
from qa_service.domain.question import Term


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a text. ``word`` is folded (case, accents), ``stem`` its Snowball stem.

    ``content`` is False for stop words; ``capital`` is True when the word is written with a capital.
    Offsets are code points into the analysed text.
    """

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


class Searcher(Protocol):
    """Ranks passages for weighted terms."""

    def search(
        self,
        terms: Sequence[Term],
        *,
        limit: int,
        documents: Sequence[str] = (),
        pairs: Sequence[tuple[str, str]] = (),
    ) -> tuple[Hit, ...]:
        """The best ``limit`` passages that hold at least one term, best first.

        Equal scores come in the order of document id, then ordinal. ``documents`` restricts the
        result to those ids (empty: all); unknown ids and unknown terms match nothing. No terms, or
        an empty index: ().
        """
        ...

    def idf(self, stem: str) -> float:
        """How rare a stem is among the passages; an unknown one is as rare as can be."""
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


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexedPassage:
    """A passage and its stems: ``terms`` of the passage with its title and heading, for ranking;
    ``sentence_terms`` of each sentence, for choosing among sentences.
    """

    passage: Passage
    terms: tuple[str, ...]
    sentence_terms: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexedDocument:
    """A document with everything that is derived from it."""

    document: Document
    original: Original
    passages: tuple[IndexedPassage, ...]
    annotations: Annotations


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """All that one index version holds, without originals. Documents are in the order of their ids."""

    version: str
    documents: tuple[Document, ...]
    passages: tuple[IndexedPassage, ...]
    annotations: Mapping[str, Annotations]


class Store(Protocol):
    """Keeps documents and what is derived from them. Every change publishes a new index version.

    A reader sees one version or the next, never a mixture. Errors: StoreError when the store cannot be
    read or written; NotFoundError for an unknown document id.
    """

    def version(self) -> str:
        """The current index version, in microseconds; "" while nothing was ever published."""
        ...

    def contents(self) -> Contents:
        """Everything of the current version, read in one transaction."""
        ...

    def original(self, document_id: str) -> Original:
        """The file as it was ingested."""
        ...

    def known_sources(self) -> Mapping[str, str]:
        """SHA-256 of each original, and the id of its document."""
        ...

    def origins(self) -> Mapping[str, str]:
        """Where each original was read, and the id of its document."""
        ...

    def publish(self, added: Iterable[IndexedDocument], *, removed: Sequence[str] = ()) -> str:
        """Add (or replace, by id or origin) and remove documents in one step; the new version."""
        ...


class Conversations(Protocol):
    """Keeps conversations, each its owner's alone. Shared by all processes on a store.

    Errors: NotFoundError when there is none of that id, or it is another owner's: a caller cannot tell the
    two apart. StoreError when the store cannot be used.
    """

    def begin(self, owner: Principal) -> Conversation:
        """A new one, with an id that cannot be guessed."""
        ...

    def under(self, owner: Principal, key: str) -> Conversation:
        """The one that a channel keeps under its own key (a channel and thread), begun when there is none.

        The same owner and key give the same conversation in every process.
        """
        ...

    def find(self, conversation_id: str, owner: Principal) -> Conversation:
        """The one of that id with all its turns."""
        ...

    def add(self, conversation: Conversation, turn: Turn) -> None:
        """Add a turn. Never raises, and never waits longer than a moment for who writes to the store."""
        ...

    def forget(self, conversation_id: str, owner: Principal) -> None:
        """Remove it and its turns."""
        ...


class Opinions(Protocol):
    """Keeps what readers think of answers."""

    def give(self, feedback: Feedback) -> None:
        """Keep it. Never raises, and never waits longer than a moment for who writes to the store."""
        ...

    def against(self) -> Sequence[Feedback]:
        """The thumbs that are down, the oldest first. Raises StoreError."""
        ...


class Deliveries(Protocol):
    """Knows which messages have been taken on, so that one that is delivered twice is answered once.

    Shared by all processes on a store. Keys are kept for an hour. StoreError when the store cannot be used.
    """

    def claim(self, keys: Sequence[str]) -> bool:
        """Take on the message of these keys; False when any of them is known.

        A claim that was not finished within a minute counts as lost, and the next one gets the message.
        """
        ...

    def finish(self, keys: Sequence[str]) -> None:
        """Say that the message of these keys has been answered."""
        ...


class Keys(Protocol):
    """Knows the API keys of a store. StoreError when it cannot be used."""

    def create(self, name: str, scopes: frozenset[Scope]) -> tuple[ApiKey, str]:
        """A new key, and its text, which is told this once."""
        ...

    def all(self) -> Sequence[ApiKey]:
        """Every key that was ever made, the oldest first."""
        ...

    def revoke(self, key_id: str) -> None:
        """Make it worth nothing, in every process, from the next request on. Raises NotFoundError."""
        ...

    def principal(self, text: str) -> Principal | None:
        """Who holds this key; None when it is none, or is revoked."""
        ...
