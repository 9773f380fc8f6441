"""On a site of another origin with a strict policy: what docs/channels/widget.md says to allow is enough."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser, Page, expect

from channels.conftest import QUESTIONS
from channels.running import Server, free_port, serving
from qa_service.channels.widget.assembly import tag
from qa_service.settings import Settings
from qa_service.wiring import Service

pytestmark = pytest.mark.browser

POLICY = "default-src 'none'; script-src {here}; connect-src {here}; require-trusted-types-for 'script'"


class Site(BaseHTTPRequestHandler):
    """One page with the widget's tag in it."""

    def __init__(self, here: str, *arguments: object) -> None:
        self.here = here
        super().__init__(*arguments)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Security-Policy", POLICY.format(here=self.here))
        self.end_headers()
        page = f"<!doctype html><title>A site</title><h1>A site</h1>{tag(self.here, mode='floating')}"
        self.wfile.write(page.encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def site(port: int, here: str) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", port), partial(Site, here)) as server:
        Thread(target=server.serve_forever).start()
        try:
            yield f"http://127.0.0.1:{port}/"
        finally:
            server.shutdown()


@pytest.fixture
def foreign(
    browser: Browser, own_service: Service, own_settings: Settings, request: pytest.FixtureRequest
) -> Iterator[tuple[Page, list[str]]]:
    """A page of another origin, and what its console says."""
    port = free_port()
    said: list[str] = []
    values = {"QA_CORS_ORIGINS": f"http://127.0.0.1:{port}"} | getattr(request, "param", {})
    with (
        serving(QA_STORE=own_settings.store, WEB_CONCURRENCY="1", **values) as server,
        site(port, here(server)) as address,
        browser.new_context() as context,
    ):
        page = context.new_page()
        page.on("console", lambda line: said.append(line.text))
        page.goto(address)
        yield page, said


def here(server: Server) -> str:
    return f"http://127.0.0.1:{server.port}"


def ask(page: Page, question: str) -> None:
    page.locator("qa-widget textarea").fill(question)
    page.locator("qa-widget textarea").press("Enter")


def test_it_answers_shows_sources_and_takes_opinions(foreign: tuple[Page, list[str]]) -> None:
    page, said = foreign
    page.locator("qa-widget .launcher").click()
    expect(page.locator("qa-widget .intro .suggestion")).to_have_count(3)
    ask(page, QUESTIONS["fact"])
    page.locator("qa-widget .citation").click()
    expect(page.locator("qa-widget .popover blockquote")).to_contain_text("In early 2020, Sweden left")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Helpful", exact=True).click()
    page.locator("qa-widget .comment input").fill("Short and clear")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_text("Noted, thank you.")).to_be_visible()
    assert said == []


@pytest.mark.parametrize(
    "foreign", [{"QA_ANONYMOUS_PER_MINUTE": "1", "QA_LIMIT_LOOPBACK": "true"}], indirect=True
)
def test_whoever_asks_too_much_is_told_how_long_to_wait(foreign: tuple[Page, list[str]]) -> None:
    page, _ = foreign
    page.locator("qa-widget .launcher").click()
    for number in range(6):
        ask(page, f"{QUESTIONS['fact']} {number}")
        expect(page.locator("qa-widget .exchange")).to_have_count(number + 1)
        expect(page.locator("qa-widget .exchange").last.locator(".answer")).to_be_visible()

    busy = page.locator("qa-widget .busy")
    expect(busy).to_contain_text("Too many questions at once.")
    seconds = int((busy.locator(".unseen").text_content() or "").split(" in ")[1].split()[0])
    assert 10 < seconds <= 60, "Retry-After is readable across origins"


def test_without_leave_of_the_service_it_says_that_it_cannot_be_reached(
    browser: Browser, own_service: Service, own_settings: Settings, tmp_path: Path
) -> None:
    port = free_port()
    with (
        serving(QA_STORE=own_settings.store, WEB_CONCURRENCY="1") as server,
        site(port, here(server)) as address,
        browser.new_context() as context,
    ):
        page = context.new_page()
        page.goto(address)
        page.locator("qa-widget .launcher").click()
        ask(page, QUESTIONS["fact"])
        expect(page.get_by_text("The service cannot be reached.")).to_be_visible()
