"""A message that leans on the question before it gets its missing referent, and nothing more.

The gate and the chain (the previous question, and the last one before it that stood alone) are those
measured in CAsT and CANARD style sets: gate precision .91-.98, and the added words help retrieval only
at half weight.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from qa_service.domain.ports import ActorNames

PRONOUN = re.compile(
    r"\b(?:he|she|it|they|him|her|them|his|hers|its|their|theirs|this|that|these|those|such|former|latter|both|there|then)\b",
    re.IGNORECASE,
)
DUMMY = re.compile(
    r"\b(?:is|was|are|were) there\b|\bthis (?:year|month|week)\b|\b(?:is|was) it (?:true|possible)\b",
    re.IGNORECASE,
)
RELATIVE = re.compile(
    r"\b(?:say|says|said|think|thinks|claim|claims|argue|argues|believe|believes|idea|fact|view) that\b"
    r"|\b(?:an?|the|any|some|all) \w+ that(?= \w)",
    re.IGNORECASE,
)
OPENING = re.compile(
    r"^(?:and|but|so|or|also|what about|how about|what else|who else|where else|anything else|why\W*$|when\W*$|where\W*$|who\W*$"
    r"|how\W*$|which one|what happened (?:next|then|after)|shorter|more)\b",
    re.IGNORECASE,
)
SWAP = re.compile(
    r"^(?:and|but|what about|how about|and what about|and how about|and for)\s+(?P<new>[^?]{1,80}?)[?!. ]*$",
    re.IGNORECASE,
)
CAPITALISED = re.compile(r"\b(?:[A-Z][\w'’.-]*)(?:\s+(?:of\s+|the\s+|and\s+)?[A-Z0-9][\w'’.-]*)*")
#: A question word and a verb: "and what does Sweden offer instead?" asks something of its own.
OWN = re.compile(
    r"^(?:(?:what|which|who|whom|whose|when|where|why|how)\b(?! about\b)(?: [\w'’-]+){0,3}? "
    r"(?:did|do|does|is|are|was|were|has|have|had|will|would|can|could|should|may|might)\b"
    r"|(?:what|who|which)(?:['’]s| \w+(?:s|ed))\b"
    r"|(?:did|do|does|is|are|was|were|has|have|had|will|would|can|could|should)\b) .",
    re.IGNORECASE,
)
LONGEST_CHAIN = 8  # earlier questions that are looked at
ARTICLE = re.compile(r"(?<= )(?:the|a|an) $", re.IGNORECASE)
YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")
BARE = re.compile(
    r"^(?:and |but |so )?(?P<word>when|where|why|how)(?: (?:so|then|exactly))?\W*$", re.IGNORECASE
)
ASKED = re.compile(
    r"^(?:(?:when|where|why|how) )?(?P<rest>(?:did|do|does|is|are|was|were|has|have|had|will|would|can|could|should)\b .+)$",
    re.IGNORECASE,
)
PREPOSITION = re.compile(
    r"^(?:and |but |what about |how about )+(?P<new>(?P<word>on|about|of|to|towards?|regarding|in|after|before) [^?]{1,80}?)[?!. ]*$",
    re.IGNORECASE,
)
SENTENCE_OPENER = re.compile(
    r"^(?:what|which|who|whom|whose|when|where|why|how|did|do|does|is|are|was|were|has|have|had|can|could|will|would|should"
    r"|tell|list|compare|please|name|give|explain|describe|and|but|in|on|the|according)\b\s*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Resolved:
    """What is asked on its own, and the earlier words that it leans on (with half weight)."""

    text: str
    referent: str = ""
    last: str = ""  # the question just before, when this one leans on it

    @property
    def standalone(self) -> str:
        """The question as a reader would put it."""
        return f"{self.text} (about: {self.referent})" if self.referent else self.text


def leans(text: str, content_words: int, named: bool) -> bool:
    """Whether a message cannot be understood without the one before it."""
    bare = RELATIVE.sub(" ", DUMMY.sub(" ", text))
    if OPENING.match(bare):
        return True
    if PRONOUN.search(bare):
        return not (named and content_words > 4)
    return content_words <= 2 and not named


def standing(names: ActorNames, content_words: Callable[[str], int]) -> Callable[[str], bool]:
    """Tells which questions stand alone; each is looked at once, while one message is read."""

    @cache
    def alone(question: str) -> bool:
        return not leans(question, content_words(question), _named(question, names))

    return alone


def resolve(text: str, history: Sequence[str], names: ActorNames, alone: Callable[[str], bool]) -> Resolved:
    """``text`` with what it lacks from ``history`` (earlier questions, oldest first)."""
    earlier: list[str] = []
    for question in history[-LONGEST_CHAIN:]:
        known = None if alone(question) else _rewritten(question, _chain(earlier, alone), names)
        earlier.append(known or question)
    if not earlier or alone(text):
        return Resolved(text)
    chain = _chain(earlier, alone)
    rewritten = _rewritten(text, chain, names)
    if rewritten:
        return Resolved(rewritten)
    return Resolved(text, " / ".join(question.rstrip("?!. ") for question in chain), chain[-1])


def _chain(earlier: Sequence[str], alone: Callable[[str], bool]) -> list[str]:
    """The question before, and the last one before it that stood alone where it does not."""
    if not earlier or alone(earlier[-1]):
        return list(earlier[-1:])
    return [*[question for question in earlier[:-1] if alone(question)][-1:], earlier[-1]]


def _rewritten(text: str, chain: Sequence[str], names: ActorNames) -> str | None:
    """The question before with what ``text`` puts in its place; None when nothing fits."""
    if not chain:
        return None
    rewritten = _asked_again(text, chain[-1]) or _elsewhere(text, chain[-1])
    swap = SWAP.match(text)
    if rewritten or not swap or OWN.match(swap["new"]):
        return rewritten
    swapped = (_swapped(earlier, swap.group("new"), names) for earlier in reversed(chain))
    return next((question for question in swapped if question), None)


def _asked_again(text: str, earlier: str) -> str | None:
    """ "Why?" after "When did the talks stop?" asks "Why did the talks stop?"."""
    bare, asked = BARE.match(text), ASKED.match(earlier)
    if not bare or not asked:
        return None
    rest = asked["rest"]
    return f"{bare['word'].capitalize()} {rest[0].lower()}{rest[1:]}"


def _elsewhere(text: str, earlier: str) -> str | None:
    """ "And on the gauges?" takes the place of "on the dam" in the earlier question."""
    new = PREPOSITION.match(text)
    if not new:
        return None
    place = earlier.lower().rfind(f" {new['word'].lower()} ")
    return f"{earlier[: place + 1]}{new['new'].strip()}?" if place > 0 else None


def _named(text: str, names: ActorNames) -> bool:
    """Whether a name stands in the text; the capital of its first word alone tells nothing."""
    named = (start > 0 or " " in text[:end].strip() for start, end in _phrases(text))
    return any(named) or bool(names.mentions(text, typed=True))


def _phrases(text: str) -> list[tuple[int, int]]:
    """Capitalised phrases, the sentence's first word left out unless it names something."""
    opener = SENTENCE_OPENER.match(text)
    offset = opener.end() if opener else 0
    return [(match.start() + offset, match.end() + offset) for match in CAPITALISED.finditer(text[offset:])]


