"""One line of a .jsonl file becomes a draft with its id, every character mapped to the line; or a reason."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from json.decoder import scanstring  # type: ignore[attr-defined]

from qa_service.domain.document import BlockKind
from qa_service.ingest import dates
from qa_service.ingest.assembly import Draft, Part
from qa_service.ingest.errors import BadLineError
from qa_service.ingest.metadata import Metadata, clean, language_tag, web_address
from qa_service.ingest.opening import opened
from qa_service.ingest.traced import Piece, Traced
from qa_service.ingest.txt import body_parts

_ESCAPE = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.")
_SHORT = {r"\n": "\n", r"\"": '"', r"\t": "\t", r"\r": "\r", r"\/": "/", r"\\": "\\"}  # nearly every escape
_SPACE = re.compile(r"[ \t\r\n]*")
_REQUIRED = ("id", "title", "text")
_OPTIONAL = ("author", "published", "publisher", "url", "language", "based_on")
LONGEST_ID = 200


@dataclass(frozen=True, slots=True)
class _Field:
    value: object
    start: int  # of the value in the line
    end: int


def line_draft(line: str) -> tuple[str, Draft]:
    """The document id and the draft of one line. Raises BadLineError with the reason.

    Fields beyond those of the contract are ignored: the format may grow.
    """
    fields = dict(_fields(line))
    for name in (*_REQUIRED, *_OPTIONAL):
        _check(name, fields.get(name))
    parts = (
        _value_part(line, fields, "title", BlockKind.TITLE),
        *_bylines(line, fields),
        *_body(line, fields["text"]),
    )
    parts, metadata = opened(tuple(part for part in parts if part), _metadata(fields))
    return str(fields["id"].value), Draft(parts=parts, metadata=metadata, media_type="application/json")


def _fields(line: str) -> Iterator[tuple[str, _Field]]:
    """The members of the object and where their values stand."""
    at, seen = _skip(line, 0), set()
    if line[at : at + 1] != "{":
        raise BadLineError("not a JSON object: write one {…} a line")
    decoder = json.JSONDecoder()
    at = _skip(line, at + 1)
    while line[at : at + 1] == '"':
        try:
            name, at = scanstring(line, at + 1)
            start = _skip(line, _expected(line, _skip(line, at), ":"))
            value, at = decoder.raw_decode(line, start)
        except (ValueError, RecursionError) as error:
            raise BadLineError(f"not valid JSON: {_first_words(error)}") from error
        if name in seen:
            raise BadLineError(f"the field {name!r} is given twice")
        seen.add(name)
        yield name, _Field(value, start, at)
        at = _skip(line, at)
        if line[at : at + 1] != ",":
            break
        at = _skip(line, at + 1)
    if _skip(line, _expected(line, at, "}")) != len(line):
        raise BadLineError("not valid JSON: something follows the closing brace")


def _skip(line: str, at: int) -> int:
    match = _SPACE.match(line, at)
    return match.end() if match else at


def _expected(line: str, at: int, sign: str) -> int:
    if line[at : at + 1] != sign:
        raise BadLineError(f"not valid JSON: {sign!r} expected at column {at + 1}")
    return at + 1


def _first_words(error: Exception) -> str:
    return "nested too deeply" if isinstance(error, RecursionError) else str(error)[:120]


def _check(name: str, found: _Field | None) -> None:
    if found is None or (found.value is None and name in _OPTIONAL):
        if name in _REQUIRED:
            raise BadLineError(f"the field {name!r} is missing")
        return
    if not isinstance(found.value, str):
        raise BadLineError(f"the field {name!r} must be a string")
    if not _is_whole(found.value):
        raise BadLineError(
            f"the field {name!r} holds half a character (a lone surrogate): export the file again as UTF-8"
        )
    if name in _REQUIRED and not found.value.strip():
        raise BadLineError(f"the field {name!r} is empty")
    _check_form(name, found.value)


def _is_whole(value: str) -> bool:
    """Whether it has no half of a character in it, which UTF-8 cannot say."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _check_form(name: str, value: str) -> None:
    if name == "id" and not _usable_id(value):
        raise BadLineError(
            f"the id must be 1 to {LONGEST_ID} printable characters without a slash or spaces at its ends"
        )
    if name == "published" and value.strip() and dates.iso(value) is None:
        raise BadLineError("published must be a date as in 2017, 2017-04 or 2017-04-18")


def _usable_id(value: str) -> bool:
    return (
        len(value) <= LONGEST_ID
        and value.isprintable()
        and not set(value) & set("/\\")
        and value == value.strip()
        and value not in {".", ".."}
    )


def _value_part(line: str, fields: dict[str, _Field], name: str, kind: BlockKind) -> Part | None:
    found = fields.get(name)
    if found is None or not isinstance(found.value, str) or not found.value.strip():
        return None
    return Part(kind, string_value(line, found.start, found.end))


def _bylines(line: str, fields: dict[str, _Field]) -> Iterator[Part | None]:
    for name in ("author", "published"):
        yield _value_part(line, fields, name, BlockKind.BYLINE)


def _body(line: str, found: _Field) -> tuple[Part, ...]:
    return body_parts(string_value(line, found.start, found.end), titled=True)


def string_value(line: str, first: int, behind: int) -> Traced:
    """The characters of the JSON string ``line[first:behind]``, each with its place in the line."""
    pieces: list[Piece] = []
    last = first + 1
    for escape in _ESCAPE.finditer(line, first + 1, behind - 1):
        start, end = escape.span()
        written = escape.group()
        if start > last:
            pieces.append(Piece(line[last:start], last, start))
        pieces.append(Piece(_SHORT.get(written) or json.loads(f'"{written}"'), start, end))
        last = end
    pieces.append(Piece(line[last : behind - 1], last, behind - 1))
    return Traced(pieces)


def _metadata(fields: dict[str, _Field]) -> Metadata:
    def text(name: str) -> str | None:
        found = fields.get(name)
        return clean(found.value) if found and isinstance(found.value, str) else None

    published = text("published")
    return Metadata(
        title=text("title"),
        author=text("author"),
        published=dates.iso(published) if published else None,
        publisher=text("publisher"),
        url=web_address(text("url")),
        language=language_tag(text("language")),
        based_on=text("based_on"),
    )
