"""What is asked of the cluster, answered here by a few lines that know these queries: no cluster is needed.

`tests/clustered` and `tests/search/test_opensearch_candidates.py` ask a real one.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from building import document, indexed
from hypothesis import example, given, settings
from hypothesis import strategies as st

from qa_service.domain.errors import IntegrityError
from qa_service.domain.ports import Candidates, Ranked, Size
from qa_service.store.opensearch import passages
from qa_service.store.opensearch.candidates import OpenSearchCandidates
from qa_service.store.opensearch.versions import OPEN, View, term

K1, B, LENGTH = 1.2, 0.75, 64
Row = Mapping[str, Any]


def matches(row: Row, query: Mapping[str, Any]) -> bool:
    """Whether OpenSearch would find the row."""
    ((kind, said),) = query.items()
    if kind == "bool":
        assert set(said) <= {"filter", "must_not"}
        return all(matches(row, one) for one in said.get("filter", ())) and not any(
            matches(row, one) for one in said.get("must_not", ())
        )
    ((name, wanted),) = said.items()
    if kind == "terms":
        return row[name] in wanted
    assert kind == "range"
    ((order, limit),) = wanted.items()
    return bool({"lte": row[name] <= limit, "gt": row[name] > limit}[order])


positions = st.integers(0, 6)


@given(positions, st.sets(positions), positions, st.one_of(positions, st.just(OPEN)))
@example(position=3, undone={2}, since=1, until=2)
@example(position=3, undone={2}, since=1, until=3)
@example(position=3, undone={2}, since=2, until=OPEN)
@example(position=3, undone={5}, since=1, until=3)
@example(position=3, undone=set(), since=3, until=4)
def test_a_row_is_seen_from_where_it_came_until_it_ended(
    position: int, undone: set[int], since: int, until: int
) -> None:
    """What a publish wrote that came to no end is not there: neither its rows nor the ends of others."""
    row = {"since": since, "until": until}
    came = since <= position and since not in undone
    ended = until <= position and until not in undone

    assert matches(row, View(position, tuple(undone)).query()) is (came and not ended)


def test_filters_are_asked_for_beside_it() -> None:
    row = {"since": 1, "until": OPEN, "document": "weirs"}

    assert matches(row, View(1).query(term("document", "gauges", "weirs")))
    assert not matches(row, View(1).query(term("document", "weirs"), term("document", "gauges")))


def test_a_row_without_an_end_is_there_for_good() -> None:
    assert matches({"since": 1, "until": OPEN}, View(2**61).query())


hostile = st.text(st.characters(codec="utf-8"), max_size=30) | st.sampled_from(
    ['"', "* OR *", "a AND NOT b", "_exists_:secret", '{"match_all": {}}', "\\", "a~2", "[* TO *]"]
)


@settings(max_examples=20)
@given(hostile, hostile)
def test_a_word_is_a_value_whatever_it_looks_like(held: str, asked: str) -> None:
    assert matches({"word": held}, term("word", asked)) is (held == asked)


def ranked(row: Row, said: Mapping[str, Any]) -> float:
    """What a rank feature adds to the score of a row."""
    ((kind, asked),) = said.items()
    assert kind == "rank_feature"
    value = row["words"].get(asked["field"].removeprefix("words."), 0.0)
    return float(asked["boost"] * value / (value + asked["saturation"]["pivot"]))


@dataclass
class Cluster:
    """Answers as the passages of one version would."""

    rows: Sequence[Row]
    size: Size = field(default_factory=Size)
    short: bool = False  # documents, which are ranked as a whole

    def within(self, ids: Sequence[str]) -> Mapping[int, Ranked] | None:
        assert ids
        found = [row for row in self.rows if row["document"] in ids]
        terms = {row["number"]: tuple(row["terms"].split()) for row in found}
        ranked = {number: Ranked(document_id=ids[0], ordinal=0, terms=one) for number, one in terms.items()}
        return ranked if self.short else None

    def best(self, query: Mapping[str, Any], k: int) -> list[tuple[int, float]]:
        assert query["minimum_should_match"] == 1
        found = [
            (row["number"], sum(ranked(row, one) for one in query["should"]))
            for row in self.rows
            if all(matches(row, one) for one in query["filter"])
        ]
        return sorted((one for one in found if one[1]), key=lambda one: -one[1])[:k]


def row(number: int, terms: str, name: str = "weirs") -> Row:
    return passages.ended({"number": number, "terms": terms, "document": name}, OPEN)


def candidates(*rows: Row, size: Size = Size(passages=1, terms=64)) -> OpenSearchCandidates:  # noqa: B008 - frozen
    return OpenSearchCandidates(Cluster(rows, size))  # type: ignore[arg-type]


def first(
    source: OpenSearchCandidates, terms: Mapping[str, float], k: int, documents: Sequence[str] = ()
) -> Candidates:
    """The first that it names."""
    return next(source.candidates(terms, k, documents))


@pytest.mark.parametrize("terms", ["weir", "weir weir lock", "lock weir gauge " * 40])
def test_the_cluster_scores_what_bm25_does(terms: str) -> None:
    words = terms.split()
    frequency, norm = words.count("weir"), 1 - B + B * len(words) / LENGTH
    ((_, score),) = Cluster([row(1, terms)]).best(
        {
            "filter": [],
            "should": [candidates_query("weir", 2.5)],
            "minimum_should_match": 1,
        },
        1,
    )

    assert score == pytest.approx(2.5 * frequency * (K1 + 1) / (frequency + K1 * norm))


def candidates_query(word: str, weight: float) -> Mapping[str, Any]:
    """The query for a word, as the cluster is asked it."""
    asked: list[Mapping[str, Any]] = []

    class Listening(Cluster):
        def best(self, query: Mapping[str, Any], k: int) -> list[tuple[int, float]]:
            asked.extend(query["should"])
            return []

    list(OpenSearchCandidates(Listening([])).candidates({word: weight}, 1))  # type: ignore[arg-type]
    return asked[0]


def test_the_best_come_first_and_tell_what_no_other_scores_more_than() -> None:
    many, one, none = row(1, "weir weir"), row(2, "weir lock"), row(3, "lock gauge")
    found = first(candidates(one, many, none), {"weir": 1.0}, 2)

    assert found.numbers == [1, 2]
    ((_, least),) = Cluster([one]).best(
        {"filter": [], "should": [candidates_query("weir", 1.0)], "minimum_should_match": 1}, 1
    )
    assert found.rest is not None
    assert least * 256 / 255 < found.rest < least * 256 / 255 * 1.0001  # it keeps nine bits of a value


def test_who_cannot_do_with_them_is_named_twice_as_many_until_there_are_no_others() -> None:
    rows = [row(number, "weir " * (9 - number)) for number in range(1, 8)]
    named = list(candidates(*rows).candidates({"weir": 1.0}, 2))

    assert [len(found.numbers) for found in named] == [2, 4, 7]
    assert [found.rest == found.most[-1] for found in named] == [True, True, False]
    assert named[-1].rest is None
    assert list(named[-1].most) == sorted(named[-1].most, reverse=True)


def test_when_there_are_no_more_there_is_no_rest() -> None:
    assert first(candidates(row(1, "weir")), {"weir": 1.0}, 2).rest is None


def test_of_longer_passages_the_others_may_score_more() -> None:
    one = row(1, "weir")
    short = first(candidates(one, size=Size(passages=2, terms=2)), {"weir": 1.0}, 1).rest
    usual = first(candidates(one, size=Size(passages=2, terms=128)), {"weir": 1.0}, 1).rest
    long = first(candidates(one, size=Size(passages=2, terms=256)), {"weir": 1.0}, 1).rest

    assert short is not None
    assert usual is not None
    assert (short, long) == (usual, pytest.approx(2 * usual))


def test_an_empty_store_has_no_candidates() -> None:
    assert first(candidates(size=Size()), {"weir": 1.0}, 1).numbers == []


def test_only_the_documents_that_are_named_are_looked_at() -> None:
    both = (row(1, "weir"), row(2, "weir", "gauges"))

    assert first(candidates(*both), {"weir": 1.0}, 9, ["gauges"]).numbers == [2]
    assert set(first(candidates(*both), {"weir": 1.0}, 9).numbers) == {1, 2}


def test_of_short_documents_all_passages_with_a_word_are_named_without_a_search() -> None:
    rows = (
        row(1, "weir"),
        row(2, "gauge", "gauges"),
        row(3, "gauge weir", "gauges"),
        row(4, "lock", "gauges"),
    )
    short = OpenSearchCandidates(Cluster(rows, short=True))  # type: ignore[arg-type]
    (found,) = short.candidates({"weir": 1.0, "gauge": 1.0, "gauge weir": 0.3}, 1, ["gauges"])

    assert found == Candidates(numbers=[2, 3], most=[math.inf, math.inf], rest=None)
    assert list(short.candidates({}, 1, ["gauges"])) == []
    assert first(short, {"weir": 1.0}, 9).numbers == [1, 3]


def test_no_words_ask_for_nothing() -> None:
    assert list(candidates(row(1, "weir")).candidates({}, 9)) == []


@pytest.mark.parametrize("word", ["weir", "u.s", "3.5", "a b", "w" * 200, "w" * 201, "\ud800" * 201])
def test_a_word_of_a_passage_is_found_by_itself_alone(word: str) -> None:
    """A feature's name has no dot, which would name a part of it, and is not long."""
    terms = word if " " not in word else "a b"
    found = row(1, terms)
    name = passages.feature(word)

    assert name in found["words"]
    assert "." not in name
    assert len(name) <= 200
    assert passages.feature(word + "x") not in found["words"]


