"""Words of a question that tell of something else: numbers that no document holds, names that the best
passage lacks.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from qa_service.domain.ports import Word
from qa_service.domain.question import AnswerType
from qa_service.select.inquiry import Inquiry
from qa_service.select.ranking import Ranked
from qa_service.select.roots import PREFIX, root
from qa_service.select.views import SentenceView

NAMES_MISSING = 0.4  # share of the capitalised words that the best passage lacks
ORDINALS = {
    word: number
    for number, words in enumerate(
        (
            ("first", "1st"),
            ("second", "2nd"),
            ("third", "3rd"),
            ("fourth", "4th"),
            ("fifth", "5th"),
            ("sixth", "6th"),
            ("seventh", "7th"),
            ("eighth", "8th"),
            ("ninth", "9th"),
            ("tenth", "10th"),
        ),
        start=1,
    )
    for word in words
}
RANKS = [word for word, number in ORDINALS.items() if number > 1]
LATER = "|".join([*RANKS, "eleventh", "twelfth", "next", r"(?!1st)\d+(?:st|nd|rd|th)"])
LOWER_RANK = re.compile(
    rf"\b(?:{LATER})\b(?:\W{{1,3}}(?:and|or|{LATER})\b){{0,4}}\W{{1,3}}(\w+)", re.IGNORECASE
)
NO_RANK = frozenset(
    """
    test contest protest attest detest forest rainforest interest guest request quest conquest inquest
    bequest harvest west northwest southwest midwest everest budapest bucharest priest arrest rest crest
    chest nest pest vest jest zest invest suggest digest ingest manifest modest honest earnest tempest
    behest
    """.split()
)
BESIDE_IT = frozenset("next after other besides except".split())
ACRONYM = re.compile(r"[A-Z]{2,6}(?=\b|s\b)")
ROMAN = re.compile(r"[ivx]+$")
AGAIN = frozenset("again later twice".split())
FURTHER = frozenset("another next two three both further new more other renewed".split())
INSIDE_NAMES = frozenset("of the and for".split())


def foreign_words(inquiry: Inquiry, top: Ranked) -> tuple[str, ...]:
    """Numbers that no document holds, or names that the best passage lacks, when they are too many."""
    question, edition = inquiry.question, inquiry.edition
    numbers = tuple(number for number in question.numbers if not edition.sentences_with(number))
    numbers += other_ordinals(inquiry, top.view)
    if numbers:
        return numbers
    views = inquiry.views.of(top.view.passage)
    title = inquiry.views.title(top.view.passage.document_id)
    stems = {word.stem for words in (title, *(view.words for view in views)) for word in words}
    known = {stem[:PREFIX] for stem in stems} | {root(stem) for stem in stems} | stems
    known |= _acronyms((title, *(view.words for view in views)))
    meant = frozenset().union(*(view.groups for view in views))
    absent = [
        name
        for name in question.names
        if not _spellings(inquiry, name) & known and not _meanings(inquiry, name) & meant
    ]
    actors = {actor for view in views for actor in view.actors}
    actors |= {actor for stem in stems for actor in inquiry.matcher.actors_of.get(stem, ())}
    own = _actors_asked(inquiry)
    absent_actors = [actor for actor in own if actor not in actors]
    missing = (*absent, *absent_actors)
    return missing if len(missing) > NAMES_MISSING * (len(question.names) + len(own)) else ()


def _actors_asked(inquiry: Inquiry) -> tuple[str, ...]:
    """The actors that the question names; those that it borrows from the one before may be absent."""
    spelled = dict(inquiry.question.corrections)
    stems = {spelled.get(stem, stem) for stem in inquiry.views.stems(inquiry.question.core)}
    named = {actor for stem in stems for actor in inquiry.matcher.actors_of.get(stem, ())}
    return inquiry.question.actors if named & set(inquiry.question.actors) else ()


def other_ordinals(inquiry: Inquiry, view: SentenceView) -> tuple[str, ...]:
    """The question's ordinals, when the sentence counts another one: a third meeting is not the fourth."""
    asked = [ORDINALS[word] for word in inquiry.question.words if word in ORDINALS]
    told = {ORDINALS[token.word] for token in view.words if token.word in ORDINALS}
    if not asked or told & set(asked) or not (told or _uncounted(inquiry, view, max(asked))):
        return ()
    return tuple(word for word in inquiry.question.words if word in ORDINALS)


def lower_rank(inquiry: Inquiry, view: SentenceView) -> bool:
    """Whether the sentence tells but of the next after what is asked for: "the second longest"."""
    words = inquiry.question.words
    asked = {word for word in words if word == "most" or (word.endswith("est") and word not in NO_RANK)}
    if not asked or inquiry.question.answer_type is AnswerType.YES_NO:
        return False
    if BESIDE_IT & set(words) or any(ORDINALS.get(word, 0) > 1 for word in words):
        return False
    lower = sum(found[1].lower() in asked for found in LOWER_RANK.finditer(view.text))
    return 0 < lower == sum(word.word in asked for word in view.words)


def _uncounted(inquiry: Inquiry, view: SentenceView, asked: int) -> bool:
    """Whether the sentence tells of the thing asked for, and its passage of no further one."""
    words = inquiry.views.analysed(inquiry.question.core)
    things = {after.stem for word, after in pairwise(words) if ORDINALS.get(word.word) == asked}
    if asked == 1 or not things & {token.stem for token in view.words}:
        return False
    return not any(_further(one, asked, things) for one in inquiry.views.of(view.passage))


def _further(view: SentenceView, asked: int, things: set[str]) -> bool:
    """Whether a sentence tells of one more: "the third", "again", or "another" with the thing itself."""
    words = {token.word for token in view.words}
    again = bool(words & AGAIN) or any(ORDINALS.get(word, 0) >= asked for word in words)
    return again or bool(words & FURTHER and things & {token.stem for token in view.words})


def _spellings(inquiry: Inquiry, name: str) -> set[str]:
    """The stems of a name, their roots and their first letters; an acronym as it is written."""
    spelled = dict(inquiry.question.corrections)
    stems = {spelled.get(stem, stem) for stem in inquiry.views.stems(name)}
    acronym = ACRONYM.match(name)
    written = {acronym.group()} if acronym else set()
    return written | {form for stem in stems for form in (stem, root(stem), stem[:PREFIX])}


def _meanings(inquiry: Inquiry, name: str) -> frozenset[int]:
    """The synonym groups of a capitalised word that is no name: "TV"."""
    groups = inquiry.matcher.groups_of
    return frozenset().union(*(groups.get(stem, frozenset()) for stem in inquiry.views.stems(name)))


def _acronyms(texts: Iterable[Sequence[Word]]) -> set[str]:
    """What the names of texts may be shortened to: "RHB" for "the Royal Harbour Board"."""
    found: set[str] = set()
    for tokens in texts:
        starts: list[str] = []  # what an acronym of a name that ends here may be
        for token in tokens:
            if not token.capital:
                starts = starts if token.word in INSIDE_NAMES else []
                continue
            letters = token.word.upper() if ROMAN.match(token.word) else token.word[0].upper()
            starts = [letters, *(start + letters for start in starts)]
            found.update(start for start in starts if len(start) > 1)
    return found
