"""The parts of one request: its deadline to the moment, the look-up of a name, and what a failure says."""

import socket
import ssl
import threading

import pytest
from building import Clock

from qa_service.fetch import FetchError
from qa_service.fetch.connection import Deadline, _said, asked, looked_up, resolved
from qa_service.fetch.targets import Target

TARGET = Target(url="http://one.example/", secure=False, host="one.example", port=80, path="/")


def test_a_deadline_tells_what_is_left_and_then_that_it_was_missed() -> None:
    clock = Clock()
    deadline = Deadline(5, clock)
    assert deadline.left() == 5
    clock.seconds += 4.75
    assert deadline.left() == 0.25

    clock.seconds += 0.25
    with pytest.raises(FetchError, match=r"^too slow: it was not there in 5 s$"):
        deadline.left()
    clock.seconds += 1
    with pytest.raises(FetchError, match="too slow"):
        deadline.left()


def test_each_address_of_a_name_is_told_once() -> None:
    assert resolved("127.0.0.1", 80) == ("127.0.0.1",)


def test_a_look_up_that_hangs_does_not_keep_the_process() -> None:
    found = looked_up(lambda *_: [str(threading.current_thread().daemon)], "one.example", 80, Deadline(5))

    assert found == ["True"]


def test_a_look_up_is_asked_for_the_host_and_the_port() -> None:
    assert looked_up(lambda host, port: [f"{host} {port}"], "one.example", 81, Deadline(5)) == [
        "one.example 81"
    ]


def test_what_a_look_up_raises_is_raised() -> None:
    def fails(*_: object) -> list[str]:
        raise UnicodeError("no name")

    with pytest.raises(UnicodeError, match="no name"):
        looked_up(fails, "one.example", 80, Deadline(5))


def test_a_look_up_without_an_end_is_left_at_the_deadline() -> None:
    never = threading.Event()
    try:
        with pytest.raises(TimeoutError):
            looked_up(lambda *_: [str(never.wait(60))], "one.example", 80, Deadline(0.1))
    finally:
        never.set()


def test_without_addresses_nobody_is_asked() -> None:
    with (
        pytest.raises(FetchError, match="the connection failed: there is no address"),
        asked(TARGET, [], {}, ssl.create_default_context, Deadline(5)),
    ):
        pass


def test_who_does_not_answer_takes_half_of_the_time_from_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, waits = Clock(), []

    class Silent(socket.socket):
        def connect(self, _: object) -> None:
            waits.append(self.gettimeout())
            clock.seconds += self.gettimeout() or 0
            raise OSError("nobody there")

    monkeypatch.setattr(socket, "socket", Silent)
    addresses = ["192.0.2.1", "2001:db8::1", "192.0.2.3"]
    with (
        pytest.raises(FetchError, match="nobody there"),
        asked(TARGET, addresses, {}, ssl.create_default_context, Deadline(8, clock)),
    ):
        pass

    assert waits == [4, 2, 1]


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (OSError(111, "Connection refused"), "Connection refused"),
        (ConnectionResetError(), "ConnectionResetError"),
        (ValueError("a\x1b[31m line\nand more"), "a [31m line and more"),
        (ValueError("x" * 200), "x" * 120),
    ],
)
def test_a_failure_is_told_in_few_words_that_can_be_shown(error: Exception, told: str) -> None:
    assert _said(error) == told
