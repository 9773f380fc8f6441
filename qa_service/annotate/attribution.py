"""The tokens of one sentence go in; who holds what in it comes out, by rules that look beside a cue word."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from qa_service.annotate.cues import (
    ADJECTIVES,
    ADVERBS,
    AUXILIARIES,
    BE,
    DETERMINERS,
    MODALS,
    NOUNS,
    OFFERS,
    PREPOSITIONS,
    PRONOUNS,
    ROLES,
    SAYINGS,
    VERBS,
    Cue,
)
from qa_service.annotate.names import Names
from qa_service.annotate.phrases import Phrase, left_phrase, phrase, right_phrase
from qa_service.annotate.reference import Speaker, refer
from qa_service.annotate.tokens import Token
from qa_service.domain.annotation import PositionKind

_REFLEXIVE = frozenset(("itself", "themselves", "himself", "herself"))
_CLAUSE_MARKS = frozenset((":", "“", '"'))
_DASHES = frozenset(("—", "–", "-"))


@dataclass(frozen=True, slots=True)
class Attribution:
    """A cue and its speaker; ``embedded`` for a noun ("the American proposal") in what another one holds."""

    speaker: Speaker
    cue: str
    at: int  # the cue's token
    kind: PositionKind
    embedded: bool = False
    joint: bool = False


@dataclass(slots=True)
class Scene:
    """A sentence while it is read: its tokens, the document's names, what "it" may stand for."""

    names: Names
    tokens: Sequence[Token]
    refer: Callable[[Sequence[Token], int], Speaker | None]
    subject: Phrase | None = None  # of the main clause
    last: Speaker | None = None  # of the cue before

    def speaker(self, found: Phrase) -> Speaker:
        """A phrase as a speaker."""
        start, end = self.tokens[found.first].start, self.tokens[found.last - 1].end
        return Speaker(
            found.actors, start, end, joint=found.joint, many=_is_plural(self.tokens[found.last - 1])
        )


def attributions(scene: Scene) -> Iterator[Attribution]:
    """Every attribution of the sentence, left to right."""
    for at, token in enumerate(scene.tokens):
        found = None if token.quoted else _at(scene, at, token)
        if found:
            scene.last = found.speaker
            yield found


def _at(scene: Scene, at: int, token: Token) -> Attribution | None:
    if token.low == "according" and _low(scene, at + 1) == "to":
        return _according(scene, at)
    for cue in VERBS.get(token.text, ()):
        found = _verb(scene, at, cue)
        if found:
            return found
    if token.low in ADJECTIVES:
        return _adjective(scene, at, ADJECTIVES[token.low])
    return _noun(scene, at, NOUNS[token.low]) if token.low in NOUNS else None


def _low(scene: Scene, index: int) -> str:
    return scene.tokens[index].low if 0 <= index < len(scene.tokens) else ""


def _according(scene: Scene, at: int) -> Attribution | None:
    found = right_phrase(scene.names, scene.tokens, at + 2)
    if found is None:
        return None
    return Attribution(scene.speaker(found), "according to", at, PositionKind.STATEMENT, joint=found.joint)


def _verb(scene: Scene, at: int, cue: Cue) -> Attribution | None:
    if not _complement(scene, at, cue) or _low(scene, at + 1) in _REFLEXIVE:
        return None
    left = at
    while left and (_low(scene, left - 1) in AUXILIARIES | ADVERBS or _is_adverb(scene.tokens[left - 1])):
        left -= 1
    helpers = {token.low for token in scene.tokens[left:at]}
    if helpers & MODALS or not left or ("would" in helpers and cue.kind is PositionKind.STATEMENT):
        return None
    if cue.kind is PositionKind.ACT and cue.form != "past":
        return None
    if cue.form == "past" and helpers & BE and not helpers & {"has", "have", "had"} - {"being", "been"}:
        return _passive(scene, at, cue)
    speaker = _inverted(scene, at, cue) or _before(scene, left, at, cue)
    if speaker is None or (cue.form == "base" and not _may_be_base(speaker, helpers)):
        return None
    return Attribution(speaker, scene.tokens[at].low, at, _kind(scene, at, cue), joint=speaker.joint)


def _is_adverb(token: Token) -> bool:
    return token.low.endswith("ly") and token.low not in ("italy", "july", "ally", "family")


def _may_be_base(speaker: Speaker, helpers: set[str]) -> bool:
    return bool(helpers & {"do", "does", "did", "will", "would"}) or speaker.plural


def _kind(scene: Scene, at: int, cue: Cue) -> PositionKind:
    """To reject or dismiss what somebody said is a denial."""
    after = {_low(scene, index) for index in range(at + 1, at + 5)}
    denies = cue.lemma in ("reject", "dismiss") and after & SAYINGS - OFFERS
    return PositionKind.DENIAL if denies else cue.kind


