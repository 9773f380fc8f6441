"""Text becomes tokens: folded words, their Snowball stems, and whether they carry content."""

import re
import unicodedata
from functools import lru_cache

import Stemmer

from qa_service.domain.ports import Token, Word
from qa_service.search.irregular import BASES
from qa_service.search.stopwords import STOP_WORDS

MARKS = r"\u0300-\u036f"  # accents that follow their letter
# A dotted acronym (U.S., U.N.'s), a number with separators (3,000; 440.9), or a word with its apostrophes.
WORD = re.compile(
    r"[^\W\d_](?:\.[^\W\d_])+\.?(?!\w)(?:['’]s\b)?|\d+(?:[.,]\d+)*"
    rf"|[^\W_]+(?:(?:[{MARKS}]*['’]|[{MARKS}]+)[^\W_]+)*[{MARKS}]*"
)
# Capitals tell the country from the pronoun and the health agency from the question word.
CAPITAL_WORDS = frozenset({"US", "IT", "WHO"})
REMEMBERED_WORDS = 1 << 15  # far fewer make up nearly all text
POSSESSIVE = re.compile(r"['’]s$")


def fold(word: str) -> str:
    """The word without case, accents, apostrophe style, possessive 's, or the dots and commas inside it."""
    word = word.casefold()
    if not word.isascii():
        decomposed = unicodedata.normalize("NFKD", word.replace("’", "'"))
        word = "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()
    word = word.removesuffix("'s")
    if "." in word or "," in word:
        word = word.replace(",", "") if word[0].isdigit() else word.replace(".", "")
    return word


class EnglishAnalyser:
    """The Analyser for English text. Results are remembered, so a sentence is cut once a process."""

    VERSION = "english-1"

    def __init__(self, remembered: int = 5000) -> None:
        self._stem = Stemmer.Stemmer("english").stemWord
        self._read = lru_cache(maxsize=REMEMBERED_WORDS)(self._of_word)
        self.tokens = lru_cache(maxsize=remembered)(self._tokens)

    def _tokens(self, text: str) -> tuple[Token, ...]:
        read = self._read
        return tuple([Token(one.start(), one.end(), *read(one.group())) for one in WORD.finditer(text)])

    def words(self, text: str) -> tuple[Word, ...]:
        """The words in text order."""
        return tuple(map(self._read, WORD.findall(text)))

    def stems(self, text: str) -> tuple[str, ...]:
        """The stems of the content words in text order; not remembered, as documents are read once."""
        return tuple([stem for _, stem, content, _ in map(self._read, WORD.findall(text)) if content])

    def _of_word(self, written: str) -> Word:
        word = fold(written)
        acronym = POSSESSIVE.sub("", written) in CAPITAL_WORDS or "." in written
        content = (acronym or word not in STOP_WORDS) and len(word) > 0
        stem = word if acronym and len(word) <= 3 else self._stem(BASES.get(word, word))
        if stem in STOP_WORDS and content:
            stem = stem.upper()  # "US" must not meet "us"
        return Word(word, stem, content, written[0].isupper())
