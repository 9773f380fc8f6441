"""Real documents beside the repository, which are not ours to ship: skipped where they are absent."""

import json
import re
from functools import cache
from pathlib import Path

import pytest

from qa_service.domain.document import Ingested, Rejected
from qa_service.ingest import discover, read
from tests.ingest.reading_files import SHARED, Source, blocks

CORPORA = SHARED / "corpora"
pytestmark = pytest.mark.skipif(
    not CORPORA.is_dir(), reason="the shared corpora are not beside the repository"
)
FILES = [*discover([CORPORA, SHARED / "seed"])] if CORPORA.is_dir() else []
ODD = {
    "crazyones-encrypted-256.pdf": "encrypted",
    "r6-user-password.pdf": "encrypted",
    "imagemagick-lzw.pdf": "OCR",
    "two-different-pages.pdf": "no text",
    "README.md": "",
}


@cache
def _read(path: Path) -> Ingested | Rejected:
    (found,) = read(path)
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_file_is_taken_or_rejected_with_a_reason(path: Path) -> None:
    found = _read(path)
    if isinstance(found, Rejected):
        assert ODD[path.name] in found.reason
        return
    text = found.document.text
    assert "\n\n".join(blocks(found.document)) == text
    assert all(line == " ".join(line.split()) for line in text.split("\n\n"))
    _check_map(found)


def _check_map(found: Ingested) -> None:
    """Sampled spans are what the file holds there, markup and hyphens aside; nearly everything is mapped."""
    text, source = found.document.text, Source(found)
    covered = [False] * len(text)
    for segment in found.original.source_map.segments:
        covered[segment.start : segment.end] = [True] * (segment.end - segment.start)
    visible = [mapped for mapped, character in zip(covered, text, strict=True) if not character.isspace()]
    assert sum(visible) >= 0.99 * len(visible)
    for start in range(0, max(len(text) - 40, 0), max(len(text) // 50, 1)):
        for word in re.finditer(r"[A-Za-z]+", text[start : start + 40]):
            written = source.of(start + word.start(), start + word.end())
            plain = re.sub(r"\]\([^()]*(?:\([^()]*\)[^()]*)*\)|<[^>]*>", "", written)
            assert re.sub(r"[^A-Za-z]", "", plain) == word.group()


def _folded(text: str) -> str:
    return " ".join(re.sub("[“”]", '"', re.sub("[‘’]", "'", re.sub("[–—]", "-", text))).split()).casefold()


def _evidence() -> list[tuple[Path, str]]:
    found = []
    for name, file in (
        ("docs_dev.jsonl", None),
        ("seed_dev.jsonl", "seed/growing-russian-involvement-in-afghanistan.txt"),
    ):
        path = SHARED / "eval" / name
        for row in map(json.loads, path.read_text().splitlines()) if path.is_file() else ():
            target = SHARED / file if file else CORPORA / row["form"]
            found += [(target, wanted) for group in row["evidence"] for wanted in group]
    return found


def test_what_answers_rest_on_stands_in_one_block() -> None:
    missing = []
    for path, wanted in _evidence():
        found = _read(path)
        assert isinstance(found, Ingested)
        if not any(_folded(wanted) in _folded(block) for block in blocks(found.document)):
            missing.append((path.name, wanted))
    assert not missing
