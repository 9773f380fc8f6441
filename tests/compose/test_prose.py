import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_service.compose.prose import Bullets, Paragraph, Run, Table, paragraphs, plain, prose
from qa_service.compose.templates import escape

WORDS = st.text(
    st.characters(codec="utf-8", categories=("L", "N", "P", "S")), min_size=1, max_size=12
).filter(lambda word: not word.isdecimal())


@pytest.mark.parametrize(
    ("markdown", "said"),
    [
        ("", ()),
        ("**Yes.** [1]", (Paragraph((Run("Yes.", bold=True), Run(" "), Run("[1]", mark=1))),)),
        ("*As of 2017*", (Paragraph((Run("As of 2017", italic=True),)),)),
        (r"\*a\* \[9\] \<b\> &", (Paragraph((Run("*a* [9] <b> &"),)),)),
        ("<b>x</b>", (Paragraph((Run("<b>x</b>"),)),)),
        ("[a](https://x.example)", (Paragraph((Run("a", link="https://x.example"),)),)),
        ("# Title", (Paragraph((Run("Title", bold=True),)),)),
        ("one\ntwo", (Paragraph((Run("one two"),)),)),
        (
            "- **2013**: a\n- b\n  - c",
            (Bullets(((Run("2013", bold=True), Run(": a")), (Run("b"),), (Run("c"),))),),
        ),
        ("1962. It began.", (Bullets(((Run("1962. "), Run("It began.")),), ordered=True),)),
        ("    code", (Paragraph((Run("code"),)),)),
        ("> quoted", (Paragraph((Run("quoted"),)),)),
        ("---", ()),
        (
            "| Issue | A | B |\n|---|---|---|\n| x \\| y | “q” [1] | |",
            (
                Table(
                    ((Run("Issue"),), (Run("A"),), (Run("B"),)),
                    (((Run("x | y"),), (Run("“q” "), Run("[1]", mark=1)), ()),),
                ),
            ),
        ),
    ],
)
def test_markdown_becomes_what_a_reader_sees(markdown: str, said: tuple[object, ...]) -> None:
    assert prose(markdown) == said


@given(st.lists(WORDS, min_size=1, max_size=6))
def test_an_escaped_quote_is_read_letter_by_letter(words: list[str]) -> None:
    quote = " ".join(words)
    [paragraph] = prose(f"“{escape(quote)}” [1]")
    assert isinstance(paragraph, Paragraph)
    assert plain(paragraph.line) == f"“{quote}” [1]"
    assert [run.mark for run in paragraph.line if run.mark] == [1]


def test_a_number_in_brackets_of_a_quote_is_no_marker() -> None:
    [paragraph] = prose(f"“{escape('no treaty [1] can')}” [2][3]")
    assert isinstance(paragraph, Paragraph)
    assert [(run.text, run.mark) for run in paragraph.line] == [
        *(("“no treaty [1] can” ", 0), ("[2]", 2), ("[3]", 3))
    ]


def test_everything_is_said_in_its_order() -> None:
    said = list(paragraphs(prose("a\n\n- b\n- c\n\n| d | e |\n|---|---|\n| f | g |")))
    assert said == ["a", "- b", "- c", "d | e", "f | g"]
