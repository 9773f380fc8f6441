"""Servers on loopback: one that answers by path, one that says what it likes byte by byte, and a canary."""

import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from qa_service.fetch import Fetcher

HERE, OTHER = "127.0.0.1", "127.0.0.2"


@dataclass(frozen=True)
class Page:
    """What stands at a path."""

    data: bytes
    kind: str = "text/html; charset=utf-8"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Site:
    """Pages by path, which a test changes; every request is remembered with its headers."""

    url: str = ""
    pages: dict[str, Page] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    @property
    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]

    def article(self, path: str, title: str, *sentences: str) -> str:
        """Put an article there, in Markdown, which is read in no time; its address."""
        self.pages[path] = Page("\n\n".join([f"# {title}", *sentences]).encode(), "text/markdown")
        return self.url + path

    def html(self, path: str, title: str, *sentences: str, head: str = "") -> str:
        """The same in HTML."""
        body = "".join(f"<p>{one}</p>" for one in sentences)
        head = f"<head><title>{title}</title>{head}</head>"
        self.pages[path] = Page(f"<html lang=en>{head}<body><h1>{title}</h1>{body}</body></html>".encode())
        return self.url + path


@contextmanager
def site(address: str = HERE, port: int = 0) -> Iterator[Site]:
    """A site that is there meanwhile."""
    found = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
            page = found.pages.get(self.path, Page(b"nothing here", status=404))
            self.send_response(page.status)
            self.send_header("Content-Type", page.kind)
            self.send_header("Content-Length", str(len(page.data)))
            for name, value in page.headers.items():
                self.send_header(name, value)
            self.end_headers()
            with suppress(OSError):
                self.wfile.write(page.data)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer((address, port), Handler) as server:
        found.url = f"http://{address}:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield found
        finally:
            server.shutdown()
            thread.join()


@dataclass
class Canary:
    """Counts who connects, by their ports."""

    port: int
    peers: list[int] = field(default_factory=list)
    own: int = 0

    @property
    def connections(self) -> int:
        """How many connected. They are taken in turn: when ours are, so are all before them."""
        for address in (HERE, "::1"):
            with suppress(OSError), socket.create_connection((address, self.port)) as ours:
                self.own += 1
                while ours.getsockname()[1] not in self.peers:
                    time.sleep(0.001)
        return len(self.peers) - self.own


@contextmanager
def speaker(speak: Callable[[socket.socket], None], address: str = HERE) -> Iterator[Canary]:
    """A server that reads the first bytes of a request, then says whatever ``speak`` says.

    It listens on the loopback of IPv6 too, where there is one.
    """
    with ExitStack() as open_sockets:
        first = open_sockets.enter_context(socket.create_server((address, 0)))
        counted = Canary(first.getsockname()[1])
        listening = [first]
        with suppress(OSError):
            listening.append(socket.create_server(("::1", counted.port), family=socket.AF_INET6))
            open_sockets.enter_context(listening[-1])

        def serve(connected: socket.socket) -> None:
            with connected, suppress(OSError):
                connected.recv(65_536)
                speak(connected)

        def accept(one: socket.socket) -> None:
            with suppress(OSError):
                while True:
                    connected, peer = one.accept()
                    counted.peers.append(peer[1])
                    threading.Thread(target=serve, args=(connected,), daemon=True).start()

        threads = [threading.Thread(target=accept, args=(one,), daemon=True) for one in listening]
        for thread in threads:
            thread.start()
        try:
            yield counted
        finally:
            for one in listening:
                one.shutdown(socket.SHUT_RDWR)
            for thread in threads:
                thread.join()


def secret(connected: socket.socket) -> None:
    """What a page inside the network says."""
    connected.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret")


def permitting(*ports: int, addresses: tuple[str, ...] = (HERE,), **values: object) -> Fetcher:
    """A fetcher that takes these addresses of loopback for public ones: tests alone make such a one."""
    return Fetcher(ports=frozenset({80, 443, *ports}), routable=addresses.__contains__, **values)  # type: ignore[arg-type]
