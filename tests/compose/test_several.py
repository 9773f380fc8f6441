from itertools import chain
from typing import Any

from qa_service.channels.api import presenting
from qa_service.domain.question import Message
from qa_service.wiring import Service


def asked(service: Service, question: str) -> dict[str, Any]:
    return presenting.answer(service.answering.answer(Message(text=question)))


def test_questions_of_one_message_are_answered_one_by_one(service: Service) -> None:
    one = "How do Norway and Sweden differ?"
    other = "What is the Joint Skarn Commission?"
    first, second = asked(service, one), asked(service, other)
    both = asked(service, f"{one} {other}")
    assert both["kind"] == "divergence"
    expected = [c["quote"] for c in (*first["citations"], *second["citations"])]
    assert [c["quote"] for c in both["citations"]] == expected
    assert [c["number"] for c in both["citations"]] == list(range(1, len(both["citations"]) + 1))
    assert both["text"].index(one) < both["text"].index(other)


def test_statements_keep_their_quotes_when_numbers_run_on(service: Service) -> None:
    both = asked(service, "How do Norway and Sweden differ? What is the history of the talks?")
    quotes = {c["number"]: c["quote"] for c in both["citations"]}
    assert all(quotes[s["citations"][0]] in s["text"] for s in both["statements"])
    assert all(both["statements"][item["statement"]] for item in both["timeline"])
    for number in quotes:
        assert f"[{number}]" in both["text"]


def test_what_is_refused_is_told_beside_what_is_answered(service: Service) -> None:
    both = asked(service, "How do Norway and Sweden differ? Who painted the Mona Lisa?")
    assert (both["answered"], both["refusal"]) == (True, None)
    assert "Who painted the Mona Lisa?" in both["text"]


def test_when_nothing_is_answered_it_is_a_refusal(service: Service) -> None:
    both = asked(service, "Who painted the Mona Lisa? Who composed the Moonlight Sonata?")
    assert (both["answered"], both["kind"], both["citations"]) == (False, "refusal", [])
    assert both["refusal"]["reason"] in {"off_topic", "not_in_corpus", "near_miss"}


def test_questions_that_are_too_many_are_named(service: Service) -> None:
    both = asked(service, " ".join(f"Who was sent to Oslo {number} times?" for number in range(1, 8)))
    *_, told = both["text"].splitlines()
    assert told == (
        "*Too many questions for one message. "
        "Ask these again: “Who was sent to Oslo 6 times?” “Who was sent to Oslo 7 times?”*"
    )
    assert both["text"].count("6 times") == 1


def test_so_are_those_that_are_too_long_together(service: Service) -> None:
    long = f"Who mediated after {'the very ' * 48}long talks?"
    both = asked(service, f"Who opened the dam? {long} Who was sent to mediate?")
    assert "Ask this one again: “Who opened the dam?”" in both["text"]
    assert "Amara Osei" in both["text"]
    assert "Too many" not in asked(service, f"{long} Who was sent to mediate?")["text"]
    longer = long.replace("talks", "the talks of 2016 and 2017")
    two = asked(service, f"{longer} Who was sent to mediate?")["text"]
    assert "Ask this one again: “Who mediated after the very" in two
    assert two.count("Who was sent to mediate?") == 1


def test_what_stands_between_questions_names_none_that_was_answered(service: Service) -> None:
    letter = (
        f"Dear all. {'The talks were long. ' * 25}Who was sent to mediate? We met. When did Norway leave?"
    )
    assert "Too many" not in asked(service, letter)["text"]


def test_a_title_with_a_question_mark_is_no_question(service: Service) -> None:
    title = service.answering.desk.edition.documents[
        next(iter(service.answering.desk.edition.documents))
    ].title
    five = " ".join(f"Who was sent to Oslo {number} times?" for number in range(1, 5))
    text = f"According to “{title}”, who was sent to mediate? {five}"
    assert "Too many" not in asked(service, text)["text"]


def test_each_question_has_its_statements_or_why_there_are_none(service: Service) -> None:
    six = (
        "How do Norway and Sweden differ?",
        "Who painted the Mona Lisa?",
        "Who was sent to mediate?",
        "When did Sweden leave the talks?",
        "What is the SFA?",
        "Where is it?",
    )
    found = asked(service, " ".join(six))
    assert [part["question"] for part in found["parts"]] == list(six)
    told = [part["statements"] for part in found["parts"]]
    assert [*chain.from_iterable(told)] == list(range(len(found["statements"])))
    assert [bool(one) for one in told] == [True, False, True, True, True, False]
    compared = {index for row in found["comparison"]["rows"] for cell in row["cells"] for index in cell}
    assert compared <= set(told[0])
    said = [part["explanation"] for part in found["parts"]]
    assert [one is None for one in said] == [True, False, True, True, True, True]
    assert "do not" in said[1]
    assert asked(service, six[0])["parts"] == []


def test_a_text_with_a_question_is_no_message_of_too_many(service: Service) -> None:
    text = f"{'The talks were long. ' * 40}Who was sent to mediate?"
    assert "Too many" not in asked(service, text)["text"]
