"""One answer everywhere: the dialogs asked through every channel give the same quotes under the same numbers.

A channel is a function: where it is served and the questions of one conversation in, what a reader gets of
each answer out. To add a channel, write its function and name it in CHANNELS.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlencode

import pytest
from browsing import browsing, missing
from dialogs.dialog import Dialog, dialogs, in_process
from lxml import html
from mcp import Client
from playwright.sync_api import Browser

from channels.hearing import Heard, of_lines, of_markdown, of_object
from channels.mcp.calling import connected, over_http
from channels.openai.asking import MODEL, client_of
from channels.running import Server, invoke, serving
from channels.slack.calling import SECRET, Caller, mention, timestamp
from channels.slack.fake import ABSENT, BOT, EMULATE, Slack, faking
from channels.slack.seeing import POST, lines
from channels.widget.pages import hosted
from qa_service.compose.prose import paragraphs, prose
from qa_service.settings import Settings
from qa_service.wiring import Service

HOOK = "a-token-of-rocket-chat"


@dataclass(frozen=True)
class Place:
    """A corpus in a store, a server over it, and the service in this process that says what is right."""

    store: str
    server: Server
    service: Service
    slack: Slack | None  # None where npm has not installed one
    browser: Callable[[], Browser]  # opened when first asked for


Channel = Callable[[Place, Sequence[str]], list[Heard]]


def api(place: Place, questions: Sequence[str]) -> list[Heard]:
    bodies = [{"question": one, "history": questions[:n]} for n, one in enumerate(questions)]
    responses = [place.server.post("/api/v1/ask", json.dumps(body).encode()) for body in bodies]
    return [of_object(json.loads(response.body)) for response in responses]


def api_events(place: Place, questions: Sequence[str]) -> list[Heard]:
    """The pieces and citations of the stream."""
    heard = []
    for number, question in enumerate(questions):
        body = json.dumps({"question": question, "history": questions[:number]}).encode()
        headers = {"Content-Type": "application/json", "Accept": "application/x-ndjson"}
        response = place.server.request("POST", "/api/v1/ask", body, headers)
        events = [json.loads(line) for line in response.body.splitlines()]
        text = "".join(one["data"]["text"] for one in events if one["event"] == "delta")
        cited = [one["data"] for one in events if one["event"] == "citation"]
        heard.append(of_markdown(text, {one["number"]: one["quote"] for one in cited}))
    return heard


def command_line(place: Place, questions: Sequence[str]) -> list[Heard]:
    heard = []
    for number, question in enumerate(questions):
        history = [part for earlier in questions[:number] for part in ("--history", earlier)]
        done = invoke("ask", question, "--json", *history, QA_STORE=place.store, QA_RECORD_ANSWERS="false")
        heard.append(of_object(json.loads(done.stdout)))
    return heard


def page(place: Place, questions: Sequence[str]) -> list[Heard]:
    """The page that needs no script; each answer carries the questions before it in its form."""
    heard = []
    for number, question in enumerate(questions):
        query = urlencode([("q", question), *(("h", earlier) for earlier in questions[:number])])
        heard.append(_of_page(html.fromstring(place.server.request("GET", f"/?{query}").body)))
    return heard


def _of_page(tree: Any) -> Heard:
    sources = tree.xpath("//li[starts-with(@id, 'source-')]")
    quotes = {int(one.get("value")): one.xpath("string(.//mark)") for one in sources}
    marks = tree.xpath("//q/following-sibling::sup[1]/a[starts-with(@href, '#source-')]")
    told = [(mark.xpath("string(../preceding-sibling::q[1])"), int(mark.text)) for mark in marks if mark.text]
    return Heard(tuple(dict.fromkeys(told)), quotes)


def completions(place: Place, questions: Sequence[str]) -> list[Heard]:
    heard = []
    said: list[Any] = []
    with client_of(place.server) as client:
        for question in questions:
            said.append({"role": "user", "content": question})
            done = client.chat.completions.create(model=MODEL, messages=said)
            message = done.choices[0].message
            cited = [one.url_citation for one in message.annotations or ()]
            heard.append(_of_annotated(message.content or "", cited))
            said.append({"role": "assistant", "content": message.content})
    return heard


def streamed_responses(place: Place, questions: Sequence[str]) -> list[Heard]:
    heard = []
    said: list[Any] = []
    with client_of(place.server) as client:
        for question in questions:
            said.append({"role": "user", "content": question})
            with client.responses.stream(model=MODEL, input=said) as stream:
                part: Any = stream.get_final_response().output[0].content[0]  # type: ignore[union-attr]
            heard.append(_of_annotated(part.text, part.annotations))
            said.append({"role": "assistant", "content": part.text})
    return heard


def _of_annotated(text: str, cited: Sequence[Any]) -> Heard:
    """A text and the annotations of its markers, each of which holds the quote."""
    quotes = {int(text[one.start_index + 1 : one.end_index - 1]): one.model_extra["content"] for one in cited}
    return of_markdown(text, quotes)


def mcp(place: Place, questions: Sequence[str]) -> list[Heard]:
    """What the model gets as text, which has to agree with the structured result beside it."""

    async def work(client: Client) -> list[Any]:
        asked = [{"question": one, "history": list(questions[:n])} for n, one in enumerate(questions)]
        return [await client.call_tool("ask", arguments) for arguments in asked]

    heard = []
    for result in connected(over_http(place.server), work):
        structured = of_object(result.structured_content)
        heard.append(of_markdown(result.content[0].text, structured.quotes))
        assert heard[-1] == structured
    return heard


def slack(place: Place, questions: Sequence[str]) -> list[Heard]:
    """A thread of mentions; what is said in each answer's blocks."""
    if place.slack is None:
        missing(ABSENT)
    assert place.slack is not None
    heard = []
    thread = timestamp()
    for number, question in enumerate(questions):
        before = len(place.slack.posted())
        where = {"thread_ts": thread} if number else {"ts": thread}
        assert Caller(place.server).event(mention(question, **where)).status == 200
        place.slack.wait(POST, before + 1)
        messages = place.slack.posted()[before:]
        heard.append(of_lines(line for one in messages for line in lines(one.body["blocks"])))
    return heard


