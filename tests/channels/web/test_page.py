"""The demo page: what a reader sees, and that nothing a reader types becomes markup."""

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from channels.conftest import QUESTIONS
from qa_service.app import create_app
from qa_service.compose.links import address
from qa_service.domain.answer import Citation
from qa_service.settings import Settings
from qa_service.wiring import Service

VOID = {"meta", "link", "input", "br", "img", "hr"}


@dataclass
class Element:
    """An element of a page: its children are elements and texts."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["Element | str"] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(one if isinstance(one, str) else one.text for one in self.children)

    def all(self, name: str = "", /, **attributes: str) -> Iterator["Element"]:
        for child in self.children:
            if isinstance(child, Element):
                wanted = {key.strip("_"): value for key, value in attributes.items()}
                if name in {"", child.name} and wanted.items() <= child.attributes.items():
                    yield child
                yield from child.all(name, **attributes)

    def one(self, name: str = "", /, **attributes: str) -> "Element":
        (found,) = self.all(name, **attributes)
        return found


class Tree(HTMLParser):
    """Builds the elements; markup that does not nest is an error."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.root = Element("")
        self._open = [self.root]
        self.feed(page)
        self.close()
        assert self._open == [self.root], self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        made = Element(tag, {name: value or "" for name, value in attrs})
        assert len(made.attributes) == len(attrs)
        self._open[-1].children.append(made)
        if tag not in VOID:
            self._open.append(made)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop().name == tag

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)


def shown(client: FlaskClient, question: str = "", *history: str, status: int = 200) -> Element:
    query = [("q", question)] * bool(question) + [("h", earlier) for earlier in history]
    response = client.get(f"/?{urlencode(query)}")
    assert response.status_code == status
    assert response.content_type == "text/html; charset=utf-8"
    return Tree(response.text).root


def answer_of(client: FlaskClient, question: str) -> dict[str, Any]:
    return client.post("/api/v1/ask", json={"question": question}).json


# What is shown


def test_the_empty_page_asks_and_tells_what_is_indexed(client: FlaskClient) -> None:
    page = shown(client)

    question = page.one("input", name="q")
    assert page.one("html").attributes["lang"] == "en"
    assert page.one("title").text
    assert page.one("label").attributes["for"] == question.attributes["id"]
    assert page.one("form").attributes["method"] == "get"
    assert "Low Water on the Skarn" in page.text
    assert "Ingrid Vale" in page.text
    assert "14 September 2021" in page.text


def test_the_questions_to_start_with_are_answered(client: FlaskClient) -> None:
    links = [one.attributes["href"] for one in shown(client).one("section", class_="start").all("a")]

    assert len(links) == 3
    for link in links:
        (question,) = parse_qs(urlsplit(link).query)["q"]
        assert answer_of(client, question)["answered"]
        assert shown(client, question).one("ol", class_="sources")


def test_each_kind_of_answer_is_shown_with_its_question_in_the_form(
    client: FlaskClient, question_of_kind: tuple[str, str]
) -> None:
    question = question_of_kind[1]

    page = shown(client, question)

    assert page.one("input", name="q").attributes["value"] == question
    assert page.one("title").text.startswith(question)
    assert page.one("section", class_="card")


def test_every_number_leads_to_its_source_with_the_quote_marked_in_its_context(
    client: FlaskClient, question_of_kind: tuple[str, str]
) -> None:
    question = question_of_kind[1]
    citations = answer_of(client, question)["citations"]

    page = shown(client, question)

    numbers = {one.attributes["href"]: one.text for sup in page.all("sup") for one in sup.all("a")}
    assert numbers == {f"#source-{one['number']}": str(one["number"]) for one in citations}
    for citation in citations:
        source = page.one("li", id=f"source-{citation['number']}")
        around = source.one("blockquote").text.split()
        text = client.get(f"/api/v1/documents/{citation['document_id']}/text").text
        assert source.one("mark").text == citation["quote"]
        assert " ".join(around) in " ".join(text.split())
        assert "Ingrid Vale" in source.one("summary").text
        ours, publishers = [one.attributes["href"] for one in source.all("a")]
        assert ours == address(Citation(**citation))
        assert publishers == citation["url"]


def test_every_quote_of_the_answer_is_set_as_a_quotation(
    client: FlaskClient, question_of_kind: tuple[str, str]
) -> None:
    question = question_of_kind[1]
    quotes = {one["quote"] for one in answer_of(client, question)["citations"]}

    card = shown(client, question).one("section", class_="card")

    assert quotes <= {one.text for one in card.all("q")}


def test_an_answer_says_as_of_when(client: FlaskClient) -> None:
    card = shown(client, QUESTIONS["fact"]).one("section", class_="card")

    assert "As of 14 September 2021: Ingrid Vale, Low Water on the Skarn" in card.text


