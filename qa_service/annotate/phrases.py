"""Tokens and a place go in; the noun phrase beside it and the actors that it names come out."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from qa_service.annotate.cues import (
    ADVERBS,
    DETERMINERS,
    MODIFIERS,
    PREPOSITIONS,
    PRONOUNS,
    ROLES,
    SUBORDINATORS,
    THINGS,
)
from qa_service.annotate.names import CALENDAR, TITLES, Names
from qa_service.annotate.tokens import Token

_INNER = frozenset(("of", "in", "at", "from", "under", "for"))  # leaders in the Kremlin
_ADJECTIVAL = ("al", "ary", "ive", "ish", "ous", "ic", "ern", "ian", "ist", "ing-class")
_POSSESSIVE = frozenset(("'s", "'", "’"))
_COMPOUND = ROLES | {"wing", "ranking"}
_NO_END = _INNER | {"and"}
_WORDS = MODIFIERS | ROLES | DETERMINERS | _INNER | _POSSESSIVE
_LEADING = frozenset(
    ("the", "a", "an", "then", "former", "new", "late", "senior", "top", "its", "their", "his")
)
_STOPS = SUBORDINATORS | ADVERBS


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun phrase: tokens ``[first, last)``, whom it names, and how many parts name someone."""

    first: int
    last: int
    actors: tuple[str, ...]
    parts: int = 1

    @property
    def joint(self) -> bool:
        """Whether several hold the view together."""
        return self.parts > 1


def left_phrase(names: Names, tokens: Sequence[Token], end: int) -> Phrase | None:
    """The noun phrase that ends before token ``end``, when it names someone who can speak."""
    first = _reach(tokens, end)
    while first < end and (
        not tokens[first].word or tokens[first].text.isdigit() or tokens[first].low == "and"
    ):
        first += 1
    if first >= end or not _begins(tokens, first):
        return None
    return phrase(names, tokens, first, end)


def right_phrase(names: Names, tokens: Sequence[Token], first: int) -> Phrase | None:
    """The noun phrase that begins at token ``first``, when it names someone."""
    last = first
    while last < len(tokens) and (_belongs(tokens[last]) or _joins(tokens, last)):
        last += 1
    while last > first and (tokens[last - 1].low in _NO_END or not tokens[last - 1].word):
        last -= 1
    return phrase(names, tokens, first, last) if last > first else None


def phrase(names: Names, tokens: Sequence[Token], first: int, last: int) -> Phrase | None:
    """The phrase of tokens ``[first, last)``; None when no part of it names anyone."""
    actors: list[str] = []
    parts = 0
    begin = last
    for low, high in reversed(_parts(tokens, first, last)):
        named = _named(names, tokens[low:high])
        if not named:
            break
        parts += 1
        begin = low
        actors = [*named, *(actor for actor in actors if actor not in named)]
    if not actors:
        return None
    return Phrase(begin, last, tuple(actors), parts if len(actors) > 1 else 1)


def _belongs(token: Token) -> bool:
    if token.quoted or token.low in _STOPS:
        return False
    if token.capital:
        return token.low not in PREPOSITIONS or token.low in _INNER
    return (
        token.low in _WORDS
        or token.text.isdigit()
        or (token.word and token.low.endswith(_ADJECTIVAL))
        or (token.word and "-" in token.text and token.low.rpartition("-")[2] in _COMPOUND)
    )


def _joins(tokens: Sequence[Token], index: int) -> bool:
    if tokens[index].low != "and" or not 0 < index < len(tokens) - 1:
        return False
    left, right = tokens[index - 1], tokens[index + 1]
    return _belongs(right) and (left.capital or left.low in ROLES or left.text == ",")


def _reach(tokens: Sequence[Token], end: int) -> int:
    """How far left the words of a noun phrase go; a comma only in "A, B, and C"."""
    at, listed = end, False
    while at > 0:
        token = tokens[at - 1]
        if token.text == ")" and at < end + 1:
            opener = _opening(tokens, at - 1)
            if opener is None:
                break
            at = opener
        elif token.text == "," and listed and at > 1 and tokens[at - 2].capital:
            at -= 1
        elif _joins(tokens, at - 1):
            listed, at = True, at - 1
        elif _belongs(token) and not (token.capital and token.low in PREPOSITIONS):
            at -= 1
        else:
            break
    return _without_lead(tokens, at, end)


def _without_lead(tokens: Sequence[Token], at: int, end: int) -> int:
    """ "In Moscow, Russia and China": a list does not reach into the lead-in."""
    if at and tokens[at - 1].low in PREPOSITIONS:
        commas = [index for index in range(at, end) if tokens[index].text == ","]
        if commas:
            return commas[0] + 1
    return at


def _opening(tokens: Sequence[Token], close: int) -> int | None:
    return next((index for index in range(close, -1, -1) if tokens[index].text == "("), None)


def _begins(tokens: Sequence[Token], first: int) -> bool:
    """Whether a noun phrase may begin here: not as the object of a preposition ("talks with Iran said")."""
    if tokens[first].low in _INNER and not tokens[first].capital:
        return False
    while first and tokens[first - 1].low in ("both", "all", "each"):
        first -= 1
    before = tokens[first - 1] if first else None
    return before is None or before.capital or before.low not in PREPOSITIONS


def _parts(tokens: Sequence[Token], first: int, last: int) -> list[tuple[int, int]]:
    """The parts between "and" and commas; bracketed words are skipped over."""
    parts, low = [], first
    for index in range(first, last):
        if tokens[index].low == "and" or tokens[index].text == ",":
            if index > low:
                parts.append((low, index))
            low = index + 1
    return [*parts, (low, last)] if last > low else parts