def _complement(scene: Scene, at: int, cue: Cue) -> bool:
    """Whether what follows is what the verb needs to be a cue."""
    rest = scene.tokens[at + 1 : at + 14]
    skipped = len(rest) > 1 and _is_adverb(rest[0])
    follow = rest[skipped].low if rest else ""
    if cue.needs == "that":
        return follow in _CLAUSE_MARKS or _has_clause(scene.tokens, at + 1)
    if cue.needs == "to":
        return follow in ("to", "that", "on") or (cue.lemma == "expect" and bool(rest) and rest[0].word)
    if cue.needs == "as":
        return any(token.low == "as" for token in rest)
    if cue.needs == "object":
        return bool(rest) and rest[0].word and follow not in PREPOSITIONS
    return not cue.needs or follow in cue.needs.split(" ")


def _has_clause(tokens: Sequence[Token], start: int) -> bool:
    """A "that" before the next comma (not of a date); a quotation; or a name with a finite verb."""
    for index in range(start, min(start + 10, len(tokens) - 1)):
        token, after = tokens[index], tokens[index + 1]
        if token.low == "that":
            return after.word or after.text in _CLAUSE_MARKS
        if token.text == "," and (after.text.isdigit() or tokens[index - 1].text.isdigit()):
            continue
        if token.text in _CLAUSE_MARKS and index > start:
            continue
        if token.text in (",", ";", *_CLAUSE_MARKS):
            return token.text in _CLAUSE_MARKS or after.text in _CLAUSE_MARKS
        if token.low in AUXILIARIES and index > start:
            return True
    return False


def _passive(scene: Scene, at: int, cue: Cue) -> Attribution | None:
    """ "is seen by Tokyo as …" """
    by = next((index for index in range(at + 1, at + 4) if _low(scene, index) == "by"), None)
    found = right_phrase(scene.names, scene.tokens, by + 1) if by else None
    if found is None or cue.needs in ("that", "to"):
        return None
    return Attribution(scene.speaker(found), scene.tokens[at].low, at, cue.kind, joint=found.joint)


def _inverted(scene: Scene, at: int, cue: Cue) -> Speaker | None:
    """ "…," said Tokyo."""
    if at < 2 or cue.kind is not PositionKind.STATEMENT or cue.form not in ("past", "s"):
        return None
    before = {_low(scene, at - 1), _low(scene, at - 2)}
    if not before & {"”", '"'} or _low(scene, at - 1) not in ("”", '"', ","):
        return None
    found = right_phrase(scene.names, scene.tokens, at + 1)
    return scene.speaker(found) if found else None


def _before(scene: Scene, left: int, at: int, cue: Cue) -> Speaker | None:
    """The subject, by what stands directly left of the verb and its helpers."""
    token = scene.tokens[left - 1]
    if cue.form == "ing" and left == at:
        return _participle(scene, left, cue)
    if token.low in DETERMINERS or token.low in PREPOSITIONS or token.low in ("'s", "to", "or"):
        return None
    if scene.tokens[at].low in NOUNS and (not token.word or token.low in ("and", "but")):
        return None
    if token.text in (",", ")") or token.text in _DASHES:
        return _over_apposition(scene, left - 1)
    if token.low in ("and", "but"):
        return _continued(scene, left, cue)
    if token.low in ("who", "which", "that"):
        return _relative(scene, left - 1)
    return _directly(scene, left)


def _directly(scene: Scene, end: int) -> Speaker | None:
    speaker = scene.refer(scene.tokens, end)
    if speaker:
        return speaker
    found = left_phrase(scene.names, scene.tokens, end)
    if found is None or _low(scene, found.first - 1) in ("if", "whether"):
        return None
    if _is_modifier_noun(scene, found, end):
        return None
    return scene.speaker(found)


def _is_modifier_noun(scene: Scene, found: Phrase, end: int) -> bool:
    """ "Russian claims": the adjective of a country is no subject, the verb a noun."""
    token = scene.tokens[end - 1]
    surface = scene.names.aliases.surface(token.text)
    nation = surface is not None and surface.role == "demonym" and not token.low.endswith("s")
    return nation and scene.tokens[end].low in NOUNS and found.last == end


def _participle(scene: Scene, left: int, cue: Cue) -> Speaker | None:
    """ "X left the room, saying that …": the clause's subject; others need a comma before them."""
    if _low(scene, left - 1) != "," or cue.needs in ("object", "as", "of about"):
        return None
    return scene.last or _main(scene, left)


def _main(scene: Scene, end: int) -> Speaker | None:
    """The subject of the main clause: a name, or a pronoun that begins the sentence."""
    if scene.subject and scene.subject.last < end:
        return scene.speaker(scene.subject)
    begins = (index + 1 for index in range(min(3, end)) if scene.tokens[index].low in PRONOUNS)
    return next((found for index in begins if (found := scene.refer(scene.tokens, index))), None)


