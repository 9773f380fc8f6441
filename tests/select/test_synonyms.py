"""Groups of words that mean the same, from a file that users edit."""

import tomllib
from collections import Counter
from pathlib import Path

import pytest
from building import ANALYSER

from qa_service.domain.errors import SettingsError
from qa_service.select import Synonyms, load_synonyms

FILE = Path(__file__).parents[2] / "index" / "synonyms.toml"
GROUPS = tomllib.loads(FILE.read_text(encoding="utf-8"))["groups"]
MOST_GROUPS = 6


def of(synonyms: Synonyms, text: str) -> dict[str, frozenset[int]]:
    return synonyms.of(ANALYSER.tokens(text))


@pytest.mark.parametrize("number", range(len(GROUPS)))
def test_every_group_of_the_file_is_known_by_each_of_its_words(number: int) -> None:
    synonyms = load_synonyms(FILE, ANALYSER)
    assert len(GROUPS[number]) > 1
    for surface in GROUPS[number]:
        known = of(synonyms, surface)
        stop = all(not token.content for token in ANALYSER.tokens(surface)) and " " not in surface
        assert stop or any(number in groups for groups in known.values()), surface


def test_no_word_is_in_too_many_groups_or_twice_in_one() -> None:
    counted = Counter(word for group in GROUPS for word in group)
    assert {word: n for word, n in counted.items() if n > MOST_GROUPS} == {}
    assert [group for group in GROUPS if len(group) != len(set(group))] == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("they turn down the offer", True),
        ("they turned it down", True),
        ("they turn the offer down", False),  # two words between
        ("down they turn", False),
        ("turn", False),
    ],
)
def test_a_phrase_may_hold_one_other_word(text: str, found: bool) -> None:
    synonyms = Synonyms([["reject", "turn down"]], ANALYSER)
    assert bool(of(synonyms, text)) is found


def test_a_phrase_gives_its_group_to_each_of_its_words() -> None:
    synonyms = Synonyms([["begin", "set up"], ["up"]], ANALYSER)
    assert of(synonyms, "set up")["set"] == of(synonyms, "set up")["up"] == frozenset({0})


@pytest.mark.parametrize("content", ["", "groups = [", "group = []", "groups = 3", "groups = [3]", b"\xff"])
def test_a_broken_file_names_its_setting(tmp_path: Path, content: str | bytes) -> None:
    path = tmp_path / "synonyms.toml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(SettingsError, match="QA_SYNONYMS"):
        load_synonyms(path, ANALYSER)


def test_a_missing_file_names_its_setting(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="QA_SYNONYMS"):
        load_synonyms(tmp_path / "none.toml", ANALYSER)
