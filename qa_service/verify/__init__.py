"""A Draft becomes a cited Answer: every quote is checked against the text before anything is sent."""

from qa_service.verify.checking import Claimed, Finding, check
from qa_service.verify.citing import citations
from qa_service.verify.telling import tells_its_quotes

__all__ = ["Claimed", "Finding", "check", "citations", "tells_its_quotes"]
