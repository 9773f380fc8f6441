"""A message, and what came before it, becomes a Question."""

from qa_service.understand.local_names import LocalNames
from qa_service.understand.understanding import Understanding

__all__ = ["LocalNames", "Understanding"]
