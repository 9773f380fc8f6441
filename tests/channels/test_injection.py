"""Whatever comes from outside is text: over 150 payloads through every place that shows some, in Chromium.

Pages are rendered without the policy that they are sent with: what is missed would run. What a page may be
made of is listed; anything else came from outside.
"""

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

import pytest
from browsing import browsing
from building import settings_in
from flask import Flask
from playwright.sync_api import Browser, Page

from channels.admin.desks import Browser as Reader
from channels.admin.desks import desk_over
from channels.hostile import payloads
from channels.running import serving
from channels.widget.pages import INLINE, hosted
from qa_service.app import create_app
from qa_service.channels.admin import catalogue
from qa_service.channels.slack.presenting import Presenting
from qa_service.compose.links import source_link
from qa_service.compose.phrases import load_phrases
from qa_service.domain.arrival import Arrival, Fate
from qa_service.domain.conversation import Feedback, Thumb
from qa_service.domain.question import Message
from qa_service.settings import Settings
from qa_service.wiring import Service

PAYLOADS = payloads()
LAX = "default-src * 'unsafe-inline' data: blob:; script-src * 'unsafe-inline' 'unsafe-eval'"
HERE = "https://answers.example.org"
MARKED = re.compile(r"<([^>]*)>")
# The elements that the pages and the widget are made of.
ELEMENTS = """
    html head meta title link script style body header nav main article aside section footer h1 h2 h3 p a br
    form input textarea label button div span ul ol li table thead tbody tr th td details summary pre code
    cite q blockquote mark sup time strong b em abbr bdi dl dt dd dialog figure figcaption progress
    svg g rect line circle path text slot qa-widget
""".split()
FOREIGN = r"""allowed => {
  const found = [], ours = /^(https?:\/\/|\/(?!\/)|#|\?|$)/;
  const faults = one => [
    !allowed.includes(one.localName) && "element",
    one.localName === "script" && !/^\/(widget|admin)\//.test(one.getAttribute("src") || "") && "script",
    one.localName === "style" && one.getRootNode() === document && "style",
    one.localName === "meta" && one.hasAttribute("http-equiv") && "http-equiv",
    ...[...one.attributes].map(({ name, value }) =>
      /^on|^srcdoc$|^formaction$|^xlink/.test(name) || name === "style" && !/^--/.test(value) ? name
      : /^(href|src|action)$/.test(name) && !ours.test(value) ? `${name}=${value}` : false),
  ].filter(Boolean);
  const look = root => {
    for (const one of root.querySelectorAll("*")) {
      const bad = faults(one);
      if (bad.length) found.push(`${bad}: ${one.outerHTML.slice(0, 200)}`);
      if (one.shadowRoot) look(one.shadowRoot);
    }
  };
  look(document);
  return found;
}"""
ASKED = """async questions => {
  const widget = document.querySelector("qa-widget"), answers = [];
  for (const question of questions) {
    answers.push(Boolean(await widget.ask(question)));
    for (const one of widget.shadowRoot.querySelectorAll(".exchange:last-of-type .citation")) {
      one.click();
      if (!widget.shadowRoot.querySelector(".popover")) throw Error("no popover");
    }
  }
  return answers;
}"""


@dataclass
class Eyes:
    """A page that shows what it is given, and what came of it."""

    page: Page
    dialogs: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def shown(self, body: str) -> list[str]:
        """What in a page came from outside, once it is shown without a policy."""
        self.page.set_content(body, wait_until="domcontentloaded")
        self.page.evaluate("dispatchEvent(new Event('resize'))")  # lets what waits for its turn have it
        found: list[str] = self.page.evaluate(FOREIGN, ELEMENTS)
        return found + self.dialogs + self.asked


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsing() as chromium:
        yield chromium


