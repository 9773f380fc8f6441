"""How many, how much: whether a sentence counts the thing that is asked for."""

import re
from collections.abc import Sequence

from qa_service.domain.ports import Token
from qa_service.domain.question import Question
from qa_service.select.views import SentenceView

NUMBER_WORDS = frozenset(
    """
    one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
    eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred hundreds thousand thousands
    million millions billion billions trillion dozen dozens half third quarter thirds quarters twice once several
    """.split()
)
FRACTIONS = frozenset("third quarter".split())  # or the next after the second, a part of a town
YEAR = re.compile(r"(?:1\d|20)\d\d$")
COUNTED = re.compile(r"\b(?:how many|number of|how much)\s+(?P<what>[^?]*)", re.IGNORECASE)
MONEY_ASKED = re.compile(
    r"\b(?:dollars?|euros?|pounds?(?! of)|cost|price|worth|budget|(?:what|which) sum|how much (?:money|aid))\b",
    re.IGNORECASE,
)
MONEY = re.compile(
    r"[$€£¥]\s?\d|\b\d[\d.,]{0,20}\s?(?:million|billion|trillion)?\s(?:US )?(?:dollars|euros|pounds)\b",
    re.IGNORECASE,
)
SHARE_ASKED = re.compile(r"\b(?:share|percentage|proportion|percent|fraction)\b", re.IGNORECASE)
SHARE = re.compile(
    r"%|\bper ?cent\b|\b(?:one|two|three|four|five) (?:\w+ )?(?:in|out of) (?:\d+|two|three|four|five|six|seven|eight|nine|ten)\b"
    r"|\b(?:half|thirds?|quarters?|majority|most|(?:fif|six|seven|eigh|nin|ten)ths?)\b",
    re.IGNORECASE,
)
TIMES_ASKED = re.compile(r"\bhow many times\b|\bhow often\b", re.IGNORECASE)
TIMES = re.compile(r"\b(?:once|twice|thrice|\w+[- ]times?)\b", re.IGNORECASE)
SPAN_ASKED = re.compile(r"\bhow (?:long|old)\b|\bhow much (?:longer|time)\b", re.IGNORECASE)
SPAN = re.compile(
    r"\b(?:second|minute|hour|day|night|week|fortnight|month|year|decade|centur|generation)(?:s|y|ies)?\b|\b(?:ago|aged?|born)\b"
    r"|\b(?:until|till|since|into) (?:[\w-]+ ){0,2}(?:\d{4}\b|centur)|\b\d{4}(?: to |[-–])\d{2,4}\b"
    r"|\b\d[\d.,]{0,20}[ -](?:km|kilomet\w+|miles?|m|met(?:re|er)s?|feet|foot|ft|inch(?:es)?|yards?|cm|mm)\b",
    re.IGNORECASE,
)
STOPS_AT = frozenset(
    "did does do has have had is are was were can could will would be in on at to for by of the from".split()
)
REACH = 4  # words between a number and what it counts


def is_year(token: Token) -> bool:
    """Whether a word may be a year: "1140", not "1,140"."""
    return bool(YEAR.match(token.word)) and token.end - token.start == len(token.word)


def is_number(token: Token) -> bool:
    """Whether a word counts; a year does not."""
    return token.word in NUMBER_WORDS or (token.word[:1].isdigit() and not is_year(token))


def counting_years(tokens: Sequence[Token], counted: frozenset[str]) -> list[int]:
    """The places of numbers that look like years and count: "2000 guests"."""
    return [n for n, token in enumerate(tokens[:-1]) if is_year(token) and tokens[n + 1].stem in counted]


def number_places(tokens: Sequence[Token]) -> list[int]:
    """The places of the words that count; "the third meeting" counts nothing, "a third of them" does."""
    words = [token.word for token in tokens]
    return [
        n
        for n, token in enumerate(tokens)
        if is_number(token)
        and (
            token.word not in FRACTIONS
            or "of" in words[n + 1 : n + 2]
            or words[n - 1 : n] in (["a"], ["one"])
        )
    ]


def counts(question: Question, view: SentenceView, counted: frozenset[str]) -> bool:
    """Whether the sentence gives the quantity; ``counted`` are stems that stand for the thing counted."""
    if MONEY_ASKED.search(question.core):
        return bool(MONEY.search(view.text))
    if SHARE_ASKED.search(question.core):
        return bool(SHARE.search(view.text))
    if SPAN_ASKED.search(question.core):
        return bool(SPAN.search(view.text))
    asked = set(question.words)
    every = [*number_places(view.tokens), *counting_years(view.tokens, counted)]
    places = [n for n in every if view.tokens[n].word not in asked]
    if not counted:
        return bool(places)
    if TIMES_ASKED.search(question.core) and TIMES.search(view.text):
        return True
    return any(_near(view.tokens, place, counted) for place in places)


def counts_otherwise(question: str, sentence: str) -> bool:
    """Whether a share, a sum, a span or a number of times is asked for: told without naming what is counted."""
    if TIMES_ASKED.search(question):
        return bool(TIMES.search(sentence))
    return any(asked.search(question) for asked in (MONEY_ASKED, SHARE_ASKED, SPAN_ASKED))


def _near(tokens: tuple[Token, ...], place: int, counted: frozenset[str]) -> bool:
    return any(token.stem in counted for token in tokens[max(place - REACH, 0) : place + 1 + REACH])


def counted_words(text: str) -> str:
    """The words of a question that name what is counted: "troops" in "how many troops does Russia have"."""
    match = COUNTED.search(text)
    if not match:
        return ""
    words: list[str] = []
    for word in match["what"].split():
        if word.lower() in STOPS_AT:
            break
        words.append(word)
    return " ".join(words[:3])
