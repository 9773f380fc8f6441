"""What an address means: one target for all ways to write it, or a refusal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_service.fetch import FetchError
from qa_service.fetch.targets import Target

PORTS = frozenset({80, 443})


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("https://example.org", "https://example.org/"),
        ("  https://example.org/a  ", "https://example.org/a"),
        ("HTTPS://EXAMPLE.ORG./A", "https://example.org/A"),
        ("https://example.org:443/", "https://example.org/"),
        ("http://example.org:443/", "http://example.org:443/"),
        ("https://example.org/a?b=c&d=%20e#f", "https://example.org/a?b=c&d=%20e"),
        ("https://example.org?b", "https://example.org/?b"),
        ("https://bücher.example/straße?q=ü", "https://xn--bcher-kva.example/stra%C3%9Fe?q=%C3%BC"),
        ("https://例。example/", "https://xn--fsq.example/"),
        ("http://8.8.8.8/", "http://8.8.8.8/"),
        ("http://[2606:4700:0::1111]/", "http://[2606:4700::1111]/"),
        ("https://a_b.example/'\"<>", "https://a_b.example/'%22%3C%3E"),
    ],
)
def test_one_form_of_every_address(written: str, url: str) -> None:
    found = Target.of(written, PORTS)
    assert found.url == url
    assert Target.of(found.url, PORTS) == found
    assert found.secure == url.startswith("https")
    assert url == f"{'https' if found.secure else 'http'}://{found.authority}{found.path}"


@pytest.mark.parametrize(
    ("location", "url"),
    [
        ("/b", "https://example.org/b"),
        ("c?d", "https://example.org/a/c?d"),
        ("//other.example/", "https://other.example/"),
        ("http://other.example/", "http://other.example/"),
        ("", "https://example.org/a/b"),
        ("/b\u00fc", "https://example.org/b%C3%BC"),
    ],
)
def test_where_a_reference_leads(location: str, url: str) -> None:
    assert Target.of("https://example.org/a/b", PORTS).to(location, PORTS).url == url


@pytest.mark.parametrize(
    "location", ["http://[", "ftp://example.org/", "//user@example.org/", "https://a.example:22/"]
)
def test_where_it_does_not_lead(location: str) -> None:
    with pytest.raises(FetchError):
        Target.of("https://example.org/a/b", PORTS).to(location, PORTS)


@given(
    st.text(max_size=60),
    st.sampled_from(["", "http://", "https://", "https://example.org", "http://[", "//"]),
)
def test_any_text_is_a_target_or_refused(text: str, scheme: str) -> None:
    try:
        found = Target.of(scheme + text, PORTS)
    except FetchError as error:
        assert str(error).isprintable()
        return
    assert found.url.isascii() and found.url.isprintable() and " " not in found.url
    assert found.port in PORTS
    assert set(found.host) <= set("abcdefghijklmnopqrstuvwxyz0123456789_.-:")
    assert Target.of(found.url, PORTS) == found


def test_an_address_of_4096_characters_is_asked_and_a_longer_one_is_not() -> None:
    longest = "http://example.org/".ljust(4_096, "a")

    assert Target.of(longest, PORTS).url == longest
    with pytest.raises(FetchError, match="more than 4,096 characters"):
        Target.of(longest + "a", PORTS)


def test_the_ports_that_are_asked_are_told() -> None:
    with pytest.raises(FetchError, match="only the ports 80 and 443 are asked, not 8080"):
        Target.of("http://example.org:8080/", PORTS)


def test_a_port_that_is_none_is_told_as_that() -> None:
    with pytest.raises(FetchError, match="its port is no number of a port"):
        Target.of("http://example.org:99999/", PORTS)
