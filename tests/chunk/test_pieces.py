"""What is decided without syntok is what syntok decides."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from syntok import segmenter
from syntok.tokenizer import Tokenizer

from qa_service import ingest
from qa_service.chunk.pieces import pieces
from qa_service.domain.document import Ingested

SHARED = Path(__file__).parents[2].parent / "shared"
STRETCHES = r"""
    The word Mr Mr. Dr. no No. Nos. etc. U.N. U.S. co. self-no. well-Co. I V II. 5. 12 1975. 3.5
    2,000 May Jan. (see below) (See The end. Of this.) (Two words.) [1st meeting] ( ) [ ] (V), ).
    ... .. ; : — - “Yes “ ” " ' ’ he's don't end.” end." end.) end). said”. "he “He” (He A B C. D.
    état É. x1 B12 no.5 end.The end.the x²-word G-20. a. e.g. vs. ! ? ?! What? 10%. $5. (a) 1. p. 5;
    President word; Word: {a} （x） 。 lower. 1990. Sept. McDonald. o'clock. people's. it’s.
    co-operation. ’” .” ." .) )."
"""


def by_syntok(text: str) -> list[tuple[int, int]]:
    """Start and end of the sentences of ``text``."""
    found = segmenter.segment(Tokenizer(replace_not_contraction=False).tokenize(text))
    return [(one[0].offset, one[-1].offset + len(one[-1].value)) for one in found]


def by_pieces(text: str) -> list[tuple[int, int]]:
    """The same, where syntok reads only what is unsure."""
    return list(_ends(text))


def _ends(text: str) -> Iterator[tuple[int, int]]:
    for start, end, unsure in pieces(text):
        if unsure:
            yield from ((start + low, start + high) for low, high in by_syntok(text[start:end]))
        else:
            yield start, end


@given(st.lists(st.sampled_from([*STRETCHES.split(), "\u200b", ""]), max_size=90).map(" ".join))
@settings(max_examples=400, deadline=None)
def test_any_row_of_words_and_marks_is_cut_as_syntok_cuts_it(text: str) -> None:
    assert by_pieces(text) == by_syntok(text)


@given(st.text(alphabet="aB. ;!?“”\"'()[]1.-\u200b\u00a0\n", max_size=60))
@settings(max_examples=300, deadline=None)
def test_any_row_of_characters_too(text: str) -> None:
    assert by_pieces(text) == by_syntok(text)


def test_most_text_needs_no_syntok() -> None:
    text = "In 1975 the two states met. Mr. Lund, who came late, said “never.” They left; nothing was signed."
    assert [text[one.start : one.end] for one in pieces(text) if not one.unsure] == [
        "In 1975 the two states met.",
        "Mr. Lund, who came late, said “never.”",
        "They left; nothing was signed.",
    ]


def test_a_bracket_is_left_to_syntok_up_to_the_next_plain_end() -> None:
    text = "It met. The bank (BCR. See below) pays. It ends."
    assert [(text[one.start : one.end], one.unsure) for one in pieces(text)] == [
        ("It met.", False),
        ("The bank (BCR. See below) pays.", True),
        ("It ends.", False),
    ]


def _speeches(count: int) -> Iterator[str]:
    with gzip.open(SHARED / "scale/ungdc_1946_2024.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line, _ in zip(lines, range(count), strict=False):
            yield from json.loads(line)["text"].split("\n")


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared texts are not here")
def test_real_text_is_cut_as_syntok_cuts_it() -> None:
    files = ingest.discover((SHARED / "seed", SHARED / "corpora"))
    read = (item for path in files if path.suffix in (".md", ".txt") for item in ingest.read(path))
    documents = [item.document for item in read if isinstance(item, Ingested)]
    blocks = [one.text[block.start : block.end] for one in documents for block in one.blocks]
    blocks += [" ".join(line.split()) for line in _speeches(20)]
    assert len(blocks) > 1_000
    wrong = [block for block in blocks if by_pieces(block) != by_syntok(block)]
    assert wrong == []
