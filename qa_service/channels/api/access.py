"""Who calls the API."""

from qa_service.domain.principal import ANONYMOUS, Principal


def principal() -> Principal:
    """The caller of this request."""
    return ANONYMOUS
