"""Questions with known answers, put to a service in this process, and what became of each.

An answerable question passes when it is answered, its quotes cover a span of every group of evidence, its
text says what it has to and nothing that it must not, every statement is cited, and it keeps to the point:
at most twice as many quotes as groups and two more, one of the first two being evidence. A question without
an answer passes when it is refused, or when the quotes show what contradicts it. A quote that is not its
span of the text fails any question.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from difflib import SequenceMatcher
from pathlib import Path
from tempfile import TemporaryDirectory

from qa_service.channels.cli.questions import Row
from qa_service.domain.answer import Answer, Citation
from qa_service.domain.document import Document
from qa_service.domain.errors import InputError
from qa_service.settings import SQLITE, Settings
from qa_service.wiring import Service

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


def outcomes(service: Service, rows: Sequence[Row], *, evidence: bool = True) -> list[Outcome]:
    """The outcome of each row on one store. Without ``evidence`` what is quoted does not matter."""
    documents = service.answering.desk.edition.documents
    longest = service.settings.question_characters
    made = []
    for row in rows:
        asked = row.question.strip() and len(row.question) <= longest
        answer = service.answering.answer(row.message) if asked else None
        made.append(outcome(row, answer, documents, evidence=evidence))
    return made


def by_document(settings: Settings, rows: Sequence[Row], files: Path, *, together: bool) -> list[Outcome]:
    """The outcomes of rows that name their files, each document in a store of its own, or all in one.

    Raises InputError when a file is not taken.
    """
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault("" if together else row.doc, []).append(row)
    made = []
    for group in groups.values():
        paths = sorted({files / form for row in group for form in row.forms})
        with TemporaryDirectory() as folder:
            made += _in_store(settings, group, paths, Path(folder) / "store.db")
    return made


def _in_store(settings: Settings, rows: Sequence[Row], paths: Sequence[Path], store: Path) -> list[Outcome]:
    service = Service(unrecorded(settings.model_copy(update={"store": f"{SQLITE}{store}"})))
    try:
        service.prepare()
        rejected = service.indexing.ingest(paths).rejected
        if rejected:
            raise InputError(f"{rejected[0].name}: {rejected[0].reason}")
        return outcomes(service, rows)
    finally:
        service.close()


def unrecorded(settings: Settings) -> Settings:
    """The same settings for questions that nobody asked."""
    return settings.model_copy(update={"record_answers": False})


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


# What is shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """What became of many questions."""

    passed: int
    asked: int
    answered: int
    answerable: int
    refused: int
    unanswerable: int
    recall: float
    invalid: int


def totals(found: Sequence[Outcome]) -> Totals:
    """The sums over outcomes; recall is the mean over answerable questions."""
    can = [one for one in found if one.row.answerable]
    return Totals(
        passed=_passed(found),
        asked=len(found),
        answered=_passed(can),
        answerable=len(can),
        refused=_passed(found) - _passed(can),
        unanswerable=len(found) - len(can),
        recall=_mean(can, lambda one: one.recall),
        invalid=sum(one.invalid for one in found),
    )


def shown(found: Sequence[Outcome], *, failures: bool, as_json: bool) -> str:
    """The table, after the failures if wished; or each outcome as JSON."""
    if as_json:
        rows = [
            {**asdict(one), "row": one.row.model_dump(mode="json"), "passed": one.passed} for one in found
        ]
        return json.dumps({"totals": asdict(totals(found)), "outcomes": rows}, ensure_ascii=False, indent=2)
    return "\n".join(part for part in (failed(found) if failures else "", table(found)) if part)


def table(found: Sequence[Outcome]) -> str:
    """A line a type of question, then the totals."""
    types = dict.fromkeys(one.row.type for one in found)
    lines = [f"{'type':<20}{'passed':>10}{'recall':>9}{'quotes':>9}"]
    for name in types:
        group = [one for one in found if one.row.type == name]
        can = [one for one in group if one.row.answerable]
        recall = f"{_mean(can, lambda one: one.recall):.2f}" if can else "–"
        passed = f"{_passed(group)}/{len(group)}"
        lines.append(f"{name:<20}{passed:>10}{recall:>9}{_mean(group, lambda one: one.quotes):>9.1f}")
    sums = totals(found)
    lines.append(
        f"passed {sums.passed}/{sums.asked}: answerable {sums.answered}/{sums.answerable}, "
        f"refused rightly {sums.refused}/{sums.unanswerable}; "
        f"evidence recall {sums.recall:.3f}, invalid citations {sums.invalid}"
    )
    return "\n".join(lines)


def failed(found: Sequence[Outcome]) -> str:
    """Two lines a question that failed: what was asked, and what is wrong."""
    return "\n".join(
        f"FAIL {one.row.id} [{one.row.type}] {' | '.join([*one.row.history, one.row.question])}\n"
        f"     {'; '.join(one.problems)}"
        for one in found
        if not one.passed
    )


def _passed(found: Sequence[Outcome]) -> int:
    return sum(one.passed for one in found)


def _mean(found: Sequence[Outcome], of: Callable[[Outcome], float]) -> float:
    return sum(of(one) for one in found) / len(found) if found else 1.0
