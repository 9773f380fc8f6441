from pathlib import Path

import pytest

from qa_service.domain.document import BlockKind, Ingested
from tests.ingest.reading_files import Source, blocks, outline, reason, taken

FILLER = (
    "The council met again in the evening, and the speakers went through the same three questions in turn. "
)
PAGE = f"""<!doctype html><html lang="en"><head><title>A day in Norhaven | The Strait</title>
<meta name="author" content="Jane Roe"><meta property="article:published_time" content="2020-03-04T10:00:00Z">
<meta property="og:site_name" content="The Strait"><link rel="canonical" href="https://example.org/day">
<script>var hidden = "<p>never shown</p>";</script></head><body>
<nav><ul><li><a href="/">Home</a></li><li><a href="/news">All the news</a></li></ul></nav>
<article><h1>A day in Norhaven</h1><p class="byline">By Jane Roe</p><p>4 March 2020</p>
<p>The talks began with &ldquo;great care&rdquo; &amp; patience, and the <b>two</b> sides sat
at one table. {FILLER}</p>
<h2>What they said</h2><ul><li>First, that a pause should hold until the spring.</li>
<li>Second, that prisoners go home.</li></ul>
<p>{FILLER}At night the delegates left, and nobody knew whether they would come back.</p>
</article><footer>Copyright, all rights reserved</footer></body></html>"""


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Ingested:
    return taken(tmp_path_factory.mktemp("day"), "day.html", PAGE)


def test_a_page_becomes_its_article(day: Ingested) -> None:
    document = day.document
    kinds = [kind for kind, _ in outline(document)]
    assert kinds == [
        "title",
        "byline",
        "byline",
        "paragraph",
        "heading",
        "list_item",
        "list_item",
        "paragraph",
    ]
    assert blocks(document, BlockKind.BYLINE) == ["By Jane Roe", "4 March 2020"]
    assert "“great care” & patience, and the two sides" in document.text
    assert "Home" not in document.text
    assert "never shown" not in document.text


def test_the_head_fills_the_metadata(day: Ingested) -> None:
    document = day.document
    assert document.title == "A day in Norhaven"
    assert (document.author, document.published, document.publisher) == (
        "Jane Roe",
        "2020-03-04",
        "The Strait",
    )
    assert (document.url, document.language) == ("https://example.org/day", "en")


def test_entities_and_markup_are_mapped(day: Ingested) -> None:
    found = day
    start = found.document.text.index("“great care” & patience")
    assert Source(found).of(start, start + 23) == "&ldquo;great care&rdquo; &amp; patience"
    mapped = sum(segment.end - segment.start for segment in found.original.source_map.segments)
    assert mapped > 0.97 * len("".join(found.document.text.split()))


def test_a_page_without_an_article_keeps_its_visible_text(tmp_path: Path) -> None:
    document = taken(tmp_path, "bare.html", "<p>Only one short sentence is here.</p>").document
    assert document.text == "Only one short sentence is here."


def test_nothing_visible_is_rejected(tmp_path: Path) -> None:
    assert "no text" in reason(tmp_path, "none.html", "<html><script>x()</script><body></body></html>")


def test_hostile_markup_ends(tmp_path: Path) -> None:
    deep = "<div>" * 20_000 + "<p>A sentence at the bottom of the well.</p>"
    assert "bottom of the well" in taken(tmp_path, "deep.html", deep).document.text
    taken(tmp_path, "open.html", "<p>A sentence first.</p>" + "<!--" * 4_000)
