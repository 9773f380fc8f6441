"""The one function that fetches: an address in, what it holds out, no connection but to the public web."""

import ssl
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPResponse
from importlib.metadata import version

from qa_service.domain.web import Fetched
from qa_service.fetch.connection import Deadline, Resolve, asked, looked_up, resolved
from qa_service.fetch.errors import BusyError, FetchError
from qa_service.fetch.routing import routable
from qa_service.fetch.targets import PORTS, Target

MEBIBYTE = 1024 * 1024
_CHUNK = 65_536
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_BUSY = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})
_PACKED = frozenset({"gzip", "x-gzip"})
_GZIP = 31  # zlib's window of 2^15 bytes, with gzip's header


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetcher:
    """Fetches within these limits. A name is resolved once, every IP address of it must be ``routable``, and
    the connection goes to one of these: a name cannot mean another one a moment later.
    """

    most_bytes: int = 25 * MEBIBYTE  # of the body, unpacked
    seconds: float = 30  # for all of it
    redirects: int = 3
    ports: frozenset[int] = frozenset(PORTS.values())
    resolve: Resolve = resolved
    routable: Callable[[str], bool] = routable
    trusted: Callable[[], ssl.SSLContext] = ssl.create_default_context

    def fetch(self, address: str) -> Fetched:
        """What the address holds. Raises FetchError with the reason."""
        deadline = Deadline(self.seconds)
        first = Target.of(address, self.ports)
        target, addresses = first, self._checked(first, deadline)
        for left in range(self.redirects, -1, -1):
            with asked(target, addresses, _headers(), self.trusted, deadline) as response:
                if response.status not in _REDIRECTS:
                    return Fetched(
                        address=first.url,
                        url=target.url,
                        media_type=_media_type(response),
                        data=self._body(response),
                    )
                location = _location(response)
            if left:
                target, addresses = self._sent_on(target, location, deadline)
        raise FetchError(f"refused: it sends on more than {self.redirects} times")

    def _sent_on(self, target: Target, location: str, deadline: Deadline) -> tuple[Target, Sequence[str]]:
        try:
            found = target.to(location, self.ports)
            return found, self._checked(found, deadline)
        except FetchError as error:
            raise FetchError(f"it sends on to another address: {error}") from error

    def _checked(self, target: Target, deadline: Deadline) -> Sequence[str]:
        """The addresses of the target's host, each of which may be asked."""
        try:
            addresses = looked_up(self.resolve, target.host, target.port, deadline)
        except TimeoutError as error:
            raise deadline.missed() from error
        except (OSError, UnicodeError) as error:
            raise FetchError(f"there is no host {target.host}: check the address") from error
        if not addresses or not all(map(self.routable, addresses)):
            raise FetchError(
                f"refused: {target.host} is not on the public internet; save the page and ingest the file"
            )
        return addresses

    def _body(self, response: HTTPResponse) -> bytes:
        if response.status != HTTPStatus.OK:
            kind = BusyError if response.status in _BUSY else FetchError
            raise kind(f"the server answered {_named(response.status)}")
        if (response.length or 0) > self.most_bytes:
            raise self._too_large()
        encoding = response.headers.get("Content-Encoding", "").strip().lower()
        if encoding not in {"", "identity", *_PACKED}:
            raise FetchError(f"the server answered in the encoding {encoding[:40]!r}, which is not read")
        found = bytearray()
        for chunk in _unpacked(response) if encoding in _PACKED else _chunks(response):
            found += chunk
            if len(found) > self.most_bytes:
                raise self._too_large()
        return bytes(found)

    def _too_large(self) -> FetchError:
        return FetchError(f"too large: more than {self.most_bytes / MEBIBYTE:g} MiB")


def _headers() -> dict[str, str]:
    return {
        "User-Agent": f"qa-service/{version('qa-service')}",
        "Accept": "text/html, application/xhtml+xml, application/pdf, */*;q=0.8",
        "Accept-Encoding": "gzip",
        "Connection": "close",
    }


def _location(response: HTTPResponse) -> str:
    """Where it sends on; servers write UTF-8, and http.client reads each byte as a letter."""
    return response.headers.get("Location", "").encode("latin-1").decode("utf-8", "replace")


def _named(status: int) -> str:
    """A status in the words of the standard: those of a server may be anything."""
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def _media_type(response: HTTPResponse) -> str:
    told = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    return "".join(one for one in told if one.isascii() and one.isprintable())


def _chunks(response: HTTPResponse) -> Iterator[bytes]:
    while chunk := response.read(_CHUNK):
        yield chunk
    if response.length:  # http.client lets a body end early
        raise FetchError("the connection failed: it ended before all was there")


def _unpacked(response: HTTPResponse) -> Iterator[bytes]:
    """The body of gzip, a little at a time: what a small body unpacks to is counted as it comes."""
    unpacking = zlib.decompressobj(_GZIP)
    try:
        for chunk in _chunks(response):
            rest = chunk
            while rest and not unpacking.eof:
                yield unpacking.decompress(rest, _CHUNK)
                rest = unpacking.unconsumed_tail
        yield unpacking.flush()
    except zlib.error as error:
        raise FetchError("the server's answer cannot be unpacked") from error
    if not unpacking.eof:
        raise FetchError("the connection failed: it ended before all was there")
