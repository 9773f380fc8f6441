"""A document's sentences go in; those that say what a term means come out, with the term."""

import re
from collections.abc import Iterator, Mapping, Sequence

from qa_service.annotate import acronyms
from qa_service.annotate.cues import ADVERBS, AUXILIARIES, PREPOSITIONS, SUBORDINATORS
from qa_service.annotate.marks import NAMING, TITLE
from qa_service.annotate.names import CALENDAR
from qa_service.domain.annotation import Definition, DefinitionKind
from qa_service.domain.document import BlockKind
from qa_service.domain.passage import Sentence

_TOLD = (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM)
#: A word is taken whole: what follows a name never stands inside a word. Longer than 80 letters it is none.
_NAME = r"(?>[A-Z][\w’'&.-]{0,79}\w)(?:[ -](?:of|for|the|and|al|bin|[A-Z][\w’'&-]{0,79}+|[IVX]+)){0,7}"
_TITLE = (
    r"(?:President|Prime Minister|Premier|Foreign Minister|Defen[cs]e Minister|Secretary of \w+|"
    r"Secretary-General|General Secretary|Director General|Director-General|Ambassador(?: to [A-Z]\w+)?|"
    r"Chancellor|Chairman|National Security Advis[eo]r|[Ll]eader|[Cc]hief|[Ee]mir|[Ss]pokes(?:man|woman)|"
    r"[Ff]ounder|[Cc]ommander|[Ee]nvoy|King|Minister|Governor)"
)
_COPULA = re.compile(
    rf"^(?:(?:[Tt]he|[Aa]n?) )?"
    rf"(?P<term>(?:{_NAME})|[“\"][^”\"]{{2,60}}[”\"]|[A-Z]?[a-z]+(?:[ -][a-z]+){{0,3}})"
    r"(?: \([^()]{2,40}\))?,? (?:is|are|was|were|means|refers to|denotes|stands for) (?:defined as )?"
    r"(?P<what>an? |the (?:term|name|process|practice|amount|idea|policy|body|area|first|only|largest)|"
    r"one of )"
)
_APPOSITION = re.compile(
    rf"(?P<term>{_NAME})(?: \([^()]{{2,40}}\))?, "
    r"(?P<what>(?:(?:an?|its|their|his|former|then)\s[^,;.—]{6,120}[,.;]|"
    r"(?:the (?:former )?[a-z]|[A-Z][a-z]+n )[^,;.—]{6,120}[,;]))"
)
_NAMED = re.compile(
    r"(?:(?:also |commonly |widely |frequently |often |now )?(?:known as|called|termed|dubbed|named|"
    r"referred to as|described as)|so-called) (?:the )?[“\"‘](?P<term>[^”\"’]{2,60}?)[.,]?[”\"’]"
)
_CALLED = re.compile(
    rf"(?:(?:also |commonly |widely |frequently |often )(?:known as|called)|known as|referred to as) "
    rf"(?:the )?(?P<term>{_NAME})"
)
_QUOTED = re.compile(r"\((?:the|a) (?:so-called )?[“\"](?P<term>[^”\"]{2,60}?)[.,]?[”\"]\)")
_WHICH = re.compile(
    rf"(?P<term>{_NAME})(?: \([^()]{{2,40}}\))?, (?:which|who) "
    r"(?:in effect |in turn |[a-z]+ly )?(?P<verb>[a-z]+)(?= )"
)
_WHICH_VERBS = re.compile(
    r"held|holds|is|was|are|were|means|meant|provides?|provided|created|creates|allows?|allowed|requires?|"
    r"required|includes?|included|comprises?|comprised|seeks?|sought|aims?|aimed|serves?|served|became|governs?|"
    r"governed|prohibits?|prohibited|established|establishes|oversees|oversaw|led|leads|stated|states"
)
_TITLED = re.compile(
    rf"(?P<what>(?:[A-Z][\w’'-]{{1,79}}+ ){{0,3}}{_TITLE}) "
    r"(?P<term>[A-Z][\w’'-]{1,79}+(?: (?:al-|bin |de |van )?[A-Z][\w’'.-]+){1,3})"
)
_NAMINGS = (_NAMED, _CALLED, _QUOTED)
#: Cheap tests before the patterns that begin with a name.
_IS_A = re.compile(
    r" (?:is|are|was|were|means|refers to|denotes|stands for) (?:defined as )?(?:an? |the |one of )"
)
_COMMA_NOUN = re.compile(r", (?:an?|its|their|his|former|then|the|[A-Z][a-z]+n) ")
_TITLE_WORD = re.compile(_TITLE)
_VERBISH = re.compile(rf"\b(?:{'|'.join(sorted(AUXILIARIES))}|said|told)\b")
_NO_TERM = (ADVERBS - {"long", "first", "later"}) | PREPOSITIONS | SUBORDINATORS | {
    "it", "this", "that", "these", "those", "they", "he", "she", "we", "there", "both", "one", "other",
    "some", "such", "another", "here", "undoubtedly", "most", "many", "all", "each", "what", "which", "who",
    "everyone", "nothing", "and", "but", "or", "if", "much", "part", "their", "his", "its",
}  # fmt: skip


