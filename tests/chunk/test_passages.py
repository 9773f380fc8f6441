from itertools import pairwise

from building import document, passages, text_of
from hypothesis import example, given, settings
from hypothesis import strategies as st

from qa_service import chunk
from qa_service.chunk.passages import CONTEXT_KINDS, ENOUGH, FULL, TAIL
from qa_service.domain.document import BlockKind, Document
from qa_service.domain.passage import Passage

TRICKY = "river Oslo U.S. U.N. Mr. e.g. J. F. No. 5 3.5% “Yes.” (sic) [1] ! ? . ; 1,000 naïve 水 🌊 —".split()
KINDS = st.sampled_from(["paragraph", "paragraph", "paragraph", "list_item", "heading"])
LONGEST = 30  # words of a generated sentence


def line(text: str) -> str:
    return " ".join(text.split())


any_line = (
    st.text(alphabet=st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=80)
    .map(line)
    .filter(bool)
)
words = st.lists(st.sampled_from(TRICKY), min_size=1, max_size=60).map(" ".join)
blocks = st.tuples(KINDS.map(BlockKind), words | any_line)
documents = st.lists(blocks, min_size=1, max_size=25).map(lambda made: document(*made))

sentence = st.integers(1, LONGEST).map(lambda count: " ".join(["Water", *["runs"] * (count - 1)]) + ".")
paragraph = st.lists(sentence, min_size=1, max_size=12).map(" ".join)
prose = st.lists(st.tuples(KINDS.map(BlockKind), paragraph), min_size=1, max_size=12).map(
    lambda made: document(*made)
)


def size(made: Document, passage: Passage) -> int:
    """Words of the passage, its headings not counted."""
    return sum(len(text_of(made, one).split()) for one in passage.sentences if one.kind not in CONTEXT_KINDS)


@given(documents)
@example(document("One."))
@example(document("# Only a heading"))
@example(document("# One", "# Two", "Three.", "# Four"))
def test_passages_tile_the_text_and_hold_every_sentence_once(made: Document) -> None:
    found = passages(made)
    assert "".join(text_of(made, one) for one in found) == made.text
    assert found[0].start == 0
    assert found[-1].end == len(made.text)
    assert [one.ordinal for one in found] == list(range(len(found)))
    assert len({one.id for one in found}) == len(found)
    assert tuple(s for one in found for s in one.sentences) == chunk.sentences(made)
    assert all(one.start <= s.start < s.end <= one.end for one in found for s in one.sentences)


@given(documents)
def test_sentences_lie_in_order_inside_one_block_and_lose_nothing_but_space(made: Document) -> None:
    found = chunk.sentences(made)
    assert all(first.end <= second.start for first, second in pairwise(found))
    for one in found:
        block = made.blocks[one.block]
        assert block.start <= one.start < one.end <= block.end
        assert one.kind is block.kind
    covered = {offset for one in found for offset in range(one.start, one.end)}
    assert all(made.text[offset].isspace() for offset in range(len(made.text)) if offset not in covered)


@given(documents)
def test_no_passage_crosses_a_heading(made: Document) -> None:
    for passage in passages(made):
        kinds = [one.kind for one in passage.sentences]
        text_seen = False
        for kind in kinds:
            assert not (kind is BlockKind.HEADING and text_seen)
            text_seen = text_seen or kind not in CONTEXT_KINDS


@given(documents)
def test_a_passage_knows_the_heading_over_it(made: Document) -> None:
    for passage in passages(made):
        last = passage.sentences[-1]
        above = [
            made.text[block.start : block.end]
            for block in made.blocks[: last.block + 1]
            if block.kind is BlockKind.HEADING
        ]
        assert passage.section == (above[-1] if above else None)


@given(prose)
@settings(max_examples=30)
def test_passages_hold_80_to_120_words_where_the_section_allows(made: Document) -> None:
    found = passages(made)
    for passage, following in pairwise(found):
        same_section = following.sentences[0].kind is not BlockKind.HEADING
        if same_section:
            assert ENOUGH <= size(made, passage) <= FULL
    for number, passage in enumerate(found):
        assert size(made, passage) < FULL + TAIL
        continues = number > 0 and passage.sentences[0].kind is not BlockKind.HEADING
        assert size(made, passage) >= TAIL or not continues


def test_a_sentence_longer_than_a_passage_is_not_cut() -> None:
    giant = " ".join(["water"] * 400) + "."
    made = document("Short one.", giant, "Short two.")
    assert giant in [text_of(made, one) for one in chunk.sentences(made)]
    assert "".join(text_of(made, one) for one in passages(made)) == made.text


def test_a_document_without_blocks_has_no_passages() -> None:
    assert passages(document()) == ()
