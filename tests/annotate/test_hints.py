"""No rule of the date grammar matches where one of its narrower hints is missing."""

import pytest

from qa_service.annotate.grammar import _RULES, rules_for
from qa_service.annotate.hints import HINTED, hints_of

BROAD = {"year", "month", "unit", "word"}
WORDINGS = [
    "2017-04-14", "3/14/2017", "14 April last year", "April of this year", "13 and 14 April 2017",
    "30 September–1 October", "Oct. 30 to Nov. 2, 1999", "October 11–12", "14th of April, 2017", "Sept. 5",
    "March–May 2016", "late in April 2017", "mid-May 2017", "last November", "2014–16", "from 2014 to 2016",
    "between 1979 and 1989", "the early 1990s", "the late fifties", "the NINETIES", "early ’80s", "FY2016",
    "fiscal year 2016", "the THIRD QUARTER of 2016", "Q3 2016", "THE SUMMER of 1973", "Early Spring, 1973",
    "last winter", "this Fall", "Christmas Eve 1979", "New Year’s Day", "the second half of 2017", "’82",
    "Early May", "since March", "in May", "August", "last Friday", "Sunday’s", "Yesterday", "TOMORROW",
    "tonight", "Two Years Ago", "12 days ago", "after a gap of two years", "Following a BREAK of six months",
    "three months LATER", "a year and a half earlier", "two days afterwards", "THE FOLLOWING YEAR",
    "that month", "of the week", "Later this year", "coming decade",
]  # fmt: skip


@pytest.mark.parametrize("wording", WORDINGS)
@pytest.mark.parametrize("around", ["{}", "It ended {}, at last.", "Words that say nothing, or little: {}."])
def test_a_rule_that_matches_has_all_its_hints_where_it_has_the_broad_ones(wording: str, around: str) -> None:
    text = around.format(wording)
    hints, start = hints_of(text, 0, len(text))
    for rule in _RULES:
        if (rule.hints & BROAD) <= hints and (match := rule.pattern.search(text)):
            assert rule.hints - {"part", "whole"} <= hints
            assert match.start() >= start


@pytest.mark.parametrize("wording", WORDINGS)
def test_what_a_rule_finds_is_hinted_by_a_stretch_between_spaces(wording: str) -> None:
    hints, start = hints_of(wording, 0, len(wording))
    found = any(rule.pattern.search(wording, start) for rule in rules_for(hints))
    assert any(HINTED.search(stretch) for stretch in wording.split(" ")) or not found


def test_a_part_of_a_year_is_hinted() -> None:
    text = "in the second half of 2017"
    assert "part" in hints_of(text, 0, len(text))[0]
    assert "whole" in hints_of("in 2017", 0, 7)[0]


def test_without_a_hint_there_are_no_rules() -> None:
    hints, start = hints_of("nothing at all", 0, 14)
    assert (hints, start, rules_for(hints)) == (frozenset(), 14, ())
