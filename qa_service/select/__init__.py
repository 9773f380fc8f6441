"""A Question and the passages that match it become Findings: the sentences that answer, or none."""

from qa_service.select.selection import Selection

__all__ = ["Selection"]
