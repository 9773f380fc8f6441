"""How often each address may ask, counted by all workers together.

The count stands in memory that is shared by whoever is forked after it was made: gunicorn loads the
application first (`preload_app`) and forks then. It is the generic cell rate algorithm (ITU-T I.371): one
time an address, the moment at which its allowance is full again.
"""

import math
import mmap
import secrets
import threading
import time
from collections.abc import Callable
from hashlib import blake2b
from ipaddress import IPv4Address, ip_address, ip_network

SLOTS = 1 << 16  # addresses that are told apart at one time; 1 MiB
PROBES = 4  # slots that an address may take
NETWORK_BITS = 64  # of an IPv6 address: what one household or machine has
SHOWN_BITS = {4: 24, 6: 48}  # of an address by its version
UNREADABLE = "?"  # all addresses that are none: one caller


class Limiter:
    """``per_minute`` questions from an address in the long run, ``burst`` of them at once.

    Two workers that count for the same address in the same microsecond may count one question for two.
    """

    def __init__(self, per_minute: int, burst: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._interval = 60.0 / per_minute  # seconds that a question costs
        self._room = self._interval * (burst - 1)
        self._clock = clock  # that of the machine, the same in every process
        self._salt = secrets.token_bytes(16)
        shared = memoryview(mmap.mmap(-1, SLOTS * 16))
        self._tags, self._full = shared[: SLOTS * 8].cast("Q"), shared[SLOTS * 8 :].cast("d")
        self._lock = threading.Lock()

    def wait(self, address: str) -> int:
        """Count a question from an address: 0 when it may be asked, else the seconds until it may."""
        tag, first = self._named(address)
        with self._lock:
            now = self._clock()
            slot = self._slot(tag, first, now)
            full = max(self._full[slot], now) if self._tags[slot] == tag else now
            late = full - now - self._room
            if late > 0:
                return math.ceil(late)
            self._tags[slot], self._full[slot] = tag, full + self._interval
            return 0

    def _named(self, address: str) -> tuple[int, int]:
        digest = blake2b(network(address).encode(), digest_size=12, key=self._salt).digest()
        return int.from_bytes(digest[:8]) or 1, int.from_bytes(digest[8:])

    def _slot(self, tag: int, first: int, now: float) -> int:
        """The slot of an address: its own, else one that nobody needs any more, else the least needed."""
        slots = [(first + step) % SLOTS for step in range(PROBES)]
        for slot in slots:
            if self._tags[slot] == tag:
                return slot
        return next((one for one in slots if self._full[one] <= now), min(slots, key=self._full.__getitem__))


def network(address: str) -> str:
    """What is counted as one caller: an IPv4 address, or the /64 of an IPv6 one, from whatever port."""
    try:
        found = ip_address(_without_port(address.strip()).partition("%")[0])
    except ValueError:
        return UNREADABLE
    if isinstance(found, IPv4Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return f"{int(found) >> (128 - NETWORK_BITS):x}::"


def shown(address: str) -> str:
    """What a log tells of an address: the /24 of an IPv4 one, the /48 of an IPv6 one."""
    try:
        found = ip_address(_without_port(address.strip()).partition("%")[0])
    except ValueError:
        return UNREADABLE
    mapped = None if isinstance(found, IPv4Address) else found.ipv4_mapped
    bits = SHOWN_BITS[4 if mapped else found.version]
    return str(ip_network((mapped or found, bits), strict=False))


def _without_port(address: str) -> str:
    """Of `203.0.113.7:80` and `[2001:db8::1]:80`, as some proxies tell addresses, the address."""
    if address.startswith("["):
        return address[1:].partition("]")[0]
    return address.partition(":")[0] if address.count(":") == 1 else address