def definitions_of(
    text: str, sentences: Sequence[Sentence], marks: Sequence[int], initials: Mapping[str, str]
) -> tuple[Definition, ...]:
    """Definitions in text order; a sentence may define several terms, each at most once in a kind.

    ``initials``: the short forms without a bracket and their long forms.
    """
    found: list[Definition] = []
    for sentence, mark in zip(sentences, marks, strict=True):
        if sentence.kind in _TOLD:
            found.extend(dict.fromkeys(_in_sentence(text, sentence, mark)))
    bracketed = {one.term for one in found if one.kind is DefinitionKind.ACRONYM}
    unbracketed = {short: long_form for short, long_form in initials.items() if short not in bracketed}
    found.extend(_unbracketed(text, sentences, unbracketed))
    return tuple(sorted(found, key=lambda one: one.start))


def _in_sentence(text: str, sentence: Sentence, mark: int) -> Iterator[Definition]:
    words = text[sentence.start : sentence.end]
    for kind, term in _terms(words, mark):
        clean = term.strip('“”"‘’., ')
        if len(clean) > 1 and clean.split()[0].lower() not in _NO_TERM:
            yield Definition(start=sentence.start, end=sentence.end, term=clean, kind=kind)
    for one in acronyms.bracketed(text, sentence.start, sentence.end):
        yield Definition(
            start=sentence.start,
            end=sentence.end,
            term=one.short,
            kind=DefinitionKind.ACRONYM,
            expansion=text[one.start : one.end],
        )


def _terms(words: str, mark: int) -> Iterator[tuple[DefinitionKind, str]]:
    if _IS_A.search(words) and (match := _COPULA.match(words)):
        yield DefinitionKind.COPULA, match["term"]
    if _COMMA_NOUN.search(words):
        fits = (match for match in _APPOSITION.finditer(words) if _is_apposition(words, match))
        yield from ((DefinitionKind.APPOSITION, match["term"]) for match in fits)
    if mark & NAMING:
        yield from ((DefinitionKind.NAMED, term) for pattern in _NAMINGS for term in _found(pattern, words))
    if ", wh" in words:
        fits = (match for match in _WHICH.finditer(words) if _WHICH_VERBS.fullmatch(match["verb"]))
        yield from ((DefinitionKind.WHICH, match["term"]) for match in fits)
    if mark & TITLE and _TITLE_WORD.search(words):
        yield from ((DefinitionKind.TITLE, term) for term in _found(_TITLED, words))


def _found(pattern: re.Pattern[str], words: str) -> Iterator[str]:
    return (match["term"] for match in pattern.finditer(words))


def _is_apposition(words: str, match: re.Match[str]) -> bool:
    """Not a lead-in ("In June, the …"), nor a clause of its own."""
    before = words[: match.start()].rstrip()
    if before and before.split()[-1].lower() in PREPOSITIONS and (match.start() < 12 or "(" in match.group()):
        return False
    if match["term"].split()[0].lower() in CALENDAR:
        return False
    return not _VERBISH.search(match["what"])


def _unbracketed(
    text: str, sentences: Sequence[Sentence], initials: Mapping[str, str]
) -> Iterator[Definition]:
    """The sentence that first has the long form whose initials are a short form of the text."""
    for short, long_form in initials.items():
        at = text.find(long_form)
        for sentence in sentences:
            if sentence.start <= at < sentence.end and sentence.kind in _TOLD:
                yield Definition(
                    start=sentence.start,
                    end=sentence.end,
                    term=short,
                    kind=DefinitionKind.ACRONYM,
                    expansion=long_form,
                )
