"""When there is no answer: why, in a line that is not a refusal's, and the way on."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from channels.conftest import QUESTIONS
from channels.widget.pages import INLINE, Host

pytestmark = pytest.mark.browser
Hosting = Callable[..., AbstractContextManager[Host]]

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


@pytest.fixture
def page(host: Hosting) -> Iterator[Host]:
    with host(INLINE) as page:
        yield page


def retry(page: Host) -> None:
    page.release()
    page.last.get_by_role("button", name="Ask again").click()
    expect(page.last.locator(".answer q").first).to_be_visible()
    expect(page.widget.locator(".exchange")).to_have_count(1)
    expect(page.widget.locator(".trouble")).to_have_count(0)


@pytest.mark.parametrize(
    ("status", "told"), [(503, "The service cannot be reached."), (500, "cannot be"), (422, "Too long.")]
)
def test_a_fault_is_told_and_the_question_can_be_asked_again(page: Host, status: int, told: str) -> None:
    page.answers(status=status, json={"detail": "Too long."})

    expect(page.ask(QUESTIONS["fact"])).to_contain_text(told)

    retry(page)


def test_too_many_questions_count_down_until_one_may_be_asked_again(page: Host) -> None:
    page.answers(status=429, headers={"Retry-After": "2"})

    trouble = page.ask(QUESTIONS["fact"]).locator(".busy")

    again = trouble.get_by_role("button", name="Ask again")
    expect(again).to_be_disabled()
    expect(trouble).to_contain_text("Ask again in 2 seconds.")
    expect(trouble.locator("[aria-hidden]")).to_contain_text("in 1 seconds")
    expect(trouble.locator(".unseen")).to_contain_text("in 2 seconds")  # not read aloud each second
    expect(again).to_be_enabled()
    retry(page)


def test_a_retry_after_may_be_a_date(page: Host) -> None:
    page.page.clock.install(time="2026-01-01T00:00:00Z")
    page.answers(status=429, headers={"Retry-After": "Thu, 01 Jan 2026 00:00:30 GMT"})

    expect(page.ask(QUESTIONS["fact"])).to_contain_text("Ask again in 30 seconds.")


def test_without_a_connection_the_question_waits_for_one(page: Host) -> None:
    page.page.context.set_offline(True)
    expect(page.ask(QUESTIONS["fact"])).to_contain_text("No connection.")

    page.page.context.set_offline(False)

    expect(page.last.locator(".citation")).to_be_visible()
    expect(page.widget.locator(".trouble")).to_have_count(0)


def test_an_answer_that_does_not_come_is_given_up(host: Hosting) -> None:
    with host(INLINE.replace("<qa-widget", '<qa-widget timeout="1"')) as page:
        page.hold()
        page.type(QUESTIONS["fact"])
        expect(page.last).to_contain_text("No answer within 1 seconds.")
        retry(page)


def test_a_search_says_so_only_when_it_takes_long_and_can_be_stopped(page: Host) -> None:
    waiting = page.hold()
    page.page.clock.install(time=NOON)
    page.page.clock.pause_at(NOON + timedelta(hours=1))  # a busy machine would let it run on
    page.type(QUESTIONS["fact"])
    stop = page.widget.get_by_role("button", name="Stop")
    expect(stop).to_be_visible()
    expect(page.last.locator(".status")).to_have_count(0)
    page.page.clock.run_for(301)
    expect(page.last.locator(".status")).to_have_text("Searching the documents…")

    stop.click()

    expect(page.last).to_contain_text("Stopped.")
    expect(page.last.locator(".status")).to_have_count(0)
    assert len(waiting) == 1
    retry(page)


def test_an_error_is_told_to_the_page(page: Host) -> None:
    page.answers(status=503)
    page.page.evaluate("document.addEventListener('qa-error', event => document.title = event.detail.kind)")
    page.ask(QUESTIONS["fact"])

    expect(page.page).to_have_title("outage")


def test_a_service_that_takes_no_earlier_questions_is_asked_without(page: Host) -> None:
    page.ask(QUESTIONS["fact"])
    histories: list[list[str]] = []

    def strict(route) -> None:  # type: ignore[no-untyped-def]
        history = route.request.post_data_json["history"]
        histories.append(history)
        if history:
            route.fulfill(status=422, json={"detail": "history: at most 0 questions; send the latest."})
        else:
            route.continue_()

    page.page.route("**/api/v1/ask", strict)
    page.ask(QUESTIONS["reason"])

    expect(page.last.locator(".citation").first).to_be_visible()
    assert histories == [[QUESTIONS["fact"]], []]
