"""What a question takes for granted and a sentence denies: the denial answers, and nothing weaker does."""

import pytest
from telling import Tell

ALDORA = """# The Treaty of Aldora

The delegates of Kestia and Norrland met in Aldora in May 2011.
Kestia failed to sign the treaty because its parliament objected.
Norrland signed the treaty on 12 June 2011 and ratified it a year later.
The Norrland government did not withdraw its troops from the valley.
All efforts to broker a ceasefire agreement between Kestia and the rebels have failed.
Kestia never attended the second conference in Porto. The mission could not inspect the depots.
Norrland refused to release the prisoners before the election. Norrland did not only train the police.
The ambassador of Norrland claims that Kestia did not deliver the archive.
Kestia opened the border and did not open the harbour. The president resigned in 2014 over the affair.
"""


@pytest.mark.parametrize(
    ("question", "quoted"),
    [
        ("Why did Kestia sign the treaty?", "Kestia failed to sign"),
        ("When did Kestia sign the treaty?", "Kestia failed to sign"),
        ("Why did Norrland withdraw its troops from the valley?", "did not withdraw"),
        ("Why did Kestia and the rebels agree to a ceasefire?", "have failed"),
        ("Why did Kestia attend the second conference?", "never attended"),
        ("Why did the mission inspect the depots?", "could not inspect"),
    ],
)
def test_a_denied_premise_is_answered_with_the_denial(tell: Tell, question: str, quoted: str) -> None:
    told = tell(ALDORA)
    assert told.short(question) == "otherwise"
    assert quoted in told.quotes(question)[0]


@pytest.mark.parametrize(
    "question",
    [
        "When did Norrland sign the treaty?",  # it did
        "Why did the president resign?",
        "Why did Kestia fail to sign the treaty?",  # the question says so itself
        "Why did Kestia not sign the treaty?",
        "When did Norrland release the prisoners?",  # not before the election
        "Why did Norrland train the police?",  # not only
        "Why did Kestia deliver the archive?",  # somebody's claim
        "When did Kestia open the border?",  # another thing was not opened
        "Why did the rebels sign the treaty?",  # nobody says anything of the rebels
        "Why have all efforts to broker a ceasefire agreement failed?",  # the question says so itself
    ],
)
def test_nothing_weaker_denies(tell: Tell, question: str) -> None:
    assert tell(ALDORA).short(question) != "otherwise"
