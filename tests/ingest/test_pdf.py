from pathlib import Path

import pytest

from qa_service.domain.document import BlockKind, Ingested
from qa_service.ingest import Limits
from tests.ingest.pdf_writer import Pdf
from tests.ingest.reading_files import Source, blocks, outcome, outline, reason, taken

HEAD = "Harbour Papers 12: The Long Strait"
LEFT = [
    "The two councils met on the island and spoke of",
    "tolls, of fog signals and of the self-",
    "styled pilots who bring ships through the nar-",
    "row passage. Nothing was signed in the narrow",
    "room above the customs house that evening, but",
    "both sides agreed that the pilots should stay in",
]
RIGHT = [
    "their posts until the winter. Each winter brings",
    "new wrecks, and each wreck a new inquiry.",
]
NEXT = [
    "The inquiry of the second year named seven causes",
    "and eleven remedies, of which the councils took",
]
LAST = ["up only one: a lamp on the outer rock.3 It still burns."]


def _report() -> bytes:
    pdf = Pdf(
        info={
            "Title": "The Long Strait",
            "Keywords": "Cover Date: April 9, 2026",
            "CreationDate": "D:20260410",
        }
    )
    pdf.page().put(60, 760, HEAD, size=8).put(300, 30, "1", size=8)
    pdf.put(60, 700, "The Long Strait", size=20, bold=True).put(60, 680, "By Mara Lindqvist")
    pdf.put(60, 655, "What the councils want", bold=True)
    pdf.column(60, 640, LEFT).column(330, 640, RIGHT)
    pdf.page().put(60, 760, HEAD, size=8).put(300, 30, "2", size=8)
    pdf.column(60, 700, ["• a lamp on the outer rock;", "• a bell at the inner one."])
    pdf.column(60, 650, NEXT)
    pdf.page().put(60, 760, HEAD, size=8).put(300, 30, "3", size=8)
    pdf.column(60, 700, LAST)
    return pdf.bytes()


@pytest.fixture(scope="module")
def strait(tmp_path_factory: pytest.TempPathFactory) -> Ingested:
    return taken(tmp_path_factory.mktemp("strait"), "strait.pdf", _report())


def test_columns_and_pages_become_paragraphs(strait: Ingested) -> None:
    document = strait.document
    assert outline(document)[:4] == [
        ("title", "The Long Strait"),
        ("byline", "By Mara Lindqvist"),
        ("heading", "What the councils want"),
        (
            "paragraph",
            "The two councils met on the island and spoke of tolls, of fog signals and of the self-styled "
            "pilots who bring ships through the narrow passage. Nothing was signed in the narrow room above "
            "the customs house that evening, but both sides agreed that the pilots should stay in their "
            "posts until the winter. Each winter brings new wrecks, and each wreck a new inquiry.",
        ),
    ]
    assert blocks(document, BlockKind.LIST_ITEM) == ["a lamp on the outer rock;", "a bell at the inner one."]
    assert "of which the councils took up only one: a lamp" in document.text


def test_furniture_goes(strait: Ingested) -> None:
    text = strait.document.text
    assert HEAD not in text
    assert not any(block in {"1", "2", "3"} for block in text.split("\n\n"))


def test_the_cover_date_counts_and_the_creation_date_does_not(strait: Ingested, tmp_path: Path) -> None:
    assert (strait.document.published, strait.document.author) == ("2026-04-09", "Mara Lindqvist")
    undated = (
        Pdf(info={"CreationDate": "D:20260410"}).page().put(60, 700, "A sentence without a date.").bytes()
    )
    assert taken(tmp_path, "u.pdf", undated).document.published is None


def test_every_character_is_mapped_to_its_page(strait: Ingested) -> None:
    found = strait
    source, text = Source(found), found.document.text
    for phrase, page in (
        ("fog signals", 1),
        ("outer rock;", 2),
        ("the councils took", 2),
        ("up only one", 3),
    ):
        start = text.index(phrase)
        assert source.of(start, start + len(phrase)) == phrase
        assert found.document.page_at(start) == page
    start = text.index("councils took up only")
    assert [span.page for span in found.original.source_map.locate(start, start + 20)] == [2, 3]


def test_interleaved_columns_are_read_one_after_the_other(tmp_path: Path) -> None:
    left = [f"left column line number {n} goes on and" for n in range(12)]
    right = [f"right column line number {n} goes on and" for n in range(12)]
    pdf = Pdf().page()
    for n in range(12):
        pdf.put(60, 700 - 12 * n, left[n]).put(330, 700 - 12 * n, right[n])
    text = taken(tmp_path, "c.pdf", pdf.bytes()).document.text
    assert "line number 3 goes on and left column line number 4" in text
    assert "line number 11 goes on and right column line number 0" in text


def test_footnotes_do_not_cut_the_text(tmp_path: Path) -> None:
    pdf = (
        Pdf()
        .page()
        .column(60, 700, ["The harbour was closed for the whole winter and for", "most of the spring, until"])
    )
    pdf.put(60, 104, "1", size=5).put(64, 100, "Harbour Board, Annual Report of the Second Year.", size=8)
    pdf.page().column(60, 700, ["the ice broke and the first ships came in again."] * 3)
    text = taken(tmp_path, "n.pdf", pdf.bytes()).document.text
    assert "most of the spring, until the ice broke" in text
    assert "Annual Report" in text


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (Pdf().page().bytes(), "blank"),
        (_report()[:200], "broken"),
        (b"%PDF-1.7\n" + b"garbage " * 500, "broken"),
        (b"no pdf at all, only words", "not a PDF"),
    ],
)
def test_unusable_files_are_rejected(tmp_path: Path, data: bytes, expected: str) -> None:
    assert expected in reason(tmp_path, "bad.pdf", data)


def test_limits_hold(tmp_path: Path) -> None:
    assert "pages" in reason(tmp_path, "a.pdf", _report(), Limits(pages=2))
    assert "large" in reason(tmp_path, "b.pdf", _report(), Limits(file_bytes=100))
    assert "longer" in reason(tmp_path, "c.pdf", _report(), Limits(parser_seconds=0.01))
    assert reason(tmp_path, "d.pdf", _report(), Limits(parser_memory_bytes=30_000_000))


def test_thousands_of_lines_of_furniture_take_little_time(tmp_path: Path) -> None:
    """Two pages with 6,000 of them each; where each is compared with each it takes more than ten seconds."""
    pdf = Pdf()
    for _ in range(2):
        pdf.page().column(60, 400, LEFT)
        for n in range(6_000):
            pdf.put(10 + 10 * (n % 60), 788 - 0.9 * (n // 60), "a", size=2)
    limits = Limits(parser_cpu_seconds=10)

    found = outcome(tmp_path, "heads.pdf", pdf.bytes(), limits)
    assert isinstance(found, Ingested), found
    assert "a" not in found.document.text.split()
