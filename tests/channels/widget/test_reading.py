"""What a reader sees of an answer is what the API says: the same statements, numbers, sources."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest
from playwright.sync_api import expect

from channels.conftest import QUESTIONS
from channels.running import Server
from channels.widget.pages import INLINE, Host

pytestmark = pytest.mark.browser
Hosting = Callable[..., AbstractContextManager[Host]]


@pytest.fixture
def page(host: Hosting) -> Iterator[Host]:
    with host(INLINE) as page:
        yield page


def answer_of(page: Host, question: str, *history: str) -> dict[str, Any]:
    body = {"question": question, "history": list(history)}
    found: dict[str, Any] = page.page.request.post(f"{page.here}/api/v1/ask", data=body).json()
    return found


def test_each_kind_of_answer_shows_the_quotes_numbers_and_sources_of_the_api(
    page: Host, question_of_kind: tuple[str, str]
) -> None:
    question = question_of_kind[1]
    answer = answer_of(page, question)

    shown = page.ask(question)

    quotes = [one["quote"] for one in answer["citations"]]
    assert set(quotes) <= set(shown.locator("q").all_text_contents())
    numbers = [int(one) for one in shown.locator(".citation").all_text_contents()]
    assert sorted(set(numbers)) == [one["number"] for one in answer["citations"]]
    assert shown.locator(".sources li").count() == len(answer["citations"])
    assert shown.locator(".suggestion").all_text_contents() == answer["suggestions"]
    if answer["short"]:
        expect(shown.locator(".short")).to_have_text(answer["short"])


def test_a_divergence_is_a_table_and_stays_one_where_it_is_laid_out_as_blocks(host: Hosting) -> None:
    for width in (1000, 400):
        with host(INLINE, viewport={"width": width, "height": 800}) as page:
            comparison = answer_of(page, QUESTIONS["divergence"])["comparison"]

            table = page.ask(QUESTIONS["divergence"]).get_by_role("table")

            heads = table.get_by_role("columnheader")
            expect(heads).to_have_text(["Issue", *comparison["actors"]])
            expect(table.get_by_role("rowheader")).to_have_count(
                sum(1 for row in comparison["rows"] if row["issue"] or width == 1000)
            )
            expect(table.get_by_role("cell")).to_have_count(
                len(comparison["rows"]) * len(comparison["actors"])
            )


def test_a_timeline_is_a_list_whose_dates_are_as_written(page: Host) -> None:
    timeline = answer_of(page, QUESTIONS["timeline"])["timeline"]

    axis = page.ask(QUESTIONS["timeline"]).get_by_role("list", name="Timeline")

    expect(axis.get_by_role("listitem")).to_have_count(len(timeline))
    expect(axis.locator("time")).to_have_text([one["wording"] for one in timeline])
    assert [one.get_attribute("datetime") for one in axis.locator("time").all()] == [
        one["date"] for one in timeline
    ]
    exact = [one["precision"] == "day" for one in timeline]
    drawn = [one.get_attribute("class") == "point" for one in axis.locator("li").all()]
    assert drawn == exact and any(exact) and not all(exact)


def test_a_refusal_says_what_is_missing_and_what_stands_nearest(page: Host) -> None:
    question = "What does Norway say about the price of fish in Chile?"
    answer = answer_of(page, question)

    shown = page.ask(question)

    expect(shown.get_by_text(answer["text"].splitlines()[0], exact=True)).to_be_visible()
    expect(shown.get_by_text("These do not answer the question.")).to_be_visible()
    assert shown.locator(".nearest q").all_text_contents() == [
        one["quote"] for one in answer["refusal"]["nearest"]
    ]
    expect(shown.locator(".citation, .actions")).to_have_count(0)


SIX = (
    "Who was sent to mediate? How do Norway and Sweden differ? Who painted the Mona Lisa? "
    "When did Sweden leave the talks? What is the SFA? Why did they fail?"
)


def test_of_several_questions_each_stands_over_its_answer_or_why_there_is_none(page: Host) -> None:
    answer = answer_of(page, SIX)
    *told, left = answer["parts"]

    shown = page.ask(SIX)

    heads = [one["question"] for one in told]
    expect(shown.locator("h3[dir]")).to_have_text(heads)
    written = shown.inner_text()
    places = [written.index(f"\n{head}\n") for head in heads]
    assert places == sorted(places)
    for part, start, end in zip(told, places, [*places[1:], len(written)], strict=True):
        for number in (answer["statements"][index]["citations"][0] for index in part["statements"][:1]):
            assert answer["citations"][number - 1]["quote"] in written[start:end]
    expect(shown.get_by_text(told[2]["explanation"], exact=True)).to_be_visible()
    expect(shown.get_by_role("button", name=left["question"], exact=True)).to_be_visible()


def test_a_refusal_of_several_questions_is_no_markdown(page: Host) -> None:
    shown = page.ask("Who painted the Mona Lisa? Who composed the Moonlight Sonata?")

    expect(shown.locator("h3[dir]")).to_have_count(2)
    assert "**" not in shown.inner_text()


def test_a_number_opens_the_quote_in_its_passage_and_the_page_of_its_source(page: Host) -> None:
    (citation,) = answer_of(page, QUESTIONS["fact"])["citations"]
    span = {"start": citation["start"], "end": citation["end"]}
    path = f"{page.here}/api/v1/documents/{citation['document_id']}/context"
    around = page.page.request.get(path, params=span).json()

    page.ask(QUESTIONS["fact"]).locator(".citation").click()

    popover = page.widget.get_by_role("dialog", name=f"Source 1: {citation['title']}")
    expect(popover.locator("mark")).to_have_text(citation["quote"])
    expect(popover.locator("blockquote")).to_have_text(around["before"] + around["quote"] + around["after"])
    expect(popover.get_by_text("14 September 2021")).to_be_visible()
    publisher = popover.get_by_role("link", name="Publisher’s page")
    assert (publisher.get_attribute("href") or "").startswith(f"{citation['url']}#:~:text=")
    popover.get_by_text("Verified").click()
    expect(popover.get_by_text(citation["sha256"])).to_be_visible()
    with page.page.expect_popup() as opened:
        popover.get_by_role("link", name="Open in source").click()
    expect(opened.value.locator("mark#quote")).to_have_text(citation["quote"])
    expect(opened.value.locator("mark#quote")).to_be_in_viewport()


def test_what_follows_after_twelve_lines_is_folded(page: Host) -> None:
    long = answer_of(page, QUESTIONS["timeline"])
    item, statement = long["timeline"][0], long["statements"][0]
    long["timeline"] = [item | {"statement": index} for index in range(30)]
    long["statements"] = [statement] * 30
    page.answers(json=long)

    shown = page.ask("All of it?")

    hidden = shown.locator("[data-folded]")
    assert 18 < hidden.count() < 28
    expect(shown.locator(".timeline > li:visible")).to_have_count(30 - hidden.count())
    shown.get_by_role("button", name=f"Show {hidden.count()} more").click()
    expect(shown.locator(".timeline > li:visible")).to_have_count(30)


def test_a_follow_up_is_asked_with_what_came_before_and_a_suggestion_without(page: Host) -> None:
    page.ask("What does Norway say about the Halvard dam?")
    expect(page.ask("And Sweden?").get_by_text("Understood as:")).to_be_visible()

    with page.page.expect_request("**/api/v1/ask") as asked:
        page.last.locator(".suggestion").first.click()

    assert asked.value.post_data_json["history"] == []


def test_the_answer_can_be_copied_with_its_sources_linked_and_verified(page: Host) -> None:
    page.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    (citation,) = answer_of(page, QUESTIONS["fact"])["citations"]
    shown = page.ask(QUESTIONS["fact"])

    shown.get_by_role("button", name="Copy with sources").click()
    expect(shown.get_by_text("Copied")).to_be_visible()
    copied = page.page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(QUESTIONS["fact"])
    assert f"{citation['quote']}” [1]" in copied
    assert f"{page.here}/documents/{citation['document_id']}?start={citation['start']}" in copied

    shown.get_by_role("button", name="Copy link").click()
    page.page.wait_for_function("navigator.clipboard.readText().then(text => text.includes('?qa='))")
    assert page.page.evaluate("navigator.clipboard.readText()") == f"{page.here}/host?qa=Who+mediated%3F"

    shown.get_by_role("button", name="Verify").click()
    expect(
        shown.get_by_text("Every quotation stands in its document, letter by letter (1 of 1).")
    ).to_be_visible()


def test_a_thumb_and_a_comment_are_one_opinion_kept_with_the_answer(page: Host, served: Server) -> None:
    shown = page.ask(QUESTIONS["reason"])
    up, down = (shown.get_by_role("button", name=name, exact=True) for name in ("Helpful", "Not helpful"))

    with page.page.expect_response("**/api/v1/feedback") as first:
        up.click()
    assert (first.value.status, first.value.request.post_data_json["value"]) == (204, "up")
    expect(up).to_have_attribute("aria-pressed", "true")
    expect(shown.get_by_text("Noted, thank you.")).to_have_count(0)

    shown.get_by_role("textbox", name="What was good, what was missing?").fill("The draft’s date")
    with page.page.expect_response("**/api/v1/feedback") as second:
        shown.get_by_role("button", name="Send").click()
    sent = second.value.request.post_data_json
    assert (second.value.status, sent["comment"]) == (204, "The draft’s date")
    expect(shown.get_by_text("Noted, thank you.")).to_be_visible()
    assert sent["conversation_id"] == first.value.request.post_data_json["conversation_id"]

    down.click()
    expect(down).to_have_attribute("aria-pressed", "true")
    expect(up).to_have_attribute("aria-pressed", "false")


def test_a_screen_reader_is_told_the_answer_once(page: Host) -> None:
    page.ask(QUESTIONS["fact"])

    live = page.widget.locator(
        "[aria-live]:not([aria-live=off]), [role=log], [role=status], [role=alert], output"
    )
    expect(live).to_have_count(1)
    expect(page.widget.get_by_role("log", name="Questions and answers")).to_match_aria_snapshot("""
