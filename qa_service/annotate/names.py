"""A document's sentences and the alias table go in; who is meant by a name in this document comes out."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from qa_service.annotate import acronyms
from qa_service.annotate.aliases import Aliases, Found, Role
from qa_service.annotate.cues import ADVERBS, DETERMINERS, PREPOSITIONS, ROLES, SUBORDINATORS, THINGS, words
from qa_service.annotate.tokens import Token
from qa_service.domain.annotation import Mention

TITLES = words(
    "president premier prime minister secretary general ambassador king queen prince emperor senator",
    "representative congressman governor mayor chancellor chairman director adviser advisor assistant deputy",
    "vice foreign defense defence state treasury commerce chief commander colonel",
    "admiral marshal mr mrs ms dr",
    "mr. mrs. ms. dr. gen. sen. rep. gov. col. spokesman spokeswoman leader envoy minister judge justice",
    "staff joint chiefs professor sir lord national security affairs",
    "interior party attorney under undersecretary",
)
#: Titles of those who speak for a country.
_SPEAKS_FOR = words(
    "president premier prime minister secretary general ambassador king queen emperor chancellor foreign",
    "spokesman spokeswoman leader envoy",
)
_CROWNED = words("king queen prince emperor")
_PARTICLES = words("bin al van von de ibn el ben der")
_NOT_FIRST = ADVERBS | DETERMINERS | PREPOSITIONS | SUBORDINATORS | words("and but or so it he she they")
CALENDAR = words(
    "january february march april may june july august september october november december monday tuesday",
    "wednesday thursday friday saturday sunday christmas",
)


_NO_PERSON = THINGS | ROLES | TITLES


@dataclass(frozen=True, slots=True)
class Person:
    """Someone named in the document; ``country`` when a title in it says for whom he or she speaks."""

    name: str
    country: str | None


@dataclass(frozen=True, slots=True)
class Titled:
    """A place where a title stands before a name: "President [Bush]"."""

    start: int
    end: int
    title: str
    last: str
    nation: bool  # "Soviet President": not meant by "the President" alone


@dataclass(slots=True)
class Names:
    """Who is meant by which name in one document."""

    text: str
    aliases: Aliases
    found: tuple[Found, ...]
    _starts: Sequence[int]  # of found
    _early: frozenset[str]
    _own: dict[str, str] = field(default_factory=dict)
    _people: dict[str, Person] = field(default_factory=dict)
    titled: list[Titled] = field(default_factory=list)

    def actor(self, found: Found) -> str:
        """The actor of a surface: who held it before, in a document that is about those days."""
        former = found.surface.former
        return former if former in self._early and former else found.surface.actor

    def within(self, start: int, end: int) -> list[Found]:
        """The surfaces of the alias table in ``[start, end)``."""
        first = bisect_left(self._starts, start)
        last = bisect_left(self._starts, end, first)
        return [found for found in self.found[first:last] if found.end <= end]

    def own(self, name: str) -> str | None:
        """The actor of an acronym or a long form that the document itself introduces."""
        return self._own.get(name)

    def person(self, name: str) -> Person | None:
        """The person with this name, titles before it or not: the full name's, else the last name's."""
        parts = name.split(" ")
        longest = (self._people.get(" ".join(parts[place:])) for place in range(len(parts)))
        return next((person for person in longest if person), None)

    def mentions(self, speakers: Iterable[str]) -> tuple[Mention, ...]:
        """Aliases, the document's own acronyms and the people among ``speakers``, in text order."""
        result = [Mention(start=one.start, end=one.end, actor=self.actor(one)) for one in self.found]
        surfaces = dict(self._own)
        known = set(speakers)
        for last, person in self._people.items():
            if person.name in known:
                surfaces |= {person.name: person.name, last: person.name}
        own = _occurrences(self.text, surfaces)
        taken = [one.start for one in result]
        for mention in own:
            at = bisect_left(taken, mention.end)
            if at == 0 or result[at - 1].end <= mention.start:
                result.insert(at, mention)
                taken.insert(at, mention.start)
        return tuple(result)


def _occurrences(text: str, surfaces: Mapping[str, str]) -> Iterable[Mention]:
    """Where the surfaces stand as whole words, the longest first where several begin."""
    places = [(at, -len(surface), surface) for surface in surfaces for at in _whole(text, surface)]
    end = 0
    for at, _, surface in sorted(places):
        if at >= end:
            end = at + len(surface)
            yield Mention(start=at, end=end, actor=surfaces[surface])


def _whole(text: str, surface: str) -> Iterator[int]:
    """Where ``surface`` stands between characters that are of no word."""
    at = text.find(surface)
    while at >= 0:
        beside = text[max(0, at - 1) : at] + text[at + len(surface) : at + len(surface) + 1]
        if not any(char.isalnum() or char == "_" for char in beside):
            yield at
        at = text.find(surface, at + 1)


