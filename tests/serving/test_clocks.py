"""A server whose clock on the wall jumps: what was said keeps its order, nobody fails, nobody is locked out.

The jumps are real to the whole process, its SQLite and its libraries: ``clock.c`` is preloaded.
"""

import json
import shutil
import struct
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from browsing import missing
from channels.conftest import QUESTIONS

from serving.asking import crowd, kept_in_order, until
from serving.conftest import Meet, Start

HOUR, DAY, YEAR = 3_600, 86_400, 31_556_952  # seconds
JUMPS = (HOUR, -2 * HOUR, 10 * DAY, -20 * DAY, 12 * DAY, -1)  # within the days that conversations are kept
AGES = (10 * YEAR, -20 * YEAR, 10 * YEAR)
EACH = 35  # answers after each jump, at least
PER_MINUTE, BURST = 30, 150

Jump = Callable[[int], None]


@pytest.fixture(scope="module")
def preloaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The clock as a library."""
    compiler = shutil.which("cc")
    if compiler is None:
        missing("no C compiler: the clock of a server cannot be moved")
    made = tmp_path_factory.mktemp("clock") / "clock.so"
    source = Path(__file__).with_name("clock.c")
    subprocess.run([compiler, "-shared", "-fPIC", "-O2", "-Wall", "-Werror", "-o", made, source], check=True)
    return made


@pytest.fixture
def wall(tmp_path: Path) -> Path:
    """The file that says how far the clock was moved."""
    made = tmp_path / "offset"
    made.write_bytes(struct.pack("<q", 0))
    return made


@pytest.fixture
def moved(machine: Start, preloaded: Path, wall: Path) -> Start:
    """Start a machine whose clock is that of ``wall``."""
    return lambda **values: machine(LD_PRELOAD=str(preloaded), CLOCK_OFFSET=str(wall), **values)


@pytest.fixture
def jump(wall: Path) -> Jump:
    """Move the clock by so many seconds, at once and for good."""

    def by(seconds: int) -> None:
        with wall.open("r+b") as file:
            (before,) = struct.unpack("<q", file.read())
            file.seek(0)
            file.write(struct.pack("<q", before + seconds))

    return by


def test_every_turn_keeps_its_place(moved: Start, jump: Jump) -> None:
    port = moved().port
    with crowd(port) as heard:
        until(heard, EACH)
        for seconds in JUMPS:
            jump(seconds)
            until(heard, EACH)

    kept_in_order(port, heard)
    assert len(heard.told) >= 200


def test_over_ages_nobody_fails(moved: Start, reader: Meet, jump: Jump) -> None:
    asker = reader(moved().port)
    for seconds in AGES:
        jump(seconds)
        asked = list(QUESTIONS.values())
        conversation = asker.begin()
        assert [asker.ask(one, conversation).status for one in asked] == [200] * len(asked)
        assert [turn["question"] for turn in asker.turns(conversation)] == asked
        assert asker.send("GET", "/readyz").status == 200


def test_the_limit_on_callers_neither_opens_nor_closes(moved: Start, reader: Meet, jump: Jump) -> None:
    values = {"QA_LIMIT_LOOPBACK": "true", "QA_ANONYMOUS_PER_MINUTE": str(PER_MINUTE)}
    asker = reader(moved(**values).port)
    begun, answered = time.monotonic(), 0

    def asked_until_refused() -> int:
        """Seconds until it may ask again."""
        nonlocal answered
        while (told := asker.ask("Who mediated?")).status == 200:
            answered += 1
        assert told.status == 429
        return int(told.headers["Retry-After"])

    assert asked_until_refused() <= 60 / PER_MINUTE
    assert answered >= BURST
    for seconds in (*JUMPS, *AGES):
        jump(seconds)
        assert asked_until_refused() <= 60 / PER_MINUTE
    assert answered <= BURST + (time.monotonic() - begun) * PER_MINUTE / 60 + 2
    time.sleep(60 / PER_MINUTE)
    assert asker.ask("Who mediated?").status == 200


def test_the_clock_was_moved(moved: Start, reader: Meet, jump: Jump) -> None:
    """Else the tests above would say nothing."""
    asker = reader(moved().port)
    jump(10 * YEAR)
    asker.begin()
    dated = asker.send("GET", "/healthz").headers["Date"]
    assert int(dated.split()[3]) >= time.localtime().tm_year + 9
    assert json.loads(asker.send("GET", "/readyz").body)["status"] == "ready"