def test_a_divergence_is_a_table_with_a_column_for_each_actor(client: FlaskClient) -> None:
    comparison = answer_of(client, QUESTIONS["divergence"])["comparison"]

    table = shown(client, QUESTIONS["divergence"]).one("table")

    assert [one.text for one in table.all("th", scope="col")] == ["Issue", *comparison["actors"]]
    assert len(list(table.all("th", scope="row"))) == len(comparison["rows"])
    cells = list(table.all("td"))
    assert [one.attributes["data-actor"] for one in cells] == comparison["actors"] * len(comparison["rows"])
    empty = [one.text for one in cells if not list(one.all("q"))]
    assert all(text.startswith("No position of ") for text in empty)


def test_a_timeline_is_an_ordered_list_with_dates_as_written(client: FlaskClient) -> None:
    timeline = answer_of(client, QUESTIONS["timeline"])["timeline"]

    items = shown(client, QUESTIONS["timeline"]).one("ol", class_="axis").all("time")

    assert [(one.attributes["datetime"], one.text) for one in items] == [
        (one["date"], one["wording"]) for one in timeline
    ]


def test_of_several_questions_each_stands_over_its_answer_or_why_there_is_none(client: FlaskClient) -> None:
    six = (
        "Who was sent to mediate? How do Norway and Sweden differ? Who painted the Mona Lisa? "
        "When did Sweden leave the talks? What is the SFA? Why did they fail?"
    )
    *told, left = answer_of(client, six)["parts"]

    card = shown(client, six).one("section", class_="card")

    heads = [one.text for one in card.all("h2")]
    assert heads[:5] == [one["question"] for one in told]
    assert told[2]["explanation"] in card.text
    assert f"Too many questions for one message: {left['question']}" in card.text


def test_a_refusal_shows_what_is_nearest_and_says_that_it_is_no_answer(client: FlaskClient) -> None:
    question = "What does Norway say about the price of fish in Chile?"
    answer = answer_of(client, question)
    assert answer["refusal"]["nearest"]

    page = shown(client, question)

    card = page.one("section", class_="card")
    assert "Nearest passages" in card.text
    assert "These do not answer the question." in card.text
    assert [one.text for one in card.one("ul", class_="nearest").all("mark")] == [
        one["quote"] for one in answer["refusal"]["nearest"]
    ]
    assert not list(card.all("sup"))
    assert not list(card.all("ol", class_="sources"))
    assert any("?q=" in one.attributes["href"] for one in card.all("a"))


def test_small_talk_is_met_with_what_can_be_asked(client: FlaskClient) -> None:
    card = shown(client, "Hello").one("section", class_="card")

    assert not list(card.all("sup"))
    assert any("?q=" in one.attributes["href"] for one in card.all("a"))


def test_a_follow_up_says_what_it_was_understood_as(client: FlaskClient) -> None:
    page = shown(client, "And Sweden?", "What does Norway say about the Halvard dam?")

    assert "Understood as:" in page.text
    assert [one.attributes["value"] for one in page.all("input", name="h")] == [
        "What does Norway say about the Halvard dam?",
        "And Sweden?",
    ]


def test_the_address_of_the_next_question_stays_short(client: FlaskClient) -> None:
    history = [f"Was ist mit Nr. {number}? {'ä' * 100}" for number in range(20)]

    kept = [one.attributes["value"] for one in shown(client, "Who?", *history).all("input", name="h")]

    assert kept[-1] == "Who?"
    assert kept[:-1] == history[-len(kept) + 1 :]
    assert len(urlencode([("h", one) for one in kept])) < 2000


@pytest.mark.parametrize(
    ("question", "told"),
    [("x" * 2001, "2000 characters"), ("a\0b", "control characters"), ("\x1b[2J", "control")],
)
def test_a_question_that_cannot_be_taken_says_why_on_the_page(
    client: FlaskClient, question: str, told: str
) -> None:
    page = shown(client, question, status=422)

    assert told in page.one("section", role="alert").text
    assert page.one("input", name="q")


def test_an_outage_is_a_page_that_looks_different_from_a_refusal(
    own_service: Service, own_settings: Settings
) -> None:
    own_service.store.close()
    client = create_app(own_settings).test_client()
    for path in own_settings.store_path.parent.glob("store.db*"):
        path.unlink()
    own_settings.store_path.write_bytes(b"garbage " * 1000)

    page = shown(client, "Who mediated?", status=503)

    outage = page.one("section", role="alert")
    assert "Not available" in outage.text
    assert "not an answer" in outage.text
    assert page.one("input", name="q").attributes["value"] == "Who mediated?"
    assert "Traceback" not in page.text


def test_the_empty_page_shows_a_divergence_and_a_timeline_that_are_answers(client: FlaskClient) -> None:
    page = shown(client)

    exhibits = list(page.all("section", class_="exhibit"))
    assert len(exhibits) == 2
    for exhibit, drawn in zip(exhibits, ("table", "ol"), strict=True):
        (question, *_) = [one.text for one in exhibit.one("p", class_="fine").all("a")]
        answer = answer_of(client, question)
        assert [one.text for one in exhibit.one(drawn).all("q") if one.text in answer["text"]]
        links = [one.attributes["href"] for sup in exhibit.all("sup") for one in sup.all("a")]
        assert links == [address(Citation(**one)) for one in answer["citations"]]


