"""The index of candidates in a folder: what is put in is found, counted and bounded, whoever writes it."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Timer
from time import sleep

import pytest
from building import document
from building import indexed as made
from search.test_candidates import Followed, Texts
from tantivy import Query as TantivyQuery

from qa_service.domain.errors import StoreError
from qa_service.domain.ports import Candidates, Moment, Size
from qa_service.domain.question import Term
from qa_service.search import embedded
from qa_service.search.bm25 import Bm25Searcher, Query, Rarity
from qa_service.search.embedded import EmbeddedIndex, State

FIRST, SECOND = Moment(version="a1", position=3, mark="f0"), Moment(version="b2", position=5, mark="e1")
Passages = Mapping[str, Mapping[int, str]]  # of each document, by their numbers
RIVER: Passages = {
    "river": {1: "the dam holds", 2: "the weir leaks", 3: "dam and weir dam"},
    "lake": {4: "a dam the lake feeds", 7: "weir dam"},
}


@pytest.fixture
def index(tmp_path: Path) -> EmbeddedIndex:
    return EmbeddedIndex(tmp_path / "beside" / "index")


def put(index: EmbeddedIndex, documents: Passages, moment: Moment, *, without: Sequence[str] = ()) -> None:
    """Documents into the index, and others out of it."""
    writing = index.writing()
    for name in without:
        writing.remove(name)
    for name, passages in documents.items():
        writing.add(name, ((number, text.split()) for number, text in passages.items()))
    writing.commit(moment)


def asked(
    index: EmbeddedIndex, terms: Mapping[str, float], k: int = 10, documents: Sequence[str] = ()
) -> Sequence[Candidates]:
    """All that is named, one after the other."""
    return list(index.current().candidates(Size(passages=5, terms=17)).candidates(terms, k, documents))


def found(index: EmbeddedIndex, *words: str, documents: Sequence[str] = ()) -> set[int]:
    """The numbers of all passages that hold one of these words."""
    given = asked(index, dict.fromkeys(words, 1.0), documents=documents)[-1]
    assert given.rest is None
    assert len(given.numbers) == len(set(given.numbers))
    return set(given.numbers)


def test_it_tells_what_it_has_followed_to_whoever_opens_it(index: EmbeddedIndex, tmp_path: Path) -> None:
    other = EmbeddedIndex(tmp_path / "beside" / "index")
    assert index.current().state == State(moment=Moment())

    put(index, RIVER, FIRST)
    assert other.current().state.moment == FIRST
    put(other, {}, SECOND)
    assert index.current().state.moment == SECOND
    writing = index.writing()
    assert writing.state.moment == SECOND
    writing.abandon()


def test_what_is_deleted_is_counted_until_all_is(index: EmbeddedIndex) -> None:
    """Each time the passage too in which the state stood before."""
    put(index, RIVER, FIRST)
    before = index.current().state.deleted
    put(index, {}, SECOND, without=["river", "nowhere"])
    assert index.current().state.deleted == before + 3 + 1
    put(index, {}, FIRST, without=["lake"])
    assert index.current().state.deleted == before + 3 + 1 + 2 + 1

    writing = index.writing()
    writing.clear()
    writing.commit(FIRST)
    assert index.current().state.deleted == before == 1


def test_a_word_and_a_pair_of_neighbours_are_found(index: EmbeddedIndex) -> None:
    put(index, RIVER, FIRST)

    assert found(index, "dam") == {1, 3, 4, 7}
    assert found(index, "weir", "lake") == {2, 3, 4, 7}
    assert found(index, "weir dam") == {3, 7}
    assert found(index, "dam the", "leaks") == {2, 4}
    assert found(index, "dam weir") == found(index, "unknown") == found(index, "da") == set()
    assert asked(index, {}) == []


def test_of_some_documents_only_theirs_are_found(index: EmbeddedIndex) -> None:
    put(index, RIVER, FIRST)

    assert found(index, "dam", documents=["lake", "nowhere"]) == {4, 7}
    assert found(index, "dam", documents=["river", "lake"]) == {1, 3, 4, 7}
    assert found(index, "dam", documents=["nowhere"]) == set()
    everywhere = asked(index, {"dam": 1.0}, 1)
    assert asked(index, {"dam": 1.0}, 1, ["river", "lake"]) == everywhere


def test_what_is_taken_out_or_cleared_is_found_no_more(index: EmbeddedIndex) -> None:
    put(index, RIVER, FIRST)
    put(index, {"river": {9: "another dam"}}, SECOND, without=["river"])
    assert found(index, "dam", "weir") == {4, 7, 9}

    writing = index.writing()
    writing.clear()
    writing.add("lake", [(11, ["dam"])])
    writing.commit(FIRST)
    assert found(index, "dam", "weir") == {11}


def test_what_is_abandoned_never_was(index: EmbeddedIndex) -> None:
    put(index, {"lake": RIVER["lake"]}, FIRST)
    writing = index.writing()
    writing.remove("lake")
    writing.add("river", [(1, ["dam"])])
    writing.abandon()
    writing.abandon()

    assert (found(index, "dam"), index.current().state.moment) == ({4, 7}, FIRST)
    put(index, RIVER, SECOND, without=["lake"])
    assert found(index, "dam") == {1, 3, 4, 7}


def test_what_was_there_stays_as_it_was_for_who_holds_it(index: EmbeddedIndex) -> None:
    put(index, RIVER, FIRST)
    before = index.current()
    put(index, {}, SECOND, without=["river"])

    given = before.candidates(Size(passages=5, terms=17)).candidates({"dam": 1.0}, 10)
    assert (set(next(given).numbers), before.state.moment) == ({1, 3, 4, 7}, FIRST)


def test_the_likely_best_come_first_by_the_weights_that_are_given(index: EmbeddedIndex) -> None:
    put(index, RIVER, FIRST)

    assert asked(index, {"leaks": 3.0, "holds": 1.0}, 1)[0].numbers == [2]
    assert asked(index, {"leaks": 1.0, "holds": 3.0}, 1)[0].numbers == [1]
    assert set(asked(index, {"weir dam": 3.0, "dam": 1.0}, 2)[0].numbers) == {3, 7}


def test_the_commonest_words_are_at_first_only_allowed_for(index: EmbeddedIndex) -> None:
    """As far as they may add a tenth of the whole, then a fiftieth: each 2.2 times its weight."""
    texts = {number: f"all most{' few' * (number <= 5)}{' rare' * (number <= 2)}" for number in range(1, 21)}
    put(index, {"river": texts}, FIRST)

    def rests(**weights: float) -> Sequence[float | None]:
        return [one.rest for one in asked(index, weights, 3)]

    assert rests(rare=1.0, all=0.05)[:2] == [pytest.approx(0.05 * 2.2), None]
    assert rests(rare=1.0, most=0.08, all=0.01)[:2] == [pytest.approx(0.09 * 2.2), pytest.approx(0.01 * 2.2)]
    assert rests(rare=1.0, all=0.2)[0] != pytest.approx(0.2 * 2.2)  # too much to be left out
    assert rests(rare=1.0, few=0.05)[0] != pytest.approx(0.05 * 2.2)  # a quarter of the passages
    assert rests(all=1.0)[-1] is None


def test_who_cannot_do_with_them_is_named_eight_times_as_many(index: EmbeddedIndex) -> None:
    put(index, {"river": {number: "dam " * number for number in range(1, 41)}}, FIRST)

    assert [len(one.numbers) for one in asked(index, {"dam": 1.0}, 3)] == [3, 24, 40]


def test_one_writes_at_a_time_and_the_others_wait(
    index: EmbeddedIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    monkeypatch.setattr(embedded, "sleep", lambda seconds: slept.append(seconds) or sleep(seconds))
    writing = EmbeddedIndex(tmp_path / "beside" / "index").writing()
    ending = Timer(0.1, writing.abandon)
    ending.start()
    put(index, RIVER, FIRST)
    ending.join()
    assert found(index, "lake") == {4}
    assert slept
    assert max(slept) < 0.1

    monkeypatch.setattr(embedded, "LOCK_SECONDS", 0.05)
    writing = index.writing()
    with pytest.raises(StoreError, match="LockBusy") as told:
        index.writing()
    assert str(tmp_path / "beside" / "index") in str(told.value)
    assert str(told.value).endswith("Delete the folder.")
    writing.abandon()


def test_a_folder_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(StoreError, match=r"The candidate index .*file cannot be used"):
        EmbeddedIndex(tmp_path / "file").current()


def test_the_texts_are_not_kept_a_second_time(index: EmbeddedIndex) -> None:
    """The store has them; the index would be several times as large."""
    put(index, RIVER, FIRST)
    searcher = index.current().searcher
    every = searcher.search(TantivyQuery.all_query(), 10).hits
    kept = [searcher.doc(address).to_dict() for _, address in every]

    assert len(kept) == 5 + 1
    assert [one for one in kept if one] == [{"state": ["3 a1 f0 1"]}]


def test_where_the_words_stand_is_not_kept(index: EmbeddedIndex, tmp_path: Path) -> None:
    """How often is enough: pairs are words of their own."""
    texts = Texts()
    put(index, {f"d{number}": {number: " ".join(texts.words(100))} for number in range(1, 300)}, FIRST)
    taken = [file.stat().st_size for file in (tmp_path / "beside" / "index").glob("*.pos")]

    assert taken
    assert sum(taken) < 299  # not a byte for each passage


def test_a_state_that_is_told_otherwise_is_none(index: EmbeddedIndex) -> None:
    """As another release may tell it: then the index is made anew."""
    put(index, RIVER, Moment(version="1 2", position=3))

    assert index.current().state == State(moment=Moment(), deleted=0)


def test_an_index_that_is_taken_away_while_it_is_written_is_named(
    index: EmbeddedIndex, tmp_path: Path
) -> None:
    writing = index.writing()
    writing.add("lake", [(1, ["dam"])])
    (tmp_path / "beside").rename(tmp_path / "elsewhere")
    with pytest.raises(StoreError, match=re.escape(f"{tmp_path / 'beside' / 'index'} cannot be used")):
        writing.commit(FIRST)


@pytest.mark.parametrize("gone", ["short", "d"])
def test_no_passage_that_is_not_named_scores_more_than_is_said(tmp_path: Path, gone: str) -> None:
    """The average length there still counts what is deleted: short passages, or long ones."""
    texts, followed = Texts(), Followed(tmp_path)
    long = [texts.document(f"d{number}") for number in range(12)]
    short = [made(document("w0 w1 w2 w7", id=f"short{number}")) for number in range(90)]
    followed.publish(*long, *short)
    names = [one.document.id for one in (*short, *long[:9])]
    followed.publish(removed=tuple(name for name in names if name.startswith(gone)))
    snapshot = followed.store.snapshot()
    memory, source = Bm25Searcher(snapshot), followed.following.source(snapshot)

    bounded = 0
    for _ in range(40):
        terms, pairs = texts.question()
        scores = {hit.number: hit.score for hit in memory.search(terms, limit=1_000, pairs=pairs)}
        words = Query.of(terms, pairs).words
        weights = {word: weight * Rarity(snapshot).idf(word) for word, weight in words.items()}
        for given in (one for k in (1, 5, 25) for one in source.candidates(weights, k)):
            others = max(
                (score for number, score in scores.items() if number not in given.numbers), default=0
            )
            if given.rest is None:
                assert others == 0
                continue
            assert others <= given.rest
            if given.rest in given.most:  # as many as were wanted
                bounded += 1
                # rounded lengths, deleted passages, words left out: more, and too many would be read
                assert given.rest < 4 * scores[given.numbers[-1]]
    followed.store.close()
    assert bounded > 40


@pytest.mark.parametrize(
    ("text", "word", "k"),
    [
        ("w0 w1 w{}", "w0", 10),
        ("w0 w1 w{}", "w7", 1),
        ("w0 w1 w{}", "w0 w1", 89),
        ("w{}", "w7", 1),
    ],
)
def test_where_all_are_short_what_is_said_is_what_they_score(
    tmp_path: Path, text: str, word: str, k: int
) -> None:
    """Short passages have their true length there, and many score alike: the next one may score as much."""
    followed = Followed(tmp_path)
    followed.publish(*(made(document(text.format(n), id=f"d{n}")) for n in range(2, 92)))
    snapshot = followed.store.snapshot()
    terms = [Term(stem=stem) for stem in word.split()]
    pairs = [(terms[0].stem, terms[-1].stem)] if len(terms) > 1 else []
    best = Bm25Searcher(snapshot).search(terms, limit=1, pairs=pairs)[0].score
    words = Query.of(terms, pairs).words
    weights = {word: weight * Rarity(snapshot).idf(word) for word, weight in words.items()}
    named = followed.following.source(snapshot).candidates(weights, k)
    rest = next(one.rest for one in named if len(one.numbers) == k)  # by all words
    followed.store.close()

    assert rest is not None
    assert best <= rest < 1.02 * best
