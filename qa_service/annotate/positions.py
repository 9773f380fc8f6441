"""A document's sentences, their tokens and its names go in; its attributed positions come out."""

import re
from collections.abc import Sequence
from dataclasses import replace

from qa_service.annotate.attribution import attributions, in_view, single
from qa_service.annotate.cues import ADDITIVE, CONTRAST, SAYINGS
from qa_service.annotate.names import Names
from qa_service.annotate.reference import Discourse, refer
from qa_service.annotate.scene import Attribution, Scene
from qa_service.annotate.subjects import clause_subject
from qa_service.annotate.tokens import Token
from qa_service.domain.annotation import Marker, Position, PositionKind
from qa_service.domain.document import BlockKind
from qa_service.domain.passage import Sentence

_TOLD = (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM)
_CONTRAST = re.compile(rf"(?:{'|'.join(CONTRAST)})\b,?\s", re.IGNORECASE)
_ADDITIVE = re.compile(rf"(?:{'|'.join(ADDITIVE)})\b,?\s", re.IGNORECASE)
#: A letter first, then what stands before it: a search skips to the letter.
_ANAPHORIC = re.compile(
    rf"[st](?<!\w.)(?:(?<=s)uch|(?<=t)h(?:ese|is|ose)) (?:\w+ )?(?:{'|'.join(sorted(SAYINGS))})\b"
)
_BETWEEN = re.compile(
    r"(?<![\s,;:—–-])[\s,;:—–-]*+(?:\b(?:while|whereas|but|and|although|though|which)\b\s*+)?$"
)


def positions_of(
    names: Names, sentences: Sequence[Sentence], tokens: Sequence[Sequence[Token]]
) -> tuple[Position, ...]:
    """The positions of a document in text order; rows are not numbered yet."""
    discourse = Discourse(names)
    positions: list[Position] = []
    for index, sentence in enumerate(sentences):
        if sentence.kind is BlockKind.HEADING:
            discourse.forget()
        if sentence.kind in _TOLD and tokens[index]:
            positions.extend(_in_sentence(names, discourse, sentence, tokens[index]))
            if _is_quotation(tokens[index]) and not _spoken(positions, sentence):
                positions.extend(_carried(positions, sentence, sentences))
    return tuple(positions)


def _in_sentence(
    names: Names, discourse: Discourse, sentence: Sentence, tokens: Sequence[Token]
) -> list[Position]:
    scene = Scene(names, tokens, lambda words, end: refer(discourse, words, end))
    view = in_view(scene, names.text, sentence.start, sentence.end)
    found: list[Attribution] = [view] if view else []
    scene.subject = clause_subject(names, tokens)
    if scene.subject:
        discourse.subject(scene.speaker(scene.subject))
    for one in attributions(scene):
        found.append(one)
        discourse.subject(one.speaker)
        if not one.embedded and not names.text[one.speaker.start : one.speaker.end].endswith(
            ("former", "latter")
        ):
            discourse.spoke(one.speaker)
    return _positions(names.text, sentence, single(found))


def _positions(text: str, sentence: Sentence, found: Sequence[Attribution]) -> list[Position]:
    main = [one for one in found if not one.embedded]
    result = []
    for one in found:
        later = [other.speaker.start for other in main if other.speaker.start > one.speaker.start]
        result.append(_position(text, sentence, one, (len(main) > 1, min(later, default=sentence.end))))
    return result


def _position(text: str, sentence: Sentence, one: Attribution, share: tuple[bool, int]) -> Position:
    shared, next_start = share
    start, end = (one.speaker.start, next_start) if shared else (sentence.start, sentence.end)
    if shared and next_start < sentence.end:
        end = start + len(_BETWEEN.sub("", text[start:next_start]))
    antecedent = one.speaker.antecedent or (None, None)
    return Position(
        start=sentence.start,
        end=sentence.end,
        actors=one.speaker.actors,
        speaker_start=one.speaker.start,
        speaker_end=one.speaker.end,
        antecedent_start=antecedent[0],
        antecedent_end=antecedent[1],
        cue=one.cue,
        kind=one.kind,
        content_start=start,
        content_end=end,
        marker=_marker(text, sentence, one),
        joint=one.joint,
    )


def _marker(text: str, sentence: Sentence, one: Attribution) -> Marker:
    before = text[max(sentence.start, one.speaker.start - 8) : one.speaker.start].lower()
    if _CONTRAST.match(text, sentence.start, sentence.end) or before.rstrip().endswith(("while", "whereas")):
        return Marker.CONTRAST
    if _ANAPHORIC.search(text, sentence.start, sentence.end):
        return Marker.ANAPHORIC
    return Marker.ADDITIVE if _ADDITIVE.match(text, sentence.start, sentence.end) else Marker.NONE


def _is_quotation(tokens: Sequence[Token]) -> bool:
    """Whether the whole sentence stands inside quotation marks."""
    if any(token.word and not token.quoted for token in tokens):
        return False
    return sum(token.word for token in tokens) > 3


def _spoken(positions: Sequence[Position], sentence: Sentence) -> bool:
    return bool(positions) and positions[-1].start == sentence.start


def _carried(
    positions: Sequence[Position], sentence: Sentence, sentences: Sequence[Sentence]
) -> list[Position]:
    """A quoted sentence belongs to whoever spoke before it in the same paragraph."""
    block = next(one.start for one in sentences if one.block == sentence.block)
    if not positions or positions[-1].start < block or positions[-1].joint:
        return []
    last = positions[-1]
    name = (last.antecedent_start, last.antecedent_end)
    span = name if name[0] is not None else (last.speaker_start, last.speaker_end)
    carried = replace(
        last,
        start=sentence.start,
        end=sentence.end,
        antecedent_start=span[0],
        antecedent_end=span[1],
        cue="quotation",
        kind=PositionKind.STATEMENT,
        content_start=sentence.start,
        content_end=sentence.end,
        marker=Marker.NONE,
    )
    return [carried]
