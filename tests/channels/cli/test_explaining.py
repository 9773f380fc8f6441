"""`qa-service ask --explain`."""

import json

from channels.running import invoke


def test_why_stands_below_the_answer(store_url: str) -> None:
    plain = invoke("ask", "Who mediated?", QA_STORE=store_url)
    explained = invoke("ask", "Who mediated?", "--explain", QA_STORE=store_url)

    assert explained.returncode == 0
    assert explained.stdout.startswith(plain.stdout.rstrip("\n"))
    added = explained.stdout.removeprefix(plain.stdout.rstrip("\n"))
    for word in (
        "Kind: fact, who",
        "Terms: mediat 1",
        "Candidates:",
        "coverage +",
        "Chosen: number 1, lead +",
    ):
        assert word in added


def test_a_refusal_names_its_check(store_url: str) -> None:
    explained = invoke("ask", "How do Norway and Brazil differ?", "--explain", QA_STORE=store_url)

    assert explained.returncode == 3
    assert "Refused by the check both_actors: missing Brazil" in explained.stdout


def test_what_ranking_did_not_choose_is_said_to_be_so(store_url: str) -> None:
    explained = invoke("ask", "Give me a timeline of events", "--explain", QA_STORE=store_url)

    assert "not by rank" in explained.stdout


def test_as_json_the_trace_is_a_field(store_url: str) -> None:
    plain = json.loads(invoke("ask", "Who mediated?", "--json", QA_STORE=store_url).stdout)
    explained = json.loads(invoke("ask", "Who mediated?", "--json", "--explain", QA_STORE=store_url).stdout)

    (trace,) = explained.pop("trace")
    assert explained == plain
    assert trace["understood"]["kind"] == "fact"
    refused = invoke("ask", "What is the capital of Peru?", "--json", "--explain", QA_STORE=store_url)
    assert json.loads(refused.stdout)["trace"][0]["refused_by"]["figures"]
