"""A document and its sentences go in; the dates in them come out, each with what it is to its sentence."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from qa_service.annotate.dates import Dated, dates_in
from qa_service.annotate.intervals import Interval, of_iso
from qa_service.annotate.marks import DATE
from qa_service.annotate.readings import Anchor
from qa_service.domain.annotation import Event, EventRole
from qa_service.domain.document import BlockKind, Document
from qa_service.domain.passage import Sentence

#: What stands before a date is told by fewer characters than this; no pattern below is longer.
_NEAR = 80
_TOLD = (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM)
#: A digit first, then what stands before it: a search skips to the digit.
_YEAR = re.compile(r"[12](?<![\d$,.].)(?:(?<=1)[5-9]|(?<=2)0)\d\d(?!\d|,\d|%)")
_BOUND = re.compile(
    r"\b(?:since|until|till|by|before|prior to|ahead of|through|as of|no later than|up to|dating back to|"
    r"going back to|starting|beginning|effective)(?: the| about| at least)?\s*$",
    re.IGNORECASE,
)
#: "the [14 April] meeting", "a [2015] deal", "Iran's [2015] pledge": the date only tells which one.
_DETERMINER = re.compile(
    r"(?:\b(?:the|a|an|this|that|its|their|his|her|our|each|any|no)|['’]s)\s*$", re.IGNORECASE
)
_NOUN_NEXT = re.compile(
    r"\s(?!(?:and|or|to|when|that|which|who|but|as|in|on|at|by|of|for|with|was|were|is|are|has|had|have|will|"
    r"would|the|after|before|between|from|over|under|she|they|its|during|until|while|where|because|since|"
    r"through|into|than)\b)[a-z]{3,}"
)
_AT_TIME = re.compile(r"(?:^|\b(?:in|on|by|since|of))\s*$", re.IGNORECASE)
_CAPITAL_NEXT = re.compile(r"\s[A-Z][\w-]+")
_FRONTED = re.compile(r"^(?:At|During|In|Following|After|With|On)\s(?:the|a|an|its|their|his)\s*$")
_REPORT = re.compile(
    r"\b(?:reports?|e-?mails?|interviews?|letters?|memorand(?:um|a)|articles?|correspondence|testimony|"
    r"updated|accessed|published|dated|press releases?|statements? of)\b[^.;,]{0,20}$",
    re.IGNORECASE,
)
#: A noun between the date and a verb of the present tense: the date is told in passing.
_IN_PASSING = re.compile(
    r"\b(?:drawdown|withdrawal|invasion|revolution|independence|death|collapse|fall|end)\b[^.;,]{0,40}"
    r"\b(?:in|of)\s*$"
)
_PRESENT = re.compile(r"^[^.;]{0,60}?\b(?:is|are|has|have) (?:now |been |being )?\w+(?:ing|ed|en)\b")


def events_of(document: Document, sentences: Sequence[Sentence], marks: Sequence[int]) -> tuple[Event, ...]:
    """An event for each date of the running text, in text order.

    A date without a year is counted from the document's own date, or in a text about the past from the
    last one told with a year; where neither is known there is no event.
    """
    told = [
        sentence
        for sentence, mark in zip(sentences, marks, strict=True)
        if mark & DATE and sentence.kind in _TOLD
    ]
    anchor = Anchor(published=of_iso(document.published), historical=_is_historical(document, told))
    events: list[Event] = []
    for sentence in told:
        dated = dates_in(document.text, sentence.start, sentence.end, anchor)
        events.extend(_event(document.text, sentence, one) for one in dated)
        if dated:
            anchor = replace(anchor, last=_last(dated, anchor.last))
    return tuple(events)


def _is_historical(document: Document, told: Sequence[Sentence]) -> bool:
    """Whether most of the years named (four at least) are more than one year from publication."""
    published = of_iso(document.published)
    years = [int(year) for sentence in told for year in _years(document.text, sentence)]
    if published is None:
        return True
    distant = sum(abs(year - published.first.year) > 1 for year in years)
    return len(years) >= 4 and distant >= 0.6 * len(years)


def _years(text: str, sentence: Sentence) -> Iterator[str]:
    return (match.group() for match in _YEAR.finditer(text, sentence.start, sentence.end))


def _last(dated: Sequence[Dated], last: Interval | None) -> Interval | None:
    explicit = [one.interval for one in dated if one.explicit]
    return explicit[-1] if explicit else last


def _event(text: str, sentence: Sentence, dated: Dated) -> Event:
    return Event(
        start=sentence.start,
        end=sentence.end,
        date_start=dated.start,
        date_end=dated.end,
        first=dated.interval.first.isoformat(),
        last=dated.interval.last.isoformat(),
        precision=dated.interval.precision,
        modifier=dated.interval.modifier,
        role=_role(text[sentence.start : dated.start], text[dated.end : sentence.end]),
    )


def _role(before: str, after: str) -> EventRole:
    if before.count("(") > before.count(")") or before.count("[") > before.count("]"):
        return EventRole.BACKGROUND
    near = before.rstrip()[-_NEAR:]
    if _REPORT.search(before[-_NEAR:]) or (_IN_PASSING.search(near) and _PRESENT.search(after)):
        return EventRole.BACKGROUND
    if not _FRONTED.match(before) and _is_modifier(near, after):
        return EventRole.MODIFIER
    return EventRole.BOUND if _BOUND.search(near) else EventRole.EVENT


def _is_modifier(before: str, after: str) -> bool:
    """ "the 14 April meeting", "1972 ABM Treaty"; "At the November 1974 Summit, …" is the event itself."""
    if _DETERMINER.search(before):
        return bool(_NOUN_NEXT.match(after) or _CAPITAL_NEXT.match(after))
    return bool(_CAPITAL_NEXT.match(after)) and not _AT_TIME.search(before)
