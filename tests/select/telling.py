"""Documents told in a test, and what is chosen from them."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from building import settings_in

from qa_service.answering import Desk
from qa_service.domain.answer import Answer
from qa_service.domain.evidence import Findings
from qa_service.domain.question import Message, Question
from qa_service.select.inquiry import Inquiry
from qa_service.wiring import Service


@dataclass(frozen=True)
class Told:
    """Documents that were told, ready to be asked."""

    desk: Desk

    def question(self, text: str, *history: str) -> Question:
        return self.desk.understanding.question(Message(text=text, history=history))

    def inquiry(self, text: str) -> Inquiry:
        return self.desk.selection.inquiry(self.question(text))

    def findings(self, text: str, *history: str) -> Findings:
        return self.desk.selection.findings(self.question(text, *history))

    def answer(self, text: str, *history: str) -> Answer:
        return self.desk.answer(Message(text=text, history=history))

    def quotes(self, text: str) -> list[str]:
        """The evidence as text, best first."""
        return [
            self.desk.edition.text(one.passage, one.start, one.end) for one in self.findings(text).evidence
        ]

    def short(self, text: str) -> str | None:
        """The short answer: the words quoted, or the verdict."""
        findings = self.findings(text)
        short = findings.short
        if short is None:
            return None
        return short.verdict or self.desk.edition.text(findings.evidence[0].passage, short.start, short.end)

    def check(self, text: str, *history: str) -> str | None:
        """The name of the check that refused; None for an answer."""
        findings = self.findings(text, *history)
        return findings.check.name if findings.check and findings.reason else None


Tell = Callable[..., Told]


def told(folder: Path, texts: tuple[str, ...]) -> Told:
    files = [folder / f"{number}.md" for number, _ in enumerate(texts)]
    for file, text in zip(files, texts, strict=True):
        file.write_text(text, encoding="utf-8")
    service = Service(settings_in(folder))
    service.prepare()
    assert not service.indexing.ingest(files).rejected
    return Told(service.answering.desk)
