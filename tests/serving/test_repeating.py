"""A question that is asked again under its Idempotency-Key is one turn, on whichever machine."""

import json

from channels.conftest import QUESTIONS

from serving.conftest import Meet, Start

POSITION, FOLLOW = QUESTIONS["position"], "And Sweden?"


def test_it_gets_the_same_answer_and_adds_no_turn(machine: Start, reader: Meet) -> None:
    here, there = reader(machine().port), reader(machine().port)
    conversation = here.begin()
    here.ask(POSITION, conversation)
    first = here.ask(FOLLOW, conversation, **{"Idempotency-Key": "k1"})

    again = [one.ask(FOLLOW, conversation, **{"Idempotency-Key": "k1"}) for one in (there, here, there)]

    assert {one.body for one in again} == {first.body}
    assert "Sweden" in json.loads(first.body)["standalone_question"]
    assert [one["question"] for one in there.turns(conversation)] == [POSITION, FOLLOW]


def test_another_key_or_none_is_another_turn(machine: Start, reader: Meet) -> None:
    asker = reader(machine().port)
    conversation = asker.begin()
    for key in ({"Idempotency-Key": "k1"}, {"Idempotency-Key": "k2"}, {}, {}):
        assert asker.ask(POSITION, conversation, **key).status == 200

    assert len(asker.turns(conversation)) == 4


def test_a_key_is_for_one_question_and_one_conversation(machine: Start, reader: Meet) -> None:
    asker = reader(machine().port)
    conversation, other = asker.begin(), asker.begin()
    key = {"Idempotency-Key": "k1"}
    assert asker.ask(POSITION, conversation, **key).status == 200

    assert asker.ask(FOLLOW, conversation, **key).status == 422
    assert asker.ask(POSITION, conversation, **{"Idempotency-Key": "k" * 256}).status == 422
    assert asker.ask(POSITION, None, **{"Idempotency-Key": "k" * 256}).status == 422
    assert asker.ask(FOLLOW, other, **key).status == 200
    assert [len(asker.turns(one)) for one in (conversation, other)] == [1, 1]
