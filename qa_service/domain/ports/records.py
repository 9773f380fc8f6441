"""The seams of what people leave behind: conversations, opinions, deliveries, keys, files, counts."""

from collections.abc import Sequence
from typing import Protocol

from qa_service.domain.arrival import Arrival
from qa_service.domain.conversation import Conversation, Feedback, Turn
from qa_service.domain.principal import ApiKey, Principal, Scope
from qa_service.domain.tally import Tally


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
        """Add a turn; one whose id it has already is not added again.

        Never raises, and never waits longer than a moment for who writes to the store.
        """
        ...

    def forget(self, conversation_id: str, owner: Principal) -> None:
        """Remove it, its turns, what was thought of answers in its name, and the answers that it was given.

        An answer that another conversation was given too, or that somebody else judged, stays. One that is
        still on its way to the store is removed a moment later.
        """
        ...


class Opinions(Protocol):
    """Keeps what readers think of answers."""

    def give(self, feedback: Feedback) -> None:
        """Keep it. Never raises, and never waits longer than a moment for who writes to the store."""
        ...

    def against(self) -> Sequence[Feedback]:
        """The thumbs that are down, the oldest first. Raises StoreError."""
        ...

    def latest(self, most: int) -> Sequence[Feedback]:
        """The thumbs that are down, then those that are up, of each the newest first. Raises StoreError."""
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


class Sessions(Protocol):
    """Knows who is signed in with a browser. Shared by all processes on a store; StoreError when it cannot
    be used.
    """

    def begin(self, text: str) -> str | None:
        """A new session for whoever holds this key, as a text that cannot be guessed; None for no key."""
        ...

    def holder(self, session: str) -> Principal | None:
        """Who began it; None when it is none, is over, or its key is revoked: from the next request on."""
        ...

    def end(self, session: str) -> None:
        """Make it worth nothing."""
        ...


class Arrivals(Protocol):
    """Remembers what became of files: the latest that were taken, and as many that were not."""

    def note(self, arrivals: Sequence[Arrival]) -> None:
        """Remember these, the oldest first. Never raises: what cannot be remembered is logged."""
        ...

    def forget(self, document_ids: Sequence[str]) -> None:
        """Forget the files that became these documents. Never raises: what cannot be is logged."""
        ...

    def latest(self) -> Sequence[Arrival]:
        """Those that are remembered, the newest first. Raises StoreError."""
        ...


class Tallies(Protocol):
    """Keeps counts by the hour, those of a quarter of a year. Errors: StoreError."""

    def keep(self, teller: str, tally: Tally) -> None:
        """What one process has counted in an hour so far; it takes the place of what it told before."""
        ...

    def since(self, hour: int) -> Sequence[Tally]:
        """The hours from this one on in which anything was counted, of all processes together, in order."""
        ...
