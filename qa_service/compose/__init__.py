"""A Question and its Findings become a Draft, worded by the templates in prompts/."""

from qa_service.compose.composition import Composition
from qa_service.compose.draft import Draft
from qa_service.compose.templates import Templates

__all__ = ["Composition", "Draft", "Templates"]
