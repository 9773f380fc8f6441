"""The one cookie of this service: who is signed in at the desk, and that a form is one of the desk's own.

Its value is chance: a session's, or before there is one that of the form to sign in. A form carries a token
that is derived from it, so that a page elsewhere, which can read neither, cannot send one.
"""

import hmac
import secrets
from urllib.parse import urlsplit

from flask import request
from werkzeug.wrappers import Response

from qa_service.settings import Settings

PATH = "/admin"
PLAIN, STRICT = "qa-desk", "__Host-qa-desk"  # a browser takes the second only over TLS, for the whole host
FIELD, HEADER = "token", "X-Form-Token"
FORM_BYTES = 32  # of chance
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
OURS = frozenset({"same-origin", "none"})  # none: typed, or from a bookmark


def value(settings: Settings) -> str:
    """What the browser sent; "" for nothing."""
    return request.cookies.get(STRICT if _encrypted(settings) else PLAIN, "")


def give(response: Response, settings: Settings, value: str, seconds: int | None = None) -> None:
    """Let the browser keep a value: for its session, or that many seconds."""
    strict = _encrypted(settings)
    response.set_cookie(
        STRICT if strict else PLAIN,
        value,
        max_age=seconds,
        path="/" if strict else PATH,
        secure=strict,
        httponly=True,
        samesite="Strict",
    )


def chance() -> str:
    """A value for who is not signed in."""
    return secrets.token_urlsafe(FORM_BYTES)


def token(value: str) -> str:
    """What a form carries for a browser that has this cookie."""
    return hmac.digest(value.encode(), b"form", "sha256").hex()


def ours(settings: Settings) -> bool:
    """Whether this request comes from a form of ours: by what the browser says, and by the form's token."""
    kept, sent = value(settings), request.headers.get(HEADER) or request.form.get(FIELD, "")
    return _from_here() and bool(kept) and hmac.compare_digest(token(kept).encode(), sent.encode())


def _from_here() -> bool:
    """Old browsers say nothing; "null" is what a browser says that is told to keep the origin to itself."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in OURS
    origin = request.headers.get("Origin", "null")
    try:
        return origin == "null" or urlsplit(origin).netloc == request.host
    except ValueError:
        return False


def _encrypted(settings: Settings) -> bool:
    """Whether browsers reach this service over TLS."""
    return request.is_secure or (settings.public_url or "").startswith("https:")
