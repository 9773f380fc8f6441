"""Everything by keyboard alone, and focus where a reader expects it."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
from playwright.sync_api import expect

from channels.conftest import QUESTIONS
from channels.widget.pages import INLINE, Host

pytestmark = pytest.mark.browser
Hosting = Callable[..., AbstractContextManager[Host]]


@pytest.fixture
def page(host: Hosting) -> Iterator[Host]:
    with host() as page:
        yield page


def press(page: Host, *keys: str) -> None:
    for key in keys:
        page.page.keyboard.press(key)


def test_from_the_launcher_to_a_source_and_back(page: Host) -> None:
    launcher, popover = page.widget.locator(".launcher"), page.widget.locator(".popover")
    press(page, "Tab")
    expect(launcher).to_be_focused()
    expect(launcher).to_have_attribute("aria-expanded", "false")
    press(page, "Enter")
    expect(page.input).to_be_focused()
    expect(launcher).to_have_attribute("aria-expanded", "true")
    page.page.keyboard.type(QUESTIONS["fact"])
    press(page, "Enter")
    citation = page.widget.locator(".citation")
    expect(citation).to_be_visible()

    press(page, *["Shift+Tab"] * 12)  # back through the card to its first number
    while not citation.evaluate("one => one.matches(':focus')"):
        press(page, "Tab")
    press(page, "Enter")
    expect(popover).to_be_focused()
    press(page, "Tab", "Tab")
    expect(popover.get_by_role("link", name="Open in source")).to_be_focused()
    press(page, "Escape")
    expect(popover).to_be_hidden()
    expect(citation).to_be_focused()
    expect(page.widget.get_by_role("dialog")).to_be_visible()

    press(page, "Escape")
    expect(page.widget.locator(".panel")).to_be_hidden()
    expect(launcher).to_be_focused()
    expect(launcher).to_have_attribute("aria-expanded", "false")


def test_shift_enter_makes_a_line_and_enter_while_composing_sends_nothing(page: Host) -> None:
    page.open()
    page.page.keyboard.type("One")
    press(page, "Shift+Enter")
    page.page.keyboard.type("two")
    expect(page.input).to_have_value("One\ntwo")

    page.input.evaluate(
        "one => one.dispatchEvent(new KeyboardEvent('keydown',"
        " {key: 'Enter', isComposing: true, bubbles: true}))"
    )
    expect(page.input).to_have_value("One\ntwo")
    expect(page.widget.locator(".exchange")).to_have_count(0)


def test_an_empty_question_is_not_asked(page: Host) -> None:
    page.open()
    page.page.keyboard.type("   ")
    press(page, "Enter")

    expect(page.widget.locator(".exchange")).to_have_count(0)


def test_the_popover_closes_outside_and_on_its_button(host: Hosting) -> None:
    with host(INLINE) as page:
        citation, popover = page.ask(QUESTIONS["fact"]).locator(".citation"), page.widget.locator(".popover")
        citation.click()
        expect(citation).to_have_attribute("aria-expanded", "true")
        popover.get_by_role("button", name="Close").click()
        expect(popover).to_be_hidden()
        expect(citation).to_be_focused()
        expect(citation).not_to_have_attribute("aria-expanded", "true")

        citation.click()
        page.page.get_by_role("heading", name="A site").click()
        expect(popover).to_be_hidden()


def test_on_a_phone_the_panel_keeps_the_focus(host: Hosting) -> None:
    with host(viewport={"width": 375, "height": 700}) as page:
        page.open()
        box = page.widget.locator(".panel").bounding_box()
        assert box == {"x": 0, "y": 0, "width": 375, "height": 700}
        assert page.widget.locator(".panel").evaluate("one => one.matches(':modal')")
        for _ in range(12):
            press(page, "Tab")
            assert page.page.evaluate(
                "[document.body, document.querySelector('qa-widget')].includes(document.activeElement)"
            )
        press(page, "Escape")
        expect(page.widget.locator(".launcher")).to_be_focused()


def test_targets_are_large_enough(host: Hosting) -> None:
    with host(INLINE) as page:
        page.ask(QUESTIONS["divergence"])
        page.last.locator(".citation").first.click()
        for one in page.widget.locator("button:visible, summary:visible, a:visible").all():
            box = one.bounding_box()
            assert box is not None and min(box["width"], box["height"]) >= 24, one.text_content()
