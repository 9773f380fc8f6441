import pytest

from qa_service.ingest.lines import joined, keeps_hyphen, vocabulary
from qa_service.ingest.traced import trace


def _join(*lines: str, elsewhere: str = "") -> str:
    known = vocabulary([*lines, elsewhere])
    return joined([trace(line, 100 * number) for number, line in enumerate(lines)], known).text


@pytest.mark.parametrize(
    ("lines", "elsewhere", "expected"),
    [
        (("a self-", "styled ruler"), "", "a self-styled ruler"),
        (("the 10-", "point plan"), "", "the 10-point plan"),
        (("a dual-", "capable jet"), "", "a dual-capable jet"),
        (("the US-", "India pact"), "", "the US-India pact"),
        (("the insur-", "gents left"), "", "the insurgents left"),
        (("the coun-", "try gained"), "every country", "the country gained"),
        (("a co-", "operation of"), "their co-operation", "a co-operation of"),
        (("a co-", "operation of"), "their cooperation", "a cooperation of"),
        (("a de\u00ad", "lay"), "", "a delay"),
        (("in 1972–", "1979 it"), "", "in 1972–1979 it"),
        (("the region—", "as before"), "", "the region—as before"),
        (("the region —", "as before"), "", "the region — as before"),
        (("one line", "and another"), "", "one line and another"),
        (("at https://example.org/a-", "b/c.html now"), "", "at https://example.org/a-b/c.html now"),
    ],
)
def test_line_ends(lines: tuple[str, ...], elsewhere: str, expected: str) -> None:
    assert _join(*lines, elsewhere=elsewhere) == expected


def test_a_hyphenating_document_is_recognised() -> None:
    lines = ["the mor-", "tar and the bul-", "lets flew", "mortar bullets again and fell sud-", "denly"]
    assert vocabulary(lines).breaks_words
    assert not keeps_hyphen("sud", "denly", vocabulary(lines))
