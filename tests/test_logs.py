"""A line of the log: one JSON object, whatever is logged; no secret, no question, no whole address in it."""

import json
import logging
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_service import logs

BREAKS = ("\r\n", "\n", "\r", "\x1b[31m", "\u2028", "\u2029", "\x00", "\x0b", "\x0c", "\x1c", "\x85")
BREAKS += ('"}\n{"level":"error"', "\ud800", "\t", "\\n")
INJECTIONS = [f"a{one}b{other}c" for one in BREAKS for other in BREAKS]
KEY = "qa_117083f8_" + "S3cret-" * 6
SECRETS = {
    f"the key {KEY} is wrong": KEY,
    f"Authorization: Bearer {KEY[12:]}": KEY[12:],
    "Authorization: Basic dXNlcjpwYXNz": "dXNlcjpwYXNz",
    "token xoxb-12345-67890-abcdef was refused": "12345",
    "token xapp-1-A0-9-abcdef": "A0-9",
    "GET /?q=what+does+ana+earn HTTP/1.1": "ana",
    "GET /api/v1/search?q=ana%20lund failed": "lund",
    "asked by ana.lund@example.org yesterday": "ana.lund",
    "<mailto:ana.lund@example.org>": "ana.lund",
    "from 203.0.113.77, again": "113.77",
    "from 203.0.113.77:4000": "113.77",
    "from 2001:db8:1234:5678::9": "5678",
    "Invalid request from ip=203.0.113.77: Invalid HTTP request line: 'GET /?q=my secret name'": "secret",
}


@pytest.fixture(autouse=True)
def no_request() -> None:
    logs.REQUEST.set("")


def record(message: str, *values: object, **fields: Any) -> logging.LogRecord:
    made = logging.LogRecord("qa_service.x", logging.WARNING, "x.py", 1, message, values, None)
    vars(made).update(fields)
    return made


def line(message: str, *values: object, **fields: Any) -> dict[str, Any]:
    text = logs.JsonLines().format(record(message, *values, **fields))
    assert len(text.splitlines()) == 1
    assert text.isascii()
    found: dict[str, Any] = json.loads(text)
    return found


@pytest.mark.parametrize("text", INJECTIONS)
def test_a_line_is_one_line_whatever_is_logged(text: str) -> None:
    assert line("%s", text)["event"] == text
    assert line("event", **logs.told(route=text))["route"] == text
    assert line("event", told={text: 1})[text] == 1


@given(st.text(max_size=200))
def test_any_text_is_one_object(text: str) -> None:
    assert line("%s", text)["level"] == "warning"


@pytest.mark.parametrize(("message", "secret"), SECRETS.items())
def test_no_secret_stands_in_a_line(message: str, secret: str) -> None:
    for made in (logs.JsonLines(), logs.ForPeople(logs.PEOPLE)):
        shown = made.format(record("%s", message))
        assert secret not in shown
        assert "…" in shown or "\\u2026" in shown or "203.0.113.0" in shown or "2001:db8:1234::" in shown


@pytest.mark.parametrize(
    "message",
    ["Listening at: http://127.0.0.1:8000 (17)", "SQLite 3.53.4", "12:30:59", "POST /api/v1/ask (3f): x"],
)
def test_what_is_no_secret_is_told(message: str) -> None:
    assert line("%s", message)["event"] == message


def failing(text: str) -> logging.LogRecord:
    """A record of an error that repeats what was asked, and was raised while another was handled."""
    try:
        try:
            raise KeyError(text)
        except KeyError as error:
            raise RuntimeError(f"no {text}") from error
    except RuntimeError:
        return record("POST /api/v1/ask failed", exc_info=sys.exc_info())


def test_an_exception_is_told_by_its_types_and_places_and_not_by_what_it_says() -> None:
    text = logs.JsonLines().format(failing("what does ana earn"))

    assert "ana" not in text
    errors = json.loads(text)["errors"]
    assert [one["type"] for one in errors] == ["RuntimeError", "KeyError"]
    assert all("test_logs.py" in one["at"][0] and one["at"][0].endswith("failing") for one in errors)


def test_the_request_is_named() -> None:
    token = logs.REQUEST.set("req-7")
    try:
        assert line("event")["request_id"] == "req-7"
        assert "[req-7]" in logs.ForPeople(logs.PEOPLE).format(record("event"))
    finally:
        logs.REQUEST.reset(token)
    assert "request_id" not in line("event")


def test_a_long_message_is_cut() -> None:
    assert len(line("x" * 1_000_000)["event"]) == logs.LONGEST


def test_people_on_a_terminal_get_words(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "JsonLines" in logs.configuration()["formatters"]["lines"]["()"]
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert "ForPeople" in logs.configuration()["formatters"]["lines"]["()"]
    told = logs.ForPeople(logs.PEOPLE).format(record("request", **logs.told(status=200, ms=1.5)))
    assert told.endswith("WARNING request status=200 ms=1.5")
