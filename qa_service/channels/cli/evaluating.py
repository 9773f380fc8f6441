"""Questions with known answers, put to services in this process, and tables of what became of them."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from qa_service.channels.cli.scoring import Outcome, outcome
from qa_service.channels.questions import Row
from qa_service.domain.errors import InputError
from qa_service.settings import SQLITE, Settings
from qa_service.wiring import Service


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
