"""Yes or no, when the author says in one plain sentence just what was asked, or its opposite; else nothing.

A sentence settles a question when it holds every word of it, in the question's order of who did what to
whom, with nothing between the one who acts and the deed that could make it somebody else's.
"""

import re
from itertools import pairwise

from qa_service.domain.evidence import Short
from qa_service.domain.ports import Token
from qa_service.domain.question import Term
from qa_service.select.inquiry import Inquiry
from qa_service.select.matching import SYNONYM
from qa_service.select.predicates import predicate
from qa_service.select.views import SentenceView

NOT_REACH = 4  # words between a negation and what it negates
NEGATIONS = frozenset("not never cannot".split())
OTHER_NEGATIONS = frozenset("neither nor no none nobody nothing without".split())  # of what, is not plain
HEDGED = re.compile(
    r"\b(?:may|might|could|would|should|if|unless|likely|unlikely|reportedly|allegedly|expect\w*|plan\w*|possib\w+"
    r"|potential\w*"
    r"|try|tries|tried|attempt\w*|almost|nearly|partly|hardly|rarely|barely|little|few|call\w* for"
    r"|ask\w*|urg\w+|demand\w*|seek\w*|sought|want\w*|hop(?:e|es|ed|ing)|offer\w*|promis\w*|pledg\w*|vow\w*"
    r"|threat\w*|intend\w*|aim\w*|fail\w*|refus\w*|declin\w*|den(?:y|ies|ied)|oppos\w*)\b",
    re.IGNORECASE,
)
ALL = re.compile(r"\b(?:all|every|only|always|first|ever)\b", re.IGNORECASE)
CLAUSE = re.compile(r"[,;:()—–]")
NOT_ACTING = frozenset("of to by for from with against in on at over between among than near".split())
ARTICLES = frozenset("the a an its their his her".split())


def settled(inquiry: Inquiry, view: SentenceView) -> Short | None:
    """The verdict of the sentence on a yes-no question, None when it has to be read."""
    if _hedged(inquiry, view) or attributed(inquiry, view):
        return None
    if ALL.search(inquiry.question.core) and not ALL.search(view.text):
        return None
    if not holds_all(inquiry, view) or not _same_roles(inquiry, view):
        return None
    told = _negated(inquiry, view)
    if told is None:
        return None
    return Short(verdict="no" if told != asked_negatively(inquiry) else "yes")


def asked_negatively(inquiry: Inquiry) -> bool:
    """Whether the question itself denies: "Did they not sign?"."""
    core = inquiry.question.core
    return bool(NEGATIONS & set(inquiry.question.words)) or "n't" in core or "n’t" in core


def negates(token: Token) -> bool:
    """Whether a word denies what stands after it."""
    return token.word in NEGATIONS or token.word.endswith("n't")


def holds_all(inquiry: Inquiry, view: SentenceView) -> bool:
    """Whether the sentence holds each word of the question, its root, actor or meaning."""
    terms = inquiry.matcher.terms
    return bool(terms) and all(inquiry.matcher.match(term, view) >= SYNONYM for term in terms)


def _hedged(inquiry: Inquiry, view: SentenceView) -> bool:
    """Whether a word leaves open that it was done; the deed asked for may be such a word: "declined"."""
    stems = [stem for match in HEDGED.finditer(view.text) for stem in inquiry.views.stems(match.group())]
    plain = len(HEDGED.findall(view.text)) > len(stems)  # a stop word such as "would"
    deeds = predicate(inquiry)
    own = [word for word in view.words if any(inquiry.matcher.match_stem(deed, word) for deed in deeds)]
    return plain or not set(stems) <= {word.stem for word in own}


def attributed(inquiry: Inquiry, view: SentenceView) -> bool:
    """Whether the sentence tells what somebody holds, rather than what is so."""
    return bool(inquiry.views.positions(view))


def _same_roles(inquiry: Inquiry, view: SentenceView) -> bool:
    """Whether names and deed come in the order of the question, and the first of them acts."""
    named = inquiry.named
    deeds = predicate(inquiry)
    key = [
        term
        for term in inquiry.matcher.terms
        if term.stem in named or term.stem in deeds or term.stem in inquiry.matcher.actors_of
    ]
    places = [place for term in key if (place := _place(inquiry, term, view)) is not None]
    if any(later < earlier for earlier, later in pairwise(places)):
        return False
    if not places:
        return True
    deed = [
        place for term in key if term.stem in deeds and (place := _place(inquiry, term, view)) is not None
    ]
    return _acts(view, places[0], max(deed, default=places[0]))


def _place(inquiry: Inquiry, term: Term, view: SentenceView) -> int | None:
    """The number of the first word of the sentence that stands for the term."""
    actors = inquiry.matcher.actors_of.get(term.stem, frozenset())
    starts = [
        mention.start - view.sentence.start
        for mention in inquiry.views.mentions(view)
        if mention.actor in actors
    ]
    if starts:
        return next(n for n, token in enumerate(view.tokens) if token.end > min(starts))
    found = (n for n, word in enumerate(view.words) if inquiry.matcher.match_stem(term.stem, word))
    return next(found, None)


def _acts(view: SentenceView, first: int, deed: int) -> bool:
    """Whether nothing parts the first name from the deed, and no "of" or "against" stands before it."""
    if deed > first and CLAUSE.search(view.text[view.tokens[first].end : view.tokens[deed].start]):
        return False
    before = [token.word for token in view.tokens[:first] if token.word not in ARTICLES]
    return not before or before[-1] not in NOT_ACTING


def _negated(inquiry: Inquiry, view: SentenceView) -> bool | None:
    """Whether what was done is denied; None when something is, but no telling what."""
    if any(token.word in OTHER_NEGATIONS for token in view.tokens):
        return None
    done = predicate(inquiry)
    places = [n for n, token in enumerate(view.tokens) if negates(token)]
    if not places:
        return False
    if len(places) > 1:
        return None
    after = view.tokens[places[0] + 1 : places[0] + 1 + NOT_REACH]
    return True if any(token.stem in done for token in after) else None
