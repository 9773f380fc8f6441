"""An Answer becomes a Reply: the text as it is sent, and where its citations stand in it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qa_service.compose.messages import Link, message
from qa_service.compose.templates import Templates
from qa_service.domain.answer import Answer, Citation

MARK = re.compile(r"(?<!\\)\[(\d+)\](?!\()")  # a quote's own brackets are escaped
PIECES = 12  # of a streamed text at most, so that a stream ends soon


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A citation's marker: ``text[start:end] == "[1]"`` in code points of the text as sent."""

    start: int
    end: int
    url: str
    title: str
    quote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A text with the markers in it. ``words`` are those that were read; ``version`` is the index's."""

    id: str
    text: str
    marks: tuple[Mark, ...] = ()
    words: int = 0
    version: str = ""

    @property
    def pieces(self) -> tuple[str, ...]:
        """The text in whole lines, to be streamed; joined they are the text."""
        lines = self.text.splitlines(keepends=True)
        each = -(-len(lines) // PIECES) or 1
        return tuple("".join(lines[first : first + each]) for first in range(0, len(lines), each))


def reply(answer: Answer, link: Link, templates: Templates, words: int) -> Reply:
    """The answer with its sources, as one Markdown text."""
    text = message(answer, link, templates)
    marks = tuple(_marks(text, answer.citations, link))
    return Reply(id=answer.id, text=text, marks=marks, words=words, version=answer.index_version)


def _marks(text: str, citations: Sequence[Citation], link: Link) -> Iterator[Mark]:
    numbered = {one.number: one for one in citations}
    for found in MARK.finditer(text):
        cited = numbered.get(int(found[1]))
        if cited is not None:
            start, end = found.span()
            yield Mark(start=start, end=end, url=link(cited), title=cited.title, quote=cited.quote)
