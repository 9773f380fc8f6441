"""A noun for a view, a demand or a claim in a sentence goes in; whose it is comes out."""

from qa_service.annotate.cues import AUXILIARIES, DETERMINERS, PREPOSITIONS
from qa_service.annotate.phrases import Phrase, left_phrase, phrase, right_phrase
from qa_service.annotate.scene import Attribution, Scene, is_plural
from qa_service.annotate.tokens import Token
from qa_service.domain.annotation import PositionKind

_NO_ADJECTIVE = AUXILIARIES | PREPOSITIONS | DETERMINERS | {"and"}
_NO_HOLDER = PREPOSITIONS | {"and", "the", "a"}
_NOUN_FOLLOW = frozenset(
    ("that", "to", "on", "of", "over", "for", "with", "against", "about", "towards", "toward")
)


def of_noun(scene: Scene, at: int, kind: PositionKind) -> Attribution | None:
    """ "Israel's insistence on", "U.S. concern that", "Russian and American concerns respectively over"."""
    if scene.low(at + 1) == "by":
        return _by_whom(scene, at, kind)
    if kind is PositionKind.ACT:
        return None
    follow = at + 1 + (scene.low(at + 1) == "respectively")
    if scene.low(follow) not in _NOUN_FOLLOW:
        return None
    left = at
    while left and at - left < 3 and _is_plain_adjective(scene.tokens[left - 1]):
        left -= 1
    found = _their(scene, left) if scene.low(left - 1) == "their" else _holder(scene, left)
    if found is None:
        return None
    embedded = scene.last is not None
    return Attribution(scene.speaker(found), scene.tokens[at].low, at, kind, embedded, joint=found.joint)


def _by_whom(scene: Scene, at: int, kind: PositionKind) -> Attribution | None:
    """ "an attempt by Tokyo to", "a demand by Tokyo that"."""
    found = right_phrase(scene.names, scene.tokens, at + 2)
    if found is None or scene.low(found.last) not in ("to", "that"):
        return None
    return Attribution(
        scene.speaker(found), scene.tokens[at].low, at, kind, scene.last is not None, found.joint
    )


def _their(scene: Scene, end: int) -> Phrase | None:
    """The nearest phrase before it in the sentence that names several."""
    for last in range(end - 2, 0, -1):
        if scene.tokens[last - 1].word and scene.tokens[last - 1].low.endswith("s"):
            found = left_phrase(scene.names, scene.tokens, last)
            if found and (found.joint or is_plural(scene.tokens[found.last - 1])):
                return found
    return None


def _is_plain_adjective(token: Token) -> bool:
    return token.word and not token.capital and token.low not in _NO_ADJECTIVE


def _holder(scene: Scene, end: int) -> Phrase | None:
    if end <= 0:
        return None
    possessive = scene.low(end - 1) in ("'s", "’", "'")
    last = end - 1 if possessive else end
    if not possessive and not _is_nation(scene, last - 1):
        return None
    first = last - 1
    while first and (scene.tokens[first - 1].capital or scene.low(first - 1) in ("of", "and")):
        first -= 1
    while first < last and (scene.tokens[first].low in _NO_HOLDER or not _named(scene, first)):
        first += 1
    return phrase(scene.names, scene.tokens, first, last) if first < last else None


def _named(scene: Scene, index: int) -> bool:
    return scene.tokens[index].capital


def _is_nation(scene: Scene, index: int) -> bool:
    token = scene.tokens[index]
    if index < 0 or not token.capital:
        return False
    surface = scene.names.aliases.surface(token.text)
    if surface is None:
        return scene.names.own(token.text) is not None
    return surface.role == "demonym" or token.text.isupper()
