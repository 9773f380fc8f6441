"""Questions that were not answered: like with like, and from each a row of an evaluation file."""

from pathlib import Path

import pytest

from channels.admin.conftest import DISLIKED, UNANSWERED
from channels.admin.desks import Desk
from channels.running import invoke
from qa_service.channels import questions
from qa_service.channels.admin import grouping
from qa_service.channels.questions import DISLIKED as THUMBS_DOWN
from qa_service.domain.pack import Recorded
from qa_service.domain.question import Message
from qa_service.search.analysis import EnglishAnalyser

ANALYSER = EnglishAnalyser()


def recorded(number: int, text: str, *history: str) -> Recorded:
    refusal = {"refusal": {"reason": "not_in_corpus"}}
    return Recorded(
        id=f"{number:020}",
        message=Message(text=text, history=history),
        index_version="v",
        answered=False,
        answer=refusal,
    )


def groups(*texts: str) -> list[list[str]]:
    found = grouping.grouped([recorded(n, text) for n, text in enumerate(texts)], [], ANALYSER)
    return [[one.question for one in group.asked] for group in found]


def test_questions_that_share_half_of_their_words_stand_together() -> None:
    assert groups(
        "Who mediated?",
        "What is the capital of Peru?",
        "Who built the weir at Halden?",
        "Tell me Peru's capital!",
        "capital Peru",
    ) == [
        ["capital Peru", "Tell me Peru's capital!", "What is the capital of Peru?"],
        ["Who built the weir at Halden?"],
        ["Who mediated?"],
    ]


@pytest.mark.parametrize("text", ["?", "what is it", "", "\u202e", "<b>"])
def test_a_question_without_words_stands_alone(text: str) -> None:
    assert groups("Who mediated?", text)[0] == [text]


def test_the_same_message_is_shown_once_and_as_what_a_reader_disliked() -> None:
    twice = [
        recorded(1, "Who mediated?"),
        recorded(2, "Who mediated?"),
        recorded(3, "Who mediated?", "Hello"),
    ]
    found = grouping.grouped(twice, [(recorded(2, "Who mediated?"), "wrong")], ANALYSER)

    (group,) = found
    assert [(one.history, one.reason, one.comment) for one in group.asked] == [
        ((), THUMBS_DOWN, "wrong"),
        (("Hello",), "not_in_corpus", ""),
    ]


def test_as_many_questions_as_are_looked_at_are_grouped() -> None:
    texts = [f"What is the {n} of the {n % 97} in the {n % 13}?" for n in range(grouping.MOST)]

    assert sum(map(len, groups(*texts))) == grouping.MOST


def test_the_page_shows_groups_reasons_and_comments(desk: Desk) -> None:
    page = desk.signed_in().get("/admin/questions").text

    assert "2 questions like" in page
    for text in UNANSWERED:
        assert text.replace("'", "&#39;") in page
    assert "A reader disliked the answer: “Iceland is missing”" in page


def test_one_click_makes_a_row_that_an_evaluation_reads(desk: Desk, tmp_path: Path) -> None:
    browser = desk.signed_in()
    page = browser.get("/admin/questions").text
    first = page.index('href="/admin/questions.jsonl?id=') + len('href="')
    response = browser.get(page[first : page.index('"', first)])

    assert response.headers["Content-Disposition"] == "attachment; filename=questions.jsonl"
    file = tmp_path / "questions.jsonl"
    file.write_bytes(response.data)
    (row,) = questions.read(file)
    assert row.question in {*UNANSWERED, DISLIKED}
    assert invoke("eval", file, QA_STORE=desk.service.settings.store).returncode == 0


def test_chosen_rows_are_those_that_the_command_line_gives(desk: Desk) -> None:
    browser = desk.signed_in()
    refused, disliked = questions.collected(desk.service)
    chosen = [one.id for one in refused] + [one.id for one, _ in disliked]
    response = browser.get("/admin/questions.jsonl", query_string={"id": chosen})

    assert len(chosen) == 4
    assert response.text == invoke("unanswered", "--jsonl", QA_STORE=desk.service.settings.store).stdout
    assert browser.get("/admin/questions.jsonl", query_string={"id": chosen[:2]}).text.count("\n") == 2


@pytest.mark.parametrize("query", ["", "id=", "id=none", "id=%00", "id=..%2F.."])
def test_rows_that_are_none_are_not_found(desk: Desk, query: str) -> None:
    assert desk.signed_in().get(f"/admin/questions.jsonl?{query}").status_code == 404


def test_feedback_shows_the_worst_first_with_what_was_said(desk: Desk) -> None:
    page = desk.signed_in().get("/admin/feedback").text

    assert page.index(DISLIKED) < page.index(UNANSWERED[0])
    assert "Iceland is missing" in page


def test_the_overview_says_what_waits(desk: Desk) -> None:
    page = desk.signed_in().get("/admin").text

    assert "<strong>3</strong> questions not answered" in page
    assert "<strong>1</strong> answer disliked" in page
    assert "<strong>1</strong> file not taken" in page
    assert desk.service.answering.desk.edition.version in page
    assert desk.service.store.engine in page
