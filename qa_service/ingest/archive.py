"""The bytes of a DOCX become its checked XML parts: bombs, links and declarations are refused."""

import stat
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import PurePosixPath
from xml.parsers import expat

from qa_service.ingest.errors import UnreadableError
from qa_service.ingest.limits import MEBIBYTE

MOST_MEMBERS = 1_000
MOST_BYTES = 200 * MEBIBYTE
MOST_RATIO = 100
_SMALL = MEBIBYTE  # below this a high ratio is harmless: empty styles compress well
DOCUMENT = "word/document.xml"
_CHUNK = 65_536


def document_xml(data: bytes) -> bytes:
    """The bytes of word/document.xml, after every member of the archive has been checked."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            members = archive.infolist()
            _check_listing(members)
            parts = dict(_inflated(archive, members))
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        NotImplementedError,
        EOFError,
        OSError,
        RuntimeError,
    ) as error:
        raise UnreadableError(f"broken: the Word file cannot be unpacked ({str(error)[:80]})") from error
    except Exception as error:  # zlib.error is no OSError
        if isinstance(error, UnreadableError):
            raise
        raise UnreadableError("broken: the Word file cannot be unpacked") from error
    for part in parts.values():
        _check_declarations(part)
    return parts[DOCUMENT]


def _check_listing(members: list[zipfile.ZipInfo]) -> None:
    """What the central directory says, before anything is inflated."""
    if len(members) > MOST_MEMBERS:
        raise UnreadableError(f"refused: an archive of more than {MOST_MEMBERS:,} members is no Word file")
    if any(member.flag_bits & 0x1 for member in members):
        raise UnreadableError("encrypted: remove the password and ingest it again")
    names = [member.filename for member in members]
    if len(set(names)) != len(names) or any(_escapes(member) for member in members):
        raise UnreadableError("refused: the archive holds links, doubled names or paths that leave it")
    if sum(member.file_size for member in members) > MOST_BYTES or any(map(_bomb, members)):
        raise UnreadableError("refused: it unpacks to far more than a Word file holds (an archive bomb)")
    if DOCUMENT not in names:
        raise UnreadableError("named .docx but it holds no word/document.xml: save it again as a Word file")


def _escapes(member: zipfile.ZipInfo) -> bool:
    path = PurePosixPath(member.filename.replace("\\", "/"))
    linked = stat.S_ISLNK(member.external_attr >> 16)
    return linked or path.is_absolute() or ".." in path.parts or ":" in member.filename.split("/")[0]


def _bomb(member: zipfile.ZipInfo) -> bool:
    return member.file_size > _SMALL and member.file_size > MOST_RATIO * max(member.compress_size, 1)


def _inflated(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> Iterator[tuple[str, bytes]]:
    """The XML members, with the bytes counted as they come: declared sizes may lie."""
    total = 0
    for member in members:
        if not member.filename.endswith((".xml", ".rels")):
            continue
        found = bytearray()
        with archive.open(member) as stream:
            while chunk := stream.read(_CHUNK):
                total += len(chunk)
                found += chunk
                if total > MOST_BYTES or len(found) > member.file_size:
                    raise UnreadableError("refused: it unpacks to more than it declares (an archive bomb)")
        yield member.filename, bytes(found)


def _check_declarations(part: bytes) -> None:
    """A document type may name entities that grow without end or files of this machine: none is needed."""
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    try:
        parser.Parse(part, True)
    except expat.ExpatError as error:
        raise UnreadableError(f"broken: its XML cannot be read ({str(error)[:80]})") from error


def _refuse(*_: object) -> None:
    raise UnreadableError("refused: its XML declares a document type or entities")
