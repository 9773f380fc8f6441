"""Speakers in order of mention go in; whom "it", "they", "the latter" or "the President" means comes out."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from qa_service.annotate.cues import PRONOUNS
from qa_service.annotate.names import Names
from qa_service.annotate.tokens import Token


@dataclass(frozen=True, slots=True)
class Speaker:
    """Whoever holds the view; ``antecedent`` is the span of the name that a pronoun stands for."""

    actors: tuple[str, ...]
    start: int
    end: int
    antecedent: tuple[int, int] | None = None
    joint: bool = False
    pronoun: bool = False

    @property
    def plural(self) -> bool:
        """Set by ``refer`` and ``mark``; a base-form verb needs it."""
        return self.joint or self.many

    many: bool = False


@dataclass(slots=True)
class Discourse:
    """Who has been the subject and who has spoken so far; forgets at a heading."""

    names: Names
    subjects: list[Speaker] = field(default_factory=list)
    speakers: list[Speaker] = field(default_factory=list)

    def forget(self) -> None:
        """A new section begins."""
        self.subjects.clear()
        self.speakers.clear()

    def subject(self, speaker: Speaker) -> None:
        """Note the subject of a clause."""
        if not speaker.pronoun:
            self.subjects.append(speaker)

    def spoke(self, speaker: Speaker) -> None:
        """Note a speaker."""
        if not self.speakers or self.speakers[-1].actors != speaker.actors:
            self.speakers.append(speaker)


def refer(discourse: Discourse, tokens: Sequence[Token], end: int) -> Speaker | None:
    """Whom the word directly before token ``end`` means; None when it is no such word or it is unclear."""
    token = tokens[end - 1]
    if token.low in PRONOUNS:
        found = _pronoun(discourse, token)
        return _standing(found, token.start, token.end, many=token.low == "they") if found else None
    if token.low in ("former", "latter") and end > 1 and tokens[end - 2].low == "the":
        found = _ordered(discourse, token.low)
        return _standing(found, tokens[end - 2].start, token.end, many=False) if found else None
    if end > 1 and tokens[end - 2].low == "the" and (end == 2 or tokens[end - 3].low != "of"):
        return _definite(discourse.names, tokens[end - 2], token)
    return None


def _standing(found: Speaker, start: int, end: int, many: bool) -> Speaker:
    antecedent = found.antecedent or (found.start, found.end)
    return replace(found, start=start, end=end, antecedent=antecedent, pronoun=True, many=many)


def _pronoun(discourse: Discourse, token: Token) -> Speaker | None:
    fits = _FITS[token.low]
    recent = [speaker for speaker in discourse.subjects[-3:] if speaker.start < token.start]
    return next((speaker for speaker in reversed(recent) if fits(discourse.names, speaker)), None)


def _is_person(names: Names, speaker: Speaker) -> bool:
    person = names.person(speaker.actors[0])
    return not speaker.joint and person is not None and person.name == speaker.actors[0]


def _is_one_body(names: Names, speaker: Speaker) -> bool:
    known = names.aliases.actor(speaker.actors[0]) or names.own(speaker.actors[0])
    return not speaker.joint and not speaker.many and bool(known) and not _is_person(names, speaker)


def _is_many(names: Names, speaker: Speaker) -> bool:
    return speaker.joint or speaker.many


_FITS = {"he": _is_person, "she": _is_person, "it": _is_one_body, "they": _is_many}


def _ordered(discourse: Discourse, word: str) -> Speaker | None:
    """The last two who spoke, in order of mention."""
    pair: list[Speaker] = []
    for speaker in reversed(discourse.speakers):
        if all(not set(speaker.actors) & set(other.actors) for other in pair):
            pair.append(speaker)
        if len(pair) == 2:
            return pair[1] if word == "former" else pair[0]
    return None


def _definite(names: Names, the: Token, noun: Token) -> Speaker | None:
    """The President, the administration: the last one named so."""
    if noun.low == "administration" and not noun.capital:
        held = [
            one for one in names.found if one.end < the.start and one.surface.text.endswith("ministration")
        ]
        if held:
            actor = names.actor(held[-1])
            span = (held[-1].start, held[-1].end)
            return Speaker((actor,), the.start, noun.end, span, pronoun=True)
    titled = [one for one in names.titled if one.title == noun.low and one.end < the.start]
    if not noun.capital or not titled:
        return None
    titled = [one for one in titled if not one.nation] or titled
    if len({one.last for one in titled}) > 1 and titled[-1].nation:
        return None
    person = names.person(titled[-1].last)
    if person is None:
        return None
    actors = (person.name, person.country) if person.country else (person.name,)
    return Speaker(actors, the.start, noun.end, (titled[-1].start, titled[-1].end), pronoun=True)
