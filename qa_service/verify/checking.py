"""A citation that came back from outside is checked against the store: valid, or why not."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from qa_service.domain.edition import Edition


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """What somebody says that a document says."""

    number: int
    document_id: str
    quote: str
    start: int
    end: int
    sha256: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The verdict on one claimed citation; ``problem`` is None when it is valid."""

    number: int
    document_id: str
    problem: str | None

    @property
    def valid(self) -> bool:
        """Whether the quote stands where it is said to stand, in the same text."""
        return self.problem is None


def check(claims: Sequence[Claimed], edition: Edition) -> tuple[Finding, ...]:
    """A Finding for each claim, in their order."""
    return tuple(
        Finding(number=claim.number, document_id=claim.document_id, problem=_problem(claim, edition))
        for claim in claims
    )


def _problem(claim: Claimed, edition: Edition) -> str | None:
    document = edition.documents.get(claim.document_id)
    if document is None:
        return "unknown_document"
    actual = hashlib.sha256(document.text.encode()).hexdigest()
    if actual != document.sha256:
        return "stored_text_altered"
    if claim.sha256 is not None and claim.sha256 != actual:
        return "text_has_changed"
    inside = 0 <= claim.start < claim.end <= len(document.text)
    if not inside or document.text[claim.start : claim.end] != claim.quote:
        return "quote_differs"
    return None
