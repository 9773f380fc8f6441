"""The files that a request carries as multipart/form-data: names that may be shown, and bytes."""

from collections.abc import Sequence
from unicodedata import category

from flask import request

PARTS = 20  # of a multipart body
HEADS = 65_536  # bytes that the frame of a multipart body may take
NAME_CHARACTERS = 300  # of a file's name at most
FORM = "multipart/form-data"

File = tuple[str, bytes]


def allow(largest: int) -> None:
    """Before the body is read: one that holds files may be larger than a question."""
    request.max_content_length = largest + HEADS
    request.max_form_parts = PARTS


def sent() -> Sequence[File]:
    """The parts called file, by name; none when there is none with a file name."""
    found = [(_name(one.filename), one.read()) for one in request.files.getlist("file")]
    return [(name, data) for name, data in found if name or data]


def _name(sent: str | None) -> str:
    """A file name without its folders and without what cannot be shown; it is never a path here."""
    last = (sent or "").replace("\\", "/").rpartition("/")[2]
    shown = "".join(one for one in last if category(one)[0] != "C")
    return shown[-NAME_CHARACTERS:]
