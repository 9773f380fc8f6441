import hashlib
import re
import sys
import time
from collections.abc import Callable, Iterator
from itertools import permutations
from pathlib import Path

import pytest
from building import COMMENTARY, at_once, ingested, repeated_beside, settings_in
from hypothesis import given
from hypothesis import strategies as st
from shelving import contents

from qa_service.answering import Desk
from qa_service.domain.answer import Answer, Citation
from qa_service.domain.document import Document
from qa_service.domain.question import Kind, Message
from qa_service.remembering import Answering
from qa_service.settings import Settings
from qa_service.wiring import Service

Ask = Callable[..., Answer]

ANSWERED = (
    "How do Norway and Sweden differ?",
    "Compare the positions of Oslo and Stockholm.",
    "What does Norway think about the flow gauges?",
    "What is the position of Sweden?",
    "What does the author recommend?",
    "What is the SFA?",
    "What is the Joint Skarn Commission?",
    "When was the Joint Skarn Commission founded?",
    "When did the talks in Gothenburg open?",
    "How many people drink the water of the Skarn?",
    "How many members does the JSC have?",
    "Where does the Skarn rise?",
    "Why did the mediator leave?",
    "Why has the river carried less water since 2014?",
    "What is the timeline of the talks?",
    "What happened between 2018 and 2020?",
    "What is this commentary about?",
    "Who was sent to mediate?",
)
REFUSED = (
    "What is the capital of Peru?",
    "How do Brazil and Peru differ?",
    "Who won the football match in 1974?",
    "What does Brazil think about the Halvard dam?",
    "zxcvb qwerty?",
    "the of and",
    "???",
    "",
)
BEES = """# Keeping bees in autumn

Bees gather no nectar after the first frost. A hive needs fifteen kilogrammes of honey to last until April.
Beekeepers feed weak hives with syrup, and they close the entrance against mice.
"""


@pytest.fixture
def bees(tmp_path: Path) -> Path:
    path = tmp_path / "bees.md"
    path.write_text(BEES, encoding="utf-8")
    return path


def quotes(answer: Answer) -> list[str]:
    return [citation.quote for citation in answer.citations]


def marks(text: str) -> set[int]:
    """The citation numbers in a Markdown text; a bracket that is escaped is no mark."""
    return {int(number) for number in re.findall(r"(?<!\\)\[(\d+)\]", text)}


def check_citation(citation: Citation, document: Document) -> None:
    assert citation.quote == document.text[citation.start : citation.end] != ""
    assert citation.sha256 == document.sha256 == hashlib.sha256(document.text.encode()).hexdigest()
    assert citation.title == document.title


def check(answer: Answer, service: Service) -> None:
    """What holds for every answer, whatever was asked."""
    edition = service.answering.desk.edition
    assert answer.index_version == edition.version
    for citation in (*answer.citations, *(answer.refusal.nearest if answer.refusal else ())):
        check_citation(citation, edition.documents[citation.document_id])
        passage = next(
            one for one in edition.passages_of(citation.document_id) if one.id == citation.passage_id
        )
        assert passage.start <= citation.start < citation.end <= passage.end
        assert citation.section == passage.section
    if answer.answered:
        check_answered(answer)
    else:
        assert (answer.statements, answer.citations) == ((), ())
        assert (answer.comparison, answer.timeline) == (None, None)
        assert (answer.refusal is None) == (answer.kind is Kind.SMALL_TALK)
        assert marks(answer.text) == set()


def check_answered(answer: Answer) -> None:
    numbers = {citation.number for citation in answer.citations}
    assert [citation.number for citation in answer.citations] == list(range(1, len(numbers) + 1))
    assert answer.refusal is None
    assert answer.statements
    for statement in answer.statements:
        assert statement.citations
        assert set(statement.citations) <= numbers
        assert any(answer.citations[number - 1].quote in statement.text for number in statement.citations)
    assert marks(answer.text) == numbers == {n for one in answer.statements for n in one.citations}
    for row in answer.comparison.rows if answer.comparison else ():
        assert len(row.cells) == len(answer.comparison.actors) if answer.comparison else False
        assert all(answer.statements[index] for cell in row.cells for index in cell)
    if answer.timeline is not None:
        dates = [item.date for item in answer.timeline]
        assert dates == sorted(dates)
        for item in answer.timeline:
            assert item.wording in answer.statements[item.statement].text


@pytest.mark.parametrize("question", ANSWERED)
def test_every_quote_is_its_span_and_every_statement_cites(ask: Ask, service: Service, question: str) -> None:
    answer = ask(question)
    assert answer.answered, answer.text
    check(answer, service)