@contextmanager
def looking(browser: Browser) -> Iterator[Eyes]:
    page = browser.new_page()
    eyes = Eyes(page)

    def dialog(one: object) -> None:
        eyes.dialogs.append(f"dialog {one.message}")  # type: ignore[attr-defined]
        one.dismiss()  # type: ignore[attr-defined]

    page.on("dialog", dialog)

    def refuse(route: object) -> None:
        eyes.asked.append(route.request.url)  # type: ignore[attr-defined]
        route.abort()  # type: ignore[attr-defined]

    page.route(re.compile("evil"), refuse)
    try:
        yield eyes
    finally:
        page.close()


@pytest.fixture
def eyes(browser: Browser) -> Iterator[Eyes]:
    with looking(browser) as found:
        yield found


@dataclass(frozen=True)
class House:
    """A service whose documents, questions, comments and file names are all payloads."""

    settings: Settings
    app: Flask
    documents: Sequence[str]
    key: str

    def signed_in(self) -> Reader:
        reader = Reader(self.app.test_client())
        assert reader.sign_in(self.key).status_code == 303
        return reader


def line(number: int, payload: str) -> str:
    named = "".join(one if one.isprintable() and one not in "/\\" else "|" for one in payload)
    row = {
        "id": f"{number}-{named}"[:200].strip(),
        "title": f"Weir {number} {payload}",
        "author": payload,
        "publisher": payload,
        "url": f"https://example.org/{payload}" if number % 2 else payload,
        "text": f"{payload} is on weir {number}.\n\nThe weir Halden{number} {payload} was finished in 1973.",
    }
    return json.dumps({name: value.strip() for name, value in row.items()}) + "\n"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("hostile")
    settings = settings_in(folder, QA_RECORD_ANSWERS="true", QA_ANONYMOUS_PER_MINUTE="0")
    service = Service(settings)
    service.prepare()
    (folder / "hostile.jsonl").write_text("".join(line(*one) for one in enumerate(PAYLOADS)), "utf-8")
    assert not service.indexing.ingest([folder / "hostile.jsonl"]).rejected
    service.arrivals.note(
        [Arrival(name=one, at=1, fate=Fate.REJECTED, reason=f"not a file: {one}") for one in PAYLOADS]
    )
    for payload in PAYLOADS:
        message = Message(text=f"What is the capital of Peru? {payload}", history=(payload,))
        given = service.answering.answer(message)
        service.opinions.give(Feedback(answer_id=given.id, thumb=Thumb.DOWN, comment=payload, giver=payload))
    service.recording.close()
    app = create_app(settings)
    desk = desk_over(service, app)
    documents = tuple(service.answering.desk.edition.documents)
    service.close()
    yield House(settings, app, documents, desk.key)


def test_there_are_enough_of_them(house: House) -> None:
    assert len(PAYLOADS) >= 150
    assert len(house.documents) == len(PAYLOADS)


def bodies(house: House) -> Iterator[tuple[str, str]]:
    """Every page that shows what came from outside, by its address."""
    reader = house.signed_in()
    paths = ["/", "/embed", "/admin", "/admin/questions", "/admin/feedback"]
    paths += [f"/admin/documents?from={first}" for first in range(0, len(PAYLOADS), catalogue.PAGE)]
    for number, payload in enumerate(PAYLOADS):
        asked = {"q": f"When was the weir Halden{number} finished? {payload}", "h": payload}
        paths.append(f"/?{urlencode(asked)}")
        if number % 5 == 0:  # the same templates
            paths.append(
                f"/embed?{urlencode(asked | {'lang': payload, 'theme': payload, 'heading': payload})}"
            )
            paths.append(f"/admin/documents?{urlencode({'id': payload})}")
            paths.append(f"/admin?{urlencode({'span': payload})}")
    for number, name in enumerate(house.documents):
        paths.append(f"/documents/{quote(name, safe='')}?sha256={quote(PAYLOADS[number])}&start=0&end=9")
        if number % 5 == 0:
            paths.append(f"/admin/documents/{quote(name, safe='')}/remove")
    for path in paths:
        with reader.get(path) as response:
            assert response.status_code in {200, 404, 422}, path
            assert response.mimetype in {"text/html", "application/problem+json"}, path
            assert response.headers["X-Content-Type-Options"] == "nosniff"
            if response.mimetype == "text/html":
                yield path, response.text


