"""What a question takes for granted: a sentence that denies just that is its answer, "failed to sign"."""

import re

from qa_service.domain.evidence import Evidence
from qa_service.select.inquiry import Inquiry
from qa_service.select.predicates import doing, predicate
from qa_service.select.verdicts import NOT_REACH, asked_negatively, attributed, negates
from qa_service.select.views import SentenceView

PRESUMING = re.compile(
    r"\b(?:why|when|where|how) (?:did|do|does|was|were|is|are|has|have|had)\b", re.IGNORECASE
)
LOOKED_AT = 8  # sentences, the best first
DENYING = re.compile(
    r"\b(?:fail(?:s|ed|ing)?|refus(?:e|es|ed|ing)|declin(?:e|es|ed|ing)|failure|refusal)(?= to\b)",
    re.IGNORECASE,
)
SNUBBING = re.compile(
    r"\b(?:snub|spurn|reject|declin|refus)\w*(?: [\w’'-]+){0,4} (?:invitation|offer|request|call|proposal)s?"
    r"(?= to\b)|\b(?:refusal|failure|reluctance|unwillingness)(?: [\w’'-]+){1,5}(?= to\b)",
    re.IGNORECASE,
)
# What was not done until then was done.
IN_THE_END = re.compile(r"\b(?:until|before|initially|at first)\b", re.IGNORECASE)
SNUB_REACH = 8  # words between that and what is not done
COMING_TO_NOTHING = re.compile(
    r"\b(?:(?:has|have|had) (?:all |so far |repeatedly )?failed|failed(?=[.;,]|$)|collapsed|came to nothing"
    r"|broke down|fell through)",
    re.IGNORECASE,
)
FAILING = re.compile(
    r"\b(?:fail(?:s|ed|ing|ures?)?|collapse[sd]?|unsuccessful|come to nothing|(?:fall|fell) through"
    r"|br(?:eak|oke) down)\b",
    re.IGNORECASE,
)
OPEN = re.compile(
    r"\b(?:may|might|(?:could|would)(?! not| never)|should|if|unless|until|before|initially|at first|will"
    r"|almost|only|alone|just|whether|risk\w*|fear\w*|claim\w*|say|says|said|alleg\w*|accus\w*|den(?:y|ies|ied))\b",
    re.IGNORECASE,
)
CLAUSE = re.compile(
    r"[,;:()—–]|\b(?:but|although|though|while|whereas|after|before|because)\b", re.IGNORECASE
)
SAID = 0.6  # share of the other words of the question that the sentence has to hold


def contradiction(inquiry: Inquiry) -> Evidence | None:
    """The sentence that denies what the question presumes; None when none does, or one affirms it first."""
    words = _presumed(inquiry)
    if not words:
        return None
    for one in inquiry.ranked[:LOOKED_AT]:
        said = {word: places for word in words if (places := _places(inquiry, one.view, word))}
        denied = frozenset(word for word, places in said.items() if _denied(one.view, places))
        if denied and _about(inquiry, one.view, denied):
            told = not OPEN.search(one.view.text) and not attributed(inquiry, one.view)
            return inquiry.evidence(one.view, score=one.score) if told else None
        if len(said) == len(words) and _about(inquiry, one.view, frozenset()):
            return None
    return None


def tells(inquiry: Inquiry, view: SentenceView) -> bool | None:
    """Whether the sentence says that what is asked of "who …" was done; False when it denies that.

    None when it says neither.
    """
    said = [_places(inquiry, view, word) or _phrased(inquiry, view, word) for word in doing(inquiry)]
    places = [place for one in said for place in one]
    if not places or asked_negatively(inquiry) or DENYING.search(f"{inquiry.question.core} to"):
        return None
    return bool(IN_THE_END.search(view.text)) or not _never_done(view, places)


def _presumed(inquiry: Inquiry) -> tuple[str, ...]:
    """The stems of what the question says was done; empty when it presumes nothing, or a denial itself."""
    core = inquiry.question.core
    denial = FAILING.search(core) or DENYING.search(f"{core} to")
    if denial or asked_negatively(inquiry) or not PRESUMING.search(core):
        return ()
    return tuple(sorted(predicate(inquiry)))


def _places(inquiry: Inquiry, view: SentenceView, word: str) -> list[int]:
    return [n for n, one in enumerate(view.words) if inquiry.matcher.match_stem(word, one)]


def _phrased(inquiry: Inquiry, view: SentenceView, word: str) -> list[int]:
    """Where a phrase stands that means the same: "took part" for "attended"."""
    meant = inquiry.matcher.groups_of.get(word, frozenset())
    groups = inquiry.matcher.synonyms.of(view.words) if meant & view.groups else {}
    return [n for n, one in enumerate(view.words) if meant & groups.get(one.stem, frozenset())]


def _about(inquiry: Inquiry, view: SentenceView, denied: frozenset[str]) -> bool:
    """Whether the sentence names whoever the question says it of, and holds most of what else it says."""
    matcher = inquiry.matcher
    others = [term for term in matcher.terms if term.stem not in denied]
    needed = inquiry.named | inquiry.question.actor_stems
    needed |= {term.stem for term in matcher.terms[:1]}  # who or what did it
    if any(matcher.match(term, view) == 0 for term in others if term.stem in needed):
        return False
    held = sum(term.weight for term in others if matcher.match(term, view) > 0)
    return held >= SAID * sum(term.weight for term in others)


def _denied(view: SentenceView, places: list[int]) -> bool:
    """Whether the word is denied wherever the sentence says it."""
    return _never_done(view, places) or _came_to_nothing(view, places)


def _never_done(view: SentenceView, places: list[int]) -> bool:
    return all(_denied_before(view, place) or _snubbed(view, place) for place in places)


def _denied_before(view: SentenceView, place: int) -> bool:
    """Whether a "not", or a "failed to", stands right before the deed, in the same clause."""
    before = view.tokens[max(place - NOT_REACH, 0) : place]
    if not before:
        return False
    start = view.tokens[place].start
    refused = (found.end() for found in DENYING.finditer(view.text, before[0].start, start))
    denials = [token.end for token in before if negates(token)] or [*refused]
    return bool(denials) and not CLAUSE.search(view.text[denials[-1] : start])


def _snubbed(view: SentenceView, place: int) -> bool:
    """Whether the deed is what somebody did not want to be asked for: "snubbed an invitation to attend"."""
    first, start = view.tokens[max(place - SNUB_REACH, 0)].start, view.tokens[place].start
    snubs = SNUBBING.finditer(view.text, first, start)
    return any(not CLAUSE.search(view.text[found.end() : start]) for found in snubs)


def _came_to_nothing(view: SentenceView, places: list[int]) -> bool:
    """Whether what was to be done is the subject of "have failed": "efforts to agree have failed"."""
    for found in COMING_TO_NOTHING.finditer(view.text):
        before = [place for place in places if view.tokens[place].end <= found.start()]
        if before and not CLAUSE.search(view.text[view.tokens[before[-1]].end : found.start()]):
            return True
    return False
