"""Short hashes that stand in a row beside what it holds: a flipped bit of either tells that it is damaged."""

import hashlib

from qa_service.domain.errors import ANEW, IntegrityError

DIGITS = 16  # of SHA-256, which processors have instructions for: quicker than shorter hashes are
BETWEEN = "\x1f"  # two columns


def hashed(*values: object) -> str:
    """A hash of columns of a row, in their order."""
    return hashlib.sha256(BETWEEN.join(map(str, values)).encode()).hexdigest()[:DIGITS]


def differs(told: str | None, *values: object) -> bool:
    """Whether columns do not have the hash that their row tells.

    None and "", of a row that is older than these hashes, tell nothing.
    """
    return bool(told) and told != hashed(*values)


def prove(document_id: str, told: str | None, *values: object) -> None:
    """Raises IntegrityError when columns of a document differ from the hash that the row tells."""
    if differs(told, *values):
        raise altered(document_id)


def altered(document_id: str) -> IntegrityError:
    """The error that tells that something of a document is damaged."""
    return IntegrityError(f"What is stored of {document_id} is not what was ingested. {ANEW}")
