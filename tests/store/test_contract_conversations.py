"""What every store does with conversations and opinions: SQLite's and OpenSearch's alike."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace

import pytest
from building import Clock, at_once
from channels.running import eventually
from machines import Processes

from qa_service.domain.answer import Answer
from qa_service.domain.conversation import Conversation, Feedback, Thumb, Turn, opinions_of
from qa_service.domain.errors import NotFoundError
from qa_service.domain.ports import Conversations
from qa_service.domain.principal import ANONYMOUS, Principal, Via
from qa_service.domain.question import Message
from qa_service.store import conversations
from qa_service.store.conversations import DAY, HOUR

KEY = Principal(via=Via.KEY, name="3f9a")
OTHER_KEY = Principal(via=Via.KEY, name="77b0")
TEAM = Principal(via=Via.TEAM, name="slack/T1")
OTHER_TEAM = Principal(via=Via.TEAM, name="slack/T2")
OWNERS = [ANONYMOUS, KEY, OTHER_KEY, TEAM, OTHER_TEAM]
FIRST = Turn(question="What is the SFA?", answer_id="a" * 20)
SECOND = Turn(question="Who leads it?", answer_id="b" * 20)


@pytest.fixture
def kept(machine: Processes) -> Conversations:
    return machine().conversations()


@pytest.fixture
def elsewhere(machine: Processes) -> Conversations:
    """The conversations as another process sees them."""
    return machine().conversations()


def turns(kept: Conversations, conversation: Conversation, owner: Principal = KEY) -> list[str]:
    return [turn.question for turn in kept.find(conversation.id, owner).turns]


def test_a_conversation_begins_empty_and_keeps_its_questions_in_order(kept: Conversations) -> None:
    begun = kept.begin(KEY)
    assert kept.find(begun.id, KEY) == begun

    kept.add(begun, FIRST)
    kept.add(begun, SECOND)
    kept.add(begun, FIRST)

    assert kept.find(begun.id, KEY).turns == (FIRST, SECOND, FIRST)
    assert kept.find(begun.id, KEY).history(2) == (SECOND.question, FIRST.question)
    assert kept.find(begun.id, KEY).history(0) == ()


def test_a_turn_of_an_id_is_added_once_in_whichever_process(
    kept: Conversations, elsewhere: Conversations
) -> None:
    begun = kept.begin(KEY)
    named = Turn(id="5" * 16, question=SECOND.question, answer_id=SECOND.answer_id)
    for one in (FIRST, named, named, FIRST):
        kept.add(begun, one)
    elsewhere.add(begun, named)

    found = elsewhere.find(begun.id, KEY)
    assert found.turns == (FIRST, SECOND, FIRST)
    assert found.before(named.id).turns == (FIRST,)
    assert found.before("6" * 16) == found
    assert len({turn.id for turn in found.turns} - {""}) == 3


def test_another_process_sees_a_turn_at_once(kept: Conversations, elsewhere: Conversations) -> None:
    begun = kept.begin(KEY)
    for number in range(50):
        writer, reader = (kept, elsewhere) if number % 2 else (elsewhere, kept)
        writer.add(begun, Turn(question=str(number), answer_id="c" * 20))
        assert turns(reader, begun)[-1] == str(number)


def test_ids_are_long_random_and_all_different(kept: Conversations) -> None:
    made = {kept.begin(ANONYMOUS).id for _ in range(200)}

    assert len(made) == 200
    assert all(len(one) == 32 for one in made)
    assert all(len({one[place] for one in made}) > 20 for place in range(32))  # of 64 letters


@pytest.mark.parametrize("owner", OWNERS, ids=lambda one: one.owner)
def test_only_its_owner_finds_goes_on_or_forgets(kept: Conversations, owner: Principal) -> None:
    begun = kept.begin(owner)
    kept.add(begun, FIRST)

    for other in OWNERS:
        if other != owner:
            with pytest.raises(NotFoundError):
                kept.find(begun.id, other)
            with pytest.raises(NotFoundError):
                kept.forget(begun.id, other)
    assert turns(kept, begun, owner) == [FIRST.question]


def test_what_a_principal_may_do_does_not_change_what_it_owns(kept: Conversations) -> None:
    begun = kept.begin(Principal(via=Via.KEY, name="3f9a", scopes=frozenset()))

    assert kept.find(begun.id, KEY).id == begun.id


def test_a_channel_finds_its_thread_again(kept: Conversations, elsewhere: Conversations) -> None:
    begun = kept.under(TEAM, "C1/1700.001")
    kept.add(begun, FIRST)

    again = elsewhere.under(TEAM, "C1/1700.001")
    assert again.id == begun.id
    assert again.turns == (FIRST,)
    assert elsewhere.under(TEAM, "C1/1700.002").id != begun.id
    assert elsewhere.under(OTHER_TEAM, "C1/1700.001").id != begun.id
    assert elsewhere.under(KEY, "C1/1700.001").id != begun.id


def test_two_processes_that_begin_the_same_thread_begin_one(machine: Processes) -> None:
    processes = [machine().conversations() for _ in range(8)]
    found: list[str] = []
    with at_once([lambda one=one: found.append(one.under(TEAM, "C1/1").id) for one in processes]):
        pass

    assert len(found) == 8
    assert len(set(found)) == 1


def test_a_forgotten_thread_begins_anew(kept: Conversations) -> None:
    begun = kept.under(TEAM, "C1/1")
    kept.add(begun, FIRST)
    kept.forget(begun.id, TEAM)

    assert kept.under(TEAM, "C1/1").turns == ()


def test_what_cannot_be_stored_harms_nothing_else(
    kept: Conversations, caplog: pytest.LogCaptureFixture
) -> None:
    begun = kept.begin(KEY)
    kept.add(begun, Turn(question="\ud800", answer_id="c" * 20))
    kept.add(begun, FIRST)

    assert turns(kept, begun) == [FIRST.question]
    assert "could not be written" in caplog.text


def test_the_oldest_make_room(machine: Processes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversations, "CONVERSATIONS", 3)
    now = [0.0]
    kept = machine().conversations(3650, lambda: now[0])
    made = []
    for _ in range(6):
        made.append(kept.begin(KEY))
        now[0] += HOUR

    with pytest.raises(NotFoundError):
        kept.find(made[0].id, KEY)
    assert kept.find(made[-1].id, KEY)


def test_each_owner_makes_room_for_itself_by_last_use(
    machine: Processes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conversations, "CONVERSATIONS", 3)
    now = [0.0]
    kept = machine().conversations(3650, lambda: now[0])
    thread, used, silent = kept.under(TEAM, "C1/1"), kept.begin(ANONYMOUS), kept.begin(ANONYMOUS)
    for _ in range(6):
        now[0] += HOUR
        kept.add(used, FIRST)
        kept.begin(ANONYMOUS)

    assert kept.under(TEAM, "C1/1") == thread
    assert len(turns(kept, used, ANONYMOUS)) == 6
    with pytest.raises(NotFoundError):
        kept.find(silent.id, ANONYMOUS)


def test_thumbs_down_are_listed_in_their_order(machine: Processes) -> None:
    opinions = machine().opinions()
    given = [
        Feedback(answer_id="a", thumb=Thumb.DOWN, comment="Not what I asked", giver="one"),
        Feedback(answer_id="a", thumb=Thumb.UP, giver="two"),
        Feedback(answer_id="b", thumb=Thumb.DOWN, giver="one"),
    ]
    for one in given:
        opinions.give(one)

    assert opinions.against() == [given[0], given[2]]


def test_a_second_opinion_replaces_the_first(machine: Processes) -> None:
    opinions = machine().opinions()
    opinions.give(Feedback(answer_id="a", thumb=Thumb.DOWN, giver="one"))
    opinions.give(Feedback(answer_id="a", thumb=Thumb.UP, giver="one"))

    assert opinions.against() == []


def test_old_opinions_make_room(machine: Processes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversations, "OPINIONS", 3)
    opinions = machine().opinions()
    for number in range(10):
        opinions.give(Feedback(answer_id=str(number), thumb=Thumb.DOWN, giver="one"))

    assert [one.answer_id for one in opinions.against()] == ["7", "8", "9"]


def test_what_is_forgotten_is_gone_with_its_turns(kept: Conversations, elsewhere: Conversations) -> None:
    begun, other = kept.begin(KEY), kept.begin(KEY)
    kept.add(begun, FIRST)
    kept.add(other, SECOND)
    elsewhere.forget(begun.id, KEY)
    kept.add(begun, SECOND)  # by a process that has not heard of it

    for owner in OWNERS:
        with pytest.raises(NotFoundError):
            kept.find(begun.id, owner)
    with pytest.raises(NotFoundError):
        kept.forget(begun.id, KEY)
    assert turns(kept, other) == [SECOND.question]


class Recorded:
    """Answers that one process records, by their ids."""

    def __init__(self, machine: Processes, answer: Answer) -> None:
        self._machine, self._answer = machine, answer

    def add(self, *ids: str) -> None:
        with closing(self._machine().recording()) as recording:
            for one in ids:
                recording.record(Message(text=f"asked {one}"), replace(self._answer, id=one))

    def among(self, *ids: str) -> set[str]:
        return set(self._machine().recording().among(ids))


@pytest.fixture
def recorded(machine: Processes, ask: Callable[..., Answer]) -> Recorded:
    return Recorded(machine, ask("Who mediated?"))


def test_what_is_forgotten_takes_its_answers_along(
    kept: Conversations, elsewhere: Conversations, recorded: Recorded, machine: Processes
) -> None:
    own, shared, judged, other = (letter * 20 for letter in "abcd")
    begun, going_on = kept.begin(KEY), elsewhere.begin(ANONYMOUS)
    for one in (own, shared, judged):
        kept.add(begun, Turn(question=one, answer_id=one))
    elsewhere.add(going_on, Turn(question="the same", answer_id=shared))
    opinions = machine().opinions()
    for giver, answer_id in ((opinions_of(begun.id), own), (opinions_of(begun.id), other), ("me", judged)):
        opinions.give(Feedback(answer_id=answer_id, thumb=Thumb.DOWN, giver=giver))
    recorded.add(own, shared, judged, other)

    elsewhere.forget(begun.id, KEY)

    assert recorded.among(own, shared, judged, other) == {shared, judged, other}
    assert [one.giver for one in opinions.against()] == ["me"]
    assert turns(kept, going_on, ANONYMOUS) == ["the same"]


def test_an_answer_that_was_on_its_way_is_forgotten_too(kept: Conversations, recorded: Recorded) -> None:
    begun = kept.begin(KEY)
    kept.add(begun, FIRST)
    kept.forget(begun.id, KEY)
    recorded.add(FIRST.answer_id)

    assert eventually(lambda: not recorded.among(FIRST.answer_id))


@pytest.mark.parametrize("name", ["", "none", "../keys", "a/b?c#d", "ß", "x" * 2000, "_search"])
def test_an_id_that_is_none_is_not_found(kept: Conversations, name: str) -> None:
    with pytest.raises(NotFoundError):
        kept.find(name, KEY)


def test_a_silent_conversation_is_gone_after_its_days(machine: Processes) -> None:
    now = [1_700_000_000.0]
    kept = machine().conversations(30, lambda: now[0])
    silent, going = kept.begin(KEY), kept.begin(KEY)
    kept.add(silent, FIRST)
    kept.add(going, FIRST)
    now[0] += 20 * DAY
    kept.add(going, SECOND)
    now[0] += 10 * DAY + HOUR
    kept.begin(KEY)

    with pytest.raises(NotFoundError):
        kept.find(silent.id, KEY)
    assert turns(kept, going) == [SECOND.question]


def test_turns_that_are_said_at_once_are_all_kept(machine: Processes) -> None:
    processes = [machine().conversations() for _ in range(8)]
    begun = processes[0].begin(KEY)
    said = [Turn(question=str(number), answer_id="c" * 20) for number in range(8)]
    with at_once(
        [lambda one=one, turn=turn: one.add(begun, turn) for one, turn in zip(processes, said, strict=True)]
    ):
        pass

    assert sorted(turns(processes[0], begun)) == sorted(turn.question for turn in said)


def test_a_clock_that_jumps_changes_no_order(machine: Processes) -> None:
    """Forward and back, by hours and days within the time that turns are kept."""
    clock = Clock()
    clock.seconds = 2_000_000_000.0
    kept = machine().conversations(clock=clock)
    begun = kept.begin(KEY)
    said = []
    for jump in (HOUR, -2 * HOUR, 10 * DAY, -20 * DAY, 12 * DAY, HOUR):
        clock.seconds += jump
        for _ in range(3):
            said.append(str(len(said)))
            kept.add(begun, Turn(question=said[-1], answer_id="c" * 20))
            assert turns(kept, begun) == said

    assert turns(machine().conversations(clock=clock), begun) == said
