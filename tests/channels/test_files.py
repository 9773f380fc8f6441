"""What a request carries as files: names that may be shown, and bytes."""

from io import BytesIO

import pytest
from flask import Flask, request
from werkzeug.datastructures import MultiDict

from qa_service.channels import files


def received(*parts: tuple[str, str, bytes]) -> list[tuple[str, bytes]]:
    """What is taken of a form with these parts: field, file name, bytes."""
    escaped = [(field, name.replace("\\", "\\\\"), body) for field, name, body in parts]
    data = MultiDict([(field, (BytesIO(body), name)) for field, name, body in escaped])
    with Flask("files").test_request_context(method="POST", data=data):
        return list(files.sent())


def test_every_file_is_taken_in_its_order() -> None:
    assert received(("file", "b.md", b"1"), ("file", "a.md", b"2")) == [("b.md", b"1"), ("a.md", b"2")]


def test_another_field_is_none() -> None:
    assert received(("picture", "a.md", b"1")) == []


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        ("a.md", "a.md"),
        ("../../a.md", "a.md"),
        ("/etc/a.md", "a.md"),
        ("..\\..\\a.md", "a.md"),
        ("C:\\x/y\\a.md", "a.md"),
        ("x\\y/a.md", "a.md"),
        ("a\x1b[31m.md", "a[31m.md"),
        ("a\u202edm.md", "adm.md"),
        ("ä b.md", "ä b.md"),
        ("folder/", ""),
    ],
)
def test_a_name_has_no_folders_and_nothing_that_cannot_be_shown(sent: str, name: str) -> None:
    assert received(("file", sent, b"1")) == [(name, b"1")]


def test_of_a_long_name_the_end_counts() -> None:
    """It says which kind of file it is."""
    assert received(("file", "x" * 400 + ".md", b"1")) == [("x" * 297 + ".md", b"1")]


def test_an_empty_file_with_a_name_is_one_and_nothing_at_all_is_none() -> None:
    assert received(("file", "a.md", b"")) == [("a.md", b"")]
    assert received(("file", "folder/", b"")) == []


def test_a_body_of_files_may_be_as_large_as_is_said_and_its_frame() -> None:
    with Flask("files").test_request_context(method="POST"):
        files.allow(1_000_000)
        assert request.max_content_length == 1_000_000 + 65_536
        assert request.max_form_parts == 20
