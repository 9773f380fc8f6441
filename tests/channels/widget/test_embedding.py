"""Ways to put the widget on a page, and what the page and the tab can rely on."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from playwright.sync_api import Browser, expect

from channels.conftest import QUESTIONS
from channels.running import Server
from channels.widget.pages import INLINE, SCRIPT, Host
from qa_service.channels.widget.assembly import tag

pytestmark = pytest.mark.browser
Hosting = Callable[..., AbstractContextManager[Host]]
QUESTION = QUESTIONS["fact"]
PATHS = {
    "/": "demo",
    "/?q=Who+mediated%3F": "asked",
    "/documents/{id}?start=700&end=760": "source",
    "/documents/nope": "missing",
}


def test_the_tag_that_the_command_prints_passes_its_integrity_check(host: Hosting, served: Server) -> None:
    with host(tag(f"http://127.0.0.1:{served.port}", mode="floating", heading="Ask the river")) as page:
        page.open()
        expect(page.widget.get_by_role("dialog", name="Ask the river")).to_be_visible()
        expect(page.ask(QUESTION).locator(".citation")).to_be_visible()


def test_a_changed_script_does_not_run(host: Hosting, served: Server) -> None:
    forged = tag(f"http://127.0.0.1:{served.port}", mode="floating").replace("sha384-", "sha384-AAAA")
    with pytest.raises(AssertionError, match="qa-widget"), host(forged):
        pass


def test_a_script_without_attributes_adds_nothing(host: Hosting) -> None:
    with host('<script src="/widget/v1/qa-widget.js"></script><qa-widget></qa-widget>') as page:
        expect(page.widget).to_have_count(1)
        expect(page.widget.locator(".launcher")).to_be_visible()


def test_a_page_can_drive_it_and_hears_of_what_happens(host: Hosting) -> None:
    with host() as page:
        page.page.evaluate(
            """names => { window.heard = []; for (const name of names)
              document.addEventListener(name, event => heard.push([name, event.detail])) }""",
            ["qa-open", "qa-close", "qa-question", "qa-answer"],
        )
        answer = page.page.evaluate(
            "async question => { const it = document.querySelector('qa-widget');"
            " await it.open(); const answer = await it.ask(question); it.close(); return answer }",
            QUESTION,
        )
        expect(page.widget.locator(".launcher")).to_be_focused()

        heard = page.page.evaluate("heard")
        assert [name for name, _ in heard] == ["qa-open", "qa-question", "qa-answer", "qa-close"]
        assert heard[1][1] == {"question": QUESTION}
        assert heard[2][1]["answer"] == answer
        assert answer["answered"]

        page.page.evaluate("document.querySelector('qa-widget').reset()")
        expect(page.widget.locator(".exchange")).to_have_count(0)


def test_an_answer_that_comes_while_it_is_closed_leaves_a_dot(host: Hosting) -> None:
    with host() as page:
        launcher = page.widget.locator(".launcher")
        page.page.evaluate("question => document.querySelector('qa-widget').ask(question)", QUESTION)
        expect(launcher).to_have_class("launcher unread")
        expect(launcher).to_have_accessible_name("Ask a question New answer")
        page.kept("unread")

        page.open()
        expect(launcher).to_have_class("launcher")
        expect(page.last.locator(".citation")).to_be_visible()


def test_a_link_asks_its_question(host: Hosting) -> None:
    with host(query="?qa=Who+mediated%3F") as page:
        expect(page.widget.get_by_role("dialog")).to_be_visible()
        expect(page.last.locator(".citation")).to_be_visible()
        page.page.reload()
        expect(page.last.locator(".citation")).to_be_visible()
        expect(page.widget.locator(".exchange")).to_have_count(1)


def test_a_conversation_is_kept_in_its_tab_alone(host: Hosting) -> None:
    with host(INLINE) as page:
        page.ask(QUESTION)
        page.page.reload()
        expect(page.last.locator(".question")).to_contain_text(QUESTION)
        expect(page.last.locator(".citation")).to_be_visible()

        other = page.page.context.new_page()
        other.goto(f"{page.here}/")
        expect(other.locator("qa-widget .intro")).to_be_visible()
        expect(other.locator("qa-widget .exchange")).to_have_count(0)

        page.widget.get_by_role("button", name="Start again").click()
        page.page.reload()
        expect(page.widget.locator(".intro .suggestion")).to_have_count(3)
        expect(page.widget.locator(".exchange")).to_have_count(0)


@pytest.mark.parametrize("markup", [INLINE, SCRIPT])
def test_a_conversation_that_is_kept_goes_on_at_its_last_question(host: Hosting, markup: str) -> None:
    with host(markup) as page:
        if markup == SCRIPT:
            page.open()
        for question in (QUESTION, QUESTIONS["reason"], QUESTIONS["divergence"]):
            page.ask(question)
        page.page.reload()
        if markup == SCRIPT:
            page.open()
        expect(page.last.locator(".question")).to_be_in_viewport()
        assert page.widget.locator(".log").evaluate("log => log.scrollTop") > 100


def test_and_not_even_there_when_the_page_says_so(host: Hosting) -> None:
    with host(SCRIPT.replace("data-mode", 'data-history="none" data-mode')) as page:
        page.open()
        page.ask(QUESTION)
        assert page.page.evaluate("sessionStorage.length") == 0
        page.page.reload()
        page.open()
        expect(page.widget.locator(".exchange")).to_have_count(0)


def test_it_can_be_taken_out_of_the_page_and_put_back(host: Hosting) -> None:
    with host(INLINE) as page:
        page.ask(QUESTION)
        page.page.evaluate(
            "const one = document.querySelector('qa-widget'); one.remove(); document.body.append(one)"
        )
        expect(page.last.locator(".citation")).to_be_visible()
        expect(page.ask(QUESTIONS["reason"])).to_be_visible()


def test_a_page_can_style_it_and_replace_its_words(host: Hosting, served: Server) -> None:
    words = '{"heading": "Frag den Fluss", "send": "Los"}'
    with host(INLINE.replace("></qa-widget>", f" lang='de' words='{words}'></qa-widget>")) as page:
        page.page.evaluate(
            """() => { const sheet = new CSSStyleSheet(); sheet.replaceSync(
              'qa-widget { --qa-accent: rgb(0, 80, 60) } qa-widget::part(question) { letter-spacing: 3px }');
              document.adoptedStyleSheets.push(sheet) }"""
        )
        page.ask(QUESTION)
        expect(page.widget.get_by_role("heading", name="Frag den Fluss")).to_be_visible()
        expect(page.widget.get_by_role("button", name="Los")).to_have_css(
            "background-color", "rgb(0, 80, 60)"
        )
        expect(page.widget.locator(".question")).to_have_css("letter-spacing", "3px")


def test_the_frame_is_the_widget_and_nothing_else(browser: Browser, host: Hosting) -> None:
    with host() as page:
        response = page.page.goto(f"{page.here}/embed?lang=de&theme=dark&heading=Der+Fluss")
        assert response is not None
        policy = response.headers["content-security-policy"]
        assert policy.endswith("frame-ancestors https://site.example")
        expect(page.widget.get_by_role("heading", name="Der Fluss")).to_be_visible()
        expect(page.ask(QUESTION).locator(".citation")).to_be_visible()
        page.kept("embed")
        assert page.violations() == []


def test_the_demo_page_has_the_widget_where_the_form_stands_without_scripts(
    browser: Browser, host: Hosting
) -> None:
    with host() as page:
        page.page.goto(page.here)
        expect(page.ask(QUESTION).locator(".citation")).to_be_visible()
        expect(page.page.get_by_role("heading", name="Side by side")).to_be_visible()
        expect(page.page.locator("form[role=search]")).to_be_hidden()
        page.page.goto(f"{page.here}/?q=Why+did+the+mediator+leave%3F")
        expect(page.last.locator(".question")).to_contain_text("Why did the mediator leave?")
        expect(page.last.locator(".citation").first).to_be_visible()

        bare = browser.new_context(java_script_enabled=False).new_page()
        bare.goto(page.here)
        bare.get_by_label("Question", exact=True).fill(QUESTION)
        bare.get_by_role("button", name="Ask").click()
        expect(bare.get_by_role("region", name="Answer").locator("mark")).to_be_visible()
        bare.get_by_role("link", name="Open in source").click()
        expect(bare.locator("mark#quote")).to_be_in_viewport()
        bare.context.close()


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_violates_wcag(host: Hosting, path: str, scheme: str) -> None:
    script = scheme == "light"  # what stands there without one is looked at in the dark
    with host(color_scheme=scheme) as page:
        (document, *_) = page.page.request.get(f"{page.here}/api/v1/documents").json()["documents"]
        if not script:
            page.page.route("**/qa-widget.js", lambda route: route.abort())
        for width in (1000, 320):
            page.page.set_viewport_size({"width": width, "height": 800})
            page.page.goto(page.here + path.format(id=document["id"]))
            if script and path.startswith("/?"):
                expect(page.last.locator(".citation")).to_be_visible()
            page.kept(f"page-{PATHS[path]}-{scheme}-{width}{'' if script else '-without-script'}", whole=True)
            assert page.violations() == []
            assert page.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
