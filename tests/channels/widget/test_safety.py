"""What comes from outside is text, under the strictest policy a page can have; nothing else is fetched."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect

from channels.conftest import QUESTIONS
from channels.running import serving
from channels.widget.pages import INLINE, STRICT, Host, hosted
from qa_service.settings import Settings
from qa_service.wiring import Service

pytestmark = pytest.mark.browser
Hosting = Callable[..., AbstractContextManager[Host]]

HOSTILE = "<img src=x onerror=alert(1)>"


def untouched(host: Host) -> None:
    """No markup from outside became an element, and only the service was asked."""
    expect(host.widget.locator("img, script, svg, b:not(.speaker), iframe, style")).to_have_count(0)
    assert {urlsplit(one).netloc for one in host.requests} == {urlsplit(host.here).netloc}


def test_a_hostile_corpus_and_question_are_shown_as_text(
    browser: Browser, own_service: Service, own_settings: Settings, tmp_path: Path
) -> None:
    note = tmp_path / "note.jsonl"
    note.write_text(
        f'{{"id": "weir", "title": "{HOSTILE} weir", "author": "<script>alert(1)</script>", '
        f'"publisher": "{HOSTILE}", "url": "https://example.org/{HOSTILE}", '
        f'"text": "The Tarn weir {HOSTILE} was finished in 1972 by <b>Ada Lund</b>."}}\n',
        "utf-8",
    )
    assert own_service.indexing.ingest([note]).added
    with (
        serving(QA_STORE=own_settings.store) as server,
        hosted(browser, server.port, INLINE) as host,
    ):
        expect(host.widget.locator(".intro")).to_contain_text(HOSTILE)
        shown = host.ask(f"When was the Tarn weir finished? {HOSTILE}")
        expect(shown.locator("xpath=..").locator(".question")).to_contain_text(HOSTILE)
        expect(shown.locator(".quote").first).to_contain_text(HOSTILE)
        shown.locator(".citation").first.click()
        expect(host.widget.locator(".popover")).to_contain_text(f"{HOSTILE} weir")
        host.kept("hostile")
        untouched(host)


def test_a_hostile_answer_is_shown_as_text(host: Hosting) -> None:
    with host(INLINE) as page:
        answer = page.page.request.post(
            f"{page.here}/api/v1/ask", data={"question": QUESTIONS["divergence"]}
        ).json()
        answer |= {"standalone_question": HOSTILE, "short": HOSTILE, "suggestions": [HOSTILE]}
        answer["comparison"]["actors"] = [HOSTILE, "javascript:alert(1)"]
        answer["comparison"]["rows"][0]["issue"] = HOSTILE
        for citation in answer["citations"]:
            citation |= {
                "title": HOSTILE,
                "section": HOSTILE,
                "url": "javascript:alert(1)",
                "author": HOSTILE,
            }
        page.answers(json=answer)

        page.ask(HOSTILE).locator(".citation").first.click()

        expect(page.widget.locator(".popover")).to_contain_text(HOSTILE)
        assert not [
            one.get_attribute("href")
            for one in page.widget.locator("a").all()
            if not (one.get_attribute("href") or "").startswith(f"{page.here}/documents/")
        ]
        untouched(page)


def test_it_works_under_the_strictest_policy_and_breaks_none_of_it(host: Hosting) -> None:
    with host(INLINE, policy=STRICT) as page:
        page.page.evaluate(
            "addEventListener('securitypolicyviolation', event => console.error(event.violatedDirective))"
        )
        for question in QUESTIONS.values():
            page.ask(question)
        page.widget.locator(".citation").first.click()
        expect(page.widget.locator(".popover mark")).to_be_visible()
        untouched(page)


def test_the_pages_of_the_service_need_no_more_than_their_policy(browser: Browser, host: Hosting) -> None:
    with host() as page:
        for path in ("/", "/embed", "/?q=Who+mediated%3F"):
            page.page.goto(page.here + path)
            expect(page.widget.locator("textarea")).to_be_visible()
        untouched(page)


def test_it_leaves_no_global_behind_and_may_be_loaded_twice(host: Hosting) -> None:
    twice = INLINE + '<script src="/widget/v1/qa-widget.js?again"></script>'
    with host("<qa-widget></qa-widget>") as bare:
        before = bare.page.evaluate("Object.getOwnPropertyNames(window)")
    with host(twice) as page:
        assert set(page.page.evaluate("Object.getOwnPropertyNames(window)")) <= set(before)
        expect(page.widget).to_have_count(1)
        expect(page.ask(QUESTIONS["fact"]).locator(".citation")).to_be_visible()
