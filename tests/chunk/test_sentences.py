import pytest
from building import document, sentence_texts

from qa_service import chunk
from qa_service.domain.document import BlockKind


@pytest.mark.parametrize(
    "sentence",
    [
        "The U.N. mission counted 40 villages on the river.",
        "Mr. Lund spoke for the farmers.",
        "Both sides named experts, e.g. Dr. Lund and Prof. Vale, to the commission.",
        "In 1962 J. F. Kennedy wrote to both capitals.",
        "J. A. Smith and A. He Li signed the draft.",
        "Many U.S. officials read the draft.",
        "The U.S. Congress and the U.N. Security Council read the draft.",
        "Clause No. 5 names the gauges.",
        "Clauses Nos. 5 and 6 name the gauges, cf. Art. 7 of the accord.",
        "Gen. Vale met Sen. Lund and Amb. Osei in St. Petersburg.",
        "The flow fell by 3.5 percent, i.e. by a fifth of a fifth.",
        "The treaty (see pp. 4 and Fig. 2) fixes the flow.",
        "Oslo accepted the draft in May; Stockholm has not replied.",
        "The talks (of May 3, 2017) were held in private.",
        "It costs approx. 1.5 million euros.",
        "Oslo vs. Stockholm was the case of the year.",
    ],
)
def test_abbreviations_do_not_end_a_sentence(sentence: str) -> None:
    assert sentence_texts(document(sentence)) == [sentence]
    assert sentence_texts(document(f"{sentence} The river went on.")) == [sentence, "The river went on."]


@pytest.mark.parametrize(
    "sentences",
    [
        ["They sold it to the U.S. ", "The price was low."],
        ["The mediator came from the U.N. ", "She left in May."],
        ["Was the gauge shared? ", "No. ", "The talks failed."],
        ["The farmers chose plan B. ", "The ministers chose none."],
        ["They met at 5 p.m. ", "The talks were short."],
        ["It ended in 2017. ", "In 2018 it began again."],
        ["“We will not share them.” ", "Oslo said no more."],
        ["The flow is 3.5 cubic metres. ", "That is little!"],
        ["Who opened the sluices? ", "Nobody knows."],
        ["They ask" + " and ask" * 20 + "; ", "The others answer" + " and answer" * 20 + "."],
    ],
)
def test_real_ends_are_kept(sentences: list[str]) -> None:
    assert sentence_texts(document("".join(sentences))) == [sentence.strip() for sentence in sentences]


def test_titles_bylines_and_headings_are_one_sentence_of_their_kind() -> None:
    made = document(
        (BlockKind.TITLE, "Low water. What now?"),
        (BlockKind.BYLINE, "By I. Vale. 3 May 2017."),
        "# A way forward. Or two.",
        "One. Two.",
    )
    found = [(s.kind, made.text[s.start : s.end]) for s in chunk.sentences(made)]
    assert found == [
        (BlockKind.TITLE, "Low water. What now?"),
        (BlockKind.BYLINE, "By I. Vale. 3 May 2017."),
        (BlockKind.HEADING, "A way forward. Or two."),
        (BlockKind.PARAGRAPH, "One."),
        (BlockKind.PARAGRAPH, "Two."),
    ]


def test_a_list_item_is_cut_like_a_paragraph() -> None:
    assert sentence_texts(document("- One came. Two left.", "- Three stayed.")) == [
        "One came.",
        "Two left.",
        "Three stayed.",
    ]
