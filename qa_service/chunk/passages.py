"""A document's sentences become passages of about 80 to 120 words, never across a heading."""

from collections.abc import Sequence

from qa_service.domain.document import BlockKind, Document
from qa_service.domain.passage import Passage, Sentence

ENOUGH = 80  # words: a passage may close at a paragraph's end
FULL = 120  # words: a passage closes before the sentence that would pass this
TAIL = 40  # words: a shorter rest of a section joins the passage before it
CONTEXT_KINDS = {BlockKind.TITLE, BlockKind.BYLINE, BlockKind.HEADING}


def passages(document: Document, sentences: Sequence[Sentence]) -> tuple[Passage, ...]:
    """Passages that tile ``document.text``; () only for a document without sentences."""
    groups = [group for section in _sections(sentences) for group in _groups(document.text, section)]
    starts = [0, *(group[0].start for group in groups[1:]), len(document.text)]
    made: list[Passage] = []
    heading: str | None = None
    for ordinal, group in enumerate(groups):
        heading = _heading(document.text, group) or heading
        made.append(
            Passage(
                id=f"{document.id}:{ordinal}",
                document_id=document.id,
                ordinal=ordinal,
                start=starts[ordinal],
                end=starts[ordinal + 1],
                section=heading,
                sentences=tuple(group),
            )
        )
    return tuple(made)


def _sections(sentences: Sequence[Sentence]) -> list[list[Sentence]]:
    """Runs that begin with a heading; headings that follow each other directly share one run."""
    sections: list[list[Sentence]] = []
    for sentence in sentences:
        opens = sentence.kind is BlockKind.HEADING and _has_text(sections)
        if opens or not sections:
            sections.append([])
        sections[-1].append(sentence)
    return sections


def _has_text(sections: list[list[Sentence]]) -> bool:
    return bool(sections) and any(sentence.kind not in CONTEXT_KINDS for sentence in sections[-1])


def _groups(text: str, section: list[Sentence]) -> list[list[Sentence]]:
    groups: list[list[Sentence]] = [[]]
    words = 0
    for sentence in section:
        size = 0 if sentence.kind in CONTEXT_KINDS else len(text[sentence.start : sentence.end].split())
        new_paragraph = bool(groups[-1]) and sentence.block != groups[-1][-1].block
        if words and (words + size > FULL or (words >= ENOUGH and new_paragraph)):
            groups.append([])
            words = 0
        groups[-1].append(sentence)
        words += size
    if len(groups) > 1 and words < TAIL:
        tail = groups.pop()
        groups[-1] += tail
    return groups


def _heading(text: str, group: list[Sentence]) -> str | None:
    headings = [text[s.start : s.end] for s in group if s.kind is BlockKind.HEADING]
    return headings[-1] if headings else None
