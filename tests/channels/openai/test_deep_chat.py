"""deep-chat, a chat element that others wrote, asks /v1 from a page in a real browser."""

import json
from collections.abc import Iterator

import pytest
from browsing import browsing, packaged
from playwright.sync_api import Browser, Page, Route, expect

from channels.running import Server

pytestmark = pytest.mark.browser

QUESTION = "What does Norway think of the dam?"
# The page and the element come from the test, everything under /v1 from the server; nothing else is fetched.
HTML = """<!doctype html><meta charset="utf-8"><script type="module" src="/deep-chat.js"></script>
<deep-chat directConnection='{direct}' connect='{connect}'></deep-chat>"""
MODES = {"completions": "/v1/chat/completions", "chat": "/v1/responses"}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsing() as chromium:
        yield chromium


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    yield page
    page.close()


def opened(page: Page, server: Server, mode: str, *, stream: bool) -> None:
    """The page with a deep-chat that speaks OpenAI's completions or responses ("chat") to the server."""
    here = f"http://127.0.0.1:{server.port}"
    direct = {"openAI": {"key": "none", "validateKeyProperty": False, mode: {"model": "qa-service"}}}
    bundle = packaged("deep-chat/dist/deepChat.bundle.js")
    html = HTML.format(direct=json.dumps(direct), connect=json.dumps({"url": MODES[mode], "stream": stream}))

    def route(route: Route) -> None:
        path = route.request.url.removeprefix(here)
        if path == "/page":
            route.fulfill(body=html, content_type="text/html")
        elif path == "/deep-chat.js":
            route.fulfill(path=bundle, content_type="text/javascript")
        elif path.startswith("/v1/"):
            route.continue_()
        else:
            route.abort()

    page.route("**/*", route)
    page.goto(f"{here}/page")


def ask(page: Page, question: str) -> None:
    page.locator("#text-input").click()
    page.keyboard.type(question)
    page.keyboard.press("Enter")


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("stream", [True, False], ids=["streamed", "whole"])
def test_it_shows_the_answer_and_follows_up(server: Server, page: Page, mode: str, stream: bool) -> None:
    opened(page, server, mode, stream=stream)
    messages = page.locator("#messages")

    ask(page, QUESTION)
    expect(messages).to_contain_text("protects the valley")
    expect(messages.get_by_role("link", name="Low Water on the Skarn")).to_have_count(1)
    ask(page, "And Sweden?")
    expect(messages).to_contain_text("starves its farmers")
    page.wait_for_timeout(300)  # an answer that came too fast is called an error after it was shown
    expect(messages).not_to_contain_text("Error")
