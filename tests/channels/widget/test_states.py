"""Every state of the widget in every theme: no axe violation, and a screenshot to look at."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest
from playwright.sync_api import expect

from channels.conftest import QUESTIONS
from channels.widget.pages import Host

pytestmark = pytest.mark.browser

DESK, PHONE = {"width": 1000, "height": 800}, {"width": 375, "height": 740}
THEMES: dict[str, dict[str, Any]] = {
    "light": {"viewport": DESK, "color_scheme": "light"},
    "dark": {"viewport": DESK, "color_scheme": "dark"},
    "contrast": {"viewport": DESK, "contrast": "more"},
    "forced-colors": {"viewport": DESK, "forced_colors": "active"},
    "phone-light": {"viewport": PHONE, "color_scheme": "light"},
    "phone-dark": {"viewport": PHONE, "color_scheme": "dark"},
    "phone-320": {"viewport": {"width": 320, "height": 640}},
}
KINDS = ("divergence", "timeline", "fact", "position", "summary", "refusal", "small_talk")


def states(host: Host) -> Iterator[str]:
    """Bring the widget into one state after the other."""
    yield "closed"
    host.open()
    expect(host.widget.locator(".intro .suggestion")).to_have_count(3)
    yield "empty"
    for kind in KINDS:
        host.restart()
        host.ask(QUESTIONS[kind])
        yield kind
    host.restart()
    host.ask("What does Norway say about the price of fish in Chile?")
    yield "nearest"
    host.restart()
    host.ask(QUESTIONS["fact"])
    host.last.locator(".citation").first.click()
    expect(host.widget.locator(".popover mark")).to_be_visible()
    yield "popover"
    host.widget.locator(".popover summary").click()
    yield "popover-verified"
    host.page.keyboard.press("Escape")
    host.last.get_by_role("button", name="Verify").click()
    expect(host.last.get_by_text("letter by letter")).to_be_visible()
    yield "verified"
    host.last.get_by_role("button", name="Not helpful").click()
    expect(host.last.locator(".comment")).to_be_visible()
    yield "judged"
    yield from troubles(host)


def troubles(host: Host) -> Iterator[str]:
    host.restart()
    waiting = host.hold()
    host.type("How long does this take?")
    expect(host.last.locator(".status")).to_be_visible()
    yield "searching"
    host.widget.locator(".send").click()
    expect(host.last.locator(".stopped")).to_be_visible()
    yield "stopped"
    assert len(waiting) == 1
    host.release()
    for state, status in {"busy": 429, "outage": 503, "rejected": 422}.items():
        host.answers(
            status=status, json={"detail": "The question is too long."}, headers={"Retry-After": "9"}
        )
        host.type(f"What now ({status})?")
        expect(host.last.locator(f".{state}")).to_be_visible()
        yield state
        host.release()
    host.page.context.set_offline(True)
    host.type("And without a network?")
    expect(host.last.locator(".offline")).to_be_visible()
    yield "offline"
    host.page.context.set_offline(False)


@pytest.mark.parametrize("theme", THEMES)
def test_no_state_of_a_theme_violates_wcag(
    host: Callable[..., AbstractContextManager[Host]], theme: str
) -> None:
    with host(**THEMES[theme]) as page:
        found = {}
        for state in states(page):
            page.kept(f"{theme}-{state}")
            found[state] = page.violations()
            overflow = page.page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert overflow <= 0, state

        assert not any(found.values()), {state: one for state, one in found.items() if one}
