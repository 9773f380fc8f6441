"""What a sentence announces: "The talks stall for three reasons. First, … Second, …"."""

import re

from qa_service.select.inquiry import Inquiry
from qa_service.select.views import SentenceView

ANNOUNCES = re.compile(
    r"\b(?:two|three|four|five|several|following)(?: [\w-]+)? "
    r"(?:reasons|conditions|causes|factors|ways|steps|points|purposes|aims|demands|obstacles|problems|options"
    r"|lessons)\b[^,;.]*[.:]\W*$",
    re.IGNORECASE,
)
ITEM = re.compile(r"(?:first|second|third|fourth|fifth|last|final|another)(?:ly)?\b", re.IGNORECASE)


def announced(inquiry: Inquiry, view: SentenceView) -> list[SentenceView]:
    """The sentences of its passage that tell what a sentence announces; none when no item follows it."""
    if not ANNOUNCES.search(view.text):
        return []
    after = inquiry.views.of(view.passage)[view.ordinal + 1 :]
    items = [other for other in after if other.is_text and ITEM.match(other.text)]
    return items if items and items[0].ordinal == view.ordinal + 1 else []
