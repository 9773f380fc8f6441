"""Candidates from tantivy: an index in a folder beside the store, mapped into memory by all processes.

tantivy ranks with the same formula as `bm25` does, except that it rounds the length of a passage down to a
few steps, and that passages which were deleted count until their segment is merged. Each word is boosted so
that it is as rare as the store says; so no passage scores less there than it does here, but for the average
length, which is known.
"""

import json
import math
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from errno import EIO, ENOENT
from functools import cached_property
from itertools import accumulate, pairwise
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from tantivy import (
    Document,
    Index,
    Occur,
    Query,
    Schema,
    SchemaBuilder,
    Searcher,
    TextAnalyzerBuilder,
    Tokenizer,
)

from qa_service.domain.errors import DamagedIndexError, StoreError
from qa_service.domain.ports import Candidates, Moment, Size
from qa_service.search.footers import Files

BETWEEN = "\x1f"  # between two pairs of a passage
OPENING = "^"  # before the first word: a passage has as many pairs as words, so both fields are as long
STATED = 4  # words in which the state is told
STATE = "\x1f"  # stands for the id of a document in the one that tells the state
HEAP = 128 * 2**20  # bytes, of a writer
LOCK_SECONDS = 60  # how long a writer waits for the one before it
ROUNDING = 1.0001  # tantivy adds up 32-bit numbers
MOST_TIMES = 2.2  # k1 + 1: a word adds at most so many times its weight
COMMON = 0.25  # of the passages hold a word that may be left out at first
ALLOWED = (0.1, 0.02)  # of all that the words may add, for those that are left out
MANY = 80  # candidates more where there are common words: most are not read
AGAIN = 8  # times as many when they are not enough: to look for them costs much, and to name them little
DAMAGES = (ENOENT, EIO)  # errors of the system that tell of damaged files
PANIC = "PanicException"  # what tantivy raises when it meets what cannot be: no Exception, of no module


def _schema() -> Schema:
    fields = SchemaBuilder()
    fields.add_integer_field("number", fast=True)
    fields.add_text_field("document", tokenizer_name="raw", index_option="basic")
    fields.add_text_field("terms", tokenizer_name="whitespace", index_option="freq")
    fields.add_text_field("pairs", tokenizer_name="pairs", index_option="freq")
    fields.add_text_field("state", stored=True, tokenizer_name="raw", index_option="basic")
    return fields.build()


SCHEMA = _schema()


@dataclass(frozen=True, slots=True)
class State:
    """What the store had come to when the index followed it, and how many deleted passages it may still
    count.
    """

    moment: Moment = field(default_factory=Moment)
    deleted: int = 0


