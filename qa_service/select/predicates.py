"""What a question says was done: a sentence about the same people doing something else does not answer it."""

import re
from collections.abc import Sequence
from itertools import dropwhile, takewhile

from qa_service.domain.ports import Token
from qa_service.domain.question import AnswerType
from qa_service.select.inquiry import Inquiry
from qa_service.select.quantities import is_year
from qa_service.select.views import SentenceView

BEING = frozenset("is are was were".split())
AUXILIARIES = BEING | frozenset("did does do has have had can could will would should might may".split())
ENDS = frozenset(
    """
    of in on at to for with by from before after about during under over against as that than into between when while
    because if until since through
    """.split()
)
SKIPPED = frozenset(
    """
    the a an his her its their this that these those not ever still also already first there it he she they we you due
    able likely going supposed responsible hold have occur bring think say believed thought
    known considered estimated reported credited take get make be become come go keep put give happen exactly originally act serve play
    """.split()
)
IRREGULAR = frozenset(
    "build send find hold make pay sell spend lead win teach buy catch fight shoot put cut".split()
)
ENOUGH_ELSE = 3  # other words of "who did …" that the sentence holds: it then tells of the same deed
PLACED = frozenset(
    "located based situated found contained stored kept housed there exist exists lie lies stand stands included".split()
)
PLACED_TYPES = frozenset({AnswerType.WHERE, AnswerType.NUMBER})
WHICH = frozenset("which what".split())
DETERMINERS = frozenset("the a an his her its their this that these those".split())
PERSONS = frozenset(  # whoever it was, was one
    "person people man woman men women children boy girl guy figure".split()
)
PRONOUNS = frozenset("he she it they you we i this that".split())
NOMINAL = ("tion", "ment", "ness", "ity", "ies", "ists", "ers")
LIFE = "born die died"
LIFETIME = re.compile(r"\((?:[^()]{0,30}\b)?\d{4}\s?[-–—]{1,2}\s?(?:[^()]{0,30}\b)?\d{4}\)")
MADE = """
passed launched founded published held adopted introduced established built written released issued created formed
enacted convened composed signed made opened
"""
MATCHED = 0.5  # share of the words of the predicate
WINDOW = 4  # words
LIGHT = 0.4  # weight: words that half of all sentences could hold tell nothing


def done(inquiry: Inquiry, view: SentenceView) -> bool:
    """Whether the sentence, or one beside it, speaks of what the question says was done."""
    words = deed(inquiry)
    if not words:
        return _holds_office(inquiry, view)
    around = inquiry.views.of(view.passage)[max(view.ordinal - 1, 0) : view.ordinal + 2]
    said = [term for term in inquiry.matcher.terms if term.stem in words]
    heavy = [term for term in said if term.weight > LIGHT]
    alone = _who_did(inquiry.views.analysed(inquiry.question.core))  # "who leads it" turns on the one word
    terms = heavy or (said if alone else [])
    if not terms:
        return True
    matched = sum(any(inquiry.matcher.match(term, near) > 0 for near in around) for term in terms)
    return matched >= MATCHED * len(terms) or _dated(inquiry, words, view) or _else(inquiry, words, view)


def _else(inquiry: Inquiry, words: frozenset[str], view: SentenceView) -> bool:
    """Whether a sentence that may tell who did something holds so much of the rest that it tells of that."""
    if inquiry.question.answer_type is not AnswerType.WHO:
        return False
    rest = [term for term in inquiry.matcher.terms if term.stem not in words and term.weight > LIGHT]
    return sum(inquiry.matcher.match(term, view) > 0 for term in rest) >= ENOUGH_ELSE


def _dated(inquiry: Inquiry, words: frozenset[str], view: SentenceView) -> bool:
    """Whether a date beside a name tells when: "Ruth Vega (1901-1970)" was born, "the Act of 1996" was passed."""
    if inquiry.question.answer_type is not AnswerType.WHEN:
        return False
    if words <= inquiry.views.stems(LIFE):
        return bool(LIFETIME.search(view.text))
    return words <= inquiry.views.stems(MADE) and _year_beside_name(inquiry, view.tokens)


def _year_beside_name(inquiry: Inquiry, tokens: Sequence[Token]) -> bool:
    asked = set(inquiry.question.words)
    for place, token in enumerate(tokens):
        if not is_year(token):
            continue
        before = place - 2 if place and tokens[place - 1].word == "of" else place - 1
        beside = (*tokens[max(before, 0) : before + 1], *tokens[place + 1 : place + 2])
        if any(other.capital and other.word in asked for other in beside):
            return True
    return False


def _holds_office(inquiry: Inquiry, view: SentenceView) -> bool:
    """Whether a sentence that may tell who somebody is holds a word of what he or she is: "the king of …"."""
    said = office(inquiry)
    terms = [term for term in inquiry.matcher.terms if term.stem in said]
    return not terms or any(inquiry.matcher.match(term, view) > 0 for term in terms)


def office(inquiry: Inquiry) -> frozenset[str]:
    """The stems of what somebody is, in "Who is the king of …"; empty for any other question."""
    tokens = inquiry.views.analysed(inquiry.question.core)
    if inquiry.question.answer_type is not AnswerType.WHO or len(tokens) < len("who is the".split()):
        return frozenset()
    if tokens[0].word != "who" or tokens[1].word not in BEING:
        return frozenset()
    rest = takewhile(lambda token: token.word not in ENDS, tokens[2:])
    return frozenset(token.stem for token in rest if says(inquiry, token) and token.word not in PERSONS)