def names_of(
    text: str, sentences: Sequence[Sequence[Token]], aliases: Aliases, initials: Mapping[str, str]
) -> Names:
    """Read the names of a document from its tokens, one list a sentence, and from ``by_initials``."""
    found = aliases.found(text)
    names = Names(text, aliases, found, [one.start for one in found], _early(found))
    _read_acronyms(names, sentences, initials)
    starts = {one.start: one for one in found}
    for tokens in sentences:
        for run in _runs(tokens):
            _read_person(names, run, starts)
    return names


def _early(found: Iterable[Found]) -> frozenset[str]:
    """Former actors that are named more often than their heirs, by names that only one of them has."""
    counts = Counter(one.surface.actor for one in found if one.surface.former is None)
    pairs = {(one.surface.former, one.surface.actor) for one in found if one.surface.former}
    return frozenset(former for former, heir in pairs if former and counts[former] > counts[heir])


def _read_acronyms(names: Names, sentences: Sequence[Sequence[Token]], initials: Mapping[str, str]) -> None:
    pairs: dict[str, str] = {}
    for tokens in sentences:
        if tokens:
            for one in acronyms.bracketed(names.text, tokens[0].start, tokens[-1].end):
                pairs.setdefault(one.short, names.text[one.start : one.end])
    known = {one.surface.text for one in names.found} | set(pairs)
    pairs |= {short: long_form for short, long_form in initials.items() if short not in known}
    for short, long_form in pairs.items():
        actor = names.aliases.actor(long_form) or names.aliases.actor(short) or long_form
        if long_form[0].isupper():
            names._own |= {short: actor, long_form: actor}


def _runs(tokens: Sequence[Token]) -> Iterable[list[Token]]:
    """Two or more capitalised words in a row, particles such as "bin" between them included."""
    run: list[Token] = []
    for index, token in enumerate(tokens):
        if token.capital and token.word and (run or token.low not in _NOT_FIRST):
            run.append(token)
        elif not run:
            continue
        elif token.low in _PARTICLES and index + 1 < len(tokens) and tokens[index + 1].capital:
            run.append(token)
        else:
            if len(run) > 1 and not _says_i(run, index - len(run)):
                yield _after_office(run, tokens, index - len(run))
            run = []
    if len(run) > 1:
        yield _after_office(run, tokens, len(tokens) - len(run))


def _says_i(run: Sequence[Token], first: int) -> bool:
    """ "Today I …": the first word of a sentence, and whoever speaks."""
    return first == 0 and len(run) == 2 and run[-1].text == "I"


def _after_office(run: list[Token], tokens: Sequence[Token], first: int) -> list[Token]:
    """ "Secretary of Homeland Defence [Ann Smith]": of an office only the last two words are the name."""
    office = first > 1 and tokens[first - 1].low in ("of", "for") and _title(tokens[first - 2])
    return run[-2:] if office and len(run) > 2 else run


def _title(token: Token) -> bool:
    return token.low.removeprefix("then-").removeprefix("ex-") in TITLES


def _read_person(names: Names, run: list[Token], starts: dict[int, Found]) -> None:
    country, titles, index = _lead(names, run, starts)
    rest = run[index:]
    if not rest or len(rest) > 5 or (len(rest) < 2 and not titles):
        return
    if any(token.start in starts for token in rest) or _is_thing(rest):
        return
    last, name = rest[-1].text, names.text[rest[0].start : rest[-1].end]
    if titles:
        names.titled.append(Titled(rest[0].start, rest[-1].end, titles[-1], last, country is not None))
    if titles and titles[-1] in _CROWNED and len(rest) == 1:
        if last in names._people:
            names._people[last] = Person(last, None)
        return
    _remember(names, name, last, country if country and _SPEAKS_FOR & set(titles) else None)


def _remember(names: Names, name: str, last: str, speaks: str | None) -> None:
    """Keep the longest form of a name; a namesake is kept apart, and the last name stays with the first."""
    old = names._people.get(last)
    if old is None or old.name in name:
        names._people[last] = Person(name, speaks or (old.country if old else None))
    elif name in old.name:
        names._people[last] = Person(old.name, old.country or speaks)
    elif name.split(" ", maxsplit=1)[0] != old.name.split(" ")[0]:
        names._people[name] = Person(name, speaks)


def _is_thing(rest: Sequence[Token]) -> bool:
    return rest[-1].low in _NO_PERSON or any(token.low in CALENDAR for token in rest)


def _lead(names: Names, run: list[Token], starts: dict[int, Found]) -> tuple[str | None, list[str], int]:
    """The country and the titles that stand before a name, and where the name begins."""
    country: str | None = None
    titles: list[str] = []
    index = 0
    while index < len(run):
        found = starts.get(run[index].start)
        if found and found.surface.role in (Role.DEMONYM, Role.NAME) and not titles:
            country = names.actor(found)
            while index < len(run) and run[index].start < found.end:
                index += 1
        elif _title(run[index]):
            titles.append(run[index].low.removeprefix("then-"))
            index += 1
        else:
            break
    return country, titles, index
