"""What was fetched becomes a Listing when it is a feed (RSS, RDF, Atom) or a sitemap, else None."""

import re
import zlib
from collections.abc import Iterator
from contextlib import suppress
from html import unescape
from urllib.parse import quote, urldefrag, urljoin
from xml.parsers import expat

from qa_service.domain.web import Entry, Fetched, Listing
from qa_service.fetch.days import day
from qa_service.fetch.errors import FetchError

ROOTS = {  # of a list, by the element that holds an entry
    "rss": "item",
    "RDF": "item",
    "feed": "entry",
    "urlset": "url",
    "sitemapindex": "sitemap",
}
READ = frozenset(
    "link guid title author author/name creator pubDate date published updated loc lastmod".split()
)
AUTHORS = frozenset({"author", "author/name", "creator"})
MOST_ENTRIES = 50_000  # what the protocol of sitemaps allows
MOST_LETTERS = 2_000  # of a field: more is the article itself
_STEP = 65_536
_GZIP = b"\x1f\x8b"
_TAG = re.compile(r"<[^<>]{0,200}>")

Fields = dict[str, str]


class _NoListError(Exception):
    """It is something else."""


def listing(page: Fetched, most_bytes: int) -> Listing | None:
    """The entries of a feed or sitemap, at most `MOST_ENTRIES`; None when ``page`` is neither.

    A list that breaks off keeps the entries before. Raises FetchError when it declares a document type
    (which could name files or grow without end), or unpacks to more than ``most_bytes``.
    """
    reader = _Reader()
    faults: tuple[str, ...] = ()
    try:
        for chunk in _steps(page.data, most_bytes):
            reader.parse(chunk)
        reader.parse(b"", last=True)
    except expat.ExpatError as error:
        if reader.wanted is None:
            return None
        faults = (f"its XML breaks off at line {error.lineno}: what stands before was read",)
    except _NoListError:
        return None
    entries: dict[str, Entry] = {}
    for one in (_entry(fields, page.url) for fields in reader.found):
        entries.setdefault(one.address, one)
    if entries.pop("", None):
        faults = (*faults, "some of its entries name no address")
    return Listing(entries=tuple(entries.values()), faults=faults, nested=reader.wanted == "sitemap")


def _steps(data: bytes, most_bytes: int) -> Iterator[bytes]:
    """The bytes little by little; those of a sitemap.xml.gz unpacked, as far as they can be."""
    if not data.startswith(_GZIP):
        yield from (data[start : start + _STEP] for start in range(0, len(data), _STEP))
        return
    unpacking, rest, total = zlib.decompressobj(31), data, 0
    with suppress(zlib.error):
        while rest and not unpacking.eof:
            chunk = unpacking.decompress(rest, _STEP)
            rest = unpacking.unconsumed_tail
            total += len(chunk)
            if total > most_bytes:
                raise FetchError("too large: it unpacks to more than is allowed")
            yield chunk


class _Reader:
    """Takes XML little by little; ``found`` are the entries so far, ``wanted`` the element that holds one."""

    def __init__(self) -> None:
        self.found: list[Fields] = []
        self.wanted: str | None = None
        self._prefix = ""
        self._path: list[str] = []  # within the entry that is open
        self._open: Fields | None = None
        self._depth = 0
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.UseForeignDTD(True)  # a name such as &nbsp; that nobody declared is left out
        self._parser.StartDoctypeDeclHandler = self._declared
        self._parser.StartElementHandler = self._started
        self._parser.EndElementHandler = self._ended
        self._parser.CharacterDataHandler = self._told

    def parse(self, data: bytes, *, last: bool = False) -> None:
        """Read on. Raises ExpatError, FetchError, _NoListError."""
        try:
            self._parser.Parse(data, last)
        except FetchError:
            raise
        except (LookupError, ValueError) as error:  # of an encoding that nobody knows, or of several bytes
            raise _NoListError from error

    def _declared(self, name: str, *_: object) -> None:
        if name.rpartition(":")[2] in ROOTS:
            raise FetchError("refused: its XML declares a document type or entities")
        raise _NoListError

    def _started(self, name: str, given: dict[str, str]) -> None:
        if self.wanted is None:
            self._prefix, _, root = name.rpartition(":")
            if root not in ROOTS:
                raise _NoListError
            self.wanted = ROOTS[root]
            return
        name = self._short(name)
        if self._open is None:
            if name == self.wanted and len(self.found) < MOST_ENTRIES:
                self._open, self._path = {}, []
            return
        self._depth += 1
        if self._depth <= 2:
            self._path.append(name)
            self._again("/".join(self._path))
        if self._depth == 1 and (name, given.get("isPermaLink")) == ("guid", "false"):
            self._path[-1] = ""
        if self._depth == 1 and name == "link" and given.get("rel", "alternate") == "alternate":
            self._told(given.get("href", ""))

    def _again(self, key: str) -> None:
        """Several authors are all named; of anything else the first counts."""
        if self._open and self._open.get(key):
            if key in AUTHORS:
                self._open[key] += ", "
            else:
                self._path[-1] = ""

    def _ended(self, name: str) -> None:
        if self._open is None:
            return
        if self._depth == 0:
            self.found.append(self._open)
            self._open = None
            return
        if self._depth <= 2:
            self._path.pop()
        self._depth -= 1

    def _told(self, text: str) -> None:
        if self._open is None:
            return
        for key in ("/".join(self._path[:depth]) for depth in range(1, len(self._path) + 1)):
            so_far = self._open.get(key, "")
            if key in READ and len(so_far) < MOST_LETTERS:
                self._open[key] = (so_far + text)[:MOST_LETTERS]

    def _short(self, name: str) -> str:
        """Without the prefix that the root has too, or Dublin Core's: others say other things."""
        prefix, _, local = name.rpartition(":")
        return local if prefix in {"", self._prefix, "dc"} else name


def _entry(said: Fields, base: str) -> Entry:
    written = said.get("loc") or said.get("link") or said.get("guid") or ""
    try:
        address = urldefrag(urljoin(base, written.strip())).url if written.strip() else ""
    except ValueError:
        address = written.strip()  # it is not valid, and whoever fetches it says so
    return Entry(
        address="".join(one if one.isprintable() else quote(one, safe="") for one in address),
        title=_plain(said.get("title", "")),
        author=_plain(
            said.get("author/name") or said.get("creator") or _without_mail(said.get("author", ""))
        ),
        published=day(said.get("published") or said.get("pubDate") or said.get("date") or ""),
    )


def _plain(text: str) -> str:
    """Feeds hold HTML where words are meant."""
    return " ".join(unescape(_TAG.sub("", unescape(text))).split())


def _without_mail(author: str) -> str:
    """RSS writes "jane@example.org (Jane Doe)"; an address alone is no name."""
    _, _, name = author.partition("(")
    return name.rstrip(") ") if "@" in author else author
