"""What every store does with deliveries, keys and recorded answers: SQLite's and OpenSearch's alike."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from building import Clock, at_once
from machines import Processes

from qa_service.domain.answer import Answer, Refusal, RefusalReason
from qa_service.domain.errors import NotFoundError
from qa_service.domain.ports import Deliveries, Keys
from qa_service.domain.principal import Scope, Via
from qa_service.domain.question import Message
from qa_service.store import recording
from qa_service.store.deliveries import KEPT, LEASE
from qa_service.store.keys import HOUR

ASK = frozenset({Scope.ASK})
MESSAGE = Message(text="Who mediated?", history=("What is the SFA?",), documents=("a", "b"))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def deliveries(machine: Processes, clock: Clock) -> Deliveries:
    return machine().deliveries(clock)


@pytest.fixture
def keys(machine: Processes) -> Keys:
    return machine().keys()


@pytest.fixture
def elsewhere(machine: Processes) -> Keys:
    """The keys as another process knows them."""
    return machine().keys()


@pytest.fixture
def answer(ask: Callable[..., Answer]) -> Answer:
    return ask("Who mediated?")


def test_a_message_is_claimed_once(deliveries: Deliveries) -> None:
    assert deliveries.claim(["Ev1", "C1/1.0"])
    assert not deliveries.claim(["Ev1", "C1/1.0"])


def test_any_known_key_makes_it_a_duplicate(deliveries: Deliveries) -> None:
    assert deliveries.claim(["Ev1", "C1/1.0"])
    assert not deliveries.claim(["Ev2", "C1/1.0"])
    assert deliveries.claim(["Ev2", "C1/2.0"])


def test_a_claim_that_was_never_finished_is_lost_after_a_while(deliveries: Deliveries, clock: Clock) -> None:
    assert deliveries.claim(["Ev1"])
    clock.seconds += LEASE + 1
    assert deliveries.claim(["Ev1"])


def test_a_finished_one_is_known_for_an_hour(deliveries: Deliveries, clock: Clock) -> None:
    assert deliveries.claim(["Ev1"])
    deliveries.finish(["Ev1"])
    clock.seconds += KEPT - 1
    assert not deliveries.claim(["Ev1"])
    clock.seconds += 2
    assert deliveries.claim(["Ev1"])


def test_of_many_at_the_same_moment_one_gets_it(machine: Processes) -> None:
    given: list[bool] = []
    processes = [machine().deliveries() for _ in range(16)]
    with at_once([lambda one=one: given.append(one.claim(["Ev1", "C1/1.0"])) for one in processes]):
        pass
    assert sorted(given) == [False] * 15 + [True]


def test_who_holds_a_key_is_known_by_it(keys: Keys, elsewhere: Keys) -> None:
    made, text = keys.create("a reader", frozenset({Scope.ASK, Scope.INGEST}))

    for known in (keys, elsewhere):
        found = known.principal(text)
        assert found is not None
        assert (found.via, found.name, found.scopes) == (Via.KEY, made.id, made.scopes)
        assert found.owner == f"key:{made.id}"


@pytest.mark.parametrize("change", [str.upper, lambda text: text[:-1], lambda text: text + "A", lambda _: ""])
def test_what_is_not_quite_a_key_is_none(keys: Keys, change: object) -> None:
    _, text = keys.create("a reader", ASK)

    assert callable(change)
    assert keys.principal(change(text)) is None


@pytest.mark.parametrize("text", ["", "qa_", "\ud800", "x" * 10_000, "' OR 1=1 --"])
def test_no_text_harms(keys: Keys, text: str) -> None:
    assert keys.principal(text) is None
    keys.create("a reader", ASK)
    assert keys.principal(text) is None


def test_a_revoked_key_is_worth_nothing_at_once_everywhere(keys: Keys, elsewhere: Keys) -> None:
    made, text = keys.create("a reader", ASK)
    _, other = keys.create("another", ASK)
    assert elsewhere.principal(text) is not None

    keys.revoke(made.id)

    assert elsewhere.principal(text) is None
    assert elsewhere.principal(other) is not None
    for _ in range(2):
        with pytest.raises(NotFoundError):
            elsewhere.revoke(made.id)
    assert [key.revoked is None for key in keys.all()] == [False, True]


def test_when_a_key_was_last_used_is_known_to_the_hour(machine: Processes) -> None:
    now = [1_700_000_000.0]
    keys = machine().keys(lambda: now[0])
    _, text = keys.create("a reader", ASK)
    assert keys.all()[0].used is None

    used = []
    for step in (10, 20, HOUR):
        now[0] += step
        keys.principal(text)
        used.append(keys.all()[0].used)
    assert used == [1_700_000_010, 1_700_000_010, 1_700_000_030 + HOUR]


def test_what_is_recorded_is_found_before_and_after_it_is_written(machine: Processes, answer: Answer) -> None:
    kept = machine().recording()
    kept.record(MESSAGE, answer)
    before = kept.find(answer.id)
    kept.close()
    after = machine().recording().find(answer.id)

    assert before == after
    assert after is not None
    assert after.message == MESSAGE
    assert after.index_version == answer.index_version
    assert after.answer["citations"][0]["quote"] == answer.citations[0].quote


def test_an_unknown_answer_is_none(machine: Processes) -> None:
    kept = machine().recording()
    assert kept.find("0" * 20) is None


def test_refusals_come_in_the_order_of_asking(machine: Processes, answer: Answer) -> None:
    kept = machine().recording()
    none = Refusal(reason=RefusalReason.NOT_IN_CORPUS, explanation="No.", nearest=())
    for name, refusal in {"one": none, "two": None, "three": none}.items():
        kept.record(Message(text=name), replace(answer, id=name, answered=not refusal, refusal=refusal))
    kept.record(Message(text="Hello"), replace(answer, id="four", answered=False))  # a greeting is none
    kept.close()

    assert [one.message.text for one in machine().recording().refused()] == ["one", "three"]


def test_another_worker_finds_it_without_being_told(machine: Processes, answer: Answer) -> None:
    kept = machine().recording()
    kept.record(MESSAGE, answer)

    assert machine().recording().find(answer.id) is not None


def test_the_oldest_answers_make_room(
    machine: Processes, answer: Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = machine().recording()
    monkeypatch.setattr(recording, "KEPT", 3)
    for number in range(10):
        kept.record(MESSAGE, replace(answer, id=str(number)))
    kept.close()

    assert machine().recording().find("9") is not None
    assert machine().recording().find("0") is None
