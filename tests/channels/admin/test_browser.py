"""The desk in a real browser: with a script and without, at every width and in both themes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from browsing import packaged
from playwright.sync_api import Browser, Page, expect

from channels.admin.conftest import DISLIKED, Served
from channels.widget.pages import AXE, NETWORK, RULES, SCREENSHOTS
from qa_service.channels import questions

pytestmark = pytest.mark.browser
PAGES = ["/admin", "/admin/documents", "/admin/questions", "/admin/feedback"]
LOOKS: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "phone-light": {"color_scheme": "light", "viewport": {"width": 390, "height": 844}},
    "phone-dark": {"color_scheme": "dark", "viewport": {"width": 390, "height": 844}},
    "narrow": {"viewport": {"width": 320, "height": 640}},
    "forced-colors": {"forced_colors": "active"},
}
COARSE = ("narrow", "forced-colors")  # the pages alone
WEIR = b"# The Weir\n\nThe Halden weir was finished in 1973.\n"
Visit = Callable[..., Any]


@pytest.fixture
def visit(browser: Browser) -> Visit:
    """A browser of somebody's own: ``visit(served, signed_in=False, java_script_enabled=False, …)``."""

    @contextmanager
    def opened(served: Served, *, signed_in: bool = True, **context: Any) -> Iterator[Page]:
        made = browser.new_context(**{"viewport": {"width": 1100, "height": 900}} | context)
        page = made.new_page()
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda line: line.type == "error" and errors.append(line.text))
        page.goto(f"{served.here}/admin")
        if signed_in:
            sign_in(page, served.key)
            expect(page.get_by_role("heading", name="Overview")).to_be_visible()
        try:
            yield page
            assert [one for one in errors if not NETWORK.search(one)] == []
        finally:
            made.close()

    return opened


def sign_in(page: Page, key: str) -> None:
    page.get_by_label("Key").fill(key)
    page.get_by_role("button", name="Sign in").click()


def violations(page: Page) -> list[str]:
    page.evaluate(packaged("axe-core/axe.min.js").read_text("utf-8"))
    found = page.evaluate(AXE, RULES)
    return [f"{one['id']}: {node['html']}" for one in found["violations"] for node in one["nodes"]]


