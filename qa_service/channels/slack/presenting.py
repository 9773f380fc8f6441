"""An Answer becomes messages of Block Kit; what is said instead of an answer does so too."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from qa_service.channels.slack import blocks as kit
from qa_service.channels.slack.blocks import Block
from qa_service.compose.dates import spelled
from qa_service.compose.links import WEB, source_link
from qa_service.compose.phrases import Phrases
from qa_service.compose.prose import Paragraph, Run, paragraphs, prose
from qa_service.domain.answer import Answer, Citation
from qa_service.domain.question import Kind

ASK, SHARE, FEEDBACK, COMMENT = "ask", "share", "feedback", "comment"  # what a button does
UP, DOWN = "up", "down"
MESSAGES = 4  # of one answer; Slack takes five at a response address
FALLBACK = 3_000  # characters for notifications and screen readers
LINKS = 2_500  # characters of links in one element
SUGGESTIONS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What is posted: messages of blocks, and their words for notifications and screen readers."""

    messages: tuple[tuple[Block, ...], ...]
    text: str


@dataclass(frozen=True, slots=True)
class Presenting:
    """Answers in Slack's form, with these phrases; ``public_url`` is where readers reach the service."""

    phrases: Phrases
    public_url: str | None

    def said(self, words: str) -> Reply:
        """Words instead of an answer."""
        return self._reply(kit.of_prose((Paragraph((Run(words),)),)), words)

    def help(self, suggestions: Sequence[str]) -> Reply:
        """What to do, and questions to start with."""
        words = self.phrases.help.format(command=self.phrases.command)
        asked = [Paragraph((Run(words),))]
        return self._reply(kit.of_prose(tuple(asked)), words, self._suggested(suggestions))

    def answer(self, answer: Answer, *, asked_by: str | None = None, shareable: bool = False) -> Reply:
        """The answer; ``asked_by`` names a user when nobody sees the question above it."""
        made = [*self._asked(answer, asked_by), *self._told(answer)]
        below = [*self._below(answer)]
        if shareable and len(answer.question) <= kit.VALUE:
            below.append(kit.actions(kit.button(self.phrases.share, SHARE, answer.question)))
        return self._reply(made, "\n".join(paragraphs(prose(answer.text))), below)

    def _reply(self, blocks: Iterable[Block], words: str, below: Iterable[Block] = ()) -> Reply:
        made = kit.messages(blocks, [*below], MESSAGES, self.phrases.cut)
        text = words if len(words) <= FALLBACK else words[:FALLBACK] + "…"
        return Reply(messages=tuple(tuple(one) for one in made), text=kit.escape(text))

    def _asked(self, answer: Answer, asked_by: str | None) -> Iterator[Block]:
        if asked_by is not None:
            yield kit.context(kit.mrkdwn(self.phrases.asked.format(user=f"<@{kit.escape(asked_by)}>")))
            yield from kit.quoted(answer.question)
        if answer.standalone_question != answer.question:
            words = self.phrases.understood.format(question=answer.standalone_question)
            yield kit.context(kit.label(words[: kit.TEXT]))

    def _told(self, answer: Answer) -> Iterator[Block]:
        found = ((one.number, self._link(one)) for one in answer.citations)
        links = {number: link for number, link in found if link is not None and len(link) <= LINKS}
        yield from kit.of_prose(prose(answer.text), links)
        if answer.refusal and answer.refusal.nearest:
            yield kit.bold(self.phrases.nearest)
            yield kit.context(kit.label(self.phrases.nearest_note))
            for citation in answer.refusal.nearest:
                yield from kit.quoted(citation.quote)
                yield from self._sources([citation], numbered=False)
        if answer.citations:
            yield kit.bold(self.phrases.sources)
            yield from self._sources(answer.citations, numbered=True)

    def _below(self, answer: Answer) -> Iterator[Block]:
        if answer.kind is Kind.SMALL_TALK:
            return
        identity = self.phrases.identity.format(id=answer.id, version=answer.index_version)
        yield kit.context(kit.label(identity))
        yield self._feedback(answer)
        yield from self._suggested(answer.suggestions)

    def _sources(self, citations: Sequence[Citation], *, numbered: bool) -> Iterator[Block]:
        """A context block a document: what it is, then its citations with links where there are any."""
        ordered = sorted(citations, key=lambda one: one.document_id)
        groups = [list(group) for _, group in groupby(ordered, key=lambda one: one.document_id)]
        for group in sorted(groups, key=lambda one: one[0].number):
            first = group[0]
            known = [first.author, first.title, first.publisher, spelled(first.published)]
            named = kit.label(", ".join(one for one in known if one)[: kit.TEXT])
            marks = [self._mark(one, numbered=numbered) for one in group]
            elements = [kit.mrkdwn(one) for one in _gathered(marks)]
            yield kit.context(named, *elements[:9])
            for place in range(9, len(elements), 10):
                yield kit.context(*elements[place : place + 10])

    def _mark(self, citation: Citation, *, numbered: bool) -> str:
        """The number of a citation, its page and its link, as mrkdwn."""
        page = self.phrases.page.format(page=citation.page) if citation.page else ""
        shown = ", ".join(one for one in (f"[{citation.number}]" if numbered else "", page) if one)
        link = self._link(citation)
        if link is None or len(link) > LINKS:
            return kit.escape(shown)
        return f"<{kit.escape(link).replace('|', '%7C')}|{kit.escape(shown or self.phrases.source)}>"

    def _link(self, citation: Citation) -> str | None:
        """Where the citation is read; None when readers can reach neither its publisher nor this service."""
        if self.public_url is None and not (citation.url and citation.url.startswith(WEB)):
            return None
        return source_link(citation, self.public_url or "")

    def _feedback(self, answer: Answer) -> Block:
        buttons = {
            "type": "feedback_buttons",
            "action_id": FEEDBACK,
            "positive_button": _thumb(self.phrases.helpful, f"{UP}:{answer.id}"),
            "negative_button": _thumb(self.phrases.unhelpful, f"{DOWN}:{answer.id}"),
        }
        return {"type": "context_actions", "elements": [buttons]}

    def _suggested(self, questions: Sequence[str]) -> Iterator[Block]:
        kept = [one for one in questions if len(one) <= kit.VALUE][:SUGGESTIONS]
        if kept:
            yield kit.context(kit.label(self.phrases.suggestions))
            yield kit.actions(*(kit.button(one, f"{ASK}-{n}", one) for n, one in enumerate(kept)))


def _thumb(text: str, value: str) -> Block:
    return {"text": kit.label(text), "value": value, "accessibility_label": text}


def _gathered(marks: Sequence[str]) -> Iterator[str]:
    """The marks in lines that one element can hold."""
    line = ""
    for mark in filter(None, marks):
        if line and len(line) + len(mark) >= LINKS:
            yield line
            line = ""
        line = f"{line} {mark}" if line else mark
    if line:
        yield line
