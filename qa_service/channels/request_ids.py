"""A name for each request, on its response and in what is told of errors: the one it came with, or ours."""

import re
import secrets

from flask import g, request

HEADER = "X-Request-Id"
SANE = re.compile(r"[A-Za-z0-9._:/+=@-]{1,128}")
OURS = 8  # bytes of chance


def current() -> str:
    """The name of this request."""
    known: str | None = g.get("request_id")
    if known is None:
        sent = request.environ.get("HTTP_X_REQUEST_ID", "")
        g.request_id = known = sent if SANE.fullmatch(sent) else secrets.token_hex(OURS)
    return known
