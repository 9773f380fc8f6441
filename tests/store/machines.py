"""What the stores have in common: `machine()` is one more process on the store of a test, of either kind."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from qa_service.domain.address import Address
from qa_service.domain.ports import Arrivals, Conversations, Deliveries, Keys, Opinions, Sessions, Tallies
from qa_service.indexing import PublishingStore
from qa_service.store.answers import SqliteAnswers
from qa_service.store.arrivals import SqliteArrivals
from qa_service.store.conversations import SqliteConversations, SqliteOpinions
from qa_service.store.deliveries import SqliteDeliveries
from qa_service.store.keys import SqliteKeys
from qa_service.store.notebook import Notebook
from qa_service.store.opensearch.answers import OpenSearchAnswers
from qa_service.store.opensearch.arrivals import OpenSearchArrivals
from qa_service.store.opensearch.conversations import OpenSearchConversations, OpenSearchOpinions
from qa_service.store.opensearch.deliveries import OpenSearchDeliveries
from qa_service.store.opensearch.engine import Engine
from qa_service.store.opensearch.jotting import Jotter
from qa_service.store.opensearch.keys import OpenSearchKeys
from qa_service.store.opensearch.sessions import OpenSearchSessions
from qa_service.store.opensearch.store import OpenSearchStore
from qa_service.store.opensearch.tallies import OpenSearchTallies
from qa_service.store.recording import Recording
from qa_service.store.sessions import SqliteSessions
from qa_service.store.sqlite import SqliteStore
from qa_service.store.tallies import SqliteTallies

RULES = "rules"

Clock = Callable[[], float]


class Machine(Protocol):
    """One process's hand in a store."""

    def conversations(self, days: int = 30, clock: Clock = time.time) -> Conversations: ...
    def opinions(self) -> Opinions: ...
    def deliveries(self, clock: Clock = time.time) -> Deliveries: ...
    def keys(self, clock: Clock = time.time) -> Keys: ...
    def sessions(self, clock: Clock = time.time) -> Sessions: ...
    def arrivals(self) -> Arrivals: ...
    def tallies(self) -> Tallies: ...
    def recording(self) -> Recording: ...
    def store(self, rules: str = RULES) -> PublishingStore: ...
    def close(self) -> None: ...


@dataclass
class SqliteMachine:
    path: Path

    def __post_init__(self) -> None:
        self.book = Notebook(self.path)
        self.opened: list[SqliteStore] = []

    def conversations(self, days: int = 30, clock: Clock = time.time) -> Conversations:
        return SqliteConversations(self.book, days, clock)

    def opinions(self) -> Opinions:
        return SqliteOpinions(self.book)

    def deliveries(self, clock: Clock = time.time) -> Deliveries:
        return SqliteDeliveries(self.path, clock)

    def keys(self, clock: Clock = time.time) -> Keys:
        return SqliteKeys(self.book, self.path.with_name("secret"), clock)

    def sessions(self, clock: Clock = time.time) -> Sessions:
        return SqliteSessions(self.book, self.path.with_name("secret"), clock)

    def arrivals(self) -> Arrivals:
        return SqliteArrivals(self.path)

    def tallies(self) -> Tallies:
        return SqliteTallies(self.path)

    def recording(self) -> Recording:
        return Recording(SqliteAnswers(self.path))

    def store(self, rules: str = RULES) -> PublishingStore:
        made = SqliteStore(self.path, rules)
        self.opened.append(made)
        return made

    def close(self) -> None:
        self.book.close()
        for one in self.opened:
            one.close()


@dataclass
class OpenSearchMachine:
    address: Address
    secret: Path

    def __post_init__(self) -> None:
        self.engine, self.jotter = Engine(self.address), Jotter()

    def conversations(self, days: int = 30, clock: Clock = time.time) -> Conversations:
        return OpenSearchConversations(self.engine, self.jotter, days, clock)

    def opinions(self) -> Opinions:
        return OpenSearchOpinions(self.engine, self.jotter)

    def deliveries(self, clock: Clock = time.time) -> Deliveries:
        return OpenSearchDeliveries(self.engine, clock)

    def keys(self, clock: Clock = time.time) -> Keys:
        return OpenSearchKeys(self.engine, self.jotter, self.secret, clock)

    def sessions(self, clock: Clock = time.time) -> Sessions:
        return OpenSearchSessions(self.engine, self.secret, clock)

    def arrivals(self) -> Arrivals:
        return OpenSearchArrivals(self.engine)

    def tallies(self) -> Tallies:
        return OpenSearchTallies(self.engine)

    def recording(self) -> Recording:
        return Recording(OpenSearchAnswers(self.engine))

    def store(self, rules: str = RULES) -> PublishingStore:
        return OpenSearchStore(self.engine, rules)

    def close(self) -> None:
        self.jotter.close()
        self.engine.close()


Processes = Callable[[], Machine]
