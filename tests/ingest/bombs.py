"""Small files that are far larger inside, or never end: eleven PDFs, eight archives, twelve pieces of XML."""

import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping, Sequence
from io import BytesIO

import docx

MEBIBYTE = 1024 * 1024
WORDS = b"BT /R 10 Tf 1 0 0 1 72 700 Tm (The weir was safe in the valley.) Tj ET\n"
FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /R 3 0 R >> >> "
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SENTENCE = "In 2014, Norway said that the weir was safe for everybody in the valley."


def repeated(block: bytes, mebibytes: int, times: int = 1) -> bytes:
    """So many MiB of ``block``, deflated so many times; one is deflated, and what stands for it repeated."""
    chunk = block * (MEBIBYTE // len(block))
    packer = zlib.compressobj(9)
    head = packer.compress(b"") + packer.flush(zlib.Z_FULL_FLUSH)
    one = packer.compress(chunk) + packer.flush(zlib.Z_FULL_FLUSH)
    end = packer.flush()[:-4]
    total = 1
    for _ in range(mebibytes):
        total = zlib.adler32(chunk, total)
    packed = head + one * mebibytes + end + struct.pack(">I", total)
    for _ in range(times - 1):
        packed = zlib.compress(packed, 9)
    return packed


def stream(data: bytes, entries: bytes = b"") -> bytes:
    """An object that is a stream."""
    return b"<< /Length %d %b >>\nstream\n%b\nendstream" % (len(data), entries, data)


def pdf(objects: Sequence[bytes], trailer: bytes = b"") -> bytes:
    """A file of these objects, the first its catalogue."""
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R %b >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        trailer,
        start,
    )
    return bytes(out)


def one_page(
    content: bytes, *more: bytes, entries: bytes = b"", font: bytes = FONT, trailer: bytes = b""
) -> bytes:
    """A PDF with one page: ``content`` is its stream, object 5; ``more`` come after it."""
    return pdf(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Count 1 /Kids [4 0 R] >>",
            font,
            PAGE + b"/Contents 5 0 R " + entries + b" >>",
            content,
            *more,
        ],
        trailer,
    )


def _tree(levels: int) -> bytes:
    """Pages whose parts are twice the same, and so on: 2**levels pages."""
    nodes = [
        b"<< /Type /Pages /Count %d /Kids [%d 0 R %d 0 R] >>" % (2 ** (levels - n), n + 3, n + 3)
        for n in range(levels)
    ]
    return pdf([b"<< /Type /Catalog /Pages 2 0 R >>", *nodes, PAGE + b" >>"])


def _forms(levels: int) -> bytes:
    """A drawing that draws another twice, and so on."""
    form = b"/Type /XObject /Subtype /Form /BBox [0 0 612 792] /Resources << /XObject << /F %d 0 R >> >>"
    more = [stream(b"/F Do /F Do", form % (n + 7)) for n in range(levels)]
    more.append(stream(WORDS, b"/Type /XObject /Subtype /Form /BBox [0 0 612 792]"))
    return one_page(stream(b"/F Do"), *more, entries=b"/Resources << /XObject << /F 6 0 R >> >>")


def _wide_map() -> bytes:
    """A font whose table of letters has four thousand million rows."""
    table = (
        b"begincmap 1 begincodespacerange <00000000> <FFFFFFFF> endcodespacerange "
        b"1 beginbfrange <00000000> <FFFFFFFF> <0041> endbfrange endcmap"
    )
    font = (
        b"<< /Type /Font /Subtype /Type0 /BaseFont /H /Encoding /Identity-H /DescendantFonts [7 0 R] "
        b"/ToUnicode 6 0 R >>"
    )
    below = b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /H /CIDSystemInfo << /Supplement 0 >> >>"
    return one_page(stream(WORDS), stream(table), below, font=font)


FLATE = b"/Filter /FlateDecode"


def _shared() -> bytes:
    """A page that is there 20,000 times."""
    return pdf(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Count 20000 /Kids [" + b" ".join([b"4 0 R"] * 20_000) + b"] >>",
            FONT,
            PAGE + b"/Contents 5 0 R >>",
            stream(WORDS),
        ]
    )


def _looped() -> bytes:
    """A table of places that goes on in itself."""
    made = one_page(stream(WORDS), trailer=b"/Prev 0000000000")
    return made.replace(b"/Prev 0000000000", b"/Prev %010d" % (made.index(b"\nxref\n") + 1))


