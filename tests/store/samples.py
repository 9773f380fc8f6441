"""Documents that the tests of stores publish."""

from typing import Any

from building import document, indexed

from qa_service.domain.annotation import Event, Mention, Precision
from qa_service.domain.document import BlockKind, PageStart
from qa_service.domain.ports import IndexedDocument


def one(name: str = "one", text: str = "The dam holds the water.", **values: Any) -> IndexedDocument:
    """A small one."""
    return indexed(document("# Water", text, id=name), **values)


RICH = indexed(
    document(
        (BlockKind.TITLE, "Łow wåter — 低水"),
        (BlockKind.BYLINE, "By Ingrid Vale"),
        "# Über den Fluß",
        "The “Skarn” 🌊 rises in the U.S. It fell by 3.5%. N\u0303o co\u0308mbining? \u202eRight to left.",
        "- A list item\u00a0with a no-break space and a 'quote'; DROP TABLE documents; --",
        id="rich:1/ü",
        title="Łow wåter — 低水",
        author="I. Vale",
        published="2017-04",
        publisher="Review",
        url="https://example.org/?a=1&b=2",
        language="en-GB",
        based_on="another work",
        pages=(PageStart(start=0, number=3), PageStart(start=20, number=4)),
    ),
    mentions=(Mention(start=0, end=3, actor="Łow"),),
    events=(
        Event(
            start=0,
            end=10,
            date_start=2,
            date_end=4,
            first="2017-01-01",
            last="2017-12-31",
            precision=Precision.YEAR,
            modifier="early",
        ),
    ),
)
