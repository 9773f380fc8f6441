"""The project's own questions: how many pass, and that no citation is ever wrong."""

import json
import runpy
from pathlib import Path

import pytest

from qa_service.channels import questions
from qa_service.channels.cli import evaluating
from qa_service.channels.cli.scoring import Outcome
from qa_service.domain.question import Kind
from qa_service.wiring import Service

FILE = Path(__file__).with_name("questions.jsonl")
FLOOR = 21  # of 25


@pytest.fixture(scope="module")
def outcomes(service: Service) -> list[Outcome]:
    return evaluating.outcomes(service, questions.read(FILE))


def test_as_many_pass_as_ever(outcomes: list[Outcome]) -> None:
    assert evaluating.totals(outcomes).passed >= FLOOR, evaluating.failed(outcomes)


def test_no_citation_is_invalid(outcomes: list[Outcome]) -> None:
    assert evaluating.totals(outcomes).invalid == 0


def test_every_kind_of_question_is_asked_and_every_span_stands_in_the_text(commentary: Path) -> None:
    rows = questions.read(FILE)
    text = " ".join(commentary.read_text("utf-8").split())

    assert len(rows) == len({row.id for row in rows}) == 25
    assert {row.kind for row in rows} >= {kind.value for kind in Kind} - {"refusal", "small_talk"}
    assert sum(not row.answerable for row in rows) >= 4
    for row in rows:
        for span in (*row.or_evidence, *(one for group in row.evidence for one in group)):
            assert span in text, (row.id, span)


def test_rows_have_no_unknown_fields() -> None:
    for line in FILE.read_text("utf-8").splitlines():
        assert set(json.loads(line)) <= set(questions.Row.model_fields)


def test_what_is_not_there_is_said_to_be_skipped(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    script = runpy.run_path(str(FILE.parents[1] / "scripts" / "evaluate.py"))
    found = script["main"].__globals__
    found.update(SHARED=tmp_path, KIT=tmp_path, SEED=tmp_path / "seed.txt")

    script["main"]()

    told = capsys.readouterr().out
    assert "| own questions | " in told
    assert "SKIPPED" in told
    for name in ("seed_dev on the seed", "docs_dev", "squad2_halfdev"):
        assert name in told.split("SKIPPED")[1]
