"""Pages with the widget in them, as a reader meets them in a real browser."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from browsing import packaged
from playwright.sync_api import Browser, Locator, Page, Route, expect

ROOT = Path(__file__).parents[3]
SCREENSHOTS = ROOT / "build" / "screenshots"
# No style-src at all: the widget's style is adopted, which a policy does not govern.
STRICT = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; base-uri 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
SCRIPT = '<script src="/widget/v1/qa-widget.js" data-mode="floating"></script>'
INLINE = '<script src="/widget/v1/qa-widget.js"></script><qa-widget mode="inline"></qa-widget>'
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE = "rules => axe.run({runOnly: {type: 'tag', values: rules}, resultTypes: ['violations']})"
NETWORK = re.compile("Failed to load resource|net::ERR")  # what the browser itself says of a refused request


@dataclass
class Host:
    """A page of some site with the widget in it."""

    page: Page
    here: str
    errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    @property
    def widget(self) -> Locator:
        return self.page.locator("qa-widget")

    @property
    def input(self) -> Locator:
        return self.widget.locator("textarea")

    @property
    def last(self) -> Locator:
        """The latest question with what came of it."""
        return self.widget.locator(".exchange").last

    def open(self) -> None:
        self.widget.locator(".launcher").click()
        expect(self.input).to_be_focused()

    def type(self, question: str) -> None:
        self.input.fill(question)
        self.input.press("Enter")

    def ask(self, question: str) -> Locator:
        """Type a question and wait for its card."""
        before = self.widget.locator(".exchange").count()
        self.type(question)
        expect(self.widget.locator(".exchange")).to_have_count(before + 1)
        expect(self.last.locator(".answer")).to_be_visible()
        return self.last

    def restart(self) -> None:
        self.widget.get_by_role("button", name="Start again").click()
        expect(self.widget.locator(".exchange")).to_have_count(0)

    def answers(self, **fulfilled: Any) -> None:
        """Let whatever is asked be answered like this, not by the service."""
        self.page.route("**/api/v1/ask", lambda route: route.fulfill(**fulfilled))

    def hold(self) -> list[Route]:
        """Leave whatever is asked unanswered; the requests that wait."""
        waiting: list[Route] = []

        def wait(route: Route) -> None:
            waiting.append(route)

        self.page.route("**/api/v1/ask", wait)
        return waiting

    def release(self) -> None:
        self.page.unroute("**/api/v1/ask")

    def violations(self) -> list[str]:
        """What axe finds wrong with the page as it is now."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(packaged("axe-core/axe.min.js").read_text("utf-8"))
        found = self.page.evaluate(AXE, RULES)
        assert found["passes"], "axe looked at something"
        return [f"{one['id']}: {node['html']}" for one in found["violations"] for node in one["nodes"]]

    def kept(self, name: str, *, whole: bool = False) -> None:
        """A screenshot among the artefacts, of the whole page or of what is in view."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=whole)


@contextmanager
def hosted(
    browser: Browser,
    port: int,
    body: str = SCRIPT,
    *,
    policy: str = STRICT,
    lang: str = "en",
    query: str = "",
    **context: Any,
) -> Iterator[Host]:
    """A page with this body on the service's own origin. At the end nothing on it may have failed."""
    here = f"http://127.0.0.1:{port}"
    made = browser.new_context(**{"viewport": {"width": 1000, "height": 800}} | context)
    page = made.new_page()
    host = Host(page, here)
    page.on("pageerror", lambda error: host.errors.append(str(error)))
    page.on("console", lambda line: line.type == "error" and host.errors.append(line.text))
    page.on("request", lambda request: host.requests.append(request.url))
    html = (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>A site</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"></head>'
        f"<body><main><h1>A site</h1><p>What the site is about.</p>{body}</main></body></html>"
    )
    headers = {"Content-Security-Policy": policy, "Content-Type": "text/html; charset=utf-8"}
    page.route(f"{here}/host*", lambda route: route.fulfill(body=html, headers=headers))
    page.goto(f"{here}/host{query}")
    expect(host.widget).to_be_attached()
    try:
        yield host
        assert [one for one in host.errors if not NETWORK.search(one)] == []
    finally:
        made.close()
