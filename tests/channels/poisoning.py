"""Requests that try to leave something in a shared cache: every one asks for what others ask for as well.

A cache keys what it keeps by the address, and by the headers that the response's Vary names. A probe adds
what stands in neither, mostly with ``CANARY``: what it changes in a response would be given to others.
"""

import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

CANARY = "canary.example"
PATIENCE = 30  # seconds
OF_ONE_RESPONSE = {"date"}  # headers that differ between two of the same
# Statuses that a cache may keep without being told so (RFC 9110, 15.1), and errors that some networks keep.
KEPT = {200, 203, 204, 300, 301, 308, 404, 405, 410, 414, 501} | {400, 403, 412, 416, 500, 502, 503, 504}


@dataclass(frozen=True)
class Probe:
    """What is sent beside the address: lines of the head, or a query that a cache leaves out of its key."""

    headers: tuple[str, ...] = ()
    query: str = ""


def _headers(*names: str, value: str = CANARY) -> dict[str, Probe]:
    """A probe of each of these headers."""
    return {name: Probe((f"{name}: {value}",)) for name in names}


PROBES: Mapping[str, Probe] = {
    **_headers(
        "Host", "X-Forwarded-Host", "X-Host", "X-Forwarded-Server", "X-Original-Host", "X-HTTP-Host-Override"
    ),
    **_headers("X-Forwarded-Proto", "X-Forwarded-Protocol", "X-Url-Scheme", value="https"),
    **_headers("X-Forwarded-Ssl", "Front-End-Https", value="on"),
    **_headers("X-Forwarded-Port", value="4443"),
    **_headers("X-Forwarded-Prefix", "X-Script-Name", "SCRIPT_NAME", "Script-Name", value=f"/{CANARY}"),
    **_headers(
        "X-Original-URL", "X-Rewrite-URL", "X-Forwarded-Path", "PATH_INFO", value=f"/healthz?{CANARY}"
    ),
    **_headers("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override", value="DELETE"),
    **_headers("X-Request-Id", "User-Agent", "Referer", "Origin", "Cookie", "From", "Via"),
    **_headers("X-Forwarded-For", "X-Real-IP", "True-Client-IP", "CF-Connecting-IP", value="203.0.113.77"),
    **_headers("Accept-Language", value=f"ar, de, x-{CANARY}"),
    **_headers("Accept", value=f"application/json, text/{CANARY}"),
    **_headers("Accept-Charset", value="utf-16"),
    **_headers("Accept-Encoding", value=f"gzip, br, {CANARY}"),
    **_headers("Range", value="bytes=1-1"),
    "Range beyond the end": Probe(("Range: bytes=99999999-",)),
    **_headers("If-Match", "If-None-Match", value=f'"{CANARY}"'),
    **_headers("If-Unmodified-Since", value="Thu, 01 Jan 1970 00:00:00 GMT"),
    **_headers("Authorization", "X-API-Key", value=f"Bearer {CANARY}"),
    **_headers("Upgrade", value="h2c"),
    **_headers("Expect", value=CANARY),
    **_headers("Transfer-Encoding", value=CANARY),
    **_headers("Traceparent", value="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
    "Forwarded": Probe((f"Forwarded: host={CANARY};proto=https",)),
    "two hosts": Probe((f"Host: {CANARY}", "Host: localhost")),
    "a head too large": Probe((f"X-Large: {CANARY * 1_000}",)),
    "too many lines": Probe(tuple(f"X-{n}: {CANARY}" for n in range(150))),
    "a line that is none": Probe((f"X-Broken\t: {CANARY}",)),
    "a folded line": Probe((f"X-Folded: a\r\n {CANARY}",)),
    "a control sign": Probe((f"X-Control: \x07{CANARY}",)),
    "a counter's parameter": Probe(query=f"utm_source={CANARY}"),
    "a parameter in a parameter": Probe(query=f"utm_source=x;name={CANARY};v={CANARY}"),
    "a name of a callback": Probe(query=f"callback={CANARY}&jsonp={CANARY}"),
    "another encoding": Probe(query=f"_method=DELETE&_charset_=utf-16&%00={CANARY}"),
}


@dataclass(frozen=True)
class Response:
    """What came back, whole."""

    status: int
    headers: Sequence[tuple[str, str]]  # names in small letters
    body: bytes

    def named(self, name: str) -> str:
        """The values of a header, one after another."""
        return ", ".join(value for key, value in self.headers if key == name)

    @property
    def kept(self) -> bool:
        """Whether a cache may keep it for others; of errors, whether some do."""
        forbidden = any(word in self.named("cache-control") for word in ("private", "no-store"))
        return not forbidden and (self.status in KEPT or "cache-control" in dict(self.headers))

    @property
    def partial(self) -> bool:
        """Whether it says that it is a part, which no cache gives for the whole."""
        return self.status == 206 and self.named("content-range").startswith("bytes ")

    def same(self, other: "Response") -> bool:
        """Whether who gets this one gets the same as with the other."""
        return self._told() == other._told()

    def _told(self) -> object:
        told = sorted(one for one in self.headers if one[0] not in OF_ONE_RESPONSE)
        return self.status, told, self.body

    def holds(self, text: str) -> bool:
        """Whether a text stands anywhere in it."""
        whole = "".join(f"{name}: {value}\n" for name, value in self.headers).encode("latin-1") + self.body
        return text.encode() in whole


def asked(port: int, path: str, probe: Probe = Probe()) -> Response:
    """A GET of ``path`` on loopback with the probe in it, sent as it stands."""
    host = () if any(line.startswith("Host:") for line in probe.headers) else ("Host: localhost",)
    target = f"{path}{'&' if '?' in path else '?'}{probe.query}" if probe.query else path
    head = [f"GET {target} HTTP/1.1", *host, *probe.headers, "Connection: close", "", ""]
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as line:
        line.sendall("\r\n".join(head).encode("latin-1"))
        with line.makefile("rb") as answer:
            return _read(answer.read())


def _read(raw: bytes) -> Response:
    head, _, body = raw.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    pairs = [line.partition(":") for line in lines]
    headers = [(name.lower(), value.strip()) for name, _, value in pairs if name.lower() != "connection"]
    return Response(int(first.split()[1]), headers, body)
