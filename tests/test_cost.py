"""No question that is accepted costs much more than another, however it is made.

Cost is processor time of the thread that answers, the least of some tries: other programs do not count. The
ordinary questions are the project's own, about the same commentary.
"""

import json
import random
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from qa_service.domain.question import Message
from qa_service.wiring import Service

QUESTIONS = Path(__file__).with_name("questions.jsonl")
CHARACTERS, EARLIER = 2_000, 20  # the longest question and the most earlier ones that are accepted
FORMS = (
    "How do {name} and Norway differ on {words}?",
    "What does {name} say about {words}?",
    "Give me a timeline of {name} and {words}",
    "Why did {name} {words}?",
    "When did {name} {words}?",
    "How many {words} did {name}?",
    "Who is {name} {words}?",
    "Did {name} {words}?",
    "Compare {name} and {words}",
    "{words}",
)
REPEATED = ("a ", "A ", "1 ", "1999 ", "a-", "A-", "? a b ", "Mr. ", "(", "“a” ", "and ", "not ", "Norway ")
TRIES = 3
LOOKED_AT = 12  # of the dearest, which are measured again
WORST = 12  # times the median of ordinary questions


def attacks(text: str, seed: int) -> Iterator[Message]:
    """Messages that are accepted and meant to be dear, from the words of the documents, without end."""
    chance = random.Random(seed)  # noqa: S311
    words = [word for word in dict.fromkeys(text.split()) if word.isalpha()]
    names = [word for word in words if word[0].isupper()]

    def some(pool: list[str]) -> str:
        return " ".join(chance.choices(pool, k=chance.choice([1, 5, 30, 300])))

    def form() -> str:
        return chance.choice(FORMS).format(name=chance.choice(names), words=some(words))

    def misspelt() -> str:
        return " ".join(word[:-1] + chance.choice("xyzq") for word in chance.choices(words, k=300))

    def passage() -> str:
        start = chance.randrange(max(1, len(text) - CHARACTERS))
        return text[start : start + CHARACTERS]

    kinds = (
        form,
        lambda: " ".join(form()[: chance.choice([60, 120, 400])] for _ in range(30)),
        lambda: some(words),
        lambda: some(names),
        misspelt,
        passage,
        lambda: chance.choice(REPEATED) * CHARACTERS,
    )
    while True:
        earlier = chance.choice([0, 0, 1, 5, EARLIER])
        said = [chance.choice(kinds)()[:CHARACTERS] for _ in range(earlier + 1)]
        yield Message(text=said[0], history=tuple(said[1:]))


def seconds(service: Service, message: Message, tries: int) -> float:
    """Processor time of an answer that is not remembered."""
    taken = []
    for _ in range(tries):
        started = time.thread_time()
        service.answering.read(lambda desk: desk.answer(message))
        taken.append(time.thread_time() - started)
    return min(taken)


def worst(service: Service, count: int, seed: int) -> tuple[float, float, Message]:
    """The median of ordinary questions, the cost of the dearest attack, and the attack.

    A machine that gets busier meanwhile made attacks dear: the higher median of before and after counts.
    """
    rows = [json.loads(line) for line in QUESTIONS.read_text("utf-8").splitlines()]

    def ordinary() -> float:
        return statistics.median(seconds(service, Message(text=row["question"]), TRIES) for row in rows)

    before = ordinary()
    edition = service.answering.desk.edition
    text = " ".join(edition.document(one).text for one in edition.documents)
    made = attacks(text, seed)
    tried = sorted(
        ((seconds(service, one, 1), one) for one in (next(made) for _ in range(count))),
        key=lambda one: -one[0],
    )
    again = [(min(cost, seconds(service, one, TRIES)), one) for cost, one in tried[:LOOKED_AT]]
    cost, message = max(again, key=lambda one: one[0])
    return max(before, ordinary()), cost, message


@pytest.mark.parametrize(
    "count", [pytest.param(150, id="some"), pytest.param(20_000, id="many", marks=pytest.mark.long)]
)
def test_the_worst_question_costs_little_more_than_others(service: Service, count: int) -> None:
    median, cost, message = worst(service, count, seed=7)

    print(f"median {median * 1000:.1f} ms, worst of {count} {cost * 1000:.1f} ms, {cost / median:.1f} times")
    assert cost <= WORST * median, message
