"""Two actors side by side: for each issue a cell an actor, each cell a quote."""

import re
from collections.abc import Sequence
from itertools import groupby, islice

from qa_service.domain.annotation import Position
from qa_service.domain.answer import RefusalReason
from qa_service.domain.evidence import Check, Evidence, Findings, Row
from qa_service.domain.question import Term
from qa_service.select.holding import governs
from qa_service.select.inquiry import Inquiry
from qa_service.select.positions import (
    HELD,
    beyond_title,
    held_by,
    quoted,
    speaker,
    topic_of,
    topic_score,
)
from qa_service.select.ranking import Ranked
from qa_service.select.refusing import gap, refusal
from qa_service.select.views import SentenceView

MOST_ROWS = 6
CELL = 2  # quotes in a cell
TOPIC, ACTORS, ROWS = "topic_words", "both_actors", "issue_rows"  # the checks that refuse
KNOWN = 0.5  # match: more than the first letters
ON_TOPIC = 0.34  # share of the topic that a row has to cover
NEAR = 2  # passages found: what is said there is on the topic, in whatever words
BOTH = 0.5  # a two-sided row counts for half as much again

# A clause may be quoted alone when a new one begins there; a relative clause may not.
OWN_CLAUSE = re.compile(r"(?:^|[;:]|\b(?:while|whereas|but|and|although))\s*$", re.IGNORECASE)
TAIL = re.compile(
    r"(?<![\s,;:])[\s,;:]*+(?:\b(?:but|and|while|whereas|although|which|who))?[\s,;:]*+$", re.IGNORECASE
)

# What follows a verb, seldom a noun: its object, a clause. ("the threat to" is a noun.)
AFTER_VERB = re.compile(r" (?:the|a|an|that|its|his|her|their|two|three|no|not|only|more)\b")

ADJECTIVAL = ("n", "an", "ian", "ese", "i", "ish")  # "Ostrian", "Sudanese"

Held = tuple[Position, SentenceView]


def divergence(inquiry: Inquiry) -> Findings:
    """Rows for the two actors asked about; what one side lacks is left empty, never filled from elsewhere."""
    actors = pair(inquiry)
    return compared(inquiry, actors) if len(actors) == 2 else _ranked_sides(inquiry)


def compared(inquiry: Inquiry, actors: tuple[str, ...]) -> Findings:
    """Rows for these two actors, on the topic of the inquiry."""
    topic = topic_of(inquiry, actors)
    unknown = tuple(term.stem for term in topic if not _known(inquiry, term))
    if topic and len(unknown) == len(topic):
        return refusal(
            inquiry, RefusalReason.NOT_IN_CORPUS, Check(name=TOPIC, figures=(("missing", unknown),)), unknown
        )
    if inquiry.documents and not beyond_title(inquiry, topic, inquiry.documents[0]):
        topic = ()
    silent = _silent(inquiry, actors)
    if silent:
        check = Check(name=ACTORS, figures=(("missing", silent),))
        return refusal(inquiry, RefusalReason.NEAR_MISS, check, silent)
    rows = _rows(inquiry, actors, topic)
    if not any(all(row.cells) for row in rows):
        rows = _single_row(inquiry, actors, topic) or rows
    if not rows:
        check = Check(name=ROWS, figures=(("actors", actors), ("threshold", ON_TOPIC)))
        return refusal(inquiry, RefusalReason.NEAR_MISS, check)
    return _findings(actors, rows)


def pair(inquiry: Inquiry) -> tuple[str, ...]:
    """The two actors to compare: those of the question, else holders that its names point to."""
    question = inquiry.question
    held: dict[str, None] = dict.fromkeys(question.actors)
    pointed = [actor for actor in inquiry.holders if inquiry.views.stems(actor) & inquiry.named]
    held |= dict.fromkeys(pointed)
    if len(held) < 2:
        told = (_told_by_adjective(inquiry, name) for name in question.names)
        held |= dict.fromkeys(actor for actor in told if actor)
    return tuple(sorted(held, key=lambda actor: _place(inquiry, actor))[:2])


def _told_by_adjective(inquiry: Inquiry, name: str) -> str | None:
    """The first holder that is told by the adjective of a name: the "Ostrian government" of "Ostria"."""
    bare = name.lower().removesuffix("'s").removesuffix("’s")
    adjectives = {f"{bare}{end}" for end in ADJECTIVAL}
    return next((one for one in inquiry.holders if adjectives.intersection(one.lower().split())), None)


def _place(inquiry: Inquiry, actor: str) -> int:
    """The first word of the question that names the actor; behind all words when none does."""
    own = inquiry.views.stems(actor)
    own |= {stem for stem, actors in inquiry.matcher.actors_of.items() if actor in actors}
    tokens = inquiry.views.analysed(inquiry.question.standalone)
    return next((n for n, token in enumerate(tokens) if token.stem in own), len(tokens))


def _known(inquiry: Inquiry, term: Term) -> bool:
    return inquiry.says(term, KNOWN)


def _silent(inquiry: Inquiry, actors: Sequence[str]) -> tuple[str, ...]:
    """The actors who hold nothing anywhere: with one, there are no two sides to show."""
    return tuple(actor for actor in actors if actor not in inquiry.holders)


