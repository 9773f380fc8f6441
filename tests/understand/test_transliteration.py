import pytest

from qa_service.understand.transliteration import Spellings, key


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
    assert key(one) == key(other)


@pytest.mark.parametrize(("one", "other"), [("Iran", "Iraq"), ("Hama", "Hamas"), ("Basra", "Busan")])
def test_other_names_do_not(one: str, other: str) -> None:
    assert key(one) != key(other)


def test_the_documents_commonest_spelling_is_meant() -> None:
    known = Spellings({"mansoor": 1, "mansur": 3, "oslo": 2})
    assert known.of("mansour") == "mansur"
    assert known.of("bergen") is None
    assert known.of("osl") is None
