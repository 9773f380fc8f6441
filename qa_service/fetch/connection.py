"""One request to checked IP addresses: a Target in, the answer while it is open out, before a deadline."""

import io
import socket
import ssl
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import closing, contextmanager
from http.client import HTTPConnection, HTTPException, HTTPResponse
from threading import Thread
from typing import TYPE_CHECKING

from qa_service.fetch.errors import FetchError
from qa_service.fetch.targets import Target

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

Resolve = Callable[[str, int], Sequence[str]]  # a name and a port become IP addresses; raises OSError


class Deadline:
    """The moment at which a fetch is given up, however many connections and waits it is made of."""

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.seconds = seconds
        self._clock = clock
        self._end = clock() + seconds

    def left(self) -> float:
        """Seconds until then. Raises FetchError when there are none."""
        left = self._end - self._clock()
        if left <= 0:
            raise self.missed()
        return left

    def missed(self) -> FetchError:
        """What is told then."""
        return FetchError(f"too slow: it was not there in {self.seconds:g} s")


def resolved(host: str, port: int) -> tuple[str, ...]:
    """The addresses of a name, as the system knows them, each once."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(one[4][0]) for one in found))


def looked_up(resolve: Resolve, host: str, port: int, deadline: Deadline) -> Sequence[str]:
    """What ``resolve`` knows of a host. Raises what it raises, or TimeoutError: nothing else ends the
    system's own, which may ask several servers several times.
    """
    told: Future[Sequence[str]] = Future()

    def ask() -> None:
        try:
            told.set_result(resolve(host, port))
        except Exception as error:
            told.set_exception(error)

    Thread(target=ask, daemon=True).start()
    return told.result(deadline.left())


class _Timed(io.RawIOBase):
    """What a socket receives; no wait for it goes beyond the deadline, so that drops do not add up."""

    def __init__(self, connected: socket.socket, deadline: Deadline) -> None:
        self._connected = connected
        self._deadline = deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        self._connected.settimeout(self._deadline.left())
        return self._connected.recv_into(buffer)


class _Wire:
    """What http.client needs of a socket."""

    def __init__(self, connected: socket.socket, deadline: Deadline) -> None:
        self._connected = connected
        self._deadline = deadline

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Timed(self._connected, self._deadline))

    def sendall(self, data: bytes) -> None:
        self._connected.settimeout(self._deadline.left())
        self._connected.sendall(data)

    def close(self) -> None:
        """Said as soon as the headers are there; whoever opened it closes it when the body is read."""


@contextmanager
def asked(
    target: Target,
    addresses: Sequence[str],
    headers: dict[str, str],
    trusted: Callable[[], ssl.SSLContext],
    deadline: Deadline,
) -> Iterator[HTTPResponse]:
    """The answer to GET, its body unread. The name is not resolved again: only ``addresses`` are asked.

    Nothing comes from the environment: no proxy, no password, no cookie. Raises FetchError.
    """
    try:
        with closing(_connected(target, addresses, trusted, deadline)) as connected:
            connection = HTTPConnection(target.host, target.port)
            connection.sock = _Wire(connected, deadline)
            connection.request("GET", target.path, headers={"Host": target.authority, **headers})
            with closing(connection.getresponse()) as response:
                yield response
    except TimeoutError as error:
        raise deadline.missed() from error
    except ssl.SSLCertVerificationError as error:
        raise FetchError(f"its certificate is not valid: {error.verify_message}") from error
    except (OSError, HTTPException) as error:
        raise FetchError(f"the connection failed: {_said(error)}") from error


def _connected(
    target: Target,
    addresses: Sequence[str],
    trusted: Callable[[], ssl.SSLContext],
    deadline: Deadline,
) -> socket.socket:
    """A connection to the first address that accepts one; over TLS, to who proves to have the name."""
    reached = _reached(target.port, addresses, deadline)
    if not target.secure:
        return reached
    try:
        reached.settimeout(deadline.left())
        return trusted().wrap_socket(reached, server_hostname=target.host)
    except BaseException:
        reached.close()
        raise


def _reached(port: int, addresses: Sequence[str], deadline: Deadline) -> socket.socket:
    failed: OSError | None = None
    for address in addresses:
        patience = deadline.left() / 2  # the others shall have their turn
        made = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
        try:
            made.settimeout(patience)
            made.connect((address, port))
        except OSError as error:
            failed = error
            made.close()
        else:
            return made
    raise failed or OSError("there is no address")


def _said(error: Exception) -> str:
    told = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return "".join(one if one.isprintable() else " " for one in told)[:120]
