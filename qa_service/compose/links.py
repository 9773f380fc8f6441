"""Addresses of a citation: its page in this service, and the publisher's page at the quoted words."""

from urllib.parse import quote, urlencode

from qa_service.domain.answer import Citation

HASH_SHOWN = 12  # hexadecimal digits that an address carries
WORDS = 5  # of a long quote's beginning and end; a browser marks all that lies between
WEB = ("http://", "https://")
ENDS_A_LINK = {"(": "%28", ")": "%29", "<": "%3C", ">": "%3E", " ": "%20", "\\": "%5C"}  # in Markdown


def address(citation: Citation) -> str:
    """The path where a citation is read in its text; without the fragment the page is only unscrolled."""
    query = {"start": citation.start, "end": citation.end, "sha256": citation.sha256[:HASH_SHOWN]}
    return f"/documents/{quote(citation.document_id, safe='')}?{urlencode(query)}#quote"


def source_link(citation: Citation, base: str) -> str:
    """The publisher's page where there is one, else the source page of the service at ``base``.

    ``base`` is whole, as "https://qa.example.org/". The link can stand in Markdown. On the publisher's page
    a browser marks the quote (WICG text fragment); a PDF opens at the page.
    """
    if not (citation.url and citation.url.startswith(WEB)):
        return base.rstrip("/") + address(citation)
    page = "".join(ENDS_A_LINK.get(one, one) for one in citation.url)
    if "#" in page:
        return page
    if page.lower().endswith(".pdf"):
        return f"{page}#page={citation.page}" if citation.page else page
    return f"{page}#:~:text={_directive(citation.quote)}"


def _directive(text: str) -> str:
    words = text.split()
    if len(words) <= 2 * WORDS:
        return _encoded(words)
    return f"{_encoded(words[:WORDS])},{_encoded(words[-WORDS:])}"


def _encoded(words: list[str]) -> str:
    return quote(" ".join(words), safe="").replace("-", "%2D")
