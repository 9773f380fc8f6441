import pytest

from qa_service.domain.annotation import DefinitionKind
from tests.annotate.reading import read


@pytest.mark.parametrize(
    ("sentence", "kind", "term"),
    [
        ("The Long Shelf is a shallow part of the sea.", DefinitionKind.COPULA, "Long Shelf"),
        ("Maria Holt, a retired judge, chaired the panel.", DefinitionKind.APPOSITION, "Maria Holt"),
        ("They ran a scheme known as “Northern Light.”", DefinitionKind.NAMED, "Northern Light"),
        (
            "They broke the Harbour Doctrine, which held that ports are open.",
            DefinitionKind.WHICH,
            "Harbour Doctrine",
        ),
        ("It was signed by Foreign Minister Eva Lund.", DefinitionKind.TITLE, "Eva Lund"),
    ],
)
def test_a_sentence_says_what_a_term_means(sentence: str, kind: DefinitionKind, term: str) -> None:
    _, found = read(sentence)
    assert (kind, term) in [(one.kind, one.term) for one in found.definitions]


def test_a_bracket_ties_an_acronym_to_its_long_form() -> None:
    _, found = read("The Office of the Harbour Master (OHM) and low-grade coal (LGC) are old.")
    assert [(one.term, one.expansion) for one in found.definitions] == [
        ("OHM", "Office of the Harbour Master"),
        ("LGC", "low-grade coal"),
    ]


def test_initials_tie_an_acronym_without_a_bracket_when_only_one_phrase_fits() -> None:
    text, found = read("It met under the Northern Harbour Forum. The NHF said that dues are fair.")
    (definition,) = found.definitions
    assert (definition.term, definition.expansion) == ("NHF", "Northern Harbour Forum")
    assert found.positions[0].actors == ("Northern Harbour Forum",)
    assert [text[m.start : m.end] for m in found.mentions] == ["Northern Harbour Forum", "NHF"]


def test_acronyms_of_one_sentence_come_in_the_order_of_their_long_forms() -> None:
    longs = ["Northern Harbour Forum", "Eastern River Board", "Grand Tidal Council", "Small Islands Union"]
    _, found = read(f"It left the {' before the '.join(longs)}. Now SIU, GTC, ERB and NHF are rivals.")
    assert [one.expansion for one in found.definitions] == longs


@pytest.mark.parametrize(
    "sentence",
    [
        "It is a pity.",
        "In June, the talks failed.",
        "Both are a burden.",
        "They saw Oslo, the Hague, and Rome.",
    ],
)
def test_not_every_is_or_comma_defines(sentence: str) -> None:
    assert read(sentence)[1].definitions == ()
