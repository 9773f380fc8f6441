"""An evidence pack is checked against the original files alone, whatever their format."""

import json
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import docx
import pytest
from building import COMMENTARY, settings_in
from ingest.pdf_writer import Pdf

from qa_service.domain.document import SourceSpan
from qa_service.domain.pack import Pack
from qa_service.domain.question import Message
from qa_service.ingest import Limits
from qa_service.inspecting import inspect
from qa_service.wiring import Service

TEXT = (
    "The old weir on the Skarn was finished in 1972.",
    "The mediator left because neither side accepted her draft.",
)
QUESTION = "When was the old weir finished?"
LIMITS = Limits()


def _txt(path: Path) -> None:
    path.write_text("The Weir\n\n" + "\n\n".join(TEXT).replace("was ", "was\n"), "utf-8")


def _html(path: Path) -> None:
    paragraphs = "".join(f"<p>{one.replace('weir', '<b>weir</b>')}</p>" for one in TEXT)
    path.write_text(f"<html><body><article><h1>The Weir</h1>{paragraphs}</article></body></html>", "utf-8")


def _jsonl(path: Path) -> None:
    rows = [{"id": f"weir-{n}", "title": "The Weir", "text": text} for n, text in enumerate(TEXT)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")


def _docx(path: Path) -> None:
    document = docx.Document()
    document.add_heading("The Weir", 0)
    for text in TEXT:
        document.add_paragraph(text)
    document.save(str(path))


def _pdf(path: Path) -> None:
    words = " ".join(TEXT).split()
    page = Pdf().page().put(72, 740, "The Weir", size=16, bold=True)
    path.write_bytes(page.column(72, 700, [" ".join(words[:9]), " ".join(words[9:])]).bytes())


WRITERS: dict[str, Callable[[Path], None]] = {
    "weir.txt": _txt,
    "weir.html": _html,
    "weir.jsonl": _jsonl,
    "weir.docx": _docx,
    "weir.pdf": _pdf,
}


def packed(folder: Path, file: Path, question: str) -> Pack:
    service = Service(settings_in(folder))
    service.prepare()
    assert not service.indexing.ingest([file]).rejected
    answer = service.answering.answer(Message(text=question))
    assert answer.citations
    pack = service.pack(json.loads(json.dumps(asdict(answer))))
    service.store.close()
    return pack


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    return packed(tmp_path_factory.mktemp("pack"), COMMENTARY, "How do Norway and Sweden differ?")


def problems(pack: Pack, *files: Path) -> set[str | None]:
    return {one.problem for one in inspect(pack, files, LIMITS)}


@pytest.mark.parametrize("name", WRITERS)
def test_a_pack_of_any_format_holds(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    WRITERS[name](file)

    found = inspect(packed(tmp_path, file, QUESTION), [file], LIMITS)

    assert {one.problem for one in found} == {None}
    assert [one.what for one in found][:2] == ["document", "quote 1"]
    assert found[-1].what == "answer"


def test_every_document_quote_and_the_answer_have_a_verdict(pack: Pack) -> None:
    found = inspect(pack, [COMMENTARY], LIMITS)

    assert len(found) == len(pack.documents) + len(pack.quotes) + 1
    assert {one.problem for one in found} == {None}


def test_the_file_may_have_another_name_and_stand_beside_others(pack: Pack, tmp_path: Path) -> None:
    renamed, other = tmp_path / "renamed.md", tmp_path / "other.md"
    renamed.write_bytes(COMMENTARY.read_bytes())
    other.write_text("# Other\n\nAnother text.\n", "utf-8")

    assert problems(pack, other, renamed) == {None}


def test_without_the_original_nothing_holds(pack: Pack, tmp_path: Path) -> None:
    changed = tmp_path / COMMENTARY.name
    changed.write_bytes(COMMENTARY.read_bytes().replace(b"42,000", b"43,000"))

    assert problems(pack, changed, tmp_path / "missing.md") == {"original_missing", None}
    assert all(
        one.problem == "original_missing" for one in inspect(pack, [changed], LIMITS) if one.what != "answer"
    )


def with_quote(pack: Pack, **values: Any) -> Pack:
    """The pack with its first quote altered, and the answer altered alike."""
    quotes = (replace(pack.quotes[0], **values), *pack.quotes[1:])
    told = {name: value for name, value in values.items() if name != "original"}
    first, *others = pack.answer["citations"]
    return replace(pack, quotes=quotes, answer={**pack.answer, "citations": [first | told, *others]})


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"quote": "Norway holds otherwise."}, "quote_differs"),
        ({"start": 0}, "quote_differs"),
        ({"end": 10**9}, "quote_differs"),
        ({"start": -5}, "quote_differs"),
        ({"sha256": "0" * 64}, "text_differs"),
        ({"original": (SourceSpan(start=1, end=5),)}, "original_span_differs"),
        ({"original": ()}, "original_span_differs"),
        ({"document_id": "another"}, "original_missing"),
    ],
)
def test_an_altered_quote_is_named(pack: Pack, values: dict[str, Any], problem: str) -> None:
    found = inspect(with_quote(pack, **values), [COMMENTARY], LIMITS)

    named = [(one.what, one.problem) for one in found if one.problem and one.what != "answer"]
    assert named == [("quote 1", problem)]


@pytest.mark.parametrize("field", ["text", "statements", "short"])
def test_an_answer_that_tells_something_else_than_it_quotes_is_named(pack: Pack, field: str) -> None:
    first, *others = pack.answer["statements"]
    forged = {
        "text": "Norway has given up the dam. [1]",
        "statements": [first | {"text": "Norway: “It has given up the dam.”"}, *others],
        "short": "26 December 2024",
    }
    answer = {**pack.answer, field: forged[field]}

    found = inspect(replace(pack, answer=answer), [COMMENTARY], LIMITS)

    assert [(one.what, one.problem) for one in found if one.problem] == [("answer", "answer_differs")]


def test_an_altered_hash_of_the_text_is_named(pack: Pack) -> None:
    altered = replace(pack, documents=(replace(pack.documents[0], sha256="0" * 64),))

    found = inspect(altered, [COMMENTARY], LIMITS)
    assert [(one.what, one.problem) for one in found if one.problem] == [("document", "text_differs")]


@pytest.mark.parametrize("citations", [[], [{"quote": "made up"}], "none", [None]])
def test_an_answer_that_cites_otherwise_is_named(pack: Pack, citations: Any) -> None:
    altered = replace(pack, answer={**pack.answer, "citations": citations})

    found = inspect(altered, [COMMENTARY], LIMITS)
    assert [(one.what, one.problem) for one in found if one.problem] == [("answer", "answer_differs")]
