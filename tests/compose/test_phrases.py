from dataclasses import fields
from pathlib import Path

import pytest

from qa_service.compose.phrases import FILE, OFFERED, Phrases, load_phrases
from qa_service.domain.errors import SettingsError
from qa_service.settings import load

SHIPPED = load({}).prompts


def edited(folder: Path, before: str, after: str) -> Path:
    text = (SHIPPED / FILE).read_text("utf-8")
    assert before in text
    (folder / FILE).write_text(text.replace(before, after), encoding="utf-8")
    return folder


def test_every_phrase_is_shipped_and_can_be_filled_in() -> None:
    phrases = load_phrases(SHIPPED)
    for field in fields(Phrases):
        filled = getattr(phrases, field.name).format(**dict.fromkeys(OFFERED.get(field.name, ()), "x"))
        assert filled
        assert "!" not in filled


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ('share = "', 'shore = "', "share is missing; shore is not known"),
        ("{user} asked:", "{name} asked:", r"asked uses {name}"),
        ("{user} asked:", "{user asked:", "asked has a fault"),
        ('sources = "Sources"', 'sources = ""', "sources is not a text"),
        ('sources = "Sources"', "sources = 5", "sources is not a text"),
        ('sources = "Sources"', "sources = ", "TOMLDecodeError"),
    ],
)
def test_a_fault_is_found_when_they_are_read(tmp_path: Path, before: str, after: str, told: str) -> None:
    with pytest.raises(SettingsError, match=r"QA_PROMPTS.*chat\.toml") as caught:
        load_phrases(edited(tmp_path, before, after))
    assert told in str(caught.value)


def test_a_folder_without_them_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"QA_PROMPTS.*chat\.toml"):
        load_phrases(tmp_path)
