"""A question with a known answer and the answer that was given become an Outcome: passed, or what is wrong.

An answerable question passes when it is answered, its quotes cover a span of every group of evidence, its
text says what it has to and nothing that it must not, every statement is cited, and it keeps to the point:
at most twice as many quotes as groups and two more, one of the first two being evidence. A question without
an answer passes when it is refused, or when the quotes show what contradicts it. A quote that is not its
span of the text fails any question.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from qa_service.channels.questions import Row
from qa_service.domain.answer import Answer, Citation
from qa_service.domain.document import Document

COVERED = 0.7  # of a span, in one piece: a quote may begin or end elsewhere
FOLDED = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "-"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a question: it passed when there are no ``problems``.

    ``recall`` is the share of the groups of evidence that are quoted, ``invalid`` counts wrong citations.
    """

    row: Row
    problems: tuple[str, ...] = ()
    recall: float = 0.0
    quotes: int = 0
    invalid: int = 0

    @property
    def passed(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems


def outcome(
    row: Row, answer: Answer | None, documents: Mapping[str, Document], *, evidence: bool = True
) -> Outcome:
    """What became of one row; ``answer`` is None when its question was not one that can be asked."""
    if answer is None:
        return Outcome(row=row, problems=("cannot be asked",) if row.answerable else ())
    invalid = sum(not _valid(one, documents) for one in answer.citations)
    problems = [f"{invalid} invalid citations"] if invalid else []
    told = [_folded(one.quote) for one in answer.citations]
    if row.answerable:
        groups = row.evidence if evidence else ()
        covered = [any(covers(quote, span) for span in group for quote in told) for group in groups]
        problems += _problems(row, answer, told, list(zip(groups, covered, strict=True)))
        recall = sum(covered) / len(covered) if covered else 1.0
    else:
        problems += _wrongly_answered(row, answer, told, evidence=evidence)
        recall = 0.0
    return Outcome(row=row, problems=tuple(problems), recall=recall, quotes=len(told), invalid=invalid)


def _valid(citation: Citation, documents: Mapping[str, Document]) -> bool:
    document = documents.get(citation.document_id)
    return document is not None and document.text[citation.start : citation.end] == citation.quote


def _wrongly_answered(row: Row, answer: Answer, told: Sequence[str], *, evidence: bool) -> list[str]:
    shown = any(covers(quote, span) for span in row.or_evidence for quote in told)
    contradicted = shown or (not evidence and row.or_evidence)
    return ["answered, though the text does not"] if answer.answered and not contradicted else []


Checked = list[tuple[tuple[str, ...], bool]]


def _problems(row: Row, answer: Answer, told: Sequence[str], checked: Checked) -> Iterator[str]:
    if not answer.answered:
        yield "refused"
    elif not answer.statements or not all(one.citations for one in answer.statements):
        yield "a statement without a citation"
    yield from (f"not quoted: {group[0][:60]}" for group, covered in checked if not covered)
    yield from _wording(row, answer)
    yield from _focus(told, checked)


def _wording(row: Row, answer: Answer) -> Iterator[str]:
    text = _folded(answer.text)
    yield from (f"does not say {' or '.join(one)}" for one in row.mention if not _says(text, one))
    yield from (f"says {one[:50]}" for one in row.avoid if _says(text, [one]))
    if row.kind and answer.kind.value != row.kind:
        yield f"is a {answer.kind.value}, not a {row.kind}"


def _focus(told: Sequence[str], checked: Checked) -> Iterator[str]:
    if not checked or not told:
        return
    if len(told) > 2 * len(checked) + 2:
        yield f"{len(told)} quotes for {len(checked)} groups of evidence"
    if not any(covers(quote, span) for quote in told[:2] for group, _ in checked for span in group):
        yield "neither of the first two quotes is evidence"


def _says(text: str, alternatives: Sequence[str]) -> bool:
    return any(_folded(one) in text for one in alternatives)


def _folded(text: str) -> str:
    return " ".join(text.translate(FOLDED).split()).casefold()


def covers(quote: str, span: str) -> bool:
    """Whether a folded quote holds a span of the text, or most of it in one piece."""
    wanted = _folded(span)
    if wanted in quote:
        return True
    blocks = SequenceMatcher(None, quote, wanted, autojunk=False)
    return blocks.find_longest_match(0, len(quote), 0, len(wanted)).size >= COVERED * len(wanted)
