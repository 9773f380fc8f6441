"""A document and its sentences go in; names, positions, dated events and definitions come out."""

from qa_service.annotate.aliases import Aliases, load_aliases

__all__ = ["Aliases", "load_aliases"]
