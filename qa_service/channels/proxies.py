"""Requests that come through proxies: who sent them first, where the proxies are ours.

`X-Forwarded-For` and `X-Forwarded-Proto` are believed from the addresses where the proxies stand. From
anywhere else a caller has made them up.
"""

from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING

from werkzeug.middleware.proxy_fix import ProxyFix

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

ANY = "*"
KNOWN = 1024  # addresses that are remembered


class Behind:
    """An application behind ``proxies`` that stand at ``places``: addresses and networks between blanks."""

    def __init__(self, app: "WSGIApplication", proxies: int, places: str) -> None:
        self._app = app
        self._proxied = ProxyFix(app, x_for=proxies, x_proto=1)  # the scheme that the nearest of them tells
        self._any = ANY in places.split()
        self._networks = [ip_network(place) for place in places.split() if place != ANY]
        self._is_ours = lru_cache(KNOWN)(self._stands_there)

    def __call__(self, wsgi: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """See PEP 3333."""
        app = self._proxied if self._is_ours(wsgi.get("REMOTE_ADDR", "")) else self._app
        return app(wsgi, start_response)

    def _stands_there(self, address: str) -> bool:
        if self._any or not address:  # over a Unix socket there is no address, and no stranger
            return True
        try:
            found = ip_address(address.partition("%")[0])
        except ValueError:
            return False
        if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
            found = found.ipv4_mapped
        return any(found in network for network in self._networks)
