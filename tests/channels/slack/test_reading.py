from typing import Any

import pytest

from channels.slack.calling import callback, direct, mention
from qa_service.channels.slack.reading import message, team_of, words


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("<@U1> What is the SFA?", "What is the SFA?"),
        ("<@U1|answers>: Who?", ": Who?"),
        ("Ask <@U2> about <#C1|rivers> and <#C2>", "Ask  about #rivers and"),
        ("<!here> <!subteam^S1|@team> <!date^1^{date}|today>", "@team today"),
        (
            "<https://x.example|the SFA> <https://x.example> <mailto:a@b.c|a@b.c>",
            "the SFA https://x.example a@b.c",
        ),
        ("R&amp;D &lt;b&gt; &amp;amp;", "R&D <b> &amp;"),
        ("one\ntwo\tthree\x00\x1b", "one\ntwo\tthree"),
        ("half \ud800 of a pair", "half ? of a pair"),
        ("", ""),
    ],
)
def test_markup_is_read_as_words(typed: str, read: str) -> None:
    assert words(typed) == read


def test_a_message_is_known_by_its_delivery_and_by_its_place() -> None:
    one = message(callback(mention("Who?", "1.1"), event_id="Ev1"))
    other = message(callback(direct("Who?", "C000000001", "1.1"), event_id="Ev2"))
    assert one is not None
    assert other is not None
    assert set(one.keys) & set(other.keys)
    assert set(one.keys) != set(other.keys)


@pytest.mark.parametrize(
    "event",
    [
        mention("x", user="U_BOT"),
        mention("x", bot_id="B1"),
        mention("x", subtype="message_deleted"),
        mention("x", user=None),
        mention("x", channel=None),
        mention("x") | {"ts": None},
    ],
)
def test_what_is_nobodys_question_is_no_message(event: dict[str, Any]) -> None:
    assert message(callback(event)) is None


@pytest.mark.parametrize(
    ("body", "team"),
    [
        ({"team_id": "T1"}, "T1"),
        ({"team": {"id": "T1"}}, "T1"),
        ({"team": None, "enterprise": {"id": "E1"}}, "E1"),
        ({}, ""),
    ],
)
def test_the_workspace_of_a_delivery(body: dict[str, Any], team: str) -> None:
    assert team_of(body) == team
