"""Languages, directions, widths, themes, motion; and how soon an answer is there."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from playwright.sync_api import expect

from channels.conftest import QUESTIONS
from channels.widget.pages import INLINE, Host
from qa_service.channels.widget.assembly import languages, words

pytestmark = pytest.mark.browser
Hosting = Callable[..., AbstractContextManager[Host]]
PAINTED = """question => new Promise(done => {
  const widget = document.querySelector('qa-widget'), began = performance.now();
  widget.addEventListener('qa-answer', () =>
    requestAnimationFrame(() => setTimeout(() => done(performance.now() - began))), {once: true});
  widget.shadowRoot.querySelector('textarea').value = question;
  widget.shadowRoot.querySelector('textarea').dispatchEvent(
    new KeyboardEvent('keydown', {key: 'Enter', bubbles: true, cancelable: true}));
})"""


@pytest.mark.parametrize("lang", languages())
def test_it_speaks_the_language_of_the_page(host: Hosting, lang: str) -> None:
    table = words(lang)
    with host(INLINE, lang=f"{lang}-XX") as page:
        expect(page.widget.get_by_role("heading", name=table["heading"])).to_be_visible()
        shown = page.ask(QUESTIONS["fact"])
        expect(page.widget.locator(".root")).to_have_attribute("dir", table["direction"])
        expect(shown.get_by_role("button", name=table["copy"])).to_be_visible()
        shown.locator(".citation").first.click()
        expect(page.widget.locator(".popover").get_by_text(table["openSource"])).to_be_visible()
        page.kept(f"language-{lang}")
        assert page.violations() == []


def test_from_right_to_left_everything_is_mirrored_and_quotes_keep_their_direction(host: Hosting) -> None:
    for viewport in ({"width": 1000, "height": 800}, {"width": 375, "height": 740}):
        with host(INLINE, lang="ar", viewport=viewport) as page:
            page.ask(QUESTIONS["timeline"])
            marker = page.last.locator("time").first.bounding_box()
            axis = page.last.locator(".timeline").bounding_box()
            assert marker is not None and axis is not None
            assert axis["x"] + axis["width"] - marker["x"] - marker["width"] < 40, "dates stand at the right"
            expect(page.last.locator("q").first).to_have_css("direction", "ltr")
            page.ask(QUESTIONS["divergence"])
            page.kept(f"right-to-left-{viewport['width']}")
            assert page.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
            page.last.locator(".citation").first.click()
            box = page.widget.locator(".popover").bounding_box()
            assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= viewport["width"]


def test_a_language_without_a_table_is_english(host: Hosting) -> None:
    with host(INLINE, lang="tlh") as page:
        expect(page.widget.get_by_role("heading", name=words("en")["heading"])).to_be_visible()
        assert not [one for one in page.requests if "words" in one]


def test_when_a_table_cannot_be_fetched_it_is_english(host: Hosting) -> None:
    with host(INLINE) as page:
        page.page.route("**/words/de.json", lambda route: route.abort())
        page.page.evaluate("document.querySelector('qa-widget').lang = 'de'")
        page.page.evaluate(
            "const one = document.querySelector('qa-widget'); one.remove(); document.body.append(one)"
        )
        expect(page.widget.get_by_role("heading", name=words("en")["heading"])).to_be_visible()


@pytest.mark.parametrize("width", [320, 375, 600])
def test_nothing_is_cut_off_on_a_narrow_screen_or_at_400_percent(host: Hosting, width: int) -> None:
    with host(viewport={"width": width, "height": 480}) as page:
        page.open()
        page.ask("What does Norway say about the price of fish in Chile? " + "Hvordan" * 30)
        for kind in ("divergence", "timeline", "fact"):
            page.ask(QUESTIONS[kind])
        log = page.widget.get_by_role("log")
        assert log.evaluate("log => log.scrollWidth - log.clientWidth") <= 0
        for one in ("textarea", ".send", ".restart", ".header .close"):
            expect(page.widget.locator(one)).to_be_in_viewport(ratio=1)


def test_nothing_moves(host: Hosting) -> None:
    with host(reduced_motion="no-preference") as page:
        page.open()
        page.ask(QUESTIONS["fact"]).locator(".citation").first.click()
        assert page.page.evaluate("document.getAnimations({subtree: true}).length") == 0


def test_the_theme_can_be_set_against_the_reader_s_system(host: Hosting) -> None:
    dark = INLINE.replace("<qa-widget", '<qa-widget theme="dark"')
    with host(dark, color_scheme="light") as page:
        expect(page.widget.locator(".panel")).to_have_css("background-color", "rgb(28, 27, 24)")


def test_an_answer_is_painted_at_once(host: Hosting, record_property: Callable[[str, object], None]) -> None:
    """From Enter to the paint that shows the answer; the limit is generous, a busy machine is no fault."""
    with host(INLINE) as page:
        expect(page.widget.locator(".intro .suggestion")).to_have_count(3)
        took = [page.page.evaluate(PAINTED, question) for question in (*QUESTIONS.values(),) * 2]

    median = sorted(took)[len(took) // 2]
    record_property("enter to answer painted, median milliseconds", round(median))
    assert median < 300, took
