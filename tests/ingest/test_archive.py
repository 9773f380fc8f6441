"""The checks of a Word file's archive, each at its limit; `test_docx.py` meets them through files."""

import stat
import zipfile
from collections.abc import Callable
from io import BytesIO

import pytest

from qa_service.ingest import archive
from qa_service.ingest.archive import DOCUMENT, document_xml
from qa_service.ingest.errors import UnreadableError

XML = b"<w>It was finished in 1973.</w>"
MEBIBYTE = 2**20


def packed(
    *others: tuple[str | zipfile.ZipInfo, bytes],
    document: bytes | None = XML,
    kind: int = zipfile.ZIP_STORED,
) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", kind) as made:
        if document is not None:
            made.writestr(DOCUMENT, document)
        for name, data in others:
            made.writestr(name, data)
    return out.getvalue()


def refusal(data: bytes) -> str:
    """Why it is not read; "" when it is."""
    try:
        document_xml(data)
    except UnreadableError as error:
        return str(error)
    return ""


def test_the_document_comes_out_as_it_is() -> None:
    assert document_xml(packed(("word/styles.xml", b"<s/>"))) == XML


def test_a_document_of_any_length_comes_out_whole() -> None:
    long = b"<w>" + b"It was finished in 1973. " * 10_000 + b"</w>"

    assert document_xml(packed(document=long, kind=zipfile.ZIP_DEFLATED)) == long


@pytest.mark.parametrize(("count", "refused"), [(1_000, False), (1_001, True)])
def test_a_thousand_members_and_no_more(count: int, refused: bool) -> None:
    members = [(f"{number}.bin", b"") for number in range(count - 1)]

    assert ("more than 1,000 members" in refusal(packed(*members))) is refused


def test_one_that_is_encrypted_is_told() -> None:
    data = bytearray(packed(("a.xml", b"<a/>")))
    data[data.rindex(b"PK\x01\x02") + 8] |= 1  # of the last entry of the listing

    assert refusal(bytes(data)).startswith("encrypted")


def test_one_whose_other_flags_are_set_is_read() -> None:
    assert refusal(packed(("ü.xml", b"<a/>"))) == ""  # its name says that it is UTF-8


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_members_of_one_name_are_refused() -> None:
    assert refusal(packed(("a.xml", b"<a/>"), ("a.xml", b"<a/>"))).startswith("refused: the archive holds")


@pytest.mark.parametrize(
    "name",
    ["/etc/a.xml", "../a.xml", "word/../../a.xml", "..\\a.xml", "word\\..\\..\\a.xml", "C:/a.xml", "C:a.xml"],
)
def test_a_name_that_leaves_the_archive_is_refused(name: str) -> None:
    assert refusal(packed((name, b"<a/>"))).startswith("refused: the archive holds")


@pytest.mark.parametrize("name", ["word/..a.xml", "word/a..xml", "word/a:b.xml", "word/\\a.xml"])
def test_a_name_that_stays_in_it_is_not(name: str) -> None:
    assert refusal(packed((name, b"<a/>"))) == ""


@pytest.mark.parametrize(("kind", "refused"), [(stat.S_IFLNK, True), (stat.S_IFREG, False)])
def test_a_link_is_refused_and_a_file_is_not(kind: int, refused: bool) -> None:
    member = zipfile.ZipInfo("word/other.bin")
    member.external_attr = (kind | 0o777) << 16

    assert bool(refusal(packed((member, b"/etc/hostname")))) is refused


def test_all_of_it_together_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_BYTES", len(XML) + 100)

    assert refusal(packed(("a.bin", bytes(100)))) == ""
    assert refusal(packed(("a.bin", bytes(101)))).endswith("(an archive bomb)")


