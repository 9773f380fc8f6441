"""Nothing inside a network is asked: hostile addresses, names that change, answers that send on."""

import socket
from collections.abc import Iterator, Sequence
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fetch.sites import HERE, OTHER, Canary, Page, permitting, secret, site, speaker
from qa_service.fetch import Fetcher, FetchError
from qa_service.fetch.routing import routable

# Names that a hostile zone may hold; {port} is the canary's.
ZONE = {
    "loop.example": ["127.0.0.1"],
    "loop6.example": ["::1"],
    "mapped.example": ["::ffff:127.0.0.1"],
    "translated.example": ["64:ff9b::7f00:1"],
    "sixtofour.example": ["2002:7f00:1::"],
    "mixed.example": ["93.184.215.14", "127.0.0.1"],
    "mixed-last.example": ["2606:4700::1111", "93.184.215.14", "10.0.0.1"],
    "private.example": ["192.168.1.1"],
    "metadata.example": ["169.254.169.254"],
    "link.example": ["fe80::1%lo"],
    "zero.example": ["0.0.0.0"],  # noqa: S104 - asked, not listened on
    "nothing.example": [],
    "xn--nxasmq6b.example": ["127.0.0.1"],
}
INSIDE = [
    "http://127.0.0.1:{port}/",
    "http://127.1.2.3:{port}/",
    "http://localhost:{port}/",
    "http://LOCALHOST.:{port}/",
    "http://127.0.0.1.:{port}/",
    "http://127.1:{port}/",
    "http://127.0.1:{port}/",
    "http://2130706433:{port}/",
    "http://0x7f000001:{port}/",
    "http://0x7f.0x0.0x0.0x1:{port}/",
    "http://017700000001:{port}/",
    "http://0177.0.0.1:{port}/",
    "http://127.0.0.0x1:{port}/",
    "http://0:{port}/",
    "http://0.0.0.0:{port}/",
    "http://0.1.2.3:{port}/",
    "http://127。0。0。1:{port}/",
    "http://127．0．0．1:{port}/",
    "http://①②⑦.⓪.⓪.①:{port}/",
    "http://ｌｏｃａｌｈｏｓｔ:{port}/",
    "http://loc\u00adalhost:{port}/",
    "http://[::1]:{port}/",
    "http://[0:0:0:0:0:0:0:1]:{port}/",
    "http://[::]:{port}/",
    "http://[::ffff:127.0.0.1]:{port}/",
    "http://[::ffff:7f00:1]:{port}/",
    "http://[::127.0.0.1]:{port}/",
    "http://[64:ff9b::127.0.0.1]:{port}/",
    "http://[64:ff9b:1::127.0.0.1]:{port}/",
    "http://[2002:7f00:1::]:{port}/",
    "http://[2001:0:7f00:1::]:{port}/",
    "http://[fe80::1%25lo]:{port}/",
    "http://[fc00::1]:{port}/",
    "http://[ff02::1]:{port}/",
    "http://10.0.0.1:{port}/",
    "http://100.64.0.1:{port}/",
    "http://169.254.169.254/latest/meta-data/",
    "http://172.16.0.1:{port}/",
    "http://192.0.0.8:{port}/",
    "http://192.168.0.1:{port}/",
    "http://198.18.0.1:{port}/",
    "http://224.0.0.1:{port}/",
    "http://255.255.255.255:{port}/",
    *(f"http://{name}:{{port}}/" for name in ZONE),
]
WRITTEN_BADLY = [
    "file:///etc/passwd",
    "gopher://127.0.0.1:{port}/_GET",
    "ftp://127.0.0.1:{port}/",
    "dict://127.0.0.1:{port}/",
    "data:text/html,hello",
    "jar:http://127.0.0.1:{port}/!/",
    "//127.0.0.1:{port}/",
    "127.0.0.1:{port}",
    "http:127.0.0.1:{port}",
    "http:///127.0.0.1:{port}/",
    "http://",
    "http://user@127.0.0.1:{port}/",
    "http://user:password@example.org/",
    "http://example.org@127.0.0.1:{port}/",
    "http://example.org#@127.0.0.1:{port}/\\",
    "http://127.0.0.1:{port}\\@example.org/",
    "http://example.org\\.127.0.0.1:{port}/",
    "http://exa mple.org/",
    "http://example.org/\r\nHost: 127.0.0.1",
    "http://example\t.org/",
    "http://example.org:22/",
    "http://example.org:6379/",
    "http://example.org:99999/",
    "http://example.org:0x50/",
    "http://example..org/",
    "http://exa%6dple.org/",
    "http://[::1/",
    "http://[v1.x]/",
    f"http://{'a' * 300}.org/",
    f"http://example.org/{'a' * 5_000}",
    "",
]


