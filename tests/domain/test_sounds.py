import pytest

from qa_service.domain.sounds import sound


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Mansoor", "Mansour"),
        ("Mansour", "Mansur"),
        ("Umar", "Omar"),
        ("Khurasan", "Khorasan"),
        ("Taliban", "Taleban"),
        ("Qandahar", "Kandahar"),
        ("Saleh", "Salih"),
    ],
)
def test_spellings_of_one_name_share_a_key(one: str, other: str) -> None:
    assert sound(one) == sound(other) != ""


@pytest.mark.parametrize(("one", "other"), [("Iran", "Iraq"), ("Hama", "Hamas"), ("Basra", "Busan")])
def test_other_names_do_not(one: str, other: str) -> None:
    assert sound(one) != sound(other)


@pytest.mark.parametrize("word", ["osl", "", "2017", "o'neill"])
def test_what_is_no_name_has_none(word: str) -> None:
    assert sound(word) == ""
