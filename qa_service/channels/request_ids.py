"""A name for each request, on its response, in what is told of errors and on every line of the log.

It is the one that the request came with, or ours.
"""

import re
import secrets

from qa_service.logs import REQUEST

HEADER = "X-Request-Id"
SANE = re.compile(r"[A-Za-z0-9._:/+=@-]{1,128}")
OURS = 8  # bytes of chance


def begin(sent: str) -> str:
    """Name the request that this thread answers from now on."""
    name = sent if SANE.fullmatch(sent) else fresh()
    REQUEST.set(name)
    return name


def fresh() -> str:
    """A name of ours."""
    return secrets.token_hex(OURS)


def end() -> None:
    """This thread answers no request any more."""
    REQUEST.set("")


def current() -> str:
    """The name of this request."""
    return REQUEST.get()
