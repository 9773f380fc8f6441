"""What is found on the web: a page, or a list of addresses, each with what the list says of it."""

import re
from dataclasses import dataclass

ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)


def is_address(name: str) -> bool:
    """Whether something is named by an address, and not by the name of a file."""
    return ADDRESS.match(name) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What an address holds. ``url`` is the one that answered, after redirects."""

    address: str  # as it was asked for, without its fragment: what is fetched from there again replaces it
    url: str
    media_type: str  # lower-case, without parameters; "" when the server told none
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One address of a list, and what the list says of the page there; "" and None are unknown."""

    address: str
    title: str = ""
    author: str = ""
    published: str | None = None  # ISO 8601


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A feed or a sitemap: its entries in its own order, and what of it could not be read.

    ``nested`` tells that the entries are lists themselves: a sitemap of sitemaps.
    """

    entries: tuple[Entry, ...]
    faults: tuple[str, ...] = ()
    nested: bool = False
