"""Domain values as lines for a terminal, or as the JSON of the contract."""

import json
import re
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from qa_service.channels.questions import DISLIKED, Disliked, reason
from qa_service.domain.answer import Answer, Citation
from qa_service.domain.document import Document
from qa_service.domain.pack import Recorded
from qa_service.verify import Finding

if TYPE_CHECKING:
    from qa_service.gathering import Report  # what reads files is imported by the command that does

HIDDEN = {"text", "blocks", "pages"}
ESCAPED = re.compile(r"\\([\\`*_\[\]<>|~])")  # Markdown's escapes, which a terminal would show


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


def answer_json(answer: Answer) -> str:
    """The answer object."""
    return _json(asdict(answer))


def answer(value: Answer) -> str:
    """The text, then a line a citation; a refusal's nearest passages are told apart from an answer."""
    lines = [ESCAPED.sub(r"\1", value.text)]
    if value.citations:
        lines += ["", *(_reference(one) for one in value.citations)]
    if value.refusal and value.refusal.nearest:
        lines += ["", "Nearest passages (not an answer):"]
        lines += [f"  “{one.quote}” {_place(one)}" for one in value.refusal.nearest]
    if value.refusal and value.suggestions:
        lines += ["", "Questions that these documents answer:", *(f"  {one}" for one in value.suggestions)]
    return "\n".join(lines)


def _reference(citation: Citation) -> str:
    return f"[{citation.number}] {_place(citation)}"


def _place(citation: Citation) -> str:
    known = [citation.author, citation.title, citation.published, citation.section]
    page = [f"p. {citation.page}"] if citation.page else []
    span = f"{citation.document_id} {citation.start}–{citation.end}"
    return ", ".join([*(one for one in known if one), *page, span])


def report(value: "Report") -> str:
    """What became of the files."""
    counts = f"{len(value.added)} added, {len(value.known)} known already, {len(value.rejected)} rejected"
    return "\n".join([*(f"added {one}" for one in value.added), f"{counts}; index version {value.version}"])


def report_json(value: "Report") -> str:
    """What became of the files."""
    return _json(asdict(value))


def verdicts(findings: Sequence[Finding]) -> str:
    """A line a citation."""
    lines = [f"[{one.number}] {one.document_id}: {one.problem or 'valid'}" for one in findings]
    return "\n".join(lines) or "no citations"


def verdicts_json(findings: Sequence[Finding]) -> str:
    """The verdicts."""
    return _json(
        {"valid": all(one.valid for one in findings), "citations": [asdict(one) for one in findings]}
    )


def unanswered(refused: Sequence[Recorded], disliked: Sequence[Disliked]) -> str:
    """A line a question: why it was refused, or that a reader's thumb is down, and what was asked, with the
    questions before it; then what the reader said.
    """
    lines = {one.message: f"{reason(one)}\t{_asked(one)}" for one in refused}
    for one, comment in disliked:
        said = f"\t{' '.join(comment.split())}" if comment else ""
        lines[one.message] = f"{DISLIKED}\t{_asked(one)}{said}"
    return "\n".join(lines.values())


def _asked(one: Recorded) -> str:
    return " | ".join([*one.message.history, one.message.text])


def documents(found: Sequence[Document]) -> str:
    """A line a document."""
    return "\n".join(f"{one.id}\t{one.published or '–'}\t{one.author or '–'}\t{one.title}" for one in found)


def documents_json(found: Sequence[Document]) -> str:
    """The documents without their texts."""
    rows = [{name: item for name, item in asdict(one).items() if name not in HIDDEN} for one in found]
    return _json(rows)


def document(value: Document) -> str:
    """What is known of a document, then its text."""
    known = {name: item for name, item in asdict(value).items() if name not in HIDDEN and item is not None}
    return "\n".join([*(f"{name}: {item}" for name, item in known.items()), "", value.text])