def _continued(scene: Scene, left: int, cue: Cue) -> Speaker | None:
    """ "X left and rejected the plan"."""
    if cue.form not in ("past", "s"):
        return None
    return scene.last or _main(scene, left)


def _relative(scene: Scene, at: int) -> Speaker | None:
    end = at - 1 if _low(scene, at - 1) == "," else at
    found = left_phrase(scene.names, scene.tokens, end)
    return scene.speaker(found) if found else None


def _over_apposition(scene: Scene, close: int) -> Speaker | None:
    """ "X, the Y, said": the name before the opening mark; else the subject of the clause."""
    mark = "(" if scene.tokens[close].text == ")" else scene.tokens[close].text
    for index in range(close - 1, 0, -1):
        if scene.tokens[index].text == mark:
            found = left_phrase(scene.names, scene.tokens, index)
            if found and scene.tokens[found.first].low not in PREPOSITIONS:
                return scene.speaker(found)
            break
    subject = scene.subject
    return scene.speaker(subject) if subject and subject.last <= close and subject.first <= 4 else None


def _adjective(scene: Scene, at: int, kind: PositionKind) -> Attribution | None:
    """ "remained skeptical that", "were hesitant to"."""
    left = at
    while left and (
        _low(scene, left - 1) in AUXILIARIES | ADVERBS | BE or _is_adverb(scene.tokens[left - 1])
    ):
        left -= 1
    helpers = {token.low for token in scene.tokens[left:at]}
    if not helpers & BE or helpers & MODALS or not left:
        return None
    if _low(scene, at + 1) not in ("to", "that", "of", "about", "with", "over", "how", "whether"):
        return None
    speaker = _directly(scene, left)
    return Attribution(speaker, scene.tokens[at].low, at, kind, joint=speaker.joint) if speaker else None


_NOUN_FOLLOW = frozenset(
    ("that", "to", "on", "of", "over", "for", "with", "against", "about", "towards", "toward")
)


def _noun(scene: Scene, at: int, kind: PositionKind) -> Attribution | None:
    """ "Israel's insistence on", "U.S. concern that", "the Russian and American concerns respectively over"."""
    if _low(scene, at + 1) == "by":
        return _by_whom(scene, at, kind)
    if kind is PositionKind.ACT:
        return None
    follow = at + 1 + (_low(scene, at + 1) == "respectively")
    if _low(scene, follow) not in _NOUN_FOLLOW:
        return None
    left = at
    while left and at - left < 3 and _is_plain_adjective(scene.tokens[left - 1]):
        left -= 1
    found = _their(scene, left) if _low(scene, left - 1) == "their" else _holder(scene, left)
    if found is None:
        return None
    embedded = scene.last is not None
    return Attribution(scene.speaker(found), scene.tokens[at].low, at, kind, embedded, joint=found.joint)


def _by_whom(scene: Scene, at: int, kind: PositionKind) -> Attribution | None:
    """ "an attempt by Tokyo to", "a demand by Tokyo that"."""
    found = right_phrase(scene.names, scene.tokens, at + 2)
    if found is None or _low(scene, found.last) not in ("to", "that"):
        return None
    return Attribution(
        scene.speaker(found), scene.tokens[at].low, at, kind, scene.last is not None, found.joint
    )


def _their(scene: Scene, end: int) -> Phrase | None:
    """The nearest phrase before it in the sentence that names several."""
    for last in range(end - 2, 0, -1):
        if scene.tokens[last - 1].word and scene.tokens[last - 1].low.endswith("s"):
            found = left_phrase(scene.names, scene.tokens, last)
            if found and (found.joint or _is_plural(scene.tokens[found.last - 1])):
                return found
    return None


def _is_plural(token: Token) -> bool:
    return token.low.endswith("s") and (token.low in ROLES or token.capital)


def _is_plain_adjective(token: Token) -> bool:
    return (
        token.word
        and not token.capital
        and token.low not in AUXILIARIES | PREPOSITIONS | DETERMINERS | {"and"}
    )


def _holder(scene: Scene, end: int) -> Phrase | None:
    if end <= 0:
        return None
    possessive = _low(scene, end - 1) in ("'s", "’", "'")
    last = end - 1 if possessive else end
    if not possessive and not _is_nation(scene, last - 1):
        return None
    first = last - 1
    while first and (scene.tokens[first - 1].capital or _low(scene, first - 1) in ("of", "and")):
        first -= 1
    while first < last and (
        scene.tokens[first].low in PREPOSITIONS | {"and", "the", "a"} or not _named(scene, first)
    ):
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


def in_view(scene: Scene, text: str, start: int, end: int) -> Attribution | None:
    """ "In Tokyo's view, …"."""
    match = re.compile(r"In (?=[A-Z])(.{2,60}?)['’]s? (view|opinion|eyes|words|judgement|judgment),").match(
        text, start, end
    )
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


__all__ = ["Attribution", "Scene", "attributions", "in_view", "refer", "single"]