- log "Questions and answers":
  - paragraph: "You asked: Who mediated?"
  - paragraph:
    - text: /.*/
    - superscript:
      - 'button "Source 1: Low Water on the Skarn"': "1"
  - paragraph: /As of 14 September 2021/
  - heading "Sources" [level=3]
  - list:
    - listitem:
      - button /Ingrid Vale, Low Water on the Skarn, 14 September 2021/
  - button "Copy with sources"
  - button "Copy link"
  - button "Verify"
  - button "Helpful"
  - button "Not helpful"
  - heading "Questions that these documents answer" [level=3]
  - list:
    - listitem
""")


def test_printed_it_is_the_answer_with_its_sources(page: Host) -> None:
    page.ask(QUESTIONS["divergence"])
    page.page.emulate_media(media="print")

    page.kept("print")
    expect(page.widget.locator(".sources")).to_be_visible()
    for gone in (".form", ".actions", ".next", ".restart"):
        expect(page.widget.locator(gone).last).to_be_hidden()
    log = page.widget.get_by_role("log")
    assert log.evaluate("log => log.scrollHeight - log.clientHeight") <= 1, "nothing is cut off"


def test_a_short_answer_is_as_written_and_yes_is_a_word_of_the_language(host: Hosting) -> None:
    with host(INLINE, lang="de") as page:
        answer = answer_of(page, QUESTIONS["fact"])
        for short, shown in {"the U.N.": "the U.N.", "yes": "Ja", "no": "Nein"}.items():
            page.release()
            page.answers(json=answer | {"short": short})
            expect(page.ask(QUESTIONS["fact"]).locator(".short")).to_have_text(shown)
