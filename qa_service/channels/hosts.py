"""Under which name a request came. Links are built from it: one that cannot be read is a 400 on every route.

A Host of signs that stand in no name is none to Werkzeug; broken Punycode would raise wherever it is used.
"""

import re

from flask import Flask, request
from werkzeug.exceptions import BadRequest

from qa_service.settings import Settings

PUNYCODE = "xn--"
NAME = re.compile(r"[A-Za-z0-9_.-]{1,253}(?::[0-9]{1,5})?")


def register(app: Flask) -> None:
    """Put it before every request, and before whatever is registered later."""
    app.before_request(_admit)


def base(settings: Settings) -> str:
    """Where this service is reached, for links: where the settings say, else as this request came."""
    return settings.public_url or f"{_origin()}/"


def _origin() -> str:
    """The origin under which this request came; "" when it names none, so that links are paths."""
    if request.host:
        return request.host_url.rstrip("/")
    named = request.environ.get("HTTP_HOST", "")  # Werkzeug knows no underscore, which containers' names have
    return f"{request.scheme}://{named}" if NAME.fullmatch(named) else ""


def _admit() -> None:
    if PUNYCODE not in request.host.lower():
        return
    try:
        request.host_url  # noqa: B018 - decodes the name
    except UnicodeError as error:
        raise BadRequest("The Host header is no name of a host: its Punycode cannot be decoded.") from error
