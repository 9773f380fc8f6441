"""A PDF that opens and whose text cannot be read is rejected with what can be done about it."""

from pathlib import Path

import pytest

from tests.ingest.bombs import PAGE, WORDS, one_page, pdf, stream
from tests.ingest.pdf_writer import Pdf
from tests.ingest.reading_files import blocks, reason, taken

DRAWN = {
    "scanned": b"q 99 0 0 99 0 0 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \x00 EI Q",
    "drawn": b"100 100 99 99 re f",
}
SHOWN = b"BT /R 10 Tf 1 0 0 1 72 700 Tm <%b> Tj ET\n"


def lettered(text: str, shown: str) -> bytes:
    """A page with these letters, each of which its font says is the one of ``shown`` at its place."""
    codes = {letter: code for code, letter in enumerate(dict.fromkeys(text), 1)}
    means = dict(zip(text, shown, strict=True))
    rows = b"".join(b"<%04x> <%04x>\n" % (code, ord(means[one])) for one, code in codes.items())
    table = (
        b"begincmap 1 begincodespacerange <0000> <FFFF> endcodespacerange %d beginbfchar\n%bendbfchar endcmap"
    )
    font = (
        b"<< /Type /Font /Subtype /Type0 /BaseFont /H /Encoding /Identity-H /DescendantFonts [7 0 R] "
        b"/ToUnicode 6 0 R >>"
    )
    below = b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /H /CIDSystemInfo << /Supplement 0 >> >>"
    written = SHOWN % b"".join(b"%04x" % codes[letter] for letter in text)
    return one_page(stream(written), stream(table % (len(codes), rows)), below, font=font)


def test_nothing_but_fields_and_comments_is_to_be_printed(tmp_path: Path) -> None:
    told = reason(tmp_path, "form.pdf", Pdf().page().page().bytes())

    assert "blank" in told
    assert "print it" in told


@pytest.mark.parametrize("how", DRAWN)
def test_what_is_scanned_or_drawn_needs_ocr(tmp_path: Path, how: str) -> None:
    assert reason(tmp_path, "scan.pdf", one_page(stream(DRAWN[how]))).endswith("needs OCR first")


@pytest.mark.parametrize("said", [b"true", b"false"])
def test_a_form_whose_pages_are_made_when_it_is_opened(tmp_path: Path, said: bytes) -> None:
    """Its only page asks for patience; where the pages are there, they are read."""
    data = pdf(
        [
            b"<< /Type /Catalog /Pages 2 0 R /NeedsRendering %b /AcroForm << /XFA 6 0 R /Fields [] >> >>"
            % said,
            b"<< /Type /Pages /Count 1 /Kids [4 0 R] >>",
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
            PAGE + b"/Contents 5 0 R >>",
            stream(WORDS),
            stream(b"<xdp/>"),
        ]
    )
    if said == b"true":
        assert "print it to a new PDF" in reason(tmp_path, "xfa.pdf", data)
    else:
        assert "weir" in taken(tmp_path, "xfa.pdf", data).document.text


def test_pages_that_cannot_be_opened_are_broken(tmp_path: Path) -> None:
    data = pdf([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Count 1 /Kids [9 0 R] >>"])

    assert reason(tmp_path, "torn.pdf", data).startswith("broken: ")


@pytest.mark.parametrize(
    ("torn", "told"), [([2], "page 2 cannot"), ([2, 3, 4, 5, 6, 7], "pages 2, 3, 4, 5, 6 and others cannot")]
)
def test_a_page_that_cannot_be_opened_is_not_left_out(tmp_path: Path, torn: list[int], told: str) -> None:
    made = Pdf()
    for place, river in enumerate(("Skarn", "Moss", "Kerr", "Glomma", "Lule", "Kalix", "Torne", "Tana")):
        made.page().put(72, 700 - 40 * place, f"On the {river} a weir was finished by the commission.")
    data = made.bytes()
    assert len(taken(tmp_path, "whole.pdf", data).document.pages) == 8
    for number in torn:  # where its object was, there is none
        data = data.replace(b"\n%d 0 obj" % (4 + 2 * number), b"\n%d 0 abj" % (4 + 2 * number))
    assert reason(tmp_path, "torn.pdf", data) == f"broken: {told} be opened; print it to a new PDF"


def test_letters_whose_bytes_are_swapped_are_not_taken_for_chinese(tmp_path: Path) -> None:
    said = "Norway said that the weir was safe."
    swapped = "".join(chr(ord(letter) << 8) if letter.isalpha() else letter for letter in said)

    assert reason(tmp_path, "swapped.pdf", lettered(said, swapped)).startswith("garbled: ")
    assert taken(tmp_path, "right.pdf", lettered(said, said)).document.text == said


def test_a_mark_of_a_fonts_own_before_an_item_is_no_letter(tmp_path: Path) -> None:
    said = "\uf06e Norway said that the weir was safe."

    document = taken(tmp_path, "item.pdf", lettered("*" + said[1:], said)).document
    assert blocks(document) == [said[2:]]