def _named(names: Names, part: Sequence[Token]) -> list[str]:
    """Whom one part names: by its head, by what stands before it, by the place after it."""
    split = next(
        (i for i, token in enumerate(part) if (i and token.low in _INNER) or token.text == "("), len(part)
    )
    core, tail = part[:split], part[split:]
    core = [token for token in core if token.low not in ("the", "a", "an", "then", "both", "former")]
    if not core or core[0].low in PREPOSITIONS:
        return []
    return _spanning_of(names, core, tail) or _by_head(names, core, tail)


def _spanning_of(names: Names, core: Sequence[Token], tail: Sequence[Token]) -> list[str]:
    """A name or a title with "of" in it: "Department of State", "Secretary of Defense Ann Smith"."""
    if not tail or tail[0].low not in ("of", "for"):
        return []
    found = [one for one in names.within(core[0].start, tail[-1].end) if one.end > tail[0].start > one.start]
    if found:
        return [names.actor(found[0])]
    person = names.person(tail[-1].text)
    full = person and names.text[tail[0].start : tail[-1].end].endswith(" " + person.name)
    return [person.name] if person and full and " " in person.name and core[-1].capital else []


def _by_head(names: Names, core: Sequence[Token], tail: Sequence[Token]) -> list[str]:
    head = core[-1]
    found = names.within(core[0].start, head.end)
    whole = names.own(names.text[core[0].start : head.end]) or names.own(head.text)
    if found and found[-1].end == head.end:
        return [] if _is_compound(names, head) else [names.actor(found[-1])]
    if whole:
        return [] if _is_thing(whole) else [whole]
    if _is_role(head):
        return _of_role(names, core, tail)
    if not head.capital or head.low in THINGS or _possessed(core):
        return []
    if tail and tail[0].low == "of" and len(tail) > 1 and tail[1].capital and names.person(head.text) is None:
        return [_written(names, [*core, *tail])]
    return _as_written(names, core)


def _is_thing(name: str) -> bool:
    """ "Five-Year Plan for …": its head is no one who speaks."""
    return re.split(r" (?:of|for|on|to|and) ", name)[0].rpartition(" ")[2].lower() in THINGS


def _is_compound(names: Names, head: Token) -> bool:
    """ "US-led", "anti-Soviet", "Russian-American": the name is only a part of the word."""
    found = names.within(head.start, head.end)
    return bool(found) and (found[0].start > head.start or found[-1].end < head.end or len(found) > 1)


def _is_role(token: Token) -> bool:
    return token.low in ROLES or token.low.rpartition("-")[2] in ROLES


def _possessed(core: Sequence[Token]) -> bool:
    return any(token.low in _POSSESSIVE for token in core)


def _of_role(names: Names, core: Sequence[Token], tail: Sequence[Token]) -> list[str]:
    """Officials of someone: "Israeli leaders", "Russia's government", "most analysts in Washington"."""
    before = names.within(core[0].start, core[-1].end) or (
        names.within(tail[0].start, tail[-1].end) if tail else []
    )
    if before:
        return [names.actor(one) for one in before if one.surface.actor][:2]
    capitals = [token for token in core if token.capital and token.low not in TITLES]
    if core[-1].capital and len(tail) > 1 and tail[0].low == "of" and tail[1].capital:
        return [_written(names, [*core, *tail])]
    own = [actor for token in [*core, *tail] if (actor := names.own(token.text))]
    if own:
        return own[:1]
    if body := _before_possessive(names, core) or (not capitals and _after_of(names, tail)):
        return [body]
    person = names.person(capitals[0].text) if capitals else None
    if person and core[-1].low in ("administration", "government", "regime", "cabinet"):
        return [person.country or person.name]
    plain = not any(token.capital for token in core)
    return [] if plain and not core[-1].low.endswith(("s", "people")) else [_written(names, core)]


def _before_possessive(names: Names, core: Sequence[Token]) -> str | None:
    """ "[Ostria]'s government": a name that no alias knows."""
    place = next((i for i, token in enumerate(core) if token.low in _POSSESSIVE), 0)
    owner = core[:place]
    return _unknown(names, owner) if owner and owner[-1].capital else None


def _after_of(names: Names, tail: Sequence[Token]) -> str | None:
    """ "the government of [Ostria]": the same."""
    if not tail or tail[0].low != "of":
        return None
    named = tail[2:] if len(tail) > 1 and tail[1].low == "the" else tail[1:]
    return _unknown(names, list(takewhile(lambda token: token.capital, named)))


def _unknown(names: Names, run: Sequence[Token]) -> str | None:
    if not run or any(token.low in THINGS | ROLES | TITLES | CALENDAR for token in run):
        return None
    person = names.person(run[-1].text)
    return person.name if person else _written(names, run)


def _as_written(names: Names, core: Sequence[Token]) -> list[str]:
    """A name that no alias knows; with the country when a title before it names one."""
    if core[-1].low in PRONOUNS | ADVERBS | DETERMINERS:  # "Its", of "Its energy minister"
        return []
    person = names.person(_written(names, core))
    if person is None:
        return [_written(names, core)]
    countries = [names.actor(one) for one in names.within(core[0].start, core[-1].end)]
    country = countries[0] if countries else person.country
    return [person.name, country] if country else [person.name]


def _written(names: Names, core: Sequence[Token]) -> str:
    first = next((i for i, token in enumerate(core) if token.capital and token.low not in _LEADING), 0)
    first = 0 if core[first].low in TITLES and first == len(core) - 1 else first
    return names.text[core[first].start : core[-1].end]
