"""What a question says was done, and whether a sentence tells of it."""

import pytest
from telling import Tell, Told

from qa_service.select.predicates import deed

ENVOYS = """# The envoys of Kerr

The envoys dined with the mayor in 1990 because the talks had ended well. Ruth Vega (1931-1988) wrote to the
harbour board. The Harbour Act of 1951 names a master of the port. The board stands in
Moss, near the old quay. The ferry "Tern" (built 1960) is kept by the Moss Shipping Company.
"""


@pytest.mark.parametrize(
    ("question", "stems"),
    [
        ("Why did the envoys resign?", {"resign"}),
        ("Why did the peace talks fail?", {"talk", "fail"}),
        ("Who leads the harbour board?", {"lead"}),
        ("Who allegedly sank the ferry?", {"sink"}),
        ("When was the treaty of Kerr signed?", {"sign"}),
        ("When did Ruth Vega finish her letters?", {"finish", "letter"}),
        ("When did they meet the mayor?", {"meet", "mayor"}),
        ("Where is the board located?", set()),
        ("Who was the mayor?", set()),
        ("the envoys of Kerr", set()),
    ],
)
def test_the_deed_is_told_from_who_did_it(river: Told, question: str, stems: set[str]) -> None:
    assert deed(river.inquiry(question)) == stems


@pytest.mark.parametrize(
    "question",
    ["Why did the envoys resign?", "Who leads the harbour board?", "When was the Harbour Act repealed?"],
)
def test_the_right_people_doing_something_else_do_not_answer(tell: Tell, question: str) -> None:
    assert tell(ENVOYS).check(question) == "predicate"


@pytest.mark.parametrize(
    ("question", "quote"),
    [
        ("When was Ruth Vega born?", "(1931-1988)"),
        ("When did Ruth Vega die?", "(1931-1988)"),
        ("When was the Harbour Act passed?", "Harbour Act of 1951"),
        ("Where is the board located?", "in Moss"),
        ("Why did the envoys dine with the mayor?", "because the talks had ended well"),
    ],
)
def test_a_date_beside_a_name_and_a_place_need_no_verb(tell: Tell, question: str, quote: str) -> None:
    assert quote in tell(ENVOYS).quotes(question)[0]


@pytest.mark.parametrize(
    ("question", "stems"),
    [
        ("How much were the players in the series paid?", {"pay"}),
        ("When was the wedding in the garden?", {"wed"}),
        ("When was the exhibition for women?", {"exhibit"}),
        ("When was the election in Sweden?", {"elect"}),
        ("Where is the old ferry kept?", set()),
    ],
)
def test_the_verb_may_stand_after_more_of_the_subject(river: Told, question: str, stems: set[str]) -> None:
    assert deed(river.inquiry(question)) == stems
