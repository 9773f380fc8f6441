"""A question may name a document by its title: it is answered from that document."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from building import settings_in
from hypothesis import given
from hypothesis import strategies as st

from qa_service.answering import Desk
from qa_service.domain.answer import Answer
from qa_service.domain.directory import title_key
from qa_service.domain.question import Kind, Message
from qa_service.wiring import Service

NORTH = """# Dams of the north: what now?

Norway says that the dam protects the valley. The dam was finished in 1961.

In 1974 the northern lock was closed.
"""
SOUTH = """# Dams of the "south"

Norway says that the dam costs too much. The dam was finished in 1985.
"""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder: Path = tmp_path_factory.mktemp("titles")
    (folder / "north.md").write_text(NORTH)
    (folder / "south.md").write_text(SOUTH)
    service = Service(settings_in(folder))
    service.prepare()
    assert not service.indexing.ingest([folder / "north.md", folder / "south.md"]).rejected
    yield service.answering.desk


@pytest.fixture(scope="module")
def ask(desk: Desk) -> Callable[..., Answer]:
    return lambda text, **more: desk.answer(Message(text=text, **more))


def quoted(answer: Answer) -> set[str]:
    return {one.document_id.partition("-")[0] for one in answer.citations}


@pytest.mark.parametrize(
    "question",
    [
        "When was the dam finished in “Dams of the north: what now?”?",
        'According to "dams of the north - what now", when was the dam finished?',
        "When was the dam finished in «Dams of the North: What Now?»",
    ],
)
def test_the_document_whose_title_is_quoted_answers(ask: Callable[..., Answer], question: str) -> None:
    answer = ask(question)
    assert answer.answered
    assert quoted(answer) == {"north"}
    assert "1961" in answer.text
    assert "1985" not in answer.text


def test_what_was_understood_shows_the_title(ask: Callable[..., Answer]) -> None:
    answer = ask("When was the dam finished in “Dams of the north: what now?”?")
    assert answer.standalone_question == "When was the dam finished? (in “Dams of the north: what now?”)"


def test_a_title_may_be_what_is_asked_about(ask: Callable[..., Answer]) -> None:
    answer = ask("What does “Dams of the north: what now?” say that Norway thinks of the dam?")
    assert quoted(answer) == {"north"}
    assert "protects the valley" in answer.text
    assert "costs too much" not in answer.text


@pytest.mark.parametrize(
    "question", ["Summarize “Dams of the north: what now?”", "“Dams of the north: what now?”"]
)
def test_a_title_alone_finds_its_document(ask: Callable[..., Answer], question: str) -> None:
    assert quoted(ask(question)) == {"north"}


def test_two_titles_are_two_documents(ask: Callable[..., Answer]) -> None:
    answer = ask("When was the dam finished in “Dams of the north: what now?” and in “Dams of the south”?")
    assert quoted(answer) == {"north", "south"}


def test_a_quotation_that_is_no_title_is_read_as_words(desk: Desk) -> None:
    plain = desk.understanding.question(Message(text='When was the "dam" finished?'))
    assert plain.documents == ()
    assert "dam" in {term.stem for term in plain.terms}


def test_a_word_in_quotation_marks_is_asked_for_though_a_document_is_called_so(tmp_path: Path) -> None:
    (tmp_path / "weir.md").write_text("# Weir\n\nThe weir was finished in 1961.\n")
    (tmp_path / "river.md").write_text("# A river\n\nA weir is a low dam. The mill was finished in 1985.\n")
    service = Service(settings_in(tmp_path))
    service.prepare()
    assert not service.indexing.ingest([tmp_path / "weir.md", tmp_path / "river.md"]).rejected
    desk = service.answering.desk
    assert "low dam" in desk.answer(Message(text="What is a “weir”?")).text
    assert quoted(desk.answer(Message(text="What was finished in “Weir”?"))) == {"weir"}


def test_the_documents_that_a_client_chose_stay_chosen(desk: Desk) -> None:
    south = next(one for one in desk.edition.documents if one.startswith("south"))
    answer = desk.answer(
        Message(text="When was the dam finished in “Dams of the north: what now?”?", documents=(south,))
    )
    assert quoted(answer) <= {"south"}


def test_a_question_that_goes_on_keeps_its_document_when_it_says_so(ask: Callable[..., Answer]) -> None:
    before = "When was the dam finished in “Dams of the north: what now?”?"
    answer = ask("And what happened after 1970 in “Dams of the north: what now?”?", history=(before,))
    assert answer.kind is Kind.TIMELINE
    assert "1974" in answer.text


@given(st.text(max_size=60))
def test_any_quotation_is_read(desk: Desk, text: str) -> None:
    for quotation in (f"“{text}”", f'When in "{text}"?', f"«{text}"):
        question = desk.understanding.question(Message(text=quotation))
        assert set(question.documents) <= set(desk.edition.documents)


@given(st.text(max_size=60))
def test_a_title_is_looked_up_however_it_is_typed(title: str) -> None:
    key = title_key(title)
    assert title_key(f"  {title} ") == key
    assert title_key(key) == key


def test_what_is_suggested_after_a_title_is_answered_without_it(desk: Desk) -> None:
    offered = desk.answer(
        Message(text="When was the dam finished in “Dams of the north: what now?”?")
    ).suggestions
    assert offered
    for one in offered:
        assert desk.answer(Message(text=one)).answered


def test_among_many_documents_a_suggestion_names_the_one_that_answered(tmp_path: Path) -> None:
    service = Service(settings_in(tmp_path))
    service.prepare()
    (tmp_path / "north.md").write_text(NORTH + "\nSweden argues that the dam starves its farmers.\n")
    more = [tmp_path / f"weir{number}.md" for number in range(25)]
    for number, path in enumerate(more):
        path.write_text(
            f"# Weir {number}\n\nIn 19{number + 60} Denmark said that weir {number} was too low.\n"
        )
    assert not service.indexing.ingest([tmp_path / "north.md", *more]).rejected
    desk = service.answering.desk
    offered = desk.answer(Message(text="When was the dam finished?")).suggestions
    named = [one for one in offered if "“Dams of the north: what now?”" in one]
    assert "What happened after 1961 in “Dams of the north: what now?”?" in named
    for one in offered:
        assert desk.answer(Message(text=one)).answered
    for one in named:
        assert quoted(desk.answer(Message(text=one))) == {"north"}


def test_of_the_documents_that_a_client_chose_the_named_one_answers(desk: Desk) -> None:
    question = Message(
        text="When was the dam finished in “Dams of the north: what now?”?",
        documents=tuple(desk.edition.documents),
    )
    assert quoted(desk.answer(question)) == {"north"}