@pytest.fixture
def canary() -> Iterator[Canary]:
    with speaker(secret) as found:
        yield found


def zone(host: str, port: int) -> Sequence[str]:
    """Names of the zone; any other as the system knows it."""
    if host in ZONE:
        return ZONE[host]
    return [str(one[4][0]) for one in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def fetchers(port: int) -> list[Fetcher]:
    """The one of production, and one whose ports would let the canary be asked."""
    return [Fetcher(resolve=zone), Fetcher(resolve=zone, ports=frozenset({80, 443, port}))]


def test_no_hostile_address_is_asked(canary: Canary) -> None:
    hostile = [one.format(port=canary.port) for one in [*INSIDE, *WRITTEN_BADLY]]
    assert len(hostile) >= 80

    for url in hostile:
        for fetcher in fetchers(canary.port):
            with pytest.raises(FetchError) as refused:
                fetcher.fetch(url)
            assert str(refused.value).isprintable(), url

    assert canary.connections == 0


NUMBERS = (
    "127.1 127.0.1 2130706433 0x7f000001 0x7f.0x0.0x0.0x1 017700000001 0177.0.0.1 127.0.0.0x1 0 0x 08".split()
)


@pytest.mark.parametrize("url", [*WRITTEN_BADLY, *(f"http://{number}/" for number in NUMBERS)])
def test_what_is_written_badly_is_not_even_looked_up(url: str) -> None:
    asked: list[str] = []

    def look_up(host: str, _port: int) -> Sequence[str]:
        asked.append(host)
        return []

    with pytest.raises(FetchError, match=r"refused|not a valid address"):
        Fetcher(resolve=look_up).fetch(url.format(port=80))
    assert asked == []


def test_the_canary_is_heard_where_nothing_guards_it(canary: Canary) -> None:
    """The same addresses, to a client that asks whatever it is told."""
    for url in INSIDE:
        host = url.removeprefix("http://").removesuffix("/").rpartition(":")[0].strip("[]")
        for address in ZONE.get(host, [host]):
            if address.startswith(("127", "0", "2130", "localhost", "LOCAL", "::1", "::ffff:")):
                try:
                    socket.create_connection((address, canary.port), timeout=1).close()
                except OSError:
                    continue

    assert canary.connections >= 15


def test_a_name_is_resolved_once_and_the_connection_goes_there(canary: Canary) -> None:
    """The zone answers with a permitted address first, then with the canary's."""
    answers = iter([[OTHER], [HERE], [HERE], [HERE]])
    asked: list[str] = []

    def changing(host: str, _port: int) -> Sequence[str]:
        asked.append(host)
        return next(answers)

    with site(OTHER, canary.port) as outside:
        outside.pages["/"] = Page(b"hello", "text/plain")
        found = permitting(canary.port, addresses=(OTHER,), resolve=changing).fetch(
            f"http://changing.example:{canary.port}/"
        )

    assert found.data == b"hello"
    assert asked == ["changing.example"]
    assert outside.asked[0][1]["host"] == f"changing.example:{canary.port}"
    assert canary.connections == 0


def test_the_systems_resolver_cannot_change_its_mind_either(
    canary: Canary, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, asked = socket.getaddrinfo, []

    def changing(host: str, port: int, *rest: int, **more: int) -> list[tuple[object, ...]]:
        asked.append(host)
        return list(real(OTHER if len(asked) == 1 else HERE, port, *rest, **more))

    with site(OTHER, canary.port) as outside:
        outside.pages["/"] = Page(b"hello", "text/plain")
        with monkeypatch.context() as patched:
            patched.setattr(socket, "getaddrinfo", changing)
            fetcher = permitting(canary.port, addresses=(OTHER,))
            found = fetcher.fetch(f"http://changing.example:{canary.port}/")

    assert (found.data, asked, canary.connections) == (b"hello", ["changing.example"], 0)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_an_answer_cannot_send_inside(canary: Canary, status: int) -> None:
    with site(OTHER) as outside:
        fetcher = permitting(outside.port, canary.port, addresses=(OTHER,), resolve=zone)
        for url in [*INSIDE, *WRITTEN_BADLY]:
            where = url.format(port=canary.port).replace("\r\n", "")
            headers = {"Location": where.encode().decode("latin-1")}
            outside.pages["/"] = Page(b"", status=status, headers=headers)
            with pytest.raises(FetchError, match="sends on" if url in INSIDE else None):
                fetcher.fetch(outside.url)

    assert canary.connections == 0


def test_a_name_that_was_permitted_is_checked_again_when_sent_to_it(canary: Canary) -> None:
    answers = iter([[OTHER], [HERE]])
    with site(OTHER, canary.port) as outside:
        outside.pages["/"] = Page(b"", status=302, headers={"Location": "/next"})
        fetcher = permitting(canary.port, addresses=(OTHER,), resolve=lambda *_: next(answers))
        with pytest.raises(FetchError, match="not on the public internet"):
            fetcher.fetch(f"http://changing.example:{canary.port}/")

    assert (outside.paths, canary.connections) == (["/"], 0)


@pytest.mark.parametrize("turns", [3, 4, 100])
def test_three_times_sent_on_and_no_more(turns: int) -> None:
    with site() as there:
        there.pages["/end"] = Page(b"hello", "text/plain")
        for turn in range(turns):
            where = "/end" if turn == turns - 1 else f"/{turn + 1}"
            there.pages[f"/{turn}"] = Page(b"", status=302, headers={"Location": where})
        looked_up: list[str] = []

        def look_up(host: str, _port: int) -> Sequence[str]:
            looked_up.append(host)
            return [HERE]

        fetcher = permitting(there.port, resolve=look_up)
        if turns == 3:
            assert fetcher.fetch(f"{there.url}/0").url == f"{there.url}/end"
        else:
            with pytest.raises(FetchError, match="more than 3 times"):
                fetcher.fetch(f"{there.url}/0")
        assert len(there.asked) == len(looked_up) == 4


def test_the_environment_names_no_proxy_and_no_password(
    canary: Canary, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{canary.port}")
    monkeypatch.delenv("no_proxy", raising=False)
    (tmp_path / ".netrc").write_text("default login me password secret\n", "utf-8")
    (tmp_path / ".netrc").chmod(0o600)
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    monkeypatch.setenv("HOME", str(tmp_path))

    with site() as there:
        given = {"Location": "/page", "Set-Cookie": "a=b"}
        there.pages |= {"/": Page(b"", status=302, headers=given), "/page": Page(b"hello", "text/plain")}
        assert permitting(there.port).fetch(there.url).data == b"hello"

    assert canary.connections == 0
    assert there.paths == ["/", "/page"]
    for _, headers in there.asked:
        assert set(headers) == {"host", "user-agent", "accept", "accept-encoding", "connection"}


@pytest.mark.parametrize(
    "address",
    """1.1.1.1 8.8.8.8 93.184.215.14 100.63.255.255 100.128.0.1 172.15.0.1 172.32.0.1 192.0.1.1
    223.255.255.255 2606:4700::1111 2a00:1450:4001::1 ::ffff:8.8.8.8 64:ff9b::808:808""".split(),
)
def test_the_public_internet_is_asked(address: str) -> None:
    assert routable(address)


@pytest.mark.parametrize(
    "address",
    """0.0.0.0 0.255.0.1 10.1.1.1 100.64.0.1 100.127.255.255 127.0.0.1 127.255.255.255 169.254.0.1
    172.16.0.1 172.31.255.255 192.0.0.1 192.0.0.8 192.0.0.170 192.0.2.1 192.88.99.1 192.168.255.255 198.18.0.1
    198.19.255.255 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255
    :: ::1 ::2 ::7f00:1 ::ffff:10.0.0.1 ::ffff:0.0.0.0 64:ff9b::7f00:1 64:ff9b::a00:1 64:ff9b:1::1 100::1
    2001::1 2001:10::1 2001:20::1 2001:db8::1 2002:808:808::1 3fff::1 5f00::1 fc00::1 fdff::1 fe80::1
    fe80::1%lo 2606:4700::1111%lo fec0::1 ff02::1 ff0e::1 localhost 1 0x7f.1 127.1 example.org""".split(),
)
def test_everything_else_is_not(address: str) -> None:
    assert not routable(address)


@given(st.ip_addresses())
def test_whatever_python_holds_for_private_is_not_asked(address: IPv4Address | IPv6Address) -> None:
    if address.is_private or address.is_multicast or address.is_link_local or address.is_loopback:
        assert not routable(str(address))
