import re
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from qa_service.domain.document import BlockKind, Ingested
from tests.ingest.reading_files import Source, blocks, outcome, outline, reason, taken

COMMENTARY = """ A Quiet Thaw in the Northern Straits \n
By Mara Lindqvist \n
Synopsis \n
After years of silence the two coast guards talk again. The self-
styled mediators in the capital want more than talks, and the har-
bour towns agree. The harbour masters speak of a long winter, while \n\x0c


others still wait for the first ship and count what the silence has cost.
“Nothing is settled”—said one—and nobody on either of the two shores of the strait con-
tradicted him when the meeting ended. Each party had pro-
mised to publish its own account of the talks before the end of the month.\n
What Comes Next\n
  • A joint patrol in the spring.
  • A shared list of lost
    vessels and crews.\n
The agreement, dated 14 April 2017, holds until the autumn and may then be prolonged.
"""


def test_a_wrapped_commentary_becomes_blocks(tmp_path: Path) -> None:
    document = taken(tmp_path, "thaw.txt", COMMENTARY).document
    assert document.title == "A Quiet Thaw in the Northern Straits"
    assert document.author == "Mara Lindqvist"
    assert document.published is None
    kinds = [kind for kind, _ in outline(document)]
    assert kinds == [
        "title", "byline", "heading", "paragraph", "heading", "list_item", "list_item", "paragraph",
    ]  # fmt: skip
    assert blocks(document, BlockKind.BYLINE) == ["By Mara Lindqvist"]
    assert blocks(document, BlockKind.HEADING) == ["Synopsis", "What Comes Next"]


def test_line_end_hyphens_are_kept_in_compounds_only(tmp_path: Path) -> None:
    text = taken(tmp_path, "thaw.txt", COMMENTARY).document.text
    assert "The self-styled mediators" in text
    assert "the harbour towns agree" in text
    assert "contradicted him" in text
    assert "“Nothing is settled”—said one—and nobody" in text


def test_a_page_break_inside_a_sentence_does_not_end_the_paragraph(tmp_path: Path) -> None:
    text = taken(tmp_path, "thaw.txt", COMMENTARY).document.text
    assert "a long winter, while others still wait" in text


def test_one_paragraph_a_line_is_read_as_such(tmp_path: Path) -> None:
    long = (
        "The delegates met in the old customs house and agreed on very little that anybody could name. " * 3
    )
    document = taken(
        tmp_path, "lines.txt", f"A Title Here\n{long}\n{long}\nA Second Heading\n{long}\n"
    ).document
    assert [kind for kind, _ in outline(document)] == [
        "title",
        "paragraph",
        "paragraph",
        "heading",
        "paragraph",
    ]


def test_front_matter_and_a_date_line_are_bylines(tmp_path: Path) -> None:
    head = "---\ntitle: Two Shores\nauthor: [Ana Roe, Bo Li]\npublisher: The Strait\n---\n"
    text = head + "Two Shores\n\n3 March 2020\n\nIt began.\n"
    document = taken(tmp_path, "f.txt", text).document
    assert outline(document) == [
        ("title", "Two Shores"),
        ("byline", "Ana Roe"),
        ("byline", "Bo Li"),
        ("byline", "3 March 2020"),
        ("paragraph", "It began."),
    ]
    assert (document.author, document.published, document.publisher) == (
        "Ana Roe, Bo Li",
        "2020-03-03",
        "The Strait",
    )


def test_labelled_lines_above_the_text(tmp_path: Path) -> None:
    labels = "Title: Two Shores\nAuthor: Ana Roe\nDate: 18 April 2017\nSource: https://example.org/a\n"
    text = labels + "\nIt began.\n"
    document = taken(tmp_path, "l.txt", text).document
    assert (document.title, document.author, document.published) == ("Two Shores", "Ana Roe", "2017-04-18")
    assert document.url == "https://example.org/a"
    assert blocks(document, BlockKind.TITLE) == ["Two Shores"]


def test_encodings(tmp_path: Path) -> None:
    sentence = "Le café était fermé — “dit-on” — jusqu’au soir."
    for name, data in {
        "utf8.txt": sentence.encode(),
        "bom.txt": sentence.encode("utf-8-sig"),
        "utf16.txt": sentence.encode("utf-16"),
        "western.txt": sentence.encode("cp1252"),
    }.items():
        assert taken(tmp_path, name, data).document.text == sentence


def test_unprintable_characters_go(tmp_path: Path) -> None:
    text = "A so\u00adft hy\u200bphen,\u00a0a \u202eturned\u202c word\x00 and\ta tab. ﬁn\n"
    assert taken(tmp_path, "odd.txt", text).document.text == "A soft hyphen, a turned word and a tab. ﬁn"


def test_rubbish_is_rejected(tmp_path: Path) -> None:
    assert "not text" in reason(tmp_path, "a.txt", bytes(range(256)) * 40)
    assert "empty" in reason(tmp_path, "b.txt", b"  \n")
    assert "no text" in reason(tmp_path, "c.txt", "---- ****\n\n. . .")


_PROSE = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=60)


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text)


@given(
    st.lists(
        _PROSE.filter(lambda line: not re.search(r"[-‐\u00ad\u200b-\u206f\ufeff\u180e]|---", line)),
        max_size=12,
    )
)
def test_no_word_is_lost_and_every_character_is_mapped(lines: list[str]) -> None:
    text = "Opening words stand here.\n\n" + "\n".join(lines)
    with TemporaryDirectory() as folder:
        found = outcome(Path(folder), "any.txt", text)
    assert isinstance(found, Ingested)
    canonical = found.document.text
    source = Source(found)
    assert sorted(set(_words(text))) == sorted(set(_words(canonical)))
    for block in found.document.blocks:
        piece = canonical[block.start : block.end]
        assert "\n" not in piece and piece == piece.strip() and "  " not in piece
        assert "".join(source.of(block.start, block.end).split()) == "".join(piece.split())
