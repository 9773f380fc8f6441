"""Counts by the hour become columns; what they stand for is told in words as well."""

import time
from pathlib import Path

import pytest
from building import Clock, ingested, settings_in

from channels.admin.desks import Desk, desk_over
from channels.running import eventually
from qa_service.app import create_app
from qa_service.channels.admin import charts
from qa_service.domain.errors import StoreError
from qa_service.domain.tally import BOUNDS, HOUR, NONE, Tally, slot, summed
from qa_service.store.tallying import Tallying
from qa_service.wiring import Service

NOW = 1_800_000_000.0
LAST = int(NOW // HOUR)


def tally(hour: int, *seconds: float, refused: int = 0, other: int = 0) -> Tally:
    took = [sum(slot(one) == place for one in seconds) for place in range(len(NONE))]
    return Tally(hour=hour, answered=len(seconds), refused=refused, other=other, took=tuple(took))


def test_the_share_of_answers_within_a_time() -> None:
    one = tally(0, *[0.004] * 90, *[0.3] * 9, 60)

    assert (one.within(0.5), one.within(0.9), one.within(0.95), one.within(1)) == (
        0.005,
        0.005,
        0.5,
        float("inf"),
    )
    assert tally(0).within(0.5) is None
    assert [slot(bound) for bound in BOUNDS] == list(range(len(BOUNDS)))


def test_tallies_of_an_hour_are_added_up() -> None:
    found = summed([tally(1, 0.1), tally(1, 0.2, refused=2), tally(3, other=1)])

    assert [(one.hour, one.answered, one.refused, one.other) for one in found] == [(1, 2, 2, 0), (3, 0, 0, 1)]
    assert sum(found[0].took) == 2


@pytest.mark.parametrize("span", charts.SPANS, ids=lambda one: one.name)
def test_every_hour_of_a_span_falls_into_one_column(span: charts.Span) -> None:
    first = charts.first_hour(span, NOW)
    found = charts.drawn(span, [tally(hour, 0.01) for hour in range(first - 50, LAST + 1)], NOW)

    assert len(found.columns) == span.steps
    assert found.total.answered == LAST + 1 - first
    assert found.columns[-1].at <= NOW < found.columns[-1].at + span.hours * HOUR
    for one in found.columns:
        assert sum(height for _, _, height in one.bars) <= charts.HEIGHT
        assert 0 <= one.x <= one.x + one.width <= charts.WIDTH


def test_bars_stand_on_each_other_and_are_as_high_as_they_count() -> None:
    found = charts.drawn(charts.SPANS[0], [tally(LAST, 0.01, 0.01, refused=1, other=1)], NOW)

    bars = (("answered", 100.0, 100.0), ("refused", 50.0, 50.0), ("other", 0.0, 50.0))
    assert found.columns[-1].bars == bars
    assert [one.label for one in found.asked] == ["0", "2", "4"]
    assert found.columns[0].bars == ()
    assert found.columns[0].half is None


@pytest.mark.parametrize(("most", "top"), [(0, 2), (1, 2), (2, 2), (3, 4), (37, 40), (51, 60), (1000, 1000)])
def test_the_top_of_a_chart_is_a_round_number(most: int, top: int) -> None:
    assert charts.ceiling(most) == top


def test_what_took_too_long_to_be_told_is_drawn_at_the_top() -> None:
    found = charts.drawn(charts.SPANS[0], [tally(LAST, 60.0)], NOW)

    assert found.columns[-1].most == found.columns[-1].half == 0
    assert charts.told(found.total.within(0.5)) == "more than 10 s"


def test_nothing_is_a_chart_too() -> None:
    assert charts.drawn(charts.SPANS[0], [], NOW).total.asked == 0


class Kept:
    """Tallies in memory."""

    def __init__(self) -> None:
        self.told: dict[tuple[int, str], Tally] = {}

    def keep(self, teller: str, tally: Tally) -> None:
        self.told[tally.hour, teller] = tally

    def since(self, hour: int) -> list[Tally]:
        return [one for (at, _), one in self.told.items() if at >= hour]


def test_what_a_process_counts_is_told_by_the_hour() -> None:
    kept, clock = Kept(), Clock()
    tallying = Tallying(kept, clock)
    for hours in range(2):
        clock.seconds += hours * HOUR
        tallying.count(answered=True, refused=False, seconds=0.004)
        tallying.count(answered=False, refused=True, seconds=None)
        tallying.count(answered=False, refused=False, seconds=0.004)
    tallying.close()

    assert [(one.answered, one.refused, one.other, sum(one.took)) for one in kept.told.values()] == [
        (1, 1, 1, 2)
    ] * 2


class Refusing(Kept):
    """Tallies that cannot be written for a while."""

    def __init__(self) -> None:
        super().__init__()
        self.refused = 0
        self.refusing = True

    def keep(self, teller: str, tally: Tally) -> None:
        if self.refusing:
            self.refused += 1
            raise StoreError("the disk is full")
        super().keep(teller, tally)


def test_what_cannot_be_written_is_written_with_the_next(caplog: pytest.LogCaptureFixture) -> None:
    kept, clock = Refusing(), Clock()
    tallying = Tallying(kept, clock)
    for hours in range(3):
        clock.seconds += HOUR
        tallying.count(answered=True, refused=False, seconds=0.004)
        assert eventually(lambda tried=hours: kept.refused > tried)  # type: ignore[misc]
    kept.refusing = False
    tallying.count(answered=True, refused=False, seconds=0.004)
    tallying.close()

    assert [one.answered for one in kept.told.values()] == [1, 1, 2]
    assert len(caplog.records) == 1


def test_what_is_asked_is_counted_for_every_worker_and_shown(tmp_path: Path) -> None:
    settings = settings_in(tmp_path, QA_RECORD_ANSWERS="true")
    ingested(settings).close()
    desk: Desk = desk_over(Service(settings), create_app(settings))
    browser = desk.signed_in()
    assert "Nothing was asked in 24 hours." in browser.get("/admin").text
    for question in ("Who mediated?", "What is the capital of Peru?", "Hello"):
        assert browser.client.post("/api/v1/ask", json={"question": question}).status_code == 200
    since = int(time.time() // HOUR) - 1

    assert eventually(lambda: sum(one.asked for one in desk.service.tallies.since(since)) == 3)
    for span in ("", "?span=week", "?span=month", "?span=none"):
        page = browser.get(f"/admin{span}").text
        assert "3 messages in " in page
        assert ": 1 answered, 1 refused, 1 other" in page
    desk.service.close()


def test_without_a_record_nothing_is_counted(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    ingested(settings).close()
    desk = desk_over(Service(settings), create_app(settings))
    browser = desk.signed_in()
    browser.client.post("/api/v1/ask", json={"question": "Who mediated?"})

    assert "Nothing is counted" in browser.get("/admin").text
    desk.service.close()
