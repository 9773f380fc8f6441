"""A Draft becomes a cited Answer: every quote is checked against the text before anything is sent."""

from qa_service.verify.checking import Claimed, Finding, check
from qa_service.verify.citing import citations

__all__ = ["Claimed", "Finding", "check", "citations"]
