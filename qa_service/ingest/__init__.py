"""A file becomes a Document: canonical text with a map from every character back to the file, or a reason."""

from qa_service.ingest.limits import Limits
from qa_service.ingest.pages import fetched
from qa_service.ingest.reading import discover, read, received

__all__ = ["Limits", "discover", "fetched", "read", "received"]
