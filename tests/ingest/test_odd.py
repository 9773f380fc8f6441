"""Every odd PDF that others collected ends as a document, or is rejected with what can be done about it."""

import re
from pathlib import Path

import pytest

from qa_service.domain.document import Rejected
from tests.ingest.containing import ended
from tests.ingest.odd import COUNT, DAMAGES, READ, REJECTED, odd

REASONS = re.compile(
    r"encrypted: remove the password|no text: |garbled: .+ OCR|a form .+ print it|broken: .+ (print|open) it|"
    r"named \.pdf but it is not a PDF|too (long|complex)\b"
)


@pytest.mark.parametrize("name", [*READ, *REJECTED])
def test_one_of_fifty(tmp_path: Path, name: str) -> None:
    found = ended(tmp_path, ".pdf", odd()[name])

    if isinstance(found, Rejected):
        assert name in REJECTED, found.reason
        assert found.reason.startswith(REJECTED[name])
    else:
        assert READ[name] in found.document.text


def test_they_are_as_many_as_was_promised() -> None:
    assert len(READ | REJECTED) == 50
    assert len(odd()) == COUNT
    assert odd().keys() >= READ.keys() | REJECTED.keys()


@pytest.mark.long
def test_each_of_them(tmp_path: Path) -> None:
    for name, data in odd().items():
        found = ended(tmp_path, ".pdf", data)
        assert not isinstance(found, Rejected) or REASONS.match(found.reason), (name, found)


@pytest.mark.long
@pytest.mark.parametrize("damage", DAMAGES)
def test_each_of_them_that_is_damaged(tmp_path: Path, damage: str) -> None:
    for name, data in odd().items():
        found = ended(tmp_path, ".pdf", DAMAGES[damage](data))
        assert not isinstance(found, Rejected) or REASONS.match(found.reason), (name, found)