def _rows(inquiry: Inquiry, actors: tuple[str, ...], topic: tuple[Term, ...]) -> list[Row]:
    """Issue rows of the documents that concern both actors, or one where the topic asks for it."""
    held = [(one, view) for one, view in inquiry.positions(actors) if one.kind in HELD and one.row >= 0]
    held.sort(key=lambda item: (item[1].passage.document_id, item[0].row, item[0].start))
    scored: list[tuple[float, int, Row]] = []
    for _, group in groupby(held, key=lambda item: (item[1].passage.document_id, item[0].row)):
        members = list(group)
        score = max(topic_score(inquiry, one, view, topic) for one, view in members)
        if score < ON_TOPIC:
            continue
        row = _row(inquiry, actors, members)
        sides = sum(bool(cell) for cell in row.cells)
        if sides == len(actors) or topic:
            scored.append((score + BOTH * (sides == len(actors)), members[0][0].start, row))
    best = sorted(scored, key=lambda item: -item[0])
    if topic and best:
        best = [item for item in best if item[0] >= 0.8 * best[0][0]][:3]
    kept = sorted(best[:MOST_ROWS], key=lambda item: item[1])
    return [row for _, _, row in kept]


def _row(inquiry: Inquiry, actors: tuple[str, ...], members: Sequence[Held]) -> Row:
    cells = []
    for actor in actors:
        own = [
            (one, view) for one, view in members if actor in one.actors and not set(actors) <= set(one.actors)
        ]
        cells.append(tuple(_cell(inquiry, one, view, actor) for one, view in own[:CELL]))
    label = next((one for one, _ in members if one.label_start is not None), None)
    document_id = members[0][1].passage.document_id
    return Row(label=_label(inquiry, document_id, label) if label else None, cells=tuple(cells))


def _label(inquiry: Inquiry, document_id: str, one: Position) -> tuple[str, int, int] | None:
    """The words that name the issue, without a verb that was taken for one of them; one only if a name."""
    start, end = one.label_start or 0, one.label_end or 0
    text = inquiry.edition.documents[document_id].text
    words = text[start:end].split()
    if len(words) > 1 and AFTER_VERB.match(text[end:]):
        end = start + text[start:end].rindex(words[-1])
        end = start + len(text[start:end].rstrip())
        words = words[:-1]
    named = len(words) > 1 or (bool(words) and words[0][:1].isupper())
    return (document_id, start, end) if named else None


def _cell(inquiry: Inquiry, one: Position, view: SentenceView, actor: str) -> Evidence:
    """The sentence; where two speakers share it, the actor's own clause."""
    whole = inquiry.evidence(view, speaker=speaker(one, {actor}))
    start, end = one.content_start - view.sentence.start, one.content_end - view.sentence.start
    before, own = view.text[:start], view.text[start:end]
    if not OWN_CLAUSE.search(before):
        return whole
    own = TAIL.sub("", own)
    end = one.content_start + len(own)
    start = whole.start if not before and whole.start < view.sentence.start else one.content_start
    told = start == one.content_start and governs(own, start, one, ())
    return Evidence(passage=whole.passage, start=start, end=end, speaker=actor if told else whole.speaker)


def _single_row(inquiry: Inquiry, actors: tuple[str, ...], topic: tuple[Term, ...]) -> list[Row]:
    """One row that the question forms: each side's best positions on the topic.

    A side that says nothing in the topic's own words is heard where the other one speaks of it.
    """
    cells = [tuple(quoted(inquiry, held_by(inquiry, [actor], topic)[:CELL])) for actor in actors]
    if not any(cells):
        return []
    spoken = {one.passage.id for cell in cells for one in cell}
    spoken |= {hit.passage.id for hit in inquiry.hits[:NEAR]}
    for number, actor in enumerate(actors):
        near = (one for one in held_by(inquiry, [actor], ()) if one.view.passage.id in spoken)
        cells[number] = cells[number] or tuple(quoted(inquiry, islice(near, CELL)))
    return [Row(label=None, cells=tuple(cells))]


def _findings(actors: tuple[str, ...], rows: Sequence[Row]) -> Findings:
    evidence = tuple(one for row in rows for cell in row.cells for one in cell)
    return Findings(evidence=evidence, actors=actors, rows=tuple(rows))


SIDES = re.compile(r"\b(?:from|and|versus|vs\.?|than|with)\b", re.IGNORECASE)


def _ranked_sides(inquiry: Inquiry) -> Findings:
    """Sides that no position is attributed to: the best sentence for the words of each."""
    ranked = inquiry.ranked
    refused = gap(inquiry, ranked[0] if ranked else None)
    if refused:
        return refused
    sides = [side for side in SIDES.split(inquiry.question.standalone) if side.strip()][:2]
    chosen: list[Ranked] = []
    for side in sides:
        stems = inquiry.views.stems(side)
        own = [one for one in ranked if stems & one.view.stems and one not in chosen]
        chosen += own[:1]
    evidence = tuple(inquiry.evidence(one.view, score=one.score) for one in chosen or ranked[:2])
    return Findings(evidence=evidence)
