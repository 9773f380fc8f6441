"""Every error that this service raises on purpose, and who can put it right.

    QAError
    ├── AccessError           the caller: it may not do this
    │   ├── UnknownCallerError  it sent no key where one is needed, or one that is not valid
    │   ├── ForbiddenError      its key does not allow this
    │   └── TooManyError        it asks too often; ``seconds`` says when to ask again
    ├── InputError            the caller: the request is not one that can be answered
    │   ├── NotFoundError     the caller: no such document, passage or route
    │   └── GoneError         the caller: it was there, and is no more
    └── OperatorError         whoever runs the service
        ├── SettingsError     a setting is unknown, missing or wrong; the message names it
        ├── StoreError        the store cannot be read or written
        │   ├── MovedError      another index version was published meanwhile: ask again
        │   ├── DamagedIndexError  the candidate index cannot be read: it is made anew
        │   └── LostError       the index speaks of a document that is not in it
        └── IntegrityError    stored text no longer matches its hash: restore or ingest again

A refusal is a value (`Answer.refusal`), not an error; a file that cannot be ingested is `Rejected`.
"""

REMEDY = "Restore the store from a backup, or ingest into a new one."  # of what is damaged
ANEW = "Restore the store from a backup, or remove the document and ingest it again."  # where one document is


class QAError(Exception):
    """The root. The message is one sentence for whoever can put it right."""


class AccessError(QAError):
    """The caller may not do this."""


class UnknownCallerError(AccessError):
    """There is no key, or it is not valid."""


class ForbiddenError(AccessError):
    """The key does not allow this."""


class TooManyError(AccessError):
    """Too many questions; the next one is answered in ``seconds``."""

    def __init__(self, message: str, seconds: int) -> None:
        super().__init__(message)
        self.seconds = seconds


class InputError(QAError):
    """The request is wrong; ``field`` names the part of it that is."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class NotFoundError(InputError):
    """There is nothing of that name."""


class GoneError(InputError):
    """What is asked for was there once, and is no more."""


class OperatorError(QAError):
    """Something that a caller cannot put right."""


class SettingsError(OperatorError):
    """A setting is unknown, missing or wrong."""


class StoreError(OperatorError):
    """The store cannot be read or written."""


class MovedError(StoreError):
    """What was being read is of an index version that is no longer the current one."""


class DamagedIndexError(StoreError):
    """The candidate index is not what was written. All that is in it can be had from the store."""


class LostError(StoreError, KeyError):
    """What the index speaks of is not in the store: it is damaged."""

    __str__ = Exception.__str__  # that of KeyError is for names


class IntegrityError(OperatorError):
    """Stored text is not what it was when it was hashed. It is never shown as a source."""
