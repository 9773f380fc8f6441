"""Whether a sentence holds what a question asks for: a person, a day, a place, a number, a reason."""

import re
from collections.abc import Callable, Sequence

from qa_service.domain.ports import Token
from qa_service.domain.question import AnswerType, Question
from qa_service.select.quantities import is_year, number_places
from qa_service.select.views import SentenceView

CALENDAR = frozenset(
    """
    january february march april may june july august september october november december monday tuesday wednesday thursday
    friday saturday sunday century decade yesterday today tomorrow spring summer autumn winter
    """.split()
)
TITLES = frozenset(
    """
    president premier minister secretary general assistant ambassador chairman director king prince senator colonel
    captain admiral mr mrs ms dr professor spokesman spokesperson chief state foreign defense defence prime
    """.split()
)
PLACE_BEFORE = frozenset(
    "in at near from to of on into across around outside inside over through toward towards".split()
)
INSIDE = frozenset("in at near across around outside".split())
OF_PLACES = frozenset("the a an and or both nearby".split())
PLACE_WORDS = frozenset(
    """
    province provinces city cities country countries region border capital area island coast north south east west
    northern southern eastern western village town district districts sea ocean atmosphere space underwater land
    """.split()
)
REASON = re.compile(
    r"\b(?:because|due to|owing to|as a result|result of|result in|reason|caused?|in order to|led to|leads? to|fear\w*|since"
    r"|so that|thanks to|in response|prompt\w*|motivat\w*|buy time|intended to|aimed? at|given that)\b",
    re.IGNORECASE,
)
WEAK_REASON = re.compile(
    r"\b(?:after|when|as|with|over|to \w+|by|could|allow\w*|sens\w*|consider\w*|indicat\w*)\b", re.IGNORECASE
)
ERA = re.compile(
    r"\b\d[\d,.]{0,20}\s?(?:BP|BCE?|AD|CE|years? ago|[ap]\.?m)\b|\b\d{1,2}:\d\d\b|\b(?:century|decade|\d0s)\b|\b(?:AD|in) \d{3}\b",
    re.IGNORECASE,
)
# A time told by what was going on: "during the Second World War", "after the Congress of Kerr".
EPISODE = re.compile(
    r"\b(?:[Dd]uring|[Aa]fter|[Bb]efore|[Ff]ollowing|[Uu]ntil|[Ss]ince|at the (?:start|beginning|outbreak|end) of) (?:the )?"
    r"(?:[A-Z][\w’'-]+ ){1,4}?(?:Wars?|Revolution|Uprising|Crisis|Reformation|Renaissance|Congress|Conference|Games|Age|Era|Empire"
    r"|Dynasty|Depression)\b"
)
MANNER = re.compile(r"\b(?:by|through|via|using|with)\b", re.IGNORECASE)

NAMING = re.compile(
    r"\b(?:called|named|(?:known|referred to|described|dubbed|termed|nicknamed)(?: \w+){0,2} as|termed|dubbed|nicknamed|i\.e\.)(?!\w)",
    re.IGNORECASE,
)
ASIDE = re.compile(r"\([^()\d]{2,40}\)")
VERBAL = ("ed", "en", "und", "ept", "eld")  # used, seen, found, kept, held

Verdict = float  # 1 the type is there, -1 it is plainly not, 0 no telling


def verdict(question: Question, view: SentenceView) -> Verdict:
    """Whether the sentence holds the question's answer type."""
    check = CHECKS.get(question.answer_type) if question.answer_type else None
    return check(question, view) if check else 0.0


def _new(question: Question, tokens: Sequence[Token]) -> list[Token]:
    """Tokens that the question does not hold already."""
    asked = {term.stem for term in question.terms} | set(question.words)
    return [token for token in tokens if token.stem not in asked and token.word not in asked]


def new_names(question: Question, view: SentenceView) -> list[Token]:
    """Capitalised words inside the sentence that are part of no name in the question, titles left out."""
    fresh = {token.start for token in _new(question, view.tokens)}
    found: list[Token] = []
    for run in _capital_runs(view):
        if all(token.start in fresh for token in run):
            found += [token for token in run if token.word not in TITLES and token.word not in CALENDAR]
    return found


def _capital_runs(view: SentenceView) -> list[list[Token]]:
    """Runs of neighbouring capitalised words, without the sentence's first word."""
    runs: list[list[Token]] = []
    for token in view.tokens:
        if not (token.capital and token.content and token.start > 0):
            continue
        if runs and token.start - runs[-1][-1].end <= 1:
            runs[-1].append(token)
        else:
            runs.append([token])
    return runs


def _who(question: Question, view: SentenceView) -> Verdict:
    opens_with_name = bool(view.actors) and any(token.capital for token in view.tokens[:1])
    return 1.0 if new_names(question, view) or opens_with_name else -1.0


def _when(question: Question, view: SentenceView) -> Verdict:
    fresh = _new(question, view.tokens)
    dated = any(is_year(token) or (token.word in CALENDAR and token.capital) for token in fresh)
    return 1.0 if dated or ERA.search(view.text) or EPISODE.search(view.text) else -1.0


def _number(question: Question, view: SentenceView) -> Verdict:
    told = [view.tokens[place] for place in number_places(view.tokens)]
    return 1.0 if told and _new(question, told) else -1.0


def _where(question: Question, view: SentenceView) -> Verdict:
    names = {token.start for token in new_names(question, view)}
    inside = False  # after "in" and up to the end of what it governs: "in Africa and the South Pacific"
    for before, token in zip(view.tokens, view.tokens[1:], strict=False):
        named = (before.capital and before.word not in CALENDAR) or before.word in OF_PLACES
        inside = before.word in INSIDE or (
            inside and named and "," not in view.text[before.end : token.start]
        )
        if token.start in names and (before.word in PLACE_BEFORE or inside):
            return 1.0
    if names or any(token.word in PLACE_WORDS for token in _new(question, view.tokens)):
        return 0.0
    return 0.0 if _put_somewhere(question, view) else -1.0


def _put_somewhere(question: Question, view: SentenceView) -> bool:
    """Whether a verb of the question is followed by a place, of whatever kind: "used mainly in toys"."""
    asked = set(question.words)
    return any(
        token.word in asked and token.word.endswith(VERBAL) and beside.word in PLACE_BEFORE
        for n, token in enumerate(view.tokens)
        for beside in view.tokens[n + 1 : n + 3]
    )


def _reason(question: Question, view: SentenceView) -> Verdict:
    if REASON.search(view.text):
        return 1.0
    return 0.0 if WEAK_REASON.search(view.text) else -1.0


def _manner(question: Question, view: SentenceView) -> Verdict:
    return 1.0 if MANNER.search(view.text) else 0.0


def _name(question: Question, view: SentenceView) -> Verdict:
    """Whether the sentence names something: "known as …", or a word of the question beside a parenthesis."""
    if NAMING.search(view.text):
        return 1.0
    asked = {term.stem for term in question.terms}
    aside = [(found.start(), found.end()) for found in ASIDE.finditer(view.text)]
    beside = any(
        token.stem in asked and (0 <= start - token.end <= 1 or 0 <= token.start - end <= 1)
        for start, end in aside
        for token in view.tokens
    )
    return 1.0 if beside else 0.0


CHECKS: dict[AnswerType, Callable[[Question, SentenceView], Verdict]] = {
    AnswerType.WHO: _who,
    AnswerType.WHEN: _when,
    AnswerType.NUMBER: _number,
    AnswerType.WHERE: _where,
    AnswerType.REASON: _reason,
    AnswerType.MANNER: _manner,
    AnswerType.NAME: _name,
}