FLATE, TWICE = b"/Filter /FlateDecode", b"/Filter [/FlateDecode /FlateDecode]"
PDFS: Mapping[str, Callable[[], bytes]] = {  # by what is wrong with them
    "a table of 2**32 letters": _wide_map,
    "a tree that is its own branch": lambda: pdf(
        [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Count 9 /Kids [2 0 R 2 0 R] >>"]
    ),
    "200,000 arrays in each other": lambda: one_page(b"[" * 200_000 + b"]" * 200_000),
    "2**28 drawings": lambda: _forms(28),
    "2**25 pages": lambda: _tree(25),
    "a gigabyte of blanks": lambda: one_page(stream(repeated(b" ", 1024), FLATE)),
    "a gigabyte in a megabyte in a few bytes": lambda: one_page(stream(repeated(b" ", 1024, 2), TWICE)),
    "100 MB of words": lambda: one_page(stream(repeated(WORDS, 100), FLATE)),
    "20,000 times a page": _shared,
    "a table that goes on in itself": _looped,
    "a stream as long as itself": lambda: one_page(b"<< /Length 5 0 R >>\nstream\n" + WORDS + b"endstream"),
}


def _base() -> bytes:
    """A Word file without harm."""
    document, out = docx.Document(), BytesIO()
    document.add_paragraph(SENTENCE)
    document.save(out)
    return out.getvalue()


BASE = _base()


def archive(members: Mapping[str, bytes], base: bytes) -> bytes:
    """A Word file with these members in the place of its own."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(base)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        kept = {name: old.read(name) for name in old.namelist() if name not in members}
        for name, data in (kept | dict(members)).items():
            made.writestr(name, data)
    return out.getvalue()


def _lying(base: bytes) -> bytes:
    """The directory says that each member is a hundred bytes long."""
    data = bytearray(archive({"word/document.xml": b"<a>" + b" " * 40 * MEBIBYTE + b"</a>"}, base))
    place = data.find(b"PK\x01\x02")
    while place >= 0:
        struct.pack_into("<I", data, place + 24, 100)
        place = data.find(b"PK\x01\x02", place + 4)
    return bytes(data)


def _overlapping(base: bytes, times: int = 900) -> bytes:
    """Many entries of the directory name the same bytes: small in the file, many times that unpacked."""
    data = archive({"word/media.xml": b"<a>" + b"x y z " * 150_000 + b"</a>"}, base)
    end = data.rindex(b"PK\x05\x06")
    size, start = struct.unpack_from("<II", data, end + 12)
    last = data[data.rindex(b"PK\x01\x02") : end]
    entries = b"".join(last.replace(b"media", b"m%04d" % n) for n in range(times))
    count = struct.unpack_from("<H", data, end + 10)[0] + times
    tail = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, count, count, size + len(entries), start, 0)
    return data[:end] + entries + tail


def _linked(base: bytes) -> bytes:
    out = BytesIO(base)
    with zipfile.ZipFile(out, "a") as made:
        link = zipfile.ZipInfo("word/settings2.xml")
        link.external_attr = 0o120777 << 16
        made.writestr(link, "/etc/hostname")
    return out.getvalue()


def _blanks(base: bytes) -> bytes:
    return archive({"word/document.xml": b"<a>" + b" " * 300 * MEBIBYTE + b"</a>"}, base)


def _nested(base: bytes) -> bytes:
    return archive({"word/document.xml": archive({"x": _blanks(base)}, base)}, base)


ARCHIVES: Mapping[str, Callable[[bytes], bytes]] = {  # made of a Word file, by what is wrong with them
    "300 MB of blanks": _blanks,
    "a directory that lies": _lying,
    "the same bytes 900 times": _overlapping,
    "an archive in an archive in an archive": _nested,
    "a link": _linked,
    "a path that leaves": lambda base: archive({"../../../tmp/evil.xml": b"<a/>"}, base),
    "a path from the root": lambda base: archive({"/tmp/evil.xml": b"<a/>"}, base),  # noqa: S108
    "1,200 members": lambda base: archive({f"x{n}.xml": b"<a/>" for n in range(1_200)}, base),
}


def _word(head: str, body: str = "") -> bytes:
    text = f"<w:p><w:r><w:t>{SENTENCE} {body}</w:t></w:r></w:p>"
    return (
        f"<?xml version='1.0'?>{head}<w:document xmlns:w='{W}'><w:body>{text}</w:body></w:document>".encode()
    )


def _page(head: str, body: str = "") -> bytes:
    return f"<?xml version='1.0'?>{head}<html><body><p>{SENTENCE} {body}</p></body></html>".encode()


def external(base: bytes, file: str, url: str) -> Mapping[str, bytes]:
    """Files by name whose XML would bring in ``file`` or ask ``url``, or grows without end."""
    laughs = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 10))
    declared = {
        "laughs": f"<!DOCTYPE d [<!ENTITY l0 'ha'>{laughs}]>",
        "file": f"<!DOCTYPE d [<!ENTITY x SYSTEM '{file}'>]>",
        "asked": f"<!DOCTYPE d [<!ENTITY x SYSTEM '{url}'>]>",
        "parameter": f"<!DOCTYPE d [<!ENTITY % p SYSTEM '{url}x.dtd'> %p;]>",
        "elsewhere": f"<!DOCTYPE d SYSTEM '{url}d.dtd'>",
    }
    included = f"<xi:include xmlns:xi='http://www.w3.org/2001/XInclude' href='{file}' parse='text'/>"
    shown = (
        f"<svg xmlns:l='http://www.w3.org/1999/xlink'><image l:href='{url}'/><text>&x;</text>"
        f"<use l:href='{file}'/></svg><iframe src='{file}'></iframe><object data='{url}'></object>"
    )
    relations = (
        "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'>"
        f"<Relationship Id='r1' Type='{RELATION}/subDocument' TargetMode='External' Target='{url}'/>"
        f"<Relationship Id='r2' Type='{RELATION}/attachedTemplate' TargetMode='External' Target='{file}'/>"
        "</Relationships>"
    ).encode()
    within = {
        "laughs": {"word/document.xml": _word(declared["laughs"], "&l9;")},
        "file": {"word/document.xml": _word(declared["file"], "&x;")},
        "asked": {"word/document.xml": _word(declared["asked"], "&x;")},
        "parameter": {"word/styles.xml": _word(declared["parameter"])},
        "utf-16": {"word/document.xml": _word(declared["file"], "&x;").decode().encode("utf-16")},
        "included": {"word/document.xml": _word("", included)},
        "relations": {"word/_rels/document.xml.rels": relations},
        "types": {"[Content_Types].xml": _word(declared["elsewhere"])},
    }
    return {
        **{f"{name}.docx": archive(members, base) for name, members in within.items()},
        "file.html": _page(declared["file"], "&x;"),
        "laughs.html": _page(declared["laughs"], "&l9;"),
        "svg.html": _page(declared["asked"], shown + included),
        "elsewhere.htm": _page(f"<?xml-stylesheet href='{url}'?>{declared['elsewhere']}", "&x;"),
    }
