"""A trace as lines for a terminal, or as JSON beside the answer."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict

from qa_service.channels.cli import presenting
from qa_service.domain.answer import Answer
from qa_service.domain.trace import Candidate, Contribution, Trace, Understood

LONGEST = 90  # characters of a sentence


def shown(answer: Answer, traces: Sequence[Trace], *, as_json: bool) -> str:
    """The answer, and a trace for each of its questions; as JSON the answer object with a ``trace``."""
    if not as_json:
        return "\n\n".join([presenting.answer(answer), *map(lines, traces)])
    return json.dumps(
        asdict(answer) | {"trace": [_json(one) for one in traces]}, ensure_ascii=False, indent=2
    )


def _json(trace: Trace) -> dict[str, object]:
    told = asdict(trace)
    if trace.refused_by is not None:
        told["refused_by"]["figures"] = dict(trace.refused_by.figures)
    return told


def lines(trace: Trace) -> str:
    """What was understood, considered, chosen or refused."""
    told = [*_understood(trace.understood), "", "Candidates:"]
    told += [line for one in trace.candidates for line in _candidate(one)] or ["  none"]
    if trace.winner:
        winner = trace.winner
        told += ["", f"Chosen: number {winner.rank}, lead {winner.lead:+.2f} ({_sum(winner.over)})"]
    elif trace.chosen:
        told += ["", "Chosen by its position, date or definition, not by rank"]
    if trace.refused_by:
        figures = ", ".join(f"{name} {_figure(value)}" for name, value in trace.refused_by.figures)
        told += ["", f"Refused by the check {trace.refused_by.name}{': ' if figures else ''}{figures}"]
    return "\n".join(told)


def _understood(value: Understood) -> list[str]:
    shown = {
        "Question": value.standalone,
        "Kind": f"{value.kind}{f', {value.answer_type}' if value.answer_type else ''}",
        "Actors": ", ".join(value.actors),
        "Terms": ", ".join(f"{one.stem} {one.weight:g}" for one in value.terms),
        "Names": ", ".join(value.names),
        "Numbers": ", ".join(value.numbers),
        "Read as": ", ".join(f"{one.typed} → {one.read}" for one in value.corrections),
        "Defined": value.defined or "",
        "Window": f"{value.window.first or '…'} to {value.window.last or '…'}" if value.window else "",
    }
    return [f"{name}: {text}" for name, text in shown.items() if text]


def _candidate(one: Candidate) -> list[str]:
    text = one.text if len(one.text) <= LONGEST else f"{one.text[:LONGEST]}…"
    return [
        f"  {one.rank}. {one.score:.2f}  {text}",
        f"     {_sum(one.contributions)}  {one.document_id} {one.start}–{one.end}",
    ]


def _sum(parts: Iterable[Contribution]) -> str:
    return " ".join(f"{one.feature} {one.score:+.2f}" for one in parts if one.score)


def _figure(value: float | str | tuple[str, ...]) -> str:
    if isinstance(value, tuple):
        return ", ".join(value) or "none"
    return f"{value:.2f}" if isinstance(value, float) else value
