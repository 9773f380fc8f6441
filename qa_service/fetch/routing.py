"""Which IP addresses are of the public internet: everything inside a machine or network is not."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

# What `is_global` of some supported version of Python lets through, or what leads to another address.
# https://www.iana.org/assignments/iana-ipv4-special-registry, the same for ipv6
_NOT_4 = tuple(map(IPv4Network, "0.0.0.0/8 192.0.0.0/24 192.88.99.0/24 224.0.0.0/4 240.0.0.0/4".split()))
_UNICAST = IPv6Network("2000::/3")  # all that has been given out
_NOT_6 = tuple(map(IPv6Network, "2001::/23 2001:db8::/32 2002::/16 3fff::/20".split()))
_TRANSLATED = IPv6Network("64:ff9b::/96")  # RFC 6052: an IPv4 address stands in its last 32 bits


def routable(address: str) -> bool:
    """Whether anybody on the internet reaches the same machine under this address."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    return _routable_4(found) if isinstance(found, IPv4Address) else _routable_6(found)


def _routable_4(address: IPv4Address) -> bool:
    return address.is_global and not any(address in network for network in _NOT_4)


def _routable_6(address: IPv6Address) -> bool:
    if address.scope_id:
        return False
    if address.ipv4_mapped:
        return _routable_4(address.ipv4_mapped)
    if address in _TRANSLATED:
        return _routable_4(IPv4Address(int(address) & 0xFFFFFFFF))
    return address in _UNICAST and address.is_global and not any(address in network for network in _NOT_6)
