"""What passes and what does not: `qa-service eval`, and the export of what was refused."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from building import COMMENTARY

from channels.running import invoke, run
from qa_service.channels import questions
from qa_service.channels.cli import evaluating, scoring
from qa_service.channels.questions import Row
from qa_service.domain.answer import Answer, RefusalReason
from qa_service.wiring import Service

MEDIATOR = "sent the diplomat Amara Osei to mediate"
LEFT = "The mediator left because neither side accepted her draft"
OWN = Path(__file__).parents[2] / "questions.jsonl"

Asked = Callable[..., tuple[str, ...]]


@pytest.fixture
def problems(service: Service, ask: Callable[..., Answer]) -> Asked:
    """What is wrong with the answer to a question, given what its row expects."""

    def of(
        question: str, *, strict: bool = True, answer: Answer | None = None, **row: Any
    ) -> tuple[str, ...]:
        made = Row.model_validate({"id": "1", "type": "t", "question": question, "answerable": True, **row})
        documents = service.answering.desk.edition.documents
        return scoring.outcome(made, answer or ask(question), documents, evidence=strict).problems

    return of


def test_an_answer_that_quotes_the_evidence_passes(problems: Asked) -> None:
    assert problems("Who mediated?", evidence=[[MEDIATOR]], kind="fact") == ()


@pytest.mark.parametrize(
    ("span", "covered"),
    [
        (MEDIATOR, True),
        (MEDIATOR.upper().replace(" ", "  "), True),
        (MEDIATOR + " twice", True),  # most of it in one piece
        (MEDIATOR + " in the summer of that year, as agreed before", False),
        ("sent somebody else to mediate", False),
    ],
)
def test_a_span_is_covered_when_most_of_it_is_quoted(problems: Asked, span: str, covered: bool) -> None:
    assert (problems("Who mediated?", evidence=[[span]]) == ()) is covered


def test_quotation_marks_and_dashes_of_any_kind_are_the_same() -> None:
    assert scoring.covers('the "dark" - it\'s', "The “dark” – it’s")


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ({"evidence": [[LEFT]]}, "not quoted: The mediator left"),
        ({"evidence": [["xyz", LEFT]]}, "not quoted: xyz"),
        ({"evidence": [["not there"]]}, "neither of the first two quotes is evidence"),
        ({"mention": [["Amara"], ["Bergen", "Oslo"]]}, "does not say Bergen or Oslo"),
        ({"avoid": ["AMARA osei"]}, "says AMARA osei"),
        ({"kind": "reason"}, "is a fact, not a reason"),
        ({"answerable": False}, "answered, though the text does not"),
        ({"answerable": False, "or_evidence": [LEFT]}, "answered, though the text does not"),
    ],
)
def test_what_is_wrong_is_told(problems: Asked, row: dict[str, Any], problem: str) -> None:
    assert any(one.startswith(problem) for one in problems("Who mediated?", **row))


def test_a_refusal_of_what_has_an_answer_fails(problems: Asked) -> None:
    assert "refused" in problems("What is the capital of Peru?", evidence=[["Lima"]])


def test_a_refusal_of_what_has_none_passes(problems: Asked) -> None:
    assert problems("What is the capital of Peru?", answerable=False) == ()


def test_a_contradicted_premise_may_be_shown(problems: Asked) -> None:
    assert problems("Who mediated?", answerable=False, or_evidence=[MEDIATOR]) == ()
    assert problems("Who mediated?", answerable=False, or_evidence=["other"]) != ()
    assert problems("Who mediated?", answerable=False, or_evidence=["other"], strict=False) == ()


def test_too_many_quotes_miss_the_point(problems: Asked, ask: Callable[..., Answer]) -> None:
    answer = ask("How do Norway and Sweden differ?")
    assert len(answer.citations) > 4

    told = problems("x", answer=answer, evidence=[["the Halvard dam protects the valley"]])
    assert told == (f"{len(answer.citations)} quotes for 1 groups of evidence",)


def test_a_wrong_citation_fails_any_question(problems: Asked, ask: Callable[..., Answer]) -> None:
    answer = ask("Who mediated?")
    moved = replace(answer.citations[0], start=answer.citations[0].start + 1)
    unknown = replace(answer.citations[0], document_id="another")

    for citation in (moved, unknown):
        told = problems("x", answer=replace(answer, citations=(citation,)), evidence=[[MEDIATOR]])
        assert told[0] == "1 invalid citations"


def test_an_uncited_statement_fails(problems: Asked, ask: Callable[..., Answer]) -> None:
    answer = ask("Who mediated?")
    bare = replace(answer, statements=(replace(answer.statements[0], citations=()),))

    assert problems("x", answer=bare) == ("a statement without a citation",)


def test_what_cannot_be_asked_counts_as_refused(service: Service) -> None:
    rows = [Row(id="1", type="t", question=" ", answerable=False)]
    rows += [Row(id="2", type="t", question="x" * 3000, answerable=True)]

    found = evaluating.outcomes(service, rows)
    assert [one.passed for one in found] == [True, False]


# The command


def test_the_table_has_a_line_a_type_and_the_totals(store_url: str) -> None:
    done = invoke("eval", OWN, QA_STORE=store_url)

    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert [line.split()[0] for line in lines[:2]] == ["type", "compare"]
    assert lines[-1].startswith("passed ")
    assert lines[-1].endswith("invalid citations 0")


def test_failures_are_told_before_the_table(store_url: str, tmp_path: Path) -> None:
    file = tmp_path / "questions.jsonl"
    row = {"id": "1", "type": "who", "question": "Who mediated?", "history": ["Hello"], "answerable": False}
    file.write_text(json.dumps(row) + "\n\n", "utf-8")

    done = invoke("eval", file, "--failures", QA_STORE=store_url)
    assert done.returncode == 0
    assert done.stdout.startswith("FAIL 1 [who] Hello | Who mediated?\n     answered, though")
    assert "passed 0/1: answerable 0/0, refused rightly 0/1" in done.stdout


def test_as_json_each_question_has_its_outcome(store_url: str) -> None:
    found = json.loads(invoke("eval", OWN, "--json", QA_STORE=store_url).stdout)

    assert found["totals"]["asked"] == len(found["outcomes"]) == 25
    assert all(one["passed"] == (one["problems"] == []) for one in found["outcomes"])


@pytest.mark.parametrize("options", [[], ["--together"]])
def test_files_that_questions_name_are_taken_into_stores_of_their_own(
    tmp_path: Path, options: list[str]
) -> None:
    file = tmp_path / "questions.jsonl"
    rows = [
        {"id": "1", "type": "who", "question": "Who mediated?", "answerable": True, "evidence": [[MEDIATOR]]},
        {"id": "2", "type": "when", "question": "When was the weir finished?", "answerable": True},
    ]
    (tmp_path / "weir.txt").write_text("The weir\n\nThe weir was finished in 1972.\n", "utf-8")
    (tmp_path / COMMENTARY.name).write_bytes(COMMENTARY.read_bytes())
    forms = [{"doc": "c", "form": COMMENTARY.name}, {"doc": "w", "form": ["weir.txt"]}]
    file.write_text("\n".join(json.dumps(a | b) for a, b in zip(rows, forms, strict=True)), "utf-8")
    store = tmp_path / "store.db"

    done = invoke("eval", file, "--files", tmp_path, *options, QA_STORE=f"sqlite:///{store}")
    assert "passed 2/2" in done.stdout
    assert not store.exists()


@pytest.mark.parametrize("line", ["no JSON", "[]", '{"id": "1"}', '{"id": 1, "type": "t", "question": "?"}'])
def test_a_line_that_is_no_question_is_named(store_url: str, tmp_path: Path, line: str) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text(f'{{"id":"1","type":"t","question":"?","answerable":true}}\n{line}\n', "utf-8")

    done = invoke("eval", file, QA_STORE=store_url)
    assert done.returncode == 2
    assert "line 2" in done.stderr


def test_questions_of_an_evaluation_are_not_recorded(store_url: str) -> None:
    run("eval", OWN, QA_STORE=store_url)

    assert invoke("unanswered", QA_STORE=store_url).stdout == ""


# What was refused


def test_what_was_refused_is_exported_as_questions(store_url: str, tmp_path: Path) -> None:
    for question in ("What is the capital of Peru?", "Who mediated?", "What is the capital of Peru?"):
        run("ask", question, "--history", "Hello", QA_STORE=store_url)

    exported = invoke("unanswered", "--jsonl", QA_STORE=store_url).stdout
    file = tmp_path / "questions.jsonl"
    file.write_text(exported, "utf-8")
    (row,) = questions.read(file)
    assert (row.question, row.history, row.answerable) == ("What is the capital of Peru?", ("Hello",), False)
    assert row.type in set(RefusalReason)
    assert set(json.loads(exported)) >= {"evidence", "mention", "avoid", "kind"}
    listed = invoke("unanswered", QA_STORE=store_url).stdout
    assert listed == f"{row.type}\tHello | What is the capital of Peru?\n"
    assert "passed 1/1" in invoke("eval", file, QA_STORE=store_url).stdout
