"""A verb of saying or holding goes in; who says or holds it comes out, by the words beside it."""

from collections.abc import Sequence

from qa_service.annotate.cues import (
    ADVERBS,
    AUXILIARIES,
    BE,
    DETERMINERS,
    MODALS,
    NOUNS,
    OFFERS,
    PREPOSITIONS,
    PRONOUNS,
    SAYINGS,
    VERBS,
    Cue,
)
from qa_service.annotate.phrases import Phrase, left_phrase, right_phrase
from qa_service.annotate.reference import Speaker
from qa_service.annotate.scene import Attribution, Scene
from qa_service.annotate.tokens import Token
from qa_service.domain.annotation import PositionKind

_HELPING = AUXILIARIES | ADVERBS
_LINKING = _HELPING | BE
_CHARGES = SAYINGS - OFFERS
_ALSO_NOUNS = frozenset(NOUNS) | {"reports", "estimates", "notes", "states"}
_BEFORE_NOUNS = DETERMINERS | PREPOSITIONS | {"'s", "to", "or"}
_RELATIVES = frozenset(("who", "which", "that"))
_REFLEXIVE = frozenset(("itself", "themselves", "himself", "herself"))
_CLAUSE_MARKS = frozenset((":", "“", '"'))
_CLOSERS = frozenset((",", ")", "—", "–", "-"))


def of_verb(scene: Scene, at: int, cue: Cue) -> Attribution | None:
    """Whether the verb at token ``at`` is a cue here, and whose."""
    if not _complement(scene, at, cue) or scene.low(at + 1) in _REFLEXIVE:
        return None
    left = at
    while left and (scene.low(left - 1) in _HELPING or _is_adverb(scene.tokens[left - 1])):
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
    after = {scene.low(index) for index in range(at + 1, at + 5)}
    denies = cue.lemma in ("reject", "dismiss") and after & _CHARGES
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
    by = next((index for index in range(at + 1, at + 4) if scene.low(index) == "by"), None)
    found = right_phrase(scene.names, scene.tokens, by + 1) if by else None
    if found is None or cue.needs in ("that", "to"):
        return None
    return Attribution(scene.speaker(found), scene.tokens[at].low, at, cue.kind, joint=found.joint)


def _inverted(scene: Scene, at: int, cue: Cue) -> Speaker | None:
    """ "…," said Tokyo."""
    if at < 2 or cue.kind is not PositionKind.STATEMENT or cue.form not in ("past", "s"):
        return None
    before = {scene.low(at - 1), scene.low(at - 2)}
    if not before & {"”", '"'} or scene.low(at - 1) not in ("”", '"', ","):
        return None
    found = right_phrase(scene.names, scene.tokens, at + 1)
    return scene.speaker(found) if found else None


def _before(scene: Scene, left: int, at: int, cue: Cue) -> Speaker | None:
    """The subject, by what stands directly left of the verb and its helpers."""
    token = scene.tokens[left - 1]
    if cue.form == "ing" and left == at:
        return _participle(scene, left, cue)
    if _is_noun_here(scene, left, at):
        return None
    if token.text in _CLOSERS:
        return _over_apposition(scene, left - 1)
    if token.low in ("and", "but"):
        return _continued(scene, left, cue)
    return _relative(scene, left - 1) if token.low in _RELATIVES else _directly(scene, left)


def _is_noun_here(scene: Scene, left: int, at: int) -> bool:
    """ "the claims", "Tokyo's demands", "to deny", "IAEA reports indicate", "…, fears that"."""
    token, cue = scene.tokens[left - 1], scene.tokens[at].low
    if token.low in _BEFORE_NOUNS or (cue in _ALSO_NOUNS and scene.low(at + 1) in VERBS):
        return True
    return cue in NOUNS and (not token.word or token.low in ("and", "but"))


def _directly(scene: Scene, end: int) -> Speaker | None:
    speaker = scene.refer(scene.tokens, end)
    if speaker:
        return speaker
    found = left_phrase(scene.names, scene.tokens, end)
    if found is None or scene.low(found.first - 1) in ("if", "whether"):
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
    if scene.low(left - 1) != "," or cue.needs in ("object", "as", "of about"):
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
    end = at - 1 if scene.low(at - 1) == "," else at
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


def of_adjective(scene: Scene, at: int, kind: PositionKind) -> Attribution | None:
    """ "remained skeptical that", "were hesitant to"."""
    left = at
    while left and (scene.low(left - 1) in _LINKING or _is_adverb(scene.tokens[left - 1])):
        left -= 1
    helpers = {token.low for token in scene.tokens[left:at]}
    if not helpers & BE or helpers & MODALS or not left:
        return None
    if scene.low(at + 1) not in ("to", "that", "of", "about", "with", "over", "how", "whether"):
        return None
    speaker = _directly(scene, left)
    return Attribution(speaker, scene.tokens[at].low, at, kind, joint=speaker.joint) if speaker else None
