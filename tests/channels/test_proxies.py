"""X-Forwarded-For and X-Forwarded-Proto are believed from where the proxies stand, and from nowhere else."""

import pytest
from werkzeug.test import EnvironBuilder, run_wsgi_app
from werkzeug.wrappers import Request, Response

from qa_service.channels.proxies import Behind
from qa_service.domain.errors import SettingsError
from qa_service.settings import load

SHIPPED = load({}).proxy_addresses


@Request.application
def echo(request: Request) -> Response:
    return Response(f"{request.scheme} {request.remote_addr}")


def seen(places: str, address: str | None, *, proxies: int = 1, sent: str = "203.0.113.7") -> str:
    """The scheme and address that the application sees of a request from an address."""
    builder = EnvironBuilder(headers={"X-Forwarded-For": sent, "X-Forwarded-Proto": "https"})
    wsgi = builder.get_environ() | ({} if address is None else {"REMOTE_ADDR": address})
    return b"".join(run_wsgi_app(Behind(echo, proxies, places), wsgi)[0]).decode()


@pytest.mark.parametrize(
    ("places", "address"),
    [
        (SHIPPED, "127.0.0.1"),
        (SHIPPED, "::1"),
        (SHIPPED, "::ffff:127.0.0.1"),
        (SHIPPED, "172.17.0.2"),
        (SHIPPED, "fd12::7%eth0"),
        (SHIPPED, ""),  # a Unix socket
        (SHIPPED, None),
        ("192.0.2.1", "192.0.2.1"),
        ("192.0.2.0/28 2001:db8::/32", "2001:db8::5"),
        ("*", "198.51.100.4"),
    ],
)
def test_from_where_proxies_stand(places: str, address: str | None) -> None:
    assert seen(places, address) == "https 203.0.113.7"


@pytest.mark.parametrize(
    ("places", "address"),
    [
        (SHIPPED, "198.51.100.4"),
        (SHIPPED, "2001:db8::5"),
        (SHIPPED, "172.32.0.1"),
        ("192.0.2.1", "127.0.0.1"),
        ("192.0.2.0/28", "192.0.2.16"),
        ("10.0.0.0/8", "no address"),
    ],
)
def test_from_elsewhere(places: str, address: str) -> None:
    assert seen(places, address) == f"http {address}"


def test_of_several_addresses_the_one_that_the_first_of_ours_saw() -> None:
    assert seen("*", "10.0.0.1", proxies=2, sent="192.0.2.66, 203.0.113.7, 10.0.0.2") == "https 203.0.113.7"


def test_a_place_that_is_none_is_named() -> None:
    with pytest.raises(SettingsError, match="QA_PROXY_ADDRESSES"):
        load({"QA_PROXY_ADDRESSES": "10.0.0.1/8 here"})
