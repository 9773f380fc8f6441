"""What another did, or what is only wanted, does not tell what somebody did."""

import pytest
from telling import Tell

BRIGADES = """# The border

Oslavia moved two brigades to the border in July 2020. The Kestrian envoy left.

Acme Rail opened its line in 1901.
"""


@pytest.mark.parametrize(
    ("question", "answered"),
    [
        ("How many brigades did Oslavia move to the border?", True),
        ("How many brigades did Kestria move to the border?", False),
        ("When did Kestria move two brigades to the border?", False),
        ("When did Oslavia move two brigades to the border?", True),
        ("When did Acme open its line?", True),
        ("When did Globex open its line?", False),
    ],
)
def test_what_another_did_is_not_what_somebody_did(tell: Tell, question: str, answered: bool) -> None:
    assert bool(tell(BRIGADES).findings(question).evidence) is answered


WANTED = """# The gauges

The council should install new gauges before the end of 2023 and publish their readings. The report of the
council, published in February 2021, found the sluices closed.

Kestria wants to fill the reservoir within three years.
"""


def test_what_should_be_is_not_when_it_was(tell: Tell) -> None:
    assert tell(WANTED).short("When did the Council publish its report?") == "February 2021"
    assert not tell(WANTED).findings("When did Kestria fill the reservoir?").evidence
    assert tell(WANTED).findings("What does Kestria want to fill?").evidence
