import os
import zipfile
from contextlib import ExitStack
from io import BytesIO
from pathlib import Path

import docx
import pytest

from qa_service.domain.document import Ingested
from tests.ingest.reading_files import Source, outline, reason, taken


def _word() -> bytes:
    document = docx.Document()
    document.core_properties.author = "Ana Roe"
    document.add_paragraph("The Treaty of the Straits", style="Title")
    document.add_paragraph("By Ana Roe")
    document.add_heading("How it began", level=1)
    paragraph = document.add_paragraph("Both sides spoke of a ")
    paragraph.add_run("“self-styled” peace").bold = True
    paragraph.add_run(" & meant it – once.")
    document.add_paragraph().add_run("What remained").bold = True
    document.add_paragraph("Three points remained open at the end of the year.")
    document.add_paragraph("the price of passage", style="List Bullet")
    table = document.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "North", "a toll"
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _archive(members: dict[str, bytes], base: bytes | None = None) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        if base:
            with zipfile.ZipFile(BytesIO(base)) as old:
                for name in old.namelist():
                    if name not in members:
                        archive.writestr(name, old.read(name))
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


@pytest.fixture(scope="module")
def treaty(tmp_path_factory: pytest.TempPathFactory) -> Ingested:
    return taken(tmp_path_factory.mktemp("treaty"), "treaty.docx", _word())


def test_styles_become_kinds(treaty: Ingested) -> None:
    document = treaty.document
    assert outline(document) == [
        ("title", "The Treaty of the Straits"),
        ("byline", "By Ana Roe"),
        ("heading", "How it began"),
        ("paragraph", "Both sides spoke of a “self-styled” peace & meant it – once."),
        ("heading", "What remained"),
        ("paragraph", "Three points remained open at the end of the year."),
        ("list_item", "the price of passage"),
        ("list_item", "North | a toll"),
    ]
    assert document.author == "Ana Roe"
    assert document.published is None


def test_characters_are_mapped_to_bytes_of_the_xml(treaty: Ingested) -> None:
    found = treaty
    start = found.document.text.index("& meant it –")
    assert Source(found).of(start, start + 12) == "&amp; meant it –"


def test_insertions_stay_and_deletions_go(tmp_path: Path) -> None:
    word = _word()
    with zipfile.ZipFile(BytesIO(word)) as archive:
        xml = archive.read("word/document.xml")
    changed = xml.replace(
        b"<w:t>Three points remained open at the end of the year.</w:t></w:r>",
        b"<w:t>Three </w:t></w:r><w:del><w:r><w:delText>old </w:delText></w:r></w:del>"
        b"<w:ins><w:r><w:t>points remained.</w:t></w:r></w:ins>",
    )
    document = taken(tmp_path, "t.docx", _archive({"word/document.xml": changed}, word)).document
    assert "Three points remained." in document.text


DTD = b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><d>&b;</d>'


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({"word/document.xml": b"<a>" + b" " * 60_000_000 + b"</a>"}, "bomb"),
        ({"word/document.xml": DTD}, "entities"),
        ({"word/styles.xml": DTD}, "entities"),
        ({"../evil.xml": b"<a/>"}, "leave it"),
        ({"/etc/evil.xml": b"<a/>"}, "leave it"),
        ({f"x{n}.xml": b"<a/>" for n in range(1_200)}, "members"),
        ({"word/document.xml": b"<w:p"}, "XML"),
        ({"word/document.xml": b"<a/>"}, "broken"),
    ],
)
def test_hostile_archives_are_refused(tmp_path: Path, members: dict[str, bytes], expected: str) -> None:
    assert expected in reason(tmp_path, "bad.docx", _archive(members, _word()))


def test_links_are_refused(tmp_path: Path) -> None:
    out = BytesIO(_word())
    with zipfile.ZipFile(out, "a") as archive:
        link = zipfile.ZipInfo("word/link.xml")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/hostname")
    assert "links" in reason(tmp_path, "link.docx", out.getvalue())


def test_other_archives_and_old_files_are_named(tmp_path: Path) -> None:
    assert "word/document.xml" in reason(tmp_path, "a.docx", _archive({"mimetype": b"x"}))
    assert "old Word" in reason(tmp_path, "b.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    assert "not a Word file" in reason(tmp_path, "c.docx", "plain words")
    assert "broken" in reason(tmp_path, "d.docx", _word()[:3000])


def test_a_process_with_very_many_open_files_reads_on(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    if resource.getrlimit(resource.RLIMIT_NOFILE)[0] < 2000:
        pytest.skip("fewer than 2,000 files may be open here")
    with ExitStack() as opened:
        for _ in range(1100):
            opened.enter_context(Path(os.devnull).open("rb"))
        assert taken(tmp_path, "treaty.docx", _word()).document.author == "Ana Roe"
