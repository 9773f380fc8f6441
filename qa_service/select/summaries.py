"""What a document is about, who wrote it, and what is indexed."""

import re
from collections.abc import Callable

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
    r"\bauthor\b[^.;:]{0,40} (?:is|was) [A-Z]\w+|[A-Z]\w{1,79} [A-Z]\w{1,79},? (?:is |was )?the author\b"
)
DATE_LINE = re.compile(
    r"^\W*(?:(?:date|published|publication date|issued|posted)\b\D{0,12}"
    r"|(?:\d{1,2} )?(?:[A-Z]\w+\.? (?:\d{1,2},? )?)?)\d[\d/.-]{3,9}\b",
    re.IGNORECASE,
)
ASKING = frozenset("write publish publisher publication issu releas titl date writer".split())  # stems
GREETING = re.compile(
    r"^\W*(?:thank(?:s| you)|ladies and gentlemen|good (?:morning|afternoon|evening)|dear |excellenc"
    r"|distinguished |madam\b|mr\.? (?:president|chair|speaker|secretary)"
    r"|it is (?:a|an|my|with) (?:great |special )?(?:pleasure|honou?r|privilege)"
    r"|i am (?:\w+ )?(?:pleased|honou?red|grateful|delighted|privileged)"
    r"|(?:let|allow|permit) me (?:\w+ )?(?:begin|start|to|also|first)"
    r"|(?:i|we) (?:\w+ )?(?:thank|congratulate)"
    r"|i (?:would like|want|wish) to (?:thank|begin|start|congratulate|express))",
    re.IGNORECASE,
)
SENTENCES = 3  # of each document
DOCUMENTS = 5


def summary(inquiry: Inquiry) -> Findings:
    """The document's own synopsis, else how it opens, after a speaker's greetings; of everything indexed, the
    best documents' openings."""
    if inquiry.question.answer_type is AnswerType.CATALOGUE:
        return _openings(inquiry, 1)
    return _openings(inquiry, SENTENCES if len(inquiry.edition.documents) == 1 else 2)


def _openings(inquiry: Inquiry, sentences: int) -> Findings:
    evidence: list[Evidence] = []
    for document in inquiry.documents[:DOCUMENTS]:
        views = [view for view in inquiry.views.document(document) if view.is_text]
        abstract = [view for view in views if (view.passage.section or "").strip().lower() in ABSTRACTS]
        told = [view for view in views if not GREETING.match(view.text)]
        evidence += [inquiry.evidence(view) for view in (abstract or told or views)[:sentences]]
    if not evidence:
        return refusal(inquiry, RefusalReason.NOT_IN_CORPUS, Check(name="openings"))
    return Findings(evidence=tuple(evidence))


def authorship(inquiry: Inquiry) -> Findings:
    """The line that says who wrote or published the document, or when, or its title; else no answer."""
    tells = next(tells for asked, tells in ASKED if asked.search(inquiry.question.core))
    evidence: list[Evidence] = []
    topic = [term for term in inquiry.question.terms if term.stem not in ASKING]
    for document in inquiry.documents[: 1 if topic else DOCUMENTS]:
        views = inquiry.views.document(document)
        evidence += [inquiry.evidence(view) for view in [view for view in views if tells(inquiry, view)][:1]]
    if not evidence:
        return refusal(inquiry, RefusalReason.NOT_IN_CORPUS, Check(name="byline"))
    return Findings(evidence=tuple(evidence))


def authors_of(inquiry: Inquiry, document_id: str) -> frozenset[str]:
    """The stems of the author's names, as the document states or tells them."""
    told = [view.text for view in inquiry.views.document(document_id) if view.is_text and _tells_author(view)]
    return inquiry.views.stems(" ".join([inquiry.edition.documents[document_id].author or "", *told]))


def _tells_author(view: SentenceView) -> bool:
    return bool(TELLS_AUTHOR.search(view.text))


def _author(inquiry: Inquiry, view: SentenceView) -> bool:
    """A sentence that names the author, else the byline that does."""
    views = inquiry.views.document(view.passage.document_id)
    if any(other.is_text and _tells_author(other) for other in views):
        return view.is_text and _tells_author(view)
    return _byline_of(inquiry, view, inquiry.edition.documents[view.passage.document_id].author)


def _publisher(inquiry: Inquiry, view: SentenceView) -> bool:
    publisher = inquiry.edition.documents[view.passage.document_id].publisher
    return _byline_of(inquiry, view, publisher) and view.stems == inquiry.views.stems(publisher or "")


def _byline_of(inquiry: Inquiry, view: SentenceView, name: str | None) -> bool:
    named = inquiry.views.stems(name or "")
    return view.sentence.kind is BlockKind.BYLINE and bool(named) and named <= view.stems


def _date(_: Inquiry, view: SentenceView) -> bool:
    return view.sentence.kind is BlockKind.BYLINE and bool(DATE_LINE.match(view.text))


def _title(_: Inquiry, view: SentenceView) -> bool:
    return view.sentence.kind is BlockKind.TITLE


ASKED: tuple[tuple[re.Pattern[str], Callable[[Inquiry, SentenceView], bool]], ...] = (
    (re.compile(r"\bwhen\b|\bdate\b", re.IGNORECASE), _date),
    (re.compile(r"\btitle\b", re.IGNORECASE), _title),
    (re.compile(r"\bpublish", re.IGNORECASE), _publisher),
    (re.compile(""), _author),
)
