"""Every error that this service raises on purpose, and who can put it right.

    QAError
    ├── InputError            the caller: the request is not one that can be answered
    │   ├── NotFoundError     the caller: no such document, passage or route
    │   └── GoneError         the caller: it was there, and is no more
    └── OperatorError         whoever runs the service
        ├── SettingsError     a setting is unknown, missing or wrong; the message names it
        ├── StoreError        the store cannot be read or written
        └── IntegrityError    stored text no longer matches its hash: restore or ingest again

A refusal is a value (`Answer.refusal`), not an error; a file that cannot be ingested is `Rejected`.
"""


class QAError(Exception):
    """The root. The message is one sentence for whoever can put it right."""


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


class IntegrityError(OperatorError):
    """Stored text is not what it was when it was hashed. It is never shown as a source."""
