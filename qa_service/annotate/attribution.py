"""The tokens of one sentence go in; who holds what in it comes out, left to right."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from qa_service.annotate.cues import ADJECTIVES, NOUNS, VERBS
from qa_service.annotate.nouns import of_noun
from qa_service.annotate.phrases import phrase, right_phrase
from qa_service.annotate.scene import Attribution, Scene
from qa_service.annotate.tokens import Token
from qa_service.annotate.verbs import of_adjective, of_verb
from qa_service.domain.annotation import PositionKind

_CUES = frozenset(VERBS) | frozenset(ADJECTIVES) | frozenset(NOUNS) | {"according"}
_IN_VIEW = re.compile(r"In (?=[A-Z])(.{2,60}?)['’]s? (view|opinion|eyes|words|judgement|judgment),")


def attributions(scene: Scene) -> Iterator[Attribution]:
    """Every attribution of the sentence, left to right."""
    cues = [at for at, token in enumerate(scene.tokens) if token.low in _CUES and not token.quoted]
    for at in cues:
        if found := _at(scene, at, scene.tokens[at]):
            scene.last = found.speaker
            yield found


def _at(scene: Scene, at: int, token: Token) -> Attribution | None:
    if token.low == "according" and scene.low(at + 1) == "to":
        return _according(scene, at)
    for cue in VERBS.get(token.text, ()):
        found = of_verb(scene, at, cue)
        if found:
            return found
    if token.low in ADJECTIVES:
        return of_adjective(scene, at, ADJECTIVES[token.low])
    return of_noun(scene, at, NOUNS[token.low]) if token.low in NOUNS else None


def _according(scene: Scene, at: int) -> Attribution | None:
    found = right_phrase(scene.names, scene.tokens, at + 2)
    if found is None:
        return None
    return Attribution(scene.speaker(found), "according to", at, PositionKind.STATEMENT, joint=found.joint)


def in_view(scene: Scene, text: str, start: int, end: int) -> Attribution | None:
    """ "In Tokyo's view, …"."""
    match = _IN_VIEW.match(text, start, end)
    if not match:
        return None
    last = next((i for i, token in enumerate(scene.tokens) if token.start >= match.end(1)), 0)
    found = phrase(scene.names, scene.tokens, 1, last) if last > 1 else None
    return Attribution(scene.speaker(found), match[2], 0, PositionKind.VIEW) if found else None


def single(found: Sequence[Attribution]) -> list[Attribution]:
    """One attribution for each speaker of a sentence: the first that is no act."""
    kept: list[Attribution] = []
    for one in found:
        same = next(
            (i for i, other in enumerate(kept) if set(other.speaker.actors) == set(one.speaker.actors)), None
        )
        if same is None:
            kept.append(one)
        elif kept[same].kind is PositionKind.ACT and not one.embedded:
            kept[same] = replace(one, speaker=kept[same].speaker)
    return kept
