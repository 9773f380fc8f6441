"""Where the links of an answer lead."""

from dataclasses import replace

import pytest

from qa_service.compose.links import address, source_link
from qa_service.domain.answer import Citation

BASE = "https://qa.example.org/"
SHORT = Citation(
    number=1,
    document_id="low/water",
    title="Low Water",
    author=None,
    published=None,
    publisher=None,
    url=None,
    section=None,
    passage_id="low/water:0",
    page=7,
    quote="The so-called dam, it is said, holds.",
    start=3,
    end=40,
    sha256="0123456789abcdef" * 4,
)
LONG = replace(SHORT, quote="On 3 May 2017, talks between the two states & others began, without the press.")


def test_a_document_that_is_not_on_the_web_is_read_here() -> None:
    assert address(SHORT) == "/documents/low%2Fwater?start=3&end=40&sha256=0123456789ab#quote"
    for url in (None, "", "/srv/low.txt", "javascript:alert(1)"):
        assert source_link(replace(SHORT, url=url), BASE) == f"https://qa.example.org{address(SHORT)}"


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://example.org/low", "https://example.org/low#:~:text={}"),
        ("https://example.org/a (b)", "https://example.org/a%20%28b%29#:~:text={}"),
        ("https://example.org/low#part", "https://example.org/low#part"),
        ("https://example.org/low.PDF", "https://example.org/low.PDF#page=7"),
    ],
)
def test_one_on_the_web_is_opened_at_the_quote(url: str, link: str) -> None:
    directive = "The%20so%2Dcalled%20dam%2C%20it%20is%20said%2C%20holds."
    assert source_link(replace(SHORT, url=url), BASE) == link.format(directive)


def test_of_a_long_quote_the_ends_are_named() -> None:
    link = source_link(replace(LONG, url="https://example.org/low"), BASE)
    assert link.endswith("#:~:text=On%203%20May%202017%2C%20talks,others%20began%2C%20without%20the%20press.")


def test_a_pdf_without_page_numbers_is_just_opened() -> None:
    assert source_link(replace(SHORT, url="https://e.org/a.pdf", page=None), BASE) == "https://e.org/a.pdf"
