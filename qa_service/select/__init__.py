"""A Question and the passages that match it become Findings: the sentences that answer, or none."""

from qa_service.select.selection import Selection
from qa_service.select.synonyms import Synonyms, load_synonyms

__all__ = ["Selection", "Synonyms", "load_synonyms"]
