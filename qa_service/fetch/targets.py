"""A URL becomes a Target: what to connect to and what to ask for there, checked as it is written."""

import re
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from qa_service.fetch.errors import FetchError

LONGEST = 4_096  # characters of a URL
PORTS = {"http": 80, "https": 443}
_NEVER = re.compile(r"[\x00-\x20\x7f\\]")  # programs differ in what they make of these
_NAME = re.compile(r"[a-z0-9_.-]{1,253}")
_NUMBER = re.compile(r"\d+|0x[0-9a-f]*")
_KEPT = "%/:=&?~+!$,;'@()*[]"  # what stands in a path or query as it is


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where to connect and what to ask for; ``url`` says the same, without a fragment."""

    url: str
    secure: bool
    host: str  # a name in ASCII and lower case, or an IP address without brackets
    port: int
    path: str  # with the query

    @classmethod
    def of(cls, url: str, ports: frozenset[int]) -> "Target":
        """The target of a URL whose port is one of ``ports``. Raises FetchError."""
        parts = _split(url.strip())
        secure, port = parts.scheme == "https", _port(parts)
        if port not in ports:
            raise FetchError(f"refused: only the ports {_told(ports)} are asked, not {port}")
        host = _host(parts.hostname or "", bracketed="[" in parts.netloc)
        path = quote(parts.path or "/", safe=_KEPT) + (
            f"?{quote(parts.query, safe=_KEPT)}" if parts.query else ""
        )
        authority = _authority(host, port, PORTS[parts.scheme])
        return cls(url=f"{parts.scheme}://{authority}{path}", secure=secure, host=host, port=port, path=path)

    @property
    def authority(self) -> str:
        """Host and port as the Host header names them."""
        return urlsplit(self.url).netloc

    def to(self, location: str, ports: frozenset[int]) -> "Target":
        """Where a reference leads from here. Raises FetchError."""
        try:
            return Target.of(urljoin(self.url, location.strip()), ports)
        except FetchError:
            raise
        except ValueError as error:
            raise FetchError("not a valid address") from error


def _split(url: str) -> SplitResult:
    if len(url) > LONGEST:
        raise FetchError(f"refused: an address of more than {LONGEST:,} characters")
    if _NEVER.search(url):
        raise FetchError("refused: spaces, control characters and backslashes stand in no address")
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise FetchError("not a valid address") from error
    if parts.scheme not in PORTS:
        raise FetchError("refused: only http:// and https:// addresses are fetched")
    if "@" in parts.netloc:
        raise FetchError("refused: a user or password stands in it; save the page and ingest the file")
    return parts


def _port(parts: SplitResult) -> int:
    try:
        return parts.port or PORTS[parts.scheme]
    except ValueError as error:
        raise FetchError("not a valid address: its port is no number of a port") from error


def _told(ports: frozenset[int]) -> str:
    return " and ".join(map(str, sorted(ports)))


def _host(written: str, *, bracketed: bool) -> str:
    """The host in one form, whatever letters, dots or digits it is written in."""
    if bracketed:
        try:
            return str(IPv6Address(written))
        except AddressValueError as error:
            raise FetchError("not a valid address: its host is no IPv6 address") from error
    try:
        name = written.encode("idna").decode().lower().removesuffix(".")
    except UnicodeError as error:
        raise FetchError("not a valid address: its host is no name") from error
    if not _NAME.fullmatch(name):
        raise FetchError("not a valid address: its host is no name")
    return _decimal(name) if _NUMBER.fullmatch(name.rpartition(".")[2]) else name


def _decimal(host: str) -> str:
    """A host that ends in a number is an IPv4 address for every program, and none reads 0177.1 alike."""
    try:
        return str(IPv4Address(host))
    except AddressValueError as error:
        raise FetchError("refused: write an IP address as four decimal numbers") from error


def _authority(host: str, port: int, default: int) -> str:
    named = f"[{host}]" if ":" in host else host
    return named if port == default else f"{named}:{port}"