def test_a_word_of_200_letters_is_told_by_its_letters() -> None:
    assert passages.feature("w" * 200) == "w" * 200
    assert len(passages.feature("w" * 201)) == 64


def test_pairs_are_those_that_stand_side_by_side() -> None:
    assert set(row(1, "old weir gate")["words"]) == {"old", "weir", "gate", "old weir", "weir gate"}


@pytest.mark.parametrize("position", [1, 7, 2**29])
def test_numbers_of_different_publishes_are_never_the_same(position: int) -> None:
    given = passages.numbers(position, 2, 3)

    assert list(given) == [position * 2**32 + 2, position * 2**32 + 3, position * 2**32 + 4]
    assert {passages.since(number) for number in given} == {position}
    assert passages.since(position * 2**32 + 2**32 - 1) == position


def test_a_passage_comes_back_from_its_row() -> None:
    (one,) = indexed(document("The commission opened a weir.", id="weirs")).passages
    number = passages.numbers(3, 1, 1)[0]
    kept = {**passages.body(number, one), "number": number}

    stored = passages.StoredPassage(kept)
    assert stored.number == number
    assert stored.passage == one.passage
    assert stored.ranked == Ranked(document_id="weirs", ordinal=0, terms=one.terms)
    assert (kept["since"], kept["until"]) == (3, OPEN)


@pytest.mark.parametrize(("column", "part"), [("section", "passage"), ("terms", "ranked")])
def test_a_row_that_was_altered_is_damaged(column: str, part: str) -> None:
    (one,) = indexed(document("The commission opened a weir.", id="weirs")).passages
    kept = passages.body(7, one)

    with pytest.raises(IntegrityError, match="weirs"):
        getattr(passages.StoredPassage({**kept, column: "another"}), part)
