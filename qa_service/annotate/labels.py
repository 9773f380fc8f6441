"""The positions of one issue go in; the words of the text that name the issue come out, as a span."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence, Set
from math import sqrt

import Stemmer

from qa_service.annotate.cues import (
    ADVERBS,
    AUXILIARIES,
    DETERMINERS,
    MODIFIERS,
    NOUNS,
    PREPOSITIONS,
    PRONOUNS,
    SAYINGS,
    SUBORDINATORS,
    VERBS,
    words,
)
from qa_service.domain.annotation import Position

_STOP = (
    AUXILIARIES | ADVERBS | DETERMINERS | PREPOSITIONS | PRONOUNS | SUBORDINATORS | SAYINGS | frozenset(NOUNS)
    | words("and or but so there more most much many enough such done made pointing including part country us"
            " way while respectively other them him")
)  # fmt: skip
_NO_LABEL = _STOP | (MODIFIERS - {"military"}) | frozenset(VERBS)
#: "as without them", "as little as a week" name no issue.
_NO_NAME = PREPOSITIONS | ADVERBS | words("little few much many soon long far good bad often")
#: A noun phrase may begin after these.
_BEFORE_NOUNS = (DETERMINERS | PREPOSITIONS | {"and", "or", *NOUNS}) - {"to", "after", "before"}
_stem = Stemmer.Stemmer("english").stemWord
_WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")
_AS = re.compile(r"\bas (?:the |(?!an? |it |they |he |she |well |part |its |their ))(?=[a-z])")
_END = re.compile(r"[,.;:()—]|\s(?:and|or|but|in|on|at|with|by|to|from|that|which|who|if|when|while|near)\s")


def terms(text: str, position: Position) -> Iterator[str]:
    """The words of what is held that may say what it is about, in lower case."""
    speaker = set(_WORD.findall(text[position.speaker_start : position.speaker_end]))
    for written in _WORD.findall(text, position.content_start, position.content_end):
        word = _bare(written)
        low = word.lower()
        if low not in _STOP and len(word) > 2 and word not in speaker and low != position.cue:
            yield low


def label_of(
    text: str, row: Sequence[Position], told: Sequence[Sequence[str]], common: Set[str]
) -> tuple[int, int] | None:
    """The phrase after "as" in "views A as the …"; else words that both sides say; else the phrase told most.

    ``told``: the ``terms`` of each position of the row; ``common``: stems that much of the document holds.
    """
    named = _after_as(text, row[0], bare=False)
    if named is None:
        named = next((found for cell in row if (found := _after_as(text, cell, bare=True))), None)
    return named or _shared(text, row, told, common) or _best_phrase(text, row, told)


def _shared(
    text: str, row: Sequence[Position], told: Sequence[Sequence[str]], common: Set[str]
) -> tuple[int, int] | None:
    """The longest run of words that both sides say; a single word only when it is a name."""
    sides: dict[str, set[str]] = {}
    for cell, said in zip(row, told, strict=True):
        sides.setdefault(cell.actors[0], set()).update(map(_stem, said))
    held = Counter(stem for side in sides.values() for stem in side)
    shared = {stem for stem, count in held.items() if count > 1}
    runs = [run for cell in row for run in _runs(text, cell, shared)]
    longest = max(runs, key=lambda run: (len(run), -run[0].start()), default=[])
    if len(longest) < 2:
        actors = {word for cell in row for actor in cell.actors for word in actor.split()}
        named = (run for run in runs if _bare(run[0].group()) not in actors and run[0].group()[0].isupper())
        longest = next((run for run in named if _stem(_bare(run[0].group()).lower()) not in common), [])
    if not longest:
        return None
    return longest[0].start(), longest[-1].start() + len(_bare(longest[-1].group()))


def _runs(text: str, position: Position, shared: Set[str]) -> Iterator[list[re.Match[str]]]:
    """Neighbouring words of what is held whose stems are all among these; at most four."""
    run: list[re.Match[str]] = []
    for match in _WORD.finditer(text, position.content_start, position.content_end):
        fits = _stem(_bare(match.group()).lower()) in shared
        if run and (not fits or text[run[-1].end() : match.start()] != " " or len(run) == 4):
            yield run
            run = []
        if fits:
            run.append(match)
    if run:
        yield run


def _bare(word: str) -> str:
    return word.removesuffix("’s").removesuffix("'s")


def _after_as(text: str, position: Position, bare: bool) -> tuple[int, int] | None:
    match = _AS.search(text, position.content_start, position.content_end)
    if match is None or (bare and match.group() != "as "):
        return None
    end = _END.search(text, match.end(), position.content_end)
    stop = end.start() if end else position.content_end
    named = text[match.end() : stop].split()
    return (match.end(), stop) if 1 < len(named) < 7 and named[0] not in _NO_NAME else None


def _best_phrase(text: str, row: Sequence[Position], told: Sequence[Sequence[str]]) -> tuple[int, int] | None:
    counts = Counter(part for words in told for part in {part for word in words for part in word.split("-")})
    actors = {word for cell in row for actor in cell.actors for word in actor.split()}
    best, top = None, 0.0
    for cell in row:
        for start, end in _phrases(text, cell, actors):
            found = _WORD.findall(text[start:end])
            score = (
                sqrt(len(found)) * sum(max(counts[part] for part in _split(w)) for w in found) / len(found)
            )
            if len(found) > 1 and score > top:
                best, top = (start, end), score
    return best


def _split(word: str) -> list[str]:
    return word.lower().split("-")


def _phrases(text: str, position: Position, actors: set[str]) -> Iterator[tuple[int, int]]:
    """Runs of two to four words that are no function words, verbs of saying or the actors themselves."""
    run: list[re.Match[str]] = []
    begins, before = False, ""
    for match in _WORD.finditer(text, position.speaker_end, position.content_end):
        word = match.group()
        breaks = word.lower() in _NO_LABEL or word in actors
        if run and (breaks or text[run[-1].end() : match.start()] != " " or len(run) == 4):
            if begins:
                yield run[0].start(), run[-1].end()
            run = []
        if not breaks:
            begins = begins if run else before in _BEFORE_NOUNS or before == position.cue
            run.append(match)
        before = word.lower()
    if run and begins:
        yield run[0].start(), run[-1].end()