class EmbeddedIndex:
    """The index in one folder. Made when it is not there yet; raises StoreError when it cannot be used,
    DamagedIndexError where `discard` helps.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files = Files(folder)

    def __str__(self) -> str:
        return f"The candidate index {self._folder}"

    @cached_property
    def _index(self) -> Index:
        with _read(self._folder):
            self._folder.mkdir(parents=True, exist_ok=True)
            if self._files.told is not None:
                self._files.proved()  # tantivy may end the process over files that are not whole
            index = Index(SCHEMA, path=str(self._folder))
            pairs = TextAnalyzerBuilder(Tokenizer.regex(f"[^{BETWEEN}]+")).build()
            index.register_tokenizer("pairs", pairs)
            return index

    def current(self) -> "Committed":
        """The index as it was last committed, once its files are found to be whole."""
        with _read(self._folder):
            index = self._index
            while True:
                told = self._files.proved()
                index.reload()
                found = Committed(index.searcher(), self._folder)
                if self._files.told == told:
                    return found

    def told(self) -> bytes | None:
        """What tells of the last commit, to be compared."""
        with _reported(self._folder):
            return self._files.told

    def doubt(self) -> None:
        """Look at all files again, next time."""
        self._files.doubt()

    def discard(self, told: bytes | None) -> None:
        """Begin with nothing, unless somebody has committed since that was ``told``."""
        with _reported(self._folder):
            vars(self).pop("_index", None)
            self._files.discard(told, lambda: self._index)

    def writing(self) -> "Writing":
        """The only writer of the index, in any process, until it commits or abandons."""
        with _reported(self._folder):
            return Writing(self._locked(), self.current(), self._folder)

    def _locked(self) -> Any:
        deadline = monotonic() + LOCK_SECONDS
        while True:
            try:
                return self._index.writer(HEAP, 1)
            except ValueError as error:
                if "LockBusy" not in str(error) or monotonic() > deadline:
                    raise
                sleep(0.005)


@contextmanager
def _reported(folder: Path, kind: type[StoreError] = StoreError) -> Iterator[None]:
    try:
        yield
    except (ValueError, OSError) as error:
        raise kind(f"The candidate index {folder} cannot be used: {error}. Delete the folder.") from error


@contextmanager
def _read(folder: Path) -> Iterator[None]:
    """The same of what is read: what cannot be is damaged, unless it is the system that fails."""
    try:
        with _reported(folder, DamagedIndexError):
            yield
    except DamagedIndexError as error:
        cause = error.__cause__
        if isinstance(cause, OSError) and cause.errno not in DAMAGES:
            raise StoreError(str(error)) from cause
        raise
    except BaseException as error:
        if type(error).__name__ != PANIC:
            raise
        raise DamagedIndexError(f"The candidate index {folder} cannot be read: {error}.") from error


class Writing:
    """Changes on their way into the index. Ends with `commit` or `abandon`."""

    def __init__(self, writer: Any, before: "Committed", folder: Path) -> None:
        self._writer = writer
        self._folder = folder
        self.before = before
        self.state = before.state
        self._deleted = before.state.deleted

    def clear(self) -> None:
        """Take everything out."""
        with _reported(self._folder):
            self._writer.delete_all_documents()
        self._deleted = 0

    def remove(self, document_id: str) -> None:
        """Take a document out."""
        self._deleted += self.before.holding("document", document_id)
        with _reported(self._folder):
            self._writer.delete_documents_by_term("document", document_id)

    def add(self, document_id: str, passages: Iterable[tuple[int, Sequence[str]]]) -> None:
        """Put a document in: the numbers and terms of its passages."""
        for number, terms in passages:
            made = Document()
            made.add_integer("number", number)
            made.add_text("document", document_id)
            made.add_text("terms", " ".join(terms))
            made.add_text("pairs", BETWEEN.join(" ".join(pair) for pair in pairwise((OPENING, *terms))))
            with _reported(self._folder):
                self._writer.add_document(made)

    def commit(self, moment: Moment) -> None:
        """Publish what was told, as the index of this moment of the store."""
        with _reported(self._folder):
            self._writer.delete_documents_by_term("document", STATE)
            state = f"{moment.position} {moment.version} {moment.mark} {self._deleted + 1}"
            self._writer.add_document(Document(document=STATE, terms=STATE, state=state))
            self._writer.commit()
            self._writer.wait_merging_threads()
            self._writer = None

    def abandon(self) -> None:
        """Drop what was told."""
        if self._writer is not None:
            self._writer.rollback()
            self._writer = None


class Committed:
    """The index as it was at one moment. Later commits do not change it."""

    def __init__(self, searcher: Searcher, folder: Path) -> None:
        self.searcher = searcher
        self._folder = folder
        query = Query.term_query(SCHEMA, "terms", STATE)
        self._found = searcher.search(query, 1, count=False).hits
        self._query = query
        self.passages = searcher.num_docs - len(self._found)
        self.state = self._state()

    def _state(self) -> State:
        """What it has followed; nothing, when it tells that in another way than this code."""
        if not self._found:
            return State()
        told = str(self.searcher.doc(self._found[0][1]).get_first("state")).split(" ")
        if len(told) != STATED:
            return State()
        position, version, mark, deleted = told
        return State(Moment(version, int(position), mark), int(deleted))

    def holding(self, field: str, text: str) -> int:
        """How many passages hold a word, deleted ones that still count among them."""
        return int(self.searcher.doc_freq(field, text))

    @cached_property
    def counted(self) -> Mapping[str, float]:
        """What tantivy ranks with, by the first word of its explanation: N passages, avgdl words in each."""
        told = json.loads(self._query.explain(self.searcher, self._found[0][1]).to_json())
        return {one["description"].partition(",")[0]: one["value"] for one in _details(told)}

    def candidates(self, size: Size) -> "EmbeddedCandidates":
        """A source of candidates for a store of this size."""
        return EmbeddedCandidates(self, size, self._folder)


def _details(told: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for one in told.get("details", ()):
        yield one
        yield from _details(one)


@dataclass(frozen=True, slots=True)
class Round:
    """Words that are asked for with their weights, what those that are left out may add, and how many
    passages are wanted."""

    words: Mapping[str, float]
    left_out: float
    wanted: int


class EmbeddedCandidates:
    """See `ports.CandidateSource`."""

    def __init__(self, index: Committed, size: Size, folder: Path) -> None:
        self._index = index
        self._folder = folder
        self._passages = index.counted["N"]
        shorter = size.terms / max(size.passages, 1) / index.counted["avgdl"]
        self._slack = max(1.0, shorter) * ROUNDING  # deleted passages count in the average length

    def candidates(
        self, terms: Mapping[str, float], k: int, documents: Sequence[str] = ()
    ) -> Iterator[Candidates]:
        """See ports.CandidateSource."""
        with _read(self._folder):
            holding = {word: self._index.holding(_field(word), word) for word in terms}
        for one in self._rounds(terms, holding, k) if terms else ():
            found = self._best(one, holding, documents)
            all_of_them = len(found) < one.wanted and not one.left_out
            rest = None if all_of_them else found[-1][1] if len(found) == one.wanted else one.left_out
            yield Candidates(numbers=[n for n, _ in found], most=[m for _, m in found], rest=rest)
            if all_of_them:
                return

    def _rounds(self, terms: Mapping[str, float], holding: Mapping[str, int], k: int) -> Iterator[Round]:
        """What is asked for, one after the other, until it is enough.

        Where a word stands nearly everywhere, looking it up in each passage that holds a rare one is most of
        the work, and it adds little: at first that is only allowed for.
        """
        most = {word: weight * MOST_TIMES for word, weight in terms.items()}
        common = [word for word in terms if holding[word] > COMMON * self._passages]
        common.sort(key=most.__getitem__)
        sums = list(accumulate(most[word] for word in common))
        fewer = {bisect_right(sums, share * sum(most.values())) for share in ALLOWED} - {0, len(terms)}
        for few in sorted(fewer, reverse=True):
            words = {word: weight for word, weight in terms.items() if word not in common[:few]}
            yield Round(words, sums[few - 1], k + MANY)
        wanted = k + MANY if fewer else k
        while True:
            yield Round(terms, 0.0, wanted)
            wanted *= AGAIN

    def _best(
        self, one: Round, holding: Mapping[str, int], documents: Sequence[str]
    ) -> list[tuple[int, float]]:
        """The numbers of the passages that score most by these words, and the most that each may score."""
        words = one.words.items()
        query = Query.boolean_query(
            [(Occur.Should, self._weighted(word, weight, holding[word])) for word, weight in words]
        )
        if documents:
            within = Query.term_set_query(SCHEMA, "document", list(documents))
            query = Query.boolean_query(
                [(Occur.Must, Query.const_score_query(within, 0.0)), (Occur.Must, query)]
            )
        with _read(self._folder):
            found = self._index.searcher.search(query, one.wanted, count=False).hits
            numbers = self._index.searcher.fast_field_values("number", [address for _, address in found])
        most = (score * self._slack + one.left_out for score, _ in found)
        return [(int(number), some) for number, some in zip(numbers, most, strict=True) if number is not None]

    def _weighted(self, word: str, weight: float, holding: int) -> Query:
        """A query for a word that is scored with this weight in place of tantivy's idf,
        ln(1 + (N - n + 0.5) / (n + 0.5)), which counts deleted passages."""
        idf = math.log(1 + (self._passages - holding + 0.5) / (holding + 0.5))
        query = Query.term_query(SCHEMA, _field(word), word)
        return Query.boost_query(query, weight / idf)


def _field(word: str) -> str:
    return "pairs" if " " in word else "terms"
