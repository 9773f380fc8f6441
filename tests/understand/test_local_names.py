"""Names that only the documents know: acronyms, people, organisations."""

from itertools import pairwise

import pytest
from building import settings_in

from qa_service.domain.question import Message
from qa_service.understand import LocalNames
from qa_service.wiring import Service

PEOPLE = """# The two ministers

The minister Anna Berglund believes that the harbour is too small. Anna Berglund rejects every cut.
The minister Karl Berglund argues that the harbour is too large. Karl Berglund demands a smaller one.
The envoy Miriam Castellanos insists that the harbour stay as it is. Miriam Castellanos denies the rumours.
The Harbour Review Panel (HRP) meets each month. The International Stevedores (IS) disagree with the HRP.

A panel of the old gate is loose. Each wooden panel needs paint. A glass panel may replace it.

The Group for Advice on Sails (GAS) met once. A gas lamp hangs over the gate. The gas is cheap. No gas leaks.
"""


@pytest.fixture(scope="module")
def harbour(tmp_path_factory: pytest.TempPathFactory) -> Service:
    folder = tmp_path_factory.mktemp("names")
    (folder / "ministers.md").write_text(PEOPLE, encoding="utf-8")
    service = Service(settings_in(folder))
    service.prepare()
    assert not service.indexing.ingest([folder / "ministers.md"]).rejected
    return service


@pytest.fixture(scope="module")
def names(harbour: Service) -> LocalNames:
    found = harbour.answering.desk.understanding.names
    assert isinstance(found, LocalNames)
    return found


def mentioned(names: LocalNames, text: str, *, typed: bool = True) -> list[str]:
    return [one.actor for one in names.mentions(text, typed=typed)]


def test_an_acronym_and_what_it_stands_for_are_one_actor(names: LocalNames) -> None:
    assert names.actor("HRP") == names.actor("Harbour Review Panel") == "Harbour Review Panel"
    assert set(names.names("Harbour Review Panel")) >= {"HRP", "Harbour Review Panel"}
    assert mentioned(names, "what does the hrp say") == ["Harbour Review Panel"]


def test_a_last_name_means_its_one_owner(names: LocalNames) -> None:
    assert names.actor("Castellanos") == "Miriam Castellanos"
    assert mentioned(names, "what did castellanos say?") == ["Miriam Castellanos"]


def test_a_common_word_is_nobodys_last_name(names: LocalNames) -> None:
    assert mentioned(names, "How is a panel painted?") == []
    assert mentioned(names, "What does the Harbour Review Panel say?") == ["Harbour Review Panel"]


def test_a_common_word_is_an_acronym_in_capitals_only(names: LocalNames) -> None:
    assert mentioned(names, "How much gas is sold?") == []
    assert mentioned(names, "What did GAS advise?") == ["Group for Advice on Sails"]


def test_an_ambiguous_last_name_means_nobody(names: LocalNames) -> None:
    assert names.actor("Berglund") is None
    assert mentioned(names, "What does Berglund think?") == []
    assert mentioned(names, "What does Anna Berglund think?") == ["Anna Berglund"]


def test_namesakes_hold_their_own_views(names: LocalNames, harbour: Service) -> None:
    answer = harbour.answering.answer(Message(text="What does Karl Berglund think of the harbour?"))
    assert [one.speaker for one in answer.statements] == ["Karl Berglund"]
    assert "too large" in answer.text
    assert "too small" not in answer.text


def test_a_stop_word_is_no_organisation(names: LocalNames) -> None:
    assert mentioned(names, "the harbour is small and is old") == []


def test_text_that_is_not_typed_needs_capitals(names: LocalNames) -> None:
    assert mentioned(names, "castellanos came", typed=False) == []
    assert mentioned(names, "Castellanos came", typed=False) == ["Miriam Castellanos"]


def test_the_table_comes_first_and_mentions_do_not_overlap(names: LocalNames) -> None:
    text = "Washington, the Harbour Review Panel, HRP and Anna Berglund met Moscow"
    found = names.mentions(text, typed=True)
    assert [one.actor for one in found] == [
        "United States",
        "Harbour Review Panel",
        "Harbour Review Panel",
        "Anna Berglund",
        "Russia",
    ]
    assert all(one.end <= other.start for one, other in pairwise(found))


def test_unknown_names_have_no_surfaces(names: LocalNames) -> None:
    assert names.actor("Atlantis") is None
    assert names.names("Atlantis") == ()
    assert mentioned(names, "") == []
