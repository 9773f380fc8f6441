"""Bodies without end, slow ones, bombs, broken ones: each ends with a reason, within its limits."""

import gzip
import shutil
import socket
import ssl
import subprocess
import threading
import time
import tracemalloc
import zlib
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import pytest

from fetch.sites import HERE, Page, permitting, site, speaker
from qa_service.domain.web import Fetched
from qa_service.fetch import BusyError, Fetcher, FetchError

MEBIBYTE = 2**20
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
Speak = Callable[[socket.socket], None]


def refused(speak: Speak, **values: object) -> str:
    """Why nothing is fetched from who speaks like that."""
    with speaker(speak) as there:
        with pytest.raises(FetchError) as told:
            permitting(there.port, **values).fetch(f"http://{HERE}:{there.port}/")
        assert there.connections == 1
    return str(told.value)


def given(answer: bytes, **values: object) -> Fetched:
    """What is fetched from who answers like that."""
    with speaker(lambda there: there.sendall(answer)) as there:
        return permitting(there.port, **values).fetch(f"http://{HERE}:{there.port}/")


def endless(connected: socket.socket) -> None:
    connected.sendall(HEAD + b"\r\n")
    while True:
        connected.sendall(b"a" * 65_536)


def dripping(what: bytes) -> Speak:
    """A byte at a time, each soon enough for a limit that begins anew with every byte."""

    def speak(connected: socket.socket) -> None:
        connected.sendall(what)
        while True:
            connected.sendall(b"a")
            time.sleep(0.02)

    return speak


def test_a_body_without_end() -> None:
    assert refused(endless, most_bytes=MEBIBYTE) == "too large: more than 1 MiB"


def test_a_body_that_says_how_large_it_is_is_not_read() -> None:
    told = HEAD + b"Content-Length: 99999999999\r\n\r\n"
    assert refused(lambda there: there.sendall(told)) == "too large: more than 25 MiB"


@pytest.mark.parametrize(
    "so_far", [b"", b"HTTP/1.1 200 OK\r\nX: ", HEAD + b"\r\n", HEAD + b"Content-Length: 9999\r\n\r\n"]
)
def test_drops_do_not_add_up(so_far: bytes) -> None:
    assert refused(dripping(so_far), seconds=0.5) == "too slow: it was not there in 0.5 s"


def test_who_says_nothing() -> None:
    silence = threading.Event()
    try:
        assert refused(lambda _: bool(silence.wait(60)) or None, seconds=0.3).startswith("too slow")
    finally:
        silence.set()


def test_headers_without_end() -> None:
    def speak(connected: socket.socket) -> None:
        connected.sendall(HEAD)
        while True:
            connected.sendall(b"X-More: yes\r\n" * 100)

    assert refused(speak).startswith("the connection failed: got more than 100 headers")


def test_a_bomb_is_unpacked_no_further_than_the_limit() -> None:
    bomb = gzip.compress(bytes(64 * MEBIBYTE))
    assert len(bomb) < MEBIBYTE
    with site() as there:
        there.pages["/"] = Page(bomb, headers={"Content-Encoding": "gzip"})
        tracemalloc.start()
        try:
            with pytest.raises(FetchError, match="too large: more than 2 MiB"):
                permitting(there.port, most_bytes=2 * MEBIBYTE).fetch(there.url)
            assert tracemalloc.get_traced_memory()[1] < 16 * MEBIBYTE
        finally:
            tracemalloc.stop()


@pytest.mark.parametrize("encoding", ["gzip", "x-gzip", " GZip "])
def test_a_packed_page_is_unpacked(encoding: str) -> None:
    page = b"<p>hello</p>" * 100_000
    with site() as there:
        there.pages["/"] = Page(gzip.compress(page), headers={"Content-Encoding": encoding})
        assert permitting(there.port).fetch(there.url).data == page


def test_a_page_that_is_not_packed_may_say_so() -> None:
    assert given(HEAD + b"Content-Encoding: identity\r\n\r\nhello").data == b"hello"


@pytest.mark.parametrize("head", [HEAD, HEAD + b"Content-Length: 5\r\n"])
def test_a_body_of_just_the_size_that_is_allowed_is_read(head: bytes) -> None:
    assert given(head + b"\r\nhello", most_bytes=5).data == b"hello"
    with pytest.raises(FetchError, match="too large"):
        given(head + b"\r\nhello", most_bytes=4)


@pytest.mark.parametrize(
    ("written", "told"),
    [
        (b"Content-Type: Text/HTML; Charset=UTF-8; x=y", "text/html"),
        (b"Content-Type:  application/pdf ", "application/pdf"),
        (b"Content-Type: text/\x1b[31m\xe9html", "text/[31mhtml"),
        (b"X-Other: text/html", ""),
    ],
)
def test_the_media_type_is_told_without_what_does_not_belong_to_it(written: bytes, told: str) -> None:
    assert given(b"HTTP/1.1 200 OK\r\n" + written + b"\r\n\r\nhello").media_type == told


def test_an_address_that_it_sends_on_to_is_read_as_utf_8_whatever_its_bytes_are() -> None:
    with site() as there:
        for where, asked in ("/dönitz".encode(), "/d%C3%B6nitz"), (b"/d\xf6nitz", "/d%EF%BF%BDnitz"):
            there.pages |= {
                "/": Page(b"", status=302, headers={"Location": where.decode("latin-1")}),
                asked: Page(b"hello"),
            }
            assert permitting(there.port).fetch(there.url).data == b"hello"


def test_who_asks_names_itself_and_what_it_reads() -> None:
    with site() as there:
        there.pages["/"] = Page(b"hello")
        permitting(there.port).fetch(there.url)
    ((_, headers),) = there.asked

    assert headers["user-agent"] == f"qa-service/{version('qa-service')}"
    assert headers["accept"].startswith("text/html, ") and headers["accept"].endswith(", */*;q=0.8")
    assert (headers["accept-encoding"], headers["connection"]) == ("gzip", "close")


