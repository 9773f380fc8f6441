"""Who asks: an owner of conversations, and what it may do."""

from dataclasses import dataclass
from enum import StrEnum

SESSION_SECONDS = 3600  # that a browser stays signed in, used or not


class Via(StrEnum):
    """How a caller is known."""

    ANONYMOUS = "anonymous"  # not at all: what it holds, it holds by knowing an unguessable id
    KEY = "key"  # by an API key
    TEAM = "team"  # by a chat system that vouches for it, such as a Slack workspace


class Scope(StrEnum):
    """What a caller may do."""

    ASK = "ask"
    INGEST = "ingest"
    ADMIN = "admin"  # everything


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """A caller. ``name`` is the id of the key or of the team; "" for anonymous ones."""

    via: Via
    name: str = ""
    scopes: frozenset[Scope] = frozenset({Scope.ASK})

    @property
    def owner(self) -> str:
        """As what it keeps is marked: ``anonymous:``, ``key:3f9a``, ``team:slack/T0123``."""
        return f"{self.via.value}:{self.name}"

    def may(self, scope: Scope) -> bool:
        """Whether it may do this."""
        return scope in self.scopes or Scope.ADMIN in self.scopes


ANONYMOUS = Principal(via=Via.ANONYMOUS)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """What is known of a key; the key itself is not kept. Times are seconds since 1970.

    ``used`` is when it was last used, to the hour.
    """

    id: str
    name: str
    scopes: frozenset[Scope]
    created: int
    used: int | None = None
    revoked: int | None = None
