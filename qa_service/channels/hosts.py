"""Under which name a request came. Links are built from it: one that cannot be read is a 400 on every route.

A Host of signs that stand in no name is none to Werkzeug; broken Punycode would raise wherever it is used.
"""

from flask import Flask, request
from werkzeug.exceptions import BadRequest

from qa_service.settings import Settings

PUNYCODE = "xn--"


def register(app: Flask) -> None:
    """Put it before every request, and before whatever is registered later."""
    app.before_request(_admit)


def base(settings: Settings) -> str:
    """Where this service is reached, for links: where the settings say, else as this request came."""
    return settings.public_url or request.host_url


def _admit() -> None:
    if PUNYCODE not in request.host.lower():
        return
    try:
        request.host_url  # noqa: B018 - decodes the name
    except UnicodeError as error:
        raise BadRequest("The Host header is no name of a host: its Punycode cannot be decoded.") from error
