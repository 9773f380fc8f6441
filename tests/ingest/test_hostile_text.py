"""Whatever the bytes are, reading ends soon with an Ingested or a Rejected."""

import time
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_service.domain.document import Ingested, Rejected
from tests.ingest.reading_files import outcome

_MARKUP = st.text(st.sampled_from("ab \n\t#*_[]()`<>|-+!&;:~\"'\\1.{}\u00ad\u202e\x00é😀"), max_size=200)


@pytest.mark.parametrize("suffix", ["txt", "md", "jsonl"])
@given(data=st.one_of(st.binary(max_size=200), _MARKUP.map(str.encode)))
def test_any_bytes_end_well(suffix: str, data: bytes) -> None:
    if suffix == "jsonl":
        data = data.replace(b"\n", b" ")
    with TemporaryDirectory() as folder:
        found = outcome(Path(folder), f"any.{suffix}", data)
    assert isinstance(found, Ingested | Rejected)
    if isinstance(found, Ingested):
        assert not any("\ud800" <= character <= "\udfff" for character in found.document.text)


@pytest.mark.parametrize(
    "repeated",
    [
        "a",
        "a-",
        "https://",
        ".",
        "[",
        "[a](",
        "![",
        "*a_",
        "`",
        "> ",
        "- ",
        "<a ",
        "&",
        "|",
        "1.\n",
        "by , , ",
        "word ",
        "a\n\nB\n",
    ],
)
@pytest.mark.parametrize("suffix", ["txt", "md"])
def test_repetition_is_read_in_time(tmp_path: Path, suffix: str, repeated: str) -> None:
    data = repeated * (8_000 // len(repeated))
    started = time.monotonic()
    outcome(tmp_path, f"long.{suffix}", "A sentence.\n\n" + data)
    assert time.monotonic() - started < 10
