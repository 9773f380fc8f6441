"""Who calls over HTTP, and whether it may: one table for the routes of every channel.

A route that stands in no row is treated like a question: it is answered to whoever may ask, and counted.
"""

import logging
from dataclasses import dataclass
from functools import cache

from flask import Flask, g, request

from qa_service.channels import cookies
from qa_service.channels.limiting import Limiter
from qa_service.channels.proxies import Behind
from qa_service.domain.errors import AccessError, ForbiddenError, TooManyError, UnknownCallerError
from qa_service.domain.principal import ANONYMOUS, Principal, Scope
from qa_service.store.secret import PREFIX
from qa_service.wiring import Service

log = logging.getLogger(__name__)
BURST = 5  # minutes' worth of questions that may be asked at once
LOOPBACK = ("127.", "::1", "::ffff:127.")


@dataclass(frozen=True, slots=True)
class Rule:
    """What a route asks of its caller: a scope (None: not even a key), and whether it counts as a question.

    ``foreign``: clients of this route always send a key; one that is not ours is as good as none.
    ``when``: it counts only with this parameter in the query.
    ``browser``: who calls is known by the cookie alone, not by a key.
    """

    scope: Scope | None
    counted: bool = False
    foreign: bool = False
    when: str | None = None
    browser: bool = False


OPEN = Rule(None)  # pages, probes, and what proves by itself who calls
READ = Rule(Scope.ASK)
ASK = Rule(Scope.ASK, counted=True)
CHANGE = Rule(Scope.INGEST)

# By endpoint, else by blueprint.
RULES = {
    "api.ask": ASK,
    "api.search": ASK,
    "api.divergences": ASK,
    "api.timeline": ASK,
    "api.verify": ASK,
    "api.begin": ASK,
    "api.judge": ASK,
    "api.answer": ASK,  # one of an unknown id waits for other workers
    "api.evidence": ASK,
    "api.add_documents": CHANGE,
    "api.remove_document": CHANGE,
    "api": READ,
    "openai.chat": Rule(Scope.ASK, counted=True, foreign=True),
    "openai.respond": Rule(Scope.ASK, counted=True, foreign=True),
    "openai": Rule(Scope.ASK, foreign=True),
    "mcp": Rule(Scope.ASK, counted=True, foreign=True),
    "operations": OPEN,
    "measured": OPEN,
    "described": OPEN,
    "web.demo": Rule(Scope.ASK, counted=True, when="q"),
    "web.embed": Rule(Scope.ASK, counted=True, when="q"),
    "web.static": OPEN,
    "web": READ,
    "widget": OPEN,
    "slack.install": Rule(None, counted=True),  # keeps something
    "slack.oauth_redirect": Rule(None, counted=True),  # looks for what was kept, and asks Slack
    "slack": OPEN,
    "hooks": OPEN,
    "admin.login": OPEN,
    "admin.sign_in": OPEN,  # counts for itself
    "admin.static": OPEN,
    "admin": Rule(Scope.ADMIN, browser=True),
}


@cache
def rule(endpoint: str) -> Rule:
    """The rule of an endpoint."""
    return RULES.get(endpoint) or RULES.get(endpoint.partition(".")[0], ASK)


class Access:
    """The rules under these settings. Made before the workers are forked: they count questions together."""

    def __init__(self, service: Service) -> None:
        settings = service.settings
        often = settings.anonymous_per_minute
        self._service = service
        self._limiter = Limiter(often, often * BURST) if often else None
        self._anonymous, self._loopback = settings.anonymous, settings.limit_loopback
        self._proxies, self._places = settings.trusted_proxies, settings.proxy_addresses
        self._warned = False

    def register(self, app: Flask) -> None:
        """Put it before every request, behind the proxies that are trusted."""
        if self._proxies:
            app.wsgi_app = Behind(app.wsgi_app, self._proxies, self._places)  # type: ignore[assignment, method-assign]
        app.before_request(self._admit)

    def _admit(self) -> None:
        """Let the caller go on, or raise AccessError."""
        if request.endpoint is None or request.method == "OPTIONS":
            return
        needed = rule(request.endpoint)
        if needed.scope is None:
            if needed.counted:
                self._count()
            return
        caller = self._signed_in() if needed.browser else self._caller(foreign=needed.foreign)
        if caller is ANONYMOUS:
            self._admit_anyone(needed)
        elif not caller.may(needed.scope):
            raise ForbiddenError(f"This key does not have the scope {needed.scope.value}.")
        else:
            g.caller = caller

    def _admit_anyone(self, needed: Rule) -> None:
        if needed.scope is not Scope.ASK or not self._anonymous:
            raise UnknownCallerError("This needs an API key: send Authorization: Bearer and the key.")
        if needed.counted and (needed.when is None or needed.when in request.args):
            self._count()

    def _caller(self, *, foreign: bool) -> Principal:
        """By key, or anonymous. Raises UnknownCallerError for a key that is none."""
        text = _sent()
        if text is None or (foreign and not text.startswith(PREFIX)):
            return ANONYMOUS
        found = self._service.keys.principal(text)
        if found is None:
            raise UnknownCallerError("The API key is not valid.")
        return found

    def _signed_in(self) -> Principal:
        """By the cookie of the desk, or anonymous."""
        session = cookies.value(self._service.settings)
        return (session and self._service.sessions.holder(session)) or ANONYMOUS

    def _count(self) -> None:
        """Count a question of whoever sent this request. Raises TooManyError."""
        address = request.remote_addr or ""
        if self._limiter is None or (not self._loopback and address.startswith(LOOPBACK)):
            self._warn()
            return
        seconds = self._limiter.wait(address)
        if seconds:
            raise TooManyError(f"Too many questions from your address; ask again in {seconds} s.", seconds)

    def _warn(self) -> None:
        if not self._proxies and not self._warned and "HTTP_X_FORWARDED_FOR" in request.environ:
            self._warned = True
            log.warning("A proxy passes requests on: set QA_TRUSTED_PROXIES, or its callers are not limited")


def denial(error: AccessError) -> tuple[int, dict[str, str]]:
    """The status of a response to who may not ask, and the headers that go with it."""
    if isinstance(error, TooManyError):
        return 429, {"Retry-After": str(error.seconds)}
    if isinstance(error, ForbiddenError):
        return 403, {}
    return 401, {"WWW-Authenticate": "Bearer"}


def caller() -> Principal:
    """Whose request this is."""
    found: Principal = g.get("caller", ANONYMOUS)
    return found


def _sent() -> str | None:
    """The key of this request, None when there is none; "" for one without its scheme.

    An Authorization of another scheme is meant for somebody else, such as a proxy that asks for a password.
    """
    key: str | None = request.environ.get("HTTP_X_API_KEY")  # a look into the headers by name takes longer
    header: str | None = request.environ.get("HTTP_AUTHORIZATION")
    if key is not None or header is None:
        return key
    scheme, _, token = header.strip().partition(" ")
    if scheme.lower() == "bearer":
        return token.strip()
    return "" if scheme.startswith(PREFIX) else None