@pytest.mark.parametrize(
    ("size", "ratio", "refused"),
    [
        (MEBIBYTE, 1_000, False),  # small ones may compress as well as they like
        (MEBIBYTE + 1, 1_000, True),
        (2 * MEBIBYTE, 100, False),
        (2 * MEBIBYTE, 101, True),
        (2 * MEBIBYTE, 2, False),
    ],
)
def test_what_compresses_too_well_is_a_bomb(size: int, ratio: int, refused: bool) -> None:
    member = zipfile.ZipInfo("word/document.xml")
    member.file_size, member.compress_size = size, -(-size // ratio)

    assert bool(archive._bomb(member)) is refused


def test_one_bomb_among_other_members_is_enough() -> None:
    data = packed(("a.bin", bytes(2 * MEBIBYTE)), ("b.bin", b"b"), kind=zipfile.ZIP_DEFLATED)

    assert refusal(data).endswith("(an archive bomb)")


def test_one_that_says_it_has_no_bytes_and_has_is_a_bomb() -> None:
    member = zipfile.ZipInfo("word/document.xml")
    member.file_size, member.compress_size = 2 * MEBIBYTE, 0

    assert archive._bomb(member)


def understated(data: bytes, size: int) -> bytes:
    """The same archive, whose listing says that its only member is smaller."""
    changed = bytearray(data)
    listing = changed.rindex(b"PK\x01\x02")
    changed[listing + 24 : listing + 28] = size.to_bytes(4, "little")
    return bytes(changed)


def test_what_unpacks_to_more_than_it_says_is_not_taken() -> None:
    data = packed(kind=zipfile.ZIP_DEFLATED)

    assert refusal(understated(data, len(XML))) == ""
    assert refusal(understated(data, len(XML) - 1)) != ""


def test_what_is_unpacked_is_counted_over_all_members(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sizes that are told may lie: here the listing is not looked at."""
    monkeypatch.setattr(archive, "_check_listing", lambda _: None)
    two = packed(("a.xml", b"<a/>"))
    monkeypatch.setattr(archive, "MOST_BYTES", len(XML) + 4)
    assert refusal(two) == ""

    monkeypatch.setattr(archive, "MOST_BYTES", len(XML) + 3)
    assert refusal(two).endswith("(an archive bomb)")


DECLARED = b'<!DOCTYPE d [<!ENTITY a "b">]><d>&a;</d>'


@pytest.mark.parametrize("name", ["word/styles.xml", "_rels/.rels"])
@pytest.mark.parametrize(
    "xml", [DECLARED, b'<!DOCTYPE d SYSTEM "file:///etc/passwd"><d/>', b"<!DOCTYPE d><d/>"]
)
def test_no_part_declares_anything(name: str, xml: bytes) -> None:
    assert (
        refusal(packed(("a.png", b""), (name, xml)))
        == "refused: its XML declares a document type or entities"
    )


def test_what_is_not_xml_is_not_looked_at() -> None:
    assert refusal(packed(("word/picture.png", DECLARED))) == ""


@pytest.mark.parametrize("xml", [b"", b"<w", b"<w></v>", b"<w/>rest"])
def test_a_document_that_is_no_xml_is_broken(xml: bytes) -> None:
    assert refusal(packed(document=xml)).startswith("broken: its XML cannot be read")


def test_an_archive_of_something_else_is_told() -> None:
    assert "it holds no word/document.xml" in refusal(packed(("content.xml", b"<a/>"), document=None))


def without_its_end(data: bytes) -> bytes:
    return data[:-10]


def with_other_bytes(data: bytes) -> bytes:
    return data.replace(b"1973", b"1974")  # its checksum is another


def with_a_broken_stream(_: bytes) -> bytes:
    data = bytearray(packed(kind=zipfile.ZIP_DEFLATED))
    start = data.index(DOCUMENT.encode()) + len(DOCUMENT)
    data[start] = 0xFF
    return bytes(data)


def packed_in_an_unknown_way(data: bytes) -> bytes:
    changed = bytearray(data)
    changed[changed.rindex(b"PK\x01\x02") + 10] = 77
    return bytes(changed)


@pytest.mark.parametrize(
    "breaking", [without_its_end, with_other_bytes, with_a_broken_stream, packed_in_an_unknown_way]
)
def test_one_that_is_damaged_is_broken(breaking: Callable[[bytes], bytes]) -> None:
    assert refusal(breaking(packed())).startswith("broken: the Word file cannot be unpacked")
