"""Text that runs up, down or upside down is read as if it were upright; what runs across it is left out."""

from pathlib import Path

import pytest

from tests.ingest.pdf_writer import HEIGHT, WIDTH, Pdf
from tests.ingest.reading_files import Source, outline, reason, taken

HEAD = "Harbour Papers 12"
LINES = [
    "The pilots of the narrow passage were heard twice",
    "by the council, and both times the council asked",
]
NEXT = ["for another year. In the end nobody was dismissed."]
TEXT = (
    "The pilots of the narrow passage were heard twice by the council, and both times the council asked "
    "for another year. In the end nobody was dismissed."
)


def _lying(turns: int, rotated: int = 0) -> Pdf:
    top = WIDTH if turns % 2 else HEIGHT
    pdf = Pdf(turns=turns, rotated=rotated)
    pdf.page().put(60, top - 30, HEAD, size=8).put(300, 30, "1", size=8)
    pdf.put(60, 540, "What the pilots said", size=14, bold=True).column(60, 500, LINES)
    return pdf.page().put(60, top - 30, HEAD, size=8).put(300, 30, "2", size=8).column(60, 500, NEXT)


@pytest.mark.parametrize("rotated", [0, 90, 180, 270])
@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_it_is_read_as_if_it_were_upright(tmp_path: Path, turns: int, rotated: int) -> None:
    found = taken(tmp_path, "lying.pdf", _lying(turns, rotated).bytes())

    assert outline(found.document) == [("title", "What the pilots said"), ("paragraph", TEXT)]
    start = found.document.text.index("narrow passage")
    assert Source(found).of(start, start + len("narrow passage")) == "narrow passage"


def test_a_stamp_in_the_margin_and_a_watermark_are_left_out(tmp_path: Path) -> None:
    pdf = Pdf().page().column(60, 700, LINES).aslant(200, 200, "DRAFT", size=90)
    pdf.turns = 1
    pdf.put(300, 590, "Lent by a library")
    pdf.turns = 0
    found = taken(tmp_path, "stamped.pdf", pdf.page().column(60, 700, NEXT).bytes())

    assert found.document.text == TEXT


def test_where_much_runs_another_way_both_are_read(tmp_path: Path) -> None:
    pdf = Pdf().page().column(60, 700, LINES)
    pdf.turns = 3
    found = taken(tmp_path, "both.pdf", pdf.column(60, 300, NEXT).bytes())

    for line in (*LINES, *NEXT):
        assert line in found.document.text


def test_what_is_only_aslant_is_no_text(tmp_path: Path) -> None:
    assert "OCR" in reason(tmp_path, "aslant.pdf", Pdf().page().aslant(100, 100, "DRAFT").bytes())
