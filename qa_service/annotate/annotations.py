"""A document and its sentences go in; all that was found in them comes out."""

from collections.abc import Sequence

from qa_service.annotate.acronyms import by_initials
from qa_service.annotate.aliases import Aliases
from qa_service.annotate.definitions import definitions_of
from qa_service.annotate.events import events_of
from qa_service.annotate.names import names_of
from qa_service.annotate.positions import positions_of
from qa_service.annotate.rows import numbered
from qa_service.annotate.tokens import Token, tokens_of
from qa_service.domain.annotation import Annotations
from qa_service.domain.document import Document
from qa_service.domain.passage import Sentence


def annotate(document: Document, sentences: Sequence[Sentence], aliases: Aliases) -> Annotations:
    """Names, positions, events and definitions of a document, each kind in text order.

    Titles, bylines and headings are context: they name actors but hold no positions or events.
    """
    tokens, marks = _tokens(document, sentences)
    initials = by_initials(document.text)
    names = names_of(document.text, tokens, aliases, initials)
    positions = numbered(document.text, positions_of(names, sentences, tokens), sentences)
    speakers = {actor for position in positions for actor in position.actors}
    return Annotations(
        mentions=names.mentions(speakers),
        positions=positions,
        events=events_of(document, sentences, marks),
        definitions=definitions_of(document.text, sentences, marks, initials),
    )


def _tokens(document: Document, sentences: Sequence[Sentence]) -> tuple[list[list[Token]], list[int]]:
    """Tokens and marks of each sentence; a quotation may run over sentences, but not over blocks."""
    tokens: list[list[Token]] = []
    marks: list[int] = []
    quoted, block = False, -1
    for sentence in sentences:
        quoted = quoted and sentence.block == block
        found, quoted, mark = tokens_of(document.text, sentence.start, sentence.end, quoted)
        tokens.append(found)
        marks.append(mark)
        block = sentence.block
    return tokens, marks