def predicate(inquiry: Inquiry) -> frozenset[str]:
    """The stems of what the question says was done; empty when its form does not tell.

    "Why did Thieu resign before …" gives "resign", "Where was Umar born" gives "born".
    """
    tokens = inquiry.views.analysed(inquiry.question.core)
    start = _auxiliary(inquiry, tokens)
    if start is None:
        return frozenset()
    rest = list(takewhile(lambda token: token.word not in ENDS, tokens[start + 1 :]))
    return frozenset([token.stem for token in rest if says(inquiry, token)][:WINDOW])


def deed(inquiry: Inquiry) -> frozenset[str]:
    """The stems of the verb, with what it is done to; empty when the question's form does not tell.

    "Why did the envoys resign" gives "resign", "Who leads the board" gives "lead", and "When was the treaty
    of Kerr signed" gives "sign": the words before the verb are the subject.
    """
    tokens = inquiry.views.analysed(inquiry.question.core)
    if _who_did(tokens):
        after = (token for token in tokens[1:] if token.word not in SKIPPED and token.word[-2:] != "ly")
        verb = next(after, None)
        return frozenset({verb.stem} if verb and says(inquiry, verb) else ())
    start = _auxiliary(inquiry, tokens)
    if start is None:
        return frozenset()
    being = tokens[start].word in BEING
    ends = ENDS - {"of"} if being else ENDS
    rest = list(takewhile(lambda token: token.word not in ends, tokens[start + 1 :]))
    said = [token for token in rest if says(inquiry, token) and not token.word.endswith("ly")]
    if inquiry.question.answer_type is AnswerType.YES_NO:
        verbs: Sequence[Token] = said  # the answer may say that it was not so, in words of its own
    else:
        verbs = _participle(inquiry, said, tokens) if being else _after_subject(inquiry, rest, said)
    if inquiry.question.answer_type in PLACED_TYPES and rest and rest[-1].word in PLACED:
        verbs = []  # to be somewhere is not done
    return frozenset([token.stem for token in verbs][:WINDOW])


def doing(inquiry: Inquiry) -> frozenset[str]:
    """The stem of the verb in "Who signed the treaty", "Which countries took part in the talks"; else empty."""
    if inquiry.question.answer_type is not AnswerType.WHO:
        return frozenset()
    tokens = inquiry.views.analysed(inquiry.question.core)
    after = list(dropwhile(lambda token: token.capital, tokens[1:]))
    asking = {token.word for token in tokens[:1]}
    if asking & WHICH:
        del after[:1]  # the "countries"
    elif asking != {"who"}:
        return frozenset()
    said = list(takewhile(lambda token: token.word not in AUXILIARIES | ENDS | DETERMINERS, after))
    return frozenset([token.stem for token in said if says(inquiry, token)][:1])


def _auxiliary(inquiry: Inquiry, tokens: Sequence[Token]) -> int | None:
    """The place of the verb that the question's form turns on; None in "Who was the emir …".

    That asks who somebody is, not what was done.
    """
    start = next((n for n, token in enumerate(tokens[:-1]) if token.word in AUXILIARIES), None)
    if start is None or (tokens[start].word in BEING and inquiry.question.answer_type is AnswerType.WHO):
        return None
    return start


def _who_did(tokens: Sequence[Token]) -> bool:
    """Whether the verb follows the asking word: "Who leads the board?"."""
    words = [token.word for token in tokens[:2]]
    return words[:1] == ["who"] and not AUXILIARIES & set(words)


def _participle(inquiry: Inquiry, said: Sequence[Token], tokens: Sequence[Token]) -> Sequence[Token]:
    """The word that tells what was done: "(was) the treaty signed"; else all: "(was) the last meeting".

    It may be the question's last, after more of the subject: "(were) the actors in the series paid".
    """
    before, last = tokens[-2:]
    noun = before.word in ENDS | DETERMINERS or last.word in PERSONS
    after_more = [last] if not noun and says(inquiry, last) else []
    for verb in (*said[-1:], *after_more):
        if verb.word.endswith(("ed", "en", "rn")) or verb.stem in IRREGULAR:
            return [verb]
    return said


def _after_subject(inquiry: Inquiry, rest: Sequence[Token], said: Sequence[Token]) -> Sequence[Token]:
    """The verb and its object in "(did) the envoys resign": a subject that is no name goes before the verb."""
    named = any(
        (token.capital and token.content) or token.stem in inquiry.matcher.actors_of
        for token in takewhile(lambda token: token not in said[:1], rest)
    )
    pronoun = any(token.word in PRONOUNS for token in rest[:1])
    if named or pronoun:
        return said
    return [token for token in said[1:] if not token.word.endswith(NOMINAL)] or said[1:]


def says(inquiry: Inquiry, token: Token) -> bool:
    """Whether a word of the question may tell what was done: not a name, nor what fits any deed."""
    named = token.stem in inquiry.matcher.actors_of
    skipped = token.word in SKIPPED or token.stem in SKIPPED
    return token.content and not token.capital and not skipped and not named