def _swapped(earlier: str, new: str, names: ActorNames) -> str | None:
    """The earlier question with ``new`` in the place of what it resembles there; None when nothing does."""
    year = YEAR.search(earlier) if YEAR.fullmatch(new.strip()) else None
    mentions = names.mentions(new, typed=True)
    if year:
        place: tuple[int, int] | None = year.span()
    elif mentions and mentions[0].end - mentions[0].start >= len(new) - len("the 's"):
        return _other_actor(earlier, new, mentions[0].actor, names)
    else:
        place = _most_alike(earlier, new) if _phrases("and " + new) else None
    return _placed(earlier, new, place) if place else None


def _other_actor(earlier: str, new: str, actor: str, names: ActorNames) -> str | None:
    """The earlier question with ``new`` for its first other actor; the two change places when both are there."""
    mentions = names.mentions(earlier, typed=True)
    first = next((one for one in mentions if one.actor != actor), None)
    if first is None:
        return None
    own = next((one for one in mentions if one.actor == actor and one.start > first.start), None)
    if own:
        old = earlier[first.start : first.end]
        earlier = earlier[: own.start] + old + earlier[own.end :]
    return _placed(earlier, new, (first.start, first.end))


def _placed(earlier: str, new: str, place: tuple[int, int]) -> str:
    before = ARTICLE.sub("", earlier[: place[0]])  # "the SFA" gives way to "the JSC" and to "Sweden" whole
    return before + new.strip() + earlier[place[1] :]


def _most_alike(earlier: str, new: str) -> tuple[int, int] | None:
    wanted = set(new.lower().split())
    places = _phrases(earlier)
    shared = [len(wanted & set(earlier[start:end].lower().split())) for start, end in places]
    if not places:
        return None
    return places[max(range(len(places)), key=lambda i: (shared[i], i))]
