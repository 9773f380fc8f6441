"""Odd PDFs that others collected for tests of their own: pypdf's and Apache Tika's, from their packages."""

import os
import random
import re
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from functools import cache
from hashlib import sha256
from io import BytesIO
from itertools import count
from pathlib import Path

import pytest

FILES = Path(__file__).parents[1] / "pdfs" / "files"
PYPDF = "pypdf-7.1.0.tar.gz"
TIKA = "tika-parser-pdf-module-3.3.1-tests.jar"
HASHES = {
    PYPDF: "ca3fa902369e98a6d2cb7b56396de902b72ef9bb3c1e8706c1bfc7d8bd0cf0d7",
    TIKA: "55f338dfc8d28159c1edab2c948bde38d32557b7587a33da9ea69bca7212c2a2",
}
COUNT = 123

READ = {  # by name, with words that its text holds
    "AutoCad_Diagram.pdf": "Tape the screens before inserting the cable",
    "FormTestFromOo.pdf": "Radio single",
    "Sample_Td-matrix.pdf": "Hello PDF",
    "Seige_of_Vicksburg_Sample_OCR.pdf": "the projectile entirely unincumbered in its flight",
    "attachment.pdf": "are the ones who do.",
    "bytes.pdf": "a PDF with bytes title",
    "commented-xmp.pdf": "The round pegs in the square holes.",
    "example.pdf": "Beautiful is better than ugly.",
    "fontsampler.pdf": "Hello World!",
    "hello-world.pdf": "Привет, мир",
    "indirect-rotation.pdf": "Integrated Shippin",
    "issue-297.pdf": "test example",
    "issue-914-xmp-data.pdf": "红豆",
    "missing_info.pdf": "PDF document without /Info key",
    "outlines-with-invalid-destinations.pdf": "here is some text without a meaning",
    "r3-empty-password.pdf": "pdf encryption test password",
    "r4-aes-v2-no-key-length.pdf": "pdf encryption test password",
    "r6-owner-password.pdf": "pdf encryption test password",
    "side-by-side-subfig.pdf": "Lorem ipsum dolor sit amet",
    "superscript-pdftex.pdf": "9 means",
    "test Orient.pdf": "This is box text on left written vertically to starboard",
    "toy.pdf": "Something[cited]",
    "testAnnotations.pdf": "Here is some text.",
    "testJournalParser.pdf": "Microrobots",
    "testOptionalHyphen.pdf": "optionalhyphen",
    "testOverlappingText.pdf": "Text the second time",
    "testPDFPackage.pdf": "Multiple files are bound together",
    "testPDFTwoTextBoxes.pdf": "Left column line 2 Right column line 1",
    "testPDFVarious.pdf": "Footnote appears here",
    "testPDF_JBIG2.pdf": "a sample file to test images compressed using JBIG2",
    "testPDF_XFA_govdocs1_258578.pdf": "Mount Rushmore",
    "testPDF_acroform3.pdf": "a form with a signature field",
    "testPDF_angles.pdf": "the seas remain an unforgiving environment",
    "testPDF_bad_page_303226.pdf": "SCHEDULES OF CONTROLLED SUBSTANCES",
    "testPDF_incrementalUpdates.pdf": "Testing Incremental",
    "testPDF_no_extract_no_accessibility_owner_empty.pdf": "Hello World",
    "testPDF_rotated.pdf": "Apache Tika is a toolkit for detecting and extracting metadata",
}
REJECTED = {  # by name, with what its reason begins with
    "box.pdf": "no text: what is scanned or drawn",
    "crazyones-encrypted-256.pdf": "encrypted: ",
    "encrypted_doc_no_id.pdf": "no text: what is scanned or drawn",
    "imagemagick-CCITTFaxDecode.pdf": "no text: what is scanned or drawn",
    "libreoffice-writer-password.pdf": "encrypted: ",
    "r6-both-passwords.pdf": "encrypted: ",
    "two-different-pages.pdf": "no text: the file holds no sentences",
    "testFlashInPDF.pdf": "no text: what is scanned or drawn",
    "testOCR.pdf": "no text: what is scanned or drawn",
    "testPDF_AdobeIllustrator.pdf": "no text: what is scanned or drawn",
    "testPDF_Version.4.x.pdf": "no text: its pages are blank",
    "testPDF_no_extract_yes_accessibility_owner_user.pdf": "encrypted: ",
    "testPopupAnnotation.pdf": "no text: its pages are blank",
}


@cache
def odd() -> Mapping[str, bytes]:
    """All of them by name. Without them the test is skipped; with CI set it fails."""
    missing = [name for name in HASHES if not (FILES / name).is_file()]
    if missing:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(
            f"{missing} are missing: make test brings them"
        )
    packages = {name: (FILES / name).read_bytes() for name in HASHES}
    assert {name: sha256(data).hexdigest() for name, data in packages.items()} == HASHES
    found = {}
    with tarfile.open(fileobj=BytesIO(packages[PYPDF])) as pypdf:
        for one in pypdf:
            if one.name.endswith(".pdf") and (file := pypdf.extractfile(one)):
                found[Path(one.name).name] = file.read()
    with zipfile.ZipFile(BytesIO(packages[TIKA])) as tika:
        found |= {Path(name).name: tika.read(name) for name in tika.namelist() if name.endswith(".pdf")}
    return found


def _changed(data: bytes, seed: int, one_in: int = 500) -> bytes:
    """The same with one byte in so many replaced."""
    chance, made = random.Random(f"{seed} {sha256(data).hexdigest()}"), bytearray(data)  # noqa: S311 - no secret
    for _ in range(1 + len(data) // one_in):
        made[chance.randrange(8, len(made))] = chance.randrange(256)
    return bytes(made)


def _renumbered(data: bytes) -> bytes:
    """The same with every seventh of its numbers another: lengths, places and names of objects are wrong."""
    counted = count()
    return re.sub(rb"\d+", lambda found: found[0][::-1] if next(counted) % 7 == 0 else found[0], data)


DAMAGES: Mapping[str, Callable[[bytes], bytes]] = {
    "its first tenth": lambda data: data[: len(data) // 10],
    "its first half": lambda data: data[: len(data) // 2],
    "without its end": lambda data: data[:-200],
    "without its middle": lambda data: data[: len(data) // 3] + data[2 * len(data) // 3 :],
    "twice": lambda data: data + data,
    "with other numbers": _renumbered,
    "with bytes changed": lambda data: _changed(data, 1),
    "with more bytes changed": lambda data: _changed(data, 2, 50),
}
