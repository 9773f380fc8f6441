import pytest

from qa_service.domain.address import Address, is_cluster
from qa_service.domain.errors import SettingsError


def test_an_address_names_nodes_and_a_prefix() -> None:
    one = Address.of("opensearch://127.0.0.1:9201,node-2.example.org,[::1]:9203/qa-1")

    assert one.hosts == (("127.0.0.1", 9201), ("node-2.example.org", 9200), ("::1", 9203))
    assert (one.prefix, one.secure, one.user, one.password) == ("qa-1", False, None, None)
    assert is_cluster("opensearch://a/b")
    assert not is_cluster("sqlite:////a/b.db")


def test_a_password_is_read_and_never_shown() -> None:
    one = Address.of("opensearch+https://reader:p%40ss%2Fword@search.example.org/qa")

    assert (one.secure, one.user, one.password) == (True, "reader", "p@ss/word")
    assert "p@ss" not in f"{one} {one!r}"


@pytest.mark.parametrize(
    "text",
    [
        "opensearch://",
        "opensearch://host:9200",
        "opensearch://host:9200/",
        "opensearch://host:9200/QA",
        "opensearch://host:9200/_qa",
        "opensearch://host:9200/a*",
        "opensearch://host:9200/a/b",
        "opensearch://host:port/qa",
        "opensearch://:secret@host/qa",
        "opensearch://host,,other/qa",
        "https://user:secret@host:9200/qa",
    ],
)
def test_what_is_no_address_is_told_without_a_password(text: str) -> None:
    with pytest.raises(SettingsError, match="QA_STORE") as told:
        Address.of(text)
    assert "secret" not in str(told.value)
