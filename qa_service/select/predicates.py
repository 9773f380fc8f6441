"""What a question says was done: a sentence about the same people doing something else does not answer it."""

from itertools import takewhile

from qa_service.domain.ports import Token
from qa_service.domain.question import AnswerType
from qa_service.select.inquiry import Inquiry
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
    able likely going supposed hold have take get make be become come go keep put give happen exactly originally act serve play
    """.split()
)
MATCHED = 0.5  # share of the words of the predicate
WINDOW = 4  # words
LIGHT = 0.4  # weight: words that half of all sentences could hold tell nothing


def done(inquiry: Inquiry, view: SentenceView) -> bool:
    """Whether the sentence, or one beside it, speaks of what the question says was done."""
    words = predicate(inquiry)
    if not words:
        return _holds_office(inquiry, view)
    around = inquiry.views.of(view.passage)[max(view.ordinal - 1, 0) : view.ordinal + 2]
    terms = [term for term in inquiry.matcher.terms if term.stem in words and term.weight > LIGHT]
    if not terms:
        return True
    matched = sum(any(inquiry.matcher.match(term, near) > 0 for near in around) for term in terms)
    return matched >= MATCHED * len(terms)


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
    return frozenset(token.stem for token in rest if _says(inquiry, token))


def predicate(inquiry: Inquiry) -> frozenset[str]:
    """The stems of what the question says was done; empty when its form does not tell.

    "Why did Thieu resign before …" gives "resign", "Where was Umar born" gives "born".
    """
    text = inquiry.question.core
    tokens = inquiry.views.analysed(text)
    start = next((n for n, token in enumerate(tokens[:-1]) if token.word in AUXILIARIES), None)
    if start is None or (tokens[start].word in BEING and inquiry.question.answer_type is AnswerType.WHO):
        return frozenset()  # "Who was the emir …" asks who somebody is, not what was done
    rest = list(takewhile(lambda token: token.word not in ENDS, tokens[start + 1 :]))
    return frozenset([token.stem for token in rest if _says(inquiry, token)][:WINDOW])


def _says(inquiry: Inquiry, token: Token) -> bool:
    named = token.stem in inquiry.matcher.actors_of
    return token.content and not token.capital and token.word not in SKIPPED and not named
