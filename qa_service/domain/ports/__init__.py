"""The seams: what a step needs of an engine that has state or a rival. Each docstring is the contract."""

from qa_service.domain.ports.index import (
    Candidates,
    CandidateSource,
    Follower,
    Holding,
    IndexedDocument,
    IndexedPassage,
    Moment,
    Ranked,
    Searcher,
    Size,
    Snapshot,
    Statistics,
    Store,
)
from qa_service.domain.ports.language import ActorNames, Analyser, Token, Word
from qa_service.domain.ports.records import (
    Arrivals,
    Conversations,
    Deliveries,
    Keys,
    Opinions,
    Sessions,
    Tallies,
)

__all__ = [
    "ActorNames",
    "Analyser",
    "Arrivals",
    "CandidateSource",
    "Candidates",
    "Conversations",
    "Deliveries",
    "Follower",
    "Holding",
    "IndexedDocument",
    "IndexedPassage",
    "Keys",
    "Moment",
    "Opinions",
    "Ranked",
    "Searcher",
    "Sessions",
    "Size",
    "Snapshot",
    "Statistics",
    "Store",
    "Tallies",
    "Token",
    "Word",
]
