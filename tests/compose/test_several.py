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


def test_a_text_with_a_question_is_no_message_of_too_many(service: Service) -> None:
    text = f"{'The talks were long. ' * 40}Who was sent to mediate?"
    assert "Too many" not in asked(service, text)["text"]