def test_it_says_how_to_put_the_widget_on_a_page(client: FlaskClient) -> None:
    tag = Tree(shown(client).one("pre").text.replace(" defer>", ">")).root.one("script").attributes

    served = client.get(tag["src"].removeprefix("http://localhost"))
    digest = hashlib.sha384(served.data).digest()
    assert tag["integrity"] == f"sha384-{base64.b64encode(digest).decode()}"


def test_it_works_without_scripts_and_styles_of_its_own(client: FlaskClient) -> None:
    for question in ("", *QUESTIONS.values()):
        page = shown(client, question)
        assert page.one("qa-widget").one("form"), "the form is what stands there without a script"
        assert page.one("script").attributes == {"src": "/widget/v1/qa-widget.js"}
        assert not list(page.all("style"))
        for element in page.all():
            assert not [name for name in element.attributes if name.startswith("on") or name == "style"]


# What a reader types stays text

PAYLOADS = [
    "<script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><img src=x onerror=alert(1)>',
    "' onfocus='alert(1)' autofocus='",
    '" onfocus="alert(1)" autofocus="',
    "<svg/onload=alert(1)>",
    "<svg><a xlink:href=javascript:alert(1)>x</a></svg>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "</form><form action=https://example.org><input name=q>",
    "<style>body{display:none}</style>",
    "<base href=https://example.org/>",
    "<meta http-equiv=refresh content=0;url=https://example.org>",
    "<!-- <b>",
    "]]><b>x</b>",
    "{{ 7 * 7 }}{% print(7) %}",
    "&lt;b&gt;&#60;script&#62;",
    "%3Cscript%3Ealert(1)%3C/script%3E",
    "＜script＞alert(1)＜/script＞",
    "<b\u2028onclick=alert(1)>Norway</b>",
]


def markup(page: Element) -> set[tuple[str, tuple[str, ...]]]:
    """The kinds of element of a page, each with the names of its attributes."""
    return {(one.name, tuple(one.attributes)) for one in page.all()}


@pytest.fixture(scope="module")
def harmless(app: Flask) -> set[tuple[str, tuple[str, ...]]]:
    """The markup of pages that hold no markup from outside."""
    client = app.test_client()
    pages = [shown(client), shown(client, "x" * 2001, "x", status=422)]
    pages += [shown(client, question, "Who is Ingrid Vale?") for question in QUESTIONS.values()]
    pages += [shown(client, "What does Norway say about the price of fish in Chile?")]
    return set().union(*(markup(page) for page in pages))


@pytest.mark.parametrize("payload", PAYLOADS)
def test_markup_in_a_question_is_shown_as_it_was_typed(client: FlaskClient, payload: str) -> None:
    page = shown(client, payload, payload)

    assert page.one("input", name="q").attributes["value"] == payload
    assert page.one("title").text.startswith(payload)
    assert all(one.attributes["value"] == payload for one in page.all("input", name="h"))
    names = {one.name for one in page.all()}
    assert not names & {"img", "svg", "iframe", "style", "base", "b"}
    assert page.one("script").attributes == {"src": "/widget/v1/qa-widget.js"}
    assert page.one("qa-widget").attributes["question"] == payload
    assert len(list(page.all("form"))) == len(list(page.all("section", class_="card"))) == 1
    for element in page.all():
        assert not [name for name in element.attributes if name.startswith("on") or name == "srcdoc"]
        for name in ("href", "src", "action"):
            assert element.attributes.get(name, "/").startswith(("/", "#", "https://example.org/low-water"))


@pytest.mark.parametrize("payload", PAYLOADS)
def test_input_adds_no_element_and_no_attribute(
    client: FlaskClient, payload: str, harmless: set[tuple[str, tuple[str, ...]]]
) -> None:
    assert markup(shown(client, "Who mediated?", payload)) <= harmless
    assert markup(shown(client, payload, payload)) <= harmless
    assert markup(shown(client, payload.ljust(2001, "x"), status=422)) <= harmless


def test_markup_in_a_document_is_shown_as_text(
    own_service: Service, own_settings: Settings, tmp_path: Any
) -> None:
    note = tmp_path / "note.jsonl"
    note.write_text(
        '{"id": "x\\"><script>", "title": "<script>alert(1)</script> weir", '
        '"author": "<img src=x onerror=alert(1)>", '
        '"url": "https://example.org/?a=\\"><script>", '
        '"text": "The Tarn weir <script>alert(2)</script> was finished in 1972 by <b>Ada Lund</b>."}\n',
        "utf-8",
    )
    report = own_service.indexing.ingest([note])
    client = create_app(own_settings).test_client()

    for question in ("", "When was the Tarn weir finished?"):
        page = shown(client, question)
        assert not {one.name for one in page.all()} & {"img", "b"}
        assert page.one("script").attributes == {"src": "/widget/v1/qa-widget.js"}
    if report.added:
        assert "<script>alert(1)</script> weir" in shown(client).text
