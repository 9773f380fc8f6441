"""Many mentions at once for four workers: Slack is told in time of each, and each is answered once."""

import json
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from channels.conftest import QUESTIONS
from channels.slack.calling import Caller, callback, calling, mention, timestamp
from channels.slack.fake import Slack
from channels.slack.seeing import POST, SETTLED
from qa_service.settings import Settings

WORKERS, TIMES = 4, 4
MENTIONS = 50  # each delivered so many times at the same moment
PER_MINUTE, MINUTES = 500, 1
ASKED = list(QUESTIONS.values())


@pytest.fixture(scope="module")
def four(slack: Slack, service: object, settings: Settings) -> Iterator[Caller]:
    """Slack calling four workers."""
    with calling(slack, settings, WORKERS) as caller:
        yield caller


def answered_once(slack: Slack, threads: Sequence[str]) -> None:
    """Each of these threads got one message, and no other did."""
    slack.wait(POST, len(threads))
    time.sleep(SETTLED)
    assert Counter(call.body["thread_ts"] for call in slack.posted()) == Counter(threads)


def test_what_is_delivered_four_times_at_the_same_moment_is_answered_once(four: Caller, slack: Slack) -> None:
    threads = [timestamp() for _ in range(MENTIONS)]
    together = Barrier(TIMES)

    def deliver(_: int) -> list[int]:
        """One of four who deliver each mention, all at once."""
        found = []
        for number, ts in enumerate(threads):
            body = callback(mention(ASKED[number % len(ASKED)], ts), event_id=f"Ev{ts}")
            together.wait()
            found.append(four.send("/slack/events", json.dumps(body)).status)
        return found

    with ThreadPoolExecutor(TIMES) as pool:
        statuses = [one for part in pool.map(deliver, range(TIMES)) for one in part]

    assert statuses == [200] * TIMES * MENTIONS
    answered_once(slack, threads)


@pytest.mark.long
def test_at_500_a_minute_slack_is_told_within_a_second(four: Caller, slack: Slack) -> None:
    """Open loop: each is sent when it is due, whether those before it were answered or not."""
    threads = [timestamp() for _ in range(PER_MINUTE * MINUTES)]
    begun = time.monotonic()

    def deliver(number: int) -> float:
        due = begun + number * 60 / PER_MINUTE
        time.sleep(max(0.0, due - time.monotonic()))
        assert four.event(mention(ASKED[number % len(ASKED)], threads[number])).status == 200
        return time.monotonic() - due  # with what it waited for its turn

    with ThreadPoolExecutor(32) as pool:
        waited = sorted(pool.map(deliver, range(len(threads))))

    at = {share: waited[int(share * len(waited))] for share in (0.5, 0.99)}
    print(f"\np50 {at[0.5] * 1000:.0f} ms, p99 {at[0.99] * 1000:.0f} ms, longest {waited[-1] * 1000:.0f} ms")
    assert at[0.99] <= 1
    answered_once(slack, threads)