@pytest.mark.parametrize(("status", "busy"), [(429, True), (503, True), (404, False), (500, False)])
def test_a_host_that_is_busy_is_told_from_one_that_has_no_such_page(status: int, busy: bool) -> None:
    """It is left alone for a while."""
    with pytest.raises(FetchError) as told:
        given(f"HTTP/1.1 {status} X\r\nContent-Length: 0\r\n\r\n".encode())
    assert isinstance(told.value, BusyError) is busy


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (b"", "the connection failed"),
        (b"\x00\x01\x02 rubbish\r\n\r\n", "the connection failed"),
        (b"SSH-2.0-OpenSSH_9.6\r\n", "the connection failed"),
        (HEAD + b"Content-Length: 100\r\n\r\nhello", "it ended before all was there"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", "the connection failed"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n", "the connection failed"),
        (HEAD + b"Content-Encoding: gzip\r\n\r\nhello", "cannot be unpacked"),
        (HEAD + b"Content-Encoding: gzip\r\n\r\n" + zlib.compress(b"hello"), "cannot be unpacked"),
        (
            HEAD + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b"hello" * 99, mtime=0)[:-9],
            "before all was there",
        ),
        (HEAD + b"Content-Encoding: br\r\n\r\nhello", "in the encoding 'br'"),
        (HEAD + b"Content-Encoding: gzip, gzip\r\n\r\nhello", "in the encoding 'gzip, gzip'"),
        (b"HTTP/1.1 204 No Content\r\n\r\n", "answered 204 No Content"),
        (b"HTTP/1.1 206 Partial Content\r\nContent-Length: 2\r\n\r\nhe", "answered 206 Partial Content"),
        (b"HTTP/1.1 404 \x1b[31mGone fishing\r\nContent-Length: 0\r\n\r\n", "answered 404 Not Found"),
        (b"HTTP/1.1 429 No\r\nContent-Length: 0\r\n\r\n", "answered 429 Too Many Requests"),
        (b"HTTP/1.1 599 Odd\r\nContent-Length: 0\r\n\r\n", "answered 599"),
        (b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n", "more than 3 times"),
    ],
)
def test_answers_that_are_none(answer: bytes, why: str) -> None:
    with speaker(lambda connected: connected.sendall(answer)) as there, pytest.raises(FetchError) as told:
        permitting(there.port).fetch(f"http://{HERE}:{there.port}/")
    assert why in str(told.value)
    assert str(told.value).isprintable()


def test_nobody_there() -> None:
    with socket.create_server((HERE, 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(FetchError, match="the connection failed: Connection refused"):
        permitting(port).fetch(f"http://{HERE}:{port}/")


def test_a_name_that_nobody_has() -> None:
    def nobody(*_: object) -> list[str]:
        raise socket.gaierror(-2, "Name or service not known")

    with pytest.raises(FetchError, match=r"there is no host nobody\.example: check the address"):
        Fetcher(resolve=nobody).fetch("https://nobody.example/")


def test_who_does_not_say_what_a_name_means() -> None:
    silence = threading.Event()

    def slow(*_: object) -> list[str]:
        silence.wait(60)
        return []

    try:
        with pytest.raises(FetchError, match=r"too slow: it was not there in 0\.3 s"):
            Fetcher(resolve=slow, seconds=0.3).fetch("https://slow.example/")
    finally:
        silence.set()


def test_the_second_address_is_asked_when_the_first_is_not_there() -> None:
    with site() as there:
        there.pages["/"] = Page(b"hello", "text/plain")
        fetcher = permitting(
            there.port, addresses=(HERE, "127.0.0.3"), resolve=lambda *_: ["127.0.0.3", HERE]
        )
        assert fetcher.fetch(f"http://two.example:{there.port}/").data == b"hello"


@pytest.mark.skipif(shutil.which("openssl") is None, reason="there is no openssl")
def test_over_tls_the_name_is_asked_for_and_proved(tmp_path: Path) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subject = ["-subj", "/CN=right.example", "-addext", "subjectAltName=DNS:right.example", "-days", "2"]
    files = ["-keyout", key, "-out", certificate]
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", *files, *subject],
        check=True,
        capture_output=True,
    )
    offering = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    offering.load_cert_chain(certificate, key)
    named: list[str | None] = []
    offering.sni_callback = lambda _socket, name, _context: named.append(name)

    with socket.create_server((HERE, 0)) as listening:

        def serve() -> None:
            while True:
                try:
                    connected, _ = listening.accept()
                except OSError:
                    return
                try:
                    with offering.wrap_socket(connected, server_side=True) as safe:
                        safe.recv(65_536)
                        safe.sendall(HEAD + b"Content-Length: 5\r\n\r\nhello")
                except OSError:
                    continue

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        port = listening.getsockname()[1]
        trusting = permitting(
            port,
            resolve=lambda *_: [HERE],
            trusted=lambda: ssl.create_default_context(cafile=certificate),
        )
        found = trusting.fetch(f"https://right.example:{port}/")
        with pytest.raises(FetchError, match="its certificate is not valid: Hostname mismatch"):
            trusting.fetch(f"https://wrong.example:{port}/")
        with pytest.raises(FetchError, match="its certificate is not valid: self-signed certificate"):
            permitting(port, resolve=lambda *_: [HERE]).fetch(f"https://right.example:{port}/")
        listening.shutdown(socket.SHUT_RDWR)
        thread.join()

    assert found.data == b"hello"
    assert named[:2] == ["right.example", "wrong.example"]