@pytest.mark.browser
def test_on_no_page_does_any_of_them_become_markup(house: House, eyes: Eyes) -> None:
    looked = 0
    for path, body in bodies(house):
        assert eyes.shown(body) == [], path
        looked += 1
    assert looked >= 500


@pytest.mark.browser
def test_these_eyes_see_what_is_not_escaped(house: House, browser: Browser) -> None:
    """The same pages with the escaping switched off: nearly every payload is seen."""
    app = create_app(house.settings)
    reader = Reader(app.test_client())
    assert reader.sign_in(house.key).status_code == 303
    app.jinja_env.autoescape = False
    seen, alerted = 0, 0
    for name in house.documents[::8]:
        with looking(browser) as eyes:
            seen += bool(eyes.shown(reader.get(f"/documents/{quote(name, safe='')}").text))
            alerted += bool(eyes.dialogs)
    assert seen >= 12
    assert alerted >= 5


@pytest.mark.browser
def test_the_widget_shows_all_of_them_as_text_on_a_page_that_forbids_nothing(
    house: House, browser: Browser
) -> None:
    questions = [
        f"When was the weir Halden{number} finished? {one}".strip() for number, one in enumerate(PAYLOADS)
    ]
    with (
        serving(QA_STORE=house.settings.store, QA_ANONYMOUS_PER_MINUTE="0") as server,
        hosted(browser, server.port, INLINE, policy=LAX) as host,
    ):
        eyes = Eyes(host.page)
        host.page.on("dialog", lambda one: (eyes.dialogs.append(one.message), one.dismiss()))
        answered = host.page.evaluate(ASKED, questions)
        assert sum(answered) == len(PAYLOADS)
        assert host.page.evaluate(FOREIGN, ELEMENTS) == []
        assert eyes.dialogs == []
        assert [one for one in host.requests if not one.startswith(host.here)] == []


def test_errors_repeat_none_of_them(house: House) -> None:
    client = house.app.test_client()
    for payload in PAYLOADS:
        sent = quote(payload, safe="")
        for path in (f"/{sent}", f"/api/v1/{sent}", f"/api/v1/documents/{sent}", f"/v1/models/{sent}"):
            with client.get(path) as response:
                assert response.status_code in {404, 405, 308}, path
                assert response.mimetype in {"application/problem+json", "application/json"}
                assert payload not in response.text
        with client.post("/api/v1/ask", json={"question": "?", payload: payload}) as response:
            assert response.status_code == 422
            assert payload not in json.loads(response.data)["detail"]


def parts(found: object) -> Iterator[dict[str, str]]:
    """Everything in blocks that has a text."""
    if isinstance(found, list):
        for one in found:
            yield from parts(one)
    elif isinstance(found, dict):
        if isinstance(found.get("text"), str):
            yield found
        for one in found.values():
            yield from parts(one)


def test_in_slack_none_of_them_is_a_link_a_mention_or_a_command(house: House) -> None:
    """In Slack's markup, what stands between angle brackets is one of these."""
    service = Service(house.settings)
    presenting = Presenting(load_phrases(house.settings.prompts), HERE)
    links = 0
    for number, payload in enumerate(PAYLOADS):
        text = f"When was the weir Halden{number} finished? {payload}".strip()
        answer = service.answering.answer(Message(text=text))
        nearest = answer.refusal.nearest if answer.refusal else ()
        ours = {source_link(one, f"{HERE}/").replace("|", "%7C") for one in (*answer.citations, *nearest)}
        reply = presenting.answer(answer)
        assert not set("<>") & set(reply.text)
        for part in parts([list(one) for one in reply.messages]):
            marked = MARKED.findall(part["text"]) if part["type"] == "mrkdwn" else []
            there = [part["url"]] if "url" in part else []
            for link in [*(one.partition("|")[0] for one in marked), *there]:
                assert link.replace("&amp;", "&").replace("|", "%7C") in ours, payload
                assert re.match("https?://", link)
            links += len(marked)
    service.close()
    assert links >= len(PAYLOADS) // 2