def holds(page: Page, name: str) -> None:
    """The screen is free of faults that can be measured; a picture of it is kept."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"desk-{name}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, name
    assert violations(page) == [], name


@pytest.mark.parametrize("look", LOOKS)
def test_every_screen_is_whole_and_accessible(visit: Visit, served: Served, look: str) -> None:
    with visit(served, signed_in=False, **LOOKS[look]) as page:
        holds(page, f"{look}-login")
        sign_in(page, served.key)
        for path in PAGES:
            page.goto(served.here + path)
            holds(page, f"{look}{path.replace('/', '-')}")
        if look in COARSE:
            return
        page.locator("summary").first.click()
        holds(page, f"{look}-answer")
        page.goto(f"{served.here}/admin/documents")
        remove = page.get_by_role("link", name="Remove").first
        address = remove.get_attribute("href")
        remove.click()
        expect(page.get_by_role("dialog")).to_be_visible()
        holds(page, f"{look}-dialog")
        page.goto(f"{served.here}{address}")
        holds(page, f"{look}-remove")


def test_who_is_not_let_in_is_told_why(visit: Visit, served: Served) -> None:
    with visit(served, signed_in=False) as page:
        page.get_by_label("Key").fill("qa_none")
        with page.expect_response("**/admin/login"):
            page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("alert")).to_have_text("This is not a valid key.")
        expect(page.get_by_label("Key")).to_have_value("")
        holds(page, "login-refused")


def test_files_are_sent_one_by_one_with_what_became_of_each(visit: Visit, own_served: Served) -> None:
    with visit(own_served) as page:
        page.get_by_role("link", name="Documents").click()
        page.get_by_label("Files").set_input_files(
            [
                {"name": "weir.md", "mimeType": "text/markdown", "buffer": WEIR},
                {"name": "empty.txt", "mimeType": "text/plain", "buffer": b""},
                {"name": "large.txt", "mimeType": "text/plain", "buffer": b"x" * 200_000},
            ]
        )
        page.get_by_role("button", name="Add").click()
        lines = page.locator(".sending li")
        expect(lines).to_have_text(
            [
                "weir.mdadded",
                "empty.txtnot taken: empty: the file holds nothing",
                "large.txtnot taken: the file is too large",
            ],
            timeout=60_000,
        )
        holds(page, "sent")
        page.get_by_role("link", name="Show the list anew").click()
        expect(page.get_by_role("link", name="The Weir", exact=True)).to_be_visible()
        expect(page.locator("section", has_text="Not taken").first).to_contain_text("empty.txt")


def test_a_session_that_is_over_leads_back_to_the_key(visit: Visit, served: Served) -> None:
    with visit(served) as page:
        page.get_by_role("link", name="Documents").click()
        page.context.clear_cookies()
        page.get_by_label("Files").set_input_files(
            {"name": "weir.md", "mimeType": "text/markdown", "buffer": WEIR}
        )
        page.get_by_role("button", name="Add").click()
        expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


@pytest.mark.parametrize("script", [True, False])
def test_a_document_is_removed_when_it_is_meant(visit: Visit, own_served: Served, script: bool) -> None:
    with visit(own_served, java_script_enabled=script) as page:
        page.goto(f"{own_served.here}/admin/documents")
        page.get_by_role("link", name="Remove").click()
        keep = page.get_by_role("button" if script else "link", name="Keep it")
        expect(page.get_by_text("Low Water on the Skarn").first).to_be_visible()
        keep.click()
        expect(page.get_by_role("link", name="Low Water on the Skarn", exact=True)).to_be_visible()
        page.get_by_role("link", name="Remove").click()
        page.get_by_role("button", name="Remove it").click()
        expect(page.get_by_role("status")).to_have_text("The document is removed.")
        expect(page.get_by_text("Nothing is indexed yet")).to_be_visible()


def test_without_a_script_everything_can_be_done(visit: Visit, own_served: Served, tmp_path: Path) -> None:
    with visit(own_served, java_script_enabled=False) as page:
        page.get_by_role("link", name="Documents").click()
        page.get_by_label("Files").set_input_files(
            {"name": "weir.md", "mimeType": "text/markdown", "buffer": WEIR}
        )
        page.get_by_role("button", name="Add").click()
        expect(page.get_by_role("status")).to_have_text("1 document added.", timeout=60_000)
        page.get_by_role("link", name="Unanswered").click()
        for box in page.get_by_role("checkbox").all()[:2]:
            box.check()
        with page.expect_download() as download:
            page.get_by_role("button", name="Download chosen rows").click()
        file = tmp_path / "rows.jsonl"
        download.value.save_as(file)
        assert len(questions.read(file)) == 2
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
        page.go_back()
        page.reload()
        expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_rows_are_chosen_all_at_once_or_one_by_one(visit: Visit, served: Served, tmp_path: Path) -> None:
    with visit(served) as page:
        page.get_by_role("link", name="Unanswered").click()
        button = page.get_by_role("button", name="Download chosen rows")
        expect(button).to_be_disabled()
        page.get_by_label("Choose all").check()
        expect(page.get_by_text("4 of 4")).to_be_visible()
        holds(page, "chosen")
        page.get_by_label(DISLIKED, exact=True).uncheck()
        expect(page.get_by_label("Choose all")).not_to_be_checked()
        with page.expect_download() as download:
            button.click()
        file = tmp_path / "rows.jsonl"
        download.value.save_as(file)
        assert DISLIKED not in {one.question for one in questions.read(file)}
        with page.expect_download() as download:
            page.get_by_role("link", name="Evaluation row").first.click()
        assert download.value.suggested_filename.startswith("question")


def test_it_can_be_used_with_the_keyboard_alone(visit: Visit, served: Served) -> None:
    with visit(served, signed_in=False) as page:
        expect(page.get_by_label("Key")).to_be_focused()
        page.keyboard.type(served.key)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Overview")).to_be_visible()
        page.goto(f"{served.here}/admin/documents")
        page.get_by_role("link", name="Remove").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("dialog")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_be_hidden()
        expect(page.get_by_role("link", name="Remove")).to_be_focused()


def test_a_script_cannot_read_the_cookie_and_no_other_site_can_frame_it(visit: Visit, served: Served) -> None:
    with visit(served) as page:
        assert page.evaluate("document.cookie") == ""
        (cookie,) = page.context.cookies()
        assert (cookie["httpOnly"], cookie["sameSite"], cookie["path"]) == (True, "Strict", "/admin")
        response = page.goto(f"{served.here}/admin")
        assert response is not None
        assert "frame-ancestors 'none'" in response.headers["content-security-policy"]