@pytest.mark.parametrize("question", REFUSED)
def test_a_refusal_has_no_citations_and_says_why(ask: Ask, service: Service, question: str) -> None:
    answer = ask(question)
    assert not answer.answered
    assert answer.kind is Kind.REFUSAL
    assert answer.refusal is not None
    assert answer.refusal.explanation == answer.text != ""
    check(answer, service)


actors = st.sampled_from(
    ["Norway", "Sweden", "Oslo", "Stockholm", "the JSC", "the U.N.", "Brazil", "us", "the US"]
)
topics = st.sampled_from(
    [
        "the Halvard dam",
        "the salmon quota",
        "flow gauges",
        "the talks",
        "SFA",
        "bees",
        "“no treaty [1]”",
        "*x*",
    ]
)
years = st.integers(1990, 2030)
templates = st.sampled_from(
    [
        "What does {a} think about {t}?",
        "How do {a} and {b} differ on {t}?",
        "Do {a} and {b} agree about {t}?",
        "why does {a} reject {t}",
        "What is {t}?",
        "When did {a} join {t}?",
        "List the events of {t} since {y}",
        "What happened in {y}?",
        "How many {t} does {a} have?",
        "Who is responsible for {t}?",
        "Is it true that {a} shares {t} with {b}?",
        "{a} {t} {y}",
        "And {b}?",
        "Summarise {t}.",
    ]
)
asked = st.builds(
    lambda template, a, b, t, y: template.format(a=a, b=b, t=t, y=y), templates, actors, actors, topics, years
)


@given(asked | st.text(max_size=60), st.lists(asked, max_size=2))
def test_whatever_is_asked_is_answered_with_spans_or_refused(
    service: Service, question: str, history: list[str]
) -> None:
    message = Message(text=question, history=tuple(history))
    check(service.answering.answer(message), service)


def test_the_same_message_gives_the_same_answer_object(ask: Ask) -> None:
    assert all(ask(question) is ask(question) for question in ANSWERED[:4])


def test_other_messages_have_other_ids(ask: Ask) -> None:
    answers = [ask(question) for question in ANSWERED + REFUSED]
    answers += [ask("And Sweden?", history=(ANSWERED[2],)), ask("And Sweden?")]
    answers += [ask(ANSWERED[0], documents=("nobody",))]
    assert len({answer.id for answer in answers}) == len(answers)


def test_answers_are_equal_in_every_service_and_after_any_order_of_ingest(tmp_path: Path, bees: Path) -> None:
    found = []
    for number, files in enumerate(permutations([COMMENTARY, bees])):
        service = Service(settings_in(tmp_path / str(number)))
        for file in files:
            service.indexing.ingest([file])
        other = Service(settings_in(tmp_path / str(number), QA_REMEMBERED_ANSWERS="0"))
        for one in (service, other):
            found.append([one.answering.answer(Message(text=text)) for text in ANSWERED + REFUSED])
            one.store.close()
    assert all(answers == found[0] for answers in found)


def test_a_document_about_something_else_changes_no_quote(own_service: Service, bees: Path) -> None:
    questions = [text for text in ANSWERED if "commentary about" not in text]
    before = {text: own_service.answering.answer(Message(text=text)) for text in questions}
    own_service.indexing.ingest([bees])
    for text in questions:
        after = own_service.answering.answer(Message(text=text))
        assert quotes(after) == quotes(before[text]), text
        assert after.index_version != before[text].index_version


def test_documents_restrict_an_answer(own_service: Service, bees: Path) -> None:
    (bees_id,) = own_service.indexing.ingest([bees]).added
    (other_id,) = set(own_service.answering.desk.edition.documents) - {bees_id}

    def cited(text: str, *documents: str) -> set[str]:
        answer = own_service.answering.answer(Message(text=text, documents=documents))
        check(answer, own_service)
        return {citation.document_id for citation in answer.citations}

    for text in (*ANSWERED, "What do beekeepers feed weak hives with?"):
        assert cited(text, bees_id) <= {bees_id}
        assert cited(text, other_id) <= {other_id}
        assert cited(text, "nobody") == set()
    assert cited("What do beekeepers feed weak hives with?", bees_id) == {bees_id}
    assert cited("Why did the mediator leave?", other_id) == {other_id}


def test_answers_are_remembered_until_another_version_is_published(own_service: Service, bees: Path) -> None:
    answering, message = own_service.answering, Message(text="Why did the mediator leave?")
    first = answering.answer(message)
    desk = answering.desk
    assert answering.answer(message) is first
    report = own_service.indexing.ingest([bees])
    second = answering.answer(message)
    assert second is not first
    assert (second.index_version, second.id == first.id) == (report.version, False)
    assert answering.desk is not desk
    assert answering.answer(message) is second


