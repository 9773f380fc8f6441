from pathlib import Path

import pytest

from qa_service.annotate.aliases import Aliases, load_aliases

TABLE = Path(__file__).parents[2] / "index" / "aliases.toml"


@pytest.fixture(scope="module")
def aliases() -> Aliases:
    return load_aliases(TABLE)


def named(aliases: Aliases, text: str, typed: bool = False) -> list[tuple[str, str]]:
    return [(text[m.start : m.end], m.actor) for m in aliases.mentions(text, typed=typed)]


@pytest.mark.parametrize(
    ("surface", "actor"),
    [
        ("Moscow", "Russia"),
        ("Kremlin", "Russia"),
        ("Russians", "Russia"),
        ("U.S.", "United States"),
        ("the White House", "United States"),
        ("Trump administration", "United States"),
        ("THE UNITED STATES", "United States"),
        ("USSR", "Soviet Union"),
        ("Tajik", "Tajikistan"),
        ("us", None),
        ("Atlantis", None),
    ],
)
def test_an_exact_surface_has_one_actor(aliases: Aliases, surface: str, actor: str | None) -> None:
    assert aliases.actor(surface) == actor


def test_mentions_are_longest_bounded_and_cased(aliases: Aliases) -> None:
    text = "The Papua New Guinea envoy told us that Russia’s and US-led plans cost US$40, unlike INDIA's."
    assert named(aliases, text) == [
        ("Papua New Guinea", "Papua New Guinea"),
        ("Russia", "Russia"),
        ("US", "United States"),
        ("INDIA", "India"),
    ]


def test_a_capital_that_begins_a_longer_name_is_no_actor(aliases: Aliases) -> None:
    assert named(aliases, "the Oslo Accord, the Moscow Olympics and the Indian Ocean") == []
    assert named(aliases, "the Kabul Government") == [("Kabul", "Afghanistan")]


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("how does moscow see al qaeda", ["Russia", "Al-Qaeda"]),
        ("what is the us position on american aid", ["United States", "United States"]),
        ("us and russia on syria", ["United States", "Russia", "Syria"]),
        ("tell us who was in jordan", []),
        ("tell us about Jordan", ["Jordan"]),
        ("china vs us", ["China", "United States"]),
    ],
)
def test_typed_questions_need_no_capitals_but_for_english_words(
    aliases: Aliases, question: str, names: list[str]
) -> None:
    assert [actor for _, actor in named(aliases, question, typed=True)] == names


def test_an_actor_knows_its_surfaces_and_its_heir(aliases: Aliases) -> None:
    assert aliases.names("Russia")[0] == "Russia"
    assert {"Moscow", "Kremlin", "Russians"} <= set(aliases.names("Russia"))
    assert aliases.related("Soviet Union") == ("Russia",)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("[[actor]\n", "broken.toml"),
        ("[[actor]]\nkind = 'country'\n", "actor number 1 has no name"),
        ("[[actor]]\nname = 'A'\nnames = 'B'\n", "A: names must be a list"),
        ("[[actor]]\nname = 'A'\nname_s = ['B']\n", "unknown key name_s"),
        ("[[actor]]\nname = 'A'\nnames = ['C']\n[[actor]]\nname = 'B'\nnames = ['C']\n", "both A and B"),
    ],
)
def test_a_bad_table_is_refused_with_its_name_and_place(tmp_path: Path, content: str, complaint: str) -> None:
    path = tmp_path / "broken.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ValueError, match=r"broken\.toml") as caught:
        load_aliases(path)
    assert complaint in str(caught.value)