def hooks(place: Place, questions: Sequence[str]) -> list[Heard]:
    """A thread as Rocket.Chat sends it."""
    heard = []
    thread = timestamp()
    for question in questions:
        body = {"token": HOOK, "channel_id": "GENERAL", "user_id": "u", "tmid": thread, "text": question}
        response = place.server.post("/hooks/slack-compatible", json.dumps(body).encode())
        heard.append(of_lines(paragraphs(prose(json.loads(response.body)["text"]))))
    return heard


# Each number of a card with the quote before it; the short answer's own numbers repeat one of them.
READ_CARD = """card => {
    const numbers = [...card.querySelectorAll(".citation")].filter(one => !one.closest(".short"));
    const precedes = one => quote => quote.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING;
    const quoteOf = one => [...card.querySelectorAll("q")].filter(precedes(one)).at(-1);
    return numbers.map(one => [quoteOf(one).textContent, one.textContent]);
}"""


def widget(place: Place, questions: Sequence[str]) -> list[Heard]:
    """The cards of one page in a browser."""
    with hosted(place.browser(), place.server.port) as host:
        host.open()
        return [_of_card(host.ask(question).evaluate(READ_CARD)) for question in questions]


def _of_card(told: Sequence[Sequence[str]]) -> Heard:
    pairs = tuple(dict.fromkeys((quote, int(number)) for quote, number in told))
    return Heard(pairs, {number: quote for quote, number in pairs})


CHANNELS: tuple[Channel, ...] = (
    *(api, api_events, command_line, page),
    *(completions, streamed_responses, mcp),
    *(slack, hooks),
)


@pytest.fixture(scope="module")
def places(
    settings: Settings, service: Service, bundled_store: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Place]]:
    digest = Service(Settings(store=bundled_store, record_answers=False))
    with ExitStack() as stack:
        browser = cache(lambda: stack.enter_context(browsing()))
        fake = stack.enter_context(faking(tmp_path_factory.mktemp("fake"))) if EMULATE.exists() else None

        def serve(store: str) -> Server:
            chats = {"QA_HOOK_TOKENS": HOOK, "SLACK_SIGNING_SECRET": SECRET, "SLACK_BOT_TOKEN": BOT}
            api = {"QA_SLACK_API": fake.url} if fake else {}
            return stack.enter_context(serving(QA_STORE=store, QA_RECORD_ANSWERS="false", **chats, **api))

        yield {
            "commentary": Place(settings.store, serve(settings.store), service, fake, browser),
            "bundled": Place(bundled_store, serve(bundled_store), digest, fake, browser),
        }
    digest.close()


@pytest.mark.parametrize(
    "channel",
    [*CHANNELS, pytest.param(widget, marks=pytest.mark.browser)],
    ids=lambda channel: channel.__name__,
)
@pytest.mark.parametrize("dialog", dialogs(), ids=lambda dialog: dialog.name)
def test_a_dialog_is_the_same_everywhere(places: dict[str, Place], dialog: Dialog, channel: Channel) -> None:
    place = places[dialog.corpus]
    questions = tuple(turn.said for turn in dialog.turns)
    ask = in_process(place.service)
    expected = [of_object(ask(question, questions[:number])) for number, question in enumerate(questions)]

    heard = channel(place, questions)

    assert heard == expected
    assert any(one.told for one in expected)
