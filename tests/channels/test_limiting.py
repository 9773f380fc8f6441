"""How often an address may ask: the count is one for all processes, and costs next to nothing."""

import os
from time import perf_counter

import pytest
from building import Clock

from qa_service.channels import limiting
from qa_service.channels.limiting import Limiter, network, shown

HERE, THERE = "203.0.113.7", "203.0.113.8"


@pytest.fixture
def clock() -> Clock:
    return Clock()


def admitted(limiter: Limiter, address: str, times: int) -> int:
    return sum(limiter.wait(address) == 0 for _ in range(times))


def test_a_burst_then_one_at_a_time(clock: Clock) -> None:
    limiter = Limiter(60, 5, clock)
    assert admitted(limiter, HERE, 20) == 5

    assert limiter.wait(HERE) == 1
    clock.seconds += 0.99
    assert limiter.wait(HERE) == 1
    clock.seconds += 0.02
    assert limiter.wait(HERE) == 0
    assert limiter.wait(HERE) == 1


def test_in_the_long_run_it_is_what_the_setting_says(clock: Clock) -> None:
    limiter = Limiter(60, 5, clock)
    taken = 0
    for _ in range(6000):  # ten minutes, ten questions a second
        taken += limiter.wait(HERE) == 0
        clock.seconds += 0.1

    assert taken == pytest.approx(600 + 4, abs=1)


def test_the_wait_that_is_told_is_enough_and_no_more_than_needed(clock: Clock) -> None:
    limiter = Limiter(6, 1, clock)
    assert limiter.wait(HERE) == 0
    told = limiter.wait(HERE)
    assert told == 10

    clock.seconds += told - 1.01
    assert limiter.wait(HERE) > 0
    clock.seconds += 1.01
    assert limiter.wait(HERE) == 0


def test_addresses_are_counted_apart(clock: Clock) -> None:
    limiter = Limiter(60, 5, clock)
    admitted(limiter, HERE, 20)

    assert admitted(limiter, THERE, 20) == 5


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8::1", "2001:db8:0:0:ffff::2", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("fe80::1%eth0", "fe80::2%eth1", True),
        ("::ffff:203.0.113.7", "203.0.113.7", True),
        ("203.0.113.7", "203.0.113.8", False),
        ("203.0.113.7:4001", "203.0.113.7:4002", True),
        ("203.0.113.7:4001", " 203.0.113.7", True),
        ("203.0.113.7:4001", "203.0.113.8:4001", False),
        ("[2001:db8::1]:4001", "2001:db8::2", True),
        ("[2001:db8::1]", "[2001:db8:0:1::1]", False),
        ("[2001:db8::1]]:80", "2001:db8::1", True),
        ("[::ffff:203.0.113.7]:80", "203.0.113.7", True),
        ("no:address", "unknown", True),
        ("", "_hidden:80", True),
        ("", "203.0.113.7", False),
    ],
)
def test_what_is_one_caller(one: str, other: str, same: bool) -> None:
    assert (network(one) == network(other)) is same


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("203.0.113.7", "203.0.113.0/24"),
        (" 203.0.113.7:4001", "203.0.113.0/24"),
        ("::ffff:203.0.113.7", "203.0.113.0/24"),
        ("2001:db8:1:2:3::4", "2001:db8:1::/48"),
        ("[2001:db8:1:2::1]:80", "2001:db8:1::/48"),
        ("fe80::1%eth0", "fe80::/48"),
        ("no address", "?"),
        ("", "?"),
    ],
)
def test_what_a_log_tells_of_an_address_is_its_network(address: str, told: str) -> None:
    assert shown(address) == told


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3::4", "20010db800010002::"),
        ("::1", "0::"),
        ("nobody", "?"),
    ],
)
def test_what_is_counted_as_one_caller_has_one_name(address: str, told: str) -> None:
    assert network(address) == told


def test_an_allowance_fills_up_again_and_no_further(clock: Clock) -> None:
    limiter = Limiter(60, 5, clock)
    admitted(limiter, HERE, 20)
    clock.seconds += 3600

    assert admitted(limiter, HERE, 20) == 5


def test_a_wait_of_part_of_a_second_is_told_as_a_whole_one(clock: Clock) -> None:
    limiter = Limiter(600, 1, clock)
    assert limiter.wait(HERE) == 0

    assert limiter.wait(HERE) == 1


def test_who_is_refused_does_not_wait_longer_for_it(clock: Clock) -> None:
    limiter = Limiter(6, 1, clock)
    limiter.wait(HERE)

    assert {limiter.wait(HERE) for _ in range(20)} == {10}


def test_nobody_can_choose_an_address_that_takes_the_place_of_another(clock: Clock) -> None:
    """Which places an address may take is another secret in each service."""
    assert Limiter(60, 5, clock)._named(HERE) != Limiter(60, 5, clock)._named(HERE)


def test_who_needs_a_place_least_makes_room(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """With four places, the fifth address takes that of the one whose allowance is full first."""
    monkeypatch.setattr(limiting, "SLOTS", 4)
    limiter = Limiter(60, 2, clock)
    for number in range(3):
        admitted(limiter, f"198.51.100.{number}", 2)
    limiter.wait("198.51.100.3")
    assert limiter.wait(THERE) == 0

    assert [limiter.wait(f"198.51.100.{number}") > 0 for number in range(3)] == [True] * 3


def test_a_place_that_nobody_needs_any_more_is_taken(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limiting, "SLOTS", 4)
    limiter = Limiter(60, 2, clock)
    limiter.wait("198.51.100.0")
    clock.seconds += 0.5
    for number in range(1, 4):
        admitted(limiter, f"198.51.100.{number}", 2)
    clock.seconds += 0.5
    assert limiter.wait(THERE) == 0

    assert [limiter.wait(f"198.51.100.{number}") for number in range(1, 4)] == [1, 1, 1]


def test_many_addresses_do_not_free_one_that_waits(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limiting, "SLOTS", 4096)
    limiter = Limiter(60, 5, clock)
    admitted(limiter, HERE, 20)
    for number in range(2000):  # half as many as there is room for
        limiter.wait(f"198.51.{number // 250}.{number % 250}")

    assert limiter.wait(HERE) > 0


def test_more_addresses_than_there_is_room_for_are_all_answered(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limiting, "SLOTS", 16)
    limiter = Limiter(60, 5, clock)

    assert all(limiter.wait(f"198.51.100.{number}") == 0 for number in range(250))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_processes_that_are_forked_count_together() -> None:
    limiter = Limiter(1, 40)
    children = []
    for _ in range(4):
        child = os.fork()
        if child == 0:
            os._exit(admitted(limiter, HERE, 100))
        children.append(child)
    taken = sum(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children)

    assert 40 <= taken <= 44  # two that count in the same microsecond may count one for two
    assert limiter.wait(HERE) > 0


def test_counting_costs_microseconds() -> None:
    limiter = Limiter(60, 5)
    started = perf_counter()
    for number in range(2000):
        limiter.wait(f"198.51.100.{number % 250}")

    assert (perf_counter() - started) / 2000 < 0.0005