def test_only_so_many_answers_are_remembered(tmp_path: Path) -> None:
    service = ingested(settings_in(tmp_path, QA_REMEMBERED_ANSWERS="2"))
    one, two, three = (Message(text=text) for text in ANSWERED[:3])
    first, second = service.answering.answer(one), service.answering.answer(two)
    assert service.answering.answer(one) is first
    service.answering.answer(three)
    assert service.answering.answer(two) is second
    again = service.answering.answer(one)
    assert again is not first
    assert again == first
    service.store.close()


def test_an_empty_store_refuses(own_settings: Settings) -> None:
    service = Service(own_settings)
    service.prepare()
    for text in ANSWERED:
        answer = service.answering.answer(Message(text=text))
        assert not answer.answered
        assert answer.suggestions == ()
    service.store.close()


def test_suggestions_are_answered(ask: Ask) -> None:
    suggestions = ask("Hello!").suggestions
    assert suggestions
    assert all(ask(text).answered for text in suggestions)
    assert suggestions[0] not in ask(suggestions[0]).suggestions


@pytest.mark.parametrize("question", [*ANSWERED, "What does Brazil think about the Halvard dam?"])
def test_what_is_offered_after_an_answer_is_answered_and_was_not_asked(ask: Ask, question: str) -> None:
    offered = ask(question).suggestions
    assert offered
    assert question not in offered
    assert all(ask(text).answered for text in offered)


def test_what_is_offered_goes_on_from_the_answer(ask: Ask) -> None:
    assert "What happened after 2017?" in ask("When did the talks in Gothenburg open?").suggestions
    compared = ask("How do Norway and Sweden differ?").suggestions
    assert not any("differ" in text for text in compared)
    assert any("differ" in text for text in ask("What is the position of Sweden?").suggestions)


@pytest.fixture
def two_texts(tmp_path: Path) -> Iterator[tuple[Path, Path]]:
    """Two versions of one commentary; every sentence of the second differs from the first."""
    texts = []
    for number, word in enumerate(("Skarn", "Ardal")):
        path = tmp_path / f"{number}.md"
        text = COMMENTARY.read_text("utf-8").replace("Skarn", word)
        path.write_text(text.replace(". ", f" ({word}). ").replace(".\n", f" ({word}).\n"), encoding="utf-8")
        texts.append(path)
    yield texts[0], texts[1]


def test_an_answer_is_from_one_edition_while_another_is_published(
    tmp_path: Path, two_texts: tuple[Path, Path]
) -> None:
    settings = settings_in(tmp_path, QA_REMEMBERED_ANSWERS="5")
    writer, reader = Service(settings), Service(settings)
    current = tmp_path / "current.md"
    texts: dict[str, dict[str, Document]] = {}
    answers: list[Answer] = []

    def publish(number: int) -> None:
        current.write_bytes(two_texts[number % 2].read_bytes())
        version = writer.indexing.ingest([current]).version
        texts[version] = {one.id: one for one in contents(writer.store.snapshot()).documents}

    def ask() -> None:
        answers.extend(reader.answering.answer(Message(text=text)) for text in ANSWERED[:8])

    publish(0)
    publish(1)
    with repeated_beside(ask):
        for number in range(12):
            publish(number)
    assert {answer.index_version for answer in answers} == texts.keys()
    assert len(texts) == 2
    for answer in answers:
        for citation in answer.citations:
            check_citation(citation, texts[answer.index_version][citation.document_id])
    for service in (writer, reader):
        service.store.close()


def test_threads_that_remember_next_to_nothing_do_not_disturb_each_other(tmp_path: Path) -> None:
    service = ingested(settings_in(tmp_path, QA_REMEMBERED_ANSWERS="0"))
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)

    def ask() -> None:
        for _ in range(100):
            assert service.answering.answer(Message(text="???")).refusal

    try:
        with at_once([ask] * 4):
            pass
    finally:
        sys.setswitchinterval(interval)
    service.store.close()


def test_a_new_version_is_read_by_one_thread_for_all(tmp_path: Path) -> None:
    service = ingested(settings_in(tmp_path))
    desk = service.answering.desk
    opened: list[Desk] = []

    def slowly() -> Desk:
        opened.append(desk)
        time.sleep(0.05)
        return desk

    answering = Answering(service.store, slowly, remembered=10)
    with at_once([lambda: answering.answer(Message(text="Who mediated?"))] * 4):
        pass
    assert len(opened) == 1
    service.store.close()
