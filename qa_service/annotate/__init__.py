"""A document and its sentences go in; names, positions, dated events and definitions come out."""

from qa_service.annotate.aliases import Aliases, load_aliases
from qa_service.annotate.annotations import annotate

__all__ = ["Aliases", "annotate", "load_aliases"]
