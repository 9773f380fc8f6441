"""A sentence that announces reasons is quoted with them."""

from telling import Tell

STALL = """# The talks

The talks at Kerr stall for three reasons. First, neither side trusts the gauges of the other. They say so.
Second, an election is near. Third, the bank asks for nothing.

The board met for two reasons. It had to choose a chair.
"""


def test_reasons_are_quoted_with_the_sentence_that_announces_them(tell: Tell) -> None:
    for question in ("Why do the talks stall?", "What are the three reasons why the talks stall?"):
        announcing, *reasons = tell(STALL).quotes(question)
        assert announcing.endswith("three reasons.")
        assert [one.partition(",")[0] for one in reasons] == ["First", "Second", "Third"]


def test_where_no_list_follows_nothing_is_taken_for_one(tell: Tell) -> None:
    quotes = tell(STALL).quotes("Why did the board meet?")
    assert not any(one.startswith("First") for one in quotes)
