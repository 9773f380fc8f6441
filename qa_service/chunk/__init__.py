"""A document becomes passages: whole sentences, one section each, that tile its text."""

from qa_service.chunk.passages import passages
from qa_service.chunk.sentences import sentences

__all__ = ["passages", "sentences"]
