"""What a document is about, who wrote it, and what is indexed."""

import re

from qa_service.domain.answer import RefusalReason
from qa_service.domain.document import BlockKind
from qa_service.domain.evidence import Check, Evidence, Findings
from qa_service.domain.question import AnswerType
from qa_service.select.inquiry import Inquiry
from qa_service.select.refusing import refusal
from qa_service.select.views import SentenceView

ABSTRACTS = frozenset(
    {"synopsis", "summary", "abstract", "executive summary", "overview", "key points", "introduction"}
)
TELLS_AUTHOR = re.compile(
    r"\bauthor\b[^.;:]{0,40} (?:is|was) [A-Z]\w+|[A-Z]\w+ [A-Z]\w+,? (?:is |was )?the author\b"
)
SENTENCES = 3  # of each document
DOCUMENTS = 5


def summary(inquiry: Inquiry) -> Findings:
    """The document's own synopsis, else how it opens; of everything indexed, the best documents' openings."""
    if inquiry.question.answer_type is AnswerType.CATALOGUE:
        return _openings(inquiry, 1)
    return _openings(inquiry, SENTENCES if len(inquiry.edition.documents) == 1 else 2)


def _openings(inquiry: Inquiry, sentences: int) -> Findings:
    evidence: list[Evidence] = []
    for document in inquiry.documents[:DOCUMENTS]:
        views = [view for view in inquiry.views.document(document.id) if view.is_text]
        abstract = [view for view in views if (view.passage.section or "").strip().lower() in ABSTRACTS]
        evidence += [inquiry.evidence(view) for view in (abstract or views)[:sentences]]
    if not evidence:
        return refusal(inquiry, RefusalReason.NOT_IN_CORPUS, Check(name="openings"))
    return Findings(evidence=tuple(evidence))


def authorship(inquiry: Inquiry) -> Findings:
    """The byline as it stands in the document, else a sentence that names the author."""
    evidence: list[Evidence] = []
    for document in inquiry.documents[:DOCUMENTS]:
        views = inquiry.views.document(document.id)
        bylines = [view for view in views if view.sentence.kind is BlockKind.BYLINE]
        told = [view for view in views if view.is_text and _tells_author(view)]
        evidence += [inquiry.evidence(view) for view in (told[:1] or bylines[:1])]
    if not evidence:
        return refusal(inquiry, RefusalReason.NOT_IN_CORPUS, Check(name="byline"))
    return Findings(evidence=tuple(evidence))


def _tells_author(view: SentenceView) -> bool:
    return bool(TELLS_AUTHOR.search(view.text))
