"""Names and numbers of a question that stand for something else than the passage tells of."""

import pytest
from telling import Tell

PANEL = """# The quays of Kerr

The Royal Harbour Board closed the northern quay in 1994. After River War II the board rebuilt it.
A ship of the Society of Friends and Rowers brought the stone.
The television station of Kerr showed the rebuilding.
"""


@pytest.mark.parametrize(
    "question",
    [
        "What did the RHB close?",
        "What did the board rebuild after RWII?",
        "What did the ship of the SFR bring?",
        "Which quay did the RHB's members close?",
        "What did the TV station of Kerr show?",
    ],
)
def test_an_acronym_may_stand_for_a_name_that_is_written_out(tell: Tell, question: str) -> None:
    assert tell(PANEL).check(question) is None


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("What did the board rebuild after RWI?", ("RWI",)),
        ("What did the board rebuild after RWIII?", ("RWIII",)),
        ("Which quay did the RHA close?", ("RHA",)),
    ],
)
def test_an_acronym_with_other_letters_is_foreign(
    tell: Tell, question: str, missing: tuple[str, ...]
) -> None:
    findings = tell(PANEL).findings(question)
    assert findings.check is not None
    assert findings.check.name == "foreign_words"
    assert findings.missing == missing


PACTS = """# The pacts of Kerr

Kerr and Moss signed a pact in Ashby on 3 May 1987. The harbour stayed open.

The mayor built a bridge in 1990. Another bridge followed in 1996.
"""


@pytest.mark.parametrize(
    ("question", "check"),
    [
        ("When was the second pact signed?", "foreign_words"),
        ("When was the third pact signed?", "foreign_words"),
        ("When was the first pact signed?", None),  # the only one
        ("When was the pact signed?", None),
        ("When did the second bridge follow?", None),  # another one
    ],
)
def test_the_only_one_is_no_second(tell: Tell, question: str, check: str | None) -> None:
    assert tell(PACTS).check(question) == check
