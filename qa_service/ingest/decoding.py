"""Bytes become text: UTF-8, UTF-16 with its mark, or a Western code page; rubbish becomes None."""

import re
from dataclasses import dataclass

from qa_service.ingest.errors import UnreadableError

_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f\ufffd]")
_DECLARED = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?([\w-]{1,40})", re.IGNORECASE)
_FEW_CONTROLS = 3
_MOST_CONTROLS = 0.02  # of the characters: more is a program or an archive, not prose


@dataclass(frozen=True, slots=True)
class Decoded:
    """The characters of a file and the name of the encoding that gave them."""

    text: str
    encoding: str


def decode(data: bytes, *, declared: str | None = None) -> Decoded | None:
    """The text of ``data``, or None when it is not text."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _prose(_attempt(data, encoding))
    for name in ("utf-8", declared):
        if name and (found := _attempt(data, name)):
            return _prose(found)
    western = _attempt(data, "cp1252")
    return _prose(western if western and _looks_western(data) else _detected(data) or western)


def decoded(data: bytes, declared: str | None = None) -> Decoded:
    """The text of ``data``. Raises UnreadableError when it is not text."""
    found = decode(data, declared=declared)
    if found is None:
        raise UnreadableError("not text: the bytes are no known encoding of words; save it as UTF-8")
    return found


def declared_charset(data: bytes) -> str | None:
    """The encoding that an HTML file names in its first bytes."""
    match = _DECLARED.search(data[:4096])
    return match.group(1).decode("ascii") if match else None


def _looks_western(data: bytes) -> bool:
    """English and its neighbours have few accented letters; Cyrillic or Greek has little else."""
    high = sum(byte >= 0xC0 for byte in data)
    letters = sum(0x41 <= byte <= 0x5A or 0x61 <= byte <= 0x7A for byte in data)
    return high * 4 <= letters + high


def _attempt(data: bytes, encoding: str) -> Decoded | None:
    try:
        return Decoded(data.decode(encoding), encoding.removesuffix("-sig"))
    except (UnicodeDecodeError, LookupError):
        return None


def _detected(data: bytes) -> Decoded | None:
    from charset_normalizer import from_bytes  # noqa: PLC0415 (slow to import, rarely needed)

    best = from_bytes(data[:200_000]).best()
    return _attempt(data, best.encoding) if best else None


def _prose(found: Decoded | None) -> Decoded | None:
    if found is None or any(
        "\ud800" <= character <= "\udfff" for character in found.text if character > "\ud7ff"
    ):
        return None
    strange = len(_CONTROLS.findall(found.text))
    return None if strange > max(_FEW_CONTROLS, _MOST_CONTROLS * len(found.text)) else found
