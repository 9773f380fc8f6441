"""The tools: arguments in, a shape of models.py or an Answer out. Nothing here knows the protocol."""

from dataclasses import dataclass
from urllib.parse import quote

from qa_service.answering import Desk
from qa_service.channels import counts, limits
from qa_service.channels.mcp.models import (
    AskArguments,
    FetchArguments,
    Fetched,
    Result,
    Results,
    SearchArguments,
)
from qa_service.compose import messages
from qa_service.compose.links import source_link
from qa_service.domain.answer import Answer, Citation
from qa_service.domain.document import Document
from qa_service.domain.edition import Edition
from qa_service.domain.errors import NotFoundError
from qa_service.domain.evidence import Evidence
from qa_service.domain.passage import Passage
from qa_service.verify import citations
from qa_service.wiring import Service


@dataclass(frozen=True)
class Tools:
    """The tools over one service, which is reached at ``base``. They raise QAError."""

    service: Service
    base: str

    def search(self, asked: SearchArguments) -> Results:
        """Passages that hold words of the query, best first."""
        message = limits.message(self.service, asked.query)

        def found(desk: Desk) -> Results:
            hits = desk.search(message, asked.limit)
            return Results(results=[self._result(hit.passage, desk.edition) for hit in hits])

        return self.service.answering.read(found)

    def fetch(self, asked: FetchArguments) -> Fetched:
        """The text of a passage or a document. Raises NotFoundError."""
        return self.service.answering.read(lambda desk: self._fetched(asked, desk.edition))

    def _fetched(self, asked: FetchArguments, edition: Edition) -> Fetched:
        if asked.id in edition.documents:
            return self._document(edition.proved(asked.id))
        passages = edition.passages_of(asked.id.rpartition(":")[0])
        passage = next((one for one in passages if one.id == asked.id), None)
        if passage is None:
            raise NotFoundError("There is no passage or document of that id; search finds ids.", "id")
        return self._passage(passage, edition)

    def ask(self, asked: AskArguments) -> Answer:
        """The answer, which may be a refusal."""
        message = limits.message(self.service, asked.question, asked.history, asked.documents)
        return counts.answered(self.service, "mcp", self.service.answering.answer(message))

    def told(self, answer: Answer) -> str:
        """The answer as Markdown with its sources."""
        return messages.message(answer, self._link, self.service.templates)

    def _result(self, passage: Passage, edition: Edition) -> Result:
        cited = _cited(passage, edition)
        return Result(
            id=passage.id,
            title=_titled(cited),
            url=self._link(cited),
            text=cited.quote,
            document_id=passage.document_id,
        )

    def _passage(self, passage: Passage, edition: Edition) -> Fetched:
        cited = _cited(passage, edition)
        place = {
            "document_id": cited.document_id,
            "section": cited.section,
            "page": cited.page,
            "start": cited.start,
            "end": cited.end,
        }
        known = _known(edition.documents[cited.document_id]) | _told(place)
        return Fetched(
            id=passage.id, title=_titled(cited), text=cited.quote, url=self._link(cited), metadata=known
        )

    def _document(self, document: Document) -> Fetched:
        url = document.url or f"{self.base.rstrip('/')}/documents/{quote(document.id, safe='')}"
        return Fetched(
            id=document.id, title=document.title, text=document.text, url=url, metadata=_known(document)
        )

    def _link(self, citation: Citation) -> str:
        return source_link(citation, self.base)


def _cited(passage: Passage, edition: Edition) -> Citation:
    """The passage as if it were quoted, without the blank lines around it."""
    text = edition.text(passage, passage.start, passage.end)
    start = passage.start + len(text) - len(text.lstrip())
    evidence = Evidence(passage=passage, start=start, end=start + len(text.strip()))
    (cited,) = citations([evidence], edition)
    return cited


def _titled(cited: Citation) -> str:
    return f"{cited.title}: {cited.section}" if cited.section else cited.title


def _known(document: Document) -> dict[str, str]:
    return _told(
        {
            "author": document.author,
            "published": document.published,
            "publisher": document.publisher,
            "language": document.language,
            "sha256": document.sha256,
        }
    )


def _told(values: dict[str, str | int | None]) -> dict[str, str]:
    return {name: str(value) for name, value in values.items() if value is not None}
