"""The travelling sentence: an address is fetched; a page becomes a document, a list its entries' pages."""

import re
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Protocol
from urllib.parse import urlsplit

from qa_service import ingest as ingesting
from qa_service.domain.document import Ingested, Rejected
from qa_service.domain.web import Entry, Fetched, Listing
from qa_service.fetch import BusyError, FetchError, listing

PAUSE = 1.0  # seconds between two requests to one host
MOST_LISTS = 50  # of one list of lists
_SECRET = re.compile(r"(?<=//)[^/?#]{0,300}@")  # a user and password: they are not repeated


class Listener(Protocol):
    """Is told how far it is: an ingest of a feed takes minutes."""

    def fetching(self, address: str, number: int, of: int) -> None:
        """This one is fetched now, entry ``number`` of those that will be."""
        ...

    def left(self, address: str, taken: int) -> None:
        """The list at this address has more entries than the first ``taken``, which are fetched."""
        ...


class Pace:
    """Lets a host rest between two requests, and leaves it alone when it says that these are too many."""

    def __init__(
        self,
        seconds: float = PAUSE,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._seconds, self._clock, self._sleep = seconds, clock, sleep
        self._asked: dict[str, float] = {}
        self._left: set[str] = set()

    def leave(self, address: str) -> None:
        """Ask the host of this address no more."""
        self._left.add(_host(address))

    def wait(self, address: str) -> None:
        """Until the host of this address may be asked again. Raises FetchError when it is left alone."""
        host = _host(address)
        if host in self._left:
            raise FetchError("not asked: its host has too much to do; ingest it again later")
        ready = self._asked.get(host, -self._seconds) + self._seconds
        if (rest := ready - self._clock()) > 0:
            self._sleep(rest)
        self._asked[host] = self._clock()


def _host(address: str) -> str:
    try:
        return urlsplit(address).netloc.lower()
    except ValueError:  # it will not be asked
        return ""


@dataclass(frozen=True, kw_only=True)
class Visiting:
    """Fetches one address after the other; at most ``most`` entries of each list."""

    fetch: Callable[[str], Fetched]  # raises FetchError
    limits: ingesting.Limits
    listener: Listener
    most: int
    pace: Pace = field(default_factory=Pace)

    def visit(self, addresses: Iterable[str]) -> Iterator[Ingested | Rejected]:
        """What is read at each address, or why not; a bad one stops no other."""
        for address in addresses:
            self.listener.fetching(address, 1, 1)
            found = self._found(address)
            if isinstance(found, Listing):
                yield from self._listed(address, found)
            else:
                yield from self._read(found)

    def _found(self, address: str) -> Fetched | Listing | Rejected:
        try:
            self.pace.wait(address)
            page = self.fetch(address)
            return listing(page, self.limits.file_bytes) or page
        except FetchError as error:
            if isinstance(error, BusyError):
                self.pace.leave(address)
            return Rejected(name=_SECRET.sub("", address), reason=str(error))

    def _read(self, found: Fetched | Rejected, entry: Entry | None = None) -> Iterator[Ingested | Rejected]:
        if isinstance(found, Rejected):
            yield found
        else:
            yield from ingesting.fetched(found, entry, self.limits)

    def _listed(self, address: str, found: Listing) -> Iterator[Ingested | Rejected]:
        """The pages of the first entries, then what of the list could not be read."""
        faults = [Rejected(name=address, reason=one) for one in found.faults]
        entries = tuple(islice(self._entries(found, faults), self.most + 1))
        if len(entries) > self.most:
            self.listener.left(address, self.most)
        wanted = entries[: self.most]
        for number, entry in enumerate(wanted, 1):
            self.listener.fetching(entry.address, number, len(wanted))
            page = self._found(entry.address)
            if isinstance(page, Listing):
                page = Rejected(name=entry.address, reason="a list within a list: ingest its address itself")
            yield from self._read(page, entry)
        yield from faults

    def _entries(self, found: Listing, faults: list[Rejected]) -> Iterator[Entry]:
        """Those of a list; of a list of lists, those of each, which is fetched when it is its turn."""
        if not found.nested:
            yield from found.entries
            return
        for one in found.entries[:MOST_LISTS]:
            inner = self._found(one.address)
            if isinstance(inner, Listing) and not inner.nested:
                faults += [Rejected(name=one.address, reason=fault) for fault in inner.faults]
                yield from inner.entries
            elif isinstance(inner, Rejected):
                faults.append(inner)
            else:
                faults.append(
                    Rejected(name=one.address, reason="no sitemap, though a sitemap names it as one")
                )
