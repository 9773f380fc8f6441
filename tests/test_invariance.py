"""What must not change an answer: other names, the order of ingest, a text on something else."""

import re
from itertools import permutations
from pathlib import Path

import pytest
from building import COMMENTARY, settings_in

from qa_service.domain.answer import Answer
from qa_service.domain.question import Message
from qa_service.wiring import Service

QUESTIONS = """
How do Norway and Sweden differ?
How do Norway and Sweden differ on the dam?
Where do Oslo and Stockholm disagree on the gauges?
Do Norway and Sweden agree on the salmon quota?
What does Norway think about the flow gauges?
What does Oslo say about the dam?
What does Sweden want on salmon?
What is the position of Sweden on the readings?
What does Sweden accuse Norway of?
What does Norway accuse Sweden of?
Why did Sweden leave the talks?
Why did the mediator leave?
When did Sweden leave the talks?
When did Norway leave the talks?
When was the Joint Skarn Commission founded?
How many members does the JSC have?
How many people drink the water of the Skarn?
What is the SFA?
What does JSC stand for?
Who is Amara Osei?
Who was sent to mediate?
Where does the Skarn rise?
Where did the talks open?
What happened between 2018 and 2020?
What is the timeline of the talks?
What does the author recommend?
Did Norway close the sluices at night?
Was the Bergen round held in private?
Who is the prime minister of Norway?
What does Denmark think of the dam?
""".strip().splitlines()
# Each name for one of its sort: states with their capitals and demonyms, places, people, bodies.
OTHERS = {
    "Norway": "Austria",
    "Norwegian": "Austrian",
    "Oslo": "Vienna",
    "Sweden": "Hungary",
    "Swedish": "Hungarian",
    "Stockholm": "Budapest",
    "Denmark": "Finland",
    "Skarn": "Huasca",
    "SFA": "HFA",
    "JSC": "JHC",
    "Halvard": "Ramiro",
    "Gothenburg": "Linz",
    "Bergen": "Graz",
    "Amara": "Ilsa",
    "Osei": "Brandt",
    "Lund": "Moreau",
}
BEES = """# Keeping bees in autumn

Beekeepers feed weak hives with syrup. A swarm needs fifteen kilogrammes of honey.
"""
NAME = re.compile(rf"\b(?:{'|'.join(OTHERS)})\b")


def renamed(text: str) -> str:
    return NAME.sub(lambda match: OTHERS[match.group()], text)


def asked(folder: Path, *files: Path) -> list[Answer]:
    """The answers to all questions from a store that was given the files one by one."""
    folder.mkdir()
    service = Service(settings_in(folder))
    service.prepare()
    for file in files:
        assert not service.indexing.ingest([file]).rejected
    answers = [service.answering.answer(Message(text=question)) for question in QUESTIONS]
    service.store.close()
    return answers


def quotes(answer: Answer) -> list[str]:
    return [one.quote for one in answer.citations]


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> list[Answer]:
    return asked(tmp_path_factory.mktemp("plain") / "store", COMMENTARY)


@pytest.fixture
def bees(tmp_path: Path) -> Path:
    path = tmp_path / "bees.md"
    path.write_text(BEES, encoding="utf-8")
    return path


def test_other_names_give_the_same_quotes_under_other_names(answers: list[Answer], tmp_path: Path) -> None:
    assert len(QUESTIONS) >= 25
    file = tmp_path / "commentary.md"
    file.write_text(renamed(COMMENTARY.read_text(encoding="utf-8")), encoding="utf-8")
    service = Service(settings_in(tmp_path))
    service.prepare()
    assert not service.indexing.ingest([file]).rejected
    for before in answers:
        after = service.answering.answer(Message(text=renamed(before.question)))
        assert (after.kind, after.answered) == (before.kind, before.answered), after.question
        assert quotes(after) == [renamed(quote) for quote in quotes(before)], after.question


def test_a_text_on_something_else_changes_no_quote(answers: list[Answer], tmp_path: Path, bees: Path) -> None:
    with_bees = asked(tmp_path / "store", COMMENTARY, bees)
    for before, after in zip(answers, with_bees, strict=True):
        assert (after.kind, after.answered) == (before.kind, before.answered), before.question
        assert quotes(after) == quotes(before), before.question


def test_the_order_of_ingest_changes_nothing(tmp_path: Path, bees: Path) -> None:
    other = tmp_path / "other.md"
    other.write_text(
        "# Tides\n\nThe tide at Kerr turns twice a day. Sailors wait for it.\n", encoding="utf-8"
    )
    told = {
        tuple((one.kind, one.text, tuple(quotes(one))) for one in asked(tmp_path / f"store{number}", *order))
        for number, order in enumerate(permutations((COMMENTARY, bees, other)))
    }
    assert len(told) == 1
