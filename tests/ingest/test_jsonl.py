import json
from pathlib import Path

from qa_service.domain.document import Ingested, Rejected
from qa_service.ingest import Limits, read
from tests.ingest.reading_files import DEFAULTS, Source, line, outline

GOOD = line(
    id="d-1",
    title="A \u201cpact\u201d \U0001f600",
    text="First line.\nSecond \u2014 line.",
    author="Ana Roe",
    published="2017-04",
)


def _read(folder: Path, *lines: str, limits: Limits = DEFAULTS) -> list[Ingested | Rejected]:
    path = folder / "docs.jsonl"
    path.write_bytes("\n".join(lines).encode("utf-8", "surrogatepass"))
    return list(read(path, limits))


def test_a_line_is_a_document(tmp_path: Path) -> None:
    (found,) = _read(tmp_path, GOOD)
    assert isinstance(found, Ingested)
    assert found.document.id == "d-1"
    assert (found.document.author, found.document.published) == ("Ana Roe", "2017-04")
    assert outline(found.document)[:3] == [
        ("title", "A “pact” 😀"),
        ("byline", "Ana Roe"),
        ("byline", "2017-04"),
    ]
    assert found.original.data == GOOD.encode()
    assert found.original.origin.endswith("docs.jsonl#d-1")


def test_escapes_are_mapped_to_the_line(tmp_path: Path) -> None:
    (found,) = _read(tmp_path, GOOD)
    assert isinstance(found, Ingested)
    start = found.document.text.index("— line")
    assert Source(found).of(start, start + 6) == "\\u2014 line"
    start = found.document.text.index("😀")
    assert Source(found).of(start, start + 1) == "\\ud83d\\ude00"


def test_bad_lines_are_rejected_one_by_one(tmp_path: Path) -> None:
    base = {"id": "a", "title": "T", "text": "A sentence."}
    bad = [
        "{",
        "[]",
        '{"id": "x", "id": "y", "title": "T", "text": "A."}',
        json.dumps({**base, "id": 7}),
        json.dumps({**base, "id": ""}),
        json.dumps({**base, "id": "a/b"}),
        json.dumps({**base, "id": "a" * 201}),
        json.dumps({**base, "text": "  "}),
        json.dumps({**base, "text": ["A."]}),
        json.dumps({**base, "published": "April 2017"}),
        json.dumps({**base, "published": "2017-13"}),
        json.dumps({**base, "text": "half \ud800 a pair"}),
        json.dumps({"id": "b", "title": "T"}),
        json.dumps(base) + " x",
        '{"id": ' + "[" * 100_000,
    ]
    results = _read(tmp_path, *bad, GOOD)
    rejected = [found for found in results if isinstance(found, Rejected)]
    assert [found.name.rpartition(", ")[2] for found in rejected] == [
        f"line {n + 1}" for n in range(len(bad))
    ]
    assert isinstance(results[-1], Ingested)
    assert all(len(found.reason) > 15 for found in rejected)


def test_fields_of_later_versions_and_odd_addresses_are_ignored(tmp_path: Path) -> None:
    (found,) = _read(
        tmp_path, line(id="a", title="T", text="A sentence.", article=3, url="javascript:alert(1)")
    )
    assert isinstance(found, Ingested)
    assert found.document.url is None


def test_the_same_line_twice_is_the_same_document_but_an_id_is_not_given_twice(tmp_path: Path) -> None:
    other = line(id="d-1", title="Other", text="Something else.")
    first, second, third = _read(tmp_path, GOOD, GOOD, other)
    assert isinstance(first, Ingested)
    assert isinstance(second, Ingested)
    assert first.document == second.document
    assert isinstance(third, Rejected)
    assert "earlier line" in third.reason


def test_a_line_over_the_limit_is_skipped_unread(tmp_path: Path) -> None:
    huge = line(id="h", title="T", text="word " * 1000)
    first, second = _read(tmp_path, huge, GOOD, limits=Limits(file_bytes=1000))
    assert isinstance(first, Rejected)
    assert isinstance(second, Ingested)


def test_a_text_that_repeats_its_title_is_still_a_text(tmp_path: Path) -> None:
    (found,) = _read(tmp_path, line(id="a", title="The long strait", text="The long strait"))
    assert isinstance(found, Ingested)
    assert [kind for kind, _ in outline(found.document)] == ["title", "paragraph"]
